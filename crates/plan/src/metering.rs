//! Metered departures: everybody leaves so that the way is free, and waits at home instead of on the road.
//!
//! An order sends people at a constant rate over a window; without queues they come to each element of their path so much later. Orders
//! whose rates together never exceed the capacity of any element make no queue at all, so that no road fills up. This is a flow over
//! time without waiting on the way; without closures it is as fast as one with waiting, if routes are free (Ford and Fulkerson,
//! Operations Research 6, 1958), and with few routes nearly so.
//!
//! People are placed one window after the other in the order in which they arrive in queues without space, then moved forward into
//! capacity that is left, also by other routes of their zone.

mod capacity;

use crate::orders::{PathOrder, PathStream};
use capacity::{CapacityLeft, TimedStop};
use clearway_loading::packet::{KeptDetail, LoadingMemory, PathLoad, PreparedRoads};
use clearway_loading::path::{PathIndex, PathPool};
use clearway_model::number::{self, float, floor};
use clearway_network::{ElementIndex, Network, PerElement, PerSite, PerZone, SiteIndex, ZoneIndex};
use std::cell::Cell;
use std::collections::{BTreeMap, HashSet};

/// Stretches of time per window in which capacity is counted.
const STRETCHES: i64 = 15;
/// How often all orders are looked at for earlier places.
const SWEEPS: usize = 6;

/// What departures are metered for.
#[derive(Clone, Copy)]
pub struct MeteringTask<'a> {
    /// The network as the search has it.
    pub roads: &'a PreparedRoads<'a>,
    /// People per packet of the fast loading.
    pub size: f64,
    /// Length of a departure window, ms.
    pub window: i64,
    /// Per zone, how many people are ready to leave by the end of each window, until all are.
    pub ready: &'a PerZone<Vec<i64>>,
    /// Share of each capacity that orders may use.
    pub share: f64,
}

/// A path that orders may take.
struct MeteredPath {
    path: PathIndex,
    zone: ZoneIndex,
    site: SiteIndex,
    stops: Vec<TimedStop>,
    /// From departure to admission, ms.
    travel: i64,
    /// The stop that stood in the way last time.
    tight: Cell<usize>,
}

/// People who leave together: an order in the making.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Departure {
    /// Place of its path in the list of paths.
    path: usize,
    /// Number of its window.
    window: i64,
}

/// Orders in the making, and what capacity they leave.
struct Metering<'a> {
    task: MeteringTask<'a>,
    left: CapacityLeft<'a>,
    paths: Vec<MeteredPath>,
    of_zone: PerZone<Vec<usize>>,
    /// Per zone, people placed in each window until all are ready, and later ones in the last.
    sent: PerZone<Vec<i64>>,
    room: PerSite<i64>,
    placed: BTreeMap<Departure, i64>,
}

/// More people than there are: what a site without a capacity holds.
const ANY_NUMBER: i64 = 1 << 61;

/// Orders for the people of streams, and how many of them found no place.
pub fn meter(task: MeteringTask<'_>, pool: &PathPool, streams: &[PathStream]) -> (Vec<PathOrder>, i64) {
    let mut memory = LoadingMemory::default();
    let loads: Vec<PathLoad<'_>> = streams
        .iter()
        .map(|s| PathLoad { path: s.path, people: float(s.people), schedule: &s.schedule })
        .collect();
    let outcome = memory.run(task.roads, pool, &loads, task.size, KeptDetail::Journeys);
    let network = task.roads.network;
    let span = (outcome.last + outcome.last / 2 + 8 * task.window).min(network.horizon);
    let mut metering = Metering::new(task, pool, streams, span);
    // When people of each path would leave to arrive as they do in queues without space.
    let index: BTreeMap<PathIndex, usize> =
        metering.paths.iter().enumerate().map(|(at, path)| (path.path, at)).collect();
    let mut wanted: BTreeMap<Departure, f64> = BTreeMap::new();
    for journey in &memory.journeys {
        let path = index[&streams[journey.load].path];
        let arrival = journey.arrival.unwrap_or(journey.gone + metering.paths[path].travel);
        let leave = (arrival - metering.paths[path].travel).max(0);
        *wanted.entry(Departure { path, window: leave / task.window }).or_default() += journey.people;
    }
    let mut people = vec![0; metering.paths.len()];
    for stream in streams {
        people[index[&stream.path]] += stream.people;
    }
    metering.place_as_wanted(&wanted, people);
    for _ in 0..SWEEPS {
        if task.roads.cancel.is_cancelled() || !metering.sweep() {
            break;
        }
    }
    let sent: i64 = metering.placed.values().sum();
    let all: i64 = streams.iter().map(|s| s.people).sum();
    (metering.orders(), all - sent)
}

