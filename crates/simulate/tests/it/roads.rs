//! Roads whose times can be worked out by hand.

use crate::towns::{HOUR, SECOND, arrivals_s, column, door, road, simulated, until};
use clearway_simulate::gridlock::Ring;
use clearway_simulate::streets::Street;
use clearway_simulate::traffic::{Demand, Fate, Passage, Turns, Unwatched, Watch, run};

/// 100 vehicles at once before a road of 3,600/h and 60 s: the last is there after 100 s + 60 s.
#[test]
fn a_bottleneck_takes_number_over_capacity_and_the_way() {
    let streets = [door(0), road(3600, 60, 1000, 0), door(0), door(0)];
    let movement = simulated(&streets, &[&[0, 1, 2, 3]], &column(0, 100, 0.0, 0.0));
    let times = arrivals_s(&movement);
    assert_eq!(times.len(), 100);
    assert_eq!((times[0], times[99]), (61.0, 160.0));
    assert!(times.windows(2).all(|pair| pair[1] - pair[0] == 1.0), "{times:?}");
}

/// A platoon that already drives at the capacity of the road passes ten such roads without waiting.
#[test]
fn who_drives_at_capacity_waits_nowhere() {
    let mut streets = vec![door(0)];
    streets.extend((0..10).map(|_| road(1800, 30, 30, 10)));
    streets.extend([door(0), door(0)]);
    let path: Vec<u32> = (0..13).collect();
    let movement = simulated(&streets, &[&path], &column(0, 500, 0.0, 2.0));
    assert!(movement.journeys.iter().all(|j| j.waited_on_road_us == 0 && j.waited_before_road_us == 0));
    assert_eq!(arrivals_s(&movement)[499], 1000.0 + 300.0);
}

/// A road (room for 20, gaps need 40 s) before one of 600/h (6 s each) that is shut until 600 s. The first road is full after 20 vehicles;
/// when the second opens, the k-th vehicle begins to enter it at 600 + 6 (k - 1) and is on it 6 s later, but off the first at the first's
/// own rate, 2 s later; the (20 + k)-th enters the first 40 s after that.
#[test]
fn two_roads_in_a_row_fill_and_empty_at_the_two_wave_speeds() {
    let mut second = road(600, 10, 1000, 0);
    second.open_us = vec![(600 * SECOND, 1000 * HOUR)];
    let streets = [door(0), road(1800, 30, 20, 40), second, door(0), door(0)];
    let mut entered = Entries::default();
    let paths = vec![vec![0, 1, 2, 3, 4]];
    let vehicles = column(0, 60, 0.0, 0.0);
    let demand = Demand {
        streets: &streets,
        paths: &paths,
        vehicles: &vehicles,
        end_us: 500 * HOUR,
        turns: Default::default(),
    };
    run(demand, &mut entered).unwrap();
    let at = |street: u32| -> Vec<f64> {
        entered.0.iter().filter(|e| e.0 == street).map(|e| e.1 as f64 / 1e6).collect()
    };
    let (first, second) = (at(1), at(2));
    assert_eq!(&first[..20], (1..=20).map(|k| 2.0 * f64::from(k)).collect::<Vec<_>>());
    assert_eq!(second, (1..=60).map(|k| 600.0 + 6.0 * f64::from(k)).collect::<Vec<_>>());
    for k in 0..40 {
        assert!(
            (first[20 + k] - (second[k] - 6.0 + 2.0 + 40.0)).abs() < 2.0 + 1e-9,
            "{k}: {} {}",
            first[20 + k],
            second[k]
        );
        assert!(first[20 + k] >= second[k] - 6.0 + 2.0 + 40.0);
    }
}

#[derive(Default)]
struct Entries(Vec<(u32, i64)>);

impl Watch for Entries {
    fn entered(&mut self, passage: Passage, time_us: i64) {
        self.0.push((passage.street, time_us));
    }
}

/// Two approaches of so many vehicles per hour, each behind a connector, before a road of 900/h.
fn merge(first_h: u64, second_h: u64) -> [Street; 7] {
    let [first, second] = [first_h, second_h].map(|vehicles_h| road(vehicles_h, 10, 30, 5));
    [door(0), door(0), first, second, road(900, 10, 1000, 0), door(0), door(0)]
}

