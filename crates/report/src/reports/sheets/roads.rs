//! One sheet per critical road and the junction at its end, for those who stand there.

use super::{Sheet, SheetRoute, SheetWriter};
use crate::ReportError;
use crate::reports::drawing::{MapContent, MapFormat, box_around};
use crate::reports::frame::Html;
use crate::reports::furniture::{MapFigure, MapMark};
use crate::reports::plan::tables::critical_roads;
use crate::reports::rows::ReportedRoad;
use clearway_model::number::length;

/// Roads that have a sheet, those of the map of critical roads.
pub(super) const ROADS: usize = 20;
/// Size of the map, px; how far it reaches around a road, degrees of latitude (about 700 m); path data of its roads, bytes.
const MAP_PX: [f64; 2] = [660.0, 380.0];
const AROUND: f64 = 0.006;
const MAP_BYTES: usize = 60_000;

impl SheetWriter<'_> {
    pub(super) fn road_sheets(&self) -> Result<Vec<Sheet>, ReportError> {
        let roads = critical_roads(&self.facts.roads).into_iter().take(ROADS).enumerate();
        roads.map(|(place, road)| self.road_sheet(place, road)).collect()
    }

    fn road_sheet(&self, place: usize, road: &ReportedRoad) -> Result<Sheet, ReportError> {
        let lookup = self.lines.lookup;
        let link = lookup.links.get(road.link_id.as_str());
        let name = match road.name.trim() {
            "" => self.text("plan.place.unnamed")?,
            name => Html::name(name),
        };
        let junction = link.map_or("", |link| {
            let named = lookup.node_name(&link.to_node_id);
            if named.is_empty() { link.to_node_id.as_str() } else { named }
        });
        let number = self.count(length(place + 1));
        let mut facts = vec![
            (self.text("plan.roads.number")?, number),
            (self.text("sheets.roads.link")?, Html::code(&road.link_id)),
            (self.text("sheets.roads.junction")?, Html::name(junction)),
            (self.text("plan.roads.people")?, self.count(road.people)),
            (self.text("plan.roads.peak")?, self.count(road.peak_people_h)),
        ];
        if let Some((first, last)) = road.first_s.zip(road.last_s) {
            facts.push((self.text("plan.roads.hours")?, Html::text(self.local.interval(first, last)?)));
        }
        let capacity = link.and_then(|link| link.capacity_pcu_h);
        if let Some(capacity) = capacity {
            facts.push((self.text("sheets.roads.capacity")?, Html::text(self.local.number(capacity, 0))));
        }
        let mut tables = Vec::new();
        if let Some(hours) = self.facts.road_hours.get(&road.link_id) {
            tables.push((self.plain("sheets.roads.by_hour")?, self.hours(hours)?));
        }
        let routes: Vec<&SheetRoute<'_>> =
            self.routes.iter().filter(|route| route.route.links.contains(&road.link_id)).collect();
        tables.push((self.plain("sheets.roads.from")?, self.origins(&routes)?));
        let keys = ["sheets.responsible", "sheets.phone", "sheets.roads.task", "sheets.roads.equipment"];
        Ok(Sheet {
            title: self.text("sheets.roads.title")?,
            name,
            facts,
            tables,
            map: self.road_map(place, road)?,
            blanks: self.blanks(&keys)?,
            ..Sheet::default()
        })
    }

    fn road_map(&self, place: usize, road: &ReportedRoad) -> Result<Option<MapFigure>, ReportError> {
        let Some(bounds) = box_around(self.lines.line(&road.link_id), AROUND) else { return Ok(None) };
        let number = u64::try_from(length(place + 1)).unwrap_or_default();
        let content = MapContent {
            used: self.facts.roads.iter().map(|road| (road.link_id.as_str(), road.people)).collect(),
            numbered: vec![(number, road.link_id.as_str())],
            sites: self.facts.scenario.sites.iter().map(|site| site.site_id.as_str()).collect(),
            ..MapContent::default()
        };
        let format = MapFormat { most_px: MAP_PX, road_bytes: MAP_BYTES, number: place };
        let picture = self.lines.draw(bounds, &content, format, self.messages.text("sheets.roads.map")?);
        let marks = [MapMark::Critical, MapMark::Used, MapMark::Site];
        self.figure(self.text("sheets.roads.map")?, &marks, picture)
    }
}
