//! The first page: whether it can be done, by when, what binds, who is left.

use super::Writer;
use crate::ReportError;
use crate::clock::TimeRounding;
use crate::reports::frame::Html;
use crate::reports::local::LocalFormat;
use crate::reports::messages::Messages;
use crate::reports::rows::ReportedZone;
use clearway_model::number::length;
use clearway_model::{Bottleneck, BottleneckKind, ConnectorPlace, PlanAndBound, Reason};
use serde::Serialize;
use std::collections::BTreeMap;

/// Places on the first page that set the bound; the table further down has more.
const BINDING: usize = 5;
/// Zones on the first page where people are left.
const LEFT: usize = 6;

/// When people have arrived, by the plan, at best, and simulated.
#[derive(Serialize)]
pub(super) struct TimesTable {
    has_simulation: bool,
    rows: Vec<TimesRow>,
}

#[derive(Serialize)]
struct TimesRow {
    name: Html,
    plan: Html,
    bound: Html,
    gap: Html,
    simulated: Html,
}

/// What sets the bound.
#[derive(Serialize)]
pub(super) struct BindingPlaces {
    note: Html,
    rows: Vec<BindingRow>,
}

#[derive(Serialize)]
struct BindingRow {
    rank: u64,
    place: Html,
    hours: Html,
    rate: Html,
    people: Html,
}

/// Who does not arrive.
#[derive(Serialize)]
pub(super) struct LeftPeople {
    sentence: Html,
    /// Count and reason.
    reasons: Vec<(Html, Html)>,
    /// Zone and count.
    places: Vec<(Html, Html)>,
    more: Html,
}

/// The key of a reason in messages, which is its word in the files.
pub(in crate::reports) fn reason_key(reason: Reason) -> &'static str {
    match reason {
        Reason::Stays => "stays",
        Reason::NoRoad => "no_road",
        Reason::Closed => "closed",
        Reason::NoPlace => "no_place",
        Reason::Hazard => "hazard",
        Reason::Horizon => "horizon",
        Reason::Interrupted => "interrupted",
    }
}

/// A moment that stands in a file under `key`: after the start, and by the clock.
pub(in crate::reports) fn time_figure(
    messages: &Messages,
    local: &LocalFormat<'_>,
    key: &str,
    seconds: Option<f64>,
    rounding: TimeRounding,
) -> Result<Html, ReportError> {
    let Some(seconds) = seconds else {
        return Ok(Html::figure(key, "null", messages.text("plan.when.not_within")?));
    };
    let (after, clock) = (local.after(seconds, rounding), local.short(seconds, rounding)?);
    let shown = if after == clock { after } else { format!("{after} ({clock})") };
    Ok(Html::figure(key, seconds, &shown))
}

