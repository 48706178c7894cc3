//! Roads of OpenStreetMap: directions, figures, barriers, chains, what is dropped, where the map ends.

use crate::common::{Osm, link, links, node_ids};
use clearway_import::{ImportError, ImportOptions, UnconnectedParts};

/// A square of primary roads 1-2-3-4, so that there is a main part that is never contracted away: 0.01 degree = 1.1 km.
fn square() -> Osm {
    Osm::new().nodes(&[(1, 0, 0), (2, 100, 0), (3, 100, 100), (4, 0, 100)]).way(
        10,
        &[1, 2, 3, 4, 1],
        "highway=tertiary",
    )
}

fn pinned(ids: &[&str]) -> ImportOptions {
    ImportOptions { keep_nodes: ids.iter().map(ToString::to_string).collect(), ..ImportOptions::default() }
}

#[test]
fn a_road_has_length_time_and_capacity() {
    let map = Osm::new()
        .nodes(&[(1, 0, 0), (2, 100, 0)])
        .way(10, &[1, 2], "highway=primary lanes=2 maxspeed=36 name=Road")
        .import();
    assert_eq!(links(&map), ["1>2", "2>1"]);
    assert_eq!(map.links[0].link_id, "w10-1");
    assert_eq!(map.links[1].link_id, "w10-1r");
    let link = &map.links[0];
    // 0.01 degree of longitude on the equator: 6378137 m x pi / 180 / 100.
    assert_eq!(link.length_m, Some(1113.19));
    assert_eq!(link.length, Some(1.11319));
    assert_eq!(link.time_ms, Some(111_319));
    // 8 km/h faster.
    assert_eq!(link.time_ms_low, Some(91_080));
    assert_eq!((link.lanes, link.free_speed), (Some(1.0), Some(36.0)));
    // 36 km/h = 22.4 mph: 1125 pcu/h per lane, less 15 %.
    assert_eq!(link.capacity_pcu_h_high, Some(1125.0));
    assert_eq!(link.capacity_pcu_h, Some(956.0));
    assert_eq!(link.capacity_pcu_h_low, Some(600.0));
    assert_eq!(link.capacity, Some(1125.0));
    assert_eq!(link.reserved_pcu_h, Some(48.0));
    // 2 x 3.25 m, half of it, 0.65 people/(m s).
    assert_eq!(link.walk_capacity_people_h, Some(7605.0));
    assert_eq!(link.walk_time_ms, Some(1_113_195));
    assert_eq!(link.geometry, "LINESTRING (0.000000 0.000000, 0.010000 0.000000)");
    assert_eq!(map.links[1].geometry, "LINESTRING (0.010000 0.000000, 0.000000 0.000000)");
    assert_eq!((link.name.as_str(), link.facility_type.as_str()), ("Road", "primary"));
    assert!(map.attribution.contains("OpenStreetMap contributors"));
}

#[test]
fn open_numbers_of_lanes_are_a_range() {
    let map = Osm::new()
        .nodes(&[(1, 0, 0), (2, 100, 0)])
        .way(10, &[1, 2], "highway=primary lanes=3 maxspeed=60")
        .import();
    let link = &map.links[0];
    assert_eq!(link.lanes, Some(1.5));
    // One lane at least (600), 1.5 likely (1700 x 0.85 x 1.5), two at most (2 x 1900).
    assert_eq!(link.capacity_pcu_h_low, Some(600.0));
    assert_eq!(link.capacity_pcu_h, Some(2168.0));
    assert_eq!(link.capacity_pcu_h_high, Some(3800.0));
    assert_eq!(link.capacity, None);
}

#[test]
fn oneway_streets_have_one_direction() {
    let street = |tags: &str| {
        square().nodes(&[(5, 50, 50)]).way(11, &[1, 5, 3], tags).import_with(&pinned(&["1", "2", "3", "4"]))
    };
    assert_eq!(link(&street("highway=residential oneway=yes"), "1", "3").link_id, "w11-1");
    assert_eq!(link(&street("highway=residential oneway=-1"), "3", "1").link_id, "w11-1r");
    assert!(links(&street("highway=residential oneway=-1")).iter().all(|l| l != "1>3"));
    let both = street("highway=residential");
    assert!(links(&both).contains(&"1>3".into()) && links(&both).contains(&"3>1".into()));
}

