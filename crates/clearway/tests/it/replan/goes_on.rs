//! A plan that goes on as ordered.

use super::*;

/// What is left of a plan at an hour, with nothing counted: what it must be by the plan itself.
fn goes_on_as_ordered(name: &str, loaded: &LoadedScenario, at_ms: i64) {
    let old = plan(&Session::new(), loaded, &PlanRequest::default()).unwrap();
    let summary = old.answer().unwrap().summary.clone();
    let folder = MemoryStore::from(old.artifacts(Usage::default()).unwrap());
    let replanned = again(&folder, "", &request(at_ms));
    let report = &replanned.report;
    let what = format!("{name} at {at_ms} ms");
    assert_eq!(report.people.unaccounted, 0, "{what}");
    assert_eq!(report.options[0].changed_people, 0, "{what}: {:?}", report.instructions.first());
    let arrived = report.people.arrived + report.options[0].arrived;
    assert_eq!(arrived, summary.people.arrived, "{what}");
    let later = |time: Option<f64>| time.map(|time| time - clearway_model::time::seconds(at_ms));
    let (Some(before), Some(after)) = (later(summary.clearance_s.plan), report.options[0].clearance_s) else {
        assert_eq!(later(summary.clearance_s.plan), report.options[0].clearance_s, "{what}");
        return;
    };
    if before <= 0.0 {
        return;
    }
    // the packets of those on the way are put down in pieces of time, and one packet passes while the new plan begins
    assert!((after - before).abs() <= 60.0 + 0.01 * before, "{what}: {before} {after}");
    let proven = report.bound.clearance_s.unwrap();
    assert!(proven <= after && proven <= before.max(0.0) + 1e-9, "{what}: {proven} {before} {after}");
}

#[test]
fn a_plan_that_goes_on_as_ordered_changes_nobodys_orders() {
    let city = generated_city(12, 20_000);
    for hour in [1, 2, 4] {
        goes_on_as_ordered("a city", &city, hour * HOUR_MS / 2);
    }
    goes_on_as_ordered("a town", &example("helsinki"), 20 * 60_000);
}

#[test]
fn small_networks_with_closures_and_windows_go_on_as_ordered() {
    for seed in 0..12 {
        let scenario = small(seed, Calm::Closing);
        let horizon = scenario.settings.horizon_ms;
        let loaded = loaded(&scenario);
        let old = plan(&Session::new(), &loaded, &PlanRequest::default()).unwrap();
        if old.answer().is_none_or(|answer| answer.plan.orders.is_empty()) {
            continue;
        }
        let folder = MemoryStore::from(old.artifacts(Usage::default()).unwrap());
        for part in [1, 2, 3] {
            let at_ms = horizon * part / 8 / 1000 * 1000;
            let report = again(&folder, "", &request(at_ms)).report;
            let what = format!("seed {seed} at {at_ms} ms");
            assert_eq!(report.people.unaccounted, 0, "{what}");
            let option = &report.options[0];
            let moved = report.people.arrived + option.arrived;
            let planned = old.answer().unwrap().summary.people.arrived;
            assert!(moved >= planned - planned / 100 - 5, "{what}: {moved} of {planned}");
        }
    }
}
