//! What the exact network loading says of every element, order, zone and site.

use crate::format::ExportError;
use clearway_loading::exact::{SentOrder, watched_replay};
use clearway_model::number::float;
use clearway_model::time::{MICROS_PER_MS, MS_PER_HOUR};
use clearway_model::{Mode, Plan, Scenario};
use clearway_network::{ElementIndex, ElementKind, Network, people_per_vehicle};
use clearway_simulate::trips::loads;
use std::collections::BTreeMap;

/// Who uses a link, connector or admission.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ElementUse {
    /// People who enter it.
    pub people: i64,
    /// Vehicles that enter it; on foot, people.
    pub vehicles: i64,
    /// Waiting before it, people x µs.
    pub waiting: i128,
    /// People who enter it by hour since the start: the hour in which the last of their packet enters.
    pub by_hour: BTreeMap<i64, i64>,
    /// When the first enters, ms; `None`: nobody does.
    pub first_ms: Option<i64>,
    /// When the last enters, ms.
    pub last_ms: Option<i64>,
}

impl ElementUse {
    /// Waiting, person-hours.
    pub fn waiting_person_h(&self) -> f64 {
        float(self.waiting) / 3.6e9
    }

    fn joined(&mut self, other: &Self) {
        self.people += other.people;
        self.vehicles += other.vehicles;
        self.waiting += other.waiting;
        self.first_ms = [self.first_ms, other.first_ms].into_iter().flatten().min();
        self.last_ms = self.last_ms.max(other.last_ms);
    }
}

/// What becomes of the people of an order, a zone or a site.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Arrivals {
    /// People who are admitted.
    pub people: i64,
    /// When the first packet is, ms; `None`: nobody arrives.
    pub first_ms: Option<i64>,
    /// When the last packet is, ms.
    pub last_ms: Option<i64>,
    /// When the last packet departs, ms.
    pub last_departure_ms: Option<i64>,
}

impl Arrivals {
    fn joined(&mut self, other: &Self) {
        self.people += other.people;
        self.first_ms = [self.first_ms, other.first_ms].into_iter().flatten().min();
        self.last_ms = self.last_ms.max(other.last_ms);
        self.last_departure_ms = self.last_departure_ms.max(other.last_departure_ms);
    }
}

/// The exact loading of a plan, summed up. Lists are in the order of the tables.
#[derive(Debug, Clone)]
pub struct PlanFigures {
    /// People in a vehicle; on foot 1.
    pub people_per_vehicle: f64,
    /// Whether people are in vehicles.
    pub is_by_vehicle: bool,
    /// The scenario as a network, in the case of the plan.
    pub network: Network,
    /// Per row of `link.csv`; `None`: not open to the class.
    pub links: Vec<Option<ElementUse>>,
    /// Per row of `connectors.csv`.
    pub connectors: Vec<ElementUse>,
    /// Per row of `sites.csv`, the admission.
    pub admissions: Vec<ElementUse>,
    /// Per order of the plan.
    pub orders: Vec<Arrivals>,
    /// Per order of the plan, its vehicles; on foot, people.
    pub order_vehicles: Vec<i64>,
}

impl PlanFigures {
    /// Loads the orders of a plan.
    ///
    /// # Errors
    /// If the scenario is no network or a route is none of it.
    pub fn new(scenario: &Scenario, plan: &Plan) -> Result<Self, ExportError> {
        let network =
            Network::new(scenario, plan.case).map_err(|error| ExportError::Plan(error.to_string()))?;
        let class = scenario.settings.class.first();
        let people_per_vehicle = class.map_or(1.0, |class| people_per_vehicle(class, plan.case));
        let routes = route_elements(scenario, plan, &network)?;
        let mut sent = Vec::with_capacity(plan.orders.len());
        for order in &plan.orders {
            let unknown = || ExportError::Plan(format!("plan.json has no route '{}'", order.route_id));
            let elements = routes.get(order.route_id.as_str()).ok_or_else(unknown)?;
            sent.push(SentOrder {
                elements,
                people: order.people,
                from: order.depart_from_ms,
                until: order.depart_until_ms,
            });
        }
        let order_vehicles: Vec<i64> = plan
            .orders
            .iter()
            .map(|order| clearway_model::number::length(loads(order.people, people_per_vehicle).count()))
            .collect();
        let (uses, orders) = loaded(&network, plan, &sent, &order_vehicles);
        let elements: Vec<ElementKind> = network.elements.iter().map(|element| element.kind).collect();
        let mut figures = Self {
            people_per_vehicle,
            network,
            is_by_vehicle: class.is_none_or(|class| class.mode == Mode::Vehicle),
            links: vec![None; scenario.links.len()],
            connectors: vec![ElementUse::default(); scenario.connectors.len()],
            admissions: vec![ElementUse::default(); scenario.sites.len()],
            orders,
            order_vehicles,
        };
        for (kind, used) in elements.into_iter().zip(uses) {
            match kind {
                ElementKind::Link(row) => figures.links[row] = Some(used),
                ElementKind::Connector(row) => figures.connectors[row] = used,
                ElementKind::Admission(row) => figures.admissions[row] = used,
            }
        }
        Ok(figures)
    }

