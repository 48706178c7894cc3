//! The bound of the fleet (`docs/reference/multimodal.md`, The fleet's bound).

use super::given::{RawGroup, RawMultimodal, RawVehicleType};
use super::streets::{FleetRoads, ShortestTrips, rounds};
use crate::elements::share_before;
use crate::figures::seconds;
use crate::number::{self, real};
use crate::raw::{RawScenario, RawTarget};
use crate::spans::TimeSpans;
use clearway_model::{Case, Figure, Means};

/// What bounds are made of.
pub(crate) struct CheckedFleetBounds<'a> {
    pub raw: &'a RawScenario,
    pub given: &'a RawMultimodal,
    pub fleet: &'a FleetRoads,
    /// Shortest trips per type of vehicle.
    rounds: Vec<ShortestTrips>,
}

/// One type of vehicle that has places of the kind asked for.
struct UsableVehicles<'a> {
    kind: &'a RawVehicleType,
    count: i64,
    places: i64,
    /// For each group that it can reach: ms from one trip to it to the next, and the people of the group; ascending.
    jobs: Vec<(i64, i64)>,
    /// Least time from leaving the depot until the first people are received, ms.
    first: i64,
    /// Most that a trip from the depot takes less than the one from a site that `jobs` count, ms.
    saved: i64,
    /// Longest that a vehicle may still be at a trip after the roads have closed, ms.
    standing: i64,
}

/// The bound for people who need one kind of place.
pub(crate) struct CheckedFleetBound<'a> {
    able: Vec<UsableVehicles<'a>>,
    /// Group, and the least time from ready to received.
    groups: Vec<(&'a RawGroup, i64)>,
    case: Case,
    raw: &'a RawScenario,
    open: Option<TimeSpans>,
    pub evacuees: i64,
}

/// Those of a group who are to move.
fn evacuees(group: &RawGroup, case: Case) -> i64 {
    let people = Figure::new(group.people, group.low, group.high).less_is_better(case);
    (people - group.stay.unwrap_or(0)).max(0)
}

impl<'a> CheckedFleetBounds<'a> {
    /// Looks up the shortest trips.
    pub fn new(raw: &'a RawScenario, given: &'a RawMultimodal, fleet: &'a FleetRoads) -> Self {
        let kinds = given.fleet.iter().zip(&fleet.streets);
        let rounds = kinds.map(|(kind, streets)| rounds(raw, given, streets, kind.depot)).collect();
        Self { raw, given, fleet, rounds }
    }

    /// The bound for one of [`Means::FLEET`].
    pub fn of(&self, means: Means) -> CheckedFleetBound<'a> {
        let slot = Means::FLEET.iter().position(|m| *m == means).unwrap_or(0);
        let groups: Vec<&RawGroup> =
            self.given.groups.iter().filter(|g| g.means == means && g.people > 0).collect();
        let case = self.fleet.case;
        let all = &self.rounds;
        let mut able = Vec::new();
        let mut least: Vec<Option<i64>> = vec![None; groups.len()];
        for (index, kind) in self.given.fleet.iter().enumerate().filter(|(_, k)| k.places[slot] > 0) {
            let round = &all[index];
            let mut jobs = Vec::new();
            let (mut first, mut saved) = (None::<i64>, None::<i64>);
            for (at, group) in groups.iter().enumerate() {
                let (zone, depot) = (group.zone, round.first.get(&group.zone));
                let Some(out) = round.out.get(&zone) else { continue };
                let standing = kind.load + out + kind.unload;
                if let Some(depot) = depot {
                    let begin = depot + standing;
                    first = Some(first.map_or(begin, |f| f.min(begin)));
                    let gain = round.back.get(&zone).unwrap_or(depot) - depot;
                    saved = Some(saved.map_or(gain, |s| s.max(gain)));
                }
                let Some(back) = round.back.get(&zone).or(depot) else { continue };
                jobs.push((back + standing, evacuees(group, case)));
                least[at] = Some(least[at].map_or(standing, |l| l.min(standing)));
            }
            jobs.sort_unstable();
            let elements = &self.fleet.streets[index].elements;
            let links = elements.links.iter().flatten().map(|e| e.tau);
            let longest = links.chain(elements.connectors.iter().map(|e| e.tau)).max().unwrap_or(0);
            let standing = longest * 5 + kind.load + kind.unload;
            if let (Some(first), false) = (first, jobs.is_empty()) {
                let saved = saved.unwrap_or(0);
                let count = if case == Case::Optimistic { kind.count_high } else { kind.count };
                able.push(UsableVehicles {
                    kind,
                    count,
                    places: kind.places[slot],
                    jobs,
                    first,
                    saved,
                    standing,
                });
            }
        }
        let without_link = all.iter().any(|r| r.without_link);
        CheckedFleetBound {
            able,
            evacuees: groups.iter().map(|g| evacuees(g, case)).sum(),
            case,
            groups: groups.into_iter().zip(least).filter_map(|(g, l)| Some((g, l?))).collect(),
            raw: self.raw,
            open: if without_link { None } else { open_times(self.raw) },
        }
    }
}

