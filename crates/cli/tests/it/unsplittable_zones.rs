//! The proof that unsplittable zones do not fit: it stands in a plan's certificate, both checkers follow it, and neither believes a wrong one.

use crate::common::{assert_holds, clearway_in, example, python, text, write};
use crate::roads;
use clearway_model::{
    ClosureRow, ConnectorPlace, ConnectorRow, LinkRow, MovementRow, NodeRow, Scenario, WindowRow,
    WindowTarget, ZoneRow,
};
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
fn a_plan_with_one_route_proves_that_unsplittable_zones_do_not_fit() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let scenario = example("rafah-2024");
    clearway_in(dir, &["plan", text(&scenario), "--out", "plan", "--routes-per-zone", "1"]).code(0);
    assert_holds(dir, "plan");
    let summary = read(&dir.join("plan/summary.json"));
    let mut sound = read(&dir.join("plan/certificate.json"));
    let whole = of_class(&mut sound)["unsplittable_zones"].clone();
    let theta = whole["theta_ms"].as_i64().unwrap();
    // What is proved is later than what all plans need, and is the bound of the class.
    let seconds = |value: &Value| value.as_f64().unwrap();
    assert_eq!(seconds(&summary["route_limited_bound"]["clearance_s"]), theta as f64 / 1000.0);
    assert!(theta as f64 / 1000.0 > 1.002 * seconds(&summary["clearance_s"]["bound"]), "{theta}");
    assert!(theta as f64 / 1000.0 <= seconds(&summary["clearance_s"]["plan"]));

    let found = |what: &str, code: &str, edit: &dyn Fn(&mut Value)| {
        assert_found(dir, &sound, what, code, |certificate| edit(certificate));
    };
    found("later than proved", "certificate.unsplittable_zones", &|c| {
        of_class(c)["unsplittable_zones"]["theta_ms"] = json!(theta + theta / 4);
    });
    found("a cut_arc less", "certificate.unsplittable_zones", &|c| {
        of_class(c)["unsplittable_zones"]["cut_arcs"].as_array_mut().unwrap().pop();
    });
    found("a cut_arc that is not there", "certificate.unsplittable_zones", &|c| {
        of_class(c)["unsplittable_zones"]["cut_arcs"].as_array_mut().unwrap().push(json!("link:none"));
    });
    found("a cut_arc twice", "certificate.unsplittable_zones", &|c| {
        let cut_arcs = of_class(c)["unsplittable_zones"]["cut_arcs"].as_array_mut().unwrap();
        cut_arcs.push(cut_arcs[0].clone());
    });
    found("a weight of 0", "certificate.unsplittable_zones", &|c| {
        of_class(c)["unsplittable_zones"]["weights"][0][1] = json!(0);
    });
    found("a zone twice", "certificate.unsplittable_zones", &|c| {
        let weights = of_class(c)["unsplittable_zones"]["weights"].as_array_mut().unwrap();
        weights.push(weights[0].clone());
    });
    found("no unit", "certificate.unsplittable_zones", &|c| {
        of_class(c)["unsplittable_zones"]["unit_people"] = json!(0);
    });
    found("of all plans", "certificate.unsplittable_zones", &|c| {
        c["families"][0]["unsplittable_zones"] = whole.clone();
    });
    // Without the proof the bound in the summary does not follow.
    found("no proof", "summary", &|c| {
        of_class(c).as_object_mut().unwrap().remove("unsplittable_zones");
    });
}

/// One site at the last node; links as (id, from, to, people/h, time in ms); zones as (id, people, node); one person in a vehicle.
fn scenario(nodes: &[&str], links: &[(&str, &str, &str, f64, i64)], zones: &[(&str, i64, &str)]) -> Scenario {
    let mut scenario = roads::one_road(1, 1);
    scenario.settings.class[0].people_per_vehicle = Some(1.0);
    scenario.settings.horizon_ms = 36_000_000;
    let node = |(at, id): (usize, &&str)| NodeRow {
        node_id: (*id).into(),
        x_coord: 0.01 * at as f64,
        ..NodeRow::default()
    };
    scenario.nodes = nodes.iter().enumerate().map(node).collect();
    let link = |&(id, from, to, capacity, time): &(&str, &str, &str, f64, i64)| LinkRow {
        link_id: id.into(),
        from_node_id: from.into(),
        to_node_id: to.into(),
        length_m: Some(4000.0),
        capacity_pcu_h: Some(capacity),
        time_ms: Some(time),
        ..scenario.links[0].clone()
    };
    scenario.links = links.iter().map(link).collect();
    let zone =
        |&(id, people, _): &(&str, i64, &str)| ZoneRow { zone_id: id.into(), people, ..ZoneRow::default() };
    scenario.zones = zones.iter().map(zone).collect();
    scenario.connectors.retain(|row| row.place == ConnectorPlace::Site);
    scenario.connectors[0].node_id = (*nodes.last().unwrap()).into();
    scenario.connectors.extend(zones.iter().map(|&(id, _, node)| ConnectorRow {
        connector_id: format!("of {id}"),
        place: ConnectorPlace::Zone,
        place_id: id.into(),
        node_id: node.into(),
        ..ConnectorRow::default()
    }));
    scenario
}

