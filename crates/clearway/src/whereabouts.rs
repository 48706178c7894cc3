//! Who is where in each hour by a plan folder: of one class of road users, or for everybody.

use crate::failure::Failure;
use crate::progress::Progress;
use clearway_io::{read_plan, read_scenario, read_table};
use clearway_model::{Faults, Mode, Plan, Scenario, TripRow};
use clearway_needs::{Kind, Presence, RestPoint, Stops, hourly, present, replayed, rest_points, ways};
use clearway_network::Network;
use clearway_verify::{Finding, is_everyone, verify, verify_everyone};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What a plan folder says of where people are.
pub struct Whereabouts {
    /// The whole scenario.
    pub scenario: Scenario,
    /// Zones, all routes, sites.
    pub presences: Vec<Presence>,
    /// Points to rest along the routes.
    pub rest: Vec<RestPoint>,
    /// The longest way without one, m.
    pub longest_way_m: f64,
    /// People who are counted at once where they are admitted.
    pub platoon_people: i64,
    /// The longest route on foot, m; 0: nobody walks.
    pub longest_walk_m: f64,
    /// Folder of the scenario by whose roads people go in vehicles; `None`: nobody does.
    pub roads: Option<PathBuf>,
}

/// How rest points are chosen.
#[derive(Debug, Clone, Copy)]
pub struct Rest {
    /// Longest way without one, km; `None`: 5 on foot, 20 in vehicles.
    pub km: Option<f64>,
    /// How long people stay at one.
    pub minutes: f64,
}

/// Longest way without water on foot (rule WALK-01) and in vehicles, km; no standard gives a figure: proposals of ours.
const WALK_KM: f64 = 5.0;
const VEHICLE_KM: f64 = 20.0;

fn faults(path: &Path) -> impl FnOnce(Faults) -> Failure + use<> {
    let what = path.display().to_string();
    move |faults| Failure::Faults { what, faults }
}

/// Refuses a plan whose own figures do not follow from its scenario: whoever is counted by it would be counted wrong.
pub fn verified(dir: &Path, progress: &Progress) -> Result<(), Failure> {
    progress.tell("verify", 0.0);
    let (findings, _) = found(dir)?;
    let Some(first) = findings.first() else { return Ok(()) };
    Err(Failure::DoesNotHold(format!(
        "{0} does not hold, so that nobody can be counted by it; clearway verify {0} says all\n  {first}",
        dir.display()
    )))
}

/// What does not follow in a plan folder of either kind, and how many findings more there are.
pub fn found(dir: &Path) -> Result<(Vec<Finding>, u64), Failure> {
    if is_everyone(dir) {
        let result = verify_everyone(dir, None)?;
        return Ok((result.findings, result.left_out));
    }
    let result = verify(dir, None)?;
    Ok((result.findings, result.left_out))
}

/// Reads a plan folder and replays its orders.
pub fn whereabouts(dir: &Path, rest: Rest, progress: &Progress) -> Result<Whereabouts, Failure> {
    let folder = dir.join("scenario");
    let (scenario, _) = read_scenario(&folder).map_err(faults(&folder))?;
    progress.tell("replay", 0.0);
    if !is_everyone(dir) {
        let is_by_road = scenario.settings.class.first().is_some_and(|class| class.mode == Mode::Vehicle);
        let part = part(dir, &scenario, rest)?;
        let roads = is_by_road.then_some(folder);
        let Part { presences, rest, longest_way_m, longest_walk_m, platoon_people } = part;
        return Ok(Whereabouts {
            scenario,
            presences,
            rest,
            longest_way_m,
            platoon_people,
            longest_walk_m,
            roads,
        });
    }
    let hours = hourly(scenario.settings.horizon_ms);
    let mut all: BTreeMap<(Kind, String), Vec<i64>> = BTreeMap::new();
    let mut known = Whereabouts {
        presences: Vec::new(),
        rest: Vec::new(),
        longest_way_m: 0.0,
        platoon_people: 0,
        longest_walk_m: 0.0,
        roads: None,
        scenario,
    };
    // whoever is in no part is carried by the fleet or stays
    let mut carried: BTreeMap<String, i64> =
        known.scenario.zones.iter().map(|zone| (zone.zone_id.clone(), zone.people)).collect();
    for name in ["vehicle", "walk"] {
        let dir = dir.join(name);
        if !dir.join("plan.json").is_file() {
            continue;
        }
        let folder = dir.join("scenario");
        let (scenario, _) = read_scenario(&folder).map_err(faults(&folder))?;
        for zone in &scenario.zones {
            if let Some(left) = carried.get_mut(&zone.zone_id) {
                *left -= zone.people;
            }
        }
        let part = part(&dir, &scenario, rest)?;
        known.rest.extend(part.rest);
        known.longest_way_m = known.longest_way_m.max(part.longest_way_m);
        known.platoon_people += part.platoon_people;
        known.longest_walk_m = known.longest_walk_m.max(part.longest_walk_m);
        for presence in part.presences {
            add(&mut all, presence, hours);
        }
        if name == "vehicle" {
            known.roads = Some(folder);
        }
        progress.tell("replay", 0.5);
    }
    for presence in fleet(dir, &carried, &known.scenario, hours)? {
        add(&mut all, presence, hours);
    }
    let mut take = |kind: Kind, id: &str| {
        let people = all.remove(&(kind, id.to_owned())).unwrap_or_else(|| vec![0; hours]);
        Presence { kind, place_id: id.to_owned(), people }
    };
    let mut presences: Vec<Presence> =
        known.scenario.zones.iter().map(|zone| take(Kind::Origin, &zone.zone_id)).collect();
    presences.push(take(Kind::Route, ""));
    presences.extend(known.scenario.sites.iter().map(|site| take(Kind::Site, &site.site_id)));
    known.presences = presences;
    known.rest.sort_by(|a, b| b.people.cmp(&a.people).then_with(|| a.node_id.cmp(&b.node_id)));
    Ok(known)
}

