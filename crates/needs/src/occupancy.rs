//! How many people are at a place, hour by hour.

use crate::rates::Phase;
use clearway_model::number::length;
use clearway_model::time::MS_PER_HOUR as HOUR;
use serde::Serialize;

/// What people do at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "Kind")]
pub enum OccupancyKind {
    /// In a zone, not yet on the way, and those who stay.
    Origin,
    /// On the way, all routes together.
    Route,
    /// At a receiving place.
    Site,
}

impl OccupancyKind {
    /// How files name it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Origin => "origin",
            Self::Route => "route",
            Self::Site => "site",
        }
    }
}

/// People at one place.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Occupancy {
    /// Which kind of place.
    pub kind: OccupancyKind,
    /// Id of zone or site; empty for all routes.
    pub place_id: String,
    /// The most people at once in each hour from time 0.
    pub people: Vec<i64>,
}

/// Days at a receiving place after which standards for later count: the acute phase is called two to three weeks.
pub const ACUTE_DAYS: usize = 21;

impl Occupancy {
    /// The phase in an hour: survival at the origin and on the way; at a site acute for [`ACUTE_DAYS`] from the first arrival.
    pub fn phase(&self, hour: usize) -> Phase {
        if self.kind != OccupancyKind::Site {
            return Phase::Survival;
        }
        let first = self.people.iter().position(|n| *n > 0).unwrap_or(hour);
        if hour >= first + ACUTE_DAYS * 24 { Phase::Stabilised } else { Phase::Acute }
    }
}

/// Hours that a time span has, at least one.
pub fn hourly(until_ms: i64) -> usize {
    usize::try_from((until_ms.max(1) + HOUR - 1) / HOUR).unwrap_or(1)
}

/// The most people at once in each hour, from `start` people and changes (time in ms, people in or out); what comes after the
/// last hour does not count.
pub fn present(start: i64, changes: &mut [(i64, i64)], hours: usize) -> Vec<i64> {
    changes.sort_unstable();
    let (mut now, mut next) = (start, 0);
    let mut all = Vec::with_capacity(hours);
    for hour in 0..hours {
        let end = (length(hour) + 1) * HOUR;
        let mut most = now;
        while let Some((_, change)) = changes.get(next).filter(|(time, _)| *time < end) {
            now += change;
            most = most.max(now);
            next += 1;
        }
        all.push(most);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_leave_and_arrive_within_their_hour() {
        let leave = present(10, &mut [(0, -1), (HOUR, -4), (3 * HOUR, -5)], 5);
        assert_eq!(leave, [10, 9, 5, 5, 0]);
        let arrive = present(0, &mut [(3 * HOUR - 1, 5), (HOUR, 2)], 4);
        assert_eq!(arrive, [0, 2, 7, 7]);
    }
}
