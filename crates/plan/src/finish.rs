//! From shares to orders: whole people, carried out exactly, repaired, spread, and whoever is left brought in. Of several plans the
//! best by the exact replay counts: first who brings more people, then who brings them sooner.

use crate::bring::bring_in;
use crate::figures;
use crate::fit::fit_sites;
use crate::local_search::LocalSearch;
use crate::orders::{PathOrder, PathStream, orders_of, repair};
use crate::spread::{SpreadTask, join_windows, spread};
use clearway_loading::exact::ExactLoading;
use clearway_loading::packet::{PacketOutcome, PreparedRoads};
use clearway_loading::path::PathPool;
use clearway_model::number::float;
use clearway_network::PerZone;

/// Rounds of spreading departures.
const SPREAD_ROUNDS: usize = 24;

/// What all plans of a scenario have in common.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PlanFinishing<'a> {
    /// The network as the search has it.
    pub roads: &'a PreparedRoads<'a>,
    /// When one can leave each zone at the latest, ms.
    pub ends: &'a PerZone<i64>,
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
}

/// Orders of which everybody arrives, and their replay.
#[derive(Debug, Clone)]
pub(crate) struct FinishedPlan {
    /// Orders of which everybody arrives.
    pub orders: Vec<PathOrder>,
    /// What their exact loading gives.
    pub replay: ExactLoading,
    /// How many people arrive by the end of the planning horizon.
    arrived: i64,
    /// Sum of arrival times with the weight of the last one, people x ms.
    cost: f64,
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
        Self { orders, replay, arrived, cost }
    }

    /// Whether it brings more people than another, or as many sooner.
    pub fn is_better(&self, other: &Self) -> bool {
        self.arrived > other.arrived || self.arrived == other.arrived && self.cost < other.cost
    }
}

impl PlanFinishing<'_> {
    /// The orders of some streams. The pool gets the ways by which others are brought in.
    pub fn finish(&self, pool: &mut PathPool, mut streams: Vec<PathStream>) -> FinishedPlan {
        let network = self.roads.network;
        let (small_packet, stretch) = (self.packet_people, self.stretch);
        fit_sites(network, pool, &mut streams);
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
