//! The certificate's formula: what given thresholds prove, in continuous time and exact integers.
//!
//! For thresholds alpha >= 0 and a time theta, no plan whatever can bring more people to the terminals strictly before
//! theta than: people ready strictly before their source's threshold, plus rate x open time within
//! [alpha_tail, alpha_head - tau) over all arcs, plus per terminal the smaller of its capacity and what its arcs admit
//! within [alpha_site, theta). Proof: `docs/concepts/bound.md`.

use crate::FlowProblem;

/// Units of [`cut_value`] per person: (thousandths of a person per hour) x ms.
pub const CUT_UNITS_PER_PERSON: i128 = 3_600_000_000;

/// What a checker lets people be sent ahead of the mobilization curve, thousandths of a person, with room for its rounding (semantics,
/// What a checker tolerates). Counted as ready, so that no plan that holds is ahead of the bound.
const TOLERATED: i128 = 3;

/// A positive term of the cut: arc, from, until, in cut units.
pub type Term = (u32, i64, i64, i128);

impl crate::Source {
    /// Evacuees ready strictly before `alpha` (ms), in cut units, rounded up to a thousandth of a person and [`TOLERATED`]
    /// more, as orders may be ahead of the release by that; of these no more than can arrive strictly before `theta` at all.
    pub fn ready_before(&self, alpha: i64, theta: i64) -> i128 {
        if alpha <= 0 {
            return 0;
        }
        let share = self.release.share_before(alpha);
        if share <= 0.0 {
            return 0;
        }
        let all = i128::from(self.people) * 1000;
        let thousandths = (self.people as f64 * share * 1000.0).ceil() as i128 + TOLERATED;
        let ready = thousandths.min(all) * 3_600_000;
        self.most_before(theta).map_or(ready, |most| ready.min(most))
    }

    /// The most who can arrive strictly before `theta`, in cut units; `None`: no limit.
    pub fn most_before(&self, theta: i64) -> Option<i128> {
        self.most.map(|most| i128::from(most.rate) * i128::from((theta - most.after).max(0)))
    }
}

/// The bound at `theta` that the thresholds prove, in cut units; `None` if an unlimited arc crosses the cut.
pub fn cut_value(problem: &FlowProblem, alpha: &[i64], theta: i64) -> Option<i128> {
    let mut sum = 0i128;
    for source in &problem.sources {
        sum += source.ready_before(alpha[source.vertex as usize], theta);
    }
    let mut admitted: Vec<Option<i128>> = Vec::new();
    let mut terminal_of = vec![u32::MAX; if problem.terminals.is_empty() { 0 } else { problem.vertices }];
    for (index, terminal) in problem.terminals.iter().enumerate() {
        terminal_of[terminal.vertex as usize] = index as u32;
        admitted.push(Some(0));
    }
    for arc in &problem.arcs {
        let terminal = terminal_of[arc.head as usize];
        let until = if terminal == u32::MAX { alpha[arc.head as usize] - arc.tau } else { theta };
        let from = alpha[arc.tail as usize];
        if until <= from {
            continue;
        }
        let length = arc.open.length_within(from, until);
        if length == 0 {
            continue;
        }
        match (arc.rate, terminal) {
            (Some(rate), u32::MAX) => sum += i128::from(rate) * i128::from(length),
            (None, u32::MAX) => return None,
            (Some(rate), t) => {
                if let Some(total) = &mut admitted[t as usize] {
                    *total += i128::from(rate) * i128::from(length);
                }
            }
            (None, t) => admitted[t as usize] = None,
        }
    }
    for (terminal, admitted) in problem.terminals.iter().zip(admitted) {
        let capacity = terminal.capacity.map(|people| i128::from(people) * CUT_UNITS_PER_PERSON);
        sum += match (admitted, capacity) {
            (Some(admitted), Some(capacity)) => admitted.min(capacity),
            (Some(admitted), None) => admitted,
            (None, Some(capacity)) => capacity,
            (None, None) => return None,
        };
    }
    Some(sum)
}

/// The arcs with positive terms: (arc, from, until, cut units), in the order of the arcs. Terminals are not capped here.
pub fn cut_terms(problem: &FlowProblem, alpha: &[i64], theta: i64) -> Vec<Term> {
    let mut is_terminal = vec![false; problem.vertices];
    for terminal in &problem.terminals {
        is_terminal[terminal.vertex as usize] = true;
    }
    let mut terms = Vec::new();
    for (index, arc) in problem.arcs.iter().enumerate() {
        let head = arc.head as usize;
        let until = if is_terminal[head] { theta } else { alpha[head] - arc.tau };
        let from = alpha[arc.tail as usize];
        let length = arc.open.length_within(from, until);
        if let Some(rate) = arc.rate
            && length > 0
            && rate > 0
        {
            terms.push((index as u32, from, until, i128::from(rate) * i128::from(length)));
        }
    }
    terms
}

/// The same thresholds for a time earlier by `by` ms.
pub fn shift_thresholds(alpha: &[i64], by: i64) -> Vec<i64> {
    alpha.iter().map(|a| (a - by).max(0)).collect()
}

/// Raises thresholds until no unlimited arc crosses the cut, so that the value is finite. Vertices in `free` first
/// take the largest value they can have (the least over what leads into them).
pub fn repair_thresholds(problem: &FlowProblem, alpha: &mut [i64], theta: i64, free: &[u32]) {
    let unlimited: Vec<&crate::FlowArc> = problem.arcs.iter().filter(|arc| arc.rate.is_none()).collect();
    let mut is_free = vec![false; problem.vertices];
    for &vertex in free {
        is_free[vertex as usize] = true;
        alpha[vertex as usize] = theta;
    }
    for arc in problem.arcs.iter().filter(|arc| is_free[arc.head as usize]) {
        let reached = alpha[arc.tail as usize] + arc.tau;
        let head = &mut alpha[arc.head as usize];
        *head = (*head).min(reached);
    }
    let mut unlimited_terminal = vec![None; problem.vertices];
    for terminal in &problem.terminals {
        unlimited_terminal[terminal.vertex as usize] = Some(terminal.capacity.is_none());
    }
    loop {
        let mut changed = false;
        for arc in &unlimited {
            let until = match unlimited_terminal[arc.head as usize] {
                None => alpha[arc.head as usize] - arc.tau,
                Some(true) => theta,
                Some(false) => continue,
            };
            let tail = &mut alpha[arc.tail as usize];
            if *tail < until && arc.open.length_within(*tail, until) > 0 {
                *tail = until;
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
}
