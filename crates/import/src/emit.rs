//! Writing a graph down as rows of the tables.

use clearway_model::{JunctionControl, JunctionRow, LinkRow, MovementRow, NodeRow};
use std::collections::HashSet;

use crate::capacity::reserved_pcu_h;
use crate::geometry::{simplify_line, to_wkt};
use crate::graph::{RoadGraph, RoadSegment, SegmentDirection};
use crate::opening::RoadOpening;
use crate::travel::{DirectionTravel, DriveFigures, WalkFigures};
use crate::{ImportOptions, RoadMap};

/// No lane passes more; what is stated above is of another unit, pcu/h. Scenarios may not state more.
pub(crate) const MOST_LANE_PCU_H: f64 = 3000.0;

/// Fills nodes, links, movements and boundary nodes of a road map.
pub(crate) fn emit(graph: &RoadGraph, options: &ImportOptions, map: &mut RoadMap) {
    let ids: Vec<String> = graph.junctions.iter().map(crate::graph::RoadJunction::id).collect();
    for (junction, id) in graph.junctions.iter().zip(&ids) {
        map.nodes.push(NodeRow {
            node_id: id.clone(),
            name: String::new(),
            x_coord: junction.lon,
            y_coord: junction.lat,
        });
        if junction.is_edge {
            map.boundary_nodes.push(id.clone());
        }
    }
    let ends = RaisedEnds::new(map);
    for segment in &graph.segments {
        let line = ends.simplified(&segment.line, options.geometry_tolerance_m);
        let (from, to) = (&ids[segment.from], &ids[segment.to]);
        if segment.forward.is_open() {
            map.links.push(link_row(segment, true, from, to, to_wkt(&line)));
        }
        if segment.backward.is_open() {
            let line: Vec<_> = line.into_iter().rev().collect();
            map.links.push(link_row(segment, false, to, from, to_wkt(&line)));
        }
    }
    map.junctions = approaches(graph, &ids);
    for (inbound, outbound) in &graph.bans {
        let (ib, ob) = (direction_id(graph, *inbound), direction_id(graph, *outbound));
        map.movements.push(MovementRow {
            mvmt_id: format!("{ib}:{ob}"),
            node_id: ids[graph.head(*inbound)].clone(),
            ib_link_id: ib,
            ob_link_id: ob,
            prohibited: "1".into(),
        });
    }
}

/// What the map says of who waits at junctions, by approach, in the order of links: what holds for the whole junction, else that a
/// roundabout is entered, else the last sign on the way to it.
fn approaches(graph: &RoadGraph, ids: &[String]) -> Vec<JunctionRow> {
    let mut on_round = vec![false; graph.junctions.len()];
    for segment in graph.segments.iter().filter(|segment| segment.is_round) {
        on_round[segment.from] = true;
        on_round[segment.to] = true;
    }
    let mut rows = Vec::new();
    for (index, segment) in graph.segments.iter().enumerate() {
        for forward in [true, false] {
            let direction = SegmentDirection { segment: index, forward };
            if graph.travel(direction).drive.is_none() {
                continue;
            }
            let is_one_way =
                graph.travel(SegmentDirection { forward: !forward, ..direction }).drive.is_none();
            let head = graph.head(direction);
            let last_sign = || {
                let holding =
                    segment.signs.iter().filter(|sign| sign.holds(forward, segment.length_m, is_one_way));
                let left_m = |at_m: f64| if forward { segment.length_m - at_m } else { at_m };
                holding.min_by(|a, b| left_m(a.at_m).total_cmp(&left_m(b.at_m))).map(|sign| sign.control)
            };
            let enters_round = on_round[head] && !segment.is_round;
            let control = graph.junctions[head]
                .control
                .or(enters_round.then_some(JunctionControl::Roundabout))
                .or_else(last_sign);
            if let Some(control) = control {
                rows.push(JunctionRow {
                    node_id: ids[head].clone(),
                    link_id: link_id(segment, forward),
                    control,
                    ..JunctionRow::default()
                });
            }
        }
    }
    rows
}

/// Ends of bridges and tunnels, which stay in the lines that are drawn: between them a road is not on the ground.
struct RaisedEnds(HashSet<[u64; 2]>);

