//! Who is where in each hour by a plan folder: of one class of road users, or for everybody.

use crate::failure::Failure;
use crate::progress::Progress;
use clearway_formats::{part_folders, read_plan, read_scenario, read_table};
use clearway_model::{
    ClosureKind, ClosureRow, ClosureTarget, Faults, FolderStore, Mode, Plan, Scenario, TripRow,
};
use clearway_needs::{
    Kind, Occupancy, RestPoint, Stops, Tightest, hourly, present, replayed, rest_points, tighter, ways,
};
use clearway_network::Network;
use clearway_verify::{Finding, is_multimodal, verify, verify_multimodal};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What a plan folder says of where people are.
pub struct Whereabouts {
    /// The whole scenario.
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
    /// Folder of the scenario by whose roads people go in vehicles; `None`: nobody does.
    pub roads: Option<PathBuf>,
    /// Who has least time in reserve before a hazard; `None`: nobody passes anything that one closes later.
    pub tightest: Option<Tightest>,
    /// When the first vehicle of a fleet is at a zone, ms; `None`: no fleet moves.
    pub first_pickup_ms: Option<i64>,
    /// Mean length of the way, by people, m; of a plan for one class of road users.
    pub mean_way_m: Option<f64>,
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
    let plan = FolderStore::new(dir);
    if is_multimodal(&plan) {
        let result = verify_multimodal(&plan, None)?;
        return Ok((result.findings, result.left_out));
    }
    let result = verify(&plan, None)?;
    Ok((result.findings, result.left_out))
}

/// Reads a plan folder and replays its orders.
pub fn occupancy(dir: &Path, rest: Rest, progress: &Progress) -> Result<Whereabouts, Failure> {
    let folder = dir.join("scenario");
    let (scenario, _) = read_scenario(&FolderStore::new(&folder)).map_err(faults(&folder))?;
    progress.tell("replay", 0.0);
    if !is_multimodal(&FolderStore::new(dir)) {
        let is_by_road = scenario.settings.class.first().is_some_and(|class| class.mode == Mode::Vehicle);
        let part = part(dir, &scenario, rest)?;
        let roads = is_by_road.then_some(folder);
        let Part { presences, rest, longest_way_m, longest_walk_m, packet_people, tightest, mean_way_m } =
            part;
        return Ok(Whereabouts {
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
    let mut all: BTreeMap<(Kind, String), Vec<i64>> = BTreeMap::new();
    let mut known = Whereabouts {
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
    for name in part_folders(dir) {
        let dir = dir.join(&name);
        let folder = dir.join("scenario");
        let (scenario, _) = read_scenario(&FolderStore::new(&folder)).map_err(faults(&folder))?;
        for zone in &scenario.zones {
            if let Some(left) = carried.get_mut(&zone.zone_id) {
                *left -= zone.people;
            }
        }
        let part = part(&dir, &scenario, rest)?;
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
            known.roads = Some(folder);
        }
        progress.tell("replay", 0.5);
    }
    let trips = trips(dir)?;
    for presence in fleet(&trips, &carried, &known.scenario, hours) {
        add(&mut all, presence, hours);
    }
    known.first_pickup_ms = trips.iter().map(|trip| trip.load_ms).min();
    for next in tightest_of_fleet(&trips, &known.scenario) {
        known.tightest = tighter(known.tightest.take(), next);
    }
    let mut take = |kind: Kind, id: &str| {
        let people = all.remove(&(kind, id.to_owned())).unwrap_or_else(|| vec![0; hours]);
        Occupancy { kind, place_id: id.to_owned(), people }
    };
    let mut presences: Vec<Occupancy> =
        known.scenario.zones.iter().map(|zone| take(Kind::Origin, &zone.zone_id)).collect();
    presences.push(take(Kind::Route, ""));
    presences.extend(known.scenario.sites.iter().map(|site| take(Kind::Site, &site.site_id)));
    known.presences = presences;
    known.rest.sort_by(|a, b| b.people.cmp(&a.people).then_with(|| a.node_id.cmp(&b.node_id)));
    Ok(known)
}

/// The most people admitted in an hour. Whole packets are counted when their last person is admitted, so that an hour can hold one
/// more of them at each site than its admission lets in: what is over the admission by no more than that is the admission.
pub fn busiest_hour(people: &[i64], admission_people_h: Option<f64>, allowance: i64) -> f64 {
    let most = people.iter().zip(std::iter::once(&0).chain(people)).map(|(now, before)| now - before).max();
    let most = most.unwrap_or(0) as f64;
    match admission_people_h {
        Some(admission) if most > admission && most - allowance as f64 <= admission => admission,
        _ => most,
    }
}

/// Adds people at a place hour by hour.
fn add(all: &mut BTreeMap<(Kind, String), Vec<i64>>, presence: Occupancy, hours: usize) {
    let sum = all.entry((presence.kind, presence.place_id)).or_insert_with(|| vec![0; hours]);
    for (sum, people) in sum.iter_mut().zip(presence.people) {
        *sum += people;
    }
}

struct Part {
    presences: Vec<Occupancy>,
    rest: Vec<RestPoint>,
    longest_way_m: f64,
    longest_walk_m: f64,
    packet_people: i64,
    tightest: Option<Tightest>,
    mean_way_m: Option<f64>,
}

/// One class of road users.
fn part(dir: &Path, scenario: &Scenario, rest: Rest) -> Result<Part, Failure> {
    let path = dir.join("plan.json");
    let plan: Plan = read_plan(&FolderStore::new(dir)).map_err(faults(&path))?;
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
        packet_people: plan.packet_people,
        tightest: replayed.tightest,
        mean_way_m: mean_way_m(scenario, &plan),
    })
}

/// Mean length of the way of those in orders, m; `None` without orders.
fn mean_way_m(scenario: &Scenario, plan: &Plan) -> Option<f64> {
    let length: BTreeMap<&str, f64> = scenario
        .links
        .iter()
        .map(|link| {
            let m = link.length_m.or(link.length.map(|km| km * 1000.0)).unwrap_or(0.0);
            (link.link_id.as_str(), m)
        })
        .collect();
    let routes: BTreeMap<&str, f64> = plan
        .routes
        .iter()
        .map(|route| {
            let m = route.links.iter().filter_map(|link| length.get(link.as_str())).sum();
            (route.route_id.as_str(), m)
        })
        .collect();
    let people: i64 = plan.orders.iter().map(|order| order.people).sum();
    let way = |order: &clearway_model::MovementOrder| {
        order.people as f64 * routes.get(order.route_id.as_str()).copied().unwrap_or(0.0)
    };
    (people > 0).then(|| plan.orders.iter().map(way).sum::<f64>() / people as f64)
}

/// The timetable of the fleet; empty without one.
fn trips(dir: &Path) -> Result<Vec<TripRow>, Failure> {
    let path = dir.join("fleet/trips.csv");
    if !path.is_file() {
        return Ok(Vec::new());
    }
    let (trips, found) = read_table::<TripRow>("trips.csv", &crate::commands::read(&path)?);
    if found.has_errors() {
        return Err(faults(&path)(found));
    }
    Ok(trips)
}

/// Of every trip the closures of its zone that come after it leaves. What closes on its way is for `clearway verify` alone.
fn tightest_of_fleet<'a>(
    trips: &'a [TripRow],
    scenario: &'a Scenario,
) -> impl Iterator<Item = Tightest> + 'a {
    let closes = |trip: &'a TripRow| {
        scenario.closures.iter().filter(|c| {
            c.kind == ClosureKind::Presence && c.target == ClosureTarget::Zone && c.target_id == trip.zone_id
        })
    };
    trips.iter().flat_map(move |trip| {
        let begin = |c: &ClosureRow| match c.repeat_every_ms {
            Some(every) if every > 0 && c.from_ms < trip.depart_ms => {
                c.from_ms + (trip.depart_ms - c.from_ms + every - 1) / every * every
            }
            _ => c.from_ms,
        };
        closes(trip).map(begin).filter(|begin| *begin >= trip.depart_ms).map(|hazard_ms| Tightest {
            zone_id: trip.zone_id.clone(),
            hazard_ms,
            past_ms: trip.depart_ms,
        })
    })
}

