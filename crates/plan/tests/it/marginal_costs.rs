//! What one more person costs all others, by hand: behind a queue the streets divide, one wide, one with a queue of its own.

use crate::common;
use clearway_loading::marginal::MarginalCost;
use clearway_loading::packet::{KeptDetail, LoadingMemory, PathLoad, PreparedRoads};
use clearway_loading::path::{PathIndex, PathPool};
use clearway_loading::schedule::DepartureWindow;
use clearway_model::{Case, ConnectorPlace, ConnectorRow, LinkRow, NodeRow, Scenario, SiteRow, ZoneRow};
use clearway_network::{ElementIndex, Network};

const HOUR: f64 = 3_600_000.0;

/// 1,000 people/h from A to B; from there 1,000 people/h to the site at C and 400 people/h to the one at D; no travel time.
fn scenario() -> Scenario {
    let link = |id: &str, from: &str, to: &str, capacity: f64| LinkRow {
        link_id: id.into(),
        from_node_id: from.into(),
        to_node_id: to.into(),
        capacity_pcu_h: Some(capacity),
        time_ms: Some(1),
        ..LinkRow::default()
    };
    let connector = |id: &str, place, of: &str, node: &str| ConnectorRow {
        connector_id: id.into(),
        place,
        place_id: of.into(),
        node_id: node.into(),
        ..ConnectorRow::default()
    };
    Scenario {
        settings: common::settings("fork", "2026-01-01T08:00:00+00:00", 86_400_000),
        nodes: ["A", "B", "C", "D"].map(|id| NodeRow { node_id: id.into(), ..NodeRow::default() }).into(),
        links: vec![link("a", "A", "B", 1000.0), link("c", "B", "C", 1000.0), link("d", "B", "D", 400.0)],
        zones: vec![ZoneRow { zone_id: "Z".into(), people: 1000, ..ZoneRow::default() }],
        sites: ["SC", "SD"].map(|id| SiteRow { site_id: id.into(), ..SiteRow::default() }).into(),
        connectors: vec![
            connector("z", ConnectorPlace::Zone, "Z", "A"),
            connector("c", ConnectorPlace::Site, "SC", "C"),
            connector("d", ConnectorPlace::Site, "SD", "D"),
        ],
        movements: Vec::new(),
        releases: Vec::new(),
        closures: Vec::new(),
        windows: Vec::new(),
        junctions: Vec::new(),
        sources: Vec::new(),
        assumptions: Vec::new(),
        groups: None,
        digest: String::new(),
    }
}

#[test]
fn a_delay_costs_only_those_who_wait_nowhere_later() {
    let network = Network::new(&scenario(), Case::Central).unwrap();
    let mut pool = PathPool::default();
    let links: Vec<ElementIndex> = network.elements.keys().filter(|&e| network.is_link(e)).collect();
    let element = |row: usize| links[row];
    let zone = network.zones.raw[0].connectors[0];
    let way = |link: usize, site: usize| {
        let place = &network.sites.raw[site];
        let connector = network.out_of(network.node_after(element(link)).unwrap())[0];
        vec![zone, element(0), element(link), connector, place.admission]
    };
    let wide = pool.insert(&network, 0.into(), &way(1, 0));
    let narrow = pool.insert(&network, 0.into(), &way(2, 1));
    // All of them leave within a minute, 700 by the narrow street.
    let schedule = vec![DepartureWindow { from: 0, until: 60_000, share: 1.0 }];
    let load = |path, people| PathLoad { path, people, schedule: &schedule };
    let loads = [load(wide, 300.0), load(narrow, 700.0)];
    let roads = PreparedRoads::new(&network);
    let mut scratch = LoadingMemory::default();
    scratch.run(&roads, &pool, &loads, 2.0, KeptDetail::BusyPeriods);

    let cost = |ends: bool, path: PathIndex, minute: f64| {
        let passes = (!ends).then_some(&scratch.passes);
        let cost =
            MarginalCost { roads: &roads, busy: &scratch.busy, passes, full: &vec![false, false].into() };
        let departure = (minute * 60_000.0) as i64;
        cost.arrival(&pool.get(path).elements, departure).unwrap() as f64 / HOUR
    };
    let near = |found: f64, hours: f64| (found - hours).abs() < 0.03;
    // Half of them have left after half a minute; whoever comes then passes A to B half an hour later. Behind come 500 who take
    // longer for it, 150 of them to the wide street, where they wait no more: 0.15 h in all.
    assert!(near(cost(false, wide, 0.5), 0.5 + 0.15), "{}", cost(false, wide, 0.5));
    // In the narrow street 350 came before, of whom 200 have gone: its queue is left after 0.875 h, and those behind are
    // through after 1.75 h, each of them later.
    assert!(near(cost(false, narrow, 0.5), 1.75 + 0.15), "{}", cost(false, narrow, 0.5));
    // By the ends of queues: the first one ends after an hour, the narrow street's after 1.75 h.
    assert!(near(cost(true, wide, 0.5), 1.0), "{}", cost(true, wide, 0.5));
    assert!(near(cost(true, narrow, 0.5), 1.75), "{}", cost(true, narrow, 0.5));
    // Whoever comes when all is over waits for nobody.
    assert!(near(cost(false, narrow, 120.0), 2.0));
}
