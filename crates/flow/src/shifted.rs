//! One cut at earlier times.

use crate::{CUT_UNITS_PER_PERSON, FlowProblem};

/// One cut evaluated at earlier times: its thresholds shifted as a whole. Only what crosses the cut is looked at.
#[derive(Debug, Clone)]
pub struct ShiftedCut<'a> {
    problem: &'a FlowProblem,
    alpha: &'a [i64],
    theta: i64,
    crossing: Vec<u32>,
    /// Per terminal, its arcs.
    admitting: Vec<Vec<u32>>,
}

impl<'a> ShiftedCut<'a> {
    /// Prepares the cut for `theta`.
    pub fn new(problem: &'a FlowProblem, alpha: &'a [i64], theta: i64) -> Self {
        let mut terminal_of = vec![usize::MAX; problem.vertices];
        for (index, terminal) in problem.terminals.iter().enumerate() {
            terminal_of[terminal.vertex as usize] = index;
        }
        let mut crossing = Vec::new();
        let mut admitting = vec![Vec::new(); problem.terminals.len()];
        for (index, arc) in problem.arcs.iter().enumerate() {
            match terminal_of[arc.head as usize] {
                usize::MAX => {
                    // An interval that is empty stays empty when both ends move alike and stop at 0.
                    if alpha[arc.head as usize] - arc.tau > alpha[arc.tail as usize] {
                        crossing.push(index as u32);
                    }
                }
                terminal => admitting[terminal].push(index as u32),
            }
        }
        Self { problem, alpha, theta, crossing, admitting }
    }

    /// The bound at `t` <= theta, in cut units; `None` if it is infinite.
    pub fn value(&self, t: i64) -> Option<i128> {
        let by = self.theta - t;
        let at = |vertex: u32| (self.alpha[vertex as usize] - by).max(0);
        let mut sum = 0i128;
        for source in &self.problem.sources {
            sum += source.ready_before(at(source.vertex), t);
        }
        for &index in &self.crossing {
            let arc = &self.problem.arcs[index as usize];
            let length = arc.open.length_within(at(arc.tail), at(arc.head) - arc.tau);
            if length > 0 {
                sum += i128::from(arc.rate?) * i128::from(length);
            }
        }
        for (terminal, arcs) in self.problem.terminals.iter().zip(&self.admitting) {
            let capacity = terminal.capacity.map(|people| i128::from(people) * CUT_UNITS_PER_PERSON);
            let mut admitted = Some(0i128);
            for &index in arcs {
                let arc = &self.problem.arcs[index as usize];
                let length = arc.open.length_within(at(arc.tail), t);
                if length > 0 {
                    admitted = match (admitted, arc.rate) {
                        (Some(sum), Some(rate)) => Some(sum + i128::from(rate) * i128::from(length)),
                        _ => None,
                    };
                }
            }
            sum += match (admitted, capacity) {
                (Some(admitted), Some(capacity)) => admitted.min(capacity),
                (Some(admitted), None) => admitted,
                (None, Some(capacity)) => capacity,
                (None, None) => return None,
            };
        }
        Some(sum)
    }
}
