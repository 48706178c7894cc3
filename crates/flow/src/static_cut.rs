//! Minimum cut of a small static graph with terminals, by growing two search trees that are kept between augmentations.
//!
//! Source: Boykov and Kolmogorov 2004, "An experimental comparison of min-cut/max-flow algorithms for energy minimization
//! in vision". It suits graphs whose answer is mostly decided near the terminals, as a change of thresholds is.

use std::collections::VecDeque;

const NONE: u32 = u32::MAX;
const TERMINAL: u32 = u32::MAX - 1;
const ORPHAN: u32 = u32::MAX - 2;
/// Stands for a capacity without limit; sums of a few stay below `i64::MAX`.
pub(crate) const BIG: i64 = 1 << 59;

/// Where vertices go that neither side claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rest {
    /// The cut nearest to the sink.
    WithSource,
    /// The cut nearest to the source.
    WithSink,
}

/// What is known of a vertex; in one place, since a visit needs most of it.
#[derive(Debug, Clone)]
struct Node {
    /// Residual from the source if positive, to the sink if negative.
    terminal: i64,
    /// Its arcs, from the first to before the last.
    first: u32,
    last: u32,
    parent: u32,
    stamp: u32,
    distance: u32,
    /// Which tree the vertex is in, if it has a parent.
    in_sink: bool,
    queued: bool,
}

const FRESH: Node = Node {
    terminal: 0,
    first: 0,
    last: 0,
    parent: NONE,
    stamp: 0,
    distance: 0,
    in_sink: false,
    queued: false,
};

/// An arc in one direction. Those of a vertex lie side by side, since a visit looks at all of them.
#[derive(Debug, Clone)]
struct Arc {
    residual: i64,
    head: u32,
    /// The one in the other direction.
    back: u32,
}

/// A graph whose arrays are used again for one cut after the other.
#[derive(Debug, Clone, Default)]
pub(crate) struct StaticCut {
    nodes: Vec<Node>,
    /// Arcs as they were added: tail, head, cost.
    added: Vec<(u32, u32, i64)>,
    arcs: Vec<Arc>,
    active: VecDeque<u32>,
    orphans: VecDeque<u32>,
    time: u32,
}

impl StaticCut {
    /// Empties the graph and gives it `vertices`.
    pub fn clear(&mut self, vertices: usize) {
        self.nodes.clear();
        self.nodes.resize(vertices, FRESH);
        self.added.clear();
        self.active.clear();
        self.orphans.clear();
        self.time = 0;
    }

    /// What it costs to have a vertex on the sink's side rather than the source's; negative: the other way round.
    pub fn add_cost_of_sink(&mut self, vertex: u32, cost: i64) {
        let sum = &mut self.nodes[vertex as usize].terminal;
        *sum = sum.saturating_add(cost).clamp(-4 * BIG, 4 * BIG);
    }

    /// What it costs to have `tail` on the source's side and `head` on the sink's.
    pub fn add_arc(&mut self, tail: u32, head: u32, cost: i64) {
        self.added.push((tail, head, cost));
    }

    /// Sorts the arcs by vertex.
    fn sort_arcs(&mut self) {
        for &(tail, head, _) in &self.added {
            self.nodes[tail as usize].last += 1;
            self.nodes[head as usize].last += 1;
        }
        let mut sum = 0;
        for node in &mut self.nodes {
            node.first = sum;
            sum += std::mem::replace(&mut node.last, sum);
        }
        self.arcs.clear();
        self.arcs.resize(sum as usize, Arc { residual: 0, head: NONE, back: NONE });
        for &(tail, head, cost) in &self.added {
            let mut place = |vertex: u32| {
                let last = &mut self.nodes[vertex as usize].last;
                *last += 1;
                *last - 1
            };
            let (there, back) = (place(tail), place(head));
            self.arcs[there as usize] = Arc { residual: cost, head, back };
            self.arcs[back as usize] = Arc { residual: 0, head: tail, back: there };
        }
    }

