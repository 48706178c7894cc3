//! The lines and areas of the map, one function a layer, each giving SVG.

use crate::PlanReport;
use crate::features::bottleneck_line;
use crate::geometry::MapShape;
use crate::lookup::RowLookup;
use crate::map::{BOTTLENECKS_SHOWN, SITE_COLOURS, escape};
use crate::number::{counted, grouped};
use crate::path::{Cell, GRID_CELLS, MapSheet, push_line, push_ring, whole_cells};
use clearway_model::number::{float, length};
use clearway_model::{LinkRow, Mode};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// Path data of all roads together, bytes; beyond it the shortest minor roads are left out.
const ROAD_BYTES: usize = 900_000;
/// The same for areas; beyond it outlines get coarser.
const AREA_BYTES: usize = 350_000;

/// Roads and what was left out of them.
pub struct RoadLayer {
    /// One path per class of roads, the minor ones first so that the main ones lie over them.
    pub svg: String,
    /// A sentence, empty if all are shown.
    pub left_out: String,
}

/// 0 main roads, 1 connecting roads, 2 the rest.
pub(crate) fn road_rank(link: &LinkRow) -> usize {
    match link.facility_type.trim().trim_end_matches("_link") {
        "motorway" | "trunk" | "primary" | "freeway" => 0,
        "secondary" | "tertiary" | "arterial" => 1,
        _ => 2,
    }
}

fn tolerance(links: usize) -> f64 {
    if links <= 3_000 { 1.0 } else { 3.0 }
}

/// The same whichever way it is driven.
fn undirected(mut cells: Vec<Cell>) -> Vec<Cell> {
    if cells.last() < cells.first() {
        cells.reverse();
    }
    cells
}

/// Every road of the class's mode once, thin, by class.
pub fn roads(report: &PlanReport<'_>, lookup: &RowLookup<'_>, sheet: &MapSheet) -> RoadLayer {
    let tolerance = tolerance(report.scenario.links.len());
    let walk = report.scenario.settings.class.first().is_some_and(|c| c.mode == Mode::Walk);
    let mut by_rank: [BTreeSet<Vec<Cell>>; 3] = Default::default();
    for link in &report.scenario.links {
        let capacity = if walk { link.walk_capacity_people_h } else { link.capacity_pcu_h };
        if let (Some(line), Some(_)) = (lookup.link_line(link), capacity) {
            by_rank[road_rank(link)].insert(undirected(sheet.line(&line, tolerance)));
        }
    }
    let total: usize = by_rank.iter().map(BTreeSet::len).sum();
    let (mut bytes, mut shown) = (0, 0);
    let mut layers = Vec::new();
    for (rank, lines) in by_rank.into_iter().enumerate() {
        let mut lines: Vec<Vec<Cell>> = lines.into_iter().collect();
        // Long ones first, so that what is left out is what is least seen.
        lines.sort_by_key(|cells| std::cmp::Reverse(extent(cells)));
        let mut data = String::new();
        for cells in &lines {
            let before = data.len();
            push_line(&mut data, cells);
            if bytes + data.len() > ROAD_BYTES {
                data.truncate(before);
                break;
            }
            shown += 1;
        }
        bytes += data.len();
        layers.push(format!("<path class=\"road r{rank}\" d=\"{data}\"/>"));
    }
    layers.reverse();
    let left_out = if shown < total {
        format!(
            "To keep this page small, {} of {} roads are drawn; the shortest minor ones are left out.",
            grouped(length(shown)),
            grouped(length(total))
        )
    } else {
        String::new()
    };
    RoadLayer { svg: layers.concat(), left_out }
}

/// Longer side of the box around some cells.
fn extent(cells: &[Cell]) -> i32 {
    let side = |axis: fn(&Cell) -> i32| {
        let (least, most) = (cells.iter().map(axis).min(), cells.iter().map(axis).max());
        most.zip(least).map_or(0, |(most, least)| most.saturating_sub(least))
    };
    side(|c| c.0).max(side(|c| c.1))
}

