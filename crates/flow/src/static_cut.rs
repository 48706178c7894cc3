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

/// A graph whose arrays are used again for one cut after the other.
#[derive(Debug, Clone, Default)]
pub(crate) struct StaticCut {
    first: Vec<u32>,
    /// Residual from the source if positive, to the sink if negative.
    terminal: Vec<i64>,
    parent: Vec<u32>,
    stamp: Vec<u32>,
    distance: Vec<u32>,
    /// Which tree a vertex is in, if it has a parent.
    in_sink: Vec<bool>,
    queued: Vec<bool>,
    head: Vec<u32>,
    next: Vec<u32>,
    residual: Vec<i64>,
    active: VecDeque<u32>,
    orphans: VecDeque<u32>,
    time: u32,
}

impl StaticCut {
    /// Empties the graph and gives it `vertices`.
    pub fn clear(&mut self, vertices: usize) {
        for list in [&mut self.first, &mut self.parent] {
            list.clear();
            list.resize(vertices, NONE);
        }
        for list in [&mut self.stamp, &mut self.distance] {
            list.clear();
            list.resize(vertices, 0);
        }
        for list in [&mut self.in_sink, &mut self.queued] {
            list.clear();
            list.resize(vertices, false);
        }
        self.terminal.clear();
        self.terminal.resize(vertices, 0);
        self.head.clear();
        self.next.clear();
        self.residual.clear();
        self.active.clear();
        self.orphans.clear();
        self.time = 0;
    }

    /// What it costs to have a vertex on the sink's side rather than the source's; negative: the other way round.
    pub fn add_cost_of_sink(&mut self, vertex: u32, cost: i64) {
        let sum = &mut self.terminal[vertex as usize];
        *sum = sum.saturating_add(cost).clamp(-4 * BIG, 4 * BIG);
    }

    /// What it costs to have `tail` on the source's side and `head` on the sink's.
    pub fn add_arc(&mut self, tail: u32, head: u32, cost: i64) {
        for (from, to, residual) in [(tail, head, cost), (head, tail, 0)] {
            self.head.push(to);
            self.residual.push(residual);
            self.next.push(self.first[from as usize]);
            self.first[from as usize] = self.head.len() as u32 - 1;
        }
    }

    /// Whether a vertex is on the sink's side of a minimum cut; where there are several, `rest` says which.
    pub fn is_with_sink(&self, vertex: u32, rest: Rest) -> bool {
        match self.parent[vertex as usize] {
            NONE => rest == Rest::WithSink,
            _ => self.in_sink[vertex as usize],
        }
    }

    fn activate(&mut self, vertex: u32) {
        if !self.queued[vertex as usize] {
            self.queued[vertex as usize] = true;
            self.active.push_back(vertex);
        }
    }

