//! Zones with fewer than two ways out that share no road.

use super::{Ab747Writer, SharedPlaces, WaysShown, ZoneAccess};
use crate::ReportError;
use crate::clock::TimeRounding;
use crate::reports::form::FormSection;
use crate::reports::frame::Html;
use clearway_model::number::length;

/// Rows on the page; the table beside it has all.
const ROWS: usize = 80;
/// Roads named in a cell.
const NAMES: usize = 3;

impl Ab747Writer<'_> {
    /// `2`, `1 to 2` where turns leave it open, or that no road is needed.
    fn ways_count(&self, ways: &WaysShown, (least, most): (usize, usize)) -> Result<Html, ReportError> {
        let form = &self.form;
        if ways.needs_no_road {
            return form.text("single.no_road_needed");
        }
        let (low, high) = (form.count(length(least)), form.count(length(most)));
        if least == most {
            return Ok(low);
        }
        form.filled("single.between", &[("least", low), ("most", high)])
    }

    fn places(&self, shared: &SharedPlaces) -> Result<Html, ReportError> {
        let mut names: Vec<&str> = shared.names.iter().take(NAMES).map(String::as_str).collect();
        let more = shared.names.len().saturating_sub(NAMES);
        if names.is_empty() && !shared.ids.is_empty() {
            names = shared.ids.iter().take(NAMES).map(String::as_str).collect();
        }
        let names = Html::name(names.join(", "));
        if more == 0 {
            return Ok(names);
        }
        self.form.filled("single.and_more", &[("names", names), ("more", self.form.count(length(more)))])
    }

    /// What all ways share, or what is closed where there is none.
    fn shared(&self, ways: &WaysShown) -> Result<Html, ReportError> {
        let form = &self.form;
        if ways.needs_no_road || ways.roads.0 >= 2 {
            return Ok(Html::default());
        }
        if ways.roads.1 == 0 {
            let closed = self.places(&ways.closed)?;
            return if ways.closed.ids.is_empty() {
                form.text("single.no_way")
            } else {
                form.filled("single.closed", &[("roads", closed)])
            };
        }
        if ways.roads.1 >= 2 {
            return form.text("single.undecided");
        }
        self.places(&ways.shared_roads)
    }

    fn people_of(&self, is_in: impl Fn(&ZoneAccess) -> bool) -> (usize, i64) {
        let zones = self.facts.access.iter().filter(|zone| is_in(zone));
        zones.fold((0, 0), |(zones, people), zone| (zones + 1, people + zone.people))
    }

    fn sum(&self, key: &str, (zones, people): (usize, i64)) -> Result<Html, ReportError> {
        let all = length(self.facts.access.len());
        let form = &self.form;
        let values =
            [("zones", form.count(length(zones))), ("all", form.count(all)), ("people", form.count(people))];
        form.filled(key, &values)
    }

    pub(super) fn single_access(&self) -> Result<FormSection, ReportError> {
        let form = &self.form;
        let mut section = FormSection { is_wide: true, ..form.section("single")? };
        let single = |ways: &WaysShown| !ways.needs_no_road && ways.roads.0 < 2;
        section.notes.push(self.sum("single.sum_open", self.people_of(|zone| single(&zone.open)))?);
        section.notes.push(self.sum("single.sum_closed", self.people_of(|zone| single(&zone.closed)))?);
        let shown: Vec<&ZoneAccess> =
            self.facts.access.iter().filter(|zone| single(&zone.open) || single(&zone.closed)).collect();
        if shown.is_empty() {
            return Ok(section);
        }
        let columns = [
            ("zone", false),
            ("people", true),
            ("units", false),
            ("roads_open", true),
            ("junctions_open", true),
            ("shared_open", false),
            ("roads_closed", true),
            ("shared_closed", false),
            ("single_from", false),
            ("none_from", false),
        ];
        let row = |zone: &&ZoneAccess| {
            Ok(vec![
                Html::name(self.lookup.zone_name(&zone.zone_id)),
                form.count(zone.people),
                form.open()?,
                self.ways_count(&zone.open, zone.open.roads)?,
                self.ways_count(&zone.open, zone.open.junctions)?,
                self.shared(&zone.open)?,
                self.ways_count(&zone.closed, zone.closed.roads)?,
                self.shared(&zone.closed)?,
                form.short(zone.single_from_s, TimeRounding::Down)?,
                form.short(zone.none_from_s, TimeRounding::Down)?,
            ])
        };
        let rows = shown.iter().take(ROWS).map(row).collect::<Result<_, ReportError>>()?;
        let mut table = form.table("single", &columns, rows)?;
        table.left_out = form.left_out(shown.len(), ROWS, "zones.csv")?;
        section.tables.push((Html::default(), table));
        Ok(section)
    }

    /// The ways themselves, of zones that have two or more.
    pub(super) fn two_ways(&self) -> Result<FormSection, ReportError> {
        let form = &self.form;
        let mut section = form.section("two")?;
        let zones: Vec<&ZoneAccess> =
            self.facts.access.iter().filter(|zone| zone.open.ways.len() >= 2).collect();
        let mut rows = Vec::new();
        for zone in zones.iter().take(ROWS) {
            let mut cells = vec![Html::name(self.lookup.zone_name(&zone.zone_id)), form.count(zone.people)];
            for way in zone.open.ways.iter().take(2) {
                let values = [
                    ("roads", Html::name(&way.roads)),
                    ("site", Html::name(self.lookup.site_name(&way.site))),
                ];
                cells.push(form.filled("two.way", &values)?);
            }
            rows.push(cells);
        }
        let columns = [("zone", false), ("people", true), ("first", false), ("second", false)];
        let mut table = form.table("two", &columns, rows)?;
        table.left_out = form.left_out(zones.len(), ROWS, "ways.csv")?;
        if !table.rows.is_empty() {
            section.tables.push((Html::default(), table));
        }
        Ok(section)
    }
}
