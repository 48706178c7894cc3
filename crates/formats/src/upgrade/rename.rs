//! Names in files replaced where they stand, every other byte left as it is.

use std::ops::Range;

const MARK: &[u8] = b"\xef\xbb\xbf";

/// The value of `schema`, at the top of a TOML file; `None` if it is not `from`.
pub(super) fn schema(bytes: &[u8], from: &str, to: &str) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_start_matches('\u{feff}').trim_start();
        if bare.starts_with('[') {
            return None;
        }
        let value = bare.strip_prefix("schema").map(str::trim_start).and_then(|rest| rest.strip_prefix('='));
        if let Some(value) = value.map(str::trim_start) {
            let quoted = [format!("\"{from}\""), format!("'{from}'")];
            if !quoted.iter().any(|quoted| value.starts_with(quoted.as_str())) {
                return None;
            }
            let begin = at + line.find(from)?;
            return Some([&bytes[..begin], to.as_bytes(), &bytes[begin + from.len()..]].concat());
        }
        at += line.len();
    }
    None
}

/// The names of columns in the first row of a table.
pub(super) fn header(bytes: &[u8], name: impl Fn(&str) -> Option<&'static str>) -> Vec<u8> {
    let mut found = Vec::new();
    if let Some(row) = CsvRows::of(bytes).next() {
        for cell in row {
            found.extend(text(bytes, &cell).and_then(&name).map(|new| (bare(bytes, &cell), new)));
        }
    }
    replaced(bytes, &found)
}

/// Cells below the first row by the name of their column.
pub(super) fn cells(bytes: &[u8], value: impl Fn(&str, &str) -> Option<&'static str>) -> Vec<u8> {
    let mut rows = CsvRows::of(bytes);
    let Some(header) = rows.next() else { return bytes.to_vec() };
    let mut found = Vec::new();
    for row in rows {
        for (column, cell) in header.iter().zip(row) {
            let new =
                text(bytes, column).zip(text(bytes, &cell)).and_then(|(column, cell)| value(column, cell));
            found.extend(new.map(|new| (bare(bytes, &cell), new)));
        }
    }
    replaced(bytes, &found)
}

/// Keys of objects of a JSON text.
pub(super) fn keys(bytes: &[u8], name: impl Fn(&str) -> Option<&'static str>) -> Vec<u8> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] != b'"' {
            at += 1;
            continue;
        }
        let begin = at + 1;
        at = begin;
        while at < bytes.len() && bytes[at] != b'"' {
            at += if bytes[at] == b'\\' { 2 } else { 1 };
        }
        let end = at.min(bytes.len());
        at += 1;
        let after = bytes.get(at..).unwrap_or_default().iter().find(|byte| !byte.is_ascii_whitespace());
        if after == Some(&b':') {
            let key = std::str::from_utf8(&bytes[begin..end]).ok();
            found.extend(key.and_then(&name).map(|new| (begin..end, new)));
        }
    }
    replaced(bytes, &found)
}

fn replaced(bytes: &[u8], found: &[(Range<usize>, &str)]) -> Vec<u8> {
    let mut result = Vec::with_capacity(bytes.len() + found.len() * 8);
    let mut done = 0;
    for (place, new) in found {
        result.extend_from_slice(&bytes[done..place.start]);
        result.extend_from_slice(new.as_bytes());
        done = place.end;
    }
    result.extend_from_slice(&bytes[done..]);
    result
}

/// A cell without its quotes.
fn bare(bytes: &[u8], cell: &Range<usize>) -> Range<usize> {
    let is_quoted = cell.len() >= 2 && bytes[cell.start] == b'"' && bytes[cell.end - 1] == b'"';
    if is_quoted { cell.start + 1..cell.end - 1 } else { cell.clone() }
}

fn text<'b>(bytes: &'b [u8], cell: &Range<usize>) -> Option<&'b str> {
    std::str::from_utf8(&bytes[bare(bytes, cell)]).ok()
}

/// The rows of a CSV text that are not empty, as places of their cells. A quote that is never closed goes to the end of the text.
struct CsvRows<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> CsvRows<'b> {
    fn of(bytes: &'b [u8]) -> Self {
        Self { bytes, at: if bytes.starts_with(MARK) { MARK.len() } else { 0 } }
    }
}

impl Iterator for CsvRows<'_> {
    type Item = Vec<Range<usize>>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.at < self.bytes.len() {
            let mut row = Vec::new();
            let (mut begin, mut is_quoted) = (self.at, false);
            loop {
                match self.bytes.get(self.at) {
                    Some(b'"') if is_quoted || self.at == begin => is_quoted = !is_quoted,
                    // a quote that is written twice stands for one, and the cell goes on
                    Some(b'"') if self.bytes[self.at - 1] == b'"' => is_quoted = true,
                    Some(b',') if !is_quoted => {
                        row.push(begin..self.at);
                        begin = self.at + 1;
                    }
                    Some(b'\n' | b'\r') if !is_quoted => break,
                    Some(_) => {}
                    None => break,
                }
                self.at += 1;
            }
            row.push(begin..self.at);
            self.at += 1;
            if row.len() > 1 || !row[0].is_empty() {
                return Some(row);
            }
        }
        None
    }
}
