//! The network as a flow problem: vertices for nodes, turn places, gates, zones and sites.

use crate::Network;
use clearway_flow::{FlowArc, FlowProblem, Most, Source, Terminal, TimeSet, distances, widths};
use std::collections::BTreeMap;

/// What a threshold belongs to; indices are those of the tables, of elements for turns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Place {
    /// Row of `node.csv`.
    Node(u32),
    /// Element that is an inbound link of a banned turn.
    Turn(u32),
    /// Row of `zones.csv`: behind the route limit.
    Gate(u32),
    /// Row of `zones.csv`.
    Zone(u32),
    /// Row of `sites.csv`.
    Site(u32),
}

/// A flow problem and what its vertices and arcs are.
#[derive(Debug, Clone)]
pub struct FlowPlaces {
    /// For the engine.
    pub problem: FlowProblem,
    /// Per vertex; `None` for entries (a choice of tails) and terminals.
    pub place: Vec<Option<Place>>,
    /// Vertices that stand for a choice of tails.
    pub free: Vec<u32>,
    /// Per arc, the element; `None` for arcs without one.
    pub element: Vec<Option<u32>>,
}

struct Builder {
    places: FlowPlaces,
    horizon: i64,
}

impl Builder {
    fn vertex(&mut self, place: Option<Place>) -> u32 {
        self.places.place.push(place);
        self.places.problem.vertices += 1;
        self.places.problem.vertices as u32 - 1
    }

    fn arc(
        &mut self,
        tail: u32,
        head: u32,
        element: Option<u32>,
        rate: Option<u64>,
        tau: i64,
        open: TimeSet,
    ) {
        self.places.problem.arcs.push(FlowArc { tail, head, rate, tau, open });
        self.places.element.push(element);
    }

    fn passage(&mut self, tail: u32, head: u32) {
        let open = TimeSet::interval(0, self.horizon);
        self.arc(tail, head, None, None, 0, open);
    }
}

/// Whoever goes by one route passes its narrowest element, and no route's is wider than that of the widest way; who arrives
/// before a time has passed it in a span that is shorter than this by the travel time of the shortest way.
fn limit_routes(problem: &mut FlowProblem, routes: u32) {
    let (after, width) = (distances(problem), widths(problem));
    for source in &mut problem.sources {
        let (after, width) = (after[source.vertex as usize], width[source.vertex as usize]);
        if after < i64::MAX && (1..u64::MAX).contains(&width) {
            source.most = Some(Most { rate: width.saturating_mul(u64::from(routes)), after });
        }
    }
}

impl Network {
    /// The flow problem; with `routes_per_zone` each zone's outflow is limited to its largest first links, and how
    /// many of its people arrive to what so many widest ways let through.
    pub fn flow_problem(&self, routes_per_zone: Option<u32>) -> FlowPlaces {
        let problem = FlowProblem { horizon: self.horizon, ..FlowProblem::default() };
        let places = FlowPlaces { problem, place: Vec::new(), free: Vec::new(), element: Vec::new() };
        let mut b = Builder { places, horizon: self.horizon };
        let nodes: Vec<u32> = (0..self.nodes as u32).map(|n| b.vertex(Some(Place::Node(n)))).collect();
        // Turn places by inbound link, and per node.
        let mut turn: BTreeMap<u32, u32> = BTreeMap::new();
        let mut inbound: Vec<u32> = self.banned.iter().map(|ban| ban.0).collect();
        inbound.sort_unstable();
        inbound.dedup();
        let mut turns_at: BTreeMap<u32, Vec<(u32, u32)>> = BTreeMap::new();
        for link in inbound {
            let vertex = b.vertex(Some(Place::Turn(link)));
            turn.insert(link, vertex);
            turns_at.entry(self.to_node[link as usize]).or_default().push((link, vertex));
        }
        for (index, zone) in self.zones.iter().enumerate() {
            let vertex = b.vertex(Some(Place::Zone(index as u32)));
            let mut tail = vertex;
            if let Some(limit) = routes_per_zone.and_then(|routes| self.outflow(index as u32, routes)) {
                tail = b.vertex(Some(Place::Gate(index as u32)));
                b.arc(vertex, tail, None, Some(limit), 0, TimeSet::interval(0, self.horizon));
            }
            for &connector in &zone.connectors {
                let element = &self.elements[connector as usize];
                let head = nodes[self.to_node[connector as usize] as usize];
                b.arc(tail, head, Some(connector), element.rate, element.tau, element.open.clone());
            }
            let source = Source { vertex, people: zone.evacuees, release: zone.release.clone(), most: None };
            b.places.problem.sources.push(source);
        }
        let sites: Vec<u32> = (0..self.sites.len() as u32).map(|s| b.vertex(Some(Place::Site(s)))).collect();
        for (index, element) in self.elements.iter().enumerate() {
            let (from, to) = (self.from_node[index], self.to_node[index]);
            if from == u32::MAX {
                continue;
            }
            let head = match to {
                u32::MAX => sites[self.place[index] as usize],
                to => turn.get(&(index as u32)).copied().unwrap_or(nodes[to as usize]),
            };
            let mut tail = nodes[from as usize];
            if let Some(turns) = turns_at.get(&from) {
                // Several places lead in here: an entry stands for them, so that they share the rate.
                tail = b.vertex(None);
                b.places.free.push(tail);
                b.passage(nodes[from as usize], tail);
                for &(link, vertex) in turns {
                    if !self.banned.contains(&(link, index as u32)) {
                        b.passage(vertex, tail);
                    }
                }
            }
            b.arc(tail, head, Some(index as u32), element.rate, element.tau, element.open.clone());
        }
        for (index, site) in self.sites.iter().enumerate() {
            let terminal = b.vertex(None);
            let element = &self.elements[site.admission as usize];
            b.arc(sites[index], terminal, Some(site.admission), element.rate, 0, element.open.clone());
            b.places.problem.terminals.push(Terminal { vertex: terminal, capacity: site.capacity });
        }
        if let Some(routes) = routes_per_zone {
            limit_routes(&mut b.places.problem, routes);
        }
        b.places
    }
}
