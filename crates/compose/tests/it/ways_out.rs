//! Nobody is joined to a road across what cannot be crossed, and no dead end is a way out until somebody says so.

use crate::common;
use crate::common::{both, grid, link, node, place, rectangle, request, square};
use clearway_compose::{ComposedTables, NamedBytes, RoadNetwork, compose};
use clearway_formats::check_scenario;
use clearway_model::ConnectorPlace;
use clearway_model::FerryLine;

/// Ids of the nodes that a zone or site is joined to.
fn nodes_of<'m>(made: &'m ComposedTables, place: ConnectorPlace, id: &str) -> Vec<&'m str> {
    let rows = made.scenario.connectors.iter().filter(|row| row.place == place && row.place_id == id);
    rows.map(|row| row.node_id.as_str()).collect()
}

fn people_of(made: &ComposedTables, id: &str) -> i64 {
    made.scenario.zones.iter().find(|zone| zone.zone_id == id).map_or(0, |zone| zone.people)
}

fn zones(features: &[(&str, i64, serde_json::Value)]) -> Option<NamedBytes<'static>> {
    let features: Vec<serde_json::Value> = features
        .iter()
        .map(|(id, people, shape)| {
            serde_json::json!({"type": "Feature", "properties": {"zone_id": id, "people": people}, "geometry": shape})
        })
        .collect();
    let text = serde_json::json!({"type": "FeatureCollection", "features": features}).to_string();
    Some(NamedBytes::new("zones.geojson", text))
}

/// Two towns of streets, west of column -1 and east of column 1, with a river between and a bridge where asked for.
fn two_banks(bridge: bool) -> RoadNetwork {
    let mut network = grid(4);
    let column = |id: &str| -> i32 { id.trim_start_matches('n').split('_').next().unwrap().parse().unwrap() };
    network.links.retain(|l| column(&l.from_node_id) != 0 && column(&l.to_node_id) != 0);
    network.nodes.retain(|n| column(&n.node_id) != 0);
    if bridge {
        both(&mut network.links, "n-1_0", "n1_0", "tertiary", "Bridge", 400.0);
    }
    network
}

#[test]
fn a_shelter_on_the_far_bank_is_not_entered_from_the_near_one() {
    // 150 m east of the west bank's last street and 50 m west of the east bank's first.
    let [x, y] = [place(1, 2)[0] - 0.25 * common::EAST, place(1, 2)[1]];
    let mut request = request(1, square("area.geojson", 4));
    (request.area, request.people) = (None, None);
    request.zones = zones(&[("WEST", 2_000, rectangle(-4.5, -4.5, -0.5, 4.5))]);
    request.sites =
        Some(NamedBytes::new("sites.csv", format!("site_id,name,x,y,capacity\nS,Shelter,{x},{y},5000\n")));
    let open = compose(two_banks(true), &request).unwrap();
    assert!(open.report.no_road.is_empty());
    assert_eq!(nodes_of(&open, ConnectorPlace::Site, "S"), ["n1_2"]);
    let closed = compose(two_banks(false), &request).unwrap();
    assert_eq!(nodes_of(&closed, ConnectorPlace::Site, "S"), ["n1_2"], "joined to its own bank all the same");
    assert_eq!(closed.report.no_road.iter().map(|none| none.people).sum::<i64>(), 2_000);
    let faults = check_scenario(&closed.scenario).to_string();
    assert!(
        faults.contains("2000 people have no way") && faults.contains("no zone has a way to this site"),
        "{faults}"
    );
}

