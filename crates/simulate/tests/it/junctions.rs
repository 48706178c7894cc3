//! What junctions let through from each approach, against closed forms.

use crate::fleet::{cars, roads};
use crate::towns::{SECOND, arrivals_s, column, door, road, simulated};
use clearway_model::{Case, JunctionControl, JunctionRow, Scenario};
use clearway_network::Network;
use clearway_simulate::simulation::simulated as simulated_plan;
use clearway_simulate::streets::{QueueModel, RoomFigures, Streets};
use clearway_simulate::traffic::Fate;
use proptest::prelude::*;

/// A road of 3,600 vehicles an hour to a signal that is green half of the time: 100 vehicles that come at the road's capacity leave one every
/// two seconds, first in, first out; the other approach, which sends one every four seconds, does not notice.
#[test]
fn an_approach_with_half_of_the_green_discharges_at_half_of_the_saturation_flow() {
    let mut approach = road(3600, 30, 500, 100);
    approach.junction_rate = Some(1800 * 1000);
    let other = road(3600, 30, 500, 100);
    let after = road(7200, 30, 500, 100);
    let streets = [door(0), approach, after, door(0), door(0), other];
    let mut vehicles = column(0, 100, 0.0, 1.0);
    vehicles.extend(column(1, 50, 0.0, 4.0));
    let movement = simulated(&streets, &[&[0, 1, 2, 3], &[4, 5, 2, 3]], &vehicles);
    let arrivals = |path: u32| -> Vec<f64> {
        let mut sorted = vehicles.clone();
        sorted.sort_by_key(|vehicle| vehicle.last_us);
        let journeys = sorted.iter().zip(&movement.journeys).filter(|(vehicle, _)| vehicle.path == path);
        journeys
            .map(|(_, journey)| match journey.fate {
                Fate::Arrived(time) => time as f64 / SECOND as f64,
                _ => f64::INFINITY,
            })
            .collect()
    };
    let held = arrivals(0);
    assert!(held.windows(2).all(|pair| (pair[1] - pair[0] - 2.0).abs() < 0.51), "{held:?}");
    // 100 vehicles of two seconds each, 60 s on the way
    assert!((held[99] - held[0] - 198.0).abs() < 1.0, "{held:?}");
    assert!((held[99] - 260.0).abs() < 2.5, "{held:?}");
    let free = arrivals(1);
    // behind the last of the others the last of these need not leave room for anybody
    assert!(free[..49].windows(2).all(|pair| (pair[1] - pair[0] - 4.0).abs() < 1.1), "{free:?}");
    assert!((free[49] - 260.0).abs() < 1.1, "{free:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Everybody arrives, in order, and in no stretch of time more than the junction lets through; a junction that lets through as much as
    /// its road changes nothing.
    #[test]
    fn a_junction_only_holds_up(junction_h in 300u64..2400, every_s in 1.0f64..3.0, vehicles in 20i64..120) {
        let run = |rate: Option<u64>| {
            let mut approach = road(2400, 40, 300, 60);
            approach.junction_rate = rate.map(|rate| rate * 1000);
            let column = column(0, vehicles, 0.0, every_s);
            simulated(&[door(0), approach, road(2400, 20, 300, 60), door(0)], &[&[0, 1, 2, 3]], &column)
        };
        let (held, free) = (run(Some(junction_h)), run(None));
        prop_assert_eq!(&run(Some(2400)), &free);
        let (held, free) = (arrivals_s(&held), arrivals_s(&free));
        prop_assert_eq!(held.len() as i64, vehicles);
        for (held, free) in held.iter().zip(&free) {
            prop_assert!(held >= free, "{held} {free}");
        }
        let each = 3600.0 / junction_h as f64;
        for (number, first) in held.iter().enumerate() {
            for (ahead, last) in held[number..].iter().enumerate() {
                prop_assert!(last - first >= each * (ahead as f64 - 1.0) - 0.01, "{first} {last} {ahead}");
            }
        }
    }
}

fn with_junctions(rows: Vec<JunctionRow>) -> Scenario {
    Scenario { junctions: rows, ..roads(300) }
}

fn row(node: &str, link: &str, control: JunctionControl, lane: Option<f64>) -> JunctionRow {
    JunctionRow {
        node_id: node.into(),
        link_id: link.into(),
        control,
        lane_pcu_h: lane,
        source: "test".into(),
        ..JunctionRow::default()
    }
}

/// The row of an approach comes before that of its junction; on 450 an hour, 300 people of a car each need 40 min.
#[test]
fn the_row_of_an_approach_comes_before_that_of_its_junction() {
    let scenario = with_junctions(vec![
        row("B", "", JunctionControl::AllWayStop, None),
        row("B", "AB", JunctionControl::Signals, Some(900.0)),
        row("C", "", JunctionControl::None, None),
    ]);
    let network = Network::new(&scenario, Case::Central).unwrap();
    let space = QueueModel::Spatial(RoomFigures::default());
    let rates = |queues| -> Vec<u64> {
        Streets::new(&scenario, &network, 1.0, queues)
            .streets
            .iter()
            .filter_map(|street| street.junction_rate)
            .collect()
    };
    assert_eq!(rates(space), [450_000]);
    assert_eq!(rates(QueueModel::Vertical), [0u64; 0]);
    let of = |scenario: &Scenario| {
        simulated_plan(scenario, &cars(300), space, None, &mut |_| true).unwrap().outcome
    };
    let (held, free) = (of(&scenario), of(&roads(300)));
    assert_eq!((held.people_arrived, free.people_arrived), (300, 300));
    let last = |outcome: &clearway_simulate::outcome::Outcome| outcome.time_of_s(300).unwrap();
    // the narrow road of 600 an hour behind it needs 30 min
    assert!((last(&free) - 1800.0 - 120.0).abs() < 10.0, "{}", last(&free));
    assert!((last(&held) - 2400.0 - 120.0).abs() < 15.0, "{}", last(&held));
}
