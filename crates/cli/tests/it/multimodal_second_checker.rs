//! The checker in Python on multimodal plans: it finds that ours hold, and each way in which they are made wrong.

use crate::common;
use crate::roads;
use crate::roads::{clearway, holds, one_road, planned, tamper};
use clearway_instances::{Calm, small};
use clearway_model::{ClosureKind, MobilizationRow, Mode, Scenario, WindowRow, WindowTarget, ZoneRow};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

/// What check.py says about a plan folder: its exit code and the codes of its findings.
fn check_py(plan: &Path) -> (i32, BTreeSet<String>) {
    let output = common::check_py().arg("--json").arg(plan).output().unwrap();
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    let findings = answer["findings"].as_array().cloned().unwrap_or_default();
    eprintln!("{findings:#?}");
    let codes = findings.iter().map(|finding| finding["code"].as_str().unwrap().to_owned()).collect();
    (output.status.code().unwrap(), codes)
}

/// Both checkers find that it holds.
fn both_hold(plan: &Path) {
    holds(plan);
    assert_eq!(check_py(plan), (0, BTreeSet::new()));
}

/// check.py finds this, and `clearway verify` does not find that it holds.
fn found(plan: &Path, code: &str) {
    let (exit, codes) = check_py(plan);
    assert!(exit == 1 && codes.contains(code), "{code}: {exit} {codes:?}");
    let (exit, text) = clearway(&["verify", plan.to_str().unwrap()]);
    assert_eq!(exit, 1, "{code}: {text}");
}

fn at(header: &[String], name: &str) -> usize {
    header.iter().position(|h| h == name).unwrap()
}

fn add(header: &[String], row: &mut [String], names: &[&str], more: i64) {
    for name in names {
        let at = at(header, name);
        row[at] = (row[at].parse::<i64>().unwrap() + more).to_string();
    }
}

/// Replaces text in a file, once.
fn replace(path: &Path, from: &str, to: &str) {
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.contains(from), "{from}: {text}");
    std::fs::write(path, text.replacen(from, to, 1)).unwrap();
}

const TIMES: [&str; 5] = ["from_ms", "load_ms", "depart_ms", "unload_ms", "end_ms"];
const BUS: &str = "bus,,2,40,2,,2,600000,300000,A,,\n";

/// Two lanes, one of them for walkers; a site with places and an admission; another zone; people who get ready one after the other.
fn shared_road() -> Scenario {
    let mut scenario = one_road(3000, 20);
    for link in &mut scenario.links {
        link.lanes = Some(2.0);
    }
    scenario.links[0].reserved_pcu_h = Some(90.0);
    (scenario.links[0].storage_pcu, scenario.links[0].storage_pcu_low) = (Some(500.0), Some(450.0));
    scenario.sites[0].admission_people_h = Some(1200.0);
    scenario.sites[0].capacity_people = Some(4000);
    let at = |time_ms, share| MobilizationRow { mobilization_id: "r".into(), time_ms, share };
    scenario.releases = vec![at(0, 0.0), at(1_800_000, 0.5), at(3_600_000, 1.0)];
    scenario.zones[0].mobilization_id = "r".into();
    scenario.zones[0].stay_people = Some(50);
    scenario.zones.push(ZoneRow { zone_id: "Y".into(), people: 6, ..ZoneRow::default() });
    let mut cut_arc = scenario.connectors[0].clone();
    (cut_arc.connector_id, cut_arc.place_id) = ("y".into(), "Y".into());
    scenario.connectors.push(cut_arc);
    scenario
}

const SHARED: &str =
    "Z,vehicle,1000,900,1100,50,,,\nZ,walk,1600,,,,,,\nZ,seat,400,350,450,,,2,\nY,wheelchair,6,,,,,1,\n";
const LANES: &str = "fleet_share = 0.2\n[walk]\nlanes = 1\nlane_people_h = 3000\nspeed_share = 0.8\n";

/// Everybody on one road: each part gives something to the others.
fn shared(dir: &Path) -> std::path::PathBuf {
    let plan = planned(dir, &shared_road(), SHARED, "bus,,5,40,2,,2,600000,300000,A,,\n", LANES);
    for part in ["vehicle", "vehicle-bound", "walk", "walk-bound", "roads-bound"] {
        assert!(plan.join(part).exists(), "{part}");
    }
    assert!(plan.join("fleet/without-priorities.csv").exists());
    plan
}

