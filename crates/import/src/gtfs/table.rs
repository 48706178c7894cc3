//! Tables of a feed: a ZIP archive of CSV files, at its top or in one folder.

use clearway_model::{Fault, Faults};
use csv::StringRecord;
use std::cell::Cell;
use std::io::{Cursor, Error, Read};
use std::rc::Rc;
use zip::ZipArchive;

/// Most bytes that a table may have when it is unpacked.
const MOST_BYTES: u64 = 4 << 30;
/// More faults than these are not listed.
const MOST_FAULTS: usize = 50;

/// A feed as an archive.
pub(super) struct FeedArchive<'b> {
    file: String,
    archive: ZipArchive<Cursor<&'b [u8]>>,
    /// The folder in which the tables lie, with its slash.
    folder: String,
    most_bytes: u64,
}

/// Reads no more than a number of bytes; that there are more is an error and not the end.
struct Bounded<R> {
    inner: R,
    left: u64,
    is_exceeded: Rc<Cell<bool>>,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, into: &mut [u8]) -> Result<usize, Error> {
        let read = self.inner.read(into)?;
        let Some(left) = self.left.checked_sub(read as u64) else {
            self.is_exceeded.set(true);
            return Err(Error::other("too long"));
        };
        self.left = left;
        Ok(read)
    }
}

/// A row: the cells of the columns that were asked for, empty where a column is missing.
pub(super) struct FeedRow<'r> {
    cells: &'r StringRecord,
    columns: &'r [Option<usize>],
}

impl FeedRow<'_> {
    /// The cell of the nth column that was asked for.
    pub fn get(&self, column: usize) -> &str {
        self.columns
            .get(column)
            .copied()
            .flatten()
            .and_then(|at| self.cells.get(at))
            .unwrap_or_default()
            .trim()
    }
}

impl<'b> FeedArchive<'b> {
    /// # Errors
    /// No archive, or none of GTFS.
    pub fn new(file: &str, bytes: &'b [u8]) -> Result<Self, Box<Fault>> {
        let expected = "a GTFS feed: a ZIP archive with routes.txt, trips.txt, stop_times.txt and stops.txt";
        let archive = ZipArchive::new(Cursor::new(bytes))
            .map_err(|error| Box::new(Fault::error(file, "", expected).hint(error.to_string())))?;
        let mut folders: Vec<String> = archive
            .file_names()
            .filter_map(|name| name.strip_suffix("stop_times.txt"))
            .map(str::to_owned)
            .collect();
        folders.retain(|folder| !folder.starts_with("__MACOSX/"));
        match folders.as_slice() {
            [folder] if folder.is_empty() || folder.ends_with('/') => {
                Ok(Self { file: file.to_owned(), folder: folder.clone(), archive, most_bytes: MOST_BYTES })
            }
            [] => {
                let names: Vec<&str> = archive.file_names().take(6).collect();
                Err(Box::new(Fault::error(file, "", expected).field("files", names.join(", "))))
            }
            many => {
                let fault = Fault::error(file, "", "one feed in the archive").field("feeds", many.len());
                Err(Box::new(fault.hint("give the one that is meant alone")))
            }
        }
    }

    /// Whether there is a table.
    pub fn has(&self, table: &str) -> bool {
        self.archive.index_for_name(&format!("{}{table}", self.folder)).is_some()
    }

