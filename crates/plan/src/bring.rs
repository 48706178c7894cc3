//! Whoever is left is brought in, if there is any way and time: who arrives comes before when.
//!
//! The search shares out as many people as the best flow moves, in rounded steps; repair takes out those who do not arrive. Both leave a
//! few behind for whom there is room, by another way or at another time. They are sent where one more person gets through at
//! the earliest; it stays if the exact replay brings more people in all.

use crate::finish::Finishing;
use crate::orders::{Order, gentle_rounds, repair};
use clearway_loading::exact::Loading;
use clearway_loading::marginal::{Marginal, NEVER, WaySearch, to_sites};
use clearway_loading::packet::{Keep, Load, PacketOutcome, Roads, Scratch};
use clearway_loading::path::PathPool;
use clearway_loading::schedule::{Departure, Schedule, window_end};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Rounds at most, and exact replays in a row that may bring nobody.
const ROUNDS: usize = 24;
const IN_VAIN: usize = 8;
/// So many of those who are sent more must arrive in the fast replay, as a share, before the exact one is asked.
const PROMISING: f64 = 0.1;
/// Where people of a zone were sent in vain so often, it is given up. Each time twice as many of its windows are left out, from the
/// first on: whoever does not get through before a closing may after it.
const MOST_FAILS: u32 = 12;
/// Departure windows of a zone that are looked at in one round.
const WINDOWS: usize = 16;
/// Shares of those who are left that are tried, the largest first.
const SHARES: [f64; 4] = [1.0, 0.25, 0.0625, 0.016];
/// Stops of packets in all exact replays, about; three replays in any case. No clock decides.
const STOPS: u64 = 30_000_000;
const LEAST_REPLAYS: u64 = 3;
/// How often what is left of a window before a closing is halved, for ends that are tried.
const LATER_ENDS: u32 = 6;

/// People of a zone who could go, in a window, by a way.
#[derive(Debug, Clone)]
struct Offer {
    zone: u32,
    window: (i64, i64),
    elements: Vec<u32>,
    people: i64,
}

/// Sends those who are in no order, as long as more people arrive for it.
pub(crate) fn bring_in(
    task: &Finishing<'_>,
    pool: &mut PathPool,
    orders: &mut Vec<Order>,
    replay: &mut Loading,
) {
    let network = task.roads.network;
    let to_sites = to_sites(network);
    let mut fails: Vec<u32> = vec![0; network.zones.len()];
    let mut scratch = Scratch::default();
    let arrived = |orders: &[Order]| orders.iter().map(|o| o.people).sum::<i64>();
    let mut stops = 0;
    let (mut replays, mut in_vain) = (0, 0);
    for _ in 0..ROUNDS {
        if task.roads.cancel.is_cancelled() {
            return;
        }
        let left = left_of(task, orders);
        if left.iter().all(|&people| people == 0) || in_vain >= IN_VAIN {
            return;
        }
        let before = load(task.roads, pool, orders, task.size, &mut scratch, true);
        let offers = offers(task, pool, orders, &left, (&scratch, &to_sites), &fails);
        if offers.is_empty() {
            return;
        }
        let promising = SHARES.into_iter().find_map(|share| {
            let more = with_offers(task, pool, orders, &offers, share);
            let after = load(task.roads, pool, &more, task.size, &mut scratch, false);
            let sent = (arrived(&more) - arrived(orders)) as f64;
            (after.arrived > before.arrived + (sent * PROMISING).max(0.5)).then_some(more)
        });
        if let Some(mut more) = promising {
            let each: u64 = more.iter().map(|o| stops_of(task, pool, o)).sum();
            if replays >= LEAST_REPLAYS && stops + each > STOPS {
                return;
            }
            // Repairing takes more replays where anybody is stranded.
            let rounds = gentle_rounds(pool, &more, task.packet_people).unsigned_abs() + 2;
            (stops, replays) = (stops + rounds * each, replays + 1);
            let after =
                repair(network, pool, &mut more, task.packet_people, task.stretch, &task.roads.cancel);
            in_vain += 1;
            if arrived(&more) > arrived(orders) {
                (*orders, *replay) = (more, after);
                in_vain = 0;
            }
        }
        let still = left_of(task, orders);
        for offer in &offers {
            let zone = offer.zone as usize;
            if still[zone] >= left[zone] {
                fails[zone] += 1;
            }
        }
    }
}

