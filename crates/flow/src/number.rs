//! Conversions between kinds of numbers, in one place: each says why it is exact or how it rounds. This crate knows no other.

/// Whole numbers that [`float`] converts.
pub(crate) trait ExactNumber: Copy {
    fn nearest(self) -> f64;
}

macro_rules! whole_numbers {
    ($($kind:ty),*) => {
        $(impl ExactNumber for $kind {
            #[inline]
            fn nearest(self) -> f64 {
                self as f64
            }
        })*
    };
}

whole_numbers!(i64, u64, usize);

/// A whole number as floating point: exact up to 2^53, which no count of people and no time in ms reaches.
#[inline]
pub(crate) fn float(value: impl ExactNumber) -> f64 {
    value.nearest()
}

/// What comes before the decimal point; what is too large becomes the largest there is, and no number 0.
#[inline]
pub(crate) fn truncated(value: f64) -> i64 {
    value as i64
}

/// As [`truncated`], for what is never below 0: there it is 0.
#[inline]
pub(crate) fn whole(value: f64) -> u64 {
    value as u64
}

/// As [`whole`], for amounts of flow.
#[inline]
pub(crate) fn whole_amount(value: f64) -> u32 {
    value as u32
}

/// To single precision, rounded to the nearest: for what need not be exact, as it is looked at again in whole numbers.
#[inline]
pub(crate) fn single(value: f64) -> f32 {
    value as f32
}

/// A compact number as an index. Exact: the program is built for no machine whose indices have fewer than 32 bits.
#[inline]
pub(crate) const fn index(compact: u32) -> usize {
    compact as usize
}

/// An index as a compact number. Exact for rows in memory: one of 2^32 arcs or vertices would take hundreds of gigabytes.
#[inline]
pub(crate) const fn compact(index: usize) -> u32 {
    index as u32
}

/// A length as a number with sign. Exact: nothing in memory has more than 2^63 - 1 parts.
#[inline]
pub(crate) const fn length(parts: usize) -> i64 {
    parts as i64
}

/// A whole number from 0 on as an index: exact where there are indices of 64 bits and never negative by what calls it.
#[inline]
pub(crate) const fn index_of(value: i64) -> usize {
    value as usize
}

/// A slot as the place in a row of slots that begins with slot 0. A slot before that becomes a place beyond every row, where
/// `get` finds nothing.
#[inline]
pub(crate) const fn place(slot: i32) -> usize {
    slot as usize
}

/// A place in a row of slots as a slot. Exact: rows end with the horizon, and their number of slots is an i32.
#[inline]
pub(crate) const fn slot(place: usize) -> i32 {
    place as i32
}

/// A number of steps as a number of slots. Exact: with 2^31 slots or more the rows of slots alone, one for each arc, would be larger
/// than any memory.
#[inline]
pub(crate) const fn slots(steps: i64) -> i32 {
    steps as i32
}
