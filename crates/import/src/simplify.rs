//! Contracting chains: a junction that only joins two pieces of one road disappears.
//!
//! A junction is contracted where exactly two segments meet that have the same class and name and are open to the same
//! road users in each direction, unless it is pinned, at the map's edge, or a turn there is banned. Times add up and the
//! smallest capacity holds, so that shortest times, largest flows and reachability between the remaining junctions stay
//! as they were, turning round in the middle of a road aside. Segments between the same junctions stay apart, and none ever leads from a junction to itself.

use std::collections::BTreeSet;

use crate::graph::{RoadGraph, RoadSegment, RoadSign, SegmentDirection};

/// Contracts all chains of a graph.
pub(crate) fn simplify(graph: &mut RoadGraph) {
    let incidence = graph.incidence();
    let mut inner = contractible(graph, &incidence);
    open_closed_chains(graph, &incidence, &mut inner);

    let mut segments = Vec::with_capacity(graph.segments.len());
    // For each old segment: the new one, and whether it points the same way.
    let mut moved = vec![(usize::MAX, true); graph.segments.len()];
    for start in 0..graph.segments.len() {
        if moved[start].0 != usize::MAX {
            continue;
        }
        // `start` is the first of its chain by way and piece, so it names the chain and sets its direction.
        let chain = chain_through(graph, &incidence, &inner, start);
        for direction in &chain {
            moved[direction.segment] = (segments.len(), direction.forward);
        }
        segments.push(join(graph, start, &chain));
    }
    let bans: BTreeSet<_> =
        graph.bans.iter().map(|(a, b)| (renamed(*a, &moved), renamed(*b, &moved))).collect();
    graph.segments = segments;
    graph.bans = bans;
    let used: Vec<bool> = inner.iter().map(|inner| !inner).collect();
    graph.retain_junctions(&used);
}

fn renamed(direction: SegmentDirection, moved: &[(usize, bool)]) -> SegmentDirection {
    let (segment, same) = moved[direction.segment];
    SegmentDirection { segment, forward: direction.forward == same }
}

/// Which junctions only join two pieces of one road.
fn contractible(graph: &RoadGraph, incidence: &[Vec<usize>]) -> Vec<bool> {
    let mut banned = vec![false; graph.junctions.len()];
    for (a, _) in &graph.bans {
        banned[graph.head(*a)] = true;
    }
    (0..graph.junctions.len())
        .map(|j| {
            let junction = &graph.junctions[j];
            let &[a, b] = incidence[j].as_slice() else { return false };
            if junction.is_pinned || junction.is_edge || banned[j] || a == b {
                return false;
            }
            let (a, b) = (&graph.segments[a], &graph.segments[b]);
            // Seen along the road: into the junction by a, out of it by b, and back.
            let into = |s: &RoadSegment| if s.to == j { s.forward } else { s.backward };
            let out = |s: &RoadSegment| if s.from == j { s.forward } else { s.backward };
            a.class == b.class && a.name == b.name && into(a).is_like(&out(b)) && into(b).is_like(&out(a))
        })
        .collect()
}

/// Makes sure that no chain ends where it begins: such a chain keeps a junction in its middle (a ring without any
/// junction keeps two).
fn open_closed_chains(graph: &RoadGraph, incidence: &[Vec<usize>], inner: &mut [bool]) {
    let mut done = vec![false; graph.segments.len()];
    for start in 0..graph.segments.len() {
        if done[start] {
            continue;
        }
        let chain = chain_through(graph, incidence, inner, start);
        for direction in &chain {
            done[direction.segment] = true;
        }
        let (first, last) = (graph.tail(chain[0]), graph.head(chain[chain.len() - 1]));
        if first == last {
            inner[first] = false;
            inner[graph.tail(chain[chain.len() / 2])] = false;
        }
    }
}

/// The chain that holds a segment, in the direction in which that segment points.
fn chain_through(
    graph: &RoadGraph,
    incidence: &[Vec<usize>],
    inner: &[bool],
    start: usize,
) -> Vec<SegmentDirection> {
    let origin = SegmentDirection { segment: start, forward: true };
    let step = |direction: SegmentDirection| {
        let junction = graph.head(direction);
        let next = incidence[junction].iter().copied().find(|&s| s != direction.segment)?;
        inner[junction]
            .then(|| SegmentDirection { segment: next, forward: graph.segments[next].from == junction })
    };
    let mut after = vec![origin];
    let mut at = origin;
    while let Some(next) = step(at).filter(|next| next.segment != start) {
        after.push(next);
        at = next;
    }
    if step(at).is_some() {
        // Back at the start: a ring of which every junction could be contracted.
        return after;
    }
    let mut before = Vec::new();
    let mut at = reversed(origin);
    while let Some(next) = step(at) {
        before.push(reversed(next));
        at = next;
    }
    before.reverse();
    before.append(&mut after);
    before
}

fn reversed(direction: SegmentDirection) -> SegmentDirection {
    SegmentDirection { forward: !direction.forward, ..direction }
}

/// One segment for a chain, named by one of its pieces.
fn join(graph: &RoadGraph, name_of: usize, chain: &[SegmentDirection]) -> RoadSegment {
    let named = &graph.segments[name_of];
    let of = |direction: SegmentDirection| graph.travel(direction);
    let first = chain[0];
    let mut line = Vec::new();
    let mut length_m = 0.0;
    let (mut lanes_assumed, mut speed_assumed, mut is_round) = (false, false, true);
    let mut signs = Vec::new();
    let (mut forward, mut backward) = (*of(first), *of(reversed(first)));
    for (index, direction) in chain.iter().enumerate() {
        let segment = &graph.segments[direction.segment];
        let points: &mut dyn Iterator<Item = &(f64, f64)> =
            if direction.forward { &mut segment.line.iter() } else { &mut segment.line.iter().rev() };
        line.extend(points.skip(usize::from(index > 0)).copied());
        let within = |sign: &RoadSign| sign.within(direction.forward, length_m, segment.length_m);
        signs.extend(segment.signs.iter().map(within));
        is_round &= segment.is_round;
        length_m += segment.length_m;
        lanes_assumed |= segment.lanes_assumed;
        speed_assumed |= segment.speed_assumed;
        if index > 0 {
            forward = forward.then(*of(*direction));
            backward = of(reversed(*direction)).then(backward);
        }
    }
    RoadSegment {
        way: named.way,
        piece: named.piece,
        from: graph.tail(first),
        to: graph.head(chain[chain.len() - 1]),
        class: named.class,
        name: named.name.clone(),
        line,
        length_m,
        forward,
        backward,
        lanes_assumed,
        speed_assumed,
        is_round,
        signs,
    }
}

#[cfg(test)]
#[path = "simplify_tests.rs"]
mod tests;
