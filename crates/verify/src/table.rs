//! Strict reading of tables: CSV files, and GeoJSON features of which only the properties matter
//! (`docs/reference/scenario.md`, Cells).

use crate::Unreadable;
use crate::columns::is_known;
use serde_json::Value;
use std::collections::BTreeMap;

/// Whole numbers in a scenario lie within this (31 years in ms, or a trillion people), so that sums stay exact.
pub(crate) const MOST_WHOLE: i64 = 1_000_000_000_000;
/// The same for fractional numbers.
const MOST_NUMBER: f64 = 1e15;

/// A table: cells by row and column name.
#[derive(Debug, Default)]
pub(crate) struct RawTable {
    pub file: String,
    columns: BTreeMap<String, usize>,
    rows: Vec<(String, csv::StringRecord)>,
}

/// One row of a table, its cells by column name.
#[derive(Clone, Copy)]
pub(crate) struct RawRow<'a> {
    table: &'a RawTable,
    /// `line 7` or `feature 3`.
    pub place: &'a str,
    cells: &'a csv::StringRecord,
}

/// Text without byte-order mark.
pub(crate) fn text<'a>(file: &str, bytes: &'a [u8]) -> Result<&'a str, Unreadable> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|e| Unreadable::format(file, format_args!("not UTF-8: {e}")))
}

impl RawTable {
    /// Reads CSV: header, then rows of as many cells; a second line of HXL tags is skipped.
    pub fn parse(file: &str, bytes: &[u8]) -> Result<Self, Unreadable> {
        let mut records = crate::csv_text::records(file, text(file, bytes)?)?.into_iter();
        let header = records.next().ok_or_else(|| Unreadable::format(file, "empty"))?.cells;
        let mut columns = BTreeMap::new();
        for (at, name) in header.iter().enumerate() {
            if columns.insert(name.to_owned(), at).is_some() && is_known(file, name) {
                return Err(Unreadable::format(file, format_args!("column '{name}' twice")));
            }
        }
        let mut rows = Vec::with_capacity(records.len());
        for (at, record) in records.enumerate() {
            let place = format!("line {}", record.line);
            if at == 0 && record.begins_with_hash {
                if record.cells.iter().all(|cell| cell.is_empty() || is_hxl_tag(cell)) {
                    continue;
                }
                // skipping it could lose people, keeping it could count tags
                return Err(Unreadable::format(
                    file,
                    format_args!("{place}: HXL tags and cells that are none"),
                ));
            }
            if record.cells.len() != header.len() {
                let (found, expected) = (record.cells.len(), header.len());
                let message = format_args!("{place}: {found} cells, {expected} columns");
                return Err(Unreadable::format(file, message));
            }
            rows.push((place, record.cells));
        }
        Ok(Self { file: file.to_owned(), columns, rows })
    }

    /// Reads the properties of a GeoJSON feature collection; `table` is the CSV file in whose place it stands.
    pub fn parse_features(file: &str, table: &str, bytes: &[u8]) -> Result<Self, Unreadable> {
        let value: Value = crate::json::read(file, bytes)?;
        if value.get("type").and_then(Value::as_str) != Some("FeatureCollection") {
            return Err(Unreadable::format(file, "no FeatureCollection"));
        }
        let features = value.get("features").and_then(Value::as_array);
        let features = features.ok_or_else(|| Unreadable::format(file, "no list of features"))?;
        let empty = serde_json::Map::new();
        let mut properties = Vec::with_capacity(features.len());
        for (at, feature) in features.iter().enumerate() {
            let Some(feature) = feature.as_object() else {
                return Err(Unreadable::value(
                    file,
                    format_args!("feature {}", at + 1),
                    "",
                    feature,
                    "a feature",
                ));
            };
            properties.push(feature.get("properties").and_then(Value::as_object).unwrap_or(&empty));
        }
        let mut result = Self { file: file.to_owned(), ..Self::default() };
        for name in properties.iter().flat_map(|p| p.keys()).filter(|name| is_known(table, name)) {
            let next = result.columns.len();
            result.columns.entry(name.clone()).or_insert(next);
        }
        for (at, properties) in properties.iter().enumerate() {
            let place = format!("feature {}", at + 1);
            let mut cells = vec![String::new(); result.columns.len()];
            for (name, value) in *properties {
                let Some(&column) = result.columns.get(name) else { continue };
                cells[column] = match value {
                    Value::Null => String::new(),
                    Value::String(text) => text.clone(),
                    Value::Bool(value) => value.to_string(),
                    // 12000.0 is the number 12000
                    Value::Number(number) => match number.as_f64().filter(|_| number.is_f64()) {
                        Some(number) => number.to_string(),
                        None => number.to_string(),
                    },
                    other => {
                        return Err(Unreadable::value(file, place, name, other, "text, a number or nothing"));
                    }
                };
            }
            result.rows.push((place, cells.into()));
        }
        Ok(result)
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

    /// Fails unless the columns are there: they matter to every row.
    pub fn needs(&self, columns: &[&str]) -> Result<&Self, Unreadable> {
        match columns.iter().find(|name| !self.columns.contains_key(**name)) {
            Some(name) => Err(Unreadable::format(&self.file, format_args!("no column '{name}'"))),
            None => Ok(self),
        }
    }

    /// Whether there is such a column.
    pub fn has(&self, column: &str) -> bool {
        self.columns.contains_key(column)
    }

    /// Number of rows, without the header and a row of HXL tags.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// The rows in the order of the file.
    pub fn rows(&self) -> impl Iterator<Item = RawRow<'_>> {
        self.rows.iter().map(|(place, cells)| RawRow { table: self, place, cells })
    }
}

/// `#geo+lat`: `#` and names of letters, digits and `_`, joined by `+`.
fn is_hxl_tag(cell: &str) -> bool {
    cell.trim().strip_prefix('#').is_some_and(|names| {
        names.split('+').map(str::trim).all(|name| {
            name.starts_with(|c: char| c.is_ascii_alphabetic())
                && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        })
    })
}

/// A whole number, with spaces round it or `.0` after it as spreadsheets and other programs write it. `1.000` is none: it may be a
/// thousand.
pub(crate) fn whole_number(cell: &str) -> Option<i64> {
    let digits = cell.trim_matches(' ');
    digits.strip_suffix(".0").unwrap_or(digits).parse().ok()
}

impl<'a> RawRow<'a> {
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
        if self.text(column).is_empty() {
            return Ok(None);
        }
        let cell = self.text(column).trim_matches(' ');
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
            cell => match whole_number(cell) {
                Some(value) if (0..=MOST_WHOLE).contains(&value) => Ok(Some(value)),
                _ => Err(self.bad(column, "a whole number that is not negative")),
            },
        }
    }

    /// Yes or no, as `1` or `0` in any of the ways in which tables write it; empty is no.
    pub fn flag(&self, column: &str) -> Result<bool, Unreadable> {
        match self.text(column).trim_matches(' ').to_ascii_lowercase().as_str() {
            "1" | "1.0" | "true" => Ok(true),
            "0" | "0.0" | "false" => Ok(false),
            "" if self.text(column).is_empty() => Ok(false),
            _ => Err(self.bad(column, "1, 0 or an empty cell")),
        }
    }

    /// A whole number that must be given.
    pub fn need_whole(&self, column: &str) -> Result<i64, Unreadable> {
        self.whole(column)?.ok_or_else(|| self.bad(column, "a whole number"))
    }
}
