//! Shortest free-flow times to the nearest terminal: the potentials that make time *reduced*.

use crate::FlowProblem;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Shortest time from every vertex to a terminal over arcs that are ever open, ms; `i64::MAX` where there is no way.
pub fn distances(problem: &FlowProblem) -> Vec<i64> {
    let mut inbound: Vec<Vec<u32>> = vec![Vec::new(); problem.vertices];
    for (index, arc) in problem.arcs.iter().enumerate() {
        if arc.rate != Some(0) && !arc.open.is_empty() {
            inbound[arc.head as usize].push(index as u32);
        }
    }
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
