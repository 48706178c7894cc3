//! A smaller problem with the same bound: without dead ends, and without junctions that only join two others.
//!
//! Nobody who may still arrive gains by a part of the network that hangs on one junction, and behind a junction that joins
//! two others, where nobody starts and nothing closes, flow is limited by the narrower of the two links. So a cut of the
//! smaller problem is one of the whole with the same value: thresholds of what was left out follow from their neighbours'
//! (proof: `docs/concepts/bound.md`, "A smaller network with the same bound").

use crate::index::{ArcIndex, VertexIndex};
use crate::number::index;
use crate::{FlowArc, FlowProblem, TimeSet};
use std::collections::VecDeque;

/// A link as the smaller problem knows it.
#[derive(Debug, Clone, Copy)]
struct ReducedLink {
    tail: VertexIndex,
    head: VertexIndex,
    rate: Option<u64>,
    tau: i64,
    /// The arc whose open times it has; `None`: always open.
    open_as: Option<ArcIndex>,
}

impl ReducedLink {
    fn is_plain(&self) -> bool {
        self.rate.is_some() && self.open_as.is_none()
    }
}

/// A link between a joint and one of its ends, in one direction.
#[derive(Debug, Clone, Copy)]
struct JointLink {
    /// Thousandths of a person per hour.
    rate: u64,
    /// Travel time of the link, ms.
    tau: i64,
}

/// A vertex that is left out, and what its threshold follows from.
#[derive(Debug, Clone, Copy)]
enum LeftVertex {
    /// Hangs on one other vertex, or on none.
    DeadEnd { vertex: VertexIndex, on: Option<VertexIndex> },
    /// Joins two others; links in and out are by end.
    Joint {
        vertex: VertexIndex,
        ends: [VertexIndex; 2],
        links_in: [Option<JointLink>; 2],
        links_out: [Option<JointLink>; 2],
    },
}

/// A problem without what its bound does not depend on.
#[derive(Debug, Clone)]
pub struct ReducedProblem {
    /// What is left: its vertices are numbered anew, its sources and terminals are in the order of the whole problem's.
    pub problem: FlowProblem,
    /// Its vertices that stand for a choice of tails.
    pub free: Vec<u32>,
    /// Per vertex of the smaller problem, that of the whole one.
    kept: Vec<VertexIndex>,
    /// In the order in which they were left out.
    left: Vec<LeftVertex>,
    vertices: usize,
}

/// Place of a link in the row of all that were ever there.
type LinkIndex = usize;

/// Takes vertices out of a network one by one.
struct NetworkPruning {
    links: Vec<ReducedLink>,
    /// Per vertex, links that begin or end there and are still there.
    at: Vec<Vec<LinkIndex>>,
    /// Vertices that stay, whatever is around them.
    stays: Vec<bool>,
    /// Vertices next to which no links are joined.
    is_apart: Vec<bool>,
}

impl NetworkPruning {
    fn new(problem: &FlowProblem, free: &[u32]) -> Self {
        let terminals = problem.terminals.iter().map(|terminal| terminal.vertex());
        let apart: Vec<VertexIndex> = terminals.chain(free.iter().copied().map(VertexIndex::new)).collect();
        let is_apart = problem.is_among(apart.iter().copied());
        let sources = problem.sources.iter().map(|source| source.vertex());
        let stays = problem.is_among(sources.chain(apart));
        let whole = [(0, problem.horizon)];
        let mut links = Vec::new();
        let mut at = vec![Vec::new(); problem.vertices];
        for (index, arc) in problem.numbered_arcs() {
            if arc.rate == Some(0) || arc.tail == arc.head || arc.open.intervals().is_empty() {
                continue;
            }
            let open_as = (arc.open.intervals() != whole).then_some(index);
            let (tail, head) = (arc.tail(), arc.head());
            for vertex in [tail, head] {
                at[vertex].push(links.len());
            }
            links.push(ReducedLink { tail, head, rate: arc.rate, tau: arc.tau, open_as });
        }
        Self { links, at, stays, is_apart }
    }

    /// How a vertex can be left out, if it can.
    fn look(&self, vertex: VertexIndex) -> Option<LeftVertex> {
        if self.stays[vertex] {
            return None;
        }
        let mut ends: [Option<VertexIndex>; 2] = [None; 2];
        let mut links = [[None; 2]; 2];
        let mut is_plain = true;
        for &at in &self.at[vertex] {
            let found = &self.links[at];
            let outward = found.tail == vertex;
            let other = if outward { found.head } else { found.tail };
            let end = match ends {
                [None, _] => 0,
                [Some(first), _] if first == other => 0,
                [_, None] => 1,
                [_, Some(second)] if second == other => 1,
                // A third neighbour: the junction is one where ways part.
                _ => return None,
            };
            ends[end] = Some(other);
            let link = &mut links[usize::from(outward)][end];
            is_plain &= found.is_plain() && link.is_none();
            *link = Some(JointLink { rate: found.rate.unwrap_or(0), tau: found.tau });
        }
        match ends {
            // Into a terminal time does not count as it does elsewhere.
            [Some(on), None] if !self.is_apart[on] => Some(LeftVertex::DeadEnd { vertex, on: Some(on) }),
            [None, _] => Some(LeftVertex::DeadEnd { vertex, on: None }),
            [Some(a), Some(b)] if is_plain && !self.is_apart[a] && !self.is_apart[b] => {
                let [links_in, links_out] = links;
                Some(LeftVertex::Joint { vertex, ends: [a, b], links_in, links_out })
            }
            _ => None,
        }
    }

