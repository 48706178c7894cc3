//! The best path by which people can join a forest: at nodes that others pass everyone has to follow them.
//!
//! The cost is the marginal arrival of [`clearway_loading::marginal`], with an addition for how many people join at once.

use clearway_loading::packet::{BusyPeriods, PreparedRoads};
use clearway_model::number::{float, truncated};
use clearway_network::{ElementEnds, ElementIndex, NodeIndex, PerElement, PerNode, PerSite};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Who joins, and what they meet.
#[derive(Debug, Clone, Copy)]
pub(crate) struct JoiningPeople<'a> {
    /// The network as the fast loading has it.
    pub roads: &'a PreparedRoads<'a>,
    /// Per element, when there is a queue before it.
    pub busy: &'a PerElement<BusyPeriods>,
    /// Shortest free-flow time per node to a site, ms; `None` where there is no way.
    pub to_sites: &'a PerNode<Option<i64>>,
    /// The forest they join.
    pub next: &'a PerNode<Option<ElementIndex>>,
    /// Per site, whether it takes nobody more.
    pub full: &'a PerSite<bool>,
    /// Elements on which these people are already counted.
    pub own: &'a [ElementIndex],
    /// How many people they are.
    pub people: f64,
    /// Over how long they come, ms.
    pub span: f64,
    /// How much of the delay they cause is charged, 0..1.
    pub charge: f64,
}

impl JoiningPeople<'_> {
    /// When they have as good as entered an element to which they come at `t`, ms; `None`: never.
    fn enter(&self, element: ElementIndex, t: i64, is_own: bool) -> Option<i64> {
        let busy = &self.busy[element];
        if busy.shut.is_some_and(|shut| t >= shut) {
            return None;
        }
        let come = t;
        let (t, spare) = busy.busy_until(t).map_or((t, self.span), |end| (end, 0.0));
        let rate = self.roads.network.elements[element].rate;
        let needed = rate.map_or(0.0, |r| self.people * 3.6e9 / float(r.max(1)));
        let delay = if is_own { 0.0 } else { self.charge * (needed - spare).max(0.0) };
        let delay = truncated(delay).min(self.roads.network.horizon);
        let entered = self.roads.next_open(element, t + delay)?;
        self.roads.overtaken_until(element, come, entered).is_none().then_some(entered)
    }
}

/// How far the search has come at a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NodeProgress {
    /// No element that ends there has been passed.
    Unseen,
    /// It was left, but from an element with prohibited turns: from another one more may be possible.
    LeftInPart,
    /// Nothing more is to be had there.
    Done,
}

/// How an element is entered first.
#[derive(Debug, Clone, Copy)]
struct EntryLabel {
    /// When it is entered, ms.
    entered: i64,
    /// The element before it; `None` at the beginning of a path.
    before: Option<ElementIndex>,
}

/// Memory of the search.
#[derive(Debug, Default)]
pub(crate) struct AttachSearch {
    labels: PerElement<Option<EntryLabel>>,
    own: PerElement<bool>,
    seen: PerNode<NodeProgress>,
    touched: Vec<ElementIndex>,
    visited: Vec<NodeIndex>,
    /// The least arrival that is possible, when the element is entered, the element.
    heap: BinaryHeap<Reverse<(i64, i64, ElementIndex)>>,
}

impl AttachSearch {
    /// The best path that begins with one of `firsts` entered from `t` on and never comes to `avoid`; from the first
    /// element to the admission.
    pub fn best(
        &mut self,
        joining: &JoiningPeople<'_>,
        firsts: &[ElementIndex],
        t: i64,
        avoid: Option<NodeIndex>,
    ) -> Option<Vec<ElementIndex>> {
        let network = joining.roads.network;
        self.labels.resize(network.elements.len(), None);
        self.own.resize(network.elements.len(), false);
        self.seen.resize(network.nodes(), NodeProgress::Unseen);
        for element in self.touched.drain(..) {
            self.labels[element] = None;
        }
        for node in self.visited.drain(..) {
            self.seen[node] = NodeProgress::Unseen;
        }
        self.heap.clear();
        for &element in joining.own {
            self.own[element] = true;
        }
        if let Some(node) = avoid {
            self.seen[node] = NodeProgress::Done;
            self.visited.push(node);
        }
        for &first in firsts {
            self.reach(joining, first, t, None);
        }
        let found = self.run(joining);
        for &element in joining.own {
            self.own[element] = false;
        }
        found
    }

    fn run(&mut self, joining: &JoiningPeople<'_>) -> Option<Vec<ElementIndex>> {
        let network = joining.roads.network;
        let turns = !network.banned.is_empty();
        while let Some(Reverse((_, entered, element))) = self.heap.pop() {
            if self.labels[element].is_some_and(|label| entered > label.entered) {
                continue;
            }
            let data = &network.elements[element];
            let leaves = entered + data.tau;
            let node = match data.ends {
                ElementEnds::IntoSite { .. } => return Some(self.trace(element)),
                ElementEnds::ToSite { site, .. } => {
                    if !joining.full[site] {
                        self.reach(joining, network.sites[site].admission, leaves, Some(element));
                    }
                    continue;
                }
                ElementEnds::FromZone { node, .. } | ElementEnds::BetweenNodes { to: node, .. } => node,
            };
            // A node is left a second time only after an element from which not every turn is allowed.
            match self.seen[node] {
                NodeProgress::Done => continue,
                NodeProgress::LeftInPart if self.has_passed(joining, element, node) => continue,
                _ => {}
            }
            let out = match &joining.next[node] {
                Some(forced) => std::slice::from_ref(forced),
                None => network.out_of(node),
            };
            let mut free = true;
            for &next in out {
                if turns && network.banned.contains(&(element, next)) {
                    free = false;
                } else {
                    self.reach(joining, next, leaves, Some(element));
                }
            }
            self.seen[node] = if free { NodeProgress::Done } else { NodeProgress::LeftInPart };
            self.visited.push(node);
        }
        None
    }

    /// An element and those before it, from the last to the first.
    fn back_from(&self, last: ElementIndex) -> impl Iterator<Item = ElementIndex> + '_ {
        std::iter::successors(Some(last), |&element| self.labels[element]?.before)
    }

    /// Whether the path to `element` has left `node` before.
    fn has_passed(&self, joining: &JoiningPeople<'_>, element: ElementIndex, node: NodeIndex) -> bool {
        self.back_from(element).any(|passed| joining.roads.network.node_before(passed) == Some(node))
    }

    fn trace(&self, last: ElementIndex) -> Vec<ElementIndex> {
        let mut elements: Vec<ElementIndex> = self.back_from(last).collect();
        elements.reverse();
        elements
    }

    /// Comes to an element at `t`.
    fn reach(
        &mut self,
        joining: &JoiningPeople<'_>,
        element: ElementIndex,
        t: i64,
        before: Option<ElementIndex>,
    ) {
        let known = self.labels[element].map(|label| label.entered);
        if known.is_some_and(|known| t >= known) {
            return;
        }
        let network = joining.roads.network;
        let rest = match network.node_after(element) {
            None => Some(0),
            Some(node) if self.seen[node] == NodeProgress::Done => return,
            Some(node) => joining.to_sites[node],
        };
        let Some(rest) = rest else { return };
        let Some(entered) = joining.enter(element, t, self.own[element]) else { return };
        if known.is_some_and(|known| entered >= known) || entered >= network.horizon {
            return;
        }
        if known.is_none() {
            self.touched.push(element);
        }
        self.labels[element] = Some(EntryLabel { entered, before });
        self.heap.push(Reverse((entered + network.elements[element].tau + rest, entered, element)));
    }
}
