//! Strict reading of tables: CSV files, and GeoJSON features of which only the properties matter.

use crate::Unreadable;
use std::collections::BTreeMap;

/// Whole numbers in a scenario lie within this (31 years in ms, or a trillion people), so that sums stay exact.
pub(crate) const MOST_WHOLE: i64 = 1_000_000_000_000;
/// The same for fractional numbers.
const MOST_NUMBER: f64 = 1e15;

/// A table: cells by row and column name.
#[derive(Debug, Default)]
pub(crate) struct Table {
    pub file: String,
    columns: BTreeMap<String, usize>,
    rows: Vec<(String, csv::StringRecord)>,
}

/// One row.
#[derive(Clone, Copy)]
pub(crate) struct Row<'a> {
    table: &'a Table,
    /// `line 7` or `feature 3`.
    pub place: &'a str,
    cells: &'a csv::StringRecord,
}

/// Text without byte-order mark.
pub(crate) fn text<'a>(file: &str, bytes: &'a [u8]) -> Result<&'a str, Unreadable> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|e| Unreadable::format(file, format_args!("not UTF-8: {e}")))
}

impl Table {
    /// Reads CSV: header, then rows of as many cells; a second line that starts with `#` is skipped.
    pub fn parse(file: &str, bytes: &[u8]) -> Result<Self, Unreadable> {
        let text = text(file, bytes)?;
        let bad = |e: csv::Error| Unreadable::format(file, e);
        let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
        let mut columns = BTreeMap::new();
        for (at, name) in reader.headers().map_err(bad)?.iter().enumerate() {
            if columns.insert(name.to_owned(), at).is_some() {
                return Err(Unreadable::format(file, format_args!("column '{name}' twice")));
            }
        }
        let mut rows = Vec::new();
        for (at, record) in reader.records().enumerate() {
            let record = record.map_err(bad)?;
            if at == 0 && record.get(0).is_some_and(|cell| cell.starts_with('#')) {
                continue;
            }
            let line = record.position().map_or(0, csv::Position::line);
            rows.push((format!("line {line}"), record));
        }
        Ok(Self { file: file.to_owned(), columns, rows })
    }

    /// Reads the properties of a GeoJSON feature collection.
    pub fn parse_features(file: &str, bytes: &[u8]) -> Result<Self, Unreadable> {
        let value: serde_json::Value =
            serde_json::from_str(text(file, bytes)?).map_err(|e| Unreadable::format(file, e))?;
        let features = value
            .get("features")
            .and_then(serde_json::Value::as_array)
            .ok_or_else(|| Unreadable::format(file, "no list of features"))?;
        let mut table = Self { file: file.to_owned(), ..Self::default() };
        let empty = serde_json::Map::new();
        let properties: Vec<_> = features
            .iter()
            .map(|f| f.get("properties").and_then(serde_json::Value::as_object).unwrap_or(&empty))
            .collect();
        for name in properties.iter().flat_map(|p| p.keys()) {
            let next = table.columns.len();
            table.columns.entry(name.clone()).or_insert(next);
        }
        for (at, properties) in properties.iter().enumerate() {
            let mut cells = vec![String::new(); table.columns.len()];
            for (name, value) in *properties {
                cells[table.columns[name]] = match value {
                    serde_json::Value::Null => String::new(),
                    serde_json::Value::String(text) => text.clone(),
                    other => other.to_string(),
                };
            }
            table.rows.push((format!("feature {}", at + 1), cells.into()));
        }
        Ok(table)
    }

    /// Fails unless the columns are there.
    pub fn with(self, columns: &[&str]) -> Result<Self, Unreadable> {
        match columns.iter().find(|name| !self.columns.contains_key(**name)) {
            Some(name) if !self.rows.is_empty() || !self.file.ends_with(".geojson") => {
                Err(Unreadable::format(&self.file, format_args!("no column '{name}'")))
            }
            _ => Ok(self),
        }
    }

    /// How many rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// The rows in the order of the file.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|(place, cells)| Row { table: self, place, cells })
    }
}

impl<'a> Row<'a> {
    /// The cell, empty if there is no such column.
    pub fn text(&self, column: &str) -> &'a str {
        self.table.columns.get(column).and_then(|&at| self.cells.get(at)).unwrap_or("")
    }

    /// An error about a cell.
    pub fn bad(&self, column: &str, expected: &str) -> Unreadable {
        Unreadable::value(&self.table.file, self.place, column, self.text(column), expected)
    }

    /// An id, which is never empty.
    pub fn id(&self, column: &str) -> Result<&'a str, Unreadable> {
        match self.text(column) {
            "" => Err(self.bad(column, "an id")),
            id => Ok(id),
        }
    }

    /// A finite number, `None` for an empty cell.
    pub fn number(&self, column: &str) -> Result<Option<f64>, Unreadable> {
        let cell = self.text(column);
        if cell.is_empty() {
            return Ok(None);
        }
        // `inf` and `nan` are words to Rust's parser; a number in a table has digits only
        let plain = cell.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b));
        match cell.parse::<f64>() {
            Ok(value) if plain && value.abs() <= MOST_NUMBER => Ok(Some(value)),
            _ => Err(self.bad(column, "a number")),
        }
    }

    /// A number that is not negative.
    pub fn amount(&self, column: &str) -> Result<Option<f64>, Unreadable> {
        match self.number(column)? {
            Some(value) if value < 0.0 => Err(self.bad(column, "a number that is not negative")),
            other => Ok(other),
        }
    }

    /// A whole number that is not negative.
    pub fn whole(&self, column: &str) -> Result<Option<i64>, Unreadable> {
        match self.text(column) {
            "" => Ok(None),
            cell => match cell.parse::<i64>() {
                Ok(value) if (0..=MOST_WHOLE).contains(&value) => Ok(Some(value)),
                _ => Err(self.bad(column, "a whole number that is not negative")),
            },
        }
    }

    /// A whole number that must be given.
    pub fn need_whole(&self, column: &str) -> Result<i64, Unreadable> {
        self.whole(column)?.ok_or_else(|| self.bad(column, "a whole number"))
    }
}
