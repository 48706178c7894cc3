//! Orders: whole people on ways over departure windows, carried out exactly, repaired until everyone in one arrives.

use crate::local_search::{Group, Mix};
use clearway_loading::exact::{Loading, Sending, load_exactly};
use clearway_loading::path::PathPool;
use clearway_loading::schedule::{Schedule, whole_people};
use clearway_model::Cancel;
use clearway_network::Network;

/// Whole people of one zone on one way with their departures.
#[derive(Debug, Clone, PartialEq)]
pub struct Stream {
    /// Row of `zones.csv`.
    pub zone: u32,
    /// Number of the way.
    pub way: u32,
    /// How many people.
    pub people: i64,
    /// When they leave.
    pub schedule: Schedule,
}

/// One order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// Row of `zones.csv`.
    pub zone: u32,
    /// Number of the way.
    pub way: u32,
    /// How many people.
    pub people: i64,
    /// Departure window, ms.
    pub from: i64,
    /// End of the window (excluded), ms.
    pub until: i64,
}

/// Rounds people on ways to whole people, group by group, by largest remainders; `moved` is the sum per group.
pub fn whole_mix(mix: &[Vec<(u32, f64)>], moved: &[i64]) -> Vec<Vec<(u32, i64)>> {
    mix.iter()
        .zip(moved)
        .map(|(ways, &moved)| {
            let total: f64 = ways.iter().map(|w| w.1).sum();
            if total <= 0.0 || moved <= 0 {
                return Vec::new();
            }
            let exact: Vec<f64> = ways.iter().map(|w| w.1 / total * moved as f64).collect();
            let mut whole: Vec<(u32, i64)> =
                ways.iter().zip(&exact).map(|(w, x)| (w.0, x.floor() as i64)).collect();
            let mut rest = moved - whole.iter().map(|w| w.1).sum::<i64>();
            let mut order: Vec<usize> = (0..ways.len()).collect();
            order.sort_by(|&a, &b| {
                let remainder = |i: usize| exact[i] - exact[i].floor();
                remainder(b).total_cmp(&remainder(a)).then(a.cmp(&b))
            });
            for index in order.into_iter().cycle() {
                if rest <= 0 {
                    break;
                }
                whole[index].1 += 1;
                rest -= 1;
            }
            whole.retain(|w| w.1 > 0);
            whole
        })
        .collect()
}

/// The mix as streams of whole people; `moved` is how many people of each zone are moved.
pub fn streams_of(groups: &[Group], mix: &Mix, moved: &[i64]) -> Vec<Stream> {
    let people = group_people(groups, moved);
    let mut streams = Vec::new();
    for (group, ways) in whole_mix(mix, &people).into_iter().enumerate() {
        let Group { zone, schedule, .. } = &groups[group];
        streams.extend(ways.into_iter().map(|(way, people)| Stream {
            zone: *zone,
            way,
            people,
            schedule: schedule.clone(),
        }));
    }
    streams
}

/// Whole people per group: of a zone's people as many as its groups so far together may have, rounded down, so that nobody is
/// sent early.
fn group_people(groups: &[Group], moved: &[i64]) -> Vec<i64> {
    let (mut zone, mut share, mut given) = (u32::MAX, 0.0, 0);
    let last = |index: usize| groups.get(index + 1).is_none_or(|next| next.zone != groups[index].zone);
    (0..groups.len())
        .map(|index| {
            let group = &groups[index];
            if group.zone != zone {
                (zone, share, given) = (group.zone, 0.0, 0);
            }
            share += group.share;
            let all = moved[zone as usize];
            let upto = if last(index) { all } else { (share * all as f64 + 1e-9).floor() as i64 };
            let people = upto - given;
            given = upto;
            people
        })
        .collect()
}

/// The orders of streams, in their order, each stream's by time.
pub fn orders_of(streams: &[Stream]) -> Vec<Order> {
    streams
        .iter()
        .flat_map(|s| {
            whole_people(&s.schedule, s.people).into_iter().map(|(from, until, people)| Order {
                zone: s.zone,
                way: s.way,
                people,
                from,
                until,
            })
        })
        .collect()
}

/// Exact replay of orders.
pub fn replay_orders(
    network: &Network,
    pool: &PathPool,
    orders: &[Order],
    packet_people: i64,
    stretch: f64,
) -> Loading {
    let sendings: Vec<Sending<'_>> = orders
        .iter()
        .map(|o| Sending {
            elements: &pool.get(o.way).elements,
            people: o.people,
            from: o.from,
            until: o.until,
        })
        .collect();
    load_exactly(network, &sendings, packet_people, stretch)
}

/// Stops of packets in the replays that take out only half of those who do not arrive, about; and such replays at the most.
const GENTLE_STOPS: i64 = 20_000_000;
const GENTLE_ROUNDS: i64 = 8;
/// Replays after those until a whole order goes if anybody of it does not arrive, so that this ends.
const PATIENT_ROUNDS: i64 = 12;

/// Rounds of [`repair`] that take out only half.
pub(crate) fn gentle_rounds(pool: &PathPool, orders: &[Order], packet_people: i64) -> i64 {
    let stops = |o: &Order| (o.people / packet_people.max(1) + 1) * pool.get(o.way).elements.len() as i64;
    (GENTLE_STOPS / orders.iter().map(stops).sum::<i64>().max(1)).min(GENTLE_ROUNDS)
}

/// Takes people who do not arrive out of their orders and replays, until everyone in an order arrives. At first only half of them
/// go: where some are gone others get through.
pub fn repair(
    network: &Network,
    pool: &PathPool,
    orders: &mut Vec<Order>,
    packet_people: i64,
    stretch: f64,
    cancel: &Cancel,
) -> Loading {
    let gentle = gentle_rounds(pool, orders, packet_people);
    let mut round = 0;
    loop {
        let replay = replay_orders(network, pool, orders, packet_people, stretch);
        let stranded = replay.stranded(orders.len());
        if stranded.iter().all(|&people| people == 0) || cancel.is_cancelled() {
            return replay;
        }
        round += 1;
        for (order, stranded) in orders.iter_mut().zip(stranded) {
            // Fewer people leave later within the window.
            order.people -= match stranded {
                0 => 0,
                _ if round > gentle + PATIENT_ROUNDS => order.people,
                _ if round <= gentle => (stranded + 1) / 2,
                _ => stranded,
            };
        }
        orders.retain(|o| o.people > 0);
    }
}
