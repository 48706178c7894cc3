//! Whole numbers however a client writes them.
//!
//! JSON has one kind of number, and `integer` in the description of the interface means one without a fraction: `543.0` and `5.43e2` are
//! 543. Readers of whole numbers take digits alone, so a body is written anew for them.

/// Beyond this a double does not hold every whole number.
const LARGEST: f64 = 9_007_199_254_740_992.0;

/// A body of JSON in which every whole number with a point or an exponent stands in digits alone; `None`: there is none. What follows a
/// number stays in its column where there is room, so that a message still says where something is.
pub(super) fn with_whole_numbers(body: &[u8]) -> Option<Vec<u8>> {
    let (mut out, mut at, mut is_changed) = (Vec::with_capacity(body.len()), 0, false);
    while let Some(&byte) = body.get(at) {
        let end = match byte {
            b'"' => end_of_text(body, at),
            b'-' | b'0'..=b'9' => end_of_number(body, at),
            _ => at + 1,
        };
        let token = &body[at..end];
        match whole(token) {
            Some(digits) => {
                out.extend_from_slice(digits.as_bytes());
                out.resize(out.len() + token.len().saturating_sub(digits.len()), b' ');
                is_changed = true;
            }
            None => out.extend_from_slice(token),
        }
        at = end;
    }
    is_changed.then_some(out)
}

/// Where a text in quotes ends that begins at a place.
fn end_of_text(body: &[u8], from: usize) -> usize {
    let mut at = from + 1;
    while let Some(byte) = body.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    body.len()
}

fn end_of_number(body: &[u8], from: usize) -> usize {
    let is_part = |byte: &u8| byte.is_ascii_digit() || b"+-.eE".contains(byte);
    from + body[from..].iter().take_while(|byte| is_part(byte)).count()
}

/// The digits of a number with a point or an exponent that is whole; what is no number in JSON stays as it is.
fn whole(token: &[u8]) -> Option<String> {
    let first = token.first().filter(|byte| **byte == b'-' || byte.is_ascii_digit())?;
    if !token.iter().any(|byte| b".eE".contains(byte)) {
        return None;
    }
    let value: f64 = serde_json::from_slice(token).ok()?;
    let is_whole = value.fract() == 0.0 && value.abs() <= LARGEST;
    // -0.0 is no other number than 0
    is_whole.then(|| if *first == b'-' && value == 0.0 { "0".to_owned() } else { format!("{value:.0}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rewritten(body: &str) -> Option<String> {
        with_whole_numbers(body.as_bytes()).map(|bytes| String::from_utf8(bytes).unwrap())
    }

    #[test]
    fn whole_numbers_are_written_in_digits_and_all_else_stays() {
        assert_eq!(
            rewritten(r#"{"a":543.0,"b":[-2.50e1,1e3]}"#).unwrap(),
            r#"{"a":543  ,"b":[-25    ,1000]}"#
        );
        assert_eq!(rewritten(r#"{"a":-0.0}"#).unwrap(), r#"{"a":0   }"#);
        for same in [
            r#"{"a":543,"b":0.5,"c":"1.0","d\"2.0":null}"#,
            r#"{"a":9007199254740994.0}"#,
            r#"{"a":1e400}"#,
            r#"{"a":01.0,"b":1.,"c":1.0.0}"#,
            "\"1.0",
            "",
        ] {
            assert_eq!(rewritten(same), None, "{same}");
        }
    }
}
