//! Orders that were given, kept: the plan of what is left in which only those are told something else who have to be.
//!
//! Who cannot arrive by their order is sent by another route in the same window, the way on which one more person gets through at the
//! earliest with all others on theirs; a share of them at a time, so that they do not all take the same. Who is left then is brought in
//! at another time. Bounds are those of every plan of the scenario.

use crate::answer::{PlanAnswer, beside, is_by_timetable, on_threads, own_routes, packet_of};
use crate::assemble::{AnswerParts, assemble};
use crate::early::{BoundFamily, EarlyEnd};
use crate::finish::{FinishedPlan, PlanFinishing};
use crate::like::RouteReader;
use crate::options::{PlanError, PlanOptions, Progress, QueueSpace};
use crate::orders::{PathOrder, replay_orders};
use clearway_bound::KnownThresholds;
use clearway_bound::certify::{BoundFineness, CertifiedBound, fineness};
use clearway_bound::latest::last_departures;
use clearway_loading::marginal::{MarginalCost, PathSearch};
use clearway_loading::packet::{BusyPeriods, KeptDetail, LoadingMemory, PathLoad, PreparedRoads};
use clearway_loading::path::{PathIndex, PathPool};
use clearway_loading::schedule::{DepartureWindow, Schedule};
use clearway_model::number::{self, ceil, float};
use clearway_model::{Case, Certificate, Plan, Scenario};
use clearway_network::search::free_times_to_sites;
use clearway_network::{ElementIndex, LinkRooms, Network, PerElement, PerNode, PerSite, ZoneIndex};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::ControlFlow;
use std::sync::Arc;

/// Parts at the most in which those who need another route are given one, each seeing the queues of those before, and the share of all
/// people from which on there is one more: few are in nobody's way.
const PARTS: i64 = 8;
const PART_SHARE: f64 = 0.01;
/// Packets of the fast loading, about, as for a plan from scratch.
const PACKETS: f64 = 15_000.0;

/// What is known of the bound of the old plan, in times of the new one.
#[derive(Debug, Clone, Default)]
pub struct EarlierProof {
    central: KnownThresholds,
    optimistic: KnownThresholds,
    class: KnownThresholds,
}

impl EarlierProof {
    /// Of a certificate, for a plan that begins at `at` (ms of the old one) and has so many routes per zone.
    pub fn later(certificate: &Certificate, at: i64, routes_per_zone: Option<u32>) -> Self {
        let of = |case: Case, routes: Option<u32>| {
            let mut families = certificate.families.iter();
            let family = families.find(|family| family.case == case && family.routes_per_zone == routes);
            family.map_or_else(KnownThresholds::default, |family| KnownThresholds::later(family, at))
        };
        let class = routes_per_zone.map_or_else(KnownThresholds::default, |q| of(Case::Central, Some(q)));
        Self { central: of(Case::Central, None), optimistic: of(Case::Optimistic, None), class }
    }
}

/// Plans a scenario by orders that were given: as many as can be carried out stay as they are. `kept` has routes and orders for this
/// scenario; windows may begin at any of its `window_ms`. An order whose route is not among them (`route_id` empty, or of a road that is
/// gone) is given one. The bound begins with what is known of the old plan's.
///
/// # Errors
/// [`PlanError`] if the tables do not fit together or an option makes no sense; [`PlanError::Ended`] if it was ended.
pub fn answer_keeping(
    scenario: &Scenario,
    options: &PlanOptions,
    kept: &Plan,
    known: &EarlierProof,
    early: &EarlyEnd,
    progress: Progress<'_>,
) -> Result<PlanAnswer, PlanError> {
    on_threads(options, || make(scenario, options, kept, known, early, progress))
}

