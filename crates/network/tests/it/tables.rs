//! From tables to arrays: what joins what, which turns count, what a table may not name, and how much can leave a zone.

use crate::made::{central, closed, connector, link, one_road, window};
use clearway_model::{
    Case, ClosureKind, ClosureTarget, ConnectorPlace, MobilizationRow, MovementRow, NodeRow, Scenario,
    WindowTarget, ZoneRow,
};
use clearway_network::{ElementEnds, ElementKind, Network, NetworkError};

/// A, B and C; `road` from A to B as in [`one_road`], `wide` from A to C, `on` from C to B, `home` from B to A.
fn triangle() -> Scenario {
    let mut scenario = one_road();
    scenario.nodes.push(NodeRow { node_id: "C".into(), ..NodeRow::default() });
    let more = [("wide", "A", "C", 160.0), ("on", "C", "B", 40.0), ("home", "B", "A", 70.0)];
    scenario.links.extend(more.map(|(id, from, to, pcu_h)| link(id, from, to, pcu_h, 5)));
    scenario
}

fn ban(inbound: &str, outbound: &str, prohibited: &str) -> MovementRow {
    MovementRow {
        ib_link_id: inbound.into(),
        ob_link_id: outbound.into(),
        prohibited: prohibited.into(),
        ..MovementRow::default()
    }
}

fn unknown(change: impl Fn(&mut Scenario)) -> (&'static str, &'static str, String) {
    let mut scenario = one_road();
    change(&mut scenario);
    match Network::new(&scenario, Case::Central) {
        Err(NetworkError::Unknown { table, what, id }) => (table, what, id),
        other => panic!("{other:?}"),
    }
}

#[test]
fn elements_come_in_the_order_of_the_reference_and_join_what_their_rows_say() {
    let network = central(&triangle());
    let kinds: Vec<ElementKind> = network.elements.iter().map(|element| element.kind).collect();
    use ElementKind::{Admission, Connector, Link};
    assert_eq!(kinds, [Connector(0), Link(0), Link(1), Link(2), Link(3), Connector(1), Admission(0)]);
    let (zone, site) = (0.into(), 0.into());
    let between = |from: usize, to: usize| ElementEnds::BetweenNodes { from: from.into(), to: to.into() };
    let ends = [
        ElementEnds::FromZone { zone, node: 0.into() },
        between(0, 1),
        between(0, 2),
        between(2, 1),
        between(1, 0),
        ElementEnds::ToSite { node: 1.into(), site },
        ElementEnds::IntoSite { site },
    ];
    assert_eq!(network.elements.iter().map(|element| element.ends).collect::<Vec<_>>(), ends);
    assert_eq!(network.zones.raw[0].connectors, [0.into()]);
    assert_eq!(network.sites.raw[0].admission, 6.into());
    let out =
        |node: usize| network.out_of(node.into()).iter().map(|element| element.row()).collect::<Vec<_>>();
    assert_eq!([0, 1, 2].map(out), [vec![1, 2], vec![4, 5], vec![3]]);
    let to_site: Vec<bool> = network.elements.keys().map(|e| network.is_to_site(e)).collect();
    assert_eq!(to_site, [false, false, false, false, false, true, false]);
    let links: Vec<bool> = network.elements.keys().map(|e| network.is_link(e)).collect();
    assert_eq!(links, [false, true, true, true, true, false, false]);
}

#[test]
fn turns_count_if_they_are_prohibited_and_both_links_can_be_used() {
    let mut scenario = triangle();
    scenario.movements = vec![
        ban("road", "home", "1"),
        ban("wide", "on", "0"),
        ban("on", "home", "1"),
        ban("wide", "none", "1"),
    ];
    assert_eq!(
        central(&scenario).banned.into_iter().collect::<std::collections::BTreeSet<_>>(),
        [(1.into(), 4.into()), (3.into(), 4.into())].into()
    );
    scenario.links[2].capacity_pcu_h = None;
    // `on` is gone, and the links after it move up
    assert_eq!(central(&scenario).banned.into_iter().collect::<Vec<_>>(), [(1.into(), 3.into())]);
}

#[test]
fn a_name_that_no_table_has_is_an_error_with_the_table_and_the_name() {
    let of = |table, what, id: &str| (table, what, id.to_owned());
    assert_eq!(unknown(|s| s.links[0].from_node_id = "X".into()), of("link.csv", "node", "X"));
    assert_eq!(unknown(|s| s.links[0].to_node_id = "Y".into()), of("link.csv", "node", "Y"));
    assert_eq!(unknown(|s| s.connectors[0].place_id = "Q".into()), of("connectors.csv", "zone", "Q"));
    assert_eq!(unknown(|s| s.connectors[0].node_id = "X".into()), of("connectors.csv", "node", "X"));
    assert_eq!(unknown(|s| s.connectors[1].place_id = "T".into()), of("connectors.csv", "site", "T"));
    assert_eq!(unknown(|s| s.connectors[1].node_id = "X".into()), of("connectors.csv", "node", "X"));
    assert_eq!(
        unknown(|s| s.zones[0].mobilization_id = "late".into()),
        of("zones.csv", "mobilization curve", "late")
    );
    let error = NetworkError::Unknown { table: "link.csv", what: "node", id: "X".into() };
    assert_eq!(error.to_string(), "link.csv names node 'X', which does not exist");
}

