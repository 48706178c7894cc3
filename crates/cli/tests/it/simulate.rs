//! `clearway simulate` as a person runs it.

use crate::common::{clearway_in, example, text};
use serde_json::Value;
use std::fs;
use std::path::Path;

fn json(dir: &Path, file: &str) -> Value {
    serde_json::from_slice(&fs::read(dir.join(file)).unwrap()).unwrap()
}

/// What the same input gives on every run.
fn without_time(mut report: Value) -> Value {
    report["wall_s"] = Value::Null;
    report
}

/// 12,000 people behind one road: the queue stands at the way out of the zone, and space changes nothing.
#[test]
fn one_road_takes_as_long_with_space_as_without() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    clearway_in(dir, &["plan", text(&example("one-road")), "--out", "plan", "--prices"]).code(0);
    clearway_in(dir, &["verify", "plan"]).code(0);
    let said = clearway_in(dir, &["simulate", "plan", "--out", "sim"]).code(0).out;
    assert!(said.contains("all have arrived after 4 h 10 min"), "{said}");
    let report = json(dir, "sim/simulation.json");
    let bound = report["bound"]["t100_s"].as_f64().unwrap();
    let plan = report["plan"]["t100_s"].as_f64().unwrap();
    let simulated = report["t100_s"].as_f64().unwrap();
    assert!(bound <= simulated && (simulated - plan).abs() < 5.0, "{bound} {plan} {simulated}");
    assert_eq!(report["arrived"], 12_000);
    assert_eq!(report["gridlock"], Value::Array(Vec::new()));
    // the same again
    clearway_in(dir, &["simulate", "plan", "--out", "again"]).code(0);
    assert_eq!(without_time(report.clone()), without_time(json(dir, "again/simulation.json")));
    links_over_time(&dir.join("sim"));
    gap_from_bound_to_road(&json(dir, "plan/summary.json"), &report);
    for file in [
        "links.csv",
        "curve.csv",
        "index.html",
        "link_states.json",
        "link_states.bin",
        "link_hours.csv",
        "link_zone_hours.csv",
        "zone_arrivals.csv",
        "site_arrivals.csv",
    ] {
        assert_eq!(
            fs::read(dir.join("sim").join(file)).unwrap(),
            fs::read(dir.join("again").join(file)).unwrap()
        );
    }
    let page = fs::read_to_string(dir.join("sim/index.html")).unwrap();
    assert!(page.contains("all have arrived after") && page.contains("id=\"film-data\""));
    // it is whole without its script, and loads nothing
    assert!(
        page.contains("class=\"stills\"")
            && page.contains("waterfall")
            && page.contains("default-src 'none'")
    );
    clearway_in(dir, &["simulate", "plan", "--out", "sim"]).code(2).says(&["--replace"]);
}

/// One road: no plan is better for more routes, other windows or queues without space. All parts of the gap are there, and they sum up.
fn gap_from_bound_to_road(summary: &Value, report: &Value) {
    let windows: Vec<f64> = summary["prices"]["windows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|price| {
            let late =
                price["clearance_s"].as_f64().unwrap() - summary["clearance_s"]["bound"].as_f64().unwrap();
            assert!((0.0..120.0).contains(&late), "{price}");
            price["window_s"].as_f64().unwrap()
        })
        .collect();
    assert_eq!(windows, [60.0, 300.0, 900.0, 1800.0]);
    let parts = report["gap"]["parts"].as_array().unwrap();
    let keys: Vec<&str> = parts.iter().map(|part| part["key"].as_str().unwrap()).collect();
    // the best flow is as good as the bound there, to within a packet: that is no figure to report
    assert_eq!(keys, ["bound", "few_routes", "metered", "plan", "space"]);
    for time in ["t90_s", "t100_s", "person_hours"] {
        let of = |part: &Value| part[time].as_f64().unwrap();
        let added: f64 = parts[1..].iter().map(|part| part[format!("adds_{time}")].as_f64().unwrap()).sum();
        assert!((of(&parts[0]) + added - of(parts.last().unwrap())).abs() < 0.01, "{time}");
    }
    assert_eq!(parts[0]["t100_s"], report["bound"]["t100_s"]);
    assert_eq!(parts[4]["t100_s"], report["t100_s"]);
    assert_eq!(parts[3]["t100_s"], report["plan"]["t100_s"]);
    let arrived = |part: usize| parts[part]["arrived_people"].as_i64().unwrap();
    assert!(arrived(0) >= arrived(3) && arrived(0) >= arrived(4));
}

