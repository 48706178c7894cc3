//! A window of a raster in memory.

use crate::crs::CoordinateSystem;
use clearway_model::number::{count, float};

/// Numbers in rows and columns with a place on Earth. Only the part that was asked for is held.
#[derive(Debug, Clone)]
pub struct RasterGrid {
    /// The coordinate system of x and y.
    pub crs: CoordinateSystem,
    /// x and y of the outer corner of the first cell, in the unit of the system.
    pub origin: [f64; 2],
    /// Width and height of a cell with their signs (height is usually negative: rows go south), in the unit of the system.
    pub cell: [f64; 2],
    /// Number of columns of the window that was read.
    pub columns: usize,
    /// Number of rows of the window that was read.
    pub rows: usize,
    /// Row by row, with the file's scale and offset applied; NaN where there is no data.
    pub values: Vec<f64>,
    /// Unit of the values as the file names it; empty where it does not.
    pub unit: String,
    /// Whether the box that was asked for reaches beyond the raster.
    pub is_partial: bool,
}

impl RasterGrid {
    /// The cell, column and row, in which a place in x and y lies, if it is in the grid.
    #[must_use]
    pub fn cell_at(&self, p: [f64; 2]) -> Option<(usize, usize)> {
        let at = |i: usize, all: usize| {
            // the size of a cell has a sign, so that rows that go south need no case of their own
            let cells = ((p[i] - self.origin[i]) / self.cell[i]).floor();
            (cells >= 0.0 && cells < float(all)).then(|| count(cells))
        };
        Some((at(0, self.columns)?, at(1, self.rows)?))
    }

    /// The value of a cell; `None` outside the grid and where there is no data.
    #[must_use]
    pub fn value(&self, column: usize, row: usize) -> Option<f64> {
        let value = *self.values.get(row * self.columns + column).filter(|_| column < self.columns)?;
        (!value.is_nan()).then_some(value)
    }

    /// The value at a longitude and latitude, degrees: that of the cell in which the point lies.
    #[must_use]
    pub fn value_at(&self, lon_lat: [f64; 2]) -> Option<f64> {
        let (column, row) = self.cell_at(self.crs.forward(lon_lat))?;
        self.value(column, row)
    }

    /// Corners of a cell: least x and y, greatest x and y.
    #[must_use]
    pub fn corners(&self, column: usize, row: usize) -> [[f64; 2]; 2] {
        let edge = |i: usize, at: usize| self.origin[i] + self.cell[i] * float(at);
        let (x, y) = ([edge(0, column), edge(0, column + 1)], [edge(1, row), edge(1, row + 1)]);
        [[x[0].min(x[1]), y[0].min(y[1])], [x[0].max(x[1]), y[0].max(y[1])]]
    }
}