fn rings_data(shape: &MapShape, sheet: &MapSheet, tolerance: f64) -> String {
    let mut data = String::new();
    for ring in &shape.rings {
        push_ring(&mut data, &sheet.line(ring, tolerance));
    }
    data
}

/// Outlines of zones and sites.
pub fn areas(report: &PlanReport<'_>, lookup: &RowLookup<'_>, sheet: &MapSheet) -> String {
    let known: BTreeMap<&str, i64> = report.zones.iter().map(|z| (z.zone_id.as_str(), z.people)).collect();
    let mut tolerance = 1.0;
    loop {
        let mut svg = String::new();
        for shape in lookup.zone_shapes.iter().filter(|s| !s.rings.is_empty()) {
            let data = rings_data(shape, sheet, tolerance);
            let title = match known.get(shape.id.as_str()) {
                Some(n) => format!("{}: {}", lookup.zone_name(&shape.id), counted(*n, "person", "people")),
                None => shape.name.clone(),
            };
            let _ = write!(
                svg,
                "<path class=\"zone-area\" d=\"{data}\"><title>{}</title></path>",
                escape(&title)
            );
        }
        for shape in lookup.site_shapes.iter().filter(|s| !s.rings.is_empty()) {
            let data = rings_data(shape, sheet, tolerance);
            let _ = write!(svg, "<path class=\"site-area\" d=\"{data}\"/>");
        }
        if svg.len() <= AREA_BYTES || tolerance > 60.0 {
            return svg;
        }
        tolerance *= 2.0;
    }
}

/// Areas of hazards, hatched, so that the roads below can still be seen.
pub fn hazards(lookup: &RowLookup<'_>, sheet: &MapSheet) -> String {
    let mut svg = String::new();
    for hazard in lookup.hazards.iter().filter(|h| !h.rings.is_empty()) {
        let name = if hazard.name.is_empty() { &hazard.id } else { &hazard.name };
        let data = rings_data(hazard, sheet, 2.0);
        let _ = write!(
            svg,
            "<path class=\"hazard\" fill=\"url(#hatch)\" d=\"{data}\"><title>{}</title></path>",
            escape(name)
        );
    }
    svg
}

/// Roads used by orders, as wide as people use them, in the colour of where they go. A road used towards several sites shows
/// their colours as stripes inside each other; the outer width stands for all of them.
pub fn routes(
    report: &PlanReport<'_>,
    lookup: &RowLookup<'_>,
    sheet: &MapSheet,
    colour: &BTreeMap<&str, usize>,
) -> String {
    let tolerance = tolerance(report.scenario.links.len());
    let mut flow: BTreeMap<&str, [i64; SITE_COLOURS + 1]> = BTreeMap::new();
    let mut ends: BTreeMap<&str, [i64; SITE_COLOURS + 1]> = BTreeMap::new();
    for sum in crate::routes::route_orders(report) {
        let site = colour.get(sum.route.site_id.as_str()).copied().unwrap_or(SITE_COLOURS);
        for link in &sum.route.links {
            flow.entry(link).or_default()[site] += sum.people;
        }
        for connector in [&sum.route.from_connector, &sum.route.to_connector] {
            ends.entry(connector).or_default()[site] += sum.people;
        }
    }
    // Both directions of a road are one line.
    let mut lines: BTreeMap<Vec<Cell>, [i64; SITE_COLOURS + 1]> = BTreeMap::new();
    for (id, people) in &flow {
        if let Some(line) = lookup.links.get(id).and_then(|link| lookup.link_line(link)) {
            let sums = lines.entry(undirected(sheet.line(&line, tolerance))).or_default();
            for (sum, n) in sums.iter_mut().zip(people) {
                *sum += n;
            }
        }
    }
    let most = float(lines.values().map(|p| p.iter().sum::<i64>()).max().unwrap_or(1).max(1));
    // (width in half pixels, colour) -> path data; wide ones are drawn first.
    let mut strokes: BTreeMap<(std::cmp::Reverse<i32>, usize), String> = BTreeMap::new();
    for (cells, people) in &lines {
        let mut left: i64 = people.iter().sum();
        let mut widest: Option<i32> = None;
        for (site, n) in people.iter().enumerate().filter(|(_, n)| **n > 0) {
            // At least a pixel narrower than the stripe around it, so that every colour is seen.
            let wanted = whole_cells((4.0 + 16.0 * (float(left) / most).sqrt()).round());
            let width = widest.map_or(wanted, |around| wanted.min(around - 3)).max(2);
            push_line(strokes.entry((std::cmp::Reverse(width), site)).or_default(), cells);
            widest = Some(width);
            left -= n;
        }
    }
    let mut svg = String::new();
    let mut connectors = String::new();
    for id in ends.keys() {
        if let Some(line) = lookup.connector_line(id) {
            push_line(&mut connectors, &sheet.line(&line, 1.0));
        }
    }
    let _ = write!(svg, "<path class=\"connector\" d=\"{connectors}\"/>");
    for ((width, site), data) in strokes {
        let px = crate::number::decimals(f64::from(width.0) / 2.0, 1);
        let _ = write!(svg, "<path class=\"route s{site}\" stroke-width=\"{px}\" d=\"{data}\"/>");
    }
    svg
}