/// The most people admitted in an hour. Whole platoons are counted when their last person is admitted, so that an hour can hold one
/// more of them at each site than its intake lets in: what is over the intake by no more than that is the intake.
pub fn busiest_hour(people: &[i64], intake_people_h: Option<f64>, allowance: i64) -> f64 {
    let most = people.iter().zip(std::iter::once(&0).chain(people)).map(|(now, before)| now - before).max();
    let most = most.unwrap_or(0) as f64;
    match intake_people_h {
        Some(intake) if most > intake && most - allowance as f64 <= intake => intake,
        _ => most,
    }
}

/// Adds people at a place hour by hour.
fn add(all: &mut BTreeMap<(Kind, String), Vec<i64>>, presence: Presence, hours: usize) {
    let sum = all.entry((presence.kind, presence.place_id)).or_insert_with(|| vec![0; hours]);
    for (sum, people) in sum.iter_mut().zip(presence.people) {
        *sum += people;
    }
}

struct Part {
    presences: Vec<Presence>,
    rest: Vec<RestPoint>,
    longest_way_m: f64,
    longest_walk_m: f64,
    platoon_people: i64,
}

/// One class of road users.
fn part(dir: &Path, scenario: &Scenario, rest: Rest) -> Result<Part, Failure> {
    let path = dir.join("plan.json");
    let plan: Plan = read_plan(&path).map_err(faults(&path))?;
    let network = Network::new(scenario, plan.case).map_err(clearway_plan::PlanError::from)?;
    let failure = |error: clearway_needs::ReplayError| Failure::Argument(error.to_string());
    let ways = ways(scenario, &plan, &network).map_err(failure)?;
    let is_walk = scenario.settings.class.first().is_some_and(|class| class.mode == Mode::Walk);
    let km = rest.km.unwrap_or(if is_walk { WALK_KM } else { VEHICLE_KM });
    let stops = Stops::choose(scenario, &plan, &network, &ways, km * 1000.0);
    let replayed = replayed(scenario, &plan, &network, &ways, &stops).map_err(failure)?;
    Ok(Part {
        rest: rest_points(scenario, &stops, &replayed.passed, rest.minutes),
        longest_way_m: stops.longest_m,
        longest_walk_m: if is_walk { stops.longest_route_m } else { 0.0 },
        presences: replayed.presences,
        platoon_people: plan.platoon_people,
    })
}

/// Those whom the fleet carries, from its timetable; `waiting` are all who are in no part.
fn fleet(
    dir: &Path,
    waiting: &BTreeMap<String, i64>,
    scenario: &Scenario,
    hours: usize,
) -> Result<Vec<Presence>, Failure> {
    let path = dir.join("fleet/trips.csv");
    let trips = if path.is_file() {
        let (trips, found) = read_table::<TripRow>("trips.csv", &crate::commands::read(&path)?);
        if found.has_errors() {
            return Err(faults(&path)(found));
        }
        trips
    } else {
        Vec::new()
    };
    let mut zones: BTreeMap<&str, Vec<(i64, i64)>> = BTreeMap::new();
    let mut sites: BTreeMap<&str, Vec<(i64, i64)>> = BTreeMap::new();
    let mut route = Vec::new();
    for trip in &trips {
        let people = trip.seat_people + trip.wheelchair_people + trip.stretcher_people;
        zones.entry(&trip.zone_id).or_default().push((trip.depart_ms, -people));
        route.extend([(trip.depart_ms, people), (trip.end_ms, -people)]);
        sites.entry(&trip.site_id).or_default().push((trip.end_ms, people));
    }
    let mut all: Vec<Presence> = scenario
        .zones
        .iter()
        .map(|zone| {
            let start = waiting.get(&zone.zone_id).copied().unwrap_or(0);
            let people = present(start, zones.entry(&zone.zone_id).or_default(), hours);
            Presence { kind: Kind::Origin, place_id: zone.zone_id.clone(), people }
        })
        .collect();
    all.push(Presence { kind: Kind::Route, place_id: String::new(), people: present(0, &mut route, hours) });
    all.extend(scenario.sites.iter().map(|site| {
        let people = present(0, sites.entry(&site.site_id).or_default(), hours);
        Presence { kind: Kind::Site, place_id: site.site_id.clone(), people }
    }));
    Ok(all)
}
