//! Shortest free-flow times to the nearest terminal: the potentials that make time *reduced*.

use crate::FlowProblem;
use crate::index::{ArcIndex, VertexIndex};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The time from where there is no way, ms: later than any other.
pub const UNREACHED: i64 = i64::MAX;

/// The width of a way that nothing bounds: wider than any rate.
pub const UNBOUNDED: u64 = u64::MAX;

/// Per vertex, the arcs into it that ever let anybody in.
fn inbound(problem: &FlowProblem) -> Vec<Vec<ArcIndex>> {
    let mut inbound: Vec<Vec<ArcIndex>> = vec![Vec::new(); problem.vertices];
    for (index, arc) in problem.numbered_arcs() {
        if arc.rate != Some(0) && !arc.open.is_empty() {
            inbound[arc.head()].push(index);
        }
    }
    inbound
}

/// Shortest time from every vertex to a terminal over arcs that are ever open, ms; [`UNREACHED`] where there is no way.
pub fn distances(problem: &FlowProblem) -> Vec<i64> {
    let inbound = inbound(problem);
    let mut distance = vec![UNREACHED; problem.vertices];
    let mut heap: BinaryHeap<Reverse<(i64, VertexIndex)>> = BinaryHeap::new();
    for terminal in &problem.terminals {
        distance[terminal.vertex()] = 0;
        heap.push(Reverse((0, terminal.vertex())));
    }
    while let Some(Reverse((at, vertex))) = heap.pop() {
        if at > distance[vertex] {
            continue;
        }
        for &index in &inbound[vertex] {
            let arc = &problem.arcs[index];
            let next = at + arc.tau;
            if next < distance[arc.tail()] {
                distance[arc.tail()] = next;
                heap.push(Reverse((next, arc.tail())));
            }
        }
    }
    distance
}

/// The widest way from every vertex to a terminal: the largest rate that every arc of some way lets in, thousandths of a person
/// per hour, over arcs that are ever open; 0 where there is no way, [`UNBOUNDED`] where nothing bounds it.
pub fn widths(problem: &FlowProblem) -> Vec<u64> {
    let inbound = inbound(problem);
    let mut width = vec![0; problem.vertices];
    let mut heap = BinaryHeap::new();
    for terminal in &problem.terminals {
        width[terminal.vertex()] = UNBOUNDED;
        heap.push((UNBOUNDED, terminal.vertex()));
    }
    while let Some((at, vertex)) = heap.pop() {
        if at < width[vertex] {
            continue;
        }
        for &index in &inbound[vertex] {
            let arc = &problem.arcs[index];
            let next = at.min(arc.rate.unwrap_or(UNBOUNDED));
            if next > width[arc.tail()] {
                width[arc.tail()] = next;
                heap.push((next, arc.tail()));
            }
        }
    }
    width
}
