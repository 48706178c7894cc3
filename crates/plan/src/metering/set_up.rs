//! Preparing: which elements can be used up, when each path is open, and the linear program.

use super::capacity::{CapacityLeft, TimedStop, open_part, open_to_leave};
use super::program::{CapacityRow, DepartureProgram, Passage, ProgramPath, ProgramZone};
use super::{COARSE, MeteredPath, Metering, MeteringTask, PROGRAMMED, USED, USED_COARSELY};
use crate::orders::PathStream;
use clearway_loading::path::{PathIndex, PathPool};
use clearway_model::number::{self, float, length};
use clearway_network::{ElementIndex, Network, PerElement, PerZone};
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Stretches of time per window, the finest first: the finer the better, as long as the linear program does not get too large.
const STRETCHES: [usize; 5] = [15, 10, 5, 3, 1];
/// A window is cut to whole minutes, ms.
const MINUTE: i64 = 60_000;
/// Numbers that a round of the linear program may touch, about.
const NUMBERS: usize = 16_000_000;
/// Stretches of time of all elements in which capacity is counted at the most, and the shortest, ms.
const COUNTED: usize = 48_000_000;
const SHORTEST: i64 = 1_000;
/// Windows beside the time that it may take.
const MORE_WINDOWS: i64 = 12;
/// How many times a minute counts by which somebody arrives after everybody could be there.
const LATE: f32 = 4.0;
/// Zones before the same narrow road take turns: a minute of one counts for so much more than one of another, at the most, in an order
/// that is as good as any. Otherwise all of them would send a few people all the time.
const TURNS: f32 = 0.4;
const GOLDEN: f64 = 0.618_034;
/// What it costs to stay, in times of the whole time.
const STAY: f32 = 5.0;

impl<'a> Metering<'a> {
    /// Nobody placed yet. Paths and people are those of the streams.
    pub fn new(task: MeteringTask<'a>, pool: &PathPool, streams: &[PathStream]) -> Self {
        let network = task.roads.network;
        let paths: BTreeSet<_> = streams.iter().map(|s| (s.zone, s.path)).collect();
        let paths: Vec<PathIndex> = paths.into_iter().map(|p| p.1).collect();
        let span = number::truncated(float(task.last) * task.longer) + MORE_WINDOWS * task.window;
        let windows = usize::try_from(span.min(network.horizon) / task.window).unwrap_or(0).max(1);
        let limiting = limiting(network, pool, &paths);
        let stops: Vec<(Vec<TimedStop>, i64)> =
            paths.iter().map(|&path| stops(network, &pool.get(path).elements, &limiting)).collect();
        let rows = narrowest(network, &stops);
        let passages: usize = rows.iter().map(|row| row.1.len()).sum();
        let divides = |each: usize| task.window % length(each) == 0 && task.window / length(each) >= SHORTEST;
        let fits = |each: usize| divides(each) && passages * windows * each <= NUMBERS;
        let stretches = STRETCHES.into_iter().find(|&each| fits(each)).unwrap_or(1);
        let bin = task.window / length(stretches);
        // what is placed is counted more finely than what is computed
        let limited: usize = limiting.iter().filter(|limiting| **limiting).count();
        let counts = |each: &usize| divides(*each) && limited * windows * each <= COUNTED;
        let finely = STRETCHES.into_iter().filter(|each| each % stretches == 0).find(counts);
        let finely = finely.map_or(bin, |each| task.window / length(each));
        let unit = (1..=MINUTE).map(|by| bin * by).find(|unit| unit % MINUTE == 0).unwrap_or(task.window);
        // several windows together are cut between two of them
        let unit = match task.window == task.asked {
            true if task.window % unit == 0 => unit,
            _ => task.asked,
        };
        let longest = stops.iter().map(|s| s.1).max().unwrap_or(0);
        let until = (length(windows) * task.window + longest).min(network.horizon);
        let used = if length(COARSE) * finely < task.window { USED } else { USED_COARSELY };
        let mut capacity =
            CapacityLeft::new(network, finely, until, shares(network, pool, &paths, (used, task.share)));
        let mut of_zone: PerZone<Vec<usize>> = vec![Vec::new(); network.zones.len()].into();
        let mut metered = Vec::with_capacity(paths.len());
        for (path, (stops, travel)) in paths.into_iter().zip(stops) {
            for stop in &stops {
                capacity.prepare(stop.element);
            }
            let way = pool.get(path);
            let open = open_to_leave(network, &stops);
            let open = (0..windows)
                .map(|window| {
                    let from = length(window) * task.window;
                    // a stretch of time that is only half open counts as closed
                    let part = open_part(&open, (from, from + task.window), unit)?;
                    let last = (capacity.until() - travel - from) / unit * unit + from;
                    Some((part.0, part.1.min(last))).filter(|part| part.0 < part.1)
                })
                .collect();
            of_zone[way.zone].push(metered.len());
            metered.push(MeteredPath {
                path,
                zone: way.zone,
                site: way.site,
                stops,
                travel,
                tight: Cell::new(0),
                open,
            });
        }
        let mut people: PerZone<i64> = vec![0; network.zones.len()].into();
        for stream in streams {
            people[stream.zone] += stream.people;
        }
        let mut metering = Self {
            task,
            network,
            stretches,
            bin,
            unit,
            rows,
            windows,
            capacity,
            paths: metered,
            of_zone,
            people,
            wanted: Vec::new(),
            sent: PerZone::from(Vec::new()),
            room: Vec::new().into(),
            placed: BTreeMap::new(),
        };
        metering.clear();
        metering
    }

