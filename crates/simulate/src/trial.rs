//! Orders on the road before they are a plan: who of each does not arrive. What brings people on paper, where queues take no space, may
//! not bring them where they do; whoever makes orders asks here.

use crate::simulation::people_per_vehicle;
use crate::streets::{QueueModel, RoomFigures, Streets};
use crate::traffic::{Demand, Fate, Turns, Watch, run};
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

/// Asked now and then whether to go on.
struct Asked<'a>(&'a dyn Fn() -> bool);

impl Watch for Asked<'_> {
    fn goes_on(&mut self, _: i64) -> bool {
        self.0()
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

    /// Per order, how many of its people do not arrive by the end of the planning horizon; those that leave at one moment go in the
    /// order of the orders. `None` if it was not to go on.
    pub fn not_arrived(&self, orders: &[TrialOrder<'_>], goes_on: &dyn Fn() -> bool) -> Option<Vec<i64>> {
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
        let movement = run(demand, &mut Asked(goes_on))?;
        let mut missing = vec![0; orders.len()];
        for (vehicle, journey) in vehicles.iter().zip(&movement.journeys) {
            if !matches!(journey.fate, Fate::Arrived(_)) {
                missing[index(vehicle.path)] += i64::from(vehicle.people);
            }
        }
        Some(missing)
    }
}
