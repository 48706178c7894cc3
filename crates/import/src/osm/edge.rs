//! Where roads are cut at the edge of the map.
//!
//! Two signs: a road's node is missing from the file (marked when ways are cut into pieces), or a road that leads on comes
//! to a dead end on, near or outside the edge of what the file says it covers. A file that does not say what it covers is
//! taken to cover the box around its roads.

use crate::ImportOptions;
use crate::geometry::distance_m;
use crate::graph::{Graph, Junction};
use crate::osm::data::Bounds;

/// Marks dead ends at the edge.
pub(crate) fn mark_dead_ends(graph: &mut Graph, stated: Option<Bounds>, options: &ImportOptions) {
    let Some(bounds) = stated.or_else(|| around(&graph.junctions)) else {
        return;
    };
    let incidence = graph.incidence();
    for (index, junction) in graph.junctions.iter_mut().enumerate() {
        let &[only] = incidence[index].as_slice() else { continue };
        let segment = &graph.segments[only];
        let leads_on = segment.is_drivable() && segment.class.is_through() && junction.side == 0;
        if leads_on && depth_m(bounds, junction) <= options.edge_distance_m {
            junction.is_edge = true;
        }
    }
}

/// How far inside the bounds a junction lies, m; 0 or less outside.
fn depth_m(bounds: Bounds, junction: &Junction) -> f64 {
    let (lon, lat) = (junction.lon, junction.lat);
    let Bounds { west, south, east, north } = bounds;
    if lon <= west || lon >= east || lat <= south || lat >= north {
        return 0.0;
    }
    [(west, lat), (east, lat), (lon, south), (lon, north)]
        .into_iter()
        .map(|side| distance_m((lon, lat), side))
        .fold(f64::INFINITY, f64::min)
}

fn around(junctions: &[Junction]) -> Option<Bounds> {
    let first = junctions.first()?;
    let start = Bounds { west: first.lon, south: first.lat, east: first.lon, north: first.lat };
    Some(junctions.iter().fold(start, |b, j| Bounds {
        west: b.west.min(j.lon),
        south: b.south.min(j.lat),
        east: b.east.max(j.lon),
        north: b.north.max(j.lat),
    }))
}
