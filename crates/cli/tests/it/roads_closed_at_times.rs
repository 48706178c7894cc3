//! Roads that the map closes at times, from the map to a verified plan; tables of others with figures that no road has.

use crate::common::{assert_holds, clearway_in};
use serde_json::Value;
use std::fmt::Write;
use std::fs;
use std::path::Path;

/// Two banks, the shelter on the eastern one: a long bridge in the north (way 300), a short causeway in the south (way 200).
fn two_banks(causeway: &str) -> String {
    let mut text =
        "<osm version=\"0.6\"><bounds minlon=\"-0.05\" minlat=\"-0.05\" maxlon=\"0.08\" maxlat=\"0.05\"/>\n"
            .to_owned();
    for (id, lon, lat) in [
        (1, 0.0, 0.0),
        (2, 0.004, 0.0),
        (3, 0.004, 0.004),
        (4, 0.0, 0.004),
        (11, 0.008, 0.0),
        (12, 0.012, 0.0),
        (13, 0.012, 0.004),
        (14, 0.008, 0.004),
        (20, 0.006, 0.02),
    ] {
        writeln!(text, "<node id=\"{id}\" lon=\"{lon}\" lat=\"{lat}\"/>").unwrap();
    }
    for (id, nodes, tags) in [
        (100, &[1, 2, 3, 4, 1][..], "highway=residential name=West"),
        (110, &[11, 12, 13, 14, 11], "highway=residential name=East"),
        (300, &[3, 20, 14], "highway=tertiary lanes=2 name=Bridge"),
        (200, &[2, 11], &*format!("highway=tertiary lanes=2 name=Causeway {causeway}")),
    ] {
        let refs: String = nodes.iter().map(|n| format!("<nd ref=\"{n}\"/>")).collect();
        let tags: String = tags
            .split_whitespace()
            .filter_map(|tag| tag.split_once('='))
            .map(|(key, value)| format!("<tag k=\"{key}\" v=\"{value}\"/>"))
            .collect();
        writeln!(text, "<way id=\"{id}\">{refs}{tags}</way>").unwrap();
    }
    text.push_str("</osm>\n");
    text
}

fn planned(dir: &Path, name: &str, map: &str) -> Value {
    fs::write(dir.join("map.osm"), map).unwrap();
    fs::write(dir.join("shelter.csv"), "site_id,name,x,y,capacity\nS,Shelter,0.0101,0.0001,5000\n").unwrap();
    fs::write(
        dir.join("zones.geojson"),
        r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"zone_id":"WEST","people":2000},
        "geometry":{"type":"Polygon","coordinates":[[[-0.0005,-0.0005],[0.004001,-0.0005],[0.004001,0.0045],[-0.0005,0.0045],[-0.0005,-0.0005]]]}}]}"#,
    )
    .unwrap();
    let new = ["new", name, "--roads", "map.osm", "--zones", "zones.geojson", "--sites", "shelter.csv"];
    clearway_in(dir, &[&new[..], &["--release", "instant", "--horizon", "12h"]].concat()).code(0);
    let ran = clearway_in(dir, &["check", name]).code(0);
    assert!(ran.out.contains(": 0 errors"), "{}", ran.out);
    let plan = format!("{name}-plan");
    clearway_in(dir, &["plan", name, "--out", &plan]).code(0);
    assert_holds(dir, &plan);
    serde_json::from_slice(&fs::read(dir.join(&plan).join("summary.json")).unwrap()).unwrap()
}

#[test]
fn a_causeway_that_the_tide_covers_carries_nobody_in_a_plan_and_loosens_what_is_impossible() {
    let dir = tempfile::tempdir().unwrap();
    let open = planned(dir.path(), "open", &two_banks(""));
    let tidal = planned(dir.path(), "tidal", &two_banks("tidal=yes"));
    assert_eq!((&open["people"]["arrived"], &tidal["people"]["arrived"]), (&2000.into(), &2000.into()));
    // One bridge of two is left: 0.85 x 1575 = 1339 pcu/h less 5 %, and a longer way.
    let clearance = |summary: &Value| summary["clearance_s"]["plan"].as_f64().unwrap();
    assert!(clearance(&tidal) > 1.5 * clearance(&open), "{} {}", clearance(&tidal), clearance(&open));
    let orders = |name: &str| fs::read_to_string(dir.path().join(name).join("orders.csv")).unwrap();
    assert!(orders("open-plan").contains("Causeway"), "{}", orders("open-plan"));
    assert!(!orders("tidal-plan").contains("Causeway"), "{}", orders("tidal-plan"));
    let report = fs::read_to_string(dir.path().join("tidal/import.txt")).unwrap();
    assert!(report.contains("way 200 Causeway (tidal=yes)"), "{report}");
}

#[test]
fn tables_with_figures_that_no_road_has_become_a_scenario_that_check_accepts() {
    let dir = tempfile::tempdir().unwrap();
    let tables = dir.path().join("gmns");
    fs::create_dir(&tables).unwrap();
    fs::write(tables.join("node.csv"), "node_id,x_coord,y_coord\n1,0,0\n2,0.01,0\n3,0.02,0\n4,0.01,0.01\n")
        .unwrap();
    fs::write(
        tables.join("link.csv"),
        "link_id,from_node_id,to_node_id,dir_flag,length,lanes,free_speed,capacity,link_type_name\n\
         a,1,2,0,1113,2,100,4600,motorway\nb,2,3,0,1113,1,60,99999,connector\nc,3,4,0,1574,40,60,1800,primary\n\
         d,4,1,0,1574,2,999,1800,secondary\n",
    )
    .unwrap();
    clearway_in(dir.path(), &["import", "gmns", "--out", "made"]).code(0);
    let links = fs::read_to_string(dir.path().join("made/link.csv")).unwrap();
    assert!(!links.contains("99999") && !links.contains("4600"), "{links}");
    fs::write(dir.path().join("shelter.csv"), "site_id,name,x,y,capacity\nS,Shelter,0.02,0.0001,5000\n")
        .unwrap();
    fs::write(
        dir.path().join("area.geojson"),
        r#"{"type":"Polygon","coordinates":[[[-0.001,-0.001],[0.011,-0.001],[0.011,0.011],[-0.001,0.011],[-0.001,-0.001]]]}"#,
    )
    .unwrap();
    let new = [
        "new",
        "town",
        "--roads",
        "gmns",
        "--area",
        "area.geojson",
        "--people",
        "500",
        "--sites",
        "shelter.csv",
    ];
    clearway_in(dir.path(), &new).code(0);
    let ran = clearway_in(dir.path(), &["check", "town"]).code(0);
    assert!(ran.out.contains(": 0 errors"), "{}", ran.out);
}
