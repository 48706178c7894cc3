//! Whoever is left is brought in, if there is any way and time: who arrives comes before when.
//!
//! The search shares out as many people as the best flow moves, in rounded steps; repair takes out those who do not arrive. Both leave a
//! few behind for whom there is room, by another way or at another time. They are sent where one more person gets through at
//! the earliest; it stays if the exact replay brings more people in all.

use crate::finish::PlanFinishing;
use crate::orders::{PathOrder, gentle_rounds, repair};
use clearway_loading::exact::ExactLoading;
use clearway_loading::marginal::{MarginalCost, PathSearch};
use clearway_loading::packet::{BusyPeriods, KeptDetail, LoadingMemory, PacketOutcome, PathLoad};
use clearway_loading::path::{PathIndex, PathPool};
use clearway_loading::schedule::{DepartureWindow, Schedule, window_end};
use clearway_model::number::{ceil, float, floor, length};
use clearway_network::search::free_times_to_sites;
use clearway_network::{ElementIndex, PerElement, PerNode, PerSite, PerZone, ZoneIndex};
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
struct WayOffer {
    zone: ZoneIndex,
    /// Begin and end (excluded), ms.
    window: (i64, i64),
    elements: Vec<ElementIndex>,
    people: i64,
}

/// Sends those who are in no order, as long as more people arrive for it.
pub(crate) fn bring_in(
    task: &PlanFinishing<'_>,
    pool: &mut PathPool,
    orders: &mut Vec<PathOrder>,
    replay: &mut ExactLoading,
) {
    let network = task.roads.network;
    let to_sites = free_times_to_sites(network);
    let mut fails: PerZone<u32> = vec![0; network.zones.len()].into();
    let mut scratch = LoadingMemory::default();
    let arrived = |orders: &[PathOrder]| orders.iter().map(|o| o.people).sum::<i64>();
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
        let before = load(task, pool, orders, &mut scratch, KeptDetail::BusyPeriods);
        let look = OfferSearch {
            task,
            pool,
            orders,
            left: &left,
            busy: &scratch.busy,
            to_sites: &to_sites,
            fails: &fails,
        };
        let offers = look.offers();
        if offers.is_empty() {
            return;
        }
        let promising = SHARES.into_iter().find_map(|share| {
            let more = with_offers(task, pool, orders, &offers, share);
            let after = load(task, pool, &more, &mut scratch, KeptDetail::OutcomeAlone);
            let sent = float(arrived(&more) - arrived(orders));
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
            let zone = offer.zone;
            if still[zone] >= left[zone] {
                fails[zone] += 1;
            }
        }
    }
}

/// Stops of an order's packets.
fn stops_of(task: &PlanFinishing<'_>, pool: &PathPool, order: &PathOrder) -> u64 {
    let packets = order.people / task.packet_people + 1;
    (packets * length(pool.get(order.path).elements.len())).unsigned_abs()
}

/// Per zone, evacuees in no order.
fn left_of(task: &PlanFinishing<'_>, orders: &[PathOrder]) -> PerZone<i64> {
    let mut left: PerZone<i64> = task.roads.network.zones.iter().map(|zone| zone.evacuees).collect();
    for order in orders {
        left[order.zone] -= order.people;
    }
    left.iter_mut().for_each(|people| *people = (*people).max(0));
    left
}

/// A fast replay of orders.
fn load(
    task: &PlanFinishing<'_>,
    pool: &PathPool,
    orders: &[PathOrder],
    scratch: &mut LoadingMemory,
    keep: KeptDetail,
) -> PacketOutcome {
    let schedules: Vec<Schedule> =
        orders.iter().map(|o| vec![DepartureWindow { from: o.from, until: o.until, share: 1.0 }]).collect();
    let loads: Vec<PathLoad<'_>> = orders
        .iter()
        .zip(&schedules)
        .map(|(o, schedule)| PathLoad { path: o.path, people: float(o.people), schedule })
        .collect();
    scratch.run(task.roads, pool, &loads, task.size, keep)
}

/// Where offers are sought.
struct OfferSearch<'a> {
    task: &'a PlanFinishing<'a>,
    pool: &'a PathPool,
    orders: &'a [PathOrder],
    /// Per zone, evacuees in no order.
    left: &'a PerZone<i64>,
    /// Per element, when the orders make a queue before it.
    busy: &'a PerElement<BusyPeriods>,
    /// Per node, the shortest travel time to a site, ms.
    to_sites: &'a PerNode<Option<i64>>,
    /// Per zone, how often people of it were sent in vain.
    fails: &'a PerZone<u32>,
}

