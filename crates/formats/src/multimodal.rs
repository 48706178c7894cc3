//! How people can move: `multimodal.toml`, `groups.csv` and `fleet.csv` beside a scenario's tables.

use crate::encoding::decode;
use crate::findings::RowFaults;
use crate::findings::row_number;
use crate::modes::{check_listed, read_modes};
use crate::read::read_scenario;
use crate::settings_read::line_at;
use crate::table::{TableRow, limits, read_csv_table};
use crate::upgrade::CurrentScenario;
use clearway_model::{
    Case, Fault, Faults, Figure, GroupRow, MULTIMODAL_FILES, Means, Mode, MultimodalSettings,
    PopulationGroups, Scenario, Store, VehicleRow, multimodal_digest, newer_toml,
};
use clearway_text::{Moment, bundled_zone, clock_changes, clock_text, offset_text, span_text};
use jiff::SignedDuration;
use std::collections::{BTreeMap, BTreeSet};

/// The files of a scenario that say how people can move, those that exist.
///
/// # Errors
/// The files that cannot be read.
pub fn multimodal_files(store: &dyn Store) -> Result<Vec<(&'static str, Vec<u8>)>, Faults> {
    multimodal_files_of(&current(store)?)
}

fn current(store: &dyn Store) -> Result<CurrentScenario<'_>, Faults> {
    CurrentScenario::of(store).map_err(|error| {
        Faults(vec![Fault::error(store.label(), "", "readable files").field("error", error)])
    })
}

fn multimodal_files_of(store: &dyn Store) -> Result<Vec<(&'static str, Vec<u8>)>, Faults> {
    let mut files = Vec::new();
    let mut faults = Faults::default();
    for name in MULTIMODAL_FILES {
        match store.read(name) {
            Ok(Some(bytes)) => files.push((name, bytes)),
            Ok(None) => {}
            Err(error) => faults.push(Fault::error(name, "", "a readable file").field("error", error)),
        }
    }
    if faults.has_errors() { Err(faults) } else { Ok(files) }
}

/// Reads a scenario with its population groups, where there are any.
///
/// # Errors
/// All faults of the tables, else all of the groups, errors and warnings, if any is an error. Otherwise the warnings come with it.
pub fn read_scenario_with_groups(store: &dyn Store) -> Result<(Scenario, Faults), Faults> {
    let (mut scenario, mut warnings) = read_scenario(store)?;
    if let Some((groups, found)) = read_groups(store, &scenario)? {
        scenario.groups = Some(groups);
        warnings.0.extend(found.0);
    }
    Ok((scenario, warnings))
}

/// Reads how people can move; `None` if there is no `groups.csv`, so that everybody moves as the scenario's class.
///
/// # Errors
/// All faults, errors and warnings, if any is an error. Otherwise the warnings come with it.
pub fn read_groups(
    store: &dyn Store,
    scenario: &Scenario,
) -> Result<Option<(PopulationGroups, Faults)>, Faults> {
    let store = current(store)?;
    let read = read_current(&store, scenario).map_err(|faults| store.named(faults))?;
    Ok(read.map(|(groups, warnings)| (groups, store.named(warnings))))
}

