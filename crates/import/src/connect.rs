//! Counting, and where that is asked for dropping, what nobody can get out of or into.

use crate::UnconnectedParts;
use crate::graph::RoadGraph;
use crate::report::DroppedPart;

/// Counts the parts of the network that are joined neither to its main part nor to the map's edge, and drops them where that is
/// asked for.
///
/// The main part is the largest set of junctions that can all reach each other. It is joined, with every junction where a
/// road is cut at the map's edge, every pinned junction, and all from which one of these can be reached or which can be
/// reached from one of these. Turn bans are not looked at.
pub(crate) fn drop_unconnected(graph: &mut RoadGraph, unconnected: UnconnectedParts) -> DroppedPart {
    let count = graph.junctions.len();
    let (mut out, mut into) = (vec![Vec::new(); count], vec![Vec::new(); count]);
    for segment in &graph.segments {
        if segment.forward.is_open() {
            out[segment.from].push(segment.to);
            into[segment.to].push(segment.from);
        }
        if segment.backward.is_open() {
            out[segment.to].push(segment.from);
            into[segment.from].push(segment.to);
        }
    }
    let mut core = largest_component(&out, &into);
    for (index, junction) in graph.junctions.iter().enumerate() {
        core[index] |= junction.is_edge || junction.is_pinned;
    }
    let (after, before) = (spread(&core, &out), spread(&core, &into));
    let kept: Vec<bool> = (0..count).map(|j| after[j] || before[j]).collect();
    let keep: Vec<bool> = graph.segments.iter().map(|s| kept[s.from] && kept[s.to]).collect();
    let dropped = count_dropped(graph, &kept, &keep);
    if unconnected == UnconnectedParts::Drop {
        graph.retain(&keep);
    }
    dropped
}

fn count_dropped(graph: &RoadGraph, kept: &[bool], keep: &[bool]) -> DroppedPart {
    let mut dropped = DroppedPart::default();
    let mut neighbours = vec![Vec::new(); kept.len()];
    for (segment, _) in graph.segments.iter().zip(keep).filter(|(_, keep)| !**keep) {
        dropped.segments += 1;
        dropped.km += segment.length_m / 1000.0;
        neighbours[segment.from].push(segment.to);
        neighbours[segment.to].push(segment.from);
    }
    let mut seen = kept.to_vec();
    for start in 0..kept.len() {
        if seen[start] {
            continue;
        }
        dropped.parts += 1;
        let mut open = vec![start];
        seen[start] = true;
        while let Some(junction) = open.pop() {
            dropped.nodes += 1;
            for &next in &neighbours[junction] {
                if !seen[next] {
                    seen[next] = true;
                    open.push(next);
                }
            }
        }
    }
    dropped
}

/// All that can be reached from the marked ones.
pub(crate) fn spread(from: &[bool], next: &[Vec<usize>]) -> Vec<bool> {
    let mut seen = from.to_vec();
    let mut open: Vec<usize> = (0..from.len()).filter(|&j| from[j]).collect();
    while let Some(junction) = open.pop() {
        for &other in &next[junction] {
            if !seen[other] {
                seen[other] = true;
                open.push(other);
            }
        }
    }
    seen
}

/// The largest set of junctions that can all reach each other, the one with the first junction among equals (Sharir 1981).
pub(crate) fn largest_component(out: &[Vec<usize>], into: &[Vec<usize>]) -> Vec<bool> {
    let count = out.len();
    let mut order = Vec::with_capacity(count);
    let mut seen = vec![false; count];
    for root in 0..count {
        if seen[root] {
            continue;
        }
        seen[root] = true;
        let mut stack = vec![(root, 0)];
        while let Some((junction, at)) = stack.pop() {
            let Some(&next) = out[junction].get(at) else {
                order.push(junction);
                continue;
            };
            stack.push((junction, at + 1));
            if !seen[next] {
                seen[next] = true;
                stack.push((next, 0));
            }
        }
    }
    let mut part = vec![usize::MAX; count];
    let mut best: Option<(usize, usize, usize)> = None;
    for (number, &root) in order.iter().rev().enumerate() {
        if part[root] != usize::MAX {
            continue;
        }
        let (mut size, mut first) = (0, root);
        part[root] = number;
        let mut stack = vec![root];
        while let Some(junction) = stack.pop() {
            size += 1;
            first = first.min(junction);
            for &next in &into[junction] {
                if part[next] == usize::MAX {
                    part[next] = number;
                    stack.push(next);
                }
            }
        }
        if best.is_none_or(|(s, f, _)| size > s || (size == s && first < f)) {
            best = Some((size, first, number));
        }
    }
    part.iter().map(|&p| best.is_some_and(|(_, _, number)| p == number)).collect()
}
