//! Tags that leave something open, on whole maps: the optimistic value is the most that the map allows, the central one never more than
//! there is, and what is closed at times is closed in the central case.

use crate::common::{Osm, link, links};
use clearway_import::{ImportOptions, MapElement, RemarkKind, RoadMap, RoadTreatment};
use clearway_model::LinkRow;

/// A road from 1 to 2, 1113.19 m, with these tags.
fn road(tags: &str) -> RoadMap {
    Osm::new().nodes(&[(1, 0, 0), (2, 100, 0)]).way(10, &[1, 2], tags).import()
}

fn capacities(link: &LinkRow) -> (f64, f64, f64) {
    (link.capacity_pcu_h_low.unwrap(), link.capacity_pcu_h.unwrap(), link.capacity_pcu_h_high.unwrap())
}

/// Closed in all cases but the optimistic one.
fn is_closed(link: &LinkRow) -> bool {
    link.reserved_pcu_h == link.capacity_pcu_h && link.capacity_pcu_h_high >= link.capacity_pcu_h
}

#[test]
fn lanes_are_the_most_that_the_tags_allow_in_the_optimistic_case_alone() {
    // 1900 a lane; less 15 % central; 600 low; one lane of 50 km/h alone has 1575, central 1339.
    for (tags, expected) in [
        ("lanes=2;3", (1200.0, 3230.0, 5700.0)),
        ("turn:lanes=left|through|right", (600.0, 4845.0, 5700.0)),
        ("lanes=3 vehicle:lanes=yes|yes|no", (1200.0, 3230.0, 3800.0)),
        ("lanes=3 bus:lanes=designated||", (1200.0, 3230.0, 3800.0)),
        ("lanes=3 access:lanes=no|yes|yes", (1200.0, 3230.0, 3800.0)),
        ("lanes=2 lanes:conditional=3@(Mo-Fr)", (1200.0, 3230.0, 5700.0)),
    ] {
        let map = road(&format!("highway=secondary oneway=yes {tags}"));
        assert_eq!(capacities(link(&map, "1", "2")), expected, "{tags}");
    }
    for (tags, expected) in [
        ("lanes=5 turn:lanes:both_ways=left", (1200.0, 3230.0, 3800.0)),
        ("lanes=3 turn:lanes:both_ways=left", (600.0, 1339.0, 1575.0)),
        // One lane for both directions: half for either, a whole one at most.
        ("lanes=1", (300.0, 670.0, 1575.0)),
    ] {
        let map = road(&format!("highway=secondary {tags}"));
        assert_eq!(capacities(link(&map, "1", "2")), expected, "{tags}");
        assert_eq!(capacities(link(&map, "2", "1")), expected, "{tags}");
    }
    // A blank in a value cannot be written by the other helper.
    let xml = Osm::new()
        .nodes(&[(1, 0, 0), (2, 100, 0)])
        .way(10, &[1, 2], "highway=secondary oneway=yes lanes=5_lanes")
        .xml()
        .replace("5_lanes", "5 lanes");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("map.osm");
    std::fs::write(&path, xml).unwrap();
    let map = clearway_import::import_roads(&path, &ImportOptions::default(), &|_, _| {}).unwrap();
    assert_eq!(capacities(&map.links[0]).2, 9500.0);
    assert_eq!(map.report.remarks[0].tag, "lanes=5 lanes");
}