/// Stops of an order's packets.
fn stops_of(task: &Finishing<'_>, pool: &PathPool, order: &Order) -> u64 {
    let packets = order.people / task.packet_people + 1;
    packets as u64 * pool.get(order.way).elements.len() as u64
}

/// Per zone, evacuees in no order.
fn left_of(task: &Finishing<'_>, orders: &[Order]) -> Vec<i64> {
    let mut left: Vec<i64> = task.roads.network.zones.iter().map(|zone| zone.evacuees).collect();
    for order in orders {
        left[order.zone as usize] -= order.people;
    }
    left.iter_mut().for_each(|people| *people = (*people).max(0));
    left
}

/// A fast replay of orders.
fn load(
    roads: &Roads<'_>,
    pool: &PathPool,
    orders: &[Order],
    size: f64,
    scratch: &mut Scratch,
    busy: bool,
) -> PacketOutcome {
    let schedules: Vec<Schedule> =
        orders.iter().map(|o| vec![Departure { from: o.from, until: o.until, share: 1.0 }]).collect();
    let loads: Vec<Load<'_>> = orders
        .iter()
        .zip(&schedules)
        .map(|(o, schedule)| Load { way: o.way, people: o.people as f64, schedule })
        .collect();
    scratch.run(roads, pool, &loads, size, Keep { busy, journeys: false })
}

/// For each zone with people left the window and the way by which one more person arrives at the earliest.
fn offers(
    task: &Finishing<'_>,
    pool: &PathPool,
    orders: &[Order],
    left: &[i64],
    (scratch, to_sites): (&Scratch, &[i64]),
    fails: &[u32],
) -> Vec<Offer> {
    let network = task.roads.network;
    let mut room: Vec<i64> = network.sites.iter().map(|s| s.capacity.unwrap_or(i64::MAX)).collect();
    let mut of_zone: BTreeMap<u32, Vec<Order>> = BTreeMap::new();
    for order in orders {
        let site = pool.get(order.way).site as usize;
        room[site] = room[site].saturating_sub(order.people);
        of_zone.entry(order.zone).or_default().push(*order);
    }
    let full: Vec<bool> = room.iter().map(|&room| room <= 0).collect();
    let cost = Marginal { roads: task.roads, busy: &scratch.busy, passes: None, full: &full };
    let zones: Vec<u32> = (0u32..).zip(left).filter(|(_, left)| **left > 0).map(|(zone, _)| zone).collect();
    let mut offers: Vec<Offer> = zones
        .into_par_iter()
        .map_init(WaySearch::default, |search, zone| {
            let own = of_zone.get(&zone).map_or(&[][..], Vec::as_slice);
            let mut ways: Vec<u32> = own.iter().map(|o| o.way).collect();
            ways.sort_unstable();
            ways.dedup();
            let may_take_new = !task.known_ways_only && task.most.is_none_or(|most| ways.len() < most);
            let windows = windows_of(task, zone, own, fails[zone as usize]);
            let best = windows.into_iter().filter_map(|(window, room)| {
                let middle = window.0 + (window.1 - window.0) / 2;
                let (elements, arrival) = if may_take_new {
                    search.best(&cost, to_sites, zone, middle)?
                } else {
                    let known = ways.iter().map(|&way| (cost.arrival(&pool.get(way).elements, middle), way));
                    let (arrival, way) = known.min().filter(|known| known.0 < NEVER)?;
                    (pool.get(way).elements.clone(), arrival)
                };
                Some((arrival, window, elements, room))
            });
            let (_, window, elements, room) = best.min_by_key(|b| (b.0, b.1))?;
            Some(Offer { zone, window, elements, people: room.min(left[zone as usize]) })
        })
        .flatten()
        .collect();
    for offer in &mut offers {
        let site = offer.elements.last().map_or(0, |&admission| network.place[admission as usize]) as usize;
        offer.people = offer.people.min(room[site]).max(0);
        room[site] -= offer.people;
    }
    offers.retain(|offer| offer.people > 0);
    offers
}