#[test]
fn a_bridge_that_is_open_in_the_optimistic_case_only_joins_nobody_in_the_central_one() {
    let mut network = two_banks(true);
    for bridge in network.links.iter_mut().filter(|link| link.name == "Bridge") {
        bridge.reserved_pcu_h = bridge.capacity_pcu_h;
    }
    network.nodes.push(node("east", place(9, 0)));
    both(&mut network.links, "n4_0", "east", "primary", "East Road", 1_000.0);
    let mut request = request(1, square("area.geojson", 4));
    (request.area, request.people) = (None, None);
    request.zones = zones(&[("Z", 1_000, rectangle(-4.5, -4.5, 4.5, 4.5))]);
    let made = compose(network, &request).unwrap();
    let bridge_people = 10;
    let none: Vec<(&str, i64)> =
        made.report.no_road.iter().map(|none| (none.zone_id.as_str(), none.people)).collect();
    assert!(none.len() == 1 && none[0].0 == "Z-cut" && (none[0].1 - 500).abs() <= bridge_people, "{none:?}");
    // They have nodes of their own bank, from which the bridge is a way where it is open.
    let nodes = nodes_of(&made, ConnectorPlace::Zone, "Z-cut");
    assert!(!nodes.is_empty() && nodes.iter().all(|n| n.starts_with("n-")), "{nodes:?}");
}

#[test]
fn a_zone_on_two_shores_becomes_two() {
    // Both banks have roads out; the zone covers both, and nobody changes banks.
    let mut network = two_banks(false);
    for (from, to, east) in [("n-4_0", "west", -9), ("n4_0", "east", 9)] {
        network.nodes.push(node(to, place(east, 0)));
        both(&mut network.links, from, to, "primary", to, 1_000.0);
    }
    let mut request = request(1, square("area.geojson", 4));
    (request.area, request.people) = (None, None);
    request.zones = zones(&[("Z", 1_000, rectangle(-4.5, -4.5, 4.5, 4.5))]);
    let made = compose(network, &request).unwrap();
    assert_eq!((people_of(&made, "Z"), people_of(&made, "Z-2")), (500, 500));
    let west = nodes_of(&made, ConnectorPlace::Zone, "Z");
    let east = nodes_of(&made, ConnectorPlace::Zone, "Z-2");
    assert!(west.iter().all(|n| n.starts_with("n-")), "{west:?}");
    assert!(!east.is_empty() && east.iter().all(|n| !n.starts_with("n-")), "{east:?}");
    assert!(made.report.no_road.is_empty());
    let shapes: serde_json::Value = serde_json::from_slice(&made.zones_geojson).unwrap();
    assert_eq!(shapes["features"][1]["properties"]["people"], 500);
}

#[test]
fn people_of_an_island_a_closed_estate_and_a_trap_are_not_evacuated_and_counted() {
    let mut network = grid(8);
    // A pier that no road joins to the town, and a street that leads in and not out.
    for (id, at) in [("pier1", place(2, 3)), ("pier2", place(3, 2)), ("trap", place(-3, -2))] {
        network.nodes.push(node(id, [at[0] + 0.5 * common::EAST, at[1] + 0.5 * common::NORTH]));
    }
    both(&mut network.links, "pier1", "pier2", "residential", "Pier", 280.0);
    network.links.push(link("n-3_-2", "trap", "residential", "Trap", 140.0));
    let mut request = request(1, square("area.geojson", 5));
    request.people = None;
    let at =
        |id: &str| network.nodes.iter().find(|n| n.node_id == id).map(|n| [n.x_coord, n.y_coord]).unwrap();
    let rows: String = [("pier1", 30), ("trap", 20), ("n0_0", 950)]
        .iter()
        .map(|(id, people)| format!("{},{},{people}\n", at(id)[0], at(id)[1]))
        .collect();
    request.population = Some(NamedBytes::new("points.csv", format!("lon,lat,people\n{rows}")));
    request.zone_count = Some(1);
    let made = compose(network, &request).unwrap();
    assert_eq!(made.scenario.zones.iter().map(|z| z.people).sum::<i64>(), 1_000);
    let none: Vec<i64> = made.report.no_road.iter().map(|none| none.people).collect();
    assert_eq!(none, [50], "{:?}", made.report.no_road);
    let zone = &made.report.no_road[0].zone_id;
    let nodes = nodes_of(&made, ConnectorPlace::Zone, zone);
    assert!(!nodes.is_empty() && nodes.iter().all(|n| ["pier1", "pier2", "trap"].contains(n)), "{nodes:?}");
}

