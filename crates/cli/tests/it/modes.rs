//! Ways of moving that are data alone: closed forms, both checkers, tampering, and faults of the tables.

use crate::common;
use crate::roads::{cleared, clearway, one_road, summary};
use clearway_instances::{Calm, small};
use clearway_model::{Means, Mode, Scenario};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(name)
}

/// A copy of an example that a test may change.
fn copy(name: &str, dir: &Path) -> PathBuf {
    let to = dir.join("scenario");
    std::fs::create_dir_all(&to).unwrap();
    for entry in std::fs::read_dir(example(name)).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
    to
}

fn planned(scenario: &Path, out: &Path) -> PathBuf {
    let (code, text) = clearway(&[
        "plan",
        scenario.to_str().unwrap(),
        "--out",
        out.to_str().unwrap(),
        "--window",
        "10s",
        "--replace",
    ]);
    assert_eq!(code, 0, "{text}");
    out.to_owned()
}

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

fn both_hold(plan: &Path) {
    let (code, text) = clearway(&["verify", plan.to_str().unwrap()]);
    assert_eq!(code, 0, "{text}");
    assert_eq!(check_py(plan), (0, BTreeSet::new()));
}

/// Both checkers find this.
fn both_find(plan: &Path, code: &str) {
    let (exit, text) = clearway(&["verify", plan.to_str().unwrap()]);
    assert!(exit == 1 && text.contains(code), "{code}: {exit} {text}");
    let (exit, codes) = check_py(plan);
    assert!(exit == 1 && codes.contains(code), "{code}: {exit} {codes:?}");
}

/// Replaces text in a file, once.
fn replace(path: &Path, from: &str, to: &str) {
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.contains(from), "{from}: {text}");
    std::fs::write(path, text.replacen(from, to, 1)).unwrap();
}

/// The bound is the figure computed by hand, and the plan is behind it by no more than a twentieth and one of its departure windows of 10 s:
/// headroom where ways merge, whole people and whole windows.
fn is_at(by_hand: f64, plan_s: f64, bound_s: f64) {
    assert!((bound_s - by_hand).abs() < 0.01, "bound {bound_s}, by hand {by_hand}");
    assert!(plan_s >= bound_s && plan_s <= by_hand * 1.05 + 10.01, "plan {plan_s}, by hand {by_hand}");
}

fn means(word: &str) -> Means {
    Means::of_word(word).unwrap()
}

#[test]
fn bicycles_are_data_and_share_the_road_with_cars() {
    let dir = tempfile::tempdir().unwrap();
    let plan = planned(&example("bicycles"), &dir.path().join("plan"));
    // 2,100 (T - 12 min) + 300 (T - 8 min) = 4,200; nine tenths of the road are left to cars.
    let (plan_s, bound_s) = cleared(&plan, means("bicycle"));
    is_at(6990.0, plan_s, bound_s);
    let (plan_s, bound_s) = cleared(&plan, Means::Vehicle);
    is_at(3840.0, plan_s, bound_s);
    let summary = summary(&plan);
    assert_eq!(summary.people.arrived, 7440);
    let named: Vec<_> = summary.means.iter().map(|m| (m.means.word().to_owned(), m.name.clone())).collect();
    assert_eq!(named, [("vehicle".to_owned(), None), ("bicycle".to_owned(), Some("bicycle".to_owned()))]);
    let page = std::fs::read_to_string(plan.join("index.html")).unwrap();
    assert!(page.contains("by bicycle") && page.contains("bicycle/index.html"), "{page}");
    both_hold(&plan);
}

#[test]
fn a_train_on_a_timetable_is_data() {
    let dir = tempfile::tempdir().unwrap();
    let plan = planned(&example("train"), &dir.path().join("plan"));
    // The third train takes the last hundred, who board until half of its boarding time is over: 87.5 + 25 + 5 min.
    let (plan_s, bound_s) = cleared(&plan, means("train"));
    is_at(7050.0, plan_s, bound_s);
    let (plan_s, bound_s) = cleared(&plan, Means::Vehicle);
    is_at(2200.0, plan_s, bound_s);
    let summary = summary(&plan);
    let train = summary.means.iter().find(|m| m.means == means("train")).unwrap();
    assert_eq!((train.people, train.arrived, train.binds.word()), (500, 500, "timetable"));
    // 450 people: fifty of the third train.
    assert!((train.t90_s.bound.unwrap() - 6975.0).abs() < 0.01, "{:?}", train.t90_s);
    // 200 people at 57.5 min on average, 200 at 87.5, 100 at 116.25.
    let hours = (200.0 * 57.5 + 200.0 * 87.5 + 100.0 * 116.25) / 60.0;
    let (plan_h, bound_h) = (train.person_hours.plan.unwrap(), train.person_hours.bound.unwrap());
    assert!(
        bound_h <= hours && bound_h > 0.99 * hours && plan_h < 1.01 * hours,
        "{plan_h} {bound_h} {hours}"
    );
    both_hold(&plan);
}

