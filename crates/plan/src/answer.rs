//! From a scenario to plan, proof and figures: the main path of the crate.

use crate::certify::{Fineness, Limit, certificate, fineness};
use crate::climb::{Climb, Effort, HUMP, groups_of, nearness};
use crate::convergent::{self, Task};
use crate::early::{Early, Which};
use crate::figures::{self, Figures};
use crate::fit::fit_sites;
use crate::latest::{last_departures, latest_bounds};
use crate::like;
use crate::marginal::to_sites;
use crate::options::{PlanError, PlanOptions, Progress};
use crate::orders::{Stream, orders_of, repair, streams_of};
use crate::packet::{Keep, Load, QuickOutcome, Roads, Scratch};
use crate::schedule::{Schedule, earliest_schedule};
use crate::seed::{FreeFlow, free_flow, heaviest};
use crate::spread::{join_windows, spread};
use crate::unmoved::{Routes, not_moved};
use crate::way::WayPool;
use clearway_model::{
    Bottleneck, Case, Certificate, CurvePoint, FreeSplit, Plan, Scenario, Summary, ZoneOutcome,
};
use clearway_network::Network;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Packets of the fast replay, about.
const PACKETS: f64 = 15_000.0;
/// Packets at the most where only the last arrivals are moved.
const FINE_PACKETS: f64 = 300_000.0;
/// Ways per zone with which the climb begins, and before it goes on with one.
const MOST_WAYS: usize = 20;
const FEW_WAYS: usize = 5;
/// Rounds of the climb with most and with few ways, with one way, and with those asked for.
const ROUNDS: usize = 30;
const WHOLE_ROUNDS: usize = 200;
const LAST_ROUNDS: usize = 200;
const FINE_ROUNDS: usize = 16;
/// So near the limit, as a share, the last arrival is left as it is.
const NEAR_LIMIT: f64 = 0.0015;
/// What a change of an earlier plan must bring at least, as a share of the cost.
const CLEAR_GAIN: f64 = 0.0005;
/// Stops of packets in a replay up to which the climb has all its rounds.
const STOPS: u64 = 200_000;
/// Share of a zone that the flow moves from which on all of it is sent.
const NEARLY_ALL: f64 = 0.99;
/// Rounds of the search for a convergent plan.
const CONVERGENT_ROUNDS: usize = 600;

/// Plan, proof and figures.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The orders.
    pub plan: Plan,
    /// The proof of the limit.
    pub certificate: Certificate,
    /// The figures; threads, wall time and memory are left at 0.
    pub summary: Summary,
    /// Arrived and limit over time.
    pub curve: Vec<CurvePoint>,
    /// What becomes of each zone.
    pub zones: Vec<ZoneOutcome>,
    /// What sets the limit.
    pub bottlenecks: Vec<Bottleneck>,
    /// The limit itself, central, for whoever asks it at other times.
    pub limit: Arc<Limit>,
}

/// Step of the grid on which person-hours are summed, ms: whole seconds, about a thousandth of the time it takes, so that
/// the grid loosens the bound by no more than that.
pub(crate) fn grid(central: &Limit) -> i64 {
    let long = central.curve.t100.unwrap_or(central.network.horizon);
    (long / 1_000_000).clamp(1, 600) * 1000
}

/// Platoons of a replay unless the options say how large they are; about so many.
pub(crate) const PLATOONS: i64 = 100_000;

/// People moved together in the replay: as many as asked for, else those of one vehicle, and more where there are very many.
pub(crate) fn platoon_of(scenario: &Scenario, network: &Network, options: &PlanOptions) -> i64 {
    if let Some(people) = options.platoon_people {
        return people.max(1);
    }
    let per_vehicle = scenario.settings.class.first().and_then(|c| c.people_per_vehicle).unwrap_or(1.0);
    (per_vehicle.ceil() as i64).max((network.movers() + PLATOONS - 1) / PLATOONS).max(1)
}

/// Plans a scenario and proves the limit.
///
/// # Errors
/// [`PlanError`] if the tables do not fit together or an option makes no sense.
pub fn answer(
    scenario: &Scenario,
    options: &PlanOptions,
    progress: Progress<'_>,
) -> Result<Answer, PlanError> {
    answer_until(scenario, options, &Early::default(), progress)
}

