//! The map as SVG: roads, zones, sites, routes, hazards and bottlenecks, drawn from the scenario's own geometry.
//!
//! The drawing is complete without a script; the page's script adds moving and zooming and shows more names on a closer look.
//! Marks (class `m`) keep their size: their groups carry the place in `data-x`, `data-y`, names the least zoom in `data-z`.

pub(crate) mod layers;

use crate::PlanReport;
use crate::geometry::{DegreeBox, Point};
use crate::labels::{NameCandidate, PlacedName, place};
use crate::lookup::RowLookup;
use crate::number::{grouped, people};
use crate::path::{Cell, GRID, MapSheet, whole_cells};
use crate::scale::{bar_metres, metres};
use crate::words::reason_words;
use clearway_model::ZoneOutcome;
use clearway_model::number::float;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write;

/// How many bottlenecks are drawn and listed on the page; the files have all.
pub const BOTTLENECKS_SHOWN: usize = 20;
/// Sites that get a colour of their own; further ones share one.
pub const SITE_COLOURS: usize = 5;

/// One line of the legend.
#[derive(Debug, Serialize)]
pub struct LegendSite {
    /// CSS class of the colour.
    pub class: String,
    /// Name of the site, or how many share the colour.
    pub name: String,
    /// People arriving there under the plan, in words.
    pub people: String,
}

/// The drawing and what stands around it.
#[derive(Debug, Serialize)]
pub struct MapDrawing {
    /// The whole drawing as one SVG element.
    pub svg: String,
    /// Width the sheet is made for, px.
    pub max_width_px: i32,
    /// Length of the scale bar in percent of the width, and its label.
    pub bar_percent: String,
    /// What stands at the scale bar: `2 km`.
    pub bar_label: String,
    /// Metres per pixel at zoom 1, for the script.
    pub metres_per_px: String,
    /// Sites by colour, most people first.
    pub sites: Vec<LegendSite>,
    /// What was left out to keep the page small; empty if nothing.
    pub left_out: String,
    /// Hazards as `name: 7 May 10:00 to ...` are added by the page; whether there are any on the map.
    pub has_hazards: bool,
    /// Whether zones have outlines; their points are then small and of one size.
    pub has_outlines: bool,
    /// Whether bottlenecks are on the map.
    pub has_bottlenecks: bool,
    /// Whether people of some zone stay or do not arrive.
    pub has_remaining: bool,
}

/// Text safe inside SVG and HTML, in elements and quoted attributes.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// People arriving per site under the plan, most first, ties in the scenario's order.
pub fn sites_by_people<'a>(report: &PlanReport<'a>) -> Vec<(&'a str, i64)> {
    let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
    for sum in crate::routes::route_orders(report) {
        *sums.entry(sum.route.site_id.as_str()).or_default() += sum.people;
    }
    let mut list: Vec<(&str, i64)> = report
        .scenario
        .sites
        .iter()
        .map(|s| (s.site_id.as_str(), sums.get(s.site_id.as_str()).copied().unwrap_or(0)))
        .collect();
    list.sort_by_key(|(_, people)| std::cmp::Reverse(*people));
    list
}