#[test]
fn speeds_are_the_most_that_the_tags_allow_in_the_fastest_time_alone() {
    let seconds = |km_h: f64| (1113.195 / km_h * 3600.0).round() as i64;
    for (tags, usual, most) in [
        ("maxspeed=60|100", 60.0, 100.0),
        ("maxspeed:lanes=80|60", 60.0, 80.0),
        ("maxspeed=80/60", 60.0, 80.0),
        ("maxspeed=30 maxspeed:conditional=100@(20:00-06:00)", 30.0, 100.0),
    ] {
        let map = road(&format!("highway=secondary oneway=yes lanes=2 {tags}"));
        let link = link(&map, "1", "2");
        assert!((link.time_ms.unwrap() - seconds(usual)).abs() <= 1, "{tags}: {:?}", link.time_ms);
        assert!(
            (link.time_ms_low.unwrap() - seconds(most + 8.0)).abs() <= 1,
            "{tags}: {:?}",
            link.time_ms_low
        );
        assert_eq!(
            map.report.remarks.iter().map(|r| r.kind).collect::<Vec<_>>(),
            [RemarkKind::Speed],
            "{tags}"
        );
    }
    // A street of 30 km/h that may be driven at 100 at night has the capacity of that at most.
    let map = road("highway=secondary oneway=yes lanes=1 maxspeed=30 maxspeed:conditional=100@(20:00-06:00)");
    assert_eq!(capacities(link(&map, "1", "2")), (600.0, 765.0, 1700.0));
}

#[test]
fn roads_closed_at_times_are_in_the_tables_for_the_optimistic_case_and_in_the_report_by_id() {
    for (tags, kind) in [
        ("ice_road=yes", RemarkKind::Ice),
        ("seasonal=winter", RemarkKind::Seasonal),
        ("smoothness=impassable", RemarkKind::Impassable),
        ("tidal=yes", RemarkKind::Tidal),
        ("disused=yes", RemarkKind::Disused),
        ("access:conditional=no@(May-Oct)", RemarkKind::ConditionalAccess),
    ] {
        let map = road(&format!("highway=secondary lanes=2 name=Road {tags}"));
        assert_eq!(links(&map), ["1>2", "2>1"]);
        for link in &map.links {
            assert!(is_closed(link), "{tags}");
            assert_eq!(link.capacity_pcu_h_high, Some(1575.0));
        }
        let remark = &map.report.remarks[0];
        assert_eq!(
            (&remark.element, remark.kind, remark.treatment),
            (&MapElement::Way(10), kind, RoadTreatment::OptimisticOnly)
        );
        assert_eq!(
            (remark.name.as_str(), remark.class.as_str(), remark.place),
            ("Road", "secondary", Some((0.0, 0.0)))
        );
        let text = map.report.to_string();
        assert!(text.contains("way 10 Road (") && text.contains(kind.words()), "{text}");
    }
    let map = road("highway=secondary oneway=Yes lanes=2");
    assert!(!is_closed(link(&map, "1", "2")) && is_closed(link(&map, "2", "1")));
    assert_eq!(capacities(link(&map, "1", "2")), (1200.0, 3230.0, 3800.0));
    let open = road("highway=secondary lanes=2");
    assert!(open.links.iter().all(|l| !is_closed(l)) && open.report.remarks.is_empty());
}

#[test]
fn roads_that_are_no_more_or_not_yet_are_in_the_report_by_id() {
    let map = Osm::new()
        .nodes(&[(1, 0, 0), (2, 100, 0), (3, 200, 0), (4, 300, 0), (5, 400, 0)])
        .way(10, &[1, 2], "highway=secondary")
        .way(11, &[2, 3], "disused:highway=secondary")
        .way(12, &[3, 4], "highway=construction construction=primary")
        .way(13, &[4, 5], "proposed:highway=primary")
        .import();
    assert_eq!(links(&map), ["1>2", "2>1"]);
    let said: Vec<_> = map.report.remarks.iter().map(|r| (r.to_string(), r.kind, r.treatment)).collect();
    let expected = [
        ("way 12 (highway=construction construction=primary)", RemarkKind::Unbuilt),
        ("way 11 (disused:highway=secondary)", RemarkKind::Disused),
        ("way 13 (proposed:highway=primary)", RemarkKind::Unbuilt),
    ];
    assert_eq!(said, expected.map(|(text, kind)| (text.to_string(), kind, RoadTreatment::LeftOut)));
}