impl<'a> Metering<'a> {
    fn new(task: MeteringTask<'a>, pool: &PathPool, streams: &[PathStream], span: i64) -> Self {
        let network = task.roads.network;
        let mut paths: Vec<PathIndex> = streams.iter().map(|s| s.path).collect();
        paths.sort_unstable();
        paths.dedup();
        let limiting = limiting(network, pool, &paths);
        let mut left =
            CapacityLeft::new(network, (task.window / STRETCHES).max(1000), span, task.share);
        let mut of_zone: PerZone<Vec<usize>> = vec![Vec::new(); network.zones.len()].into();
        let mut metered = Vec::with_capacity(paths.len());
        for path in paths {
            let way = pool.get(path);
            let mut stops = Vec::new();
            let mut travel = 0;
            for &element in &way.elements {
                if limiting[element] {
                    left.prepare(element);
                    stops.push(TimedStop { element, after: travel });
                }
                travel += network.elements[element].tau;
            }
            of_zone[way.zone].push(metered.len());
            metered.push(MeteredPath {
                path,
                zone: way.zone,
                site: way.site,
                stops,
                travel,
                tight: Cell::new(0),
            });
        }
        let sent = task.ready.iter().map(|ready| vec![0; ready.len()]).collect();
        let room = network.sites.iter().map(|site| site.capacity.unwrap_or(ANY_NUMBER)).collect();
        Self { task, left, paths: metered, of_zone, sent, room, placed: BTreeMap::new() }
    }

    /// The middle of the arrivals of a departure, ms.
    fn arrival(&self, on: Departure) -> i64 {
        on.window * self.task.window + self.task.window / 2 + self.paths[on.path].travel
    }

    /// How many people of a zone may leave more in a window: not before they are ready.
    fn ready(&self, zone: ZoneIndex, window: i64) -> i64 {
        let (ready, sent) = (&self.task.ready[zone], &self.sent[zone]);
        let window = usize::try_from(window).unwrap_or(0).min(ready.len().saturating_sub(1));
        let mut before: i64 = sent[..window].iter().sum();
        let mut least = i64::MAX;
        for (&ready, &sent) in ready[window..].iter().zip(&sent[window..]) {
            before += sent;
            least = least.min(ready - before);
        }
        least.max(0)
    }

    /// Places up to `people` in a window of a path; how many there is room for.
    fn place(&mut self, on: Departure, people: i64) -> i64 {
        let path = &self.paths[on.path];
        let (zone, site) = (path.zone, path.site);
        let most = people.min(self.room[site]);
        if most <= 0 {
            return 0;
        }
        let window = self.task.window;
        let (from, until) = (on.window * window, (on.window + 1) * window);
        if until + path.travel > self.left.until() {
            return 0;
        }
        let (rate, tight) = self.left.rate(&path.stops, (from, until), path.tight.get());
        path.tight.set(tight);
        let room = (rate * float(window)).min(float(most));
        if room < 1.0 {
            return 0;
        }
        let people = floor(room).min(self.ready(zone, on.window));
        if people > 0 {
            self.change(on, people);
        }
        people
    }

    /// Adds people to a departure, or takes them off.
    fn change(&mut self, on: Departure, people: i64) {
        let path = &self.paths[on.path];
        let window = self.task.window;
        let span = (on.window * window, (on.window + 1) * window);
        self.left.take(&path.stops, span, float(people) / float(window));
        let sent = &mut self.sent[path.zone];
        let last = sent.len().saturating_sub(1);
        if let Some(sent) = sent.get_mut(usize::try_from(on.window).unwrap_or(0).min(last)) {
            *sent += people;
        }
        self.room[path.site] -= people;
        let placed = self.placed.entry(on).or_default();
        *placed += people;
        if *placed == 0 {
            self.placed.remove(&on);
        }
    }

