//! Where roads leave the area.
//!
//! An exit is the first node outside the area on a road that goes on from there, or a node at the map's edge inside the
//! area: there the road goes on and only the map ends. Whatever else could be a way out is a proposal (see
//! [`open_ends`](crate::open_ends)) and receives nobody until somebody who knows the place says so: a road that leaves the area and ends soon after,
//! the end of a large road inside it, the near side of a closed gate would receive any number of people in a dead end.

use crate::open_ends::{ExitProposal, proposals};
use crate::plane::{LonLat, MetrePlane};
use crate::region::AreaRegion;
use crate::roads::IndexedRoads;
use std::collections::BTreeMap;

/// A road that leaves the area and ends within this distance is a dead end; roads are kept within it. m.
pub(crate) const MARGIN_M: f64 = 500.0;

/// Why a place is a way out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ExitKind {
    /// A road leaves the area there and goes on.
    Leaves,
    /// A road is cut there by the map's edge.
    MapEdge,
    /// Somebody has confirmed it in a list of exits, whatever the map shows.
    Confirmed,
    /// It looks like one and nobody has said so: receives nobody.
    Proposed,
}

impl ExitKind {
    /// The word in `exits.csv`.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Leaves => "leaves_area",
            Self::MapEdge => "map_edge",
            Self::Confirmed => "confirmed",
            Self::Proposed => "proposed",
        }
    }
}

/// A place where people leave the area.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct AreaExit {
    pub(crate) node: usize,
    /// Name of the road, or its class in words.
    pub(crate) road: String,
    /// Whether `road` is a name.
    pub(crate) is_named: bool,
    /// Class of the road.
    pub(crate) class: String,
    /// Capacity of the links that lead there, pcu/h or people/h, by which roads are ranked when several are named together.
    pub(crate) capacity: f64,
    /// From the middle of the area, degrees clockwise from north.
    pub(crate) bearing: f64,
    pub(crate) kind: ExitKind,
}

impl AreaExit {
    /// The exit at a node that these links lead to.
    pub(crate) fn at(
        roads: &IndexedRoads,
        area: &AreaRegion,
        node: usize,
        links: &[usize],
        kind: ExitKind,
    ) -> Self {
        let (road, is_named) = road_name(roads, links);
        let class = links.first().map_or_else(String::new, |&l| roads.network.links[l].facility_type.clone());
        let capacity = links.iter().map(|&l| roads.capacity(l)).sum();
        let bearing = bearing(area.plane(), area.frame.centre(), roads.place(node));
        Self { node, road, is_named, class, capacity, bearing, kind }
    }
}

/// Exits of an area, places that could be exits, and roads that leave it from nowhere.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct FoundExits {
    /// Clockwise from north as seen from the middle of the area.
    pub(crate) exits: Vec<AreaExit>,
    /// What could be an exit and is not taken for one, likewise.
    pub(crate) proposals: Vec<ExitProposal>,
    /// Names of roads that leave the area and that nobody in it can reach.
    pub(crate) unreached: Vec<String>,
    /// Nodes outside the area from which one gets away from it: whoever is there has left.
    pub(crate) goes_on: Vec<bool>,
}

/// Distance of every node to the area, m; 0 inside.
pub(crate) fn distances(roads: &IndexedRoads, area: &AreaRegion) -> Vec<f64> {
    (0..roads.node_count()).map(|n| area.distance_m(roads.place(n))).collect()
}

/// Finds the exits. `distance` is that of each node to the area.
pub(crate) fn find_exits(roads: &IndexedRoads, area: &AreaRegion, distance: &[f64]) -> FoundExits {
    let inside = |n: usize| distance[n] == 0.0;
    let mut crossings: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for link in (0..roads.tail.len()).filter(|&l| roads.is_usable(l)) {
        let (tail, head) = (roads.tail[link], roads.head[link]);
        if inside(tail) && (!inside(head) || (roads.boundary[head] && head != tail)) {
            crossings.entry(head).or_default().push(link);
        }
    }
    // Short pieces cut off at the map's edge lead out of it and from nowhere.
    let starts: Vec<bool> =
        (0..roads.node_count()).map(|n| inside(n) && !crossings.contains_key(&n)).collect();
    let reached = roads.reachable_from(&starts);
    let mut unreached: Vec<String> = Vec::new();
    crossings.retain(|&node, links| {
        if !reached[node] {
            unreached.push(road_name(roads, links).0);
        }
        reached[node]
    });
    unreached.sort();
    let far: Vec<bool> = (0..roads.node_count())
        .map(|n| !inside(n) && (roads.boundary[n] || distance[n] >= MARGIN_M))
        .collect();
    let goes_on = goes_on(roads, &far, inside);
    let at_edge = |n: usize| inside(n) && roads.boundary[n];
    let mut exits = Vec::new();
    let mut ending: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (node, links) in crossings {
        let kind = match (at_edge(node), goes_on[node]) {
            (true, _) => ExitKind::MapEdge,
            (false, true) => ExitKind::Leaves,
            (false, false) => {
                ending.insert(node, links);
                continue;
            }
        };
        exits.push(AreaExit::at(roads, area, node, &links, kind));
    }
    exits.sort_by(|a, b| a.bearing.total_cmp(&b.bearing).then(a.node.cmp(&b.node)));
    let proposals = proposals(roads, area, distance, &ending, &exits);
    FoundExits { exits, proposals, unreached, goes_on }
}

/// Nodes outside the area from which one gets far without coming back into it. Turn bans are not looked at: a road that
/// goes on is one even where a turn is forbidden.
fn goes_on(roads: &IndexedRoads, far: &[bool], inside: impl Fn(usize) -> bool) -> Vec<bool> {
    let mut good = far.to_vec();
    let mut stack: Vec<usize> = (0..good.len()).filter(|&n| good[n]).collect();
    while let Some(node) = stack.pop() {
        for &link in roads.entering(node) {
            let tail = roads.tail[link];
            if !good[tail] && !inside(tail) {
                good[tail] = true;
                stack.push(tail);
            }
        }
    }
    good
}

/// The first name among the links, or the class of the first one; and whether it is a name.
fn road_name(roads: &IndexedRoads, links: &[usize]) -> (String, bool) {
    if let Some(name) = links.iter().map(|&l| &roads.network.links[l].name).find(|name| !name.is_empty()) {
        return (name.clone(), true);
    }
    let class =
        links.first().map_or(String::new(), |&l| roads.network.links[l].facility_type.replace('_', " "));
    let words = match class.as_str() {
        "" => "unnamed road".to_owned(),
        link if link.ends_with(" link") => format!("unnamed {link}"),
        class => format!("unnamed {class} road"),
    };
    (words, false)
}

/// Degrees clockwise from north.
pub(crate) fn bearing(plane: MetrePlane, from: LonLat, to: LonLat) -> f64 {
    let (a, b) = (plane.metres(from), plane.metres(to));
    (b[0] - a[0]).atan2(b[1] - a[1]).to_degrees().rem_euclid(360.0)
}

pub(crate) fn wind(bearing: f64) -> &'static str {
    const WINDS: [&str; 8] =
        ["north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west"];
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let at = ((bearing + 22.5) / 45.0).floor() as usize;
    WINDS[at % 8]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn winds() {
        let plane = MetrePlane::new([0.0, 0.0]);
        for (to, expected) in
            [([0.0, 1.0], "north"), ([1.0, 1.0], "north-east"), ([-1.0, 0.0], "west"), ([-0.3, 1.0], "north")]
        {
            assert_eq!(wind(bearing(plane, [0.0, 0.0], to)), expected);
        }
    }
}
