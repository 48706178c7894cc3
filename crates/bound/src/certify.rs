//! The bound as a family of cuts: computed by the engine, stated as thresholds per place, read off as bounds.

use crate::{BoundTask, element_name};
pub(crate) use clearway_flow::Progress as Tick;
use clearway_flow::{
    BoundCurve, CUT_UNITS_PER_PERSON, FlowProblem, ThresholdCut, UnsplittableBound, cut_terms, cut_value,
    duration, repair_thresholds,
};
use clearway_model::number::{self, length};
use clearway_model::time::{MS_PER_SECOND, seconds};
use clearway_model::{Bounds, Case, Certificate, Scenario, UnsplittableZones};
use clearway_network::{ElementIndex, ElementKind, FlowPlaces, Network, ThresholdPlace};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The bound of one family of cuts: what it proves of all plans, or of those with few routes.
#[derive(Debug)]
pub struct CertifiedBound {
    /// Which value of each range it takes.
    pub case: Case,
    /// Most routes per zone of the plans that it holds for; `None`: of all plans.
    pub routes_per_zone: Option<u32>,
    /// The network in that case; bounds of one network share it.
    pub network: Arc<Network>,
    /// Its flow problem, with the limit on routes.
    pub places: Arc<FlowPlaces>,
    /// The cuts by ascending theta, and the times that they prove.
    pub curve: BoundCurve,
    /// With one route a zone: why unsplittable zones do not fit by a later time; arcs are those of the problem without a route limit.
    pub whole: Option<UnsplittableBound>,
}

/// How finely to compute, from a coarse look at how long the movement takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BoundFineness {
    /// Distance of the cuts, ms.
    pub every: i64,
    /// Step of the flow that the first mix comes from, ms.
    pub step: i64,
    /// About how long the movement takes, ms.
    pub long: i64,
}

/// How finely to compute the bound of a problem and the flow beside it.
pub fn fineness(places: &FlowPlaces) -> BoundFineness {
    BoundFineness::of(&places.problem, duration(&places.problem, &places.free))
}

impl BoundFineness {
    /// Cuts are at equal parts of the movement, of round length, at least two dozen in all and more on small networks, where
    /// they cost nothing; in between thresholds are interpolated. The flow's steps are about as many. `long` is about how long the
    /// movement takes, ms.
    pub(crate) fn of(problem: &FlowProblem, long: i64) -> Self {
        let (long, arcs) = (long.max(1), length(problem.arcs.len().max(1)));
        const ROUND: [i64; 16] = [1, 2, 5, 10, 15, 30, 60, 120, 180, 300, 600, 900, 1200, 1800, 3600, 7200];
        let round =
            |ms: i64| ROUND.into_iter().rev().find(|s| s * MS_PER_SECOND <= ms).unwrap_or(1) * MS_PER_SECOND;
        Self {
            every: round(long / (1_500_000 / arcs).clamp(24, 120)),
            step: round(long / (2_000_000 / arcs).clamp(20, 100)),
            long,
        }
    }

    /// Everything this many times as long.
    pub fn coarser(self, times: u32) -> Self {
        let times = i64::from(times.max(1));
        Self { every: self.every * times, step: self.step * times, ..self }
    }
}

impl CertifiedBound {
    /// The family without any cut: all that it says is that nobody arrives before time 0.
    pub fn blank(network: impl Into<Arc<Network>>, routes_per_zone: Option<u32>) -> Self {
        let network = network.into();
        let places = network.flow_problem(routes_per_zone);
        Self {
            case: network.case,
            routes_per_zone,
            network,
            places: Arc::new(places),
            curve: BoundCurve::default(),
            whole: None,
        }
    }

    /// Computes the bound of a family.
    pub fn new(
        network: impl Into<Arc<Network>>,
        routes_per_zone: Option<u32>,
        fineness: BoundFineness,
        tick: Tick<'_>,
    ) -> Self {
        BoundTask::new(network, routes_per_zone).bound(fineness, tick)
    }

    /// A bound of cuts that were found: thresholds as they are written, and with one route a zone why unsplittable zones do not fit.
    pub(crate) fn of_curve(
        network: Arc<Network>,
        routes_per_zone: Option<u32>,
        places: FlowPlaces,
        mut curve: BoundCurve,
    ) -> Self {
        as_written(&places, &mut curve);
        Self { case: network.case, routes_per_zone, network, places: Arc::new(places), curve, whole: None }
    }

