//! People out of a raster, shared over polygons by the area of each cell that lies in them.
//!
//! Counts are added in whole millionths of a person, and what a cell has is divided by the largest remainder: nobody is lost or made.

use crate::apportion::apportion;
use crate::clip::{Ring, area, between};
use crate::connectors::PeoplePlaces;
use crate::plane::{LonLat, LonLatBox};
use crate::population::{MICRO, check_sum};
use crate::region::AreaRegion;
use clearway_model::{Cancel, Fault, Faults};
use clearway_raster::{RasterGrid, read_grid};
use geo::{Area, BooleanOps, BoundingRect, Intersects, MultiPolygon, Rect};
use std::collections::{BTreeMap, BTreeSet};

use crate::request::NamedBytes;

/// A whole cell in the unit in which shares of it are counted.
const WHOLE: u64 = 1 << 40;

/// Shares of a cell below this, a quarter of a millionth, are slivers between borders that are meant to be one, as is what is
/// missing from or beyond a whole one.
const NOISE: u64 = WHOLE >> 22;

/// Most people in one cell: more are not people.
const MOST: f64 = 1e10;

/// A raster of people, read where it touches the area.
pub(crate) struct PeopleRaster {
    name: String,
    grid: RasterGrid,
    /// Millionths of a person in each cell.
    micro: Vec<u64>,
}

/// What a raster gives to polygons.
#[derive(Debug, Default)]
pub(crate) struct SharedPeople {
    /// Per polygon: pieces of cells, a point in each and the millionths of a person there.
    pub(crate) places: Vec<PeoplePlaces>,
    /// Millionths of a person in the cells that were read.
    pub(crate) all: u64,
    /// Of these, in no polygon; among them those of cells that are only in part in one.
    pub(crate) outside: u64,
    /// Cells of which some part is in more than one polygon.
    pub(crate) overlaps: usize,
}

/// Reads a raster of counts of people where the frame is. Cells without data have nobody; negative values are a fault. `None` also when cancelled.
pub(crate) fn read_people(
    input: &NamedBytes,
    frame: LonLatBox,
    cancel: &Cancel,
    faults: &mut Faults,
) -> Option<PeopleRaster> {
    let grid = read_grid(&input.name, &input.bytes, [frame.min, frame.max], cancel, faults)?;
    if grid.is_partial {
        faults.push(
            Fault::warning(&input.name, "", "a raster that covers the whole area")
                .hint("nobody is counted where it does not reach"),
        );
    }
    let fault = |wrong: &dyn Fn(f64) -> bool, expected: &str, hint: &str| {
        let mut found = grid.values.iter().enumerate().filter(|(_, v)| wrong(**v));
        let (at, value) = found.next()?;
        let more = found.count();
        let [low, high] = grid.corners(at % grid.columns, at / grid.columns);
        let [lon, lat] = grid.crs.inverse([f64::midpoint(low[0], high[0]), f64::midpoint(low[1], high[1])]);
        let place = format!("cell at lon {lon:.5}, lat {lat:.5}");
        Some(
            Fault::error(&input.name, place, expected)
                .field("people", value)
                .hint(format!("{hint}; {more} more cells alike")),
        )
    };
    let negative = fault(
        &|v| v < 0.0,
        "0 or more people",
        "if it means no data, gdal_translate -a_nodata says so in the file",
    );
    let many = fault(
        &|v| v > MOST,
        "at most 1e10 people in a cell",
        "counts of people per cell are wanted, not densities",
    );
    if negative.is_some() || many.is_some() {
        faults.0.extend(negative.into_iter().chain(many));
        return None;
    }
    let is_density =
        ["/", "per ", "km-2", "km^-2", "ha-1"].iter().any(|part| grid.unit.to_lowercase().contains(part));
    if is_density {
        faults.push(
            Fault::error(&input.name, "", "people per cell")
                .field("unit", &grid.unit)
                .hint("counts of people per cell are wanted, not densities"),
        );
        return None;
    }
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
    let micro: Vec<u64> =
        grid.values.iter().map(|v| if v.is_nan() { 0 } else { (v * MICRO as f64).round() as u64 }).collect();
    let before = faults.0.len();
    check_sum(micro.iter().copied(), &input.name, faults);
    if faults.0.len() > before {
        return None;
    }
    Some(PeopleRaster { name: input.name.clone(), grid, micro })
}

impl PeopleRaster {
    /// What faults call the file.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Shares the people of every cell over the polygons by area. Where polygons overlap, the first has its whole share. `None`:
    /// cancelled.
    pub(crate) fn share(&self, shapes: &[&MultiPolygon<f64>], cancel: &Cancel) -> Option<SharedPeople> {
        let mut parts: BTreeMap<(usize, usize), Vec<(usize, CellPart)>> = BTreeMap::new();
        let (own, in_two) = apart(shapes);
        for (polygon, shape) in own.iter().enumerate() {
            if cancel.is_cancelled() {
                return None;
            }
            for (cell, part) in self.parts(shape) {
                if part.share > NOISE {
                    parts.entry(cell).or_default().push((polygon, part));
                }
            }
        }
        let regions: Vec<Option<AreaRegion>> = shapes.iter().map(|s| AreaRegion::new((*s).clone())).collect();
        let mut shared = SharedPeople { all: self.micro.iter().sum(), ..SharedPeople::default() };
        shared.places.resize_with(shapes.len(), PeoplePlaces::default);
        let mut inside = 0;
        for ((row, column), parts) in &parts {
            let micro = self.micro[row * self.grid.columns + column];
            if micro == 0 {
                continue;
            }
            let mut left = WHOLE;
            let mut weights: Vec<u64> = Vec::with_capacity(parts.len() + 1);
            for (_, part) in parts {
                let share = part.share.min(left);
                weights.push(share);
                left -= share;
            }
            weights.push(if left > 4 * NOISE { left } else { 0 });
            let divided = apportion(i64::try_from(micro).unwrap_or(i64::MAX), &weights);
            for ((polygon, part), people) in parts.iter().zip(divided) {
                let people = people.unsigned_abs();
                if people > 0 {
                    inside += people;
                    let at = self.point_in(*row, *column, part, regions[*polygon].as_ref());
                    shared.places[*polygon].push(at, people);
                }
            }
        }
        shared.outside = shared.all - inside;
        let mut cells: BTreeSet<(usize, usize)> = BTreeSet::new();
        for shape in &in_two {
            let with_people = self.parts(shape).into_iter().filter(|((row, column), part)| {
                part.share > 4 * NOISE && self.micro[row * self.grid.columns + column] > 0
            });
            cells.extend(with_people.map(|(cell, _)| cell));
        }
        shared.overlaps = cells.len();
        Some(shared)
    }