    fn back(&self, arc: u32) -> u32 {
        self.arcs[arc as usize].back
    }

    /// Whether a vertex is on the sink's side of a minimum cut; where there are several, `rest` says which.
    pub fn is_with_sink(&self, vertex: u32, rest: Rest) -> bool {
        match self.nodes[vertex as usize].parent {
            NONE => rest == Rest::WithSink,
            _ => self.nodes[vertex as usize].in_sink,
        }
    }

    fn activate(&mut self, vertex: u32) {
        if !self.nodes[vertex as usize].queued {
            self.nodes[vertex as usize].queued = true;
            self.active.push_back(vertex);
        }
    }

    /// Finds a minimum cut.
    pub fn solve(&mut self) {
        self.sort_arcs();
        for vertex in 0..self.nodes.len() {
            if self.nodes[vertex].terminal != 0 {
                self.nodes[vertex].in_sink = self.nodes[vertex].terminal < 0;
                self.nodes[vertex].parent = TERMINAL;
                self.nodes[vertex].distance = 1;
                self.activate(vertex as u32);
            }
        }
        while let Some(&vertex) = self.active.front() {
            if self.nodes[vertex as usize].parent == NONE {
                self.nodes[vertex as usize].queued = false;
                self.active.pop_front();
                continue;
            }
            match self.grow(vertex) {
                Some(bridge) => {
                    self.time += 1;
                    self.augment(bridge);
                    while let Some(orphan) = self.orphans.pop_front() {
                        self.adopt(orphan);
                    }
                }
                None => {
                    self.nodes[vertex as usize].queued = false;
                    self.active.pop_front();
                }
            }
        }
    }

    /// The arc whose residual lets flow pass between a vertex and the other end of `arc`, in the tree's direction.
    fn towards(&self, arc: u32, in_sink: bool) -> i64 {
        self.arcs[(if in_sink { self.back(arc) } else { arc }) as usize].residual
    }

    /// Adds neighbours to the vertex's tree; an arc from the source's tree to the sink's ends it.
    fn grow(&mut self, vertex: u32) -> Option<u32> {
        let v = vertex as usize;
        let in_sink = self.nodes[v].in_sink;
        for arc in self.nodes[v].first..self.nodes[v].last {
            if self.towards(arc, in_sink) > 0 {
                let other = self.arcs[arc as usize].head as usize;
                if self.nodes[other].parent == NONE {
                    self.nodes[other].in_sink = in_sink;
                    self.hang(other, self.back(arc), v);
                    self.activate(other as u32);
                } else if self.nodes[other].in_sink != in_sink {
                    return Some(if in_sink { self.back(arc) } else { arc });
                } else if self.nodes[other].stamp <= self.nodes[v].stamp
                    && self.nodes[other].distance > self.nodes[v].distance
                {
                    self.hang(other, self.back(arc), v);
                }
            }
        }
        None
    }

    fn hang(&mut self, vertex: usize, parent: u32, below: usize) {
        self.nodes[vertex].parent = parent;
        self.nodes[vertex].stamp = self.nodes[below].stamp;
        self.nodes[vertex].distance = self.nodes[below].distance + 1;
    }