    /// Places people window by window, in the order in which they would arrive; who finds no room in a window tries the next ones.
    fn place_as_wanted(&mut self, wanted: &BTreeMap<Departure, f64>, mut people: Vec<i64>) {
        let mut list: Vec<(i64, Departure, f64)> =
            wanted.iter().map(|(&on, &people)| (self.arrival(on), on, people)).collect();
        list.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)));
        let mut waiting = vec![0.0; self.paths.len()];
        for (_, on, wanted) in list {
            waiting[on.path] += wanted;
            let most = floor(waiting[on.path] + 1e-6).min(people[on.path]);
            let placed = self.place(on, most);
            waiting[on.path] -= float(placed);
            people[on.path] -= placed;
        }
        // whoever is left: nearest first, wherever there is room
        let mut zones: Vec<(i64, usize)> =
            (0..self.paths.len()).filter(|&path| people[path] > 0).map(|p| (self.paths[p].travel, p)).collect();
        zones.sort_unstable();
        for (_, path) in zones {
            self.place_early(self.paths[path].zone, people[path], i64::MAX);
        }
    }

    /// Places people of a zone where they arrive earliest, in departures whose arrivals are before `limit`, ms. Which ones, and how many.
    fn place_early(&mut self, zone: ZoneIndex, people: i64, limit: i64) -> Vec<(Departure, i64)> {
        let mut rest = people;
        let mut found = Vec::new();
        let mut next: Vec<Departure> =
            self.of_zone[zone].iter().map(|&path| Departure { path, window: 0 }).collect();
        while rest > 0 {
            let Some(at) = (0..next.len()).min_by_key(|&at| (self.arrival(next[at]), at)) else { break };
            let on = next[at];
            if self.arrival(on) >= limit {
                break;
            }
            let path = &self.paths[on.path];
            if (on.window + 1) * self.task.window + path.travel > self.left.until() {
                next.swap_remove(at);
                continue;
            }
            next[at].window += 1;
            let placed = self.place(on, rest);
            if placed > 0 {
                rest -= placed;
                found.push((on, placed));
            }
        }
        found
    }

    /// Takes every departure off once, the earliest arrivals first, and places its people again where they arrive earliest. Whether
    /// anybody arrives earlier for it.
    fn sweep(&mut self) -> bool {
        let mut list: Vec<(i64, Departure)> = self.placed.keys().map(|&on| (self.arrival(on), on)).collect();
        list.sort_unstable();
        let mut gain = 0;
        for (arrival, on) in list {
            let Some(&people) = self.placed.get(&on) else { continue };
            let zone = self.paths[on.path].zone;
            self.change(on, -people);
            let found = self.place_early(zone, people, arrival);
            let rest = people - found.iter().map(|f| f.1).sum::<i64>();
            let back = self.place(on, rest);
            if back < rest {
                for &(on, people) in &found {
                    self.change(on, -people);
                }
                self.change(on, people - back);
                continue;
            }
            gain += found.iter().map(|&(on, people)| (arrival - self.arrival(on)) * people).sum::<i64>();
        }
        gain > 0
    }

    /// Orders by zone, path and time.
    fn orders(&self) -> Vec<PathOrder> {
        let window = self.task.window;
        let mut orders: Vec<PathOrder> = self
            .placed
            .iter()
            .map(|(on, &people)| PathOrder {
                zone: self.paths[on.path].zone,
                path: self.paths[on.path].path,
                people,
                from: on.window * window,
                until: (on.window + 1) * window,
            })
            .collect();
        orders.sort_by_key(|order| (order.zone, order.path, order.from));
        orders
    }
}

/// The elements that orders by these paths may use up: those that are fed by more than they take, or closed at times.
fn limiting(network: &Network, pool: &PathPool, paths: &[PathIndex]) -> PerElement<bool> {
    let mut fed: PerElement<f64> = vec![0.0; network.elements.len()].into();
    let mut seen: HashSet<(ElementIndex, ElementIndex)> = HashSet::new();
    let rate = |element: ElementIndex| network.elements[element].rate.map_or(f64::INFINITY, float);
    for &path in paths {
        let elements = &pool.get(path).elements;
        if let Some(&first) = elements.first() {
            fed[first] = f64::INFINITY;
        }
        for pair in elements.windows(2) {
            if seen.insert((pair[0], pair[1])) {
                fed[pair[1]] += rate(pair[0]);
            }
        }
    }
    network
        .elements
        .iter_enumerated()
        .map(|(element, data)| {
            let open = data.open.intervals() == [(0, network.horizon)];
            let guarded = data.ends.node_before().is_some_and(|node| !network.node_closed[node].is_empty());
            fed[element] > rate(element) * (1.0 + 1e-9) || !open || guarded
        })
        .collect()
}

/// Per zone, how many people are ready by the end of each window, until all are.
pub fn ready_by_window(
    schedules: &PerZone<clearway_loading::schedule::Schedule>,
    network: &Network,
    window: i64,
) -> PerZone<Vec<i64>> {
    schedules
        .iter_enumerated()
        .map(|(zone, schedule)| {
            let all = float(network.zones[zone].evacuees);
            let mut ready = Vec::new();
            let mut share = 0.0;
            for departure in schedule {
                let at = usize::try_from(departure.from / window).unwrap_or(0);
                ready.resize(at, ready.last().copied().unwrap_or(0));
                share += departure.share;
                ready.push(floor(share * all + 1e-9));
            }
            if ready.is_empty() { vec![0] } else { ready }
        })
        .collect()
}