    /// The linear program of all departures.
    pub(super) fn program(&self) -> DepartureProgram {
        let zones = self
            .of_zone
            .iter_enumerated()
            .filter_map(|(zone, paths)| {
                Some(ProgramZone {
                    paths: (*paths.first()?, paths.last()? + 1),
                    people: self.people[zone] as f32,
                    ready: self.task.ready[zone].iter().map(|&ready| ready as f32).collect(),
                })
            })
            .collect();
        let rows: Vec<CapacityRow> = self
            .rows
            .iter()
            .map(|(element, passages)| {
                let most = passages.iter().map(|p| p.1).max().unwrap_or(0) / self.bin;
                let count = self.windows * self.stretches + usize::try_from(most).unwrap_or(0) + 2;
                let mut capacity = self.capacity.whole(*element, self.bin, count);
                capacity.iter_mut().for_each(|people| *people *= PROGRAMMED as f32);
                let passages = passages.iter().map(|&(path, after)| Passage {
                    path,
                    stretches: usize::try_from(after / self.bin).unwrap_or(0),
                    part: (after % self.bin) as f32 / self.bin as f32,
                });
                CapacityRow { passages: passages.collect(), capacity }
            })
            .collect();
        let mut counts = vec![0; self.paths.len()];
        for passage in rows.iter().flat_map(|row| &row.passages) {
            counts[passage.path] += 1;
        }
        let minutes = |ms: i64| ms as f32 / 60_000.0;
        let mut cost = Vec::with_capacity(self.paths.len() * self.windows);
        let mut spread = vec![0.0; self.paths.len() * self.windows * self.stretches];
        for (path, open) in self.paths.iter().flat_map(|path| path.open.iter().map(move |open| (path, open)))
        {
            let first = cost.len() * self.stretches;
            let begin = length(cost.len() % self.windows) * self.task.window;
            let Some((from, until)) = *open else {
                cost.push(f32::INFINITY);
                continue;
            };
            let at = |time: i64| usize::try_from((time - begin) / self.bin).unwrap_or(0);
            // a part shorter than a stretch counts as one
            let (open, shut) = (at(from), at(until).max(at(from) + 1));
            spread[first + open..first + shut].fill(1.0 / (shut - open) as f32);
            let late = minutes((until + path.travel - self.task.last).max(0));
            let turn = (float(length(path.zone.row())) * GOLDEN).fract() as f32 - 0.5;
            cost.push(minutes((from + until) / 2 + path.travel) * (1.0 + TURNS * turn) + LATE * late);
        }
        let paths = self.paths.iter().zip(counts);
        DepartureProgram {
            windows: self.windows,
            stretches: self.stretches,
            paths: paths.map(|(path, rows)| ProgramPath { site: path.site.row(), rows }).collect(),
            zones,
            rows,
            sites: self
                .network
                .sites
                .iter()
                .map(|s| s.capacity.map_or(f32::INFINITY, |c| c as f32))
                .collect(),
            spread,
            cost,
            stay: STAY * minutes(self.capacity.until()),
        }
    }
}

