//! Metered departures: everybody leaves so that the way is free, and waits at home instead of on the road.
//!
//! An order sends people at a constant rate over a window; without queues they come to each element of their path so much later. Orders
//! whose rates together never exceed the capacity of any element make no queue at all, so that no road fills up and space changes
//! nothing. This is a flow over time without waiting on the way: with free routes it is as fast as one with waiting where nothing closes
//! (Ford and Fulkerson, Operations Research 6, 1958), and with few routes nearly so.
//!
//! [`Metering::solve`] shares out people over paths and windows by a linear program ([`program`]); then they are placed window by window in
//! what capacity is left ([`capacity`]), moved forward where there is room, and the last windows cut short. Where the exact replay still
//! finds a queue that is longer than its road, [`Metering::narrow`] takes a little off the capacity there, and all are placed again.

mod capacity;
mod join;
mod place;
mod program;
mod quota;
mod set_up;

use crate::orders::PathOrder;
use capacity::{CapacityLeft, TimedStop};
use clearway_loading::packet::PreparedRoads;
use clearway_loading::path::PathIndex;
use clearway_model::number::{float, floor};
use clearway_network::{ElementIndex, Network, PerSite, PerZone, SiteIndex, ZoneIndex};
use std::cell::Cell;
use std::collections::BTreeMap;

/// Share of each capacity that orders use, at the most, where several roads merge: vehicles do not come as evenly as a rate says, and where
/// all is full a small wait never ends. The longer the stretches of time in which capacity is counted, the less even is what comes in one.
const USED: f64 = 0.98;
const USED_COARSELY: f64 = 0.97;
/// Windows until all could be there, at the most; more where roads close, as what is lost at each closing is up to a window.
const MOST_WINDOWS: i64 = 120;
const MOST_WINDOWS_WITH_CLOSURES: i64 = 2_000;
/// Shorter windows are taken together, ms.
const SHORTEST_WINDOW: i64 = 60_000;
/// So many stretches per window are few.
const COARSE: usize = 3;
/// The linear program may use this share of it, so that there is room for whole people.
const PROGRAMMED: f64 = 0.99;
/// How often all departures are looked at for earlier places, and windows that may be looked at in all: about as long as the linear
/// program takes.
const SWEEPS: usize = 3;
const LOOKS: usize = 4_000_000;

/// What departures are metered for.
#[derive(Clone)]
pub struct MeteringTask<'a> {
    /// The network as the search has it.
    pub roads: &'a PreparedRoads<'a>,
    /// Length of a departure window, ms: [`metering_window`].
    pub window: i64,
    /// Length of a window as it was asked for, ms.
    pub asked: i64,
    /// Per zone, how many people are ready to leave by the end of each window, until all are.
    pub ready: PerZone<Vec<i64>>,
    /// When everybody could be there, were there no limit to routes or space, ms: later arrivals cost more.
    pub last: i64,
    /// How much longer it may take, as a factor.
    pub longer: f64,
    /// Share of each road's capacity that departures use at the most; less where roads merge.
    pub share: f64,
    /// People in a packet of the exact loading.
    pub packet_people: i64,
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
    /// Per window, the longest part of it in which whoever leaves finds everything open, ms.
    open: Vec<Option<(i64, i64)>>,
}

/// A window of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Departure {
    /// Place of its path in the list of paths.
    path: usize,
    /// Number of its window.
    window: usize,
}

/// People who leave in a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Leaving {
    people: i64,
    /// From when until when, ms.
    span: (i64, i64),
}

