//! From a map to a plan where a bridge is closed and where a gate is: nobody is carried across, and no gate is a way out.

use crate::common;
use crate::common::clearway_in;
use serde_json::Value;
use std::fmt::Write;
use std::fs;
use std::path::Path;

/// OSM of nodes (id, lon, lat, tags) and ways (id, nodes, tags), each tag as `k=v`.
fn osm(bounds: &str, nodes: &[(i64, f64, f64, &str)], ways: &[(i64, &[i64], &str)]) -> String {
    let tags = |text: &str| -> String {
        let tags = text.split(' ').filter_map(|tag| tag.split_once('='));
        tags.map(|(k, v)| format!("<tag k=\"{k}\" v=\"{v}\"/>")).collect()
    };
    let mut text = format!("<osm version=\"0.6\"><bounds {bounds}/>");
    for (id, lon, lat, of) in nodes {
        write!(text, "<node id=\"{id}\" lon=\"{lon}\" lat=\"{lat}\">{}</node>", tags(of)).unwrap();
    }
    for (id, refs, of) in ways {
        let refs: String = refs.iter().map(|id| format!("<nd ref=\"{id}\"/>")).collect();
        write!(text, "<way id=\"{id}\">{refs}{}</way>", tags(of)).unwrap();
    }
    text + "</osm>"
}

fn summary(plan: &Path) -> Value {
    serde_json::from_slice(&fs::read(plan.join("summary.json")).unwrap()).unwrap()
}

/// A square of streets, a bridge with the tags given, and a shelter on the far bank, 11 m from its street.
fn river(dir: &Path, bridge: &str) {
    let map = osm(
        "minlon=\"-0.05\" minlat=\"-0.05\" maxlon=\"0.08\" maxlat=\"0.05\"",
        &[
            (1, 0.0, 0.0, ""),
            (2, 0.004, 0.0, ""),
            (3, 0.004, 0.004, ""),
            (4, 0.0, 0.004, ""),
            (8, 0.004, 0.002, ""),
            (20, 0.0067, 0.002, ""),
            (21, 0.0087, 0.002, ""),
        ],
        &[
            (100, &[1, 2, 8, 3, 4, 1], "highway=residential"),
            (200, &[20, 21], "highway=residential"),
            (202, &[8, 20], &format!("highway=tertiary bridge=yes {bridge}")),
        ],
    );
    fs::write(dir.join("map.osm"), map).unwrap();
    let zone = r#"{"type":"Feature","properties":{"zone_id":"WEST","people":2000},"geometry":{"type":"Polygon",
        "coordinates":[[[-0.0005,-0.0005],[0.0045,-0.0005],[0.0045,0.0045],[-0.0005,0.0045],[-0.0005,-0.0005]]]}}"#;
    fs::write(dir.join("zones.geojson"), zone).unwrap();
    fs::write(dir.join("shelter.csv"), "site_id,name,x,y,capacity\nS,Shelter,0.0067,0.0021,5000\n").unwrap();
}

const NEW_RIVER: [&str; 12] = [
    "new",
    "s",
    "--roads",
    "map.osm",
    "--zones",
    "zones.geojson",
    "--sites",
    "shelter.csv",
    "--release",
    "instant",
    "--horizon",
    "12h",
];

#[test]
fn a_closed_bridge_leaves_everybody_behind_and_says_so() {
    for (bridge, arrived) in [("", 2000), ("access=no", 0)] {
        let dir = tempfile::tempdir().unwrap();
        river(dir.path(), bridge);
        let ran = clearway_in(dir.path(), &NEW_RIVER).code(0);
        let plan = clearway_in(dir.path(), &["plan", "s", "--out", "p"]).code(0);
        common::assert_holds(dir.path(), "p");
        let made = summary(&dir.path().join("p"));
        assert_eq!(made["people"]["arrived"], arrived, "{bridge}: {made:#}");
        let kinds: Vec<&str> =
            made["assumptions"].as_array().unwrap().iter().map(|row| row["kind"].as_str().unwrap()).collect();
        if arrived == 0 {
            assert!(ran.out.contains("0 errors and 2 warnings"), "{}", ran.out);
            let words =
                "2,000 people in 1 zone without a way to any site along the roads as they are: not evacuated";
            assert!(ran.out.contains(words), "{}", ran.out);
            assert!(clearway_in(dir.path(), &["check", "s"]).code(0).out.contains(words));
            assert!(fs::read_to_string(dir.path().join("p/index.html")).unwrap().contains(words));
            assert_eq!(kinds, ["no_road", "access"]);
            assert!(plan.out.contains("no road leads from their zone to any destination"), "{}", plan.out);
            assert!(dir.path().join("p/scenario/assumptions.csv").is_file());
        } else {
            assert!(ran.out.contains("0 errors and 0 warnings"), "{}", ran.out);
            assert!(kinds.is_empty(), "{kinds:?}");
        }
    }
}