    /// The same bound stated for plans with at most so many routes a zone: they are among all plans.
    pub fn with_routes(&self, routes: u32) -> Self {
        let (network, mut curve) = (Arc::clone(&self.network), self.curve.clone());
        let places = network.flow_problem(Some(routes));
        let known: BTreeMap<ThresholdPlace, usize> =
            (0..self.places.place.len()).filter_map(|v| Some((self.places.place[v]?, v))).collect();
        // What is here no place of its own: at a gate nobody is held back, and free places follow from the others.
        let here = |place: ThresholdPlace| match place {
            ThresholdPlace::Gate(zone) => known.get(&ThresholdPlace::Zone(zone)),
            place => known.get(&place),
        };
        let from: Vec<Option<usize>> =
            places.place.iter().map(|place| place.and_then(here).copied()).collect();
        curve.cuts.par_iter_mut().for_each(|cut| {
            cut.alpha = from.iter().map(|v| v.map_or(0, |v| cut.alpha[v])).collect();
            repair_thresholds(&places.problem, &mut cut.alpha, cut.theta, &places.free);
        });
        // The same thresholds may prove a little more.
        as_written(&places, &mut curve);
        let places = Arc::new(places);
        Self { case: self.case, routes_per_zone: Some(routes), network, places, curve, whole: None }
    }

    pub(crate) fn people(&self) -> i64 {
        self.network.evacuees()
    }

    /// The cut with the largest theta that keeps fewer than `people` from arriving; `None` if no cut does.
    pub fn last_below(&self, people: i64) -> Option<&ThresholdCut> {
        let need = i128::from(people) * CUT_UNITS_PER_PERSON;
        self.curve.cuts.iter().rev().find(|cut| cut.value < need)
    }

    /// No plan brings `people` before this, s; `None`: not within the horizon.
    pub fn earliest_s(&self, people: i64) -> Option<f64> {
        match self.last_below(people) {
            None => Some(0.0),
            Some(cut) if cut.theta == self.network.horizon => None,
            Some(cut) => Some(seconds(cut.theta)),
        }
    }

    /// No plan has brought everybody before this, s; `None`: not within the horizon.
    pub fn clearance_s(&self) -> Option<f64> {
        let by_cuts = self.earliest_s(self.people())?;
        match &self.whole {
            Some(whole) if whole.theta == self.network.horizon => None,
            Some(whole) => Some(by_cuts.max(seconds(whole.theta))),
            None => Some(by_cuts),
        }
    }

    /// What the family proves of clearance time, of 90 % and of person-hours, these on a grid of `grid` ms.
    pub fn bounds(&self, grid: i64) -> Bounds {
        let people = self.people();
        Bounds {
            clearance_s: self.clearance_s(),
            t90_s: self.earliest_s((people * 9 + 9) / 10),
            person_hours: Some(self.person_hours(grid)),
        }
    }

    /// Name of the family in the certificate.
    pub fn name(&self) -> String {
        match (self.routes_per_zone, self.case) {
            (Some(routes), _) => format!("routes-{routes}"),
            (None, Case::Central) => "central".to_owned(),
            (None, Case::Optimistic) => "optimistic".to_owned(),
            (None, Case::Pessimistic) => "low".to_owned(),
        }
    }

    /// The family as it stands in the certificate.
    pub fn family(&self, scenario: &Scenario) -> clearway_model::Family {
        let name = |place: ThresholdPlace| place_name(scenario, &self.network, place);
        // Places that are at 0 in every cut say nothing and are left out.
        let listed: Vec<(usize, ThresholdPlace)> = (0..self.places.problem.vertices)
            .filter(|&v| self.curve.cuts.iter().any(|cut| cut.alpha[v] > 0))
            .filter_map(|v| Some((v, self.places.place[v]?)))
            .collect();
        let cuts = self
            .curve
            .cuts
            .par_iter()
            .map(|cut| clearway_model::Cut {
                theta_ms: cut.theta,
                k: run_lengths(listed.iter().map(|&(v, _)| cut.alpha[v])),
                bound_people: whole_people(cut.value),
            })
            .collect();
        clearway_model::Family {
            family: self.name(),
            case: self.case,
            routes_per_zone: self.routes_per_zone,
            places: listed.iter().map(|&(_, place)| name(place)).collect(),
            unit_ms: 1,
            base_ms: vec![0; listed.len()],
            cuts,
            unsplittable_zones: self.whole.as_ref().map(|whole| self.unsplittable_zones(scenario, whole)),
        }
    }

    fn unsplittable_zones(&self, scenario: &Scenario, whole: &UnsplittableBound) -> UnsplittableZones {
        let elements = self.network.flow_problem(None).element;
        let cut_arc = |&arc: &u32| {
            let name = element_name(scenario, &self.network, elements[number::index(arc)]?);
            Some(format!("{}:{}", name.kind, name.id))
        };
        let weight =
            |&(zone, weight): &(u32, u64)| (scenario.zones[number::index(zone)].zone_id.clone(), weight);
        UnsplittableZones {
            theta_ms: whole.theta,
            cut_arcs: whole.cut_arcs.iter().filter_map(cut_arc).collect(),
            weights: whole.weights.iter().map(weight).collect(),
            unit_people: whole.unit,
        }
    }

