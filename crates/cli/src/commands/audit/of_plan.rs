//! Figures of a plan folder: only what its own checker recomputes, and what its replay shows.

use crate::failure::Failure;
use crate::occupancy::{Rest, Whereabouts, busiest_hour, found, occupancy};
use crate::placed::{given, series, trucks};
use crate::progress::Progress;
use crate::redaction::{redact, up_to_tens};
use clearway_audit::movements::Computed;
use clearway_audit::places::PlaceSeries;
use clearway_audit::range::Range;
use clearway_formats::{part_folders, read_plan, read_summary};
use clearway_model::{Faults, FolderStore, Means, MultimodalSummary, People, Plan, Scenario, Summary};
use clearway_needs::{Climate, Kind, Rates, Tightest};
use clearway_verify::is_multimodal;
use std::path::{Path, PathBuf};

/// What is given beside a plan folder.
#[derive(Default)]
pub struct Beside {
    /// `supplies.csv`.
    pub supplies: Option<PathBuf>,
    /// `aid.csv`.
    pub aid: Option<PathBuf>,
    /// Standards for cold places.
    pub is_cold: bool,
    /// Whether small groups and exact numbers are taken out.
    pub is_redacted: bool,
}

/// Every place over time, if supplies are given.
#[derive(Default)]
pub struct Places {
    /// The places.
    pub series: Vec<PlaceSeries>,
    /// Hours of places that are left out because too few people are there.
    pub left_out_hours: u64,
}

/// Reads a plan folder. Gives every place over time if supplies are given.
pub fn of_plan(
    dir: &Path,
    beside: &Beside,
    computed: &mut Computed,
    progress: &Progress,
) -> Result<Places, Failure> {
    progress.tell("verify", 0.0);
    let (listed, left_out) = found(dir)?;
    let open = listed.len() as u64 + left_out;
    let mut add = |id, range: Range, how: &str| computed.push((id, range, how.to_owned()));
    add("verify_findings", Range::exact(open as f64), "clearway verify");
    let people = if is_multimodal(&FolderStore::new(dir)) {
        everyone(dir, beside.is_redacted, &mut add)?
    } else {
        alone(dir, &mut add)?
    };
    // rounded up, so that neither a group follows from two figures nor a failing condition goes unseen
    let shown =
        |people: i64| Range::exact(if beside.is_redacted { up_to_tens(people) } else { people } as f64);
    add("people", shown(people.total - people.staying), "zones.csv: people less those who stay");
    // where nobody is entered as staying, how many stay is not stated: none is no count
    if people.staying > 0 {
        add("people_stay", shown(people.staying), "zones.csv: stay_people");
    }
    add("not_evacuated", shown((people.not_evacuated - people.staying).max(0)), "summary.json, replayed");
    add("overtaken", shown(people.overtaken), "summary.json, replayed");
    if let Some(share) = share_at_start(dir)? {
        let share = if beside.is_redacted { (share * 100.0).ceil() / 100.0 } else { share };
        add("share_at_start", Range::exact(share), "plan.json: people who leave within the first minute");
    }
    let rest = Rest { km: None, minutes: 10.0 };
    let mut known = match occupancy(dir, rest, progress) {
        Ok(known) => known,
        // its routes are not those of its scenario: verify has found that already
        Err(Failure::Argument(text)) if open > 0 => {
            eprintln!("{text}; places are not judged");
            return Ok(Places::default());
        }
        Err(failure) => return Err(failure),
    };
    let left_out_hours = if beside.is_redacted { redact(&mut known) } else { 0 };
    if let Some(places) = places(&known.scenario) {
        computed.push(("site_places", places, "sites.csv: capacity_people".to_owned()));
    }
    of_replay(&known, computed);
    clearway::stated_figures(&known.scenario, computed);
    if beside.supplies.is_none() && beside.aid.is_none() {
        return Ok(Places::default());
    }
    let rates = Rates::shipped();
    let climate = if beside.is_cold { Climate::Cold } else { Climate::Warm };
    let tables = (beside.supplies.as_deref(), beside.aid.as_deref());
    let given = given(&known, tables, (&rates, climate), trucks(2.0, 1.0, 1.5), progress)?;
    if !given.supply_points.is_empty() {
        let loads =
            |day: usize| given.aid.convoys.iter().filter(|c| c.day == day).map(|c| c.loads).sum::<i64>();
        let days = given.aid.convoys.iter().map(|c| c.day).max().unwrap_or(0);
        let most = (0..=days).map(loads).max().unwrap_or(0);
        let supply_points = given.supply_points.iter().map(|point| point.number + 1).max().unwrap_or(0);
        let how = "aid.csv: warehouses and crossings";
        computed.push(("crossings", Range::exact(supply_points as f64), how.to_owned()));
        let how = "convoys that can go by the roads and hours of the map, on the day with most";
        computed.push(("trucks_day", Range::exact(most as f64), how.to_owned()));
    }
    progress.tell("places", 0.0);
    let mut series = series(&known, &given, &rates, climate);
    if beside.is_redacted {
        series.retain(|place| place.people.iter().any(|n| *n > 0));
    }
    Ok(Places { series, left_out_hours })
}

