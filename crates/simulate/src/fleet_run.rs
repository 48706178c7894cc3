//! Cars and a fleet on the same streets, moved together.

use crate::fleet::{Chain, FleetOnRoads, FleetTask, Stage, StageKind, people_of};
use crate::outcome::Outcome;
use crate::recording::{Recorder, RecordingLimits};
use crate::simulation::{Progress, Roads, Simulation, SimulationError, count_who_is_left};
use crate::streets::QueueModel;
use crate::traffic::{Demand, Fate, Journey, Movement, Passage, Vehicle, Watch, run};
use crate::trips::Trips;
use clearway_model::number::{compact, index as at};
use clearway_model::{Case, Plan, Scenario, TripRow};
use clearway_network::ElementKind;

/// What became of a trip of the fleet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SimulatedTrip {
    /// When the vehicle left the zone with its passengers, µs; `None`: it did not.
    pub depart_us: Option<i64>,
    /// When all its passengers were received at the site, µs; `None`: they were not.
    pub end_us: Option<i64>,
}

/// Cars and fleet together.
#[derive(Debug, Clone)]
pub struct FleetSimulation {
    /// All of them, the passengers of a trip as one vehicle; streets of the fleet alone are left out.
    pub simulation: Simulation,
    /// Per trip, in the order given.
    pub trips: Vec<SimulatedTrip>,
    /// How many vehicles of the simulation are cars: those before the passengers of trips.
    pub cars: usize,
}

/// Hears of all vehicles, and turns what the fleet does into what its passengers do.
struct FleetWatch<'a> {
    inner: Progress<'a>,
    first_vehicle: u32,
    /// Per chain, the place of its first stage among those of all paths as they are driven, and the place of the first street of a copy of
    /// it where it is recorded.
    begins: Vec<(u32, u32)>,
    /// Per trip, the place of the first street of its passengers' way where it is recorded.
    ways: Vec<u32>,
    chains: &'a [Chain],
    /// Streets before this one are those of all.
    own: u32,
    trips: Vec<SimulatedTrip>,
    own_moves: u64,
    /// Per street, people who entered, and people x µs of waiting, more than the engine counts.
    more: Vec<(i64, i128)>,
    travel_us: Vec<i64>,
}

impl FleetWatch<'_> {
    /// The stage of a passage of the fleet, and the passage as that of its passengers; `None`: somebody else's.
    fn stage(&self, passage: Passage) -> Option<(Stage, Passage)> {
        let chain = at(passage.vehicle.checked_sub(self.first_vehicle)?);
        let (begin, copy) = self.begins[chain];
        let position = passage.place - begin;
        let stage = self.chains[chain].stages[at(position)];
        let place = match stage.place.filter(|_| stage.kind != StageKind::Unloading) {
            Some(place) => self.ways[at(stage.trip)] + place,
            None => copy + position,
        };
        Some((stage, Passage { place, people: stage.on_board, ..passage }))
    }
}

impl Watch for FleetWatch<'_> {
    fn entered(&mut self, passage: Passage, time_us: i64) {
        let Some((stage, as_people)) = self.stage(passage) else {
            return self.inner.entered(passage, time_us);
        };
        let trip = &mut self.trips[at(stage.trip)];
        match stage.kind {
            StageKind::Leaving => trip.depart_us = Some(time_us),
            StageKind::Unloading => trip.end_us = Some(time_us + self.travel_us[at(passage.street)]),
            StageKind::Driving | StageKind::Standing => {}
        }
        if passage.street >= self.own {
            self.own_moves += 1;
            return;
        }
        self.more[at(passage.street)].0 += i64::from(as_people.people) - i64::from(passage.people);
        self.inner.entered(as_people, time_us);
    }

    fn left(&mut self, passage: Passage, time_us: i64, waited_us: i64) {
        let Some((_, as_people)) = self.stage(passage) else {
            return self.inner.left(passage, time_us, waited_us);
        };
        if passage.street < self.own {
            let people = i128::from(as_people.people) - i128::from(passage.people);
            self.more[at(passage.street)].1 += people * i128::from(waited_us);
            self.inner.left(as_people, time_us, waited_us);
        }
    }

    fn goes_on(&mut self, time_us: i64) -> bool {
        self.inner.goes_on(time_us)
    }
}

