//! `clearway needs` as a person runs it.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};

fn run(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_clearway")).args(args).output().unwrap()
}

#[test]
fn everybody_who_arrives_is_counted_and_shortfalls_follow() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/one-road");
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    let output = run(&["plan", example.to_str().unwrap(), "--out", &path("plan")]);
    assert!(output.status.success());
    let output = run(&["needs", &path("plan"), "--out", &path("needs")]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let read = |name: &str| std::fs::read_to_string(dir.path().join(name)).unwrap();
    let needs: Value = serde_json::from_str(&read("needs/needs.json")).unwrap();
    let summary: Value = serde_json::from_str(&read("plan/summary.json")).unwrap();
    let arrived = summary["people"]["arrived"].as_i64().unwrap();
    let peaks = needs["peaks"].as_array().unwrap();
    let site = peaks.iter().find(|peak| peak["kind"] == "site").unwrap();
    assert_eq!(site["people"].as_i64(), Some(arrived));
    let water = site["needs"].as_array().unwrap().iter().find(|need| need["item"] == "water").unwrap();
    assert_eq!(water["amount"].as_f64(), Some(arrived as f64 * 75.0 / 10_000.0));
    // everybody is at the origin at first
    let origin = peaks.iter().find(|peak| peak["kind"] == "origin").unwrap();
    assert_eq!(origin["people"], summary["people"]["total"]);
    // water for all at the site, none elsewhere
    let id = site["place_id"].as_str().unwrap();
    std::fs::write(path("supplies.csv"), format!("place_id,item,amount\n{id},water,{}\n", water["amount"]))
        .unwrap();
    let output = run(&[
        "needs",
        &path("plan"),
        "--out",
        &path("needs"),
        "--supplies",
        &path("supplies.csv"),
        "--replace",
    ]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let table = read("needs/shortfalls.csv");
    assert!(!table.contains(&format!("site,{id},water")) && table.contains(&format!("site,{id},toilets")));
    // faults are listed and nothing is replaced
    std::fs::write(path("supplies.csv"), "place_id,item,amount\nnowhere,wine,much\n").unwrap();
    let output = run(&[
        "needs",
        &path("plan"),
        "--out",
        &path("needs"),
        "--supplies",
        &path("supplies.csv"),
        "--replace",
    ]);
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(text.contains("nowhere") && text.contains("wine") && text.contains("much"), "{text}");
    assert_eq!(read("needs/shortfalls.csv"), table);
}

#[test]
fn a_number_of_people_is_enough_to_ask() {
    let output = run(&["needs", "--people", "1000000"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    for part in ["3,000", "15,000", "20,000", "50,000", "555", "200,000", "1,800"] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert_eq!(run(&["needs"]).status.code(), Some(2));
}
