//! Verification tests of the field, each with a figure worked out by hand; reported in docs/VERIFICATION.md.

use crate::towns::{HOUR, SECOND, arrivals_s, column, door, road, simulated, until};
use clearway_simulate::streets::Street;
use clearway_simulate::traffic::{Demand, Fate, Movement, Passage, Turns, Vehicle, Watch, run};

/// A vehicle alone on 10 km at 60 km/h needs 600 s.
#[test]
fn a_vehicle_alone_drives_at_free_speed() {
    let streets = [door(0), road(1200, 600, 2000, 0), door(0), door(0)];
    let alone = [Vehicle { path: 0, people: 1, first_us: 0, last_us: 3 * SECOND }];
    assert_eq!(arrivals_s(&simulated(&streets, &[&[0, 1, 2, 3]], &alone)), [603.0]);
}

/// How many vehicles are on each street at a moment.
struct Inside {
    at_us: i64,
    vehicles: Vec<i64>,
}

impl Watch for Inside {
    fn entered(&mut self, passage: Passage, time_us: i64) {
        self.vehicles[passage.street as usize] += i64::from(time_us <= self.at_us);
    }

    fn left(&mut self, passage: Passage, time_us: i64, _waited_us: i64) {
        self.vehicles[passage.street as usize] -= i64::from(time_us <= self.at_us);
    }
}

fn inside(streets: &[Street], path: &[u32], vehicles: &[Vehicle], at_us: i64) -> Vec<i64> {
    let mut watch = Inside { at_us, vehicles: vec![0; streets.len()] };
    let paths = vec![path.to_vec()];
    let demand = Demand { streets, paths: &paths, vehicles, end_us: 100 * HOUR, turns: Turns::Shared };
    run(demand, &mut watch).unwrap();
    watch.vehicles
}

/// The triangular fundamental diagram, both branches. 1 km with room for 133 vehicles, 72 s free, gaps 240 s back. Free: at 720/h there are
/// 0.2 x 72 = 14.4 on it. Congested, before a road of 720/h: 133 - 0.2 x 240 = 85, by one or two as each stands for a stretch of time.
#[test]
fn vehicles_on_a_road_follow_the_fundamental_diagram() {
    let streets = [door(0), road(1500, 72, 133, 240), road(720, 10, 1000, 0), door(0), door(0)];
    let path = [0, 1, 2, 3, 4];
    let free = inside(&streets, &path, &column(0, 1000, 0.0, 5.0), 3000 * SECOND)[1];
    assert!((14..=15).contains(&free), "{free}");
    let congested = inside(&streets, &path, &column(0, 2000, 0.0, 0.0), 6000 * SECOND)[1];
    assert!((84..=87).contains(&congested), "{congested}");
}

/// 300 vehicles at once before three roads, the second of 600/h: however full the first is, the bottleneck is never idle, and the last is there
/// after 300 x 6 s and the free time.
#[test]
fn a_jam_empties_at_the_rate_of_its_bottleneck() {
    let streets =
        [door(0), road(1800, 30, 25, 60), road(600, 20, 60, 60), road(1800, 40, 60, 60), door(0), door(0)];
    let times = arrivals_s(&simulated(&streets, &[&[0, 1, 2, 3, 4, 5]], &column(0, 300, 0.0, 0.0)));
    assert_eq!(times.len(), 300);
    for (before, after) in times.iter().zip(&times[1..]) {
        assert!((after - before - 6.0).abs() < 1e-6, "{before} {after}");
    }
    // the first has to come to the bottleneck: it enters the first road in 2 s and drives 30 s
    let last = 2.0 + 30.0 + 300.0 * 6.0 + 20.0 + 40.0;
    assert!((times[299] - last).abs() <= 4.0, "{} {last}", times[299]);
}

/// Vehicles of two approaches that a road of 1,200/h has taken within four hours.
fn passed(first_h: u64, second_h: u64, first_every_s: f64, second_every_s: f64) -> [f64; 2] {
    let [first, second] = [first_h, second_h].map(|vehicles_h| road(vehicles_h, 10, 60, 5));
    let streets = [door(0), door(0), first, second, road(1200, 10, 1000, 0), door(0), door(0)];
    let until_s = 14_400.0;
    let mut vehicles = column(0, (until_s / first_every_s) as i64, 0.0, first_every_s);
    vehicles.extend(column(1, (until_s / second_every_s) as i64, 0.0, second_every_s));
    vehicles.sort_by_key(|v| (v.last_us, v.path));
    let movement = until(&streets, &[&[0, 2, 4, 5, 6], &[1, 3, 4, 5, 6]], &vehicles, 4 * HOUR);
    let there = |path: u32| {
        let of = vehicles.iter().zip(&movement.journeys);
        of.filter(|(v, j)| v.path == path && matches!(j.fate, Fate::Arrived(_))).count() as f64
    };
    [there(0), there(1)]
}