#[test]
fn nobody_is_joined_to_a_road_across_500_m_and_whoever_is_across_200_m_is_listed() {
    let mut request = request(1, square("area.geojson", 20));
    request.people = None;
    let north = |metres: f64| place(0, 8)[1] + metres / 111_195.0;
    let rows: String = [(0.0, 900), (300.0, 60), (700.0, 40)]
        .iter()
        .map(|(metres, people)| format!("{},{},{people}\n", place(0, 8)[0], north(*metres)))
        .collect();
    request.population = Some(NamedBytes::new("points.csv", format!("lon,lat,people\n{rows}")));
    request.zone_count = Some(1);
    let mut network = grid(8);
    network.nodes.push(node("far", place(40, 0)));
    both(&mut network.links, "n8_0", "far", "primary", "Out", 6_400.0);
    let made = compose(network.clone(), &request).unwrap();
    assert_eq!(made.report.no_road.iter().map(|none| none.people).collect::<Vec<_>>(), [40]);
    assert_eq!(made.report.far_joins.iter().filter_map(|far| far.people).sum::<i64>(), 60);
    let row = made.scenario.assumptions.iter().find(|row| row.kind == "joined_far").unwrap();
    assert_eq!((row.count, row.unit.as_str()), (Some(60), "people"));
    request.join_within_m = Some(800.0);
    let made = compose(network, &request).unwrap();
    assert!(made.report.no_road.is_empty(), "{:?}", made.report.no_road);
}

#[test]
fn a_site_is_judged_by_its_distance_to_a_road() {
    let mut request = request(1_000, square("area.geojson", 4));
    let east = |metres: f64| place(6, 0)[0] + metres / (111_195.0 * 0.5);
    let site = |x: f64, y: f64| {
        Some(NamedBytes::new("sites.csv", format!("name,x,y,capacity\nHall,{x},{y},9000\n")))
    };
    // Just beyond the outermost node of the map.
    request.sites = site(east(0.1), place(6, 0)[1]);
    let made = compose(grid(6), &request).unwrap();
    assert_eq!(nodes_of(&made, ConnectorPlace::Site, "S1"), ["n6_0"]);
    // In the middle of the map, and far from any road of it.
    let mut ring = grid(6);
    ring.nodes.push(node("a", place(60, 0)));
    ring.nodes.push(node("b", place(60, 60)));
    both(&mut ring.links, "n6_0", "a", "primary", "South Road", 10_800.0);
    both(&mut ring.links, "a", "b", "primary", "East Road", 10_800.0);
    request.sites = site(place(30, 30)[0], place(30, 30)[1]);
    let faults = compose(ring.clone(), &request).unwrap_err().to_string();
    assert!(
        faults.contains("a road within 500 m of the site") && faults.contains("distance_m = '6005'"),
        "{faults}"
    );
    // On a long road, far from its junctions.
    request.sites = site(place(33, 0)[0], place(33, 0)[1]);
    let made = compose(ring, &request).unwrap();
    assert_eq!(nodes_of(&made, ConnectorPlace::Site, "S1"), ["n6_0", "a"]);
}

#[test]
fn the_end_of_a_large_road_is_an_exit_only_where_somebody_says_so() {
    let mut network = grid(4);
    network.nodes.push(node("quay", [place(4, 0)[0] + 0.3 * common::EAST, place(4, 0)[1]]));
    both(&mut network.links, "n4_0", "quay", "secondary", "Quay Road", 60.0);
    network.nodes.push(node("far", place(0, 12)));
    both(&mut network.links, "n0_4", "far", "primary", "Long Road", 1_600.0);
    let mut request = request(1_000, square("area.geojson", 5));
    let made = compose(network.clone(), &request).unwrap();
    assert_eq!(made.scenario.sites.len(), 1);
    assert!(
        made.report.proposed_exits.iter().any(|text| text.contains("Quay Road")),
        "{:?}",
        made.report.proposed_exits
    );
    let kinds: Vec<&str> = made.scenario.assumptions.iter().map(|row| row.kind.as_str()).collect();
    assert_eq!(kinds, ["exits", "exits_proposed"]);
    // The list that was written, with one word changed, is the list that is read.
    let list = String::from_utf8(made.exits_csv.unwrap()).unwrap();
    let edited: String =
        list.lines()
            .map(|line| {
                if line.contains("quay") {
                    line.replacen("no,", "yes,", 1) + "\n"
                } else {
                    format!("{line}\n")
                }
            })
            .collect();
    request.exits = Some(NamedBytes::new("exits.csv", edited));
    let made = compose(network.clone(), &request).unwrap();
    let names: Vec<&str> = made.scenario.sites.iter().map(|site| site.name.as_str()).collect();
    assert_eq!(names, ["Long Road, north", "Quay Road, east"]);
    // Switched off they are none; places where there is no road are faults.
    request.exits = Some(NamedBytes::new("exits.csv", list.replace("yes,", "no,")));
    assert!(
        compose(network.clone(), &request)
            .unwrap_err()
            .to_string()
            .contains("at least one exit that is used")
    );
    request.exits = Some(NamedBytes::new("exits.csv", "x,y\n25,60\n"));
    assert!(compose(network, &request).unwrap_err().to_string().contains("within 200 m"));
}

