//! Who leaves when and by which way in a member of an ensemble.

use super::detours::Patience;
use super::own_ways::{OwnWays, one_of};
use crate::baseline::ready_us;
use crate::behaviour::DrawnBehaviour;
use crate::chance::{MemberSeed, Stream};
use crate::streets::Streets;
use crate::traffic::Vehicle;
use crate::trips::{Trips, UnknownPart, loads, paths, vehicles_of};
use clearway_model::number::{compact, float, index, narrow, round};
use clearway_model::{MovementOrder, Plan, Scenario};
use clearway_network::{Network, ZoneIndex};
use std::collections::BTreeMap;

/// What the trips of a member follow from.
#[derive(Clone, Copy)]
pub(super) struct TripInputs<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// The scenario with the figures of the member.
    pub scenario: &'a Scenario,
    /// Its network, in the central case.
    pub network: &'a Network,
    /// Evacuees of each zone by the figures of the plan.
    pub planned: &'a [i64],
    pub streets: &'a Streets,
    pub ways: &'a OwnWays,
    pub behaviour: &'a DrawnBehaviour,
    pub member: MemberSeed,
    pub people_per_vehicle: f64,
}

/// The trips of a member.
pub(super) struct MemberTrips {
    pub trips: Trips,
    /// Per vehicle, what its people do in a jam.
    pub patience: Vec<Patience>,
    /// People in orders who do not leave.
    pub stayed: i64,
    /// People who leave without being asked.
    pub unasked: i64,
}

/// A vehicle as ordered.
struct Ordered<'a> {
    order: &'a MovementOrder,
    route: u32,
    people: u32,
    first_us: i64,
    last_us: i64,
}

/// Chance of one order.
struct OrderChance {
    leaves: Stream,
    departs: Stream,
    goes: Stream,
    detours: Stream,
    turns_back: Stream,
}

/// Paths by what they are for: the routes of the plan, then ways of people's own.
struct PathBook {
    paths: Vec<Vec<u32>>,
    own: BTreeMap<(bool, u32), u32>,
}

impl PathBook {
    /// The path of a vehicle that was ordered to take a route; its own one where there is one.
    fn own(&mut self, ways: &OwnWays, to_nearest: bool, route: u32) -> u32 {
        if let Some(&path) = self.own.get(&(to_nearest, route)) {
            return path;
        }
        let of = if to_nearest { &ways.to_nearest } else { &ways.to_site };
        let path = match &of[index(route)] {
            Some(way) => {
                self.paths.push(way.clone());
                compact(self.paths.len() - 1)
            }
            None => route,
        };
        self.own.insert((to_nearest, route), path);
        path
    }
}

impl MemberTrips {
    /// # Errors
    /// A route that names what is not there.
    pub fn new(inputs: TripInputs<'_>) -> Result<Self, UnknownPart> {
        let TripInputs { plan, scenario, network, streets, member, .. } = inputs;
        let mut book = PathBook { paths: paths(scenario, plan, network, streets)?, own: BTreeMap::new() };
        let mut ordered = ordered(&inputs)?;
        ordered.sort_by_key(|one| (one.last_us, one.order.order_id, one.first_us));
        let zones: BTreeMap<&str, ZoneIndex> = network
            .zones
            .keys()
            .map(|zone| (scenario.zones[usize::from(zone)].zone_id.as_str(), zone))
            .collect();
        let mut chances: BTreeMap<i64, OrderChance> = BTreeMap::new();
        let mut ready_people: BTreeMap<ZoneIndex, i64> = BTreeMap::new();
        let (mut vehicles, mut stayed) = (Vec::with_capacity(ordered.len()), 0);
        let last_us = ordered.last().map_or(0, |one| one.last_us);
        for one in &ordered {
            let id = one.order.order_id;
            let chance = chances.entry(id).or_insert_with(|| {
                let stream = |kind| member.stream(kind, &id.to_string());
                OrderChance {
                    leaves: stream("leaves"),
                    departs: stream("departs"),
                    goes: stream("goes"),
                    detours: stream("detours"),
                    turns_back: stream("turns_back"),
                }
            });
            let people = i64::from(one.people);
            let ready = zones.get(one.order.zone_id.as_str()).map_or((0, 0), |&zone| {
                let before = ready_people.entry(zone).or_default();
                *before += people;
                let origin = &network.zones[zone];
                let ready = |people| {
                    let us = float(ready_us(&origin.release, people, origin.evacuees));
                    round(us * inputs.behaviour.mobilization_factor)
                };
                (ready(*before - people), ready(*before))
            });
            let leaves = chance.leaves.uniform() < inputs.behaviour.leaving_share;
            let (first_us, leaves_us) = departure(one, ready, inputs.behaviour, &mut chance.departs);
            let path = path(one.route, inputs.behaviour, &mut chance.goes, &mut book, inputs.ways);
            let patience =
                Patience { detours: chance.detours.uniform(), turns_back: chance.turns_back.uniform() };
            if leaves {
                let vehicle = Vehicle { path, people: one.people, first_us, last_us: leaves_us };
                vehicles.push((vehicle, patience));
            } else {
                stayed += people;
            }
        }
        let unasked_from = compact(book.paths.len());
        let people: i64 = ordered.iter().map(|one| i64::from(one.people)).sum();
        let unasked = add_unasked(&inputs, people, last_us, &mut book.paths, &mut vehicles);
        // as many leave at the same moment, those of one place in the order in which they were told to
        vehicles.sort_by_key(|(vehicle, _)| vehicle.last_us);
        let (vehicles, patience) = vehicles.into_iter().unzip();
        Ok(Self { trips: Trips { paths: book.paths, vehicles, unasked_from }, patience, stayed, unasked })
    }
}