/// [`answer`] that can be ended early: see [`Early`].
///
/// # Errors
/// As [`answer`], and [`PlanError::Ended`] if it was ended.
pub fn answer_until(
    scenario: &Scenario,
    options: &PlanOptions,
    early: &Early,
    progress: Progress<'_>,
) -> Result<Answer, PlanError> {
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
    if let Some(people) = options.platoon_people.filter(|people| *people < 1) {
        return bad("people per platoon", people.to_string(), "at least 1");
    }
    if options.like.is_some() && options.convergent {
        return bad("like", "with convergent".to_owned(), "one of the two");
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

/// The limits at the favourable end and, where the number of routes says more, of its class; they say how good orders are and
/// are not needed to find them.
pub(crate) fn other_limits(
    scenario: &Scenario,
    network: &Network,
    options: &PlanOptions,
    fineness: Fineness,
    early: &Early,
) -> Result<(Arc<Limit>, Option<Arc<Limit>>), PlanError> {
    let silent = |_: f64| early.go_on();
    let wide = fineness.coarser(2);
    let favourable = Network::new(scenario, Case::Favourable)?;
    let favourable = early.limit(Which::Favourable, || Limit::new(favourable, None, wide, &silent));
    let class = options
        .routes_per_zone
        .filter(|&routes| routes == 1 || network.is_held_back(routes, fineness.long / 2))
        .map(|routes| early.limit(Which::Class, || Limit::new(network.clone(), Some(routes), wide, &silent)));
    Ok((favourable, class))
}

fn make(
    scenario: &Scenario,
    options: &PlanOptions,
    early: &Early,
    progress: Progress<'_>,
) -> Result<Answer, PlanError> {
    let network = Network::new(scenario, Case::Central)?;
    let places = network.flow_problem(None);
    progress("limit", 0.0);
    let fineness = fineness(&places).coarser(options.coarser);
    let step = fineness.step;
    let tick = |share: f64| {
        progress("limit", share);
        early.go_on()
    };
    let others = || other_limits(scenario, &network, options, fineness, early);
    let people = network.movers() as f64;
    let platoon_people = platoon_of(scenario, &network, options);
    let size = (people / PACKETS).max(platoon_people as f64);
    let fine = (people / FINE_PACKETS).max(platoon_people as f64).min(size);
    let roads = Roads::new(&network).with_platoons(platoon_people);
    let ends = last_departures(&network);
    let orders = || {
        let (central, free) = rayon::join(
            || early.limit(Which::Central, || Limit::new(network.clone(), None, fineness, &tick)),
            || free_flow(&network, &places, step),
        );
        early.go_on().is_continue().then(|| {
            let free_split = replay_free(&roads, &free, size / 4.0, people);
            let limit = central.curve.t100;
            let found = search((scenario, &roads), (&free, limit), &ends, options, (size, fine), progress);
            (central, free_split, found)
        })
    };
    let (orders, others) = beside(orders, others);
    let (favourable, class) = others?;
    let Some((central, free_split, (way_pool, mut streams))) = orders else {
        return Err(PlanError::Ended);
    };
    // Where so many routes hold nobody back, what is proved of all plans is proved of the class.
    let class = class.or_else(|| Some(Arc::new(central.with_routes(options.routes_per_zone?))));
    let stretch = 1.0 + scenario.settings.margin_share;

    fit_sites(&network, &way_pool, &mut streams);
    progress("departures", 0.0);
    let weight = Climb::LAST_WEIGHT * people;
    let cost =
        |o: &QuickOutcome| o.arrival_sum + o.stranded * 2.0 * network.horizon as f64 + weight * o.last as f64;
    let mut orders = orders_of(&streams);
    let mut replay = repair(&network, &way_pool, &mut orders, platoon_people, stretch);
    let mut spread_streams = streams.clone();
    spread(&roads, &way_pool, &mut spread_streams, size, (options.window_ms, &ends), &cost, 24);
    for stream in &mut spread_streams {
        let ready = network.zones[stream.zone as usize].release.end();
        stream.schedule = join_windows(&stream.schedule, ready);
    }
    progress("departures", 0.5);
    let mut spread_orders = orders_of(&spread_streams);
    let spread_replay = repair(&network, &way_pool, &mut spread_orders, platoon_people, stretch);
    // The spread is judged by the exact replay: it must not bring fewer people nor the last of them much later.
    if figures::is_no_worse(&spread_replay, &replay, network.horizon) {
        (orders, replay) = (spread_orders, spread_replay);
    }
    progress("figures", 0.0);
    let numbers = Figures::new(&network, &way_pool, &orders, &replay);
    let mut taken = vec![BTreeMap::new(); network.zones.len()];
    for order in &orders {
        taken[order.zone as usize].insert(order.way, way_pool.get(order.way).site);
    }
    let routes = Routes { most: options.routes_per_zone, taken };
    let unmoved = not_moved(scenario, &roads, &numbers.zone_arrived, &numbers.site_people, &routes)?;
    let latest = latest_bounds(scenario, &network)?;
    let plan = figures::plan(scenario, &network, &way_pool, &orders, unmoved, options, platoon_people);
    let grid = grid(&central);
    let mut limits = vec![&*central, &*favourable];
    limits.extend(class.as_deref());
    let certificate = certificate(scenario, &limits, grid);
    let mut summary =
        figures::summary(scenario, &central, &favourable, class.as_deref(), &numbers, &plan, grid);
    // Carried out in packets, the flow can be ahead of the bound by one of them: then it is no figure that a plan could have.
    summary.free_split = Some(free_split).filter(|free| !is_ahead(free, &summary));
    summary.step_s = step as f64 / 1000.0;
    Ok(Answer {
        curve: figures::curve(&central, &numbers),
        zones: figures::zones(scenario, &network, &plan, &numbers, &latest),
        bottlenecks: figures::bottlenecks(scenario, &central),
        plan,
        certificate,
        summary,
        limit: central,
    })
}

/// Whether the unrestricted split is ahead of what no plan can beat.
fn is_ahead(free: &FreeSplit, summary: &Summary) -> bool {
    let ahead = |free: Option<f64>, bound: Option<f64>| match (free, bound) {
        (Some(free), Some(bound)) => free < bound,
        (Some(_), None) => true,
        (None, _) => false,
    };
    ahead(free.clearance_s, summary.clearance_s.bound)
        || ahead(free.t90_s, summary.t90_s.bound)
        || ahead(free.person_hours, summary.person_hours.bound)
}

/// Does both, the second on a thread of its own if there is to be more than one: work that waits for its parts must not get
/// caught in the other's.
fn beside<A, B: Send>(first: impl FnOnce() -> A, second: impl FnOnce() -> B + Send) -> (A, B) {
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

/// The ladder: from the free-split flow's heaviest ways to few ways per zone. `limit`: when everybody can be there at the
/// earliest, ms; `None`: never.
fn search(
    (scenario, roads): (&Scenario, &Roads<'_>),
    (free, limit): (&FreeFlow, Option<i64>),
    ends: &[i64],
    options: &PlanOptions,
    (size, fine): (f64, f64),
    progress: Progress<'_>,
) -> (WayPool, Vec<Stream>) {
    let network = roads.network;
    let schedules: Vec<Schedule> = network
        .zones
        .iter()
        .zip(ends)
        .map(|(zone, &end)| earliest_schedule(&zone.release, options.window_ms, end))
        .collect();
    // Whole people per zone who can be moved: as the flow says, and not more than can leave by the horizon. The flow's steps
    // lose a few; whoever is sent and does not arrive is taken out of the orders in the end.
    let moved: Vec<i64> = network
        .zones
        .iter()
        .zip(&free.moved)
        .zip(&schedules)
        .map(|((zone, &moved), schedule)| {
            let ready: f64 = schedule.iter().map(|d| d.share).sum();
            let nearly = limit.is_some() || moved + 0.5 >= zone.movers as f64 * NEARLY_ALL;
            let moved = if nearly { zone.movers } else { moved.floor() as i64 };
            if ready >= 1.0 - 1e-9 { moved } else { moved.min((ready * zone.movers as f64).floor() as i64) }
        })
        .collect();
    let target: Vec<f64> = moved.iter().map(|&m| m as f64).collect();
    let most = options.routes_per_zone.map_or(MOST_WAYS, |q| q as usize);
    if options.convergent {
        let rounds = CONVERGENT_ROUNDS * options.effort as usize;
        let task = Task { roads, moved: &moved, schedules: &schedules, ways: most, size, rounds };
        let (pool, streams, _) = convergent::search(&task, &|share| progress("orders", share));
        return (pool, streams);
    }
    let groups = groups_of(&schedules, &nearness(network, &to_sites(network)));
    let mix = heaviest(free, MOST_WAYS, &groups, &target);
    let mut pool = free.pool.clone();
    let earlier = options.like.as_ref();
    let mix = match earlier {
        Some(earlier) => like::begin(scenario, network, earlier, (&groups, &target, &mix), &mut pool),
        None => mix,
    };
    let mut climb = Climb::new(roads, pool, groups, mix, to_sites(network), size);
    // Fewer rounds where a replay costs much, counted in stops of packets so that no clock decides.
    let scale = (STOPS as f64 / climb.outcome.steps.max(1) as f64).min(1.0);
    let scaled = |rounds: usize| ((rounds as f64 * scale) as usize).max(rounds / 4) * options.effort as usize;
    // Where one way is all there is to be, the rounds for several are spent on whole zones too.
    let whole_rounds = if most > 1 { WHOLE_ROUNDS } else { WHOLE_ROUNDS + LAST_ROUNDS };
    let mut total = 2 * scaled(ROUNDS) + scaled(WHOLE_ROUNDS + LAST_ROUNDS);
    total += if most > 1 { FINE_ROUNDS * options.effort as usize } else { 0 };
    let done = std::sync::atomic::AtomicUsize::new(0);
    let tick = || {
        let done = done.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1;
        progress("orders", done as f64 / total as f64);
    };
    let effort = |rounds: usize, ways: usize, share: f64| Effort {
        rounds: scaled(rounds),
        search_every: 8,
        ways,
        share,
        hump: HUMP,
        fine: false,
    };
    if earlier.is_some() {
        let total = scaled(LAST_ROUNDS);
        let done = std::sync::atomic::AtomicUsize::new(0);
        let tick = || {
            let done = done.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1;
            progress("orders", done as f64 / total as f64);
        };
        let effort = Effort { hump: -CLEAR_GAIN, ..effort(LAST_ROUNDS, most, 0.05) };
        climb.prune(most);
        if most > 1 {
            climb.climb(effort, &tick)
        } else {
            climb.climb_whole(&schedules, effort, &tick)
        }
        let streams = streams_of(&climb.groups, &climb.mix, &moved);
        return (climb.pool, streams);
    }
    let few = if most > 1 { most.min(MOST_WAYS) } else { FEW_WAYS };
    for ways in [MOST_WAYS, few] {
        climb.prune(ways);
        climb.climb(effort(ROUNDS, ways, 0.3), &tick);
    }
    // One way for each zone is searched best, and a good beginning for several; where it is not, what there was is gone on with.
    let several = climb.state();
    climb.prune(1);
    climb.climb_whole(&schedules, effort(whole_rounds, 1, 0.05), &tick);
    if most > 1 {
        climb.split_groups(&schedules);
        climb.take_if_better(several);
        climb.climb(effort(LAST_ROUNDS, few, 0.05), &tick);
        // What packets are too large for: the last people before a road closes.
        climb.with_size(fine);
        if limit.is_none_or(|limit| climb.outcome.last > limit + (limit as f64 * NEAR_LIMIT) as i64) {
            let rounds = FINE_ROUNDS * options.effort as usize;
            climb.climb(Effort { fine: true, hump: 0.0, rounds, ..effort(0, few, 0.05) }, &tick);
        }
    }
    let streams = streams_of(&climb.groups, &climb.mix, &moved);
    (climb.pool, streams)
}

/// The optimal flow over unlimited ways, carried out with small packets.
fn replay_free(roads: &Roads<'_>, free: &FreeFlow, size: f64, movers: f64) -> FreeSplit {
    let loads: Vec<Load<'_>> = free
        .paths
        .iter()
        .map(|(way, people, schedule)| Load { way: *way, people: *people, schedule })
        .collect();
    let outcome = Scratch::default().run(roads, &free.pool, &loads, size.max(0.25), Keep::default());
    let seconds = |ms: i64| ms as f64 / 1000.0;
    let missing = movers - outcome.arrived;
    let horizon = roads.network.horizon as f64;
    FreeSplit {
        clearance_s: (missing < 0.5).then_some(seconds(outcome.last)),
        t90_s: (outcome.arrived >= 0.9 * movers && missing < 0.5).then_some(seconds(outcome.ninety)),
        person_hours: Some((outcome.arrival_sum + missing.max(0.0) * horizon) / 3.6e6),
        routes: free.paths.len() as u64,
    }
}
