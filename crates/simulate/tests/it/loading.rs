//! With queues that take no space the simulation is the loading by which plans are judged.

use crate::towns::{HOUR, SECOND};
use clearway_simulate::streets::Street;
use clearway_simulate::traffic::{Demand, Fate, Turns, Unwatched, Vehicle, run};
use proptest::prelude::*;

/// The loading in a few lines: all entries by time, each street first come, first served.
fn loaded(streets: &[Street], paths: &[Vec<u32>], vehicles: &[Vehicle]) -> Vec<i64> {
    let mut free = vec![0; streets.len()];
    let mut arrived = vec![0; vehicles.len()];
    let mut events: std::collections::BTreeSet<(i64, usize, usize, i64)> =
        vehicles.iter().enumerate().map(|(v, vehicle)| (vehicle.last_us, v, 0, vehicle.first_us)).collect();
    while let Some((last, v, place, first)) = events.pop_first() {
        let street = paths[vehicles[v].path as usize][place] as usize;
        let model = &streets[street];
        let begin = if model.rate.is_some() { first.max(free[street]) } else { first };
        let entered = last.max(begin + model.service_us(vehicles[v].people));
        free[street] = entered;
        arrived[v] = entered;
        if place + 1 < paths[vehicles[v].path as usize].len() {
            events.insert((entered + model.travel_us, v, place + 1, begin + model.travel_us));
        }
    }
    arrived
}

proptest! {
    #[test]
    fn vertical_queues_are_the_loading(
        roads in prop::collection::vec((300u64..2400, 1i64..60), 2..6),
        routes in prop::collection::vec(prop::collection::vec(0usize..6, 1..5), 1..4),
        leaves in prop::collection::vec((0usize..4, 0i64..3_000_000_000, 1i64..5_000_000, 1u32..4), 1..80),
    ) {
        let door = Street { lane_groups: u32::MAX, open_us: vec![(0, 1000 * HOUR)], ..Street::default() };
        let mut streets = vec![door.clone(), door.clone(), door];
        for &(rate, travel_s) in &roads {
            streets.push(Street {
                rate: Some(rate * 1000),
                travel_us: travel_s * SECOND,
                lane_groups: u32::MAX,
                open_us: vec![(0, 1000 * HOUR)],
                ..Street::default()
            });
        }
        let paths: Vec<Vec<u32>> = routes
            .iter()
            .map(|route| {
                let mut path = vec![0];
                for &road in route {
                    let street = 3 + (road % roads.len()) as u32;
                    if !path.contains(&street) {
                        path.push(street);
                    }
                }
                path.extend([1, 2]);
                path
            })
            .collect();
        let mut vehicles: Vec<Vehicle> = leaves
            .iter()
            .map(|&(path, first_us, span, people)| Vehicle {
                path: (path % paths.len()) as u32,
                people,
                first_us,
                last_us: first_us + span,
            })
            .collect();
        vehicles.sort_by_key(|v| (v.last_us, v.first_us, v.path, v.people));
        // ties are settled by other rules there, so that none may be
        vehicles.dedup_by_key(|v| v.last_us);
        let demand = Demand {
            streets: &streets,
            paths: &paths,
            vehicles: &vehicles,
            end_us: 900 * HOUR,
            turns: Turns::FirstCome,
        };
        let movement = run(demand, &mut Unwatched).unwrap();
        let simulated: Vec<i64> = movement
            .journeys
            .iter()
            .map(|j| match j.fate { Fate::Arrived(time) => time, other => panic!("{other:?}") })
            .collect();
        prop_assert_eq!(simulated, loaded(&streets, &paths, &vehicles));
    }
}