/// Cars and a fleet that are to be moved together.
#[derive(Debug, Clone, Copy)]
pub struct TogetherTask<'a> {
    /// The roads as all vehicles find them, with nothing kept for the fleet.
    pub scenario: &'a Scenario,
    /// Orders of the cars, if there are any.
    pub plan: Option<&'a Plan>,
    /// What the fleet has to do.
    pub fleet: FleetTask<'a>,
    /// Which value of each range.
    pub case: Case,
    /// How queues stand.
    pub queues: QueueModel,
    /// All who are to evacuate by either.
    pub evacuees: i64,
    /// How much of what happens on links is recorded, if anything.
    pub recording: Option<RecordingLimits>,
}

/// Simulates the orders of a plan for cars and the trips of a fleet on the same roads, otherwise as [`crate::simulation::simulated`].
///
/// # Errors
/// A scenario that is no network, a route or trip that is not part of it, or an end that was asked for.
pub fn simulated_with_fleet(
    together: TogetherTask<'_>,
    goes_on: &mut dyn FnMut(f64) -> bool,
) -> Result<FleetSimulation, SimulationError> {
    let TogetherTask { scenario, plan, fleet: task, case, queues, evacuees, recording } = together;
    let roads = Roads::new(scenario, case, queues)?;
    let cars = match plan {
        Some(plan) => Trips::new(scenario, plan, &roads.network, &roads.streets, roads.people_per_vehicle)?,
        None => Trips::default(),
    };
    let pcu = scenario.settings.class.first().map_or(1.0, |class| class.pcu_per_vehicle);
    let people_per_pcu = roads.people_per_vehicle / pcu;
    let fleet = FleetOnRoads::new(scenario, &roads.network, &roads.streets, task, people_per_pcu)?;
    let end_us = roads.network.horizon * 1000;
    let driven: Vec<Vec<u32>> =
        cars.paths.iter().chain(fleet.chains.iter().map(|chain| &chain.path)).cloned().collect();
    let first_path = compact(cars.paths.len());
    let vehicles: Vec<Vehicle> = cars.vehicles.iter().copied().chain(fleet.vehicles(first_path)).collect();
    // what is recorded and reported: ways of cars, ways of passengers, and where vehicles are empty what they drive
    let mut trips = Trips { unasked_from: u32::MAX, ..cars };
    let first_way = compact(trips.paths.len());
    trips.paths.extend(fleet.ways.iter().cloned());
    trips.paths.extend(fleet.chains.iter().map(|chain| chain.path.clone()));
    let own = compact(roads.streets.streets.len());
    let is_link = |street: u32| {
        let element = roads.streets.elements.get(at(street));
        element.is_some_and(|&element| matches!(roads.network.elements[element].kind, ElementKind::Link(_)))
    };
    let recorder =
        recording.map(|limits| Recorder::new(&fleet.streets, is_link, &trips.paths, end_us, limits));
    let lengths = |paths: &[Vec<u32>]| -> u32 { compact(paths.iter().map(Vec::len).sum()) };
    let of_cars = lengths(&driven[..at(first_path)]);
    let places = |from: u32, paths: &mut dyn Iterator<Item = usize>| -> Vec<u32> {
        let step = |next: &mut u32, length: usize| {
            let begin = *next;
            *next += compact(length);
            Some(begin)
        };
        paths.scan(from, step).collect()
    };
    let ways = places(of_cars, &mut fleet.ways.iter().map(Vec::len));
    let begins = places(of_cars, &mut fleet.chains.iter().map(|chain| chain.path.len()));
    let copies =
        places(of_cars + lengths(&fleet.ways), &mut fleet.chains.iter().map(|chain| chain.path.len()));
    let mut watch = FleetWatch {
        inner: Progress { end_us, recorder, goes_on },
        first_vehicle: compact(trips.vehicles.len()),
        begins: begins.into_iter().zip(copies).collect(),
        ways,
        chains: &fleet.chains,
        own,
        trips: vec![SimulatedTrip { depart_us: None, end_us: None }; task.trips.len()],
        own_moves: 0,
        more: vec![(0, 0); at(own)],
        travel_us: fleet.streets.iter().map(|street| street.travel_us).collect(),
    };
    let turns = queues.turns();
    let demand = Demand { streets: &fleet.streets, paths: &driven, vehicles: &vehicles, end_us, turns };
    let mut movement = run(demand, &mut watch).ok_or(SimulationError::Cancelled)?;
    let FleetWatch { inner, trips: mut simulated, own_moves, more, .. } = watch;
    let recording = inner.recorder.map(|recorder| recorder.recorded(&fleet.streets));
    for trip in &mut simulated {
        trip.end_us = trip.end_us.filter(|&end| end < end_us);
    }
    let cars = trips.vehicles.len();
    let fates = movement.journeys.split_off(cars);
    movement.traffic.truncate(at(own));
    for (traffic, (people, waiting)) in movement.traffic.iter_mut().zip(more) {
        traffic.people += people;
        traffic.waiting += waiting;
    }
    for (row, trip) in (0u32..).zip(task.trips) {
        let (first_us, last_us) = (trip.depart_ms * 1000, trip.depart_ms * 1000);
        let path = first_way + row;
        trips.vehicles.push(Vehicle { path, people: people_of(trip), first_us, last_us });
        movement.journeys.push(journey(trip, simulated[at(row)], row, &fleet.chains, &fates, end_us));
    }
    count_who_is_left(&trips, &mut movement);
    let Movement { journeys, traffic, gridlock, moves } = movement;
    let simulation = Simulation {
        turned_back: 0,
        outcome: Outcome::new(&trips.vehicles, &journeys),
        journeys,
        traffic,
        gridlock,
        moves: moves - own_moves,
        evacuees,
        people_per_vehicle: roads.people_per_vehicle,
        recording,
        streets: roads.streets,
        trips,
    };
    Ok(FleetSimulation { simulation, trips: simulated, cars })
}

