//! Lines on a map sheet: whole-number coordinates, thinned, as compact SVG path data.

use crate::geometry::{DegreeBox, Point};
use std::fmt::Write;

/// Sheet coordinates are pixels at zoom 1 times this, whole numbers.
pub const GRID: f64 = 8.0;

/// The same for positions on the sheet.
pub const GRID_CELLS: i32 = 8;

/// A length on the sheet that has been rounded; what is too large becomes the largest there is.
pub fn whole_cells(rounded: f64) -> i32 {
    rounded as i32
}

/// A position on the sheet.
pub type Cell = (i32, i32);

/// From degrees to the sheet: equirectangular with the middle parallel true, north up. Good to a fraction of a percent over
/// the extent of a county.
#[derive(Debug, Clone, Copy)]
pub struct MapSheet {
    west: f64,
    north: f64,
    /// Grid cells per degree east and north.
    scale: [f64; 2],
    /// Width and height in grid cells.
    pub size: (i32, i32),
    /// Metres in one pixel at zoom 1.
    pub metres_per_px: f64,
}

/// Metres in one degree of latitude (WGS 84 mean radius 6,371,009 m).
const METRES_PER_DEGREE: f64 = 111_195.0;
/// Widest and highest the sheet gets, px, and the narrowest side it keeps.
const MAX_PX: [f64; 2] = [1100.0, 820.0];
const MIN_PX: [f64; 2] = [560.0, 420.0];
/// A place without extent is shown with this much around it, degrees of latitude (about 200 m).
const LEAST_DEGREES: f64 = 0.002;

impl MapSheet {
    /// A sheet that shows the box with a margin.
    pub fn fit(bounds: DegreeBox) -> Self {
        Self::fit_within(bounds, MAX_PX, MIN_PX)
    }

    /// A sheet that shows the box with a margin, at most `most` px and at least `least` px wide and high.
    pub fn fit_within(bounds: DegreeBox, most: [f64; 2], least: [f64; 2]) -> Self {
        let middle = [(bounds.min[0] + bounds.max[0]) / 2.0, (bounds.min[1] + bounds.max[1]) / 2.0];
        let east_per_north = middle[1].to_radians().cos().max(0.05);
        // Extent in degrees of latitude on both axes, with 6 % around.
        let extent = |axis: usize, factor: f64| {
            ((bounds.max[axis] - bounds.min[axis]) * factor).max(LEAST_DEGREES) * 1.12
        };
        let (width, height) = (extent(0, east_per_north), extent(1, 1.0));
        let px_per_degree = (most[0] / width).min(most[1] / height);
        let px = [(width * px_per_degree).max(least[0]), (height * px_per_degree).max(least[1])];
        let north_scale = px_per_degree * GRID;
        let east_scale = north_scale * east_per_north;
        Self {
            west: middle[0] - px[0] * GRID / 2.0 / east_scale,
            north: middle[1] + px[1] * GRID / 2.0 / north_scale,
            scale: [east_scale, north_scale],
            size: (whole_cells((px[0] * GRID).ceil()), whole_cells((px[1] * GRID).ceil())),
            metres_per_px: METRES_PER_DEGREE / px_per_degree,
        }
    }

    /// Where a point falls; far points are held at a distance that still fits whole numbers.
    pub fn cell(&self, point: Point) -> Cell {
        let hold = |value: f64| whole_cells(value.round().clamp(-1e6, 1e6));
        (hold((point[0] - self.west) * self.scale[0]), hold((self.north - point[1]) * self.scale[1]))
    }

    /// A line on the sheet, thinned to `tolerance` grid cells; one cell if all falls together.
    pub fn line(&self, line: &[Point], tolerance: f64) -> Vec<Cell> {
        let mut cells: Vec<Cell> = line.iter().map(|p| self.cell(*p)).collect();
        cells.dedup();
        thin(&cells, tolerance)
    }
}

