//! One member of an ensemble: a scenario whose figures are drawn within their ranges, with people who do not all do as ordered and roads
//! on which something happens.
//!
//! A member follows from the scenario, the plan, the profile, the seed and its number alone, so that any of them can be made again without
//! the others, on any machine.

mod detours;
mod figures;
mod lost;
mod own_ways;
mod trips;

pub use figures::FigurePlaces;
pub use lost::LostPlace;

use crate::behaviour::{Behaviour, DrawnBehaviour};
use crate::chance::MemberSeed;
use crate::incidents::{StreetUse, UseCount, draw_incidents};
use crate::recording::RecordingLimits;
use crate::simulation::{Progress, Roads, Simulation, SimulationError};
use crate::slowing::Slowing;
use crate::streets::{QueueModel, Streets};
use crate::traffic::Fate;
use crate::trips::Trips;
use clearway_model::number::{index, round};
use clearway_model::time::ms_from_hours;
use clearway_model::{Case, Mode, Plan, Scenario};
use clearway_network::{ElementKind, Network};
use detours::{ChangedTrips, JamWatch, Patience};
use figures::{scenario_at, slow_down};
use own_ways::OwnWays;
use std::borrow::Cow;
use std::collections::BTreeMap;
use trips::{MemberTrips, TripInputs};

/// Which figures of the scenario a member has.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum MemberFigures {
    /// Drawn within their ranges.
    #[default]
    Ranges,
    /// The central ones.
    Central,
}

/// What all members of an ensemble share.
#[derive(Debug)]
pub struct MemberMaker<'a> {
    scenario: Cow<'a, Scenario>,
    plan: Cow<'a, Plan>,
    behaviour: Behaviour,
    queues: QueueModel,
    figures: MemberFigures,
    seed: u64,
    ways: OwnWays,
    uses: Vec<StreetUse>,
    planned: Vec<i64>,
    as_ordered: Simulation,
}

/// What members are drawn from.
#[derive(Debug, Clone)]
pub struct MemberSettings {
    /// Profile of behaviour.
    pub behaviour: Behaviour,
    /// How queues stand.
    pub queues: QueueModel,
    /// Which figures of the scenario.
    pub figures: MemberFigures,
    /// Seed of the ensemble.
    pub seed: u64,
}

/// A member that was simulated.
#[derive(Debug)]
pub struct Member {
    /// Its number.
    pub number: u32,
    /// What was drawn of behaviour.
    pub behaviour: DrawnBehaviour,
    /// Where in their ranges the figures of its scenario lie; `None`: they are the central ones.
    pub places: Option<FigurePlaces>,
    /// What came of it.
    pub simulation: Simulation,
    /// People in orders who do not leave.
    pub stayed: i64,
    /// People who leave without being asked.
    pub unasked: i64,
    /// People in orders who take another way than they set out on, as they would stand too long.
    pub detoured: i64,
    /// People in orders who turn back, as they would stand too long; they arrive nowhere.
    pub turned_back: i64,
    /// Crashes and breakdowns.
    pub incidents: u32,
    /// People who arrive at a site beyond its capacity.
    pub beyond_capacity: i64,
    /// The scenario with its figures.
    pub scenario: Scenario,
    /// The network of that scenario.
    pub network: Network,
}

impl<'a> MemberMaker<'a> {
    /// Simulates the plan as ordered, from which the traffic on each road is known, and finds the ways of those who will not heed it.
    ///
    /// # Errors
    /// As [`crate::simulation::simulated`].
    pub fn new(
        scenario: Cow<'a, Scenario>,
        plan: Cow<'a, Plan>,
        settings: MemberSettings,
        goes_on: &mut dyn FnMut(f64) -> bool,
    ) -> Result<Self, SimulationError> {
        let MemberSettings { behaviour, queues, figures, seed } = settings;
        let roads = Roads::new(&scenario, plan.case, queues)?;
        let ways = OwnWays::new(&scenario, &plan, &roads.network, &roads.streets);
        let planned = roads.network.zones.iter().map(|zone| zone.evacuees).collect();
        let trips = Trips::new(&scenario, &plan, &roads.network, &roads.streets, roads.people_per_vehicle)?;
        let mut progress = Progress { end_us: roads.end_us(), recorder: None, goes_on };
        let mut watch = UseCount {
            streets: vec![StreetUse::default(); roads.streets.streets.len()],
            watch: &mut progress,
        };
        let as_ordered = roads.watched(trips, &mut watch)?;
        let uses = watch.streets;
        Ok(Self { scenario, plan, behaviour, queues, figures, seed, ways, uses, planned, as_ordered })
    }

    /// Links that somebody uses as ordered of which neither length nor speed is known.
    pub fn links_without_length(&self) -> u64 {
        let unknown = self.as_ordered.streets.without_length.iter();
        unknown.filter(|&&street| self.uses[index(street)].vehicles > 0).map(|_| 1).sum()
    }

    /// The plan as ordered, in the case of the plan.
    pub fn as_ordered(&self) -> &Simulation {
        &self.as_ordered
    }

    /// Makes and simulates a member; `recording`: how much of what happens on links is recorded, if anything.
    ///
    /// # Errors
    /// As [`crate::simulation::simulated`].
    pub fn member(
        &self,
        number: u32,
        recording: Option<RecordingLimits>,
        goes_on: &mut dyn FnMut(f64) -> bool,
    ) -> Result<Member, SimulationError> {
        let member = MemberSeed { seed: self.seed, member: number };
        let behaviour = self.behaviour.drawn(member);
        let places = match self.figures {
            MemberFigures::Ranges => Some(FigurePlaces::drawn(member)),
            MemberFigures::Central => None,
        };
        self.simulated(number, (behaviour, places), recording, goes_on)
    }

