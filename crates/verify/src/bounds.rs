//! What a family of cuts proves (`docs/reference/semantics.md`, What is made of it): the bound at any time, bounds on
//! times and person-hours.

use crate::certificate::{Proof, Proofs, whole_people};
use crate::cut::{Crossing, UNITS_PER_PERSON};
use crate::finding::Findings;
use crate::loading::Replayed;
use crate::raw::Raw;
use clearway_model::Plan;
use std::collections::BTreeSet;

/// A sum over more steps than this is refused.
const MOST_STEPS: i64 = 20_000_000;
/// ms in an hour.
const MS_PER_HOUR: i128 = 3_600_000;

/// The least whole number of people that is 90 % of them.
pub(crate) fn ninety_percent(people: i64) -> i64 {
    ((i128::from(people) * 9 + 9) / 10) as i64
}

impl Proofs {
    /// L(t) in units of [`UNITS_PER_PERSON`].
    pub fn bound(&self, raw: &Raw, time: i64) -> i128 {
        let all = i128::from(self.network.elements.all_evacuees) * UNITS_PER_PERSON;
        let at = self.cuts.partition_point(|cut| cut.crossing.theta < time);
        let Some(cut) = self.cuts.get(at) else { return all };
        let shifted = self.network.value(raw, &cut.crossing, cut.crossing.theta - time);
        // before the first cut thresholds grow from nothing
        let (nowhere, nothing) = (Crossing::none(), vec![0; self.network.places()]);
        let low = match at.checked_sub(1).map(|before| &self.cuts[before]) {
            Some(before) => (&before.crossing, before.alpha.as_slice()),
            None => (&nowhere, nothing.as_slice()),
        };
        let between = (low.0.theta < cut.crossing.theta)
            .then(|| self.network.value_between(raw, low, (&cut.crossing, &cut.alpha), time))
            .flatten();
        all.min(cut.value).min(shifted.unwrap_or(all)).min(between.unwrap_or(all))
    }

    /// L(t) rounded up to whole people.
    pub fn bound_people(&self, raw: &Raw, time: i64) -> i64 {
        whole_people(self.bound(raw, time)) as i64
    }

    /// The largest theta at which fewer than `people` can have arrived, and its cut; `None` where no plan gets there by
    /// the horizon. 0 if no cut says anything.
    pub fn earliest(&self, raw: &Raw, people: i64) -> (Option<i64>, Option<&Proof>) {
        let below = |cut: &&Proof| cut.value < i128::from(people) * UNITS_PER_PERSON;
        match self.cuts.iter().rev().find(below) {
            None => (Some(0), None),
            Some(cut) if cut.crossing.theta == raw.settings.horizon_ms => (None, Some(cut)),
            Some(cut) => (Some(cut.crossing.theta), Some(cut)),
        }
    }

    /// The bound on person-hours; `None` if the grid has too many steps.
    pub fn person_hours(&self, raw: &Raw, grid_ms: i64) -> Option<f64> {
        let horizon = raw.settings.horizon_ms;
        if grid_ms < 1 || horizon / grid_ms > MOST_STEPS {
            return None;
        }
        let mut times: BTreeSet<i64> = self.cuts.iter().map(|cut| cut.crossing.theta).collect();
        times.extend((1..=horizon / grid_ms).map(|step| step * grid_ms));
        times.insert(horizon);
        let all = i128::from(self.network.elements.all_evacuees) * UNITS_PER_PERSON;
        let mut sum = 0i128;
        let mut last = 0;
        for time in times {
            sum += (all - self.bound(raw, time)) * i128::from(time - last);
            last = time;
        }
        Some(sum as f64 / (UNITS_PER_PERSON * MS_PER_HOUR) as f64)
    }
}

/// No replayed plan beats the bound, by a single person or a millisecond. If one does, either the plan was replayed wrongly or the
/// bound is no limit; both would be a fault of the checker, which is why it is looked at here and not left to trust.
pub(crate) fn check_not_beaten(
    raw: &Raw,
    plan: &Plan,
    replayed: &Replayed,
    families: &[Proofs],
    findings: &mut Findings,
) {
    let most_routes = crate::executable::most_routes(raw, plan);
    for family in families.iter().filter(|family| family.case == plan.case) {
        if family.routes_per_zone.is_some_and(|routes| most_routes > routes as usize) {
            continue;
        }
        for cut in &family.cuts {
            let theta = cut.crossing.theta;
            let arrived = replayed.arrived_before(theta);
            if i128::from(arrived) * UNITS_PER_PERSON > cut.value {
                let place = format!("{} at {theta} ms", family.family);
                let most = whole_people(cut.value);
                findings.add(
                    "bound.beaten",
                    place,
                    arrived,
                    most,
                    "more people arrived than any plan can bring",
                );
            }
        }
        if let Some(whole) = &family.whole {
            let (arrived, all) = (replayed.arrived_before(whole.theta), family.network.elements.all_evacuees);
            if arrived == all && all > 0 {
                let place = format!("{}, unsplittable zones, at {} ms", family.family, whole.theta);
                findings.add(
                    "bound.beaten",
                    place,
                    arrived,
                    all - 1,
                    "everybody arrived before any plan can bring them",
                );
            }
        }
    }
}
