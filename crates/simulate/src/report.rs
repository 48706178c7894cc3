//! `simulation.json` and `links.csv`: what is written of a simulation. Keys are explained in `docs/reference/simulation.md`.

use crate::gap::GapSplit;
use crate::junctions::JunctionFigures;
pub use crate::link_traffic::{LinkTrafficRow, link_rows};
use crate::outcome::Waiting;
use crate::recording_tables::{is_of_all, origins};
use crate::simulation::Simulation;
use crate::streets::{QueueModel, RoomFigures};
use clearway_model::number::{float, index};
use clearway_model::{Case, ConnectorPlace, Context, Scenario};
use clearway_network::{ElementIndex, ElementKind, Network};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The figures of a simulation.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct SimulationReport {
    /// Always `clearway-simulation/1`.
    pub schema: String,
    /// Digest of the scenario.
    pub scenario: String,
    /// Name of the scenario.
    pub name: String,
    /// Kind of situation.
    pub context: Context,
    /// Which value of each range the plan assumes, and the simulation with it.
    pub case: Case,
    /// Whose departures and routes these are.
    pub orders: SimulatedOrders,
    /// How queues stand.
    pub queues: QueueFigures,
    /// When 90 % of the evacuees have arrived, s; `None`: never.
    pub t90_s: Option<f64>,
    /// When all evacuees have arrived, s; `None`: never.
    pub t100_s: Option<f64>,
    /// Mean arrival of those who arrive, s.
    pub mean_s: Option<f64>,
    /// When the last of those arrive who arrive at all, s; people in no order do not count.
    pub last_s: Option<f64>,
    /// All who are to evacuate, people.
    pub evacuees: i64,
    /// People who arrive.
    pub arrived: i64,
    /// People in orders who do not arrive within the planning horizon: overtaken, on the road or still at their origin.
    pub not_arrived: i64,
    /// Of these, people whom a hazard overtakes.
    pub overtaken: i64,
    /// People evacuating who are in no order, of whom nothing is simulated; null where some go by other means, or stay by chance.
    pub without_order: Option<WithoutOrder>,
    /// People whom a hazard overtakes, on the way or in no order; null where `without_order` is.
    pub overtaken_in_all: Option<i64>,
    /// Waiting after departure, of all who are in an order.
    pub waiting: WaitingFigures,
    /// The part of it before the first road, where the connector of the zone ends.
    pub waiting_before_road: WaitingFigures,
    /// The same times by the plan, where queues stand on top of each other; from its `summary.json`. `None` without a plan.
    pub plan: Option<ArrivalTimes>,
    /// The times that no plan can beat; from `summary.json`. `None`: not known, without a plan.
    pub bound: Option<ArrivalTimes>,
    /// What comes of it on the same roads if everybody takes the shortest way at once; `None` where that is what was simulated, or was
    /// left out.
    pub baseline: Option<BaselineFigures>,
    /// By means, if this is a plan for several; else left out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub means: Vec<SimulatedMeans>,
    /// The gap between bound and road, split; `None` without a plan.
    pub gap: Option<GapSplit>,
    /// What junctions let through, where the scenario says so and it was simulated; else left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(default)]
    pub junctions: Option<JunctionFigures>,
    /// Rings of full roads in which nobody can move any more.
    pub gridlock: Vec<Gridlock>,
    /// Where those stand who have not arrived, most people first.
    pub standing: Vec<Standing>,
    /// Links without a length, on which any number of vehicles fit.
    pub links_without_length: u64,
    /// How much was recorded of links over time; `None`: nothing.
    pub recording: Option<RecordingFigures>,
    /// People in a vehicle, in the mean; on foot, people who are moved as one.
    pub people_per_vehicle: f64,
    /// Vehicles.
    pub vehicles: u64,
    /// Vehicles that a road took, all roads together.
    pub moves: u64,
    /// Wall time of the run, s.
    pub wall_s: f64,
}

/// The people of one means in a plan for several.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct SimulatedMeans {
    /// The means: `vehicle`, `walk`, `seat`, `wheelchair`, `stretcher` or a `mode_id`.
    pub means: String,
    /// Name of a listed mode; empty of others.
    pub name: String,
    /// All who are to evacuate so, people.
    pub evacuees: i64,
    /// Of these, people who arrive.
    pub arrived: i64,
    /// When they arrive, simulated.
    pub simulated: ArrivalTimes,
    /// By the plan.
    pub plan: ArrivalTimes,
    /// What no plan can beat.
    pub bound: ArrivalTimes,
    /// Waiting after departure; of passengers of the fleet, what they leave and arrive later than by its timetable.
    pub waiting: WaitingFigures,
}

/// How much was recorded of links over time.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct RecordingFigures {
    /// Length of a step in `link_states.bin`, s.
    pub step_s: f64,
    /// Steps.
    pub steps: u64,
    /// Links in it: those on a way that somebody has.
    pub links: u64,
    /// Links that somebody passes.
    pub links_passed: u64,
    /// Of these, links of which `link_zone_hours.csv` tells where those come from who pass: all, or those at whose end people wait most.
    pub links_by_zone: u64,
}

