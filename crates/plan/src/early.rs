//! Ending a computation early: the bound that is known by then, without orders.

use crate::answer::{PlanAnswer, grid, on_threads, other_bounds, own_routes, packet_of};
use crate::figures::{self, PlanFigures};
use crate::options::{PlanError, PlanOptions, Progress};
use clearway_bound::BoundTask;
use clearway_bound::certify::{CertifiedBound, certificate};
use clearway_bound::latest::latest_bounds;
use clearway_loading::exact::ExactLoading;
use clearway_loading::path::PathPool;
use clearway_model::{Bounds, Cancel, Case, NotMoved, Outcome, Reason, Scenario};
use clearway_network::Network;
use std::ops::ControlFlow;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

/// Step of the grid on which person-hours are summed, ms.
const GRID: i64 = 600_000;

/// Which of the three families of cuts of a computation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BoundFamily {
    /// The one the bounds come from.
    Central,
    /// Every figure at its optimistic end.
    Optimistic,
    /// With few routes per zone.
    Class,
}

/// Shared by a computation and whoever may end it: the wish to end, and the bounds that are there so far.
#[derive(Debug, Default)]
pub struct EarlyEnd {
    cancel: Cancel,
    state: Mutex<BoundsState>,
    changed: Condvar,
}

/// What a computation has come to.
#[derive(Debug, Default)]
struct BoundsState {
    /// How many bounds are being computed.
    running: usize,
    /// The bounds that are there, by [`BoundFamily`].
    bounds: [Option<Arc<CertifiedBound>>; 3],
}

/// The bounds known so far.
#[derive(Debug, Clone)]
pub struct KnownBounds {
    central: Arc<CertifiedBound>,
    optimistic: Option<Arc<CertifiedBound>>,
    class: Option<Arc<CertifiedBound>>,
}

impl KnownBounds {
    /// Before when nobody can be through, by the cuts known so far; person-hours are summed up at the end alone.
    pub fn bounds_so_far(&self) -> Bounds {
        let evacuees = self.central.network.evacuees();
        let earliest = |people: i64| self.central.earliest_s(people);
        Bounds {
            clearance_s: earliest(evacuees),
            t90_s: earliest((evacuees * 9 + 9) / 10),
            person_hours: None,
        }
    }
}

impl EarlyEnd {
    /// One that ends with a wish.
    pub fn new(cancel: Cancel) -> Self {
        Self { cancel, ..Self::default() }
    }

    /// The wish to end.
    pub fn cancel(&self) -> &Cancel {
        &self.cancel
    }

    /// Asks the computation to end.
    pub fn end(&self) {
        self.cancel.cancel();
    }

    /// Whether the computation is to go on.
    pub fn go_on(&self) -> ControlFlow<()> {
        if self.cancel.is_cancelled() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    /// Computes a bound and makes it known.
    pub(crate) fn bound(
        &self,
        which: BoundFamily,
        compute: impl FnOnce() -> CertifiedBound,
    ) -> Arc<CertifiedBound> {
        self.change(|state| state.running += 1);
        let bound = Arc::new(compute());
        self.change(|state| {
            state.running -= 1;
            let [central, optimistic, class] = &mut state.bounds;
            let known = match which {
                BoundFamily::Central => central,
                BoundFamily::Optimistic => optimistic,
                BoundFamily::Class => class,
            };
            *known = Some(Arc::clone(&bound));
        });
        bound
    }

    fn change(&self, change: impl FnOnce(&mut BoundsState)) {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
        self.changed.notify_all();
    }

    /// What is known once the bounds that are being computed have broken off, or after `patience`; `None` if nothing is
    /// in the central case. A bound computed to its end may have no cut: then people can be at a site at once.
    pub fn known(&self, patience: Duration) -> Option<KnownBounds> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let (state, _) = self
            .changed
            .wait_timeout_while(state, patience, |state| state.running > 0)
            .unwrap_or_else(PoisonError::into_inner);
        let [central, optimistic, class] = state.bounds.clone();
        let central = central.filter(|bound| !bound.curve.cuts.is_empty() || !bound.curve.interrupted)?;
        Some(KnownBounds { central, optimistic, class })
    }
}

/// The answer of a computation that was ended before there were orders: the bounds as far as they are known, and everybody
/// in no order. A family that was not come to stands there without cuts.
///
/// # Errors
/// If the scenario is no network.
pub fn bound_alone(
    scenario: &Scenario,
    options: &PlanOptions,
    known: &KnownBounds,
) -> Result<PlanAnswer, PlanError> {
    // Between cuts the bound is worked out anew at each point of the grid, which takes long on a large network, and whoever
    // ends a computation waits for it. The times of the cuts count in any case.
    let grid = grid(&known.central).max(GRID);
    on_threads(options, || without_orders(scenario, options, known, grid))
}

