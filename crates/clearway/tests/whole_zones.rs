//! The proof that whole zones do not fit: it stands in a plan's certificate, both checkers follow it, and neither believes a wrong one.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use common::{assert_holds, clearway_in, example, python, text};
use serde_json::{Value, json};
use std::path::Path;

fn read(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// The family of plans with one route a zone.
fn of_class(certificate: &mut Value) -> &mut Value {
    let families = certificate["families"].as_array_mut().unwrap();
    families.iter_mut().find(|family| family["family"] == "routes-1").unwrap()
}

/// What is found after an edit of the certificate, by both checkers.
fn assert_found(dir: &Path, sound: &Value, what: &str, code: &str, edit: impl FnOnce(&mut Value)) {
    let mut certificate = sound.clone();
    edit(&mut certificate);
    assert_ne!(&certificate, sound, "{what}: nothing was edited");
    std::fs::write(dir.join("plan/certificate.json"), serde_json::to_vec(&certificate).unwrap()).unwrap();
    let ran = clearway_in(dir, &["verify", "plan"]);
    assert_eq!(ran.code, 1, "{what}: {}", ran.out);
    assert!(ran.err.contains(code), "{what}: {}", ran.err);
    assert_eq!(python(&dir.join("plan")), 1, "{what}: check.py");
}

#[test]
fn a_plan_with_one_route_proves_that_whole_zones_do_not_fit() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let scenario = example("rafah-2024");
    clearway_in(dir, &["plan", text(&scenario), "--out", "plan", "--routes-per-zone", "1"]).code(0);
    assert_holds(dir, "plan");
    let summary = read(&dir.join("plan/summary.json"));
    let mut sound = read(&dir.join("plan/certificate.json"));
    let whole = of_class(&mut sound)["whole_zones"].clone();
    let theta = whole["theta_ms"].as_i64().unwrap();
    // What is proved is later than what all plans need, and is the bound of the class.
    let seconds = |value: &Value| value.as_f64().unwrap();
    assert_eq!(seconds(&summary["class_bound"]["clearance_s"]), theta as f64 / 1000.0);
    assert!(theta as f64 / 1000.0 > 1.002 * seconds(&summary["clearance_s"]["bound"]), "{theta}");
    assert!(theta as f64 / 1000.0 <= seconds(&summary["clearance_s"]["plan"]));

    let found = |what: &str, code: &str, edit: &dyn Fn(&mut Value)| {
        assert_found(dir, &sound, what, code, |certificate| edit(certificate));
    };
    found("later than proved", "certificate.whole_zones", &|c| {
        of_class(c)["whole_zones"]["theta_ms"] = json!(theta + theta / 4);
    });
    found("a door less", "certificate.whole_zones", &|c| {
        of_class(c)["whole_zones"]["doors"].as_array_mut().unwrap().pop();
    });
    found("a door that is not there", "certificate.whole_zones", &|c| {
        of_class(c)["whole_zones"]["doors"].as_array_mut().unwrap().push(json!("link:none"));
    });
    found("a door twice", "certificate.whole_zones", &|c| {
        let doors = of_class(c)["whole_zones"]["doors"].as_array_mut().unwrap();
        doors.push(doors[0].clone());
    });
    found("a weight of 0", "certificate.whole_zones", &|c| {
        of_class(c)["whole_zones"]["weights"][0][1] = json!(0);
    });
    found("a zone twice", "certificate.whole_zones", &|c| {
        let weights = of_class(c)["whole_zones"]["weights"].as_array_mut().unwrap();
        weights.push(weights[0].clone());
    });
    found("no unit", "certificate.whole_zones", &|c| {
        of_class(c)["whole_zones"]["unit_people"] = json!(0);
    });
    found("of all plans", "certificate.whole_zones", &|c| {
        c["families"][0]["whole_zones"] = whole.clone();
    });
    // Without the proof the bound in the summary does not follow.
    found("no proof", "summary", &|c| {
        of_class(c).as_object_mut().unwrap().remove("whole_zones");
    });
}