fn read_current(
    store: &dyn Store,
    scenario: &Scenario,
) -> Result<Option<(PopulationGroups, Faults)>, Faults> {
    let files = multimodal_files_of(store)?;
    let bytes = |name: &str| files.iter().find(|f| f.0 == name).map(|f| f.1.as_slice());
    let mut findings = RowFaults::default();
    let Some(groups) = bytes("groups.csv") else {
        for (name, _) in &files {
            let expected = "groups.csv beside it";
            findings.push(0, Fault::error(*name, "", expected).hint("who needs what is not given"));
        }
        let faults = findings.into_faults();
        return if faults.has_errors() { Err(faults) } else { Ok(None) };
    };
    let settings = read_settings(bytes("multimodal.toml"), &mut findings);
    check_day(scenario, &settings, &mut findings);
    let groups = read_csv_table::<GroupRow>("groups.csv", groups, &mut findings);
    let group_rows = groups.origin.rows;
    let groups = groups.rows;
    let (fleet, fleet_rows) = match bytes("fleet.csv") {
        Some(bytes) => {
            let read = read_csv_table::<VehicleRow>("fleet.csv", bytes, &mut findings);
            (read.rows, read.origin.rows)
        }
        None => (Vec::new(), Vec::new()),
    };
    let modes = read_modes(scenario, settings.walk.as_ref(), &bytes, &mut findings);
    if !findings.has_errors_in("groups.csv") {
        limits("groups.csv", &groups, &group_rows, &mut findings);
        check_groups(scenario, &settings, &groups, &group_rows, &mut findings);
        check_listed(&modes, &groups, &group_rows, &mut findings);
    }
    if !findings.has_errors_in("fleet.csv") {
        limits("fleet.csv", &fleet, &fleet_rows, &mut findings);
        check_fleet(scenario, &fleet, &fleet_rows, &mut findings);
        check_times_of_fleet(&fleet, &fleet_rows, &mut findings);
        check_places(&groups, &fleet, &mut findings);
    }
    let faults = findings.into_faults();
    if faults.has_errors() {
        return Err(faults);
    }
    let listed = files.iter().map(|(name, bytes)| (*name, bytes.as_slice()));
    let digest = multimodal_digest(&scenario.digest, listed);
    Ok(Some((PopulationGroups { settings, rows: groups, fleet, modes, digest }, faults)))
}

fn read_settings(bytes: Option<&[u8]>, findings: &mut RowFaults) -> MultimodalSettings {
    let file = "multimodal.toml";
    let none =
        MultimodalSettings { schema: MultimodalSettings::SCHEMA.to_owned(), walk: None, fleet_share: 0.5 };
    let Some(bytes) = bytes else { return none };
    let text = match decode(file, bytes) {
        Ok(text) => text,
        Err(fault) => {
            findings.push(0, *fault);
            return none;
        }
    };
    if let Some(line) = newer_toml(text) {
        findings.push(row_number(line), Fault::error(file, format!("line {line}"), "TOML 1.0"));
        return none;
    }
    let settings = match toml::from_str::<MultimodalSettings>(text) {
        Ok(settings) => settings,
        Err(error) => {
            let place =
                error.span().map_or(String::new(), |span| format!("line {}", line_at(text, span.start)));
            let expected = "keys and values as in docs/reference/multimodal.md";
            findings.push(0, Fault::error(file, place, expected).hint(error.message().trim()));
            return none;
        }
    };
    let mut bad = |field: &str, found: String, expected: &str| {
        findings.push(0, Fault::error(file, "", expected).field(field, found));
    };
    if settings.schema != MultimodalSettings::SCHEMA {
        bad("schema", settings.schema.clone(), MultimodalSettings::SCHEMA);
    }
    if !(0.0..=1.0).contains(&settings.fleet_share) {
        bad("fleet_share", settings.fleet_share.to_string(), "a share between 0 and 1");
    }
    if let Some(walk) = &settings.walk {
        if !(walk.speed_share > 0.0 && walk.speed_share <= 1.0) {
            bad("walk.speed_share", walk.speed_share.to_string(), "a share above 0 and at most 1");
        }
        if !(0.0..=20.0).contains(&walk.lanes) {
            bad("walk.lanes", walk.lanes.to_string(), "a number of lanes, 0 to 20");
        }
        if !(walk.lane_people_h > 0.0 && walk.lane_people_h <= 50_000.0) {
            bad("walk.lane_people_h", walk.lane_people_h.to_string(), "people per hour, more than 0");
        }
        let day = 86_400_000;
        match (walk.day_from_ms, walk.day_until_ms) {
            (None, None) => {}
            (Some(from), Some(until)) if 0 <= from && from < until && until - from <= day => {}
            (from, until) => {
                let found = format!("{from:?} to {until:?}");
                bad("walk.day_from_ms", found, "both ends, from before until, at most a day between them");
            }
        }
    }
    settings
}

