//! Exit codes, and what is said: every fault at once with file, row and value; nothing of anybody's is overwritten.

use crate::common;
use crate::common::{clearway_in, copy, example, text, tree};
use std::fs;
use std::path::Path;

fn replace(path: &Path, from: &str, to: &str) {
    let before = fs::read_to_string(path).unwrap();
    assert!(before.contains(from), "{from:?} in {before}");
    fs::write(path, before.replacen(from, to, 1)).unwrap();
}

#[test]
fn what_is_not_there_is_named() {
    let dir = tempfile::tempdir().unwrap();
    for arguments in [
        &["check", "nowhere"][..],
        &["plan", "nowhere", "--out", "plan"],
        &["verify", "nowhere"],
        &["resolve", "nowhere"],
        &["import", "nowhere.osm", "--out", "gmns"],
        &["new", "town", "--roads", "nowhere.osm", "--area", "nowhere.geojson", "--people", "5"],
    ] {
        clearway_in(dir.path(), arguments).code(2).says(&["nowhere"]);
    }
    assert!(tree(dir.path()).is_empty(), "a command that failed left {:?}", tree(dir.path()).keys());
    let ran = clearway_in(dir.path(), &["demo", "atlantis"]).code(2);
    ran.says(&["atlantis", "helsinki", "rafah-2024", "one-road"]);
}

#[test]
fn bad_options_are_refused_with_what_was_expected() {
    let dir = tempfile::tempdir().unwrap();
    let road = example("one-road");
    let plan = |extra: &[&str]| {
        let mut arguments = vec!["plan", text(&road), "--out", "plan"];
        arguments.extend(extra);
        clearway_in(dir.path(), &arguments).code(2)
    };
    plan(&["--routes-per-zone", "0"]).says(&["'0'", "whole number from 1", "unlimited"]);
    plan(&["--routes-per-zone", "-1"]).says(&["-1"]);
    plan(&["--window", "0s"]).says(&["'0s'", "from 1s to 30d"]);
    plan(&["--window", "soon"]).says(&["'soon'", "15min"]);
    plan(&["--threads", "many"]).says(&["'many'"]);
    plan(&["--no-such-option"]).says(&["--no-such-option"]);
    clearway_in(dir.path(), &["plan", text(&road)]).code(2).says(&["--out"]);
    clearway_in(dir.path(), &["fly"]).code(2).says(&["fly"]);
    clearway_in(dir.path(), &[]).code(2);
    assert!(!dir.path().join("plan").exists());
    for arguments in [&["--help"][..], &["--version"], &["plan", "--help"]] {
        let ran = clearway_in(dir.path(), arguments).code(0);
        assert!(ran.out.contains("clearway"), "{}", ran.out);
    }
}

#[test]
fn all_faults_are_listed_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let scenario = dir.path().join("road");
    copy(&example("one-road"), &scenario);
    let ran = clearway_in(dir.path(), &["check", "road"]).code(0);
    assert!(ran.out.contains("0 errors"), "{}", ran.out);
    // The example's own rows, each with one thing wrong.
    let edit = |file: &str, column: &str, value: &str| {
        let table = fs::read_to_string(scenario.join(file)).unwrap();
        let mut lines: Vec<Vec<String>> =
            table.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect();
        let at = lines[0].iter().position(|name| name == column).unwrap();
        lines[1][at] = value.to_owned();
        let table: Vec<String> = lines.iter().map(|cells| cells.join(",")).collect();
        fs::write(scenario.join(file), table.join("\n") + "\n").unwrap();
    };
    edit("link.csv", "capacity_pcu_h", "-7");
    edit("zones.csv", "people", "-12");
    edit("connectors.csv", "node_id", "atlantis");
    edit("node.csv", "y_coord", "230.5");
    edit("sites.csv", "site_id", "");
    replace(&scenario.join("scenario.toml"), "horizon_ms", "horizon_minutes");
    let expected = [
        "link.csv, row 2",
        "'-7'",
        "zones.csv, row 2",
        "'-12'",
        "connectors.csv, row 2",
        "'atlantis'",
        "node.csv, row 2",
        "'230.5'",
        "sites.csv, row 2",
        "scenario.toml",
        "horizon_minutes",
    ];
    let checked = clearway_in(dir.path(), &["check", "road"]).code(2).says(&expected);
    assert!(checked.err.matches("  error: ").count() >= 6, "{}", checked.err);
    assert!(checked.out.is_empty(), "{}", checked.out);
    let planned = clearway_in(dir.path(), &["plan", "road", "--out", "plan"]).code(2).says(&expected);
    assert_eq!(planned.err, checked.err);
    assert!(!dir.path().join("plan").exists());
}