fn closed(link: &str, from_ms: i64, until_ms: i64) -> ClosureRow {
    ClosureRow {
        closure_id: format!("{link} closed"),
        target_id: link.into(),
        from_ms,
        until_ms: Some(until_ms),
        ..ClosureRow::default()
    }
}

/// Where turns are banned a link has several places before it, and what can be passed in time is asked of the link.
#[test]
fn what_can_be_passed_is_the_same_where_turns_are_banned() {
    let links = [
        ("d1", "b", "u", 1000.0, 600_000),
        ("d2", "b", "u", 1000.0, 600_000),
        ("kk", "u", "s", 50_000.0, 600_000),
        ("k", "u", "s", 50_000.0, 600_000),
        ("k1", "u", "s", 1000.0, 600_000),
        ("l", "a", "u", 50_000.0, 4_000_000),
    ];
    let zones = [("Z0a", 1000, "b"), ("Z0b", 1000, "b"), ("Z0c", 1000, "b"), ("Z1", 900, "a")];
    let mut scenario = scenario(&["a", "b", "u", "s"], &links, &zones);
    // From l one may not turn into kk, k closes before anybody comes by l, and k1 opens at about that time.
    scenario.movements = vec![MovementRow {
        mvmt_id: "m".into(),
        node_id: "u".into(),
        ib_link_id: "l".into(),
        ob_link_id: "kk".into(),
        prohibited: "1".into(),
    }];
    scenario.closures = vec![closed("k", 3_600_000, 36_000_000), closed("k1", 0, 4_000_000)];
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    write(&dir.join("scenario"), &scenario);
    clearway_in(dir, &["plan", "scenario", "--out", "plan", "--routes-per-zone", "1"]).code(0);
    assert_holds(dir, "plan");
    let mut certificate = read(&dir.join("plan/certificate.json"));
    assert!(of_class(&mut certificate)["unsplittable_zones"].is_object());
}

/// A packet that comes in the moment in which a link closes is let in: nothing may be proved of those who are late by no more.
#[test]
fn whoever_comes_as_a_link_closes_is_not_too_late() {
    let hour = 3_600_000;
    let links = [
        ("L0", "a0", "u", 1000.0, 60_000),
        ("L1", "a1", "u", 1000.0, 60_000),
        ("L2", "a2", "u", 1000.0, 60_000),
        ("D", "u", "s", 20.0, 60_000),
    ];
    let zones = [("Z0", 10, "a0"), ("Z1", 10, "a1"), ("Z2", 10, "a2")];
    let mut scenario = scenario(&["a0", "a1", "a2", "u", "s"], &links, &zones);
    scenario.settings.class[0].people_per_vehicle = Some(10.0);
    scenario.settings.class[0].pcu_per_vehicle = 10.0;
    // Each zone opens as its link closes, until five hours.
    scenario.closures = ["L0", "L1", "L2"].map(|link| closed(link, hour, 5 * hour)).into();
    let window = |zone: &str| WindowRow {
        window_id: format!("{zone} open"),
        target: WindowTarget::Zone,
        target_id: zone.into(),
        from_ms: hour,
        until_ms: Some(10 * hour),
        ..WindowRow::default()
    };
    scenario.windows = ["Z0", "Z1", "Z2"].map(window).into();
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    write(&dir.join("scenario"), &scenario);
    clearway_in(dir, &["plan", "scenario", "--out", "plan", "--routes-per-zone", "1"]).code(0);
    assert_holds(dir, "plan");
    // A replay can have all 30 there long before: each zone's ten people are one packet.
    let sound = read(&dir.join("plan/certificate.json"));
    assert_found(dir, &sound, "too late by nothing", "certificate.unsplittable_zones", |certificate| {
        of_class(certificate)["unsplittable_zones"] = json!({
            "theta_ms": 19_020_000, "cut_arcs": ["link:D"], "weights": [["Z0", 1], ["Z1", 1], ["Z2", 1]], "unit_people": 1
        });
    });
}
