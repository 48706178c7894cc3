//! Measures are ranked by what the limit, computed anew, gains; each is proved.
#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::process::Command;

fn clearway(arguments: &[&str]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_clearway")).args(arguments).output().unwrap();
    let text =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.code().unwrap_or(-1), text)
}

#[test]
fn one_more_lane_on_the_only_road_halves_its_share_of_the_time() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/one-road");
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("measures");
    let (code, text) = clearway(&["measures", example.to_str().unwrap(), "--out", out.to_str().unwrap()]);
    assert_eq!(code, 0, "{text}");
    let table = std::fs::read_to_string(out.join("measures.csv")).unwrap();
    let rows: Vec<Vec<&str>> = table.lines().skip(1).map(|line| line.split(',').collect()).collect();
    let number = |row: usize, column: usize| rows[row][column].parse::<f64>().unwrap();
    assert!(rows[1][1].starts_with("one more lane"), "{table}");
    // T = N/c + L/v: with twice the lanes half of N/c is gained. The example's road takes 15,000 s in all.
    let link = std::fs::read_to_string(example.join("link.csv")).unwrap();
    let header: Vec<&str> = link.lines().next().unwrap().split(',').collect();
    let first: Vec<&str> = link.lines().nth(1).unwrap().split(',').collect();
    let tau = first[header.iter().position(|h| *h == "time_ms").unwrap()].parse::<f64>().unwrap() / 1000.0;
    let lanes =
        header.iter().position(|h| *h == "lanes").and_then(|at| first[at].parse().ok()).unwrap_or(1.0);
    let queue = number(0, 3) - tau;
    let expected = queue - queue * lanes / (lanes + 1.0);
    assert!((number(1, 3) - expected).abs() < 120.0, "{} {expected}", number(1, 3));
    // When 90 % of the 12,000 can have arrived as it is, all can with twice the lanes.
    assert!((number(1, 5) - 1200.0).abs() <= 1.0, "{table}");
    for folder in ["limits/as-it-is", "limits/measure-1"] {
        let (code, text) = clearway(&["verify", out.join(folder).to_str().unwrap()]);
        assert_eq!(code, 0, "{text}");
    }
    // It can be replaced, and nothing else is taken for one of ours.
    let again =
        clearway(&["measures", example.to_str().unwrap(), "--out", out.to_str().unwrap(), "--replace"]);
    assert_eq!(again.0, 0, "{}", again.1);
}

#[test]
fn more_vehicles_are_measures_for_those_whom_the_fleet_carries() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/rafah-2024");
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    let given = |name: &str| example.join("everyone").join(name).to_str().unwrap().to_owned();
    let (fleet, settings) = (given("fleet.csv"), given("everyone.toml"));
    let groups = path("groups");
    let mut args = vec!["groups", example.to_str().unwrap(), "--out", &groups, "--seat", "0.08"];
    args.extend(["--source", "assumed", "--fleet", &fleet, "--settings", &settings]);
    assert_eq!(clearway(&args).0, 0);
    let (code, text) = clearway(&["measures", &groups, "--out", &path("measures"), "--most", "4"]);
    assert_eq!(code, 0, "{text}");
    let table = std::fs::read_to_string(dir.path().join("measures/measures.csv")).unwrap();
    let rows: Vec<&str> = table.lines().collect();
    let bus = rows.iter().find(|row| row.contains("220 instead of 200 of 'Bus'")).unwrap();
    let cells: Vec<f64> = bus.rsplit(',').skip(1).take(4).map(|cell| cell.parse().unwrap()).collect();
    // people, person-hours, clearance and 90 % are all better with more buses
    assert!(cells.iter().all(|gain| *gain > 0.0), "{bus}");
    // the roads are those for people with vehicles only: 92 % of 1,400,000, fewer than all
    let summary = std::fs::read_to_string(dir.path().join("measures/limits/as-it-is/summary.json")).unwrap();
    assert!(summary.contains("1288000"), "{summary}");
    let (code, text) = clearway(&["verify", &path("measures/limits/as-it-is")]);
    assert_eq!(code, 0, "{text}");
}
