//! Cutting ways into pieces between junctions, and breaking roads at barriers.

use std::sync::Arc;

use crate::ImportOptions;
use crate::capacity::RoadClass;
use crate::geometry::length_m;
use crate::graph::{RoadGraph, RoadJunction, RoadSegment, RoadSign};
use crate::opening::RoadOpening;
use crate::osm::barrier::BarrierEffect;
use crate::osm::data::{OsmData, OsmNode, SignalSide};
use crate::osm::way::{DriveUse, WayUse};
use crate::remark::{RemarkKind, RoadTreatment};
use crate::travel::{DirectionTravel, DriveBasis, DriveFigures, LaneCount, WalkFigures};

/// Usable width of the foot passage beside a barrier, m. Assumed.
const PASSAGE_WIDTH_M: f64 = 1.5;
/// Length of that passage, m. Assumed.
const PASSAGE_LENGTH_M: f64 = 1.0;

/// A way that is used, by its place in the data.
#[derive(Debug, Clone)]
pub(crate) struct UsedWay {
    pub way: usize,
    pub used_as: WayUse,
}

/// What came of cutting.
#[derive(Debug, Default)]
pub(crate) struct CutWays {
    pub graph: RoadGraph,
    pub signals: u64,
    pub barriers_closing: u64,
    pub barriers_open: u64,
    pub barriers_ignored: u64,
    /// What became of barriers that are not simply open: places in the list of nodes.
    pub gates: Vec<(usize, RemarkKind, RoadTreatment)>,
    /// Used ways of which the file holds no two neighbouring nodes.
    pub without_nodes: u64,
}

/// A stretch of a way of which all nodes are in the file.
struct NodeRun {
    /// Places in the list of nodes.
    nodes: Vec<usize>,
    used: usize,
}

/// Cuts the used ways at junctions, ends, barriers and the nodes in `pinned` (numbers, ascending).
pub(crate) fn cut_ways(data: &OsmData, used: &[UsedWay], pinned: &[i64], options: &ImportOptions) -> CutWays {
    let mut cut = CutWays::default();
    let mut is_edge = vec![false; data.nodes.len()];
    let mut runs = Vec::new();
    for index in 0..used.len() {
        if !add_runs(data, used, index, &mut runs, &mut is_edge) {
            cut.without_nodes += 1;
        }
    }
    let arms = drivable_arms(data, used, &runs);
    let breaks = count_barriers(data, &arms, options, &mut cut);
    let forced: Vec<bool> = (0..data.nodes.len())
        .map(|n| breaks[n].is_some() || is_edge[n] || pinned.binary_search(&data.nodes[n].id).is_ok())
        .collect();
    let is_junction = junctions(&runs, &forced);
    // Junctions get their numbers in the order of the nodes.
    let mut number = vec![usize::MAX; data.nodes.len()];
    for (index, node) in data.nodes.iter().enumerate().filter(|(index, _)| is_junction[*index]) {
        number[index] = cut.graph.junctions.len();
        cut.graph.junctions.push(RoadJunction {
            number: node.id,
            side: 0,
            lon: node.lon,
            lat: node.lat,
            is_edge: is_edge[index],
            is_pinned: false,
            control: node.sign.filter(|sign| sign.is_for_all()).map(|sign| sign.control),
        });
    }
    let mut signal_seen = vec![false; data.nodes.len()];
    let (mut last_used, mut piece) = (usize::MAX, 0);
    for run in &runs {
        let used_way = &used[run.used];
        if run.used != last_used {
            (last_used, piece) = (run.used, 0);
        }
        let mut begin = 0;
        for end in 1..run.nodes.len() {
            if !is_junction[run.nodes[end]] {
                continue;
            }
            piece += 1;
            let nodes = &run.nodes[begin..=end];
            let way = &data.ways[used_way.way];
            let mut made = segment(data, way.id, piece, nodes, used_way, &number, options);
            made.is_round = matches!(way.tags.get("junction"), Some("roundabout" | "circular"));
            made.signs = signs(data, nodes, &arms);
            cut.graph.segments.push(made);
            begin = end;
        }
        if used_way.used_as.is_drivable() {
            for &node in &run.nodes {
                signal_seen[node] |= data.nodes[node].signal != SignalSide::None;
            }
        }
    }
    cut.signals = signal_seen.iter().filter(|seen| **seen).count() as u64;
    break_at_barriers(&mut cut.graph, &breaks, &number, options);
    cut
}