/// Elements with the paths that pass them and when, ms. Of several that the same paths pass one after the other only the narrowest
/// counts, unless it is closed at times.
fn narrowest(network: &Network, stops: &[(Vec<TimedStop>, i64)]) -> Vec<(ElementIndex, Vec<(usize, i64)>)> {
    let mut through: BTreeMap<ElementIndex, Vec<(usize, i64)>> = BTreeMap::new();
    for (path, (stops, _)) in stops.iter().enumerate() {
        for stop in stops {
            through.entry(stop.element).or_default().push((path, stop.after));
        }
    }
    let mut narrowest: BTreeMap<Vec<(usize, i64)>, (u64, ElementIndex)> = BTreeMap::new();
    let mut rows = Vec::new();
    for (&element, passages) in &through {
        let rate = network.elements[element].rate.unwrap_or(u64::MAX);
        if is_closed_at_times(network, element) {
            rows.push((element, passages.clone()));
            continue;
        }
        let first = passages[0].1;
        let key = passages.iter().map(|&(path, after)| (path, after - first)).collect();
        let known = narrowest.entry(key).or_insert((rate, element));
        *known = (*known).min((rate, element));
    }
    rows.extend(narrowest.into_values().map(|(_, element)| (element, through[&element].clone())));
    rows.sort_by_key(|row| row.0);
    rows
}

/// Per element, the share of its capacity that orders may use: all of it where all come from one place and go on to where nobody else comes
/// from, as they are let in at no more than that and come evenly; less where several merge, and before that, where who waits for a turn
/// holds up those behind.
fn shares(
    network: &Network,
    pool: &PathPool,
    paths: &[PathIndex],
    (merging, anywhere): (f64, f64),
) -> PerElement<f32> {
    let merging = merging.min(anywhere);
    let mut before: PerElement<Option<ElementIndex>> = vec![None; network.elements.len()].into();
    let mut merge: PerElement<bool> = vec![false; network.elements.len()].into();
    let pairs = || paths.iter().flat_map(|&path| pool.get(path).elements.windows(2));
    for pair in pairs() {
        match before[pair[1]] {
            Some(known) if known != pair[0] => merge[pair[1]] = true,
            _ => before[pair[1]] = Some(pair[0]),
        }
    }
    let mut shares: PerElement<f32> =
        merge.iter().map(|&merge| if merge { merging as f32 } else { anywhere as f32 }).collect();
    for pair in pairs().filter(|pair| merge[pair[1]]) {
        shares[pair[0]] = merging as f32;
    }
    shares
}

/// The stops of a path, and how long it takes from departure to admission, ms.
fn stops(network: &Network, elements: &[ElementIndex], limiting: &PerElement<bool>) -> (Vec<TimedStop>, i64) {
    let mut stops = Vec::new();
    let mut travel = 0;
    for &element in elements {
        if limiting[element] {
            stops.push(TimedStop { element, after: travel });
        }
        travel += network.elements[element].tau;
    }
    (stops, travel)
}

fn is_closed_at_times(network: &Network, element: ElementIndex) -> bool {
    let data = &network.elements[element];
    let guarded = data.ends.node_before().is_some_and(|node| !network.node_closed[node].is_empty());
    guarded || data.open.intervals() != [(0, network.horizon)]
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
        .keys()
        .map(|element| fed[element] > rate(element) * (1.0 + 1e-9) || is_closed_at_times(network, element))
        .collect()
}