/// Orders in the making, and what capacity they leave.
pub struct Metering<'a> {
    task: MeteringTask<'a>,
    network: &'a Network,
    /// Stretches of time per window in the linear program, and the length of one, ms.
    stretches: usize,
    bin: i64,
    /// What windows are cut by, ms; a whole window where that is no part of it.
    unit: i64,
    windows: usize,
    /// The elements of the linear program, with the paths that pass them and when, ms.
    rows: Vec<(ElementIndex, Vec<(usize, i64)>)>,
    capacity: CapacityLeft<'a>,
    /// Zone by zone.
    paths: Vec<MeteredPath>,
    of_zone: PerZone<Vec<usize>>,
    /// Per zone, how many people are to leave.
    people: PerZone<i64>,
    /// Per path and window, how many people the linear program sends.
    wanted: Vec<f32>,
    /// Per zone, people placed in each window until all are ready, and later ones in the last; those who leave in a part of a window count
    /// for more in it, and for less in the next.
    sent: PerZone<Vec<f64>>,
    room: PerSite<i64>,
    /// Who leaves, by the first window of theirs.
    placed: BTreeMap<Departure, Leaving>,
}

impl<'a> Metering<'a> {
    /// Shares out the people of streams over their paths and all windows.
    pub fn solve(&mut self) {
        let program = self.program();
        self.wanted = program.solve(&self.task.roads.cancel);
    }

    /// Length of a window, ms.
    pub fn window(&self) -> i64 {
        self.task.window
    }

    /// How much longer it may take than without a limit to routes or space, as a factor.
    pub fn longer(&self) -> f64 {
        self.task.longer
    }

    /// How many people leave per path and window by the linear program.
    pub fn wanted(&self) -> &[f32] {
        &self.wanted
    }

    /// Takes what the linear program said of the same task and streams instead of solving it again.
    pub fn want(&mut self, wanted: Vec<f32>) {
        self.wanted = wanted;
    }

    /// Places everybody anew, as the linear program has it where there is room.
    pub fn place_all(&mut self) {
        self.clear();
        self.place_as_wanted();
        for _ in 0..self.sweeps() {
            if self.task.roads.cancel.is_cancelled() || !self.sweep() {
                break;
            }
        }
        self.cut_last();
        self.join();
    }

    /// How often departures may be looked at for earlier places.
    fn sweeps(&self) -> usize {
        let paths: usize = self.of_zone.iter().map(|paths| paths.len() * paths.len()).sum();
        let mean = paths / self.paths.len().max(1);
        (LOOKS / (self.placed.len() * mean * self.windows / 2).max(1)).min(SWEEPS)
    }

    /// Takes a share off the capacity of some elements.
    pub fn narrow(&mut self, elements: &[ElementIndex], share: f64) {
        for &element in elements {
            self.capacity.set_share(element, self.capacity.share(element) * (1.0 - share));
        }
    }

    /// The share of the capacity of an element that departures use at the most.
    pub fn share(&self, element: ElementIndex) -> f64 {
        self.capacity.share(element)
    }

    /// Sets the share of the capacity of an element that departures use at the most.
    pub fn set_share(&mut self, element: ElementIndex, share: f64) {
        self.capacity.set_share(element, share);
    }

    /// Orders by zone, path and time.
    pub fn orders(&self) -> Vec<PathOrder> {
        let order = |(on, leaving): (&Departure, &Leaving)| {
            let (path, (from, until)) = (&self.paths[on.path], leaving.span);
            PathOrder { zone: path.zone, path: path.path, people: leaving.people, from, until }
        };
        let mut orders: Vec<PathOrder> = self.placed.iter().map(order).collect();
        orders.sort_by_key(|order| (order.zone, order.path, order.from));
        orders
    }
}

/// The length of the windows in which people are shared out, ms: as asked for, or as many of these together as there would be too many
/// otherwise for all until `last`.
pub fn metering_window(network: &Network, window: i64, last: i64) -> i64 {
    let always = network.elements.iter().all(|e| e.open.intervals() == [(0, network.horizon)]);
    let most = if always { MOST_WINDOWS } else { MOST_WINDOWS_WITH_CLOSURES };
    let together = last.min(network.horizon) / (window * most) + 1;
    window * together.max((SHORTEST_WINDOW + window - 1) / window)
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
            // one more, by which those who left in a hurry are what they are
            ready.push(ready.last().copied().unwrap_or(0));
            ready
        })
        .collect()
}
