//! A table as every format writes it: columns with their unit and meaning, cells, and a shape per row where the table is a map layer.

use crate::shape::{ExportShape, ShapeKind};

/// What stands in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellKind {
    /// Text.
    Text,
    /// A whole number.
    Whole,
    /// A number.
    Real,
    /// A moment.
    Moment,
}

/// A column of an exported table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExportColumn {
    /// Its name.
    pub name: &'static str,
    /// What stands in it.
    pub kind: CellKind,
    /// The unit of its figures; empty for what has none.
    pub unit: &'static str,
    /// Its tag of the Humanitarian Exchange Language; empty for none.
    pub hxl: &'static str,
    /// What it means.
    pub about: &'static str,
}

/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub enum ExportCell {
    /// Nothing: not known, or there is none.
    Empty,
    /// Text.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// A number.
    Real(f64),
    /// A moment, ms since the start of the scenario.
    Moment(i64),
}

impl ExportCell {
    /// Text; nothing where it is empty.
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }

    /// A whole number, where there is one.
    pub fn whole(value: Option<i64>) -> Self {
        value.map_or(Self::Empty, Self::Whole)
    }

    /// A number, where there is one that is finite.
    pub fn real(value: Option<f64>) -> Self {
        value.filter(|value| value.is_finite()).map_or(Self::Empty, Self::Real)
    }

    /// Milliseconds as seconds.
    pub fn seconds(ms: Option<i64>) -> Self {
        Self::real(ms.map(clearway_model::time::seconds))
    }

    /// A moment, where there is one.
    pub fn moment(ms: Option<i64>) -> Self {
        ms.map_or(Self::Empty, Self::Moment)
    }
}

/// A table.
#[derive(Debug, Clone, PartialEq)]
pub struct ExportTable {
    /// Its name.
    pub name: &'static str,
    /// What a row of it is.
    pub about: &'static str,
    /// Its columns.
    pub columns: &'static [ExportColumn],
    /// Its rows, with as many cells as there are columns.
    pub rows: Vec<Vec<ExportCell>>,
    /// What kind of shape a row has; `None`: it is no map layer.
    pub shape: Option<ShapeKind>,
    /// Per row of a map layer, its shape; `None` where it is not known.
    pub shapes: Vec<Option<ExportShape>>,
}

impl ExportTable {
    /// A table that is no map layer.
    pub fn plain(
        name: &'static str,
        about: &'static str,
        columns: &'static [ExportColumn],
        rows: Vec<Vec<ExportCell>>,
    ) -> Self {
        Self { name, about, columns, rows, shape: None, shapes: Vec::new() }
    }

    /// A map layer.
    pub fn layer(
        name: &'static str,
        about: &'static str,
        columns: &'static [ExportColumn],
        shape: ShapeKind,
        rows: Vec<(Vec<ExportCell>, Option<ExportShape>)>,
    ) -> Self {
        let (rows, shapes) = rows.into_iter().unzip();
        Self { name, about, columns, rows, shape: Some(shape), shapes }
    }

    /// The place of a column of a name.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// The cell of a row in the column of a name.
    pub fn cell(&self, row: usize, name: &str) -> Option<&ExportCell> {
        self.rows.get(row)?.get(self.column(name)?)
    }

    /// The text of a cell; empty where there is none.
    pub fn text(&self, row: usize, name: &str) -> String {
        match self.cell(row, name) {
            Some(ExportCell::Text(text)) => text.clone(),
            _ => String::new(),
        }
    }

    /// The whole number of a cell; 0 where there is none.
    pub fn whole(&self, row: usize, name: &str) -> i64 {
        match self.cell(row, name) {
            Some(ExportCell::Whole(whole)) => *whole,
            _ => 0,
        }
    }

    /// The number of a cell, if there is one.
    pub fn real(&self, row: usize, name: &str) -> Option<f64> {
        match self.cell(row, name) {
            Some(ExportCell::Real(real)) => Some(*real),
            _ => None,
        }
    }

    /// The moment of a cell, s after the start, if there is one.
    pub fn moment_s(&self, row: usize, name: &str) -> Option<f64> {
        match self.cell(row, name) {
            Some(ExportCell::Moment(ms)) => Some(clearway_model::time::seconds(*ms)),
            _ => None,
        }
    }

    /// The sum of a column of whole numbers.
    pub fn sum(&self, name: &str) -> i64 {
        let Some(column) = self.column(name) else { return 0 };
        let whole = |row: &Vec<ExportCell>| match row.get(column) {
            Some(ExportCell::Whole(value)) => *value,
            _ => 0,
        };
        self.rows.iter().map(whole).sum()
    }
}