/// Twelve thousand people over a road of 3,000 an hour: full flow for four hours, and all of them from one zone to one site.
fn links_over_time(dir: &Path) {
    let index = json(dir, "link_states.json");
    let report = json(dir, "simulation.json");
    assert_eq!(index["schema"], "clearway-link-states/1");
    assert_eq!(index["links"].as_array().unwrap().len(), 1);
    let steps = usize::try_from(index["steps"].as_u64().unwrap()).unwrap();
    let bytes = fs::read(dir.join("link_states.bin")).unwrap();
    assert_eq!(bytes.len(), 3 * steps);
    let full = bytes[..steps].iter().filter(|&&byte| byte == 250).count();
    assert!((238..=240).contains(&full), "{full} of {steps} minutes at full flow");
    let rows = |file: &str| -> Vec<Vec<String>> {
        let text = fs::read_to_string(dir.join(file)).unwrap();
        text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()
    };
    let people = |rows: &[Vec<String>]| -> i64 {
        let column = rows[0].iter().position(|name| name == "people").unwrap();
        rows[1..].iter().map(|row| row[column].parse::<i64>().unwrap()).sum()
    };
    for file in ["link_hours.csv", "link_zone_hours.csv", "zone_arrivals.csv", "site_arrivals.csv"] {
        assert_eq!(people(&rows(file)), 12_000, "{file}");
    }
    assert_eq!(rows("zone_arrivals.csv")[1].last().unwrap().parse::<f64>().unwrap(), report["last_s"]);
    assert_eq!(report["recording"]["links_by_zone"], report["recording"]["links_passed"]);
}

/// A town whose quarters are each told one road, and orders that ignore space: in the plan's figures everybody is there within the hours
/// that there are; where queues take space a full road blocks others. Without space the simulation says what the plan says. Orders made for
/// roads with space come out there as the plan says.
#[test]
fn in_a_town_full_roads_block_others_and_the_page_says_where() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    clearway_in(
        dir,
        &[
            "plan",
            text(&example("helsinki")),
            "--out",
            "plan",
            "--routes-per-zone",
            "1",
            "--queues",
            "ignore-space",
        ],
    )
    .code(0);
    clearway_in(dir, &["simulate", "plan", "--out", "flat", "--queues", "vertical"]).code(0);
    let flat = json(dir, "flat/simulation.json");
    for key in ["t90_s", "t100_s"] {
        let (simulated, plan) = (flat[key].as_f64().unwrap(), flat["plan"][key].as_f64().unwrap());
        assert!((simulated / plan - 1.0).abs() < 0.01, "{key}: {simulated} {plan}");
        assert!(simulated >= flat["bound"][key].as_f64().unwrap());
    }
    let said = clearway_in(dir, &["simulate", "plan", "--out", "sim"]).code(0).out;
    assert!(said.contains("do not arrive") && said.contains("overtaken by a hazard"), "{said}");
    let report = json(dir, "sim/simulation.json");
    assert_eq!(report["arrived"].as_i64().unwrap() + report["not_arrived"].as_i64().unwrap(), 10_000);
    let standing: i64 = report["standing"]
        .as_array()
        .unwrap()
        .iter()
        .map(|place| place["people"].as_i64().unwrap() + place["overtaken"].as_i64().unwrap())
        .sum();
    assert_eq!(Some(standing), report["not_arrived"].as_i64());
    clearway_in(dir, &["plan", text(&example("helsinki")), "--out", "metered", "--routes-per-zone", "1"])
        .code(0);
    clearway_in(dir, &["simulate", "metered", "--out", "there"]).code(0);
    let there = json(dir, "there/simulation.json");
    assert_eq!((&there["arrived"], &there["not_arrived"]), (&10_000.into(), &0.into()));
    assert!(there["waiting"]["mean_min"].as_f64().unwrap() < 2.0, "{there:#}");
    let (simulated, plan) = (there["t100_s"].as_f64().unwrap(), there["plan"]["t100_s"].as_f64().unwrap());
    assert!((simulated / plan - 1.0).abs() < 0.01, "{simulated} {plan}");
    // never more than the bound at any moment
    let curve = fs::read_to_string(dir.join("sim/curve.csv")).unwrap();
    for row in curve.lines().skip(1) {
        let cells: Vec<f64> = row.split(',').map(|cell| cell.parse().unwrap()).collect();
        assert!(cells[1] <= cells[3], "{row}");
    }
}

