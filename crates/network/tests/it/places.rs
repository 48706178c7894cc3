//! The flow problem of a network: what its vertices and arcs are, and that people can go by it exactly where they can go on the roads.

use crate::made::{central, connector, link, one_road};
use clearway_instances::{Calm, small};
use clearway_model::{Case, ConnectorPlace, MovementRow, NodeRow, Scenario};
use clearway_network::{ElementIndex, FlowPlaces, Network, ThresholdPlace};
use std::collections::BTreeSet;

/// `road` from A to B, `on` from B to C where the site is; nobody may turn from one into the other.
fn banned_turn() -> Scenario {
    let mut scenario = one_road();
    scenario.nodes.push(NodeRow { node_id: "C".into(), ..NodeRow::default() });
    scenario.links.push(link("on", "B", "C", 40.0, 5));
    scenario.connectors[1] = connector(ConnectorPlace::Site, "S", "C");
    scenario.movements = vec![MovementRow {
        ib_link_id: "road".into(),
        ob_link_id: "on".into(),
        prohibited: "1".into(),
        ..MovementRow::default()
    }];
    scenario
}

/// Tail and head of the arc of an element.
fn ends(places: &FlowPlaces, element: usize) -> (u32, u32) {
    let at = places.element.iter().position(|e| *e == Some(element.into())).unwrap();
    let arc = &places.problem.arcs[at];
    (arc.tail, arc.head)
}

#[test]
fn one_road_is_a_chain_from_the_zone_to_where_people_have_arrived() {
    let network = central(&one_road());
    let places = network.flow_problem(None);
    let place = [
        Some(ThresholdPlace::Node(0.into())),
        Some(ThresholdPlace::Node(1.into())),
        Some(ThresholdPlace::Zone(0.into())),
        Some(ThresholdPlace::Site(0.into())),
        None,
    ];
    assert_eq!((places.place.as_slice(), places.problem.vertices), (&place[..], 5));
    // connector of the zone, road, connector of the site, admission
    assert_eq!([0, 1, 2, 3].map(|element| ends(&places, element)), [(2, 0), (0, 1), (1, 3), (3, 4)]);
    assert_eq!((places.problem.arcs.len(), places.free.len()), (4, 0));
    let source = &places.problem.sources[0];
    assert_eq!((source.vertex, source.people, source.most), (2, 50, None));
    let terminal = &places.problem.terminals[0];
    assert_eq!((terminal.vertex, terminal.capacity), (4, None));
}

#[test]
fn with_so_many_routes_a_zone_has_a_gate_and_a_narrowest_element() {
    let network = central(&one_road());
    let places = network.flow_problem(Some(1));
    let gate =
        places.place.iter().position(|place| *place == Some(ThresholdPlace::Gate(0.into()))).unwrap() as u32;
    let zone = places.problem.sources[0].vertex;
    let out = places.problem.arcs.iter().find(|arc| arc.tail == zone).unwrap();
    assert_eq!((out.head, out.rate, out.tau), (gate, Some(100_000), 0));
    assert_eq!(ends(&places, 0).0, gate);
    // two routes of 100 people/h at most, on a way of 7 ms
    let most = |routes| network.flow_problem(Some(routes)).problem.sources[0].most.unwrap();
    assert_eq!((most(1).rate, most(1).after), (100_000, 7));
    assert_eq!((most(2).rate, most(2).after), (200_000, 7));
    // there is but one first link, so that two routes have no gate
    let two = network.flow_problem(Some(2));
    assert!(!two.place.contains(&Some(ThresholdPlace::Gate(0.into()))));
}

#[test]
fn behind_a_banned_turn_is_a_place_from_which_it_cannot_be_taken() {
    let network = central(&banned_turn());
    let places = network.flow_problem(None);
    let turn =
        places.place.iter().position(|place| *place == Some(ThresholdPlace::Turn(1.into()))).unwrap() as u32;
    assert_eq!(ends(&places, 1), (0, turn));
    // `on` begins at an entry of its own: from B itself, and not from the turn
    let (entry, _) = ends(&places, 2);
    assert_eq!(places.free, [entry]);
    let into: Vec<u32> =
        places.problem.arcs.iter().filter(|arc| arc.head == entry).map(|arc| arc.tail).collect();
    assert_eq!(into, [1]);
    assert!(places.problem.arcs.iter().all(|arc| arc.tail != turn));
}

