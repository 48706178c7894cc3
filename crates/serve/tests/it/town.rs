//! A small town as an OpenStreetMap file: a grid of streets, and two main roads out of it.

use std::fmt::Write;

/// Streets in each direction.
const STREETS: i64 = 7;

/// Longitude of the town's western edge, latitude of its southern one, degrees.
pub const SOUTH_WEST: [f64; 2] = [10.0, 50.0];
/// Length of a block, degrees of longitude and latitude; about 140 m and 220 m.
const BLOCK: f64 = 0.002;

/// The town: `STREETS` x `STREETS` junctions, and from two of them a main road of 3 km to west and east.
pub fn osm() -> String {
    let mut text = String::from("<?xml version=\"1.0\"?>\n<osm version=\"0.6\">\n");
    let id = |x: i64, y: i64| 1 + y * STREETS + x;
    for y in 0..STREETS {
        for x in 0..STREETS {
            let [lon, lat] = place(x as f64, y as f64);
            writeln!(text, "<node id=\"{}\" lat=\"{lat:.6}\" lon=\"{lon:.6}\"/>", id(x, y)).unwrap();
        }
    }
    let middle = STREETS / 2;
    let [west, lat] = place(-20.0, middle as f64);
    let [east, _] = place((STREETS + 20) as f64, middle as f64);
    writeln!(text, "<node id=\"1000\" lat=\"{lat:.6}\" lon=\"{west:.6}\"/>").unwrap();
    writeln!(text, "<node id=\"1001\" lat=\"{lat:.6}\" lon=\"{east:.6}\"/>").unwrap();
    let mut way = |number: i64, nodes: &[i64], class: &str, name: &str| {
        writeln!(text, "<way id=\"{number}\">").unwrap();
        for node in nodes {
            writeln!(text, "<nd ref=\"{node}\"/>").unwrap();
        }
        writeln!(text, "<tag k=\"highway\" v=\"{class}\"/><tag k=\"name\" v=\"{name}\"/></way>").unwrap();
    };
    for y in 0..STREETS {
        let nodes: Vec<i64> = (0..STREETS).map(|x| id(x, y)).collect();
        way(100 + y, &nodes, "residential", &format!("Long Street {y}"));
    }
    for x in 0..STREETS {
        let nodes: Vec<i64> = (0..STREETS).map(|y| id(x, y)).collect();
        way(200 + x, &nodes, "residential", &format!("Cross Street {x}"));
    }
    way(300, &[id(0, middle), 1000], "primary", "Western Road");
    way(301, &[id(STREETS - 1, middle), 1001], "primary", "Eastern Road");
    text.push_str("</osm>\n");
    text
}

fn place(x: f64, y: f64) -> [f64; 2] {
    [SOUTH_WEST[0] + x * BLOCK, SOUTH_WEST[1] + y * BLOCK]
}

/// A polygon around the town, as GeoJSON.
pub fn area() -> serde_json::Value {
    let [west, south] = place(-0.5, -0.5);
    let [east, north] = place(STREETS as f64 - 0.5, STREETS as f64 - 0.5);
    serde_json::json!({
        "type": "Polygon",
        "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]]
    })
}