#[test]
fn a_road_closed_at_times_is_not_joined_with_one_that_is_open() {
    let map = Osm::new()
        .nodes(&[(1, 0, 0), (2, 100, 0), (3, 200, 0)])
        .way(10, &[1, 2], "highway=secondary name=A")
        .way(11, &[2, 3], "highway=secondary name=A tidal=yes")
        .import();
    assert_eq!(links(&map), ["1>2", "2>1", "2>3", "3>2"]);
    assert_eq!(map.links.iter().map(is_closed).collect::<Vec<_>>(), [false, false, true, true]);
}

#[test]
fn a_gate_with_conditions_can_be_passed_in_the_optimistic_case() {
    let road = |barrier: &str| {
        Osm::new()
            .nodes(&[(1, 0, 0), (2, 100, 0), (3, 100, 100), (4, 0, 100), (5, -100, 0), (7, -300, 0)])
            .way(10, &[1, 2, 3, 4, 1], "highway=tertiary")
            .node(6, -200, 0, barrier)
            .way(11, &[1, 5, 6, 7], "highway=residential lanes=2")
            .import()
    };
    let map = road("barrier=gate access:conditional=no@(22:00-06:00)");
    let (on, back) = (link(&map, "6", "6b"), link(&map, "6b", "6"));
    assert!(is_closed(on) && is_closed(back));
    assert_eq!((on.capacity_pcu_h_high, on.length_m, on.time_ms), (Some(900.0), Some(1.0), Some(120)));
    assert_eq!(on.facility_type, "residential");
    let remark = &map.report.remarks[0];
    assert_eq!((&remark.element, remark.treatment), (&MapElement::Node(6), RoadTreatment::OptimisticOnly));
    assert_eq!(remark.tag, "barrier=gate access:conditional=no@(22:00-06:00)");
    // At the end of a road a barrier closes nothing.
    let end = Osm::new()
        .nodes(&[(1, 0, 0), (2, 100, 0)])
        .node(3, 200, 0, "barrier=gate access=private")
        .way(10, &[1, 2, 3], "highway=tertiary")
        .import();
    let remark = &end.report.remarks[0];
    assert_eq!((remark.kind, remark.treatment), (RemarkKind::BarrierOnJunction, RoadTreatment::Used));
    // A private gate is left out, and named.
    let private = road("barrier=gate access=private");
    assert!(private.links.iter().all(|l| l.to_node_id != "6b" || l.from_node_id != "6"));
    let remark = &private.report.remarks[0];
    assert_eq!((remark.kind, remark.treatment), (RemarkKind::Private, RoadTreatment::LeftOut));
}

#[test]
fn walkers_keep_off_what_is_not_there_all_the_time() {
    let walk = ImportOptions { walk: true, ..ImportOptions::default() };
    let on_foot = |tags: &str| {
        let map = Osm::new()
            .nodes(&[(1, 0, 0), (2, 100, 0)])
            .way(10, &[1, 2], &format!("highway=residential {tags}"))
            .import_with(&walk);
        map.links[0].walk_capacity_people_h
    };
    assert!(on_foot("").is_some() && on_foot("smoothness=impassable").is_some());
    for tags in ["tidal=yes", "ice_road=yes", "access:conditional=no@(May-Oct)"] {
        assert_eq!(on_foot(tags), None, "{tags}");
    }
}

#[test]
fn the_report_lists_a_few_roads_and_its_file_all() {
    let map = (0..8).fold(Osm::new(), |map, k| {
        map.nodes(&[(2 * k + 1, 0, k as i32 * 10), (2 * k + 2, 100, k as i32 * 10)]).way(
            k + 1,
            &[2 * k + 1, 2 * k + 2],
            "highway=secondary access=private",
        )
    });
    let map =
        map.nodes(&[(101, 0, 200), (102, 100, 200)]).way(100, &[101, 102], "highway=secondary").import();
    let (short, whole) = (map.report.to_string(), format!("{:#}", map.report));
    assert!(
        short.contains("left out, private: 8: way 1 (access=private)") && short.contains("and 3 more"),
        "{short}"
    );
    assert!(whole.contains("way 8 (access=private)") && !whole.contains("more (import.txt"), "{whole}");
}
