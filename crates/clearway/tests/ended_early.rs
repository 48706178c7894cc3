//! Ctrl-C while a plan is made: what is left, and that it is labelled. Memory that does not suffice.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stderr)]

mod common;

use clearway_instances::{CityRequest, city};
use common::{assert_holds, clearway_in, example, text, tree, write};
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Stdio};

/// A city whose plan takes some seconds.
fn large_city(dir: &Path) {
    write(
        dir,
        &city(&CityRequest { seed: 3, side: 36, zones_side: 8, people: 80_000, ..CityRequest::default() }),
    );
}

/// Plans `city` into `plan` and sends a signal once a stage begins; exit code, stdout, stderr.
fn signal_at(dir: &Path, stage: &str, signal: &str) -> (Option<i32>, String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_clearway"))
        .args(["plan", "city", "--out", "plan", "--replace", "--progress", "plain"])
        .current_dir(dir)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut errors = BufReader::new(child.stderr.take().unwrap());
    let mut said = String::new();
    while errors.read_line(&mut said).unwrap() > 0 {
        if said.lines().last().unwrap().starts_with(stage) {
            let id = child.id().to_string();
            assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
            break;
        }
    }
    let mut out = String::new();
    child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
    errors.read_to_string(&mut said).unwrap();
    (child.wait().unwrap().code(), out, said)
}

#[test]
fn a_search_that_is_ended_leaves_the_limit_so_far() {
    let dir = tempfile::tempdir().unwrap();
    large_city(&dir.path().join("city"));
    // An earlier plan is replaced, as asked.
    fs::create_dir(dir.path().join("plan")).unwrap();
    fs::write(dir.path().join("plan/plan.json"), "{\"schema\": \"clearway-plan/2\"}").unwrap();
    let (code, out, said) = signal_at(dir.path(), "orders", "-INT");
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("ended early: the limit so far is in plan"), "{said}");
    assert!(out.contains("was ended before there were orders"), "{out}");
    let read = |name: &str| fs::read_to_string(dir.path().join("plan").join(name)).unwrap();
    let summary: serde_json::Value = serde_json::from_str(&read("summary.json")).unwrap();
    assert_eq!(summary["interrupted"], true);
    assert_eq!(summary["orders"], 0);
    assert!(summary["clearance_s"]["bound"].as_f64().unwrap() > 0.0, "{summary}");
    assert!(read("plan.json").contains("\"interrupted\""));
    assert!(read("zones.csv").contains("interrupted:"));
    assert!(read("index.html").contains("The computation was ended before there were orders."));
    assert_holds(dir.path(), "plan");
    // Both checkers reject the folder without its label.
    let hidden = read("summary.json").replace("\"interrupted\": true", "\"interrupted\": false");
    assert!(hidden != read("summary.json"));
    fs::write(dir.path().join("plan/summary.json"), hidden).unwrap();
    let verdict = clearway_in(dir.path(), &["verify", "plan"]).code(1);
    assert!(
        verdict.out.contains("interrupted") || verdict.err.contains("interrupted"),
        "{} {}",
        verdict.out,
        verdict.err
    );
    assert_eq!(common::python(&dir.path().join("plan")), 1);
}

#[test]
fn ended_at_the_start_there_is_nothing_or_a_limit_that_holds() {
    let dir = tempfile::tempdir().unwrap();
    large_city(&dir.path().join("city"));
    let before = tree(dir.path());
    let (code, _, said) = signal_at(dir.path(), "limit", "-TERM");
    assert_eq!(code, Some(1), "{said}");
    if said.contains("nothing was written") {
        assert_eq!(tree(dir.path()), before);
    } else {
        assert_holds(dir.path(), "plan");
    }
}

#[test]
fn with_little_memory_the_steps_are_longer_and_the_limit_holds() {
    let dir = tempfile::tempdir().unwrap();
    let scenario = common::small_city();
    write(&dir.path().join("city"), &scenario);
    let usual = clearway_plan::memory::estimate(&scenario, &clearway_plan::PlanOptions::default(), 1);
    let memory = (usual - 1).to_string();
    clearway_in(dir.path(), &["plan", "city", "--out", "plan", "--memory", &memory])
        .code(0)
        .says(&["steps 2 times as long"]);
    assert_holds(dir.path(), "plan");
}

#[test]
fn what_does_not_fit_into_memory_is_refused_with_an_estimate() {
    let dir = tempfile::tempdir().unwrap();
    let road = example("one-road");
    let arguments = ["plan", text(&road), "--out", "plan", "--memory", "1MB"];
    clearway_in(dir.path(), &arguments).code(2).says(&["1.0 MB", "takes about", "--memory"]);
    assert!(tree(dir.path()).is_empty());
    clearway_in(dir.path(), &["plan", text(&road), "--out", "plan", "--memory", "lots"])
        .code(2)
        .says(&["'lots'", "800MB"]);
    clearway_in(dir.path(), &["plan", text(&road), "--out", "plan", "--memory", "1GiB"]).code(0);
}
