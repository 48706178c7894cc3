//! From shares to orders: whole people, carried out exactly, repaired, metered so that queues fit on their roads, and whoever is left
//! brought in. Of several plans the best by the exact replay counts: first who brings more people, then who brings them sooner on roads
//! that have room for them. Whom the replay promises by letting more stand on a road than fit counts only as far as the road keeps the
//! promise ([`crate::on_road`]).

use crate::bring::bring_in;
use crate::figures;
use crate::fit::fit_sites;
use crate::local_search::LocalSearch;
use crate::metering::{Metering, MeteringTask, metering_window, ready_by_window};
use crate::orders::{PathOrder, PathStream, orders_of, repair, sent_orders};
use crate::spread::{SpreadTask, join_windows, spread};
use clearway_loading::exact::ExactLoading;
use clearway_loading::overflow::{Overflow, overflow};
use clearway_loading::packet::{KeptDetail, LoadingMemory, PacketOutcome, PathLoad, PreparedRoads};
use clearway_loading::path::PathPool;
use clearway_loading::schedule::earliest_schedule;
use clearway_model::number::float;
use clearway_model::{OnRoad, SpillReason};
use clearway_network::{ElementIndex, LinkRooms, PerZone};
use clearway_simulate::trial::RoadTrial;
use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

/// Rounds of spreading departures.
const SPREAD_ROUNDS: usize = 24;
/// How often departures are metered anew, with less capacity where roads still overflow, and how much less.
const METER_ROUNDS: usize = 3;
const NARROWER: f64 = 0.02;
/// How much longer it may take than without a limit to routes or space, at first and where some find no place.
const LONGER: f64 = 1.35;
const MUCH_LONGER: f64 = 4.0;
/// How much a plan may cost more that is spill-free, as a share.
const SPILL_FREE_WORTH: f64 = 0.01;
/// How much worse a plan is for each minute of a vehicle beyond the room of its road, in minutes of its people.
const OVERFLOW_WEIGHT: f64 = 20.0;

/// What all plans of a scenario have in common.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PlanFinishing<'a> {
    /// The network as the search has it.
    pub roads: &'a PreparedRoads<'a>,
    /// When one can leave each zone at the latest, ms.
    pub ends: &'a PerZone<i64>,
    /// Room of the links; `None`: queues take no space.
    pub rooms: Option<&'a LinkRooms>,
    /// The same roads as the simulation has them; there where rooms are.
    pub road: Option<&'a RoadTrial>,
    /// When everybody could be there, were there no limit to routes or space, ms; `None`: never.
    pub bound: Option<i64>,
    /// Length of a departure window, ms.
    pub window: i64,
    /// Most routes per zone; `None`: no limit.
    pub most: Option<usize>,
    /// Nobody takes a way that the zone does not have yet.
    pub known_ways_only: bool,
    /// People per packet of the fast replay.
    pub size: f64,
    /// People moved together in the exact replay.
    pub packet_people: i64,
    /// 1 + the safety margin.
    pub stretch: f64,
    /// Share of each road's capacity that metered orders use at the most.
    pub capacity_share: f64,
}

/// What the linear program says of the people of some streams, kept so that it need not be solved again to place them otherwise.
#[derive(Debug)]
pub(crate) struct SharedDepartures {
    /// How much longer it may take than without a limit to routes or space, as a factor.
    longer: f64,
    /// How many people leave per path and window.
    wanted: Vec<f32>,
    /// What the queues wait for that do not fit on their links once these people are placed.
    crowded: Vec<ElementIndex>,
}

/// Orders of which everybody arrives, and their replay.
#[derive(Debug, Clone)]
pub(crate) struct FinishedPlan {
    /// Orders of which everybody arrives.
    pub orders: Vec<PathOrder>,
    /// What their exact loading gives.
    pub replay: ExactLoading,
    /// How many people arrive by the end of the planning horizon.
    pub(crate) arrived: i64,
    /// The same where queues take space, once it is known.
    pub(crate) arrived_on_road: OnceLock<i64>,
    /// Why it is spill-free or not, where there was a choice: the reason, and how many people arrive by the orders that were not taken, on
    /// paper.
    pub choice: Option<(SpillReason, i64)>,
    /// What becomes of it where queues take space, and what was changed for it.
    pub on_road: Option<OnRoad>,
    /// How its departures were shared out, where they were.
    pub(crate) shared: Option<Arc<SharedDepartures>>,
    /// Sum of arrival times with the weight of the last one, people x ms.
    cost: f64,
    /// When the last of those who arrive do so, µs.
    pub(crate) last_us: i64,
    /// Links that hold more than fit; none where queues take no space.
    pub overflow: Overflow,
    /// People x minutes beyond the room of links.
    overflow_people_min: f64,
}

