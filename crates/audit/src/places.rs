//! Rules place by place and hour by hour: a plan is as good as its weakest place in its weakest hour.

use crate::dossier::{Dossier, FigureOrigin};
use crate::judge::{AuditFinding, FindingOutcome, measured};
use crate::range::FigureRange;
use crate::rule::{Rule, RuleSeverity, RuleTest, RuleThreshold, Rulebook};
use clearway_model::Context;
use clearway_model::number::float;
use serde::Serialize;
use std::collections::BTreeMap;

/// What is known of one place over time.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaceSeries {
    /// What kind of place it is: `zone` or `site`.
    pub kind: &'static str,
    /// Id of the zone or site in the scenario's tables.
    pub place_id: String,
    /// The figure that counts its people: of a zone those still there, of a site those received.
    pub people_figure: &'static str,
    /// People in each hour.
    pub people: Vec<i64>,
    /// First hour in which standards for later count.
    pub later_from: usize,
    /// Figures that change, each with its value in every hour from time 0.
    pub items: Vec<(&'static str, Vec<f64>)>,
    /// Figures that do not change.
    pub constants: Vec<(&'static str, f64)>,
}

/// A rule that a place does not meet.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct PlaceFinding {
    /// Id of the rule that is not met.
    pub rule: String,
    /// What kind of place it is: `zone` or `site`.
    pub kind: &'static str,
    /// Id of the zone or site in the scenario's tables.
    pub place_id: String,
    /// What came of it.
    pub outcome: FindingOutcome,
    /// How much depends on it, in the context of the plan.
    pub severity: RuleSeverity,
    /// First hour from time 0 in which it is not met.
    pub first_h: usize,
    /// Hours in which it is not met; 0: it depends on a figure within its range.
    pub hours: usize,
    /// The hour in which it is furthest from met.
    pub worst_h: usize,
    /// The figure in that hour, in `unit`.
    pub value: f64,
    /// Where the rule would be met, in `unit`.
    pub threshold: f64,
    /// Unit of the figure and of the threshold.
    pub unit: String,
    /// People at the place in that hour.
    pub people: i64,
}

/// How far a value is from its threshold: below 0 it does not hold, and the less the worse.
fn room(threshold: RuleThreshold, value: f64) -> f64 {
    let scale = threshold.value().abs().max(1e-9);
    match threshold {
        RuleThreshold::AtLeast(t) => (value - t) / scale,
        RuleThreshold::AtMost(t) => (t - value) / scale,
    }
}

/// Whether a rule is about a place in a phase.
fn concerns(rule: &Rule, kind: &str, is_later: bool) -> bool {
    let has = |phase: &str| rule.phase.split(' ').any(|p| p == phase || p == "ALL");
    if kind == "zone" { has("O") } else { has("D1") || (has("D2") && is_later) }
}

/// Judges every rule that rests on a figure known by place. Gives what places do not meet, the weakest first, and for each such rule
/// the finding of its weakest place, with all people concerned and where and when that is.
pub fn judge_places(
    rules: &Rulebook,
    dossier: &Dossier<'_>,
    places: &[PlaceSeries],
    context: Context,
) -> (Vec<PlaceFinding>, Vec<AuditFinding>) {
    let (mut all, mut weakest) = (Vec::new(), Vec::new());
    for rule in &rules.0 {
        let RuleTest::Quantitative { threshold, unit, .. } = &rule.test else { continue };
        let mut worst: Option<(f64, AuditFinding)> = None;
        let (mut affected, mut open, mut looked_at) = (0, 0, 0);
        for place in places {
            let Some((hour, below)) = weakest_hour(rule, dossier, place) else { continue };
            looked_at += 1;
            let local = at(dossier, place, hour);
            let mut finding = measured(rule, &local, context);
            let Some(value) = finding.value else { continue };
            finding.place = format!("{} {} in hour {hour}", place.kind, place.place_id);
            if place.kind == "site" {
                finding.assumed.push("people already there: not counted".to_owned());
            }
            let margin = room(*threshold, value.central);
            if let (true, Some(severity)) = (finding.outcome.is_open(), finding.severity) {
                open += 1;
                affected += place.people[hour];
                let (first_h, hours) = below.unwrap_or((hour, 0));
                all.push(PlaceFinding {
                    rule: rule.id.clone(),
                    kind: place.kind,
                    place_id: place.place_id.clone(),
                    outcome: finding.outcome,
                    severity,
                    first_h,
                    hours,
                    worst_h: hour,
                    value: value.central,
                    threshold: threshold.value(),
                    unit: unit.clone(),
                    people: place.people[hour],
                });
            }
            if worst.as_ref().is_none_or(|worst| margin < worst.0) {
                worst = Some((margin, finding));
            }
        }
        if let Some((_, mut finding)) = worst {
            if open > 0 {
                finding.place = format!("{}; not met at {open} of {looked_at} places", finding.place);
                finding.affected_people = Some(FigureRange::count(affected));
            }
            // measures are for the plan as a whole, not for its weakest place
            finding.levers.clear();
            weakest.push(finding);
        }
    }
    // by how many times it misses: a half and a double are equally far
    let missed = |f: &PlaceFinding| -(f.value / f.threshold.max(1e-9)).ln().abs();
    all.sort_by(|a, b| {
        b.severity.cmp(&a.severity).then(missed(a).total_cmp(&missed(b))).then(b.people.cmp(&a.people))
    });
    (all, weakest)
}

