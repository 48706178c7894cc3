//! What one more person costs all others: the marginal arrival on a way, and the way on which it is earliest.
//!
//! Behind a queue one more person delays everyone until the queue is gone, so the whole system pays as if that person
//! left the element when its busy period ends. First in, first out makes this a time-dependent shortest path.

use crate::packet::{Busy, Roads};
use clearway_network::Network;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A time that is never reached.
pub const NEVER: i64 = i64::MAX / 4;

/// Busy periods of a replay, as a cost.
#[derive(Debug, Clone, Copy)]
pub struct Marginal<'a> {
    /// The network.
    pub roads: &'a Roads<'a>,
    /// Per element.
    pub busy: &'a [Busy],
    /// Per site: takes nobody more.
    pub full: &'a [bool],
}

impl Marginal<'_> {
    /// When one more person who comes to an element at `t` has cost as much as if it had entered then.
    fn enter(&self, element: u32, t: i64) -> Option<i64> {
        let busy = &self.busy[element as usize];
        if busy.shut.is_some_and(|shut| t >= shut) {
            return None;
        }
        let at = busy.periods.partition_point(|p| p.0 <= t);
        let t = match at.checked_sub(1).map(|i| busy.periods[i]) {
            Some((_, end)) if end > t => end,
            _ => t,
        };
        self.roads.next_open(element, t)
    }

    /// The marginal arrival on a way when leaving at `t`; [`NEVER`] if there is none.
    pub fn arrival(&self, elements: &[u32], departure: i64) -> i64 {
        let network = self.roads.network;
        let mut t = departure;
        for &element in elements {
            match self.enter(element, t) {
                Some(entered) => t = entered + network.elements[element as usize].tau,
                None => return NEVER,
            }
        }
        let site = elements.last().map_or(0, |&e| network.place[e as usize]);
        if self.full[site as usize] || t >= network.horizon { NEVER } else { t }
    }
}

/// Shortest free-flow time from each node to arrival at any site, ms; [`NEVER`] if none. A lower bound for A*.
pub fn to_sites(network: &Network) -> Vec<i64> {
    let mut inbound: Vec<Vec<u32>> = vec![Vec::new(); network.nodes];
    let mut best = vec![NEVER; network.nodes];
    let mut heap = BinaryHeap::new();
    for (index, (&from, &to)) in network.from_node.iter().zip(&network.to_node).enumerate() {
        let tau = network.elements[index].tau;
        if from == u32::MAX || network.elements[index].open.is_empty() {
            continue;
        }
        if to == u32::MAX {
            if tau < best[from as usize] {
                best[from as usize] = tau;
                heap.push(Reverse((tau, from)));
            }
        } else {
            inbound[to as usize].push(index as u32);
        }
    }
    while let Some(Reverse((distance, node))) = heap.pop() {
        if distance > best[node as usize] {
            continue;
        }
        for &link in &inbound[node as usize] {
            let from = network.from_node[link as usize] as usize;
            let reached = distance + network.elements[link as usize].tau;
            if reached < best[from] {
                best[from] = reached;
                heap.push(Reverse((reached, from as u32)));
            }
        }
    }
    best
}

/// Places where ways meet: a node, or for a link with prohibited turns at its end the end of that link alone.
#[derive(Debug)]
pub struct Junctions {
    /// Per element, the junction at its end; `u32::MAX` for connectors of sites and intakes.
    end_of: Vec<u32>,
    /// Per junction, its node.
    node_of: Vec<u32>,
    /// Per junction, the link whose end it is; `u32::MAX` for those of a whole node.
    link_of: Vec<u32>,
}

