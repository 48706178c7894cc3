//! From a road map to a proven plan: a town typed here as OSM, the same roads as GMNS, a hazard, the demo.

use crate::common;
use crate::common::{clearway_in, tree};
use serde_json::Value;
use std::fmt::Write;
use std::fs;
use std::path::Path;

const LON: f64 = 24.0;
const LAT: f64 = 60.0;
/// Between streets: about 200 m.
const EAST: f64 = 0.0036;
const NORTH: f64 = 0.0018;
/// Streets from -REACH to REACH both ways; the town's area ends between the third and the fourth.
const REACH: i32 = 7;

/// A grid of streets; the two through the middle are secondary roads, one street is one-way, one turn is banned, a wall of
/// private drives does not count.
fn town() -> String {
    let id = |c: i32, r: i32| 1000 + (r + REACH) * 100 + c + REACH;
    let mut text = "<?xml version='1.0' encoding='UTF-8'?>\n<osm version=\"0.6\">\n".to_owned();
    for r in -REACH..=REACH {
        for c in -REACH..=REACH {
            let (lat, lon) = (LAT + f64::from(r) * NORTH, LON + f64::from(c) * EAST);
            writeln!(text, "<node id=\"{}\" lat=\"{lat:.7}\" lon=\"{lon:.7}\"/>", id(c, r)).unwrap();
        }
    }
    let mut way = 0;
    for (column, at) in [false, true].into_iter().flat_map(|x| (-REACH..=REACH).map(move |y| (x, y))) {
        // The two roads through the middle are cut there, so that a banned turn has ways that end at its junction.
        let parts = if at == 0 { vec![-REACH..=0, 0..=REACH] } else { vec![-REACH..=REACH] };
        for part in parts {
            way += 1;
            let refs: String = part
                .map(|k| if column { id(at, k) } else { id(k, at) })
                .map(|n| format!("<nd ref=\"{n}\"/>"))
                .collect();
            let class = if at == 0 { "secondary" } else { "residential" };
            let extra = match (column, at) {
                (true, 2) => "<tag k=\"oneway\" v=\"yes\"/>",
                (false, 0) => "<tag k=\"lanes\" v=\"4\"/><tag k=\"maxspeed\" v=\"60\"/>",
                (false, 4) => "<tag k=\"access\" v=\"private\"/>",
                _ => "",
            };
            let name = format!("{} {at}", if column { "Column" } else { "Row" });
            writeln!(
                text,
                "<way id=\"{way}\">{refs}<tag k=\"highway\" v=\"{class}\"/><tag k=\"name\" v=\"{name}\"/>{extra}</way>"
            )
            .unwrap();
        }
    }
    // From the western half of the middle row into the northern half of the middle column: no left turn. Rows come first,
    // one way each but for the middle one.
    let (row, column) = (REACH + 1, 3 * REACH + 4);
    writeln!(
        text,
        "<relation id=\"1\"><member type=\"way\" ref=\"{row}\" role=\"from\"/><member type=\"node\" ref=\"{}\" role=\"via\"/>\
         <member type=\"way\" ref=\"{column}\" role=\"to\"/><tag k=\"type\" v=\"restriction\"/>\
         <tag k=\"restriction\" v=\"no_left_turn\"/></relation>",
        id(0, 0)
    )
    .unwrap();
    text.push_str("</osm>\n");
    text
}

fn rectangle(west: f64, south: f64, east: f64, north: f64) -> String {
    let p = |c: f64, r: f64| format!("[{:.7},{:.7}]", LON + c * EAST, LAT + r * NORTH);
    format!(
        r#"{{"type":"Polygon","coordinates":[[{0},{1},{2},{3},{0}]]}}"#,
        p(west, south),
        p(east, south),
        p(east, north),
        p(west, north)
    )
}

fn summary(plan: &Path) -> Value {
    serde_json::from_slice(&fs::read(plan.join("summary.json")).unwrap()).unwrap()
}

/// Checks, plans and verifies a scenario folder in `dir`; returns the plan's summary.
#[track_caller]
fn carry_through(dir: &Path, scenario: &str) -> Value {
    let ran = clearway_in(dir, &["check", scenario]).code(0);
    assert!(ran.out.contains(": 0 errors"), "{}", ran.out);
    let plan = format!("{scenario}-plan");
    clearway_in(dir, &["plan", scenario, "--out", &plan]).code(0);
    common::assert_holds(dir, &plan);
    let summary = summary(&dir.join(&plan));
    let (plan, bound) = (&summary["person_hours"]["plan"], &summary["person_hours"]["bound"]);
    assert!(plan.as_f64() >= bound.as_f64() && bound.as_f64() > Some(0.0), "{plan} {bound}");
    summary
}