/// Splits a way where nodes are missing. The last node before a missing one is where the map ends, also where it is the only
/// node of its way that is left and another road passes it. False if no piece is left.
fn add_runs(
    data: &OsmData,
    used: &[UsedWay],
    index: usize,
    runs: &mut Vec<NodeRun>,
    is_edge: &mut [bool],
) -> bool {
    let refs = &data.ways[used[index].way].nodes;
    let goes_on = used[index].used_as.is_drivable() && used[index].used_as.class <= RoadClass::LivingStreet;
    let mut found = false;
    let mut nodes: Vec<usize> = Vec::new();
    let mut begins_cut = false;
    for at in 0..=refs.len() {
        let node = refs.get(at).and_then(|id| data.nodes.binary_search_by_key(id, |n| n.id).ok());
        if let Some(node) = node {
            if nodes.last() != Some(&node) {
                nodes.push(node);
            }
            continue;
        }
        let ends_cut = at < refs.len();
        if let (Some(&first), Some(&last)) = (nodes.first(), nodes.last()) {
            is_edge[first] |= begins_cut && goes_on;
            is_edge[last] |= ends_cut && goes_on;
        }
        if nodes.len() > 1 {
            runs.push(NodeRun { nodes: std::mem::take(&mut nodes), used: index });
            found = true;
        }
        nodes.clear();
        begins_cut = true;
    }
    found
}

/// How many road pieces for vehicles meet at each node.
fn drivable_arms(data: &OsmData, used: &[UsedWay], runs: &[NodeRun]) -> Vec<u32> {
    let mut arms = vec![0u32; data.nodes.len()];
    for run in runs.iter().filter(|run| used[run.used].used_as.is_drivable()) {
        for (at, &node) in run.nodes.iter().enumerate() {
            arms[node] += if at == 0 || at + 1 == run.nodes.len() { 1 } else { 2 };
        }
    }
    arms
}

/// Signs along a piece. At an end where several roads meet it is not said on which of them a sign stands.
fn signs(data: &OsmData, nodes: &[usize], arms: &[u32]) -> Vec<RoadSign> {
    let mut found = Vec::new();
    let mut passed: Vec<(f64, f64)> = Vec::new();
    for (at, &node) in nodes.iter().enumerate() {
        let OsmNode { lon, lat, sign, .. } = data.nodes[node];
        passed.push((lon, lat));
        let is_end = at == 0 || at + 1 == nodes.len();
        if let Some(sign) = sign.filter(|_| !is_end || arms[node] == 2) {
            let at_m = length_m(&passed);
            found.push(RoadSign { control: sign.control, direction: sign.direction, at_m });
        }
    }
    found
}

/// How a barrier breaks the road.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RoadBreak {
    /// No vehicle passes, in no case of a scenario.
    Closed,
    /// In every case but the optimistic one.
    Sometimes,
}