#[test]
fn roundabouts_are_oneway_and_never_lead_from_a_junction_to_itself() {
    let map = Osm::new()
        .nodes(&[(1, 0, 0), (2, 10, 0), (3, 10, 10), (4, 0, 10), (5, -100, 0)])
        .way(10, &[1, 2, 3, 4, 1], "highway=primary junction=roundabout")
        .way(11, &[5, 1], "highway=primary")
        .import();
    assert!(map.links.iter().all(|l| l.from_node_id != l.to_node_id));
    assert_eq!(links(&map), ["1>3", "3>1", "5>1", "1>5"]);
}

#[test]
fn ramps_are_a_class_of_their_own() {
    let map = Osm::new()
        .nodes(&[(1, 0, 0), (2, 100, 0)])
        .way(10, &[1, 2], "highway=motorway_link lanes=1")
        .import_with(&pinned(&["1"]));
    assert_eq!(links(&map), ["1>2"]);
    assert_eq!(map.links[0].capacity_pcu_h_high, Some(2200.0));
    assert_eq!(map.links[0].capacity_pcu_h, Some(1980.0));
    assert_eq!(map.links[0].walk_capacity_people_h, None);
}

#[test]
fn signals_hold_up_those_who_come_to_them() {
    let map = Osm::new()
        .node(1, 0, 0, "")
        .node(2, 100, 0, "highway=traffic_signals")
        .way(10, &[1, 2], "highway=primary lanes=4 maxspeed=50")
        .import();
    assert_eq!(link(&map, "1", "2").capacity_pcu_h, Some(1616.0));
    assert_eq!(link(&map, "2", "1").capacity_pcu_h, Some(3230.0));
    assert_eq!(link(&map, "1", "2").capacity_pcu_h_high, Some(3800.0));
    assert_eq!(map.report.signals, 1);
    let backward = Osm::new()
        .nodes(&[(1, 0, 0), (3, 100, 0)])
        .node(2, 50, 0, "highway=traffic_signals traffic_signals:direction=backward")
        .way(10, &[1, 2, 3], "highway=primary lanes=4 maxspeed=50")
        .import();
    assert_eq!(link(&backward, "1", "3").capacity_pcu_h, Some(3230.0));
    assert_eq!(link(&backward, "3", "1").capacity_pcu_h, Some(1616.0));
}

#[test]
fn chains_are_contracted_with_the_smallest_capacity() {
    let map = Osm::new()
        .nodes(&[(1, 0, 0), (2, 100, 0), (3, 200, 0)])
        .way(10, &[1, 2], "highway=primary name=A lanes=4 maxspeed=50")
        .way(11, &[3, 2], "highway=primary name=A lanes=2 maxspeed=50")
        .import();
    assert_eq!(links(&map), ["1>3", "3>1"]);
    assert_eq!(map.links[0].capacity_pcu_h, Some(1339.0));
    assert_eq!(map.links[0].lanes, Some(1.0));
    assert_eq!(map.links[0].length_m, Some(2226.39));
    assert_eq!(map.links[0].time_ms, Some(2 * 80_150));
}

#[test]
fn chains_end_where_name_class_direction_or_wish_differ() {
    let ways = |a: &str, b: &str, options: &ImportOptions| {
        let map = Osm::new()
            .nodes(&[(1, 0, 0), (2, 100, 0), (3, 200, 0)])
            .way(10, &[1, 2], a)
            .way(11, &[2, 3], b)
            .import_with(options);
        map.nodes.len()
    };
    let plain = ImportOptions::default();
    assert_eq!(ways("highway=primary", "highway=primary maxspeed=30", &plain), 2);
    assert_eq!(ways("highway=primary name=A", "highway=primary name=B", &plain), 3);
    assert_eq!(ways("highway=primary", "highway=secondary", &plain), 3);
    assert_eq!(ways("highway=primary", "highway=primary oneway=yes", &plain), 3);
    assert_eq!(ways("highway=primary", "highway=primary", &pinned(&["2"])), 3);
}

