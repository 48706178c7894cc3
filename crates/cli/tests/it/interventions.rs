//! Interventions are ranked by what the bound, computed anew, gains; each is proved.

use crate::roads;
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
    let out = dir.path().join("interventions");
    let (code, text) =
        clearway(&["interventions", example.to_str().unwrap(), "--out", out.to_str().unwrap()]);
    assert_eq!(code, 0, "{text}");
    let table = std::fs::read_to_string(out.join("interventions.csv")).unwrap();
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
    for folder in ["bounds/as-it-is", "bounds/intervention-1"] {
        let (code, text) = clearway(&["verify", out.join(folder).to_str().unwrap()]);
        assert_eq!(code, 0, "{text}");
    }
    // It can be replaced, and nothing else is taken for one of ours.
    let again =
        clearway(&["interventions", example.to_str().unwrap(), "--out", out.to_str().unwrap(), "--replace"]);
    assert_eq!(again.0, 0, "{}", again.1);
}

#[test]
fn more_vehicles_are_measures_for_those_whom_the_fleet_carries() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/rafah-2024");
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    let given = |name: &str| example.join("multimodal").join(name).to_str().unwrap().to_owned();
    let (fleet, settings) = (given("fleet.csv"), given("multimodal.toml"));
    let groups = path("groups");
    let mut args = vec!["groups", example.to_str().unwrap(), "--out", &groups, "--seat", "0.08"];
    args.extend(["--source", "assumed", "--fleet", &fleet, "--settings", &settings]);
    assert_eq!(clearway(&args).0, 0);
    let (code, text) = clearway(&["interventions", &groups, "--out", &path("interventions"), "--most", "4"]);
    assert_eq!(code, 0, "{text}");
    let table = std::fs::read_to_string(dir.path().join("interventions/interventions.csv")).unwrap();
    let rows: Vec<&str> = table.lines().collect();
    let bus = rows.iter().find(|row| row.contains("220 instead of 200 of 'Bus'")).unwrap();
    let cells: Vec<f64> = bus.rsplit(',').skip(2).take(4).map(|cell| cell.parse().unwrap()).collect();
    // people, person-hours, clearance and 90 % are all better with more buses
    assert!(cells.iter().all(|gain| *gain > 0.0), "{bus}");
    // the roads are those for people with vehicles only: 92 % of 1,400,000, fewer than all
    let summary =
        std::fs::read_to_string(dir.path().join("interventions/bounds/as-it-is/summary.json")).unwrap();
    assert!(summary.contains("1288000"), "{summary}");
    let (code, text) = clearway(&["verify", &path("interventions/bounds/as-it-is")]);
    assert_eq!(code, 0, "{text}");
}

/// A river between two rows of junctions; the only bridge is at the far end.
#[test]
fn a_bridge_is_found_where_the_cut_keeps_near_junctions_apart() {
    let dir = tempfile::tempdir().unwrap();
    let scenario = dir.path().join("scenario");
    std::fs::create_dir(&scenario).unwrap();
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/one-road");
    let settings = std::fs::read_to_string(example.join("scenario.toml")).unwrap();
    let write = |name: &str, text: &str| std::fs::write(scenario.join(name), text).unwrap();
    write("scenario.toml", &settings);
    // 0.005 degrees are 556 m. A is across from B; the road from A to B goes over C and D, 30 km away.
    write("node.csv", "node_id,x_coord,y_coord\nA,0,0\nB,0,0.005\nC,0.3,0\nD,0.3,0.005\n");
    write(
        "link.csv",
        "link_id,from_node_id,to_node_id,directed,lanes,length_m,capacity_pcu_h,time_ms\n\
         AC,A,C,true,1,33000,600,1200000\nCD,C,D,true,1,600,600,60000\nDB,D,B,true,1,33000,600,1200000\n",
    );
    write("zones.csv", "zone_id,people\nZ,3000\n");
    write("sites.csv", "site_id\nS\n");
    write("connectors.csv", "connector_id,place,place_id,node_id,time_ms\nz,zone,Z,A,0\ns,site,S,B,0\n");
    let out = dir.path().join("interventions");
    let mut args = vec!["interventions", scenario.to_str().unwrap(), "--out", out.to_str().unwrap()];
    let (code, text) = clearway(&args);
    assert_eq!(code, 0, "{text}");
    let table = std::fs::read_to_string(out.join("interventions.csv")).unwrap();
    let best = table.lines().nth(2).unwrap();
    assert!(best.contains("556 m between junctions A and B"), "{table}");
    // With it 1,500 pcu/h in all. By hand: N/c of the two roads together, each after its own time.
    let gain: f64 = best.rsplit(',').nth(4).unwrap().parse().unwrap();
    let per: f64 = settings
        .lines()
        .find_map(|line| line.strip_prefix("people_per_vehicle = "))
        .map_or(1.0, |value| value.trim().parse().unwrap());
    let (road, bridge, people) = (600.0 * per / 3600.0, 900.0 * per / 3600.0, 3000.0);
    let (far, near) = (2460.0, (555.975_f64 / (30.0 / 3.6) * 1000.0).ceil() / 1000.0);
    let with = (people + road * far + bridge * near) / (road + bridge);
    let with = if with > far { with } else { people / bridge + near };
    let without = people / road + far;
    assert!((gain - (without - with)).abs() < 0.01 * without, "{gain} {}", without - with);
    // One that is asked for by name, and one that is not there.
    args.extend(["--replace", "--bridge", "A:D", "--bridges", "0"]);
    let (code, text) = clearway(&args);
    assert!(code == 0 && text.contains("between junctions A and D"), "{text}");
    args.extend(["--bridge", "A:nowhere"]);
    let (code, text) = clearway(&args);
    assert!(code == 2 && text.contains("A:nowhere"), "{text}");
}