/// Merges of equal, unequal and very unequal roads, all saturated: of 1,200 vehicles an hour each gets its part of the capacities, to one in
/// a thousand.
#[test]
fn merges_share_by_capacity_equal_or_not() {
    for (first_h, second_h) in [(1200, 1200), (1600, 800), (2000, 200)] {
        let [first, second] = passed(first_h, second_h, 1.0, 1.0);
        let share = first / (first + second);
        let expected = first_h as f64 / (first_h + second_h) as f64;
        assert!((share - expected).abs() < 1e-3, "{first_h} {second_h}: {share}");
        // four hours less the 20 s that the first needs
        assert!((first + second - 1200.0 * 4.0).abs() < 12.0, "{first} {second}");
    }
}

/// The invariance principle (Lebacque and Khoshyaran, ISTTT 2005): two approaches of 1,200/h get 600/h each. Whether the first wants to send
/// 1,200/h or half of it more than it gets, 900/h, changes nothing for either.
#[test]
fn demand_above_what_is_let_through_changes_nothing() {
    let saturated = passed(1200, 1200, 3.0, 1.0);
    let halved = passed(1200, 1200, 4.0, 1.0);
    for (a, b) in saturated.into_iter().zip(halved) {
        assert!((a - b).abs() <= 0.01 * a, "{saturated:?} {halved:?}");
        assert!((a - 2400.0).abs() < 24.0, "{saturated:?}");
    }
}

/// A road is closed from 10 min to 60 min. Of one vehicle each 2 s, 299 are in before; the 300th would be in at the moment of closing and
/// waits with the other 200. They go on at the capacity of the road when it opens.
#[test]
fn a_closed_road_lets_nobody_in_until_it_opens() {
    let mut gate = road(1800, 60, 2000, 0);
    gate.open_us = vec![(0, 600 * SECOND), (3600 * SECOND, 1000 * HOUR)];
    let streets = [door(0), gate, door(0), door(0)];
    let times = arrivals_s(&simulated(&streets, &[&[0, 1, 2, 3]], &column(0, 500, 0.0, 2.0)));
    assert_eq!((times[298], times[299], times[499]), (658.0, 3662.0, 3600.0 + 201.0 * 2.0 + 60.0));
}

/// A destination lets in 360 people an hour: 100 in cars of two are there after 1,000 s and the way.
#[test]
fn a_destination_lets_in_no_faster_than_its_door() {
    let mut door_in = door(0);
    door_in.rate = Some(360_000);
    let streets = [door(0), road(3600, 60, 1000, 0), door(0), door_in];
    let cars: Vec<Vehicle> =
        (0..50).map(|_| Vehicle { path: 0, people: 2, first_us: 0, last_us: 0 }).collect();
    let times = arrivals_s(&simulated(&streets, &[&[0, 1, 2, 3]], &cars));
    // the first person is at the door when the first car begins to drive: a car is a stretch of time
    assert_eq!(times[49], 60.0 + 1000.0);
}

/// Two by two junctions, four equal streams around the corners of a block: what is alike comes out alike.
#[test]
fn a_symmetric_town_gives_symmetric_times() {
    // streets 0-3: ways in, 4-7: approaches, 8-11: sides of the block, 12-15: ways out, 16: admission
    let mut streets: Vec<Street> = (0..4).map(|_| door(0)).collect();
    streets.extend((0..4).map(|_| road(1200, 20, 40, 10)));
    streets.extend((0..4).map(|_| road(1200, 30, 60, 20)));
    streets.extend((0..4).map(|_| road(1200, 20, 40, 10)));
    streets.push(door(0));
    streets.push(door(0));
    // each goes along one side and out
    let paths: Vec<Vec<u32>> = (0..4).map(|k| vec![k, 4 + k, 8 + k, 12 + (k + 1) % 4, 16, 17]).collect();
    let paths: Vec<&[u32]> = paths.iter().map(Vec::as_slice).collect();
    let mut vehicles: Vec<Vehicle> = (0..4).flat_map(|k| column(k, 200, 0.0, 3.0)).collect();
    vehicles.sort_by_key(|v| (v.last_us, v.path));
    let movement: Movement = simulated(&streets, &paths, &vehicles);
    let times = |path: u32| -> Vec<i64> {
        let of = vehicles.iter().zip(&movement.journeys).filter(|(v, _)| v.path == path);
        of.filter_map(|(_, j)| if let Fate::Arrived(time) = j.fate { Some(time) } else { None }).collect()
    };
    assert_eq!(times(0).last(), Some(&(670 * SECOND)));
    for path in 1..4 {
        assert_eq!(times(path), times(0));
    }
}