/// Which nodes break the road for vehicles: those with a barrier that is not simply open and that join exactly two road pieces.
fn count_barriers(
    data: &OsmData,
    arms: &[u32],
    options: &ImportOptions,
    cut: &mut CutWays,
) -> Vec<Option<RoadBreak>> {
    let mut breaks = vec![None; data.nodes.len()];
    for (index, node) in data.nodes.iter().enumerate().filter(|(index, _)| arms[*index] > 0) {
        let Some(gate) = &node.gate else { continue };
        let (kind, effect) = match gate.barrier {
            BarrierEffect::Open => (RemarkKind::Barrier, None),
            BarrierEffect::Sometimes => (RemarkKind::ConditionalAccess, Some(RoadBreak::Sometimes)),
            BarrierEffect::Private if options.private_roads => (RemarkKind::Private, None),
            BarrierEffect::Private => (RemarkKind::Private, Some(RoadBreak::Closed)),
            BarrierEffect::Closing => (RemarkKind::Barrier, Some(RoadBreak::Closed)),
        };
        let Some(effect) = effect else {
            cut.barriers_open += 1;
            if kind == RemarkKind::Private {
                cut.gates.push((index, kind, RoadTreatment::Used));
            }
            continue;
        };
        if arms[index] == 2 {
            cut.barriers_closing += 1;
            breaks[index] = Some(effect);
            let treatment = if effect == RoadBreak::Closed {
                RoadTreatment::LeftOut
            } else {
                RoadTreatment::OptimisticOnly
            };
            cut.gates.push((index, kind, treatment));
        } else {
            cut.barriers_ignored += 1;
            cut.gates.push((index, RemarkKind::BarrierOnJunction, RoadTreatment::Used));
        }
    }
    breaks
}

/// Which nodes are junctions: ends, places passed more than once, and what is forced if a road passes there.
fn junctions(runs: &[NodeRun], forced: &[bool]) -> Vec<bool> {
    let mut passes = vec![0u32; forced.len()];
    for run in runs {
        for &node in &run.nodes {
            passes[node] += 1;
        }
    }
    let mut is_junction: Vec<bool> =
        passes.iter().zip(forced).map(|(passes, forced)| *passes > 1 || (*passes > 0 && *forced)).collect();
    for run in runs {
        is_junction[run.nodes[0]] = true;
        is_junction[run.nodes[run.nodes.len() - 1]] = true;
    }
    // A piece that ends where it begins is cut once more in its middle.
    let mut middles = Vec::new();
    for run in runs {
        let mut begin = 0;
        for end in 1..run.nodes.len() {
            if is_junction[run.nodes[end]] {
                if run.nodes[begin] == run.nodes[end] {
                    middles.push(run.nodes[usize::midpoint(begin, end)]);
                }
                begin = end;
            }
        }
    }
    for node in middles {
        is_junction[node] = true;
    }
    is_junction
}

fn segment(
    data: &OsmData,
    way: i64,
    piece: u32,
    nodes: &[usize],
    used: &UsedWay,
    number: &[usize],
    options: &ImportOptions,
) -> RoadSegment {
    let used = &used.used_as;
    let places: Vec<&OsmNode> = nodes.iter().map(|&n| &data.nodes[n]).collect();
    let line: Vec<(f64, f64)> = places.iter().map(|n| (n.lon, n.lat)).collect();
    let length_m = length_m(&line);
    // A signal holds up those who come to it, not those who start from it.
    let holds = |nodes: &[&OsmNode], other: SignalSide| {
        nodes.iter().any(|n| n.signal == SignalSide::Both || n.signal == other)
    };
    let signals =
        (holds(&places[1..], SignalSide::Forward), holds(&places[..places.len() - 1], SignalSide::Backward));
    let figures = |drive: Option<DriveUse>, signal: bool| {
        drive.map(|drive| {
            DriveFigures::new(DriveBasis {
                class: used.class,
                opening: drive.opening,
                lanes: LaneCount {
                    least: drive.lanes.least,
                    usual: drive.lanes.usual,
                    most: drive.lanes.most,
                },
                speed_km_h: drive.speed_km_h,
                most_km_h: drive.most_km_h,
                fastest_km_h: drive.fastest_km_h,
                length_m,
                signal,
                green_share: options.green_share,
            })
        })
    };
    let travel = |drive: Option<DriveUse>, signal: bool| DirectionTravel {
        drive: figures(drive, signal),
        walk: used
            .walk_width_m
            .filter(|_| options.walk || drive.is_some())
            .map(|width_m| WalkFigures::new(width_m, length_m)),
    };
    let drives = [used.forward, used.backward];
    RoadSegment {
        way,
        piece,
        from: number[nodes[0]],
        to: number[nodes[nodes.len() - 1]],
        class: used.class,
        name: Arc::clone(&used.name),
        line,
        length_m,
        forward: travel(used.forward, signals.0),
        backward: travel(used.backward, signals.1),
        lanes_assumed: drives.iter().flatten().any(|d| !d.lanes.stated),
        speed_assumed: drives.iter().flatten().any(|d| !d.speed_stated),
        is_round: false,
        signs: Vec::new(),
    }
}

