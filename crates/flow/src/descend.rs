//! Better thresholds for one time by many at once: steepest descent of the cut's value by minimum cuts.
//!
//! The value is submodular on thresholds: copies of vertices over time form a graph, waiting makes every set of thresholds
//! a cut of it, and cuts are submodular. So the best choice of each threshold between two values, given side by side for
//! all vertices, is a minimum cut of a graph with one node per vertex. Trying all thresholds a step later and a step
//! earlier until neither helps is the steepest descent for L-natural convex functions (Murota 2003, section 10.3; Kolmogorov
//! and Shioura 2009): without closures it ends at the best thresholds on that grid. With closures it may stop before.
//!
//! Most choices change nothing, so those that come next are made beside the one that is tried, where a thread has nothing else to do:
//! [`CutDescent::first_better`].

use crate::index::VertexIndex;
use crate::static_cut::{ArcPlace, BIG, CutNode, StaticCut, UndecidedSide};
use crate::steps::DescentSteps;
use crate::tables::{CutArc, CutTables};
use crate::{CUT_UNITS_PER_PERSON, FlowProblem};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Choices that may be made side by side. Those of later ones are thrown away where an earlier one helps.
const AHEAD: usize = 4;

/// With fewer arcs than this a choice is made sooner than a thread wakes up.
const FEW_ARCS: usize = 4096;

/// The two thresholds that a vertex may take, ms.
#[derive(Debug, Clone, Copy)]
struct ThresholdChoice {
    /// The earlier one.
    low: i64,
    /// The later one.
    high: i64,
}

impl ThresholdChoice {
    /// Where both are the same there is nothing to choose.
    #[inline]
    fn is_none(self) -> bool {
        self.low == self.high
    }
}

/// Memory for one choice of thresholds.
#[derive(Debug, Clone)]
struct ChoiceMemory {
    /// A node per vertex, with the same number.
    graph: StaticCut,
    /// Per vertex, what is to be chosen between.
    choices: Vec<ThresholdChoice>,
}

/// Thresholds that are better than those before.
#[derive(Debug)]
pub(crate) struct BetterThresholds {
    pub alpha: Vec<i64>,
    pub value: i128,
}

/// Makes the thresholds to choose from, of those so far, ms.
pub(crate) type OtherThresholds<'o> = &'o (dyn Fn(&[i64]) -> Vec<i64> + Sync);

/// Descents on one problem. May be asked from several threads.
#[derive(Debug)]
pub struct CutDescent<'a> {
    tables: Arc<CutTables<'a>>,
    /// Where the graph keeps the costs of the arcs: those of `tables.inner`, then of `tables.admitting`.
    places: Vec<Option<ArcPlace>>,
    /// As it is before the first choice.
    fresh: ChoiceMemory,
    /// Memory that nobody is using now.
    spare: Mutex<Vec<ChoiceMemory>>,
}

impl<'a> CutDescent<'a> {
    /// Prepares a problem; `free` are its vertices that stand for a choice of tails.
    pub fn new(problem: &'a FlowProblem, free: &'a [u32]) -> Self {
        Self::with_tables(Arc::new(CutTables::new(problem, free)))
    }

    /// Prepares the problem of tables.
    pub(crate) fn with_tables(tables: Arc<CutTables<'a>>) -> Self {
        let arcs = tables.inner.iter().chain(tables.admitting.iter().map(|(_, arc)| arc));
        let ends: Vec<(CutNode, CutNode)> = arcs.map(|arc| (node(arc.tail), node(arc.head))).collect();
        let (graph, places) = StaticCut::new(tables.problem.vertices, &ends);
        let fresh = ChoiceMemory { graph, choices: Vec::new() };
        Self { tables, places, fresh, spare: Mutex::default() }
    }