#[test]
fn a_town_from_openstreetmap() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("map.osm"), town()).unwrap();
    fs::write(dir.path().join("area.geojson"), rectangle(-3.5, -3.5, 3.5, 3.5)).unwrap();
    let ran = clearway_in(
        dir.path(),
        &[
            "new",
            "town",
            "--roads",
            "map.osm",
            "--area",
            "area.geojson",
            "--people",
            "4000",
            "--release",
            "fast",
        ],
    )
    .code(0);
    assert!(ran.out.contains("next: clearway plan town"), "{}", ran.out);
    let made = carry_through(dir.path(), "town");
    assert_eq!(made["people"]["total"], 4000);
    assert_eq!(made["people"]["arrived"], 4000, "{made:#}");
    assert!(made["gap"]["person_hours"].as_f64().unwrap() < 0.2, "{made:#}");
    // The same roads by way of GMNS tables.
    clearway_in(dir.path(), &["import", "map.osm", "--out", "gmns"]).code(0);
    for name in ["node.csv", "link.csv", "movement.csv"] {
        assert!(dir.path().join("gmns").join(name).is_file(), "{name}");
    }
    let movements = fs::read_to_string(dir.path().join("gmns/movement.csv")).unwrap();
    assert!(movements.lines().count() > 1, "the banned turn is kept: {movements}");
    let again = [
        "new",
        "again",
        "--roads",
        "gmns",
        "--area",
        "area.geojson",
        "--people",
        "4000",
        "--release",
        "fast",
    ];
    clearway_in(dir.path(), &again).code(0);
    let (first, second) = (tree(&dir.path().join("town")), tree(&dir.path().join("again")));
    for table in ["link.csv", "node.csv", "movement.csv", "zones.csv", "sites.csv", "connectors.csv"] {
        assert_eq!(
            String::from_utf8_lossy(&first[table]),
            String::from_utf8_lossy(&second[table]),
            "{table} by way of GMNS"
        );
    }
}

#[test]
fn a_town_on_foot_and_in_few_zones() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("map.osm"), town()).unwrap();
    fs::write(dir.path().join("area.geojson"), rectangle(-3.5, -3.5, 3.5, 3.5)).unwrap();
    let arguments = [
        "new",
        "walk",
        "--roads",
        "map.osm",
        "--area",
        "area.geojson",
        "--people",
        "900",
        "--mode",
        "walk",
        "--zone-count",
        "4",
    ];
    clearway_in(dir.path(), &arguments).code(0);
    let made = carry_through(dir.path(), "walk");
    assert_eq!(made["people"]["arrived"], 900, "{made:#}");
    assert_eq!(made["zones"], 4, "{made:#}");
}

#[test]
fn a_hazard_closes_part_of_a_town() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("map.osm"), town()).unwrap();
    fs::write(dir.path().join("area.geojson"), rectangle(-3.5, -3.5, 3.5, 3.5)).unwrap();
    let water = format!(
        r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":{{"hazard_id":"water","name":"Water","from_ms":1800000,"level":"deep"}},"geometry":{}}}]}}"#,
        rectangle(-6.0, -6.0, -1.4, 6.0)
    );
    fs::write(dir.path().join("water.geojson"), water).unwrap();
    let arguments = [
        "new",
        "town",
        "--roads",
        "map.osm",
        "--area",
        "area.geojson",
        "--people",
        "4000",
        "--hazards",
        "water.geojson",
    ];
    clearway_in(dir.path(), &arguments).code(0);
    clearway_in(dir.path(), &["resolve", "town"]).code(0);
    let closures = fs::read_to_string(dir.path().join("town/closures.csv")).unwrap();
    assert!(closures.contains("water"), "{closures}");
    // Once more changes nothing.
    clearway_in(dir.path(), &["resolve", "town"]).code(0);
    assert_eq!(fs::read_to_string(dir.path().join("town/closures.csv")).unwrap(), closures);
    let made = carry_through(dir.path(), "town");
    let people = |key: &str| made["people"][key].as_i64().unwrap();
    assert_eq!(people("total"), 4000);
    assert_eq!(people("arrived") + people("overtaken") + people("not_evacuated"), 4000);
    assert!(people("arrived") > 2000, "{made:#}");
    let zones = fs::read_to_string(dir.path().join("town-plan/zones.csv")).unwrap();
    assert!(zones.contains("1800"), "the hazard's time stands in zones.csv:\n{zones}");
}

