//! A bound that begins with what is known of another scenario: the thresholds of a plan that is being carried out, at the times that are
//! left. Any thresholds prove something; those of the old plan prove nearly the best where little has changed, and are improved from there.

use crate::certify::{CertifiedBound, Tick, place_name};
use clearway_flow::{
    BoundCurve, CUT_UNITS_PER_PERSON, CutEffort, CutSearch, ReducedProblem, ThresholdCut, cut_value,
};
use clearway_model::number::{float, narrow};
use clearway_model::{Family, Scenario};
use clearway_network::{FlowPlaces, Network};
use std::collections::HashMap;
use std::sync::Arc;

/// Steps of thresholds, as parts of the time.
const FINENESS: i64 = 4096;
/// How often the times of 90 % and all are looked for between two cuts.
const PROBES: u32 = 5;

/// Thresholds of a family of cuts, in times of a scenario that begins later.
#[derive(Debug, Clone, Default)]
pub struct KnownThresholds {
    /// Number of each place.
    places: HashMap<String, usize>,
    /// Time and thresholds of each cut, ms, ascending.
    cuts: Vec<(i64, Vec<i64>)>,
}

impl KnownThresholds {
    /// Those of a family, for a scenario whose time 0 is at `at` (ms of the family's).
    pub fn later(family: &Family, at: i64) -> Self {
        let places =
            family.places.iter().enumerate().map(|(number, place)| (place.clone(), number)).collect();
        let base = |place: usize| family.base_ms.get(place).copied().unwrap_or(0);
        let cuts = family
            .cuts
            .iter()
            .filter(|cut| cut.theta_ms > at)
            .map(|cut| {
                let values = cut.k.iter().flat_map(|&(count, value)| {
                    std::iter::repeat_n(value, usize::try_from(count).unwrap_or(0))
                });
                let alpha = values.take(family.places.len()).enumerate().map(|(place, value)| {
                    let threshold = value.saturating_mul(family.unit_ms).saturating_sub(base(place));
                    (threshold.clamp(0, cut.theta_ms) - at).max(0)
                });
                (cut.theta_ms - at, alpha.collect())
            })
            .collect();
        Self { places, cuts }
    }

    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.cuts.is_empty()
    }

    /// Time of the last cut, ms; `None`: nothing is known.
    pub fn last(&self) -> Option<i64> {
        self.cuts.last().map(|cut| cut.0)
    }

    /// The cuts for a flow problem; places that are not known begin at 0.
    fn cuts_for(&self, scenario: &Scenario, network: &Network, places: &FlowPlaces) -> Vec<ThresholdCut> {
        let known: Vec<Option<usize>> = places
            .place
            .iter()
            .map(|place| self.places.get(&place_name(scenario, network, (*place)?)).copied())
            .collect();
        self.cuts
            .iter()
            .map(|(theta, alpha)| {
                let of =
                    |place: &Option<usize>| place.and_then(|place| alpha.get(place)).copied().unwrap_or(0);
                ThresholdCut { theta: *theta, alpha: known.iter().map(of).collect(), value: i128::MAX }
            })
            .collect()
    }
}

impl CertifiedBound {
    /// Computes the bound of a family from known thresholds: a cut at the time of each, improved, and the times of 90 % and all.
    pub fn from_known(
        scenario: &Scenario,
        network: impl Into<Arc<Network>>,
        routes_per_zone: Option<u32>,
        known: &KnownThresholds,
        tick: Tick<'_>,
    ) -> Self {
        let network = network.into();
        let places = network.flow_problem(routes_per_zone);
        let reduced = ReducedProblem::new(&places.problem, &places.free);
        let given: Vec<ThresholdCut> = known
            .cuts_for(scenario, &network, &places)
            .into_iter()
            .filter(|cut| cut.theta < network.horizon)
            .map(|cut| ThresholdCut { alpha: reduced.restrict(&cut.alpha), ..cut })
            .collect();
        let mut curve = curve_from(&reduced, &given, network.evacuees(), tick);
        curve.cuts.retain_mut(|cut| {
            cut.alpha = reduced.expand(&cut.alpha, cut.theta);
            cut_value(&places.problem, &cut.alpha, cut.theta).map(|value| cut.value = value).is_some()
        });
        Self::of_curve(network, routes_per_zone, places, curve)
    }
}

/// Cuts at the times of known ones until everybody who ever can may have arrived, and at the horizon.
fn curve_from(reduced: &ReducedProblem, given: &[ThresholdCut], people: i64, tick: Tick<'_>) -> BoundCurve {
    let mut curve = BoundCurve::default();
    if people == 0 {
        (curve.t90, curve.t100, curve.t_ever) = (Some(0), Some(0), Some(0));
        return curve;
    }
    let search = CutSearch::new(&reduced.problem, &reduced.free);
    let horizon = search.horizon();
    let all = i128::from(people) * CUT_UNITS_PER_PERSON;
    let end = search.at(horizon, &[], CutEffort::Far((horizon / FINENESS).max(1)));
    let most = end.value.min(all);
    for (number, near) in given.iter().enumerate() {
        if tick(float(number) / float(given.len())).is_break() {
            curve.interrupted = true;
            break;
        }
        let effort = CutEffort::Near((near.theta / FINENESS).max(1));
        let last = curve.cuts.last();
        let beginnings: Vec<&ThresholdCut> = [near].into_iter().chain(last).collect();
        let cut = search.at(near.theta, &beginnings, effort);
        let is_over = cut.value >= most;
        curve.cuts.push(cut);
        if is_over {
            break;
        }
    }
    curve.cuts.push(end);
    curve.ever = narrow(most / CUT_UNITS_PER_PERSON);
    let goals = [(people * 9 + 9) / 10, people, curve.ever];
    let mut times = [None; 3];
    for (goal, time) in goals.into_iter().zip(&mut times) {
        if !curve.interrupted {
            *time = goal_time(&search, &mut curve.cuts, i128::from(goal) * CUT_UNITS_PER_PERSON);
        }
    }
    [curve.t90, curve.t100, curve.t_ever] = times;
    if curve.ever >= people || curve.ever == 0 {
        curve.t_ever = curve.t100;
    }
    curve.cuts.retain(|cut| cut.value < all);
    curve
}

/// The last time found before which `need` cannot have arrived, its proof put among the cuts; `None`: not within the horizon.
fn goal_time(search: &CutSearch<'_>, cuts: &mut Vec<ThresholdCut>, need: i128) -> Option<i64> {
    let index = cuts.partition_point(|cut| cut.value < need);
    let mut high = cuts.get(index)?.theta;
    let Some(mut best) = index.checked_sub(1).map(|before| cuts[before].clone()) else { return Some(0) };
    for _ in 0..PROBES {
        if let Some(later) = search.latest_proof(&best, high, need) {
            best = later;
        }
        let middle = best.theta + (high - best.theta) / 2;
        if middle <= best.theta {
            break;
        }
        let cut = search.at(middle, &[&best], CutEffort::Near((middle / FINENESS).max(1)));
        if cut.value < need {
            best = cut;
        } else {
            high = middle;
        }
    }
    if let Some(later) = search.latest_proof(&best, high, need) {
        best = later;
    }
    let theta = best.theta;
    let at = cuts.partition_point(|known| known.theta < theta);
    match cuts.get_mut(at) {
        Some(known) if known.theta == theta => {
            if best.value < known.value {
                *known = best;
            }
        }
        _ => cuts.insert(at, best),
    }
    Some(theta)
}