/// All ways from a zone over at most `left` elements, as the network's elements.
fn on_roads(
    network: &Network,
    way: &mut Vec<ElementIndex>,
    left: usize,
    found: &mut BTreeSet<Vec<ElementIndex>>,
) {
    let last = *way.last().unwrap();
    if network.is_to_site(last) {
        let site = &network.sites[network.site_of(last).unwrap()];
        found.insert(way.iter().copied().chain([site.admission]).collect());
        return;
    }
    if left == 0 {
        return;
    }
    for &next in network.out_of(network.node_after(last).unwrap()) {
        if !network.banned.contains(&(last, next)) {
            way.push(next);
            on_roads(network, way, left - 1, found);
            way.pop();
        }
    }
}

/// The same in the flow problem, where arcs without an element take no time and have no rate.
fn in_flow(
    places: &FlowPlaces,
    at: u32,
    way: &mut Vec<ElementIndex>,
    left: usize,
    found: &mut BTreeSet<Vec<ElementIndex>>,
) {
    if places.problem.terminals.iter().any(|terminal| terminal.vertex == at) {
        found.insert(way.clone());
        return;
    }
    for (arc, element) in places.problem.arcs.iter().zip(&places.element).filter(|(arc, _)| arc.tail == at) {
        match element {
            None => in_flow(places, arc.head, way, left, found),
            Some(element) if left > 0 => {
                way.push(*element);
                in_flow(places, arc.head, way, left - 1, found);
                way.pop();
            }
            Some(_) => {}
        }
    }
}

#[test]
fn in_random_scenarios_the_ways_of_the_flow_are_those_of_the_roads() {
    let (mut ways, mut banned) = (0, 0);
    for seed in 0..200 {
        let scenario = small(seed, Calm::Closing);
        let network = Network::new(&scenario, Case::Central).unwrap();
        for routes in [None, Some(1), Some(2)] {
            let places = network.flow_problem(routes);
            for (index, zone) in network.zones.iter().enumerate() {
                let (mut on, mut flow) = (BTreeSet::new(), BTreeSet::new());
                for &connector in &zone.connectors {
                    // the connector, four elements, the admission
                    on_roads(&network, &mut vec![connector], 4, &mut on);
                }
                in_flow(&places, places.problem.sources[index].vertex, &mut Vec::new(), 6, &mut flow);
                assert_eq!(on, flow, "seed {seed}, {routes:?}, zone {index}");
                ways += on.len();
            }
        }
        banned += network.banned.len();
    }
    assert!(ways > 5000 && banned > 100, "{ways} ways, {banned} banned turns");
}

#[test]
fn in_random_scenarios_each_element_is_one_arc_with_its_own_figures() {
    for seed in 0..200 {
        let scenario = small(seed, Calm::Closing);
        let network = Network::new(&scenario, Case::Optimistic).unwrap();
        let places = network.flow_problem(Some(2));
        let mut seen = BTreeSet::new();
        for (arc, element) in places.problem.arcs.iter().zip(&places.element) {
            let Some(at) = element else { continue };
            assert!(seen.insert(*at), "seed {seed}: element {at:?} twice");
            let element = &network.elements[*at];
            assert_eq!(
                (arc.rate, arc.tau, &arc.open),
                (element.rate, element.tau, &element.open),
                "seed {seed}"
            );
        }
        assert_eq!(seen.len(), network.elements.len(), "seed {seed}");
        let people: i64 = places.problem.sources.iter().map(|source| source.people).sum();
        assert_eq!(people, network.evacuees(), "seed {seed}");
        let rooms: Vec<Option<i64>> =
            places.problem.terminals.iter().map(|terminal| terminal.capacity).collect();
        assert_eq!(rooms, network.sites.iter().map(|site| site.capacity).collect::<Vec<_>>(), "seed {seed}");
        assert_eq!(places.place.len(), places.problem.vertices, "seed {seed}");
    }
}