/// Whoever watches is asked while the simulation runs, and can end it.
#[test]
fn a_run_that_is_not_wanted_any_more_ends_without_an_answer() {
    #[derive(Default)]
    struct Impatient(Vec<i64>);
    impl Watch for Impatient {
        fn goes_on(&mut self, time_us: i64) -> bool {
            self.0.push(time_us);
            self.0.len() < 2
        }
    }
    let streets = [door(0), road(3600, 60, 1000, 0), door(0), door(0)];
    let (paths, vehicles) = (vec![vec![0, 1, 2, 3]], column(0, 30_000, 0.0, 1.0));
    let demand = Demand {
        streets: &streets,
        paths: &paths,
        vehicles: &vehicles,
        end_us: 500 * HOUR,
        turns: Turns::Shared,
    };
    let mut impatient = Impatient::default();
    assert_eq!(run(demand, &mut impatient), None);
    assert!(impatient.0.len() == 2 && impatient.0[0] <= impatient.0[1], "{:?}", impatient.0);
    assert!(run(demand, &mut Unwatched).is_some());
}

/// Two saturated approaches of 1,200/h and 600/h before a road of 900/h: of 900 that pass in an hour 600 and 300 come of each.
#[test]
fn saturated_approaches_share_by_capacity() {
    let streets = merge(1200, 600);
    let mut vehicles = column(0, 5000, 0.0, 1.0);
    vehicles.extend(column(1, 5000, 0.0, 1.0));
    vehicles.sort_by_key(|v| v.last_us);
    let movement = until(&streets, &[&[0, 2, 4, 5, 6], &[1, 3, 4, 5, 6]], &vehicles, 4 * HOUR);
    let of = |path: u32| {
        vehicles
            .iter()
            .zip(&movement.journeys)
            .filter(|(v, j)| v.path == path && matches!(j.fate, Fate::Arrived(_)))
            .count() as f64
    };
    let share = of(0) / (of(0) + of(1));
    assert!((share - 2.0 / 3.0).abs() < 1e-3, "{share}");
    assert!((of(0) + of(1) - 3590.0).abs() < 5.0);
}

/// An approach that sends less than its share gets through what it sends; halving it leaves the saturated one with the rest.
#[test]
fn who_sends_little_gets_through_and_the_other_has_the_rest() {
    let streets = merge(1200, 1200);
    let passed = |every_s: f64| {
        let mut vehicles = column(0, 5000, 0.0, 1.0);
        vehicles.extend(column(1, (14_400.0 / every_s) as i64, 0.0, every_s));
        vehicles.sort_by_key(|v| v.last_us);
        let movement = until(&streets, &[&[0, 2, 4, 5, 6], &[1, 3, 4, 5, 6]], &vehicles, 4 * HOUR);
        let of = |path: u32| {
            let there = |(v, j): &(_, &clearway_simulate::traffic::Journey)| {
                let v: &&clearway_simulate::traffic::Vehicle = v;
                v.path == path && matches!(j.fate, Fate::Arrived(_))
            };
            vehicles.iter().zip(&movement.journeys).filter(there).count() as f64
        };
        (of(0), of(1))
    };
    let (saturated, little) = passed(20.0);
    assert!(
        (little - 718.0).abs() < 4.0 && (saturated - (3590.0 - little)).abs() < 6.0,
        "{saturated} {little}"
    );
    let (saturated, little) = passed(40.0);
    assert!(
        (little - 359.0).abs() < 4.0 && (saturated - (3590.0 - little)).abs() < 6.0,
        "{saturated} {little}"
    );
}

/// One lane, two ways on, one of them shut: who wants the open one stands behind who wants the other. With two lanes nobody does,
/// until the road is full.
#[test]
fn a_shut_way_out_blocks_what_is_behind_it() {
    let mut shut = road(1800, 10, 30, 5);
    shut.open_us = vec![(HOUR, 1000 * HOUR)];
    for (lanes, free) in [(1, 0), (2, 4)] {
        let mut approach = road(1800, 10, 8, 5);
        approach.lane_groups = lanes;
        let streets =
            [door(0), approach, shut.clone(), road(1800, 10, 30, 5), door(0), door(0), door(0), door(0)];
        // every second one wants the shut way
        let mut vehicles = column(0, 50, 0.0, 4.0);
        vehicles.extend(column(1, 50, 2.0, 4.0));
        let movement = until(&streets, &[&[0, 1, 2, 4, 6], &[0, 1, 3, 5, 7]], &vehicles, HOUR);
        let there = arrivals_s(&movement).len();
        // eight of those who want the shut way fill the road; with two lanes those between them get through
        assert_eq!(there, if free == 0 { 0 } else { 7 }, "{lanes} lanes");
        assert!(movement.gridlock.is_empty());
    }
}

