//! Sites that hold exactly as many people as there are: everybody gets a place, by orders that hold on roads on which queues take space.

use crate::closed_for_a_while::roads;
use clearway_instances::{CityRequest, city};
use clearway_model::{ConnectorPlace, ConnectorRow, MobilizationRow, Scenario, SiteRow, SpillReason};
use clearway_plan::{PlanAnswer, PlanOptions, QueueSpace, answer};
use clearway_simulate::simulation::simulated;
use clearway_simulate::streets::{QueueModel, RoomFigures};

const HOUR: i64 = 3_600_000;

fn planned(scenario: &Scenario, queues: QueueSpace) -> PlanAnswer {
    let options = PlanOptions { queues, threads: 2, ..PlanOptions::default() };
    answer(scenario, &options, &|_, _| {}).unwrap()
}

/// People who arrive where queues take space.
fn arrived_on_road(scenario: &Scenario, answer: &PlanAnswer) -> i64 {
    let queues = QueueModel::Spatial(RoomFigures::default());
    simulated(scenario, &answer.plan, queues, None, &mut |_| true).unwrap().outcome.people_arrived
}

/// Zone A is at the near site, and ready at once; B, whose only way leads there, an hour later. The near site holds 1,000 of 1,600: 600 of A
/// have to go further, though there is room at the near site when they leave.
fn near_and_far() -> Scenario {
    let links = [("A", "N", 600.0, 60), ("A", "F", 600.0, 1200), ("B", "N", 600.0, 60)];
    let mut scenario = roads(&[("A", 1000), ("B", 600)], &links, "N", 12 * HOUR);
    for (link, length_m) in scenario.links.iter_mut().zip([500.0, 10_000.0, 500.0]) {
        link.length_m = Some(length_m);
    }
    scenario.sites[0].capacity_people = Some(1000);
    scenario.sites.push(SiteRow { site_id: "T".into(), capacity_people: Some(600), ..SiteRow::default() });
    scenario.connectors.push(ConnectorRow {
        connector_id: "cT".into(),
        place: ConnectorPlace::Site,
        place_id: "T".into(),
        node_id: "F".into(),
        ..ConnectorRow::default()
    });
    scenario.releases = vec![MobilizationRow { mobilization_id: "late".into(), time_ms: HOUR, share: 1.0 }];
    scenario.zones[1].mobilization_id = "late".into();
    scenario
}

#[test]
fn nobody_takes_the_last_place_of_those_who_can_go_nowhere_else() {
    let scenario = near_and_far();
    let answer = planned(&scenario, QueueSpace::TakeSpace);
    assert_eq!(answer.summary.people.arrived, 1600);
    assert_eq!(answer.summary.spill_free, Some(true));
    assert_eq!(arrived_on_road(&scenario, &answer), 1600);
    let to = |zone: &str, site: &str| -> i64 {
        let ends = |route: &str| answer.plan.routes.iter().any(|r| r.route_id == route && r.site_id == site);
        answer.plan.orders.iter().filter(|o| o.zone_id == zone && ends(&o.route_id)).map(|o| o.people).sum()
    };
    assert_eq!([to("ZA", "S"), to("ZA", "T"), to("ZB", "S")], [400, 600, 600]);
}

/// Small towns whose sites hold exactly all: orders for which space counts bring no fewer people on the road than those that ignore it, and
/// promise nobody's arrival that the road does not keep.
#[test]
fn spill_free_orders_bring_no_fewer_on_the_road() {
    for seed in 1..=4 {
        let request = CityRequest {
            seed,
            side: 8,
            zones_side: 3,
            people: 3_000,
            capacity_ratio: Some(1.0),
            horizon_h: 24,
            ..CityRequest::default()
        };
        let scenario = city(&request);
        let places: i64 = scenario.sites.iter().filter_map(|site| site.capacity_people).sum();
        assert_eq!(places, 3_000);
        let spill_free = planned(&scenario, QueueSpace::TakeSpace);
        let ignoring = planned(&scenario, QueueSpace::IgnoreSpace);
        let [with, without] = [&spill_free, &ignoring].map(|answer| arrived_on_road(&scenario, answer));
        assert!(with >= without, "seed {seed}: {with} and {without}");
        assert_eq!(spill_free.summary.people.arrived, with, "seed {seed}");
        assert_eq!(with, 3_000, "seed {seed}");
        let reason = |answer: &PlanAnswer| answer.summary.spill_choice.map(|choice| choice.reason);
        assert_eq!(reason(&spill_free), None, "seed {seed}");
        let spills = ignoring.summary.spill_free == Some(false);
        assert_eq!(reason(&ignoring), spills.then_some(SpillReason::SpaceIgnored), "seed {seed}");
    }
}
