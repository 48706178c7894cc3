//! Ways of trucks on the scenario's roads: earliest arrival with closures, windows and turn bans, and the times along a way.

use clearway_model::{Case, ClassOfUsers, Mode, Scenario};
use clearway_network::{Network, NetworkError};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The scenario as trucks see it: all roads for vehicles, rates in thousandths of a passenger-car unit per hour.
///
/// # Errors
/// Tables that name what does not exist.
pub fn truck_network(scenario: &Scenario) -> Result<Network, NetworkError> {
    let class = ClassOfUsers {
        id: "truck".to_owned(),
        mode: Mode::Vehicle,
        people_per_vehicle: Some(1.0),
        people_per_vehicle_low: None,
        people_per_vehicle_high: None,
        pcu_per_vehicle: 1.0,
    };
    let mut scenario = scenario.clone();
    scenario.settings.class = vec![class];
    Network::new(&scenario, Case::Central)
}

/// When an element that is reached at `now` is entered; `None`: never, or only after a wait at a node closed to presence.
fn enter(network: &Network, element: u32, now: i64) -> Option<i64> {
    let open = network.elements[element as usize].open.intervals();
    let first = open.partition_point(|interval| interval.1 <= now);
    let t = now.max(open.get(first)?.0);
    let node = network.from_node[element as usize];
    let is_closed = node != u32::MAX
        && network.node_closed[node as usize].intervals().iter().any(|&(f, u)| f <= t && now < u);
    (!is_closed).then_some(t)
}

/// Times along a way from `start`, ms: entering each element, and the end; `None` if it cannot be gone.
pub(crate) fn times(network: &Network, way: &[u32], start: i64) -> Option<(Vec<i64>, i64)> {
    let mut now = start;
    let mut all = Vec::with_capacity(way.len());
    for element in way {
        let t = enter(network, *element, now)?;
        all.push(t);
        now = t + network.elements[*element as usize].tau;
    }
    Some((all, now))
}

/// Travel time without any wait, ms.
pub(crate) fn free(network: &Network, way: &[u32]) -> i64 {
    way.iter().map(|element| network.elements[*element as usize].tau).sum()
}

/// Ways with earliest arrival from a node to all nodes.
pub(crate) struct Tree {
    from: u32,
    /// Per element: end, and the element before it.
    reached: Vec<Option<(i64, u32)>>,
    /// Per node: the element by which it is reached first.
    best: Vec<u32>,
}

const NONE: u32 = u32::MAX;

impl Tree {
    /// From a node at a time; ends when `target` is reached, if one is given.
    pub fn grow(network: &Network, from: u32, start: i64, target: Option<u32>) -> Self {
        let mut tree =
            Self { from, reached: vec![None; network.elements.len()], best: vec![NONE; network.nodes] };
        let mut heap = BinaryHeap::new();
        let push = |heap: &mut BinaryHeap<Reverse<(i64, u32, u32)>>, element: u32, now: i64, before: u32| {
            let is_link = network.to_node[element as usize] != u32::MAX;
            if let Some(t) = enter(network, element, now).filter(|_| is_link) {
                heap.push(Reverse((t + network.elements[element as usize].tau, element, before)));
            }
        };
        for &element in network.out_of(from) {
            push(&mut heap, element, start, NONE);
        }
        while let Some(Reverse((end, element, before))) = heap.pop() {
            if tree.reached[element as usize].is_some() {
                continue;
            }
            tree.reached[element as usize] = Some((end, before));
            let node = network.to_node[element as usize];
            if tree.best[node as usize] == NONE {
                tree.best[node as usize] = element;
                if Some(node) == target {
                    break;
                }
            }
            for &next in network.out_of(node) {
                if tree.reached[next as usize].is_none() && !network.banned.contains(&(element, next)) {
                    push(&mut heap, next, end, element);
                }
            }
        }
        tree
    }

    /// The way to a node; empty from the node itself, `None` if there is none.
    pub fn way(&self, node: u32) -> Option<Vec<u32>> {
        if node == self.from {
            return Some(Vec::new());
        }
        let mut at = self.best[node as usize];
        let mut way = Vec::new();
        while at != NONE {
            way.push(at);
            at = self.reached[at as usize].map_or(NONE, |(_, before)| before);
        }
        way.reverse();
        (!way.is_empty()).then_some(way)
    }

    /// When a node is reached.
    pub fn end(&self, node: u32, start: i64) -> Option<i64> {
        if node == self.from {
            return Some(start);
        }
        self.reached.get(self.best[node as usize] as usize).copied().flatten().map(|(end, _)| end)
    }
}