fn make(
    scenario: &Scenario,
    options: &PlanOptions,
    kept: &Plan,
    known: &EarlierProof,
    early: &EarlyEnd,
    progress: Progress<'_>,
) -> Result<PlanAnswer, PlanError> {
    let network = Arc::new(Network::new(scenario, Case::Central)?);
    progress("bound", 0.0);
    let fineness = match known.central.last() {
        // how long it takes is known about; there is no flow in steps
        Some(long) => BoundFineness { every: long, step: 0, long },
        None => fineness(&network.flow_problem(None)).coarser(options.coarser),
    };
    let tick = |share: f64| {
        progress("bound", share);
        early.go_on()
    };
    let packet_people = packet_of(scenario, &network, options);
    let roads = PreparedRoads::new(&network).with_packets(packet_people).with_cancel(early.cancel().clone());
    let ends = last_departures(&network);
    let space = options.queues == QueueSpace::TakeSpace && !is_by_timetable(&network);
    let rooms = space.then(|| LinkRooms::new(scenario, &network));
    let finishing = PlanFinishing {
        roads: &roads,
        ends: &ends,
        rooms: rooms.as_ref(),
        // which orders do better on the road is no question where they are kept
        road: None,
        bound: None,
        window: options.window_ms,
        most: options.routes_per_zone.map(number::index),
        known_ways_only: options.convergent,
        size: (float(network.evacuees()) / PACKETS).max(float(packet_people)),
        packet_people,
        stretch: 1.0 + scenario.settings.margin_share,
        capacity_share: options.capacity_share.unwrap_or(1.0),
    };
    let orders = || {
        let keeping = OrderKeeping { scenario, finishing: &finishing, kept };
        rayon::join(
            || {
                early.bound(BoundFamily::Central, || {
                    bound(scenario, Arc::clone(&network), None, fineness, &known.central, &tick)
                })
            },
            || keeping.run(),
        )
    };
    let silent = |_: f64| early.go_on();
    let others = || {
        let wide = fineness.coarser(2);
        let helped = Arc::new(Network::new(scenario, Case::Optimistic)?);
        let optimistic = early.bound(BoundFamily::Optimistic, || {
            bound(scenario, helped, None, wide, &known.optimistic, &silent)
        });
        let class = own_routes(&network, options, fineness).map(|routes| {
            early.bound(BoundFamily::Class, || {
                bound(scenario, Arc::clone(&network), Some(routes), wide, &known.class, &silent)
            })
        });
        Ok::<_, PlanError>((optimistic, class))
    };
    let ((central, (pool, found)), others) = beside(orders, others);
    let (optimistic, class) = others?;
    if early.go_on().is_break() {
        return Err(PlanError::Ended);
    }
    progress("figures", 0.0);
    let mut answer = assemble(AnswerParts {
        scenario,
        options,
        roads: &roads,
        pool: &pool,
        found,
        counts_overflow: rooms.is_some(),
        packet_people,
        step: fineness.step,
        central,
        optimistic,
        class,
        unrestricted_routes: None,
        prices: None,
    })?;
    answer.plan.window_ms = kept.window_ms;
    Ok(answer)
}

/// A bound that begins with what is known, where anything is.
fn bound(
    scenario: &Scenario,
    network: Arc<Network>,
    routes: Option<u32>,
    fineness: BoundFineness,
    known: &KnownThresholds,
    tick: &(dyn Fn(f64) -> ControlFlow<()> + Sync),
) -> CertifiedBound {
    if known.is_empty() {
        CertifiedBound::new(network, routes, fineness, tick)
    } else {
        CertifiedBound::from_known(scenario, network, routes, known, tick)
    }
}

/// Orders that are to stay.
struct OrderKeeping<'a> {
    scenario: &'a Scenario,
    finishing: &'a PlanFinishing<'a>,
    kept: &'a Plan,
}

/// Where ways are sought for people who need another.
struct WaySearch<'a> {
    roads: &'a PreparedRoads<'a>,
    /// Per element, when all others make a queue before it.
    busy: &'a PerElement<BusyPeriods>,
    /// Per node, the shortest travel time to a site, ms.
    to_sites: &'a PerNode<Option<i64>>,
    /// Most routes per zone; `None`: no limit.
    most: Option<usize>,
}

/// What there is to choose from.
#[derive(Debug, PartialEq, Eq)]
struct WayChoice {
    /// Per site, whether it has no room for so many.
    full: PerSite<bool>,
    /// The ways of the zone; `None`: all there are.
    known: Option<BTreeSet<PathIndex>>,
}

