//! What is in a folder after a command wrote it, and what is still there of what was in it before.

use crate::common::{assert_holds, clearway_in, copy, example, text, tree};
use std::fs;
use std::path::Path;

const SUPPLIES: &str = "place_id,item,amount\nS1,water,100\n";

/// A plan of one road, its scenario and supplies.
fn planned() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    copy(&example("one-road"), &dir.path().join("road"));
    fs::write(dir.path().join("supplies.csv"), SUPPLIES).unwrap();
    clearway_in(dir.path(), &["plan", "road", "--out", "plan"]).code(0);
    dir
}

fn put(dir: &Path, name: &str) {
    let path = dir.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, "mine").unwrap();
}

/// Every file but the manifest is in it with its digest, and nothing else is.
#[track_caller]
fn assert_manifest(dir: &Path, kind: &str, sensitivity: &str) {
    let files = tree(dir);
    let manifest: serde_json::Value = serde_json::from_slice(&files["manifest.json"]).unwrap();
    assert_eq!(
        (manifest["kind"].as_str(), manifest["sensitivity"].as_str()),
        (Some(kind), Some(sensitivity))
    );
    let listed: Vec<&str> =
        manifest["files"].as_array().unwrap().iter().map(|file| file["file"].as_str().unwrap()).collect();
    let there: Vec<&str> = files.keys().map(String::as_str).filter(|name| *name != "manifest.json").collect();
    let mut sorted = listed.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, there);
    for file in manifest["files"].as_array().unwrap() {
        assert_eq!(file["sha256"].as_str().unwrap().len(), 64);
        assert_eq!(file["bytes"].as_u64().unwrap() as usize, files[file["file"].as_str().unwrap()].len());
        assert!(!file["role"].as_str().unwrap().is_empty());
    }
}

#[test]
fn every_command_writes_a_manifest_and_both_checkers_pass_over_it() {
    let dir = planned();
    let at = |name: &str| dir.path().join(name);
    assert_manifest(&at("plan"), "plan", "exact");
    assert_holds(dir.path(), "plan");
    clearway_in(dir.path(), &["needs", "plan", "--out", "needs"]).code(0);
    assert_manifest(&at("needs"), "needs", "exact");
    clearway_in(dir.path(), &["needs", "plan", "--out", "shared", "--redacted"]).code(0);
    assert_manifest(&at("shared"), "needs", "public");
    clearway_in(
        dir.path(),
        &["interventions", "road", "--out", "interventions", "--most", "1", "--bridges", "0"],
    )
    .code(0);
    assert_manifest(&at("interventions"), "interventions", "exact");
    assert_holds(dir.path(), "interventions/bounds/as-it-is");
    clearway_in(dir.path(), &["groups", "road", "--out", "groups", "--walk", "0.1"]).code(0);
    assert_manifest(&at("groups"), "scenario", "exact");
    clearway_in(dir.path(), &["check", "groups"]).code(0);
    clearway_in(dir.path(), &["plan", "groups", "--out", "for-all"]).code(0);
    assert_manifest(&at("for-all"), "plan", "exact");
    assert_holds(dir.path(), "for-all");
    clearway_in(dir.path(), &["schema", "--out", "schemas"]).code(0);
    assert_manifest(&at("schemas"), "schemas", "public");
    clearway_in(dir.path(), &["schema", "--out", "schemas"]).code(0);
    // a plan for one class in the place of one for all leaves nothing of its parts
    clearway_in(dir.path(), &["plan", "road", "--out", "for-all", "--replace"]).code(0);
    assert_manifest(&at("for-all"), "plan", "exact");
    assert_holds(dir.path(), "for-all");
}

#[test]
fn what_is_read_is_never_written_over() {
    let dir = planned();
    fs::write(dir.path().join("counts.csv"), "date,left_people,source\n2026-06-01,10,x\n").unwrap();
    fs::write(dir.path().join("plan/inside.csv"), SUPPLIES).unwrap();
    let before = tree(dir.path());
    let refused = |args: &[&str]| {
        let ran = clearway_in(dir.path(), args).code(2);
        assert!(ran.err.contains("which is read"), "{args:?}: {}", ran.err);
        assert_eq!(tree(dir.path()), before, "{args:?}");
    };
    for replace in [&["--replace"][..], &[]] {
        let all = |args: &[&str]| refused(&[args, replace].concat());
        all(&["needs", "plan", "--out", "plan"]);
        all(&["needs", "plan", "--out", "plan/needs"]);
        all(&["needs", "plan", "--out", "."]);
        all(&["audit", "plan", "--out", "plan"]);
        all(&["audit", "plan/plan.json", "--out", "plan/audit"]);
        all(&["observed", "plan", "counts.csv", "--out", "plan"]);
        all(&["interventions", "road", "--out", "road"]);
        all(&["plan", "road", "--out", "road"]);
        all(&["plan", "road", "--out", "road/plan"]);
        all(&["plan", "road", "--out", "plan", "--like", "plan"]);
        all(&["groups", "road", "--out", "road", "--walk", "0.1"]);
        all(&["needs", "plan", "--out", "plan", "--supplies", "supplies.csv"]);
    }
}

