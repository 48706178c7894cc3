//! What is shown of where people are in a folder that may be passed on.
//!
//! Every number of people at a place in an hour is rounded up to tens, and fewer than [`SMALL`] become none, before anything is summed,
//! compared or multiplied. All figures of the folder are made of these numbers alone. Why no group of fewer than 10 follows from
//! them: `docs/guides/needs.md`.

use crate::plan_occupancy::PlanOccupancy;
use crate::report::SMALL;

/// Rounds people up to tens, so that what they need never looks smaller than it is.
pub fn up_to_tens(people: i64) -> i64 {
    people.saturating_add(9).div_euclid(10).saturating_mul(10)
}

/// Takes small groups and exact numbers out, and where rest points are; returns in how many hours of places a group was left out.
pub fn redact(known: &mut PlanOccupancy) -> u64 {
    let mut left_out = 0;
    for people in known.presences.iter_mut().flat_map(|presence| &mut presence.people) {
        if (1..SMALL).contains(people) {
            *people = 0;
            left_out += 1;
        } else {
            *people = up_to_tens(*people);
        }
    }
    // an hour may hold as many more than it was let in as numbers are rounded by
    known.packet_people += 10;
    // a mean to the last digit would say how many people go how far
    known.mean_way_m = known.mean_way_m.map(three_digits);
    known.rest.retain(|point| point.people >= SMALL);
    for point in &mut known.rest {
        point.node_id.clear();
        point.people = up_to_tens(point.people);
        // in its busiest hour a point may be passed by fewer than 10
        point.peak_people = up_to_tens(point.peak_people);
    }
    left_out
}

/// A figure to three digits: a sum over all people to the last digit would say how many they are.
pub fn three_digits(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    // Between -324 and 308: the exponent of a number that is not 0.
    let unit = 10f64.powi(value.abs().log10().floor() as i32 - 2);
    (value / unit).round() * unit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_rounded_up_and_figures_lose_their_last_digits() {
        assert_eq!([0, 1, 10, 11, 1000, 1007].map(up_to_tens), [0, 10, 10, 20, 1000, 1010]);
        assert_eq!([0.0, 1234.5, 99.96, 7.0].map(three_digits), [0.0, 1230.0, 100.0, 7.0]);
    }
}