#[test]
fn what_all_take_from_each_other_is_recomputed() {
    let dir = tempfile::tempdir().unwrap();
    both_hold(&shared(dir.path()));
}

#[test]
fn hours_of_service_rests_and_windows_are_recomputed() {
    let dir = tempfile::tempdir().unwrap();
    let mut scenario = one_road(323, 20);
    // Roads are open ten hours of a day of twelve.
    scenario.windows.push(WindowRow {
        window_id: "w".into(),
        target: WindowTarget::AllLinks,
        target_id: "*".into(),
        from_ms: 0,
        until_ms: Some(36_000_000),
        repeat_every_ms: Some(43_200_000),
        kind: ClosureKind::Entry,
        ..WindowRow::default()
    });
    let fleet =
        "bus,,2,40,,,2,600000,300000,A,7200000,3600000\nambulance,,1,0,,2,1,900000,600000,A,3600000,\n";
    both_hold(&planned(dir.path(), &scenario, "Z,seat,320,,,,,,1\nZ,stretcher,3,,,,,,\n", fleet, ""));
}

#[test]
fn a_vehicle_larger_than_its_share_is_allowed_for() {
    let dir = tempfile::tempdir().unwrap();
    let mut scenario = one_road(400, 20);
    scenario.sites[0].admission_people_h = Some(160.0);
    let fleet = "bus,,10,40,,,2,600000,300000,A,,\n";
    let plan = planned(dir.path(), &scenario, "Z,seat,400,,,,,,\n", fleet, "");
    both_hold(&plan);
    // One of them half an hour earlier, so that two are received within half an hour.
    tamper(&plan, |header, rows| {
        let last = rows.len() - 1;
        add(header, &mut rows[last], &TIMES[3..], -1_800_000);
        add(header, &mut rows[last], &TIMES[..3], -1_800_000);
    });
    found(&plan, "fleet.admission");
}

#[test]
fn random_cases_hold() {
    let mut tried = 0;
    for seed in 0..30u64 {
        let mut scenario = small(seed, if seed % 2 == 0 { Calm::Open } else { Calm::Closing });
        if scenario.settings.class[0].mode != Mode::Vehicle {
            continue;
        }
        let walks = seed % 3 == 0 && !scenario.windows.iter().any(|w| w.kind == ClosureKind::Presence);
        let mut groups = String::new();
        for zone in &mut scenario.zones {
            (zone.people_low, zone.people_high) = (None, None);
            (zone.stay_people, zone.stay_people_low, zone.stay_people_high) = (None, None, None);
            let (id, all) = (&zone.zone_id, zone.people);
            let walk = if walks { all / 4 } else { 0 };
            let (seat, stretcher) = (all / 8, all / 100);
            let rest = all - walk - seat - stretcher;
            groups.push_str(&format!("{id},vehicle,{rest},,,,,,\n{id},walk,{walk},,,,,,\n"));
            groups.push_str(&format!("{id},seat,{seat},,,,,2,\n{id},stretcher,{stretcher},,,,,1,\n"));
        }
        let depot = &scenario.nodes[seed as usize % scenario.nodes.len()].node_id;
        let fleet = format!(
            "bus,,3,20,,,2,120000,60000,{depot},,\nambulance,,2,0,,2,1,180000,120000,{depot},3600000,600000\n"
        );
        let settings = if walks { "[walk]\nspeed_share = 0.8\nlanes = 0.5\n" } else { "fleet_share = 0.3\n" };
        let dir = tempfile::tempdir().unwrap();
        eprintln!("seed {seed}");
        both_hold(&planned(dir.path(), &scenario, &groups, &fleet, settings));
        tried += 1;
    }
    assert!(tried > 15, "{tried} cases");
}

