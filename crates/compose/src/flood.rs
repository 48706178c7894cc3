//! A flood from the height of the ground and the level of the water: which places are under water, and when.
//!
//! A horizontal level over the ground ("bathtub") that reaches only what water can come to from a river, a canal or the sea over ground that is
//! lower than the level, from a cell to any of the eight around it (Poulter and Halpin, 2008, Raster modelling of coastal flooding from
//! sea-level rise, call this the eight-sided rule). There is no time of travel and no slope of the water's surface: it is a screening, and
//! a map of depths from a hydraulic model, given as a raster of depths, is better where there is one.

mod closures;
mod hydrograph;
mod raised;
mod sill;
mod water;

pub use closures::{resolve_flood, resolve_flood_in};
pub use hydrograph::WaterLevel;
pub use raised::MapRelief;

pub(crate) use closures::flood_closures;

use crate::error::{ComposeError, go_on};
use crate::grid_course::cells_along;
use crate::hazard_raster::WADING_M;
use crate::plane::LonLat;
use crate::request::NamedBytes;
use crate::roads::place_of;
use clearway_model::{Cancel, Fault, Faults, NodeRow, Scenario};
use clearway_raster::{RasterGrid, is_tiff, read_whole_grid};
use hydrograph::Hydrograph;
use raised::RaisedPieces;
use std::collections::HashSet;

/// From when to when something is under water, ms after the start; no end: for good.
pub(crate) type WetSpan = (i64, Option<i64>);

/// What a flood is made from.
#[derive(Debug, Clone)]
pub struct FloodInputs<'b> {
    /// Heights of the ground, a GeoTIFF of one band, m above the datum of the levels.
    pub terrain: NamedBytes<'b>,
    /// The level of the water over time, at least one.
    pub levels: Vec<WaterLevel>,
    /// GeoJSON of where water comes from: points, lines or polygons. `None`: the rivers, canals and coasts of the map.
    pub water: Option<NamedBytes<'b>>,
    /// Id of the hazard, the `cause` of its closures.
    pub hazard_id: String,
}

/// A flood over the ground.
pub(crate) struct FloodField {
    grid: RasterGrid,
    /// For each cell the lowest level at which water comes to it, m; infinite where none can.
    sill: Vec<f64>,
    levels: Hydrograph,
    raised: RaisedPieces,
}

impl FloodField {
    /// Reads ground and water and lets it rise.
    ///
    /// # Errors
    /// All faults of the files and of the levels; [`ComposeError::Cancelled`].
    pub(crate) fn new(
        inputs: &FloodInputs<'_>,
        relief: &MapRelief,
        cancel: &Cancel,
    ) -> Result<Self, ComposeError> {
        let mut faults = Faults::default();
        let file = &inputs.terrain.name;
        let levels = Hydrograph::new(&inputs.levels, &mut faults);
        let given = inputs.water.as_ref().map(|water| water::read_water(water, &mut faults));
        let grid = read_whole_grid(file, &inputs.terrain.bytes, cancel, &mut faults);
        go_on(cancel)?;
        if let Some(grid) = grid.as_ref().filter(|grid| !is_metres(&grid.unit)) {
            faults.push(
                Fault::error(file, "", "heights in metres")
                    .field("unit", &grid.unit)
                    .hint("gdal_calc.py --calc=\"A*0.3048\" makes metres of feet"),
            );
        }
        let (Some(grid), Some(levels), false) = (grid, levels, faults.has_errors()) else {
            return Err(faults.into());
        };
        let seeds = match given {
            Some(waters) => waters.cells(&grid, cancel)?,
            None => water::cells_of_lines(&grid, &relief.waters),
        };
        let from = inputs.water.as_ref().map_or("the map", |water| water.name.as_str());
        check_seeds(&grid, &seeds, from, levels.highest(), file, &mut faults);
        if faults.has_errors() {
            return Err(faults.into());
        }
        let sill = sill::sills(&grid, &seeds, cancel)?;
        Ok(Self { grid, sill, levels, raised: RaisedPieces::new(&relief.raised) })
    }

    /// The part of a map's relief that lies on the ground known here, as `water.geojson`.
    pub(crate) fn map_of(&self, relief: &MapRelief) -> Vec<u8> {
        water::of_relief(relief, &self.grid)
    }

    /// When a place is under so much water that nobody passes.
    pub(crate) fn at(&self, place: LonLat) -> Vec<WetSpan> {
        let cell = self.grid.cell_at(self.grid.crs.forward(place));
        cell.map_or_else(Vec::new, |cell| self.of_cell(cell))
    }

    /// When any cell that a course passes on the ground is; and whether a part of the course, above water, does not lie on the ground.
    fn along(&self, course: &[LonLat]) -> (Vec<WetSpan>, bool) {
        let (mut wet, mut is_over_water) = (Vec::new(), false);
        for piece in course.windows(2) {
            let is_raised = self.raised.holds(piece[0], piece[1]);
            for cell in cells_along(&self.grid, piece) {
                let spans = self.of_cell(cell);
                if is_raised {
                    is_over_water |= !spans.is_empty();
                } else if !spans.is_empty() {
                    wet.push(spans);
                }
            }
        }
        wet.sort();
        wet.dedup();
        (at_least(1, &wet), is_over_water)
    }