    /// A point of a cell that is in the polygon: its middle, else the centroid of what is in it, else a corner of that.
    fn point_in(&self, row: usize, column: usize, part: &CellPart, region: Option<&AreaRegion>) -> LonLat {
        let [low, high] = self.grid.corners(column, row);
        let middle = [0, 1].map(|i: usize| f64::midpoint(low[i], high[i]));
        let candidates = [middle, part.centre, part.corner].map(|p| self.grid.crs.inverse(p));
        let is_in = |p: &LonLat| region.is_some_and(|r| r.covers(*p));
        candidates.iter().copied().find(is_in).unwrap_or(candidates[1])
    }

    /// The cells, row and column, that a shape has a part of.
    fn parts(&self, shape: &MultiPolygon<f64>) -> BTreeMap<(usize, usize), CellPart> {
        let mut found: BTreeMap<(usize, usize), CellPart> = BTreeMap::new();
        for polygon in &shape.0 {
            let holes = polygon.interiors().iter().map(|ring| (ring, -1.0));
            for (ring, sign) in std::iter::once((polygon.exterior(), 1.0)).chain(holes) {
                let ring: Ring = ring.0.iter().map(|c| self.grid.crs.forward([c.x, c.y])).collect();
                self.add_ring(&ring, sign, &mut found);
            }
        }
        let whole = (self.grid.cell[0] * self.grid.cell[1]).abs();
        for part in found.values_mut() {
            part.share = share_of(part.area / whole);
        }
        found
    }

    /// Adds the area of a ring to each cell, first cut into rows and then each row into cells.
    fn add_ring(&self, ring: &[[f64; 2]], sign: f64, found: &mut BTreeMap<(usize, usize), CellPart>) {
        let grid = &self.grid;
        for row in range(ring, 1, grid.origin[1], grid.cell[1], grid.rows) {
            let [low, high] = grid.corners(0, row);
            let strip = between(ring, 1, low[1], high[1]);
            for column in range(&strip, 0, grid.origin[0], grid.cell[0], grid.columns) {
                let [low, high] = grid.corners(column, row);
                let piece = between(&strip, 0, low[0], high[0]);
                let (size, centre) = area(&piece);
                let (Some(centre), Some(corner)) = (centre, piece.first()) else { continue };
                let part = found.entry((row, column)).or_insert(CellPart {
                    area: 0.0,
                    share: 0,
                    centre,
                    corner: *corner,
                });
                part.area += sign * size;
            }
        }
    }
}

/// Shapes without what is in an earlier one too, and what is in two.
fn apart(shapes: &[&MultiPolygon<f64>]) -> (Vec<MultiPolygon<f64>>, Vec<MultiPolygon<f64>>) {
    let boxes: Vec<Option<Rect<f64>>> = shapes.iter().map(|shape| shape.bounding_rect()).collect();
    let mut own: Vec<MultiPolygon<f64>> = Vec::with_capacity(shapes.len());
    let mut in_two = Vec::new();
    for (index, shape) in shapes.iter().enumerate() {
        let mut left = (*shape).clone();
        for before in 0..index {
            let (Some(a), Some(b)) = (boxes[index], boxes[before]) else { continue };
            if !a.intersects(&b) {
                continue;
            }
            let both = shape.intersection(shapes[before]);
            // Borders that are meant to be one leave slivers.
            if both.unsigned_area() > 1e-9 * a.unsigned_area().min(b.unsigned_area()) {
                left = left.difference(shapes[before]);
                in_two.push(both);
            }
        }
        own.push(left);
    }
    (own, in_two)
}

/// What of a cell is in a shape.
struct CellPart {
    area: f64,
    share: u64,
    centre: [f64; 2],
    corner: [f64; 2],
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
fn share_of(share: f64) -> u64 {
    (share.clamp(0.0, 1.0) * WHOLE as f64).round() as u64
}

/// Rows (axis 1) or columns (axis 0) that a ring reaches.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
fn range(ring: &[[f64; 2]], axis: usize, origin: f64, size: f64, count: usize) -> std::ops::Range<usize> {
    let cells = ring.iter().map(|p| (p[axis] - origin) / size);
    let (low, high) = cells.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), c| (l.min(c), h.max(c)));
    if low > high {
        return 0..0;
    }
    let at = |c: f64| c.clamp(0.0, count as f64) as usize;
    at(low.floor())..at(high.ceil())
}

#[cfg(test)]
#[path = "raster_people_tests.rs"]
mod tests;
