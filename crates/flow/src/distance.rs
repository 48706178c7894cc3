//! Shortest free-flow times to the nearest terminal: the potentials that make time *reduced*.

use crate::FlowProblem;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Per vertex, the arcs into it that ever let anybody in.
fn inbound(problem: &FlowProblem) -> Vec<Vec<u32>> {
    let mut inbound: Vec<Vec<u32>> = vec![Vec::new(); problem.vertices];
    for (index, arc) in problem.arcs.iter().enumerate() {
        if arc.rate != Some(0) && !arc.open.is_empty() {
            inbound[arc.head as usize].push(index as u32);
        }
    }
    inbound
}

/// Shortest time from every vertex to a terminal over arcs that are ever open, ms; `i64::MAX` where there is no way.
pub fn distances(problem: &FlowProblem) -> Vec<i64> {
    let inbound = inbound(problem);
    let mut distance = vec![i64::MAX; problem.vertices];
    let mut heap = BinaryHeap::new();
    for terminal in &problem.terminals {
        distance[terminal.vertex as usize] = 0;
        heap.push(Reverse((0, terminal.vertex)));
    }
    while let Some(Reverse((at, vertex))) = heap.pop() {
        if at > distance[vertex as usize] {
            continue;
        }
        for &index in &inbound[vertex as usize] {
            let arc = &problem.arcs[index as usize];
            let next = at + arc.tau;
            if next < distance[arc.tail as usize] {
                distance[arc.tail as usize] = next;
                heap.push(Reverse((next, arc.tail)));
            }
        }
    }
    distance
}

/// The widest way from every vertex to a terminal: the largest rate that every arc of some way lets in, thousandths of a person
/// per hour, over arcs that are ever open; 0 where there is no way, `u64::MAX` where nothing bounds it.
pub fn widths(problem: &FlowProblem) -> Vec<u64> {
    let inbound = inbound(problem);
    let mut width = vec![0; problem.vertices];
    let mut heap = BinaryHeap::new();
    for terminal in &problem.terminals {
        width[terminal.vertex as usize] = u64::MAX;
        heap.push((u64::MAX, terminal.vertex));
    }
    while let Some((at, vertex)) = heap.pop() {
        if at < width[vertex as usize] {
            continue;
        }
        for &index in &inbound[vertex as usize] {
            let arc = &problem.arcs[index as usize];
            let next = at.min(arc.rate.unwrap_or(u64::MAX));
            if next > width[arc.tail as usize] {
                width[arc.tail as usize] = next;
                heap.push((next, arc.tail));
            }
        }
    }
    width
}
