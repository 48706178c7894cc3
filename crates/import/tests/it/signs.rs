//! Stops, give-ways and roundabouts become rows of `junctions.csv`, by approach.

use crate::common::Osm;
use clearway_import::RoadMap;
use clearway_model::JunctionControl;
use clearway_model::JunctionControl::{AllWayStop, GiveWay, Roundabout, Stop};

/// A road from 1 to 3 by 2, where one from 4 ends.
fn main_road() -> Osm {
    Osm::new().nodes(&[(1, -100, 0), (3, 100, 0), (4, 0, -100)]).way(
        10,
        &[1, 2, 3],
        "highway=secondary name=Main",
    )
}

/// Rows as (from, to, control) of their links, in their order.
fn approaches(map: &RoadMap) -> Vec<(&str, &str, JunctionControl)> {
    map.junctions
        .iter()
        .map(|row| {
            let link = map.links.iter().find(|link| link.link_id == row.link_id).unwrap();
            assert_eq!(link.to_node_id, row.node_id);
            assert!(row.source.contains("OpenStreetMap"), "{}", row.source);
            (link.from_node_id.as_str(), link.to_node_id.as_str(), row.control)
        })
        .collect()
}

#[test]
fn a_sign_before_a_junction_holds_those_who_come_to_it() {
    for (nodes, tags, expected) in [
        ([4, 5, 2], "highway=stop", ("4", "2", Stop)),
        ([2, 5, 4], "highway=stop", ("4", "2", Stop)),
        ([4, 5, 2], "highway=give_way", ("4", "2", GiveWay)),
        ([4, 5, 2], "highway=stop stop=minor", ("4", "2", Stop)),
        ([4, 5, 2], "highway=stop stop=all", ("4", "2", AllWayStop)),
        // said, whatever is nearer
        ([4, 5, 2], "highway=stop direction=backward", ("2", "4", Stop)),
        ([2, 5, 4], "highway=give_way direction=backward", ("4", "2", GiveWay)),
    ] {
        let map = main_road()
            .node(2, 0, 0, "")
            .node(5, 0, -10, tags)
            .way(11, &nodes, "highway=residential name=Side")
            .import();
        assert_eq!(approaches(&map), [expected], "{nodes:?} {tags}");
    }
}

#[test]
fn where_a_way_is_cut_before_the_junction_does_not_matter() {
    for joint in ["", "highway=give_way"] {
        let sign = if joint.is_empty() { "highway=give_way" } else { "" };
        let map = main_road()
            .node(2, 0, 0, "")
            .node(5, 0, -20, sign)
            .node(6, 0, -18, joint)
            .way(11, &[4, 5, 6], "highway=residential name=Side")
            .way(12, &[6, 2], "highway=residential name=Side")
            .import();
        assert_eq!(approaches(&map), [("4", "2", GiveWay)], "{joint}");
    }
}

#[test]
fn on_a_one_way_road_a_sign_holds_those_who_drive_there() {
    let map = main_road()
        .node(2, 0, 0, "")
        .node(5, 0, -90, "highway=give_way")
        .way(11, &[4, 5, 2], "highway=residential oneway=yes")
        .import();
    assert_eq!(approaches(&map), [("4", "2", GiveWay)]);
}

#[test]
fn on_a_junction_a_sign_counts_where_it_is_for_all() {
    let at = |tags: &str| {
        let map = main_road().node(2, 0, 0, tags).way(11, &[4, 2], "highway=residential").import();
        approaches(&map)
            .into_iter()
            .map(|(from, to, control)| (from.to_owned(), to.to_owned(), control))
            .collect::<Vec<_>>()
    };
    let all = |control| {
        [("1", "2", control), ("3", "2", control), ("4", "2", control)]
            .map(|(a, b, c)| (a.to_owned(), b.to_owned(), c))
    };
    assert_eq!(at("highway=stop stop=all"), all(AllWayStop));
    assert_eq!(at("highway=mini_roundabout"), all(Roundabout));
    // nobody knows on which of the roads it stands; a signal is in the capacities
    assert_eq!(at("highway=stop"), []);
    assert_eq!(at("highway=give_way"), []);
    assert_eq!(at("highway=traffic_signals"), []);
}

#[test]
fn a_mini_roundabout_within_a_road_holds_both_directions() {
    for tags in ["highway=mini_roundabout", "highway=mini_roundabout direction=clockwise"] {
        // nearer to 3, which would be the end that a sign for one direction is for
        let map = Osm::new()
            .nodes(&[(1, -100, 0), (3, 20, 0)])
            .node(2, 0, 0, tags)
            .way(10, &[1, 2, 3], "highway=secondary")
            .import();
        assert_eq!(approaches(&map), [("1", "3", Roundabout), ("3", "1", Roundabout)], "{tags}");
    }
}

#[test]
fn a_roundabout_is_entered_and_not_held_up_on_the_way_round() {
    let map = Osm::new()
        .nodes(&[(1, 10, 0), (2, 0, 10), (3, -10, 0), (4, 0, -10), (5, 100, 0), (6, -100, 0)])
        .node(7, 12, 0, "highway=give_way")
        .way(10, &[1, 2, 3, 4, 1], "highway=tertiary junction=roundabout")
        .way(11, &[5, 7, 1], "highway=tertiary")
        .way(12, &[6, 3], "highway=tertiary")
        .import();
    assert_eq!(approaches(&map), [("5", "1", Roundabout), ("6", "3", Roundabout)]);
}
