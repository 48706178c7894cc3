//! Hazard, people, people with needs, timing, transport, those who stay.

use super::{MedGroup, MedWriter, MedZone};
use crate::ReportError;
use crate::clock::TimeRounding;
use crate::reports::form::{FormSection, FormTable};
use crate::reports::frame::Html;
use clearway_model::number::length;
use clearway_model::{Means, PlanAndBound};

/// Rows on the page; the tables beside it have all.
const ROWS: usize = 200;

impl MedWriter<'_> {
    /// How people can leave, as the language says it; a listed mode by its own name.
    pub(super) fn means(&self, means: Means) -> Result<Html, ReportError> {
        match means {
            Means::Listed(id) => {
                let figures = self.facts.means.iter().find(|figures| figures.means == means);
                let name = figures.and_then(|figures| figures.name.as_deref());
                Ok(Html::name(name.unwrap_or(id.as_str())))
            }
            usual => self.form.text(&format!("means.{}", usual.word())),
        }
    }

    pub(super) fn hazard(&self) -> Result<FormSection, ReportError> {
        let form = &self.form;
        let mut section = form.section("hazard")?;
        let mut rows = Vec::new();
        for hazard in &self.facts.hazards {
            let name = if hazard.cause.is_empty() {
                form.text("hazard.unnamed")?
            } else {
                Html::name(&hazard.cause)
            };
            let mut row = vec![name, form.short(Some(hazard.from_s), TimeRounding::Down)?];
            let counts = [hazard.zones, hazard.sites, hazard.links, hazard.nodes];
            row.extend(counts.map(|count| form.count(length(count))));
            rows.push(row);
        }
        if rows.is_empty() {
            section.notes.push(form.text("hazard.none")?);
        } else {
            let columns = [
                ("name", false),
                ("from", false),
                ("zones", true),
                ("sites", true),
                ("links", true),
                ("nodes", true),
            ];
            section.tables.push((Html::default(), form.table("hazard", &columns, rows)?));
        }
        let orders = self.facts.orders.iter().filter(|order| order.hazard_s.is_some());
        let mut rows = Vec::new();
        for order in orders.clone().take(ROWS) {
            rows.push(vec![
                Html::name(self.lookup.zone_name(&order.zone_id)),
                form.short(order.hazard_s, TimeRounding::Down)?,
                self.latest(order.latest_bound_s)?,
                self.latest(order.latest_plan_s)?,
            ]);
        }
        if !rows.is_empty() {
            let columns =
                [("zone", false), ("hazard_from", false), ("latest_bound", false), ("latest_plan", false)];
            let mut table = form.table("hazard", &columns, rows)?;
            table.left_out = form.left_out(orders.count(), ROWS, "zones.csv")?;
            section.tables.push((form.text("hazard.latest")?, table));
        }
        let open = vec![
            vec![form.text("hazard.trigger")?, form.open()?],
            vec![form.text("hazard.forecast")?, form.open()?],
        ];
        section
            .tables
            .push((Html::default(), form.table("hazard", &[(".field", false), (".answer", false)], open)?));
        Ok(section)
    }

    fn latest(&self, seconds: Option<f64>) -> Result<Html, ReportError> {
        match seconds {
            Some(seconds) => self.form.short(Some(seconds), TimeRounding::Down),
            None => self.form.text("hazard.too_late"),
        }
    }

    pub(super) fn people(&self) -> Result<FormSection, ReportError> {
        let form = &self.form;
        let mut section = form.section("people")?;
        let kinds = self.kinds();
        let group = |zone: &MedZone, means: Means| {
            zone.groups.iter().filter(|group| group.means == means).map(|group| group.people).sum::<i64>()
        };
        let mut zones: Vec<&MedZone> = self.facts.zones.iter().collect();
        let all = zones.len();
        if all > ROWS {
            zones.sort_by_key(|zone| std::cmp::Reverse(zone.people));
        }
        let mut rows = Vec::new();
        for zone in zones.into_iter().take(ROWS) {
            let mut row = vec![Html::name(self.lookup.zone_name(&zone.zone_id)), form.count(zone.people)];
            row.extend(kinds.iter().map(|&means| form.count(group(zone, means))));
            row.extend([form.count(zone.staying), form.count(zone.arrived), form.open()?]);
            rows.push(row);
        }
        let mut table = form.table("people", &[], rows)?;
        table.columns = vec![(form.text("people.zone")?, false), (form.text(".people")?, true)];
        for &means in &kinds {
            table.columns.push((self.means(means)?, true));
        }
        for (name, numeric) in [("people.staying", true), (".arrived", true), ("people.breakdown", false)] {
            table.columns.push((form.text(name)?, numeric));
        }
        table.left_out = form.left_out(all, ROWS, "zones.csv")?;
        if kinds.is_empty() {
            section.notes.push(form.text("people.not_told_apart")?);
        }
        section.tables.push((Html::default(), table));
        Ok(section)
    }

    /// Means that any zone has people of, in the order of reports.
    fn kinds(&self) -> Vec<Means> {
        let has = |means: &Means| {
            self.facts
                .zones
                .iter()
                .flat_map(|zone| &zone.groups)
                .any(|group| group.means == *means && group.people > 0)
        };
        self.facts.means.iter().map(|figures| figures.means).filter(has).collect()
    }

    pub(super) fn needs(&self) -> Result<FormSection, ReportError> {
        let form = &self.form;
        let mut section = form.section("needs")?;
        let carried = |means: Means| {
            let groups = self.facts.zones.iter().flat_map(|zone| &zone.groups);
            let groups: Vec<&MedGroup> =
                groups.filter(|group| group.means == means && group.people > 0).collect();
            (length(groups.len()), groups.iter().map(|group| group.people).sum::<i64>())
        };
        let mut rows = Vec::new();
        for means in Means::FLEET {
            let (zones, people) = carried(means);
            let figures = self.facts.means.iter().find(|figures| figures.means == means);
            let (people, zones) = if self.facts.means.is_empty() {
                (form.open()?, Html::default())
            } else {
                (form.count(people), form.count(zones))
            };
            let times = figures.map(|figures| figures.clearance_s);
            rows.push(vec![
                self.means(means)?,
                people,
                zones,
                figures.map_or_else(Html::default, |figures| form.count(figures.arrived)),
                self.plan_time(times)?,
            ]);
        }
        for name in ["alone", "chronic", "pregnant", "older", "hearing"] {
            let mut row = vec![form.text(&format!("needs.{name}"))?, form.open()?];
            row.extend(std::iter::repeat_n(Html::default(), 3));
            rows.push(row);
        }
        let columns =
            [("kind", false), (".people", true), ("zones", true), (".arrived", true), (".t100", true)];
        section.tables.push((Html::default(), form.table("needs", &columns, rows)?));
        Ok(section)
    }

    fn plan_time(&self, times: Option<PlanAndBound>) -> Result<Html, ReportError> {
        times.map_or_else(|| Ok(Html::default()), |times| self.form.hours(times.plan, TimeRounding::Up))
    }

    fn bound_time(&self, times: Option<PlanAndBound>) -> Result<Html, ReportError> {
        times.map_or_else(|| Ok(Html::default()), |times| self.form.hours(times.bound, TimeRounding::Down))
    }

    pub(super) fn timing(&self) -> Result<FormSection, ReportError> {
        let (form, facts) = (&self.form, self.facts);
        let mut section = form.section("timing")?;
        let phase = |name: &str, shown: Html| {
            Ok::<_, ReportError>(vec![form.text(&format!("timing.{name}"))?, shown])
        };
        let moment = |seconds: Option<f64>, rounding| match seconds {
            Some(seconds) => form.local.moment(seconds, rounding).map(Html::text),
            None => form.text(".not_within"),
        };
        let mut rows = vec![
            phase("decision", form.open()?)?,
            phase("warning", form.open()?)?,
            phase("start", moment(Some(0.0), TimeRounding::Down)?)?,
            phase("first_leave", moment(facts.first_departure_s, TimeRounding::Down)?)?,
            phase("last_leave", moment(facts.last_departure_s, TimeRounding::Up)?)?,
        ];
        if let Some(t90) = facts.t90_s {
            rows.push(phase("t90", moment(t90.plan, TimeRounding::Up)?)?);
        }
        let all = match facts.clearance_s.plan {
            Some(value) => {
                Html::figure("clearance_s.plan", value, &form.local.moment(value, TimeRounding::Up)?)
            }
            None => form.text(".not_within")?,
        };
        rows.push(phase("t100", all)?);
        rows.push(phase("bound", moment(facts.clearance_s.bound, TimeRounding::Down)?)?);
        rows.push(phase("end", form.open()?)?);
        let columns = [("phase", false), ("when", false)];
        section.tables.push((Html::default(), form.table("timing", &columns, rows)?));
        if !facts.means.is_empty() {
            section.tables.push((form.text("timing.by_means")?, self.by_means()?));
        }
        Ok(section)
    }

    fn by_means(&self) -> Result<FormTable, ReportError> {
        let form = &self.form;
        let mut rows = Vec::new();
        for figures in &self.facts.means {
            rows.push(vec![
                self.means(figures.means)?,
                form.count(figures.people),
                form.count(figures.arrived),
                self.plan_time(Some(figures.t90_s))?,
                self.plan_time(Some(figures.clearance_s))?,
                self.bound_time(Some(figures.clearance_s))?,
            ]);
        }
        let columns = [
            ("means", false),
            (".people", true),
            (".arrived", true),
            (".t90", true),
            (".t100", true),
            (".t100_bound", true),
        ];
        form.table("timing", &columns, rows)
    }

    pub(super) fn transport(&self) -> Result<FormSection, ReportError> {
        let form = &self.form;
        let mut section = form.section("transport")?;
        if let Some(fleet) = &self.facts.fleet {
            let trips = form.count(crate::number::whole(fleet.trips));
            let values = [
                ("vehicles", form.count(fleet.vehicles)),
                ("used", form.count(fleet.used)),
                ("trips", trips),
            ];
            section.notes.push(form.filled("transport.fleet", &values)?);
        } else {
            section.notes.push(form.text("transport.no_fleet")?);
        }
        let mut rows = Vec::new();
        for one in &self.facts.transport {
            let name = if one.name.is_empty() { &one.vehicle_type_id } else { &one.name };
            let mut row =
                vec![Html::name(name), form.count(one.vehicles), form.count(one.used), form.count(one.trips)];
            row.extend(one.carried.map(|people| form.count(people)));
            row.push(form.short(one.first_s, TimeRounding::Down)?);
            row.push(form.short(one.last_s, TimeRounding::Up)?);
            row.push(form.open()?);
            rows.push(row);
        }
        if rows.is_empty() {
            let open = vec![vec![form.text("transport.vehicles_needed")?, form.open()?]];
            let table = form.table("transport", &[(".field", false), (".answer", false)], open)?;
            section.tables.push((Html::default(), table));
            return Ok(section);
        }
        let columns = [
            ("type", false),
            ("vehicles", true),
            ("used", true),
            ("trips", true),
            ("seats", true),
            ("wheelchairs", true),
            ("stretchers", true),
            ("first", false),
            ("last", false),
            ("operator", false),
        ];
        section.tables.push((Html::default(), form.table("transport", &columns, rows)?));
        Ok(section)
    }

    pub(super) fn staying(&self) -> Result<FormSection, ReportError> {
        let form = &self.form;
        let people = &self.facts.people;
        let mut section = form.section("staying")?;
        let count = |key: &str, value: i64| Html::figure(key, value, &form.local.count(value));
        let row = |name: &str, shown: Html| {
            Ok::<_, ReportError>(vec![form.text(&format!("staying.{name}"))?, shown])
        };
        let rows = vec![
            row("declared", count("people.staying", people.staying))?,
            row("not_evacuated", count("people.not_evacuated", people.not_evacuated))?,
            row("overtaken", count("people.overtaken", people.overtaken))?,
            row("why", form.open()?)?,
            row("supplies", form.open()?)?,
            row("protection", form.open()?)?,
        ];
        section
            .tables
            .push((Html::default(), form.table("staying", &[(".field", false), (".answer", false)], rows)?));
        Ok(section)
    }
}