    /// Makes and simulates a member in which behaviour and figures are given; chance is that of its number.
    ///
    /// # Errors
    /// As [`crate::simulation::simulated`].
    pub fn simulated(
        &self,
        number: u32,
        (behaviour, places): (DrawnBehaviour, Option<FigurePlaces>),
        recording: Option<RecordingLimits>,
        goes_on: &mut dyn FnMut(f64) -> bool,
    ) -> Result<Member, SimulationError> {
        let seed = MemberSeed { seed: self.seed, member: number };
        let mut scenario = scenario_at(&self.scenario, places);
        slow_down(&mut scenario, &behaviour);
        let mut roads = Roads::new(&scenario, Case::Central, self.queues)?;
        let inputs = TripInputs {
            plan: &self.plan,
            scenario: &scenario,
            network: &roads.network,
            planned: &self.planned,
            streets: &roads.streets,
            ways: &self.ways,
            behaviour: &behaviour,
            member: seed,
            people_per_vehicle: roads.people_per_vehicle,
        };
        let MemberTrips { trips, patience, stayed, unasked } = MemberTrips::new(inputs)?;
        add_other_traffic(&mut roads.streets, &scenario, &roads.network, &behaviour);
        let network = roads.network.clone();
        let incidents = draw_incidents(&mut roads.streets, &self.uses, &scenario, &network, &behaviour, seed);
        let Met { mut simulation, detoured, turned_back } =
            self.met_jams(roads, (trips, &patience), &behaviour, recording, goes_on)?;
        simulation.evacuees -= stayed;
        simulation.turned_back = turned_back;
        let beyond_capacity = beyond_capacity(&simulation, &network);
        Ok(Member {
            number,
            behaviour,
            places,
            simulation,
            stayed,
            unasked,
            detoured,
            turned_back,
            incidents,
            beyond_capacity,
            scenario,
            network,
        })
    }
}

/// A member of which some have changed their way.
struct Met {
    simulation: Simulation,
    detoured: i64,
    turned_back: i64,
}

impl MemberMaker<'_> {
    /// Simulates trips, and once more where some would not stand in the jams that there are.
    fn met_jams(
        &self,
        roads: Roads,
        (trips, patience): (Trips, &[Patience]),
        behaviour: &DrawnBehaviour,
        recording: Option<RecordingLimits>,
        goes_on: &mut dyn FnMut(f64) -> bool,
    ) -> Result<Met, SimulationError> {
        if behaviour.detour_share <= 0.0 && behaviour.turn_back_share <= 0.0 {
            let simulation = roads.simulated(trips, recording, goes_on)?;
            return Ok(Met { simulation, detoured: 0, turned_back: 0 });
        }
        let mut half = |share: f64| goes_on(share / 2.0);
        let mut progress = Progress { end_us: roads.end_us(), recorder: None, goes_on: &mut half };
        let mut watch = JamWatch::new(&trips, behaviour, &mut progress);
        let simulation = roads.clone().watched(trips.clone(), &mut watch)?;
        let stood = watch.ended(&simulation);
        let known = (&self.ways.network, &roads.streets);
        match stood.changed(&trips, patience, behaviour, known) {
            // nobody minds: it is what it was
            None if recording.is_none() => Ok(Met { simulation, detoured: 0, turned_back: 0 }),
            changed => {
                let ChangedTrips { trips, detoured, turned_back } =
                    changed.unwrap_or(ChangedTrips { trips, detoured: 0, turned_back: 0 });
                let simulation =
                    roads.simulated(trips, recording, &mut |share| goes_on(0.5 + share / 2.0))?;
                Ok(Met { simulation, detoured, turned_back })
            }
        }
    }
}

/// Other traffic takes a share of each road at first.
fn add_other_traffic(
    streets: &mut Streets,
    scenario: &Scenario,
    network: &Network,
    behaviour: &DrawnBehaviour,
) {
    let by_vehicle = scenario.settings.class.first().is_some_and(|class| class.mode == Mode::Vehicle);
    if !by_vehicle || behaviour.background_share <= 0.0 {
        return;
    }
    let slowing = Slowing {
        from_us: 0,
        until_us: ms_from_hours(behaviour.background_until_h) * 1000,
        left: 1.0 - behaviour.background_share,
    };
    for (street, &element) in streets.streets.iter_mut().zip(&streets.elements) {
        if matches!(network.elements[element].kind, ElementKind::Link(_)) {
            street.slow(slowing);
        }
    }
}

/// People who arrive at sites beyond their capacity; also those who were not asked to leave take places.
fn beyond_capacity(simulation: &Simulation, network: &Network) -> i64 {
    let mut arrived: BTreeMap<u32, i64> = BTreeMap::new();
    for (vehicle, journey) in simulation.trips.vehicles.iter().zip(&simulation.journeys) {
        if let (Fate::Arrived(_), Some(&street)) =
            (journey.fate, simulation.trips.paths[index(vehicle.path)].last())
        {
            *arrived.entry(street).or_default() += i64::from(vehicle.people);
        }
    }
    let beyond = |(street, people): (u32, i64)| {
        let site = network.site_of(simulation.streets.elements[index(street)])?;
        Some((people - network.sites[site].capacity?).max(0))
    };
    arrived.into_iter().filter_map(beyond).sum()
}

/// Person-hours from the start to arrival; those who do not arrive count until the end of the horizon.
pub fn person_hours(simulation: &Simulation, network: &Network) -> f64 {
    use clearway_model::number::float;
    let outcome = &simulation.outcome;
    let arrived = outcome.mean_s().unwrap_or(0.0) * float(outcome.people_arrived);
    let others = float(simulation.evacuees - outcome.people_arrived) * float(network.horizon) / 1000.0;
    float(round((arrived + others) / 36.0)) / 100.0
}