    fn augment(&mut self, bridge: u32) {
        let mut amount = self.arcs[bridge as usize].residual;
        for in_sink in [false, true] {
            let mut v = self.arcs[(if in_sink { bridge } else { self.back(bridge) }) as usize].head as usize;
            while self.nodes[v].parent != TERMINAL {
                amount = amount.min(self.towards(self.nodes[v].parent, !in_sink));
                v = self.arcs[self.nodes[v].parent as usize].head as usize;
            }
            amount = amount.min(self.nodes[v].terminal.abs());
        }
        self.arcs[bridge as usize].residual -= amount;
        let back = self.back(bridge);
        self.arcs[back as usize].residual += amount;
        for in_sink in [false, true] {
            let mut v = self.arcs[(if in_sink { bridge } else { self.back(bridge) }) as usize].head as usize;
            while self.nodes[v].parent != TERMINAL {
                let used = if in_sink { self.nodes[v].parent } else { self.back(self.nodes[v].parent) };
                let below = self.arcs[self.nodes[v].parent as usize].head as usize;
                self.arcs[used as usize].residual -= amount;
                let back = self.back(used);
                self.arcs[back as usize].residual += amount;
                if self.arcs[used as usize].residual == 0 {
                    self.nodes[v].parent = ORPHAN;
                    self.orphans.push_front(v as u32);
                }
                v = below;
            }
            self.nodes[v].terminal -= if in_sink { -amount } else { amount };
            if self.nodes[v].terminal == 0 {
                self.nodes[v].parent = ORPHAN;
                self.orphans.push_front(v as u32);
            }
        }
    }

    /// Steps from a vertex down to its tree's terminal; `None` if it hangs on an orphan.
    fn depth(&mut self, vertex: usize) -> Option<u32> {
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
                ORPHAN | NONE => return None,
                parent => v = self.arcs[parent as usize].head as usize,
            }
        }
    }

    /// Finds an orphan a new parent in its tree, or frees it and makes orphans of its children.
    fn adopt(&mut self, orphan: u32) {
        let v = orphan as usize;
        let in_sink = self.nodes[v].in_sink;
        let mut best: Option<(u32, u32)> = None;
        for arc in self.nodes[v].first..self.nodes[v].last {
            let other = self.arcs[arc as usize].head as usize;
            if self.towards(arc, !in_sink) > 0
                && self.nodes[other].in_sink == in_sink
                && self.nodes[other].parent != NONE
                && let Some(mut depth) = self.depth(other)
            {
                if best.is_none_or(|b| depth < b.0) {
                    best = Some((depth, arc));
                }
                let mut at = other;
                while self.nodes[at].stamp != self.time {
                    self.nodes[at].stamp = self.time;
                    self.nodes[at].distance = depth;
                    depth -= 1;
                    at = self.arcs[self.nodes[at].parent as usize].head as usize;
                }
            }
        }
        if let Some((depth, arc)) = best {
            self.nodes[v].parent = arc;
            self.nodes[v].stamp = self.time;
            self.nodes[v].distance = depth + 1;
            return;
        }
        self.nodes[v].parent = NONE;
        for arc in self.nodes[v].first..self.nodes[v].last {
            let other = self.arcs[arc as usize].head as usize;
            if self.nodes[other].in_sink == in_sink && self.nodes[other].parent != NONE {
                if self.towards(arc, !in_sink) > 0 {
                    self.activate(other as u32);
                }
                let parent = self.nodes[other].parent;
                if parent < ORPHAN && self.arcs[parent as usize].head == orphan {
                    self.nodes[other].parent = ORPHAN;
                    self.orphans.push_back(other as u32);
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
            let mut graph = StaticCut::default();
            graph.clear(costs.len());
            for (v, &cost) in costs.iter().enumerate() {
                graph.add_cost_of_sink(v as u32, cost);
            }
            for &(tail, head, cost) in &arcs {
                graph.add_arc(tail, head, cost);
            }
            graph.solve();
            let value = |with_sink: &dyn Fn(u32) -> bool| -> i64 {
                let own: i64 = costs.iter().enumerate().filter(|c| with_sink(c.0 as u32)).map(|c| c.1).sum();
                let cut: i64 = arcs.iter().filter(|a| !with_sink(a.0) && with_sink(a.1)).map(|a| a.2).sum();
                own + cut
            };
            let best = (0u32..1 << costs.len()).map(|mask| value(&|v| mask >> v & 1 == 1)).min();
            for rest in [Rest::WithSource, Rest::WithSink] {
                prop_assert_eq!(Some(value(&|v| graph.is_with_sink(v, rest))), best);
            }
        }
    }
}
