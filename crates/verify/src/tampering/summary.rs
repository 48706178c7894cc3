//! Tampering with the figures of `summary.json`.

use super::Tampering;
use super::folder::{Files, summary};
use serde_json::{Value, json};

const SUMMARY: &[&str] = &["summary"];

/// Adds to a figure that is there.
fn add(files: &mut Files, key: &str, by: f64) -> Option<()> {
    summary(files, key, |value| match value.as_i64() {
        Some(whole) if by.fract() == 0.0 => Some(json!(whole + by as i64)),
        _ => Some(json!(value.as_f64()? + by)),
    })
}

pub(super) const ALL: &[Tampering] = &[
    Tampering {
        name: "early-arrival",
        what: "everyone arrived a second earlier than they do",
        expected: SUMMARY,
        edit: |files| add(files, "clearance_s.plan", -1.0),
    },
    Tampering {
        name: "clearance-of-unfinished-plan",
        what: "a clearance time where not everyone arrives, or none where everyone does",
        expected: SUMMARY,
        edit: |files| {
            summary(files, "clearance_s.plan", |value| {
                Some(if value.is_null() { json!(3600.0) } else { Value::Null })
            })
        },
    },
    Tampering {
        name: "early-t90",
        what: "90 % arrived a second earlier than they do",
        expected: SUMMARY,
        edit: |files| add(files, "t90_s.plan", -1.0),
    },
    Tampering {
        name: "fewer-person-hours",
        what: "person-hours of the plan lowered by one",
        expected: SUMMARY,
        edit: |files| add(files, "person_hours.plan", -1.0),
    },
    Tampering {
        name: "tighter-clearance-bound",
        what: "the bound on clearance raised by a second",
        expected: SUMMARY,
        edit: |files| add(files, "clearance_s.bound", 1.0),
    },
    Tampering {
        name: "tighter-t90-bound",
        what: "the bound on T90 raised by a second",
        expected: SUMMARY,
        edit: |files| add(files, "t90_s.bound", 1.0),
    },
    Tampering {
        name: "tighter-person-hours-bound",
        what: "the bound on person-hours raised by one",
        expected: SUMMARY,
        edit: |files| add(files, "person_hours.bound", 1.0),
    },
    Tampering {
        name: "tighter-optimistic-bound",
        what: "the optimistic bound on person-hours raised by one: more is called impossible than is",
        expected: SUMMARY,
        edit: |files| add(files, "optimistic.person_hours", 1.0),
    },
    Tampering {
        name: "tighter-class-bound",
        what: "the bound under the route limit raised by one person-hour",
        expected: SUMMARY,
        edit: |files| add(files, "route_limited_bound.person_hours", 1.0),
    },
    Tampering {
        name: "smaller-gap",
        what: "another gap than plan / bound - 1",
        expected: SUMMARY,
        edit: |files| {
            let other = |value: &Value| Some(json!(value.as_f64().map_or(0.0, |gap| gap / 2.0 - 0.001)));
            summary(files, "gap.person_hours", other)
        },
    },
    Tampering {
        name: "more-arrived",
        what: "one more person arrived",
        expected: SUMMARY,
        edit: |files| add(files, "people.arrived", 1.0),
    },
    Tampering {
        name: "fewer-left-behind",
        what: "one person less is not evacuated",
        expected: SUMMARY,
        edit: |files| add(files, "people.not_evacuated", -1.0),
    },
    Tampering {
        name: "fewer-in-total",
        what: "one person less in all",
        expected: SUMMARY,
        edit: |files| add(files, "people.total", -1.0),
    },
    Tampering {
        name: "fewer-staying-claimed",
        what: "one declared stayer less",
        expected: SUMMARY,
        edit: |files| add(files, "people.staying", -1.0),
    },
    Tampering {
        name: "less-waiting",
        what: "one person-hour of waiting less",
        expected: SUMMARY,
        edit: |files| add(files, "queue.person_hours", -1.0),
    },
    Tampering {
        name: "shorter-wait",
        what: "the longest wait a second shorter",
        expected: SUMMARY,
        edit: |files| add(files, "queue.longest_s", -1.0),
    },
    Tampering {
        name: "wait-elsewhere",
        what: "the longest wait at a place that is nowhere",
        expected: SUMMARY,
        edit: |files| summary(files, "queue.longest_link", |_| Some(json!("link:nowhere"))),
    },
    Tampering {
        name: "larger-network",
        what: "one link more than the network has",
        expected: SUMMARY,
        edit: |files| add(files, "network.links", 1.0),
    },
    Tampering {
        name: "other-count-of-orders",
        what: "one order more than the plan has",
        expected: SUMMARY,
        edit: |files| add(files, "orders", 1.0),
    },
    Tampering {
        name: "figure-missing",
        what: "the gaps are gone",
        expected: &["summary.missing"],
        edit: |files| summary(files, "gap", |_| Some(json!({}))),
    },
    Tampering {
        name: "summary-for-other-scenario",
        what: "the summary names another digest",
        expected: SUMMARY,
        edit: |files| summary(files, "scenario", |value| Some(json!(format!("{}0", value.as_str()?)))),
    },
    Tampering {
        name: "less-overflow",
        what: "another overflow than there is",
        expected: SUMMARY,
        edit: |files| add(files, "overflow.vehicle_min", 1.0),
    },
    Tampering {
        name: "overflowing-links",
        what: "another number of links that overflow",
        expected: SUMMARY,
        edit: |files| add(files, "overflow.links", 1.0),
    },
    Tampering {
        name: "shorter-waiting",
        what: "a minute less of waiting in the mean",
        expected: SUMMARY,
        edit: |files| add(files, "waiting.mean_min", -1.0),
    },
    Tampering {
        name: "shorter-waiting-p95",
        what: "95 of 100 wait a minute less",
        expected: SUMMARY,
        edit: |files| add(files, "waiting.p95_min", -1.0),
    },
    Tampering {
        name: "shorter-longest-waiting",
        what: "nobody waits as long as somebody does",
        expected: SUMMARY,
        edit: |files| add(files, "waiting.longest_min", -1.0),
    },
    Tampering {
        name: "waiting-closed",
        what: "another waiting before what is closed",
        expected: SUMMARY,
        edit: |files| add(files, "waiting.closed_person_hours", 1.0),
    },
    Tampering {
        name: "spill-free",
        what: "spill-free where links overflow, or not where none does",
        expected: SUMMARY,
        edit: |files| summary(files, "spill_free", |value| Some(json!(!value.as_bool()?))),
    },
    Tampering {
        name: "nothing-of-space",
        what: "the figures of waiting are left out",
        expected: &["summary.missing"],
        edit: |files| {
            let mut all: Value = serde_json::from_slice(files.get("summary.json")?).ok()?;
            all.as_object_mut()?.remove("waiting")?;
            files.insert("summary.json".to_owned(), serde_json::to_vec(&all).ok()?);
            Some(())
        },
    },
];
