//! Orders on the road before they are a plan: who of each does not arrive, and what people wait for. What brings people on paper, where
//! queues take no space, may not bring them where they do; whoever makes orders asks here.

use crate::holds::Holds;
use crate::outcome::Outcome;
use crate::simulation::people_per_vehicle;
use crate::streets::{QueueModel, RoomFigures, Streets};
use crate::traffic::{Demand, Fate, Hold, Turns, Watch, run};
use crate::trips::vehicles_in;
use clearway_model::Scenario;
use clearway_model::number::index;
use clearway_network::{ElementIndex, Network};

/// People who leave together by one path.
#[derive(Debug, Clone, Copy)]
pub struct TrialOrder<'a> {
    /// From a connector of a zone to an admission.
    pub elements: &'a [ElementIndex],
    /// How many people they are.
    pub people: i64,
    /// Begin of their departure window, ms.
    pub from_ms: i64,
    /// End of the window (excluded), ms.
    pub until_ms: i64,
}

/// The roads of a scenario on which queues take space.
#[derive(Debug, Clone)]
pub struct RoadTrial {
    streets: Streets,
    people_per_vehicle: f64,
    /// When the planning horizon ends, µs.
    end_us: i64,
}

/// What becomes of orders on the road.
#[derive(Debug, Clone, PartialEq)]
pub struct TrialOutcome {
    /// Per order, how many of its people do not arrive by the end of the planning horizon.
    pub not_arrived: Vec<i64>,
    /// Arrivals and waiting.
    pub outcome: Outcome,
    /// What people wait for on the road, those for which they wait most first.
    pub bottlenecks: Vec<RoadBottleneck>,
    /// How often a vehicle entered an element: what the simulation has to do.
    pub moves: u64,
}

/// An element for which people wait on the road, also those who stand further back since the roads before it are full.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RoadBottleneck {
    /// The element.
    pub element: ElementIndex,
    /// Waiting for it, person-hours.
    pub person_hours: f64,
}

/// Notes who is held up by what, and asks now and then whether to go on.
struct Noted<'a> {
    holds: Holds,
    goes_on: &'a dyn Fn() -> bool,
}

impl Watch for Noted<'_> {
    fn held(&mut self, hold: Hold) {
        self.holds.add(hold);
    }

    fn goes_on(&mut self, _: i64) -> bool {
        (self.goes_on)()
    }
}

impl RoadTrial {
    /// The roads of a network, which is of `scenario`.
    pub fn new(scenario: &Scenario, network: &Network) -> Self {
        let class = scenario.settings.class.first();
        let people = class.map_or(1.0, |class| people_per_vehicle(class, network.case));
        let queues = QueueModel::Spatial(RoomFigures::default());
        let mut streets = Streets::new(scenario, network, people, queues);
        for street in &mut streets.streets {
            // no figure of a plan rests on junctions
            street.junction_rate = None;
        }
        Self { streets, people_per_vehicle: people, end_us: network.horizon * 1000 }
    }

    /// Carries out orders; those that leave at one moment go in the order of the orders. `None` if it was not to go on.
    pub fn carry_out(&self, orders: &[TrialOrder<'_>], goes_on: &dyn Fn() -> bool) -> Option<TrialOutcome> {
        let street = |&element: &ElementIndex| self.streets.of_element[element];
        let paths: Vec<Vec<u32>> =
            orders.iter().map(|order| order.elements.iter().map(street).collect()).collect();
        let mut vehicles = Vec::new();
        for (path, order) in (0..).zip(orders) {
            let window = (order.from_ms, order.until_ms);
            vehicles.extend(vehicles_in(window, order.people, path, self.people_per_vehicle));
        }
        vehicles.sort_by_key(|vehicle| (vehicle.last_us, vehicle.path, vehicle.first_us));
        let demand = Demand {
            streets: &self.streets.streets,
            paths: &paths,
            vehicles: &vehicles,
            end_us: self.end_us,
            turns: Turns::Shared,
        };
        let mut noted = Noted { holds: Holds::new(self.streets.streets.len()), goes_on };
        let movement = run(demand, &mut noted)?;
        let mut not_arrived = vec![0; orders.len()];
        for (vehicle, journey) in vehicles.iter().zip(&movement.journeys) {
            if !matches!(journey.fate, Fate::Arrived(_)) {
                not_arrived[index(vehicle.path)] += i64::from(vehicle.people);
            }
        }
        let bottleneck = |(street, person_us): (u32, f64)| RoadBottleneck {
            element: self.streets.elements[index(street)],
            person_hours: person_us / 3.6e9,
        };
        Some(TrialOutcome {
            not_arrived,
            outcome: Outcome::new(&vehicles, &movement.journeys),
            bottlenecks: noted.holds.traced().into_iter().map(bottleneck).collect(),
            moves: movement.moves,
        })
    }
}