/// Douglas and Peucker 1973: drops positions closer than `tolerance` to the line between those kept. Ends stay.
pub fn thin(cells: &[Cell], tolerance: f64) -> Vec<Cell> {
    if cells.len() < 3 {
        return cells.to_vec();
    }
    let mut keep = vec![false; cells.len()];
    let mut spans = vec![(0, cells.len() - 1)];
    keep[0] = true;
    keep[cells.len() - 1] = true;
    while let Some((first, last)) = spans.pop() {
        let farthest = (first + 1..last).map(|i| (i, distance(cells[i], cells[first], cells[last]))).fold(
            None,
            |best: Option<(usize, f64)>, (i, d)| match best {
                Some((_, most)) if most >= d => best,
                _ => Some((i, d)),
            },
        );
        if let Some((i, d)) = farthest
            && d > tolerance
        {
            keep[i] = true;
            spans.push((first, i));
            spans.push((i, last));
        }
    }
    cells.iter().zip(&keep).filter(|(_, keep)| **keep).map(|(cell, _)| *cell).collect()
}

/// Distance of a cell from the segment between two others, grid cells.
fn distance(p: Cell, a: Cell, b: Cell) -> f64 {
    let (px, py) = (f64::from(p.0 - a.0), f64::from(p.1 - a.1));
    let (bx, by) = (f64::from(b.0 - a.0), f64::from(b.1 - a.1));
    let length2 = bx * bx + by * by;
    let t = if length2 > 0.0 { ((px * bx + py * by) / length2).clamp(0.0, 1.0) } else { 0.0 };
    (px - t * bx).hypot(py - t * by)
}

/// Appends `M x y l dx dy ...` to path data; a single cell becomes a dot of no length.
pub fn push_line(data: &mut String, cells: &[Cell]) {
    let Some((first, rest)) = cells.split_first() else { return };
    let _ = write!(data, "M{} {}l", first.0, first.1);
    if rest.is_empty() {
        data.push_str("0 0");
    }
    let mut at = *first;
    for (i, cell) in rest.iter().enumerate() {
        push_number(data, cell.0 - at.0, i > 0);
        push_number(data, cell.1 - at.1, true);
        at = *cell;
    }
}

/// Appends a closed ring.
pub fn push_ring(data: &mut String, cells: &[Cell]) {
    push_line(data, cells);
    data.push('z');
}

// A minus sign separates numbers by itself.
fn push_number(data: &mut String, value: i32, after_number: bool) {
    if after_number && value >= 0 {
        data.push(' ');
    }
    let _ = write!(data, "{value}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thinning_keeps_corners_and_drops_what_is_straight() {
        let cells = [(0, 0), (5, 0), (10, 0), (10, 5), (10, 10)];
        assert_eq!(thin(&cells, 0.5), vec![(0, 0), (10, 0), (10, 10)]);
        // A ring whose ends are one place keeps its far corner.
        assert_eq!(thin(&[(0, 0), (10, 0), (10, 10), (0, 0)], 0.5), vec![(0, 0), (10, 0), (10, 10), (0, 0)]);
    }

    #[test]
    fn path_data_is_compact() {
        let mut data = String::new();
        push_line(&mut data, &[(1, 2), (4, 0), (4, 9)]);
        assert_eq!(data, "M1 2l3-2 0 9");
        data.clear();
        push_line(&mut data, &[(1, 2)]);
        assert_eq!(data, "M1 2l0 0");
    }

    #[test]
    fn a_sheet_has_north_up_and_true_distances() {
        let sheet = MapSheet::fit(DegreeBox { min: [25.0, 60.0], max: [25.2, 60.1] });
        let (sw, ne) = (sheet.cell([25.0, 60.0]), sheet.cell([25.2, 60.1]));
        assert!(sw.0 < ne.0 && sw.1 > ne.1);
        let north = f64::from(sw.1 - ne.1) / GRID * sheet.metres_per_px;
        let east = f64::from(ne.0 - sw.0) / GRID * sheet.metres_per_px;
        assert!((north - 11_119.5).abs() < 20.0, "{north}");
        assert!((east - 22_239.0 * 60.05_f64.to_radians().cos()).abs() < 20.0, "{east}");
    }

    #[test]
    fn a_single_place_still_has_a_sheet() {
        let sheet = MapSheet::fit(DegreeBox { min: [1.0, 1.0], max: [1.0, 1.0] });
        let (x, y) = sheet.cell([1.0, 1.0]);
        assert!((x - sheet.size.0 / 2).abs() <= 1 && (y - sheet.size.1 / 2).abs() <= 1);
    }
}
