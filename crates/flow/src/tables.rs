//! A problem laid out for cuts that are evaluated one after the other: arcs in little memory, and lists of those that few steps need.
//!
//! Values are those of [`crate::cut_value`] and thresholds those of [`crate::repair_thresholds`], which are the definition and read the
//! problem as it stands.

use crate::index::{ArcIndex, TerminalIndex, VertexIndex};
use crate::{FlowArc, FlowProblem};
use std::num::{NonZeroU32, NonZeroU64};

/// An arc as far as a cut needs it, so that a pass over all reads little memory.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CutArc {
    pub tail: VertexIndex,
    pub head: VertexIndex,
    /// Travel time of the arc, ms.
    pub tau: i64,
    /// Cut units per ms; `None`: without limit.
    pub rate: Option<NonZeroU64>,
    /// Number of the arc, from 1 on, whose open times are to be looked up; `None`: it is open at all times.
    closed: Option<NonZeroU32>,
}

/// Tables of one problem, for all who evaluate its cuts.
#[derive(Debug)]
pub(crate) struct CutTables<'a> {
    pub problem: &'a FlowProblem,
    /// Arcs that lead to other vertices than terminals and can be in a cut, by tail.
    pub inner: Vec<CutArc>,
    /// Arcs into terminals that can be in a cut.
    pub admitting: Vec<(TerminalIndex, CutArc)>,
    /// Vertices that stand for a choice of tails.
    free: &'a [u32],
    /// Arcs into those, in the order of the problem.
    choices: Vec<CutArc>,
    /// Unlimited arcs that must not cross a cut, in the order of the problem, and whether they end at a terminal.
    unlimited: Vec<(CutArc, bool)>,
}

impl<'a> CutTables<'a> {
    /// Lays a problem out; `free` are its vertices that stand for a choice of tails.
    pub fn new(problem: &'a FlowProblem, free: &'a [u32]) -> Self {
        let terminal_at = problem.terminal_at();
        let is_free = problem.is_among(free.iter().copied().map(VertexIndex::new));
        let mut tables = Self {
            problem,
            inner: Vec::new(),
            admitting: Vec::new(),
            free,
            choices: Vec::new(),
            unlimited: Vec::new(),
        };
        for (number, arc) in problem.numbered_arcs() {
            let laid_out = cut_arc(number, arc, problem.horizon);
            if is_free[arc.head()] {
                tables.choices.push(laid_out);
            }
            let terminal = terminal_at[arc.head()];
            let into_limited = terminal.map(|at| problem.terminals[at].capacity.is_some());
            if arc.rate.is_none() && into_limited != Some(true) {
                tables.unlimited.push((laid_out, terminal.is_some()));
            }
            if arc.rate == Some(0) || arc.tail == arc.head {
                continue;
            }
            match terminal {
                Some(at) => tables.admitting.push((at, laid_out)),
                None => tables.inner.push(laid_out),
            }
        }
        // Passes over all arcs meet the thresholds of one place after the other.
        tables.inner.sort_by_key(|arc| arc.tail);
        tables
    }

    /// How long an arc is open within [from, until), ms; not above 0: not at all. `from` is not before time 0.
    #[inline]
    pub fn open_within(&self, arc: &CutArc, from: i64, until: i64) -> i64 {
        match arc.closed {
            None => until.min(self.problem.horizon) - from,
            Some(number) => {
                self.problem.arcs[ArcIndex::new(number.get() - 1)].open.length_within(from, until)
            }
        }
    }

    /// As [`crate::cut_value`], of thresholds from 0 on.
    pub fn value(&self, alpha: &[i64], theta: i64) -> Option<i128> {
        let problem = self.problem;
        let mut sum = 0i128;
        for source in &problem.sources {
            sum += source.ready_before(alpha[source.vertex()], theta);
        }
        for arc in &self.inner {
            let (from, until) = (alpha[arc.tail], alpha[arc.head] - arc.tau);
            // Most arcs lie on one side of the cut: no need to look at their open times.
            if until <= from {
                continue;
            }
            let length = self.open_within(arc, from, until);
            if length > 0 {
                sum += i128::from(arc.rate?.get()) * i128::from(length);
            }
        }
        // Per terminal, what its arcs admit; `None`: without a limit.
        let mut admitted: Vec<Option<i128>> = vec![Some(0); problem.terminals.len()];
        for (terminal, arc) in &self.admitting {
            let length = self.open_within(arc, alpha[arc.tail], theta);
            if length > 0 {
                let amount = arc.rate.map(|rate| i128::from(rate.get()) * i128::from(length));
                let sum = &mut admitted[*terminal];
                *sum = sum.zip(amount).map(|(sum, amount)| sum + amount);
            }
        }
        for (terminal, admitted) in problem.terminals.iter().zip(admitted) {
            sum += terminal.admits(admitted)?;
        }
        Some(sum)
    }