#[test]
fn nothing_of_anybodys_is_overwritten() {
    let dir = tempfile::tempdir().unwrap();
    let theirs = dir.path().join("theirs");
    fs::create_dir_all(theirs.join("inner")).unwrap();
    fs::write(theirs.join("thesis.txt"), "years of work").unwrap();
    fs::write(theirs.join("inner/summary.json"), "mine").unwrap();
    fs::write(dir.path().join("file"), "not a folder").unwrap();
    fs::write(dir.path().join("map.osm"), "<osm version=\"0.6\"></osm>").unwrap();
    fs::write(
        dir.path().join("area.geojson"),
        r#"{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}"#,
    )
    .unwrap();
    let before = tree(dir.path());
    let road = example("one-road");
    for out in ["theirs", "file"] {
        let plan = ["plan", text(&road), "--out", out];
        clearway_in(dir.path(), &plan).code(2).says(&[out]);
        clearway_in(dir.path(), &[&plan[..], &["--replace"]].concat()).code(2).says(&[out]);
        let new = ["new", out, "--roads", "map.osm", "--area", "area.geojson", "--people", "5"];
        clearway_in(dir.path(), &new).code(2).says(&[out]);
        clearway_in(dir.path(), &[&new[..], &["--replace"]].concat()).code(2);
        clearway_in(dir.path(), &["import", "map.osm", "--out", out]).code(2).says(&[out]);
    }
    assert_eq!(tree(dir.path()), before);

    // A plan of ours is replaced when that is asked for, and only then; what else lies in its folder stays.
    clearway_in(dir.path(), &["plan", text(&road), "--out", "plan"]).code(0);
    fs::write(dir.path().join("plan/notes.txt"), "ours and theirs").unwrap();
    let first = tree(&dir.path().join("plan"));
    clearway_in(dir.path(), &["plan", text(&road), "--out", "plan", "--window", "1h"])
        .code(2)
        .says(&["--replace"]);
    assert_eq!(tree(&dir.path().join("plan")), first);
    clearway_in(dir.path(), &["plan", text(&road), "--out", "plan", "--window", "1h", "--replace"]).code(0);
    let second = tree(&dir.path().join("plan"));
    assert_eq!(second["notes.txt"], b"ours and theirs");
    assert_ne!(second["plan.json"], first["plan.json"]);
    common::assert_holds(dir.path(), "plan");
}

#[test]
fn verify_says_what_it_cannot_read_and_what_does_not_hold() {
    let dir = tempfile::tempdir().unwrap();
    clearway_in(dir.path(), &["plan", text(&example("one-road")), "--out", "plan"]).code(0);
    let plan = dir.path().join("plan");
    for file in [
        "plan.json",
        "certificate.json",
        "summary.json",
        "orders.csv",
        "curve.csv",
        "zones.csv",
        "bottlenecks.csv",
        "overflow.csv",
        "scenario/scenario.toml",
        "scenario/link.csv",
    ] {
        let kept = fs::read(plan.join(file)).unwrap();
        let name = file.rsplit('/').next().unwrap();
        fs::remove_file(plan.join(file)).unwrap();
        clearway_in(dir.path(), &["verify", "plan"]).code(2).says(&[name]);
        // The first half of a file: JSON and TOML break; half a table may still be one, of something else.
        fs::write(plan.join(file), &kept[..kept.len() / 2]).unwrap();
        let ran = clearway_in(dir.path(), &["verify", "plan"]);
        assert!([1, 2].contains(&ran.code), "half of {file}: {}", ran.out);
        if file.ends_with(".json") {
            ran.code(2).says(&[name]);
        }
        fs::write(plan.join(file), [0xff, 0xfe, 0x00, 0x80]).unwrap();
        clearway_in(dir.path(), &["verify", "plan"]).code(2).says(&[name]);
        fs::write(plan.join(file), kept).unwrap();
    }
    common::assert_holds(dir.path(), "plan");

    let other = dir.path().join("other");
    copy(&example("one-road"), &other);
    clearway_in(dir.path(), &["verify", "plan", "--scenario", "other"]).code(0);
    replace(&other.join("scenario.toml"), "name = \"", "name = \"Not ");
    let ran = clearway_in(dir.path(), &["verify", "plan", "--scenario", "other"]).code(1);
    ran.says(&["does not hold", "another scenario"]);
    clearway_in(dir.path(), &["verify", "plan", "--scenario", text(&example("rafah-2024"))]).code(1);
    clearway_in(dir.path(), &["verify", "plan", "--scenario", "nowhere"]).code(2).says(&["nowhere"]);
}

#[test]
fn schemas_are_those_of_the_reference() {
    let dir = tempfile::tempdir().unwrap();
    clearway_in(dir.path(), &["schema", "--out", "schemas"]).code(0);
    let reference = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/schemas");
    let mut kept = tree(&reference);
    kept.retain(|name, _| name.ends_with(".json"));
    assert!(kept.len() > 10);
    let mut written = tree(&dir.path().join("schemas"));
    assert!(written.remove("manifest.json").is_some());
    kept.remove("manifest.json");
    let names =
        |files: &std::collections::BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&written), names(&kept));
    for (name, bytes) in written {
        assert!(kept[&name] == bytes, "{name} is stale: clearway schema --out docs/reference/schemas");
    }
}
