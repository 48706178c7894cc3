//! Laws that hold on every network: property tests on random towns.

use crate::towns::{HOUR, SECOND, door, road};
use clearway_simulate::streets::Street;
use clearway_simulate::traffic::{
    Demand, Fate, Hold, Journey, Movement, Passage, Turns, Vehicle, Watch, run,
};
use proptest::prelude::*;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// All that happens on the streets: (time, vehicle, street, whether it enters).
#[derive(Default)]
pub struct Diary(pub Vec<(i64, u32, u32, bool)>);

impl Watch for Diary {
    fn entered(&mut self, passage: Passage, time_us: i64) {
        self.0.push((time_us, passage.vehicle, passage.street, true));
    }

    fn left(&mut self, passage: Passage, time_us: i64, _waited_us: i64) {
        self.0.push((time_us, passage.vehicle, passage.street, false));
    }
}

/// Who was held up.
#[derive(Default)]
struct Held(Vec<Hold>);

impl Watch for Held {
    fn held(&mut self, hold: Hold) {
        self.0.push(hold);
    }
}

/// Three follow each other onto a road that holds one and has no way out until the end, after 100 s.
#[test]
fn who_stands_at_the_end_was_held() {
    let closed = Street { open_us: Vec::new(), ..door(0) };
    let streets = [door(0), road(3600, 10, 9, 0), road(3600, 10, 1, 0), closed];
    let vehicle = |k: i64| Vehicle { path: 0, people: 2, first_us: k * SECOND, last_us: k * SECOND };
    let vehicles = [vehicle(0), vehicle(10), vehicle(20)];
    let (mut held, paths) = (Held::default(), [vec![0, 1, 2, 3]]);
    let end_us = 100 * SECOND;
    let demand =
        Demand { streets: &streets, paths: &paths, vehicles: &vehicles, end_us, turns: Turns::Shared };
    run(demand, &mut held).unwrap();
    // the last of each two is on the first road 2 s after they left, and moves on with the first
    let hold = |street: u32, people, seconds: [i64; 3]| {
        let [waited_us, first_us, full_us] = seconds.map(|s| s * SECOND);
        Hold { behind: street - 1, street, people, waited_us, first_us, full_us }
    };
    held.0.sort_by_key(|hold| (hold.street, hold.waited_us));
    let waited: Vec<Hold> = held.0.into_iter().filter(|hold| hold.street > 1).collect();
    assert_eq!(waited, [hold(2, 2, [68, 0, 0]), hold(2, 2, [78, 78, 78]), hold(3, 2, [78, 78, 0])]);
}

#[derive(Debug, Clone)]
pub struct Town {
    pub streets: Vec<Street>,
    pub paths: Vec<Vec<u32>>,
    pub vehicles: Vec<Vehicle>,
}

/// `roads` roads in any order on the paths, with a connector before and two doors behind each path.
pub fn towns() -> impl Strategy<Value = Town> {
    let roads = prop::collection::vec((300u64..2400, 1i64..60, 1u32..12, 0i64..20, 1u32..3, 0u32..5), 2..7);
    let paths = prop::collection::vec(prop::collection::vec(0usize..7, 1..6), 1..4);
    let columns = prop::collection::vec((0usize..4, 1i64..40, 0i64..200, 0i64..8, 1u32..4), 1..6);
    (roads, paths, columns).prop_map(|(roads, paths, columns)| {
        let mut streets = vec![door(0), door(3), door(5), door(0), door(0)];
        for &(rate, travel_s, room, wave_s, lanes, pocket) in &roads {
            let mut street = road(rate, travel_s, room, wave_s);
            (street.lane_groups, street.pocket) = (lanes, pocket);
            // a road whose gaps travel slower than its vehicles need at least the room of its own flow
            let needed = (rate as i64 * (travel_s + wave_s) + 3599) / 3600 + 1;
            let room = room.max(u32::try_from(needed).unwrap());
            street.storage = street
                .storage
                .map(|storage| clearway_simulate::storage::Storage { vehicles: room, ..storage });
            streets.push(street);
        }
        let paths: Vec<Vec<u32>> = paths
            .iter()
            .enumerate()
            .map(|(number, path)| {
                let mut whole = vec![number as u32 % 3];
                for &road in path {
                    let street = 5 + (road % roads.len()) as u32;
                    if !whole.contains(&street) {
                        whole.push(street);
                    }
                }
                whole.extend([3, 4]);
                whole
            })
            .collect();
        let mut vehicles = Vec::new();
        for (path, count, from_s, every_s, people) in columns {
            for k in 0..count {
                let leaves = |k: i64| (from_s + every_s * k) * SECOND;
                let path = (path % paths.len()) as u32;
                vehicles.push(Vehicle { path, people, first_us: leaves(k), last_us: leaves(k + 1) });
            }
        }
        vehicles.sort_by_key(|v| (v.last_us, v.path, v.people, v.first_us));
        Town { streets, paths, vehicles }
    })
}