impl RaisedEnds {
    fn new(map: &RoadMap) -> Self {
        let ends = map.raised.iter().flat_map(|raised| [raised.course.first(), raised.course.last()]);
        Self(ends.flatten().map(|at| at.map(f64::to_bits)).collect())
    }

    /// A line without the points that do not matter.
    fn simplified(&self, line: &[(f64, f64)], tolerance_m: f64) -> Vec<(f64, f64)> {
        if self.0.is_empty() {
            return simplify_line(line, tolerance_m);
        }
        let mut made: Vec<(f64, f64)> = Vec::new();
        let mut begin = 0;
        for end in 1..line.len() {
            let is_end =
                end + 1 == line.len() || self.0.contains(&[line[end].0, line[end].1].map(f64::to_bits));
            if is_end {
                // the last point of a stretch is the first of the next
                made.pop();
                made.extend(simplify_line(&line[begin..=end], tolerance_m));
                begin = end;
            }
        }
        made
    }
}

fn direction_id(graph: &RoadGraph, direction: SegmentDirection) -> String {
    link_id(&graph.segments[direction.segment], direction.forward)
}

/// `w`, the way's number, the piece's number; `r` against the way's direction.
fn link_id(segment: &RoadSegment, forward: bool) -> String {
    let back = if forward { "" } else { "r" };
    format!("w{}-{}{back}", segment.way, segment.piece)
}

fn link_row(segment: &RoadSegment, forward: bool, from: &str, to: &str, geometry: String) -> LinkRow {
    let DirectionTravel { drive, walk } = if forward { segment.forward } else { segment.backward };
    let length_m = rounded_length_m(segment.length_m);
    let mut row = LinkRow {
        link_id: link_id(segment, forward),
        name: segment.name.to_string(),
        from_node_id: from.to_string(),
        to_node_id: to.to_string(),
        directed: "true".into(),
        facility_type: segment.class.as_str().into(),
        length: Some(rounded(length_m / 1000.0, 100_000.0)),
        length_m: Some(length_m),
        geometry,
        ..LinkRow::default()
    };
    if let Some(drive) = drive {
        set_drive(&mut row, drive, length_m);
    }
    if let Some(walk) = walk {
        set_walk(&mut row, walk);
    }
    row
}

/// Fills the columns for vehicles; they stay empty where vehicles may not go.
pub(crate) fn set_drive(row: &mut LinkRow, drive: DriveFigures, length_m: f64) {
    row.lanes = Some(drive.lanes.usual);
    // GMNS knows one figure per lane; where the number of lanes is a range there is none.
    let lanes_are_sure = drive.lanes.least >= drive.lanes.usual && drive.lanes.most <= drive.lanes.usual;
    row.capacity = lanes_are_sure
        .then(|| rounded(drive.high_pcu_h / drive.lanes.usual, 100.0))
        .filter(|per_lane| *per_lane <= MOST_LANE_PCU_H);
    row.free_speed = Some(rounded(length_m / drive.time_ms as f64 * 3600.0, 100.0));
    row.capacity_pcu_h = Some(drive.central_pcu_h);
    row.capacity_pcu_h_low = Some(drive.low_pcu_h);
    row.capacity_pcu_h_high = Some(drive.high_pcu_h);
    // As much reserved as there is: closed in every case but the optimistic one, in which nothing is reserved.
    row.reserved_pcu_h = Some(match drive.opening {
        RoadOpening::Open => reserved_pcu_h(drive.central_pcu_h),
        RoadOpening::Optimistic | RoadOpening::Closed => drive.central_pcu_h,
    });
    row.time_ms = Some(drive.time_ms);
    row.time_ms_low = Some(drive.time_low_ms);
}

/// Fills the columns for walkers; they stay empty where nobody walks.
pub(crate) fn set_walk(row: &mut LinkRow, walk: WalkFigures) {
    row.walk_capacity_people_h = Some(walk.capacity.central);
    row.walk_capacity_people_h_low = Some(walk.capacity.low);
    row.walk_capacity_people_h_high = Some(walk.capacity.optimistic);
    row.walk_time_ms = Some(walk.time_ms);
    row.walk_time_ms_low = Some(walk.time_low_ms);
}

/// Centimetres, at least one.
pub(crate) fn rounded_length_m(length_m: f64) -> f64 {
    rounded(length_m, 100.0).max(0.01)
}

fn rounded(value: f64, per_unit: f64) -> f64 {
    (value * per_unit).round() / per_unit
}