/// What the queues wait for that do not fit on their links.
fn crowded(pool: &PathPool, plan: &FinishedPlan) -> Vec<ElementIndex> {
    let full: BTreeSet<ElementIndex> = plan.overflow.links.iter().map(|link| link.element).collect();
    let pairs = plan.orders.iter().flat_map(|order| pool.get(order.path).elements.windows(2));
    let next: BTreeSet<ElementIndex> =
        pairs.filter(|pair| full.contains(&pair[0])).map(|pair| pair[1]).collect();
    next.into_iter().collect()
}

impl FinishedPlan {
    /// With what decides between plans.
    pub fn new(orders: Vec<PathOrder>, replay: ExactLoading, evacuees: f64) -> Self {
        let (mut arrived, mut sum, mut last) = (0, 0i128, 0);
        for small_packet in &replay.packets {
            if let Some(arrival) = small_packet.arrival {
                arrived += small_packet.people;
                sum += i128::from(small_packet.people) * i128::from(arrival);
                last = last.max(arrival);
            }
        }
        let cost = (float(sum) + LocalSearch::LAST_WEIGHT * evacuees * float(last)) / 1000.0;
        Self {
            orders,
            replay,
            arrived,
            arrived_on_road: OnceLock::new(),
            choice: None,
            on_road: None,
            shared: None,
            cost,
            last_us: last,
            overflow: Overflow::default(),
            overflow_people_min: 0.0,
        }
    }

    /// What decides between plans that bring as many people.
    fn whole_cost(&self) -> f64 {
        self.cost + OVERFLOW_WEIGHT * 60_000.0 * self.overflow_people_min
    }

    /// Whether it brings people sooner than another that brings as many.
    fn is_sooner(&self, other: &Self) -> bool {
        match (self.overflow.is_spill_free(), other.overflow.is_spill_free()) {
            (true, false) => self.cost <= other.cost * (1.0 + SPILL_FREE_WORTH),
            (false, true) => self.cost * (1.0 + SPILL_FREE_WORTH) < other.cost,
            _ => self.whole_cost() < other.whole_cost(),
        }
    }
}