/// Times within the windows that name all links, where no link has one of its own.
fn open_times(raw: &RawScenario) -> Option<TimeSpans> {
    if raw.windows.iter().any(|w| matches!(w.target, RawTarget::Link(_)) && !w.presence) {
        return None;
    }
    let all: Vec<_> = raw.windows.iter().filter(|w| w.target == RawTarget::AllLinks && !w.presence).collect();
    if all.is_empty() {
        return None;
    }
    Some(TimeSpans::union(all.iter().flat_map(|w| w.times.iter().copied()).collect()))
}

impl CheckedFleetBound<'_> {
    /// Most people received strictly before `theta`, ms.
    pub fn people(&self, theta: i64) -> i64 {
        let theta = theta.min(self.raw.settings.horizon_ms);
        let by_vehicles: i64 = self.able.iter().map(|able| self.by_vehicles(able, theta)).sum();
        let ready: i64 = self
            .groups
            .iter()
            .filter(|(_, least)| *least < theta)
            .map(|(group, least)| {
                let share = match group.release {
                    None => 1.0,
                    Some(curve) => {
                        let rows = &self.raw.releases[curve];
                        let t = theta - least - 1;
                        // A jump at t counts.
                        let jump = rows.iter().rev().find(|r| r.0 == t).map_or(0.0, |r| r.1);
                        share_before(rows, t).max(jump)
                    }
                };
                let most = evacuees(group, self.case);
                number::whole((real(most) * share + 1e-6).ceil()).min(most)
            })
            .sum();
        by_vehicles.min(ready).min(self.evacuees)
    }

    fn by_vehicles(&self, able: &UsableVehicles<'_>, theta: i64) -> i64 {
        let kind = able.kind;
        let until = kind.until.map_or(theta - 1, |until| until.min(theta - 1));
        let time = self.at_work(able, kind.from, until);
        if time < able.first {
            return 0;
        }
        let budget = time + able.saved;
        // Trips that take no time are without number, and take nothing of the time there is.
        let by_rounds = match able.jobs[0].0 {
            ..=0 => None,
            shortest => {
                Some(i128::from(budget / shortest) * i128::from(able.places) * i128::from(able.count))
            }
        };
        let mut left = i128::from(budget) * i128::from(able.places) * i128::from(able.count);
        let mut by_time = 0;
        for &(cycle, people) in &able.jobs {
            let cycle = i128::from(cycle.max(0));
            let some = match cycle {
                0 => i128::from(people),
                _ => i128::from(people).min(left / cycle),
            };
            by_time += some;
            left -= some * cycle;
            if some < i128::from(people) {
                break;
            }
        }
        number::narrow(by_rounds.map_or(by_time, |most| most.min(by_time)))
    }

    fn at_work(&self, able: &UsableVehicles<'_>, from: i64, until: i64) -> i64 {
        let span = (until - from).max(0);
        let by_hours = match (able.kind.duty, able.kind.rest) {
            (None, _) => span,
            (Some(most), None) => span.min(most),
            (Some(most), Some(rest)) => {
                let turn = (most + rest).max(1);
                span / turn * most + (span % turn).min(most)
            }
        };
        let Some(open) = &self.open else { return by_hours };
        let end = until.max(from);
        // Before the first opening, between two, and after the last one a vehicle only ends what it is at.
        let mut by_roads = 0;
        let mut shut_from = from;
        for &(begin, close) in &open.0 {
            if close <= from || begin >= end {
                continue;
            }
            by_roads += (begin - shut_from).clamp(0, able.standing);
            by_roads += close.min(end) - begin.max(from);
            shut_from = close.min(end);
        }
        by_roads += (end - shut_from).clamp(0, able.standing);
        by_hours.min(by_roads)
    }

    /// The last time before which so many cannot have been received, s; `None`: not by the horizon.
    pub fn earliest_s(&self, count: i64) -> Option<f64> {
        if count <= 0 {
            return Some(0.0);
        }
        let horizon = self.raw.settings.horizon_ms;
        if self.people(horizon) < count {
            return None;
        }
        let (mut low, mut high) = (0, horizon);
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if self.people(middle) >= count { high = middle } else { low = middle }
        }
        Some(seconds(low))
    }

    /// Least time of people not yet received, person-hours.
    pub fn person_hours(&self) -> f64 {
        let horizon = self.raw.settings.horizon_ms;
        let long = self.earliest_s(self.evacuees).map_or(horizon, |s| number::whole(s * 1000.0));
        let grid = (long / 1_000_000).clamp(1, 600) * 1000;
        let mut sum = 0.0;
        let mut before = 0;
        while before < horizon && self.people(before) < self.evacuees {
            let t = (before + grid).min(horizon);
            sum += real(self.evacuees - self.people(t)) * real(t - before);
            before = t;
        }
        sum / 3.6e6
    }
}
