//! Where roads are cut at the edge of the map.
//!
//! Two signs. A node of a road is missing from the file (marked when ways are cut into pieces). A road that leads on comes
//! to a dead end on, near or outside the edge of what the file says it covers. A dead end is a node
//! of one way only; where a path or a ferry goes on, the map goes on, and a road that a barrier closes ends at the barrier.
//!
//! Anything else is no sign: large roads, too, end at quays, in valleys and at gates, and a file that does not say what it
//! covers has no edge to be near.

use crate::ImportOptions;
use crate::graph::RoadGraph;
use crate::osm::coverage::MapCoverage;
use crate::osm::data::OsmData;
use std::collections::BTreeSet;

/// Nodes where a road is cut, by the sign that says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct EdgeCount {
    pub missing_nodes: u64,
    pub near_bounds: u64,
}

/// Marks dead ends at the edge; junctions marked before are counted.
pub(crate) fn mark_dead_ends(graph: &mut RoadGraph, data: &OsmData, options: &ImportOptions) -> EdgeCount {
    let mut count = EdgeCount::default();
    let Some(coverage) = MapCoverage::new(data.bounds.clone()) else {
        count.missing_nodes = graph.junctions.iter().filter(|junction| junction.is_edge).count() as u64;
        return count;
    };
    let passes = passes(data);
    let incidence = graph.incidence();
    let barriers: BTreeSet<i64> =
        graph.junctions.iter().filter(|junction| junction.side > 0).map(|junction| junction.number).collect();
    for (index, junction) in graph.junctions.iter_mut().enumerate() {
        if junction.is_edge {
            count.missing_nodes += 1;
            continue;
        }
        let &[only] = incidence[index].as_slice() else { continue };
        let node = data.nodes.binary_search_by_key(&junction.number, |n| n.id);
        let ends = !barriers.contains(&junction.number) && node.is_ok_and(|node| passes[node] == 1);
        let segment = &graph.segments[only];
        if !ends || !segment.is_drivable() {
            continue;
        }
        if segment.class.is_through()
            && coverage.is_at_edge((junction.lon, junction.lat), options.edge_distance_m)
        {
            junction.is_edge = true;
            count.near_bounds += 1;
        }
    }
    count
}

/// How often ways of any kind pass each node.
fn passes(data: &OsmData) -> Vec<u32> {
    let mut passes = vec![0; data.nodes.len()];
    for way in &data.ways {
        for id in &way.nodes {
            if let Ok(node) = data.nodes.binary_search_by_key(id, |n| n.id) {
                passes[node] += 1;
            }
        }
    }
    passes
}