    /// Ids of the junctions on bridges and in tunnels: none of their roads is on the ground there.
    fn nodes_above<'s>(&self, scenario: &'s Scenario, courses: &[Vec<LonLat>]) -> HashSet<&'s str> {
        let within = |node: &&NodeRow| self.raised.is_within(place_of(node));
        let mut above: HashSet<&str> =
            scenario.nodes.iter().filter(within).map(|node| node.node_id.as_str()).collect();
        for (link, course) in scenario.links.iter().zip(courses) {
            let on_ground =
                |pair: Option<&[LonLat]>| pair.is_some_and(|pair| !self.raised.holds(pair[0], pair[1]));
            if on_ground(course.windows(2).next()) {
                above.remove(link.from_node_id.as_str());
            }
            if on_ground(course.windows(2).next_back()) {
                above.remove(link.to_node_id.as_str());
            }
        }
        above
    }

    /// Whether the height of a place is known.
    fn knows(&self, place: LonLat) -> bool {
        self.grid.value_at(place).is_some()
    }

    /// When a cell is under water of [`WADING_M`] or more. Behind a sill that high above its ground water stays when the level falls.
    fn of_cell(&self, (column, row): (usize, usize)) -> Vec<WetSpan> {
        let Some(ground) = self.grid.value(column, row) else { return Vec::new() };
        let sill = self.sill[row * self.grid.columns + column];
        if !sill.is_finite() {
            return Vec::new();
        }
        let impassable = ground + WADING_M;
        if sill >= impassable {
            return self.levels.first_at(sill).map(|from| (from, None)).into_iter().collect();
        }
        self.levels.at_least(impassable)
    }
}

/// What is wrong with a flood as far as that shows without the ground.
pub(crate) fn check_flood(inputs: &FloodInputs<'_>, faults: &mut Faults) {
    Hydrograph::new(&inputs.levels, faults);
    if let Some(water) = &inputs.water {
        water::read_water(water, faults);
    }
    if !is_tiff(&inputs.terrain.bytes) {
        faults.push(Fault::error(&inputs.terrain.name, "", "a GeoTIFF of heights"));
    }
}

/// A unit of metres, or none.
fn is_metres(unit: &str) -> bool {
    ["", "m", "metre", "metres", "meter", "meters"].contains(&unit.to_lowercase().as_str())
}

/// Water is where there is ground, and not all of it above the flood.
fn check_seeds(
    grid: &RasterGrid,
    seeds: &[(usize, usize)],
    from: &str,
    highest: f64,
    file: &str,
    faults: &mut Faults,
) {
    let heights = seeds.iter().filter_map(|&(column, row)| grid.value(column, row));
    let lowest = heights.fold(f64::INFINITY, f64::min);
    if seeds.is_empty() {
        let expected = format!("a river, a canal or a coast of {from} on the ground of this raster");
        faults.push(
            Fault::error(file, "", expected).hint(
                "draw where the water comes from, a line, a polygon or a point, and give it as --water",
            ),
        );
    } else if !lowest.is_finite() {
        let expected = format!("heights where the water of {from} is");
        faults.push(Fault::error(file, "", expected).hint(
            "there are no data; gdal_fillnodata.py or gdal_calc.py fills in the height of its surface",
        ));
    } else if lowest > highest {
        let expected = format!("ground at the water of {from} no higher than the highest level, {highest} m");
        faults.push(Fault::error(file, "", expected).field("lowest ground at the water, m", lowest).hint(
            "levels and heights must be above the same datum: a gauge often counts from a zero of its own",
        ));
    }
}

/// When at least so many of the lists hold, each of which is in order and without overlap.
pub(crate) fn at_least(count: usize, lists: &[Vec<WetSpan>]) -> Vec<WetSpan> {
    let mut changes: Vec<(i64, bool)> = Vec::new();
    for &(from, until) in lists.iter().flatten() {
        changes.push((from, true));
        changes.extend(until.map(|until| (until, false)));
    }
    changes.sort_unstable();
    let (mut open, mut spans) = (0_usize, Vec::<WetSpan>::new());
    for same in changes.chunk_by(|a, b| a.0 == b.0) {
        let before = open;
        open += same.iter().filter(|change| change.1).count();
        open -= same.iter().filter(|change| !change.1).count();
        match (before >= count, open >= count) {
            (false, true) => spans.push((same[0].0, None)),
            (true, false) => {
                if let Some(last) = spans.last_mut() {
                    last.1 = Some(same[0].0);
                }
            }
            _ => {}
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::at_least;

    #[test]
    fn spans_that_hold_together() {
        let lists = vec![vec![(0, Some(10)), (20, None)], vec![(5, Some(20))]];
        assert_eq!(at_least(1, &lists), [(0, None)]);
        assert_eq!(at_least(2, &lists), [(5, Some(10))]);
        assert_eq!(at_least(3, &lists), []);
    }
}
