//! The tables behind the first page: zones, sites, roads, sources, and every figure with its place in the files.

use super::Writer;
use crate::ReportError;
use crate::clock::TimeRounding;
use crate::reports::frame::Html;
use crate::reports::rows::{ReportedRoad, ReportedSite, ReportedZone};
use clearway_model::number::length;
use clearway_model::time::seconds;
use serde::Serialize;
use std::collections::BTreeMap;

/// Rows of zones and sites on paper; the tables of the plan folder have all.
const ROWS: usize = 400;
/// Roads in the table.
const ROADS: usize = 40;
/// Of these, roads with a number on the map.
pub(super) const NUMBERED: usize = 20;
/// Rows of sources.
const SOURCES: usize = 60;

/// A table of the page.
#[derive(Debug, Default, Serialize)]
pub(in crate::reports) struct ReportTable {
    /// What stands over a column, and whether it holds numbers or times.
    pub columns: Vec<(Html, bool)>,
    pub rows: Vec<Vec<Html>>,
    /// What was left out; may be empty.
    pub left_out: Html,
}

impl Writer<'_> {
    fn columns(&self, section: &str, names: &[(&str, bool)]) -> Result<Vec<(Html, bool)>, ReportError> {
        let column = |(name, numeric): &(&str, bool)| {
            Ok((self.messages.html(&format!("plan.{section}.{name}"), &[])?, *numeric))
        };
        names.iter().map(column).collect()
    }

    fn left_out(&self, all: usize, shown: usize, file: &str) -> Result<Html, ReportError> {
        if all <= shown {
            return Ok(Html::default());
        }
        let count = |n: usize| Html::text(self.local.count(length(n)));
        let values = [("shown", count(shown)), ("all", count(all)), ("file", Html::code(file))];
        self.messages.html("plan.left_out", &values)
    }

    fn count(&self, value: i64) -> Html {
        Html::text(self.local.count(value))
    }

    fn short(&self, seconds: Option<f64>, rounding: TimeRounding) -> Result<Html, ReportError> {
        match seconds {
            Some(seconds) => Ok(Html::text(self.local.short(seconds, rounding)?)),
            None => Ok(Html::default()),
        }
    }

    pub(super) fn zones(&self) -> Result<ReportTable, ReportError> {
        if self.facts.is_redacted {
            return Ok(ReportTable::default());
        }
        let names = [
            ("zone", false),
            ("people", true),
            ("arrive", true),
            ("staying", true),
            ("not_evacuated", true),
            ("overtaken", true),
            ("first_leave", true),
            ("last_leave", true),
            ("last_arrive", true),
            ("where_to", false),
        ];
        let mut zones: Vec<&ReportedZone> = self.facts.zones.iter().collect();
        if zones.len() > ROWS {
            zones.sort_by_key(|zone| std::cmp::Reverse(zone.people));
        }
        let row = |zone: &&ReportedZone| {
            let mut row = vec![Html::name(self.lookup.zone_name(&zone.zone_id))];
            row.extend(
                [zone.people, zone.arrived, zone.staying, zone.not_evacuated, zone.overtaken]
                    .map(|people| self.count(people)),
            );
            row.push(self.short(zone.first_departure_s, TimeRounding::Down)?);
            row.push(self.short(zone.last_departure_s, TimeRounding::Up)?);
            row.push(self.short(zone.last_arrival_s, TimeRounding::Up)?);
            row.push(Html::name(&zone.sites));
            Ok(row)
        };
        Ok(ReportTable {
            columns: self.columns("zones", &names)?,
            rows: zones.iter().take(ROWS).map(row).collect::<Result<_, ReportError>>()?,
            left_out: self.left_out(zones.len(), ROWS, "zones.csv")?,
        })
    }

    pub(super) fn sites(&self) -> Result<ReportTable, ReportError> {
        if self.facts.is_redacted {
            return Ok(ReportTable::default());
        }
        let names = [
            ("site", false),
            ("arrive", true),
            ("capacity", true),
            ("admission", true),
            ("open", true),
            ("first_arrive", true),
            ("last_arrive", true),
            ("waiting", true),
        ];
        let unlimited = || self.messages.html("plan.sites.not_given", &[]);
        let row = |site: &ReportedSite| {
            let given = self.lookup.sites.get(site.site_id.as_str());
            let capacity = match given.and_then(|row| row.capacity_people) {
                Some(people) => self.count(people),
                None => unlimited()?,
            };
            let admission = match given.and_then(|row| row.admission_people_h) {
                Some(rate) => Html::text(self.local.number(rate, 0)),
                None => unlimited()?,
            };
            let open = given.map(|row| (row.open_from_ms, row.open_until_ms));
            let open = match open {
                Some((from, Some(until))) => {
                    Html::text(self.local.interval(seconds(from.unwrap_or(0)), seconds(until))?)
                }
                Some((Some(from), None)) => {
                    let from = Html::text(self.local.short(seconds(from), TimeRounding::Down)?);
                    self.messages.html("plan.sites.open_from", &[("from", from)])?
                }
                _ => self.messages.html("plan.sites.always", &[])?,
            };
            Ok(vec![
                Html::name(self.lookup.site_name(&site.site_id)),
                self.count(site.arrived),
                capacity,
                admission,
                open,
                self.short(site.first_arrival_s, TimeRounding::Down)?,
                self.short(site.last_arrival_s, TimeRounding::Up)?,
                Html::text(self.local.number(site.waiting_person_h, 1)),
            ])
        };
        Ok(ReportTable {
            columns: self.columns("sites", &names)?,
            rows: self.facts.sites.iter().take(ROWS).map(row).collect::<Result<_, ReportError>>()?,
            left_out: self.left_out(self.facts.sites.len(), ROWS, "scenario/sites.csv")?,
        })
    }

    pub(in crate::reports) fn roads(&self) -> Result<ReportTable, ReportError> {
        if self.facts.is_redacted {
            return Ok(ReportTable::default());
        }
        let names = [
            ("number", true),
            ("road", false),
            ("people", true),
            ("peak", true),
            ("hours", true),
            ("waiting", true),
            ("binds", true),
        ];
        let roads = critical_roads(&self.facts.roads);
        let row = |(place, road): (usize, &&ReportedRoad)| {
            let hours = match road.first_s.zip(road.last_s) {
                Some((first, last)) => Html::text(self.local.interval(first, last)?),
                None => Html::default(),
            };
            let rank = road.rank.map(crate::number::whole);
            Ok(vec![
                self.count(length(place + 1)),
                self.road(&road.link_id, &road.name)?,
                self.count(road.people),
                self.count(road.peak_people_h),
                hours,
                Html::text(self.local.number(road.waiting_person_h, 1)),
                rank.map_or_else(Html::default, |rank| self.count(rank)),
            ])
        };
        let shown = roads.iter().take(ROADS).enumerate();
        Ok(ReportTable {
            columns: self.columns("roads", &names)?,
            rows: shown.map(row).collect::<Result<_, ReportError>>()?,
            left_out: Html::default(),
        })
    }

    pub(super) fn sources(&self) -> Result<ReportTable, ReportError> {
        if self.facts.is_redacted {
            return self.source_counts();
        }
        let names = [("figure", false), ("status", false), ("source", false), ("as_of", false)];
        let table = crate::sources::table(self.facts.scenario);
        let row = |line: &crate::sources::SourceLine| {
            let status = self.messages.html(&format!("plan.sources.{}", line.status), &[])?;
            let cells = [&line.figure, &line.source, &line.as_of].map(Html::name);
            let [figure, source, as_of] = cells;
            Ok(vec![figure, status, source, as_of])
        };
        Ok(ReportTable {
            columns: self.columns("sources", &names)?,
            rows: table.rows.iter().take(SOURCES).map(row).collect::<Result<_, ReportError>>()?,
            left_out: self.left_out(table.rows.len(), SOURCES, "scenario/sources.csv")?,
        })
    }

    /// How many rows of sources there are by status: their ids and texts name places.
    fn source_counts(&self) -> Result<ReportTable, ReportError> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for row in &self.facts.scenario.sources {
            *counts.entry(crate::sources::status_word(row.status)).or_default() += 1;
        }
        let row = |(status, rows): (&&str, &usize)| {
            let status = self.messages.html(&format!("plan.sources.{status}"), &[])?;
            Ok(vec![status, self.count(length(*rows))])
        };
        Ok(ReportTable {
            columns: self.columns("sources", &[("status", false), ("rows", true)])?,
            rows: counts.iter().map(row).collect::<Result<_, ReportError>>()?,
            left_out: Html::default(),
        })
    }

    /// Figures of the summary that the first page does not show.
    pub(super) fn figures(&self) -> Result<ReportTable, ReportError> {
        let summary = self.facts.summary;
        let names = [("figure", false), ("value", true), ("key", false)];
        let mut rows = Vec::new();
        let mut add = |name: &str, key: &str, value: f64, shown: String| {
            let name = self.messages.html(&format!("plan.figures.{name}"), &[])?;
            rows.push(vec![name, Html::figure(key, value, &shown), Html::code(key)]);
            Ok::<(), ReportError>(())
        };
        let up = |value: f64| self.local.marked(&crate::number::number_up(value));
        let people = &summary.people;
        for (name, key, value) in [
            ("people", "people.total", people.total),
            ("arrived", "people.arrived", people.arrived),
            ("overtaken", "people.overtaken", people.overtaken),
            ("not_evacuated", "people.not_evacuated", people.not_evacuated),
            ("staying", "people.staying", people.staying),
            ("zones", "zones", crate::number::whole(summary.zones)),
            ("sites", "sites", crate::number::whole(summary.sites)),
            ("routes", "routes", crate::number::whole(summary.routes)),
            ("orders", "orders", crate::number::whole(summary.orders)),
            ("links", "network.links", crate::number::whole(summary.network.links)),
        ] {
            add(name, key, clearway_model::number::float(value), self.local.count(value))?;
        }
        if let Some(hours) = summary.person_hours.plan {
            add("person_hours", "person_hours.plan", hours, up(hours))?;
        }
        if let Some(hours) = summary.person_hours.bound {
            let down = self.local.marked(&crate::number::number_down(hours));
            add("person_hours_bound", "person_hours.bound", hours, down)?;
        }
        add("waiting", "queue.person_hours", summary.queue.person_hours, up(summary.queue.person_hours))?;
        if let Some(waiting) = summary.waiting {
            let longest = self.local.after(waiting.longest_min * 60.0, TimeRounding::Up);
            add("longest_wait", "waiting.longest_min", waiting.longest_min, longest)?;
        }
        Ok(ReportTable { columns: self.columns("figures", &names)?, rows, left_out: Html::default() })
    }
}

/// Roads that decide: those that set the bound by their rank, then those at which people wait most, then those that most people use.
pub(in crate::reports) fn critical_roads(roads: &[ReportedRoad]) -> Vec<&ReportedRoad> {
    let mut roads: Vec<&ReportedRoad> = roads.iter().filter(|road| road.people > 0).collect();
    roads.sort_by(|a, b| {
        let rank = |road: &ReportedRoad| road.rank.unwrap_or(u64::MAX);
        rank(a)
            .cmp(&rank(b))
            .then(b.waiting_person_h.total_cmp(&a.waiting_person_h))
            .then(b.people.cmp(&a.people))
            .then(a.link_id.cmp(&b.link_id))
    });
    roads
}
