//! From a scenario to plan, proof and figures: the main path of the crate.

use crate::assemble::{AnswerParts, assemble};
use crate::convergent::{self, ConvergentTask};
use crate::early::{BoundFamily, EarlyEnd};
use crate::finish::{FinishedPlan, PlanFinishing};
use crate::options::{PlanError, PlanOptions, Progress, QueueSpace};
use crate::seed::{UnrestrictedFlow, free_flow};
use crate::stages::{MOST_WAYS, SearchStages};
use clearway_bound::BoundTask;
use clearway_bound::certify::{BoundFineness, CertifiedBound, fineness};
use clearway_bound::latest::last_departures;
use clearway_loading::packet::{KeptDetail, LoadingMemory, PathLoad, PreparedRoads};
use clearway_loading::path::PathPool;
use clearway_loading::schedule::{Schedule, earliest_schedule};
use clearway_model::number::{ceil, float, floor};
use clearway_model::time::seconds;
use clearway_model::{
    Bottleneck, Case, Certificate, CurvePoint, OverflowingLink, Plan, Scenario, Summary, UnrestrictedRoutes,
    ZoneOutcome, number,
};
use clearway_network::{LinkRooms, Network, PerZone};
use clearway_simulate::trial::RoadTrial;
use std::sync::Arc;

/// Packets of the fast replay, about.
const SEARCH_PACKETS: f64 = 15_000.0;
/// Packets at the most where only the last arrivals are moved.
const FINE_PACKETS: f64 = 300_000.0;
/// Share of a zone that the flow moves from which on all of it is sent.
const NEARLY_ALL: f64 = 0.99;
/// Rounds of the search for a convergent plan.
const CONVERGENT_ROUNDS: usize = 600;

/// Plan, proof and figures.
#[derive(Debug, Clone)]
pub struct PlanAnswer {
    /// The movement orders: who leaves when by which route.
    pub plan: Plan,
    /// The proof of the bound.
    pub certificate: Certificate,
    /// The figures; threads, wall time and memory are left at 0.
    pub summary: Summary,
    /// Arrived and bound over time.
    pub curve: Vec<CurvePoint>,
    /// What becomes of each zone.
    pub zones: Vec<ZoneOutcome>,
    /// What sets the bound.
    pub bottlenecks: Vec<Bottleneck>,
    /// Links that hold more vehicles than fit there, those with most first.
    pub overflowing: Vec<OverflowingLink>,
    /// The bound itself, central, for whoever asks it at other times.
    pub bound: Arc<CertifiedBound>,
}

/// Step of the grid on which person-hours are summed, ms: whole seconds, about a thousandth of the time it takes, so that
/// the grid loosens the bound by no more than that.
pub(crate) fn grid(central: &CertifiedBound) -> i64 {
    let long = central.curve.t_ever.unwrap_or(central.network.horizon);
    (long / 1_000_000).clamp(1, 600) * 1000
}

/// Packets of a replay unless the options say how large they are; about so many.
pub(crate) const PACKETS: i64 = 100_000;

/// People moved together in the replay: as many as asked for, else those of one vehicle, and more where there are very many.
pub(crate) fn packet_of(scenario: &Scenario, network: &Network, options: &PlanOptions) -> i64 {
    if let Some(people) = options.packet_people {
        return people.max(1);
    }
    let per_vehicle = scenario.settings.class.first().and_then(|c| c.people_per_vehicle).unwrap_or(1.0);
    ceil(per_vehicle).max((network.evacuees() + PACKETS - 1) / PACKETS).max(1)
}

/// Plans a scenario and proves the bound.
///
/// # Errors
/// [`PlanError`] if the tables do not fit together or an option makes no sense.
pub fn answer(
    scenario: &Scenario,
    options: &PlanOptions,
    progress: Progress<'_>,
) -> Result<PlanAnswer, PlanError> {
    answer_until(scenario, options, &EarlyEnd::default(), progress)
}

/// [`answer`] that can be ended early: see [`EarlyEnd`].
///
/// # Errors
/// As [`answer`], and [`PlanError::Ended`] if it was ended.
pub fn answer_until(
    scenario: &Scenario,
    options: &PlanOptions,
    early: &EarlyEnd,
    progress: Progress<'_>,
) -> Result<PlanAnswer, PlanError> {
    on_threads(options, || make(scenario, options, early, progress))
}