#[test]
fn roads_between_the_same_nodes_are_kept() {
    let map = square().nodes(&[(5, 50, -20)]).way(11, &[1, 5, 2], "highway=residential").import();
    let between = links(&map).iter().filter(|l| *l == "1>2").count();
    // Way 11, one side of the square, and its three other sides as one.
    assert_eq!(between, 3);
}

#[test]
fn closing_barriers_break_the_road() {
    let road = |barrier: &str| {
        square()
            .nodes(&[(5, -100, 0), (7, -300, 0), (8, -300, 100)])
            .node(6, -200, 0, barrier)
            .way(11, &[1, 5, 6, 7], "highway=residential")
            .way(12, &[7, 8, 4], "highway=residential")
    };
    let open = road("barrier=gate").import();
    assert_eq!((open.report.barriers_open, open.report.barriers_closing), (1, 0));
    assert!(!node_ids(&open).contains(&"6"));
    let closed = road("barrier=bollard").import();
    assert_eq!((closed.report.barriers_open, closed.report.barriers_closing), (0, 1));
    assert!(node_ids(&closed).contains(&"6") && node_ids(&closed).contains(&"6b"));
    assert!(!links(&closed).contains(&"6>6b".into()));
    // On foot there is a passage.
    let walk = ImportOptions { walk: true, ..ImportOptions::default() };
    let passage = road("barrier=bollard").import_with(&walk);
    let link = link(&passage, "6", "6b");
    assert_eq!((link.capacity_pcu_h, link.walk_time_ms), (None, Some(1000)));
    // Where three roads meet it is not clear which of them is meant.
    let junction =
        road("barrier=bollard").nodes(&[(9, -200, 50)]).way(13, &[6, 9], "highway=residential").import();
    assert_eq!((junction.report.barriers_closing, junction.report.barriers_ignored), (0, 1));
}

#[test]
fn private_gates_open_with_private_roads() {
    let map = square()
        .nodes(&[(5, -100, 0), (7, -300, 0)])
        .node(6, -200, 0, "barrier=gate access=private")
        .way(11, &[1, 5, 6, 7], "highway=residential");
    assert_eq!(map.import().report.barriers_closing, 1);
    let options = ImportOptions { private_roads: true, ..ImportOptions::default() };
    assert_eq!(map.import_with(&options).report.barriers_closing, 0);
}

#[test]
fn walkers_have_their_own_ways_and_both_directions() {
    let map = square().nodes(&[(5, 50, 50)]).way(11, &[1, 5, 3], "highway=footway").way(
        12,
        &[2, 5],
        "highway=residential oneway=yes",
    );
    let plain = map.import();
    assert!(!node_ids(&plain).contains(&"5") || plain.links.iter().all(|l| l.capacity_pcu_h.is_some()));
    let walk = map.import_with(&ImportOptions { walk: true, ..ImportOptions::default() });
    let path = link(&walk, "1", "5");
    assert_eq!((path.capacity_pcu_h, path.lanes, path.time_ms), (None, None, None));
    assert_eq!(path.walk_capacity_people_h, Some(2340.0));
    let against = link(&walk, "5", "2");
    assert_eq!(against.capacity_pcu_h, None);
    assert!(against.walk_capacity_people_h.is_some());
}

