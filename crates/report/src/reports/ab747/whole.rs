//! Scenarios side by side, clearance by zone, locations, bottlenecks, and what the county fills in.

use super::Ab747Writer;
use crate::ReportError;
use crate::clock::TimeRounding;
use crate::reports::form::FormSection;
use crate::reports::form_plan::FormPlan;
use crate::reports::frame::Html;
use clearway_model::number::float;

/// Rows on the page; the tables beside it have all.
const ROWS: usize = 200;
/// Bottlenecks on the page.
const BOTTLENECKS: usize = 12;

impl Ab747Writer<'_> {
    /// One row per plan: the scenarios.
    pub(super) fn viability(&self) -> Result<FormSection, ReportError> {
        let form = &self.form;
        let columns = [
            (".plan", false),
            (".people", true),
            (".evacuees", true),
            (".arrived", true),
            (".overtaken", true),
            (".t90", true),
            (".t90_bound", true),
            (".t100", true),
            (".t100_bound", true),
            (".simulated", true),
            ("differs", false),
        ];
        let several = self.facts.plans.len() > 1;
        let row = |(place, plan): (usize, &FormPlan<'_>)| {
            let key = |key: &str| if several { format!("plan-{}.{key}", place + 1) } else { key.to_owned() };
            let people = &plan.summary.people;
            let count = |name: &str, value: i64| Html::figure(&key(name), value, &form.local.count(value));
            let simulated = match plan.simulated_s {
                Some([_, all]) => form.hours(all, TimeRounding::Up)?,
                None => form.text(".not_simulated")?,
            };
            let differs = match (place, plan.differs_in.as_slice()) {
                (0, _) => form.text("viability.first")?,
                (_, []) => form.text("viability.same")?,
                (_, tables) => Html::name(tables.join(", ")),
            };
            Ok(vec![
                Html::name(&plan.name),
                count("people.total", people.total),
                form.count(plan.evacuees()),
                count("people.arrived", people.arrived),
                count("people.overtaken", people.overtaken),
                form.marked_hours(&key("t90_s.plan"), plan.summary.t90_s.plan, TimeRounding::Up)?,
                form.marked_hours(&key("t90_s.bound"), plan.summary.t90_s.bound, TimeRounding::Down)?,
                form.marked_hours(&key("clearance_s.plan"), plan.summary.clearance_s.plan, TimeRounding::Up)?,
                form.marked_hours(
                    &key("clearance_s.bound"),
                    plan.summary.clearance_s.bound,
                    TimeRounding::Down,
                )?,
                simulated,
                differs,
            ])
        };
        let rows = self.facts.plans.iter().enumerate().map(row).collect::<Result<_, ReportError>>()?;
        let mut section = form.section("viability")?;
        section.tables.push((Html::default(), form.table("viability", &columns, rows)?));
        Ok(section)
    }

    pub(super) fn clearance(&self) -> Result<FormSection, ReportError> {
        let form = &self.form;
        let columns = [
            ("zone", false),
            (".people", true),
            (".arrived", true),
            (".overtaken", true),
            ("last_departure", true),
            ("last_arrival", true),
            ("earliest", true),
        ];
        let mut zones: Vec<_> = self.first.zones.iter().zip(&self.facts.access).collect();
        let all = zones.len();
        zones.sort_by(|a, b| {
            let last = |zone: &crate::reports::ReportedZone| zone.last_arrival_s.unwrap_or(f64::INFINITY);
            last(b.0).total_cmp(&last(a.0))
        });
        let row = |(zone, access): &(&crate::reports::ReportedZone, &super::ZoneAccess)| {
            let last = match zone.last_arrival_s {
                Some(last) => form.hours(Some(last), TimeRounding::Up)?,
                None => form.text("clearance.nobody")?,
            };
            Ok(vec![
                Html::name(self.lookup.zone_name(&zone.zone_id)),
                form.count(zone.people),
                form.count(zone.arrived),
                form.count(zone.overtaken),
                form.short(zone.last_departure_s, TimeRounding::Up)?,
                last,
                form.hours(access.earliest_s, TimeRounding::Down)?,
            ])
        };
        let rows = zones.iter().take(ROWS).map(row).collect::<Result<_, ReportError>>()?;
        let mut table = form.table("clearance", &columns, rows)?;
        table.left_out = form.left_out(all, ROWS, "zones.csv")?;
        let mut section = form.section("clearance")?;
        section.tables.push((Html::default(), table));
        Ok(section)
    }

    pub(super) fn locations(&self) -> Result<FormSection, ReportError> {
        let form = &self.form;
        let columns = [
            ("site", false),
            ("capacity", true),
            ("arrived", true),
            ("share", true),
            ("admission", true),
            ("first", true),
            ("last", true),
            ("served", false),
        ];
        let mut rows = Vec::new();
        for site in self.first.sites.iter().take(ROWS) {
            let given = self.lookup.sites.get(site.site_id.as_str());
            let capacity = given.and_then(|row| row.capacity_people);
            let share = capacity.filter(|&capacity| capacity > 0);
            let share = share.map(|capacity| form.local.percent(float(site.arrived) / float(capacity)));
            let admission = given.and_then(|row| row.admission_people_h);
            rows.push(vec![
                Html::name(self.lookup.site_name(&site.site_id)),
                match capacity {
                    Some(capacity) => form.count(capacity),
                    None => form.open()?,
                },
                form.count(site.arrived),
                Html::text(share.unwrap_or_default()),
                match admission {
                    Some(rate) => form.number(rate, 0),
                    None => form.text("locations.no_limit")?,
                },
                form.short(site.first_arrival_s, TimeRounding::Down)?,
                form.short(site.last_arrival_s, TimeRounding::Up)?,
                form.open()?,
            ]);
        }
        let mut table = form.table("locations", &columns, rows)?;
        table.left_out = form.left_out(self.first.sites.len(), ROWS, "locations.csv")?;
        let mut section = form.section("locations")?;
        section.tables.push((Html::default(), table));
        Ok(section)
    }

    pub(super) fn bottlenecks(&self) -> Result<FormSection, ReportError> {
        let form = &self.form;
        let mut section = form.section("bottlenecks")?;
        let mut rows = Vec::new();
        for one in self.first.bottlenecks.iter().take(BOTTLENECKS) {
            let rate = one.capacity_people_h;
            rows.push(vec![
                form.count(crate::number::whole(one.rank)),
                form.binding_place(one, &self.lookup)?,
                form.at_most(rate),
                Html::text(form.local.interval(one.from_s, one.until_s)?),
                Html::text(form.local.marked(&crate::number::at_most(one.people))),
                match one.extra_lane_people {
                    Some(people) => Html::text(form.local.marked(&crate::number::at_most(people))),
                    None => Html::default(),
                },
            ]);
        }
        let columns = [
            ("rank", true),
            ("place", false),
            ("rate", true),
            ("hours", false),
            ("people", true),
            ("extra_lane", true),
        ];
        if rows.is_empty() {
            section.notes.push(form.text("bottlenecks.none")?);
        } else {
            let mut table = form.table("bottlenecks", &columns, rows)?;
            table.left_out = form.left_out(self.first.bottlenecks.len(), BOTTLENECKS, "bottlenecks.csv")?;
            section.tables.push((form.text("bottlenecks.binding")?, table));
        }
        if self.facts.interventions.is_empty() {
            section.notes.push(form.filled(
                "bottlenecks.no_interventions",
                &[("command", Html::code("clearway interventions SCENARIO --out DIR"))],
            )?);
            return Ok(section);
        }
        let mut rows = Vec::new();
        for one in self.facts.interventions.iter().take(ROWS) {
            let gain = |seconds: Option<f64>| {
                seconds.map_or_else(|| Ok(Html::default()), |s| form.hours(Some(s), TimeRounding::Down))
            };
            rows.push(vec![
                Html::name(&one.intervention),
                gain(one.gain_s[0])?,
                gain(one.gain_s[1])?,
                one.person_hours.map_or_else(Html::default, |hours| form.number(hours, 0)),
                one.arrived.map_or_else(Html::default, |people| form.count(people)),
            ]);
        }
        let columns = [
            ("intervention", false),
            ("gain90", true),
            ("gain100", true),
            ("gain_person_hours", true),
            ("gain_arrived", true),
        ];
        section
            .tables
            .push((form.text("bottlenecks.improvements")?, form.table("bottlenecks", &columns, rows)?));
        Ok(section)
    }

    /// What only the county can fill in.
    pub(super) fn county(&self) -> Result<FormSection, ReportError> {
        let form = &self.form;
        let mut rows = Vec::new();
        for name in
            ["units", "hazard_class", "census", "collisions", "geometry", "alerts", "adoption", "review"]
        {
            rows.push(vec![form.text(&format!("county.{name}"))?, form.open()?]);
        }
        let mut section = form.section("county")?;
        section
            .tables
            .push((Html::default(), form.table("county", &[("item", false), ("answer", false)], rows)?));
        Ok(section)
    }
}
