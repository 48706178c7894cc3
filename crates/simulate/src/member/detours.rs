//! Those who meet congestion and go another way, or turn back.
//!
//! A member is simulated once as it would be if nobody did. Who stands at the end of a road for longer than they bear it, and is one of
//! those who would not, knows of the jam the second time: who takes another way goes on from there around the road that would not take
//! them, who gives up turns round. That second time is the member. A vehicle changes its way once.

use super::lost::Detours;
use crate::behaviour::DrawnBehaviour;
use crate::simulation::Simulation;
use crate::streets::Streets;
use crate::traffic::{Fate, Passage, Watch};
use crate::trips::Trips;
use clearway_model::number::{compact, index, round};
use clearway_network::{ElementKind, Network};
use std::collections::BTreeMap;

/// Other ways are sought around so many roads at the most, those for which most people stand too long.
const MOST_JAMS: usize = 100;

/// Where a vehicle stands too long: the place on its path.
type Place = u32;

/// What people in a vehicle do in a jam: uniform numbers, each from a stream of its order.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Patience {
    /// Below the share of those who take another way.
    pub detours: f64,
    /// Below the share of those who turn back.
    pub turns_back: f64,
}

impl Patience {
    /// Of people who stay on their way whatever happens.
    pub const ENDLESS: Self = Self { detours: 1.0, turns_back: 1.0 };
}

/// How long is too long, µs.
#[derive(Debug, Clone, Copy)]
struct TooLong {
    detour_us: i64,
    back_us: i64,
}

/// Hears who stands for too long at the end of a road, and passes all on.
pub(super) struct JamWatch<'a, W> {
    too_long: TooLong,
    /// Per path, where it begins among the places of all paths.
    starts: Vec<u32>,
    /// Per vehicle, its path.
    paths: Vec<u32>,
    /// Per vehicle, the first place at which it stands too long for another way, and for going on at all.
    detour: Vec<Option<Place>>,
    back: Vec<Option<Place>>,
    /// Per vehicle, waiting at the ends of roads that it has left, µs.
    waited_us: Vec<i64>,
    watch: &'a mut W,
}

impl<W: Watch> Watch for JamWatch<'_, W> {
    fn entered(&mut self, passage: Passage, time_us: i64) {
        self.watch.entered(passage, time_us);
    }

    fn left(&mut self, passage: Passage, time_us: i64, waited_us: i64) {
        let vehicle = index(passage.vehicle);
        let place = passage.place - self.starts[index(self.paths[vehicle])];
        // the first of a path is the connector of a zone, no road
        if place > 0 {
            self.waited_us[vehicle] += waited_us.max(0);
            self.stood(vehicle, place, waited_us);
        }
        self.watch.left(passage, time_us, waited_us);
    }

    fn goes_on(&mut self, time_us: i64) -> bool {
        self.watch.goes_on(time_us)
    }
}

impl<'a, W> JamWatch<'a, W> {
    /// Nobody has stood yet.
    pub fn new(trips: &Trips, behaviour: &DrawnBehaviour, watch: &'a mut W) -> Self {
        let mut starts = Vec::with_capacity(trips.paths.len());
        let mut places = 0;
        for path in &trips.paths {
            starts.push(places);
            places += compact(path.len());
        }
        let minutes = |minutes: f64| round(minutes * 60e6);
        Self {
            too_long: TooLong {
                detour_us: minutes(behaviour.detour_after_min),
                back_us: minutes(behaviour.turn_back_after_min),
            },
            starts,
            paths: trips.vehicles.iter().map(|vehicle| vehicle.path).collect(),
            detour: vec![None; trips.vehicles.len()],
            back: vec![None; trips.vehicles.len()],
            waited_us: vec![0; trips.vehicles.len()],
            watch,
        }
    }

    fn stood(&mut self, vehicle: usize, place: Place, waited_us: i64) {
        let TooLong { detour_us, back_us } = self.too_long;
        if waited_us >= detour_us && self.detour[vehicle].is_none() {
            self.detour[vehicle] = Some(place);
        }
        if waited_us >= back_us && self.back[vehicle].is_none() {
            self.back[vehicle] = Some(place);
        }
    }

    /// Adds those who still stand somewhere when the time ends.
    pub fn ended(mut self, simulation: &Simulation) -> StoodTooLong {
        for (vehicle, journey) in simulation.journeys.iter().enumerate() {
            if let Fate::Underway(Some(place)) = journey.fate
                && place > 0
            {
                self.stood(vehicle, place, journey.waited_on_road_us - self.waited_us[vehicle]);
            }
        }
        StoodTooLong { detour: self.detour, back: self.back }
    }
}

/// Per vehicle, where it stands too long.
#[derive(Debug, Clone)]
pub(super) struct StoodTooLong {
    detour: Vec<Option<Place>>,
    back: Vec<Option<Place>>,
}

/// Trips after some have changed their way.
pub(super) struct ChangedTrips {
    pub trips: Trips,
    /// People who take another way.
    pub detoured: i64,
    /// People who turn back.
    pub turned_back: i64,
}