impl WaySearch<'_> {
    /// `room`: how many more each site takes; `known`: the ways that the zone has.
    fn choice(&self, room: &PerSite<Option<i64>>, known: &BTreeSet<PathIndex>, people: i64) -> WayChoice {
        let may_take_new = self.most.is_none_or(|most| known.len() < most);
        WayChoice {
            full: room.iter().map(|room| room.is_some_and(|room| room < people)).collect(),
            known: (!may_take_new).then(|| known.clone()),
        }
    }

    /// The way by which one more person gets through at the earliest, in the middle of the window.
    fn earliest(
        &self,
        search: &mut PathSearch,
        pool: &PathPool,
        choice: &WayChoice,
        order: &LostOrder,
    ) -> Option<Vec<ElementIndex>> {
        let cost = MarginalCost { roads: self.roads, busy: self.busy, passes: None, full: &choice.full };
        let middle = order.from + (order.until - order.from) / 2;
        let Some(known) = &choice.known else {
            return search.best(&cost, self.to_sites, order.zone, middle).map(|best| best.0);
        };
        let arrival = |&path: &PathIndex| Some((cost.arrival(&pool.get(path).elements, middle)?, path));
        let (_, path) = known.iter().filter_map(arrival).min()?;
        Some(pool.get(path).elements.to_vec())
    }
}

/// People who need another route.
#[derive(Debug, Clone, Copy)]
struct LostOrder {
    zone: ZoneIndex,
    people: i64,
    from: i64,
    until: i64,
}

