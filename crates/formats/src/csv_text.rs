//! CSV as text: RFC 4180 records in and out, nothing about what the cells mean.
//!
//! Written by hand because a lenient parser hides the worst fault of all: a quote that is never closed swallows the rows
//! after it, and the people in them.

use clearway_model::spreadsheet_cell;
use std::borrow::Cow;

/// One row of a CSV file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CsvRecord<'a> {
    /// Row as a spreadsheet counts: 1 = the header; empty lines count, line breaks inside quotes do not.
    pub row: u64,
    /// The line begins with `#` (not with a quote), as HXL tag rows do.
    pub begins_with_hash: bool,
    /// The cells without their quotes, as many as the row has.
    pub cells: Vec<Cow<'a, str>>,
}

/// What is wrong with the quotes of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum QuoteFault {
    /// A quoted cell that the file never closes; the text it begins with.
    NeverClosed { row: u64, begin: String },
    /// Something other than a comma or line end after a closing quote; that text.
    TextAfterQuote { row: u64, text: String },
}

/// Splits text (without byte-order mark) into records. Empty lines are skipped but counted. Line ends may be LF, CRLF or CR.
/// Reading goes on after a fault where that makes sense; a quote that is never closed ends it.
pub(crate) fn parse_csv(text: &str) -> (Vec<CsvRecord<'_>>, Vec<QuoteFault>) {
    let bytes = text.as_bytes();
    let (mut records, mut faults) = (Vec::new(), Vec::new());
    let (mut at, mut row) = (0usize, 0u64);
    while at < bytes.len() {
        row += 1;
        let first = bytes[at];
        let mut cells = Vec::new();
        loop {
            let (cell, end) = if bytes.get(at) == Some(&b'"') {
                match quoted(text, at) {
                    Some(found) => found,
                    None => {
                        let begin: String = text[at..].chars().take(40).collect();
                        faults.push(QuoteFault::NeverClosed { row, begin });
                        return (records, faults);
                    }
                }
            } else {
                let end = delimiter_from(bytes, at);
                (Cow::Borrowed(&text[at..end]), end)
            };
            cells.push(cell);
            // text behind a closing quote is passed over once it is reported, so that the other cells keep their columns
            let next = delimiter_from(bytes, end);
            if next > end {
                let text = text[end..next].chars().take(40).collect();
                faults.push(QuoteFault::TextAfterQuote { row, text });
            }
            at = next + 1;
            match bytes.get(next) {
                Some(b',') => {}
                // CR LF is one end of a line, CR alone is one too
                Some(b'\r') => {
                    at += usize::from(bytes.get(next + 1) == Some(&b'\n'));
                    break;
                }
                _ => break,
            }
        }
        // a line of nothing but an empty pair of quotes is a row with one empty cell
        let is_empty_line = cells.len() == 1 && cells[0].is_empty() && first != b'"';
        if !is_empty_line {
            records.push(CsvRecord { row, begins_with_hash: first == b'#', cells });
        }
    }
    (records, faults)
}

/// Index of the next comma or line end at or after `at`.
fn delimiter_from(bytes: &[u8], at: usize) -> usize {
    bytes[at..].iter().position(|b| matches!(b, b',' | b'\n' | b'\r')).map_or(bytes.len(), |n| at + n)
}

/// The cell whose opening quote is at `at`, and the index after its closing quote.
fn quoted(text: &str, at: usize) -> Option<(Cow<'_, str>, usize)> {
    let bytes = text.as_bytes();
    let begin = at + 1;
    let mut end = begin;
    let mut doubled = false;
    loop {
        end += bytes[end..].iter().position(|&b| b == b'"')?;
        if bytes.get(end + 1) != Some(&b'"') {
            break;
        }
        doubled = true;
        end += 2;
    }
    let inside = &text[begin..end];
    let cell = if doubled { Cow::Owned(inside.replace("\"\"", "\"")) } else { Cow::Borrowed(inside) };
    Some((cell, end + 1))
}

