//! Numbers as people write them: what separates thousands, and what a fraction.

/// The whole number of a text whose separators can only, or can also, be those of thousands: `40,000`, `1.234`, `12 000`,
/// `1'234'567`. `None` where no groups of three follow.
#[must_use]
pub fn thousands(text: &str) -> Option<String> {
    let text = text.trim();
    let is_separator =
        |c: char| matches!(c, ',' | '.' | '\'' | '’' | '_' | ' ' | '\u{a0}' | '\u{2009}' | '\u{202f}' | '٬');
    let separator = text.chars().find(|c| is_separator(*c))?;
    let mut groups = text.split(separator);
    let is_digits = |group: &str| !group.is_empty() && group.bytes().all(|b| b.is_ascii_digit());
    let first = groups.next().filter(|first| is_digits(first) && first.len() <= 3)?;
    // 0.234 is a fraction
    if first.starts_with('0') {
        return None;
    }
    let mut whole = first.to_owned();
    for group in groups {
        if !is_digits(group) || group.len() != 3 {
            return None;
        }
        whole.push_str(group);
    }
    Some(whole)
}

/// What to write where a whole number of people was expected and this text stands there; empty where nothing can be said.
#[must_use]
pub fn amount_hint(text: &str) -> String {
    let text = text.trim();
    match (thousands(text), text.parse::<f64>()) {
        (Some(whole), Ok(other)) if other.fract() == 0.0 => {
            format!("does the point separate thousands? then write {whole}; else write {other}")
        }
        // with a point it is a number too, and a thousandth of the other reading
        (Some(whole), Ok(fraction)) => format!(
            "does the point separate thousands? then write {whole}; {fraction} would be a fraction, and this must be whole"
        ),
        (Some(whole), Err(_)) => format!("write {whole}: digits only, nothing between thousands"),
        (None, Ok(number)) if number.fract() != 0.0 => {
            "this must be whole: round it yourself, nobody else knows which way".to_owned()
        }
        (None, Ok(_)) => String::new(),
        (None, Err(_)) if text.contains(',') => {
            "write digits only, with a point as decimal mark and nothing between thousands".to_owned()
        }
        (None, Err(_)) => "write digits only".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_of_three_can_be_thousands() {
        for (text, whole) in [
            ("40,000", "40000"),
            ("1.234", "1234"),
            ("1.500", "1500"),
            ("12 000", "12000"),
            ("1'234'567", "1234567"),
            ("1\u{202f}234", "1234"),
            ("1.234.567", "1234567"),
        ] {
            assert_eq!(thousands(text).as_deref(), Some(whole), "{text}");
        }
        for text in
            ["1234", "0.234", "1.23", "1.2345", "12,5", "1,234.5", "1234.567", "", "a.123", ".123", "1."]
        {
            assert_eq!(thousands(text), None, "{text}");
        }
    }

    #[test]
    fn both_readings_are_named() {
        let hint = amount_hint("1.234");
        assert!(hint.contains("write 1234") && hint.contains("1.234 would be a fraction"), "{hint}");
        assert!(amount_hint("12.000").ends_with("then write 12000; else write 12"));
        assert_eq!(amount_hint("40,000"), "write 40000: digits only, nothing between thousands");
        assert!(amount_hint("12.5").contains("must be whole"));
        assert!(amount_hint("12,5").contains("decimal mark"));
    }
}
