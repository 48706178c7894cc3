//! Whole scenarios of a town made of a grid of streets: they pass the check of the scenario folder, and every person is somewhere.

use crate::common;
use crate::common::{both, grid, link, node, place, request, square};
use clearway_compose::{ComposedTables, MobilizationSpeed, NamedBytes, compose};
use clearway_formats::check_scenario;
use clearway_model::{ConnectorPlace, Figure, Mode, SourceStatus};
use std::collections::{BTreeMap, BTreeSet};

/// Nodes that are joined to zones or to sites.
fn ends(made: &ComposedTables, place: ConnectorPlace) -> BTreeSet<&str> {
    made.scenario.connectors.iter().filter(|c| c.place == place).map(|c| c.node_id.as_str()).collect()
}

fn assert_sound(made: &ComposedTables) {
    let faults = check_scenario(&made.scenario);
    assert!(faults.0.is_empty(), "{faults}");
}

#[test]
fn an_area_and_a_number_are_enough() {
    let made = compose(grid(12), &request(40_001, square("area.geojson", 5))).unwrap();
    assert_sound(&made);
    let scenario = &made.scenario;
    assert_eq!(scenario.zones.iter().map(|z| z.people).sum::<i64>(), 40_001);
    assert_eq!(scenario.zones.len(), 27, "one per 1,500 and at least 10");
    assert_eq!(scenario.sites.len(), 44, "eleven streets leave on each of four sides");
    assert!(made.report.no_road.is_empty() && made.report.far_joins.is_empty());
    // Streets of a grid lie on lines that a cut cannot divide, so zones are equal only nearly.
    assert!(scenario.zones.iter().all(|z| (1_100..=1_900).contains(&z.people)));
    let class = &scenario.settings.class[0];
    assert_eq!((class.people_per_vehicle, class.people_per_vehicle_low), (Some(2.5), Some(2.0)));
    assert_eq!(scenario.settings.attribution, ["nobody"]);
}

#[test]
fn a_zone_leaves_by_several_spread_streets() {
    let mut request = request(40_000, square("area.geojson", 5));
    request.zone_count = Some(10);
    let made = compose(grid(12), &request).unwrap();
    let mut of_zone: BTreeMap<&str, Vec<(&str, i64)>> = BTreeMap::new();
    for row in made.scenario.connectors.iter().filter(|c| c.place == ConnectorPlace::Zone) {
        assert_eq!(row.capacity_pcu_h, None);
        of_zone.entry(&row.place_id).or_default().push((&row.node_id, row.time_ms));
    }
    assert_eq!(of_zone.len(), 10);
    for (zone, nodes) in of_zone {
        let count = nodes.iter().map(|n| n.0).collect::<BTreeSet<_>>().len();
        assert_eq!(count, nodes.len(), "{zone}: no node twice");
        assert!((6..=8).contains(&count), "{zone}: {nodes:?}");
        // Nobody is farther than about two blocks from the nearest of eight nodes: 400 m at 20 km/h.
        assert!(nodes.iter().all(|&(_, time)| (1..72_000).contains(&time)), "{zone}: {nodes:?}");
    }
}

#[test]
fn nobody_starts_where_people_have_arrived() {
    let mut network = grid(5);
    // The map ends with the town: its outer junctions are where roads are cut.
    network.boundary_nodes = network
        .nodes
        .iter()
        .filter(|n| n.node_id.contains("n5_") || n.node_id.ends_with("_-5"))
        .map(|n| n.node_id.clone())
        .collect();
    let made = compose(network, &request(9_000, square("area.geojson", 6))).unwrap();
    let (starts, arrivals) = (ends(&made, ConnectorPlace::Zone), ends(&made, ConnectorPlace::Site));
    assert!(starts.is_disjoint(&arrivals));
    assert_eq!(arrivals.len(), 21, "eleven on two sides, one of them in both");
    assert_sound(&made);
}

