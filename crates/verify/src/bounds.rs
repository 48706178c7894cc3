//! What a family of cuts proves (`docs/reference/semantics.md`, What is made of it): the bound at any time, bounds on
//! times and person-hours.

use crate::certificate::{CheckedCut, CheckedFamily, whole_people};
use crate::cut::{CutIntervals, UNITS_PER_PERSON};
use crate::finding::CheckFindings;
use crate::loading::LoadingResult;
use crate::number::{count, narrow, real_sum};
use crate::raw::RawScenario;
use clearway_model::Plan;
use std::collections::BTreeSet;

/// A sum over more steps than this is refused.
const MOST_STEPS: i64 = 20_000_000;
/// ms in an hour.
const MS_PER_HOUR: i128 = 3_600_000;

/// The least whole number of people that is 90 % of them.
pub(crate) fn ninety_percent(people: i64) -> i64 {
    narrow((i128::from(people) * 9 + 9) / 10)
}

impl CheckedFamily {
    /// L(t) in units of [`UNITS_PER_PERSON`].
    pub fn bound(&self, raw: &RawScenario, time: i64) -> i128 {
        let all = i128::from(self.network.elements.all_evacuees) * UNITS_PER_PERSON;
        let at = self.cuts.partition_point(|cut| cut.crossing.theta < time);
        let Some(cut) = self.cuts.get(at) else { return all };
        let shifted = self.network.value(raw, &cut.crossing, cut.crossing.theta - time);
        // before the first cut thresholds grow from nothing
        let (nowhere, nothing) = (CutIntervals::none(), vec![0; self.network.places()]);
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
    pub fn bound_people(&self, raw: &RawScenario, time: i64) -> i64 {
        narrow(whole_people(self.bound(raw, time)))
    }

    /// The largest theta at which fewer than `people` can have arrived, and its cut; `None` where no plan gets there by
    /// the horizon. 0 if no cut says anything.
    pub fn earliest(&self, raw: &RawScenario, people: i64) -> (Option<i64>, Option<&CheckedCut>) {
        let below = |cut: &&CheckedCut| cut.value < i128::from(people) * UNITS_PER_PERSON;
        match self.cuts.iter().rev().find(below) {
            None => (Some(0), None),
            Some(cut) if cut.crossing.theta == raw.settings.horizon_ms => (None, Some(cut)),
            Some(cut) => (Some(cut.crossing.theta), Some(cut)),
        }
    }

    /// The bound on person-hours; `None` if the grid has too many steps.
    pub fn person_hours(&self, raw: &RawScenario, grid_ms: i64) -> Option<f64> {
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
        Some(real_sum(sum) / real_sum(UNITS_PER_PERSON * MS_PER_HOUR))
    }
}

/// No plan that was loaded beats the bound, by a single person or a millisecond. If one does, either the plan was loaded wrongly or the
/// bound is none; both would be a fault of the checker, which is why it is looked at here and not left to trust.
pub(crate) fn check_not_beaten(
    raw: &RawScenario,
    plan: &Plan,
    replayed: &LoadingResult,
    families: &[CheckedFamily],
    findings: &mut CheckFindings,
) {
    let most_routes = crate::executable::most_routes(raw, plan);
    for family in families.iter().filter(|family| family.case == plan.case) {
        if family.routes_per_zone.is_some_and(|routes| count(most_routes) > routes.into()) {
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