#[test]
fn gmns_typed_by_hand_with_a_byte_order_mark() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("roads");
    fs::create_dir_all(&folder).unwrap();
    let mut nodes = "\u{feff}node_id,x_coord,y_coord\n".to_owned();
    let mut links =
        "\u{feff}link_id,from_node_id,to_node_id,directed,length,facility_type,lanes,free_speed,capacity\n"
            .to_owned();
    for n in 0..10 {
        writeln!(nodes, "{n},{:.6},60.0", LON + f64::from(n) * EAST).unwrap();
        if n > 0 {
            // 0.2 km between junctions; GMNS capacities are per lane.
            writeln!(links, "{n}e,{},{n},true,0.2,residential,1,40,600", n - 1).unwrap();
            writeln!(links, "{n}w,{n},{},true,0.2,residential,1,40,600", n - 1).unwrap();
        }
    }
    fs::write(folder.join("node.csv"), nodes).unwrap();
    fs::write(folder.join("link.csv"), links).unwrap();
    fs::write(dir.path().join("area.geojson"), rectangle(1.5, -1.0, 5.5, 1.0)).unwrap();
    let arguments = ["new", "street", "--roads", "roads", "--area", "area.geojson", "--people", "300"];
    clearway_in(dir.path(), &arguments).code(0);
    let made = carry_through(dir.path(), "street");
    assert_eq!(made["people"]["arrived"], 300, "{made:#}");
    let links = fs::read_to_string(dir.path().join("street/link.csv")).unwrap();
    assert!(links.starts_with("link_id"), "our own tables have no byte-order mark");
}

#[test]
fn the_demo_needs_nothing() {
    let dir = tempfile::tempdir().unwrap();
    for (arguments, example) in [
        (&["demo"][..], "helsinki"),
        (&["demo", "rafah-2024"], "rafah-2024"),
        (&["demo", "one-road"], "one-road"),
    ] {
        let ran = clearway_in(dir.path(), arguments).code(0);
        assert!(ran.out.contains("holds: every figure"), "{}", ran.out);
        let plan = format!("clearway-demo/{example}-plan");
        assert!(dir.path().join(&plan).join("index.html").is_file());
        if example == "rafah-2024" {
            // long to check: the same plan as the one that is tampered with, which both checkers find right
            for file in ["plan.json", "certificate.json", "orders.geojson", "curve.csv"] {
                let of = |plan: &Path| fs::read(plan.join(file)).unwrap();
                assert!(of(&dir.path().join(&plan)) == of(common::rafah_plan()), "{file}");
            }
        } else {
            common::assert_holds(dir.path(), &plan);
        }
        // The page is one file that asks no other for anything.
        let page = fs::read_to_string(dir.path().join(&plan).join("index.html")).unwrap();
        for outside in ["src=\"http", "<link ", "@import", "fetch("] {
            assert!(!page.contains(outside), "{outside} in {example}'s page");
        }
    }
    assert_shows_a_gap_and_its_cause(&dir.path().join("clearway-demo/helsinki-plan"));
    let outside: Vec<_> =
        tree(dir.path()).into_keys().filter(|name| !name.starts_with("clearway-demo/")).collect();
    assert!(outside.is_empty(), "{outside:?}");
    // Once more replaces what is there.
    clearway_in(dir.path(), &["demo", "one-road"]).code(0);
}

/// What the README of the real town says, to the second: one route per zone takes long, and which roads set the bound.
#[track_caller]
fn assert_shows_a_gap_and_its_cause(plan: &Path) {
    let one = summary(plan);
    assert_eq!(one["people"]["arrived"], 10_000, "{one:#}");
    assert_eq!(one["route_limited_bound"]["routes_per_zone"], 1);
    let seconds = |of: &Value| of.as_f64().unwrap().floor();
    assert_eq!(seconds(&one["clearance_s"]["bound"]), 8_121.0, "no plan below 2 h 15 min 21 s");
    assert_eq!(
        seconds(&one["route_limited_bound"]["clearance_s"]),
        9_222.0,
        "nor with one route below 2 h 33 min 42 s"
    );
    assert_eq!(seconds(&one["clearance_s"]["plan"]), 10_029.0, "arrived after 2 h 47 min 10 s");
    let causes = fs::read_to_string(plan.join("bottlenecks.csv")).unwrap();
    for (line, road) in causes.lines().skip(1).zip(["Mannerheimintie", "Siltasaarenkatu", "Asema-aukio"]) {
        assert!(line.contains(road), "{road}: {line}");
    }
}

#[test]
fn with_two_routes_per_zone_the_demo_is_near_its_bound() {
    let dir = tempfile::tempdir().unwrap();
    clearway_in(dir.path(), &["demo", "--routes-per-zone", "2"]).code(0);
    let two = summary(&dir.path().join("clearway-demo/helsinki-plan"));
    assert_eq!(two["route_limited_bound"]["routes_per_zone"], 2);
    assert!(two["gap"]["clearance"].as_f64().unwrap() < 0.12, "{two:#}");
    // on paper, where queues take no space, within a hundredth
    let flat = ["demo", "--routes-per-zone", "2", "--queues", "ignore-space", "--out", "flat"];
    clearway_in(dir.path(), &flat).code(0);
    let two = summary(&dir.path().join("flat/helsinki-plan"));
    assert!(two["gap"]["clearance"].as_f64().unwrap() < 0.01, "{two:#}");
}
