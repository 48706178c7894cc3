//! PreparedRoads that are open 11 h a day: who misses the evening waits for 13 h, so that a few people decide when all are there.

use crate::common;
use clearway_loading::packet::{KeptDetail, LoadingMemory, PathLoad, PreparedRoads};
use clearway_loading::path::PathPool;
use clearway_loading::schedule::DepartureWindow;
use clearway_model::{
    Case, ConnectorPlace, ConnectorRow, LinkRow, NodeRow, Scenario, SiteRow, WindowRow, WindowTarget, ZoneRow,
};
use clearway_network::Network;
use clearway_plan::orders::{PathOrder, replay_orders};
use clearway_plan::{PlanOptions, QueueSpace, answer};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// Zones of so many people at A, and roads of so many people/h from there to the site at B, 20 min long.
fn scenario(people: &[i64], roads: &[f64]) -> Scenario {
    let connector = |id: String, place, of: &str, node: &str| ConnectorRow {
        connector_id: id,
        place,
        place_id: of.into(),
        node_id: node.into(),
        ..ConnectorRow::default()
    };
    let zones: Vec<ZoneRow> = people
        .iter()
        .enumerate()
        .map(|(i, &people)| ZoneRow { zone_id: format!("Z{i}"), people, ..ZoneRow::default() })
        .collect();
    let link = |(i, &rate): (usize, &f64)| LinkRow {
        link_id: format!("road-{i}"),
        from_node_id: "A".into(),
        to_node_id: "B".into(),
        capacity_pcu_h: Some(rate),
        time_ms: Some(HOUR / 3),
        ..LinkRow::default()
    };
    let mut connectors: Vec<ConnectorRow> = zones
        .iter()
        .map(|zone| connector(zone.zone_id.clone(), ConnectorPlace::Zone, &zone.zone_id, "A"))
        .collect();
    connectors.push(connector("site".into(), ConnectorPlace::Site, "S", "B"));
    Scenario {
        settings: common::settings("hours", "2026-01-01T07:00:00+00:00", 10 * DAY),
        nodes: ["A", "B"].map(|id| NodeRow { node_id: id.into(), ..NodeRow::default() }).into(),
        links: roads.iter().enumerate().map(link).collect(),
        zones,
        sites: vec![SiteRow { site_id: "S".into(), ..SiteRow::default() }],
        connectors,
        movements: Vec::new(),
        releases: Vec::new(),
        closures: Vec::new(),
        windows: vec![WindowRow {
            target: WindowTarget::AllLinks,
            target_id: "*".into(),
            until_ms: Some(11 * HOUR),
            repeat_every_ms: Some(DAY),
            ..WindowRow::default()
        }],
        junctions: Vec::new(),
        sources: Vec::new(),
        assumptions: Vec::new(),
        groups: None,
        digest: String::new(),
    }
}

/// People there before each midnight by the fast replay with packets of `size`, and by the exact one with packets.
fn by_day(people: i64, rate: f64, small_packet: i64, size: f64) -> Vec<(f64, i64)> {
    let network = Network::new(&scenario(&[people], &[rate]), Case::Central).unwrap();
    let mut pool = PathPool::default();
    let zone = network.zones.raw[0].connectors[0];
    let link = network.elements.keys().find(|&e| network.is_link(e)).unwrap();
    let connector = network.out_of(network.node_after(link).unwrap())[0];
    let elements = [zone, link, connector, network.sites.raw[0].admission];
    let path = pool.insert(&network, 0.into(), &elements);
    let schedule = vec![DepartureWindow { from: 0, until: 60_000, share: 1.0 }];
    let loads = [PathLoad { path, people: people as f64, schedule: &schedule }];
    let roads = PreparedRoads::new(&network).with_packets(small_packet);
    let mut fast = LoadingMemory::default();
    fast.run(&roads, &pool, &loads, size, KeptDetail::Journeys);
    let orders = [PathOrder { zone: 0.into(), path, people, from: 0, until: 60_000 }];
    let exact = replay_orders(&network, &pool, &orders, small_packet, 1.25);
    let before = |t: i64| {
        let fast: f64 =
            fast.journeys.iter().filter(|j| j.arrival.is_some_and(|at| at < t)).map(|j| j.people).sum();
        let exact = exact.packets.iter().filter(|p| p.arrival.is_some_and(|at| at < t * 1000));
        (fast, exact.map(|p| p.people).sum())
    };
    (1..=6).map(|day| before(day * DAY - HOUR)).collect()
}

#[test]
fn as_many_get_through_in_a_day_in_packets_as_in_packets() {
    // 1817 people/h let one through in 1981.3 ms: whole ms would add 3 people a day.
    for (small_packet, size) in [(1, 1.0), (1, 20.0), (7, 7.0), (7, 50.0), (20, 20.0)] {
        let days = by_day(200_000, 1817.0, small_packet, size);
        for (day, (fast, exact)) in (1..).zip(days) {
            // At each closing up to half a packet more or less, at openings nobody.
            let off = (fast - exact as f64).abs();
            eprintln!("packets of {small_packet}, packets of {size}: day {day} {fast} {exact}");
            assert!(
                off <= size + small_packet as f64 + f64::from(day) * (size + small_packet as f64) / 2.0,
                "{fast} {exact}"
            );
            // 11 h of the road, less a packet a day at the most, are through by the evening.
            let most = f64::from(day) * 11.0 * 1817.0;
            assert!(
                exact as f64 <= most + 1.0
                    && exact as f64 >= most - f64::from(day) * small_packet as f64 - 1.0
            );
        }
    }
}

#[test]
fn everybody_is_there_on_the_evening_that_the_bound_allows() {
    // Two roads let 9 x 11 x 6540 = 647,460 people through by the ninth evening, less up to a packet a day each; packets of the
    // search are of 43 people.
    let town = scenario(&[100_000, 150_000, 197_400, 200_000], &[3600.0, 2940.0]);
    let options = PlanOptions {
        routes_per_zone: Some(2),
        // every place of every day counts: there is none for headroom
        queues: QueueSpace::IgnoreSpace,
        packet_people: Some(3),
        threads: 2,
        ..PlanOptions::default()
    };
    let made = answer(&town, &options, &|_, _| {}).unwrap();
    let (proven, plan) = (made.summary.clearance_s.bound.unwrap(), made.summary.clearance_s.plan.unwrap());
    let evening = (8 * DAY + 11 * HOUR + HOUR / 3) as f64 / 1000.0;
    assert_eq!(made.plan.packet_people, 3);
    eprintln!("{proven} {plan} {evening}");
    assert!(proven < evening, "{proven} {evening}");
    assert!(proven <= plan + 15.0 && plan <= evening, "{proven} {plan} {evening}");
}

#[test]
fn a_packet_has_somebody_in_it() {
    let town = scenario(&[10], &[1000.0]);
    let options = PlanOptions { packet_people: Some(0), ..PlanOptions::default() };
    let error = answer(&town, &options, &|_, _| {}).unwrap_err();
    assert_eq!(error.to_string(), "people per packet is 0, expected at least 1");
}