/// What became of the passengers of a trip. They wait from when they were to leave: what they leave later, and what they are longer on the
/// way than by the timetable.
fn journey(
    trip: &TripRow,
    simulated: SimulatedTrip,
    row: u32,
    chains: &[Chain],
    fates: &[Journey],
    end_us: i64,
) -> Journey {
    let planned_us = (trip.depart_ms * 1000, trip.end_ms * 1000);
    let late_us = (simulated.depart_us.unwrap_or(end_us).min(end_us) - planned_us.0).max(0);
    if let (Some(depart), Some(end)) = (simulated.depart_us, simulated.end_us) {
        let longer_us = ((end - depart) - (planned_us.1 - planned_us.0)).max(0);
        return Journey {
            fate: Fate::Arrived(end),
            waited_before_road_us: late_us,
            waited_on_road_us: longer_us,
        };
    }
    let chain = chains.iter().position(|chain| chain.stages.iter().any(|stage| stage.trip == row));
    let fate = chain.map(|chain| (chain, fates[chain].fate));
    let on_board = |chain: usize, position: u32| -> Option<u32> {
        let stage = chains[chain].stages.get(at(position))?;
        (stage.trip == row).then_some(stage.place?)
    };
    let fate = match fate {
        Some((chain, Fate::Underway(Some(position)))) => Fate::Underway(on_board(chain, position)),
        // overtaken before the street at a position: on the one before
        Some((chain, Fate::Overtaken(time, position))) => match on_board(chain, position) {
            Some(place) if place > 0 => Fate::Overtaken(time, place),
            _ => Fate::Underway(None),
        },
        _ => Fate::Underway(None),
    };
    let waited_on_road_us = match (simulated.depart_us, fate) {
        (Some(depart), Fate::Underway(_)) => ((end_us - depart) - (planned_us.1 - planned_us.0)).max(0),
        (Some(depart), Fate::Overtaken(time, _)) => ((time - depart) - (planned_us.1 - planned_us.0)).max(0),
        _ => 0,
    };
    Journey { fate, waited_before_road_us: late_us, waited_on_road_us }
}
