//! The network as a flow problem: vertices for nodes, turn places, gates, zones and sites.

use crate::{ElementEnds, ElementIndex, Network, NodeIndex, PerNode, PerSite, SiteIndex, ZoneIndex};
use clearway_flow::{
    ArrivalLimit, FlowArc, FlowProblem, FlowSource, FlowTerminal, TimeSet, distances, widths,
};
use clearway_model::number;
use std::collections::BTreeMap;

/// What a threshold of a cut belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ThresholdPlace {
    /// A node, as people are there who may take any turn.
    Node(NodeIndex),
    /// The end of a link from which some turns are prohibited.
    Turn(ElementIndex),
    /// What people of a zone have passed who are behind the limit on its routes.
    Gate(ZoneIndex),
    /// A zone, as its people are there who have not left.
    Zone(ZoneIndex),
    /// A site, before the admission.
    Site(SiteIndex),
}

/// A flow problem and what its vertices and arcs are.
#[derive(Debug, Clone)]
pub struct FlowPlaces {
    /// What the flow engine computes with: vertices and arcs by number.
    pub problem: FlowProblem,
    /// Per vertex; `None` for entries (a choice of tails) and terminals.
    pub place: Vec<Option<ThresholdPlace>>,
    /// Vertices that stand for a choice of tails.
    pub free: Vec<u32>,
    /// Per arc, the element; `None` for arcs without one.
    pub element: Vec<Option<ElementIndex>>,
}

/// A flow problem in the making.
struct FlowBuilder {
    places: FlowPlaces,
    /// All times.
    always: TimeSet,
}

impl FlowBuilder {
    /// Adds a vertex and gives its number.
    fn vertex(&mut self, place: Option<ThresholdPlace>) -> u32 {
        let vertex = number::compact(self.places.problem.vertices);
        self.places.place.push(place);
        self.places.problem.vertices += 1;
        vertex
    }

    fn arc(
        &mut self,
        tail: u32,
        head: u32,
        element: Option<ElementIndex>,
        rate: Option<u64>,
        tau: i64,
        open: TimeSet,
    ) {
        self.places.problem.arcs.push(FlowArc { tail, head, rate, tau, open });
        self.places.element.push(element);
    }

    /// An arc that costs no time and lets any number through.
    fn passage(&mut self, tail: u32, head: u32) {
        let open = self.always.clone();
        self.arc(tail, head, None, None, 0, open);
    }
}

/// Whoever goes by one route passes its narrowest element, and no route's is wider than that of the widest way; who arrives
/// before a time has passed it in a span that is shorter than this by the travel time of the shortest way.
fn limit_routes(problem: &mut FlowProblem, routes: u32) {
    let (after, width) = (distances(problem), widths(problem));
    for source in &mut problem.sources {
        let (after, width) = (after[number::index(source.vertex)], width[number::index(source.vertex)]);
        if after < i64::MAX && (1..u64::MAX).contains(&width) {
            source.most = Some(ArrivalLimit { rate: width.saturating_mul(u64::from(routes)), after });
        }
    }
}

impl Network {
    /// The flow problem; with `routes_per_zone` each zone's outflow is limited to its largest first links, and how
    /// many of its people arrive to what so many widest ways let through.
    pub fn flow_problem(&self, routes_per_zone: Option<u32>) -> FlowPlaces {
        let problem = FlowProblem { horizon: self.horizon, ..FlowProblem::default() };
        let places = FlowPlaces { problem, place: Vec::new(), free: Vec::new(), element: Vec::new() };
        let mut b = FlowBuilder { places, always: TimeSet::interval(0, self.horizon) };
        let nodes: PerNode<u32> =
            self.node_closed.keys().map(|node| b.vertex(Some(ThresholdPlace::Node(node)))).collect();
        // Turn places by inbound link, and per node.
        let mut turn: BTreeMap<ElementIndex, u32> = BTreeMap::new();
        let mut turns_at: BTreeMap<NodeIndex, Vec<(ElementIndex, u32)>> = BTreeMap::new();
        for (link, node) in self.links_with_prohibited_turns() {
            let vertex = b.vertex(Some(ThresholdPlace::Turn(link)));
            turn.insert(link, vertex);
            turns_at.entry(node).or_default().push((link, vertex));
        }
        for (index, zone) in self.zones.iter_enumerated() {
            let vertex = b.vertex(Some(ThresholdPlace::Zone(index)));
            let mut tail = vertex;
            if let Some(limit) = routes_per_zone.and_then(|routes| self.outflow(index, routes)) {
                tail = b.vertex(Some(ThresholdPlace::Gate(index)));
                b.arc(vertex, tail, None, Some(limit), 0, b.always.clone());
            }
            for &connector in &zone.connectors {
                let element = &self.elements[connector];
                let Some(node) = element.ends.node_after() else { continue };
                b.arc(tail, nodes[node], Some(connector), element.rate, element.tau, element.open.clone());
            }
            let source =
                FlowSource { vertex, people: zone.evacuees, release: zone.release.clone(), most: None };
            b.places.problem.sources.push(source);
        }
        let sites: PerSite<u32> =
            self.sites.keys().map(|site| b.vertex(Some(ThresholdPlace::Site(site)))).collect();
        for (index, element) in self.elements.iter_enumerated() {
            let (from, head) = match element.ends {
                ElementEnds::FromZone { .. } | ElementEnds::IntoSite { .. } => continue,
                ElementEnds::ToSite { node, site } => (node, sites[site]),
                ElementEnds::BetweenNodes { from, to } => {
                    (from, turn.get(&index).copied().unwrap_or(nodes[to]))
                }
            };
            let mut tail = nodes[from];
            if let Some(turns) = turns_at.get(&from) {
                // Several places lead in here: an entry stands for them, so that they share the rate.
                tail = b.vertex(None);
                b.places.free.push(tail);
                b.passage(nodes[from], tail);
                for &(link, vertex) in turns {
                    if !self.banned.contains(&(link, index)) {
                        b.passage(vertex, tail);
                    }
                }
            }
            b.arc(tail, head, Some(index), element.rate, element.tau, element.open.clone());
        }
        for (index, site) in self.sites.iter_enumerated() {
            let terminal = b.vertex(None);
            let element = &self.elements[site.admission];
            b.arc(sites[index], terminal, Some(site.admission), element.rate, 0, element.open.clone());
            b.places.problem.terminals.push(FlowTerminal { vertex: terminal, capacity: site.capacity });
        }
        if let Some(routes) = routes_per_zone {
            limit_routes(&mut b.places.problem, routes);
        }
        b.places
    }
}