impl OrderKeeping<'_> {
    fn run(&self) -> (PathPool, FinishedPlan) {
        let network = self.finishing.roads.network;
        let mut pool = PathPool::default();
        let (mut orders, mut lost) = self.known(&mut pool);
        self.fit(&pool, &mut orders, &mut lost);
        // who does not arrive by the order needs another route
        let replay = replay_orders(network, &pool, &orders, self.finishing.packet_people, 1.0);
        for (order, stranded) in orders.iter_mut().zip(replay.stranded(replay.slack.len())) {
            if stranded > 0 {
                let PathOrder { zone, from, until, .. } = *order;
                lost.push(LostOrder { zone, people: stranded, from, until });
                order.people -= stranded;
            }
        }
        orders.retain(|order| order.people > 0);
        lost.sort_by_key(|order| (order.from, order.until, order.zone));
        let people: i64 = lost.iter().map(|order| order.people).sum();
        let parts = ceil(float(people) / (float(network.evacuees().max(1)) * PART_SHARE)).clamp(1, PARTS);
        let parts = number::index(u32::try_from(parts).unwrap_or(1));
        for part in 0..parts {
            if self.finishing.roads.cancel.is_cancelled() {
                break;
            }
            let now: Vec<LostOrder> = lost.iter().copied().skip(part).step_by(parts).collect();
            if !now.is_empty() {
                self.reroute(&mut pool, &mut orders, &now);
            }
        }
        // in the order of zones and time, whatever was added when
        orders.sort_by_key(|order| (order.zone, order.from, order.until, order.path));
        let finished = self.finishing.keep(&mut pool, orders);
        (pool, finished)
    }

    /// Takes people out of the orders to a site that holds fewer, those who leave last first.
    fn fit(&self, pool: &PathPool, orders: &mut Vec<PathOrder>, lost: &mut Vec<LostOrder>) {
        let sites = &self.finishing.roads.network.sites;
        let mut room: PerSite<i64> = sites.iter().map(|site| site.capacity.unwrap_or(i64::MAX)).collect();
        let mut by_time: Vec<usize> = (0..orders.len()).collect();
        by_time.sort_by_key(|&at| (orders[at].from, orders[at].until, at));
        for at in by_time {
            let order = &mut orders[at];
            let room = &mut room[pool.get(order.path).site];
            let there = order.people.min(*room);
            *room -= there;
            if there < order.people {
                let PathOrder { zone, from, until, .. } = *order;
                lost.push(LostOrder { zone, people: order.people - there, from, until });
                order.people = there;
            }
        }
        orders.retain(|order| order.people > 0);
    }

    /// The orders whose routes are there, and those whose are not.
    fn known(&self, pool: &mut PathPool) -> (Vec<PathOrder>, Vec<LostOrder>) {
        let network = self.finishing.roads.network;
        let reader = RouteReader::new(self.scenario, network);
        let mut paths: HashMap<&str, Option<PathIndex>> = HashMap::new();
        for route in &self.kept.routes {
            let zone = reader.zone(&route.zone_id);
            let path = zone.zip(reader.elements(route)).map(|(zone, path)| pool.insert(network, zone, &path));
            paths.insert(route.route_id.as_str(), path);
        }
        let (mut orders, mut lost) = (Vec::new(), Vec::new());
        for order in &self.kept.orders {
            let Some(zone) = reader.zone(&order.zone_id) else { continue };
            let (people, from, until) = (order.people, order.depart_from_ms, order.depart_until_ms);
            match paths.get(order.route_id.as_str()).copied().flatten() {
                Some(path) => orders.push(PathOrder { zone, path, people, from, until }),
                None => lost.push(LostOrder { zone, people, from, until }),
            }
        }
        (orders, lost)
    }

    /// Gives people other routes in their windows, one after the other as the queues are with all others.
    fn reroute(&self, pool: &mut PathPool, orders: &mut Vec<PathOrder>, lost: &[LostOrder]) {
        let roads = self.finishing.roads;
        let network = roads.network;
        let mut memory = LoadingMemory::default();
        self.load(pool, orders, &mut memory);
        let to_sites = free_times_to_sites(network);
        let mut room: PerSite<Option<i64>> = network.sites.iter().map(|site| site.capacity).collect();
        let mut taken: BTreeMap<ZoneIndex, BTreeSet<PathIndex>> = BTreeMap::new();
        for order in orders.iter() {
            if let Some(room) = &mut room[pool.get(order.path).site] {
                *room -= order.people;
            }
            taken.entry(order.zone).or_default().insert(order.path);
        }
        let ways = WaySearch { roads, busy: &memory.busy, to_sites: &to_sites, most: self.finishing.most };
        // most ways do not depend on what the others of this part do: they are sought side by side
        let nothing = BTreeSet::new();
        let ahead: Vec<_> = lost
            .par_iter()
            .map_init(PathSearch::default, |search, order| {
                let known = taken.get(&order.zone).unwrap_or(&nothing);
                let choice = ways.choice(&room, known, order.people);
                let way = ways.earliest(search, pool, &choice, order);
                (choice, way)
            })
            .collect();
        let mut search = PathSearch::default();
        for (order, (choice_then, way)) in lost.iter().zip(ahead) {
            let known = taken.entry(order.zone).or_default();
            let choice = ways.choice(&room, known, order.people);
            let elements =
                if choice == choice_then { way } else { ways.earliest(&mut search, pool, &choice, order) };
            // who finds no way in this window is brought in at another time, if there is any
            let Some(elements) = elements else { continue };
            let path = pool.insert(network, order.zone, &elements);
            known.insert(path);
            if let Some(room) = &mut room[pool.get(path).site] {
                *room -= order.people;
            }
            let window = (order.from, order.until);
            let alike =
                |o: &&mut PathOrder| o.zone == order.zone && o.path == path && (o.from, o.until) == window;
            match orders.iter_mut().find(alike) {
                Some(known) => known.people += order.people,
                None => orders.push(PathOrder {
                    zone: order.zone,
                    path,
                    people: order.people,
                    from: order.from,
                    until: order.until,
                }),
            }
        }
    }

    /// A fast loading, for the queues.
    fn load(&self, pool: &PathPool, orders: &[PathOrder], memory: &mut LoadingMemory) {
        let schedules: Vec<Schedule> = orders
            .iter()
            .map(|o| vec![DepartureWindow { from: o.from, until: o.until, share: 1.0 }])
            .collect();
        let loads: Vec<PathLoad<'_>> = orders
            .iter()
            .zip(&schedules)
            .map(|(o, schedule)| PathLoad { path: o.path, people: float(o.people), schedule })
            .collect();
        memory.run(self.finishing.roads, pool, &loads, self.finishing.size, KeptDetail::BusyPeriods);
    }
}
