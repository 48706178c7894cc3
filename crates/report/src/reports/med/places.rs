//! Routes, assembly points, destinations and how people are received there.

use super::MedWriter;
use crate::ReportError;
use crate::clock::TimeRounding;
use crate::reports::form::FormSection;
use crate::reports::frame::Html;
use clearway_model::number::float;
use clearway_model::time::seconds;

/// Rows on the page; the tables beside it have all.
const ROWS: usize = 200;

impl MedWriter<'_> {
    pub(super) fn routes(&self) -> Result<FormSection, ReportError> {
        let form = &self.form;
        let mut section = form.section("routes")?;
        let mut rows = Vec::new();
        for route in self.facts.routes.iter().take(ROWS) {
            rows.push(vec![
                Html::name(self.lookup.zone_name(&route.zone_id)),
                Html::name(self.lookup.site_name(&route.site_id)),
                match route.means {
                    Some(means) => self.means(means)?,
                    None => {
                        Html::name(self.facts.scenario.settings.class.first().map_or("", |class| &class.id))
                    }
                },
                Html::name(&route.via),
                form.count(route.people),
                Html::text(form.local.interval(route.from_s, route.until_s)?),
            ]);
        }
        let columns = [
            ("zone", false),
            ("site", false),
            ("means", false),
            ("via", false),
            (".people", true),
            ("leave", false),
        ];
        let mut table = form.table("routes", &columns, rows)?;
        table.left_out = form.left_out(self.facts.routes.len(), ROWS, "routes.csv")?;
        section.tables.push((Html::default(), table));
        Ok(section)
    }

    pub(super) fn assembly(&self) -> Result<FormSection, ReportError> {
        let form = &self.form;
        let mut section = form.section("assembly")?;
        let mut rows = Vec::new();
        for zone in self.facts.zones.iter().take(ROWS) {
            rows.push(vec![
                Html::name(self.lookup.zone_name(&zone.zone_id)),
                form.open()?,
                Html::name(zone.loading_points.join("; ")),
                form.count(zone.people - zone.staying),
            ]);
        }
        let columns = [("zone", false), ("point", false), ("loading", false), (".evacuees", true)];
        let mut table = form.table("assembly", &columns, rows)?;
        table.left_out = form.left_out(self.facts.zones.len(), ROWS, "zones.csv")?;
        section.tables.push((Html::default(), table));
        Ok(section)
    }

    pub(super) fn sites(&self) -> Result<FormSection, ReportError> {
        let form = &self.form;
        let mut section = form.section("sites")?;
        let mut rows = Vec::new();
        for site in self.facts.sites.iter().take(ROWS) {
            let given = self.lookup.sites.get(site.site_id.as_str());
            let area = given.and_then(|row| row.area_m2);
            let each = area.filter(|_| site.arrived > 0).map(|area| area / float(site.arrived));
            let open = match given.map(|row| (row.open_from_ms, row.open_until_ms)) {
                Some((from, Some(until))) => {
                    Html::text(form.local.interval(seconds(from.unwrap_or(0)), seconds(until))?)
                }
                Some((Some(from), None)) => form.short(Some(seconds(from)), TimeRounding::Down)?,
                _ => form.text("sites.always")?,
            };
            rows.push(vec![
                Html::name(self.lookup.site_name(&site.site_id)),
                match given.and_then(|row| row.capacity_people) {
                    Some(capacity) => form.count(capacity),
                    None => form.open()?,
                },
                form.count(site.arrived),
                match area {
                    Some(area) => form.number(area, 0),
                    None => form.open()?,
                },
                // a figure below which somebody may be turned away is not rounded up
                each.map_or_else(Html::default, |each| form.number((each * 10.0).floor() / 10.0, 1)),
                open,
                form.open()?,
            ]);
        }
        let columns = [
            ("site", false),
            ("capacity", true),
            (".arrived", true),
            ("area", true),
            ("area_each", true),
            ("open", false),
            ("standards", false),
        ];
        let mut table = form.table("sites", &columns, rows)?;
        table.left_out = form.left_out(self.facts.sites.len(), ROWS, "sites.csv")?;
        section.tables.push((Html::default(), table));
        Ok(section)
    }

    pub(super) fn reception(&self) -> Result<FormSection, ReportError> {
        let form = &self.form;
        let mut section = form.section("reception")?;
        let mut rows = Vec::new();
        for (site, peak) in self.facts.sites.iter().zip(&self.facts.peak_arrivals_h).take(ROWS) {
            let given = self.lookup.sites.get(site.site_id.as_str());
            rows.push(vec![
                Html::name(self.lookup.site_name(&site.site_id)),
                form.short(site.first_arrival_s, TimeRounding::Down)?,
                form.short(site.last_arrival_s, TimeRounding::Up)?,
                peak.map_or_else(Html::default, |people| form.count(people)),
                match given.and_then(|row| row.admission_people_h) {
                    Some(rate) => form.number(rate, 0),
                    None => form.open()?,
                },
                form.open()?,
            ]);
        }
        let columns = [
            ("site", false),
            ("first", false),
            ("last", false),
            ("peak", true),
            ("rate", true),
            ("registration", false),
        ];
        let mut table = form.table("reception", &columns, rows)?;
        table.left_out = form.left_out(self.facts.sites.len(), ROWS, "sites.csv")?;
        section.tables.push((Html::default(), table));
        Ok(section)
    }
}
