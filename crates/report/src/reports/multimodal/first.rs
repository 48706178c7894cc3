//! The first page: whether it can be done, by when, what binds, who is left, what is missing.

use super::MultimodalWriter;
use crate::ReportError;
use crate::clock::TimeRounding;
use crate::lookup::RowLookup;
use crate::reports::form::FormTable;
use crate::reports::frame::Html;
use crate::reports::med::MedZone;
use crate::reports::plan::answer::{reason_key, time_figure};
use crate::reports::plan::missing::MissingFacts;
use crate::reports::plan::{SimulatedPlanTimes, Writer};
use clearway_model::number::length;
use clearway_model::{Means, PlanAndBound, SharedResource};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Roads and destinations of a part that are named.
const BINDING: usize = 3;
/// Zones where people are left.
const LEFT: usize = 6;

/// Who does not arrive.
#[derive(Serialize)]
pub(super) struct LeftByMeans {
    sentence: Html,
    /// By means.
    groups: Vec<Html>,
    /// Count and reason, of those who move by themselves.
    reasons: Vec<(Html, Html)>,
    /// Zone and count.
    places: Vec<(Html, Html)>,
    more: Html,
}

impl MultimodalWriter<'_> {
    pub(super) fn time(
        &self,
        key: &str,
        seconds: Option<f64>,
        rounding: TimeRounding,
    ) -> Result<Html, ReportError> {
        time_figure(self.form.messages, self.form.local, key, seconds, rounding)
    }

    pub(super) fn can(&self) -> Result<Vec<Html>, ReportError> {
        let (facts, summary) = (self.facts, self.facts.summary);
        let evacuees = self.people("people.total - people.staying", facts.evacuees());
        let arrived = self.people("people.arrived", summary.people.arrived);
        let horizon = clearway_model::time::seconds(facts.scenario.settings.horizon_ms);
        let end = Html::text(self.form.local.moment(horizon, TimeRounding::Down)?);
        let is_interrupted = facts.parts.iter().any(|part| part.facts.summary.interrupted);
        let sentence = match (summary.clearance_s.plan, summary.clearance_s.bound) {
            _ if is_interrupted => self.shared("can.interrupted", &[])?,
            _ if facts.evacuees() == 0 => self.shared("can.nobody", &[])?,
            (Some(last), _) => {
                let shown = self.form.local.moment(last, TimeRounding::Up)?;
                let last = Html::figure("clearance_s.plan", last, &shown);
                self.shared("can.all", &[("evacuees", evacuees), ("last", last)])?
            }
            (None, Some(_)) => {
                let values = [("arrived", arrived), ("evacuees", evacuees), ("end", end)];
                self.shared("can.not_by_this_plan", &values)?
            }
            (None, None) => {
                let values = [("evacuees", evacuees), ("end", end), ("arrived", arrived)];
                self.form.filled("can.impossible", &values)?
            }
        };
        let staying = self.people("people.staying", summary.people.staying);
        let key = if summary.people.staying > 0 { "can.staying" } else { "can.nobody_stays" };
        Ok(vec![sentence, self.shared(key, &[("staying", staying)])?])
    }

    /// What the simulation says of a means; of everybody without one.
    fn simulated_times(&self, means: Option<Means>) -> Option<(String, SimulatedPlanTimes)> {
        let times = self.facts.simulation.as_ref()?;
        let Some(means) = means else {
            let all = SimulatedPlanTimes { t90_s: times.t90_s, t100_s: times.t100_s };
            return Some(("simulation".to_owned(), all));
        };
        let place = times.means.iter().position(|of| of.means == means.word())?;
        Some((format!("simulation.means.{place}.simulated"), times.means[place].simulated))
    }

    /// Times of everybody and of each means.
    pub(super) fn when(&self) -> Result<FormTable, ReportError> {
        let summary = self.facts.summary;
        let mut rows = Vec::new();
        if self.facts.evacuees() > 0 {
            let everybody = self.form.text("when.everybody")?;
            let all = self.shared("when.all", &[])?;
            let simulated = self.simulated_times(None).map(|(key, of)| (format!("{key}.t100_s"), of.t100_s));
            rows.push(self.when_row([everybody, all], "clearance_s", summary.clearance_s, simulated)?);
        }
        for (place, of) in summary.means.iter().enumerate().filter(|(_, of)| of.people > of.staying) {
            let simulated = self.simulated_times(Some(of.means));
            let t90 = simulated.as_ref().map(|(key, times)| (format!("{key}.t90_s"), times.t90_s));
            let all = simulated.as_ref().map(|(key, times)| (format!("{key}.t100_s"), times.t100_s));
            let name = self.means(of.means)?;
            let first = [name.clone(), self.shared("when.t90", &[])?];
            rows.push(self.when_row(first, &format!("means.{place}.t90_s"), of.t90_s, t90)?);
            let second = [name, self.shared("when.all", &[])?];
            rows.push(self.when_row(second, &format!("means.{place}.clearance_s"), of.clearance_s, all)?);
        }
        let mut columns = vec![
            (self.form.text("when.who")?, false),
            (self.shared("when.figure", &[])?, false),
            (self.shared("when.plan", &[])?, false),
            (self.shared("when.bound", &[])?, false),
        ];
        if self.facts.simulation.is_some() {
            columns.push((self.shared("when.simulated", &[])?, false));
        }
        Ok(FormTable { columns, rows, left_out: Html::default() })
    }

    fn when_row(
        &self,
        [who, figure]: [Html; 2],
        key: &str,
        of: PlanAndBound,
        simulated: Option<(String, Option<f64>)>,
    ) -> Result<Vec<Html>, ReportError> {
        let mut row = vec![
            who,
            figure,
            self.time(&format!("{key}.plan"), of.plan, TimeRounding::Up)?,
            self.time(&format!("{key}.bound"), of.bound, TimeRounding::Down)?,
        ];
        if self.facts.simulation.is_some() {
            row.push(match simulated {
                Some((key, seconds)) => self.time(&key, seconds, TimeRounding::Up)?,
                None => Html::default(),
            });
        }
        Ok(row)
    }

    /// People by means, and what binds them.
    pub(super) fn who(&self) -> Result<FormTable, ReportError> {
        let columns =
            [("who", false), ("people", true), ("staying", true), ("arrived", true), ("binds", false)];
        let mut rows = Vec::new();
        for (place, of) in self.facts.summary.means.iter().enumerate() {
            let count = |name: &str, value: i64| self.people(&format!("means.{place}.{name}"), value);
            let binds = of.binds.word().replace(' ', "_");
            rows.push(vec![
                self.means(of.means)?,
                count("people", of.people),
                count("staying", of.staying),
                count("arrived", of.arrived),
                self.form.text(&format!("binds.{binds}"))?,
            ]);
        }
        self.form.table("who", &columns, rows)
    }

    /// Bounds of several means together, and the roads and destinations of each part.
    pub(super) fn binds(&self) -> Result<Vec<Html>, ReportError> {
        let mut lines = Vec::new();
        for (place, joint) in self.facts.summary.joint.iter().enumerate() {
            let key = match joint.of {
                SharedResource::Roads => "joint.roads",
                SharedResource::Sites => "joint.sites",
            };
            let at = format!("joint.{place}.clearance_s");
            let values = [
                ("people", self.people(&format!("joint.{place}.people"), joint.people)),
                ("time", self.time(&at, joint.clearance_s, TimeRounding::Down)?),
            ];
            lines.push(self.form.filled(key, &values)?);
        }
        if self.facts.is_redacted {
            return Ok(lines);
        }
        for part in &self.facts.parts {
            let found = part.facts.bottlenecks;
            let lookup = RowLookup::new(part.facts.scenario, Some(part.facts.shapes));
            let (messages, local) = (self.form.messages, self.form.local);
            let writer = Writer { facts: &part.facts, messages, local, lookup: &lookup };
            let mut places = Vec::new();
            for bottleneck in found.iter().take(BINDING) {
                places.push(writer.place(bottleneck)?.into_string());
            }
            if places.is_empty() {
                continue;
            }
            let values = [
                ("means", self.means(part.means)?),
                ("places", Html::raw(places.join("; "))),
                ("all", self.form.count(length(found.len()))),
            ];
            lines.push(self.form.filled("binds.places_named", &values)?);
        }
        Ok(lines)
    }

    pub(super) fn simulated(&self) -> Result<Vec<Html>, ReportError> {
        let mut sentences = vec![match &self.facts.simulation {
            Some(times) => {
                let values = [
                    ("arrived", self.form.count(times.arrived)),
                    ("evacuees", self.form.count(times.evacuees)),
                ];
                self.shared("simulated.yes", &values)?
            }
            None => self.shared("simulated.no", &[])?,
        }];
        match (self.facts.summary.spill_free, self.facts.summary.overflow) {
            (Some(true), _) => sentences.push(self.form.text("spill.fits")?),
            (Some(false), Some(overflow)) => {
                let links = self.people("overflow.links", crate::number::whole(overflow.links));
                sentences.push(self.form.filled("spill.overflows", &[("links", links)])?);
            }
            _ => {}
        }
        Ok(sentences)
    }

    pub(super) fn left(&self) -> Result<LeftByMeans, ReportError> {
        let people = &self.facts.summary.people;
        let mut answer = LeftByMeans {
            sentence: self.shared("left.nobody", &[])?,
            groups: Vec::new(),
            reasons: Vec::new(),
            places: Vec::new(),
            more: Html::default(),
        };
        if people.overtaken + people.not_evacuated == 0 {
            return Ok(answer);
        }
        let values = [
            ("not_evacuated", self.people("people.not_evacuated", people.not_evacuated)),
            ("overtaken", self.people("people.overtaken", people.overtaken)),
            ("total", self.people("people.total", people.total)),
        ];
        answer.sentence = self.shared("left.people", &values)?;
        for (place, of) in self.facts.summary.means.iter().enumerate() {
            if of.arrived == of.people {
                continue;
            }
            let count = |name: &str, value: i64| self.people(&format!("means.{place}.{name}"), value);
            let values = [
                ("means", self.means(of.means)?),
                ("people", count("people", of.people)),
                ("arrived", count("arrived", of.arrived)),
                ("staying", count("staying", of.staying)),
            ];
            answer.groups.push(self.form.filled("left.group", &values)?);
        }
        let mut reasons: BTreeMap<&str, i64> = BTreeMap::new();
        for row in self.facts.parts.iter().flat_map(|part| &part.facts.plan.not_moved) {
            *reasons.entry(reason_key(row.reason)).or_default() += row.people;
        }
        let mut reasons: Vec<(&str, i64)> = reasons.into_iter().filter(|(_, people)| *people > 0).collect();
        reasons.sort_by_key(|(_, people)| std::cmp::Reverse(*people));
        for (key, people) in reasons {
            answer.reasons.push((self.form.count(people), self.shared(&format!("reason.{key}"), &[])?));
        }
        if !self.facts.is_redacted {
            self.left_places(&mut answer)?;
        }
        Ok(answer)
    }

    /// Where those are who do not arrive and are not entered as staying, most first.
    fn left_places(&self, answer: &mut LeftByMeans) -> Result<(), ReportError> {
        let of = |zone: &MedZone| zone.people - zone.arrived - zone.staying;
        let mut zones: Vec<&MedZone> = self.facts.zones.iter().filter(|zone| of(zone) > 0).collect();
        zones.sort_by_key(|zone| std::cmp::Reverse(of(zone)));
        let row =
            |zone: &&MedZone| (Html::name(self.lookup.zone_name(&zone.zone_id)), self.form.count(of(zone)));
        answer.places = zones.iter().take(LEFT).map(row).collect();
        if zones.len() > LEFT {
            let more = self.form.count(length(zones.len() - LEFT));
            answer.more = self.shared("left.more", &[("zones", more)])?;
        }
        Ok(())
    }

    pub(super) fn missing(&self) -> Result<Vec<Html>, ReportError> {
        let parts = self.facts.parts.iter();
        // the same assumption in two parts is one
        let assumptions: BTreeSet<String> = parts
            .flat_map(|part| part.facts.summary.assumptions.iter().map(crate::assumption_words))
            .collect();
        let facts = MissingFacts {
            messages: self.form.messages,
            local: self.form.local,
            scenario: self.facts.scenario,
            assumptions: assumptions.len(),
            staying: self.facts.summary.people.staying,
            has_groups: true,
            is_redacted: self.facts.is_redacted,
        };
        facts.lines()
    }
}
