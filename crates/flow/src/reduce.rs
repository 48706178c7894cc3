//! A smaller problem with the same bound: without dead ends, and without junctions that only join two others.
//!
//! Nobody who may still arrive gains by a part of the network that hangs on one junction, and behind a junction that joins
//! two others, where nobody starts and nothing closes, flow is limited by the narrower of the two links. So a cut of the
//! smaller problem is one of the whole with the same value: thresholds of what was left out follow from their neighbours'
//! (proof: `docs/concepts/bound.md`, "A smaller network with the same bound").

use crate::{FlowArc, FlowProblem, TimeSet};
use std::collections::VecDeque;

/// A link as the smaller problem knows it.
#[derive(Debug, Clone, Copy)]
struct Road {
    tail: u32,
    head: u32,
    rate: Option<u64>,
    tau: i64,
    /// The arc whose open times it has; `None`: always open.
    open_as: Option<u32>,
}

impl Road {
    fn is_plain(&self) -> bool {
        self.rate.is_some() && self.open_as.is_none()
    }
}

/// Rate (thousandths of a person per hour) and travel time (ms) of a link.
type Link = (u64, i64);

/// A vertex that is left out, and what its threshold follows from.
#[derive(Debug, Clone, Copy)]
enum Left {
    /// Hangs on one other vertex, or on none.
    DeadEnd { vertex: u32, on: Option<u32> },
    /// Joins two others.
    Joint { vertex: u32, ends: [u32; 2], links_in: [Option<Link>; 2], links_out: [Option<Link>; 2] },
}

/// A problem without what its bound does not depend on.
#[derive(Debug, Clone)]
pub struct Reduced {
    /// The smaller problem.
    pub problem: FlowProblem,
    /// Its vertices that stand for a choice of tails.
    pub free: Vec<u32>,
    /// Per vertex of the smaller problem, that of the whole one.
    kept: Vec<u32>,
    /// In the order in which they were left out.
    left: Vec<Left>,
    vertices: usize,
}

/// Takes vertices out of a network one by one.
struct Pruning {
    roads: Vec<Road>,
    /// Per vertex, roads that begin or end there and are still there.
    at: Vec<Vec<u32>>,
    /// Vertices that stay, whatever is around them.
    stays: Vec<bool>,
    /// Vertices next to which no links are joined.
    is_apart: Vec<bool>,
}

impl Pruning {
    fn new(problem: &FlowProblem, free: &[u32]) -> Self {
        let mut stays = vec![false; problem.vertices];
        let mut is_apart = vec![false; problem.vertices];
        for source in &problem.sources {
            stays[source.vertex as usize] = true;
        }
        for vertex in problem.terminals.iter().map(|t| t.vertex).chain(free.iter().copied()) {
            stays[vertex as usize] = true;
            is_apart[vertex as usize] = true;
        }
        let whole = [(0, problem.horizon)];
        let mut roads = Vec::new();
        let mut at = vec![Vec::new(); problem.vertices];
        for (index, arc) in (0..).zip(&problem.arcs) {
            if arc.rate == Some(0) || arc.tail == arc.head || arc.open.intervals().is_empty() {
                continue;
            }
            let open_as = (arc.open.intervals() != whole).then_some(index);
            for vertex in [arc.tail, arc.head] {
                at[vertex as usize].push(roads.len() as u32);
            }
            roads.push(Road { tail: arc.tail, head: arc.head, rate: arc.rate, tau: arc.tau, open_as });
        }
        Self { roads, at, stays, is_apart }
    }

    /// How a vertex can be left out, if it can.
    fn look(&self, vertex: u32) -> Option<Left> {
        if self.stays[vertex as usize] {
            return None;
        }
        let mut ends: [Option<u32>; 2] = [None; 2];
        let mut links = [[None; 2]; 2];
        let mut is_plain = true;
        for &road in &self.at[vertex as usize] {
            let road = &self.roads[road as usize];
            let outward = road.tail == vertex;
            let other = if outward { road.head } else { road.tail };
            let end = match ends {
                [None, _] => 0,
                [Some(first), _] if first == other => 0,
                [_, None] => 1,
                [_, Some(second)] if second == other => 1,
                _ => return None,
            };
            ends[end] = Some(other);
            let link = &mut links[usize::from(outward)][end];
            is_plain &= road.is_plain() && link.is_none();
            *link = Some((road.rate.unwrap_or(0), road.tau));
        }
        match ends {
            // Into a terminal time does not count as it does elsewhere.
            [Some(on), None] if !self.is_apart[on as usize] => Some(Left::DeadEnd { vertex, on: Some(on) }),
            [None, _] => Some(Left::DeadEnd { vertex, on: None }),
            [Some(a), Some(b)] if is_plain && !self.is_apart[a as usize] && !self.is_apart[b as usize] => {
                let [links_in, links_out] = links;
                Some(Left::Joint { vertex, ends: [a, b], links_in, links_out })
            }
            _ => None,
        }
    }