fn check_groups(
    scenario: &Scenario,
    settings: &MultimodalSettings,
    groups: &[GroupRow],
    rows: &[u64],
    findings: &mut RowFaults,
) {
    let file = "groups.csv";
    let releases: BTreeSet<&str> = scenario.releases.iter().map(|r| r.mobilization_id.as_str()).collect();
    let zones: BTreeSet<&str> = scenario.zones.iter().map(|z| z.zone_id.as_str()).collect();
    let mut seen = BTreeSet::new();
    let mut sums: BTreeMap<&str, [i64; 4]> = BTreeMap::new();
    for (row, &number) in groups.iter().zip(rows) {
        let mut bad = |field: &str, found: String, expected: String, hint: &str| {
            let place = format!("row {number} ({})", row.label());
            findings.push(number, Fault::error(file, place, expected).field(field, found).hint(hint));
        };
        if !zones.contains(row.zone_id.as_str()) {
            bad("zone_id", row.zone_id.clone(), "an id of zones.csv".to_owned(), "");
        }
        if !seen.insert((row.zone_id.as_str(), row.means)) {
            bad("means", row.means.word().to_owned(), "each means once per zone".to_owned(), "add them up");
        }
        let stay = row.stay_people.unwrap_or(0);
        if stay > row.people {
            bad("stay_people", stay.to_string(), format!("at most people ({})", row.people), "");
        }
        if !row.mobilization_id.is_empty() && !releases.contains(row.mobilization_id.as_str()) {
            bad("mobilization_id", row.mobilization_id.clone(), "an id of mobilization.csv".to_owned(), "");
        }
        if row.means == Means::Walk && row.people > 0 && settings.walk.is_none() {
            let hint = "write [walk] with at least one key into multimodal.toml";
            bad("means", "walk".to_owned(), "[walk] in multimodal.toml".to_owned(), hint);
        }
        let range = Figure::new(row.people, row.people_low, row.people_high);
        let sum = sums.entry(row.zone_id.as_str()).or_default();
        for (sum, people) in sum.iter_mut().zip([range.value, range.low, range.high, stay]) {
            *sum = sum.saturating_add(people);
        }
    }
    for zone in &scenario.zones {
        let sum = sums.get(zone.zone_id.as_str()).copied().unwrap_or_default();
        let range = Figure::new(zone.people, zone.people_low, zone.people_high);
        let given = [range.value, range.low, range.high, zone.stay_people.unwrap_or(0)];
        let names = ["people", "people_low", "people_high", "stay_people"];
        for ((sum, given), name) in sum.into_iter().zip(given).zip(names) {
            // Ranges of groups may be wider than that of their zone: who is not in one group is in another.
            let (is_right, word) = match name {
                "people_low" => (sum <= given, "at most "),
                "people_high" => (sum >= given, "at least "),
                _ => (sum == given, ""),
            };
            if !is_right {
                let expected =
                    format!("{word}{given}, as zones.csv has it, for the groups of {}", zone.zone_id);
                let fault = Fault::error(file, zone.zone_id.clone(), expected).field(name, sum);
                findings.push(0, fault.hint("every person of a zone is in exactly one group"));
            }
        }
    }
    let class = scenario.settings.class.first().map(|class| class.mode);
    if class != Some(Mode::Vehicle) {
        let fault = Fault::error("scenario.toml", "", "mode = \"vehicle\" where there are groups");
        findings.push(0, fault.field("class.mode", "walk").hint("walkers are described in multimodal.toml"));
    }
}

fn check_fleet(scenario: &Scenario, fleet: &[VehicleRow], rows: &[u64], findings: &mut RowFaults) {
    let nodes: BTreeSet<&str> = scenario.nodes.iter().map(|n| n.node_id.as_str()).collect();
    let mut seen = BTreeSet::new();
    for (row, &number) in fleet.iter().zip(rows) {
        let mut bad = |field: &str, found: String, expected: &str| {
            let place = format!("row {number} ({})", row.label());
            findings.push(number, Fault::error("fleet.csv", place, expected).field(field, found));
        };
        if !seen.insert(row.vehicle_type_id.as_str()) {
            bad("vehicle_type_id", row.vehicle_type_id.clone(), "an id that is not used twice");
        }
        if !nodes.contains(row.depot_node_id.as_str()) {
            bad("depot_node_id", row.depot_node_id.clone(), "an id of node.csv");
        }
        if Means::FLEET.iter().all(|means| row.places(*means) == 0) {
            bad("seats", row.seats.to_string(), "places of some kind for passengers");
        }
        let from = row.available_from_ms.unwrap_or(0);
        if let Some(until) = row.available_until_ms.filter(|until| *until <= from) {
            bad("available_until_ms", until.to_string(), &format!("more than available_from_ms ({from})"));
        }
        let counts = Figure::new(row.count, row.count_low, row.count_high);
        if counts.low > counts.value || counts.high < counts.value {
            bad("count", row.count.to_string(), "a figure between count_low and count_high");
        }
    }
}