#[test]
fn a_road_that_ends_soon_is_no_exit_and_one_that_only_enters_neither() {
    let mut network = grid(2);
    network.nodes.push(node("stub", place(3, 0)));
    both(&mut network.links, "n2_0", "stub", "residential", "Stub Lane", 200.0);
    network.nodes.push(node("in", place(-9, 0)));
    network.links.push(link("in", "n-2_0", "primary", "One Way In", 1400.0));
    network.nodes.push(node("far", place(0, 9)));
    both(&mut network.links, "n0_2", "far", "primary", "Long Road", 1400.0);
    let made = compose(network, &request(1_000, square("area.geojson", 2))).unwrap();
    let names: Vec<&str> = made.scenario.sites.iter().map(|s| s.name.as_str()).collect();
    assert_eq!(names, ["Long Road, north"]);
    let proposed = &made.report.proposed_exits;
    assert_eq!(proposed.len(), 1, "{proposed:?}");
    assert!(proposed[0].starts_with("Stub Lane (residential) at node stub"), "{proposed:?}");
    let list = String::from_utf8(made.exits_csv.clone().unwrap()).unwrap();
    let used: Vec<&str> = list.lines().filter(|line| line.starts_with("yes,")).collect();
    assert_eq!(used.len(), 1, "{list}");
    assert!(list.lines().any(|line| line.starts_with("no,stub,")), "{list}");
    assert_sound(&made);
}

#[test]
fn many_exits_make_sixty_sites_and_every_exit_keeps_its_connector() {
    let made = compose(grid(24), &request(10_000, square("area.geojson", 20))).unwrap();
    assert_eq!(made.scenario.sites.len(), 60);
    assert_eq!(ends(&made, ConnectorPlace::Site).len(), 4 * 41);
    assert!(made.scenario.sites.iter().any(|s| s.name.contains("other road")));
    let names: BTreeSet<&str> = made.scenario.sites.iter().map(|s| s.name.as_str()).collect();
    assert_eq!(names.len(), 60, "every name once");
    assert_sound(&made);
}

#[test]
fn carriageways_of_one_road_are_one_site() {
    let mut network = grid(2);
    for (at, east) in [("a", 0.0), ("b", 0.1)] {
        let far = format!("far_{at}");
        network.nodes.push(node(at, [place(0, 3)[0] + east * common::EAST, place(0, 3)[1]]));
        network.nodes.push(node(&far, [place(0, 9)[0] + east * common::EAST, place(0, 9)[1]]));
        both(&mut network.links, "n0_2", at, "primary", "Ring", 210.0);
        both(&mut network.links, at, &far, "primary", "Ring", 1200.0);
    }
    let made = compose(network, &request(1_000, square("area.geojson", 2))).unwrap();
    assert_eq!(made.scenario.sites.len(), 1);
    assert_eq!(ends(&made, ConnectorPlace::Site), BTreeSet::from(["a", "b"]));
}

#[test]
fn an_island_is_reported_and_not_bridged() {
    let mut network = grid(12);
    // Everything east of the fourth column is cut off, and has no road out.
    let column = |id: &str| -> i32 { id.trim_start_matches('n').split('_').next().unwrap().parse().unwrap() };
    network.links.retain(|l| {
        let (a, b) = (column(&l.from_node_id), column(&l.to_node_id));
        a.max(b) <= 3 || a.min(b) >= 5
    });
    let keep: BTreeSet<String> =
        network.links.iter().flat_map(|l| [l.from_node_id.clone(), l.to_node_id.clone()]).collect();
    network.nodes.retain(|n| keep.contains(&n.node_id) && column(&n.node_id) <= 7);
    network.links.retain(|l| column(&l.from_node_id).max(column(&l.to_node_id)) <= 7);
    let row = |id: &str| -> i32 { id.rsplit('_').next().unwrap().parse().unwrap() };
    network.links.retain(|l| {
        column(&l.from_node_id) <= 3 || row(&l.from_node_id).abs().max(row(&l.to_node_id).abs()) <= 5
    });
    let zones = format!(
        r#"{{"type":"FeatureCollection","features":[
        {{"type":"Feature","properties":{{"zone_id":"W","people":500}},"geometry":{}}},
        {{"type":"Feature","properties":{{"zone_id":"E","people":700}},"geometry":{}}}]}}"#,
        common::rectangle(-5.5, -5.5, 4.0, 5.5),
        common::rectangle(4.0, -5.5, 7.5, 5.5)
    );
    let mut request = request(1_200, square("area.geojson", 7));
    request.area = None;
    request.people = None;
    request.zones = Some(NamedBytes::new("zones.geojson", zones));
    let made = compose(network, &request).unwrap();
    let no_road: Vec<(&str, i64)> =
        made.report.no_road.iter().map(|none| (none.zone_id.as_str(), none.people)).collect();
    assert_eq!(no_road, [("E", 700)]);
    assert_eq!(made.report.people, 1_200);
    assert!(
        made.report.to_string().contains("zone E: 700 people, their road leads to no site"),
        "{}",
        made.report
    );
    let faults = check_scenario(&made.scenario);
    assert!(!faults.has_errors(), "{faults}");
    assert!(
        faults.0.iter().any(|f| f.file == "zones.csv" && f.found == "E"),
        "the check finds the same: {faults}"
    );
}

