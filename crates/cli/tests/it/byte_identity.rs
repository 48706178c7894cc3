//! The same scenario gives the same bytes: once more, and with another number of threads.

use crate::common;
use crate::common::{clearway_in, example, rafah_plan, text, tree, write};
use std::collections::BTreeMap;
use std::path::Path;

/// What a run may say of itself.
const OF_THE_RUN: [&str; 3] = ["\"threads\":", "\"wall_s\":", "\"peak_rss_bytes\":"];

fn planned(dir: &Path, scenario: &str, out: &str, threads: &str) -> BTreeMap<String, Vec<u8>> {
    clearway_in(dir, &["plan", scenario, "--out", out, "--threads", threads]).code(0);
    plan_files(&dir.join(out))
}

/// The files of a plan folder without what the run says of itself.
fn plan_files(plan: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = tree(plan);
    let summary = String::from_utf8(files["summary.json"].clone()).unwrap();
    let kept: Vec<&str> =
        summary.lines().filter(|line| !OF_THE_RUN.iter().any(|key| line.contains(key))).collect();
    assert_eq!(kept.len() + OF_THE_RUN.len(), summary.lines().count(), "{summary}");
    files.insert("summary.json".to_owned(), kept.join("\n").into_bytes());
    // the digest of summary.json is that of a file which says what the run took
    let mut manifest: serde_json::Value = serde_json::from_slice(&files["manifest.json"]).unwrap();
    let listed = manifest["files"].as_array_mut().unwrap();
    let entry = listed.iter_mut().find(|file| file["file"] == "summary.json").unwrap();
    for key in ["sha256", "bytes"] {
        entry.as_object_mut().unwrap().remove(key).unwrap();
    }
    files.insert("manifest.json".to_owned(), manifest.to_string().into_bytes());
    files
}

/// Plans a scenario with one thread and with two, each in a process of its own, so that chance of a process would show as well.
fn assert_same(scenario: &str) {
    let dir = tempfile::tempdir().unwrap();
    let one = planned(dir.path(), scenario, "one", "1");
    assert_equal(&one, &planned(dir.path(), scenario, "two", "2"), scenario);
}

fn assert_equal(first: &BTreeMap<String, Vec<u8>>, second: &BTreeMap<String, Vec<u8>>, scenario: &str) {
    for needed in
        ["plan.json", "certificate.json", "curve.csv", "orders.geojson", "index.html", "scenario/link.csv"]
    {
        assert!(first.contains_key(needed), "{needed} is missing");
    }
    let names = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(first), names(second));
    for (name, bytes) in first {
        assert!(second[name] == *bytes, "{name} differs with two threads, {scenario}");
    }
}

#[test]
fn rafah_2024_gives_the_same_bytes() {
    let dir = tempfile::tempdir().unwrap();
    let one = planned(dir.path(), text(&example("rafah-2024")), "one", "1");
    assert_equal(&one, &plan_files(rafah_plan()), "rafah-2024");
}

#[test]
fn a_city_gives_the_same_bytes() {
    let dir = tempfile::tempdir().unwrap();
    let scenario = common::small_city();
    assert!((500..700).contains(&scenario.links.len()), "{}", scenario.links.len());
    write(&dir.path().join("city"), &scenario);
    assert_same(text(&dir.path().join("city")));
}

#[test]
fn a_city_in_danger_gives_the_same_bytes() {
    let dir = tempfile::tempdir().unwrap();
    write(&dir.path().join("city"), &common::city_with_zone_lost());
    assert_same(text(&dir.path().join("city")));
}