/// Parts the two roads at each barrier: the later one ends at a junction of its own. Walkers get a passage, and so do vehicles where the
/// barrier is open at times.
fn break_at_barriers(
    graph: &mut RoadGraph,
    breaks: &[Option<RoadBreak>],
    number: &[usize],
    options: &ImportOptions,
) {
    let incidence = graph.incidence();
    // Far sides are put in behind their near sides, so that junctions stay in order.
    let mut far_side = Vec::new();
    for (node, effect) in breaks.iter().enumerate().filter_map(|(node, effect)| Some((node, (*effect)?))) {
        let near = number[node];
        let moved = incidence[near].iter().rev().copied().find(|&s| graph.segments[s].is_drivable());
        if let Some(segment) = moved {
            far_side.push((near, segment, effect));
        }
    }
    if far_side.is_empty() {
        return;
    }
    let shift = |junction: usize| junction + far_side.partition_point(|(near, ..)| *near < junction);
    let mut segments = std::mem::take(&mut graph.segments);
    for segment in &mut segments {
        segment.from = shift(segment.from);
        segment.to = shift(segment.to);
    }
    let mut junctions = Vec::with_capacity(graph.junctions.len() + far_side.len());
    let mut passages = Vec::new();
    let mut next = far_side.iter().peekable();
    for (index, junction) in graph.junctions.iter().enumerate() {
        junctions.push(junction.clone());
        let Some((near, moved, effect)) = next.next_if(|(near, ..)| *near == index) else { continue };
        let (near, far) = (shift(*near), junctions.len());
        junctions.push(RoadJunction { side: 1, is_edge: false, ..junction.clone() });
        let moved = &mut segments[*moved];
        // Through the barrier and on along the road, and back.
        let (on, back) = if moved.from == near {
            moved.from = far;
            (moved.forward.drive, moved.backward.drive)
        } else {
            moved.to = far;
            (moved.backward.drive, moved.forward.drive)
        };
        let through = |drive: Option<DriveFigures>| {
            drive
                .filter(|_| *effect == RoadBreak::Sometimes)
                .map(|drive| drive.over(PASSAGE_LENGTH_M, moved.length_m))
                .map(|drive| DriveFigures { opening: RoadOpening::Optimistic, ..drive })
        };
        let drives = (through(on), through(back));
        if options.walk || drives.0.is_some() || drives.1.is_some() {
            passages.push(passage(junction, (near, far), moved.class, drives, options.walk));
        }
    }
    segments.append(&mut passages);
    segments.sort_by_key(|s| (s.way, s.piece));
    graph.junctions = junctions;
    graph.segments = segments;
}

/// The passage from the near to the far side of a barrier. Its number is that of the node, below zero: no way has it.
fn passage(
    barrier: &RoadJunction,
    (near, far): (usize, usize),
    class: RoadClass,
    drives: (Option<DriveFigures>, Option<DriveFigures>),
    walk: bool,
) -> RoadSegment {
    let place = (barrier.lon, barrier.lat);
    let walk = walk.then(|| WalkFigures::new(PASSAGE_WIDTH_M, PASSAGE_LENGTH_M));
    let is_driven = drives.0.is_some() || drives.1.is_some();
    RoadSegment {
        way: barrier.number.saturating_neg(),
        piece: 0,
        from: near,
        to: far,
        class: if is_driven { class } else { RoadClass::Path },
        name: Arc::from(""),
        line: vec![place, place],
        length_m: PASSAGE_LENGTH_M,
        forward: DirectionTravel { drive: drives.0, walk },
        backward: DirectionTravel { drive: drives.1, walk },
        lanes_assumed: false,
        speed_assumed: false,
        is_round: false,
        signs: Vec::new(),
    }
}
