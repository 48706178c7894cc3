//! Minimum cut of a small static graph with terminals, by growing two search trees that are kept between augmentations.
//!
//! Source: Boykov and Kolmogorov 2004, "An experimental comparison of min-cut/max-flow algorithms for energy minimization
//! in vision". It suits graphs whose answer is mostly decided near the terminals, as a change of thresholds is.

mod residual;

use crate::index::row_of;
use crate::number::{compact, index};
use std::collections::VecDeque;

/// Stands for a capacity without limit; sums of a few stay below `i64::MAX`.
pub(crate) const BIG: i64 = 1 << 59;

/// Number of a vertex of the graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct CutNode(u32);

impl CutNode {
    /// The vertex at a place of the row of vertices.
    #[inline]
    pub const fn at(place: usize) -> Self {
        Self(compact(place))
    }

    #[inline]
    const fn place(self) -> usize {
        index(self.0)
    }
}

row_of!(CutNode);

use residual::{FREE, ORPHAN, ResidualArc, ResidualIndex, TERMINAL, residual_graph};

pub(crate) use residual::ArcPlace;

/// Where vertices go that neither side claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UndecidedSide {
    /// The cut nearest to the sink.
    WithSource,
    /// The cut nearest to the source.
    WithSink,
}

/// What is known of a vertex; in one place, since a visit needs most of it.
#[derive(Debug, Clone)]
struct NodeState {
    /// Residual from the source if positive, to the sink if negative.
    terminal: i64,
    /// Its arcs, from the first to before the last.
    first: u32,
    last: u32,
    /// The arc that leads down to its parent in the tree, or [`FREE`], [`TERMINAL`] or [`ORPHAN`].
    parent: ResidualIndex,
    /// The augmentation at which `distance` was last known to be right.
    stamp: u32,
    /// Arcs down to the tree's terminal, counting the one into it.
    distance: u32,
    /// Which tree the vertex is in, if it has a parent.
    in_sink: bool,
    queued: bool,
}

/// A graph whose arrays are used again for one cut after the other: which vertices are joined stays, what arcs cost changes.
#[derive(Debug, Clone, Default)]
pub(crate) struct StaticCut {
    nodes: Vec<NodeState>,
    arcs: Vec<ResidualArc>,
    /// Vertices whose neighbours may still be added to their tree.
    active: VecDeque<CutNode>,
    orphans: VecDeque<CutNode>,
    /// Augmentations so far: what is known of distances holds for one only.
    time: u32,
}

impl StaticCut {
    /// A graph without any cost; also the place of each of the arcs (tail and head), `None` for those from a vertex to itself.
    pub fn new(vertices: usize, ends: &[(CutNode, CutNode)]) -> (Self, Vec<Option<ArcPlace>>) {
        let (first, arcs, places) = residual_graph(vertices, ends);
        let nodes = first.windows(2).map(|range| NodeState {
            terminal: 0,
            first: range[0],
            last: range[1],
            parent: FREE,
            stamp: 0,
            distance: 0,
            in_sink: false,
            queued: false,
        });
        (Self { nodes: nodes.collect(), arcs, ..Self::default() }, places)
    }

    /// Nothing costs anything any more.
    pub fn clear(&mut self) {
        for node in &mut self.nodes {
            let NodeState { first, last, .. } = *node;
            *node = NodeState {
                terminal: 0,
                first,
                last,
                parent: FREE,
                stamp: 0,
                distance: 0,
                in_sink: false,
                queued: false,
            };
        }
        for arc in &mut self.arcs {
            arc.residual = 0;
        }
        self.active.clear();
        self.orphans.clear();
        self.time = 0;
    }

    /// What it costs to have a vertex on the sink's side rather than the source's; negative: the other way round.
    #[inline]
    pub fn add_cost_of_sink(&mut self, vertex: CutNode, cost: i64) {
        let sum = &mut self.nodes[vertex].terminal;
        *sum = sum.saturating_add(cost).clamp(-4 * BIG, 4 * BIG);
    }

    /// What it costs to have the tail of an arc on the source's side and its head on the sink's.
    #[inline]
    pub fn add_cost_of_arc(&mut self, arc: ArcPlace, cost: i64) {
        let sum = &mut self.arcs[arc.residual()].residual;
        // What is pushed over an arc is what the one back lets through as well: both together fit.
        *sum = sum.saturating_add(cost).min(4 * BIG);
    }

    fn back(&self, arc: ResidualIndex) -> ResidualIndex {
        self.arcs[arc].back
    }

