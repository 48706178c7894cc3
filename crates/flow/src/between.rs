//! What two cuts prove at the times between theirs: thresholds in between, place by place.
//!
//! Where no closure bites the value is convex in time and thresholds, so that the bound lies no higher than a straight line
//! between the two: few cuts suffice where the movement is steady.

use crate::index::{ArcIndex, VertexIndex};
use crate::{FlowProblem, ThresholdCut};

/// Two neighbouring cuts, prepared for times between them. Only what crosses one of them is looked at: an arc whose counted
/// interval is empty at both ends has an empty one in between.
#[derive(Debug)]
pub struct BetweenCuts<'a> {
    problem: &'a FlowProblem,
    low: &'a ThresholdCut,
    high: &'a ThresholdCut,
    /// Arcs that cross, and the vertices whose smallest threshold is that of their tail.
    crossing: Vec<(ArcIndex, Vec<VertexIndex>)>,
    /// Per terminal, the arcs into it.
    admitting: Vec<Vec<ArcIndex>>,
}

impl<'a> BetweenCuts<'a> {
    /// Prepares cuts with ascending times; `free` are the problem's vertices that stand for a choice of tails.
    pub fn new(
        problem: &'a FlowProblem,
        free: &[u32],
        low: &'a ThresholdCut,
        high: &'a ThresholdCut,
    ) -> Self {
        let terminal_at = problem.terminal_at();
        let is_free = problem.is_among(free.iter().copied().map(VertexIndex::new));
        let mut tails: Vec<Vec<VertexIndex>> = vec![Vec::new(); problem.vertices];
        for arc in problem.arcs.iter().filter(|arc| is_free[arc.head()]) {
            tails[arc.head()].push(arc.tail());
        }
        let mut crossing = Vec::new();
        let mut admitting = vec![Vec::new(); problem.terminals.len()];
        for (index, arc) in problem.numbered_arcs() {
            let (tail, head) = (arc.tail(), arc.head());
            // A vertex that stands for a choice has the least threshold of its tails: what leads into it never crosses.
            if is_free[head] {
                continue;
            }
            if let Some(terminal) = terminal_at[head] {
                admitting[terminal].push(index);
                continue;
            }
            let tails = if is_free[tail] { tails[tail].clone() } else { vec![tail] };
            let crosses = |alpha: &[i64]| tails.iter().any(|&tail| alpha[head] - arc.tau > alpha[tail]);
            if crosses(&low.alpha) || crosses(&high.alpha) {
                crossing.push((index, tails));
            }
        }
        Self { problem, low, high, crossing, admitting }
    }

    /// The bound at `t` between the cuts' times, in cut units; `None` if it is infinite.
    pub fn value(&self, t: i64) -> Option<i128> {
        let (since, span) = (i128::from(t - self.low.theta), i128::from(self.high.theta - self.low.theta));
        let at = |vertex: VertexIndex| {
            let (low, high) = (self.low.alpha[vertex], self.high.alpha[vertex]);
            // Between the two, so that it fits; rounded down for all vertices alike.
            low + (i128::from(high - low) * since).div_euclid(span) as i64
        };
        let mut sum = 0i128;
        for source in &self.problem.sources {
            sum += source.ready_before(at(source.vertex()), t);
        }
        for (index, tails) in &self.crossing {
            let arc = &self.problem.arcs[*index];
            let from = tails.iter().map(|&tail| at(tail)).min().unwrap_or(0);
            let length = arc.open.length_within(from, at(arc.head()) - arc.tau);
            if length > 0 {
                sum += i128::from(arc.rate?) * i128::from(length);
            }
        }
        for (terminal, arcs) in self.problem.terminals.iter().zip(&self.admitting) {
            let mut admitted = Some(0i128);
            for &index in arcs {
                let arc = &self.problem.arcs[index];
                let length = arc.open.length_within(at(arc.tail()), t);
                if length > 0 {
                    admitted = match (admitted, arc.rate) {
                        (Some(sum), Some(rate)) => Some(sum + i128::from(rate) * i128::from(length)),
                        _ => None,
                    };
                }
            }
            sum += terminal.admits(admitted)?;
        }
        Some(sum)
    }
}
