//! The orders of a plan on the roads of its scenario.

use crate::baseline::shortest_way_at_once;
use crate::gridlock::Ring;
use crate::outcome::Outcome;
use crate::recording::{Recorder, Recording, RecordingLimits};
use crate::streets::{QueueModel, Streets};
use crate::traffic::{Demand, Fate, Journey, Movement, Passage, StreetTraffic, Vehicle, Watch, run};
use crate::trips::{Trips, UnknownPart};
use clearway_model::number::{compact, float, index};
use clearway_model::{Case, ClassOfUsers, Figure, Mode, Plan, Scenario};
use clearway_network::{ElementKind, Network, NetworkError};

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
    /// Of these, people who turned back on the way and go nowhere any more; without chance nobody.
    pub turned_back: i64,
    /// People in a vehicle, in the mean.
    pub people_per_vehicle: f64,
    /// Per vehicle, what became of it.
    pub journeys: Vec<Journey>,
    /// What each link was like over time, if that was recorded.
    pub recording: Option<Recording>,
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

/// Passes on how far the simulation is, and records it if asked to.
pub(crate) struct Progress<'a> {
    /// When the planning horizon ends, µs.
    pub end_us: i64,
    /// Records what happens on links.
    pub recorder: Option<Recorder>,
    /// Hears the share that is done and says whether to go on.
    pub goes_on: &'a mut dyn FnMut(f64) -> bool,
}

impl Watch for Progress<'_> {
    fn entered(&mut self, passage: Passage, time_us: i64) {
        if let Some(recorder) = &mut self.recorder {
            recorder.entered(passage, time_us);
        }
    }

    fn left(&mut self, passage: Passage, time_us: i64, waited_us: i64) {
        if let Some(recorder) = &mut self.recorder {
            recorder.left(passage, time_us, waited_us);
        }
    }

    fn goes_on(&mut self, time_us: i64) -> bool {
        (self.goes_on)(float(time_us) / float(self.end_us.max(1)))
    }
}

/// Simulates the orders of a plan. `goes_on` hears the share of the planning horizon that is done and says whether to go on; `recording`: how much
/// of what happens on links is recorded, if anything.
///
/// # Errors
/// A scenario that is no network, a route that is not part of it, or an end that was asked for.
pub fn simulated(
    scenario: &Scenario,
    plan: &Plan,
    queues: QueueModel,
    recording: Option<RecordingLimits>,
    goes_on: &mut dyn FnMut(f64) -> bool,
) -> Result<Simulation, SimulationError> {
    let roads = Roads::new(scenario, plan.case, queues)?;
    let trips = Trips::new(scenario, plan, &roads.network, &roads.streets, roads.people_per_vehicle)?;
    roads.simulated(trips, recording, goes_on)
}

/// Simulates everybody by the shortest way at once, in a case of the scenario; otherwise as [`simulated`].
///
/// # Errors
/// A scenario that is no network, or an end that was asked for.
pub fn simulated_baseline(
    scenario: &Scenario,
    case: Case,
    queues: QueueModel,
    recording: Option<RecordingLimits>,
    goes_on: &mut dyn FnMut(f64) -> bool,
) -> Result<Simulation, SimulationError> {
    let roads = Roads::new(scenario, case, queues)?;
    let trips = shortest_way_at_once(scenario, &roads.network, &roads.streets, roads.people_per_vehicle);
    roads.simulated(trips, recording, goes_on)
}

/// What vehicles move on.
#[derive(Clone)]
pub(crate) struct Roads {
    pub network: Network,
    pub streets: Streets,
    pub people_per_vehicle: f64,
    pub queues: QueueModel,
}

impl Roads {
    pub fn new(scenario: &Scenario, case: Case, queues: QueueModel) -> Result<Self, SimulationError> {
        let network = Network::new(scenario, case)?;
        let people = scenario.settings.class.first().map_or(1.0, |class| people_per_vehicle(class, case));
        let streets = Streets::new(scenario, &network, people, queues);
        Ok(Self { network, streets, people_per_vehicle: people, queues })
    }

    /// When the planning horizon ends, µs.
    pub fn end_us(&self) -> i64 {
        self.network.horizon * 1000
    }

