//! Text of others, made safe to show: what a terminal would obey, or what turns the order of letters around, is spelled out.

use std::borrow::Cow;
use std::fmt::Write;

/// Text of several lines as it may be shown on a terminal: control characters other than the end of a line and the tabulator, and
/// [marks that turn the order of letters](is_turning), are written as `\u{1b}`.
pub fn visible(text: &str) -> Cow<'_, str> {
    spelled(text, |c| (c.is_control() && c != '\n' && c != '\t') || is_turning(c))
}

/// A cell or a name as it may stand in a line: as [`visible`], with ends of lines spelled out too, so that a name cannot look like a
/// line of ours.
pub fn visible_line(text: &str) -> Cow<'_, str> {
    spelled(text, |c| c.is_control() || is_turning(c) || matches!(c, '\u{2028}' | '\u{2029}'))
}

/// A page with control characters and marks that turn the order of letters written as `[U+202E]`, which is the same in an element, an
/// attribute and a script.
pub fn visible_page(html: String) -> String {
    let is_hidden = |c: char| (c.is_control() && !matches!(c, '\n' | '\r' | '\t')) || is_turning(c);
    if !html.contains(is_hidden) {
        return html;
    }
    let mut shown = String::with_capacity(html.len() + 64);
    for c in html.chars() {
        if is_hidden(c) {
            let _ = write!(shown, "[U+{:04X}]", u32::from(c));
        } else {
            shown.push(c);
        }
    }
    shown
}

/// Marks by which text changes the order of the letters around it (Unicode Standard Annex 9: embeddings, overrides, isolates).
/// Letters of right-to-left scripts need none of them.
pub fn is_turning(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether a spreadsheet would take a cell for a formula: it begins with `=`, `+`, `-`, `@`, a tabulator or a carriage return and is no
/// plain number (digits with at most one point, after one sign).
pub fn is_formula(text: &str) -> bool {
    if !text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        return false;
    }
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let is_number = digits.contains(|c: char| c.is_ascii_digit())
        && digits.chars().all(|c| c.is_ascii_digit() || c == '.')
        && digits.matches('.').count() <= 1;
    !is_number
}

/// A cell for a table that people open in a spreadsheet: text that would be a [formula](is_formula) there gets a `'` before it, which
/// makes it text.
pub fn spreadsheet_cell(text: &str) -> Cow<'_, str> {
    if is_formula(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

fn spelled(text: &str, is_spelled: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&is_spelled) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            _ if !is_spelled(c) => shown.push(c),
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            _ => {
                let _ = write!(shown, "\\u{{{:x}}}", u32::from(c));
            }
        }
    }
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_compute_becomes_text() {
        for text in ["=1+1", "@sum", "+cmd|' /C calc'!A0", "-2+3", "\t=1", "\r=1", "-", "+-5", "-1.2.3"] {
            assert_eq!(spreadsheet_cell(text), format!("'{text}"));
        }
        for text in ["-5", "+12.5", "", "A=B", "Al-Quds", "'=1", "12"] {
            assert_eq!(spreadsheet_cell(text), text);
        }
    }

    #[test]
    fn pages_show_what_is_hidden() {
        assert_eq!(visible_page("<b>a\u{202e}b\u{1b}</b>\n".to_owned()), "<b>a[U+202E]b[U+001B]</b>\n");
    }

    #[test]
    fn what_a_terminal_obeys_is_spelled_out_and_scripts_stay() {
        assert_eq!(visible("a\u{1b}[2Jb\u{7}\u{9b}1m\n\tc\r"), "a\\u{1b}[2Jb\\u{7}\\u{9b}1m\n\tc\\r");
        assert_eq!(visible("abc\u{202e}fed"), "abc\\u{202e}fed");
        assert_eq!(visible("رفح خان يونس\u{200f} 12"), "رفح خان يونس\u{200f} 12");
        assert_eq!(visible_line("Z1\nholds: every figure"), "Z1\\nholds: every figure");
    }
}
