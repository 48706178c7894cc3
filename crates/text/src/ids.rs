//! Ids that look alike: invisible characters, normal forms, spaces, and codes that lost their zeros.

use std::borrow::Cow;
use std::fmt::Write;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// A character that is never seen and changes nothing that is: zero-width space, soft hyphen, direction marks and alike. The two
/// joiners of Persian and Indic scripts are left to [`skeleton`], since words need them.
#[must_use]
pub fn invisible(text: &str) -> Option<char> {
    text.chars().find(|c| is_ignorable(*c) && !matches!(c, '\u{200c}' | '\u{200d}'))
}

/// Default-ignorable code points of Unicode 16 (DerivedCoreProperties.txt), those that no font shows.
fn is_ignorable(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// What of an id is seen: without invisible characters, in the normal form NFKC (Unicode Standard Annex 15), spaces of any kind as
/// one blank and none at the ends. Two ids with the same skeleton cannot be told apart by a person.
#[must_use]
pub fn skeleton(id: &str) -> Cow<'_, str> {
    let is_plain = id.is_ascii() && !id.starts_with(' ') && !id.ends_with(' ') && !id.contains("  ");
    if is_plain && !id.bytes().any(|b| matches!(b, b'\t' | b'\n' | b'\r')) {
        return Cow::Borrowed(id);
    }
    let seen: String = id.chars().filter(|c| !is_ignorable(*c)).collect();
    let seen = match is_nfkc_quick(seen.chars()) {
        IsNormalized::Yes => seen,
        _ => seen.nfkc().collect(),
    };
    Cow::Owned(seen.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// An id with every character that is not plain to see as `<U+200B>`.
#[must_use]
pub fn spelled_out(id: &str) -> String {
    let mut text = String::new();
    for c in id.chars() {
        let is_shown = c == ' ' || !(c.is_whitespace() || c.is_control() || is_ignorable(c) || is_mark(c));
        if is_shown {
            text.push(c);
        } else {
            // writing to a string does not fail
            let _ = write!(text, "<U+{:04X}>", u32::from(c));
        }
    }
    text
}

/// Combining marks of the decomposed form.
fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

/// What two ways of writing one code have in common: without case, blanks, hyphens, leading zeros, or the `.0` of a spreadsheet.
/// `060371`, `60371` and `60371.0` are one.
#[must_use]
pub fn code_key(code: &str) -> String {
    let seen = skeleton(code).to_lowercase();
    let seen: String = seen.chars().filter(|c| !matches!(c, ' ' | '-' | '_')).collect();
    let number = match seen.split_once('.') {
        Some((whole, zeros)) if is_digits(whole) && !zeros.is_empty() && zeros.bytes().all(|b| b == b'0') => {
            whole
        }
        _ => seen.as_str(),
    };
    if is_digits(number) {
        let digits = number.trim_start_matches('0');
        return if digits.is_empty() { "0".to_owned() } else { digits.to_owned() };
    }
    number.to_owned()
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// The known code that is another way of writing this one, with why it is not the same.
#[must_use]
pub fn near_code<'k>(
    code: &str,
    known: impl IntoIterator<Item = &'k str>,
) -> Option<(&'k str, &'static str)> {
    let key = code_key(code);
    let near =
        known.into_iter().find(|other| *other != code && !other.is_empty() && code_key(other) == key)?;
    let lost_zeros =
        |a: &str, b: &str| a.len() < b.len() && b.trim_start_matches('0') == a.trim_start_matches('0');
    let why = if skeleton(code) == skeleton(near) {
        "the two differ in characters that are not seen"
    } else if code.contains('.') != near.contains('.') {
        "a spreadsheet wrote the code as a number"
    } else if lost_zeros(code, near) || lost_zeros(near, code) {
        "leading zeros are lost where a spreadsheet takes codes for numbers"
    } else {
        "codes are matched exactly"
    };
    Some((near, why))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_that_look_the_same_have_one_skeleton() {
        for twin in [
            "Z1\u{200b}",
            "Z\u{ad}1",
            "\u{202e}Z1\u{202c}",
            "Z1\u{fe0f}",
            " Z1",
            "Z1\u{a0}",
            "\u{feff}Z1",
            "Ｚ１",
        ] {
            assert_eq!(skeleton(twin), "Z1", "{}", spelled_out(twin));
        }
        assert_eq!(skeleton("Cafe\u{301}"), skeleton("Caf\u{e9}"));
        assert_eq!(skeleton("Old\u{a0}\u{2009}Town"), "Old Town");
        assert_ne!(skeleton("Z1"), skeleton("z1"));
        assert_ne!(skeleton("01"), skeleton("1"));
        assert_eq!(invisible("Z1\u{200b}"), Some('\u{200b}'));
        assert_eq!(invisible("خانه\u{200c}ها"), None, "a joiner that the word needs");
        assert_eq!(spelled_out("Z1\u{200b}"), "Z1<U+200B>");
        assert_eq!(spelled_out("Cafe\u{301}"), "Cafe<U+0301>");
    }

    #[test]
    fn codes_that_lost_something_are_found() {
        let known = ["060371", "PH0102", "7"];
        assert_eq!(near_code("60371", known).unwrap().0, "060371");
        assert!(near_code("60371", known).unwrap().1.contains("leading zeros"));
        assert!(near_code("60371.0", known).unwrap().1.contains("as a number"));
        assert_eq!(near_code("7.0", known).unwrap().0, "7");
        assert_eq!(near_code("ph 0102", known).unwrap().0, "PH0102");
        assert_eq!(near_code("8", known), None);
        assert_eq!(code_key("000"), "0");
        assert_eq!(code_key("1.05"), "1.05");
    }
}