impl Junctions {
    /// Those of a network.
    pub fn new(network: &Network) -> Self {
        let mut node_of: Vec<u32> = (0..network.nodes as u32).collect();
        let mut link_of = vec![u32::MAX; network.nodes];
        let mut end_of = network.to_node.clone();
        let mut inbound: Vec<u32> = network.banned.iter().map(|turn| turn.0).collect();
        inbound.sort_unstable();
        inbound.dedup();
        for link in inbound {
            end_of[link as usize] = node_of.len() as u32;
            node_of.push(network.to_node[link as usize]);
            link_of.push(link);
        }
        Self { end_of, node_of, link_of }
    }
}

/// Memory of the search for ways.
#[derive(Debug, Default)]
pub struct WaySearch {
    /// Per junction, then per site: earliest marginal time.
    reached: Vec<i64>,
    /// Per junction, then per site: the element that leads there and the junction it begins at.
    before: Vec<(u32, u32)>,
    touched: Vec<u32>,
    heap: BinaryHeap<Reverse<(i64, i64, u32)>>,
}

impl WaySearch {
    /// The way with the earliest marginal arrival when leaving a zone at `departure`, as elements, with that arrival.
    pub fn best(
        &mut self,
        cost: &Marginal<'_>,
        to_sites: &[i64],
        zone: u32,
        departure: i64,
    ) -> Option<(Vec<u32>, i64)> {
        let network = cost.roads.network;
        let junctions = &cost.roads.junctions;
        let sites_from = junctions.node_of.len();
        self.reached.resize(sites_from + network.sites.len(), NEVER);
        self.before.resize(sites_from + network.sites.len(), (u32::MAX, u32::MAX));
        for place in self.touched.drain(..) {
            self.reached[place as usize] = NEVER;
        }
        self.heap.clear();
        for &connector in &network.zones[zone as usize].connectors {
            self.reach(cost, to_sites, connector, departure, u32::MAX);
        }
        while let Some(Reverse((_, time, place))) = self.heap.pop() {
            if time > self.reached[place as usize] {
                continue;
            }
            let Some(&node) = junctions.node_of.get(place as usize) else {
                return Some((self.elements(network, sites_from as u32, place), time));
            };
            let link = junctions.link_of[place as usize];
            for &next in network.out_of(node) {
                if link == u32::MAX || !network.banned.contains(&(link, next)) {
                    self.reach(cost, to_sites, next, time, place);
                }
            }
        }
        None
    }

    /// The elements of the way to a site.
    fn elements(&self, network: &Network, sites_from: u32, site: u32) -> Vec<u32> {
        let mut elements = vec![network.sites[(site - sites_from) as usize].intake];
        let mut at = site;
        while at != u32::MAX {
            let (element, place) = self.before[at as usize];
            elements.push(element);
            at = place;
        }
        elements.reverse();
        elements
    }

    /// Goes over an element from a junction at `t`; from a connector of a site on through its intake.
    fn reach(&mut self, cost: &Marginal<'_>, to_sites: &[i64], element: u32, t: i64, from: u32) {
        let (network, junctions) = (cost.roads.network, &cost.roads.junctions);
        let e = element as usize;
        let end = junctions.end_of[e];
        let (place, rest) = match junctions.node_of.get(end as usize) {
            Some(&node) => (end, to_sites[node as usize]),
            None => (junctions.node_of.len() as u32 + network.place[e], 0),
        };
        // Nothing is earlier than entering at once.
        if rest >= NEVER || t + network.elements[e].tau >= self.reached[place as usize] {
            return;
        }
        let Some(entered) = cost.enter(element, t) else { return };
        let mut time = entered + network.elements[e].tau;
        if end == u32::MAX {
            let site = network.place[e] as usize;
            let admitted = cost.enter(network.sites[site].intake, time).filter(|_| !cost.full[site]);
            let Some(admitted) = admitted else { return };
            time = admitted;
        }
        if time >= self.reached[place as usize] || time >= network.horizon {
            return;
        }
        if self.reached[place as usize] == NEVER {
            self.touched.push(place);
        }
        self.reached[place as usize] = time;
        self.before[place as usize] = (element, from);
        self.heap.push(Reverse((time + rest, time, place)));
    }
}