/// Those whom the fleet carries, from its timetable; `waiting` are all who are in no part.
fn fleet(
    trips: &[TripRow],
    waiting: &BTreeMap<String, i64>,
    scenario: &Scenario,
    hours: usize,
) -> Vec<Occupancy> {
    let mut zones: BTreeMap<&str, Vec<(i64, i64)>> = BTreeMap::new();
    let mut sites: BTreeMap<&str, Vec<(i64, i64)>> = BTreeMap::new();
    let mut route = Vec::new();
    for trip in trips {
        let people = trip.seat_people + trip.wheelchair_people + trip.stretcher_people;
        zones.entry(&trip.zone_id).or_default().push((trip.depart_ms, -people));
        route.extend([(trip.depart_ms, people), (trip.end_ms, -people)]);
        sites.entry(&trip.site_id).or_default().push((trip.end_ms, people));
    }
    let mut all: Vec<Occupancy> = scenario
        .zones
        .iter()
        .map(|zone| {
            let start = waiting.get(&zone.zone_id).copied().unwrap_or(0);
            let people = present(start, zones.entry(&zone.zone_id).or_default(), hours);
            Occupancy { kind: Kind::Origin, place_id: zone.zone_id.clone(), people }
        })
        .collect();
    all.push(Occupancy { kind: Kind::Route, place_id: String::new(), people: present(0, &mut route, hours) });
    all.extend(scenario.sites.iter().map(|site| {
        let people = present(0, sites.entry(&site.site_id).or_default(), hours);
        Occupancy { kind: Kind::Site, place_id: site.site_id.clone(), people }
    }));
    all
}
