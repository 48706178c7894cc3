//! Maps of reports: pictures without words of ours, drawn for paper, of a part of the scenario or all of it.
//!
//! A picture is complete without a script. What its marks mean stands beside it, in the language of the page
//! ([`furniture`](super::furniture)).

mod graded;

use crate::geometry::{DegreeBox, Line, MapShape, Point};
use crate::labels::{NameCandidate, PlacedName, place};
use crate::lookup::RowLookup;
use crate::map::escape;
use crate::map::layers::{badge_place, road_rank};
use crate::path::{Cell, GRID, MapSheet, push_line, push_ring};
use crate::scale::{bar_metres, metres};
use clearway_model::number::{float, length};
use clearway_model::{LinkRow, Scenario};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// Least width and height of a picture, px.
const LEAST_PX: [f64; 2] = [300.0, 200.0];
/// Path data of outlines, bytes; beyond it they get coarser.
const AREA_BYTES: usize = 250_000;

/// A road of the scenario with its place.
struct MapRoad<'a> {
    id: &'a str,
    rank: usize,
    line: Line,
    bounds: DegreeBox,
}

/// The roads of a scenario, read once for many maps.
pub(crate) struct MapLines<'a> {
    pub lookup: &'a RowLookup<'a>,
    /// Main roads first, each once whichever way it is driven.
    roads: Vec<MapRoad<'a>>,
}

