//! Water from which floods come, and the roads that do not lie on the ground beside it.

use crate::osm::data::{OsmData, OsmNode, OsmTags, OsmWay};
use crate::osm::pieces::UsedWay;
use clearway_model::{RaisedRoad, WaterLine};

/// Whether a way is water that stands as high as a river or the sea: rivers, canals, coasts. A stream or a ditch may lie behind a dike, and a
/// pond has a level of its own.
pub(crate) fn is_water(tags: &OsmTags) -> bool {
    let waterway = tags.get("waterway");
    if waterway.is_some() && tags.get("tunnel").is_some_and(|value| value != "no") {
        return false;
    }
    matches!(waterway, Some("river" | "canal" | "tidal_channel" | "riverbank" | "fairway"))
        || matches!(tags.get("natural"), Some("coastline" | "bay" | "strait"))
        || matches!(tags.get("water"), Some("river" | "canal" | "lagoon"))
}

/// The stretches of a water of which the file holds the nodes (ascending by id).
pub(crate) fn water_lines(way: &OsmWay, nodes: &[OsmNode]) -> Vec<WaterLine> {
    let place = |id: &i64| {
        let at = nodes.binary_search_by_key(id, |node| node.id).ok()?;
        Some([nodes[at].lon, nodes[at].lat])
    };
    let name = way.tags.get("name").unwrap_or_default();
    let places: Vec<Option<[f64; 2]>> = way.nodes.iter().map(place).collect();
    places
        .split(Option::is_none)
        .filter(|stretch| stretch.len() > 1)
        .map(|stretch| WaterLine {
            name: name.to_owned(),
            course: stretch.iter().flatten().copied().collect(),
        })
        .collect()
}

/// Bridges and tunnels among the roads that are used. A ford and a low-water crossing lie on the ground.
pub(crate) fn raised_roads(data: &OsmData, used: &[UsedWay]) -> Vec<RaisedRoad> {
    let place = |id: &i64| {
        let at = data.nodes.binary_search_by_key(id, |node| node.id).ok()?;
        Some([data.nodes[at].lon, data.nodes[at].lat])
    };
    let stated = |tags: &OsmTags, key: &str| tags.get(key).is_some_and(|value| value != "no");
    used.iter()
        .filter_map(|used| {
            let way = &data.ways[used.way];
            let is_tunnel = stated(&way.tags, "tunnel");
            let is_bridge = stated(&way.tags, "bridge") && !way.tags.is("bridge", "low_water_crossing");
            (is_tunnel || is_bridge)
                .then(|| RaisedRoad { is_tunnel, course: way.nodes.iter().filter_map(place).collect() })
        })
        .filter(|raised| raised.course.len() > 1)
        .collect()
}
