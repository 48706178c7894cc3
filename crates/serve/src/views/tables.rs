//! Tables and documents of versions.

use crate::error::ServeError;
use clearway::Store;
use clearway_formats::{TableRow, read_table};
use serde_json::Value;
use std::collections::HashMap;

/// A table of a scenario; without rows where there is none.
pub(super) fn rows<R: TableRow>(store: &dyn Store) -> Result<Vec<R>, ServeError> {
    let Some(bytes) = store.read(R::FILE)? else { return Ok(Vec::new()) };
    let (rows, faults) = read_table::<R>(R::FILE, &bytes);
    if faults.has_errors() {
        return Err(ServeError::Faults { message: format!("faults in {}", R::FILE), faults: faults.0 });
    }
    Ok(rows)
}

/// A document; `Value::Null` where there is none.
pub(super) fn document(store: &dyn Store, name: &str) -> Result<Value, ServeError> {
    match store.read(name)? {
        Some(bytes) => Ok(serde_json::from_slice(&bytes)?),
        None => Ok(Value::Null),
    }
}

/// A table of an answer, row by row with the names of its columns.
#[derive(Default)]
pub(super) struct AnswerTable {
    columns: HashMap<String, usize>,
    rows: Vec<csv::StringRecord>,
}

impl AnswerTable {
    /// The table of a name; without rows where there is none.
    pub fn read(store: &dyn Store, name: &str) -> Result<Self, ServeError> {
        let bytes = store.read(name)?.unwrap_or_default();
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes.as_slice());
        let cannot = |error: csv::Error| ServeError::Store(format!("{name}: {error}"));
        let columns = reader
            .headers()
            .map_err(cannot)?
            .iter()
            .enumerate()
            .map(|(at, column)| (column.to_owned(), at))
            .collect();
        let rows = reader.records().collect::<Result<_, _>>().map_err(cannot)?;
        Ok(Self { columns, rows })
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// The row of each id.
    pub fn by(&self, column: &str) -> HashMap<&str, usize> {
        (0..self.len()).map(|row| (self.text(row, column), row)).collect()
    }

    /// A cell; empty where there is none.
    pub fn text(&self, row: usize, column: &str) -> &str {
        let cell = self.columns.get(column).and_then(|at| self.rows.get(row)?.get(*at));
        cell.unwrap_or_default()
    }

    /// A cell as a finite number.
    pub fn number(&self, row: usize, column: &str) -> Option<f64> {
        self.text(row, column).parse::<f64>().ok().filter(|value| value.is_finite())
    }

    /// A cell as a whole number.
    pub fn whole(&self, row: usize, column: &str) -> Option<i64> {
        self.text(row, column).parse().ok()
    }
}