/// What a map shows.
#[derive(Default)]
pub(crate) struct MapContent<'a> {
    /// Roads that people use, with how many: the wider the more.
    pub used: BTreeMap<&'a str, i64>,
    /// Ways that are the subject of the map.
    pub routes: Vec<Line>,
    /// Roads with a number.
    pub numbered: Vec<(u64, &'a str)>,
    /// Roads by grade, from 0, in the order in which they are drawn.
    pub graded: Vec<(usize, &'a str)>,
    /// Of these, roads with a number.
    pub graded_numbers: Vec<(u64, &'a str)>,
    /// Zones with a mark of their own, and its class.
    pub marked_zones: BTreeMap<&'a str, &'static str>,
    /// Zones whose areas are the subject of the map.
    pub own_areas: BTreeSet<&'a str>,
    /// Zones with mark and name.
    pub zones: Vec<&'a str>,
    /// Of these, the one that is the subject of the map.
    pub own_zone: Option<&'a str>,
    /// Sites with mark and name.
    pub sites: Vec<&'a str>,
}

/// How large it is, and how much of it may be drawn.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MapFormat {
    /// Largest width and height, px.
    pub most_px: [f64; 2],
    /// Path data of roads, bytes; beyond it the shortest minor ones are left out.
    pub road_bytes: usize,
    /// Tells the picture from others on the page.
    pub number: usize,
}

/// A picture, and what is needed to say what it shows.
#[derive(Debug)]
pub(crate) struct MapPicture {
    pub svg: String,
    pub width_px: i32,
    /// Length of the scale bar in per cent of the width, and what stands at it.
    pub bar: (String, String),
    pub has_hazards: bool,
    /// Roads drawn, and roads there are on the sheet.
    pub roads: (usize, usize),
}

impl<'a> MapLines<'a> {
    pub fn new(scenario: &'a Scenario, lookup: &'a RowLookup<'a>) -> Self {
        let mut seen: BTreeSet<(&str, &str, &str)> = BTreeSet::new();
        let is_new = |link: &&'a LinkRow| {
            let (from, to) = (link.from_node_id.as_str(), link.to_node_id.as_str());
            // the other direction of the same road has the same ends and name
            seen.insert((from.min(to), from.max(to), link.name.as_str()))
        };
        let mut roads: Vec<MapRoad<'a>> = scenario
            .links
            .iter()
            .filter(is_new)
            .filter_map(|link| {
                let line = lookup.link_line(link)?;
                let bounds = DegreeBox::around(line.iter().copied())?;
                Some(MapRoad { id: &link.link_id, rank: road_rank(link), line, bounds })
            })
            .collect();
        let extent = |road: &MapRoad<'_>| {
            (road.bounds.max[0] - road.bounds.min[0]).max(road.bounds.max[1] - road.bounds.min[1])
        };
        roads.sort_by(|a, b| a.rank.cmp(&b.rank).then(extent(b).total_cmp(&extent(a))).then(a.id.cmp(b.id)));
        Self { lookup, roads }
    }

    /// The line of a link.
    pub fn line(&self, link: &str) -> Line {
        let link = self.lookup.links.get(link);
        link.and_then(|link| self.lookup.link_line(link)).unwrap_or_default()
    }

    /// Where everything of the scenario is.
    pub fn extent(&self, scenario: &Scenario) -> Option<DegreeBox> {
        let roads = self.roads.iter().flat_map(|road| [road.bounds.min, road.bounds.max]);
        let zones = scenario.zones.iter().filter_map(|zone| self.lookup.zone_point(&zone.zone_id));
        let sites = scenario.sites.iter().filter_map(|site| self.lookup.site_point(&site.site_id));
        let shapes = self.lookup.zone_shapes.iter().chain(&self.lookup.site_shapes);
        let rings = shapes.flat_map(|shape| shape.rings.iter().flatten().copied());
        DegreeBox::around(roads.chain(zones).chain(sites).chain(rings))
    }

    /// Draws what lies in a box; `label` says what the picture is, for those who cannot see it.
    pub fn draw(
        &self,
        bounds: DegreeBox,
        content: &MapContent<'_>,
        format: MapFormat,
        label: &str,
    ) -> MapPicture {
        let sheet = MapSheet::fit_within(bounds, format.most_px, LEAST_PX);
        let number = format.number;
        let mut svg = format!(
            "<svg class=\"map\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\"><defs><pattern id=\"hatch{number}\" patternUnits=\"userSpaceOnUse\" width=\"72\" height=\"72\" patternTransform=\"rotate(45)\"><rect class=\"hatch\" width=\"16\" height=\"72\"/></pattern></defs>",
            sheet.size.0,
            sheet.size.1,
            escape(label)
        );
        self.areas(&mut svg, &sheet, content);
        let roads = self.roads(&mut svg, &sheet, format.road_bytes);
        self.used(&mut svg, &sheet, content);
        self.graded(&mut svg, &sheet, content);
        self.routes(&mut svg, &sheet, content);
        let has_hazards = self.hazards(&mut svg, &sheet, number);
        let mut badges = self.numbered(&mut svg, &sheet, content);
        self.graded_badges(&sheet, content, &mut badges);
        self.zone_marks(&mut svg, &sheet, content);
        self.marks(&mut svg, &sheet, content, &badges);
        svg.push_str("</svg>");
        let width_px = f64::from(sheet.size.0) / GRID;
        let bar = bar_metres(width_px * sheet.metres_per_px / 4.0);
        let percent = crate::number::decimals(bar / sheet.metres_per_px / width_px * 100.0, 2);
        MapPicture {
            svg,
            width_px: crate::path::whole_cells(width_px.round()),
            bar: (percent, metres(bar)),
            has_hazards,
            roads,
        }
    }

    fn areas(&self, svg: &mut String, sheet: &MapSheet, content: &MapContent<'_>) {
        let mut tolerance = 1.0;
        loop {
            let mut layer = String::new();
            let mut add = |class: &str, shape: &MapShape| {
                if let Some(data) = rings(shape, sheet, tolerance) {
                    let _ = write!(layer, "<path class=\"{class}\" d=\"{data}\"/>");
                }
            };
            for shape in &self.lookup.zone_shapes {
                let id = shape.id.as_str();
                let is_own = content.own_zone == Some(id) || content.own_areas.contains(id);
                add(if is_own { "zone-own" } else { "zone-area" }, shape);
            }
            self.lookup.site_shapes.iter().for_each(|shape| add("site-area", shape));
            if layer.len() <= AREA_BYTES || tolerance > 60.0 {
                svg.push_str(&layer);
                return;
            }
            tolerance *= 2.0;
        }
    }

    fn roads(&self, svg: &mut String, sheet: &MapSheet, most_bytes: usize) -> (usize, usize) {
        let mut layers = [String::new(), String::new(), String::new()];
        let (mut bytes, mut shown, mut all) = (0, 0, 0);
        for road in &self.roads {
            let Some(cells) = on_sheet(&road.line, &road.bounds, sheet) else { continue };
            all += 1;
            let layer = &mut layers[road.rank];
            let before = layer.len();
            push_line(layer, &cells);
            if bytes + layer.len() - before > most_bytes {
                layer.truncate(before);
                continue;
            }
            bytes += layer.len() - before;
            shown += 1;
        }
        for (rank, data) in layers.iter().enumerate().rev().filter(|(_, data)| !data.is_empty()) {
            let _ = write!(svg, "<path class=\"road r{rank}\" d=\"{data}\"/>");
        }
        (shown, all)
    }

    fn used(&self, svg: &mut String, sheet: &MapSheet, content: &MapContent<'_>) {
        let most = float(content.used.values().copied().max().unwrap_or(1).max(1));
        // half pixels -> path data
        let mut widths: BTreeMap<i32, String> = BTreeMap::new();
        for (id, people) in &content.used {
            let line = self.line(id);
            let Some(cells) = line_on_sheet(&line, sheet) else { continue };
            let width = crate::path::whole_cells((2.0 + 10.0 * (float(*people) / most).sqrt()).round());
            push_line(widths.entry(width).or_default(), &cells);
        }
        for (width, data) in widths {
            let px = crate::number::decimals(f64::from(width) / 2.0, 1);
            let _ = write!(svg, "<path class=\"used\" stroke-width=\"{px}\" d=\"{data}\"/>");
        }
    }

    fn routes(&self, svg: &mut String, sheet: &MapSheet, content: &MapContent<'_>) {
        let mut data = String::new();
        for line in &content.routes {
            if let Some(cells) = line_on_sheet(line, sheet) {
                push_line(&mut data, &cells);
            }
        }
        if !data.is_empty() {
            let _ = write!(svg, "<path class=\"way-edge\" d=\"{data}\"/><path class=\"way\" d=\"{data}\"/>");
        }
    }

    fn hazards(&self, svg: &mut String, sheet: &MapSheet, number: usize) -> bool {
        let mut any = false;
        for hazard in &self.lookup.hazards {
            if let Some(data) = rings(hazard, sheet, 2.0) {
                let _ =
                    write!(svg, "<path class=\"hazard\" style=\"fill:url(#hatch{number})\" d=\"{data}\"/>");
                any = true;
            }
        }
        any
    }

    fn numbered(&self, svg: &mut String, sheet: &MapSheet, content: &MapContent<'_>) -> Vec<(u64, Cell)> {
        let mut data = String::new();
        let mut badges = Vec::new();
        for (number, id) in &content.numbered {
            let Some(cells) = line_on_sheet(&self.line(id), sheet) else { continue };
            if cells.len() > 1 {
                push_line(&mut data, &cells);
            }
            if let Some(at) = badge_place(&cells, &badges) {
                badges.push((*number, at));
            }
        }
        if !data.is_empty() {
            let _ = write!(
                svg,
                "<path class=\"critical-edge\" d=\"{data}\"/><path class=\"critical\" d=\"{data}\"/>"
            );
        }
        badges
    }

    fn marks(&self, svg: &mut String, sheet: &MapSheet, content: &MapContent<'_>, badges: &[(u64, Cell)]) {
        let mut names: Vec<(&str, NameCandidate)> = Vec::new();
        let mut free: Vec<(Cell, f64)> = badges.iter().map(|(_, at)| (*at, 9.0)).collect();
        for id in &content.sites {
            let Some(at) = self.lookup.site_point(id).and_then(|point| inside(point, sheet)) else {
                continue;
            };
            let _ = write!(
                svg,
                "<g class=\"site\" {}><rect x=\"-6\" y=\"-6\" width=\"12\" height=\"12\"/></g>",
                at_cell(at)
            );
            free.push((at, 7.0));
            let text = self.lookup.site_name(id).to_owned();
            names.push(("site-name", NameCandidate { at, text, mark_px: 7.0 }));
        }
        for id in content.marked_zones.keys() {
            let at = self.lookup.zone_point(id).and_then(|point| inside(point, sheet));
            free.extend(at.map(|at| (at, graded::ZONE_MARK_PX)));
        }
        for id in &content.zones {
            let Some(at) = self.lookup.zone_point(id).and_then(|point| inside(point, sheet)) else {
                continue;
            };
            let is_own = content.own_zone == Some(*id);
            let (class, radius) = if is_own { ("zone own", 7.0) } else { ("zone", 3.0) };
            let _ = write!(svg, "<g class=\"{class}\" {}><circle r=\"{radius}\"/></g>", at_cell(at));
            let text = self.lookup.zone_name(id).to_owned();
            let is_marked = content.marked_zones.contains_key(id);
            let mark_px = if is_marked { graded::ZONE_MARK_PX } else { radius };
            let place = if is_own { 0 } else { names.len() };
            names.insert(place, ("zone-name", NameCandidate { at, text, mark_px }));
        }
        for (number, at) in badges {
            let _ = write!(
                svg,
                "<g class=\"badge\" {}><circle r=\"8\"/><text y=\"4\" text-anchor=\"middle\">{number}</text></g>",
                at_cell(*at)
            );
        }
        let (classes, candidates): (Vec<&str>, Vec<NameCandidate>) = names.into_iter().unzip();
        let placed = place(&candidates, &free, sheet.size);
        for ((class, candidate), slot) in classes.iter().zip(&candidates).zip(&placed) {
            // on paper nobody looks closer
            let Some(PlacedName { dx, dy, anchor, .. }) = slot.filter(|slot| slot.zoom <= 1.0) else {
                continue;
            };
            let _ = write!(
                svg,
                "<g class=\"name {class}\" {}><text x=\"{dx:.1}\" y=\"{dy:.1}\" text-anchor=\"{anchor}\">{}</text></g>",
                at_cell(candidate.at),
                escape(&candidate.text)
            );
        }
    }
}

