//! One sheet per destination, for those who receive people there.

use super::{ROAD_BYTES, Sheet, SheetRoute, SheetWriter};
use crate::ReportError;
use crate::clock::TimeRounding;
use crate::reports::drawing::{MapContent, MapFormat, box_around};
use crate::reports::frame::Html;
use crate::reports::furniture::{MapFigure, MapMark};
use crate::reports::plan::tables::ReportTable;
use clearway_model::SiteRow;
use clearway_model::number::length;
use std::collections::BTreeMap;

/// Size of the map, px, and how far it reaches around a destination, degrees of latitude (about 900 m).
const MAP_PX: [f64; 2] = [660.0, 360.0];
const AROUND: f64 = 0.008;
/// Zones in the table.
const ZONES: usize = 25;

impl SheetWriter<'_> {
    pub(super) fn site_sheets(&self) -> Result<Vec<Sheet>, ReportError> {
        let sites = &self.facts.scenario.sites;
        sites.iter().enumerate().map(|(place, site)| self.site_sheet(place, site)).collect()
    }

    fn site_sheet(&self, place: usize, site: &SiteRow) -> Result<Sheet, ReportError> {
        let arrived = self.facts.sites.get(place).map_or(0, |row| row.arrived);
        let given = |value: Option<String>| match value {
            Some(value) => Ok(Html::text(value)),
            None => self.text("plan.sites.not_given"),
        };
        let facts = vec![
            (self.text("plan.sites.arrive")?, self.count(arrived)),
            (
                self.text("plan.sites.capacity")?,
                given(site.capacity_people.map(|people| self.local.count(people)))?,
            ),
            (
                self.text("plan.sites.admission")?,
                given(site.admission_people_h.map(|rate| self.local.number(rate, 0)))?,
            ),
        ];
        let routes: Vec<&SheetRoute<'_>> =
            self.routes.iter().filter(|route| route.route.site_id == site.site_id).collect();
        let mut tables = Vec::new();
        if let Some(hours) = self.facts.site_hours.get(place).filter(|hours| !hours.is_empty()) {
            tables.push((self.plain("sheets.sites.hours")?, self.hours(hours)?));
        }
        if !routes.is_empty() {
            tables.push((self.plain("sheets.sites.from")?, self.origins(&routes)?));
        }
        let keys = ["sheets.responsible", "sheets.phone", "sheets.registration", "sheets.issued_by"];
        Ok(Sheet {
            title: self.text("sheets.sites.title")?,
            name: Html::name(self.lines.lookup.site_name(&site.site_id)),
            facts,
            tables,
            map: self.site_map(place, site)?,
            blanks: self.blanks(&keys)?,
            ..Sheet::default()
        })
    }

    /// Where people come from, most first.
    pub(super) fn origins(&self, routes: &[&SheetRoute<'_>]) -> Result<ReportTable, ReportError> {
        let mut zones: BTreeMap<&str, (i64, f64, Option<f64>)> = BTreeMap::new();
        for route in routes {
            let (begin, _) = route.window_s;
            let sum = zones.entry(&route.route.zone_id).or_insert((0, begin, route.all_there_s));
            let last = super::all_there(sum.2, route.all_there_s);
            *sum = (sum.0 + route.people, sum.1.min(begin), last);
        }
        let mut zones: Vec<_> = zones.into_iter().collect();
        zones.sort_by_key(|(id, (people, _, _))| (std::cmp::Reverse(*people), *id));
        let row = |(id, (people, first, last)): &(&str, (i64, f64, Option<f64>))| {
            let last = match last {
                Some(last) => Html::text(self.local.short(*last, TimeRounding::Up)?),
                None => Html::default(),
            };
            Ok(vec![
                Html::name(self.lines.lookup.zone_name(id)),
                self.count(*people),
                Html::text(self.local.short(*first, TimeRounding::Down)?),
                last,
            ])
        };
        let names = [
            ("plan.zones.zone", false),
            ("sheets.people", true),
            ("plan.zones.first_leave", false),
            ("sheets.arrived_by", false),
        ];
        let left_out = if zones.len() > ZONES {
            let more = self.count(length(zones.len() - ZONES));
            self.messages.html("plan.left.more", &[("zones", more)])?
        } else {
            Html::default()
        };
        Ok(ReportTable {
            columns: self.columns(&names)?,
            rows: zones.iter().take(ZONES).map(row).collect::<Result<_, ReportError>>()?,
            left_out,
        })
    }

    fn site_map(&self, place: usize, site: &SiteRow) -> Result<Option<MapFigure>, ReportError> {
        let point = self.lines.lookup.site_point(&site.site_id);
        let Some(bounds) = box_around(point, AROUND) else { return Ok(None) };
        let content = MapContent {
            used: self.facts.roads.iter().map(|road| (road.link_id.as_str(), road.people)).collect(),
            sites: vec![site.site_id.as_str()],
            ..MapContent::default()
        };
        let sheets = self.facts.scenario.sites.len().max(1);
        let road_bytes = (ROAD_BYTES / sheets).clamp(4_000, 60_000);
        let format = MapFormat { most_px: MAP_PX, road_bytes, number: place };
        let picture = self.lines.draw(bounds, &content, format, self.messages.text("sheets.sites.map")?);
        self.figure(self.text("sheets.sites.map")?, &[MapMark::Used, MapMark::Site], picture)
    }
}
