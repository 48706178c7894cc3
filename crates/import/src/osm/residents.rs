//! Private roads and gates for those who live behind them: open outward, closed to everybody else.
//!
//! A private road may be left and not entered from a public one, so that nobody drives through an estate. A closed private
//! gate opens outward where the roads behind it have no other way to the rest.

use crate::ImportOptions;
use crate::capacity::RoadClass;
use crate::connect::{largest_component, spread};
use crate::graph::{RoadGraph, RoadSegment};
use crate::osm::barrier::BarrierEffect;
use crate::osm::data::OsmData;
use crate::travel::{DirectionTravel, DriveFigures};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Length of the way through a gate, m. Assumed.
const GATE_LENGTH_M: f64 = 1.0;

/// How much was opened outward for those who live behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct OpenedRoads {
    pub roads: usize,
    pub gates: usize,
}

/// Closes the private ways (numbers in `private`) to those who come from a public road, and opens private gates outward.
pub(crate) fn open_outward(
    graph: &mut RoadGraph,
    data: &OsmData,
    private: &BTreeSet<i64>,
    options: &ImportOptions,
) -> OpenedRoads {
    let mut public = vec![false; graph.junctions.len()];
    for segment in graph.segments.iter().filter(|s| s.is_drivable() && !private.contains(&s.way)) {
        public[segment.from] = true;
        public[segment.to] = true;
    }
    let mut opened = OpenedRoads::default();
    for segment in graph.segments.iter_mut().filter(|s| private.contains(&s.way)) {
        opened.roads += usize::from(segment.is_drivable());
        // Without ways for walkers a direction that nobody drives is no link at all.
        let close = |travel: &mut DirectionTravel| {
            travel.drive = None;
            travel.walk = travel.walk.filter(|_| options.walk);
        };
        if public[segment.from] {
            close(&mut segment.forward);
        }
        if public[segment.to] {
            close(&mut segment.backward);
        }
    }
    let keep: Vec<bool> =
        graph.segments.iter().map(|s| s.forward.is_open() || s.backward.is_open()).collect();
    graph.retain(&keep);
    opened.gates = open_gates(graph, data);
    opened
}

/// Adds a way out through each private gate that parts what has no way to the rest from what has one, until no more are found.
fn open_gates(graph: &mut RoadGraph, data: &OsmData) -> usize {
    let mut near: BTreeMap<i64, usize> = BTreeMap::new();
    let mut gates: Vec<(usize, usize)> = Vec::new();
    for (index, junction) in graph.junctions.iter().enumerate() {
        if junction.side == 0 {
            near.insert(junction.number, index);
        } else if let (Some(&other), Ok(node)) =
            (near.get(&junction.number), data.nodes.binary_search_by_key(&junction.number, |node| node.id))
            && data.nodes[node].gate.as_ref().is_some_and(|gate| gate.barrier == BarrierEffect::Private)
        {
            gates.push((other, index));
        }
    }
    let mut count = 0;
    loop {
        let leads = leads_on(graph);
        let (found, rest): (Vec<_>, Vec<_>) = gates.into_iter().partition(|&(a, b)| leads[a] != leads[b]);
        if found.is_empty() {
            return count;
        }
        gates = rest;
        for (a, b) in found {
            let (inner, outer) = if leads[a] { (b, a) } else { (a, b) };
            let Some(gate) = gate(graph, inner, outer) else { continue };
            let place = graph.segments.partition_point(|s| (s.way, s.piece) < (gate.way, gate.piece));
            graph.segments.insert(place, gate);
            count += 1;
        }
    }
}

/// From which junctions one gets to the main part of the network or to the map's edge.
fn leads_on(graph: &RoadGraph) -> Vec<bool> {
    let count = graph.junctions.len();
    let (mut out, mut into) = (vec![Vec::new(); count], vec![Vec::new(); count]);
    for segment in &graph.segments {
        if segment.forward.drive.is_some() {
            out[segment.from].push(segment.to);
            into[segment.to].push(segment.from);
        }
        if segment.backward.drive.is_some() {
            out[segment.to].push(segment.from);
            into[segment.from].push(segment.to);
        }
    }
    let mut goals = largest_component(&out, &into);
    for (index, junction) in graph.junctions.iter().enumerate() {
        goals[index] |= junction.is_edge;
    }
    spread(&goals, &into)
}

/// The way out through a gate: as wide as the road that leads to it from the inside.
fn gate(graph: &RoadGraph, inner: usize, outer: usize) -> Option<RoadSegment> {
    let to_gate = graph.segments.iter().find_map(|s| {
        let drive = if s.to == inner { s.forward.drive } else { None };
        drive.or(if s.from == inner { s.backward.drive } else { None })
    })?;
    let junction = &graph.junctions[inner];
    let place = (junction.lon, junction.lat);
    let drive = DriveFigures { time_ms: 1, time_low_ms: 1, ..to_gate };
    Some(RoadSegment {
        way: junction.number.saturating_neg(),
        piece: 0,
        from: inner,
        to: outer,
        class: RoadClass::Service,
        name: Arc::from(""),
        line: vec![place, place],
        length_m: GATE_LENGTH_M,
        forward: DirectionTravel { drive: Some(drive), walk: None },
        backward: DirectionTravel { drive: None, walk: None },
        lanes_assumed: false,
        speed_assumed: false,
        is_round: false,
        signs: Vec::new(),
    })
}