/// CSV text for people who open it in a spreadsheet: as [`csv_text`], with a `'` before text that would be a formula there. Not for
/// tables that are read back.
pub fn csv_for_spreadsheets<H: AsRef<str>, R: AsRef<[String]>>(
    header: &[H],
    rows: impl IntoIterator<Item = R>,
) -> Vec<u8> {
    let guarded = rows.into_iter().map(|row| -> Vec<String> {
        row.as_ref().iter().map(|cell| spreadsheet_cell(cell).into_owned()).collect()
    });
    csv_text(header, guarded)
}

/// CSV text of a header and rows: comma separated, LF line ends, quotes where needed. A cell that begins with `#` is quoted
/// so that the first row is never taken for an HXL tag row; a row of one empty cell is quoted so that it is not an empty line.
pub fn csv_text<H: AsRef<str>, R: AsRef<[String]>>(
    header: &[H],
    rows: impl IntoIterator<Item = R>,
) -> Vec<u8> {
    let mut out = String::new();
    push_row(&mut out, header.iter().map(AsRef::as_ref));
    for row in rows {
        push_row(&mut out, row.as_ref().iter().map(String::as_str));
    }
    out.into_bytes()
}

/// Appends one row and its line end.
pub(crate) fn push_row<'c>(out: &mut String, cells: impl Iterator<Item = &'c str>) {
    let begin = out.len();
    for (i, cell) in cells.enumerate() {
        if i > 0 {
            out.push(',');
        }
        push_cell(out, cell);
    }
    if out.len() == begin {
        out.push_str("\"\"");
    }
    out.push('\n');
}

fn push_cell(out: &mut String, cell: &str) {
    if cell.starts_with('#') || cell.contains(['"', ',', '\n', '\r']) {
        out.push('"');
        out.push_str(&cell.replace('"', "\"\""));
        out.push('"');
    } else {
        out.push_str(cell);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<(u64, Vec<String>)> {
        let (records, faults) = parse_csv(text);
        assert_eq!(faults, vec![]);
        records.into_iter().map(|r| (r.row, r.cells.into_iter().map(Cow::into_owned).collect())).collect()
    }

    #[test]
    fn quotes_line_ends_and_empty_lines() {
        let expected = vec![
            (1, vec!["a".to_string(), "b".to_string()]),
            (2, vec!["x, \"y\"\nz".to_string(), String::new()]),
            (4, vec!["1".to_string(), "2".to_string()]),
        ];
        assert_eq!(rows("a,b\n\"x, \"\"y\"\"\nz\",\n\n1,2\n"), expected);
        assert_eq!(rows("a,b\r\n\"x, \"\"y\"\"\nz\",\r\n\r\n1,2"), expected);
        assert_eq!(rows("a,b\r\"x, \"\"y\"\"\nz\",\r\r1,2\r"), expected);
    }

    #[test]
    fn a_quote_that_is_never_closed_is_a_fault() {
        let (records, faults) = parse_csv("a,b\n1,\"x\n2,y\n");
        assert_eq!(records.len(), 1);
        assert_eq!(faults, vec![QuoteFault::NeverClosed { row: 2, begin: "\"x\n2,y\n".into() }]);
    }

    #[test]
    fn text_after_a_closing_quote_is_a_fault_and_reading_goes_on() {
        let (records, faults) = parse_csv("a,b\n\"1\"2,x\n3,y");
        assert_eq!(records.len(), 3);
        assert_eq!(faults, vec![QuoteFault::TextAfterQuote { row: 2, text: "2".into() }]);
    }

    #[test]
    fn what_is_written_is_read_again() {
        for cell in ["", "#1", "a,b", "\"", "\r", "x\ny", " ", "é"] {
            let bytes = csv_text(&["h"], [vec![cell.to_string()]]);
            let text = String::from_utf8(bytes).unwrap();
            let got = rows(&text);
            assert_eq!(got.last(), Some(&(2, vec![cell.to_string()])), "{text:?}");
            assert!(!parse_csv(&text).0[1].begins_with_hash);
        }
    }
}