impl PlanFinishing<'_> {
    /// The orders of some streams. The pool gets the ways by which others are brought in.
    pub fn finish(&self, pool: &mut PathPool, mut streams: Vec<PathStream>) -> FinishedPlan {
        fit_sites(self.roads.network, pool, &mut streams);
        match self.rooms {
            Some(rooms) => {
                let people: i64 = streams.iter().map(|stream| stream.people).sum();
                let metered = self.metered(rooms, pool, &self.metering(pool, &streams));
                // what is to end is not made better
                if metered.arrived >= people || self.roads.cancel.is_cancelled() {
                    metered
                } else {
                    self.with_queues(rooms, pool, streams, metered)
                }
            }
            None => self.spread(pool, streams),
        }
    }

    /// Whether a plan, with the ways of its orders, brings more people than another, or as many sooner. Where one has more on paper because
    /// queues stand on top of each other, what the road makes of it counts.
    pub fn is_better(
        &self,
        (pool, plan): (&PathPool, &FinishedPlan),
        (other_pool, other): (&PathPool, &FinishedPlan),
    ) -> bool {
        if plan.arrived != other.arrived {
            let more = if plan.arrived > other.arrived { plan } else { other };
            let (arrived, others) = if more.overflow.is_spill_free() {
                (plan.arrived, other.arrived)
            } else {
                (self.arrived_on_road(pool, plan), self.arrived_on_road(other_pool, other))
            };
            if arrived != others {
                return arrived > others;
            }
        }
        plan.is_sooner(other)
    }

    /// Where some find no free way, others may bring them who wait on the road: of metered orders and such, those that bring more people
    /// there.
    fn with_queues(
        &self,
        rooms: &LinkRooms,
        pool: &mut PathPool,
        streams: Vec<PathStream>,
        mut metered: FinishedPlan,
    ) -> FinishedPlan {
        let spread = self.spread(pool, streams);
        let spread = self.judged(rooms, pool, spread.orders);
        if spread.arrived <= metered.arrived {
            return metered;
        }
        let on_paper = spread.arrived;
        let mut spread = self.kept_on_road(rooms, pool, spread);
        if self.arrived_on_road(pool, &spread) > self.arrived_on_road(pool, &metered) {
            // where what was metered is not spill-free either there was no choice
            let is_choice = metered.overflow.is_spill_free();
            spread.choice = is_choice.then_some((SpillReason::MoreArrive, metered.arrived));
            spread.shared = metered.shared;
            return spread;
        }
        metered.choice = Some((SpillReason::OnPaperOnly, on_paper));
        metered
    }

    /// A finished plan of some streams once more, with queues made shorter that do not fit on their roads, and without those who would
    /// stand in them for ever.
    pub fn refine(
        &self,
        pool: &mut PathPool,
        mut streams: Vec<PathStream>,
        finished: FinishedPlan,
    ) -> FinishedPlan {
        let Some(rooms) =
            self.rooms.filter(|_| !finished.overflow.is_spill_free() && !self.roads.cancel.is_cancelled())
        else {
            return finished;
        };
        fit_sites(self.roads.network, pool, &mut streams);
        let best = match self.narrowed(rooms, pool, &streams, &finished) {
            Some(refined) if self.is_better((pool, &refined), (pool, &finished)) => refined,
            _ => finished,
        };
        self.kept_on_road(rooms, pool, best)
    }

    /// The departures of a finished plan placed again with less of the capacity for which queues wait that do not fit on their roads, as
    /// often as some are left: the best that comes of it, if there is anything to narrow.
    fn narrowed(
        &self,
        rooms: &LinkRooms,
        pool: &mut PathPool,
        streams: &[PathStream],
        finished: &FinishedPlan,
    ) -> Option<FinishedPlan> {
        let shared = finished.shared.as_ref()?;
        let mut metering = self.metering_again(pool, streams, shared);
        let mut crowded = shared.crowded.clone();
        let mut best: Option<FinishedPlan> = None;
        for _ in 1..METER_ROUNDS {
            if crowded.is_empty() || self.roads.cancel.is_cancelled() {
                break;
            }
            metering.narrow(&crowded, NARROWER);
            metering.place_all();
            let plan = self.judged(rooms, pool, metering.orders());
            crowded = self::crowded(pool, &plan);
            if best.as_ref().is_none_or(|best| self.is_better((pool, &plan), (pool, best))) {
                best = Some(plan);
            }
        }
        let mut best = self.with_others(rooms, pool, best?);
        (best.choice, best.shared) = (finished.choice, Some(Arc::clone(shared)));
        Some(best)
    }

    /// Orders whose queues fit on their roads, as far as they are found at once, and the length of their windows, ms.
    pub fn placed_anew(
        &self,
        rooms: &LinkRooms,
        pool: &mut PathPool,
        streams: &[PathStream],
    ) -> (FinishedPlan, i64) {
        let metering = self.metering(pool, streams);
        (self.metered(rooms, pool, &metering), metering.window())
    }

    /// The plan of people placed in windows, with those brought in who found no place.
    fn metered(&self, rooms: &LinkRooms, pool: &mut PathPool, metering: &Metering<'_>) -> FinishedPlan {
        let plan = self.judged(rooms, pool, metering.orders());
        let crowded = crowded(pool, &plan);
        let (longer, wanted) = (metering.longer(), metering.wanted().to_vec());
        let mut plan = self.with_others(rooms, pool, plan);
        plan.shared = Some(Arc::new(SharedDepartures { longer, wanted, crowded }));
        plan
    }

    /// Orders as they are, whoever is in one arriving, with those brought in who are in none.
    pub fn keep(&self, pool: &mut PathPool, orders: Vec<PathOrder>) -> FinishedPlan {
        let network = self.roads.network;
        match self.rooms {
            Some(rooms) => {
                let kept = self.judged(rooms, pool, orders);
                self.with_others(rooms, pool, kept)
            }
            None => {
                let mut orders = orders;
                let (cancel, stretch) = (&self.roads.cancel, self.stretch);
                let mut replay = repair(network, pool, &mut orders, self.packet_people, stretch, cancel);
                bring_in(self, pool, &mut orders, &mut replay);
                FinishedPlan::new(orders, replay, float(network.evacuees()))
            }
        }
    }

    /// A plan with those brought in who are in no order. Who arrives comes first; but nobody is brought in for whom the road has no room,
    /// as that helps on paper only.
    pub(crate) fn with_others(
        &self,
        rooms: &LinkRooms,
        pool: &mut PathPool,
        best: FinishedPlan,
    ) -> FinishedPlan {
        let (mut orders, mut replay) = (best.orders.clone(), best.replay.clone());
        bring_in(self, pool, &mut orders, &mut replay);
        if orders == best.orders {
            return best;
        }
        let more = self.judged(rooms, pool, orders);
        if more.arrived > best.arrived && more.overflow_people_min <= best.overflow_people_min {
            more
        } else {
            best
        }
    }

    /// When the last of those who arrive do so where queues take no space, ms; not before the bound.
    fn last_without_space(&self, pool: &PathPool, streams: &[PathStream]) -> i64 {
        let loads: Vec<PathLoad<'_>> = streams
            .iter()
            .map(|s| PathLoad { path: s.path, people: float(s.people), schedule: &s.schedule })
            .collect();
        let keep = KeptDetail::OutcomeAlone;
        let outcome = LoadingMemory::default().run(self.roads, pool, &loads, self.size, keep);
        outcome.last.max(self.bound.unwrap_or(0)).max(self.window)
    }

    /// Orders carried out exactly and repaired, with what they leave no room for.
    pub(crate) fn judged(
        &self,
        rooms: &LinkRooms,
        pool: &PathPool,
        mut orders: Vec<PathOrder>,
    ) -> FinishedPlan {
        let network = self.roads.network;
        let cancel = &self.roads.cancel;
        let replay = repair(network, pool, &mut orders, self.packet_people, self.stretch, cancel);
        let overflow = overflow(network, rooms, &sent_orders(pool, &orders), self.packet_people);
        let mut plan = FinishedPlan::new(orders, replay, float(network.evacuees()));
        plan.overflow_people_min = overflow.vehicle_min() * rooms.people_per_vehicle;
        plan.overflow = overflow;
        plan
    }

    /// Orders for queues that take no space: departures later where people would wait on the road.
    fn spread(&self, pool: &mut PathPool, mut streams: Vec<PathStream>) -> FinishedPlan {
        let network = self.roads.network;
        let (small_packet, stretch) = (self.packet_people, self.stretch);
        let evacuees = float(network.evacuees());
        let weight = LocalSearch::LAST_WEIGHT * evacuees;
        let cost = |o: &PacketOutcome| {
            o.arrival_sum + o.stranded * 2.0 * float(network.horizon) + weight * float(o.last)
        };
        let mut orders = orders_of(&streams);
        let mut replay = repair(network, pool, &mut orders, small_packet, stretch, &self.roads.cancel);
        let task = SpreadTask {
            roads: self.roads,
            pool,
            size: self.size,
            window: self.window,
            ends: self.ends,
            cost: &cost,
            rounds: SPREAD_ROUNDS,
        };
        spread(&task, &mut streams);
        for stream in &mut streams {
            let ready = network.zones[stream.zone].release.end();
            stream.schedule = join_windows(&stream.schedule, ready);
        }
        let mut spread_orders = orders_of(&streams);
        let spread_replay =
            repair(network, pool, &mut spread_orders, small_packet, stretch, &self.roads.cancel);
        // The spread is judged by the exact replay: it must not bring fewer people nor the last of them much later.
        if figures::is_no_worse(&spread_replay, &replay, network.horizon) {
            (orders, replay) = (spread_orders, spread_replay);
        }
        bring_in(self, pool, &mut orders, &mut replay);
        FinishedPlan::new(orders, replay, evacuees)
    }
}