/// The orders, with a share of those who are offered.
fn with_offers(
    task: &Finishing<'_>,
    pool: &mut PathPool,
    orders: &[Order],
    offers: &[Offer],
    share: f64,
) -> Vec<Order> {
    let mut more = orders.to_vec();
    for offer in offers {
        let people = ((offer.people as f64 * share).ceil() as i64).clamp(1, offer.people);
        let way = pool.insert(task.roads.network, offer.zone, &offer.elements);
        let (from, until) = offer.window;
        let alike =
            |o: &&mut Order| o.zone == offer.zone && o.way == way && (o.from, o.until) == (from, until);
        match more.iter_mut().find(alike) {
            Some(order) => order.people += people,
            None => more.push(Order { zone: offer.zone, way, people, from, until }),
        }
    }
    more
}

/// Windows in which people of a zone could leave who are in no order, with how many are ready and not sent.
fn windows_of(task: &Finishing<'_>, zone: u32, orders: &[Order], fails: u32) -> Vec<((i64, i64), i64)> {
    let (window, end) = (task.window, task.ends[zone as usize]);
    let mut all: Vec<(i64, i64)> = Vec::new();
    let mut from = 0;
    while from < end {
        all.push((from, window_end(from, window, end)));
        from += window;
    }
    // The last one, cut short, may end later for those who are ready only then: they are too few to queue.
    if let Some(&(from, until)) = all.last().filter(|last| last.1 - last.0 < window) {
        let later = (2..=LATER_ENDS).map(|halvings| end - ((end - from) >> halvings));
        all.extend(later.filter(|end| *end > until).map(|end| (from, end)));
    }
    if fails > MOST_FAILS {
        return Vec::new();
    }
    let spare = Spare::new(task, zone, orders);
    let with_room = all.into_iter().map(|window| (window, spare.room(window))).filter(|w| w.1 > 0);
    let all: Vec<((i64, i64), i64)> = with_room.skip((1 << fails) - 1).collect();
    if all.len() <= WINDOWS {
        return all;
    }
    (0..WINDOWS).map(|at| all[at * (all.len() - 1) / (WINDOWS - 1)]).collect()
}

/// People of a zone who are ready and not sent, over time.
struct Spare {
    /// Times, ms, ascending, and how many are ready and not sent just before and just after.
    points: Vec<(i64, f64, f64)>,
    /// The least of these from each point on.
    least: Vec<f64>,
}

impl Spare {
    fn new(task: &Finishing<'_>, zone: u32, orders: &[Order]) -> Self {
        let network = task.roads.network;
        let data = &network.zones[zone as usize];
        let mut times: Vec<i64> = data.release.points().iter().map(|p| p.0).collect();
        times.extend(orders.iter().flat_map(|o| [o.from, o.until]));
        times.push(network.horizon);
        times.sort_unstable();
        times.dedup();
        let sent = |t: i64| -> f64 {
            let part = |o: &Order| ((t - o.from) as f64 / (o.until - o.from) as f64).clamp(0.0, 1.0);
            orders.iter().map(|o| o.people as f64 * part(o)).sum()
        };
        let spare = |share: f64, t: i64| data.evacuees as f64 * share - sent(t);
        let points: Vec<(i64, f64, f64)> = times
            .iter()
            .map(|&t| (t, spare(data.release.share_before(t), t), spare(data.release.share(t), t)))
            .collect();
        let mut least: Vec<f64> = points.iter().map(|p| p.1).collect();
        for at in (0..least.len().saturating_sub(1)).rev() {
            least[at] = least[at].min(least[at + 1]);
        }
        Self { points, least }
    }

    /// How many more can leave evenly over a window so that nobody ever leaves before being ready.
    fn room(&self, (from, until): (i64, i64)) -> i64 {
        let first = self.points.partition_point(|p| p.0 <= from);
        let after = self.points.partition_point(|p| p.0 < until);
        let within = self.points[first..after]
            .iter()
            .map(|&(t, spare, _)| spare * (until - from) as f64 / (t - from) as f64)
            .fold(f64::INFINITY, f64::min);
        // Between points the number is linear, so that those on both sides tell what it is at the end of the window.
        let later = self.least.get(after).copied().unwrap_or(f64::INFINITY);
        let at_end = match (after.checked_sub(1).map(|i| self.points[i]), self.points.get(after)) {
            (Some((t0, _, s0)), Some(&(t1, s1, _))) => {
                s0 + (s1 - s0) * (until - t0) as f64 / (t1 - t0) as f64
            }
            _ => f64::INFINITY,
        };
        let room = within.min(later).min(at_end);
        if room.is_finite() { (room + 1e-6).floor().max(0.0) as i64 } else { 0 }
    }
}
