//! Which cells of a raster a course passes.

use crate::plane::LonLat;
use clearway_model::number::count;
use clearway_raster::RasterGrid;

/// All cells, column and row, that a course passes: each piece, straight in the raster's own system, is walked from border to border. A piece
/// without length is in one cell.
pub(crate) fn cells_along(grid: &RasterGrid, course: &[LonLat]) -> Vec<(usize, usize)> {
    let mut passed = Vec::new();
    let cells: Vec<[f64; 2]> = course
        .iter()
        .map(|p| {
            let at = grid.crs.forward(*p);
            [0, 1].map(|i| (at[i] - grid.origin[i]) / grid.cell[i])
        })
        .collect();
    for piece in cells.windows(2) {
        let [a, b] = [piece[0], piece[1]];
        // where the piece crosses a border of a column or a row, as a share of it
        let mut cuts = vec![0.0, 1.0];
        for i in 0..2 {
            // borders beyond the raster do not matter
            let most = if i == 0 { grid.columns } else { grid.rows } as f64;
            let (low, high) = (a[i].min(b[i]).ceil().max(0.0), a[i].max(b[i]).floor().min(most));
            if a[i] != b[i] && low <= high {
                let borders = (low as i64..=high as i64).map(|border| border as f64);
                cuts.extend(borders.map(|border| (border - a[i]) / (b[i] - a[i])));
            }
        }
        cuts.sort_by(f64::total_cmp);
        for pair in cuts.windows(2) {
            let middle = f64::midpoint(pair[0], pair[1]);
            let at = [0, 1].map(|i| (a[i] + (b[i] - a[i]) * middle).floor());
            if at[0] >= 0.0 && at[1] >= 0.0 {
                let (column, row) = (count(at[0]), count(at[1]));
                if column < grid.columns && row < grid.rows {
                    passed.push((column, row));
                }
            }
        }
    }
    passed
}

#[cfg(test)]
mod tests {
    use super::cells_along;
    use crate::plane::LonLat;
    use clearway_raster::{CoordinateSystem, RasterGrid};

    #[test]
    fn a_course_passes_every_cell_between_its_ends() {
        let grid = RasterGrid {
            crs: CoordinateSystem::from_epsg(4326).unwrap(),
            origin: [0.0, 3.0],
            cell: [1.0, -1.0],
            columns: 3,
            rows: 3,
            values: (0..9).map(f64::from).collect(),
            unit: String::new(),
            is_partial: false,
        };
        let along = |course: &[LonLat]| -> Vec<f64> {
            cells_along(&grid, course)
                .into_iter()
                .filter_map(|(column, row)| grid.value(column, row))
                .collect()
        };
        // from the middle of the first cell to the middle of the last one, a little off the diagonal
        assert_eq!(along(&[[0.5, 2.5], [2.6, 0.5]]), [0.0, 1.0, 4.0, 5.0, 8.0]);
        assert_eq!(along(&[[0.5, 2.5], [0.5, 2.4], [0.5, 0.5]]), [0.0, 0.0, 3.0, 6.0]);
        // beyond the raster there is nothing
        assert_eq!(along(&[[-5.0, 1.5], [0.5, 1.5]]), [3.0]);
    }
}