    /// Lowers the value at `theta` from steps of `from` ms down to `to` ms, each a third of the one before,
    /// a ninth where that one did nothing. Thresholds and value stay as they
    /// were if nothing helps. Returns the value, `None` if it is infinite before and after.
    pub fn descend(&self, alpha: &mut Vec<i64>, theta: i64, from: i64, to: i64) -> Option<i128> {
        // Each fuse is the best of all choices between two thresholds per vertex, so that without closures a step ends at the best
        // thresholds on its grid. Coarse steps first: of fine ones as many would be needed as thresholds are far off.
        let mut steps = DescentSteps::new(self.tables.value(alpha, theta), from, to);
        while steps.next().is_some() {
            let later = |by: i64| {
                move |alpha: &[i64]| -> Vec<i64> { alpha.iter().map(|&a| (a + by).clamp(0, theta)).collect() }
            };
            let ahead: Vec<_> = steps.if_none_helps(AHEAD).into_iter().map(later).collect();
            let others: Vec<OtherThresholds<'_>> = ahead.iter().map(|other| other as _).collect();
            let found = self.first_better(alpha, steps.value(), theta, &others);
            let failed = found.as_ref().map_or(others.len(), |(place, _)| *place);
            (0..failed).for_each(|_| steps.done(None));
            if let Some((_, better)) = found {
                steps.done(Some(better.value));
                *alpha = better.alpha;
            }
        }
        steps.value()
    }