/// Does the work of one answer on the threads asked for.
///
/// # Errors
/// [`PlanError`] if an option makes no sense, else what the work gives.
pub(crate) fn on_threads<T: Send>(
    options: &PlanOptions,
    work: impl FnOnce() -> Result<T, PlanError> + Send,
) -> Result<T, PlanError> {
    let bad = |option, value: String, expected| Err(PlanError::Option { option, value, expected });
    if options.window_ms < 1000 {
        return bad("window", format!("{} ms", options.window_ms), "at least one second");
    }
    if options.routes_per_zone == Some(0) {
        return bad("routes per zone", "0".to_owned(), "at least 1");
    }
    if let Some(people) = options.packet_people.filter(|people| *people < 1) {
        return bad("people per packet", people.to_string(), "at least 1");
    }
    if options.like.is_some() && options.convergent {
        return bad("like", "with convergent".to_owned(), "one of the two");
    }
    if let Some(share) = options.capacity_share.filter(|share| !(0.1..=1.0).contains(share)) {
        return bad("capacity share", share.to_string(), "0.1 to 1");
    }
    if !(1..=100).contains(&options.effort) {
        return bad("effort", options.effort.to_string(), "1 to 100");
    }
    let threads = options.threads.clamp(1, 64);
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map_err(|_| PlanError::Threads(threads))?;
    pool.install(work)
}

/// The bounds at the optimistic end and, where the number of routes says more, of its class; they say how good orders are and
/// are not needed to find them.
pub(crate) fn other_bounds(
    optimistic: BoundTask,
    network: &Arc<Network>,
    options: &PlanOptions,
    fineness: BoundFineness,
    early: &EarlyEnd,
) -> (Arc<CertifiedBound>, Option<Arc<CertifiedBound>>) {
    let silent = |_: f64| early.go_on();
    let wide = fineness.coarser(2);
    let class = || {
        own_routes(network, options, fineness).map(|routes| {
            early.bound(BoundFamily::Class, || {
                CertifiedBound::new(Arc::clone(network), Some(routes), wide, &silent)
            })
        })
    };
    rayon::join(|| early.bound(BoundFamily::Optimistic, || optimistic.bound(wide, &silent)), class)
}

/// The number of routes per zone, where plans with so many have a bound of their own: what is proved of all plans would say less.
pub(crate) fn own_routes(network: &Network, options: &PlanOptions, fineness: BoundFineness) -> Option<u32> {
    let says_more = |routes: u32| routes == 1 || network.is_held_back(routes, fineness.long / 2);
    options.routes_per_zone.filter(|&routes| says_more(routes))
}

fn make(
    scenario: &Scenario,
    options: &PlanOptions,
    early: &EarlyEnd,
    progress: Progress<'_>,
) -> Result<PlanAnswer, PlanError> {
    let network = Arc::new(Network::new(scenario, Case::Central)?);
    let places = network.flow_problem(None);
    progress("bound", 0.0);
    let fineness = fineness(&places).coarser(options.coarser);
    let step = fineness.step;
    let tick = |share: f64| {
        progress("bound", share);
        early.go_on()
    };
    let others = || {
        let helped = BoundTask::new(Network::new(scenario, Case::Optimistic)?, None);
        Ok::<_, PlanError>(other_bounds(helped, &network, options, fineness, early))
    };
    let people = float(network.evacuees());
    let packet_people = packet_of(scenario, &network, options);
    let size = (people / SEARCH_PACKETS).max(float(packet_people));
    let fine = (people / FINE_PACKETS).max(float(packet_people)).min(size);
    let roads = PreparedRoads::new(&network).with_packets(packet_people).with_cancel(early.cancel().clone());
    let ends = last_departures(&network);
    let space = options.queues == QueueSpace::TakeSpace && !is_by_timetable(&network);
    let rooms = space.then(|| LinkRooms::new(scenario, &network));
    let road = space.then(|| RoadTrial::new(scenario, &network));
    let finishing = PlanFinishing {
        roads: &roads,
        ends: &ends,
        rooms: rooms.as_ref(),
        road: road.as_ref(),
        bound: None,
        window: options.window_ms,
        most: options.routes_per_zone.map(number::index),
        known_ways_only: options.convergent,
        size,
        packet_people,
        stretch: 1.0 + scenario.settings.margin_share,
        capacity_share: options.capacity_share.unwrap_or(1.0),
    };
    let orders = || {
        let (central, free) = rayon::join(
            || {
                early.bound(BoundFamily::Central, || {
                    CertifiedBound::new(Arc::clone(&network), None, fineness, &tick)
                })
            },
            || free_flow(&network, &places, step, early.cancel()),
        );
        early.go_on().is_continue().then(|| {
            let unrestricted_routes = replay_free(&roads, &free, size / 4.0, people);
            let proven = central.curve.t_ever;
            let finishing = PlanFinishing { bound: proven, ..finishing };
            let task = SearchTask { scenario, finishing: &finishing, free: &free, proven, options, fine };
            let (pool, found) = search(&task, progress);
            if options.prices {
                progress("figures", 0.0);
            }
            let prices = options.prices.then(|| finishing.prices(&pool, &found.orders));
            (central, unrestricted_routes, prices, (pool, found))
        })
    };
    let (orders, others) = beside(orders, others);
    let (optimistic, class) = others?;
    let Some((central, unrestricted_routes, prices, (path_pool, found))) = orders else {
        return Err(PlanError::Ended);
    };
    if early.go_on().is_break() {
        return Err(PlanError::Ended);
    }
    progress("figures", 0.0);
    assemble(AnswerParts {
        scenario,
        options,
        roads: &roads,
        pool: &path_pool,
        found,
        counts_overflow: rooms.is_some(),
        packet_people,
        step,
        central,
        optimistic,
        class,
        unrestricted_routes: Some(unrestricted_routes),
        prices,
    })
}

