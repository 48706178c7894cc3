//! Where the rows of a scenario in memory came from, so that a fault can name file and row.

use crate::findings::row_number;
use crate::table::TableRow;
use std::collections::{BTreeMap, BTreeSet};

/// Where the rows of one table came from.
#[derive(Debug, Clone)]
pub(crate) struct TableOrigin {
    /// Name of the file that was read: that of the table, or the GeoJSON file in its place.
    pub file: String,
    /// What the file consists of, in messages: `row` or `feature`.
    pub noun: &'static str,
    /// Number of each row in the file.
    pub rows: Vec<u64>,
    /// Columns that the file does not have; what follows from that is not reported again row by row.
    pub missing_columns: BTreeSet<&'static str>,
    /// Rows (counted from 0) with a cell that could not be read: what stands there is a default and says nothing.
    pub damaged: BTreeSet<usize>,
    /// No row or required column is missing, so conclusions about the whole table can be drawn.
    pub is_whole: bool,
}

/// Where everything came from. Empty for a scenario that was never a folder: rows are then counted as they would be written.
#[derive(Debug, Clone, Default)]
pub(crate) struct ScenarioOrigin {
    tables: BTreeMap<&'static str, TableOrigin>,
    /// Line of each key of `scenario.toml`.
    pub setting_lines: BTreeMap<String, u64>,
    /// The settings could not be read in full.
    pub settings_damaged: bool,
}

impl ScenarioOrigin {
    pub(crate) fn insert<R: TableRow>(&mut self, origin: TableOrigin) {
        self.tables.insert(R::FILE, origin);
    }

    /// File of a table.
    pub(crate) fn file<R: TableRow>(&self) -> String {
        self.tables.get(R::FILE).map_or_else(|| R::FILE.to_string(), |origin| origin.file.clone())
    }

    /// Number of a row in its file.
    pub(crate) fn row<R: TableRow>(&self, index: usize) -> u64 {
        // in a file of ours the header is row 1
        self.tables
            .get(R::FILE)
            .and_then(|origin| origin.rows.get(index).copied())
            .unwrap_or(row_number(index) + 2)
    }

    /// What a fault calls a row: `row 7 (Z3)`, or `row 7` without a label.
    pub(crate) fn place<R: TableRow>(&self, index: usize, label: &str) -> String {
        let noun = self.tables.get(R::FILE).map_or("row", |origin| origin.noun);
        place_text(noun, self.row::<R>(index), label)
    }

    /// No row or required column of the table is missing.
    pub(crate) fn is_whole<R: TableRow>(&self) -> bool {
        self.tables.get(R::FILE).is_none_or(|origin| origin.is_whole)
    }

    /// A cell of the row could not be read.
    pub(crate) fn is_damaged<R: TableRow>(&self, index: usize) -> bool {
        self.tables.get(R::FILE).is_some_and(|origin| origin.damaged.contains(&index))
    }

    /// The file lacks the column.
    pub(crate) fn lacks<R: TableRow>(&self, column: &str) -> bool {
        self.tables.get(R::FILE).is_some_and(|origin| origin.missing_columns.contains(column))
    }

    /// `line 7` for a key of the settings, empty if not known.
    pub(crate) fn setting_place(&self, key: &str) -> String {
        self.setting_lines.get(key).map_or_else(String::new, |line| format!("line {line}"))
    }
}

/// `row 7 (Z3)`, `feature 2`.
pub(crate) fn place_text(noun: &str, row: u64, label: &str) -> String {
    if label.is_empty() { format!("{noun} {row}") } else { format!("{noun} {row} ({label})") }
}