#[test]
fn what_nobody_can_leave_or_enter_is_counted_and_kept_unless_it_is_to_go() {
    let roads = square()
        .nodes(&[(5, 10, 10), (6, 20, 10), (7, -100, 0), (8, 150, 0)])
        .way(11, &[5, 6], "highway=residential")
        .way(12, &[7, 1], "highway=residential oneway=yes")
        .way(13, &[2, 8], "highway=residential oneway=yes");
    let map = roads.import();
    assert_eq!(map.report.dropped.parts, 1);
    assert!(
        node_ids(&map).contains(&"5"),
        "people may live there, and it is to be said that they have no way"
    );
    let map =
        roads.import_with(&ImportOptions { unconnected: UnconnectedParts::Drop, ..ImportOptions::default() });
    assert_eq!(map.report.dropped.parts, 1);
    assert_eq!(map.report.dropped.nodes, 2);
    assert_eq!(map.report.dropped.segments, 1);
    assert!((map.report.dropped.km - 0.111).abs() < 0.001);
    let ids = node_ids(&map);
    assert!(!ids.contains(&"5") && ids.contains(&"7") && ids.contains(&"8"));
}

#[test]
fn missing_nodes_are_the_edge_of_the_map() {
    let map = square()
        .nodes(&[(5, -50, 0), (7, 50, 50)])
        .way(11, &[1, 5, 99], "highway=residential")
        .way(12, &[98, 2], "highway=tertiary")
        .way(13, &[97, 7, 3], "highway=service")
        .import();
    // 2 is the only node that is left of way 12. A service road that is cut is no way out.
    assert_eq!(map.boundary_nodes, ["2", "5"]);
    assert_eq!(map.report.boundary_nodes, 2);
}

#[test]
fn dead_ends_near_the_bounds_are_the_edge_of_the_map() {
    // 50 m are 4.5 steps.
    let map = square()
        .bounds(-50, -200, 300, 300)
        .nodes(&[(5, -46, 0), (6, -40, 100), (7, 120, -220), (8, 104, 104)])
        .way(11, &[1, 5], "highway=unclassified")
        .way(12, &[4, 6], "highway=unclassified")
        .way(13, &[2, 7], "highway=tertiary")
        .way(14, &[3, 8], "highway=residential")
        .import();
    assert_eq!(map.boundary_nodes, ["5", "7"]);
}

#[test]
fn large_roads_end_in_the_world_too() {
    let map = square()
        .bounds(-500, -500, 500, 500)
        .nodes(&[(5, -46, 0), (6, -40, 100), (7, 120, -20), (8, 120, -40), (9, 140, 100), (11, 160, 100)])
        .way(11, &[1, 5], "highway=secondary")
        .way(12, &[4, 6], "highway=tertiary")
        .way(13, &[2, 7], "highway=secondary")
        .way(14, &[7, 8], "highway=footway")
        .way(15, &[3, 9], "highway=secondary")
        .way(16, &[9, 11], "route=ferry")
        .import();
    assert!(map.boundary_nodes.is_empty(), "{:?}", map.boundary_nodes);
    // A small part that reaches the edge is kept.
    let island = square()
        .bounds(-500, -500, 500, 500)
        .nodes(&[(5, 490, 0), (6, 499, 0)])
        .way(11, &[5, 6], "highway=tertiary")
        .import();
    assert_eq!(island.boundary_nodes, ["6"]);
    assert_eq!(island.report.dropped.parts, 0);
}

#[test]
fn a_road_that_a_gate_closes_is_not_cut_by_the_edge_of_the_map() {
    // The gate is within 50 m of the bounds, and so is the end beyond it.
    let map = square()
        .bounds(-50, -200, 300, 300)
        .node(5, -46, 0, "barrier=gate access=no")
        .nodes(&[(6, -48, 0)])
        .way(11, &[1, 5, 6], "highway=secondary")
        .import();
    assert_eq!(map.boundary_nodes, ["6"]);
}