impl<'a> PlanFinishing<'a> {
    /// The people of streams placed in windows, as the linear program shares them out.
    pub(crate) fn metering(&self, pool: &PathPool, streams: &[PathStream]) -> Metering<'a> {
        let last = self.last_without_space(pool, streams);
        let share = self.capacity_share;
        let made = |longer: f64| {
            let mut metering = Metering::new(self.metering_task(last, longer), pool, streams);
            metering.solve();
            metering.place_all();
            metering
        };
        let metering = made(LONGER / share);
        let has_time = float(last) * LONGER / share < float(self.roads.network.horizon);
        if metering.unplaced() > 0 && has_time && !self.roads.cancel.is_cancelled() {
            drop(metering);
            return made(MUCH_LONGER / share);
        }
        metering
    }

    /// The same people, not yet placed, with what the linear program said of them.
    pub(crate) fn metering_again(
        &self,
        pool: &PathPool,
        streams: &[PathStream],
        shared: &SharedDepartures,
    ) -> Metering<'a> {
        let last = self.last_without_space(pool, streams);
        let mut metering = Metering::new(self.metering_task(last, shared.longer), pool, streams);
        metering.want(shared.wanted.clone());
        metering
    }

    fn metering_task(&self, last: i64, longer: f64) -> MeteringTask<'a> {
        let network = self.roads.network;
        let window = metering_window(network, self.window, last);
        let schedules = network.zones.iter().zip(self.ends);
        let schedules = schedules.map(|(zone, &end)| earliest_schedule(&zone.release, window, end)).collect();
        MeteringTask {
            roads: self.roads,
            window,
            asked: self.window,
            ready: ready_by_window(&schedules, network, window),
            last,
            longer,
            share: self.capacity_share,
            packet_people: self.packet_people,
        }
    }
}
