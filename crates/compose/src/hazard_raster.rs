//! Rasters of a hazard, arrival times or water depths, resolved into closures of links, nodes, zones and sites.
//!
//! A link closes when the first cell that its course passes is reached, a node and a site with their point's cell, a zone when its
//! label point is reached or more than half of its connectors' nodes are, as with polygons ([`crate::resolve_hazards`]).

use crate::error::{ComposeError, go_on};
use crate::grid_course::cells_along;
use crate::hazards::{HazardClosures, TableShapes};
use crate::plane::{LonLat, LonLatBox};
use crate::request::NamedBytes;
use crate::roads::place_of;
use clearway_model::{Cancel, ClosureKind, ClosureRow, ClosureTarget, Fault, Faults, Scenario};
use clearway_raster::{RasterGrid, read_grid};
use clearway_text::span_text;

/// What the cells of a raster mean.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum RasterMeaning {
    /// When the hazard arrives: a cell's value times this is ms after the start. Cells without data are never reached.
    Arrival {
        /// ms of one unit.
        unit_ms: f64,
        /// It ends so long after it arrived, ms; `None`: it stays.
        lasts_ms: Option<i64>,
    },
    /// How deep the water is, m: from [`WADING_M`] on a road cannot be passed, between two times.
    Depth {
        /// When the water is there, ms after the start; a time before the start counts as the start.
        from_ms: i64,
        /// End, ms; `None`: it stays.
        until_ms: Option<i64>,
    },
}

/// Depth from which a road cannot be passed, m: Pregnolato and others, 2017 (rulebook TRA-13).
pub const WADING_M: f64 = 0.3;

/// Turns a raster into closures of kind `presence`, with `id` as their hazard.
///
/// # Errors
/// A file that is no raster of one band where the scenario is, negative values.
pub fn resolve_raster(
    scenario: &Scenario,
    raster: &NamedBytes,
    id: &str,
    meaning: RasterMeaning,
) -> Result<HazardClosures, ComposeError> {
    resolve_raster_until(scenario, raster, id, meaning, &Cancel::default())
}

/// The same until `cancel` is asked for.
///
/// # Errors
/// As [`resolve_raster`]; [`ComposeError::Cancelled`].
pub fn resolve_raster_until(
    scenario: &Scenario,
    raster: &NamedBytes,
    id: &str,
    meaning: RasterMeaning,
    cancel: &Cancel,
) -> Result<HazardClosures, ComposeError> {
    let mut faults = Faults::default();
    let Some(frame) = LonLatBox::around(scenario.nodes.iter().map(place_of)) else {
        return Ok(HazardClosures::default());
    };
    let grid = read_grid(&raster.name, &raster.bytes, [frame.min, frame.max], cancel, &mut faults);
    go_on(cancel)?;
    let Some(grid) = grid.filter(|_| !faults.has_errors()) else { return Err(faults.into()) };
    if let Some(at) = grid.values.iter().position(|v| *v < 0.0 || v.is_infinite()) {
        let expected = match meaning {
            RasterMeaning::Arrival { .. } => "times from the start on, or no data",
            RasterMeaning::Depth { .. } => "depths in metres from 0, or no data",
        };
        let place = format!("column {}, row {} of the part read", at % grid.columns, at / grid.columns);
        faults.push(Fault::error(&raster.name, place, expected).field("value", grid.values[at]));
        return Err(faults.into());
    }
    if grid.is_partial {
        faults.push(
            Fault::warning(&raster.name, "", "a raster that covers the whole scenario")
                .hint("where it does not reach nothing is closed"),
        );
    }
    check_unit(raster, &grid, meaning, &mut faults);
    check_plausible(scenario, raster, &grid, meaning, &mut faults);
    if faults.has_errors() {
        return Err(faults.into());
    }
    let begin = |value: f64| -> Option<i64> {
        match meaning {
            RasterMeaning::Arrival { unit_ms, .. } => Some((value * unit_ms).floor() as i64),
            RasterMeaning::Depth { from_ms, .. } => (value >= WADING_M).then_some(from_ms.max(0)),
        }
    };
    let at = |p: LonLat| grid.value_at(p).and_then(begin);
    let mut rows: Vec<(ClosureTarget, &str, &str, i64)> = Vec::new();
    let tables = TableShapes::new(scenario);
    for (link, course) in scenario.links.iter().zip(&tables.courses) {
        let cells = cells_along(&grid, course).into_iter();
        let values = cells.filter_map(|(column, row)| begin(grid.value(column, row)?));
        rows.extend(values.min().map(|ms| (ClosureTarget::Link, "link", link.link_id.as_str(), ms)));
    }
    for node in &scenario.nodes {
        rows.extend(at(place_of(node)).map(|ms| (ClosureTarget::Node, "node", node.node_id.as_str(), ms)));
    }
    for (zone, (label, ends)) in scenario.zones.iter().zip(&tables.zones) {
        let mut reached: Vec<i64> = ends.iter().filter_map(|p| at(*p)).collect();
        reached.sort_unstable();
        let by_ends = reached.get(ends.len() / 2).copied();
        let first = [label.and_then(at), by_ends].into_iter().flatten().min();
        rows.extend(first.map(|ms| (ClosureTarget::Zone, "zone", zone.zone_id.as_str(), ms)));
    }
    for (site, places) in scenario.sites.iter().zip(&tables.sites) {
        let first = places.iter().filter_map(|p| at(*p)).min();
        rows.extend(first.map(|ms| (ClosureTarget::Site, "site", site.site_id.as_str(), ms)));
    }
    let until = |from: i64| match meaning {
        RasterMeaning::Arrival { lasts_ms, .. } => lasts_ms.map(|ms| from.saturating_add(ms)),
        RasterMeaning::Depth { until_ms, .. } => until_ms,
    };
    if rows.is_empty() {
        faults.push(
            Fault::warning(&raster.name, "", "a hazard that touches a road, a zone or a site")
                .field("hazard_id", id),
        );
    }
    let horizon_ms = scenario.settings.horizon_ms;
    if let Some(first) =
        rows.iter().map(|row| row.3).min().filter(|first| horizon_ms > 0 && *first >= horizon_ms)
    {
        let expected = format!("a hazard within the planning horizon of {}", span_text(horizon_ms));
        let fault = Fault::warning(&raster.name, "", expected).field("first", span_text(first));
        faults.push(fault.hint("it closes nothing; is the unit right?"));
    }
    let closures = rows.into_iter().map(|(target, word, target_id, from_ms)| ClosureRow {
        closure_id: format!("{id}:{word}:{target_id}"),
        target,
        target_id: target_id.to_owned(),
        from_ms,
        until_ms: until(from_ms),
        kind: ClosureKind::Presence,
        cause: id.to_owned(),
        ..ClosureRow::default()
    });
    Ok(HazardClosures { closures: closures.collect(), hazard_ids: vec![id.to_owned()], warnings: faults })
}

