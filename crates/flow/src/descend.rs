//! Better thresholds for one time by many at once: steepest descent of the cut's value by minimum cuts.
//!
//! The value is submodular on thresholds: copies of vertices over time form a graph, waiting makes every set of thresholds
//! a cut of it, and cuts are submodular. So the best choice of each threshold between two values, given side by side for
//! all vertices, is a minimum cut of a graph with one node per vertex. Trying all thresholds a step later and a step
//! earlier until neither helps is the steepest descent for L-natural convex functions (Murota 2003, section 10.3; Kolmogorov
//! and Shioura 2009): without closures it ends at the best thresholds on that grid. With closures it may stop before.

use crate::index::{ArcIndex, TerminalIndex, VertexIndex};
use crate::static_cut::{BIG, CutNode, StaticCut, UndecidedSide};
use crate::{CUT_UNITS_PER_PERSON, FlowArc, FlowProblem, cut_value, repair_thresholds};

/// An arc as far as a cut of one time needs it, so that one pass over all reads little memory.
#[derive(Debug, Clone)]
struct ArcTerm {
    tail: VertexIndex,
    head: VertexIndex,
    /// Travel time of the arc, ms.
    tau: i64,
    /// Cut units per ms; at least `BIG`: without limit.
    rate: i64,
    /// The arc whose open times are to be looked up; `None`: it is open at all times.
    closed: Option<ArcIndex>,
}

/// Memory and tables for descents on one problem.
#[derive(Debug, Clone)]
pub struct CutDescent<'a> {
    problem: &'a FlowProblem,
    free: &'a [u32],
    /// Per vertex, the place of its terminal; `None`: it is none.
    terminal_at: Vec<Option<TerminalIndex>>,
    terms: Vec<ArcTerm>,
    graph: StaticCut,
    /// Per vertex, its node in the graph; `None`: there is nothing to choose.
    node: Vec<Option<CutNode>>,
    /// Per vertex, the earlier and the later of the two thresholds, ms.
    low: Vec<i64>,
    high: Vec<i64>,
}

impl<'a> CutDescent<'a> {
    /// Prepares a problem; `free` are its vertices that stand for a choice of tails.
    pub fn new(problem: &'a FlowProblem, free: &'a [u32]) -> Self {
        let horizon = problem.horizon;
        Self {
            problem,
            free,
            terminal_at: problem.terminal_at(),
            terms: problem.numbered_arcs().filter_map(|(index, arc)| term_of(index, arc, horizon)).collect(),
            graph: StaticCut::default(),
            node: vec![None; problem.vertices],
            low: Vec::new(),
            high: Vec::new(),
        }
    }

    /// Lowers the value at `theta` from steps of `from` ms down to `to` ms, each a third of the one before,
    /// a ninth where that one did nothing. Thresholds and value stay as they
    /// were if nothing helps. Returns the value, `None` if it is infinite before and after.
    pub fn descend(&mut self, alpha: &mut Vec<i64>, theta: i64, from: i64, to: i64) -> Option<i128> {
        // Each fuse is the best of all choices between two thresholds per vertex, so that without closures a step ends at the best
        // thresholds on its grid. Coarse steps first: of fine ones as many would be needed as thresholds are far off.
        let mut value = cut_value(self.problem, alpha, theta);
        let mut step = from.max(to).max(1);
        loop {
            let begun = value;
            let (mut before, mut failed) = (value, 0);
            for turn in 0..12 {
                let by = if turn % 2 == 0 { step } else { -step };
                let other: Vec<i64> = alpha.iter().map(|&a| (a + by).clamp(0, theta)).collect();
                let now = self.fuse(alpha, other, theta, value);
                failed = if now == value { failed + 1 } else { 0 };
                value = now;
                // Neither later nor earlier helps.
                if failed == 2 {
                    break;
                }
                // A coarse descent is over when it gains next to nothing: a person in a million.
                if turn % 2 == 1 {
                    let gained = before.zip(value).map(|(before, now)| before - now);
                    if to > 1 && gained.is_some_and(|gained| gained <= value.unwrap_or(0) / 1_000_000) {
                        break;
                    }
                    before = value;
                }
            }
            if step <= to.max(1) {
                return value;
            }
            // Where a step does nothing, one a little shorter rarely does.
            step = (step / if value == begun { 9 } else { 3 }).max(to).max(1);
        }
    }