    fn take_out(&mut self, left: &Left) {
        let (&Left::DeadEnd { vertex, .. } | &Left::Joint { vertex, .. }) = left;
        for road in std::mem::take(&mut self.at[vertex as usize]) {
            let Road { tail, head, .. } = self.roads[road as usize];
            let other = if tail == vertex { head } else { tail };
            self.at[other as usize].retain(|&r| r != road);
        }
        if let &Left::Joint { ends, links_in, links_out, .. } = left {
            for (from, to) in [(0, 1), (1, 0)] {
                if let (Some(first), Some(second)) = (links_in[from], links_out[to]) {
                    let road = self.roads.len() as u32;
                    self.roads.push(Road {
                        tail: ends[from],
                        head: ends[to],
                        rate: Some(first.0.min(second.0)),
                        tau: first.1 + second.1,
                        open_as: None,
                    });
                    for end in ends {
                        self.at[end as usize].push(road);
                    }
                }
            }
        }
    }
}

impl Reduced {
    /// Leaves out what can be; `free` are the problem's vertices that stand for a choice of tails.
    pub fn new(problem: &FlowProblem, free: &[u32]) -> Self {
        let mut pruning = Pruning::new(problem, free);
        let mut left = Vec::new();
        let mut is_left = vec![false; problem.vertices];
        let mut queue: VecDeque<u32> = (0..problem.vertices as u32).collect();
        while let Some(vertex) = queue.pop_front() {
            if is_left[vertex as usize] {
                continue;
            }
            if let Some(found) = pruning.look(vertex) {
                is_left[vertex as usize] = true;
                pruning.take_out(&found);
                left.push(found);
                match found {
                    Left::DeadEnd { on, .. } => queue.extend(on),
                    Left::Joint { ends, .. } => queue.extend(ends),
                }
            }
        }
        let kept: Vec<u32> = (0..problem.vertices as u32).filter(|&v| !is_left[v as usize]).collect();
        let mut here = vec![u32::MAX; problem.vertices];
        for (new, &old) in (0..).zip(&kept) {
            here[old as usize] = new;
        }
        let always = TimeSet::interval(0, problem.horizon);
        let remains =
            |road: &&Road| here[road.tail as usize] != u32::MAX && here[road.head as usize] != u32::MAX;
        let arcs = pruning.roads.iter().filter(remains).map(|road| FlowArc {
            tail: here[road.tail as usize],
            head: here[road.head as usize],
            rate: road.rate,
            tau: road.tau,
            open: road.open_as.map_or_else(|| always.clone(), |arc| problem.arcs[arc as usize].open.clone()),
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
            source.vertex = here[source.vertex as usize];
        }
        for terminal in &mut smaller.terminals {
            terminal.vertex = here[terminal.vertex as usize];
        }
        let free = free.iter().map(|&v| here[v as usize]).collect();
        Self { problem: smaller, free, kept, left, vertices: problem.vertices }
    }

    /// What thresholds (ms) of the whole problem are in the smaller one: there they prove no more people than here.
    pub fn restrict(&self, alpha: &[i64]) -> Vec<i64> {
        self.kept.iter().map(|&vertex| alpha[vertex as usize]).collect()
    }

    /// Thresholds (ms) of the smaller problem for a time as thresholds of the whole one with the same value.
    pub fn expand(&self, alpha: &[i64], theta: i64) -> Vec<i64> {
        let mut whole = vec![0; self.vertices];
        for (&vertex, &threshold) in self.kept.iter().zip(alpha) {
            whole[vertex as usize] = threshold;
        }
        for left in self.left.iter().rev() {
            match *left {
                Left::DeadEnd { vertex, on } => {
                    whole[vertex as usize] = on.map_or(0, |on| whole[on as usize])
                }
                Left::Joint { vertex, ends, links_in, links_out } => {
                    let at = ends.map(|end| whole[end as usize]);
                    whole[vertex as usize] = between(at, links_in, links_out).clamp(0, theta);
                }
            }
        }
        whole
    }
}

/// The least threshold of a joint at which the four terms around it add up to what the joined links' would.
fn between(ends: [i64; 2], links_in: [Option<Link>; 2], links_out: [Option<Link>; 2]) -> i64 {
    // Not before either neighbour's threshold less the way there, nor after either's and the way from there.
    let least = |e: usize| links_out[e].map(|(rate, tau)| (ends[e] - tau, rate));
    let most = |e: usize| links_in[e].map(|(rate, tau)| (ends[e] + tau, rate));
    let low = [0, 1].into_iter().filter_map(least).max_by_key(|l| l.0);
    let high = [0, 1].into_iter().filter_map(most).min_by_key(|h| h.0);
    match (low, high) {
        // The line runs between the two ends: it goes where fewer get through.
        (Some((low, out)), Some((high, within))) if low > high && out < within => high,
        (Some((low, _)), _) => low,
        (None, _) => 0,
    }
}
