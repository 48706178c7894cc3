//! Metered departures: nobody waits on the road, windows are cut short where that helps, and queues fit on their roads.

use crate::closed_for_a_while::{closure, roads};
use clearway_loading::exact::SentOrder;
use clearway_loading::overflow::overflow;
use clearway_loading::path::PathPool;
use clearway_model::{Case, ClosureKind, ClosureRow, ClosureTarget, Scenario};
use clearway_network::{ElementKind, LinkRooms, Network};
use clearway_plan::{PlanAnswer, PlanOptions, QueueSpace, answer};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

fn planned(scenario: &Scenario, queues: QueueSpace) -> PlanAnswer {
    let options = PlanOptions { queues, threads: 2, ..PlanOptions::default() };
    answer(scenario, &options, &|_, _| {}).unwrap()
}

/// Vehicle-minutes beyond the room of links, counted again from the orders as they are written.
fn vehicle_min_over(scenario: &Scenario, answer: &PlanAnswer) -> f64 {
    let network = Network::new(scenario, Case::Central).unwrap();
    let element = |kind: ElementKind| {
        network.elements.iter_enumerated().find(|(_, e)| e.kind == kind).map(|(index, _)| index).unwrap()
    };
    let connector = |id: &str| scenario.connectors.iter().position(|c| c.connector_id == id).unwrap();
    let mut pool = PathPool::default();
    let paths: Vec<_> = answer
        .plan
        .orders
        .iter()
        .map(|order| {
            let route = answer.plan.routes.iter().find(|r| r.route_id == order.route_id).unwrap();
            let mut elements = vec![element(ElementKind::Connector(connector(&route.from_connector)))];
            for id in &route.links {
                let row = scenario.links.iter().position(|l| &l.link_id == id).unwrap();
                elements.push(element(ElementKind::Link(row)));
            }
            elements.push(element(ElementKind::Connector(connector(&route.to_connector))));
            elements.push(element(ElementKind::Admission(0)));
            let zone = network.zone_of(elements[0]).unwrap();
            pool.insert(&network, zone, &elements)
        })
        .collect();
    let sent: Vec<SentOrder<'_>> = paths
        .iter()
        .zip(&answer.plan.orders)
        .map(|(&path, order)| SentOrder {
            elements: &pool.get(path).elements,
            people: order.people,
            from: order.depart_from_ms,
            until: order.depart_until_ms,
        })
        .collect();
    overflow(&network, &LinkRooms::new(scenario, &network), &sent, answer.plan.packet_people).vehicle_min()
}

/// 620 people, a road of 600 an hour: 150 leave in a quarter of an hour, and the last 20 need two minutes, to which their window is cut.
#[test]
fn people_leave_as_the_road_takes_them_and_the_last_window_is_cut_short() {
    let scenario = roads(&[("A", 620)], &[("A", "B", 600.0, 60)], "B", 4 * HOUR);
    let answer = planned(&scenario, QueueSpace::TakeSpace);
    let orders: Vec<(i64, i64, i64)> = answer
        .plan
        .orders
        .iter()
        .map(|o| (o.people, o.depart_from_ms / MINUTE, o.depart_until_ms / MINUTE))
        .collect();
    // a person more or less, as shares become whole people
    let spans: Vec<(i64, i64)> = orders.iter().map(|o| (o.1, o.2)).collect();
    assert_eq!(spans, [(0, 15), (15, 30), (30, 45), (45, 60), (60, 62)]);
    assert!(orders[..4].iter().all(|o| (149..=150).contains(&o.0)), "{orders:?}");
    assert_eq!(orders.iter().map(|o| o.0).sum::<i64>(), 620);
    assert_eq!(answer.summary.clearance_s.plan, Some(63.0 * 60.0));
    assert!(answer.summary.queue.person_hours < 0.2, "{}", answer.summary.queue.person_hours);
}

/// A wide road of 100 m, on which 13 cars fit and 2,000 an hour need 17, leads into one of 500 an hour. Without space all are sent at once
/// and stand on it; with space it never holds more than it can.
#[test]
fn queues_fit_on_their_roads_unless_space_is_ignored() {
    let mut scenario = roads(&[("A", 1000)], &[("A", "B", 2000.0, 6), ("B", "C", 500.0, 60)], "C", 8 * HOUR);
    scenario.links[0].length_m = Some(100.0);
    scenario.links[1].length_m = Some(1000.0);
    let with_space = planned(&scenario, QueueSpace::TakeSpace);
    assert_eq!(vehicle_min_over(&scenario, &with_space), 0.0);
    assert_eq!(with_space.summary.spill_free, Some(true));
    assert_eq!(with_space.summary.overflow.unwrap().links, 0);
    assert_eq!(with_space.summary.people.arrived, 1000);
    let bound = with_space.summary.clearance_s.bound.unwrap();
    assert!(with_space.summary.clearance_s.plan.unwrap() <= 1.03 * bound);
    let without = planned(&scenario, QueueSpace::IgnoreSpace);
    let over = vehicle_min_over(&scenario, &without);
    assert!(over > 1.0, "{over}");
    assert_eq!(without.summary.spill_free, Some(false));
    assert!((without.summary.overflow.unwrap().vehicle_min - over).abs() < 1e-6 * over);
}

/// The second of two roads closes for half an hour, 40 minutes after the start; it is 5 minutes to its beginning. Whoever leaves after 35
/// minutes does not get on it before, so that the window from 30 on ends a minute before that, and nobody stands before a closed road.
#[test]
fn windows_end_where_whoever_leaves_later_would_stand_before_a_closed_road() {
    let mut scenario =
        roads(&[("A", 1500)], &[("A", "B", 5000.0, 300), ("B", "C", 1000.0, 60)], "C", 12 * HOUR);
    scenario.closures = vec![ClosureRow {
        kind: ClosureKind::Entry,
        ..closure(ClosureTarget::Link, "BC", 40 * MINUTE, Some(70 * MINUTE))
    }];
    let answer = planned(&scenario, QueueSpace::TakeSpace);
    assert_eq!(answer.summary.people.arrived, 1500);
    let spans: Vec<(i64, i64)> =
        answer.plan.orders.iter().map(|o| (o.depart_from_ms / MINUTE, o.depart_until_ms / MINUTE)).collect();
    assert!(spans.contains(&(30, 34)), "{spans:?}");
    assert!(spans.iter().all(|&(from, until)| until <= 34 || from >= 65), "{spans:?}");
    assert_eq!(answer.summary.waiting.unwrap().closed_person_hours, 0.0);
}