/// Hours of walkers that are next to nothing, or by another clock after the clocks change.
fn check_day(scenario: &Scenario, settings: &MultimodalSettings, findings: &mut RowFaults) {
    let Some((from, until)) = settings.walk.as_ref().and_then(|walk| walk.day_from_ms.zip(walk.day_until_ms))
    else {
        return;
    };
    let mut warn = |expected: String, hint: &str| {
        let fault = Fault::warning("multimodal.toml", "", expected);
        findings.push(0, fault.field("walk.day_from_ms", format!("{from} to {until}")).hint(hint));
    };
    if (1..3_600_000).contains(&(until - from)) {
        let expected = format!("times in milliseconds; this is {} a day", span_text(until - from));
        warn(expected, "seconds taken for milliseconds? 1 h = 3600000");
    }
    let clock = Moment::read(&scenario.settings.start).ok().zip(bundled_zone(&scenario.settings.time_zone));
    let Some((start, zone)) = clock else { return };
    let Ok(end) = start.at.checked_add(SignedDuration::from_millis(scenario.settings.horizon_ms)) else {
        return;
    };
    if let Some((changed, before, after)) = clock_changes(&zone, start.at, end).first() {
        let expected = format!(
            "the same clock times each day; the clocks change at {} from {} to {}",
            clock_text(*changed, &zone),
            offset_text(*before),
            offset_text(*after)
        );
        warn(
            expected,
            "days are counted as 24 hours from the start; after the change the hours of walkers are others by the clock",
        );
    }
}

/// Times of vehicles that could be right and most often are seconds.
fn check_times_of_fleet(fleet: &[VehicleRow], rows: &[u64], findings: &mut RowFaults) {
    for (row, &number) in fleet.iter().zip(rows) {
        let from = row.available_from_ms.unwrap_or(0);
        let there = row.available_until_ms.map(|until| until.saturating_sub(from));
        // the shortest that is likely of each, ms
        let times = [
            ("load_ms", Some(row.load_ms), 5_000),
            ("unload_ms", Some(row.unload_ms), 5_000),
            ("available_until_ms", there, 15 * 60_000),
            ("duty_max_ms", row.duty_max_ms, 15 * 60_000),
            ("rest_ms", row.rest_ms, 60_000),
        ];
        for (field, ms, least) in times {
            if let Some(ms) = ms.filter(|ms| (1..least).contains(ms)) {
                let place = format!("row {number} ({})", row.label());
                let expected = format!("a time in milliseconds; this is {}", span_text(ms));
                let fault = Fault::warning("fleet.csv", place, expected).field(field, ms);
                findings
                    .push(number, fault.hint("seconds taken for milliseconds? 1 min = 60000, 1 h = 3600000"));
            }
        }
    }
}

/// People who need places that no vehicle has are a warning: the plan says that they are not evacuated.
fn check_places(groups: &[GroupRow], fleet: &[VehicleRow], findings: &mut RowFaults) {
    for means in Means::FLEET {
        // figures out of their limits have been reported; here they only must not overflow
        let people =
            groups.iter().filter(|g| g.means == means).fold(0i64, |sum, g| sum.saturating_add(g.people));
        let places = fleet.iter().fold(0i64, |sum, v| {
            let count = Figure::new(v.count, None, v.count_high).more_is_better(Case::Optimistic);
            sum.saturating_add(v.places(means).saturating_mul(count))
        });
        if people > 0 && places == 0 {
            let expected = format!("vehicles with {} places for {people} people", means.word());
            let fault = Fault::warning("fleet.csv", "", expected);
            findings.push(0, fault.hint("without them these people are not evacuated"));
        }
    }
}