    /// The connectors of a zone or site together.
    pub fn connectors_of(
        &self,
        scenario: &Scenario,
        is_mine: impl Fn(&clearway_model::ConnectorRow) -> bool,
    ) -> ElementUse {
        let mut all = ElementUse::default();
        for (row, used) in scenario.connectors.iter().zip(&self.connectors) {
            if is_mine(row) {
                all.joined(used);
            }
        }
        all
    }

    /// Arrivals of some orders together.
    pub fn arrivals(&self, orders: impl IntoIterator<Item = usize>) -> Arrivals {
        let mut all = Arrivals::default();
        for order in orders {
            all.joined(&self.orders[order]);
        }
        all
    }

    /// All vehicles; on foot, people.
    pub fn vehicles(&self) -> i64 {
        self.order_vehicles.iter().sum()
    }
}

/// Loads the orders; returns who uses each element, and what becomes of each order.
fn loaded(
    network: &Network,
    plan: &Plan,
    sent: &[SentOrder<'_>],
    order_vehicles: &[i64],
) -> (Vec<ElementUse>, Vec<Arrivals>) {
    let mut uses = vec![ElementUse::default(); network.elements.len()];
    let stretch = 1.0;
    let loading = watched_replay(network, sent, plan.packet_people, stretch, |passing| {
        let used = &mut uses[row(passing.element)];
        used.people += passing.people;
        used.waiting += i128::from(passing.entered - passing.came_last) * i128::from(passing.people);
        let (begin, entered) = (passing.begin / MICROS_PER_MS, passing.entered.div_ceil_ms());
        // who enters at the full hour belongs to the hour before it, as a packet that ends there has entered by then
        let hour = (entered - 1).max(0) / MS_PER_HOUR;
        *used.by_hour.entry(hour).or_default() += passing.people;
        used.first_ms = Some(used.first_ms.map_or(begin, |first| first.min(begin)));
        used.last_ms = used.last_ms.max(Some(entered));
    });
    for (order, vehicles) in sent.iter().zip(order_vehicles) {
        for &element in order.elements {
            uses[row(element)].vehicles += vehicles;
        }
    }
    let mut orders = vec![Arrivals::default(); sent.len()];
    for packet in &loading.packets {
        let departure = Some(packet.departure.div_ceil_ms());
        let arrival = packet.arrival.map(DivCeilMs::div_ceil_ms);
        let people = if arrival.is_some() { packet.people } else { 0 };
        orders[packet.order].joined(&Arrivals {
            people,
            first_ms: arrival,
            last_ms: arrival,
            last_departure_ms: departure,
        });
    }
    (uses, orders)
}

/// Microseconds as whole milliseconds, rounded up: what a plan needs is never told too early.
trait DivCeilMs {
    fn div_ceil_ms(self) -> i64;
}

impl DivCeilMs for i64 {
    fn div_ceil_ms(self) -> i64 {
        (self + MICROS_PER_MS - 1).div_euclid(MICROS_PER_MS)
    }
}

fn row(element: ElementIndex) -> usize {
    element.row()
}

/// The elements of each route, from the zone's connector to the admission.
fn route_elements<'a>(
    scenario: &'a Scenario,
    plan: &'a Plan,
    network: &Network,
) -> Result<BTreeMap<&'a str, Vec<ElementIndex>>, ExportError> {
    let (mut links, mut connectors, mut admissions) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for (element, of) in network.elements.iter_enumerated() {
        match of.kind {
            ElementKind::Link(row) => links.insert(scenario.links[row].link_id.as_str(), element),
            ElementKind::Connector(row) => {
                connectors.insert(scenario.connectors[row].connector_id.as_str(), element)
            }
            ElementKind::Admission(row) => admissions.insert(scenario.sites[row].site_id.as_str(), element),
        };
    }
    let of = |map: &BTreeMap<&str, ElementIndex>, route: &str, id: &str| {
        let unknown = || {
            ExportError::Plan(format!(
                "plan.json, route {route}: '{id}' is not in its scenario, or not open to its class; clearway verify says more"
            ))
        };
        map.get(id).copied().ok_or_else(unknown)
    };
    let mut routes = BTreeMap::new();
    for route in &plan.routes {
        let id = route.route_id.as_str();
        let mut elements = vec![of(&connectors, id, &route.from_connector)?];
        for link in &route.links {
            elements.push(of(&links, id, link)?);
        }
        elements.push(of(&connectors, id, &route.to_connector)?);
        elements.push(of(&admissions, id, &route.site_id)?);
        routes.insert(id, elements);
    }
    Ok(routes)
}
