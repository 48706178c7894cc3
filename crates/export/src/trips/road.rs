//! Nodes and edges of a scenario and of what a plan uses of its connectors and admissions.

use super::{EdgeKind, TrafficEdge, TrafficNode};
use crate::plane::LocalMetres;
use crate::tables::PlanFacts;
use clearway_model::Route;
use clearway_model::number::{float, round};
use clearway_model::time::seconds;
use clearway_network::{ElementIndex, ElementKind, LinkRooms};
use std::collections::{BTreeMap, BTreeSet};

/// Length of an edge that stands for no road, m.
const AWAY_M: f64 = 1000.0;
/// Seconds on it at the least: programs that go second by second lose who passes faster.
const LEAST_S: f64 = 1.0;
/// Shortest edge, m, and time on one, s.
const SHORTEST_M: f64 = 0.2;
const SHORTEST_S: f64 = 0.001;

/// Makes the network piece by piece.
pub(super) struct NetworkMaker<'a> {
    facts: &'a PlanFacts<'a>,
    pub plane: LocalMetres,
    pub nodes: Vec<TrafficNode>,
    pub edges: Vec<TrafficEdge>,
    /// Names that are given.
    names: BTreeSet<String>,
    /// Nodes of the scenario, by their ids.
    node_of: BTreeMap<&'a str, usize>,
    links: BTreeMap<&'a str, usize>,
    made: BTreeMap<(&'static str, String), usize>,
    /// Nodes that stand for no junction.
    away: BTreeMap<(&'static str, String), usize>,
    connectors: BTreeMap<&'a str, ElementIndex>,
    admissions: BTreeMap<&'a str, ElementIndex>,
}

impl<'a> NetworkMaker<'a> {
    /// All nodes and all links that are open to vehicles.
    pub fn new(facts: &'a PlanFacts<'a>) -> Self {
        let scenario = &facts.source.scenario;
        let positions: Vec<[f64; 2]> =
            scenario.nodes.iter().map(|node| [node.x_coord, node.y_coord]).collect();
        let mut maker = Self {
            facts,
            plane: LocalMetres::around(&positions),
            nodes: Vec::new(),
            edges: Vec::new(),
            names: BTreeSet::new(),
            node_of: BTreeMap::new(),
            links: BTreeMap::new(),
            made: BTreeMap::new(),
            away: BTreeMap::new(),
            connectors: BTreeMap::new(),
            admissions: BTreeMap::new(),
        };
        for (node, position) in scenario.nodes.iter().zip(&positions) {
            let place = maker.plane.metres(*position);
            let at = maker.node(&node.node_id, place);
            maker.node_of.insert(&node.node_id, at);
        }
        let rooms = LinkRooms::new(scenario, &facts.figures.network);
        for (element, of) in facts.figures.network.elements.iter_enumerated() {
            match of.kind {
                ElementKind::Link(row) => {
                    maker.link(element, row, rooms.of[element].map(|room| room.vehicles))
                }
                ElementKind::Connector(row) => {
                    maker.connectors.insert(&scenario.connectors[row].connector_id, element);
                }
                ElementKind::Admission(row) => {
                    maker.admissions.insert(&scenario.sites[row].site_id, element);
                }
            }
        }
        maker
    }

    /// A name of letters, digits, `_`, `.` and `-` that nothing else has.
    fn name(&mut self, wanted: &str) -> String {
        let plain = |c: char| if c.is_ascii_alphanumeric() || "_.-".contains(c) { c } else { '_' };
        let plain: String = wanted.chars().map(plain).collect();
        let mut name = plain.clone();
        let mut number = 1;
        while !self.names.insert(name.clone()) {
            number += 1;
            name = format!("{plain}.{number}");
        }
        name
    }

    fn node(&mut self, id: &str, place: [f64; 2]) -> usize {
        // nodes and edges may have the same name in these programs, but then nobody knows which is meant
        let id = self.name(&format!("n.{id}"));
        self.nodes.push(TrafficNode { id, place });
        self.nodes.len() - 1
    }

    /// Vehicles per hour that an element lets in.
    fn vehicles_h(&self, element: ElementIndex) -> Option<f64> {
        let rate = self.facts.figures.network.elements[element].rate?;
        Some(float(rate) / 1000.0 / self.facts.figures.people_per_vehicle)
    }

    fn link(&mut self, element: ElementIndex, row: usize, room: Option<u32>) {
        let link = &self.facts.source.scenario.links[row];
        let (Some(&from), Some(&to)) =
            (self.node_of.get(link.from_node_id.as_str()), self.node_of.get(link.to_node_id.as_str()))
        else {
            return;
        };
        let time_s = seconds(self.facts.figures.network.elements[element].tau).max(SHORTEST_S);
        let length_m = crate::tables::length_m(link).unwrap_or(time_s * 10.0).max(SHORTEST_M);
        let line = self.facts.lookup.link_line(link).unwrap_or_default();
        let edge = TrafficEdge {
            id: self.name(&link.link_id),
            original: link.link_id.clone(),
            name: link.name.clone(),
            kind: EdgeKind::Road,
            ends: (from, to),
            length_m,
            time_s,
            lanes: round(link.lanes.unwrap_or(1.0)).max(1),
            vehicles_h: self.vehicles_h(element),
            room,
            line: line.into_iter().map(|point| self.plane.metres(point)).collect(),
            vehicles: 0,
        };
        self.links.insert(&link.link_id, self.edges.len());
        self.edges.push(edge);
    }

    /// An edge that stands for no road.
    fn edge(
        &mut self,
        kind: EdgeKind,
        original: &str,
        ends: (usize, usize),
        time_s: f64,
        vehicles_h: Option<f64>,
    ) -> usize {
        let word = match kind {
            EdgeKind::Start => "from",
            EdgeKind::Road => "road",
            EdgeKind::Approach => "to",
            EdgeKind::Gate => "gate",
            EdgeKind::End => "end",
        };
        if let Some(&made) = self.made.get(&(word, original.to_owned())) {
            return made;
        }
        let id = self.name(&format!("{word}.{original}"));
        let edge = TrafficEdge {
            id,
            original: original.to_owned(),
            name: String::new(),
            kind,
            ends,
            length_m: AWAY_M,
            time_s: time_s.max(LEAST_S),
            lanes: 1,
            vehicles_h,
            room: None,
            line: Vec::new(),
            vehicles: 0,
        };
        self.edges.push(edge);
        self.made.insert((word, original.to_owned()), self.edges.len() - 1);
        self.edges.len() - 1
    }

    /// A node that stands for no junction, some metres away from a place.
    fn node_at(&mut self, word: &'static str, id: &str, place: [f64; 2], away_m: f64) -> usize {
        if let Some(&made) = self.away.get(&(word, id.to_owned())) {
            return made;
        }
        let at = self.node(&format!("{word}.{id}"), [place[0] + away_m, place[1] + away_m]);
        self.away.insert((word, id.to_owned()), at);
        at
    }

    /// The edges of a route, made where they are not there yet.
    pub fn route(&mut self, route: &Route) -> Vec<usize> {
        let facts = self.facts;
        let mut edges = Vec::new();
        let node_of = |maker: &Self, connector: &str| {
            let row = facts.lookup.connectors.get(connector)?;
            maker.node_of.get(row.node_id.as_str()).copied()
        };
        let place_of = |maker: &Self, point: Option<[f64; 2]>, node: usize| {
            point.map_or(maker.nodes[node].place, |point| maker.plane.metres(point))
        };
        let tau = |element: Option<ElementIndex>| {
            element.map_or(0.0, |element| seconds(facts.figures.network.elements[element].tau))
        };
        if let Some(node) = node_of(self, &route.from_connector) {
            let place = place_of(self, facts.lookup.zone_point(&route.zone_id), node);
            let zone = self.node_at("zone", &route.zone_id, place, 20.0);
            let element = self.connectors.get(route.from_connector.as_str()).copied();
            let rate = element.and_then(|element| self.vehicles_h(element));
            edges.push(self.edge(EdgeKind::Start, &route.from_connector, (zone, node), tau(element), rate));
        }
        edges.extend(route.links.iter().filter_map(|link| self.links.get(link.as_str()).copied()));
        if let Some(node) = node_of(self, &route.to_connector) {
            let site_id = route.site_id.as_str();
            let place = place_of(self, facts.lookup.site_point(site_id), node);
            let site = self.node_at("site", site_id, place, 20.0);
            let element = self.connectors.get(route.to_connector.as_str()).copied();
            let rate = element.and_then(|element| self.vehicles_h(element));
            edges.push(self.edge(EdgeKind::Approach, &route.to_connector, (node, site), tau(element), rate));
            let admission = self.admissions.get(site_id).copied();
            let rate = admission.and_then(|element| self.vehicles_h(element));
            let mut last = site;
            if rate.is_some() {
                let inside = self.node_at("inside", site_id, place, 40.0);
                edges.push(self.edge(EdgeKind::Gate, site_id, (site, inside), 0.0, rate));
                last = inside;
            }
            let end = self.node_at("end", site_id, place, 60.0);
            edges.push(self.edge(EdgeKind::End, site_id, (last, end), 0.0, None));
        }
        edges
    }

    /// Turns from edge to edge: those of the routes, and all others between links that are not prohibited and lead not straight back.
    pub fn turns(&self, routes: &[Vec<usize>]) -> Vec<(usize, usize)> {
        let movements = &self.facts.source.scenario.movements;
        let prohibited: BTreeSet<(usize, usize)> = movements
            .iter()
            .filter(|row| row.prohibited == "1")
            .filter_map(|row| {
                let link = |id: &str| self.links.get(id).copied();
                Some((link(&row.ib_link_id)?, link(&row.ob_link_id)?))
            })
            .collect();
        let mut leaving: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (at, edge) in self.edges.iter().enumerate() {
            leaving.entry(edge.ends.0).or_default().push(at);
        }
        let mut turns: BTreeSet<(usize, usize)> = BTreeSet::new();
        for (at, edge) in self.edges.iter().enumerate() {
            for &next in leaving.get(&edge.ends.1).into_iter().flatten() {
                let is_back = self.edges[next].ends == (edge.ends.1, edge.ends.0);
                if !is_back && !prohibited.contains(&(at, next)) {
                    turns.insert((at, next));
                }
            }
        }
        turns.extend(routes.iter().flat_map(|route| route.windows(2).map(|pair| (pair[0], pair[1]))));
        turns.into_iter().collect()
    }
}