    /// The arcs out of a vertex.
    fn arcs_of(&self, vertex: CutNode) -> impl Iterator<Item = ResidualIndex> + use<> {
        (self.nodes[vertex].first..self.nodes[vertex].last).map(ResidualIndex)
    }

    /// Whether a vertex is on the sink's side of a minimum cut; where there are several, `rest` says which.
    pub fn is_with_sink(&self, vertex: CutNode, rest: UndecidedSide) -> bool {
        match self.nodes[vertex].parent {
            FREE => rest == UndecidedSide::WithSink,
            _ => self.nodes[vertex].in_sink,
        }
    }

    fn activate(&mut self, vertex: CutNode) {
        if !self.nodes[vertex].queued {
            self.nodes[vertex].queued = true;
            self.active.push_back(vertex);
        }
    }

    /// Finds a minimum cut.
    pub fn solve(&mut self) {
        for vertex in (0..compact(self.nodes.len())).map(CutNode) {
            if self.nodes[vertex].terminal != 0 {
                self.nodes[vertex].in_sink = self.nodes[vertex].terminal < 0;
                self.nodes[vertex].parent = TERMINAL;
                self.nodes[vertex].distance = 1;
                self.activate(vertex);
            }
        }
        while let Some(&vertex) = self.active.front() {
            if self.nodes[vertex].parent == FREE {
                self.nodes[vertex].queued = false;
                self.active.pop_front();
                continue;
            }
            match self.grow(vertex) {
                // The vertex stays active: there may be further ways from it to the other tree.
                Some(bridge) => {
                    self.time += 1;
                    self.augment(bridge);
                    while let Some(orphan) = self.orphans.pop_front() {
                        self.adopt(orphan);
                    }
                }
                None => {
                    self.nodes[vertex].queued = false;
                    self.active.pop_front();
                }
            }
        }
    }

    /// The arc whose residual lets flow pass between a vertex and the other end of `arc`, in the tree's direction.
    fn towards(&self, arc: ResidualIndex, in_sink: bool) -> i64 {
        self.arcs[if in_sink { self.back(arc) } else { arc }].residual
    }

    /// Adds neighbours to the vertex's tree; an arc from the source's tree to the sink's ends it.
    fn grow(&mut self, v: CutNode) -> Option<ResidualIndex> {
        let in_sink = self.nodes[v].in_sink;
        for arc in self.arcs_of(v) {
            if self.towards(arc, in_sink) > 0 {
                let other = self.arcs[arc].head;
                if self.nodes[other].parent == FREE {
                    self.nodes[other].in_sink = in_sink;
                    self.hang(other, self.back(arc), v);
                    self.activate(other);
                } else if self.nodes[other].in_sink != in_sink {
                    return Some(if in_sink { self.back(arc) } else { arc });
                    // Nearer to the terminal this way than by its own: shorter trees make shorter augmenting paths.
                } else if self.nodes[other].stamp <= self.nodes[v].stamp
                    && self.nodes[other].distance > self.nodes[v].distance
                {
                    self.hang(other, self.back(arc), v);
                }
            }
        }
        None
    }

    /// Makes an arc lead from a vertex down to `below`, its parent.
    fn hang(&mut self, vertex: CutNode, parent: ResidualIndex, below: CutNode) {
        self.nodes[vertex].parent = parent;
        self.nodes[vertex].stamp = self.nodes[below].stamp;
        self.nodes[vertex].distance = self.nodes[below].distance + 1;
    }

    /// Pushes as much as possible over an arc from the source's tree to the sink's and down both trees. Arcs that are used up by it
    /// cut their vertices off from their trees: orphans.
    fn augment(&mut self, bridge: ResidualIndex) {
        let mut amount = self.arcs[bridge].residual;
        for in_sink in [false, true] {
            let mut v = self.arcs[if in_sink { bridge } else { self.back(bridge) }].head;
            while self.nodes[v].parent != TERMINAL {
                amount = amount.min(self.towards(self.nodes[v].parent, !in_sink));
                v = self.arcs[self.nodes[v].parent].head;
            }
            amount = amount.min(self.nodes[v].terminal.abs());
        }
        self.arcs[bridge].residual -= amount;
        let back = self.back(bridge);
        self.arcs[back].residual += amount;
        for in_sink in [false, true] {
            let mut v = self.arcs[if in_sink { bridge } else { self.back(bridge) }].head;
            while self.nodes[v].parent != TERMINAL {
                let used = if in_sink { self.nodes[v].parent } else { self.back(self.nodes[v].parent) };
                let below = self.arcs[self.nodes[v].parent].head;
                self.arcs[used].residual -= amount;
                let back = self.back(used);
                self.arcs[back].residual += amount;
                if self.arcs[used].residual == 0 {
                    self.nodes[v].parent = ORPHAN;
                    self.orphans.push_front(v);
                }
                v = below;
            }
            self.nodes[v].terminal -= if in_sink { -amount } else { amount };
            if self.nodes[v].terminal == 0 {
                self.nodes[v].parent = ORPHAN;
                self.orphans.push_front(v);
            }
        }
    }

