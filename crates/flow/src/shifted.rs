//! One cut at earlier times.

use crate::FlowProblem;
use crate::index::{ArcIndex, VertexIndex};

/// One cut evaluated at earlier times: its thresholds shifted as a whole. Only what crosses the cut is looked at.
#[derive(Debug, Clone)]
pub struct ShiftedCut<'a> {
    problem: &'a FlowProblem,
    alpha: &'a [i64],
    theta: i64,
    crossing: Vec<ArcIndex>,
    /// Per terminal, the arcs into it.
    admitting: Vec<Vec<ArcIndex>>,
}

impl<'a> ShiftedCut<'a> {
    /// Prepares the cut for `theta`.
    pub fn new(problem: &'a FlowProblem, alpha: &'a [i64], theta: i64) -> Self {
        let terminal_at = problem.terminal_at();
        let mut crossing = Vec::new();
        let mut admitting = vec![Vec::new(); problem.terminals.len()];
        for (index, arc) in problem.numbered_arcs() {
            match terminal_at[arc.head()] {
                Some(terminal) => admitting[terminal].push(index),
                // An interval that is empty stays empty when both ends move alike and stop at 0.
                None if alpha[arc.head()] - arc.tau > alpha[arc.tail()] => crossing.push(index),
                None => {}
            }
        }
        Self { problem, alpha, theta, crossing, admitting }
    }

    /// The bound at `t` <= theta, in cut units; `None` if it is infinite.
    pub fn value(&self, t: i64) -> Option<i128> {
        let by = self.theta - t;
        let at = |vertex: VertexIndex| (self.alpha[vertex] - by).max(0);
        let mut sum = 0i128;
        for source in &self.problem.sources {
            sum += source.ready_before(at(source.vertex()), t);
        }
        for &index in &self.crossing {
            let arc = &self.problem.arcs[index];
            let length = arc.open.length_within(at(arc.tail()), at(arc.head()) - arc.tau);
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
