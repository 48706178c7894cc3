//! The certificate's formula: what given thresholds prove, in continuous time and exact integers.
//!
//! For thresholds alpha >= 0 and a time theta, no plan whatever can bring more people to the terminals strictly before
//! theta than: people ready strictly before their source's threshold, plus rate x open time within
//! [alpha_tail, alpha_head - tau) over all arcs, plus per terminal the smaller of its capacity and what its arcs admit
//! within [alpha_site, theta). Proof: `docs/concepts/bound.md`.

use crate::index::VertexIndex;
use crate::number::float;
use crate::{FlowArc, FlowProblem, FlowSource};

/// Units of [`cut_value`] per person: (thousandths of a person per hour) x ms.
pub const CUT_UNITS_PER_PERSON: i128 = 3_600_000_000;

/// What a checker lets people be sent ahead of the mobilization curve, thousandths of a person, with room for its rounding (semantics,
/// What a checker tolerates). Counted as ready, so that no plan that holds is ahead of the bound.
const TOLERATED: i128 = 3;

/// A positive term of the cut: arc, from, until, in cut units.
pub type Term = (u32, i64, i64, i128);

impl FlowSource {
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
        let thousandths = thousandths_up(float(self.people) * share) + TOLERATED;
        let ready = thousandths.min(all) * 3_600_000;
        self.most_before(theta).map_or(ready, |most| ready.min(most))
    }

    /// The most who can arrive strictly before `theta`, in cut units; `None`: no limit.
    pub fn most_before(&self, theta: i64) -> Option<i128> {
        self.most.map(|most| i128::from(most.rate) * i128::from((theta - most.after).max(0)))
    }
}

/// Thousandths of so many people, rounded up, so that a share never counts for less than it is.
fn thousandths_up(people: f64) -> i128 {
    (people * 1000.0).ceil() as i128
}

/// The bound at `theta` that the thresholds prove, in cut units; `None` if an unlimited arc crosses the cut.
pub fn cut_value(problem: &FlowProblem, alpha: &[i64], theta: i64) -> Option<i128> {
    let mut sum = 0i128;
    for source in &problem.sources {
        sum += source.ready_before(alpha[source.vertex()], theta);
    }
    let terminal_at = problem.terminal_at();
    // Per terminal, what its arcs admit; `None`: without a limit.
    let mut admitted: Vec<Option<i128>> = vec![Some(0); problem.terminals.len()];
    for arc in &problem.arcs {
        let terminal = terminal_at[arc.head()];
        let until = if terminal.is_none() { alpha[arc.head()] - arc.tau } else { theta };
        let from = alpha[arc.tail()];
        // Most arcs lie on one side of the cut: no need to look at their open times.
        if until <= from {
            continue;
        }
        let length = arc.open.length_within(from, until);
        if length == 0 {
            continue;
        }
        let amount = arc.rate.map(|rate| i128::from(rate) * i128::from(length));
        match terminal {
            None => sum += amount?,
            Some(at) => admitted[at] = admitted[at].zip(amount).map(|(sum, amount)| sum + amount),
        }
    }
    for (terminal, admitted) in problem.terminals.iter().zip(admitted) {
        sum += terminal.admits(admitted)?;
    }
    Some(sum)
}

/// The arcs with positive terms: (arc, from, until, cut units), in the order of the arcs. Terminals are not capped here.
pub fn cut_terms(problem: &FlowProblem, alpha: &[i64], theta: i64) -> Vec<Term> {
    let is_terminal = problem.is_among(problem.terminals.iter().map(|terminal| terminal.vertex()));
    let mut terms = Vec::new();
    for (index, arc) in problem.numbered_arcs() {
        let until = if is_terminal[arc.head()] { theta } else { alpha[arc.head()] - arc.tau };
        let from = alpha[arc.tail()];
        let length = arc.open.length_within(from, until);
        if let Some(rate) = arc.rate
            && length > 0
            && rate > 0
        {
            terms.push((index.number(), from, until, i128::from(rate) * i128::from(length)));
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
    let unlimited: Vec<&FlowArc> = problem.arcs.iter().filter(|arc| arc.rate.is_none()).collect();
    let free = || free.iter().copied().map(VertexIndex::new);
    let is_free = problem.is_among(free());
    for vertex in free() {
        alpha[vertex] = theta;
    }
    for arc in problem.arcs.iter().filter(|arc| is_free[arc.head()]) {
        let reached = alpha[arc.tail()] + arc.tau;
        let head = &mut alpha[arc.head()];
        *head = (*head).min(reached);
    }
    let mut unlimited_terminal = vec![None; problem.vertices];
    for terminal in &problem.terminals {
        unlimited_terminal[terminal.vertex()] = Some(terminal.capacity.is_none());
    }
    // Thresholds only rise and none above theta, so that this ends; each round may make another unlimited arc cross.
    loop {
        let mut changed = false;
        for arc in &unlimited {
            let until = match unlimited_terminal[arc.head()] {
                None => alpha[arc.head()] - arc.tau,
                Some(true) => theta,
                Some(false) => continue,
            };
            let tail = &mut alpha[arc.tail()];
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