/// The answer that has bounds and no orders; person-hours on a grid of `grid` ms.
fn without_orders(
    scenario: &Scenario,
    options: &PlanOptions,
    known: &KnownBounds,
    grid: i64,
) -> Result<PlanAnswer, PlanError> {
    let central = &*known.central;
    let network = &*central.network;
    let optimistic = match &known.optimistic {
        Some(bound) => Arc::clone(bound),
        None => Arc::new(CertifiedBound::blank(Network::new(scenario, Case::Optimistic)?, None)),
    };
    let class = options.routes_per_zone.map(|routes| match &known.class {
        Some(bound) => Arc::clone(bound),
        // Not come to.
        None => Arc::new(central.with_routes(routes)),
    });
    let pool = PathPool::default();
    let numbers = PlanFigures::new(network, &pool, &[], &ExactLoading::default());
    let unmoved = everybody(scenario, network);
    let plan =
        figures::plan(scenario, network, &pool, &[], unmoved, options, packet_of(scenario, network, options));
    let mut bounds = vec![central, &*optimistic];
    bounds.extend(class.as_deref());
    // None of them needs another, and with a million links each takes seconds.
    let proof = || certificate(scenario, &bounds, grid);
    let figures =
        || figures::summary(scenario, central, &optimistic, class.as_deref(), &numbers, &plan, grid);
    let curve = || figures::curve(central, &numbers);
    let (latest, (certificate, (mut summary, curve))) = rayon::join(
        || latest_bounds(scenario, network),
        || rayon::join(proof, || rayon::join(figures, curve)),
    );
    summary.interrupted = true;
    Ok(PlanAnswer {
        curve,
        zones: figures::zones(scenario, network, &plan, &numbers, &latest?),
        bottlenecks: figures::bottlenecks(scenario, central, &plan),
        overflowing: Vec::new(),
        certificate,
        plan,
        summary,
        bound: Arc::clone(&known.central),
    })
}

/// The bound without orders: computed to its end, or as far as it is known when `early` ends it.
///
/// # Errors
/// [`PlanError`] if the tables do not fit together, and [`PlanError::Ended`] if it was ended before anything was known.
pub fn answer_bound(
    scenario: &Scenario,
    options: &PlanOptions,
    early: &EarlyEnd,
    progress: Progress<'_>,
) -> Result<PlanAnswer, PlanError> {
    on_threads(options, || {
        let known = known_bounds(scenario, options, early, progress)?;
        if early.go_on().is_break() {
            return without_orders(scenario, options, &known, grid(&known.central).max(GRID));
        }
        without_orders(scenario, options, &known, grid(&known.central))
    })
}

/// The bounds of the three families, side by side.
///
/// # Errors
/// As [`answer_bound`].
fn known_bounds(
    scenario: &Scenario,
    options: &PlanOptions,
    early: &EarlyEnd,
    progress: Progress<'_>,
) -> Result<KnownBounds, PlanError> {
    let network = Arc::new(Network::new(scenario, Case::Central)?);
    progress("bound", 0.0);
    let task = BoundTask::new(Arc::clone(&network), None);
    let search = task.search();
    // While it is found how finely to compute: what does not depend on that.
    let (fineness, (end, helped)) = rayon::join(
        || task.fineness(&search).coarser(options.coarser),
        || {
            rayon::join(
                || early.go_on().is_continue().then(|| search.end()),
                || {
                    let helped = Network::new(scenario, Case::Optimistic)?;
                    Ok::<_, PlanError>(BoundTask::new(helped, None))
                },
            )
        },
    );
    let helped = helped?;
    let tick = |share: f64| {
        progress("bound", share);
        early.go_on()
    };
    let task = &task;
    let central = || {
        let bound = move || {
            let curve = search.curve(&task.options(fineness), end, &tick);
            // Its memory is needed for what the others do.
            drop(search);
            task.certified(curve, &tick)
        };
        let central = early.bound(BoundFamily::Central, bound);
        // While the others are still computed: what is proved of all plans, stated for those with few routes.
        if let Some(routes) = options.routes_per_zone
            && own_routes(&network, options, fineness).is_none()
            && early.go_on().is_continue()
        {
            early.bound(BoundFamily::Class, || central.with_routes(routes));
        }
    };
    let others = || other_bounds(helped, &network, options, fineness, early);
    rayon::join(central, others);
    early.known(Duration::ZERO).ok_or(PlanError::Ended)
}

/// All people, in no order.
fn everybody(scenario: &Scenario, network: &Network) -> Vec<NotMoved> {
    let mut list = Vec::new();
    for (row, zone) in scenario.zones.iter().zip(&network.zones) {
        let mut add = |people, outcome, reason| {
            if people > 0 {
                list.push(NotMoved { zone_id: row.zone_id.clone(), people, outcome, reason });
            }
        };
        add(zone.staying, Outcome::NotEvacuated, Reason::Stays);
        match zone.overtaken_from {
            Some(_) => add(zone.evacuees, Outcome::Overtaken, Reason::Hazard),
            None => add(zone.evacuees, Outcome::NotEvacuated, Reason::Interrupted),
        }
    }
    list
}
