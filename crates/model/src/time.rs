//! Lengths of time: whole milliseconds inside, seconds and hours outside. All conversions stand here.

use crate::number::{float, round};

/// Milliseconds in a second.
pub const MS_PER_SECOND: i64 = 1000;
/// Milliseconds in an hour.
pub const MS_PER_HOUR: i64 = 3_600_000;
/// Milliseconds in a day.
pub const MS_PER_DAY: i64 = 24 * MS_PER_HOUR;
/// Microseconds in a millisecond: the exact loading counts in these.
pub const MICROS_PER_MS: i64 = 1000;

/// Milliseconds as seconds, as they stand in files.
#[inline]
pub fn seconds(ms: i64) -> f64 {
    float(ms) / 1000.0
}

/// Milliseconds as hours, as they stand in sentences.
#[inline]
pub fn hours(ms: i64) -> f64 {
    float(ms) / 3.6e6
}

/// Seconds as the nearest whole millisecond.
#[inline]
pub fn ms_from_seconds(seconds: f64) -> i64 {
    round(seconds * 1000.0)
}

/// Hours as the nearest whole millisecond.
#[inline]
pub fn ms_from_hours(hours: f64) -> i64 {
    round(hours * 3.6e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back_is_the_same_millisecond() {
        for ms in [0, 1, 999, 4_500_001, MS_PER_DAY - 1, 30 * MS_PER_DAY + 7] {
            assert_eq!(ms_from_seconds(seconds(ms)), ms);
            assert_eq!(ms_from_hours(hours(ms)), ms);
        }
        assert_eq!((seconds(1500), hours(5_400_000)), (1.5, 1.5));
    }
}