#[test]
fn a_longer_train_takes_all_of_them_earlier() {
    let dir = tempfile::tempdir().unwrap();
    let scenario = copy("train", dir.path());
    replace(&scenario.join("timetable.csv"), ",200,", ",400,");
    let plan = planned(&scenario, &dir.path().join("plan"));
    // Boarding takes 10 min: 400 from the village leave at 08:30, 100 from the far end board from 09:20 to 09:22:30.
    let (plan_s, bound_s) = cleared(&plan, means("train"));
    let expected = (82.5 + 30.0 + 5.0) * 60.0;
    is_at(expected, plan_s, bound_s);
    both_hold(&plan);
}

#[test]
fn what_is_claimed_of_a_listed_mode_is_recomputed() {
    let dir = tempfile::tempdir().unwrap();
    let cases: [(&str, &str, &str, &str, &str); 8] = [
        // A cycle path twice as wide as the scenario's, and cars on the road as if there were no bicycles.
        ("bicycles", "bicycle/scenario/link.csv", ",60,", ",120,", "part.scenario"),
        ("bicycles", "vehicle/scenario/link.csv", ",1620,", ",1800,", "part.scenario"),
        (
            "bicycles",
            "bicycle/scenario/scenario.toml",
            "people_per_vehicle = 1",
            "people_per_vehicle = 2",
            "part.scenario",
        ),
        ("bicycles", "multimodal.json", "\"name\": \"bicycle\"", "\"name\": \"tricycle\"", "everyone.figure"),
        // CutArcs that stay open, a train that is not in the timetable, a shorter way to the platform.
        ("train", "train/scenario/windows.csv", "1500000,1800000", "1200000,1800000", "part.scenario"),
        ("train", "train/scenario/windows.csv", "1800000,28500000", "900000,28500000", "part.scenario"),
        ("train", "train/scenario/connectors.csv", "3720000", "372000", "part.scenario"),
        ("train", "train/scenario/link.csv", "1500000", "1200000", "part.scenario"),
    ];
    let plans = ["bicycles", "train"].map(|name| planned(&example(name), &dir.path().join(name)));
    for (name, file, from, to, code) in cases {
        eprintln!("{name} {file}: {from} to {to}");
        let path = plans[usize::from(name == "train")].join(file);
        let before = std::fs::read(&path).unwrap();
        replace(&path, from, to);
        both_find(&plans[usize::from(name == "train")], code);
        std::fs::write(&path, before).unwrap();
    }
    // The scenario that it is for says something else.
    for (name, file, from, to) in [
        ("bicycles", "scenario/link_use.csv", "park,bicycle,300", "park,bicycle,200"),
        ("train", "scenario/timetable.csv", ",200,", ",150,"),
    ] {
        let plan = &plans[usize::from(name == "train")];
        replace(&plan.join(file), from, to);
        both_find(plan, "part.scenario");
        both_find(plan, "digest.everyone");
    }
}