#[test]
fn tampered_timetables_are_found() {
    type Change = fn(&[String], &mut Vec<Vec<String>>);
    let cases: [(&str, Change); 13] = [
        ("vehicle.twice", |h, rows| {
            // The second round of a bus begins while it is still under way.
            let (v, first) = (at(h, "vehicle_id"), rows[0][at(h, "vehicle_id")].clone());
            let row = rows.iter_mut().filter(|r| r[v] == first).nth(1).unwrap();
            add(h, row, &TIMES, -1_200_000);
        }),
        ("vehicle.hours", |h, rows| {
            // No rest: every round of the first bus follows at once.
            let v = at(h, "vehicle_id");
            let first = rows[0][v].clone();
            let mut free: Option<i64> = None;
            for row in rows.iter_mut().filter(|r| r[v] == first) {
                let from: i64 = row[at(h, "from_ms")].parse().unwrap();
                add(h, row, &TIMES, free.map_or(0, |free| free - from));
                free = Some(row[at(h, "end_ms")].parse().unwrap());
            }
        }),
        ("vehicle.place", |h, rows| {
            // Back at the zone without having gone there.
            let empty = at(h, "empty_links");
            rows.iter_mut().find(|r| !r[empty].is_empty()).unwrap()[empty] = String::new();
        }),
        ("trip.places", |h, rows| {
            let seat = at(h, "seat_people");
            let row = rows.iter_mut().find(|r| r[seat] != "0").unwrap();
            add(h, row, &["seat_people"], 5);
        }),
        ("trip.places", |h, rows| {
            // A stretcher patient in a seat.
            let (seat, stretcher) = (at(h, "seat_people"), at(h, "stretcher_people"));
            let row = rows.iter_mut().find(|r| r[stretcher] != "0").unwrap();
            row[seat] = std::mem::replace(&mut row[stretcher], "0".into());
        }),
        ("trip.run", |h, rows| add(h, &mut rows[0], &["unload_ms", "end_ms"], -60_000)),
        ("trip.load", |h, rows| add(h, &mut rows[0], &["load_ms"], 60_000)),
        ("trip.end", |h, rows| add(h, &mut rows[0], &["end_ms"], -1)),
        ("trip.empty", |h, rows| {
            let empty = at(h, "empty_links");
            add(h, rows.iter_mut().find(|r| !r[empty].is_empty()).unwrap(), &["load_ms"], -60_000);
        }),
        ("trip.route", |h, rows| {
            let links = at(h, "links");
            rows[0][links] = "back".into();
        }),
        ("trip.id", |_, rows| rows[1][0] = rows[0][0].clone()),
        ("trip.vehicle", |h, rows| rows[0][at(h, "vehicle_id")] = "bus-3".into()),
        ("everyone.people", |_, rows| drop(rows.pop())),
    ];
    let groups = "Z,seat,320,,,,,,1\nZ,stretcher,3,,,,,,\n";
    let fleet = "bus,,2,40,,,2,600000,300000,A,7200000,3600000\nambulance,,1,0,,2,1,900000,600000,A,,\n";
    let dir = tempfile::tempdir().unwrap();
    let plan = planned(dir.path(), &one_road(323, 20), groups, fleet, "");
    both_hold(&plan);
    let table = plan.join("fleet/trips.csv");
    let right = std::fs::read(&table).unwrap();
    for (code, change) in cases {
        std::fs::write(&table, &right).unwrap();
        tamper(&plan, change);
        eprintln!("{code}");
        found(&plan, code);
    }
}

#[test]
fn people_who_are_not_there_or_not_ready_are_found() {
    let dir = tempfile::tempdir().unwrap();
    let mut scenario = one_road(80, 20);
    // Half are ready at once, the others after an hour; the bus is back after 55 minutes and waits.
    let at_time = |time_ms, share| MobilizationRow { mobilization_id: "r".into(), time_ms, share };
    scenario.releases = vec![at_time(0, 0.5), at_time(3_600_000, 0.5), at_time(3_600_000, 1.0)];
    scenario.zones[0].mobilization_id = "r".into();
    let plan = planned(dir.path(), &scenario, "Z,seat,80,,,,,,\n", "bus,,1,40,2,,2,600000,300000,A,,\n", "");
    both_hold(&plan);
    let table = plan.join("fleet/trips.csv");
    let right = std::fs::read(&table).unwrap();
    tamper(&plan, |header, rows| add(header, &mut rows[1], &["load_ms"], -200_000));
    found(&plan, "trip.ready");
    std::fs::write(&table, right).unwrap();
    // Nobody here needs a wheelchair place, though the bus has some.
    tamper(&plan, |header, rows| add(header, &mut rows[0], &["wheelchair_people"], 1));
    let (exit, codes) = check_py(&plan);
    assert!(exit == 1 && codes.contains("trip.people"), "{exit} {codes:?}");
}

