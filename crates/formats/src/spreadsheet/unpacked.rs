//! What a packed spreadsheet holds, counted before it is read.

use crate::findings::row_number;
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// Most bytes that a spreadsheet may hold once it is unpacked.
const MOST_UNPACKED: u64 = 256 << 20;
/// Most cells that the repetitions of an ods file may come to: as many as [`MOST_CELLS`](super::MOST_CELLS).
const MOST_REPEATED: u64 = 5_000_000;

/// Unpacks a spreadsheet without keeping it, and counts; what an archive says of its own size is not believed.
///
/// # Errors
/// A hint if it holds too much or cannot be unpacked.
pub(super) fn look_inside(bytes: &[u8]) -> Result<(), String> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| error.to_string())?;
    let mut left = MOST_UNPACKED;
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).map_err(|error| error.to_string())?;
        let mut repeats = (file.name() == "content.xml").then(RepeatedCells::default);
        let mut buffer = vec![0; 64 << 10];
        loop {
            let n = file.read(&mut buffer).map_err(|error| error.to_string())?;
            if n == 0 {
                break;
            }
            left = left.checked_sub(row_number(n)).ok_or_else(|| {
                format!("it unpacks to more than {} MB: save the table alone, as CSV", MOST_UNPACKED >> 20)
            })?;
            if let Some(repeats) = &mut repeats {
                repeats.read(&buffer[..n]);
                if repeats.cells > MOST_REPEATED {
                    return Err(format!(
                        "its rows and columns are repeated to more than {MOST_REPEATED} cells: save the table alone, as CSV"
                    ));
                }
            }
        }
    }
    Ok(())
}

/// Cells that the table of an ods file comes to when its rows and cells are repeated as often as it says. Cells without a value after
/// the last one with a value are not made, nor are rows after the last one with a value.
#[derive(Default)]
struct RepeatedCells {
    /// The tag that is being read, without its brackets; `None`: between tags.
    tag: Option<Vec<u8>>,
    /// How often the row that is being read stands there.
    rows: u64,
    /// Rows of the tables so far, and the most cells of a row with a value.
    all_rows: u64,
    widest: u64,
    /// Cells of the row so far, up to the last one with a value, and those without a value after it.
    width: u64,
    pending: u64,
    /// Cells that the tables so far come to, never less than those of the widest row alone.
    cells: u64,
}

/// Stands for a number of repetitions that is none: too many for any table.
const UNCOUNTED: u64 = u64::MAX;
/// Longer tags hold nothing that is looked for.
const LONGEST_TAG: usize = 64 << 10;

impl RepeatedCells {
    fn read(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            match (&mut self.tag, byte) {
                (_, b'<') => self.tag = Some(Vec::new()),
                (Some(tag), b'>') => {
                    let tag = std::mem::take(tag);
                    self.tag = None;
                    self.heed(&tag);
                }
                (Some(tag), _) if tag.len() < LONGEST_TAG => tag.push(byte),
                _ => {}
            }
        }
    }

    fn heed(&mut self, tag: &[u8]) {
        if tag.starts_with(b"table:table-row") {
            self.rows = number(tag, b"number-rows-repeated");
            (self.width, self.pending) = (0, 0);
            if tag.ends_with(b"/") {
                self.end_row();
            }
        } else if tag == b"/table:table-row" {
            self.end_row();
        } else if tag.starts_with(b"table:table-cell") || tag.starts_with(b"table:covered-table-cell") {
            let columns = number(tag, b"number-columns-repeated");
            let has_value = !tag.ends_with(b"/") || find(tag, b"value").is_some();
            if has_value {
                self.width = self.width.saturating_add(self.pending).saturating_add(columns);
                self.pending = 0;
            } else {
                self.pending = self.pending.saturating_add(columns);
            }
            // what one row holds is kept before rows are repeated
            self.cells = self.cells.max(self.width);
        }
    }

    fn end_row(&mut self) {
        self.all_rows = self.all_rows.saturating_add(self.rows);
        if self.width > 0 {
            self.widest = self.widest.max(self.width);
            self.cells = self.cells.max(self.all_rows.saturating_mul(self.widest));
        }
    }
}

/// The number in an attribute, at least 1; 1 if it is not there, and as many as can be if it is none.
fn number(tag: &[u8], name: &[u8]) -> u64 {
    let Some(at) = find(tag, name) else { return 1 };
    let rest = &tag[at + name.len()..];
    let digits: Vec<u8> = rest
        .iter()
        .copied()
        .skip_while(|byte| !byte.is_ascii_digit())
        .take_while(u8::is_ascii_digit)
        .collect();
    std::str::from_utf8(&digits).ok().and_then(|text| text.parse().ok()).unwrap_or(UNCOUNTED).max(1)
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}