/// Cars, walkers, bicycles, a train and a bus on and beside one road, with a site that takes in some people an hour.
fn crowded(people: [i64; 5]) -> (Scenario, Vec<(&'static str, String)>) {
    let mut scenario = one_road(people.iter().sum(), 20);
    for link in &mut scenario.links {
        link.lanes = Some(2.0);
        link.facility_type = "primary".into();
    }
    scenario.sites[0].admission_people_h = Some(3000.0);
    scenario.sites[0].capacity_people = Some(people.iter().sum::<i64>() + 50);
    let mut track = scenario.links[0].clone();
    track.link_id = "track".into();
    track.facility_type = "rail".into();
    (track.capacity_pcu_h, track.walk_capacity_people_h, track.time_ms, track.walk_time_ms) =
        (None, None, None, None);
    scenario.links.push(track);
    let [cars, walkers, cyclists, passengers, seats] = people;
    let groups = format!(
        "zone_id,means,people\nZ,vehicle,{cars}\nZ,walk,{walkers}\nZ,bicycle,{cyclists}\nZ,train,{passengers}\nZ,seat,{seats}\n"
    );
    let header = crate::roads::FLEET;
    let files = vec![
        ("groups.csv", groups),
        ("fleet.csv", format!("{header}bus,,3,40,,,2,600000,300000,A,,\n")),
        ("multimodal.toml", "schema = \"clearway-multimodal/2\"\nfleet_share = 0.2\n[walk]\nlanes = 0.5\n".into()),
        (
            "modes.csv",
            "mode_id,name,kind,pcu_per_vehicle,speed_km_h,speed_km_h_high,road_share,facility_types\n\
             bicycle,bicycle,self_moving,0.2,15,20,0.1,primary\ntrain,train,timetable,,,,,\n"
                .into(),
        ),
        (
            "link_use.csv",
            "link_id,mode_id,capacity_vehicles_h,capacity_vehicles_h_low,capacity_vehicles_h_high,time_ms\n\
             there,bicycle,200,100,400,\ntrack,train,2400,2000,3000,600000\n"
                .into(),
        ),
        (
            "timetable.csv",
            "run_id,mode_id,link_id,depart_ms,places,repeat_every_ms\nlocal,train,track,1200000,100,1800000\n\
             extra,train,track,2400000,130,\n"
                .into(),
        ),
    ];
    (scenario, files)
}

fn written(scenario: &Scenario, files: &[(&str, String)], to: &Path) {
    let extra: Vec<(&str, Vec<u8>)> =
        files.iter().map(|(name, text)| (*name, text.clone().into_bytes())).collect();
    clearway_formats::write_scenario(to, scenario, &extra, clearway_artifacts::Overwrite::Refuse).unwrap();
}

#[test]
fn all_ways_of_moving_together_hold_with_their_joint_bounds() {
    let dir = tempfile::tempdir().unwrap();
    let (scenario, files) = crowded([3000, 1500, 1200, 600, 200]);
    written(&scenario, &files, &dir.path().join("scenario"));
    let plan = planned(&dir.path().join("scenario"), &dir.path().join("plan"));
    let summary = summary(&plan);
    let words: Vec<_> = summary.means.iter().map(|m| m.means.word().to_owned()).collect();
    assert_eq!(words, ["vehicle", "walk", "bicycle", "train", "seat"]);
    assert_eq!(summary.people.arrived, 6500);
    for part in ["bicycle-bound", "train-bound", "walk-bound", "vehicle-bound", "roads-bound"] {
        assert!(plan.join(part).exists(), "{part}");
    }
    // 3,000 an hour, and a fifth of what is left of the ninth quarter of an hour: 5/6 t + 1/6 (8,100 - t) = 6,500.
    let sites =
        summary.joint.iter().find(|proven| proven.of == clearway_model::SharedResource::Sites).unwrap();
    assert_eq!(sites.people, 6500);
    let bound = sites.clearance_s.unwrap();
    assert!((bound - 7725.0).abs() < 0.01, "{bound}");
    assert!(summary.clearance_s.plan.unwrap() >= summary.clearance_s.bound.unwrap());
    both_hold(&plan);
    // A joint bound that counts only some of those who come to the sites.
    replace(
        &plan.join("multimodal.json"),
        "\"people\": 6500,\n      \"clearance_s\"",
        "\"people\": 6400,\n      \"clearance_s\"",
    );
    both_find(&plan, "everyone.joint");
}

#[test]
fn random_cases_with_listed_modes_hold_by_both_checkers() {
    let mut tried = 0;
    for seed in 0..14u64 {
        let mut scenario = small(seed, if seed % 2 == 0 { Calm::Open } else { Calm::Closing });
        if scenario.settings.class[0].mode != Mode::Vehicle {
            continue;
        }
        let mut groups = "zone_id,means,people\n".to_owned();
        for zone in &mut scenario.zones {
            (zone.people_low, zone.people_high) = (None, None);
            (zone.stay_people, zone.stay_people_low, zone.stay_people_high) = (None, None, None);
            let (id, people) = (&zone.zone_id, zone.people);
            let (some, few) = (people / 3, people / 20);
            groups.push_str(&format!(
                "{id},vehicle,{}\n{id},moped,{some}\n{id},seat,{few}\n",
                people - some - few
            ));
        }
        let depot = &scenario.nodes[seed as usize % scenario.nodes.len()].node_id;
        let link = scenario.links[seed as usize % scenario.links.len()].link_id.clone();
        let own =
            format!("link_id,mode_id,capacity_vehicles_h,road_share,time_ms\n{link},moped,150,0.3,90000\n");
        let turn_bans = if seed % 3 == 0 { "0" } else { "" };
        let files = vec![
            ("groups.csv", groups),
            ("fleet.csv", format!("{}bus,,2,20,,,2,120000,60000,{depot},,\n", crate::roads::FLEET)),
            ("multimodal.toml", "schema = \"clearway-multimodal/2\"\nfleet_share = 0.3\n".to_owned()),
            (
                "modes.csv",
                format!(
                    "mode_id,name,kind,people_per_vehicle,people_per_vehicle_high,pcu_per_vehicle,speed_km_h,road_share,turn_bans\n\
                     moped,moped,self_moving,1.2,1.5,0.5,30,0.2,{turn_bans}\n"
                ),
            ),
            ("link_use.csv", own),
        ];
        let dir = tempfile::tempdir().unwrap();
        eprintln!("seed {seed}");
        written(&scenario, &files, &dir.path().join("scenario"));
        let plan = planned(&dir.path().join("scenario"), &dir.path().join("plan"));
        both_hold(&plan);
        tried += 1;
    }
    assert!(tried >= 6, "{tried}");
}

#[test]
fn each_fault_of_the_tables_is_named_with_file_field_and_value() {
    let cases: [(&str, &str, &str, &str, [&str; 3]); 14] = [
        ("bicycles", "modes.csv", "bicycle,bicycle", "Bicycle,bicycle", ["modes.csv", "mode_id", "Bicycle"]),
        ("bicycles", "modes.csv", "bicycle,bicycle", "fleet,bicycle", ["modes.csv", "mode_id", "fleet"]),
        (
            "bicycles",
            "modes.csv",
            ",15,0.1",
            ",,0.1",
            ["modes.csv", "speed_km_h", "a speed where road_share is given"],
        ),
        ("bicycles", "modes.csv", "self_moving", "by_itself", ["modes.csv", "kind", "by_itself"]),
        (
            "bicycles",
            "groups.csv",
            "Z,bicycle",
            "Z,bicycles",
            ["groups.csv", "means", "did you mean 'bicycle'"],
        ),
        ("bicycles", "link_use.csv", "park,bicycle", "lane,bicycle", ["link_use.csv", "link_id", "lane"]),
        ("bicycles", "link_use.csv", "park,bicycle", "park,tandem", ["link_use.csv", "mode_id", "tandem"]),
        (
            "bicycles",
            "link_use.csv",
            "road,bicycle,1200,",
            "road,bicycle,1200000,",
            ["link_use.csv", "capacity_vehicles_h", "1200000"],
        ),
        ("train", "timetable.csv", "1800000,200", "240000,200", ["timetable.csv", "depart_ms", "240000"]),
        (
            "train",
            "timetable.csv",
            "track,1800000,200,1800000",
            "track,1800000,200,240000",
            ["timetable.csv", "depart_ms", "the run before"],
        ),
        ("train", "timetable.csv", "track,1800000", "road,1800000", ["timetable.csv", "link_id", "road"]),
        ("train", "timetable.csv", "28800000", "1800000", ["timetable.csv", "repeat_until_ms", "1800000"]),
        ("train", "access.csv", "zone,Z", "zone,X", ["access.csv", "place_id", "X"]),
        (
            "train",
            "modes.csv",
            "timetable",
            "self_moving",
            ["timetable.csv", "mode_id", "a mode of the kind timetable"],
        ),
    ];
    for (name, file, from, to, expected) in cases {
        let dir = tempfile::tempdir().unwrap();
        let scenario = copy(name, dir.path());
        replace(&scenario.join(file), from, to);
        let (code, text) = clearway(&["check", scenario.to_str().unwrap()]);
        assert_eq!(code, 2, "{file}: {from} to {to}: {text}");
        assert!(
            text.lines().any(|line| expected.iter().all(|word| line.contains(word))),
            "{expected:?}: {text}"
        );
    }
}