    /// Finds a minimum cut.
    pub fn solve(&mut self) {
        for vertex in 0..self.first.len() {
            if self.terminal[vertex] != 0 {
                self.in_sink[vertex] = self.terminal[vertex] < 0;
                self.parent[vertex] = TERMINAL;
                self.distance[vertex] = 1;
                self.activate(vertex as u32);
            }
        }
        while let Some(&vertex) = self.active.front() {
            if self.parent[vertex as usize] == NONE {
                self.queued[vertex as usize] = false;
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
                    self.queued[vertex as usize] = false;
                    self.active.pop_front();
                }
            }
        }
    }

    /// The arc whose residual lets flow pass between a vertex and the other end of `arc`, in the tree's direction.
    fn towards(&self, arc: u32, in_sink: bool) -> i64 {
        self.residual[(if in_sink { arc ^ 1 } else { arc }) as usize]
    }

    /// Adds neighbours to the vertex's tree; an arc from the source's tree to the sink's ends it.
    fn grow(&mut self, vertex: u32) -> Option<u32> {
        let v = vertex as usize;
        let in_sink = self.in_sink[v];
        let mut arc = self.first[v];
        while arc != NONE {
            if self.towards(arc, in_sink) > 0 {
                let other = self.head[arc as usize] as usize;
                if self.parent[other] == NONE {
                    self.in_sink[other] = in_sink;
                    self.hang(other, arc ^ 1, v);
                    self.activate(other as u32);
                } else if self.in_sink[other] != in_sink {
                    return Some(if in_sink { arc ^ 1 } else { arc });
                } else if self.stamp[other] <= self.stamp[v] && self.distance[other] > self.distance[v] {
                    self.hang(other, arc ^ 1, v);
                }
            }
            arc = self.next[arc as usize];
        }
        None
    }

    fn hang(&mut self, vertex: usize, parent: u32, below: usize) {
        self.parent[vertex] = parent;
        self.stamp[vertex] = self.stamp[below];
        self.distance[vertex] = self.distance[below] + 1;
    }

    fn augment(&mut self, bridge: u32) {
        let mut amount = self.residual[bridge as usize];
        for in_sink in [false, true] {
            let mut v = self.head[(if in_sink { bridge } else { bridge ^ 1 }) as usize] as usize;
            while self.parent[v] != TERMINAL {
                amount = amount.min(self.towards(self.parent[v], !in_sink));
                v = self.head[self.parent[v] as usize] as usize;
            }
            amount = amount.min(self.terminal[v].abs());
        }
        self.residual[bridge as usize] -= amount;
        self.residual[(bridge ^ 1) as usize] += amount;
        for in_sink in [false, true] {
            let mut v = self.head[(if in_sink { bridge } else { bridge ^ 1 }) as usize] as usize;
            while self.parent[v] != TERMINAL {
                let used = if in_sink { self.parent[v] } else { self.parent[v] ^ 1 };
                let below = self.head[self.parent[v] as usize] as usize;
                self.residual[used as usize] -= amount;
                self.residual[(used ^ 1) as usize] += amount;
                if self.residual[used as usize] == 0 {
                    self.parent[v] = ORPHAN;
                    self.orphans.push_front(v as u32);
                }
                v = below;
            }
            self.terminal[v] -= if in_sink { -amount } else { amount };
            if self.terminal[v] == 0 {
                self.parent[v] = ORPHAN;
                self.orphans.push_front(v as u32);
            }
        }
    }

    /// Steps from a vertex down to its tree's terminal; `None` if it hangs on an orphan.
    fn depth(&mut self, vertex: usize) -> Option<u32> {
        let (mut v, mut depth) = (vertex, 0);
        loop {
            if self.stamp[v] == self.time {
                return Some(depth + self.distance[v]);
            }
            depth += 1;
            match self.parent[v] {
                TERMINAL => {
                    self.stamp[v] = self.time;
                    self.distance[v] = 1;
                    return Some(depth);
                }
                ORPHAN | NONE => return None,
                parent => v = self.head[parent as usize] as usize,
            }
        }
    }

    /// Finds an orphan a new parent in its tree, or frees it and makes orphans of its children.
    fn adopt(&mut self, orphan: u32) {
        let v = orphan as usize;
        let in_sink = self.in_sink[v];
        let mut best: Option<(u32, u32)> = None;
        let mut arc = self.first[v];
        while arc != NONE {
            let other = self.head[arc as usize] as usize;
            if self.towards(arc, !in_sink) > 0
                && self.in_sink[other] == in_sink
                && self.parent[other] != NONE
                && let Some(mut depth) = self.depth(other)
            {
                if best.is_none_or(|b| depth < b.0) {
                    best = Some((depth, arc));
                }
                let mut at = other;
                while self.stamp[at] != self.time {
                    self.stamp[at] = self.time;
                    self.distance[at] = depth;
                    depth -= 1;
                    at = self.head[self.parent[at] as usize] as usize;
                }
            }
            arc = self.next[arc as usize];
        }
        if let Some((depth, arc)) = best {
            self.parent[v] = arc;
            self.stamp[v] = self.time;
            self.distance[v] = depth + 1;
            return;
        }
        self.parent[v] = NONE;
        let mut arc = self.first[v];
        while arc != NONE {
            let other = self.head[arc as usize] as usize;
            if self.in_sink[other] == in_sink && self.parent[other] != NONE {
                if self.towards(arc, !in_sink) > 0 {
                    self.activate(other as u32);
                }
                let parent = self.parent[other];
                if parent < ORPHAN && self.head[parent as usize] == orphan {
                    self.parent[other] = ORPHAN;
                    self.orphans.push_back(other as u32);
                }
            }
            arc = self.next[arc as usize];
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