pub fn diary(town: &Town, end_us: i64) -> (Movement, Vec<(i64, u32, u32, bool)>) {
    let mut diary = Diary::default();
    let demand = Demand {
        streets: &town.streets,
        paths: &town.paths,
        vehicles: &town.vehicles,
        end_us,
        turns: Turns::Shared,
    };
    let movement = run(demand, &mut diary).unwrap();
    (movement, diary.0)
}

proptest! {
    #[test]
    fn a_street_never_holds_more_than_fit_and_what_entered_has_left_or_is_inside(town in towns()) {
        let (movement, mut diary) = diary(&town, 100 * HOUR);
        // of one moment those who leave come first
        diary.sort_by_key(|&(time, _, _, enters)| (time, enters));
        let mut inside: BTreeMap<u32, i64> = BTreeMap::new();
        for &(_, _, street, enters) in &diary {
            let now = inside.entry(street).or_default();
            *now += if enters { 1 } else { -1 };
            if let Some(storage) = town.streets[street as usize].storage {
                prop_assert!((0..=i64::from(storage.vehicles)).contains(now), "street {street}: {now}");
            }
        }
        let standing = movement.journeys.iter().filter(|j| matches!(j.fate, Fate::Underway(Some(_)))).count() as i64;
        let admitted = movement.journeys.iter().filter(|j| matches!(j.fate, Fate::Arrived(_))).count() as i64;
        // nobody leaves an admission
        prop_assert_eq!(inside.values().sum::<i64>(), standing + admitted);
    }

    #[test]
    fn no_street_lets_in_or_out_more_than_its_capacity_in_any_window(town in towns()) {
        let (_, diary) = diary(&town, 100 * HOUR);
        for enters in [true, false] {
            let mut by_street: BTreeMap<u32, Vec<(i64, u32)>> = BTreeMap::new();
            for &(time, vehicle, street, e) in &diary {
                if e == enters {
                    by_street.entry(street).or_default().push((time, town.vehicles[vehicle as usize].people));
                }
            }
            for (street, mut events) in by_street {
                let Some(rate) = town.streets[street as usize].rate else { continue };
                // of those who pass at one moment the largest is the one before: what it lost by waiting others may make good, who may be
                // several smaller ones where a pocket lets them stand beside it
                events.sort_unstable_by_key(|&(time, people)| (time, Reverse(people)));
                // one vehicle more may leave at once, where one before it had to wait for its turn
                let more = if enters { 0 } else { events.iter().map(|e| i128::from(e.1)).max().unwrap_or(0) };
                for (at, &(from, _)) in events.iter().enumerate() {
                    let mut people = 0;
                    for &(time, aboard) in &events[at + 1..] {
                        people += i128::from(aboard);
                        // rounded up, as services are rounded to whole microseconds
                        let most = (i128::from(rate) * i128::from(time - from) + 3_599_999_999_999) / 3_600_000_000_000;
                        prop_assert!(people <= most + more + 1, "street {street}, {enters}: {people} in {} us", time - from);
                    }
                }
            }
        }
    }

    /// First in, first out; but as many as the pocket holds may stand before one that leaves.
    #[test]
    fn lanes_are_left_in_the_order_in_which_they_were_entered_but_for_the_pocket(town in towns()) {
        let mut town = town;
        for street in &mut town.streets[5..] {
            street.lane_groups = 1;
        }
        let (_, diary) = diary(&town, 100 * HOUR);
        for (number, street) in (0..).zip(&town.streets).skip(5) {
            let order = |enters: bool| -> Vec<u32> {
                let mut events: Vec<(i64, usize, u32)> = diary
                    .iter()
                    .enumerate()
                    .filter(|(_, e)| e.2 == number && e.3 == enters)
                    .map(|(at, e)| (e.0, at, e.1))
                    .collect();
                events.sort_unstable();
                events.into_iter().map(|e| e.2).collect()
            };
            let mut standing = order(true);
            for vehicle in order(false) {
                let before = standing.iter().position(|&one| one == vehicle).unwrap();
                prop_assert!(before <= street.pocket as usize, "street {number}: {before} before {vehicle}");
                standing.remove(before);
            }
        }
    }

    #[test]
    fn nobody_is_faster_than_the_free_road_and_waiting_is_what_is_left(town in towns()) {
        let (movement, _) = diary(&town, 100 * HOUR);
        for (vehicle, journey) in town.vehicles.iter().zip(&movement.journeys) {
            let Fate::Arrived(time) = journey.fate else { continue };
            let free: i64 = town.paths[vehicle.path as usize].iter().map(|&s| town.streets[s as usize].travel_us).sum();
            let waited = journey.waited_before_road_us + journey.waited_on_road_us;
            prop_assert_eq!(time, vehicle.last_us + free + waited);
            prop_assert!(waited >= 0);
        }
    }

    /// Who was held up by what is all the waiting there is, also of those who still stand when the time ends.
    #[test]
    fn all_waiting_is_for_something(town in towns(), end_s in 1i64..2000) {
        let mut held = Held::default();
        let demand = Demand {
            streets: &town.streets,
            paths: &town.paths,
            vehicles: &town.vehicles,
            end_us: end_s * SECOND,
            turns: Turns::Shared,
        };
        let movement = run(demand, &mut held).unwrap();
        let waited = |(vehicle, journey): (&Vehicle, &Journey)| {
            i64::from(vehicle.people) * (journey.waited_before_road_us + journey.waited_on_road_us)
        };
        let waited: i64 = town.vehicles.iter().zip(&movement.journeys).map(waited).sum();
        prop_assert_eq!(held.0.iter().map(|hold| i64::from(hold.people) * hold.waited_us).sum::<i64>(), waited);
        for hold in &held.0 {
            prop_assert!(0 <= hold.full_us && hold.full_us <= hold.first_us && hold.first_us <= hold.waited_us, "{hold:?}");
        }
    }

    /// What is said to stand for ever stands for ever: with more time nobody else arrives.
    #[test]
    fn more_time_helps_nobody_in_a_gridlock(town in towns()) {
        let there = |end| diary(&town, end).0.journeys.iter().filter(|j| matches!(j.fate, Fate::Arrived(_))).count();
        let (movement, _) = diary(&town, 100 * HOUR);
        let all = movement.journeys.iter().all(|j| matches!(j.fate, Fate::Arrived(_)));
        // on streets that never close only a ring keeps people from arriving
        prop_assert_eq!(all, movement.gridlock.is_empty());
        prop_assert_eq!(there(100 * HOUR), there(900 * HOUR));
    }
    /// First in, first out by lane: those who come from one street and want the same next one keep their order, however many lanes.
    #[test]
    fn who_goes_the_same_way_keeps_the_order(town in towns()) {
        let (_, diary) = diary(&town, 100 * HOUR);
        let mut entered: BTreeMap<(u32, u32), Vec<u32>> = BTreeMap::new();
        let mut left: BTreeMap<(u32, u32), Vec<u32>> = BTreeMap::new();
        for &(_, vehicle, street, enters) in &diary {
            let path = &town.paths[town.vehicles[vehicle as usize].path as usize];
            let place = path.iter().position(|&s| s == street).unwrap();
            let Some(&next) = path.get(place + 1) else { continue };
            let list = if enters { &mut entered } else { &mut left };
            list.entry((street, next)).or_default().push(vehicle);
        }
        for (ways, left) in left {
            prop_assert_eq!(&entered[&ways][..left.len()], &left[..]);
        }
    }

    /// The numbers of paths and the order of vehicles that leave at different moments do not count.
    #[test]
    fn the_order_of_rows_changes_nothing(town in towns(), turn in 1usize..3) {
        let mut town = town;
        // ties of one moment are settled by the order of the input: so that there are none
        for (k, vehicle) in (0i64..).zip(&mut town.vehicles) {
            vehicle.last_us += k;
        }
        let (movement, _) = diary(&town, 100 * HOUR);
        let mut other = town.clone();
        let count = other.paths.len();
        other.paths.rotate_left(turn % count);
        for vehicle in &mut other.vehicles {
            vehicle.path = ((vehicle.path as usize + count - turn % count) % count) as u32;
        }
        other.vehicles.reverse();
        let (again, _) = diary(&other, 100 * HOUR);
        let back: Vec<_> = again.journeys.into_iter().rev().collect();
        prop_assert_eq!(movement.journeys, back);
        prop_assert_eq!(movement.gridlock, again.gridlock);
        prop_assert_eq!(movement.traffic, again.traffic);
    }
}