/// The hour in which a place is furthest from meeting a rule and, if it does not meet it, the first such hour and how many; `None`
/// where the rule rests on nothing that is known of the place, or nobody is there.
fn weakest_hour(
    rule: &Rule,
    dossier: &Dossier<'_>,
    place: &PlaceSeries,
) -> Option<(usize, Option<(usize, usize)>)> {
    let RuleTest::Quantitative { formula, threshold, applies, .. } = &rule.test else { return None };
    let first = place.people.iter().position(|n| *n > 0)?;
    if rule.in_conflict_only || !concerns(rule, place.kind, true) {
        return None;
    }
    let local = at(dossier, place, first);
    let (base, missing) = local.base(formula);
    let is_about = place.items.iter().any(|(id, _)| base.contains(*id) && !NOT_BY_THEMSELVES.contains(id))
        || place.constants.iter().any(|(id, _)| base.contains(*id) && !NOT_BY_THEMSELVES.contains(id));
    if !missing.is_empty() || !is_about {
        return None;
    }
    if let Some(applies) = applies
        && local.range(applies).is_some_and(|range| range.high <= 0.0)
    {
        return None;
    }
    let mut worst: Option<(f64, usize)> = None;
    let mut below: Option<(usize, usize)> = None;
    let mut before: Option<(BTreeMap<&str, f64>, Option<f64>)> = None;
    for (hour, people) in place.people.iter().enumerate().filter(|(_, people)| **people > 0) {
        if !concerns(rule, place.kind, hour >= place.later_from) {
            continue;
        }
        let mut values: BTreeMap<&str, f64> = place
            .items
            .iter()
            .filter(|(id, _)| base.contains(*id))
            .map(|(id, by_hour)| (*id, by_hour[hour]))
            .collect();
        values.insert(place.people_figure, float(*people));
        let value = match &before {
            Some((known, value)) if *known == values => *value,
            _ => local.value(formula, &values),
        };
        if let Some(value) = value {
            let margin = room(*threshold, value);
            if !threshold.holds(value) {
                below = Some(below.map_or((hour, 1), |(first, count)| (first, count + 1)));
            }
            // of hours that are equally far, the one with most people
            let is_worse = |(least, at): (f64, usize)| {
                margin < least || (margin == least && place.people[hour] > place.people[at])
            };
            if worst.is_none_or(is_worse) {
                worst = Some((margin, hour));
            }
        }
        before = Some((values, value));
    }
    worst.map(|(_, hour)| (hour, below))
}

/// Figures of a place by which alone no rule is about the place.
const NOT_BY_THEMSELVES: [&str; 4] = ["people", "people_there_before", "people_a_tent", "water_loss_share"];

/// The figures of a place in an hour, all others as of the plan.
fn at<'a>(dossier: &Dossier<'a>, place: &PlaceSeries, hour: usize) -> Dossier<'a> {
    let mut local = dossier.clone();
    let mut set = |id: &str, value: f64| {
        let source = format!("{} {}, hour {hour}", place.kind, place.place_id);
        local.set(id, FigureRange::exact(value), FigureOrigin::Computed, source);
    };
    set(place.people_figure, float(place.people[hour]));
    for (id, values) in &place.items {
        set(id, values[hour]);
    }
    for (id, value) in &place.constants {
        set(id, *value);
    }
    local
}
