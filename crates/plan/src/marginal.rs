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

/// Memory of the search for ways.
#[derive(Debug, Default)]
pub struct WaySearch {
    entered: Vec<i64>,
    before: Vec<u32>,
    touched: Vec<u32>,
    heap: BinaryHeap<Reverse<(i64, i64, u32)>>,
}

impl WaySearch {
    /// The way with the earliest marginal arrival when leaving a zone at `departure`, as elements, with that arrival.
    /// Labels are on elements, so that prohibited turns are kept exactly.
    pub fn best(
        &mut self,
        cost: &Marginal<'_>,
        to_sites: &[i64],
        zone: u32,
        departure: i64,
    ) -> Option<(Vec<u32>, i64)> {
        let network = cost.roads.network;
        self.entered.resize(network.elements.len(), NEVER);
        self.before.resize(network.elements.len(), u32::MAX);
        for element in self.touched.drain(..) {
            self.entered[element as usize] = NEVER;
        }
        self.heap.clear();
        for &connector in &network.zones[zone as usize].connectors {
            self.reach(cost, to_sites, connector, departure, u32::MAX);
        }
        while let Some(Reverse((_, entered, element))) = self.heap.pop() {
            let e = element as usize;
            if entered > self.entered[e] {
                continue;
            }
            let leaves = entered + network.elements[e].tau;
            let (from, to, place) = (network.from_node[e], network.to_node[e], network.place[e]);
            if to == u32::MAX {
                if from == u32::MAX {
                    let mut elements = vec![element];
                    let mut at = element;
                    while self.before[at as usize] != u32::MAX {
                        at = self.before[at as usize];
                        elements.push(at);
                    }
                    elements.reverse();
                    return Some((elements, entered));
                }
                if !cost.full[place as usize] {
                    self.reach(cost, to_sites, network.sites[place as usize].intake, leaves, element);
                }
                continue;
            }
            let is_link = from != u32::MAX;
            for &next in network.out_of(to) {
                // Turning back on the spot helps only where a turn is prohibited.
                let back = is_link && network.to_node[next as usize] == from;
                let banned = !network.banned.is_empty();
                if is_link && (back && !banned || banned && network.banned.contains(&(element, next))) {
                    continue;
                }
                self.reach(cost, to_sites, next, leaves, element);
            }
        }
        None
    }

    fn reach(&mut self, cost: &Marginal<'_>, to_sites: &[i64], element: u32, t: i64, before: u32) {
        let e = element as usize;
        if t >= self.entered[e] {
            return;
        }
        let Some(entered) = cost.enter(element, t) else { return };
        if entered >= self.entered[e] || entered >= cost.roads.network.horizon {
            return;
        }
        let network = cost.roads.network;
        let rest = match network.to_node[e] {
            u32::MAX => 0,
            node => to_sites[node as usize],
        };
        if rest >= NEVER {
            return;
        }
        if self.entered[e] == NEVER {
            self.touched.push(element);
        }
        self.entered[e] = entered;
        self.before[e] = before;
        self.heap.push(Reverse((entered + network.elements[e].tau + rest, entered, element)));
    }
}
