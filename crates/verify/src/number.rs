//! From one kind of number to another, each with the reason why nothing is lost that counts. Written here and not shared with the planner,
//! as every rule that a figure rests on.
//!
//! Whole numbers of a scenario are at most [`MOST_WHOLE`](crate::table::MOST_WHOLE), 10^12, which is below 2^40. A double holds every
//! whole number up to 2^53.

/// A whole number to calculate with. Exact for people and times, and for a thousand times as much.
pub(crate) fn real(whole: i64) -> f64 {
    whole as f64
}

/// A sum of products, for a figure that is shown. Rounded to the nearest double, which is within one part in 10^15.
pub(crate) fn real_sum(sum: i128) -> f64 {
    sum as f64
}

/// A number that has been rounded to a whole one. What is beyond the range becomes its end, and no number becomes 0.
pub(crate) fn whole(rounded: f64) -> i64 {
    rounded as i64
}

/// The same where units of a cut are counted.
pub(crate) fn whole_sum(rounded: f64) -> i128 {
    rounded as i128
}

/// A number that fits, as it lies between two that do or is a part of one; else the end of the range.
pub(crate) fn narrow(wide: i128) -> i64 {
    i64::try_from(wide).unwrap_or(if wide < 0 { i64::MIN } else { i64::MAX })
}

/// How many there are, beside numbers of a file. Exact: no machine has more than 64 bits for it.
pub(crate) fn count(length: usize) -> u64 {
    length as u64
}

/// The same beside numbers that may be negative. Exact: nothing in memory has more than 2^63 parts.
pub(crate) fn signed(length: usize) -> i64 {
    length as i64
}

/// A position that was a `usize` before it was packed, or a number that a limit keeps small.
pub(crate) fn position(packed: u64) -> usize {
    packed as usize
}

/// A position in a table in four bytes. Exact: 2^32 rows would not have been read, at a byte and more each.
pub(crate) fn short(position: usize) -> u32 {
    position as u32
}

/// The last 64 bits.
pub(crate) fn low_bits(packed: u128) -> u64 {
    packed as u64
}