/// All vehicles as ordered. Where a zone has other people than the plan knew, each order moves as many more or fewer.
fn ordered<'a>(inputs: &TripInputs<'a>) -> Result<Vec<Ordered<'a>>, UnknownPart> {
    let TripInputs { plan, scenario, network, planned, .. } = *inputs;
    let route_of: BTreeMap<&str, u32> =
        (0..).zip(&plan.routes).map(|(number, route)| (route.route_id.as_str(), number)).collect();
    let share: BTreeMap<&str, (i64, i64)> = network
        .zones
        .iter_enumerated()
        .map(|(zone, origin)| {
            let row = usize::from(zone);
            (scenario.zones[row].zone_id.as_str(), (origin.evacuees, planned.get(row).copied().unwrap_or(0)))
        })
        .collect();
    let mut sent: BTreeMap<&str, i64> = BTreeMap::new();
    let mut vehicles = Vec::new();
    for order in &plan.orders {
        let Some(&route) = route_of.get(order.route_id.as_str()) else {
            return Err(UnknownPart { route_id: order.route_id.clone(), id: order.route_id.clone() });
        };
        let (now, then) = share.get(order.zone_id.as_str()).copied().unwrap_or((1, 1));
        let before = sent.entry(order.zone_id.as_str()).or_default();
        let scaled = |people: i64| i128::from(people) * i128::from(now) / i128::from(then.max(1));
        let people = narrow(scaled(*before + order.people) - scaled(*before));
        *before += order.people;
        vehicles.extend(vehicles_of(order, people, route, inputs.people_per_vehicle).map(|vehicle| {
            Ordered {
                order,
                route,
                people: vehicle.people,
                first_us: vehicle.first_us,
                last_us: vehicle.last_us,
            }
        }));
    }
    Ok(vehicles)
}

/// When a vehicle leaves, from its first person to its last: as ordered, late, or as soon as its people are ready; never before they are.
fn departure(
    one: &Ordered<'_>,
    ready_us: (i64, i64),
    behaviour: &DrawnBehaviour,
    chance: &mut Stream,
) -> (i64, i64) {
    let (which, delay_min) = (chance.uniform(), chance.exponential(behaviour.late_mean_min));
    let span = one.last_us - one.first_us;
    let is_early = which >= 1.0 - behaviour.early_share;
    let first = if which < behaviour.late_share {
        one.first_us + round(delay_min * 60e6)
    } else if is_early {
        0
    } else {
        one.first_us
    };
    // nobody is sent before being ready: what is as ordered needs no look, and stays the same to the microsecond
    if !is_early && behaviour.mobilization_factor <= 1.0 {
        return (first, first + span);
    }
    let first = first.max(ready_us.0);
    (first, (first + span).max(ready_us.1))
}

/// The path of a vehicle: its route, the fastest way to its site, or the way to the nearest one.
fn path(
    route: u32,
    behaviour: &DrawnBehaviour,
    chance: &mut Stream,
    book: &mut PathBook,
    ways: &OwnWays,
) -> u32 {
    let which = chance.uniform();
    if which < behaviour.own_route_share {
        book.own(ways, false, route)
    } else if which >= 1.0 - behaviour.own_site_share {
        book.own(ways, true, route)
    } else {
        route
    }
}

/// Adds those who leave without being asked, at any time until the last order, from anywhere on the roads to the nearest site. Gives how
/// many people they are.
fn add_unasked(
    inputs: &TripInputs<'_>,
    people: i64,
    last_us: i64,
    paths: &mut Vec<Vec<u32>>,
    vehicles: &mut Vec<(Vehicle, Patience)>,
) -> i64 {
    let TripInputs { ways, behaviour, member, people_per_vehicle, .. } = *inputs;
    let mut chance = member.stream("unasked", "");
    let wanted = round(float(people) * behaviour.shadow_share);
    let number = loads(wanted, people_per_vehicle).count();
    let ways = ways.begins_anywhere(&mut chance, number);
    if ways.is_empty() {
        return 0;
    }
    let first = compact(paths.len());
    let mut sent = 0;
    for (from, upto) in loads(wanted, people_per_vehicle) {
        let path = first + one_of(chance.uniform(), ways.len());
        let leaves_us = round(chance.uniform() * float(last_us));
        let people = u32::try_from(upto - from).unwrap_or(u32::MAX);
        let vehicle = Vehicle { path, people, first_us: leaves_us, last_us: leaves_us };
        vehicles.push((vehicle, Patience::ENDLESS));
        sent += i64::from(people);
    }
    paths.extend(ways);
    sent
}
