//! Vehicles of a plan's orders.

use crate::streets::Streets;
use crate::traffic::Vehicle;
use clearway_model::number::{compact, floor, narrow};
use clearway_model::{MovementOrder, Plan, Scenario};
use clearway_network::{ElementKind, Network};
use std::collections::BTreeMap;

/// A route that names what the network does not have, or what is not open to its class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownPart {
    /// The route.
    pub route_id: String,
    /// What it names.
    pub id: String,
}

/// The vehicles of all orders.
#[derive(Debug, Clone, Default)]
pub struct Trips {
    /// Per route of the plan, its streets.
    pub paths: Vec<Vec<u32>>,
    /// By departure, then by order.
    pub vehicles: Vec<Vehicle>,
    /// Paths from this one on are of people who leave without being asked: they are on the roads, and count nowhere.
    pub unasked_from: u32,
}

impl Trips {
    /// Vehicles with `people_per_vehicle` each (the last of an order with what is left; where it is no whole number, now one more,
    /// now one less), leaving at a constant rate over the window of their order.
    ///
    /// # Errors
    /// A route that names what is not there.
    pub fn new(
        scenario: &Scenario,
        plan: &Plan,
        network: &Network,
        streets: &Streets,
        people_per_vehicle: f64,
    ) -> Result<Self, UnknownPart> {
        let paths = paths(scenario, plan, network, streets)?;
        let path_of: BTreeMap<&str, u32> =
            (0..).zip(&plan.routes).map(|(path, route)| (route.route_id.as_str(), path)).collect();
        let mut leaving = Vec::new();
        for (row, order) in (0u32..).zip(&plan.orders) {
            let Some(&path) = path_of.get(order.route_id.as_str()) else {
                return Err(UnknownPart { route_id: order.route_id.clone(), id: order.route_id.clone() });
            };
            for vehicle in vehicles_of(order, order.people, path, people_per_vehicle) {
                leaving.push((vehicle.last_us, order.order_id, row, vehicle));
            }
        }
        // The order of the rows does not count: departures come by time, those of one moment by the number of their order.
        leaving.sort_by_key(|&(time, order_id, row, vehicle)| (time, order_id, row, vehicle.first_us));
        Ok(Self::of_evacuees(paths, leaving.into_iter().map(|one| one.3).collect()))
    }

    /// Of nobody but people who evacuate.
    pub fn of_evacuees(paths: Vec<Vec<u32>>, vehicles: Vec<Vehicle>) -> Self {
        Self { unasked_from: compact(paths.len()), paths, vehicles }
    }
}

/// So many people who leave at a constant rate over the window of an order, in vehicles on a path.
pub(crate) fn vehicles_of(
    order: &MovementOrder,
    people: i64,
    path: u32,
    people_per_vehicle: f64,
) -> impl Iterator<Item = Vehicle> {
    vehicles_in((order.depart_from_ms, order.depart_until_ms), people, path, people_per_vehicle)
}

/// The same over a window from when until when (excluded), ms.
pub(crate) fn vehicles_in(
    (from_ms, until_ms): (i64, i64),
    people: i64,
    path: u32,
    people_per_vehicle: f64,
) -> impl Iterator<Item = Vehicle> {
    let window_us = i128::from(until_ms - from_ms) * 1000;
    let (from_us, all) = (from_ms * 1000, i128::from(people.max(1)));
    // when so many have left, rounded up
    let leaves = move |sent: i64| from_us + narrow((window_us * i128::from(sent) + all - 1).div_euclid(all));
    loads(people, people_per_vehicle).map(move |(sent, upto)| {
        let aboard = u32::try_from(upto - sent).unwrap_or(u32::MAX);
        Vehicle { path, people: aboard, first_us: leaves(sent), last_us: leaves(upto) }
    })
}

/// So many people in vehicles one behind the other: in each those after so many, up to so many. The last holds what is left; where
/// `people_per_vehicle` is no whole number, there is now one more, now one less in a vehicle.
pub fn loads(people: i64, people_per_vehicle: f64) -> impl Iterator<Item = (i64, i64)> {
    let (mut sent, mut number) = (0, 1.0);
    std::iter::from_fn(move || {
        let from = sent;
        (from < people).then(|| {
            sent = floor(number * people_per_vehicle + 1e-9).max(from + 1).min(people);
            number += 1.0;
            (from, sent)
        })
    })
}

/// Streets by the ids of what they are.
#[derive(Debug)]
pub(crate) struct StreetIds<'a> {
    links: BTreeMap<&'a str, u32>,
    connectors: BTreeMap<&'a str, u32>,
    admissions: BTreeMap<&'a str, u32>,
}

impl<'a> StreetIds<'a> {
    /// Those of a network.
    pub fn new(scenario: &'a Scenario, network: &Network, streets: &Streets) -> Self {
        let mut ids =
            Self { links: BTreeMap::new(), connectors: BTreeMap::new(), admissions: BTreeMap::new() };
        for (element, model) in network.elements.iter_enumerated() {
            let street = streets.of_element[element];
            let (of_kind, id) = match model.kind {
                ElementKind::Link(row) => (&mut ids.links, &scenario.links[row].link_id),
                ElementKind::Connector(row) => (&mut ids.connectors, &scenario.connectors[row].connector_id),
                ElementKind::Admission(row) => (&mut ids.admissions, &scenario.sites[row].site_id),
            };
            of_kind.insert(id, street);
        }
        ids
    }

    /// The street of a link.
    pub fn link(&self, id: &str) -> Option<u32> {
        self.links.get(id).copied()
    }

    /// The street of a connector.
    pub fn connector(&self, id: &str) -> Option<u32> {
        self.connectors.get(id).copied()
    }

    /// The street of the admission of a site.
    pub fn admission(&self, id: &str) -> Option<u32> {
        self.admissions.get(id).copied()
    }
}

/// Per route, its streets from the zone's connector to the admission.
pub(crate) fn paths(
    scenario: &Scenario,
    plan: &Plan,
    network: &Network,
    streets: &Streets,
) -> Result<Vec<Vec<u32>>, UnknownPart> {
    let ids = StreetIds::new(scenario, network, streets);
    plan.routes
        .iter()
        .map(|route| {
            let mut path = Vec::with_capacity(route.links.len() + 3);
            let of = |found: Option<u32>, id: &str| {
                found.ok_or_else(|| UnknownPart { route_id: route.route_id.clone(), id: id.to_owned() })
            };
            path.push(of(ids.connector(&route.from_connector), &route.from_connector)?);
            for link in &route.links {
                path.push(of(ids.link(link), link)?);
            }
            path.push(of(ids.connector(&route.to_connector), &route.to_connector)?);
            path.push(of(ids.admission(&route.site_id), &route.site_id)?);
            Ok(path)
        })
        .collect()
}

impl Trips {
    /// How many vehicles there are of people who evacuate.
    pub fn evacuee_vehicles(&self) -> u32 {
        compact(self.vehicles.iter().filter(|vehicle| vehicle.path < self.unasked_from).count())
    }
}