    /// Elements with positive terms in a cut, in the order of the arcs.
    pub fn terms(&self, cut: &ThresholdCut) -> Vec<CutTerm> {
        let problem = &self.places.problem;
        let mut capacity = vec![None; problem.vertices];
        for terminal in &problem.terminals {
            capacity[number::index(terminal.vertex)] = Some(terminal.capacity);
        }
        let mut terms: Vec<CutTerm> = Vec::new();
        for (arc, from, until, units) in cut_terms(problem, &cut.alpha, cut.theta) {
            let arc = number::index(arc);
            let Some(element) = self.places.element[arc] else { continue };
            let units = match capacity[number::index(problem.arcs[arc].head)] {
                Some(Some(people)) => units.min(i128::from(people) * CUT_UNITS_PER_PERSON),
                _ => units,
            };
            if units > 0 {
                terms.push(CutTerm { element, from, until, units });
            }
        }
        // Sites without an admission rate whose capacity is the term.
        for site in &self.network.sites {
            let (Some(people), admission) = (site.capacity, site.admission) else { continue };
            let arc = self.places.element.iter().position(|e| *e == Some(admission));
            let Some(arc) = arc.map(|a| &problem.arcs[a]).filter(|a| a.rate.is_none()) else { continue };
            let from = cut.alpha[number::index(arc.tail)];
            if people > 0 && arc.open.length_within(from, cut.theta) > 0 {
                let units = i128::from(people) * CUT_UNITS_PER_PERSON;
                terms.push(CutTerm { element: admission, from, until: cut.theta, units });
            }
        }
        terms
    }
}

/// What a place is called in a certificate.
pub(crate) fn place_name(scenario: &Scenario, network: &Network, place: ThresholdPlace) -> String {
    match place {
        ThresholdPlace::Node(n) => format!("node:{}", scenario.nodes[n.row()].node_id),
        ThresholdPlace::Zone(z) => format!("zone:{}", scenario.zones[z.row()].zone_id),
        ThresholdPlace::Gate(z) => format!("gate:{}", scenario.zones[z.row()].zone_id),
        ThresholdPlace::Site(s) => format!("site:{}", scenario.sites[s.row()].site_id),
        ThresholdPlace::Turn(element) => match network.elements[element].kind {
            ElementKind::Link(row) => format!("turn:{}", scenario.links[row].link_id),
            _ => String::new(),
        },
    }
}

/// What one element lets through in a cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CutTerm {
    /// The element that people enter.
    pub element: ElementIndex,
    /// From when on what enters it counts, ms.
    pub from: i64,
    /// Until when what enters it counts, ms.
    pub until: i64,
    /// How much enters meanwhile at the most, in cut units ([`CUT_UNITS_PER_PERSON`]).
    pub units: i128,
}

/// Makes each cut what a reader of the certificate makes of it: thresholds between 0 and theta, where several places lead into a
/// link the smallest of theirs, and the value of these. Everything that is said of a cut afterwards (bottlenecks, bounds) is then
/// said of the thresholds that are written.
pub(crate) fn as_written(places: &FlowPlaces, curve: &mut BoundCurve) {
    let problem = &places.problem;
    let mut is_free = vec![false; problem.vertices];
    for &vertex in &places.free {
        is_free[number::index(vertex)] = true;
    }
    let into: Vec<(usize, usize)> = problem
        .arcs
        .iter()
        .map(|arc| (number::index(arc.tail), number::index(arc.head)))
        .filter(|&(_, head)| is_free[head])
        .collect();
    curve.cuts = (std::mem::take(&mut curve.cuts).into_par_iter())
        .filter_map(|mut cut| {
            for (vertex, alpha) in cut.alpha.iter_mut().enumerate() {
                *alpha = if is_free[vertex] { cut.theta } else { (*alpha).clamp(0, cut.theta) };
            }
            for &(tail, head) in &into {
                cut.alpha[head] = cut.alpha[head].min(cut.alpha[tail]);
            }
            cut.value = cut_value(problem, &cut.alpha, cut.theta)?;
            Some(cut)
        })
        .collect();
}

/// `certificate.json`: the families of some bounds, person-hours on a grid of `grid` ms.
pub fn certificate(scenario: &Scenario, proven_bounds: &[&CertifiedBound], grid: i64) -> Certificate {
    Certificate {
        schema: Certificate::SCHEMA.to_owned(),
        scenario: scenario.digest.clone(),
        grid_ms: grid,
        families: proven_bounds.par_iter().map(|bound| bound.family(scenario)).collect(),
    }
}

/// People in cut units, rounded up.
pub fn whole_people(units: i128) -> i64 {
    number::narrow((units + CUT_UNITS_PER_PERSON - 1) / CUT_UNITS_PER_PERSON)
}

/// Values that follow each other, each with how often it comes in a row.
fn run_lengths(values: impl Iterator<Item = i64>) -> Vec<(u64, i64)> {
    let mut runs: Vec<(u64, i64)> = Vec::new();
    for value in values {
        match runs.last_mut() {
            Some(last) if last.1 == value => last.0 += 1,
            _ => runs.push((1, value)),
        }
    }
    runs
}