/// A box around some lines with at least so many degrees of latitude around.
pub(crate) fn box_around(points: impl IntoIterator<Item = Point>, around: f64) -> Option<DegreeBox> {
    let mut bounds = DegreeBox::around(points)?;
    for axis in 0..2 {
        bounds.min[axis] -= around;
        bounds.max[axis] += around;
    }
    Some(bounds)
}

/// How many roads of all are drawn, where not all are.
pub(crate) fn left_out(picture: &MapPicture) -> Option<(i64, i64)> {
    let (shown, all) = picture.roads;
    (shown < all).then(|| (length(shown), length(all)))
}

fn at_cell(at: Cell) -> String {
    format!("transform=\"translate({} {}) scale({GRID})\"", at.0, at.1)
}

fn inside(point: Point, sheet: &MapSheet) -> Option<Cell> {
    let at = sheet.cell(point);
    let is_inside = |value: i32, most: i32| (0..=most).contains(&value);
    (is_inside(at.0, sheet.size.0) && is_inside(at.1, sheet.size.1)).then_some(at)
}

fn on_sheet(line: &Line, bounds: &DegreeBox, sheet: &MapSheet) -> Option<Vec<Cell>> {
    let (west_south, east_north) = (sheet.cell(bounds.min), sheet.cell(bounds.max));
    let meets = west_south.0 <= sheet.size.0
        && east_north.0 >= 0
        && west_south.1 >= 0
        && east_north.1 <= sheet.size.1;
    meets.then(|| sheet.line(line, 4.0))
}

fn line_on_sheet(line: &Line, sheet: &MapSheet) -> Option<Vec<Cell>> {
    on_sheet(line, &DegreeBox::around(line.iter().copied())?, sheet)
}

/// Path data of the rings of a shape that come onto the sheet.
fn rings(shape: &MapShape, sheet: &MapSheet, tolerance: f64) -> Option<String> {
    let bounds = DegreeBox::around(shape.rings.iter().flatten().copied())?;
    on_sheet(&Line::new(), &bounds, sheet)?;
    let mut data = String::new();
    shape.rings.iter().for_each(|ring| push_ring(&mut data, &sheet.line(ring, tolerance)));
    Some(data)
}
