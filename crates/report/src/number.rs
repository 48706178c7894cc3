//! Numbers as people read them: thousands apart, shares that never round up to everything.

pub use clearway_model::{counted, grouped, people};

use clearway_model::number::{ceil, round};
use clearway_model::whole_people;

/// A count of a summary beside counts with a sign; there are never more than 2^63 of anything.
pub fn whole(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A number that may be fractional: whole from 100 on, else with up to two decimals, thousands apart.
pub fn number(value: f64) -> String {
    if !value.is_finite() {
        return "unlimited".to_owned();
    }
    if value.abs() >= 100.0 {
        return grouped(round(value));
    }
    decimals(value, 2)
}

/// As [`number`], rounded **up**: a figure that a plan needs. Noise of floating point aside.
pub fn number_up(value: f64) -> String {
    let unit = if value.abs() >= 100.0 { 1.0 } else { 100.0 };
    number((value * unit - 1e-6).ceil() / unit)
}

/// As [`number`], rounded **down**: a figure that no plan can beat.
pub fn number_down(value: f64) -> String {
    let unit = if value.abs() >= 100.0 { 1.0 } else { 100.0 };
    number((value * unit + 1e-6).floor() / unit)
}

/// Up to `places` decimals, no trailing zeros, as files write numbers: `12.5`, `3`.
pub fn decimals(value: f64, places: usize) -> String {
    let text = format!("{value:.places$}");
    if !text.contains('.') {
        return text;
    }
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// An "at most" figure as a whole number, rounded up (noise of floating point aside).
pub fn at_most(value: f64) -> String {
    if value.is_finite() { grouped(ceil(value - 1e-6)) } else { "unlimited".to_owned() }
}

/// An "at most" number of people, rounded up: `at most 1 person`.
pub fn at_most_people(value: f64) -> String {
    if value.is_finite() { whole_people(value) } else { "any number of people".to_owned() }
}

/// `part` of `whole` in percent, rounded **down** to a tenth, so that 100 % means everybody.
pub fn share(part: i64, whole: i64) -> String {
    if whole <= 0 {
        return "0 %".to_owned();
    }
    // in whole numbers, so that 99.95 % is not rounded up on the way
    let tenths = i128::from(part) * 1000 / i128::from(whole);
    match (tenths, part > 0) {
        (0, true) => "less than 0.1 %".to_owned(),
        (t, _) if t % 10 == 0 => format!("{} %", t / 10),
        (t, _) => format!("{}.{} %", t / 10, t % 10),
    }
}

/// How far a plan is above a bound, in percent. No plan is below one: what is below is noise of rounding.
pub fn gap_percent(ratio: f64) -> String {
    percent(ratio.max(0.0))
}

/// A ratio such as a margin in percent with one decimal, `3.0 %`.
pub fn percent(ratio: f64) -> String {
    let text = format!("{:.1}", ratio * 100.0);
    format!("{} %", if text == "-0.0" { "0.0" } else { &text })
}

/// `a`, `a and b`, `a, b and c`.
pub fn listed(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [head @ .., last] => format!("{} and {last}", head.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_everything_only_if_it_is() {
        assert_eq!(share(1_399_999, 1_400_000), "99.9 %");
        assert_eq!(share(7, 7), "100 %");
        assert_eq!(share(1, 1_000_000), "less than 0.1 %");
        assert_eq!(share(0, 5), "0 %");
        assert_eq!(share(0, 0), "0 %");
    }

    #[test]
    fn decimals_drop_zeros_and_keep_hundreds() {
        assert_eq!(decimals(12.5, 3), "12.5");
        assert_eq!(decimals(100.0, 3), "100");
        assert_eq!(decimals(-0.0001, 2), "0");
        assert_eq!(number(2400.4), "2,400");
        assert_eq!(number(0.25), "0.25");
        assert_eq!(
            (number_up(332_410.5), number_down(332_410.5)),
            ("332,411".to_owned(), "332,410".to_owned())
        );
        assert_eq!((number_up(0.123), number_down(0.129)), ("0.13".to_owned(), "0.12".to_owned()));
    }

    #[test]
    fn at_most_rounds_up_but_not_for_noise() {
        assert_eq!(at_most(2_400.000_000_1), "2,400");
        assert_eq!(at_most(2400.2), "2,401");
        assert_eq!(percent(-0.000_01), "0.0 %");
        assert_eq!((gap_percent(-0.01), gap_percent(0.011)), ("0.0 %".to_owned(), "1.1 %".to_owned()));
        assert_eq!(
            (at_most_people(0.4), at_most_people(1.2)),
            ("1 person".to_owned(), "2 people".to_owned())
        );
        assert_eq!(percent(0.0304), "3.0 %");
    }
}
