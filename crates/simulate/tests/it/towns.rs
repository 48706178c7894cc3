//! Small road networks by hand.

use clearway_simulate::storage::Storage;
use clearway_simulate::streets::Street;
use clearway_simulate::traffic::{Demand, Fate, Movement, Turns, Unwatched, Vehicle, run};

pub const SECOND: i64 = 1_000_000;
pub const HOUR: i64 = 3600 * SECOND;

/// A road that `vehicles_h` of one person each can enter, `travel_s` long, with room for `vehicles`, whose gaps need `wave_s`.
pub fn road(vehicles_h: u64, travel_s: i64, vehicles: u32, wave_s: i64) -> Street {
    Street {
        rate: Some(vehicles_h * 1000),
        storage: Some(Storage { vehicles, wave_us: wave_s * SECOND }),
        lane_groups: 1,
        ..door(travel_s)
    }
}

/// A connector or admission: any number at once, any room.
pub fn door(travel_s: i64) -> Street {
    Street {
        travel_us: travel_s * SECOND,
        lane_groups: u32::MAX,
        open_us: vec![(0, 1000 * HOUR)],
        ..Street::default()
    }
}

/// `count` vehicles on a path, one each `every_s`, the first at `from_s`.
pub fn column(path: u32, count: i64, from_s: f64, every_s: f64) -> Vec<Vehicle> {
    (0..count)
        .map(|k| {
            let leaves = |k: i64| ((from_s + every_s * k as f64) * 1e6).round() as i64;
            Vehicle { path, people: 1, first_us: leaves(k), last_us: leaves(k + 1) }
        })
        .collect()
}

pub fn simulated(streets: &[Street], paths: &[&[u32]], vehicles: &[Vehicle]) -> Movement {
    until(streets, paths, vehicles, 500 * HOUR)
}

pub fn until(streets: &[Street], paths: &[&[u32]], vehicles: &[Vehicle], end_us: i64) -> Movement {
    let paths: Vec<Vec<u32>> = paths.iter().map(|path| path.to_vec()).collect();
    let mut vehicles = vehicles.to_vec();
    vehicles.sort_by_key(|vehicle| vehicle.last_us);
    let demand = Demand { streets, paths: &paths, vehicles: &vehicles, end_us, turns: Turns::Shared };
    run(demand, &mut Unwatched).unwrap()
}

/// Arrivals in ascending order, s.
pub fn arrivals_s(movement: &Movement) -> Vec<f64> {
    let mut times: Vec<f64> = movement
        .journeys
        .iter()
        .filter_map(|journey| match journey.fate {
            Fate::Arrived(time) => Some(time as f64 / 1e6),
            _ => None,
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times
}