#[test]
fn who_lives_nearest_to_a_one_way_road_beyond_the_exit_is_not_cut_off() {
    // The road leaves the area to the east and turns north along its edge, one way; the last house is nearest to that course.
    let mut network = grid(4);
    network.nodes.push(node("gate", place(5, 0)));
    network.nodes.push(node("away", place(5, 12)));
    network.links.push(link("n4_0", "gate", "primary", "Away", 200.0));
    network.links.push(link("gate", "away", "primary", "Away", 2_400.0));
    let mut request =
        request(1, NamedBytes::new("area.geojson", rectangle(-4.5, -4.5, 4.9, 4.5).to_string()));
    request.people = None;
    let house = [place(5, 3)[0] - 0.15 * common::EAST, place(5, 3)[1]];
    let text =
        format!("lon,lat,people\n{},{},7\n{},{},93\n", house[0], house[1], place(0, 1)[0], place(0, 1)[1]);
    request.population = Some(NamedBytes::new("points.csv", text));
    request.zone_count = Some(1);
    let made = compose(network, &request).unwrap();
    assert!(made.report.no_road.is_empty(), "{:?}", made.report.no_road);
}

#[test]
fn where_nothing_shows_that_a_road_goes_on_the_proposals_are_in_the_fault() {
    let faults = compose(grid(5), &request(1_000, square("area.geojson", 4))).unwrap_err().to_string();
    assert!(faults.contains("exits that somebody has confirmed"), "{faults}");
    assert!(faults.contains("no,n5_0,") && faults.contains("--exits"), "{faults}");
}

#[test]
fn ferries_at_the_area_are_named_and_carry_nobody() {
    let mut network = grid(8);
    let ferry =
        |name: &str, at: [f64; 2]| FerryLine { name: name.into(), course: vec![at, [at[0] + 0.01, at[1]]] };
    network.ferries = vec![ferry("Island Ferry", place(3, 3)), ferry("Elsewhere", place(300, 3))];
    let made = compose(network, &request(1_000, square("area.geojson", 4))).unwrap();
    let row = made.scenario.assumptions.iter().find(|row| row.kind == "ferries").unwrap();
    assert_eq!(row.count, Some(1));
    assert!(row.text.contains("Island Ferry"), "{}", row.text);
}

#[test]
fn an_area_that_can_hardly_be_meant_is_asked_about() {
    let warnings = |ring: &str| {
        let area = format!(r#"{{"type":"Polygon","coordinates":[{ring}]}}"#);
        let made = compose(grid(12), &request(1_000, NamedBytes::new("area.geojson", area)));
        made.map_or_else(|faults| faults.to_string(), |made| made.report.warnings.to_string())
    };
    let world = warnings("[[-80,-10],[80,-10],[80,70],[-80,70],[-80,-10]]");
    assert!(world.contains("at most 50000 km2") && world.contains("beyond the roads"), "{world}");
    let origin = warnings("[[23.99,59.99],[24.01,59.99],[0,0],[23.99,60.01],[23.99,59.99]]");
    assert!(origin.contains("longitude 0, latitude 0"), "{origin}");
    assert_eq!(warnings("[[23.99,59.995],[24.01,59.995],[24.01,60.005],[23.99,60.005],[23.99,59.995]]"), "");
}
