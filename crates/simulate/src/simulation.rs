//! The orders of a plan on the roads of its scenario.

use crate::gridlock::Ring;
use crate::outcome::Outcome;
use crate::streets::{QueueModel, Streets};
use crate::traffic::{Demand, Fate, Movement, Turns, Watch, run};
use crate::trips::{Trips, UnknownPart};
use clearway_model::number::{float, index};
use clearway_model::{Case, ClassOfUsers, Figure, Mode, Plan, Scenario};
use clearway_network::{Network, NetworkError};

/// Why there is no simulation.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SimulationError {
    /// The tables of the scenario do not fit together.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// A route of the plan names what the scenario does not have.
    #[error(
        "plan.json, route {route_id}: '{id}' is not in its scenario, or not open to its class; clearway verify says more"
    )]
    Unknown {
        /// The route.
        route_id: String,
        /// What it names.
        id: String,
    },
    /// It was asked to end.
    #[error("ended early")]
    Cancelled,
}

impl From<UnknownPart> for SimulationError {
    fn from(part: UnknownPart) -> Self {
        Self::Unknown { route_id: part.route_id, id: part.id }
    }
}

/// What became of all orders.
#[derive(Debug, Clone)]
pub struct Simulation {
    /// The roads, in the order of their ids.
    pub streets: Streets,
    /// The vehicles and their paths.
    pub trips: Trips,
    /// Arrivals and waiting.
    pub outcome: Outcome,
    /// Per street, what happened on it.
    pub traffic: Vec<StreetTraffic>,
    /// Rings of full roads in which nobody can move any more, as numbers of streets.
    pub gridlock: Vec<Ring>,
    /// Vehicles that a street took, all streets together.
    pub moves: u64,
    /// All who are to evacuate, also those whom the plan has no order for.
    pub evacuees: i64,
    /// People in a vehicle, in the mean.
    pub people_per_vehicle: f64,
}

/// What happened on a street.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StreetTraffic {
    /// Vehicles that entered.
    pub vehicles: u64,
    /// People in them.
    pub people: i64,
    /// Waiting at its end, people x µs, of those who have left it.
    pub waiting: i128,
    /// People who stood on it, or were on their way on it, when the time ended.
    pub people_left: i64,
    /// People who were overtaken on it.
    pub people_overtaken: i64,
}

/// People who walk together as one unit: fewer would cost time and change little where hundreds pass in a minute.
const WALKERS_TOGETHER: f64 = 4.0;

/// People in a vehicle of a class in a case; of those on foot, how many walk as one unit.
pub fn people_per_vehicle(class: &ClassOfUsers, case: Case) -> f64 {
    match class.mode {
        Mode::Walk => WALKERS_TOGETHER,
        Mode::Vehicle => {
            let Some(value) = class.people_per_vehicle else { return 1.0 };
            Figure::new(value, class.people_per_vehicle_low, class.people_per_vehicle_high)
                .more_is_better(case)
                .max(1.0)
        }
    }
}

/// Counts what happens on streets, and passes on how far the simulation is.
struct Counting<'a> {
    people: Vec<u32>,
    traffic: Vec<StreetTraffic>,
    end_us: i64,
    goes_on: &'a mut dyn FnMut(f64) -> bool,
}

impl Watch for Counting<'_> {
    fn entered(&mut self, vehicle: u32, street: u32, _time_us: i64) {
        let traffic = &mut self.traffic[index(street)];
        traffic.vehicles += 1;
        traffic.people += i64::from(self.people[index(vehicle)]);
    }

    fn left(&mut self, vehicle: u32, street: u32, _time_us: i64, waited_us: i64) {
        let people = i128::from(self.people[index(vehicle)]);
        self.traffic[index(street)].waiting += people * i128::from(waited_us);
    }

    fn goes_on(&mut self, time_us: i64) -> bool {
        (self.goes_on)(float(time_us) / float(self.end_us.max(1)))
    }
}

