//! What stands behind the first page: each part with its roads, zones and destinations of all means, and every figure with its place in
//! `multimodal.json`.

use super::{MultimodalPart, MultimodalWriter};
use crate::ReportError;
use crate::clock::TimeRounding;
use crate::lookup::RowLookup;
use crate::reports::form::{FormSection, FormTable};
use crate::reports::frame::Html;
use crate::reports::med::MedZone;
use crate::reports::plan::Writer;
use crate::reports::plan::tables::ReportTable;
use clearway_model::number::float;

/// Rows of zones and sites on paper; the tables of the parts have all.
const ROWS: usize = 400;

impl MultimodalWriter<'_> {
    /// One section for each part, with its figures, its critical roads and their map.
    pub(super) fn parts(&self) -> Result<Vec<FormSection>, ReportError> {
        self.facts.parts.iter().enumerate().map(|(place, part)| self.part(place, part)).collect()
    }

    fn part(&self, place: usize, part: &MultimodalPart<'_>) -> Result<FormSection, ReportError> {
        let lookup = RowLookup::new(part.facts.scenario, Some(part.facts.shapes));
        let (messages, local) = (self.form.messages, self.form.local);
        let writer = Writer { facts: &part.facts, messages, local, lookup: &lookup };
        let folder = part.means.word();
        let values =
            [("means", self.means(part.means)?), ("file", Html::code(&format!("{folder}/summary.json")))];
        let ReportTable { columns, rows, left_out } = writer.roads()?;
        let roads = FormTable { columns, rows, left_out };
        let mut tables = vec![(Html::default(), self.part_figures(part)?)];
        if !roads.rows.is_empty() {
            tables.push((self.shared("roads.title", &[])?, roads));
        }
        Ok(FormSection {
            title: self.form.filled("part.title", &values)?,
            notes: vec![self.form.filled("part.note", &values)?],
            map_figure: writer.map(place)?,
            tables,
            ..FormSection::default()
        })
    }

    /// Figures of a part, each with its place in the part's own summary.
    fn part_figures(&self, part: &MultimodalPart<'_>) -> Result<FormTable, ReportError> {
        let (summary, local) = (part.facts.summary, self.form.local);
        let file = format!("{}/summary.json", part.means.word());
        let mut rows = Vec::new();
        let mut add = |name: Html, key: &str, value: f64, shown: &str| {
            rows.push(vec![name, Html::figure(&format!("{file}#{key}"), value, shown), Html::code(key)]);
        };
        let figure = |name: &str| self.shared(&format!("figures.{name}"), &[]);
        for (name, key, value) in [
            ("people", "people.total", summary.people.total),
            ("arrived", "people.arrived", summary.people.arrived),
            ("overtaken", "people.overtaken", summary.people.overtaken),
            ("routes", "routes", crate::number::whole(summary.routes)),
            ("orders", "orders", crate::number::whole(summary.orders)),
        ] {
            add(figure(name)?, key, float(value), &local.count(value));
        }
        let waiting = summary.queue.person_hours;
        let up = |value: f64| local.marked(&crate::number::number_up(value));
        add(figure("waiting")?, "queue.person_hours", waiting, &up(waiting));
        if let Some(waiting) = summary.waiting {
            let longest = local.after(waiting.longest_min * 60.0, TimeRounding::Up);
            add(figure("longest_wait")?, "waiting.longest_min", waiting.longest_min, &longest);
        }
        if let Some(overflow) = summary.overflow {
            let links = crate::number::whole(overflow.links);
            add(self.form.text("part.overflow")?, "overflow.links", float(links), &local.count(links));
        }
        self.figure_table(rows)
    }

    fn figure_table(&self, rows: Vec<Vec<Html>>) -> Result<FormTable, ReportError> {
        let column = |name: &str| self.shared(&format!("figures.{name}"), &[]);
        let columns = vec![(column("figure")?, false), (column("value")?, true), (column("key")?, false)];
        Ok(FormTable { columns, rows, left_out: Html::default() })
    }

    pub(super) fn zones(&self) -> Result<FormSection, ReportError> {
        let form = &self.form;
        let names = ["zone", "people", "arrive", "staying", "first_leave", "last_arrive"];
        let columns = self.columns("zones", &names)?;
        let mut zones: Vec<&MedZone> = self.facts.zones.iter().collect();
        if zones.len() > ROWS {
            zones.sort_by_key(|zone| std::cmp::Reverse(zone.people));
        }
        let row = |zone: &&MedZone| {
            Ok(vec![
                Html::name(self.lookup.zone_name(&zone.zone_id)),
                form.count(zone.people),
                form.count(zone.arrived),
                form.count(zone.staying),
                form.short(zone.first_departure_s, TimeRounding::Down)?,
                form.short(zone.last_arrival_s, TimeRounding::Up)?,
            ])
        };
        let rows = zones.iter().take(ROWS).map(row).collect::<Result<_, ReportError>>()?;
        let left_out = form.left_out(zones.len(), ROWS, "scenario/zones.csv")?;
        let table = FormTable { columns, rows, left_out };
        Ok(FormSection {
            title: self.shared("zones.title", &[])?,
            notes: vec![form.text("zones.note")?],
            tables: vec![(Html::default(), table)],
            ..FormSection::default()
        })
    }

    fn columns(&self, section: &str, names: &[&str]) -> Result<Vec<(Html, bool)>, ReportError> {
        let columns = names.iter().enumerate();
        let column =
            |(place, name): (usize, &&str)| Ok((self.shared(&format!("{section}.{name}"), &[])?, place > 0));
        columns.map(column).collect()
    }

    pub(super) fn sites(&self) -> Result<FormSection, ReportError> {
        let form = &self.form;
        let names = ["site", "arrive", "capacity", "first_arrive", "last_arrive"];
        let columns = self.columns("sites", &names)?;
        let mut rows = Vec::new();
        for site in self.facts.sites.iter().take(ROWS) {
            let given = self.lookup.sites.get(site.site_id.as_str());
            rows.push(vec![
                Html::name(self.lookup.site_name(&site.site_id)),
                form.count(site.arrived),
                match given.and_then(|row| row.capacity_people) {
                    Some(people) => form.count(people),
                    None => self.shared("sites.not_given", &[])?,
                },
                form.short(site.first_arrival_s, TimeRounding::Down)?,
                form.short(site.last_arrival_s, TimeRounding::Up)?,
            ]);
        }
        let left_out = form.left_out(self.facts.sites.len(), ROWS, "scenario/sites.csv")?;
        let table = FormTable { columns, rows, left_out };
        Ok(FormSection {
            title: self.shared("sites.title", &[])?,
            notes: vec![form.text("sites.note")?],
            tables: vec![(Html::default(), table)],
            ..FormSection::default()
        })
    }

    /// Figures of `multimodal.json`, those of the first page among them.
    pub(super) fn figures(&self) -> Result<FormSection, ReportError> {
        let (summary, local) = (self.facts.summary, self.form.local);
        let mut rows = Vec::new();
        let mut add = |name: Html, key: &str, value: f64, shown: &str| {
            rows.push(vec![name, Html::figure(key, value, shown), Html::code(key)]);
        };
        let figure = |name: &str| self.shared(&format!("figures.{name}"), &[]);
        let people = &summary.people;
        for (name, key, value) in [
            ("people", "people.total", people.total),
            ("arrived", "people.arrived", people.arrived),
            ("overtaken", "people.overtaken", people.overtaken),
            ("not_evacuated", "people.not_evacuated", people.not_evacuated),
            ("staying", "people.staying", people.staying),
        ] {
            add(figure(name)?, key, float(value), &local.count(value));
        }
        let up = |value: f64| local.marked(&crate::number::number_up(value));
        let down = |value: f64| local.marked(&crate::number::number_down(value));
        if let Some(hours) = summary.person_hours.plan {
            add(figure("person_hours")?, "person_hours.plan", hours, &up(hours));
        }
        if let Some(hours) = summary.person_hours.bound {
            add(figure("person_hours_bound")?, "person_hours.bound", hours, &down(hours));
        }
        if let Some(last) = summary.optimistic.clearance_s {
            let key = "optimistic.clearance_s";
            add(self.form.text("figures.optimistic")?, key, last, &local.after(last, TimeRounding::Down));
        }
        if let Some(waiting) = &summary.waiting {
            let mean = waiting.mean_min;
            add(self.form.text("figures.waiting_mean")?, "waiting.mean_min", mean, &up(mean));
        }
        if let Some(fleet) = &summary.fleet {
            for (name, key, value) in [
                ("vehicles", "fleet.vehicles", fleet.vehicles),
                ("used", "fleet.used", fleet.used),
                ("trips", "fleet.trips", crate::number::whole(fleet.trips)),
            ] {
                add(self.form.text(&format!("figures.{name}"))?, key, float(value), &local.count(value));
            }
            add(self.form.text("figures.km")?, "fleet.km", fleet.km, &up(fleet.km));
            if let Some(delay) = fleet.delay_of_others_s {
                let shown = local.after(delay, TimeRounding::Up);
                add(self.form.text("figures.delay")?, "fleet.delay_of_others_s", delay, &shown);
            }
        }
        let table = self.figure_table(rows)?;
        Ok(FormSection {
            title: self.shared("figures.title", &[])?,
            notes: vec![self.form.text("figures.note")?],
            tables: vec![(Html::default(), table)],
            ..FormSection::default()
        })
    }
}
