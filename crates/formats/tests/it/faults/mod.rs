//! Every kind of fault in `docs/guides/check.md`, put into a sound folder one at a time: exactly that fault is reported, with file,
//! place, field and value, and nothing that merely follows from it.

mod base;
mod cases_figures;
mod cases_form;
mod cases_network;
mod cases_places;

use base::{Edit, base, brief, faults_of};
use std::collections::BTreeSet;

/// A kind of fault, how it comes into the folder and what is then said. The kind is the first cell of a row of the guide.
pub type Case = (&'static str, &'static [Edit], &'static [&'static str]);

fn cases() -> Vec<Case> {
    [cases_form::CASES, cases_figures::CASES, cases_network::CASES, cases_places::CASES].concat()
}

#[test]
fn the_base_has_no_faults() {
    assert_eq!(faults_of(&base()), vec![]);
}

#[test]
fn each_fault_is_named_and_nothing_else() {
    let mut wrong = String::new();
    for (kind, edits, expected) in cases() {
        let mut folder = base();
        for edit in edits {
            edit.apply(&mut folder);
        }
        let faults = faults_of(&folder);
        let got: Vec<String> = faults.iter().map(brief).collect();
        if got != expected {
            let full: Vec<String> =
                faults.iter().map(|fault| format!("{}\n      {fault}", brief(fault))).collect();
            wrong.push_str(&format!(
                "\n{kind}\n  expected {expected:#?}\n  got\n    {}\n",
                full.join("\n    ")
            ));
        }
        for fault in &faults {
            assert!(!fault.expected.is_empty(), "{kind}: nothing said to be expected: {fault}");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn all_faults_are_reported_at_once() {
    let mut folder = base();
    // one per table that does not change what the others are about
    let picked = [
        Edit::Text("scenario.toml", "context = \"exercise\"", "context = \"storm\""),
        Edit::Text("node.csv", "2,Middle,24.92", "2,Middle,"),
        Edit::Text("link.csv", "D,High Street,3,2", "D,High Street,3,9"),
        Edit::Text("zones.csv", "Z2,Middle,500", "Z2,Middle,-500"),
        Edit::Text("mobilization.csv", "evening,3600000,1\n", "evening,3600000,0.9\n"),
        Edit::Text("sites.csv", "S1,School,800", "S1,School,8 00"),
        Edit::Text("connectors.csv", "C2,zone,Z2,2", "C1,zone,Z2,2"),
        Edit::Text("closures.csv", "K1,link,B,0,3600000", "K1,link,B,9000000,3600000"),
        Edit::Text("windows.csv", "W2,zone,Z2", "W2,zone,Z7"),
        Edit::Text("movement.csv", "M1,2,A,B", "M1,2,A,E"),
        Edit::Text("sources.csv", "assumed,,,,\n", "guessed,,,,\n"),
    ];
    for edit in &picked {
        edit.apply(&mut folder);
    }
    let files: BTreeSet<String> = faults_of(&folder).into_iter().map(|fault| fault.file).collect();
    for file in [
        "scenario.toml",
        "node.csv",
        "link.csv",
        "movement.csv",
        "zones.csv",
        "mobilization.csv",
        "sites.csv",
        "connectors.csv",
        "closures.csv",
        "windows.csv",
        "sources.csv",
    ] {
        assert!(files.contains(file), "{file} is missing among {files:?}");
    }
}

#[test]
fn the_guide_lists_every_kind_and_no_other() {
    let guide =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/guides/check.md")).unwrap();
    let rows: BTreeSet<&str> = guide
        .lines()
        .filter_map(|line| line.strip_prefix("| "))
        .filter_map(|line| line.split(" | ").next())
        .filter(|cell| !cell.starts_with("What is wrong"))
        .collect();
    let kinds: BTreeSet<&str> = cases().into_iter().map(|(kind, _, _)| kind).collect();
    let missing: Vec<_> = kinds.difference(&rows).collect();
    let untested: Vec<_> = rows.difference(&kinds).collect();
    assert!(
        missing.is_empty() && untested.is_empty(),
        "not in the guide: {missing:#?}; without a test: {untested:#?}"
    );
}

#[test]
fn two_runs_say_the_same() {
    let mut folder = base();
    for (_, edits, _) in cases().into_iter().filter(|(_, edits, _)| edits.len() == 1) {
        if let Edit::Text(file, from, to) = &edits[0] {
            let text = String::from_utf8(folder[*file].clone()).unwrap();
            folder.insert((*file).to_string(), text.replacen(from, to, 1).into_bytes());
        }
    }
    assert_eq!(faults_of(&folder), faults_of(&folder));
}
