//! The map of critical roads and the chart of arrivals.

use super::Writer;
use super::tables::{NUMBERED, critical_roads};
use crate::ReportError;
use crate::reports::arrivals::arrivals_chart;
use crate::reports::drawing::{MapContent, MapFormat, MapLines};
use crate::reports::frame::Html;
use crate::reports::furniture::{MapFigure, MapMark, map_figure};
use clearway_model::number::length;

/// Size of the map on a page, px, and path data of its roads, bytes.
const MAP_PX: [f64; 2] = [700.0, 720.0];
const MAP_BYTES: usize = 1_200_000;

impl Writer<'_> {
    /// The map, by its number on the page; `None` where nothing has a position, and in a redacted report.
    pub(in crate::reports) fn map(&self, number: usize) -> Result<Option<MapFigure>, ReportError> {
        let scenario = self.facts.scenario;
        let lines = MapLines::new(scenario, self.lookup);
        let Some(bounds) = lines.extent(scenario).filter(|_| !self.facts.is_redacted) else {
            return Ok(None);
        };
        let numbered = critical_roads(&self.facts.roads).into_iter().take(NUMBERED).enumerate();
        let count = |place: usize| u64::try_from(length(place + 1)).unwrap_or_default();
        let content = MapContent {
            used: self.facts.roads.iter().map(|road| (road.link_id.as_str(), road.people)).collect(),
            numbered: numbered.map(|(place, road)| (count(place), road.link_id.as_str())).collect(),
            zones: scenario.zones.iter().map(|zone| zone.zone_id.as_str()).collect(),
            sites: scenario.sites.iter().map(|site| site.site_id.as_str()).collect(),
            ..MapContent::default()
        };
        let format = MapFormat { most_px: MAP_PX, road_bytes: MAP_BYTES, number };
        let title = self.messages.html("plan.map.title", &[])?;
        let picture = lines.draw(bounds, &content, format, self.messages.text("plan.map.title")?);
        let marks = [MapMark::Critical, MapMark::Used, MapMark::Zone, MapMark::Site];
        let (settings, date) = (&scenario.settings, self.facts.origin.date);
        map_figure(self.messages, self.local, settings, date, title, &marks, picture).map(Some)
    }

    pub(super) fn chart(&self) -> Result<Html, ReportError> {
        let label = self.messages.text("plan.arrivals.title")?;
        arrivals_chart(self.facts.curve, self.facts.evacuees(), self.local, label).map(Html::raw)
    }
}