#[test]
fn there_is_exactly_one_class_of_road_users() {
    let mut scenario = one_road();
    let car = scenario.settings.class.remove(0);
    assert_eq!(Network::new(&scenario, Case::Central).unwrap_err(), NetworkError::Classes(0));
    scenario.settings.class = vec![car.clone(), car];
    assert_eq!(Network::new(&scenario, Case::Central).unwrap_err(), NetworkError::Classes(2));
}

#[test]
fn people_are_ready_by_the_curve_of_their_zone_or_at_once() {
    let mut scenario = one_road();
    scenario.zones.push(ZoneRow {
        zone_id: "Y".into(),
        mobilization_id: "late".into(),
        ..ZoneRow::default()
    });
    let row = |time_ms, share| MobilizationRow { mobilization_id: "late".into(), time_ms, share };
    scenario.releases = vec![row(100, 0.0), row(300, 1.0)];
    let network = central(&scenario);
    assert_eq!(network.zones.raw[0].release.points(), [(0, 1.0)]);
    assert_eq!(network.zones.raw[1].release.points(), [(100, 0.0), (300, 1.0)]);
    assert_eq!(network.zones.raw[1].release.share(200), 0.5);
}

#[test]
fn as_much_leaves_a_zone_as_its_widest_first_links_let_through() {
    let network = central(&triangle());
    assert_eq!(network.outflow(0.into(), 1), Some(160_000));
    assert_eq!(network.outflow(0.into(), 2), Some(260_000));
    // there are but two
    assert_eq!(network.outflow(0.into(), 3), None);
    assert_eq!(network.whole_outflow(0.into()), Some(260_000));
}

#[test]
fn first_links_of_several_nodes_count_once_each() {
    let mut scenario = triangle();
    scenario.connectors.insert(1, connector(ConnectorPlace::Zone, "Z", "C"));
    scenario.connectors.insert(1, connector(ConnectorPlace::Zone, "Z", "A"));
    let network = central(&scenario);
    assert_eq!(
        [1, 2, 3].map(|routes| network.outflow(0.into(), routes)),
        [Some(160_000), Some(260_000), Some(300_000)]
    );
}

#[test]
fn no_first_link_limits_a_zone_beside_a_site() {
    let mut scenario = triangle();
    scenario.connectors.push(connector(ConnectorPlace::Site, "S", "A"));
    let network = central(&scenario);
    assert_eq!((network.outflow(0.into(), 1), network.whole_outflow(0.into())), (None, None));
}

#[test]
fn a_zone_whose_people_may_wait_at_the_node_has_no_limit_by_routes() {
    let limit = |change: &dyn Fn(&mut Scenario)| {
        let mut scenario = triangle();
        change(&mut scenario);
        let network = central(&scenario);
        (network.outflow(0.into(), 1), network.whole_outflow(0.into()))
    };
    let early = window(WindowTarget::Zone, "Z", 0, Some(100), ClosureKind::Entry);
    assert_eq!(limit(&|s| s.windows.push(early.clone())), (None, Some(260_000)));
    let shut = closed(ClosureTarget::Zone, "Z", 500, None, ClosureKind::Presence);
    assert_eq!(limit(&|s| s.closures.push(shut.clone())), (None, Some(260_000)));
    // a limited connector: no more than 90 people/h by either of two links
    assert_eq!(limit(&|s| s.connectors[0].capacity_pcu_h = Some(90.0)), (None, Some(180_000)));
}

#[test]
fn a_zone_is_held_back_until_its_people_can_have_left() {
    // 50 people by 160 people/h: 18 min 45 s from when the last are ready
    let mut scenario = triangle();
    scenario.settings.horizon_ms = 7_200_000;
    let network = central(&scenario);
    assert!(network.is_held_back(1, 1_124_999) && !network.is_held_back(1, 1_125_000));
    // no limit by three routes
    assert!(!network.is_held_back(3, 1));
    scenario.zones[0].mobilization_id = "late".into();
    scenario.releases = vec![MobilizationRow { mobilization_id: "late".into(), time_ms: 60_000, share: 1.0 }];
    let later = central(&scenario);
    assert!(later.is_held_back(1, 1_184_999) && !later.is_held_back(1, 1_185_000));
}
