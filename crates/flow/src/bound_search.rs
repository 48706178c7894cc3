//! A problem made ready for its bound: what does not depend on how finely that is computed.

use crate::best_cut::{CutEffort, CutSearch, ThresholdCut};
use crate::bound::{curve_of, end_cut};
use crate::{BoundCurve, BoundOptions, FlowProblem, Progress, ReducedProblem, cut_value};
use rayon::prelude::*;

/// A problem and a search for cuts of it without dead ends and joints. May be asked from several threads.
#[derive(Debug)]
pub struct BoundSearch<'a> {
    problem: &'a FlowProblem,
    reduced: &'a ReducedProblem,
    search: CutSearch<'a>,
}

impl<'a> BoundSearch<'a> {
    /// Prepares a problem; `reduced` is what is left of it.
    pub fn new(problem: &'a FlowProblem, reduced: &'a ReducedProblem) -> Self {
        Self { problem, reduced, search: CutSearch::new(&reduced.problem, &reduced.free) }
    }

    /// About how long the movement takes, ms: the first of a growing series of times by which all who ever can may have arrived.
    pub fn duration(&self) -> i64 {
        let (problem, search) = (self.problem, &self.search);
        let horizon = problem.horizon;
        let rough = |theta: i64| CutEffort::Near(theta / 64);
        let most = search.at(horizon, &[], CutEffort::Far(horizon / 64)).value;
        let enough = |cut: &ThresholdCut| cut.value >= most - most / 500;
        // Ways out alone cannot take everybody in before this.
        let mut theta = (horizon / 4096).clamp(1, 60_000).max(admission_time(problem, most)).min(horizon);
        let mut last: Option<ThresholdCut> = None;
        while theta < horizon {
            let near: Vec<&ThresholdCut> = last.iter().collect();
            let effort = if last.is_none() { CutEffort::Far(theta / 64) } else { rough(theta) };
            let cut = search.at(theta, &near, effort);
            if enough(&cut) {
                // Between this time and the one before it: one look in the middle.
                let before = last.as_ref().map_or(0, |cut| cut.theta);
                let middle = (before + (theta - before) / 2).max(1);
                return if enough(&search.at(middle, &near, rough(theta))) { middle } else { theta };
            }
            last = Some(cut);
            theta = theta.saturating_mul(3) / 2 + 1;
        }
        horizon
    }

    /// The cut at the horizon, with which [`curve`](Self::curve) begins: it can be made before it is known how finely to compute.
    pub fn end(&self) -> ThresholdCut {
        end_cut(&self.search)
    }

    /// The bound over time, its thresholds those of the whole problem; `end` is what [`end`](Self::end) gave, where that was asked.
    pub fn curve(
        &self,
        options: &BoundOptions,
        end: Option<ThresholdCut>,
        progress: Progress<'_>,
    ) -> BoundCurve {
        let mut curve = curve_of(&self.search, options, end, progress);
        curve.cuts = (curve.cuts.into_par_iter())
            .filter_map(|mut cut| {
                cut.alpha = self.reduced.expand(&cut.alpha, cut.theta);
                let value = cut_value(self.problem, &cut.alpha, cut.theta)?;
                debug_assert_eq!(value, cut.value, "what was left out costs nothing");
                Some(ThresholdCut { value, ..cut })
            })
            .collect();
        curve
    }
}

/// [`BoundSearch::duration`] of a problem; `free` are its vertices that stand for a choice of tails.
pub fn duration(problem: &FlowProblem, free: &[u32]) -> i64 {
    let reduced = ReducedProblem::new(problem, free);
    BoundSearch::new(problem, &reduced).duration()
}

/// Before this time, ms, the terminals cannot have admitted `most`, however people come; 0 where one has no limit.
fn admission_time(problem: &FlowProblem, most: i128) -> i64 {
    let is_terminal = problem.is_among(problem.terminals.iter().map(|terminal| terminal.vertex()));
    let admissions = problem.arcs.iter().filter(|arc| is_terminal[arc.head()]);
    let rates = admissions.map(|arc| arc.rate.map(i128::from));
    match rates.sum::<Option<i128>>() {
        Some(sum) if sum > 0 => i64::try_from(most / sum).unwrap_or(problem.horizon),
        _ => 0,
    }
}