    /// Simulates; `recording` as in [`simulated`].
    pub fn simulated(
        self,
        trips: Trips,
        recording: Option<RecordingLimits>,
        goes_on: &mut dyn FnMut(f64) -> bool,
    ) -> Result<Simulation, SimulationError> {
        let end_us = self.end_us();
        let streets = &self.streets.streets;
        let is_link = |street: u32| {
            let element = self.streets.elements[index(street)];
            matches!(self.network.elements[element].kind, ElementKind::Link(_))
        };
        let recorder = recording.map(|limits| Recorder::new(streets, is_link, &trips.paths, end_us, limits));
        let mut watch = Progress { end_us, recorder, goes_on };
        let mut simulation = self.watched(trips, &mut watch)?;
        simulation.recording = watch.recorder.map(|recorder| recorder.recorded(&simulation.streets.streets));
        Ok(simulation)
    }

    /// Simulates while somebody watches.
    pub fn watched(self, trips: Trips, watch: &mut impl Watch) -> Result<Simulation, SimulationError> {
        let turns = self.queues.turns();
        let streets = &self.streets.streets;
        let end_us = self.end_us();
        let demand = Demand { streets, paths: &trips.paths, vehicles: &trips.vehicles, end_us, turns };
        let mut movement = run(demand, watch).ok_or(SimulationError::Cancelled)?;
        count_who_is_left(&trips, &mut movement);
        Ok(Simulation {
            turned_back: 0,
            outcome: outcome(&trips, &movement.journeys),
            journeys: movement.journeys,
            traffic: movement.traffic,
            gridlock: movement.gridlock,
            moves: movement.moves,
            evacuees: self.network.evacuees(),
            people_per_vehicle: self.people_per_vehicle,
            recording: None,
            streets: self.streets,
            trips,
        })
    }
}

/// Arrivals and waiting of those who evacuate.
fn outcome(trips: &Trips, journeys: &[Journey]) -> Outcome {
    if trips.unasked_from == compact(trips.paths.len()) {
        return Outcome::new(&trips.vehicles, journeys);
    }
    let evacuees = trips.vehicles.iter().zip(journeys).filter(|of| of.0.path < trips.unasked_from);
    let (vehicles, journeys): (Vec<Vehicle>, Vec<Journey>) = evacuees.map(|(v, j)| (*v, *j)).unzip();
    Outcome::new(&vehicles, &journeys)
}

/// Adds to the traffic of each street who is still on it, and who was overtaken there. Those who never left count where their path
/// begins, at the connector of their zone, so that everybody who has not arrived is somewhere.
pub(crate) fn count_who_is_left(trips: &Trips, movement: &mut Movement) {
    let evacuees = |vehicle: &Vehicle| vehicle.path < trips.unasked_from;
    for (vehicle, journey) in trips.vehicles.iter().zip(&movement.journeys).filter(|of| evacuees(of.0)) {
        let (place, is_overtaken) = match journey.fate {
            Fate::Arrived(_) => continue,
            Fate::Underway(place) => (place.unwrap_or(0), false),
            // on the way to the next street they are at the end of the one before
            Fate::Overtaken(_, place) => (place.saturating_sub(1), true),
        };
        let Some(&street) = trips.paths[index(vehicle.path)].get(index(place)) else { continue };
        let there = &mut movement.traffic[index(street)];
        let count = if is_overtaken { &mut there.people_overtaken } else { &mut there.people_left };
        *count += i64::from(vehicle.people);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let trips = Trips::of_evacuees(vec![vec![2, 0, 1]], [1, 2, 4, 8, 16].map(vehicle).to_vec());
        let journey = |fate| Journey { fate, waited_before_road_us: 0, waited_on_road_us: 0 };
        let mut movement = Movement {
            journeys: fates.map(journey).to_vec(),
            traffic: vec![StreetTraffic::default(); 3],
            ..Movement::default()
        };
        count_who_is_left(&trips, &mut movement);
        let found: Vec<_> = movement.traffic.iter().map(|t| (t.people_left, t.people_overtaken)).collect();
        assert_eq!(found, [(4, 16), (0, 0), (2, 8)]);
    }
}
