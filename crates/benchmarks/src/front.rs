//! A hazard front that moves over the map.

use crate::definition::{HazardFront, MapSide};
use clearway_model::time::ms_from_hours;
use clearway_model::{ClosureKind, ClosureRow, ClosureTarget, ConnectorPlace, NodeRow, Scenario};
use std::collections::{BTreeMap, BTreeSet};

/// Closes to presence, from when the front gets there and for good: each link of which an end is reached, each node, and
/// each zone whose label point or more than half of whose nodes are reached (as `clearway resolve` does). Sites that it
/// would reach are taken away: nobody would receive people there. The front moves evenly and then stays.
pub fn add_front(scenario: &mut Scenario, front: &HazardFront) {
    let along = |x: f64, y: f64| match front.side {
        MapSide::West => x,
        MapSide::East => -x,
        MapSide::South => y,
        MapSide::North => -y,
    };
    let place = |node: &NodeRow| along(node.x_coord, node.y_coord);
    let least = scenario.nodes.iter().map(place).fold(f64::INFINITY, f64::min);
    let most = scenario.nodes.iter().map(place).fold(f64::NEG_INFINITY, f64::max);
    // When a place is reached, ms; never for those beyond the front's end.
    let reached = |place: f64| {
        let share = (place - least) / (most - least).max(1e-12) / front.share;
        (share < 1.0).then(|| ms_from_hours(front.from_h + share * (front.until_h - front.from_h)))
    };
    let when: BTreeMap<&str, i64> = scenario
        .nodes
        .iter()
        .filter_map(|node| Some((node.node_id.as_str(), reached(place(node))?)))
        .collect();
    let close = |target: ClosureTarget, word: &str, id: &str, from_ms: i64| ClosureRow {
        closure_id: format!("front:{word}:{id}"),
        target,
        target_id: id.into(),
        from_ms,
        kind: ClosureKind::Presence,
        cause: "front".into(),
        ..ClosureRow::default()
    };
    let mut closures = Vec::new();
    for link in &scenario.links {
        let ends = [when.get(link.from_node_id.as_str()), when.get(link.to_node_id.as_str())];
        if let Some(&first) = ends.into_iter().flatten().min() {
            closures.push(close(ClosureTarget::Link, "link", &link.link_id, first));
        }
    }
    closures.extend(when.iter().map(|(node, &at)| close(ClosureTarget::Node, "node", node, at)));
    let mut nodes_of: BTreeMap<&str, Vec<Option<i64>>> = BTreeMap::new();
    for row in scenario.connectors.iter().filter(|row| row.place == ConnectorPlace::Zone) {
        nodes_of.entry(row.place_id.as_str()).or_default().push(when.get(row.node_id.as_str()).copied());
    }
    for zone in &scenario.zones {
        let label = zone.x_coord.zip(zone.y_coord).and_then(|(x, y)| reached(along(x, y)));
        let mut times: Vec<Option<i64>> =
            nodes_of.get(zone.zone_id.as_str()).into_iter().flatten().copied().collect();
        // nodes that are never reached come last
        times.sort_unstable_by_key(|at| (at.is_none(), *at));
        // The time at which more than half of the nodes are reached.
        let half = times.get(times.len() / 2).copied().flatten();
        if let Some(at) = label.into_iter().chain(half).min() {
            closures.push(close(ClosureTarget::Zone, "zone", &zone.zone_id, at));
        }
    }
    let gone: BTreeSet<String> = scenario
        .connectors
        .iter()
        .filter(|row| row.place == ConnectorPlace::Site && when.contains_key(row.node_id.as_str()))
        .map(|row| row.place_id.clone())
        .collect();
    scenario.closures.extend(closures);
    scenario.sites.retain(|site| !gone.contains(&site.site_id));
    scenario.connectors.retain(|row| row.place == ConnectorPlace::Zone || !gone.contains(&row.place_id));
}
