//! Contracting leaves times, capacities and reachability between the remaining junctions as they were.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use proptest::prelude::*;

use super::*;
use crate::capacity::{RoadClass, WalkRange};
use crate::graph::RoadJunction;
use crate::travel::{DirectionTravel, DriveFigures, LaneCount, WalkFigures};

fn junction(number: usize) -> RoadJunction {
    RoadJunction {
        number: number as i64,
        side: 0,
        lon: number as f64,
        lat: 0.0,
        is_edge: false,
        is_pinned: false,
        control: None,
    }
}

fn travel(drive: bool, walk: bool, seed: u32) -> DirectionTravel {
    let lanes = LaneCount { least: 1.0, usual: 1.0, most: 1.0 };
    let capacity = f64::from(600 + seed % 7 * 100);
    DirectionTravel {
        drive: drive.then_some(DriveFigures {
            opening: crate::opening::RoadOpening::Open,
            lanes,
            low_pcu_h: 500.0,
            central_pcu_h: capacity,
            high_pcu_h: capacity + 100.0,
            time_ms: i64::from(100 + seed % 991),
            time_low_ms: i64::from(90 + seed % 97),
        }),
        walk: walk.then_some(WalkFigures {
            capacity: WalkRange { low: 1.0, central: capacity * 3.0, optimistic: capacity * 5.0 },
            time_ms: i64::from(1000 + seed % 877),
            time_low_ms: i64::from(800 + seed % 13),
        }),
    }
}

fn segment(index: usize, from: usize, to: usize, kind: u32, seed: u32) -> RoadSegment {
    RoadSegment {
        way: index as i64,
        piece: 1,
        from,
        to,
        class: if kind & 1 == 0 { RoadClass::Residential } else { RoadClass::Primary },
        name: if kind & 2 == 0 { "".into() } else { "Road".into() },
        line: vec![(from as f64, 0.0), (to as f64, 0.0)],
        length_m: f64::from(10 + seed % 50),
        forward: travel(true, true, seed),
        backward: travel(kind & 4 == 0, kind & 8 == 0, seed.rotate_left(7)),
        lanes_assumed: false,
        speed_assumed: false,
        is_round: false,
        signs: Vec::new(),
    }
}

/// Key of a junction that survives contraction.
fn number(graph: &RoadGraph, junction: usize) -> i64 {
    graph.junctions[junction].number
}

/// Least time and largest capacity from one junction to all others, turn bans obeyed, by vehicle or on foot; without turning
/// round at junctions that are not in `kept`.
fn reach(graph: &RoadGraph, kept: &[i64], start: usize, walk: bool) -> BTreeMap<i64, (i64, u64)> {
    let figures = |d: SegmentDirection| {
        let t = graph.travel(d);
        if walk {
            t.walk.map(|w| (w.time_ms, w.capacity.central as u64))
        } else {
            t.drive.map(|w| (w.time_ms, w.central_pcu_h as u64))
        }
    };
    let all: Vec<SegmentDirection> = (0..graph.segments.len())
        .flat_map(|segment| [true, false].map(|forward| SegmentDirection { segment, forward }))
        .filter(|d| figures(*d).is_some())
        .collect();
    let allowed = |a: SegmentDirection, b: SegmentDirection| {
        let round = a.segment == b.segment && !kept.contains(&number(graph, graph.head(a)));
        !round && !graph.bans.contains(&(a, b))
    };
    let mut found: BTreeMap<i64, (i64, u64)> = BTreeMap::new();
    // Times.
    let mut heap: BinaryHeap<Reverse<(i64, SegmentDirection)>> = all
        .iter()
        .filter(|d| graph.tail(**d) == start)
        .map(|d| Reverse((figures(*d).unwrap().0, *d)))
        .collect();
    let mut done = std::collections::BTreeSet::new();
    while let Some(Reverse((time, at))) = heap.pop() {
        if !done.insert(at) {
            continue;
        }
        found.entry(number(graph, graph.head(at))).or_insert((time, 0));
        for next in all.iter().filter(|d| graph.tail(**d) == graph.head(at)) {
            if allowed(at, *next) {
                heap.push(Reverse((time + figures(*next).unwrap().0, *next)));
            }
        }
    }
    // Widest ways.
    let mut heap: BinaryHeap<(u64, SegmentDirection)> =
        all.iter().filter(|d| graph.tail(**d) == start).map(|d| (figures(*d).unwrap().1, *d)).collect();
    let mut done = std::collections::BTreeSet::new();
    while let Some((width, at)) = heap.pop() {
        if !done.insert(at) {
            continue;
        }
        let entry = found.get_mut(&number(graph, graph.head(at))).unwrap();
        entry.1 = entry.1.max(width);
        for next in all.iter().filter(|d| graph.tail(**d) == graph.head(at)) {
            if allowed(at, *next) {
                heap.push((width.min(figures(*next).unwrap().1), *next));
            }
        }
    }
    found
}

