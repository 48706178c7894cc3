//! The roads at the speed of each type of vehicle: when links can be entered, and the fastest runs with everything open.

use super::given::RawMultimodal;
use crate::Unreadable;
use crate::elements::CaseElements;
use crate::number;
use crate::raw::RawScenario;
use clearway_model::{Case, Figure, Means};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

/// The time of a place that cannot be reached.
const NEVER: i64 = i64::MAX;

/// The network as one speed finds it.
#[derive(Debug)]
pub(crate) struct VehicleRoads {
    pub elements: CaseElements,
}

/// The roads for all types of vehicles.
#[derive(Debug)]
pub(crate) struct FleetRoads {
    /// Per type of vehicle.
    pub streets: Vec<VehicleRoads>,
    /// Which value of each range.
    pub case: Case,
}

impl FleetRoads {
    /// Works out the roads for each type.
    pub fn new(raw: &RawScenario, given: &RawMultimodal, case: Case) -> Result<Self, Unreadable> {
        let streets = given.fleet.iter().map(|kind| VehicleRoads::new(raw, kind.speed, case));
        Ok(Self { streets: streets.collect::<Result<_, _>>()?, case })
    }
}

impl VehicleRoads {
    fn new(raw: &RawScenario, speed: f64, case: Case) -> Result<Self, Unreadable> {
        let times: Vec<Figure<i64>> = raw
            .links
            .iter()
            .map(|link| {
                let slow = |ms: i64| number::whole((number::real(ms) / speed).ceil());
                Figure::new(slow(link.time.value), Some(slow(link.time.low)), Some(slow(link.time.high)))
            })
            .collect();
        Ok(Self { elements: CaseElements::of_times(raw, case, &times)? })
    }

    /// When a link or connector with this open set can be entered from `t` on.
    fn enter(&self, raw_node: Option<usize>, open: usize, t: i64) -> Option<i64> {
        let spans = &self.elements.opens[open].0;
        let entered = spans.iter().find(|s| s.1 > t).map(|s| t.max(s.0))?;
        let shut = raw_node.and_then(|node| self.elements.shut_nodes.get(&node));
        let overtaken = shut.is_some_and(|spans| spans.0.iter().any(|s| s.0 <= entered && t < s.1));
        (!overtaken).then_some(entered)
    }

    /// Goes over links from `t` on; entries and the end, `None` if it cannot be done.
    pub fn over(&self, raw: &RawScenario, links: &[usize], t: i64) -> Option<(Vec<i64>, i64)> {
        let mut entries = Vec::new();
        let mut end = t;
        for &link in links {
            let element = self.elements.links[link]?;
            let entered = self.enter(Some(raw.links[link].from), element.open, end)?;
            entries.push(entered);
            end = entered + element.tau;
        }
        Some((entries, end))
    }

    /// When a zone's connector can be entered from `t` on.
    pub fn leave_zone(&self, connector: usize, t: i64) -> Option<i64> {
        self.enter(None, self.elements.connectors[connector].open, t)
    }

    /// When a site's connector can be entered from `t` on.
    pub fn leave_node(&self, raw: &RawScenario, connector: usize, t: i64) -> Option<i64> {
        self.enter(Some(raw.connectors[connector].node), self.elements.connectors[connector].open, t)
    }

    /// Whether people at a site at `t` are received then.
    pub fn is_open(&self, site: usize, t: i64) -> bool {
        let spans = &self.elements.opens[self.elements.admissions[site].open].0;
        spans.iter().any(|s| s.0 <= t && t < s.1)
    }

    /// Fastest times with everything open from some (link, time) to every link, ms.
    fn labels(&self, raw: &RawScenario, leaving: &[Vec<usize>], starts: &[(usize, i64)]) -> Vec<i64> {
        let mut label = vec![NEVER; raw.links.len()];
        let mut heap = BinaryHeap::new();
        for &(link, t) in starts {
            if self.elements.links[link].is_some() && t < label[link] {
                label[link] = t;
                heap.push(Reverse((t, link)));
            }
        }
        while let Some(Reverse((t, link))) = heap.pop() {
            let Some(element) = self.elements.links[link].filter(|_| t == label[link]) else { continue };
            for &next in &leaving[raw.links[link].to] {
                let past = t + element.tau;
                let is_road = self.elements.links[next].is_some() && !raw.banned.contains(&(link, next));
                if is_road && past < label[next] {
                    label[next] = past;
                    heap.push(Reverse((past, next)));
                }
            }
        }
        label
    }
}