    /// As [`crate::repair_thresholds`].
    pub fn repair(&self, alpha: &mut [i64], theta: i64) {
        for &vertex in self.free {
            alpha[VertexIndex::new(vertex)] = theta;
        }
        for arc in &self.choices {
            let reached = alpha[arc.tail] + arc.tau;
            let head = &mut alpha[arc.head];
            *head = (*head).min(reached);
        }
        // Thresholds only rise and none above theta, so that this ends; each round may make another unlimited arc cross.
        loop {
            let mut changed = false;
            for (arc, into_terminal) in &self.unlimited {
                let until = if *into_terminal { theta } else { alpha[arc.head] - arc.tau };
                let tail = &mut alpha[arc.tail];
                if *tail < until && self.open_within(arc, *tail, until) > 0 {
                    *tail = until;
                    changed = true;
                }
            }
            if !changed {
                break;
            }
        }
    }
}

fn cut_arc(number: ArcIndex, arc: &FlowArc, horizon: i64) -> CutArc {
    let is_always_open = arc.open.intervals() == [(0, horizon)];
    CutArc {
        tail: arc.tail(),
        head: arc.head(),
        tau: arc.tau,
        rate: arc.rate.and_then(NonZeroU64::new),
        // None of 2^32 - 1 arcs is without a number of its own: they would not fit into memory.
        closed: if is_always_open { None } else { NonZeroU32::new(number.number() + 1) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{FlowSource, FlowTerminal, ReleaseCurve, TimeSet, cut_value, repair_thresholds};
    use proptest::prelude::*;

    const HORIZON: i64 = 100;

    /// Vertices 0 to 5, of which 4 stands for a choice of tails, and two terminals, the first of which holds five people.
    fn problem() -> impl Strategy<Value = FlowProblem> {
        let rate = prop_oneof![Just(None), Just(Some(0)), (1u64..5).prop_map(Some)];
        let open =
            prop_oneof![Just(vec![(0, HORIZON)]), Just(vec![(0, 30), (45, 80)]), Just(vec![(20, HORIZON)]),];
        let arc = (0u32..6, 0u32..8, rate, 0i64..30, open).prop_map(|(tail, head, rate, tau, open)| {
            let tau = if head > 5 { 0 } else { tau };
            FlowArc { tail, head, rate, tau, open: TimeSet::union(open) }
        });
        proptest::collection::vec(arc, 0..25).prop_map(|arcs| FlowProblem {
            vertices: 8,
            arcs,
            sources: vec![FlowSource { vertex: 0, people: 7, release: ReleaseCurve::at_once(), most: None }],
            terminals: vec![
                FlowTerminal { vertex: 6, capacity: Some(5) },
                FlowTerminal { vertex: 7, capacity: None },
            ],
            horizon: HORIZON,
        })
    }

    proptest! {
        #[test]
        fn tables_give_what_the_definitions_give(
            problem in problem(),
            alpha in proptest::collection::vec(0i64..=HORIZON, 8),
            theta in 1i64..=HORIZON,
        ) {
            let alpha: Vec<i64> = alpha.into_iter().map(|a| a.min(theta)).collect();
            let tables = CutTables::new(&problem, &[4]);
            prop_assert_eq!(tables.value(&alpha, theta), cut_value(&problem, &alpha, theta));
            let (mut here, mut there) = (alpha.clone(), alpha);
            tables.repair(&mut here, theta);
            repair_thresholds(&problem, &mut there, theta, &[4]);
            prop_assert_eq!(&here, &there);
            prop_assert_eq!(tables.value(&here, theta), cut_value(&problem, &there, theta));
        }
    }
}
