//! The best path by which people can join a forest: at nodes that others pass everyone has to follow them.
//!
//! The cost is the marginal arrival of [`clearway_loading::marginal`], with an addition for how many people join at once.

use crate::convergent::forest::NONE;
use clearway_loading::marginal::NEVER;
use clearway_loading::packet::{Busy, Roads};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Who joins, and what they meet.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Joining<'a> {
    /// The network.
    pub roads: &'a Roads<'a>,
    /// Busy periods per element.
    pub busy: &'a [Busy],
    /// Shortest free-flow time per node to a site, ms.
    pub to_sites: &'a [i64],
    /// The forest they join.
    pub next: &'a [u32],
    /// Per site: takes nobody more.
    pub full: &'a [bool],
    /// Elements on which these people are already counted.
    pub own: &'a [u32],
    /// How many people.
    pub people: f64,
    /// Over how long they come, ms.
    pub span: f64,
    /// How much of the delay they cause is charged, 0..1.
    pub charge: f64,
}

impl Joining<'_> {
    /// When they have as good as entered an element to which they come at `t`.
    fn enter(&self, element: u32, t: i64, is_own: bool) -> Option<i64> {
        let busy = &self.busy[element as usize];
        if busy.shut.is_some_and(|shut| t >= shut) {
            return None;
        }
        let come = t;
        let (t, spare) = busy.busy_until(t).map_or((t, self.span), |end| (end, 0.0));
        let rate = self.roads.network.elements[element as usize].rate;
        let needed = rate.map_or(0.0, |r| self.people * 3.6e9 / r.max(1) as f64);
        let delay = if is_own { 0.0 } else { self.charge * (needed - spare).max(0.0) };
        let delay = (delay as i64).min(self.roads.network.horizon);
        let entered = self.roads.next_open(element, t + delay)?;
        self.roads.overtaken_until(element, come, entered).is_none().then_some(entered)
    }
}

/// Memory of the search.
#[derive(Debug, Default)]
pub(crate) struct AttachSearch {
    entered: Vec<i64>,
    before: Vec<u32>,
    own: Vec<bool>,
    /// Per node: 0 not yet, 1 left from an element with prohibited turns, 2 done.
    seen: Vec<u8>,
    touched: Vec<u32>,
    visited: Vec<u32>,
    heap: BinaryHeap<Reverse<(i64, i64, u32)>>,
}

impl AttachSearch {
    /// The best path that begins with one of `firsts` entered from `t` on and never comes to `avoid`; from the first
    /// element to the admission.
    pub fn best(
        &mut self,
        joining: &Joining<'_>,
        firsts: &[u32],
        t: i64,
        avoid: Option<u32>,
    ) -> Option<Vec<u32>> {
        let network = joining.roads.network;
        self.entered.resize(network.elements.len(), NEVER);
        self.before.resize(network.elements.len(), NONE);
        self.own.resize(network.elements.len(), false);
        self.seen.resize(network.nodes, 0);
        for element in self.touched.drain(..) {
            self.entered[element as usize] = NEVER;
        }
        for node in self.visited.drain(..) {
            self.seen[node as usize] = 0;
        }
        self.heap.clear();
        for &element in joining.own {
            self.own[element as usize] = true;
        }
        if let Some(node) = avoid {
            self.seen[node as usize] = 2;
            self.visited.push(node);
        }
        for &first in firsts {
            self.reach(joining, first, t, NONE);
        }
        let found = self.run(joining);
        for &element in joining.own {
            self.own[element as usize] = false;
        }
        found
    }

    fn run(&mut self, joining: &Joining<'_>) -> Option<Vec<u32>> {
        let network = joining.roads.network;
        let turns = !network.banned.is_empty();
        while let Some(Reverse((_, entered, element))) = self.heap.pop() {
            let e = element as usize;
            if entered > self.entered[e] {
                continue;
            }
            let leaves = entered + network.elements[e].tau;
            let to = network.to_node[e];
            if to == NONE {
                if network.from_node[e] == NONE {
                    return Some(self.trace(element));
                }
                let site = network.place[e] as usize;
                if !joining.full[site] {
                    self.reach(joining, network.sites[site].admission, leaves, element);
                }
                continue;
            }
            let node = to as usize;
            // A node is left a second time only after an element from which not every turn is allowed.
            if self.seen[node] == 2 || self.seen[node] == 1 && self.has_passed(joining, element, to) {
                continue;
            }
            let forced = joining.next[node];
            let out =
                if forced == NONE { network.out_of(to) } else { std::slice::from_ref(&joining.next[node]) };
            let mut free = true;
            for &next in out {
                if turns && network.banned.contains(&(element, next)) {
                    free = false;
                } else {
                    self.reach(joining, next, leaves, element);
                }
            }
            self.seen[node] = if free { 2 } else { 1 };
            self.visited.push(to);
        }
        None
    }

    /// Whether the path to `element` has left `node` before.
    fn has_passed(&self, joining: &Joining<'_>, element: u32, node: u32) -> bool {
        let mut at = element;
        while at != NONE {
            if joining.roads.network.from_node[at as usize] == node {
                return true;
            }
            at = self.before[at as usize];
        }
        false
    }

    fn trace(&self, last: u32) -> Vec<u32> {
        let mut elements = vec![last];
        let mut at = last;
        while self.before[at as usize] != NONE {
            at = self.before[at as usize];
            elements.push(at);
        }
        elements.reverse();
        elements
    }

    fn reach(&mut self, joining: &Joining<'_>, element: u32, t: i64, before: u32) {
        let e = element as usize;
        if t >= self.entered[e] {
            return;
        }
        let network = joining.roads.network;
        let rest = match network.to_node[e] {
            NONE => 0,
            node if self.seen[node as usize] == 2 => return,
            node => joining.to_sites[node as usize],
        };
        if rest >= NEVER {
            return;
        }
        let Some(entered) = joining.enter(element, t, self.own[e]) else { return };
        if entered >= self.entered[e] || entered >= network.horizon {
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