    /// Steps from a vertex down to its tree's terminal; `None` if it hangs on an orphan.
    fn depth(&mut self, vertex: CutNode) -> Option<u32> {
        let (mut v, mut depth) = (vertex, 0);
        loop {
            if self.nodes[v].stamp == self.time {
                return Some(depth + self.nodes[v].distance);
            }
            depth += 1;
            match self.nodes[v].parent {
                TERMINAL => {
                    self.nodes[v].stamp = self.time;
                    self.nodes[v].distance = 1;
                    return Some(depth);
                }
                ORPHAN | FREE => return None,
                parent => v = self.arcs[parent].head,
            }
        }
    }

    /// Finds an orphan a new parent in its tree, or frees it and makes orphans of its children.
    fn adopt(&mut self, v: CutNode) {
        let in_sink = self.nodes[v].in_sink;
        let mut best: Option<(u32, ResidualIndex)> = None;
        for arc in self.arcs_of(v) {
            let other = self.arcs[arc].head;
            if self.towards(arc, !in_sink) > 0
                && self.nodes[other].in_sink == in_sink
                && self.nodes[other].parent != FREE
                && let Some(mut depth) = self.depth(other)
            {
                if best.is_none_or(|b| depth < b.0) {
                    best = Some((depth, arc));
                }
                // All on the way down are as deep as was just counted: the next orphan need not count again.
                let mut at = other;
                while self.nodes[at].stamp != self.time {
                    self.nodes[at].stamp = self.time;
                    self.nodes[at].distance = depth;
                    depth -= 1;
                    at = self.arcs[self.nodes[at].parent].head;
                }
            }
        }
        if let Some((depth, arc)) = best {
            self.nodes[v].parent = arc;
            self.nodes[v].stamp = self.time;
            self.nodes[v].distance = depth + 1;
            return;
        }
        // No parent: the vertex leaves its tree. Neighbours in it may reach it again, and children hang in the air.
        self.nodes[v].parent = FREE;
        for arc in self.arcs_of(v) {
            let other = self.arcs[arc].head;
            if self.nodes[other].in_sink == in_sink && self.nodes[other].parent != FREE {
                if self.towards(arc, !in_sink) > 0 {
                    self.activate(other);
                }
                let parent = self.nodes[other].parent;
                if parent < ORPHAN && self.arcs[parent].head == v {
                    self.nodes[other].parent = ORPHAN;
                    self.orphans.push_back(other);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Against all 2^n ways to cut.
        #[test]
        fn cut_is_the_cheapest_of_all(
            costs in proptest::collection::vec(-20i64..20, 7),
            arcs in proptest::collection::vec((0u32..7, 0u32..7, 0i64..15), 0..20),
        ) {
            let ends: Vec<_> = arcs.iter().map(|arc| (CutNode(arc.0), CutNode(arc.1))).collect();
            let (mut graph, places) = StaticCut::new(costs.len(), &ends);
            // Twice, as the graph is used again: what the first cut left behind must not count.
            for _ in 0..2 {
                graph.clear();
                for (v, &cost) in costs.iter().enumerate() {
                    graph.add_cost_of_sink(CutNode::at(v), cost);
                }
                for (&place, arc) in places.iter().zip(&arcs) {
                    if let Some(place) = place {
                        graph.add_cost_of_arc(place, arc.2);
                    }
                }
                graph.solve();
            }
            let value = |with_sink: &dyn Fn(u32) -> bool| -> i64 {
                let own: i64 = costs.iter().enumerate().filter(|c| with_sink(c.0 as u32)).map(|c| c.1).sum();
                let cut: i64 = arcs.iter().filter(|a| !with_sink(a.0) && with_sink(a.1)).map(|a| a.2).sum();
                own + cut
            };
            let best = (0u32..1 << costs.len()).map(|mask| value(&|v| mask >> v & 1 == 1)).min();
            for rest in [UndecidedSide::WithSource, UndecidedSide::WithSink] {
                prop_assert_eq!(Some(value(&|v| graph.is_with_sink(CutNode(v), rest))), best);
            }
        }
    }
}