#[test]
fn what_cannot_be_simulated_is_said() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    clearway_in(dir, &["plan", text(&example("one-road")), "--out", "plan"]).code(0);
    let wrong = ["--spacing-m", "2", "--wave-km-h", "90", "--pocket-vehicles", "64"];
    clearway_in(dir, &[["simulate", "plan", "--out", "sim"].as_slice(), wrong.as_slice()].concat())
        .code(2)
        .says(&[
            "spacing_m is 2, expected a number from 4 to 20",
            "wave_km_h is 90, expected a number from 5 to 40",
            "pocket_vehicles is 64, expected a whole number from 0 to 63",
        ]);
    clearway_in(dir, &["simulate", text(&example("one-road")), "--out", "sim"]).code(2).says(&[
        "is a scenario folder",
        "clearway plan",
        "--baseline",
    ]);
    clearway_in(dir, &["verify", text(&example("one-road"))]).code(2).says(&["is a scenario folder"]);
    clearway_in(dir, &["plan", text(&example("one-road")), "--out", "bound", "--bound-only"]).code(0);
    clearway_in(dir, &["simulate", "bound", "--out", "sim"]).code(2).says(&["has no orders"]);
}

/// One road of 3,000 people per hour takes 12,000 people four hours and its ten minutes, with a plan or without.
#[test]
fn a_scenario_is_simulated_without_a_plan() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let said =
        clearway_in(dir, &["simulate", text(&example("one-road")), "--baseline", "--out", "sim"]).code(0).out;
    assert!(said.contains("takes the shortest way at once, all have arrived after 4 h 10 min"), "{said}");
    let report = json(dir, "sim/simulation.json");
    assert_eq!(report["orders"], "shortest_way_at_once");
    assert_eq!(report["t100_s"], 15_000.0);
    for key in ["plan", "bound", "baseline"] {
        assert_eq!(report[key], Value::Null, "{key}");
    }
    let curve = fs::read_to_string(dir.join("sim/curve.csv")).unwrap();
    assert!(
        curve.starts_with("time_s,simulated_people,plan_people,bound_people,baseline_people\n0,0,,,\n"),
        "{curve}"
    );
    assert!(
        fs::read_to_string(dir.join("sim/index.html")).unwrap().contains("Everybody by the shortest way")
    );
    clearway_in(dir, &["plan", text(&example("one-road")), "--out", "plan"]).code(0);
    clearway_in(dir, &["simulate", "plan", "--baseline", "--out", "none"]).code(2).says(&["plan/scenario"]);
    clearway_in(dir, &["simulate", "plan", "--out", "beside"]).code(0);
    assert_eq!(json(dir, "beside/simulation.json")["baseline"]["t100_s"], 15_000.0);
    clearway_in(dir, &["simulate", "plan", "--no-baseline", "--out", "alone"]).code(0);
    assert_eq!(json(dir, "alone/simulation.json")["baseline"], Value::Null);
}

/// All groups of a plan at once: each where it moves, all of them counted, with a page for the whole and one for each.
#[test]
fn a_plan_for_several_means_is_simulated_as_a_whole() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    clearway_in(dir, &["plan", text(&example("bicycles")), "--out", "several"]).code(0);
    let said = clearway_in(dir, &["simulate", "several", "--out", "sim"]).code(0).out;
    let report = json(dir, "sim/simulation.json");
    let means = report["means"].as_array().unwrap();
    assert!(means.len() > 1, "{said}");
    for key in ["evacuees", "arrived"] {
        let sum: i64 = means.iter().map(|of| of[key].as_i64().unwrap()).sum();
        assert_eq!(report[key].as_i64().unwrap(), sum, "{key}");
    }
    let last = |of: &Value| of["simulated"]["t100_s"].as_f64().unwrap();
    let latest = means.iter().map(last).fold(0.0, f64::max);
    assert_eq!(report["t100_s"].as_f64().unwrap(), latest);
    for of in means {
        let bound = of["bound"]["t100_s"].as_f64().unwrap();
        assert!(last(of) >= bound, "{of}");
        let folder = of["means"].as_str().unwrap();
        let part = json(dir, &format!("sim/{folder}/simulation.json"));
        assert_eq!(part["arrived"], of["arrived"]);
        assert!(dir.join("sim").join(folder).join("link_states.bin").is_file());
    }
    let page = fs::read_to_string(dir.join("sim/index.html")).unwrap();
    assert!(page.contains("By means") && page.contains("/index.html\""));
}
