//! Places that look like ways out and are taken for none until somebody confirms them.
//!
//! Roads end at quays, in valleys, at closed gates and where a map was cut without saying so, and the tables do not tell one from the
//! other. So such ends are listed with place, class and reason, and receive nobody: see [`exit_list`](crate::exit_list).

use crate::exits::{AreaExit, ExitKind};
use crate::region::AreaRegion;
use crate::roads::IndexedRoads;
use std::collections::BTreeMap;

/// A road that ends this close to the edge of the box around all roads may be cut there, m.
const NEAR_EDGE_M: f64 = 50.0;

/// Classes of OpenStreetMap that do end in the world; any other class is that of a road that leads on.
const LOCAL: [&str; 15] = [
    "tertiary",
    "tertiary_link",
    "unclassified",
    "residential",
    "living_street",
    "service",
    "track",
    "road",
    "pedestrian",
    "footway",
    "path",
    "steps",
    "cycleway",
    "bridleway",
    "centroid_connector",
];

/// Classes of which no end is worth a question.
const NO_WAY_OUT: [&str; 10] = [
    "service",
    "pedestrian",
    "footway",
    "path",
    "steps",
    "cycleway",
    "bridleway",
    "track",
    "centroid_connector",
    "connector",
];

/// What could be an exit.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ExitProposal {
    pub(crate) exit: AreaExit,
    /// Why it is listed, and why it is none as yet.
    pub(crate) reason: String,
}

impl ExitProposal {
    /// Place, class and reason.
    pub(crate) fn in_words(&self, roads: &IndexedRoads) -> String {
        let node = &roads.network.nodes[self.exit.node];
        let (road, class) = (&self.exit.road, &self.exit.class);
        format!(
            "{road} ({class}) at node {}, {:.5} {:.5}: {}",
            node.node_id, node.x_coord, node.y_coord, self.reason
        )
    }
}

/// All proposals, clockwise. `ending` are nodes outside the area, by the links that lead there, of roads that do not go on.
pub(crate) fn proposals(
    roads: &IndexedRoads,
    area: &AreaRegion,
    distance: &[f64],
    ending: &BTreeMap<usize, Vec<usize>>,
    exits: &[AreaExit],
) -> Vec<ExitProposal> {
    let mut found: Vec<ExitProposal> = Vec::new();
    for (&node, links) in ending {
        let exit = AreaExit::at(roads, area, node, links, ExitKind::Proposed);
        if NO_WAY_OUT.contains(&exit.class.to_lowercase().as_str()) {
            continue;
        }
        found.push(ExitProposal { exit, reason: "leaves the area and ends within 500 m of it".to_owned() });
    }
    let inside = |n: usize| distance[n] == 0.0;
    let main = roads.main_part();
    let in_main: Vec<bool> = (0..main.len()).map(|n| inside(n) && main[n]).collect();
    let starts = if in_main.contains(&true) { in_main } else { (0..main.len()).map(inside).collect() };
    let reached = roads.reachable_from(&starts);
    let ids = roads.nodes_by_id();
    let frame = roads.frame();
    for node in (0..roads.node_count()).filter(|&n| inside(n) && reached[n]) {
        let links = roads.entering(node);
        if links.is_empty() || !is_dead_end(roads, node) || exits.iter().any(|exit| exit.node == node) {
            continue;
        }
        let exit = AreaExit::at(roads, area, node, links, ExitKind::Proposed);
        let id = roads.network.nodes[node].node_id.as_str();
        let class = exit.class.to_lowercase();
        let other_side = match id.strip_suffix('b') {
            Some(near) => ids.get(near),
            None => ids.get(format!("{id}b").as_str()),
        };
        // A barrier within the town, both sides of which are reached, leads nowhere else.
        if other_side.is_some_and(|&other| reached[other]) {
            continue;
        }
        let is_barrier = other_side.is_some();
        let at = roads.place(node);
        let at_edge = frame.is_some_and(|frame| {
            let sides =
                [[frame.min[0], at[1]], [frame.max[0], at[1]], [at[0], frame.min[1]], [at[0], frame.max[1]]];
            sides.into_iter().any(|side| area.plane().distance(side, at) <= NEAR_EDGE_M)
        });
        let reason = if NO_WAY_OUT.contains(&class.as_str()) {
            continue;
        } else if is_barrier {
            "ends at a closed barrier"
        } else if !LOCAL.contains(&class.as_str()) {
            "dead end of a road of a class that leads on"
        } else if at_edge {
            "dead end at the outermost roads of the map, which does not say that it is cut there"
        } else {
            continue;
        };
        found.push(ExitProposal { exit, reason: reason.to_owned() });
    }
    found.sort_by(|a, b| a.exit.bearing.total_cmp(&b.exit.bearing).then(a.exit.node.cmp(&b.exit.node)));
    found
}

/// Whether roads lead to one other node only.
fn is_dead_end(roads: &IndexedRoads, node: usize) -> bool {
    let mut others: Vec<usize> = roads.leaving(node).iter().map(|&l| roads.head[l]).collect();
    others.extend(roads.entering(node).iter().map(|&l| roads.tail[l]));
    others.sort_unstable();
    others.dedup();
    others.len() == 1
}
