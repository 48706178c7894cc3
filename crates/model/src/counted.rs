//! Counts with their nouns, for sentences: `1 person`, `12,000 people`, `1 hour`.

use crate::number::ceil;

/// Whole number with a comma between thousands: `1,400,000`.
pub fn grouped(value: i64) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if value < 0 {
        text.push('-');
    }
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A count with its noun.
pub fn counted(count: i64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(count), if count == 1 { one } else { many })
}

/// `1 person`, `2 people`.
pub fn people(count: i64) -> String {
    counted(count, "person", "people")
}

/// People of whom the number is a fraction, as whole people: rounded up, since nobody is a part of a person; noise of floating
/// point aside.
pub fn whole_people(count: f64) -> String {
    people(ceil(count - 1e-6))
}

/// `1 hour`, `2 hours`.
pub fn hours(count: i64) -> String {
    counted(count, "hour", "hours")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_not_many() {
        assert_eq!([people(0), people(1), people(2)], ["0 people", "1 person", "2 people"]);
        assert_eq!([hours(1), hours(1_400)], ["1 hour", "1,400 hours"]);
        assert_eq!(
            [whole_people(0.2), whole_people(1.0), whole_people(1.5)],
            ["1 person", "1 person", "2 people"]
        );
        assert_eq!(whole_people(0.0), "0 people");
    }

    #[test]
    fn thousands_and_signs() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_400_000), "1,400,000");
        assert_eq!(grouped(-12_345), "-12,345");
        assert_eq!(grouped(i64::MIN), "-9,223,372,036,854,775,808");
    }
}