/// Doors that open again and again for less than this are those of a timetable, ms.
const BOARDING: i64 = 1_800_000;

/// Whether anything opens again and again for a short time, as the doors of a train do. Nobody can leave home so that they are just open:
/// people wait at the stop, where they stand in nobody's way.
pub(crate) fn is_by_timetable(network: &Network) -> bool {
    network.elements.iter().any(|element| {
        let open = element.open.intervals();
        open.iter().filter(|(from, until)| until - from < BOARDING).count() > 1
    })
}

/// Does both, the second on a thread of its own if there is to be more than one: work that waits for its parts must not get
/// overtaken in the other's.
pub(crate) fn beside<A, B: Send>(first: impl FnOnce() -> A, second: impl FnOnce() -> B + Send) -> (A, B) {
    if rayon::current_num_threads() < 2 {
        let second = second();
        return (first(), second);
    }
    std::thread::scope(|scope| {
        let second = scope.spawn(second);
        let first = first();
        match second.join() {
            Ok(second) => (first, second),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

/// What a plan is sought for, and where the search begins.
struct SearchTask<'a> {
    scenario: &'a Scenario,
    finishing: &'a PlanFinishing<'a>,
    /// The optimal flow without a limit on routes.
    free: &'a UnrestrictedFlow,
    /// When everybody can be there at the earliest, ms; `None`: never.
    proven: Option<i64>,
    options: &'a PlanOptions,
    /// People per packet where only the last arrivals are moved.
    fine: f64,
}

/// The best plan that is found.
fn search(task: &SearchTask<'_>, progress: Progress<'_>) -> (PathPool, FinishedPlan) {
    let SearchTask { scenario, finishing, free, proven, options, fine } = *task;
    let roads = finishing.roads;
    let network = roads.network;
    let schedules: PerZone<Schedule> = network
        .zones
        .iter()
        .zip(finishing.ends)
        .map(|(zone, &end)| earliest_schedule(&zone.release, options.window_ms, end))
        .collect();
    // Whole people per zone who can be moved: as the flow says, and not more than can leave by the horizon. The flow's steps
    // lose a few; whoever is sent and does not arrive is taken out of the orders in the end.
    let moved: PerZone<i64> = network
        .zones
        .iter()
        .zip(&free.moved)
        .zip(&schedules)
        .map(|((zone, &moved), schedule)| {
            let ready: f64 = schedule.iter().map(|d| d.share).sum();
            let nearly = proven.is_some() || moved + 0.5 >= float(zone.evacuees) * NEARLY_ALL;
            let moved = if nearly { zone.evacuees } else { floor(moved) };
            if ready >= 1.0 - 1e-9 { moved } else { moved.min(floor(ready * float(zone.evacuees))) }
        })
        .collect();
    if options.convergent {
        let ways = options.routes_per_zone.map_or(MOST_WAYS, number::index);
        let rounds = CONVERGENT_ROUNDS * number::index(options.effort);
        let task = ConvergentTask {
            roads,
            moved: &moved,
            schedules: &schedules,
            ways,
            size: finishing.size,
            rounds,
        };
        let (mut pool, streams, _) = convergent::search(&task, &|share| progress("orders", share));
        let finished = finishing.finish(&mut pool, streams.clone());
        let finished = finishing.refine(&mut pool, streams.clone(), finished);
        let finished = finishing.better_on_road(&mut pool, streams, finished, progress);
        return (pool, finished);
    }
    let stages = SearchStages {
        scenario,
        finishing,
        free,
        bound: proven,
        options,
        fine,
        schedules: &schedules,
        moved: &moved,
    };
    stages.run(progress)
}

/// The optimal flow over unlimited ways, carried out with small packets.
fn replay_free(
    roads: &PreparedRoads<'_>,
    free: &UnrestrictedFlow,
    size: f64,
    evacuees: f64,
) -> UnrestrictedRoutes {
    let loads: Vec<PathLoad<'_>> = free
        .paths
        .iter()
        .map(|(path, people, schedule)| PathLoad { path: *path, people: *people, schedule })
        .collect();
    let outcome =
        LoadingMemory::default().run(roads, &free.pool, &loads, size.max(0.25), KeptDetail::OutcomeAlone);
    let missing = evacuees - outcome.arrived;
    let horizon = float(roads.network.horizon);
    UnrestrictedRoutes {
        clearance_s: (missing < 0.5).then_some(seconds(outcome.last)),
        t90_s: outcome.ninety.filter(|_| outcome.arrived >= 0.9 * evacuees && missing < 0.5).map(seconds),
        person_hours: Some((outcome.arrival_sum + missing.max(0.0) * horizon) / 3.6e6),
        routes: number::length(free.paths.len()).unsigned_abs(),
    }
}