/// Deeper water than this, m, lies over the roads of a town only behind a broken dam; heights above the sea are larger.
const DEEP_M: f64 = 10.0;
/// No flood is deeper, m: a number for "no data" that the file does not name, or heights.
const DEEPEST_M: f64 = 500.0;
/// From this share of junctions on under water a flood is worth a look.
const MOST_CLOSED: f64 = 0.8;
/// Later arrivals are a number for "no data" that the file does not name: ten years, ms.
const LATEST_MS: f64 = 3_660.0 * 86_400_000.0;

/// The unit that the file names is the one in which its values are read.
fn check_unit(raster: &NamedBytes, grid: &RasterGrid, meaning: RasterMeaning, faults: &mut Faults) {
    let unit = grid.unit.to_lowercase();
    let (names, expected): (&[&str], &str) = match meaning {
        RasterMeaning::Depth { .. } => (&["m", "metre", "metres", "meter", "meters"], "depths in metres"),
        RasterMeaning::Arrival { unit_ms: 1e3, .. } => {
            (&["s", "sec", "second", "seconds"], "times in seconds, as --unit says")
        }
        RasterMeaning::Arrival { unit_ms: 6e4, .. } => {
            (&["min", "minute", "minutes"], "times in minutes, as --unit says")
        }
        RasterMeaning::Arrival { .. } => {
            (&["h", "hr", "hrs", "hour", "hours"], "times in hours, as --unit says")
        }
    };
    if !unit.is_empty() && !names.contains(&unit.as_str()) {
        faults.push(
            Fault::error(&raster.name, "", expected)
                .field("unit", &grid.unit)
                .hint("the file states its unit"),
        );
    }
}

/// Values that no flood and no hazard has: heights of a terrain model given as depths, a number that stands for no data.
fn check_plausible(
    scenario: &Scenario,
    raster: &NamedBytes,
    grid: &RasterGrid,
    meaning: RasterMeaning,
    faults: &mut Faults,
) {
    let at: Vec<f64> =
        scenario.nodes.iter().map(|node| grid.value_at(place_of(node)).unwrap_or(0.0)).collect();
    let most = grid.values.iter().copied().filter(|v| !v.is_nan()).fold(0.0, f64::max);
    let terrain = "is this a terrain model? heights are no depths; water over 10 m may be written as 10 m";
    match meaning {
        RasterMeaning::Arrival { unit_ms, .. } => {
            if most * unit_ms > LATEST_MS {
                let fault = Fault::error(&raster.name, "", "arrivals within ten years").field("value", most);
                faults.push(fault.hint("if it means no data, gdal_translate -a_nodata says so in the file"));
            }
        }
        RasterMeaning::Depth { .. } if most > DEEPEST_M => {
            let fault = Fault::error(&raster.name, "", format!("depths of at most {DEEPEST_M} m"));
            let hint =
                format!("if it means no data, gdal_translate -a_nodata says so in the file; {terrain}");
            faults.push(fault.field("value", most).hint(hint));
        }
        RasterMeaning::Depth { .. } => {
            let mut sorted = at.clone();
            sorted.sort_by(f64::total_cmp);
            let median = sorted.get(sorted.len() / 2).copied().unwrap_or(0.0);
            let count = |least: f64| at.iter().filter(|v| **v >= least).count();
            let words = |closed: usize| {
                format!(
                    "{closed} of {} junctions, half of them under {median:.1} m or more, the deepest cell {most:.1} m",
                    at.len()
                )
            };
            if median > DEEP_M {
                let expected =
                    format!("depths that less than half of the junctions are under by more than {DEEP_M} m");
                let fault = Fault::error(&raster.name, "", expected).field("depth", words(count(DEEP_M)));
                faults.push(fault.hint(terrain));
            } else if count(WADING_M) as f64 >= MOST_CLOSED * at.len() as f64 && at.len() > 1 {
                let fault = Fault::warning(&raster.name, "", "a flood that leaves some roads open");
                faults.push(fault.field("closed", words(count(WADING_M))).hint(terrain));
            }
        }
    }
}
