//! Junctions and roads that nobody may be on for a while: people wait before them, and go on when they open again. And what the
//! last closure leaves open is not closed by the end of the time looked at.

use crate::common;
use clearway_model::{
    ClosureKind, ClosureRow, ClosureTarget, ConnectorPlace, ConnectorRow, LinkRow, NodeRow, Scenario,
    SiteRow, ZoneRow,
};
use clearway_plan::{PlanAnswer, PlanOptions, QueueSpace, answer};

const S: i64 = 1000;
const HOUR: i64 = 3_600_000;

pub fn closure(target: ClosureTarget, id: &str, from: i64, until: Option<i64>) -> ClosureRow {
    ClosureRow {
        closure_id: format!("{id} at {from}"),
        target,
        target_id: id.into(),
        from_ms: from,
        until_ms: until,
        kind: ClosureKind::Presence,
        ..ClosureRow::default()
    }
}

/// Zones at nodes, links (from, to, people/h, s), and one site at the last node.
pub fn roads(zones: &[(&str, i64)], links: &[(&str, &str, f64, i64)], site: &str, horizon: i64) -> Scenario {
    let connector = |place, of: &str, node: &str| ConnectorRow {
        connector_id: format!("c{of}"),
        place,
        place_id: of.into(),
        node_id: node.into(),
        ..ConnectorRow::default()
    };
    let mut nodes: Vec<&str> = links.iter().flat_map(|l| [l.0, l.1]).collect();
    nodes.sort_unstable();
    nodes.dedup();
    let mut connectors: Vec<ConnectorRow> =
        zones.iter().map(|z| connector(ConnectorPlace::Zone, &format!("Z{}", z.0), z.0)).collect();
    connectors.push(connector(ConnectorPlace::Site, "S", site));
    Scenario {
        settings: common::settings("a while", "2026-01-01T00:00:00+00:00", horizon),
        nodes: nodes.iter().map(|id| NodeRow { node_id: (*id).into(), ..NodeRow::default() }).collect(),
        links: links
            .iter()
            .map(|&(from, to, rate, seconds)| LinkRow {
                link_id: format!("{from}{to}"),
                from_node_id: from.into(),
                to_node_id: to.into(),
                capacity_pcu_h: Some(rate),
                time_ms: Some(seconds * S),
                ..LinkRow::default()
            })
            .collect(),
        zones: zones
            .iter()
            .map(|&(at, people)| ZoneRow { zone_id: format!("Z{at}"), people, ..ZoneRow::default() })
            .collect(),
        sites: vec![SiteRow { site_id: "S".into(), ..SiteRow::default() }],
        connectors,
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

/// 2,000 people, one road over the junction B, one person a second.
fn one_road() -> Scenario {
    roads(&[("A", 2000)], &[("A", "B", 3600.0, 10), ("B", "C", 3600.0, 10)], "C", 6 * HOUR)
}

fn planned(scenario: &Scenario) -> PlanAnswer {
    // where queues take no space people may wait before what is closed, and the bound is reached
    let queues = QueueSpace::IgnoreSpace;
    let options = PlanOptions { window_ms: 60_000, queues, ..PlanOptions::default() };
    answer(scenario, &options, &|_, _| {}).unwrap()
}

fn assert_all_by(scenario: &Scenario, evacuees: i64, last_s: f64) {
    let summary = planned(scenario).summary;
    assert_eq!(summary.people.arrived, evacuees);
    let (plan, bound) = (summary.clearance_s.plan.unwrap(), summary.clearance_s.bound.unwrap());
    assert!(plan <= last_s, "{plan} > {last_s}");
    assert!(bound <= plan + 1.0 && bound > last_s - 120.0, "{bound} .. {plan}");
}

#[test]
fn people_wait_before_a_junction_that_is_closed_for_a_while() {
    // By 600 s 590 have set out, and from 690 s on 1,410 more, 10 + 10 s to the site: 690 + 1,410 + 20 = 2,120 s.
    let mut scenario = one_road();
    scenario.closures = vec![closure(ClosureTarget::Node, "B", 600 * S, Some(700 * S))];
    assert_all_by(&scenario, 2000, 2131.0);
}

#[test]
fn a_junction_closed_from_the_start_opens_later() {
    // From 590 s on: 590 + 2,000 + 20 = 2,610 s.
    let mut scenario = one_road();
    scenario.closures = vec![closure(ClosureTarget::Node, "B", 0, Some(600 * S))];
    assert_all_by(&scenario, 2000, 2621.0);
}

#[test]
fn a_junction_closed_again_and_again_lets_people_through_in_between() {
    // Ten minutes in every twenty: 600 people each time, the first 590; 2,000 are through in the fourth.
    let mut scenario = one_road();
    scenario.closures = vec![ClosureRow {
        repeat_every_ms: Some(1200 * S),
        ..closure(ClosureTarget::Node, "B", 600 * S, Some(1200 * S))
    }];
    assert_all_by(&scenario, 2000, 1190.0 + 2400.0 + 210.0 + 20.0 + 15.0);
}

#[test]
fn several_junctions_and_the_road_itself_are_closed_for_a_while() {
    let mut scenario = one_road();
    scenario.closures = vec![
        closure(ClosureTarget::Node, "B", 600 * S, Some(700 * S)),
        closure(ClosureTarget::Node, "C", 650 * S, Some(800 * S)),
        closure(ClosureTarget::Link, "AB", 900 * S, Some(1000 * S)),
    ];
    assert_eq!(planned(&scenario).summary.people.arrived, 2000);
}

#[test]
fn people_wait_in_their_zone_for_the_junction_at_its_door() {
    // The zone's own junction is closed; and a second zone, whose people come over it, waits at its own.
    let mut scenario =
        roads(&[("A", 500), ("B", 500)], &[("A", "B", 3600.0, 60), ("B", "C", 3600.0, 10)], "C", 6 * HOUR);
    scenario.closures = vec![closure(ClosureTarget::Node, "B", 0, Some(900 * S))];
    assert_all_by(&scenario, 1000, 900.0 + 1000.0 + 10.0 + 15.0);
}

#[test]
fn those_who_would_queue_at_a_junction_when_it_closes_leave_later() {
    // Two roads lead to B and one of half their width from it: a queue stands at B, and must be gone by 600 s.
    let mut scenario = roads(
        &[("A", 1000), ("D", 1000)],
        &[("A", "B", 3600.0, 10), ("D", "B", 3600.0, 10), ("B", "C", 3600.0, 10)],
        "C",
        6 * HOUR,
    );
    scenario.closures = vec![closure(ClosureTarget::Node, "B", 600 * S, Some(700 * S))];
    assert_eq!(planned(&scenario).summary.people.arrived, 2000);
}

#[test]
fn the_end_of_the_time_looked_at_is_no_hazard() {
    // The short way is lost at 18 h for good, the long one stays: nobody is closed in.
    let links =
        [("A", "B", 3600.0, 60), ("B", "C", 3600.0, 60), ("A", "D", 3600.0, 300), ("D", "C", 3600.0, 300)];
    let mut scenario = roads(&[("A", 1000)], &links, "C", 72 * HOUR);
    scenario.closures = vec![closure(ClosureTarget::Node, "B", 18 * HOUR, None)];
    let zone = planned(&scenario).zones[0].clone();
    assert_eq!((zone.hazard_s, zone.latest_order_bound_s, zone.latest_order_plan_s), (None, None, None));
    // Where the long way is lost too, that is the hazard.
    scenario.closures.push(closure(ClosureTarget::Link, "DC", 20 * HOUR, None));
    let zone = planned(&scenario).zones[0].clone();
    assert_eq!(zone.hazard_s, Some(20.0 * 3600.0 - 600.0));
    assert!(zone.latest_order_bound_s.unwrap() < 20.0 * 3600.0);
}

#[test]
fn the_end_of_the_last_day_with_open_roads_is_no_hazard() {
    // Roads are open by day; the water at 18 h leaves a longer way.
    let links =
        [("A", "B", 3600.0, 60), ("B", "C", 3600.0, 60), ("A", "D", 3600.0, 300), ("D", "C", 3600.0, 300)];
    let mut scenario = roads(&[("A", 1000)], &links, "C", 72 * HOUR);
    scenario.windows = vec![clearway_model::WindowRow {
        target: clearway_model::WindowTarget::AllLinks,
        target_id: "*".into(),
        from_ms: 0,
        until_ms: Some(12 * HOUR),
        repeat_every_ms: Some(24 * HOUR),
        ..clearway_model::WindowRow::default()
    }];
    scenario.closures = vec![closure(ClosureTarget::Link, "BC", 18 * HOUR, None)];
    assert_eq!(planned(&scenario).zones[0].hazard_s, None);
}
