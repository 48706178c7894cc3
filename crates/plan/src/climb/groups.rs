//! Groups: the people of a zone, by when they leave.

use crate::schedule::{Schedule, slices};

/// People of a zone who leave within some consecutive windows.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Row of `zones.csv`.
    pub zone: u32,
    /// When they leave; shares sum to 1.
    pub schedule: Schedule,
    /// Their share of the zone's people.
    pub share: f64,
}

/// Cumulative shares of a zone's people at which groups end: those who leave first are few and matter most. The more zones
/// there are, the less a zone needs to be divided.
fn slice_shares(zones: usize) -> &'static [f64] {
    match zones {
        0..=300 => &[0.08, 0.25, 0.55, 1.0],
        301..=600 => &[0.15, 1.0],
        _ => &[1.0],
    }
}

/// The groups of all zones, in the order of the zones.
pub fn groups_of(schedules: &[Schedule]) -> Vec<Group> {
    let mut groups = Vec::new();
    let shares = slice_shares(schedules.len());
    for (zone, schedule) in schedules.iter().enumerate() {
        for (schedule, share) in slices(schedule, shares) {
            groups.push(Group { zone: zone as u32, schedule, share });
        }
    }
    groups
}

/// When the given share of a schedule has left, ms.
pub fn quantile_time(schedule: &Schedule, quantile: f64) -> i64 {
    let total: f64 = schedule.iter().map(|d| d.share).sum();
    let mut sent = 0.0;
    for departure in schedule {
        if sent + departure.share >= quantile * total {
            let part = (quantile * total - sent) / departure.share;
            return departure.from + ((departure.until - departure.from) as f64 * part) as i64;
        }
        sent += departure.share;
    }
    schedule.last().map_or(0, |d| d.until)
}