fn assert_same(before: &RoadGraph) {
    let mut after = before.clone();
    simplify(&mut after);
    let km = |g: &RoadGraph| g.segments.iter().map(|s| s.length_m).sum::<f64>();
    assert!((km(before) - km(&after)).abs() < 1e-6);
    assert!(after.segments.iter().all(|s| s.from != s.to));
    let kept: Vec<i64> = after.junctions.iter().map(|j| j.number).collect();
    for (index, junction) in after.junctions.iter().enumerate() {
        let old = before.junctions.iter().position(|j| j.number == junction.number).unwrap();
        for walk in [false, true] {
            let mut old = reach(before, &kept, old, walk);
            old.retain(|number, _| kept.contains(number));
            assert_eq!(old, reach(&after, &kept, index, walk));
        }
    }
    for junction in before.junctions.iter().filter(|j| j.is_pinned || j.is_edge) {
        assert!(after.junctions.iter().any(|j| j.number == junction.number));
    }
    // Nothing is left to contract but chains that would end where they begin.
    let mut again = after.clone();
    simplify(&mut again);
    assert_eq!(after, again);
}

fn any_graph() -> impl Strategy<Value = RoadGraph> {
    let roads =
        prop::collection::vec((0usize..6, 0usize..6, 0u32..16, any::<u32>(), 0usize..5, any::<u32>()), 1..9);
    let bans = prop::collection::vec((any::<u32>(), any::<u32>()), 0..4);
    (roads, bans, any::<u32>()).prop_map(|(roads, bans, pinned)| {
        let mut graph = RoadGraph { junctions: (0..6).map(junction).collect(), ..RoadGraph::default() };
        for (from, to, kind, seed, inner, odd) in roads {
            let inner = if from == to { inner.max(1) } else { inner };
            let mut at = from;
            for step in 0..=inner {
                let next = if step == inner { to } else { graph.junctions.len() };
                if next == graph.junctions.len() {
                    graph.junctions.push(junction(next));
                }
                let index = graph.segments.len();
                // Now and then a piece differs from its chain or is drawn the other way round.
                let kind = if odd >> step & 7 == 0 { kind ^ (odd % 16) } else { kind };
                let seed = seed.rotate_left(step as u32 * 3);
                let mut piece = segment(index, at, next, kind, seed);
                if odd >> (step + 8) & 3 == 0 {
                    std::mem::swap(&mut piece.from, &mut piece.to);
                    piece.line.reverse();
                    std::mem::swap(&mut piece.forward, &mut piece.backward);
                }
                graph.segments.push(piece);
                at = next;
            }
        }
        for (index, junction) in graph.junctions.iter_mut().enumerate() {
            junction.is_pinned = index < 32 && pinned >> index & 15 == 0;
        }
        let all: Vec<SegmentDirection> = (0..graph.segments.len())
            .flat_map(|segment| [true, false].map(|forward| SegmentDirection { segment, forward }))
            .collect();
        for (a, b) in bans {
            let inbound = all[a as usize % all.len()];
            let out: Vec<_> = all.iter().filter(|d| graph.tail(**d) == graph.head(inbound)).collect();
            graph.bans.insert((inbound, *out[b as usize % out.len()]));
        }
        let count = graph.segments.len();
        graph.retain(&vec![true; count]);
        graph
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn times_capacities_and_reachability_stay(graph in any_graph()) {
        assert_same(&graph);
    }
}

#[test]
fn a_chain_becomes_one_segment() {
    let mut graph = RoadGraph { junctions: (0..4).map(junction).collect(), ..RoadGraph::default() };
    graph.segments = vec![segment(0, 0, 1, 0, 1), segment(1, 2, 1, 0, 2), segment(2, 2, 3, 0, 3)];
    simplify(&mut graph);
    assert_eq!(graph.segments.len(), 1);
    let joined = &graph.segments[0];
    assert_eq!((joined.way, joined.from, joined.to), (0, 0, 1));
    assert_eq!(joined.line, [(0.0, 0.0), (1.0, 0.0), (2.0, 0.0), (3.0, 0.0)]);
    assert_eq!(graph.junctions.iter().map(|j| j.number).collect::<Vec<_>>(), [0, 3]);
}

#[test]
fn a_ring_keeps_two_junctions() {
    let mut graph = RoadGraph { junctions: (0..4).map(junction).collect(), ..RoadGraph::default() };
    graph.segments = (0..4).map(|n| segment(n, n, (n + 1) % 4, 0, 1)).collect();
    assert_same(&graph);
    simplify(&mut graph);
    assert_eq!((graph.segments.len(), graph.junctions.len()), (2, 2));
}

#[test]
fn roads_between_the_same_junctions_stay_apart() {
    let mut graph = RoadGraph { junctions: (0..4).map(junction).collect(), ..RoadGraph::default() };
    graph.segments =
        vec![segment(0, 0, 1, 0, 1), segment(1, 1, 0, 0, 2), segment(2, 1, 2, 0, 3), segment(3, 0, 3, 0, 3)];
    assert_same(&graph);
    simplify(&mut graph);
    assert_eq!(graph.segments.len(), 4);
}