impl OfferSearch<'_> {
    /// For each zone with people left the window and the path by which one more person arrives at the earliest.
    fn offers(&self) -> Vec<WayOffer> {
        let network = self.task.roads.network;
        let mut room: PerSite<Option<i64>> = network.sites.iter().map(|s| s.capacity).collect();
        let mut of_zone: BTreeMap<ZoneIndex, Vec<PathOrder>> = BTreeMap::new();
        for order in self.orders {
            if let Some(room) = &mut room[self.pool.get(order.path).site] {
                *room -= order.people;
            }
            of_zone.entry(order.zone).or_default().push(*order);
        }
        let full: PerSite<bool> = room.iter().map(|room| room.is_some_and(|room| room <= 0)).collect();
        let zones: Vec<ZoneIndex> =
            self.left.iter_enumerated().filter(|(_, left)| **left > 0).map(|(zone, _)| zone).collect();
        let mut offers: Vec<WayOffer> = zones
            .into_par_iter()
            .map_init(PathSearch::default, |search, zone| {
                self.offer(search, zone, of_zone.get(&zone).map_or(&[][..], Vec::as_slice), &full)
            })
            .flatten()
            .collect();
        for offer in &mut offers {
            let site = offer.elements.last().and_then(|&admission| network.site_of(admission));
            if let Some(room) = site.and_then(|site| room[site].as_mut()) {
                offer.people = offer.people.min(*room).max(0);
                *room -= offer.people;
            }
        }
        offers.retain(|offer| offer.people > 0);
        offers
    }

    /// That of one zone; `own` are its orders.
    fn offer(
        &self,
        search: &mut PathSearch,
        zone: ZoneIndex,
        own: &[PathOrder],
        full: &PerSite<bool>,
    ) -> Option<WayOffer> {
        let cost = MarginalCost { roads: self.task.roads, busy: self.busy, passes: None, full };
        let mut paths: Vec<PathIndex> = own.iter().map(|o| o.path).collect();
        paths.sort_unstable();
        paths.dedup();
        let may_take_new = !self.task.known_ways_only && self.task.most.is_none_or(|most| paths.len() < most);
        let windows = windows_of(self.task, zone, own, self.fails[zone]);
        let best = windows.into_iter().filter_map(|(window, room)| {
            let middle = window.0 + (window.1 - window.0) / 2;
            let (elements, arrival) = if may_take_new {
                search.best(&cost, self.to_sites, zone, middle)?
            } else {
                let known = |path| Some((cost.arrival(&self.pool.get(path).elements, middle)?, path));
                let (arrival, path) = paths.iter().copied().filter_map(known).min()?;
                (self.pool.get(path).elements.clone(), arrival)
            };
            Some((arrival, window, elements, room))
        });
        let (_, window, elements, room) = best.min_by_key(|b| (b.0, b.1))?;
        Some(WayOffer { zone, window, elements, people: room.min(self.left[zone]) })
    }
}

/// The orders, with a share of those who are offered.
fn with_offers(
    task: &PlanFinishing<'_>,
    pool: &mut PathPool,
    orders: &[PathOrder],
    offers: &[WayOffer],
    share: f64,
) -> Vec<PathOrder> {
    let mut more = orders.to_vec();
    for offer in offers {
        let people = ceil(float(offer.people) * share).clamp(1, offer.people);
        let path = pool.insert(task.roads.network, offer.zone, &offer.elements);
        let (from, until) = offer.window;
        let alike =
            |o: &&mut PathOrder| o.zone == offer.zone && o.path == path && (o.from, o.until) == (from, until);
        match more.iter_mut().find(alike) {
            Some(order) => order.people += people,
            None => more.push(PathOrder { zone: offer.zone, path, people, from, until }),
        }
    }
    more
}

/// Windows in which people of a zone could leave who are in no order, with how many are ready and not sent.
fn windows_of(
    task: &PlanFinishing<'_>,
    zone: ZoneIndex,
    orders: &[PathOrder],
    fails: u32,
) -> Vec<((i64, i64), i64)> {
    let (window, end) = (task.window, task.ends[zone]);
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
    let spare = SparePeople::new(task, zone, orders);
    let with_room =
        all.into_iter().map(|window| (window, spare.room(window.0, window.1))).filter(|w| w.1 > 0);
    let all: Vec<((i64, i64), i64)> = with_room.skip((1 << fails) - 1).collect();
    if all.len() <= WINDOWS {
        return all;
    }
    (0..WINDOWS).map(|at| all[at * (all.len() - 1) / (WINDOWS - 1)]).collect()
}

/// People of a zone who are ready and not sent, over time.
struct SparePeople {
    /// Times, ms, ascending, and how many are ready and not sent just before and just after.
    points: Vec<(i64, f64, f64)>,
    /// The least of these from each point on.
    least: Vec<f64>,
}

impl SparePeople {
    fn new(task: &PlanFinishing<'_>, zone: ZoneIndex, orders: &[PathOrder]) -> Self {
        let network = task.roads.network;
        let data = &network.zones[zone];
        let mut times: Vec<i64> = data.release.points().iter().map(|p| p.0).collect();
        times.extend(orders.iter().flat_map(|o| [o.from, o.until]));
        times.push(network.horizon);
        times.sort_unstable();
        times.dedup();
        let sent = |t: i64| -> f64 {
            let part = |o: &PathOrder| (float(t - o.from) / float(o.until - o.from)).clamp(0.0, 1.0);
            orders.iter().map(|o| float(o.people) * part(o)).sum()
        };
        let spare = |share: f64, t: i64| float(data.evacuees) * share - sent(t);
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
    fn room(&self, from: i64, until: i64) -> i64 {
        let first = self.points.partition_point(|p| p.0 <= from);
        let after = self.points.partition_point(|p| p.0 < until);
        let within = self.points[first..after]
            .iter()
            .map(|&(t, spare, _)| spare * float(until - from) / float(t - from))
            .fold(f64::INFINITY, f64::min);
        // Between points the number is linear, so that those on both sides tell what it is at the end of the window.
        let later = self.least.get(after).copied().unwrap_or(f64::INFINITY);
        let at_end = match (after.checked_sub(1).map(|i| self.points[i]), self.points.get(after)) {
            (Some((t0, _, s0)), Some(&(t1, s1, _))) => s0 + (s1 - s0) * float(until - t0) / float(t1 - t0),
            _ => f64::INFINITY,
        };
        let room = within.min(later).min(at_end);
        if room.is_finite() { floor((room + 1e-6).max(0.0)) } else { 0 }
    }
}