/// The shortest runs of one type of vehicle, ms; zones that cannot be reached are not in a map.
#[derive(Debug)]
pub(crate) struct ShortestTrips {
    /// Per zone with people for the fleet: fastest loaded run to any site.
    pub out: BTreeMap<usize, i64>,
    /// Per zone: fastest empty run to it from any site.
    pub back: BTreeMap<usize, i64>,
    /// Per zone: fastest empty run to it from the depot.
    pub first: BTreeMap<usize, i64>,
    /// Whether some loaded run needs no link.
    pub without_link: bool,
}

/// Looks up the shortest runs of a type of vehicle with this depot.
pub(crate) fn rounds(
    raw: &RawScenario,
    given: &RawMultimodal,
    streets: &VehicleRoads,
    depot: usize,
) -> ShortestTrips {
    let mut leaving: Vec<Vec<usize>> = vec![Vec::new(); raw.nodes.list.len()];
    for (at, link) in raw.links.iter().enumerate() {
        leaving[link.from].push(at);
    }
    let mut zones: Vec<usize> = given
        .groups
        .iter()
        .filter(|g| Means::FLEET.contains(&g.means) && g.people > 0)
        .map(|g| g.zone)
        .collect();
    zones.sort_unstable();
    zones.dedup();
    let of_site: Vec<(usize, i64)> =
        raw.connectors.iter().filter(|c| !c.of_zone).map(|c| (c.node, c.time)).collect();
    let of_zone = |zone: usize| raw.connectors.iter().filter(move |c| c.of_zone && c.place == zone);
    let mut rounds = ShortestTrips {
        out: BTreeMap::new(),
        back: BTreeMap::new(),
        first: BTreeMap::new(),
        without_link: false,
    };
    // Earliest time at every node after runs that begin at some nodes.
    let nodes_after = |begin: &[(usize, i64)]| {
        let starts: Vec<(usize, i64)> =
            begin.iter().flat_map(|&(node, t)| leaving[node].iter().map(move |&l| (l, t))).collect();
        let label = streets.labels(raw, &leaving, &starts);
        let mut at = vec![NEVER; raw.nodes.list.len()];
        let mut standing = vec![NEVER; raw.nodes.list.len()];
        for &(node, t) in begin {
            at[node] = at[node].min(t);
            standing[node] = standing[node].min(t);
        }
        for (link, &t) in label.iter().enumerate() {
            if let Some(element) = streets.elements.links[link].filter(|_| t != NEVER) {
                let node = raw.links[link].to;
                at[node] = at[node].min(t + element.tau);
            }
        }
        (at, standing)
    };
    let least = |at: &[i64], zone: usize| {
        of_zone(zone).filter(|c| at[c.node] != NEVER).map(|c| at[c.node] + c.time).min()
    };
    let (from_sites, _) = nodes_after(&of_site);
    let (from_depot, _) = nodes_after(&[(depot, 0)]);
    for zone in zones {
        let begin: Vec<(usize, i64)> = of_zone(zone).map(|c| (c.node, c.time)).collect();
        let (at, standing) = nodes_after(&begin);
        let ends = of_site.iter().filter(|s| at[s.0] != NEVER).map(|s| at[s.0] + s.1);
        if let Some(out) = ends.min() {
            rounds.out.insert(zone, out);
        }
        rounds.without_link |= of_site.iter().any(|s| standing[s.0] != NEVER);
        if let Some(back) = least(&from_sites, zone) {
            rounds.back.insert(zone, back);
        }
        if let Some(first) = least(&from_depot, zone) {
            rounds.first.insert(zone, first);
        }
    }
    rounds
}