/// Three roads in a ring, each with room for 5, fed by three connectors; everybody goes two thirds around. It locks, and says which.
#[test]
fn a_ring_of_full_roads_is_named() {
    let mut streets: Vec<_> = (0..3).map(|_| door(0)).collect();
    streets.extend((0..3).map(|_| road(1800, 10, 5, 5)));
    streets.extend((0..3).map(|_| road(1800, 10, 5, 5)));
    streets.extend([door(0), door(0)]);
    let paths: [&[u32]; 3] = [&[0, 3, 4, 5, 8, 9], &[1, 4, 5, 3, 6, 9], &[2, 5, 3, 4, 7, 9]];
    let vehicles: Vec<_> = (0..3).flat_map(|path| column(path, 100, 0.0, 2.0)).collect();
    let mut streets_there = streets.clone();
    streets_there.insert(10, door(0));
    let movement = simulated(&streets_there, &paths, &vehicles);
    let [Ring { streets, since_us }] = movement.gridlock.as_slice() else {
        panic!("{:?}", movement.gridlock)
    };
    assert_eq!(streets, &[3, 4, 5]);
    assert!(*since_us < 200 * SECOND, "{since_us}");
    let there = arrivals_s(&movement).len();
    let standing = movement.journeys.iter().filter(|j| matches!(j.fate, Fate::Underway(_))).count();
    assert_eq!(there + standing, 300, "nobody vanishes");
    assert!(there < 100);
}

/// Who is still on a road when a hazard comes, or at a node when it is closed, is overtaken; nobody is counted twice.
#[test]
fn who_stands_where_a_hazard_comes_is_overtaken() {
    let mut slow = road(60, 10, 1000, 0);
    slow.open_us = vec![(0, 1000 * HOUR)];
    let mut approach = road(1800, 10, 1000, 5);
    approach.hazards_us = vec![630 * SECOND];
    let streets = [door(0), approach, slow, door(0), door(0)];
    let movement = until(&streets, &[&[0, 1, 2, 3, 4]], &column(0, 50, 0.0, 2.0), 2 * HOUR);
    // the k-th enters the slow road when the one before has: at 12 + 60 k s or so
    let overtaken = movement.journeys.iter().filter(|j| matches!(j.fate, Fate::Overtaken(..))).count();
    assert_eq!(arrivals_s(&movement).len() + overtaken, 50);
    assert_eq!(arrivals_s(&movement).len(), 10);
    for journey in &movement.journeys {
        if let Fate::Overtaken(time, _) = journey.fate {
            assert_eq!(time, 630 * SECOND);
        }
    }
}

/// Two roads of one lane that cross, 1,200/h each, everybody of both going straight on or turning by chance: with strict order a lane whose
/// first waits for a way that is taken holds up who wants the other, and three quarters of the capacity is used (Karol, Hluchyj and
/// Morgan 1987: 0.75, 0.84, 0.89, 0.92 with 0 to 3 in the pocket where time is cut into slots); where more may pass, nearly all.
#[test]
fn a_pocket_at_the_end_of_a_lane_lets_a_crossing_use_its_capacity() {
    let used = |pocket: u32| {
        let approach = Street { pocket, ..road(1200, 10, 30, 5) };
        let exit = road(1200, 10, 30, 5);
        let streets = [
            door(0),
            door(0),
            approach.clone(),
            approach,
            exit.clone(),
            exit,
            door(0),
            door(0),
            door(0),
            door(0),
        ];
        let paths: [&[u32]; 4] = [&[0, 2, 4, 6, 8], &[0, 2, 5, 7, 9], &[1, 3, 4, 6, 8], &[1, 3, 5, 7, 9]];
        let mut state: u64 = 7;
        let mut vehicles = Vec::new();
        for number in 0..12_000 {
            for approach in 0..2 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let path = approach * 2 + u32::try_from(state >> 63).unwrap();
                vehicles.extend(column(path, 1, 3.0 * f64::from(number), 3.0));
            }
        }
        let movement = until(&streets, &paths, &vehicles, 10 * HOUR);
        arrivals_s(&movement).len() as f64 / 24_000.0
    };
    let shares: Vec<f64> = [0, 1, 2, 4, 8].into_iter().map(used).collect();
    assert!((0.75..0.82).contains(&shares[0]), "{shares:?}");
    assert!(shares.is_sorted() && shares[3] > 0.9 && shares[4] > 0.93, "{shares:?}");
    assert!(shares.iter().all(|share| *share <= 1.0), "{shares:?}");
}