    /// Takes for each vertex the one or the other threshold, whichever choice is best for all together, if that is
    /// better than `value`. Returns the value then.
    pub fn fuse(
        &mut self,
        alpha: &mut Vec<i64>,
        mut other: Vec<i64>,
        theta: i64,
        value: Option<i128>,
    ) -> Option<i128> {
        repair_thresholds(self.problem, &mut other, theta, self.free);
        self.low = alpha.iter().zip(&other).map(|(&a, &b)| a.min(b)).collect();
        self.high = alpha.iter().zip(&other).map(|(&a, &b)| a.max(b)).collect();
        // What the cut leaves open stays as it is, where that is all on one side.
        let rest = if self.high == *alpha { UndecidedSide::WithSink } else { UndecidedSide::WithSource };
        self.build(theta);
        self.graph.solve();
        let choice: Vec<i64> = (0..alpha.len())
            .map(|v| match self.node[v] {
                Some(node) if self.graph.is_with_sink(node, rest) => self.high[v],
                _ => self.low[v],
            })
            .collect();
        if choice == *alpha {
            return value;
        }
        // The graph counts in numbers that stop at `BIG`: the exact value decides.
        let better = cut_value(self.problem, &choice, theta);
        match (better, value) {
            (Some(new), Some(old)) if new >= old => value,
            (Some(_), _) => {
                *alpha = choice;
                better
            }
            (None, _) => value,
        }
    }

    /// The graph whose cuts are the choices: with the source = the lower threshold, with the sink = the higher.
    fn build(&mut self, theta: i64) {
        let problem = self.problem;
        let mut nodes = 0;
        for v in 0..problem.vertices {
            let capacity = self.terminal_at[v].map(|terminal| problem.terminals[terminal].capacity.is_some());
            // Where both thresholds are the same there is nothing to choose, and the graph stays small.
            let has_choice = capacity.unwrap_or(self.low[v] < self.high[v]);
            self.node[v] = has_choice.then(|| CutNode::at(nodes));
            nodes += usize::from(has_choice);
            // A terminal with the source pays its capacity, with the sink what its arcs admit up to theta.
            if let Some(limited) = capacity {
                (self.low[v], self.high[v]) = if limited { (0, theta) } else { (theta, theta) };
            }
        }
        self.graph.clear(nodes);
        for terminal in &problem.terminals {
            if let (Some(people), Some(node)) = (terminal.capacity, self.node[terminal.vertex()]) {
                let cost = i128::from(people) * CUT_UNITS_PER_PERSON;
                let cost = i64::try_from(cost).unwrap_or(BIG).min(BIG);
                self.graph.add_cost_of_sink(node, -cost);
            }
        }
        for source in &problem.sources {
            let v = source.vertex();
            if let Some(node) = self.node[v] {
                let ready =
                    |alpha: i64| i64::try_from(source.ready_before(alpha, theta)).unwrap_or(BIG).min(BIG);
                self.graph.add_cost_of_sink(node, ready(self.high[v]) - ready(self.low[v]));
            }
        }
        for arc in &self.terms {
            let (u, v) = (arc.tail, arc.head);
            let nodes = (self.node[u], self.node[v]);
            if nodes == (None, None) {
                continue;
            }
            let (lu, hu, lv, hv) = (self.low[u], self.high[u], self.low[v] - arc.tau, self.high[v] - arc.tau);
            // Not even with the tail earliest and the head latest does it count: it costs nothing whatever is chosen.
            if lu >= hv {
                continue;
            }
            let term = |from: i64, until: i64| -> i64 {
                let length = match arc.closed {
                    None => until.min(problem.horizon) - from,
                    Some(index) => problem.arcs[index].open.length_within(from, until),
                };
                if length <= 0 { 0 } else { arc.rate.saturating_mul(length).min(BIG) }
            };
            match nodes {
                (None, None) => {}
                (None, Some(node)) => self.graph.add_cost_of_sink(node, term(lu, hv) - term(lu, lv)),
                (Some(node), None) => self.graph.add_cost_of_sink(node, term(hu, lv) - term(lu, lv)),
                // A term of two choices as costs of each and of both: w(tail, head) = ll + tail (hl - ll) + head (hh - hl)
                // + (1 - tail) head (lh + hl - ll - hh), the last never negative, since the value is submodular.
                (Some(tail), Some(head)) => {
                    let (ll, lh, hl, hh) = (term(lu, lv), term(lu, hv), term(hu, lv), term(hu, hv));
                    self.graph.add_cost_of_sink(tail, hl - ll);
                    self.graph.add_cost_of_sink(head, hh - hl);
                    let both = lh + hl - ll - hh;
                    if both > 0 {
                        self.graph.add_arc(tail, head, both);
                    }
                }
            }
        }
    }
}

/// What a cut needs of an arc; `None` if it can be in no cut.
fn term_of(index: ArcIndex, arc: &FlowArc, horizon: i64) -> Option<ArcTerm> {
    let rate = arc.rate.map_or(BIG, |rate| i64::try_from(rate).unwrap_or(BIG));
    let closed = (arc.open.intervals() != [(0, horizon)]).then_some(index);
    (rate > 0 && arc.tail != arc.head).then_some(ArcTerm {
        tail: arc.tail(),
        head: arc.head(),
        tau: arc.tau,
        rate,
        closed,
    })
}