fn faults(path: &Path) -> impl FnOnce(Faults) -> Failure + use<> {
    let what = path.display().to_string();
    move |faults| Failure::Faults { what, faults }
}

/// A plan for one class of road users.
fn alone(dir: &Path, add: &mut impl FnMut(&'static str, Range, &str)) -> Result<People, Failure> {
    let path = dir.join("summary.json");
    let summary: Summary = read_summary(&FolderStore::new(dir)).map_err(faults(&path))?;
    if let Some(s) = summary.t90_s.plan {
        add("t90_h", Range::exact(s / 3600.0), "summary.json, replayed");
    }
    if let Some(s) = summary.clearance_s.plan {
        add("t100_h", Range::exact(s / 3600.0), "summary.json, replayed");
        add("days", Range::exact(s / 86_400.0), "summary.json, replayed");
    }
    let how = "summary.json, bound with certificate; low end: every figure at its optimistic end";
    if let Some(s) = summary.t90_s.bound {
        let low = summary.optimistic.t90_s.map_or(s, |low| low.min(s));
        add("bound_t90_h", Range { low: low / 3600.0, ..Range::exact(s / 3600.0) }, how);
    }
    if let Some(s) = summary.clearance_s.bound {
        let low = summary.optimistic.clearance_s.map_or(s, |low| low.min(s));
        add("bound_days", Range { low: low / 86_400.0, ..Range::exact(s / 86_400.0) }, how);
    }
    Ok(summary.people)
}

/// A multimodal plan.
fn everyone(
    dir: &Path,
    is_redacted: bool,
    add: &mut impl FnMut(&'static str, Range, &str),
) -> Result<People, Failure> {
    let path = dir.join("multimodal.json");
    let summary: MultimodalSummary = serde_json::from_slice(&crate::commands::read(&path)?)?;
    // with several means, 90 % of everybody have arrived no later than 90 % of each
    let latest = summary.means.iter().map(|means| means.t90_s.plan).collect::<Option<Vec<f64>>>();
    if let Some(s) = latest.and_then(|all| all.into_iter().reduce(f64::max)) {
        add("t90_h", Range::exact(s / 3600.0), "multimodal.json: the latest of all means, replayed");
    }
    if let Some(s) = summary.clearance_s.plan {
        add("t100_h", Range::exact(s / 3600.0), "multimodal.json: the latest of all means, replayed");
        add("days", Range::exact(s / 86_400.0), "multimodal.json: the latest of all means, replayed");
    }
    if let Some(s) = summary.clearance_s.bound {
        add("bound_days", Range::exact(s / 86_400.0), "multimodal.json, bound with certificate");
    }
    if let Some(fleet) = &summary.fleet {
        add("buses", Range::exact(fleet.vehicles as f64), "multimodal.json: vehicles of the fleet");
    }
    // those who have no vehicle and do not walk, and those of them whom the timetable of the fleet brings
    let carried = || summary.means.iter().filter(|means| is_carried(means.means));
    let wait: i64 = carried().map(|means| means.people - means.staying).sum();
    if wait > 0 {
        let brought: i64 = carried().map(|means| means.arrived).sum();
        // who is not brought stays in sight, and places are never more than there are
        let (wait, brought) = match is_redacted {
            true if brought < wait => (up_to_tens(wait), brought / 10 * 10),
            true => (up_to_tens(wait), up_to_tens(brought)),
            false => (wait, brought),
        };
        let how = "groups.csv: people who need a place in a vehicle of the fleet";
        add("people_without_means", Range::exact(wait as f64), how);
        let how = "multimodal.json: people whom the fleet brings; what a place costs is not in the folder";
        add("free_seats", Range::exact(brought as f64), how);
    }
    Ok(summary.people)
}

/// Whether people of these means go in a vehicle of the fleet.
fn is_carried(means: Means) -> bool {
    matches!(means, Means::Seat | Means::Wheelchair | Means::Stretcher)
}

/// What the replay shows besides.
fn of_replay(known: &Whereabouts, computed: &mut Computed) {
    let mut add = |id, value: f64, how: &str| computed.push((id, Range::exact(value), how.to_owned()));
    let sites = || known.presences.iter().filter(|p| p.kind == Kind::Site);
    let hours = known.presences.first().map_or(0, |p| p.people.len());
    let there: Vec<i64> = (0..hours).map(|hour| sites().map(|p| p.people[hour]).sum()).collect();
    let admission: Option<f64> = known.scenario.sites.iter().map(|site| site.admission_people_h).sum();
    let allowance = known.packet_people * known.scenario.sites.len() as i64;
    add(
        "peak_arrivals_h",
        busiest_hour(&there, admission, allowance),
        "replay: people received in the busiest hour",
    );
    let largest = sites().filter_map(|p| p.people.iter().copied().max()).max().unwrap_or(0);
    add("largest_site_people", largest as f64, "replay: the most people at one site");
    if let Some(admission) = admission {
        add("admission_people_h", admission, "sites.csv: admission_people_h");
    }
    if let Some(Tightest { zone_id, hazard_ms, past_ms }) = &known.tightest {
        let hours = |ms: i64| ms as f64 / 3_600_000.0;
        let how = "closures.csv: when the hazard closes what those with least time in reserve pass";
        add("available_h", hours(*hazard_ms), how);
        let how = format!("replay: when the last of them, from zone {zone_id}, are past it");
        add("needed_h", hours(*past_ms), &how);
    }
    if let Some(ms) = known.first_pickup_ms {
        let how = "fleet/trips.csv: the first vehicle at a zone";
        add("bus_first_pickup_min", ms as f64 / 60_000.0, how);
    }
    if let Some(m) = known.mean_way_m {
        add("route_km", m / 1000.0, "plan.json: the mean length of the way, by people");
    }
    let area: Option<f64> = known.scenario.sites.iter().map(|site| site.area_m2).sum();
    if let Some(m2) = area.filter(|m2| *m2 > 0.0) {
        add("site_area_km2", m2 / 1e6, "sites.csv: area_m2");
    }
    if known.longest_walk_m > 0.0 {
        add("longest_walk_km", known.longest_walk_m / 1000.0, "plan.json: the longest route on foot");
    }
}

/// Share of the people in orders who leave within a minute of the first departure.
fn share_at_start(dir: &Path) -> Result<Option<f64>, Failure> {
    let mut plans: Vec<Plan> = Vec::new();
    for part in std::iter::once(String::new()).chain(part_folders(&FolderStore::new(dir))) {
        let folder = dir.join(part);
        if folder.join("plan.json").is_file() {
            plans.push(read_plan(&FolderStore::new(&folder)).map_err(faults(&folder))?);
        }
    }
    let orders = || plans.iter().flat_map(|plan| &plan.orders);
    let Some(first) = orders().map(|order| order.depart_from_ms).min() else { return Ok(None) };
    let all: i64 = orders().map(|order| order.people).sum();
    let leave = |order: &clearway_model::MovementOrder| {
        let length = (order.depart_until_ms - order.depart_from_ms).max(1) as f64;
        let inside = (first + 60_000 - order.depart_from_ms).max(0) as f64;
        order.people as f64 * (inside / length).min(1.0)
    };
    Ok((all > 0).then(|| orders().map(leave).sum::<f64>() / all as f64))
}

/// Places of all sites together; `None` if one has no limit.
fn places(scenario: &Scenario) -> Option<Range> {
    let mut sum = Range::exact(0.0);
    for site in &scenario.sites {
        let central = site.capacity_people? as f64;
        sum.central += central;
        sum.low += site.capacity_people_low.map_or(central, |n| n as f64);
        sum.high += site.capacity_people_high.map_or(central, |n| n as f64);
    }
    (!scenario.sites.is_empty()).then_some(sum)
}