/// Bottlenecks as thick lines, and where their numbers go.
pub fn bottlenecks(
    report: &PlanReport<'_>,
    lookup: &RowLookup<'_>,
    sheet: &MapSheet,
) -> (String, Vec<(u64, Cell)>) {
    let mut data = String::new();
    let mut badges: Vec<(u64, Cell)> = Vec::new();
    for bottleneck in report.bottlenecks.iter().take(BOTTLENECKS_SHOWN) {
        let line = bottleneck_line(bottleneck, lookup);
        let cells = sheet.line(&line, 1.0);
        if cells.len() > 1 {
            push_line(&mut data, &cells);
        }
        if let Some(at) = badge_place(&cells, &badges) {
            badges.push((bottleneck.rank, at));
        }
    }
    let svg = if data.is_empty() {
        String::new()
    } else {
        format!("<path class=\"bottleneck-edge\" d=\"{data}\"/><path class=\"bottleneck\" d=\"{data}\"/>")
    };
    (svg, badges)
}

/// The first of a few places along a line, or around it, that is clear of the numbers already set.
pub(crate) fn badge_place(cells: &[Cell], taken: &[(u64, Cell)]) -> Option<Cell> {
    let first = *cells.first()?;
    let along = |share: f64| {
        if cells.len() < 2 {
            Some((first.0 + 14 * GRID_CELLS, first.1 - 14 * GRID_CELLS))
        } else {
            at_share(cells, share)
        }
    };
    let step = 20 * GRID_CELLS;
    let clear =
        |at: &Cell| taken.iter().all(|(_, t)| (t.0 - at.0).abs() >= step || (t.1 - at.1).abs() >= step);
    let middle = along(0.5)?;
    let around = (1..=6).flat_map(|ring| {
        let d = ring * step;
        [
            (middle.0 + d, middle.1),
            (middle.0 - d, middle.1),
            (middle.0, middle.1 + d),
            (middle.0, middle.1 - d),
        ]
    });
    [0.5, 0.3, 0.7].into_iter().filter_map(along).chain(around).find(clear).or(Some(middle))
}

/// The place at a share of a line's length.
fn at_share(cells: &[Cell], share: f64) -> Option<Cell> {
    let length = |pair: &[Cell]| f64::from(pair[1].0 - pair[0].0).hypot(f64::from(pair[1].1 - pair[0].1));
    let mut left = cells.windows(2).map(length).sum::<f64>() * share;
    for pair in cells.windows(2) {
        let this = length(pair);
        if left <= this && this > 0.0 {
            let t = left / this;
            let mix = |a: i32, b: i32| a + whole_cells((f64::from(b - a) * t).round());
            return Some((mix(pair[0].0, pair[1].0), mix(pair[0].1, pair[1].1)));
        }
        left -= this;
    }
    cells.last().copied()
}
