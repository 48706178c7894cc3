//! Joins places of a finished scenario to its roads: facilities, and sites and zones that somebody has edited.
//!
//! The same rules as for a new scenario: the nearest usable road, wherever it leads, and none beyond the greatest distance.

use crate::connectors::time_ms;
use crate::join::{connector, speed};
use crate::nearest::{LISTED_M, RoadIndex, WITHIN_M, local_roads, remnants};
use crate::plane::{LonLat, MetrePlane};
use crate::request::RoadNetwork;
use crate::roads::IndexedRoads;
use crate::site_roads::roads_of_site;
use crate::sites::SiteDraft;
use clearway_model::{ConnectorPlace, ConnectorRow, Fault, Faults, Mode, Scenario};
use serde_json::Map;
use std::collections::{BTreeMap, BTreeSet};

/// The roads of a scenario, ready to be asked which is nearest.
pub struct ScenarioRoads {
    roads: IndexedRoads,
    index: RoadIndex,
    plane: MetrePlane,
    mode: Mode,
}

impl ScenarioRoads {
    /// Indexes the roads of a scenario.
    ///
    /// # Errors
    /// Links or turns that name what is not there, or no roads at all.
    pub fn new(scenario: &Scenario) -> Result<Self, Faults> {
        let network = RoadNetwork {
            nodes: scenario.nodes.clone(),
            links: scenario.links.clone(),
            movements: scenario.movements.clone(),
            ..RoadNetwork::default()
        };
        let mode = scenario.settings.class.first().map_or(Mode::Vehicle, |class| class.mode);
        let roads = IndexedRoads::new(network, mode)?;
        let centre = roads.frame().map_or([0.0, 0.0], |frame| frame.centre());
        let plane = MetrePlane::new(centre);
        let local = local_roads(&roads, &remnants(&roads, &roads.parts(|_| true)));
        let index = RoadIndex::new(&roads, plane, |link| local[link]);
        Ok(Self { roads, index, plane, mode })
    }

    /// The junction or end of its nearest road at which a facility's vehicles come and go: its id, its straight distance and the
    /// distance of the road, m. `None` without roads.
    pub fn of_facility(&self, at: LonLat) -> Option<(String, f64, f64)> {
        let nearest = self.index.nearest(at)?;
        let ends = nearest.links.iter().flat_map(|&link| [self.roads.tail[link], self.roads.head[link]]);
        let distance = |node: usize| self.plane.distance(self.roads.place(node), at);
        // Both ways where there is a choice; else the road is a trap, which the plan shows.
        let is_through = |n: usize| !self.roads.leaving(n).is_empty() && !self.roads.entering(n).is_empty();
        let node = ends.min_by(|&a, &b| {
            is_through(b).cmp(&is_through(a)).then(distance(a).total_cmp(&distance(b))).then(a.cmp(&b))
        })?;
        Some((self.roads.network.nodes[node].node_id.clone(), distance(node), nearest.distance_m))
    }

    /// A fault where a facility is too far from any road, a warning where it is worth a look.
    pub fn judge(file: &str, place: &str, road_m: f64) -> Option<Fault> {
        let distance = format!("{road_m:.0}");
        if road_m > WITHIN_M {
            let fault = Fault::error(file, place, format!("a road within {WITHIN_M} m, in the map"));
            let hint = "nobody knows what lies between it and a road farther away: correct its place, or leave it out";
            return Some(fault.field("distance_m", distance).hint(hint));
        }
        let warning = Fault::warning(file, place, format!("a place within {LISTED_M} m of a road"));
        (road_m > LISTED_M).then(|| {
            warning.field("distance_m", distance).hint("joined to the nearest road over this distance")
        })
    }
}

/// The connectors of a scenario whose places were edited, and what of them is new.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct JoinedPlaces {
    /// All rows of `connectors.csv`.
    pub connectors: Vec<ConnectorRow>,
    /// Places whose rows were made.
    pub made: Vec<String>,
    /// What is worth a look.
    pub warnings: Faults,
}

/// Makes the connectors of a scenario fit its tables: sites that have moved or are new, and new zones, are joined to their nearest road; rows
/// of places that are no more go. `moved` are ids of sites to join anew; all others that have a connector keep theirs.
///
/// # Errors
/// Places without coordinates, or with no road near enough; all of them together.
pub fn reconnect(scenario: &Scenario, moved: &BTreeSet<String>) -> Result<JoinedPlaces, Faults> {
    let cut_arcs = ScenarioRoads::new(scenario)?;
    let mut faults = Faults::default();
    let mut result = JoinedPlaces::default();
    let mut rows: BTreeMap<(bool, &str), Vec<ConnectorRow>> = BTreeMap::new();
    for row in &scenario.connectors {
        rows.entry((row.place == ConnectorPlace::Site, row.place_id.as_str())).or_default().push(row.clone());
    }
    let zones = scenario.zones.iter().map(|z| (ConnectorPlace::Zone, &z.zone_id, z.x_coord, z.y_coord));
    let sites = scenario.sites.iter().map(|s| (ConnectorPlace::Site, &s.site_id, s.x_coord, s.y_coord));
    for (place, id, x, y) in zones.chain(sites) {
        let is_site = place == ConnectorPlace::Site;
        let kept = rows.remove(&(is_site, id.as_str()));
        if let Some(kept) = kept.filter(|_| !(is_site && moved.contains(id))) {
            result.connectors.extend(kept);
            continue;
        }
        let (file, word) = if is_site { ("sites.csv", "site") } else { ("zones.csv", "zone") };
        let name = format!("{word} {id}");
        let (Some(x), Some(y)) = (x, y) else {
            let fault = Fault::error(file, &name, "x_coord and y_coord");
            faults.push(fault.hint("without them nobody knows which road is the nearest"));
            continue;
        };
        let (ends, road_m) = cut_arcs.ends(is_site, [x, y]);
        let found = ScenarioRoads::judge(file, &name, road_m);
        faults.0.extend(found);
        let speed = speed(cut_arcs.mode);
        for (number, (node, distance)) in ends.into_iter().enumerate() {
            result.connectors.push(connector(place, id, number + 1, &node, time_ms(distance, speed)));
        }
        result.made.push(name);
    }
    if faults.has_errors() {
        return Err(faults);
    }
    result.warnings = faults;
    Ok(result)
}

impl ScenarioRoads {
    /// Nodes of a place with their distances, and the distance of its road, m.
    fn ends(&self, is_site: bool, at: LonLat) -> (Vec<(String, f64)>, f64) {
        if !is_site {
            let cut_arc = self.of_facility(at);
            return cut_arc
                .map_or((Vec::new(), f64::INFINITY), |(id, metres, road_m)| (vec![(id, metres)], road_m));
        }
        let site =
            SiteDraft { row: Default::default(), at, shape: None, geometry: None, properties: Map::new() };
        let reached = vec![true; self.roads.node_count()];
        let found = roads_of_site(&self.roads, &site, &self.index, &reached, self.plane);
        found.map_or((Vec::new(), f64::INFINITY), |found| {
            let id = |node: usize| self.roads.network.nodes[node].node_id.clone();
            (found.nodes.iter().map(|&(node, metres)| (id(node), metres)).collect(), found.road_m)
        })
    }
}