#[test]
fn more_of_the_road_than_the_fleets_share_is_found() {
    let dir = tempfile::tempdir().unwrap();
    // A hundredth of 1,800 pcu/h: two buses of 2 pcu in a quarter of an hour, the next two in the next.
    let fleet = "bus,,4,40,,,2,600000,300000,A,,\n";
    let plan = planned(dir.path(), &one_road(160, 20), "Z,seat,160,,,,,,\n", fleet, "fleet_share = 0.01\n");
    both_hold(&plan);
    tamper(&plan, |header, rows| {
        let first = rows[0].clone();
        for name in TIMES {
            let at = at(header, name);
            rows.iter_mut().for_each(|row| row[at] = first[at].clone());
        }
    });
    found(&plan, "fleet.road");
}

#[test]
fn figures_that_do_not_follow_are_found() {
    let dir = tempfile::tempdir().unwrap();
    let plan = shared(dir.path());
    let path = plan.join("multimodal.json");
    let right = std::fs::read(&path).unwrap();
    let claim = |change: &dyn Fn(&mut Value)| {
        let mut value: Value = serde_json::from_slice(&right).unwrap();
        change(&mut value);
        std::fs::write(&path, value.to_string()).unwrap();
    };
    fn more(value: &mut Value, by: f64) {
        *value = (value.as_f64().unwrap() + by).into();
    }
    type Change<'a> = &'a dyn Fn(&mut Value);
    let cases: [(&str, Change<'_>); 24] = [
        ("everyone.figure", &|v| more(&mut v["clearance_s"]["plan"], -60.0)),
        ("everyone.figure", &|v| more(&mut v["clearance_s"]["bound"], 0.01)),
        ("everyone.figure", &|v| more(&mut v["means"][0]["t90_s"]["bound"], 1.0)),
        ("everyone.figure", &|v| more(&mut v["means"][2]["clearance_s"]["bound"], 0.001)),
        ("everyone.figure", &|v| more(&mut v["means"][2]["optimistic"]["person_hours"], 0.01)),
        ("everyone.figure", &|v| more(&mut v["fleet"]["without_priorities"][0]["person_hours"], 1.0)),
        ("everyone.people", &|v| v["people"]["arrived"] = 3000.into()),
        ("everyone.people", &|v| v["means"][0]["staying"] = 49.into()),
        ("everyone.fleet", &|v| more(&mut v["fleet"]["km"], 1.0)),
        ("everyone.fleet", &|v| more(&mut v["fleet"]["delay_of_others_s"], -1.0)),
        ("everyone.joint", &|v| more(&mut v["joint"][0]["clearance_s"], 0.001)),
        ("everyone.joint", &|v| more(&mut v["joint"][1]["clearance_s"], 0.001)),
        ("everyone.joint", &|v| drop(v["joint"].as_array_mut().unwrap().remove(0))),
        ("everyone.joint", &|v| drop(v["joint"].as_array_mut().unwrap().pop())),
        ("everyone.fleet", &|v| v["fleet"] = Value::Null),
        ("everyone.figure", &|v| v["name"] = "another".into()),
        ("everyone.figure", &|v| v["context"] = "armed_conflict".into()),
        ("everyone.figure", &|v| more(&mut v["overflow"]["vehicle_min"], 1.0)),
        ("everyone.figure", &|v| v["overflow"]["links"] = 99.into()),
        ("everyone.figure", &|v| more(&mut v["waiting"]["mean_min"], 0.1)),
        ("everyone.figure", &|v| more(&mut v["waiting"]["p95_min"], 0.1)),
        ("everyone.figure", &|v| more(&mut v["waiting"]["longest_min"], 0.1)),
        ("everyone.figure", &|v| more(&mut v["waiting"]["closed_person_hours"], 0.1)),
        ("everyone.figure", &|v| v["spill_free"] = (!v["spill_free"].as_bool().unwrap()).into()),
    ];
    for (number, (code, change)) in cases.iter().enumerate() {
        claim(change);
        eprintln!("{number}: {code}");
        found(&plan, code);
    }
    claim(&|v| v["scenario"] = "sha256:0".into());
    found(&plan, "digest.everyone");
    // The other timetable is checked like the one to hand out.
    std::fs::write(&path, &right).unwrap();
    replace(&plan.join("fleet/without-priorities.csv"), ",40,0,0,", ",41,0,0,");
    found(&plan, "trip.places");
}

#[test]
fn parts_for_other_tables_are_found() {
    let dir = tempfile::tempdir().unwrap();
    let plan = shared(dir.path());
    // What the fleet takes of the road, the lane of the walkers, the places and the admission that are left, the people in cars' room.
    let cases = [
        ("vehicle", "link.csv", "reserved_pcu_h", -1.0),
        ("vehicle", "link.csv", "capacity_pcu_h", 1.0),
        ("vehicle", "link.csv", "storage_pcu", 1.0),
        ("vehicle", "link.csv", "lanes", 1.0),
        ("vehicle", "link.csv", "length_m", 1.0),
        ("vehicle", "sites.csv", "capacity_people", 1.0),
        ("vehicle", "sites.csv", "admission_people_h", 1.0),
        ("vehicle-bound", "link.csv", "capacity_pcu_h", 1.0),
        ("walk", "link.csv", "walk_capacity_people_h", 1.0),
        ("walk", "link.csv", "walk_time_ms", -1.0),
        ("walk-bound", "sites.csv", "admission_people_h", 1.0),
        ("roads-bound", "zones.csv", "people", -1.0),
    ];
    for (part, table, column, by) in cases {
        let path = plan.join(part).join("scenario").join(table);
        let right = std::fs::read_to_string(&path).unwrap();
        let mut lines: Vec<Vec<String>> =
            right.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect();
        let column_at = at(&lines[0], column);
        let value: f64 = lines[1][column_at].parse().unwrap();
        lines[1][column_at] = (value + by).to_string();
        let text: Vec<String> = lines.into_iter().map(|line| line.join(",")).collect();
        std::fs::write(&path, text.join("\n") + "\n").unwrap();
        eprintln!("{part} {table} {column}");
        found(&plan, "part.scenario");
        std::fs::write(&path, right).unwrap();
    }
    both_hold(&plan);
}

#[test]
fn missing_files_and_groups_that_do_not_add_up_are_no_verdict() {
    let dir = tempfile::tempdir().unwrap();
    let plan = planned(dir.path(), &one_road(100, 20), "Z,seat,100,,,,,,\n", BUS, "");
    both_hold(&plan);
    let table = plan.join("scenario/groups.csv");
    let right = std::fs::read(&table).unwrap();
    replace(&table, "Z,seat,100", "Z,seat,99");
    assert_eq!(check_py(&plan).0, 2);
    std::fs::write(&table, right).unwrap();
    std::fs::remove_file(plan.join("fleet/trips.csv")).unwrap();
    assert_eq!(check_py(&plan).0, 2);
    assert_eq!(clearway(&["verify", plan.to_str().unwrap()]).0, 2);
}

/// A zone and a site at one junction, nothing limited: people can be there at once, which is a bound too.
#[test]
fn people_who_can_be_there_at_once_have_a_bound_of_no_time() {
    let dir = tempfile::tempdir().unwrap();
    let mut scenario = one_road(300, 20);
    scenario.connectors[1].node_id = "A".into();
    // For everybody, where a bound without the fleet is computed besides.
    let fleet = "bus,,10,40,,,2,600000,300000,A,,\n";
    let plan = planned(dir.path(), &scenario, "Z,vehicle,260,,,,,,\nZ,seat,40,,,,,,\n", fleet, "");
    both_hold(&plan);
    // They leave over the first window.
    assert_eq!(roads::cleared(&plan, clearway_model::Means::Vehicle), (60.0, 0.0));
    // And for one class alone, with and without orders.
    let folder = dir.path().join("ordinary");
    clearway_formats::write_scenario(&folder, &scenario, &[], clearway_artifacts::Overwrite::Refuse).unwrap();
    for more in [None, Some("--bound-only")] {
        let out = dir.path().join("alone");
        let words = ["plan", folder.to_str().unwrap(), "--out", out.to_str().unwrap(), "--replace"];
        let (code, text) = clearway(&words.into_iter().chain(more).collect::<Vec<_>>());
        assert!(!text.contains("ended before there was a bound"), "{text}");
        assert_eq!(code, 0, "{text}");
        let (code, text) = clearway(&["verify", out.to_str().unwrap()]);
        assert_eq!(code, 0, "{text}");
    }
}

/// Rounds that take no time at all: a bound later than the beginning would be wrong.
#[test]
fn a_fleet_whose_rounds_take_no_time_has_a_bound_of_no_time() {
    let dir = tempfile::tempdir().unwrap();
    let mut scenario = one_road(200, 20);
    scenario.connectors[1].node_id = "A".into();
    let plan = planned(dir.path(), &scenario, "Z,seat,200,,,,,,\n", "bus,,1,40,,,2,0,0,A,,\n", "");
    let (_, bound) = roads::cleared(&plan, clearway_model::Means::Seat);
    assert_eq!(bound, 0.0);
    both_hold(&plan);
}