    /// Reads a table row by row. `columns` are those that are wanted, the first `needed` of which have to be there. A table that is missing has no
    /// rows; where it is needed the caller says so.
    pub fn read(
        &mut self,
        table: &str,
        columns: &[&str],
        needed: usize,
        faults: &mut Faults,
        mut row: impl FnMut(&FeedRow<'_>, &mut dyn FnMut(&str, &str, &str)),
    ) {
        let file = self.file.clone();
        let mut push = |line: Option<u64>, field: &str, found: &str, expected: &str| {
            if faults.0.len() < MOST_FAULTS {
                let place = line.map_or_else(|| table.to_owned(), |line| format!("{table}, line {line}"));
                let fault = Fault::error(&file, place, expected);
                faults.push(if field.is_empty() { fault } else { fault.field(field, found) });
            }
        };
        let Ok(entry) = self.archive.by_name(&format!("{}{table}", self.folder)) else { return };
        // the archive says how long a table is, and need not be right
        let (size, most) = (entry.size(), self.most_bytes);
        let at_most = format!("at most {most} bytes");
        if size > most {
            return push(None, "bytes", &size.to_string(), &at_most);
        }
        let is_exceeded = Rc::new(Cell::new(false));
        let bounded = Bounded { inner: entry, left: most, is_exceeded: is_exceeded.clone() };
        let mut reader =
            csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::Headers).from_reader(bounded);
        let header = match reader.headers() {
            Ok(header) => header.clone(),
            Err(_) if is_exceeded.get() => return push(None, "bytes", "more", &at_most),
            Err(error) => return push(None, "", "", &format!("a header in UTF-8 ({error})")),
        };
        let at =
            |wanted: &&str| header.iter().position(|name| name.trim_start_matches('\u{feff}') == *wanted);
        let found: Vec<Option<usize>> = columns.iter().map(at).collect();
        for (column, name) in found.iter().zip(columns).take(needed) {
            if column.is_none() {
                push(None, "column", name, &format!("a column {name}"));
            }
        }
        if found.iter().take(needed).any(Option::is_none) {
            return;
        }
        let mut record = StringRecord::new();
        loop {
            match reader.read_record(&mut record) {
                Ok(false) => return,
                Ok(true) => {
                    let line = record.position().map_or(0, csv::Position::line);
                    let cells = FeedRow { cells: &record, columns: &found };
                    row(&cells, &mut |field, found, expected| push(Some(line), field, found, expected));
                }
                Err(_) if is_exceeded.get() => return push(None, "bytes", "more", &at_most),
                Err(error) => {
                    let line = error.position().map(csv::Position::line);
                    push(line, "", "", &format!("a row of text in UTF-8 ({error})"));
                    // what cannot be unpacked ends nowhere
                    if matches!(error.kind(), csv::ErrorKind::Io(_)) {
                        return;
                    }
                }
            }
        }
    }
}

/// Seconds after midnight of `5:07:30` or `25:07:30`; `None` for anything else.
pub(super) fn seconds(text: &str) -> Option<i64> {
    let mut parts = text.split(':').map(|part| {
        let is_number = !part.is_empty() && part.len() <= 3 && part.bytes().all(|b| b.is_ascii_digit());
        is_number.then(|| part.parse::<i64>().ok()).flatten()
    });
    let (hours, minutes, seconds) = (parts.next()??, parts.next()??, parts.next()??);
    (parts.next().is_none() && minutes < 60 && seconds < 60).then_some(hours * 3600 + minutes * 60 + seconds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    /// A feed with one table of 24 bytes, of which the archive says that it has `said`.
    fn feed(said: u32) -> Vec<u8> {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        archive.start_file("stop_times.txt", SimpleFileOptions::default()).unwrap();
        archive.write_all(b"stop_id\n1\n2\n3\n4\n5\n6\n7\n8\n").unwrap();
        let mut bytes = archive.finish().unwrap().into_inner();
        let entry = bytes.windows(4).position(|four| four == *b"PK\x01\x02").unwrap();
        // where a local header and the central directory have the size of what is unpacked
        for at in [22, entry + 24] {
            assert_eq!(bytes[at..at + 4], 24_u32.to_le_bytes());
            bytes[at..at + 4].copy_from_slice(&said.to_le_bytes());
        }
        bytes
    }

    #[test]
    fn a_table_that_is_too_long_is_refused_and_not_cut() {
        for (said, most, rows, expected) in [
            (24, 24, 8, None),
            (24, 23, 0, Some("24")),
            // the header alone is too long, or a row
            (4, 5, 0, Some("more")),
            (4, 23, 8, Some("more")),
        ] {
            let bytes = feed(said);
            let mut archive = FeedArchive::new("feed.zip", &bytes).unwrap();
            archive.most_bytes = most;
            let (mut faults, mut read) = (Faults::default(), 0);
            archive.read("stop_times.txt", &["stop_id"], 1, &mut faults, |_, _| read += 1);
            assert!(read <= rows, "{read}");
            let said: Vec<String> = faults.0.iter().map(ToString::to_string).collect();
            let Some(found) = expected else {
                assert_eq!((said.len(), read), (0, rows), "{said:?}");
                continue;
            };
            assert_eq!(said.len(), 1, "{said:?}");
            for part in ["feed.zip", "stop_times.txt", found, &format!("at most {most} bytes")] {
                assert!(said[0].contains(part), "{part}: {said:?}");
            }
        }
    }

    #[test]
    fn times_go_beyond_midnight() {
        assert_eq!(seconds("5:07:30"), Some(18_450));
        assert_eq!(seconds("25:00:00"), Some(90_000));
        for text in ["", "5:07", "5:60:00", "-1:00:00", "5:00:00:00", "1234:00:00", "5:a:00"] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }
}
