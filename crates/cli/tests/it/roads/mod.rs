//! One road with people by how they can move: what tests of multimodal plans begin with.

use clearway_artifacts::Overwrite;
use clearway_formats::write_scenario;
use clearway_model::{
    ClassOfUsers, ConnectorPlace, ConnectorRow, Context, LinkRow, Means, Mode, MultimodalSummary, NodeRow,
    Scenario, Settings, SiteRow, ZoneRow,
};
use std::path::{Path, PathBuf};
use std::process::Command;

pub fn clearway(arguments: &[&str]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_clearway")).args(arguments).output().unwrap();
    let text =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.code().unwrap_or(-1), text)
}

/// Two nodes, one zone, one site, a road of `minutes` there and back that also lets walkers pass.
pub fn one_road(people: i64, minutes: i64) -> Scenario {
    let link = |id: &str, from: &str, to: &str| LinkRow {
        link_id: id.into(),
        from_node_id: from.into(),
        to_node_id: to.into(),
        directed: "true".into(),
        lanes: Some(1.0),
        length_m: Some(3000.0),
        capacity_pcu_h: Some(1800.0),
        time_ms: Some(minutes * 60_000),
        walk_capacity_people_h: Some(3600.0),
        walk_time_ms: Some(3_000_000),
        ..LinkRow::default()
    };
    let node =
        |id: &str, x: f64| NodeRow { node_id: id.into(), x_coord: x, y_coord: 0.0, ..NodeRow::default() };
    let connector = |id: &str, place, of: &str, node: &str| ConnectorRow {
        connector_id: id.into(),
        place,
        place_id: of.into(),
        node_id: node.into(),
        ..ConnectorRow::default()
    };
    Scenario {
        settings: Settings {
            schema: Settings::SCHEMA.into(),
            name: "one road".into(),
            description: String::new(),
            context: Context::Exercise,
            start: "2026-01-01T08:00:00+00:00".into(),
            time_zone: "UTC".into(),
            horizon_ms: 7 * 86_400_000,
            margin_share: 0.25,
            attribution: Vec::new(),
            class: vec![ClassOfUsers {
                id: "car".into(),
                mode: Mode::Vehicle,
                people_per_vehicle: Some(2.0),
                people_per_vehicle_low: None,
                people_per_vehicle_high: None,
                pcu_per_vehicle: 1.0,
            }],
        },
        nodes: vec![node("A", 0.0), node("B", 0.03)],
        links: vec![link("there", "A", "B"), link("back", "B", "A")],
        movements: Vec::new(),
        zones: vec![ZoneRow { zone_id: "Z".into(), people, ..ZoneRow::default() }],
        releases: Vec::new(),
        sites: vec![SiteRow { site_id: "S".into(), ..SiteRow::default() }],
        connectors: vec![
            connector("z", ConnectorPlace::Zone, "Z", "A"),
            connector("s", ConnectorPlace::Site, "S", "B"),
        ],
        closures: Vec::new(),
        windows: Vec::new(),
        junctions: Vec::new(),
        sources: Vec::new(),
        assumptions: Vec::new(),
        groups: None,
        digest: String::new(),
    }
}

/// One more zone at the junction of the first one.
pub fn add_zone(scenario: &mut Scenario, id: &str, people: i64) {
    scenario.zones.push(ZoneRow { zone_id: id.into(), people, ..ZoneRow::default() });
    scenario.connectors.push(ConnectorRow {
        connector_id: format!("of {id}"),
        place: ConnectorPlace::Zone,
        place_id: id.into(),
        node_id: "A".into(),
        ..ConnectorRow::default()
    });
}

pub const GROUPS: &str =
    "zone_id,means,people,people_low,people_high,stay_people,mobilization_id,priority,together\n";

pub const FLEET: &str = "vehicle_type_id,name,count,seats,wheelchair_places,stretcher_places,pcu_per_vehicle,load_ms,unload_ms,depot_node_id,duty_max_ms,rest_ms\n";

/// Writes a scenario with groups and a fleet; the folder of its plan. `groups` are rows under [`GROUPS`], or come with a header of
/// their own.
pub fn planned(dir: &Path, scenario: &Scenario, groups: &str, fleet: &str, settings: &str) -> PathBuf {
    let folder = dir.join("scenario");
    let header = if groups.starts_with("zone_id,") { "" } else { GROUPS };
    let extra = [
        ("groups.csv", format!("{header}{groups}").into_bytes()),
        ("fleet.csv", format!("{FLEET}{fleet}").into_bytes()),
        ("multimodal.toml", format!("schema = \"clearway-multimodal/2\"\n{settings}").into_bytes()),
    ];
    write_scenario(&folder, scenario, &extra, Overwrite::Refuse).unwrap();
    let out = dir.join("plan");
    let (code, text) =
        clearway(&["plan", folder.to_str().unwrap(), "--out", out.to_str().unwrap(), "--window", "1min"]);
    assert_eq!(code, 0, "{text}");
    out
}

pub fn summary(plan: &Path) -> MultimodalSummary {
    serde_json::from_slice(&std::fs::read(plan.join("multimodal.json")).unwrap()).unwrap()
}

pub fn holds(plan: &Path) {
    let (code, text) = clearway(&["verify", plan.to_str().unwrap()]);
    assert_eq!(code, 0, "{text}");
}

/// Plan and bound of all arrived, s.
pub fn cleared(plan: &Path, means: Means) -> (f64, f64) {
    let summary = summary(plan);
    let one = summary.means.iter().find(|m| m.means == means).unwrap();
    (one.clearance_s.plan.unwrap(), one.clearance_s.bound.unwrap())
}

/// Replaces a cell of the first row of the timetable for which `wanted` holds.
pub fn tamper(plan: &Path, change: impl Fn(&[String], &mut Vec<Vec<String>>)) {
    let path = plan.join("fleet/trips.csv");
    let text = std::fs::read_to_string(&path).unwrap();
    let mut rows: Vec<Vec<String>> =
        text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect();
    let header = rows.remove(0);
    change(&header, &mut rows);
    let mut lines = vec![header.join(",")];
    lines.extend(rows.into_iter().map(|row| row.join(",")));
    std::fs::write(&path, lines.join("\n") + "\n").unwrap();
}