/// Simulates the orders of a plan. `goes_on` hears the share of the planning horizon that is done and says whether to go on.
///
/// # Errors
/// A scenario that is no network, a route that is not part of it, or an end that was asked for.
pub fn simulated(
    scenario: &Scenario,
    plan: &Plan,
    queues: QueueModel,
    goes_on: &mut dyn FnMut(f64) -> bool,
) -> Result<Simulation, SimulationError> {
    let network = Network::new(scenario, plan.case)?;
    let people = scenario.settings.class.first().map_or(1.0, |class| people_per_vehicle(class, plan.case));
    let streets = Streets::new(scenario, &network, people, queues);
    let trips = Trips::new(scenario, plan, &network, &streets, people)?;
    let end_us = network.horizon * 1000;
    let mut counting = Counting {
        people: trips.vehicles.iter().map(|vehicle| vehicle.people).collect(),
        traffic: vec![StreetTraffic::default(); streets.streets.len()],
        end_us,
        goes_on,
    };
    let turns = match queues {
        QueueModel::Spatial(_) => Turns::Shared,
        QueueModel::Vertical => Turns::FirstCome,
    };
    let demand =
        Demand { streets: &streets.streets, paths: &trips.paths, vehicles: &trips.vehicles, end_us, turns };
    let movement = run(demand, &mut counting).ok_or(SimulationError::Cancelled)?;
    let mut traffic = counting.traffic;
    count_who_is_left(&mut traffic, &trips, &movement);
    Ok(Simulation {
        outcome: Outcome::new(&trips.vehicles, &movement.journeys),
        traffic,
        gridlock: movement.gridlock,
        moves: movement.moves,
        evacuees: network.evacuees(),
        people_per_vehicle: people,
        streets,
        trips,
    })
}

/// Adds to the traffic of each street who is still on it, and who was overtaken there. Those who never left count where their path
/// begins, at the connector of their zone, so that everybody who has not arrived is somewhere.
fn count_who_is_left(traffic: &mut [StreetTraffic], trips: &Trips, movement: &Movement) {
    for (vehicle, journey) in trips.vehicles.iter().zip(&movement.journeys) {
        let (place, is_overtaken) = match journey.fate {
            Fate::Arrived(_) => continue,
            Fate::Underway(place) => (place.unwrap_or(0), false),
            // on the way to the next street they are at the end of the one before
            Fate::Overtaken(_, place) => (place.saturating_sub(1), true),
        };
        let Some(&street) = trips.paths[index(vehicle.path)].get(index(place)) else { continue };
        let there = &mut traffic[index(street)];
        let count = if is_overtaken { &mut there.people_overtaken } else { &mut there.people_left };
        *count += i64::from(vehicle.people);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::traffic::{Journey, Vehicle};

    #[test]
    fn everybody_who_has_not_arrived_is_counted_somewhere() {
        let fates = [
            Fate::Arrived(9),
            Fate::Underway(None),
            Fate::Underway(Some(1)),
            Fate::Overtaken(5, 0),
            Fate::Overtaken(5, 2),
        ];
        let vehicle = |people| Vehicle { path: 0, people, first_us: 0, last_us: 0 };
        let trips = Trips {
            paths: vec![vec![2, 0, 1]],
            vehicles: [1, 2, 4, 8, 16].map(vehicle).to_vec(),
            orders: vec![0; 5],
        };
        let journey = |fate| Journey { fate, waited_before_road_us: 0, waited_on_road_us: 0 };
        let movement = Movement { journeys: fates.map(journey).to_vec(), ..Movement::default() };
        let mut traffic = vec![StreetTraffic::default(); 3];
        count_who_is_left(&mut traffic, &trips, &movement);
        let found: Vec<_> = traffic.iter().map(|t| (t.people_left, t.people_overtaken)).collect();
        assert_eq!(found, [(4, 16), (0, 0), (2, 8)]);
    }
}