#[test]
fn a_folder_of_another_kind_stays_as_it_is() {
    let dir = planned();
    let before = tree(dir.path());
    for args in [
        &["interventions", "road", "--out", "plan", "--replace"][..],
        &["groups", "road", "--out", "plan", "--replace", "--walk", "0.1"],
        &["schema", "--out", "plan"],
        &["schema", "--out", "road"],
    ] {
        clearway_in(dir.path(), args).code(2).says(&["not replaced"]);
        assert_eq!(tree(dir.path()), before, "{args:?}");
    }
}

#[test]
fn resolve_and_groups_keep_folders_that_nobody_asked_to_replace() {
    let dir = planned();
    let road = dir.path().join("road");
    let theirs = ["walk", "fleet", "bounds", "vehicle", "scenario"].map(|name| format!("{name}/notes.txt"));
    let hazard = r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"hazard_id":"fire","from":"2026-06-01T12:00:00Z"},"geometry":{"type":"Polygon","coordinates":[[[10.05,49.9],[10.06,49.9],[10.06,50.1],[10.05,50.1],[10.05,49.9]]]}}]}"#;
    fs::write(road.join("hazards.geojson"), hazard).unwrap();
    for name in &theirs {
        put(&road, name);
    }
    let before = tree(&road);
    let ran = clearway_in(dir.path(), &["resolve", "road"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let mut after = tree(&road);
    assert!(after.remove("closures.csv").is_some());
    assert_eq!(after, before);
    // a scenario with a manifest: it follows the new table, and a table typed by hand is not lost in silence
    let groups = ["groups", "road", "--out", "made", "--walk", "0.1"];
    clearway_in(dir.path(), &groups).code(0);
    let made = dir.path().join("made");
    clearway_in(dir.path(), &["resolve", "made"]).code(0);
    assert_manifest(&made, "scenario", "exact");
    for name in &theirs {
        put(&made, name);
    }
    let again = [&groups[..], &["--replace"]].concat();
    clearway_in(dir.path(), &again).code(0);
    for name in &theirs {
        assert_eq!(fs::read(made.join(name)).unwrap(), b"mine", "{name}");
    }
    fs::write(made.join("fleet.csv"), "typed by hand").unwrap();
    clearway_in(dir.path(), &again).code(2).says(&["fleet.csv", "move it away"]);
    assert_eq!(fs::read(made.join("fleet.csv")).unwrap(), b"typed by hand");
}

#[test]
fn a_redacted_folder_keeps_nothing_of_a_full_run() {
    let dir = planned();
    let exact = ["audit", "plan", "--out", "audit", "--profile", "ete", "--deadline", "3h", "--full"];
    assert!([0, 1].contains(&clearway_in(dir.path(), &exact).code));
    let audit = dir.path().join("audit");
    let full = tree(&audit);
    assert!(full.keys().any(|name| name.starts_with("cases/")), "{:?}", full.keys());
    assert!(full.keys().any(|name| name.starts_with("deadline/")), "{:?}", full.keys());
    for manifest in ["with", "without"] {
        for (name, bytes) in &full {
            let path = audit.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        if manifest == "without" {
            // as an earlier version left it
            fs::remove_file(audit.join("manifest.json")).unwrap();
        }
        let safe = ["audit", "plan", "--out", "audit", "--profile", "ete", "--redacted", "--replace"];
        assert!([0, 1].contains(&clearway_in(dir.path(), &safe).code));
        let names: Vec<String> = tree(&audit).into_keys().collect();
        assert_eq!(names, ["audit.json", "findings.csv", "index.html", "manifest.json"], "{manifest}");
        assert!(!audit.join("cases").exists() && !audit.join("deadline").exists());
        assert_manifest(&audit, "audit", "public");
    }
    clearway_in(dir.path(), &["needs", "plan", "--out", "needs", "--full"]).code(0);
    assert!(dir.path().join("needs/rest_points.csv").exists());
    put(&dir.path().join("needs"), "own.txt");
    clearway_in(dir.path(), &["needs", "plan", "--out", "needs", "--redacted", "--replace"])
        .code(0)
        .says(&["own.txt", "before the folder is passed on"]);
    assert!(!dir.path().join("needs/rest_points.csv").exists());
    assert!(dir.path().join("needs/own.txt").exists());
}

#[test]
fn reported_departures_can_be_drawn_again_in_the_same_place() {
    let dir = planned();
    fs::write(dir.path().join("counts.csv"), "date,left_people,source\n2026-06-01,10,x\n").unwrap();
    let args = ["observed", "plan", "counts.csv", "--out", "observed"];
    clearway_in(dir.path(), &args).code(0);
    let first = tree(&dir.path().join("observed"));
    clearway_in(dir.path(), &[&args[..], &["--replace"]].concat()).code(0);
    assert_eq!(tree(&dir.path().join("observed")), first);
    assert_manifest(&dir.path().join("observed"), "observed", "exact");
}

#[test]
fn a_demo_somebody_has_worked_on_is_not_written_over() {
    let dir = tempfile::tempdir().unwrap();
    let demo = ["demo", "one-road"];
    clearway_in(dir.path(), &demo).code(0);
    clearway_in(dir.path(), &demo).code(0);
    let zones = dir.path().join("clearway-demo/one-road-scenario/zones.csv");
    let edited = fs::read_to_string(&zones).unwrap().replace("12000", "9000");
    fs::write(&zones, &edited).unwrap();
    clearway_in(dir.path(), &demo).code(2).says(&["zones.csv", "--out"]);
    assert_eq!(fs::read_to_string(&zones).unwrap(), edited);
    // nor one to which a table was added
    copy(&example("one-road"), &dir.path().join("clearway-demo/one-road-scenario"));
    fs::write(zones.with_file_name("closures.csv"), "closure_id\n").unwrap();
    clearway_in(dir.path(), &demo).code(2).says(&["closures.csv"]);
    assert!(zones.with_file_name("closures.csv").exists());
}

#[test]
fn tables_of_a_road_map_are_replaced_whole() {
    let dir = tempfile::tempdir().unwrap();
    let map = |way: &str| {
        format!(
            "<osm version=\"0.6\"><node id=\"1\" lat=\"0\" lon=\"0\"/><node id=\"2\" lat=\"0\" lon=\"0.01\"/><way id=\"{way}\"><nd ref=\"1\"/><nd ref=\"2\"/><tag k=\"highway\" v=\"secondary\"/></way></osm>"
        )
    };
    fs::write(dir.path().join("a.osm"), map("7")).unwrap();
    fs::write(dir.path().join("b.osm"), map("8")).unwrap();
    clearway_in(dir.path(), &["import", "a.osm", "--out", "map"]).code(0);
    assert_manifest(&dir.path().join("map"), "road_map", "public");
    put(&dir.path().join("map"), "own.txt");
    clearway_in(dir.path(), &["import", "b.osm", "--out", "map"]).code(2).says(&["--replace"]);
    clearway_in(dir.path(), &["import", "map", "--out", "map", "--replace"]).code(2).says(&["which is read"]);
    clearway_in(dir.path(), &["import", "b.osm", "--out", "map", "--replace"]).code(0);
    let files = tree(&dir.path().join("map"));
    assert!(String::from_utf8_lossy(&files["link.csv"]).contains('8'));
    assert_eq!(files["own.txt"], b"mine");
}

#[test]
fn two_plans_written_to_one_place_leave_one_whole_plan() {
    let dir = planned();
    let spawn = |window: &str| {
        std::process::Command::new(env!("CARGO_BIN_EXE_clearway"))
            .args(["plan", text(&example("one-road")), "--out", "plan", "--replace", "--window", window])
            .current_dir(dir.path())
            .output()
    };
    std::thread::scope(|scope| {
        let both = ["1h", "30min", "20min"].map(|window| scope.spawn(move || spawn(window)));
        for one in both {
            one.join().unwrap().unwrap();
        }
    });
    assert_holds(dir.path(), "plan");
    assert_manifest(&dir.path().join("plan"), "plan", "exact");
    let names: Vec<_> = fs::read_dir(dir.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert!(!names.iter().any(|name| name.to_string_lossy().starts_with('.')), "{names:?}");
}

#[test]
fn groups_that_the_check_refuses_are_not_written() {
    let dir = planned();
    let fleet = "vehicle_type_id,name,count,seats,wheelchair_places,stretcher_places,pcu_per_vehicle,depot_node_id\nbus,Bus,2,40,,,2,\n";
    fs::write(dir.path().join("fleet.csv"), fleet).unwrap();
    let words = ["groups", "road", "--out", "mixed", "--seat", "0.1", "--fleet", "fleet.csv"];
    clearway_in(dir.path(), &words).code(2).says(&["fleet.csv", "depot_node_id"]);
    assert!(!dir.path().join("mixed").exists());
}