/// People evacuating who are in no order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct WithoutOrder {
    /// How many they are.
    pub people: i64,
    /// Of these, people whom a hazard overtakes in their zone.
    pub overtaken: i64,
}

impl WithoutOrder {
    /// Those of whom nothing is simulated; `None` where some go by other means, or stay by chance.
    fn of(simulation: &Simulation, scenario: &Scenario, network: &Network) -> Option<Self> {
        if !is_of_all(simulation, network) {
            return None;
        }
        let mut left: Vec<i64> = network.zones.iter().map(|zone| zone.evacuees).collect();
        let origins = origins(simulation, scenario, network);
        for vehicle in simulation.trips.vehicles.iter().filter(|one| one.path < simulation.trips.unasked_from)
        {
            if let Some(left) = left.get_mut(index(origins[index(vehicle.path)])) {
                *left -= i64::from(vehicle.people);
            }
        }
        let mut found = Self::default();
        for (zone, &people) in network.zones.iter().zip(&left).filter(|(_, people)| **people > 0) {
            found.people += people;
            found.overtaken += if zone.overtaken_from.is_some() { people } else { 0 };
        }
        Some(found)
    }
}

/// Whose departures and routes are simulated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SimulatedOrders {
    /// Those of a plan.
    #[default]
    Plan,
    /// Nobody's: all leave as soon as they are ready and take the fastest way on empty roads.
    ShortestWayAtOnce,
}

/// What comes of it if everybody takes the shortest way at once.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct BaselineFigures {
    /// When 90 % of the evacuees have arrived, s; `None`: never.
    pub t90_s: Option<f64>,
    /// When all evacuees have arrived, s; `None`: never.
    pub t100_s: Option<f64>,
    /// Mean arrival of those who arrive, s.
    pub mean_s: Option<f64>,
    /// People who arrive.
    pub arrived: i64,
}

impl BaselineFigures {
    /// The figures of a simulation.
    pub fn new(simulation: &Simulation) -> Self {
        let ArrivalTimes { t90_s, t100_s } = ArrivalTimes::new(simulation);
        let outcome = &simulation.outcome;
        Self { t90_s, t100_s, mean_s: outcome.mean_s(), arrived: outcome.people_arrived }
    }
}

impl ArrivalTimes {
    /// Those of a simulation. As in a plan: the vehicle with which at least ceil(0.9 M) people have arrived.
    pub fn new(simulation: &Simulation) -> Self {
        let all = simulation.evacuees;
        let time_of = |people: i64| simulation.outcome.time_of_s(people).filter(|_| all > 0);
        Self { t90_s: time_of((all * 9 + 9) / 10), t100_s: time_of(all) }
    }
}

/// How queues stand.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "model", rename_all = "snake_case")]
pub enum QueueFigures {
    /// A road holds what fits on it.
    Spatial {
        /// Room of a standing passenger car in its lane, m.
        spacing_m: f64,
        /// Speed at which a freed space travels back, km/h.
        wave_km_h: f64,
        /// Vehicles before which others of the same lane may pass at the end of a road, to go on another way.
        pocket_vehicles: u32,
    },
    /// Queues stand on top of each other.
    Vertical,
}

impl From<QueueModel> for QueueFigures {
    fn from(queues: QueueModel) -> Self {
        match queues {
            QueueModel::Spatial(RoomFigures { spacing_m, wave_km_h, pocket_vehicles }) => {
                Self::Spatial { spacing_m, wave_km_h, pocket_vehicles }
            }
            QueueModel::Vertical => Self::Vertical,
        }
    }
}

/// Waiting, min a person.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct WaitingFigures {
    /// Mean.
    pub mean_min: f64,
    /// 95 of 100 people wait no longer.
    pub p95_min: f64,
    /// The longest.
    pub longest_min: f64,
}

/// When 90 % and all have arrived, s.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct ArrivalTimes {
    /// 90 % of the evacuees; `None`: never.
    pub t90_s: Option<f64>,
    /// All evacuees; `None`: never.
    pub t100_s: Option<f64>,
}

/// A ring of full roads, each waiting for room on the next.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Gridlock {
    /// Since when, s.
    pub since_s: f64,
    /// Ids of the links, each followed by the one that it waits for.
    pub links: Vec<String>,
}

/// People who have not arrived, by place.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Standing {
    /// Where: a link, or the connector of a zone or site.
    pub place_id: String,
    /// Name of the road, may be empty.
    pub name: String,
    /// People still there when the planning horizon ends.
    pub people: i64,
    /// People whom a hazard overtook there.
    pub overtaken: i64,
}

/// What the report has from outside the simulation.
#[derive(Debug, Clone, Copy)]
pub struct ReportInputs<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// Its network, in the case of the plan.
    pub network: &'a Network,
    /// Digest of the scenario.
    pub digest: &'a str,
    /// Whose departures and routes were simulated.
    pub orders: SimulatedOrders,
    /// How queues stood.
    pub queues: QueueModel,
    /// Times by the plan, if there is one.
    pub plan: Option<ArrivalTimes>,
    /// Times that no plan can beat, if they are known.
    pub bound: Option<ArrivalTimes>,
    /// Everybody by the shortest way at once, if that was simulated beside the plan.
    pub baseline: Option<BaselineFigures>,
    /// How much was recorded of links over time, if anything.
    pub recording: Option<RecordingFigures>,
    /// Wall time so far, s.
    pub wall_s: f64,
}

