//! One road has a closed form: T = N/c + L/v. Plan and bound meet it; the summary has what the reference lists.

use crate::common;
use crate::common::{clearway_in, example, text};
use serde_json::Value;

const KEYS: &str = "people.total people.arrived people.overtaken people.not_evacuated clearance_s.plan clearance_s.bound \
    t90_s.plan t90_s.bound person_hours.plan person_hours.bound gap.clearance gap.t90 gap.person_hours \
    queue.person_hours network.links network.nodes zones sites step_s wall_s peak_rss_bytes";

fn at<'a>(summary: &'a Value, key: &str) -> &'a Value {
    let pointer = format!("/{}", key.replace('.', "/"));
    summary.pointer(&pointer).unwrap_or_else(|| panic!("summary.json lacks {key}"))
}

fn number(summary: &Value, key: &str) -> f64 {
    at(summary, key).as_f64().unwrap_or_else(|| panic!("{key} is {}", at(summary, key)))
}

fn summary_of(extra: &[&str]) -> Value {
    let dir = tempfile::tempdir().unwrap();
    let example = example("one-road");
    let mut arguments = vec!["plan", text(&example), "--out", "plan"];
    arguments.extend(extra);
    let ran = clearway_in(dir.path(), &arguments).code(0);
    assert!(ran.out.contains("written to plan"), "{}", ran.out);
    common::assert_holds(dir.path(), "plan");
    serde_json::from_slice(&std::fs::read(dir.path().join("plan/summary.json")).unwrap()).unwrap()
}

#[test]
fn plan_and_bound_are_the_closed_form_whatever_is_asked() {
    // 12,000 people, 2.5 to a vehicle, 1,200 vehicles an hour: 14,400 s; and 600 s on the road.
    for extra in [
        &[][..],
        &["--routes-per-zone", "1"],
        &["--routes-per-zone", "unlimited"],
        &["--window", "1min"],
        &["--window", "4h"],
        &["--convergent"],
    ] {
        let summary = summary_of(extra);
        let (plan, bound) = (number(&summary, "clearance_s.plan"), number(&summary, "clearance_s.bound"));
        assert!((plan - 15_000.0).abs() <= 1.0, "{extra:?}: plan {plan}");
        assert!((bound - 15_000.0).abs() <= 1.0 && bound <= plan, "{extra:?}: bound {bound}");
        // The 10,800th person is through after 12,960 s and arrives 600 s later.
        let (plan, bound) = (number(&summary, "t90_s.plan"), number(&summary, "t90_s.bound"));
        assert!(
            (plan - 13_560.0).abs() <= 1.0 && (bound - 13_560.0).abs() <= 1.0 && bound <= plan,
            "{extra:?}"
        );
        // On average half of 14,400 s and 600 s: 12,000 x 7,800 s = 26,000 person-hours.
        let (plan, bound) = (number(&summary, "person_hours.plan"), number(&summary, "person_hours.bound"));
        assert!(
            bound <= 26_000.0 && (26_000.0..=26_030.0).contains(&plan) && bound >= 25_900.0,
            "{plan} {bound}"
        );
    }
}

#[test]
fn the_summary_has_every_key() {
    let summary = summary_of(&[]);
    for key in KEYS.split_whitespace() {
        assert!(at(&summary, key).is_number(), "{key} is {}", at(&summary, key));
    }
    let people = |key: &str| at(&summary, &format!("people.{key}")).as_i64().unwrap();
    assert_eq!(people("total"), 12_000);
    assert_eq!(people("total"), people("arrived") + people("overtaken") + people("not_evacuated"));
    assert!(number(&summary, "wall_s") > 0.0);
}
