//! When a terminal can still be reached, and when a place can be reached at all, if nobody is in the way.

use crate::index::{ArcIndex, VertexIndex};
use crate::number::index;
use crate::{FlowArc, FlowProblem};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Arcs by one of their ends.
#[derive(Debug, Clone)]
pub(crate) struct ArcsByEnd {
    /// Per vertex, the place of its first arc; one more at the end.
    first: Vec<u32>,
    arcs: Vec<ArcIndex>,
}

impl ArcsByEnd {
    pub fn new(problem: &FlowProblem, end: impl Fn(&FlowArc) -> VertexIndex) -> Self {
        let mut first = vec![0u32; problem.vertices + 1];
        for arc in &problem.arcs {
            first[end(arc).place() + 1] += 1;
        }
        for vertex in 0..problem.vertices {
            first[vertex + 1] += first[vertex];
        }
        let mut next = first.clone();
        let mut arcs = vec![ArcIndex::new(0); problem.arcs.len()];
        for (number, arc) in problem.numbered_arcs() {
            let at = &mut next[end(arc)];
            arcs[index(*at)] = number;
            *at += 1;
        }
        Self { first, arcs }
    }

    /// Arcs at a vertex.
    pub fn of(&self, vertex: VertexIndex) -> &[ArcIndex] {
        let at = vertex.place();
        &self.arcs[index(self.first[at])..index(self.first[at + 1])]
    }
}

/// Per vertex, the end of the times from which a terminal can be reached strictly before `theta`, ms; 0 where it never can.
/// As thresholds these prove that nobody arrives who was not ready before them: no arc crosses them while open.
pub(crate) fn latest_departures(problem: &FlowProblem, inbound: &ArcsByEnd, theta: i64) -> Vec<i64> {
    let mut latest = vec![0i64; problem.vertices];
    let mut heap: BinaryHeap<(i64, VertexIndex)> = BinaryHeap::new();
    for terminal in &problem.terminals {
        latest[terminal.vertex()] = theta;
        heap.push((theta, terminal.vertex()));
    }
    // The latest label first: what comes off the heap is final, as in Dijkstra's search, since no arc makes a label later.
    while let Some((label, vertex)) = heap.pop() {
        if label < latest[vertex] {
            continue;
        }
        for &number in inbound.of(vertex) {
            let arc = &problem.arcs[number];
            let until = label - arc.tau;
            if arc.rate == Some(0) || until <= latest[arc.tail()] {
                continue;
            }
            let intervals = arc.open.intervals();
            // The last interval that begins early enough; if it ends before `until`, nobody may enter later than its end.
            let before = intervals.partition_point(|interval| interval.0 < until);
            let Some(&(_, close)) = before.checked_sub(1).and_then(|i| intervals.get(i)) else { continue };
            let end = close.min(until);
            if end > latest[arc.tail()] {
                latest[arc.tail()] = end;
                heap.push((end, arc.tail()));
            }
        }
    }
    latest
}

/// Whether an arc may be entered in the moment in which it closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AtClosing {
    /// No: open sets are half-open.
    TooLate,
    /// Yes: a replay in packets lets those in who began to enter before.
    InTime,
}

/// Per vertex, the earliest time at which anybody can be there who does not belong to the first `share` of a source's
/// people, ms, of the sources that are meant; the horizon where nobody ever can. As thresholds these prove that no more arrive
/// than those first ones and what the terminals' arcs admit after that: no other arc is crossed.
pub(crate) fn earliest_arrivals(
    problem: &FlowProblem,
    outbound: &ArcsByEnd,
    share: f64,
    at_closing: AtClosing,
    is_meant: impl Fn(usize) -> bool,
) -> Vec<i64> {
    let mut earliest = vec![problem.horizon; problem.vertices];
    let mut heap: BinaryHeap<(Reverse<i64>, VertexIndex)> = BinaryHeap::new();
    let sources =
        problem.sources.iter().enumerate().filter(|(at, source)| source.people > 0 && is_meant(*at));
    for (_, source) in sources {
        let from = source.release.last_within(share).min(problem.horizon);
        earliest[source.vertex()] = from;
        heap.push((Reverse(from), source.vertex()));
    }
    while let Some((Reverse(label), vertex)) = heap.pop() {
        if label > earliest[vertex] {
            continue;
        }
        for &number in outbound.of(vertex) {
            let arc = &problem.arcs[number];
            let intervals = arc.open.intervals();
            let at = intervals.partition_point(|interval| match at_closing {
                AtClosing::TooLate => interval.1 <= label,
                AtClosing::InTime => interval.1 < label,
            });
            let Some(&(open, _)) = intervals.get(at).filter(|_| arc.rate != Some(0)) else { continue };
            let reached = label.max(open) + arc.tau;
            if reached < earliest[arc.head()] {
                earliest[arc.head()] = reached;
                heap.push((Reverse(reached), arc.head()));
            }
        }
    }
    earliest
}
