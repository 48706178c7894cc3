//! How high water must stand to come to each cell.

use crate::error::{ComposeError, go_on};
use clearway_model::Cancel;
use clearway_raster::RasterGrid;
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// A cell that water comes to, by the level that takes.
struct Reached {
    level: f64,
    cell: usize,
}

impl Ord for Reached {
    /// The lowest first out of a heap, then the first cell.
    fn cmp(&self, other: &Self) -> Ordering {
        other.level.total_cmp(&self.level).then(other.cell.cmp(&self.cell))
    }
}

impl PartialOrd for Reached {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Reached {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Reached {}

/// So many cells are looked at between two looks at whether the work is to end.
const BETWEEN_LOOKS: usize = 1 << 16;

/// For each cell the lowest level at which water comes to it from any of the seeds, m: over all ways the least of their highest grounds. Cells
/// come in the order of that level, so that each is settled once (Barnes, Lehman and Mulla, 2014, Priority-flood). Water does not come over
/// cells without data: infinite, as where it cannot come.
pub(super) fn sills(
    grid: &RasterGrid,
    seeds: &[(usize, usize)],
    cancel: &Cancel,
) -> Result<Vec<f64>, ComposeError> {
    let (columns, rows) = (grid.columns, grid.rows);
    let mut sill = vec![f64::INFINITY; columns * rows];
    let mut front = BinaryHeap::new();
    let come = |sill: &mut Vec<f64>, front: &mut BinaryHeap<Reached>, cell: usize, level: f64| {
        let ground = grid.values[cell];
        if !ground.is_nan() && sill[cell].is_infinite() {
            sill[cell] = ground.max(level);
            front.push(Reached { level: sill[cell], cell });
        }
    };
    let mut ordered: Vec<usize> = seeds.iter().map(|&(column, row)| row * columns + column).collect();
    ordered.sort_unstable();
    for cell in ordered {
        come(&mut sill, &mut front, cell, f64::NEG_INFINITY);
    }
    let mut settled = 0_usize;
    while let Some(Reached { level, cell }) = front.pop() {
        settled += 1;
        if settled.is_multiple_of(BETWEEN_LOOKS) {
            go_on(cancel)?;
        }
        let (column, row) = (cell % columns, cell / columns);
        for near_row in row.saturating_sub(1)..=(row + 1).min(rows - 1) {
            for near_column in column.saturating_sub(1)..=(column + 1).min(columns - 1) {
                come(&mut sill, &mut front, near_row * columns + near_column, level);
            }
        }
    }
    Ok(sill)
}

#[cfg(test)]
mod tests {
    use super::sills;
    use clearway_model::Cancel;
    use clearway_raster::{CoordinateSystem, RasterGrid};
    use proptest::prelude::*;

    fn grid(columns: usize, values: &[f64]) -> RasterGrid {
        RasterGrid {
            crs: CoordinateSystem::from_epsg(4326).unwrap(),
            origin: [0.0, 0.0],
            cell: [1.0, -1.0],
            columns,
            rows: values.len() / columns,
            values: values.to_vec(),
            unit: String::new(),
            is_partial: false,
        }
    }

    #[test]
    fn a_dike_holds_until_it_is_overtopped() {
        // river, dike, low ground behind it, no data, ground that nothing leads to
        let row = grid(6, &[1.0, 5.0, 2.0, 3.0, f64::NAN, 0.0]);
        let found = sills(&row, &[(0, 0)], &Cancel::default()).unwrap();
        assert_eq!(found, [1.0, 5.0, 5.0, 5.0, f64::INFINITY, f64::INFINITY]);
        // water goes between two cells that touch at a corner
        let corner = grid(2, &[1.0, 9.0, 9.0, 2.0]);
        assert_eq!(sills(&corner, &[(0, 0)], &Cancel::default()).unwrap(), [1.0, 9.0, 9.0, 2.0]);
    }

    /// The same by rounds over all cells until nothing changes.
    fn by_rounds(grid: &RasterGrid, seed: usize) -> Vec<f64> {
        let (columns, count) = (grid.columns, grid.values.len());
        let mut sill = vec![f64::INFINITY; count];
        sill[seed] = grid.values[seed];
        for _ in 0..count {
            for cell in 0..count {
                for other in 0..count {
                    let near = (cell % columns).abs_diff(other % columns) <= 1
                        && (cell / columns).abs_diff(other / columns) <= 1;
                    if near {
                        sill[cell] = sill[cell].min(sill[other].max(grid.values[cell]));
                    }
                }
            }
        }
        sill
    }

    proptest! {
        #[test]
        fn equal_to_rounds_over_all_cells(
            heights in prop::collection::vec(0_u8..20, 20), seed in 0_usize..20
        ) {
            let values: Vec<f64> = heights.into_iter().map(f64::from).collect();
            let grid = grid(5, &values);
            let found = sills(&grid, &[(seed % 5, seed / 5)], &Cancel::default()).unwrap();
            prop_assert_eq!(found, by_rounds(&grid, seed));
        }
    }
}
