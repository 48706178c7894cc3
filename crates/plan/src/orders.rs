//! Orders: whole people on paths over departure windows, carried out exactly, repaired until everyone in one arrives.

use crate::local_search::{Mix, ZoneGroup};
use clearway_loading::exact::{ExactLoading, SentOrder, load_exactly};
use clearway_loading::path::{PathIndex, PathPool};
use clearway_loading::schedule::{Schedule, whole_people};
use clearway_model::Cancel;
use clearway_model::number::{float, floor, length};
use clearway_network::{Network, PerZone, ZoneIndex};

/// Whole people of one zone on one path with their departures.
#[derive(Debug, Clone, PartialEq)]
pub struct PathStream {
    /// The zone that they leave.
    pub zone: ZoneIndex,
    /// The path that they take.
    pub path: PathIndex,
    /// How many people they are.
    pub people: i64,
    /// When which share of them leaves.
    pub schedule: Schedule,
}

/// People of one zone who leave in one window by one path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PathOrder {
    /// The zone that they leave.
    pub zone: ZoneIndex,
    /// The path that they take.
    pub path: PathIndex,
    /// How many people they are.
    pub people: i64,
    /// Begin of the departure window, ms.
    pub from: i64,
    /// End of the window (excluded), ms.
    pub until: i64,
}

/// Rounds people on paths to whole people, group by group, by largest remainders; `moved` is the sum per group.
pub fn whole_mix(mix: &[Vec<(PathIndex, f64)>], moved: &[i64]) -> Vec<Vec<(PathIndex, i64)>> {
    mix.iter()
        .zip(moved)
        .map(|(ways, &moved)| {
            let weights: Vec<f64> = ways.iter().map(|way| way.1).collect();
            let whole = ways.iter().map(|way| way.0).zip(whole_shares(&weights, moved));
            whole.filter(|way| way.1 > 0).collect()
        })
        .collect()
}

/// Shares `people` out by weights, whole people, by largest remainders; nobody where all weights are 0.
pub(crate) fn whole_shares(weights: &[f64], people: i64) -> Vec<i64> {
    let total: f64 = weights.iter().sum();
    if total <= 0.0 || people <= 0 {
        return vec![0; weights.len()];
    }
    let exact: Vec<f64> = weights.iter().map(|weight| weight / total * float(people)).collect();
    let mut whole: Vec<i64> = exact.iter().map(|x| floor(*x)).collect();
    let mut rest = people - whole.iter().sum::<i64>();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by(|&a, &b| {
        let remainder = |i: usize| exact[i] - exact[i].floor();
        remainder(b).total_cmp(&remainder(a)).then(a.cmp(&b))
    });
    for index in order.into_iter().cycle() {
        if rest <= 0 {
            break;
        }
        whole[index] += 1;
        rest -= 1;
    }
    whole
}

/// The mix as streams of whole people; `moved` is how many people of each zone are moved.
pub fn streams_of(groups: &[ZoneGroup], mix: &Mix, moved: &PerZone<i64>) -> Vec<PathStream> {
    let people = group_people(groups, moved);
    let mut streams = Vec::new();
    for (group, ways) in whole_mix(mix, &people).into_iter().enumerate() {
        let ZoneGroup { zone, schedule, .. } = &groups[group];
        streams.extend(ways.into_iter().map(|(path, people)| PathStream {
            zone: *zone,
            path,
            people,
            schedule: schedule.clone(),
        }));
    }
    streams
}

/// Whole people per group: of a zone's people as many as its groups so far together may have, rounded down, so that nobody is
/// sent early.
fn group_people(groups: &[ZoneGroup], moved: &PerZone<i64>) -> Vec<i64> {
    let (mut zone, mut share, mut given) = (None, 0.0, 0);
    let last = |index: usize| groups.get(index + 1).is_none_or(|next| next.zone != groups[index].zone);
    (0..groups.len())
        .map(|index| {
            let group = &groups[index];
            if zone != Some(group.zone) {
                (zone, share, given) = (Some(group.zone), 0.0, 0);
            }
            share += group.share;
            let all = moved[group.zone];
            let upto = if last(index) { all } else { floor(share * float(all) + 1e-9) };
            let people = upto - given;
            given = upto;
            people
        })
        .collect()
}

/// The orders of streams, in their order, each stream's by time.
pub fn orders_of(streams: &[PathStream]) -> Vec<PathOrder> {
    streams
        .iter()
        .flat_map(|s| {
            whole_people(&s.schedule, s.people).into_iter().map(|window| PathOrder {
                zone: s.zone,
                path: s.path,
                people: window.people,
                from: window.from,
                until: window.until,
            })
        })
        .collect()
}

/// The exact loading of orders; `stretch`: 1 + the safety margin.
pub fn replay_orders(
    network: &Network,
    pool: &PathPool,
    orders: &[PathOrder],
    packet_people: i64,
    stretch: f64,
) -> ExactLoading {
    load_exactly(network, &sent_orders(pool, orders), packet_people, stretch)
}

/// Orders as the exact loading sees them.
pub fn sent_orders<'a>(pool: &'a PathPool, orders: &[PathOrder]) -> Vec<SentOrder<'a>> {
    let sent = |o: &PathOrder| SentOrder {
        elements: &pool.get(o.path).elements,
        people: o.people,
        from: o.from,
        until: o.until,
    };
    orders.iter().map(sent).collect()
}

/// Stops of packets in the replays that take out only half of those who do not arrive, about; and such replays at the most.
const GENTLE_STOPS: i64 = 20_000_000;
const GENTLE_ROUNDS: i64 = 8;
/// Replays after those until a whole order goes if anybody of it does not arrive, so that this ends.
const PATIENT_ROUNDS: i64 = 12;

/// Rounds of [`repair`] that take out only half.
pub(crate) fn gentle_rounds(pool: &PathPool, orders: &[PathOrder], packet_people: i64) -> i64 {
    let stops =
        |o: &PathOrder| (o.people / packet_people.max(1) + 1) * length(pool.get(o.path).elements.len());
    (GENTLE_STOPS / orders.iter().map(stops).sum::<i64>().max(1)).min(GENTLE_ROUNDS)
}

/// Takes people who do not arrive out of their orders and replays, until everyone in an order arrives. At first only half of them
/// go: where some are gone others get through.
pub fn repair(
    network: &Network,
    pool: &PathPool,
    orders: &mut Vec<PathOrder>,
    packet_people: i64,
    stretch: f64,
    cancel: &Cancel,
) -> ExactLoading {
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