#[test]
fn residents_leave_private_roads_and_nobody_drives_through_them() {
    // An estate of private streets between nodes 2 and 3 of the square, and public streets behind a private gate at 20.
    let map = square()
        .nodes(&[(5, 150, 0), (6, 150, 100), (21, -120, 0), (22, -140, 0)])
        .node(20, -100, 0, "barrier=gate access=private")
        .way(11, &[2, 5, 6, 3], "highway=residential access=private name=Estate")
        .way(12, &[5, 8], "highway=residential access=private name=Court")
        .nodes(&[(8, 180, 0)])
        .way(13, &[1, 20, 21, 22], "highway=residential name=Gated");
    let ends = |options: ImportOptions| -> Vec<(String, String)> {
        let map = map.import_with(&options);
        map.links.into_iter().map(|l| (l.from_node_id, l.to_node_id)).collect()
    };
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    let residents = ends(ImportOptions { residents: true, ..ImportOptions::default() });
    assert!(residents.contains(&pair("5", "2")) && residents.contains(&pair("5", "3")), "{residents:?}");
    assert!(!residents.contains(&pair("2", "5")) && !residents.contains(&pair("3", "5")), "{residents:?}");
    assert!(
        residents.contains(&pair("20b", "20")) != residents.contains(&pair("20", "20b")),
        "{residents:?}"
    );
    let nobody = ends(ImportOptions::default());
    assert!(!nobody.iter().any(|(a, b)| [a.as_str(), b.as_str()].contains(&"5")), "{nobody:?}");
    assert!(!nobody.contains(&pair("20b", "20")) && !nobody.contains(&pair("20", "20b")), "{nobody:?}");
}

#[test]
fn ferries_are_named() {
    let map = square()
        .nodes(&[(9, 140, 100), (11, 160, 100)])
        .way(15, &[3, 9], "highway=secondary")
        .way(16, &[9, 11], "route=ferry name=Island_Ferry")
        .way(17, &[9, 11], "route=ferry")
        .import();
    let names: Vec<&str> = map.ferries.iter().map(|ferry| ferry.name.as_str()).collect();
    assert_eq!(names, ["Island_Ferry", "way 17"]);
    assert_eq!(map.ferries[0].course.len(), 2);
}

#[test]
fn ids_are_in_order() {
    let map = Osm::new()
        .nodes(&[(30, 0, 0), (4, 100, 0), (200, 0, 100)])
        .way(7, &[30, 4], "highway=primary name=A")
        .way(3, &[4, 200], "highway=primary name=B")
        .import();
    assert_eq!(node_ids(&map), ["4", "30", "200"]);
    assert_eq!(
        map.links.iter().map(|l| l.link_id.as_str()).collect::<Vec<_>>(),
        ["w3-1", "w3-1r", "w7-1", "w7-1r"]
    );
}

#[test]
fn faults_name_the_file_and_what_is_wrong() {
    let none = Osm::new().nodes(&[(1, 0, 0), (2, 1, 0)]).way(1, &[1, 2], "building=yes");
    assert!(matches!(none.try_import(&ImportOptions::default()), Err(ImportError::NoRoads { .. })));
    let odd = ImportOptions { green_share: 0.0, ..ImportOptions::default() };
    assert!(matches!(square().try_import(&odd), Err(ImportError::Option { option: "green_share", .. })));
    let folder = tempfile::tempdir().unwrap();
    let read = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        clearway_import::import_roads(&path, &ImportOptions::default(), &|_, _| {}).unwrap_err().to_string()
    };
    let xml = square().xml();
    assert!(read("half.osm", &xml.as_bytes()[..xml.len() / 2]).contains("half.osm"));
    assert!(read("a.osm", b"<html></html>").contains("a web page"));
    assert!(read("a.osm", b"<map></map>").contains("root element is not <osm>"));
    assert!(read("b.osm.pbf", b"").contains("an empty file"));
    assert!(read("c.osm", b"hello").contains("not a road map"));
    assert!(read("d.osm", b"<osm><node id='1' lat='95' lon='0'/></osm>").contains("node 1 lies at 0, 95"));
    assert!(read("e.pbf", b"\0\0\0\x0d\x0a\x09OSMHeader\x18\xff\x01").contains("damaged"));
    assert!(read("f.osm.gz", &[0x1f, 0x8b, 8, 0, 0]).contains("f.osm.gz"));
}
