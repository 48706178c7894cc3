//! People who meet a jam and go another way, or turn back.

use crate::fleet::{cars, roads};
use clearway_model::{LinkRow, Plan, Scenario};
use clearway_simulate::behaviour::{Behaviour, DrawnBehaviour};
use clearway_simulate::member::{Member, MemberFigures, MemberMaker, MemberSettings};
use clearway_simulate::streets::{QueueModel, RoomFigures};
use std::borrow::Cow;

/// As in [`roads`], with a way around the narrow road: from B by D to C, wide, and ten minutes longer.
fn with_a_way_around() -> Scenario {
    let mut scenario = roads(600);
    let link = |from: &str, to: &str| LinkRow {
        link_id: format!("{from}{to}"),
        from_node_id: from.into(),
        to_node_id: to.into(),
        capacity_pcu_h: Some(3600.0),
        time_ms: Some(330_000),
        lanes: Some(2.0),
        length_m: Some(4000.0),
        ..LinkRow::default()
    };
    scenario.nodes.push(clearway_model::NodeRow { node_id: "D".into(), ..Default::default() });
    scenario.links.extend([link("B", "D"), link("D", "C")]);
    for (row, length) in [(0, 9000.0), (1, 900.0)] {
        scenario.links[row].length_m = Some(length);
        scenario.links[row].lanes = Some(2.0);
    }
    scenario
}

fn member(scenario: &Scenario, plan: &Plan, behaviour: DrawnBehaviour, number: u32) -> Member {
    let settings = MemberSettings {
        behaviour: Behaviour::default(),
        queues: QueueModel::Spatial(RoomFigures::default()),
        figures: MemberFigures::Central,
        seed: 1,
    };
    let maker =
        MemberMaker::new(Cow::Borrowed(scenario), Cow::Borrowed(plan), settings, &mut |_| true).unwrap();
    maker.simulated(number, (behaviour, None), None, &mut |_| true).unwrap()
}

fn ordered(change: impl Fn(&mut DrawnBehaviour)) -> DrawnBehaviour {
    let mut behaviour = DrawnBehaviour::AS_ORDERED;
    change(&mut behaviour);
    behaviour
}

/// 600 people come to a road of 600 an hour, one a second: the k-th stands for 5 k seconds, the last for 50 minutes. Those who would stand for
/// 15 minutes or more are the last 420; by the way around they need 11 minutes.
#[test]
fn who_would_stand_too_long_goes_around() {
    let (scenario, plan) = (with_a_way_around(), cars(600));
    let stand = member(&scenario, &plan, DrawnBehaviour::AS_ORDERED, 0);
    assert_eq!((stand.detoured, stand.turned_back), (0, 0));
    assert!(stand.simulation.outcome.time_of_s(600).unwrap() > 3600.0);
    let all = ordered(|behaviour| {
        behaviour.detour_share = 1.0;
        behaviour.detour_after_min = 15.0;
    });
    let around = member(&scenario, &plan, all, 0);
    assert!((415..=425).contains(&around.detoured), "{}", around.detoured);
    assert_eq!(around.simulation.outcome.people_arrived, 600);
    let last = around.simulation.outcome.time_of_s(600).unwrap();
    assert!(last < 1800.0, "{last}");
    // half of them, each by the luck of its order, and the same again
    let half = ordered(|behaviour| {
        behaviour.detour_share = 0.5;
        behaviour.detour_after_min = 15.0;
    });
    let some = member(&scenario, &plan, half, 3);
    assert!((150..300).contains(&some.detoured), "{}", some.detoured);
    let again = member(&scenario, &plan, half, 3);
    assert_eq!(some.detoured, again.detoured);
    assert_eq!(some.simulation.journeys, again.simulation.journeys);
}

/// Without a way around they stay; who gives up arrives nowhere, and is one of those who evacuate all the same.
#[test]
fn who_gives_up_arrives_nowhere() {
    let (mut scenario, plan) = (with_a_way_around(), cars(600));
    scenario.links.truncate(3);
    let all = ordered(|behaviour| {
        behaviour.detour_share = 1.0;
        behaviour.detour_after_min = 15.0;
    });
    let stay = member(&scenario, &plan, all, 0);
    assert_eq!((stay.detoured, stay.simulation.outcome.people_arrived), (0, 600));
    let back = ordered(|behaviour| {
        behaviour.turn_back_share = 1.0;
        behaviour.turn_back_after_min = 30.0;
    });
    let back = member(&scenario, &plan, back, 0);
    assert!((236..=245).contains(&back.turned_back), "{}", back.turned_back);
    assert_eq!(back.simulation.outcome.people_arrived, 600 - back.turned_back);
    assert_eq!(back.simulation.evacuees, 600);
    assert_eq!(back.simulation.outcome.time_of_s(600), None);
}
