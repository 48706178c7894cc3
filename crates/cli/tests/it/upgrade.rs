//! Folders of earlier versions, and archives.

use crate::common::{clearway_in, copy, example, tree};
use clearway_artifacts::{Artifacts, Disclosure, FolderKind};
use std::fs;
use std::path::Path;

/// The folder of one road as an earlier version had it, with a curve and a note of somebody's own.
fn earlier(dir: &Path) {
    copy(&example("one-road"), dir);
    let edit = |name: &str, from: &str, to: &str| {
        let path = dir.join(name);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{name}: {text}");
        fs::write(path, text.replacen(from, to, 1)).unwrap();
    };
    edit("scenario.toml", "clearway-scenario/2", "clearway-scenario/1");
    edit(
        "zones.csv",
        "zone_id,name,people,x_coord,y_coord",
        "zone_id,name,people,x_coord,y_coord,release_id",
    );
    edit("zones.csv", "10.0000,50.0020", "10.0000,50.0020,R1");
    fs::write(dir.join("release.csv"), "release_id,time_ms,share\nR1,0,0.5\nR1,3600000,1\n").unwrap();
    fs::write(dir.join("notes.txt"), "mine").unwrap();
}

#[test]
fn an_upgraded_folder_has_the_new_names_plans_to_the_same_figures_and_lost_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    earlier(&at("road"));
    let ran = clearway_in(dir.path(), &["plan", "road", "--out", "before"]).code(0);
    assert!(ran.err.contains("clearway upgrade road"));
    let old = tree(&at("road"));
    clearway_in(dir.path(), &["upgrade", "road", "--out", "copy"]).code(0);
    assert_eq!(tree(&at("road")), old);
    clearway_in(dir.path(), &["upgrade", "road"]).code(0);
    let new = tree(&at("road"));
    let mut expected: Vec<&str> =
        old.keys().map(String::as_str).filter(|name| *name != "release.csv").collect();
    expected.push("mobilization.csv");
    expected.sort_unstable();
    assert_eq!(new.keys().collect::<Vec<_>>(), expected);
    for name in ["notes.txt", "README.md", "link.csv", "node.csv"] {
        assert_eq!(new[name], old[name], "{name}");
    }
    assert_eq!(new["mobilization.csv"], b"mobilization_id,time_ms,share\nR1,0,0.5\nR1,3600000,1\n");
    assert_eq!(tree(&at("copy"))["zones.csv"], new["zones.csv"]);
    clearway_in(dir.path(), &["plan", "road", "--out", "after"]).code(0);
    for name in ["plan.json", "certificate.json", "scenario/mobilization.csv", "scenario/scenario.toml"] {
        assert_eq!(tree(&at("before"))[name], tree(&at("after"))[name], "{name}");
    }
    let again = clearway_in(dir.path(), &["upgrade", "road"]).code(0);
    assert!(again.out.contains("nothing was written"));
    assert_eq!(tree(&at("road")), new);
}

#[test]
fn connect_and_resolve_send_a_folder_of_an_earlier_version_to_upgrade_and_leave_it_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let road = dir.path().join("road");
    earlier(&road);
    let hazard = r#"{"type": "Feature", "properties": {"hazard_id": "F", "from_ms": 0}, "geometry": {"type": "Polygon",
        "coordinates": [[[10.05, 49.99], [10.06, 49.99], [10.06, 50.01], [10.05, 50.01], [10.05, 49.99]]]}}"#;
    let hazards = format!(r#"{{"type": "FeatureCollection", "features": [{hazard}]}}"#);
    fs::write(road.join("hazards.geojson"), hazards).unwrap();
    let before = tree(&road);
    let commands: [&[&str]; 2] = [&["connect", "road", "--all-sites"], &["resolve", "road"]];
    for command in commands {
        let ran = clearway_in(dir.path(), command).code(2);
        assert!(ran.err.contains("the folder is of an earlier version"), "{}", ran.err);
        assert!(ran.err.contains("`clearway upgrade road` writes it anew"), "{}", ran.err);
        assert_eq!(tree(&road), before, "{command:?}");
    }
    clearway_in(dir.path(), &["upgrade", "road"]).code(0);
    for command in commands {
        clearway_in(dir.path(), command).code(0);
        clearway_in(dir.path(), &["check", "road"]).code(0);
    }
    assert!(tree(&road)["closures.csv"].starts_with(b"closure_id,"));
}

#[test]
fn a_folder_with_faults_is_left_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let road = dir.path().join("road");
    earlier(&road);
    fs::write(road.join("release.csv"), "release_id,time_ms,share\nR1,0,7\n").unwrap();
    let before = tree(&road);
    let ran = clearway_in(dir.path(), &["upgrade", "road"]).code(2);
    assert!(ran.err.contains("release.csv"));
    assert_eq!(tree(&road), before);
}

#[test]
fn an_archive_of_a_plan_is_checked_as_the_folder_is() {
    let dir = tempfile::tempdir().unwrap();
    copy(&example("one-road"), &dir.path().join("road"));
    clearway_in(dir.path(), &["plan", "road", "--out", "plan"]).code(0);
    for (folder, kind, prefix) in [("plan", FolderKind::Plan, "plan/"), ("road", FolderKind::Scenario, "")] {
        let files = tree(&dir.path().join(folder))
            .into_iter()
            .map(|(name, bytes)| (format!("{prefix}{name}"), bytes));
        let bytes = Artifacts::new(kind, Disclosure::Full, files).zip().unwrap();
        fs::write(dir.path().join(format!("{folder}.zip")), bytes).unwrap();
    }
    let ran = clearway_in(dir.path(), &["verify", "plan.zip", "--scenario", "road.zip"]).code(0);
    assert!(ran.out.contains("holds: every figure of plan.zip"));
    fs::write(dir.path().join("plan.zip"), "no archive").unwrap();
    clearway_in(dir.path(), &["verify", "plan.zip"]).code(2);
}
