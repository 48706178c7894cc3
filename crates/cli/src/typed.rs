//! Numbers and lengths of time as they are typed after an option. A text that can be read in two ways is refused with what to write.

use clearway_text::{amount_hint, thousands};
use std::fmt::Display;
use std::str::FromStr;

/// A whole number.
pub fn whole<T: FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| whole_expected(text))
}

/// A whole number between two ends.
pub fn between<T, const LOW: i64, const HIGH: i64>(text: &str) -> Result<T, String>
where
    T: FromStr + TryInto<i64> + Copy + Display,
{
    let number: T = whole(text)?;
    let is_in = number.try_into().is_ok_and(|number| (LOW..=HIGH).contains(&number));
    if is_in { Ok(number) } else { Err(format!("expected a whole number from {LOW} to {HIGH}")) }
}

fn whole_expected(text: &str) -> String {
    let hint = match text.trim().parse::<f64>() {
        // 12.000 may be twelve thousand: both readings are named below
        Ok(number) if number.fract() == 0.0 && number.abs() < 1e15 && thousands(text).is_none() => {
            format!("write {number}")
        }
        _ => amount_hint(text),
    };
    format!("expected a whole number: {hint}")
}

/// A finite number.
pub fn number(text: &str) -> Result<f64, String> {
    let found = text.trim().parse::<f64>().ok().filter(|number| number.is_finite());
    found.ok_or_else(|| "expected a number: digits, with a point as decimal mark".to_owned())
}

/// A length of time with its unit, ms.
pub fn length(text: &str) -> Result<u128, String> {
    // the library takes M for months and m for minutes
    let unit = text.trim().trim_start_matches(|c: char| c.is_ascii_digit() || c == '.' || c == ' ');
    if text.contains('M') {
        let digits: String = text.trim().chars().take_while(char::is_ascii_digit).collect();
        let months: Option<u64> = digits.parse().ok();
        let days = months.map_or_else(|| "180d".to_owned(), |n| format!("{}d", n.saturating_mul(30)));
        let digits = if digits.is_empty() { "6".to_owned() } else { digits };
        return Err(format!("M can be minutes or months: write {digits}min, or {days}"));
    }
    let expected = if unit.is_empty() && !text.trim().is_empty() {
        format!("a number without a unit: write {0}s, {0}min, {0}h or {0}d", text.trim())
    } else {
        "expected a length of time, e.g. 90min, 6h, 2d".to_owned()
    };
    humantime::parse_duration(text).map(|length| length.as_millis()).map_err(|_| expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_refused_with_what_to_write() {
        assert_eq!(whole::<i64>("40000"), Ok(40_000));
        for (text, part) in [
            ("40,000", "write 40000: digits only"),
            ("1.234", "then write 1234; 1.234 would be a fraction"),
            ("12000.0", "write 12000"),
            ("12.000", "then write 12000; else write 12"),
            ("4e4", "write 40000"),
            ("2.5", "must be whole"),
            ("many", "write digits only"),
            ("", "expected a whole number"),
        ] {
            let error = whole::<i64>(text).unwrap_err();
            assert!(error.contains(part), "{text}: {error}");
        }
        assert_eq!(between::<u32, 1, 100>("7"), Ok(7));
        assert_eq!(between::<u32, 1, 100>("101"), Err("expected a whole number from 1 to 100".to_owned()));
        assert!(number("2,5").unwrap_err().contains("a point as decimal mark"));
    }

    #[test]
    fn months_and_minutes_are_not_guessed() {
        assert_eq!(length("6h"), Ok(21_600_000));
        assert_eq!(length("6m"), Ok(360_000));
        assert_eq!(length("1h 30min"), Ok(5_400_000));
        assert_eq!(length("6M"), Err("M can be minutes or months: write 6min, or 180d".to_owned()));
        assert!(length("6").unwrap_err().contains("write 6s, 6min, 6h or 6d"));
        assert!(length("soon").unwrap_err().contains("e.g. 90min"));
    }
}
