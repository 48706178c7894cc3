//! Ctrl-C while a plan is made: what is left, and that it is labelled. Memory that does not suffice.

#![cfg(unix)]

use crate::common;
use crate::common::{assert_holds, clearway_in, example, text, tree, write};
use clearway_instances::{CityRequest, city};
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
fn a_search_that_is_ended_leaves_the_bound_so_far() {
    let dir = tempfile::tempdir().unwrap();
    large_city(&dir.path().join("city"));
    // An earlier plan is replaced, as asked.
    fs::create_dir(dir.path().join("plan")).unwrap();
    fs::write(dir.path().join("plan/plan.json"), "{\"schema\": \"clearway-plan/2\"}").unwrap();
    let (code, out, said) = signal_at(dir.path(), "orders", "-INT");
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("ended early: the bound so far is in plan"), "{said}");
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
fn ended_at_the_start_there_is_nothing_or_a_bound_that_holds() {
    let dir = tempfile::tempdir().unwrap();
    large_city(&dir.path().join("city"));
    let before = tree(dir.path());
    let (code, _, said) = signal_at(dir.path(), "bound", "-TERM");
    assert_eq!(code, Some(1), "{said}");
    if said.contains("nothing was written") {
        assert_eq!(tree(dir.path()), before);
    } else {
        assert_holds(dir.path(), "plan");
    }
}

/// Starts a command that reads a file which never ends, sends a signal while it waits for it; exit code, stderr.
fn signal_while_reading(dir: &Path, args: &[&str], fifo: &str, signal: &str) -> (Option<i32>, String) {
    let path = dir.join(fifo);
    let _ = fs::remove_file(&path);
    assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
    let child = Command::new(env!("CARGO_BIN_EXE_clearway"))
        .args(args)
        .current_dir(dir)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // opens once the command has opened its end
    let kept_open = fs::File::options().write(true).open(&path).unwrap();
    assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    drop(kept_open);
    fs::remove_file(&path).unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn what_reads_or_computes_without_anything_to_keep_ends_at_once_and_says_so() {
    let dir = tempfile::tempdir().unwrap();
    common::copy(&example("one-road"), &dir.path().join("road"));
    clearway_in(dir.path(), &["plan", "road", "--out", "plan"]).code(0);
    let before = tree(dir.path());
    for (args, fifo) in [
        (&["import", "map.osm", "--out", "out"][..], "map.osm"),
        (&["needs", "plan", "--out", "out", "--supplies", "s.csv"], "s.csv"),
        (&["audit", "b.toml", "--out", "out"], "b.toml"),
        (&["groups", "road", "--out", "out", "--walk", "0.1", "--fleet", "f.csv"], "f.csv"),
        (&["check", "road"], "road/windows.csv"),
        (&["plan", "road", "--out", "out"], "road/windows.csv"),
        (&["plan", "road", "--out", "plan", "--replace"], "road/closures.csv"),
    ] {
        for signal in ["-INT", "-TERM"] {
            let (code, said) = signal_while_reading(dir.path(), args, fifo, signal);
            assert_eq!(code, Some(1), "{args:?}: {said}");
            assert!(said.contains("ended early; nothing was written"), "{args:?}: {said}");
            assert_eq!(tree(dir.path()), before, "{args:?}");
        }
    }
}

#[test]
fn a_multimodal_plan_that_is_ended_leaves_the_parts_that_there_are() {
    let dir = tempfile::tempdir().unwrap();
    large_city(&dir.path().join("all"));
    clearway_in(dir.path(), &["groups", "all", "--out", "city", "--walk", "0.3"]).code(0);
    let (code, out, said) = signal_at(dir.path(), "orders", "-INT");
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("ended early: the bound so far is in plan"), "{said}");
    assert!(out.contains("each a plan folder of its own: walk."), "{out}");
    // The whole is not there, and the part that was begun has its bound.
    assert!(!dir.path().join("plan/multimodal.json").exists());
    let summary = fs::read_to_string(dir.path().join("plan/walk/summary.json")).unwrap();
    assert!(summary.contains("\"interrupted\": true"), "{summary}");
    assert_holds(dir.path(), "plan/walk");
}

#[test]
fn measures_that_are_ended_keep_what_they_have_proved() {
    let dir = tempfile::tempdir().unwrap();
    large_city(&dir.path().join("city"));
    let mut child = Command::new(env!("CARGO_BIN_EXE_clearway"))
        .args(["interventions", "city", "--out", "interventions", "--most", "30", "--bridges", "0"])
        .current_dir(dir.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut errors = BufReader::new(child.stderr.take().unwrap());
    let mut said = String::new();
    // as it is, the first measure, the second one
    while errors.read_line(&mut said).unwrap() > 0 && said.lines().count() < 3 {}
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let mut out = String::new();
    child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
    errors.read_to_string(&mut said).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(1), "{said}");
    assert!(said.contains("ended early: what was proved so far is in interventions"), "{said}");
    assert!(out.contains("bound as it is"), "{out}");
    let table = fs::read_to_string(dir.path().join("interventions/interventions.csv")).unwrap();
    assert!((3..31).contains(&table.lines().count()), "{table}");
    assert_holds(dir.path(), "interventions/bounds/as-it-is");
    assert_holds(dir.path(), "interventions/bounds/intervention-1");
}

#[test]
fn with_little_memory_the_steps_are_longer_and_the_bound_holds() {
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
