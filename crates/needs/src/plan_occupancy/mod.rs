//! Who is where in each hour by a plan folder, of one class of road users or a multimodal one: its orders and the trips of its fleet,
//! replayed on its own copy of the scenario.

mod fleet;
mod part;

use crate::error::{NeedsError, is_there, scenario_of};
use crate::occupancy::{Occupancy, OccupancyKind, hourly};
use crate::replayed::{TightestReserve, tighter};
use crate::rest::RestPoint;
use clearway_formats::part_folders;
use clearway_model::number::float;
use clearway_model::{Mode, Scenario, Store, SubStore};
use fleet::{fleet, tightest_of_fleet, trips};
use part::{ClassOccupancy, part};
use std::collections::BTreeMap;

/// What a plan folder says of where people are.
#[derive(Debug, Clone)]
pub struct PlanOccupancy {
    /// The scenario of the plan, with all its people.
    pub scenario: Scenario,
    /// Zones, all routes, sites.
    pub presences: Vec<Occupancy>,
    /// Points to rest along the routes.
    pub rest: Vec<RestPoint>,
    /// The longest way without one, m.
    pub longest_way_m: f64,
    /// People who are counted at once where they are admitted.
    pub packet_people: i64,
    /// The longest route on foot, m; 0: nobody walks.
    pub longest_walk_m: f64,
    /// Folder of the scenario, inside the plan folder, by whose roads people go in vehicles; `None`: nobody does.
    pub roads: Option<&'static str>,
    /// Who has least time in reserve before a hazard; `None`: nobody passes anything that one closes later.
    pub tightest: Option<TightestReserve>,
    /// When the first vehicle of a fleet is at a zone, ms; `None`: no fleet moves.
    pub first_pickup_ms: Option<i64>,
    /// Mean length of the way, by people, m; of a plan for one class of road users.
    pub mean_way_m: Option<f64>,
}

/// How rest points are chosen.
#[derive(Debug, Clone, Copy)]
pub struct RestSpacing {
    /// Longest way without one, km; `None`: 5 on foot, 20 in vehicles.
    pub km: Option<f64>,
    /// How long people stay at one.
    pub minutes: f64,
}

/// Reads a plan folder and replays its orders.
///
/// # Errors
/// If a file cannot be read, or the orders cannot be replayed on the scenario.
pub fn occupancy(
    plan: &dyn Store,
    rest: RestSpacing,
    progress: &dyn Fn(&str, f64),
) -> Result<PlanOccupancy, NeedsError> {
    let scenario = scenario_of(&SubStore::new(plan, "scenario"))?;
    progress("replay", 0.0);
    if !is_there(plan, "multimodal.json")? {
        let is_by_road = scenario.settings.class.first().is_some_and(|class| class.mode == Mode::Vehicle);
        let part = part(plan, &scenario, rest)?;
        let roads = is_by_road.then_some("scenario");
        let ClassOccupancy {
            presences,
            rest,
            longest_way_m,
            longest_walk_m,
            packet_people,
            tightest,
            mean_way_m,
        } = part;
        return Ok(PlanOccupancy {
            scenario,
            presences,
            rest,
            longest_way_m,
            packet_people,
            longest_walk_m,
            roads,
            tightest,
            first_pickup_ms: None,
            mean_way_m: mean_way_m.filter(|_| is_by_road),
        });
    }
    let hours = hourly(scenario.settings.horizon_ms);
    let mut all: BTreeMap<(OccupancyKind, String), Vec<i64>> = BTreeMap::new();
    let mut known = PlanOccupancy {
        presences: Vec::new(),
        rest: Vec::new(),
        longest_way_m: 0.0,
        packet_people: 0,
        longest_walk_m: 0.0,
        roads: None,
        tightest: None,
        first_pickup_ms: None,
        mean_way_m: None,
        scenario,
    };
    // whoever is in no part is carried by the fleet or stays
    let mut carried: BTreeMap<String, i64> =
        known.scenario.zones.iter().map(|zone| (zone.zone_id.clone(), zone.people)).collect();
    for name in part_folders(plan) {
        let folder = SubStore::new(plan, &name);
        let scenario = scenario_of(&SubStore::new(&folder, "scenario"))?;
        for zone in &scenario.zones {
            if let Some(left) = carried.get_mut(&zone.zone_id) {
                *left -= zone.people;
            }
        }
        let part = part(&folder, &scenario, rest)?;
        known.rest.extend(part.rest);
        known.longest_way_m = known.longest_way_m.max(part.longest_way_m);
        known.packet_people += part.packet_people;
        known.longest_walk_m = known.longest_walk_m.max(part.longest_walk_m);
        if let Some(next) = part.tightest {
            known.tightest = tighter(known.tightest.take(), next);
        }
        for presence in part.presences {
            add(&mut all, presence, hours);
        }
        if name == "vehicle" {
            known.roads = Some("vehicle/scenario");
        }
        progress("replay", 0.5);
    }
    let trips = trips(plan)?;
    for presence in fleet(&trips, &carried, &known.scenario, hours) {
        add(&mut all, presence, hours);
    }
    known.first_pickup_ms = trips.iter().map(|trip| trip.load_ms).min();
    for next in tightest_of_fleet(&trips, &known.scenario) {
        known.tightest = tighter(known.tightest.take(), next);
    }
    let mut take = |kind: OccupancyKind, id: &str| {
        let people = all.remove(&(kind, id.to_owned())).unwrap_or_else(|| vec![0; hours]);
        Occupancy { kind, place_id: id.to_owned(), people }
    };
    let mut presences: Vec<Occupancy> =
        known.scenario.zones.iter().map(|zone| take(OccupancyKind::Origin, &zone.zone_id)).collect();
    presences.push(take(OccupancyKind::Route, ""));
    presences.extend(known.scenario.sites.iter().map(|site| take(OccupancyKind::Site, &site.site_id)));
    known.presences = presences;
    known.rest.sort_by(|a, b| b.people.cmp(&a.people).then_with(|| a.node_id.cmp(&b.node_id)));
    Ok(known)
}

/// The most people admitted in an hour. Whole packets are counted when their last person is admitted, so that an hour can hold one
/// more of them at each site than its admission lets in: what is over the admission by no more than that is the admission.
pub fn busiest_hour(people: &[i64], admission_people_h: Option<f64>, allowance: i64) -> f64 {
    let most = people.iter().zip(std::iter::once(&0).chain(people)).map(|(now, before)| now - before).max();
    let most = float(most.unwrap_or(0));
    match admission_people_h {
        Some(admission) if most > admission && most - float(allowance) <= admission => admission,
        _ => most,
    }
}

/// Adds people at a place hour by hour.
fn add(all: &mut BTreeMap<(OccupancyKind, String), Vec<i64>>, presence: Occupancy, hours: usize) {
    let sum = all.entry((presence.kind, presence.place_id)).or_insert_with(|| vec![0; hours]);
    for (sum, people) in sum.iter_mut().zip(presence.people) {
        *sum += people;
    }
}
