//! `links.csv`: what happened on each link that somebody used.

use crate::report::place;
use crate::simulation::Simulation;
use clearway_model::Scenario;
use clearway_model::number::float;
use clearway_network::{ElementKind, Network};
use serde::Serialize;

/// A row of `links.csv`: what happened on a link that somebody used.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LinkTrafficRow {
    /// Its id.
    pub link_id: String,
    /// Name of the road, may be empty.
    pub name: String,
    /// Vehicles that entered.
    pub vehicles: u64,
    /// People in them.
    pub people: i64,
    /// How many vehicles fit; empty: any number.
    pub room_vehicles: Option<u32>,
    /// Waiting at its end, person-hours.
    pub waiting_person_hours: f64,
    /// People still on it when the planning horizon ends.
    pub people_left: i64,
    /// People overtaken on it.
    pub people_overtaken: i64,
}

/// The rows of `links.csv`, by id.
pub fn link_rows(simulation: &Simulation, scenario: &Scenario, network: &Network) -> Vec<LinkTrafficRow> {
    let streets = simulation.streets.streets.iter().zip(&simulation.streets.elements);
    streets
        .zip(&simulation.traffic)
        .filter(|((_, element), traffic)| {
            let kind = network.elements[**element].kind;
            traffic.vehicles > 0 && matches!(kind, ElementKind::Link(_))
        })
        .map(|((street, &element), traffic)| {
            let (link_id, name) = place(scenario, network, element);
            LinkTrafficRow {
                link_id,
                name,
                vehicles: traffic.vehicles,
                people: traffic.people,
                room_vehicles: street.storage.map(|storage| storage.vehicles),
                waiting_person_hours: (float(traffic.waiting) / 3.6e7).round() / 100.0,
                people_left: traffic.people_left,
                people_overtaken: traffic.people_overtaken,
            }
        })
        .collect()
}
