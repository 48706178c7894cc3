//! What round windows cost, and what it costs that queues fit on their roads: the routes of the plan, as many people on each, with their
//! departures placed once more.

use crate::figures::PlanFigures;
use crate::finish::PlanFinishing;
use crate::orders::{PathOrder, PathStream, orders_of, repair};
use clearway_loading::exact::ExactLoading;
use clearway_loading::path::{PathIndex, PathPool};
use clearway_loading::schedule::earliest_schedule;
use clearway_model::time::seconds;
use clearway_model::{PlacedTimes, PlanPrices, WindowPrice};
use clearway_network::{LinkRooms, ZoneIndex};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Windows that are tried beside those of the plan, ms: 1, 5, 15 and 30 min.
const WINDOWS: [i64; 4] = [60_000, 300_000, 900_000, 1_800_000];

impl PlanFinishing<'_> {
    /// The prices of a plan with these orders. Nothing else of the plan changes, and nobody is brought in by new ways.
    pub fn prices(&self, pool: &PathPool, orders: &[PathOrder]) -> PlanPrices {
        let mut windows: Vec<i64> = WINDOWS.iter().copied().chain([self.window]).collect();
        windows.sort_unstable();
        windows.dedup();
        let placed = match self.rooms {
            Some(rooms) => {
                windows.into_par_iter().map(|window| self.with_windows(rooms, pool, orders, window)).collect()
            }
            None => Vec::new(),
        };
        PlanPrices { ignoring_space: self.at_once(pool, orders), windows: placed }
    }

    /// Everybody leaves as soon as they are ready, and queues take no space.
    fn at_once(&self, pool: &PathPool, orders: &[PathOrder]) -> PlacedTimes {
        let task = Self { window: self.window.min(WINDOWS[0]), ..*self };
        let mut orders = orders_of(&task.streams(orders));
        let cancel = &self.roads.cancel;
        let replay = repair(self.roads.network, pool, &mut orders, self.packet_people, self.stretch, cancel);
        self.times(pool, &orders, &replay)
    }

    /// Departures metered anew, in windows of another length.
    fn with_windows(
        &self,
        rooms: &LinkRooms,
        pool: &PathPool,
        orders: &[PathOrder],
        window: i64,
    ) -> WindowPrice {
        let task = Self { window, known_ways_only: true, ..*self };
        let streams = task.streams(orders);
        let mut pool = pool.clone();
        let (placed, made) = task.placed_anew(rooms, &mut pool, &streams);
        WindowPrice {
            window_s: seconds(window),
            made_s: seconds(made),
            spill_free: placed.overflow.is_spill_free(),
            times: self.times(&pool, &placed.orders, &placed.replay),
        }
    }

    /// As many people on each route as by the orders, ready as their zone is.
    fn streams(&self, orders: &[PathOrder]) -> Vec<PathStream> {
        let mut people: BTreeMap<(ZoneIndex, PathIndex), i64> = BTreeMap::new();
        for order in orders {
            *people.entry((order.zone, order.path)).or_default() += order.people;
        }
        let zones = &self.roads.network.zones;
        people
            .into_iter()
            .map(|((zone, path), people)| {
                let schedule = earliest_schedule(&zones[zone].release, self.window, self.ends[zone]);
                PathStream { zone, path, people, schedule }
            })
            .collect()
    }

    fn times(&self, pool: &PathPool, orders: &[PathOrder], replay: &ExactLoading) -> PlacedTimes {
        PlanFigures::new(self.roads.network, pool, orders, replay).times()
    }
}