#[test]
fn walkers_use_walking_figures() {
    let mut request = request(5_000, square("area.geojson", 5));
    request.mode = Mode::Walk;
    request.release = Some(MobilizationSpeed::Instant);
    let made = compose(grid(12), &request).unwrap();
    assert_eq!(made.scenario.settings.class[0].mode, Mode::Walk);
    assert!(
        made.scenario.releases.is_empty() && made.scenario.zones.iter().all(|z| z.mobilization_id.is_empty())
    );
    assert_sound(&made);
}

#[test]
fn ranges_of_people_sum_exactly() {
    let mut request = request(0, square("area.geojson", 5));
    request.people = Some(Figure::new(10_007, Some(9_001), Some(20_011)));
    let zones = compose(grid(12), &request).unwrap().scenario.zones;
    assert_eq!(zones.iter().map(|z| z.people).sum::<i64>(), 10_007);
    assert_eq!(zones.iter().filter_map(|z| z.people_low).sum::<i64>(), 9_001);
    assert_eq!(zones.iter().filter_map(|z| z.people_high).sum::<i64>(), 20_011);
}

#[test]
fn every_default_is_named_with_its_source() {
    let made = compose(grid(12), &request(5_000, square("area.geojson", 5))).unwrap();
    let rows: BTreeMap<(&str, &str), SourceStatus> =
        made.scenario.sources.iter().map(|s| ((s.table.as_str(), s.field.as_str()), s.status)).collect();
    for (table, field, status) in [
        ("scenario", "start", SourceStatus::Default),
        ("scenario", "time_zone", SourceStatus::Default),
        ("scenario", "horizon_ms", SourceStatus::Default),
        ("scenario", "margin_share", SourceStatus::Default),
        ("scenario", "class.people_per_vehicle", SourceStatus::Assumed),
        ("scenario", "class.pcu_per_vehicle", SourceStatus::Default),
        ("mobilization", "share", SourceStatus::Default),
        ("connectors", "time_ms", SourceStatus::Assumed),
        ("connectors", "node_id", SourceStatus::Default),
        ("sites", "site_id", SourceStatus::Default),
        ("sites", "capacity_people", SourceStatus::Assumed),
        ("zones", "zone_id", SourceStatus::Default),
        ("zones", "people", SourceStatus::Derived),
    ] {
        assert_eq!(rows.get(&(table, field)), Some(&status), "{table} {field}");
    }
    assert!(made.scenario.sources.iter().all(|s| !s.source.is_empty()));
}

#[test]
fn the_same_input_gives_the_same_scenario() {
    let make = || compose(grid(9), &request(7_777, square("area.geojson", 6))).unwrap();
    assert_eq!(make(), make());
}

#[test]
fn what_cannot_be_used_is_said_together() {
    let mut request =
        request(-5, NamedBytes::new("area.geojson", r#"{"type":"PeoplePoint","coordinates":[0,0]}"#));
    request.population = Some(NamedBytes::new("people.csv", "lon,lat,people\n24,60,-1\n"));
    let faults = compose(grid(3), &request).unwrap_err().to_string();
    for expected in ["a number of people above 0", "Polygon or MultiPolygon", "people.csv, line 2"] {
        assert!(faults.contains(expected), "{expected}: {faults}");
    }
}

#[test]
fn longitude_and_latitude_exchanged() {
    let area = r#"{"type":"Polygon","coordinates":[[[59.99,23.99],[60.01,23.99],[60.01,24.01],[59.99,24.01],[59.99,23.99]]]}"#;
    let faults =
        compose(grid(3), &request(500, NamedBytes::new("area.geojson", area))).unwrap_err().to_string();
    assert!(faults.contains("latitude and longitude seem to be exchanged"), "{faults}");
}