/// Draws the map; `None` if nothing of the scenario has a position.
pub fn draw(report: &PlanReport<'_>, lookup: &RowLookup<'_>) -> Option<MapDrawing> {
    let sheet = MapSheet::fit(DegreeBox::around(extent(report, lookup))?);
    let ranked = sites_by_people(report);
    let colour: BTreeMap<&str, usize> =
        ranked.iter().enumerate().map(|(i, (id, _))| (*id, i.min(SITE_COLOURS))).collect();

    let roads = layers::roads(report, lookup, &sheet);
    let mut svg = format!(
        "<svg id=\"map\" viewBox=\"0 0 {} {}\" role=\"img\" tabindex=\"0\" aria-labelledby=\"map-title map-words\"><defs><pattern id=\"hatch\" patternUnits=\"userSpaceOnUse\" width=\"72\" height=\"72\" patternTransform=\"rotate(45)\"><rect class=\"hatch\" width=\"16\" height=\"72\"/></pattern></defs>",
        sheet.size.0, sheet.size.1
    );
    svg.push_str(&layers::areas(report, lookup, &sheet));
    svg.push_str(&roads.svg);
    svg.push_str(&layers::routes(report, lookup, &sheet, &colour));
    svg.push_str(&layers::hazards(lookup, &sheet));
    let (bottlenecks, badges) = layers::bottlenecks(report, lookup, &sheet);
    svg.push_str(&bottlenecks);
    svg.push_str(&marks(report, lookup, &sheet, &colour, &ranked, &badges));
    svg.push_str("</svg>");

    let width_px = f64::from(sheet.size.0) / GRID;
    // about a quarter of the sheet at the most
    let bar = bar_metres(width_px * sheet.metres_per_px / 4.0);
    Some(MapDrawing {
        svg,
        max_width_px: whole_cells(width_px.round()),
        bar_percent: crate::number::decimals(bar / sheet.metres_per_px / width_px * 100.0, 2),
        bar_label: metres(bar),
        metres_per_px: crate::number::decimals(sheet.metres_per_px, 4),
        sites: legend(&ranked, lookup),
        left_out: roads.left_out,
        has_hazards: lookup.hazards.iter().any(|h| !h.rings.is_empty()),
        has_outlines: lookup.zone_shapes.iter().any(|s| !s.rings.is_empty()),
        has_bottlenecks: !badges.is_empty(),
        has_remaining: report.zones.iter().any(|z| z.people > z.arrived),
    })
}

/// Everything that must be on the sheet. Hazards may reach far beyond and are cut off at its edge.
fn extent(report: &PlanReport<'_>, lookup: &RowLookup<'_>) -> Vec<Point> {
    let scenario = report.scenario;
    let mut points: Vec<Point> = Vec::new();
    for link in &scenario.links {
        points.extend(lookup.node_point(&link.from_node_id));
        points.extend(lookup.node_point(&link.to_node_id));
    }
    points.extend(
        lookup.zone_shapes.iter().chain(&lookup.site_shapes).flat_map(|s| s.rings.iter().flatten().copied()),
    );
    points.extend(scenario.zones.iter().filter_map(|z| lookup.zone_point(&z.zone_id)));
    points.extend(scenario.sites.iter().filter_map(|s| lookup.site_point(&s.site_id)));
    if points.is_empty() {
        points.extend(scenario.nodes.iter().filter_map(|n| lookup.node_point(&n.node_id)));
    }
    points
}

fn legend(ranked: &[(&str, i64)], lookup: &RowLookup<'_>) -> Vec<LegendSite> {
    let own = ranked.iter().take(SITE_COLOURS).enumerate().map(|(i, (id, n))| LegendSite {
        class: format!("s{i}"),
        name: lookup.site_name(id).to_owned(),
        people: people(*n),
    });
    let rest = &ranked[ranked.len().min(SITE_COLOURS)..];
    let shared = (!rest.is_empty()).then(|| LegendSite {
        class: format!("s{SITE_COLOURS}"),
        name: format!("{} other sites", rest.len()),
        people: people(rest.iter().map(|(_, n)| n).sum()),
    });
    own.chain(shared).collect()
}

/// A ring around the point of a zone where people stay or do not arrive, the thicker the larger their share.
fn remaining(zone: &ZoneOutcome, radius: f64) -> String {
    let left = zone.people - zone.arrived;
    if left <= 0 {
        return String::new();
    }
    let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
    for (_, reason, people) in &zone.not_moved {
        *sums.entry(reason_words(*reason)).or_default() += people;
    }
    let mut reasons: Vec<(&str, i64)> = sums.into_iter().collect();
    reasons.sort_by_key(|(_, people)| std::cmp::Reverse(*people));
    let words: Vec<String> = reasons.iter().map(|(why, n)| format!("{} {why}", grouped(*n))).collect();
    let width = 1.5 + 4.5 * float(left) / float(zone.people.max(1));
    format!(
        "<circle class=\"remain\" r=\"{:.1}\" stroke-width=\"{width:.1}\"><title>{} do not arrive: {}</title></circle>",
        radius + 1.0 + width / 2.0,
        people(left),
        escape(&words.join(", "))
    )
}