impl Writer<'_> {
    /// A figure of people that stands in the summary.
    pub(super) fn people(&self, key: &str, value: i64) -> Html {
        Html::figure(key, value, &self.local.count(value))
    }

    pub(super) fn end(&self) -> Result<Html, ReportError> {
        Ok(Html::text(self.local.moment(self.facts.horizon_s(), TimeRounding::Down)?))
    }

    pub(super) fn can(&self) -> Result<Vec<Html>, ReportError> {
        let (facts, summary) = (self.facts, self.facts.summary);
        let evacuees = self.people("people.total - people.staying", facts.evacuees());
        let arrived = self.people("people.arrived", summary.people.arrived);
        let most = facts.curve.last().map_or(0, |point| point.bound_people);
        let most = Html::figure("curve.last.bound", most, &self.local.count(most));
        let sentence = match (summary.clearance_s.plan, summary.clearance_s.bound) {
            _ if summary.interrupted => self.messages.html("plan.can.interrupted", &[])?,
            _ if facts.evacuees() == 0 => self.messages.html("plan.can.nobody", &[])?,
            (Some(last), _) => {
                let shown = self.local.moment(last, TimeRounding::Up)?;
                let last = Html::figure("clearance_s.plan", last, &shown);
                self.messages.html("plan.can.all", &[("evacuees", evacuees), ("last", last)])?
            }
            (None, Some(_)) => self.messages.html(
                "plan.can.not_by_this_plan",
                &[("arrived", arrived), ("evacuees", evacuees), ("end", self.end()?)],
            )?,
            (None, None) => self.messages.html(
                "plan.can.impossible",
                &[("evacuees", evacuees), ("end", self.end()?), ("arrived", arrived), ("most", most)],
            )?,
        };
        let staying = self.people("people.staying", summary.people.staying);
        let staying = if summary.people.staying > 0 {
            self.messages.html("plan.can.staying", &[("staying", staying)])?
        } else {
            self.messages.html("plan.can.nobody_stays", &[("staying", staying)])?
        };
        let mut sentences = vec![sentence, staying];
        if let Some(rest) = summary.with_access {
            let people = self.people("with_access.people", rest.people);
            let none = Html::text(self.local.count(facts.evacuees() - rest.people));
            sentences.push(self.messages.html("plan.can.no_road", &[("none", none), ("rest", people)])?);
        }
        Ok(sentences)
    }

    fn time(&self, key: &str, seconds: Option<f64>, rounding: TimeRounding) -> Result<Html, ReportError> {
        time_figure(self.messages, self.local, key, seconds, rounding)
    }

    fn gap(&self, key: &str, gap: Option<f64>) -> Html {
        gap.map_or_else(Html::default, |gap| Html::figure(key, gap, &self.local.percent(gap.max(0.0))))
    }

    fn times_row(
        &self,
        name: &str,
        key: &str,
        figure: PlanAndBound,
        gap: (&str, Option<f64>),
        simulated: Option<(&str, Option<f64>)>,
    ) -> Result<TimesRow, ReportError> {
        let simulated = match simulated {
            Some((key, seconds)) => self.time(key, seconds, TimeRounding::Up)?,
            None => Html::default(),
        };
        Ok(TimesRow {
            name: self.messages.html(name, &[])?,
            plan: self.time(&format!("{key}.plan"), figure.plan, TimeRounding::Up)?,
            bound: self.time(&format!("{key}.bound"), figure.bound, TimeRounding::Down)?,
            gap: self.gap(gap.0, gap.1),
            simulated,
        })
    }

    pub(super) fn times(&self) -> Result<TimesTable, ReportError> {
        let summary = self.facts.summary;
        let simulation = self.facts.simulation.as_ref();
        let mut rows = Vec::new();
        if self.facts.evacuees() > 0 {
            let t90 = simulation.map(|times| ("simulation.t90_s", times.t90_s));
            rows.push(self.times_row(
                "plan.when.t90",
                "t90_s",
                summary.t90_s,
                ("gap.t90", summary.gap.t90),
                t90,
            )?);
            let all = simulation.map(|times| ("simulation.t100_s", times.t100_s));
            let gap = ("gap.clearance", summary.gap.clearance);
            rows.push(self.times_row("plan.when.all", "clearance_s", summary.clearance_s, gap, all)?);
        }
        if let Some(rest) = summary.with_access {
            let figure = rest.clearance_s;
            let gap = ("with_access.gap", figure.gap());
            rows.push(self.times_row("plan.when.with_road", "with_access.clearance_s", figure, gap, None)?);
        }
        Ok(TimesTable { has_simulation: simulation.is_some(), rows })
    }

    /// The name of what sets the bound, as a reader of a map knows it.
    pub(in crate::reports) fn place(&self, bottleneck: &Bottleneck) -> Result<Html, ReportError> {
        let id = bottleneck.id.as_str();
        let own = bottleneck.name.trim();
        let shown = |name: &str| if name.is_empty() { Html::default() } else { Html::name(name) };
        match bottleneck.element {
            BottleneckKind::Link => self.road(id, own),
            BottleneckKind::Site => {
                let name = if own.is_empty() { self.lookup.site_name(id) } else { own };
                self.messages.html("plan.place.site", &[("site", shown(name))])
            }
            BottleneckKind::Connector => match self.lookup.connectors.get(id) {
                Some(row) if row.place == ConnectorPlace::Site => {
                    let name = self.lookup.site_name(&row.place_id);
                    self.messages
                        .html("plan.place.way_into", &[("site", shown(name)), ("id", Html::code(id))])
                }
                Some(row) => {
                    let name = self.lookup.zone_name(&row.place_id);
                    self.messages.html("plan.place.way_out", &[("zone", shown(name)), ("id", Html::code(id))])
                }
                None => Ok(Html::code(id)),
            },
        }
    }

    /// A road by its name, its id and the direction in which it leads.
    pub(super) fn road(&self, id: &str, own: &str) -> Result<Html, ReportError> {
        let name = match own.trim() {
            "" => self.messages.html("plan.place.unnamed", &[])?,
            name => Html::name(name),
        };
        let link = self.lookup.links.get(id);
        let ends = link.and_then(|link| {
            self.lookup.node_point(&link.from_node_id).zip(self.lookup.node_point(&link.to_node_id))
        });
        let heading = ends.and_then(|(from, to)| crate::geometry::heading(from, to));
        let values = |heading: Html| [("road", name.clone()), ("id", Html::code(id)), ("heading", heading)];
        match heading {
            Some(word) => {
                let heading =
                    self.messages.html(&format!("common.heading.{}", word.replace('-', "_")), &[])?;
                self.messages.html("plan.place.road_heading", &values(heading))
            }
            None => self.messages.html("plan.place.road", &values(Html::default())[..2]),
        }
    }

    pub(super) fn binding(&self) -> Result<BindingPlaces, ReportError> {
        let all = self.facts.bottlenecks;
        if all.is_empty() {
            let note = self.messages.html("plan.binds.none", &[])?;
            return Ok(BindingPlaces { note, rows: Vec::new() });
        }
        let count = Html::text(self.local.count(length(all.len())));
        if self.facts.is_redacted {
            let note = self.messages.html("plan.binds.redacted", &[("all", count)])?;
            return Ok(BindingPlaces { note, rows: Vec::new() });
        }
        let mut note = self.messages.html("plan.binds.note", &[("all", count)])?;
        let people = &self.facts.summary.people;
        if let Some(people) = crate::words::few_people(all, people.total - people.staying) {
            let people = Html::text(self.local.marked(&crate::number::at_most(people)));
            note = Html::raw(format!(
                "{} {}",
                note.as_str(),
                self.messages.html("plan.binds.few", &[("people", people)])?.as_str()
            ));
        }
        let rows = all.iter().take(BINDING).map(|bottleneck| self.binding_row(bottleneck));
        Ok(BindingPlaces { note, rows: rows.collect::<Result<_, _>>()? })
    }

    fn binding_row(&self, bottleneck: &Bottleneck) -> Result<BindingRow, ReportError> {
        let at_most = |value: f64| self.local.marked(&crate::number::at_most(value));
        let rate = bottleneck.capacity_people_h;
        let rate = if rate.is_finite() && rate > 0.0 { at_most(rate) } else { String::new() };
        Ok(BindingRow {
            rank: bottleneck.rank,
            place: self.place(bottleneck)?,
            hours: Html::text(self.local.interval(bottleneck.from_s, bottleneck.until_s)?),
            rate: Html::text(rate),
            people: Html::text(at_most(bottleneck.people)),
        })
    }

    pub(super) fn simulated(&self) -> Result<Vec<Html>, ReportError> {
        let mut sentences = Vec::new();
        match &self.facts.simulation {
            Some(times) => {
                let arrived = Html::text(self.local.count(times.arrived));
                let evacuees = Html::text(self.local.count(times.evacuees));
                let values = [("arrived", arrived), ("evacuees", evacuees)];
                sentences.push(self.messages.html("plan.simulated.yes", &values)?);
            }
            None => sentences.push(self.messages.html("plan.simulated.no", &[])?),
        }
        let summary = self.facts.summary;
        match (summary.spill_free, summary.overflow) {
            (Some(true), _) => sentences.push(self.messages.html("plan.simulated.fits", &[])?),
            (Some(false), Some(overflow)) => {
                let links = crate::number::whole(overflow.links);
                let links = Html::figure("overflow.links", links, &self.local.count(links));
                sentences.push(self.messages.html("plan.simulated.overflows", &[("links", links)])?);
            }
            _ => {}
        }
        Ok(sentences)
    }

    pub(super) fn left(&self) -> Result<LeftPeople, ReportError> {
        let people = &self.facts.summary.people;
        let left = people.overtaken + people.not_evacuated;
        let mut answer = LeftPeople {
            sentence: Html::default(),
            reasons: Vec::new(),
            places: Vec::new(),
            more: Html::default(),
        };
        if left == 0 {
            answer.sentence = self.messages.html("plan.left.nobody", &[])?;
            return Ok(answer);
        }
        answer.sentence = self.messages.html(
            "plan.left.people",
            &[
                ("not_evacuated", self.people("people.not_evacuated", people.not_evacuated)),
                ("overtaken", self.people("people.overtaken", people.overtaken)),
                ("total", self.people("people.total", people.total)),
            ],
        )?;
        let mut reasons: BTreeMap<&str, i64> = BTreeMap::new();
        for row in &self.facts.plan.not_moved {
            *reasons.entry(reason_key(row.reason)).or_default() += row.people;
        }
        let mut reasons: Vec<(&str, i64)> = reasons.into_iter().filter(|(_, people)| *people > 0).collect();
        reasons.sort_by_key(|(_, people)| std::cmp::Reverse(*people));
        for (key, people) in reasons {
            // exact also when redacted: the totals beside them would give away what is left out here
            let count = Html::text(self.local.count(people));
            answer.reasons.push((count, self.messages.html(&format!("plan.reason.{key}"), &[])?));
        }
        if !self.facts.is_redacted {
            self.left_places(&mut answer)?;
        }
        Ok(answer)
    }

    /// Where those are who do not arrive and are not entered as staying, most first.
    fn left_places(&self, answer: &mut LeftPeople) -> Result<(), ReportError> {
        let of = |zone: &ReportedZone| zone.people - zone.arrived - zone.staying;
        let mut zones: Vec<&ReportedZone> = self.facts.zones.iter().filter(|zone| of(zone) > 0).collect();
        zones.sort_by_key(|zone| std::cmp::Reverse(of(zone)));
        let count = |zone: &ReportedZone| Html::text(self.local.count(of(zone)));
        answer.places = zones
            .iter()
            .take(LEFT)
            .map(|zone| (Html::name(self.lookup.zone_name(&zone.zone_id)), count(zone)))
            .collect();
        if zones.len() > LEFT {
            let more = Html::text(self.local.count(length(zones.len() - LEFT)));
            answer.more = self.messages.html("plan.left.more", &[("zones", more)])?;
        }
        Ok(())
    }
}
