//! CSV as text (RFC 4180): a lenient reader would swallow rows, and the people in them, after a quote that is never closed.

use crate::Unreadable;
use csv::StringRecord;

/// One row of a CSV file.
#[derive(Debug)]
pub(crate) struct RawRecord {
    /// Line on which it begins, 1 = the first; line breaks inside quotes count.
    pub line: usize,
    /// The line begins with `#`, and not with a quote, as HXL tags do.
    pub begins_with_hash: bool,
    pub cells: StringRecord,
}

/// Splits a text into rows. Lines may end in LF, CRLF or CR; empty ones are passed over.
pub(crate) fn records(file: &str, text: &str) -> Result<Vec<RawRecord>, Unreadable> {
    let bytes = text.as_bytes();
    let bad = |line: usize, what: &str| Unreadable::format(file, format_args!("line {line}: {what}"));
    let mut records = Vec::new();
    let (mut at, mut line) = (0, 1);
    while at < bytes.len() {
        let (first, begin, mut cells) = (bytes[at], line, StringRecord::new());
        let mut is_quoted = false;
        loop {
            let mut end = at;
            if bytes.get(at) == Some(&b'"') {
                is_quoted = true;
                let mut cell = String::new();
                let mut from = at + 1;
                loop {
                    let Some(length) = text[from..].find('"') else {
                        return Err(bad(begin, "a quote that is never closed"));
                    };
                    cell.push_str(&text[from..from + length]);
                    end = from + length + 1;
                    if bytes.get(end) != Some(&b'"') {
                        break;
                    }
                    cell.push('"');
                    from = end + 1;
                }
                line += line_ends(&text[at..end]);
                cells.push_field(&cell);
                if !matches!(bytes.get(end), None | Some(b',' | b'\n' | b'\r')) {
                    return Err(bad(line, "text after a closing quote"));
                }
            } else {
                let rest = &bytes[at..];
                end += rest.iter().position(|b| matches!(b, b',' | b'\n' | b'\r')).unwrap_or(rest.len());
                cells.push_field(&text[at..end]);
            }
            at = end + 1;
            match bytes.get(end) {
                Some(b',') => {}
                ending => {
                    // CR LF is one end of a line
                    at += usize::from(ending == Some(&b'\r') && bytes.get(at) == Some(&b'\n'));
                    line += 1;
                    break;
                }
            }
        }
        // an empty line is no row, a line with nothing but an empty pair of quotes is one
        if is_quoted || cells.len() > 1 || !cells[0].is_empty() {
            records.push(RawRecord { line: begin, begins_with_hash: first == b'#', cells });
        }
    }
    Ok(records)
}

/// How many lines end inside a quoted cell, for the numbers of the lines after it.
fn line_ends(text: &str) -> usize {
    let breaks = text.bytes().zip(text.bytes().skip(1).chain([0]));
    breaks.filter(|&(b, next)| b == b'\n' || (b == b'\r' && next != b'\n')).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<(usize, Vec<String>)> {
        let records = records("x.csv", text).unwrap();
        records.into_iter().map(|r| (r.line, r.cells.iter().map(str::to_owned).collect())).collect()
    }

    #[test]
    fn quotes_line_ends_and_empty_lines() {
        let cells = |row: [&str; 2]| row.map(str::to_owned).to_vec();
        let expected = vec![(1, cells(["a", "b"])), (2, cells(["x, \"y\"\nz", ""])), (5, cells(["1", "2"]))];
        assert_eq!(rows("a,b\n\"x, \"\"y\"\"\nz\",\n\n1,2\n"), expected);
        assert_eq!(rows("a,b\r\n\"x, \"\"y\"\"\nz\",\r\n\r\n1,2"), expected);
        assert_eq!(rows("a,b\r\"x, \"\"y\"\"\nz\",\r\r1,2\r"), expected);
        assert_eq!(rows("a\n\"\"\n"), [(1, vec!["a".to_owned()]), (2, vec![String::new()])]);
        assert_eq!(rows("a,\n"), [(1, vec!["a".to_owned(), String::new()])]);
    }

    #[test]
    fn quotes_that_do_not_fit_are_refused() {
        for text in ["a\n\"x\ny\n", "a\n\"x\"y\n", "a\n\"x\" \n"] {
            assert!(records("x.csv", text).is_err(), "{text}");
        }
        assert_eq!(rows("a\nx\"y\n")[1].1, ["x\"y"]);
    }
}