#[test]
fn a_lane_for_walkers_is_weighed_against_vehicles() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/rafah-2024");
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    let given = |name: &str| example.join("multimodal").join(name).to_str().unwrap().to_owned();
    let settings = given("multimodal.toml");
    let groups = path("groups");
    let args =
        ["groups", example.to_str().unwrap(), "--out", &groups, "--walk", "0.3", "--source", "assumed"];
    let (code, text) = clearway(&[&args[..], &["--settings", &settings]].concat());
    assert_eq!(code, 0, "{text}");
    let (code, text) = clearway(&[
        "interventions",
        &groups,
        "--out",
        &path("interventions"),
        "--most",
        "1",
        "--bridges",
        "0",
    ]);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("one more hour of the day's walk, for those who walk"), "{text}");
    let lane = text.lines().find(|line| line.contains("lanes for those on foot")).unwrap();
    assert!(lane.contains("those with vehicles: all"), "{lane}");
    for folder in ["on-foot-as-it-is", "on-foot-1", "on-foot-2", "on-foot-2-vehicles", "as-it-is"] {
        let (code, text) = clearway(&["verify", &path(&format!("interventions/bounds/{folder}"))]);
        assert_eq!(code, 0, "{folder}: {text}");
    }
}

#[test]
fn more_places_bring_more_people_where_ninety_per_cent_never_arrive() {
    let dir = tempfile::tempdir().unwrap();
    // 4,000 people, 3,000 places: half as many again, 4,500, hold them all.
    let mut scenario = roads::one_road(4000, 20);
    scenario.sites[0].capacity_people = Some(3000);
    let (text, rows) = measured(dir.path(), &scenario);
    assert!(text.contains("1. half as many places again at S"), "{text}");
    assert!(text.contains("1,000 people more by the end of the planning horizon"), "{text}");
    let places = rows.iter().find(|row| row[1].contains("places again")).unwrap();
    let header = &rows[0];
    let cell = |name: &str| places[header.iter().position(|h| h == name).unwrap()].clone();
    assert_eq!(
        (cell("rank").as_str(), cell("people_gain").as_str(), cell("arrived_gain").as_str()),
        ("1", "", "1000")
    );
}

#[test]
fn measures_that_gain_nothing_have_no_rank() {
    let dir = tempfile::tempdir().unwrap();
    // 100 people who are ready over ten hours: no road is ever full.
    let mut scenario = roads::one_road(100, 20);
    let point = |time_ms: i64, share: f64| clearway_model::MobilizationRow {
        mobilization_id: "slow".into(),
        time_ms,
        share,
    };
    scenario.releases = vec![point(0, 0.0), point(36_000_000, 1.0)];
    scenario.zones[0].mobilization_id = "slow".into();
    let (text, rows) = measured(dir.path(), &scenario);
    assert!(text.contains("None of the interventions tried raises the bound."), "{text}");
    assert!(!text.contains(" 1. "), "{text}");
    assert!(rows.iter().skip(2).all(|row| row[0].is_empty()), "{rows:?}");
}

/// What `measures` prints for a scenario, and the cells of its table.
fn measured(dir: &Path, scenario: &clearway_model::Scenario) -> (String, Vec<Vec<String>>) {
    let (folder, out) = (dir.join("scenario"), dir.join("out"));
    clearway_formats::write_scenario(&folder, scenario, &[], clearway_artifacts::Overwrite::Refuse).unwrap();
    let (code, text) = clearway(&["interventions", folder.to_str().unwrap(), "--out", out.to_str().unwrap()]);
    assert_eq!(code, 0, "{text}");
    let table = std::fs::read_to_string(out.join("interventions.csv")).unwrap();
    (text, table.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect())
}
