//! Both checkers read alike, refuse alike and take on alike; each case by hand on one road.

use crate::fixture;
use clearway_model::FolderStore;
use clearway_verify::verify;
use std::fmt::Write;

/// What both checkers say: `unreadable`, or the codes of the findings.
fn say(files: &fixture::Files) -> Vec<String> {
    let dir = tempfile::tempdir().unwrap();
    fixture::write(dir.path(), files);
    let (code, value) = fixture::python(dir.path());
    let ours = match verify(&FolderStore::new(dir.path()), None) {
        Err(error) => {
            assert_eq!(code, 2, "{error}: {value}");
            return vec!["unreadable".to_owned()];
        }
        Ok(done) => done.findings.into_iter().map(|finding| finding.code.to_owned()),
    };
    let ours: std::collections::BTreeSet<String> = ours.collect();
    assert_ne!(code, 2, "{value}");
    assert_eq!(ours, fixture::codes(&value));
    ours.into_iter().collect()
}

fn edited(file: &str, from: &str, to: &str) -> fixture::Files {
    let mut files = fixture::one_road();
    let text = &files[file];
    assert!(text.contains(from), "{from}");
    let text = text.replace(from, to);
    files.insert(file.to_owned(), text);
    fixture::sign_again(&mut files);
    files
}

#[test]
fn a_plan_of_another_case_is_not_held_against_the_central_bound() {
    for case in ["optimistic", "pessimistic"] {
        let files = edited("plan.json", "\"case\": \"central\"", &format!("\"case\": \"{case}\""));
        assert_eq!(say(&files), ["plan.case"], "{case}");
    }
}

#[test]
fn a_windows_length_is_that_of_the_file_or_cut_short_for_a_reason() {
    assert_eq!(say(&edited("plan.json", "\"window_ms\": 900000", "\"window_ms\": 300000")), [""; 0]);
    // one order until 900,000 ms: a longer window cut short by whole minutes, and no multiple of a shorter one
    assert_eq!(say(&edited("plan.json", "\"window_ms\": 900000", "\"window_ms\": 1000000")), [""; 0]);
    assert_eq!(say(&edited("plan.json", "\"window_ms\": 900000", "\"window_ms\": 600000")), ["plan.window"]);
}

#[test]
fn many_rows_with_repetitions_are_refused_before_they_fill_memory() {
    let mut files = fixture::one_road();
    let mut table = "window_id,target,target_id,from_ms,until_ms,repeat_every_ms,kind\n".to_owned();
    // 90,000 occurrences a row are within the bound of a row; 12 rows are beyond that of all
    for row in 0..12 {
        writeln!(table, "W{row},link,{},0,480,480,entry", row % 3 + 1).unwrap();
    }
    files.insert("scenario/windows.csv".to_owned(), table);
    fixture::sign_again(&mut files);
    assert_eq!(say(&files), ["unreadable"]);
}

#[test]
fn many_families_and_many_packets_are_refused() {
    let mut files = fixture::one_road();
    let mut certificate: serde_json::Value = serde_json::from_str(&files["certificate.json"]).unwrap();
    let families = certificate["families"].as_array_mut().unwrap();
    let one = families[0].clone();
    for number in 0..14 {
        let mut family = one.clone();
        family["family"] = format!("more-{number}").into();
        families.push(family);
    }
    files.insert("certificate.json".into(), certificate.to_string());
    assert_eq!(say(&files), ["unreadable"]);
    let people = |text: &str| {
        text.replace("12000", "199000000").replace("\"packet_people\": 5", "\"packet_people\": 1")
    };
    let mut files = fixture::one_road();
    for name in ["plan.json", "scenario/zones.csv", "scenario/sites.csv", "orders.csv"] {
        let text = people(&files[name]);
        files.insert(name.to_owned(), text);
    }
    fixture::sign_again(&mut files);
    assert_eq!(say(&files), ["unreadable"]);
}

#[test]
fn nobody_is_without_a_road_where_one_leads_to_a_site_through_no_banned_turn() {
    // link 3 may be left into link 2 by nobody; the way of Z2 does not use it
    let files = edited("plan.json", "\"reason\": \"stays\"", "\"reason\": \"no_road\"");
    let said = say(&files);
    assert!(
        said.contains(&"not_moved.reason".to_owned()) && said.contains(&"people.stays".to_owned()),
        "{said:?}"
    );
}