impl StoodTooLong {
    /// The trips once those who will not stand there have changed their way; `None`: nobody does.
    pub fn changed(
        &self,
        trips: &Trips,
        patience: &[Patience],
        behaviour: &DrawnBehaviour,
        (network, streets): (&Network, &Streets),
    ) -> Option<ChangedTrips> {
        let mut changed = ChangedTrips { trips: trips.clone(), detoured: 0, turned_back: 0 };
        let mut jams: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        let mut homeward: BTreeMap<(u32, Place), u32> = BTreeMap::new();
        for (vehicle, patience) in patience.iter().enumerate() {
            let model = trips.vehicles[vehicle];
            if model.path >= trips.unasked_from {
                continue;
            }
            if let Some(place) =
                self.back[vehicle].filter(|_| patience.turns_back < behaviour.turn_back_share)
                // before the door of a site nobody turns back
                && trips.paths[index(model.path)].get(index(place) + 1).is_some_and(|&next| {
                    matches!(network.elements[streets.elements[index(next)]].kind, ElementKind::Link(_))
                })
            {
                let path = *homeward.entry((model.path, place)).or_insert_with(|| {
                    let way = way_back(&trips.paths[index(model.path)], place, network, streets);
                    changed.trips.paths.push(way);
                    compact(changed.trips.paths.len() - 1)
                });
                changed.trips.vehicles[vehicle].path = path;
                changed.turned_back += i64::from(model.people);
            } else if let Some(place) =
                self.detour[vehicle].filter(|_| patience.detours < behaviour.detour_share)
            {
                // what follows the road on which they stand would not take them
                if let Some(&jammed) = trips.paths[index(model.path)].get(index(place) + 1) {
                    jams.entry(jammed).or_default().push(vehicle);
                }
            }
        }
        self.around(jams, trips, &mut changed, (network, streets));
        (changed.detoured + changed.turned_back > 0).then_some(changed)
    }

    /// Sends those who take another way around the roads that would not take them.
    fn around(
        &self,
        jams: BTreeMap<u32, Vec<usize>>,
        trips: &Trips,
        changed: &mut ChangedTrips,
        (network, streets): (&Network, &Streets),
    ) {
        let people = |vehicles: &[usize]| -> i64 {
            vehicles.iter().map(|&vehicle| i64::from(trips.vehicles[vehicle].people)).sum()
        };
        let mut jams: Vec<(u32, Vec<usize>)> = jams.into_iter().collect();
        jams.sort_by_key(|(street, vehicles)| (-people(vehicles), *street));
        // detours stand behind the ways of those who evacuate and before those of others, who count nowhere: so they are kept apart
        let mut evacuees: Vec<(usize, Vec<u32>)> = Vec::new();
        for (street, vehicles) in jams.into_iter().take(MOST_JAMS) {
            let is_link =
                matches!(network.elements[streets.elements[index(street)]].kind, ElementKind::Link(_));
            if !is_link {
                continue;
            }
            let mut detours = Detours::new(network, streets, street);
            let mut known: BTreeMap<(u32, Place), Option<Vec<u32>>> = BTreeMap::new();
            for vehicle in vehicles {
                let Some(place) = self.detour[vehicle] else { continue };
                let number = trips.vehicles[vehicle].path;
                let path = &trips.paths[index(number)];
                let found = known
                    .entry((number, place))
                    .or_insert_with(|| detours.around(&path[..=index(place)], path.last().copied()));
                if let Some(found) = found {
                    evacuees.push((vehicle, found.clone()));
                }
            }
        }
        insert_before_others(evacuees, changed);
    }
}

/// Puts ways of people who evacuate before those of others and gives them to their vehicles.
fn insert_before_others(ways: Vec<(usize, Vec<u32>)>, changed: &mut ChangedTrips) {
    let first = changed.trips.unasked_from;
    let mut numbers: BTreeMap<Vec<u32>, u32> = BTreeMap::new();
    let mut list = Vec::new();
    let mut of_vehicle = Vec::new();
    for (vehicle, way) in ways {
        let number = *numbers.entry(way).or_insert_with_key(|way| {
            list.push(way.clone());
            first + compact(list.len() - 1)
        });
        of_vehicle.push((vehicle, number));
    }
    let more = compact(list.len());
    for vehicle in &mut changed.trips.vehicles {
        if vehicle.path >= first {
            vehicle.path += more;
        }
    }
    changed.trips.paths.splice(index(first)..index(first), list);
    changed.trips.unasked_from += more;
    for (vehicle, number) in of_vehicle {
        changed.trips.vehicles[vehicle].path = number;
        changed.detoured += i64::from(changed.trips.vehicles[vehicle].people);
    }
}

/// The way to the end of the road on which somebody gives up, and into the opposite one where there is one: from there on they are in
/// nobody's way.
fn way_back(path: &[u32], place: Place, network: &Network, streets: &Streets) -> Vec<u32> {
    let mut way = path[..=index(place)].to_vec();
    let here = streets.elements[index(path[index(place)])];
    let (before, after) = (network.node_before(here), network.node_after(here));
    if let (Some(before), Some(after)) = (before, after) {
        let back = network
            .out_of(after)
            .iter()
            .filter(|&&next| matches!(network.elements[next].kind, ElementKind::Link(_)))
            .filter(|&&next| network.node_after(next) == Some(before))
            .map(|&next| streets.of_element[next])
            .min();
        way.extend(back);
    }
    way
}
