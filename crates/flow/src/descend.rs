//! Better thresholds for one time by many at once: steepest descent of the cut's value by minimum cuts.
//!
//! The value is submodular on thresholds: copies of vertices over time form a graph, waiting makes every set of thresholds
//! a cut of it, and cuts are submodular. So the best choice of each threshold between two values, given side by side for
//! all vertices, is a minimum cut of a graph with one node per vertex. Trying all thresholds a step later and a step
//! earlier until neither helps is the steepest descent for L-natural convex functions (Murota 2003, section 10.3; Kolmogorov
//! and Shioura 2009): without closures it ends at the best thresholds on that grid. With closures it may stop before.

use crate::static_cut::{BIG, Rest, StaticCut};
use crate::{CUT_UNITS_PER_PERSON, FlowArc, FlowProblem, cut_value, repair_thresholds};

const FIXED: u32 = u32::MAX;

/// An arc as far as a cut of one time needs it, so that one pass over all reads little memory.
#[derive(Debug, Clone)]
struct Road {
    tail: u32,
    head: u32,
    tau: i64,
    /// Cut units per ms; at least `BIG`: without limit.
    rate: i64,
    /// Index of the arc if it is not always open, `FIXED` if it is.
    closed: u32,
}

/// Memory and tables for descents on one problem.
#[derive(Debug, Clone)]
pub struct Descent<'a> {
    problem: &'a FlowProblem,
    free: &'a [u32],
    /// Per vertex: index of the terminal, `FIXED` if it is none.
    terminal_of: Vec<u32>,
    roads: Vec<Road>,
    graph: StaticCut,
    node: Vec<u32>,
    low: Vec<i64>,
    high: Vec<i64>,
}

impl<'a> Descent<'a> {
    /// Prepares a problem; `free` are its vertices that stand for a choice of tails.
    pub fn new(problem: &'a FlowProblem, free: &'a [u32]) -> Self {
        let mut terminal_of = vec![FIXED; problem.vertices];
        for (index, terminal) in problem.terminals.iter().enumerate() {
            terminal_of[terminal.vertex as usize] = index as u32;
        }
        let whole = (0, problem.horizon);
        Self {
            problem,
            free,
            terminal_of,
            roads: (0..).zip(&problem.arcs).filter_map(|(index, arc)| road(index, arc, whole)).collect(),
            graph: StaticCut::default(),
            node: vec![FIXED; problem.vertices],
            low: Vec::new(),
            high: Vec::new(),
        }
    }

    /// Lowers the value at `theta` from steps of `from` ms down to `to` ms, each a third of the one before,
    /// a ninth where that one did nothing. Thresholds and value stay as they
    /// were if nothing helps. Returns the value, `None` if it is infinite before and after.
    pub fn descend(&mut self, alpha: &mut Vec<i64>, theta: i64, from: i64, to: i64) -> Option<i128> {
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
                    let gained = before.zip(value).map_or(i128::MAX, |(before, now)| before - now);
                    if to > 1 && gained <= value.unwrap_or(0) / 1_000_000 {
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
        let rest = if self.high == *alpha { Rest::WithSink } else { Rest::WithSource };
        self.build(theta);
        self.graph.solve();
        let choice: Vec<i64> = (0..alpha.len())
            .map(|v| match self.node[v] {
                FIXED => self.low[v],
                node if self.graph.is_with_sink(node, rest) => self.high[v],
                _ => self.low[v],
            })
            .collect();
        if choice == *alpha {
            return value;
        }
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
            let capacity = match self.terminal_of[v] {
                FIXED => None,
                terminal => Some(problem.terminals[terminal as usize].capacity.is_some()),
            };
            if capacity.unwrap_or(self.low[v] < self.high[v]) {
                self.node[v] = nodes;
                nodes += 1;
            } else {
                self.node[v] = FIXED;
            }
            // A terminal with the source pays its capacity, with the sink what its arcs admit up to theta.
            if let Some(limited) = capacity {
                (self.low[v], self.high[v]) = if limited { (0, theta) } else { (theta, theta) };
            }
        }
        self.graph.clear(nodes as usize);
        for terminal in &problem.terminals {
            if let Some(people) = terminal.capacity {
                let cost = i128::from(people) * CUT_UNITS_PER_PERSON;
                let cost = i64::try_from(cost).unwrap_or(BIG).min(BIG);
                self.graph.add_cost_of_sink(self.node[terminal.vertex as usize], -cost);
            }
        }
        for source in &problem.sources {
            let v = source.vertex as usize;
            if self.node[v] != FIXED {
                let ready =
                    |alpha: i64| i64::try_from(source.ready_before(alpha, theta)).unwrap_or(BIG).min(BIG);
                self.graph.add_cost_of_sink(self.node[v], ready(self.high[v]) - ready(self.low[v]));
            }
        }
        for road in &self.roads {
            let (u, v) = (road.tail as usize, road.head as usize);
            let (nu, nv) = (self.node[u], self.node[v]);
            if nu == FIXED && nv == FIXED {
                continue;
            }
            let (lu, hu, lv, hv) =
                (self.low[u], self.high[u], self.low[v] - road.tau, self.high[v] - road.tau);
            if lu >= hv {
                continue;
            }
            let term = |from: i64, until: i64| -> i64 {
                let length = match road.closed {
                    FIXED => until.min(problem.horizon) - from,
                    index => problem.arcs[index as usize].open.length_within(from, until),
                };
                if length <= 0 { 0 } else { road.rate.saturating_mul(length).min(BIG) }
            };
            match (nu, nv) {
                (FIXED, node) => self.graph.add_cost_of_sink(node, term(lu, hv) - term(lu, lv)),
                (node, FIXED) => self.graph.add_cost_of_sink(node, term(hu, lv) - term(lu, lv)),
                (tail, head) => {
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

/// `None` if an arc can be in no cut.
fn road(index: u32, arc: &FlowArc, whole: (i64, i64)) -> Option<Road> {
    let rate = arc.rate.map_or(BIG, |rate| i64::try_from(rate).unwrap_or(BIG));
    let closed = if arc.open.intervals() == [whole] { FIXED } else { index };
    (rate > 0 && arc.tail != arc.head).then_some(Road {
        tail: arc.tail,
        head: arc.head,
        tau: arc.tau,
        rate,
        closed,
    })
}