/// Zone points, site squares, bottleneck numbers and the names.
fn marks(
    report: &PlanReport<'_>,
    lookup: &RowLookup<'_>,
    sheet: &MapSheet,
    colour: &BTreeMap<&str, usize>,
    ranked: &[(&str, i64)],
    badges: &[(u64, Cell)],
) -> String {
    let mut svg = String::new();
    let mut free: Vec<(Cell, f64)> = badges.iter().map(|(_, cell)| (*cell, 10.0)).collect();
    let mut names: Vec<(&str, NameCandidate)> = Vec::new();

    let mut zones: Vec<_> =
        report.zones.iter().filter_map(|z| Some((z, lookup.zone_point(&z.zone_id)?))).collect();
    zones.sort_by_key(|(zone, _)| std::cmp::Reverse(zone.people));
    let most = float(zones.first().map_or(1, |(z, _)| z.people.max(1)));
    // Where there are many zones their points must not hide the roads.
    let widest = (90.0 / float(zones.len().max(1)).sqrt()).clamp(2.0, 13.0);
    let shaped: std::collections::BTreeSet<&str> =
        lookup.zone_shapes.iter().filter(|s| !s.rings.is_empty()).map(|s| s.id.as_str()).collect();
    let mut zone_names = Vec::new();
    for (zone, point) in &zones {
        let at = sheet.cell(*point);
        let outlined = shaped.contains(zone.zone_id.as_str());
        let radius = if outlined { 2.5 } else { 3.0 + widest * (float(zone.people.max(0)) / most).sqrt() };
        let name = lookup.zone_name(&zone.zone_id);
        let _ = write!(
            svg,
            "<g class=\"m zone\" data-x=\"{0}\" data-y=\"{1}\" transform=\"translate({0} {1}) scale({GRID})\">{5}<circle r=\"{radius:.1}\"><title>{2}: {3}, {4} arrive</title></circle></g>",
            at.0,
            at.1,
            escape(name),
            people(zone.people),
            grouped(zone.arrived),
            remaining(zone, radius)
        );
        zone_names.push(("zone-name", NameCandidate { at, text: name.to_owned(), mark_px: radius }));
        if radius > 8.0 {
            free.push((at, 4.0));
        }
    }
    for (id, arriving) in ranked {
        let Some(point) = lookup.site_point(id) else { continue };
        let at = sheet.cell(point);
        let name = lookup.site_name(id);
        let _ = write!(
            svg,
            "<g class=\"m site s{2}\" data-x=\"{0}\" data-y=\"{1}\" transform=\"translate({0} {1}) scale({GRID})\"><rect x=\"-6.5\" y=\"-6.5\" width=\"13\" height=\"13\"><title>{3}: {4} arrive</title></rect></g>",
            at.0,
            at.1,
            colour.get(id).copied().unwrap_or(SITE_COLOURS),
            escape(name),
            people(*arriving)
        );
        free.push((at, 8.0));
        names.push(("site-name", NameCandidate { at, text: name.to_owned(), mark_px: 7.0 }));
    }
    names.extend(zone_names);
    for (rank, at) in badges {
        let _ = write!(
            svg,
            "<g class=\"m badge\" data-x=\"{0}\" data-y=\"{1}\" transform=\"translate({0} {1}) scale({GRID})\"><circle r=\"9\"/><text y=\"4\" text-anchor=\"middle\">{rank}</text></g>",
            at.0, at.1
        );
    }
    let (classes, candidates): (Vec<&str>, Vec<NameCandidate>) = names.into_iter().unzip();
    let placed = place(&candidates, &free, sheet.size);
    for ((class, candidate), slot) in classes.iter().zip(&candidates).zip(&placed) {
        if let Some(PlacedName { dx, dy, anchor, zoom }) = slot {
            let (x, y) = candidate.at;
            // Names that fit only on a closer look are hidden until the script zooms in.
            let hidden = if *zoom > 1.0 { " visibility=\"hidden\"" } else { "" };
            let small = if *zoom > 0.35 { " wide-only" } else { "" };
            let _ = write!(
                svg,
                "<g class=\"m name {class}{small}\" data-z=\"{zoom}\" data-x=\"{x}\" data-y=\"{y}\"{hidden} transform=\"translate({x} {y}) scale({GRID})\"><text x=\"{dx:.1}\" y=\"{dy:.1}\" text-anchor=\"{anchor}\">{}</text></g>",
                escape(&candidate.text)
            );
        }
    }
    svg
}
