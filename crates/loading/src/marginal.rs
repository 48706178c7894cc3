//! What one more person costs all others: the marginal arrival on a way, and the way on which it is earliest.
//!
//! Behind a queue one more person delays everyone until the queue is gone, so the whole system pays as if that person
//! left the element when its busy period ends. First in, first out makes this a time-dependent shortest path.

use crate::packet::{Busy, Passes, Roads};
use clearway_network::Network;
use clearway_network::search::free_times_to_sites;
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
    /// Who waited where, if what follows a queue is to be looked at when one gets there and not when the queue ends.
    pub passes: Option<&'a Passes>,
    /// Per site: takes nobody more.
    pub full: &'a [bool],
}

impl Marginal<'_> {
    /// Goes into an element; `None` if that is not possible any more.
    fn enter(&self, element: u32, on: Onward) -> Option<Onward> {
        let busy = &self.busy[element as usize];
        let is_shut = |t: i64| busy.shut.is_some_and(|shut| t >= shut);
        if is_shut(on.last) {
            return None;
        }
        let last = self.roads.next_open(element, busy.busy_until(on.last).unwrap_or(on.last))?;
        if self.roads.overtaken_until(element, on.last, last).is_some() {
            return None;
        }
        let Some(passes) = self.passes else { return Some(Onward { time: last, others: 0, last }) };
        let (entered, others) = match busy.busy_until(on.time) {
            None => (on.time, 0),
            Some(end) => {
                let (entered, lost) = passes.enter(element, on.time, end);
                (entered, lost + self.roads.next_open(element, end)? - end)
            }
        };
        let time = self.roads.next_open(element, entered)?;
        let overtaken = self.roads.overtaken_until(element, on.time, time).is_some();
        (!overtaken).then_some(Onward { time, others: on.others + others, last })
    }

    fn run(&self, element: u32, on: Onward) -> Option<Onward> {
        let tau = self.roads.network.elements[element as usize].tau;
        self.enter(element, on).map(|on| Onward { time: on.time + tau, last: on.last + tau, ..on })
    }

    /// The element of a way at which one more person who leaves at `departure` costs most; `None` if there is no wait.
    pub fn narrowest(&self, elements: &[u32], departure: i64) -> Option<u32> {
        let mut on = Onward::at(departure);
        let mut most = (0, None);
        for &element in elements {
            let next = self.enter(element, on)?;
            let cost = next.sum() - on.sum();
            if cost > most.0 {
                most = (cost, Some(element));
            }
            on = self.run(element, on)?;
        }
        most.1
    }

    /// The marginal arrival on a way when leaving at `t`; [`NEVER`] if there is none.
    pub fn arrival(&self, elements: &[u32], departure: i64) -> i64 {
        let network = self.roads.network;
        let mut on = Onward::at(departure);
        for &element in elements {
            match self.run(element, on) {
                Some(next) => on = next,
                None => return NEVER,
            }
        }
        let site = elements.last().map_or(0, |&e| network.place[e as usize]);
        if self.full[site as usize] || on.time >= network.horizon { NEVER } else { on.sum() }
    }
}

/// One more person on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Onward {
    /// Where it is, ms.
    time: i64,
    /// What others lose, ms.
    others: i64,
    /// When the last of those whom it pushed back is there, if all of them went its way: the end of one queue after the other, ms.
    last: i64,
}

impl Onward {
    fn at(time: i64) -> Self {
        Self { time, others: 0, last: time }
    }

    /// What it costs in the sum of all arrivals.
    fn sum(self) -> i64 {
        self.time + self.others
    }
}

/// Shortest free-flow time from each node to arrival at any site, ms; [`NEVER`] if none. A lower bound for A*.
pub fn to_sites(network: &Network) -> Vec<i64> {
    free_times_to_sites(network).into_iter().map(|time| time.unwrap_or(NEVER)).collect()
}

/// Places where ways meet: a node, or for a link with prohibited turns at its end the end of that link alone.
#[derive(Debug)]
pub struct Junctions {
    /// Per element, the junction at its end; `u32::MAX` for connectors of sites and admissions.
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
    /// Least in all, so far, time, place.
    heap: BinaryHeap<Reverse<(i64, Onward, u32)>>,
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
            self.reach(cost, to_sites, connector, Onward::at(departure), u32::MAX);
        }
        while let Some(Reverse((_, on, place))) = self.heap.pop() {
            let sum = on.sum();
            if sum > self.reached[place as usize] {
                continue;
            }
            let Some(&node) = junctions.node_of.get(place as usize) else {
                return Some((self.elements(network, sites_from as u32, place), sum));
            };
            let link = junctions.link_of[place as usize];
            for &next in network.out_of(node) {
                if link == u32::MAX || !network.banned.contains(&(link, next)) {
                    self.reach(cost, to_sites, next, on, place);
                }
            }
        }
        None
    }

    /// The elements of the way to a site.
    fn elements(&self, network: &Network, sites_from: u32, site: u32) -> Vec<u32> {
        let mut elements = vec![network.sites[(site - sites_from) as usize].admission];
        let mut at = site;
        while at != u32::MAX {
            let (element, place) = self.before[at as usize];
            elements.push(element);
            at = place;
        }
        elements.reverse();
        elements
    }

    /// Goes over an element from a junction; from a connector of a site on through its admission.
    fn reach(&mut self, cost: &Marginal<'_>, to_sites: &[i64], element: u32, on: Onward, from: u32) {
        let (network, junctions) = (cost.roads.network, &cost.roads.junctions);
        let e = element as usize;
        let end = junctions.end_of[e];
        let (place, rest) = match junctions.node_of.get(end as usize) {
            Some(&node) => (end, to_sites[node as usize]),
            None => (junctions.node_of.len() as u32 + network.place[e], 0),
        };
        // Nothing is earlier than entering at once.
        if rest >= NEVER || on.sum() + network.elements[e].tau >= self.reached[place as usize] {
            return;
        }
        let Some(mut on) = cost.run(element, on) else { return };
        if end == u32::MAX {
            let site = network.place[e] as usize;
            let admitted = cost.enter(network.sites[site].admission, on).filter(|_| !cost.full[site]);
            let Some(admitted) = admitted else { return };
            on = admitted;
        }
        if on.sum() >= self.reached[place as usize] || on.time >= network.horizon {
            return;
        }
        if self.reached[place as usize] == NEVER {
            self.touched.push(place);
        }
        self.reached[place as usize] = on.sum();
        self.before[place as usize] = (element, from);
        self.heap.push(Reverse((on.sum() + rest, on, place)));
    }
}