    /// Takes for each vertex the one or the other threshold, whichever choice is best for all together, if that is better than
    /// `value`; with each of `others` after the other. Returns the value.
    pub(crate) fn fuse_all(
        &self,
        alpha: &mut Vec<i64>,
        theta: i64,
        mut value: Option<i128>,
        mut others: &[OtherThresholds<'_>],
    ) -> Option<i128> {
        while !others.is_empty() {
            let ahead = &others[..others.len().min(AHEAD)];
            let found = self.first_better(alpha, value, theta, ahead);
            others = &others[found.as_ref().map_or(ahead.len(), |(place, _)| place + 1)..];
            if let Some((_, better)) = found {
                *alpha = better.alpha;
                value = Some(better.value);
            }
        }
        value
    }

    /// The first of some choices that is better than `value`, and its place. Idle threads make later ones meanwhile, which count only
    /// if no earlier one is better, so that what comes out does not depend on them.
    fn first_better(
        &self,
        alpha: &[i64],
        value: Option<i128>,
        theta: i64,
        others: &[OtherThresholds<'_>],
    ) -> Option<(usize, BetterThresholds)> {
        let choose = |place: usize| {
            let better = self.choice(alpha, others[place](alpha), theta, value)?;
            Some((place, better))
        };
        if self.places.len() < FEW_ARCS {
            return (0..others.len()).find_map(choose);
        }
        let first = AtomicUsize::new(usize::MAX);
        first_of(0, others.len(), &first, &choose)
    }

    /// The best choice between two thresholds per vertex, if it is better than `value`.
    fn choice(
        &self,
        alpha: &[i64],
        other: Vec<i64>,
        theta: i64,
        value: Option<i128>,
    ) -> Option<BetterThresholds> {
        let lock = || self.spare.lock().unwrap_or_else(PoisonError::into_inner);
        let spare = lock().pop();
        let mut memory = spare.unwrap_or_else(|| self.fresh.clone());
        let chosen = self.best_choice(&mut memory, alpha, other, theta);
        lock().push(memory);
        // The graph counts in numbers that stop at `BIG`: the exact value decides.
        let alpha = chosen?;
        let better = self.tables.value(&alpha, theta)?;
        value.is_none_or(|value| better < value).then_some(BetterThresholds { alpha, value: better })
    }

    /// The thresholds that the graph chooses, `None`: those that were given.
    fn best_choice(
        &self,
        memory: &mut ChoiceMemory,
        alpha: &[i64],
        mut other: Vec<i64>,
        theta: i64,
    ) -> Option<Vec<i64>> {
        self.tables.repair(&mut other, theta);
        let ChoiceMemory { graph, choices } = memory;
        choices.clear();
        choices.extend(
            alpha.iter().zip(&other).map(|(&a, &b)| ThresholdChoice { low: a.min(b), high: a.max(b) }),
        );
        // What the cut leaves open stays as it is, where that is all on one side.
        let stays = choices.iter().zip(alpha).all(|(choice, &a)| choice.high == a);
        let rest = if stays { UndecidedSide::WithSink } else { UndecidedSide::WithSource };
        self.build(graph, choices, theta);
        graph.solve();
        // The memory of the other thresholds is that of the choice.
        for ((v, chosen), choice) in other.iter_mut().enumerate().zip(choices) {
            let is_late = graph.is_with_sink(CutNode::at(v), rest);
            *chosen = if is_late { choice.high } else { choice.low };
        }
        (other != alpha).then_some(other)
    }

    /// The graph whose cuts are the choices: with the source = the lower threshold, with the sink = the higher.
    fn build(&self, graph: &mut StaticCut, choices: &mut [ThresholdChoice], theta: i64) {
        let tables = &*self.tables;
        let problem = tables.problem;
        graph.clear();
        for terminal in &problem.terminals {
            // A terminal with the source pays its capacity, with the sink what its arcs admit up to theta.
            let low = if terminal.capacity.is_some() { 0 } else { theta };
            choices[terminal.vertex()] = ThresholdChoice { low, high: theta };
            if let Some(people) = terminal.capacity {
                let cost = i128::from(people) * CUT_UNITS_PER_PERSON;
                let cost = i64::try_from(cost).unwrap_or(BIG).min(BIG);
                graph.add_cost_of_sink(node(terminal.vertex()), -cost);
            }
        }
        for source in &problem.sources {
            let choice = choices[source.vertex()];
            if !choice.is_none() {
                let ready =
                    |alpha: i64| i64::try_from(source.ready_before(alpha, theta)).unwrap_or(BIG).min(BIG);
                graph.add_cost_of_sink(node(source.vertex()), ready(choice.high) - ready(choice.low));
            }
        }
        let arcs = tables.inner.iter().chain(tables.admitting.iter().map(|(_, arc)| arc));
        for (arc, &place) in arcs.zip(&self.places) {
            let (tail, head) = (choices[arc.tail], choices[arc.head]);
            let (early, late) = (head.low - arc.tau, head.high - arc.tau);
            // Not even with the tail earliest and the head latest does it count: it costs nothing whatever is chosen. Nor does
            // what is chosen matter where there is nothing to choose.
            if tail.low >= late || (tail.is_none() && head.is_none()) {
                continue;
            }
            let term = |from: i64, until: i64| term(tables, arc, from, until);
            // A term of two choices as costs of each and of both: w(tail, head) = ll + tail (hl - ll) + head (hh - hl)
            // + (1 - tail) head (lh + hl - ll - hh), the last never negative, since the value is submodular. Where only one of
            // them has a choice, all but its own cost is 0.
            let (ll, lh) = (term(tail.low, early), term(tail.low, late));
            let (hl, hh) = (term(tail.high, early), term(tail.high, late));
            graph.add_cost_of_sink(node(arc.tail), hl - ll);
            graph.add_cost_of_sink(node(arc.head), hh - hl);
            if let Some(place) = place.filter(|_| lh + hl - ll > hh) {
                graph.add_cost_of_arc(place, lh + hl - ll - hh);
            }
        }
    }
}

/// What the first of the places from `place` to before `end` gives that gives anything; later ones may be worked out beside it. None
/// is begun once an earlier one has given something, which is then the `first`: on one thread nothing is done in vain.
fn first_of<T: Send>(
    place: usize,
    end: usize,
    first: &AtomicUsize,
    work: &(dyn Fn(usize) -> Option<T> + Sync),
) -> Option<T> {
    if place >= end || first.load(Ordering::Relaxed) < place {
        return None;
    }
    let here = || {
        let found = work(place);
        if found.is_some() {
            first.fetch_min(place, Ordering::Relaxed);
        }
        found
    };
    if place + 1 == end {
        return here();
    }
    let (here, beyond) = rayon::join(here, || first_of(place + 1, end, first, work));
    here.or(beyond)
}

/// What an arc lets in between two times, in cut units; no more than `BIG`.
#[inline]
fn term(tables: &CutTables<'_>, arc: &CutArc, from: i64, until: i64) -> i64 {
    let length = tables.open_within(arc, from, until);
    if length <= 0 {
        return 0;
    }
    let rate = arc.rate.map_or(BIG, |rate| i64::try_from(rate.get()).unwrap_or(BIG));
    rate.saturating_mul(length).min(BIG)
}

/// The graph has a node for each vertex, with the same number.
#[inline]
fn node(vertex: VertexIndex) -> CutNode {
    CutNode::at(vertex.place())
}
