//! CSV tables by column name.

use std::collections::HashMap;
use std::path::PathBuf;

use csv::StringRecord;

use crate::map_file::MapFile;
use crate::{ImportError, encoding};

/// A table as text. Columns are found by name in lower case; a byte-order mark and an HXL tag row are skipped.
#[derive(Debug)]
pub(crate) struct CsvTable {
    path: PathBuf,
    columns: HashMap<String, usize>,
    rows: Vec<(u64, StringRecord)>,
}

/// One row of a table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MapRow<'a> {
    table: &'a CsvTable,
    line: u64,
    record: &'a StringRecord,
}

impl CsvTable {
    pub fn read(file: &MapFile<'_>) -> Result<Self, ImportError> {
        let (path, bytes) = (file.path(), file.read()?);
        let malformed = |reason: String| ImportError::Malformed { path: path.into(), reason };
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        if let Err(e) = std::str::from_utf8(text) {
            return Err(encoding::fault(path, text, e.valid_up_to()));
        }
        let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text);
        let header = reader.headers().map_err(|e| malformed(e.to_string()))?;
        let mut columns = HashMap::new();
        for (at, name) in header.iter().enumerate() {
            columns.entry(name.to_ascii_lowercase()).or_insert(at);
        }
        let mut rows = Vec::new();
        for (index, record) in reader.into_records().enumerate() {
            let record = record.map_err(|e| malformed(e.to_string()))?;
            // A quoted cell that begins with # is a cell, not a tag row.
            let begin = record.position().and_then(|p| text.get(usize::try_from(p.byte()).ok()?));
            let is_tag_row = index == 0 && begin == Some(&b'#') && clearway_text::is_hxl_row(record.iter());
            if !is_tag_row {
                rows.push((record.position().map_or(0, csv::Position::line), record));
            }
        }
        Ok(Self { path: path.into(), columns, rows })
    }

    pub fn has(&self, column: &str) -> bool {
        self.columns.contains_key(column)
    }

    /// # Errors
    /// [`ImportError::MissingColumn`]
    pub fn require(&self, columns: &[&str]) -> Result<(), ImportError> {
        match columns.iter().find(|column| !self.has(column)) {
            Some(column) => {
                Err(ImportError::MissingColumn { path: self.path.clone(), column: (*column).into() })
            }
            None => Ok(()),
        }
    }

    pub fn rows(&self) -> impl Iterator<Item = MapRow<'_>> {
        self.rows.iter().map(|(line, record)| MapRow { table: self, line: *line, record })
    }
}

impl<'a> MapRow<'a> {
    /// The cell, empty where the column or the cell is missing.
    pub fn text(self, column: &str) -> &'a str {
        self.table.columns.get(column).and_then(|at| self.record.get(*at)).unwrap_or("")
    }

    /// A fault of a cell.
    pub fn fault(self, column: &str, expected: impl Into<String>) -> ImportError {
        ImportError::Value {
            path: self.table.path.clone(),
            line: self.line,
            field: column.into(),
            found: self.text(column).into(),
            expected: expected.into(),
        }
    }

    pub fn required(self, column: &str) -> Result<&'a str, ImportError> {
        match self.text(column) {
            "" => Err(self.fault(column, "a value")),
            text => Ok(text),
        }
    }

    /// A number >= `least`, `None` if the cell is empty.
    pub fn number(self, column: &str, least: f64) -> Result<Option<f64>, ImportError> {
        match self.text(column) {
            "" => Ok(None),
            text => match text.parse::<f64>() {
                Ok(value) if value.is_finite() && value >= least => Ok(Some(value)),
                _ if least == f64::NEG_INFINITY => Err(self.fault(column, "a number")),
                _ => Err(self.fault(column, format!("a number of at least {least}"))),
            },
        }
    }

    /// A number > 0, `None` if the cell is empty.
    pub fn positive(self, column: &str) -> Result<Option<f64>, ImportError> {
        match self.number(column, 0.0)? {
            Some(0.0) => Err(self.fault(column, "a number above 0")),
            value => Ok(value),
        }
    }

    /// A whole number > 0, `None` if the cell is empty.
    pub fn whole(self, column: &str) -> Result<Option<i64>, ImportError> {
        match self.text(column) {
            "" => Ok(None),
            text => match text.parse::<i64>() {
                Ok(value) if value > 0 => Ok(Some(value)),
                _ => Err(self.fault(column, "a whole number above 0")),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{CsvTable, MapFile};
    use clearway_model::MemoryStore;

    #[test]
    fn a_first_row_is_skipped_only_if_it_holds_tags() {
        let rows = |text: &str| {
            let store: MemoryStore = [("node.csv", text)].into_iter().collect();
            CsvTable::read(&MapFile::new(&store, "node.csv")).unwrap().rows().count()
        };
        assert_eq!(rows("node_id,x_coord,y_coord\n#node,#geo+lon,#geo+lat\n1,24,60\n"), 1);
        assert_eq!(rows("node_id,x_coord,y_coord\n#1,24,60\n#2,24,61\n"), 2);
    }
}
