//! What came of it, as figures.

use crate::traffic::{Fate, Journey, Vehicle};
use clearway_model::number::float;

/// Arrivals and waiting of everybody in a vehicle.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outcome {
    /// (When, µs; people in all who have arrived by then), ascending.
    pub arrived: Vec<(i64, i64)>,
    /// People who arrived.
    pub people_arrived: i64,
    /// People who were overtaken by a hazard on the way.
    pub people_overtaken: i64,
    /// People on the road, or before it, when the time ended.
    pub people_underway: i64,
    /// All waiting after departure.
    pub waiting: Waiting,
    /// The part of it before the first road.
    pub before_road: Waiting,
    /// Sum of arrival times x people, µs.
    arrival_sum: i128,
}

/// Waiting of everybody, also of those who never arrive.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Waiting {
    /// Mean of all people, min.
    pub mean_min: f64,
    /// 95 of 100 people wait no longer, min.
    pub p95_min: f64,
    /// The longest anybody waits, min.
    pub longest_min: f64,
}

impl Outcome {
    /// Counts journeys; `vehicles` in the same order.
    pub fn new(vehicles: &[Vehicle], journeys: &[Journey]) -> Self {
        let mut outcome = Self::default();
        let mut arrivals: Vec<(i64, i64)> = Vec::new();
        for (vehicle, journey) in vehicles.iter().zip(journeys) {
            let people = i64::from(vehicle.people);
            match journey.fate {
                Fate::Arrived(time) => arrivals.push((time, people)),
                Fate::Overtaken(..) => outcome.people_overtaken += people,
                Fate::Underway(_) => outcome.people_underway += people,
            }
        }
        arrivals.sort_unstable();
        for (time, people) in arrivals {
            outcome.people_arrived += people;
            outcome.arrival_sum += i128::from(time) * i128::from(people);
            match outcome.arrived.last_mut() {
                Some(last) if last.0 == time => last.1 = outcome.people_arrived,
                _ => outcome.arrived.push((time, outcome.people_arrived)),
            }
        }
        let waits = |of: fn(&Journey) -> i64| {
            Waiting::new(vehicles.iter().zip(journeys).map(|(v, j)| (of(j), i64::from(v.people))).collect())
        };
        outcome.waiting = waits(|journey| journey.waited_before_road_us + journey.waited_on_road_us);
        outcome.before_road = waits(|journey| journey.waited_before_road_us);
        outcome
    }

    /// When so many people have arrived, s; `None`: never.
    pub fn time_of_s(&self, people: i64) -> Option<f64> {
        let at = self.arrived.partition_point(|&(_, arrived)| arrived < people);
        self.arrived.get(at).map(|&(time, _)| float(time) / 1e6)
    }

    /// People who have arrived by a time, µs.
    pub fn arrived_by(&self, time_us: i64) -> i64 {
        let at = self.arrived.partition_point(|&(time, _)| time <= time_us);
        at.checked_sub(1).map_or(0, |last| self.arrived[last].1)
    }

    /// Time of all evacuees not yet arrived until the end of the planning horizon, person-hours.
    pub fn person_hours(&self, evacuees: i64, horizon_us: i64) -> f64 {
        let rest = i128::from(evacuees - self.people_arrived) * i128::from(horizon_us);
        float(self.arrival_sum + rest) / 3.6e9
    }

    /// Mean arrival of those who arrive, s; `None`: nobody does.
    pub fn mean_s(&self) -> Option<f64> {
        (self.people_arrived > 0).then(|| float(self.arrival_sum) / float(self.people_arrived) / 1e6)
    }
}

impl Waiting {
    /// `waits`: (how long, µs; how many people).
    fn new(mut waits: Vec<(i64, i64)>) -> Self {
        waits.sort_unstable();
        let people: i64 = waits.iter().map(|wait| wait.1).sum();
        let sum: i128 = waits.iter().map(|&(wait, people)| i128::from(wait) * i128::from(people)).sum();
        let minutes = |us: i64| float(us) / 60e6;
        let mut counted = 0;
        // the smallest wait that at least 95 of 100 people do not exceed
        let p95 = waits.iter().find(|wait| {
            counted += wait.1;
            i128::from(counted) * 100 >= i128::from(people) * 95
        });
        Self {
            mean_min: if people > 0 { float(sum) / float(people) / 60e6 } else { 0.0 },
            p95_min: p95.map_or(0.0, |wait| minutes(wait.0)),
            longest_min: waits.last().map_or(0.0, |wait| minutes(wait.0)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_count_people_and_not_vehicles() {
        let vehicle = |people| Vehicle { path: 0, people, first_us: 0, last_us: 0 };
        let journey = |fate, waited| Journey { fate, waited_before_road_us: 0, waited_on_road_us: waited };
        let vehicles = [vehicle(1), vehicle(3), vehicle(6), vehicle(10)];
        let journeys = [
            journey(Fate::Arrived(20_000_000), 0),
            journey(Fate::Arrived(10_000_000), 60_000_000),
            journey(Fate::Underway(None), 0),
            journey(Fate::Overtaken(5, 0), 120_000_000),
        ];
        let outcome = Outcome::new(&vehicles, &journeys);
        assert_eq!((outcome.people_arrived, outcome.people_underway, outcome.people_overtaken), (4, 6, 10));
        assert_eq!(outcome.arrived, [(10_000_000, 3), (20_000_000, 4)]);
        assert_eq!([1, 3, 4, 5].map(|n| outcome.time_of_s(n)), [Some(10.0), Some(10.0), Some(20.0), None]);
        assert_eq!([9_999_999, 10_000_000].map(|t| outcome.arrived_by(t)), [0, 3]);
        assert_eq!(outcome.mean_s(), Some(12.5));
        // 1 arrives after 20 s, 3 after 10 s, and 21 of 25 not before the end after 100 s
        assert_eq!(outcome.person_hours(25, 100_000_000), (20.0 + 30.0 + 2100.0) / 3600.0);
        assert_eq!(outcome.waiting.mean_min, 23.0 / 20.0);
        assert_eq!((outcome.waiting.p95_min, outcome.waiting.longest_min), (2.0, 2.0));
    }
}
