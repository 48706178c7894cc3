//! Named places: what of a map names a part of town.

use crate::common::{Osm, STEP};
use clearway_model::PlaceKind;

/// A road, without which no map is read.
fn town() -> Osm {
    Osm::new().nodes(&[(1, 0, 0), (2, 100, 0)]).way(10, &[1, 2], "highway=residential")
}

#[test]
fn nodes_that_name_a_part_of_a_town_are_read_and_others_are_not() {
    let map = town()
        .node(30, 20, 10, "place=suburb name=Kallio name:en=Rock")
        .node(20, 40, 10, "name=Punavuori place=neighbourhood")
        .node(21, 0, 50, "place=island name=Seurasaari")
        .node(22, 0, 60, "place=square name=Rautatientori")
        .node(23, 0, 70, "place=quarter")
        .node(24, 0, 80, "name=Kiosk shop=kiosk")
        .import();
    let found: Vec<(&str, PlaceKind)> = map.places.iter().map(|p| (p.name.as_str(), p.kind)).collect();
    assert_eq!(
        found,
        [("Punavuori", PlaceKind::Neighbourhood), ("Kallio", PlaceKind::Suburb)],
        "ascending by id, with the name in the language of the place"
    );
    assert_eq!(map.places[0].at, [40.0 * STEP, 10.0 * STEP]);
    assert!(map.places[0].outline.is_empty());
}

#[test]
fn a_closed_way_is_an_outline_and_its_nodes_are_no_roads() {
    let map = town()
        .nodes(&[(5, 0, 40), (6, 60, 40), (7, 60, 80), (8, 0, 80)])
        .way(11, &[5, 6, 7, 8, 5], "place=suburb name=Kallio")
        .import();
    assert_eq!(map.places.len(), 1);
    assert_eq!(map.places[0].outline.len(), 5);
    assert_eq!(map.places[0].outline[2], [60.0 * STEP, 80.0 * STEP]);
    assert!(
        (map.places[0].at[0] - 30.0 * STEP).abs() < 1e-9 && (map.places[0].at[1] - 60.0 * STEP).abs() < 1e-9
    );
    assert_eq!(map.nodes.len(), 2);
}

#[test]
fn an_open_line_and_an_outline_that_the_map_cuts_are_left_out() {
    let map = town()
        .nodes(&[(5, 0, 40), (6, 60, 40), (7, 60, 80)])
        .way(11, &[5, 6, 7], "place=suburb name=Open")
        .way(12, &[5, 6, 7, 99, 5], "place=suburb name=Cut")
        .import();
    assert!(map.places.is_empty(), "{:?}", map.places);
}

#[test]
fn a_road_may_be_a_place_too() {
    let map = Osm::new()
        .nodes(&[(1, 0, 0), (2, 100, 0), (3, 100, 100), (4, 200, 0)])
        .way(10, &[1, 2, 3, 1], "highway=residential place=neighbourhood name=Ring")
        .way(11, &[2, 4], "highway=residential")
        .import();
    assert_eq!(map.places.len(), 1);
    assert!(map.links.iter().any(|link| link.name == "Ring"));
}

#[test]
fn a_name_that_turns_the_order_of_letters_or_tells_a_story_is_none() {
    let long = "x".repeat(61);
    let map = town()
        .node(20, 1, 1, "place=suburb name=a\u{202e}b")
        .node(21, 1, 1, &format!("place=suburb name={long}"))
        .node(22, 1, 1, &format!("place=suburb name={}", &long[1..]))
        .import();
    assert_eq!(map.places.len(), 1, "60 letters are a name");
}
