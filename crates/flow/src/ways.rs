//! Ways that share nothing: a largest flow in whole units from sources to targets, and a smallest cut.
//!
//! By the theorem of Menger there are as many ways without a common arc as the smallest set of arcs has members without which no target
//! can be reached. Both are found by augmenting paths (Ford and Fulkerson 1956), each the one with the fewest arcs. Where vertices are to
//! be shared by no two ways, each is an arc of its own.

use crate::number::{compact, index};
use std::collections::VecDeque;

/// A directed graph in which each arc is used by so many ways at most.
#[derive(Debug, Clone, Default)]
pub struct WayGraph {
    /// From, to, and how many ways may use it.
    arcs: Vec<(usize, usize, u32)>,
    /// Per vertex, arcs that begin there (twice their number) and arcs that end there (twice their number and 1).
    around: Vec<Vec<u32>>,
}

impl WayGraph {
    /// A graph without arcs.
    pub fn new(vertices: usize) -> Self {
        Self { arcs: Vec::new(), around: vec![Vec::new(); vertices] }
    }

    /// Adds a vertex, and returns its number.
    pub fn add_vertex(&mut self) -> usize {
        self.around.push(Vec::new());
        self.around.len() - 1
    }

    /// Adds an arc that at most `ways` ways use, and returns its number, counted from 0.
    pub fn add_arc(&mut self, from: usize, to: usize, ways: u32) -> usize {
        let arc = self.arcs.len();
        self.arcs.push((from, to, ways));
        self.around[from].push(compact(2 * arc));
        self.around[to].push(compact(2 * arc + 1));
        arc
    }
}

/// Which part of a graph counts, where ways begin and where they end.
#[derive(Clone, Copy)]
pub struct WayTask<'t> {
    /// Vertices at which ways begin.
    pub sources: &'t [usize],
    /// Whether a way may end at a vertex.
    pub is_target: &'t dyn Fn(usize) -> bool,
    /// Whether an arc may be used.
    pub is_open: &'t dyn Fn(usize) -> bool,
}

/// Ways through a graph. Can be sought again and again; it keeps its memory.
#[derive(Debug, Clone)]
pub struct WaySearch<'g> {
    graph: &'g WayGraph,
    /// Per arc, how many ways use it.
    used: Vec<u32>,
    /// Arcs that some way uses or has used.
    touched: Vec<usize>,
    /// Per vertex, the search in which it was seen last.
    seen: Vec<u32>,
    /// Per vertex, the entry of `around` by which it was reached; means nothing at sources.
    before: Vec<Option<u32>>,
    search: u32,
}

impl<'g> WaySearch<'g> {
    /// Without any ways yet.
    pub fn new(graph: &'g WayGraph) -> Self {
        let vertices = graph.around.len();
        Self {
            graph,
            used: vec![0; graph.arcs.len()],
            touched: Vec::new(),
            seen: vec![0; vertices],
            before: vec![None; vertices],
            search: 0,
        }
    }

    /// Finds as many ways as there are, and says how many; those found before are forgotten. `None`: a source is a target, so that there
    /// is any number of ways without a single arc.
    pub fn run(&mut self, task: WayTask<'_>) -> Option<usize> {
        for arc in self.touched.drain(..) {
            self.used[arc] = 0;
        }
        if task.sources.iter().any(|&source| (task.is_target)(source)) {
            return None;
        }
        let mut ways = 0;
        while let Some(end) = self.reach(task) {
            self.augment(end);
            ways += 1;
        }
        Some(ways)
    }

    /// Breadth first through what is not used up; returns the target that is reached first.
    fn reach(&mut self, task: WayTask<'_>) -> Option<usize> {
        self.search += 1;
        let mut queue = VecDeque::new();
        for &source in task.sources {
            if self.seen[source] != self.search {
                self.seen[source] = self.search;
                self.before[source] = None;
                queue.push_back(source);
            }
        }
        while let Some(vertex) = queue.pop_front() {
            for &step in &self.graph.around[vertex] {
                let arc = index(step / 2);
                let (from, to, most) = self.graph.arcs[arc];
                let (next, has_room) = match step % 2 {
                    0 => (to, self.used[arc] < most && (task.is_open)(arc)),
                    _ => (from, self.used[arc] > 0),
                };
                if !has_room || self.seen[next] == self.search {
                    continue;
                }
                self.seen[next] = self.search;
                self.before[next] = Some(step);
                if (task.is_target)(next) {
                    return Some(next);
                }
                queue.push_back(next);
            }
        }
        None
    }

    /// One more way along what the search found.
    fn augment(&mut self, end: usize) {
        let mut vertex = end;
        while let Some(step) = self.before[vertex] {
            let arc = index(step / 2);
            let (from, to, _) = self.graph.arcs[arc];
            self.touched.push(arc);
            if step % 2 == 0 {
                self.used[arc] += 1;
                vertex = from;
            } else {
                self.used[arc] -= 1;
                vertex = to;
            }
        }
    }

    /// Takes a way off each of two arcs that lead there and back between the same vertices, if both are used: without them, as many ways
    /// lead to the targets.
    pub fn cancel(&mut self, there: usize, back: usize) {
        while self.used[there] > 0 && self.used[back] > 0 {
            self.used[there] -= 1;
            self.used[back] -= 1;
        }
    }

    /// Arcs that some way uses, ascending.
    pub fn used_arcs(&self) -> Vec<usize> {
        let mut arcs: Vec<usize> = self.touched.iter().copied().filter(|&arc| self.used[arc] > 0).collect();
        arcs.sort_unstable();
        arcs.dedup();
        arcs
    }

    /// The ways that were found, each as its arcs in the order of travel, without loops.
    pub fn ways(&self, task: WayTask<'_>) -> Vec<Vec<usize>> {
        let mut left = self.used.clone();
        let mut ways = Vec::new();
        for &source in task.sources {
            while let Some(way) = self.way_from(source, task, &mut left) {
                ways.push(way);
            }
        }
        ways
    }

    /// One way out of a source along what is `left`, which it is taken off; `None`: there is none.
    fn way_from(&self, source: usize, task: WayTask<'_>, left: &mut [u32]) -> Option<Vec<usize>> {
        let mut way: Vec<usize> = Vec::new();
        let mut vertex = source;
        loop {
            let leaving = |step: &&u32| (**step).is_multiple_of(2) && left[index(**step / 2)] > 0;
            let arc = index(self.graph.around[vertex].iter().find(leaving)? / 2);
            left[arc] -= 1;
            vertex = self.graph.arcs[arc].1;
            // a loop is no part of the way
            match way.iter().position(|&earlier| self.graph.arcs[earlier].0 == vertex) {
                Some(at) => way.truncate(at),
                None => way.push(arc),
            }
            if (task.is_target)(vertex) {
                return Some(way);
            }
        }
    }

    /// A smallest set of arcs without which no target can be reached, the one nearest to the sources, ascending. To be asked after
    /// [`Self::run`] and before [`Self::cancel`].
    pub fn cut(&self, task: WayTask<'_>) -> Vec<usize> {
        let reached = |vertex: usize| self.seen[vertex] == self.search;
        let arcs = self.graph.arcs.iter().enumerate();
        arcs.filter(|&(arc, &(from, to, _))| reached(from) && !reached(to) && (task.is_open)(arc))
            .map(|(arc, _)| arc)
            .collect()
    }

    /// Whether the last search reached a vertex: after [`Self::run`], those on the sources' side of the cut.
    pub fn is_reached(&self, vertex: usize) -> bool {
        self.seen[vertex] == self.search
    }
}
