//! Whole scenarios of a town made of a grid of streets: they pass the check of the scenario folder, and every person is somewhere.

mod common;

use clearway_compose::compose;
use clearway_io::check_scenario;
use clearway_model::ConnectorPlace;
use common::{grid, request, square};
use std::collections::BTreeSet;

#[test]
fn an_area_and_a_number_are_enough() {
    let made = compose(grid(12), &request(40_001, square("area.geojson", 5))).unwrap();
    let faults = check_scenario(&made.scenario);
    assert!(faults.0.is_empty(), "{faults}");
    let scenario = &made.scenario;
    assert_eq!(scenario.zones.iter().map(|z| z.people).sum::<i64>(), 40_001);
    assert_eq!(scenario.zones.len(), 10, "one per 5,000 and at least 10");
    assert_eq!(scenario.sites.len(), 44, "eleven streets leave on each of four sides");
    assert!(made.report.unreachable_zones.is_empty());
    println!("{}", made.report);
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
    let at = |place: ConnectorPlace| -> BTreeSet<&str> {
        made.scenario.connectors.iter().filter(|c| c.place == place).map(|c| c.node_id.as_str()).collect()
    };
    let (starts, ends) = (at(ConnectorPlace::Zone), at(ConnectorPlace::Site));
    assert_eq!(ends.len(), 21, "eleven on two sides, one of them in both");
    assert!(starts.is_disjoint(&ends));
    let faults = check_scenario(&made.scenario);
    assert!(faults.0.is_empty(), "{faults}");
}