impl From<Waiting> for WaitingFigures {
    fn from(waiting: Waiting) -> Self {
        Self { mean_min: waiting.mean_min, p95_min: waiting.p95_min, longest_min: waiting.longest_min }
    }
}

impl SimulationReport {
    /// The value of `schema` that this version writes.
    pub const SCHEMA: &'static str = "clearway-simulation/1";

    /// The figures of a simulation, without a split of the gap.
    pub fn new(simulation: &Simulation, inputs: &ReportInputs<'_>) -> Self {
        let ReportInputs { scenario, network, .. } = *inputs;
        let outcome = &simulation.outcome;
        let ArrivalTimes { t90_s, t100_s } = ArrivalTimes::new(simulation);
        let without_order = WithoutOrder::of(simulation, scenario, network);
        let id = |street: u32| place(scenario, network, simulation.streets.elements[index(street)]).0;
        let gridlock = simulation
            .gridlock
            .iter()
            .map(|ring| Gridlock {
                since_s: float(ring.since_us) / 1e6,
                links: ring.streets.iter().map(|&street| id(street)).collect(),
            })
            .collect();
        Self {
            schema: Self::SCHEMA.to_owned(),
            scenario: inputs.digest.to_owned(),
            name: scenario.settings.name.clone(),
            context: scenario.settings.context,
            case: network.case,
            orders: inputs.orders,
            queues: inputs.queues.into(),
            t90_s,
            t100_s,
            mean_s: outcome.mean_s(),
            last_s: outcome.time_of_s(outcome.people_arrived).filter(|_| outcome.people_arrived > 0),
            evacuees: simulation.evacuees,
            arrived: outcome.people_arrived,
            not_arrived: outcome.people_overtaken + outcome.people_underway + simulation.turned_back,
            overtaken: outcome.people_overtaken,
            without_order,
            overtaken_in_all: without_order.map(|without| without.overtaken + outcome.people_overtaken),
            waiting: outcome.waiting.into(),
            waiting_before_road: outcome.before_road.into(),
            plan: inputs.plan,
            bound: inputs.bound,
            baseline: inputs.baseline,
            means: Vec::new(),
            gap: None,
            junctions: JunctionFigures::of(&simulation.streets, &simulation.traffic),
            gridlock,
            standing: standing(simulation, scenario, network),
            links_without_length: u64::try_from(simulation.streets.without_length.len()).unwrap_or(u64::MAX),
            recording: inputs.recording,
            people_per_vehicle: float(
                outcome.people_arrived
                    + outcome.people_overtaken
                    + outcome.people_underway
                    + simulation.turned_back,
            ) / f64::from(simulation.trips.evacuee_vehicles().max(1)),
            vehicles: u64::from(simulation.trips.evacuee_vehicles()),
            moves: simulation.moves,
            wall_s: inputs.wall_s,
        }
    }
}

/// Id and name of an element's row; of a connector the name of what it leads out of or into.
pub fn place(scenario: &Scenario, network: &Network, element: ElementIndex) -> (String, String) {
    match network.elements[element].kind {
        ElementKind::Link(row) => {
            let link = &scenario.links[row];
            (link.link_id.clone(), link.name.clone())
        }
        ElementKind::Connector(row) => {
            let connector = &scenario.connectors[row];
            let id = connector.place_id.as_str();
            let zone = scenario.zones.iter().find(|zone| zone.zone_id == id).map(|zone| zone.name.as_str());
            let site = scenario.sites.iter().find(|site| site.site_id == id).map(|site| site.name.as_str());
            let name = match connector.place {
                ConnectorPlace::Zone => zone.map_or_else(String::new, |name| format!("way out of {name}")),
                ConnectorPlace::Site => site.map_or_else(String::new, |name| format!("way into {name}")),
            };
            (connector.connector_id.clone(), name)
        }
        ElementKind::Admission(row) => {
            let site = &scenario.sites[row];
            (site.site_id.clone(), site.name.clone())
        }
    }
}

fn standing(simulation: &Simulation, scenario: &Scenario, network: &Network) -> Vec<Standing> {
    let mut places: Vec<Standing> = simulation
        .traffic
        .iter()
        .zip(&simulation.streets.elements)
        .filter(|(traffic, _)| traffic.people_left > 0 || traffic.people_overtaken > 0)
        .map(|(traffic, &element)| {
            let (place_id, name) = place(scenario, network, element);
            Standing { place_id, name, people: traffic.people_left, overtaken: traffic.people_overtaken }
        })
        .collect();
    places.sort_by(|a, b| (b.people + b.overtaken, &a.place_id).cmp(&(a.people + a.overtaken, &b.place_id)));
    places
}