#[test]
fn the_near_side_of_a_closed_gate_is_no_exit() {
    let dir = tempfile::tempdir().unwrap();
    let map = osm(
        "minlon=\"-0.1\" minlat=\"-0.1\" maxlon=\"0.2\" maxlat=\"0.1\"",
        &[
            (1, 0.0, 0.0, ""),
            (2, 0.01, 0.0, ""),
            (3, 0.02, 0.0, "barrier=gate access=no"),
            (4, 0.03, 0.0, ""),
            (5, 0.06, 0.0, ""),
            (6, 0.0, 0.01, ""),
            (7, 0.01, 0.01, ""),
            (8, -0.05, 0.0, ""),
        ],
        &[
            (100, &[2, 3, 4, 5], "highway=secondary name=Gate_Road"),
            (101, &[1, 2], "highway=residential"),
            (102, &[1, 6], "highway=residential"),
            (103, &[6, 7], "highway=residential"),
            (104, &[7, 2], "highway=residential"),
            (105, &[1, 8], "highway=residential name=Track_West"),
        ],
    );
    fs::write(dir.path().join("gate.osm"), map).unwrap();
    let area = r#"{"type":"Polygon","coordinates":[[[-0.004,-0.004],[0.024,-0.004],[0.024,0.014],[-0.004,0.014],[-0.004,-0.004]]]}"#;
    fs::write(dir.path().join("area.geojson"), area).unwrap();
    let new = |name: &'static str| {
        [
            "new",
            name,
            "--roads",
            "gate.osm",
            "--area",
            "area.geojson",
            "--people",
            "1000",
            "--release",
            "instant",
            "--horizon",
            "6h",
        ]
    };
    clearway_in(dir.path(), &new("s")).code(0);
    let sites = fs::read_to_string(dir.path().join("s/sites.csv")).unwrap();
    assert!(sites.contains("Track_West") && !sites.contains("Gate_Road"), "{sites}");
    let exits = fs::read_to_string(dir.path().join("s/exits.csv")).unwrap();
    assert!(exits.contains("no,3,0.02,0,Gate_Road,secondary,proposed,ends at a closed barrier"), "{exits}");
    clearway_in(dir.path(), &["plan", "s", "--out", "p", "--bound-only"]).code(0);
    // 1,000 people by one street of 5.6 km: about 45 min 45 s; by the gate as well it would be 18 min 45 s.
    let bound = summary(&dir.path().join("p"))["clearance_s"]["bound"].as_f64().unwrap();
    assert!((2_735.0..2_755.0).contains(&bound), "{bound}");
    // Who knows that the gate will be opened says so in the list.
    fs::write(dir.path().join("exits.csv"), exits.replace("no,3,", "yes,3,")).unwrap();
    let confirmed = [&new("t")[..], &["--exits", "exits.csv"]].concat();
    clearway_in(dir.path(), &confirmed).code(0);
    let sites = fs::read_to_string(dir.path().join("t/sites.csv")).unwrap();
    assert!(sites.contains("Gate_Road"), "{sites}");
}

#[test]
fn faults_of_options_files_and_roads_come_together() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("map.osm"), "<osm version=\"0.6\"></osm>").unwrap();
    fs::write(dir.path().join("area.geojson"), r#"{"type":"Point","coordinates":[0,0]}"#).unwrap();
    let arguments = [
        "new",
        "s",
        "--roads",
        "map.osm",
        "--area",
        "area.geojson",
        "--people=-5",
        "--zone-count",
        "0",
        "--sites",
        "nowhere.csv",
        "--start",
        "yesterday",
    ];
    let ran = clearway_in(dir.path(), &arguments).code(2);
    ran.says(&["map.osm", "area.geojson", "-5", "zone_count", "nowhere.csv", "yesterday"]);
}

#[test]
fn sites_that_were_edited_are_joined_again() {
    let dir = tempfile::tempdir().unwrap();
    river(dir.path(), "");
    clearway_in(dir.path(), &NEW_RIVER).code(0);
    let file = dir.path().join("s/sites.csv");
    let table = fs::read_to_string(&file).unwrap();
    let row = table.lines().nth(1).unwrap();
    // The shelter is replaced by one at the end of its street.
    let edited = row.replacen('S', "T", 1).replace("0.0067", "0.0087");
    fs::write(&file, table.replace(row, &edited)).unwrap();
    fs::remove_file(dir.path().join("s/sites.geojson")).unwrap();
    clearway_in(dir.path(), &["check", "s"]).code(2);
    let ran = clearway_in(dir.path(), &["connect", "s"]).code(0);
    assert!(ran.out.contains("joined anew: site T; left out: S"), "{}", ran.out);
    let connectors = fs::read_to_string(dir.path().join("s/connectors.csv")).unwrap();
    assert!(connectors.contains("site:T:1,site,T,21,"), "{connectors}");
    clearway_in(dir.path(), &["connect", "s", "--site", "X"]).code(2).says(&["X"]);
}
