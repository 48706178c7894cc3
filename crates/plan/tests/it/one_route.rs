//! With one route a zone's people pass the narrowest element of one way: the bound of the class knows it, in closed form.

use crate::common;
use clearway_bound::certify::{CertifiedBound, fineness};
use clearway_model::{
    Case, ConnectorPlace, ConnectorRow, LinkRow, NodeRow, Reason, Scenario, SiteRow, ZoneRow,
};
use clearway_network::{Network, ThresholdPlace};
use clearway_plan::{PlanOptions, QueueSpace, answer};
use std::ops::ControlFlow;

/// A wide street of 10 min to a junction, from where two streets of 20 and 30 min with 1,000 people/h each lead to the site.
fn fork(people: i64) -> Scenario {
    let link = |id: &str, from: &str, to: &str, capacity: f64, minutes: i64| LinkRow {
        link_id: id.into(),
        from_node_id: from.into(),
        to_node_id: to.into(),
        capacity_pcu_h: Some(capacity),
        time_ms: Some(minutes * 60_000),
        ..LinkRow::default()
    };
    let node = |id: &str| NodeRow { node_id: id.into(), ..NodeRow::default() };
    let connector = |id: &str, place, of: &str, node: &str| ConnectorRow {
        connector_id: id.into(),
        place,
        place_id: of.into(),
        node_id: node.into(),
        ..ConnectorRow::default()
    };
    Scenario {
        settings: common::settings("fork", "2026-01-01T08:00:00+00:00", 2 * 86_400_000),
        nodes: ["A", "B", "C", "D"].map(node).into(),
        links: vec![
            link("wide", "A", "B", 10_000.0, 10),
            link("short", "B", "D", 1000.0, 20),
            link("long", "B", "C", 1000.0, 15),
            link("on", "C", "D", 1000.0, 15),
        ],
        zones: vec![ZoneRow { zone_id: "Z".into(), people, ..ZoneRow::default() }],
        sites: vec![SiteRow { site_id: "S".into(), ..SiteRow::default() }],
        connectors: vec![
            connector("z", ConnectorPlace::Zone, "Z", "A"),
            connector("s", ConnectorPlace::Site, "S", "D"),
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

/// A second site on the longer way, and what the two hold.
fn two_sites(scenario: &mut Scenario, capacities: [i64; 2]) {
    scenario.sites.push(SiteRow { site_id: "T".into(), ..SiteRow::default() });
    for (site, capacity) in scenario.sites.iter_mut().zip(capacities) {
        site.capacity_people = Some(capacity);
    }
    scenario.connectors.push(ConnectorRow {
        connector_id: "t".into(),
        place: ConnectorPlace::Site,
        place_id: "T".into(),
        node_id: "C".into(),
        ..ConnectorRow::default()
    });
}

#[test]
fn one_route_takes_as_long_as_its_narrowest_street() {
    let network = Network::new(&fork(6000), Case::Central).unwrap();
    let proven = |routes| {
        let fineness = fineness(&network.flow_problem(routes));
        CertifiedBound::new(network.clone(), routes, fineness, &|_| ControlFlow::Continue(())).bounds(1000)
    };
    // Both streets: 1,000 (T - 30 min) + 1,000 (T - 40 min) = 6,000. One: 6,000 / 1,000 h + 30 min.
    let near = |found: Option<f64>, minutes: f64| (found.unwrap() - minutes * 60.0).abs() < 0.002;
    assert!(near(proven(None).clearance_s, 215.0), "{:?}", proven(None));
    assert!(near(proven(Some(1)).clearance_s, 390.0), "{:?}", proven(Some(1)));
    // Two routes: 2 x 1,000 (T - 30 min) = 6,000 says less than the streets themselves.
    assert!(near(proven(Some(2)).clearance_s, 215.0), "{:?}", proven(Some(2)));
    // Person-hours of one route: 30 min for each and a queue of 6 h.
    let hours = proven(Some(1)).person_hours.unwrap();
    assert!((hours - 6000.0 * (0.5 + 3.0)).abs() < 0.005 * hours, "{hours}");
    // The same thresholds stated for one route prove it as well as they can.
    let fineness = fineness(&network.flow_problem(None));
    let all = CertifiedBound::new(network.clone(), None, fineness, &|_| ControlFlow::Continue(()));
    assert!(all.with_routes(1).earliest_s(6000) >= all.earliest_s(6000));
}

#[test]
fn whoever_finds_the_site_of_the_one_route_full_is_told_so() {
    let mut scenario = fork(1000);
    two_sites(&mut scenario, [600, 600]);
    let left = |routes| {
        let options = PlanOptions { routes_per_zone: Some(routes), threads: 1, ..PlanOptions::default() };
        let plan = answer(&scenario, &options, &|_, _| {}).unwrap().plan;
        plan.not_moved.iter().map(|entry| (entry.people, entry.reason)).collect::<Vec<_>>()
    };
    assert_eq!(left(1), [(400, Reason::NoPlace)]);
    assert_eq!(left(2), []);
}

#[test]
fn who_has_no_place_in_any_plan_is_not_said_to_lack_time() {
    // 600 places at one site, and 600 at another that lets in too few in the time there is.
    let mut scenario = fork(2000);
    two_sites(&mut scenario, [600, 600]);
    scenario.sites[1].admission_people_h = Some(5.0);
    let plan =
        answer(&scenario, &PlanOptions { threads: 1, ..PlanOptions::default() }, &|_, _| {}).unwrap().plan;
    let of = |reason: Reason| -> i64 {
        plan.not_moved.iter().filter(|entry| entry.reason == reason).map(|entry| entry.people).sum()
    };
    let arrived: i64 = plan.orders.iter().map(|order| order.people).sum();
    assert!(of(Reason::Horizon) > 0, "{:?}", plan.not_moved);
    assert_eq!((of(Reason::NoPlace), arrived + of(Reason::Horizon)), (800, 1200), "{:?}", plan.not_moved);
}

/// Three streets of the first junction to one wide street: of two routes each zone has two of the three.
#[test]
fn several_routes_that_hold_nobody_back_have_the_bound_of_all_plans() {
    let gated = |people: i64| {
        let mut scenario = fork(people);
        let wide = scenario.links[0].clone();
        scenario.links[0].capacity_pcu_h = Some(2000.0);
        for id in ["wide2", "wide3"] {
            let link = LinkRow { link_id: id.into(), capacity_pcu_h: Some(2000.0), ..wide.clone() };
            scenario.links.push(link);
        }
        scenario
    };
    let network = Network::new(&gated(6000), Case::Central).unwrap();
    // 6,000 people are out by two of the streets after 1.5 h.
    let minutes = |m: i64| m * 60_000;
    assert_eq!(network.outflow(0.into(), 2), Some(4_000_000));
    assert!(network.is_held_back(2, minutes(89)) && !network.is_held_back(2, minutes(90)));
    let fineness = fineness(&network.flow_problem(None));
    let all = CertifiedBound::new(network.clone(), None, fineness, &|_| ControlFlow::Continue(()));
    let stated = all.with_routes(2);
    // There is a place at the gate, and what is proved is no less.
    let gates = |proven: &CertifiedBound| {
        proven.places.place.iter().flatten().filter(|p| matches!(p, ThresholdPlace::Gate(_))).count()
    };
    assert_eq!((gates(&all), gates(&stated)), (0, 1));
    assert_eq!(stated.curve.cuts.len(), all.curve.cuts.len());
    for (found, known) in stated.curve.cuts.iter().zip(&all.curve.cuts) {
        assert!(found.value <= known.value, "{} ms: {} {}", found.theta, found.value, known.value);
        let again = clearway_flow::cut_value(&stated.places.problem, &found.alpha, found.theta);
        assert_eq!(again, Some(found.value));
    }
    assert!(stated.bounds(1000).clearance_s >= all.bounds(1000).clearance_s);
    // By its own search the class has the same bound: 215 min, and as many person-hours.
    let own = CertifiedBound::new(network, Some(2), fineness, &|_| ControlFlow::Continue(())).bounds(1000);
    let near = |a: Option<f64>, b: Option<f64>| (a.unwrap() - b.unwrap()).abs() < 1e-3 * b.unwrap();
    assert!(near(stated.bounds(1000).clearance_s, Some(215.0 * 60.0)));
    assert!(near(stated.bounds(1000).clearance_s, own.clearance_s));
    assert!(near(stated.bounds(1000).person_hours, own.person_hours));
}

/// Three zones of as many people at the beginning of the wide street.
fn three_zones(people: i64) -> Scenario {
    let mut scenario = fork(people);
    for id in ["Y", "X"] {
        scenario.zones.push(ZoneRow { zone_id: id.into(), people, ..ZoneRow::default() });
        let row = ConnectorRow {
            connector_id: id.to_lowercase(),
            place_id: id.into(),
            ..scenario.connectors[0].clone()
        };
        scenario.connectors.push(row);
    }
    scenario
}

#[test]
fn two_of_three_unsplittable_zones_go_by_one_street() {
    let scenario = three_zones(1000);
    let made = |routes| {
        let queues = QueueSpace::IgnoreSpace;
        let options =
            PlanOptions { routes_per_zone: Some(routes), threads: 1, queues, ..PlanOptions::default() };
        answer(&scenario, &options, &|_, _| {}).unwrap()
    };
    // Divided as one likes: 1,000 (T - 30 min) + 1,000 (T - 40 min) = 3,000. Unsplittable zones: two by the street of 30 min, 2 h.
    let one = made(1);
    let near = |found: Option<f64>, minutes: f64| (found.unwrap() / 60.0 - minutes).abs() < 0.001 * minutes;
    assert!(near(one.summary.clearance_s.bound, 125.0), "{:?}", one.summary.clearance_s);
    assert!(
        near(one.summary.route_limited_bound.unwrap().clearance_s, 150.0),
        "{:?}",
        one.summary.route_limited_bound
    );
    assert!(near(one.summary.clearance_s.plan, 150.0), "{:?}", one.summary.clearance_s);
    let family = one.certificate.families.iter().find(|family| family.family == "routes-1").unwrap();
    let whole = family.unsplittable_zones.clone().unwrap();
    // The longer way has two streets of the same rate.
    assert!(whole.cut_arcs == ["link:short", "link:long"] || whole.cut_arcs == ["link:short", "link:on"]);
    assert_eq!(whole.weights.iter().map(|w| w.1).collect::<Vec<_>>(), [whole.weights[0].1; 3]);
    // Two routes divide a zone, and nothing of this is said of them.
    let two = made(2);
    assert!(two.certificate.families.iter().all(|family| family.unsplittable_zones.is_none()));
    let last = two.summary.clearance_s.plan.unwrap();
    assert!((7499.9..7515.0).contains(&last), "{:?}", two.summary.clearance_s);
}

#[test]
fn unsplittable_zones_that_no_two_sites_hold_cannot_all_arrive() {
    // Two sites for 1,500 people each: one of three zones of 1,000 has to be divided.
    let mut scenario = three_zones(1000);
    two_sites(&mut scenario, [1500, 1500]);
    let made = |routes| {
        let options = PlanOptions { routes_per_zone: Some(routes), threads: 1, ..PlanOptions::default() };
        answer(&scenario, &options, &|_, _| {}).unwrap()
    };
    let one = made(1);
    assert!(one.summary.clearance_s.bound.is_some());
    assert_eq!(one.summary.route_limited_bound.unwrap().clearance_s, None);
    assert!(one.summary.clearance_s.plan.is_none());
    let all = made(2);
    assert!(all.summary.clearance_s.plan.is_some());
    assert_eq!(all.summary.people.arrived, 3000);
}

#[test]
fn where_unsplittable_zones_do_not_fit_as_few_as_possible_are_left() {
    // Sites for 800 and 700, zones of 600, 500 and 400: 500 and 400 in the first and 600 in the second leaves 100 over; 600 in the
    // first would leave 200.
    let mut scenario = three_zones(600);
    (scenario.zones[1].people, scenario.zones[2].people) = (500, 400);
    two_sites(&mut scenario, [800, 700]);
    let options = PlanOptions { routes_per_zone: Some(1), threads: 1, ..PlanOptions::default() };
    let made = answer(&scenario, &options, &|_, _| {}).unwrap();
    assert_eq!(made.summary.people.not_evacuated, 100);
}
