//! Conversions between kinds of numbers, in one place: each says why it is exact or how it rounds.

/// Whole numbers that [`float`] converts.
pub trait WholeNumber: Copy {
    /// The nearest floating-point number, of two as near the even one.
    fn nearest(self) -> f64;
}

macro_rules! whole_numbers {
    ($($kind:ty),*) => {
        $(impl WholeNumber for $kind {
            #[inline]
            fn nearest(self) -> f64 {
                self as f64
            }
        })*
    };
}

whole_numbers!(i64, u64, i128, usize);

/// A whole number as floating point. Exact up to 2^53 = 9.0e15: more people than ever lived, more milliseconds than 285,000 years have.
/// Beyond that, for sums of people x time, the nearest there is, with a relative error of at most 2^-53.
#[inline]
pub fn float(value: impl WholeNumber) -> f64 {
    value.nearest()
}

/// What comes before the decimal point: rounded towards zero. What is too large becomes the largest there is, and no number 0.
#[inline]
pub fn truncated(value: f64) -> i64 {
    value as i64
}

/// The largest whole number not above a value; too large and no number as in [`truncated`].
#[inline]
pub fn floor(value: f64) -> i64 {
    truncated(value.floor())
}

/// The smallest whole number not below a value; too large and no number as in [`truncated`].
#[inline]
pub fn ceil(value: f64) -> i64 {
    truncated(value.ceil())
}

/// The nearest whole number, of two as near the one farther from zero; too large and no number as in [`truncated`].
#[inline]
pub fn round(value: f64) -> i64 {
    truncated(value.round())
}

/// A whole number as one of the usual size. What is too large becomes the largest there is, what is too small the smallest.
#[inline]
pub fn narrow(value: i128) -> i64 {
    i64::try_from(value).unwrap_or(if value < 0 { i64::MIN } else { i64::MAX })
}

/// How many, from a floating-point number of at least 0: rounded towards zero; below 0 and no number are 0.
#[inline]
pub fn count(value: f64) -> usize {
    value as usize
}

/// A compact number as an index. Exact: no machine that the program is built for has indices of fewer than 32 bits.
#[inline]
pub const fn index(compact: u32) -> usize {
    compact as usize
}

/// An index as a compact number. Exact for everything that is kept in memory by rows: four billion of them would take hundreds of
/// gigabytes.
#[inline]
pub const fn compact(index: usize) -> u32 {
    index as u32
}

/// A length as a whole number with sign. Exact: nothing in memory has more than 2^63 - 1 parts.
#[inline]
pub const fn length(parts: usize) -> i64 {
    parts as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roundings_are_what_their_names_say() {
        assert_eq!([truncated(-1.5), floor(-1.5), ceil(-1.5), round(-1.5)], [-1, -2, -1, -2]);
        assert_eq!([truncated(2.5), floor(2.5), ceil(2.5), round(2.5)], [2, 2, 3, 3]);
        assert_eq!([floor(f64::NAN), floor(f64::INFINITY), ceil(-1e300)], [0, i64::MAX, i64::MIN]);
        assert_eq!([count(-0.5), count(3.9), count(f64::NAN)], [0, 3, 0]);
    }

    #[test]
    fn what_does_not_fit_becomes_the_nearest_that_does() {
        assert_eq!([narrow(-7), narrow(1 << 70), narrow(-(1 << 70))], [-7, i64::MAX, i64::MIN]);
    }

    #[test]
    fn whole_numbers_are_exact_up_to_two_to_the_53() {
        let most = 1i64 << 53;
        assert_eq!(truncated(float(most)), most);
        assert_eq!(truncated(float(most - 1)), most - 1);
        assert_eq!(float(7usize), 7.0);
        assert_eq!(index(compact(26_500)), 26_500);
    }
}
