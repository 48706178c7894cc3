//! What zones are called that were cut here.

use crate::common::{both, grid, node, place, request, square};
use clearway_compose::{RoadNetwork, compose};
use clearway_formats::check_scenario;
use clearway_model::{NamedPlace, PlaceKind, SourceStatus};
use std::collections::BTreeSet;

fn named(name: &str, kind: PlaceKind, column: i32, row: i32) -> NamedPlace {
    NamedPlace { name: name.into(), kind, at: place(column, row), outline: Vec::new() }
}

fn names(network: RoadNetwork, zones: usize) -> Vec<String> {
    let mut request = request(4_000, square("area.geojson", 5));
    request.zone_count = Some(zones);
    let made = compose(network, &request).unwrap();
    let faults = check_scenario(&made.scenario);
    assert!(!faults.has_errors(), "{faults}");
    made.scenario.zones.iter().map(|zone| zone.name.clone()).collect()
}

#[test]
fn zones_are_called_by_the_place_they_lie_in_and_told_apart() {
    let mut network = grid(9);
    network.places =
        vec![named("Westend", PlaceKind::Suburb, -4, 0), named("Eastend", PlaceKind::Suburb, 4, 0)];
    let found: BTreeSet<String> = names(network, 4).into_iter().collect();
    let expected = ["Eastend north", "Eastend south", "Westend north", "Westend south"];
    assert_eq!(found.iter().map(String::as_str).collect::<Vec<_>>(), expected);
}

#[test]
fn ids_stay_and_the_source_of_a_name_is_told() {
    let mut network = grid(9);
    network.places = vec![named("Midtown", PlaceKind::Quarter, 0, 0)];
    let mut request = request(4_000, square("area.geojson", 5));
    request.zone_count = Some(2);
    let made = compose(network, &request).unwrap();
    let rows: Vec<(&str, &str)> =
        made.scenario.zones.iter().map(|z| (z.zone_id.as_str(), z.name.as_str())).collect();
    assert_eq!(rows[0].0, "Z1");
    assert!(rows.iter().all(|(_, name)| name.starts_with("Midtown ")), "{rows:?}");
    let source = made.scenario.sources.iter().find(|s| s.table == "zones" && s.field == "name").unwrap();
    assert_eq!(source.status, SourceStatus::Derived);
    assert!(source.note.starts_with("2 zones are called by the named place"), "{}", source.note);
}

#[test]
fn where_the_map_names_no_place_the_longest_street_of_a_zone_does() {
    // One long street and a lane off it, in one zone.
    let mut network = RoadNetwork { attribution: "nobody".into(), ..RoadNetwork::default() };
    for column in -9..=9 {
        network.nodes.push(node(&format!("a{column:+}"), place(column, 0)));
    }
    network.nodes.push(node("b", place(0, 1)));
    for column in -9..9 {
        let (from, to) = (format!("a{column:+}"), format!("a{:+}", column + 1));
        both(&mut network.links, &from, &to, "residential", "Long Street", 200.0);
    }
    both(&mut network.links, "a+0", "b", "residential", "Short Lane", 200.0);
    assert_eq!(names(network, 1), ["Long Street area"]);
}

#[test]
fn where_the_map_has_neither_places_nor_names_of_streets_zones_keep_their_number() {
    let mut network = grid(9);
    network.links.iter_mut().for_each(|link| link.name.clear());
    assert_eq!(names(network, 3), ["Zone 1", "Zone 2", "Zone 3"]);
}

#[test]
fn the_same_map_gives_the_same_names() {
    let network = || {
        let mut network = grid(9);
        network.places = (0..9)
            .map(|n| named(&format!("P{n}"), PlaceKind::Neighbourhood, n % 3 * 4 - 4, n / 3 * 4 - 4))
            .collect();
        network
    };
    assert_eq!(names(network(), 20), names(network(), 20));
}
