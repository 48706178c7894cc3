//! Harder cases of a scenario: worse weather, a lost lane, slower people, more people. What each does to the bound is computed anew.

use crate::scale;
use clearway_model::number::{ceil, float, round};
use clearway_model::{LinkRow, RoadLoss, Scenario};

/// How a case differs from the scenario as given; its default changes nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct HarderCase {
    /// All capacities become this many times as large.
    pub capacity: f64,
    /// All speeds become this many times as high.
    pub speed: f64,
    /// Times the people of every zone.
    pub people: f64,
    /// Times the hours of every mobilization curve.
    pub release: f64,
    /// What one road loses.
    pub lost: RoadLoss,
    /// Everything that closes does so earlier by this, ms.
    pub hazard_earlier_ms: i64,
}

impl Default for HarderCase {
    /// The scenario as it is.
    fn default() -> Self {
        Self {
            capacity: 1.0,
            speed: 1.0,
            people: 1.0,
            release: 1.0,
            lost: RoadLoss::Nothing,
            hazard_earlier_ms: 0,
        }
    }
}

/// What is left of a direction of so many lanes when one is blocked: FHWA-HOP-13-042, table 40, from HCM 2010, exhibit 10-17 (rulebook TRA-12); of a single lane nothing.
pub fn left_of(lanes: f64) -> f64 {
    match lanes {
        n if n < 2.0 => 0.0,
        n if n < 3.0 => 0.35,
        n if n < 4.0 => 0.49,
        n => (n - 1.0) / n - 0.17,
    }
}

/// The scenario in a harder case; its digest is empty. `road` is the row of the link that loses a lane or is lost.
pub fn stressed(scenario: &Scenario, stress: &HarderCase, road: Option<usize>) -> Scenario {
    let mut changed = scenario.clone();
    changed.digest = String::new();
    for link in &mut changed.links {
        times(link, stress.capacity);
        for ms in
            [&mut link.time_ms, &mut link.time_ms_low, &mut link.walk_time_ms, &mut link.walk_time_ms_low]
        {
            *ms = ms.map(|ms| ceil(float(ms) / stress.speed));
        }
    }
    if let Some(link) = road.and_then(|row| changed.links.get_mut(row)) {
        match stress.lost {
            RoadLoss::Nothing => {}
            RoadLoss::Road => close(link),
            RoadLoss::Lane => match left_of(link.lanes.unwrap_or(1.0)) {
                left if left > 0.0 => times(link, left),
                _ => close(link),
            },
        }
    }
    let more = |n: i64| round(float(n) * stress.people);
    for zone in &mut changed.zones {
        for people in [zone.people_low.as_mut(), zone.people_high.as_mut(), Some(&mut zone.people)]
            .into_iter()
            .flatten()
        {
            *people = more(*people);
        }
    }
    for closure in &mut changed.closures {
        closure.from_ms = (closure.from_ms - stress.hazard_earlier_ms).max(0);
    }
    for row in &mut changed.releases {
        row.time_ms = round(float(row.time_ms) * stress.release);
    }
    changed
}

fn times(link: &mut LinkRow, factor: f64) {
    scale::vehicle_capacity(link, factor);
    scale::walk_capacity(link, factor);
}

fn close(link: &mut LinkRow) {
    (link.capacity_pcu_h, link.capacity_pcu_h_low, link.capacity_pcu_h_high) = (None, None, None);
    (link.walk_capacity_people_h, link.walk_capacity_people_h_low, link.walk_capacity_people_h_high) =
        (None, None, None);
    (link.capacity, link.lanes) = (None, None);
}
