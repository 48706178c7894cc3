//! A plan as traffic: a network of nodes and edges that begins at zones and ends behind the admission of sites, and every vehicle with
//! its departure and way.

mod road;

use crate::format::ExportError;
use crate::plane::LocalMetres;
use crate::tables::PlanFacts;
use clearway_model::number::{float, length};
use clearway_simulate::trips::loads;
use road::NetworkMaker;

/// What an edge stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EdgeKind {
    /// The centroid connector of a zone.
    Start,
    /// A link.
    Road,
    /// The centroid connector of a site.
    Approach,
    /// The admission of a site, where it is limited.
    Gate,
    /// Behind it, where journeys end: programs let no headway be kept on the last edge.
    End,
}

/// A node.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TrafficNode {
    /// Its name, of letters, digits, `_`, `.` and `-`.
    pub id: String,
    /// Metres east and north of the middle.
    pub place: [f64; 2],
}

/// An edge.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TrafficEdge {
    /// Its name, of letters, digits, `_`, `.` and `-`.
    pub id: String,
    /// What it is called in the scenario: the id of a link, connector or site.
    pub original: String,
    /// The name of its road.
    pub name: String,
    pub kind: EdgeKind,
    /// Places of its nodes in the list.
    pub ends: (usize, usize),
    /// Length, m.
    pub length_m: f64,
    /// Free-flow travel time, s.
    pub time_s: f64,
    /// Whole lanes.
    pub lanes: i64,
    /// Vehicles per hour that it lets in; `None`: any number.
    pub vehicles_h: Option<f64>,
    /// Vehicles that fit; `None`: any number.
    pub room: Option<u32>,
    /// Its shape, metres from the middle.
    pub line: Vec<[f64; 2]>,
    /// Vehicles of the plan that use it.
    pub vehicles: i64,
}

/// A vehicle.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ExportTrip {
    /// Number of its order and its own within it, from 1: `12.3`.
    pub id: String,
    /// The order, by its place in the plan.
    pub order: usize,
    /// The route, by its place in the plan.
    pub route: usize,
    /// People in it.
    pub people: i64,
    /// When the last of its people leaves the zone, µs.
    pub departs_us: i64,
}

/// A plan as traffic.
pub(crate) struct TrafficPlan {
    pub plane: LocalMetres,
    pub nodes: Vec<TrafficNode>,
    pub edges: Vec<TrafficEdge>,
    /// Turns that may be taken, as places of edges, ascending.
    pub turns: Vec<(usize, usize)>,
    /// Per route of the plan its edges, from the zone's connector to the end.
    pub routes: Vec<Vec<usize>>,
    /// By departure, then by order: as the simulation numbers its vehicles.
    pub trips: Vec<ExportTrip>,
}

impl TrafficPlan {
    /// The traffic of a plan.
    ///
    /// # Errors
    /// For people on foot, whom these programs would drive as vehicles.
    pub fn new(facts: &PlanFacts<'_>, format: &str) -> Result<Self, ExportError> {
        if !facts.figures.is_by_vehicle {
            return Err(ExportError::DoesNotFit(format!(
                "this plan is of people on foot, and {format} would drive them as vehicles: take --format gpkg, gmns or geoparquet"
            )));
        }
        let mut maker = NetworkMaker::new(facts);
        let routes: Vec<Vec<usize>> =
            facts.source.plan.routes.iter().map(|route| maker.route(route)).collect();
        let trips = trips(facts);
        for trip in &trips {
            for &edge in &routes[trip.route] {
                maker.edges[edge].vehicles += 1;
            }
        }
        let turns = maker.turns(&routes);
        Ok(Self { plane: maker.plane, nodes: maker.nodes, edges: maker.edges, turns, routes, trips })
    }
}

/// The vehicles of all orders, in the order in which the simulation has them (`clearway_simulate::trips`).
fn trips(facts: &PlanFacts<'_>) -> Vec<ExportTrip> {
    let plan = &facts.source.plan;
    let route_of: std::collections::BTreeMap<&str, usize> =
        plan.routes.iter().enumerate().map(|(place, route)| (route.route_id.as_str(), place)).collect();
    let mut leaving = Vec::new();
    for (row, order) in plan.orders.iter().enumerate() {
        let Some(&route) = route_of.get(order.route_id.as_str()) else { continue };
        let window_us = i128::from(order.depart_until_ms - order.depart_from_ms) * 1000;
        let people = i128::from(order.people.max(1));
        let leaves = |sent: i64| {
            let span = window_us * i128::from(sent);
            let after = span.div_euclid(people) + i128::from(span.rem_euclid(people) != 0);
            order.depart_from_ms * 1000 + clearway_model::number::narrow(after)
        };
        for (number, (sent, upto)) in loads(order.people, facts.figures.people_per_vehicle).enumerate() {
            let id = format!("{}.{}", order.order_id, length(number) + 1);
            let trip = ExportTrip { id, order: row, route, people: upto - sent, departs_us: leaves(upto) };
            leaving.push((trip.departs_us, order.order_id, row, leaves(sent), trip));
        }
    }
    leaving.sort_by_key(|(departs, order_id, row, first, _)| (*departs, *order_id, *row, *first));
    leaving.into_iter().map(|one| one.4).collect()
}

/// Seconds of a time in µs.
pub(crate) fn seconds_of(us: i64) -> f64 {
    float(us) / 1e6
}