    fn take_out(&mut self, left: &LeftVertex) {
        let (&LeftVertex::DeadEnd { vertex, .. } | &LeftVertex::Joint { vertex, .. }) = left;
        for link in std::mem::take(&mut self.at[vertex]) {
            let ReducedLink { tail, head, .. } = self.links[link];
            let other = if tail == vertex { head } else { tail };
            self.at[other].retain(|&known| known != link);
        }
        if let &LeftVertex::Joint { ends, links_in, links_out, .. } = left {
            for (from, to) in [(0, 1), (1, 0)] {
                if let (Some(first), Some(second)) = (links_in[from], links_out[to]) {
                    let link = self.links.len();
                    self.links.push(ReducedLink {
                        tail: ends[from],
                        head: ends[to],
                        rate: Some(first.rate.min(second.rate)),
                        tau: first.tau + second.tau,
                        open_as: None,
                    });
                    for end in ends {
                        self.at[end].push(link);
                    }
                }
            }
        }
    }
}

impl ReducedProblem {
    /// Leaves out what can be; `free` are the problem's vertices that stand for a choice of tails.
    pub fn new(problem: &FlowProblem, free: &[u32]) -> Self {
        let mut pruning = NetworkPruning::new(problem, free);
        let mut left = Vec::new();
        let mut is_left = vec![false; problem.vertices];
        let mut queue: VecDeque<VertexIndex> = VertexIndex::first(problem.vertices).collect();
        while let Some(vertex) = queue.pop_front() {
            if is_left[vertex] {
                continue;
            }
            // What is next to a vertex that was left out may be left out now: a whole dead-end branch goes leaf by leaf.
            if let Some(found) = pruning.look(vertex) {
                is_left[vertex] = true;
                pruning.take_out(&found);
                left.push(found);
                match found {
                    LeftVertex::DeadEnd { on, .. } => queue.extend(on),
                    LeftVertex::Joint { ends, .. } => queue.extend(ends),
                }
            }
        }
        let kept: Vec<VertexIndex> =
            VertexIndex::first(problem.vertices).filter(|&vertex| !is_left[vertex]).collect();
        // Per vertex of the whole problem, its number in the smaller one; of those left out nothing asks for it.
        let mut here = vec![0u32; problem.vertices];
        for (new, &old) in (0..).zip(&kept) {
            here[old] = new;
        }
        let always = TimeSet::interval(0, problem.horizon);
        let remains = |link: &&ReducedLink| !is_left[link.tail] && !is_left[link.head];
        let arcs = pruning.links.iter().filter(remains).map(|link| FlowArc {
            tail: here[link.tail],
            head: here[link.head],
            rate: link.rate,
            tau: link.tau,
            open: link.open_as.map_or_else(|| always.clone(), |arc| problem.arcs[arc].open.clone()),
        });
        let arcs = arcs.collect();
        let mut smaller = FlowProblem {
            vertices: kept.len(),
            arcs,
            sources: problem.sources.clone(),
            terminals: problem.terminals.clone(),
            horizon: problem.horizon,
        };
        for source in &mut smaller.sources {
            source.vertex = here[source.vertex()];
        }
        for terminal in &mut smaller.terminals {
            terminal.vertex = here[terminal.vertex()];
        }
        let free = free.iter().map(|&vertex| here[index(vertex)]).collect();
        Self { problem: smaller, free, kept, left, vertices: problem.vertices }
    }

    /// What thresholds (ms) of the whole problem are in the smaller one: there they prove no more people than here.
    pub fn restrict(&self, alpha: &[i64]) -> Vec<i64> {
        self.kept.iter().map(|&vertex| alpha[vertex]).collect()
    }

    /// Thresholds (ms) of the smaller problem for a time as thresholds of the whole one with the same value.
    pub fn expand(&self, alpha: &[i64], theta: i64) -> Vec<i64> {
        let mut whole = vec![0; self.vertices];
        for (&vertex, &threshold) in self.kept.iter().zip(alpha) {
            whole[vertex] = threshold;
        }
        for left in self.left.iter().rev() {
            match *left {
                LeftVertex::DeadEnd { vertex, on } => {
                    whole[vertex] = on.map_or(0, |on| whole[on]);
                }
                LeftVertex::Joint { vertex, ends, links_in, links_out } => {
                    let at = ends.map(|end| whole[end]);
                    whole[vertex] = between(at, links_in, links_out).clamp(0, theta);
                }
            }
        }
        whole
    }
}

/// The least threshold of a joint at which the four terms around it add up to what the joined links' would.
fn between(ends: [i64; 2], links_in: [Option<JointLink>; 2], links_out: [Option<JointLink>; 2]) -> i64 {
    // Not before either neighbour's threshold less the way there, nor after either's and the way from there.
    let least = |e: usize| links_out[e].map(|link| (ends[e] - link.tau, link.rate));
    let most = |e: usize| links_in[e].map(|link| (ends[e] + link.tau, link.rate));
    let low = [0, 1].into_iter().filter_map(least).max_by_key(|l| l.0);
    let high = [0, 1].into_iter().filter_map(most).min_by_key(|h| h.0);
    match (low, high) {
        // The line runs between the two ends: it goes where fewer get through.
        (Some((low, out)), Some((high, within))) if low > high && out < within => high,
        (Some((low, _)), _) => low,
        (None, _) => 0,
    }
}
