//! A flood, resolved into closures of links, nodes, zones and sites.

use super::water::read_relief;
use super::{FloodField, FloodInputs, WetSpan, at_least};
use crate::error::ComposeError;
use crate::hazards::{HazardClosures, TableShapes};
use crate::request::NamedBytes;
use crate::roads::place_of;
use clearway_model::{Cancel, ClosureKind, ClosureRow, ClosureTarget, Fault, Faults, Scenario};
use clearway_text::span_text;

/// From this share of junctions on under water a flood is worth a look.
const MOST_CLOSED: f64 = 0.8;

/// What a flood closes.
pub(crate) struct FloodClosures {
    pub(crate) closed: HazardClosures,
    /// Links that go over water, or under it, on a bridge or in a tunnel.
    pub(crate) over_water: usize,
}

/// Turns a flood into closures of kind `presence`, with the hazard's id as their cause. `relief`: the `water.geojson` that
/// [`compose`](crate::compose()) made, with the water, the bridges and the tunnels of the map; without it water must be given, and roads on
/// bridges close where the ground below them is under water.
///
/// # Errors
/// All faults of the files and the levels.
pub fn resolve_flood(
    scenario: &Scenario,
    inputs: &FloodInputs<'_>,
    relief: Option<&NamedBytes<'_>>,
) -> Result<HazardClosures, ComposeError> {
    resolve_flood_in(scenario, inputs, relief, &Cancel::default())
}

/// The same until `cancel` is asked for.
///
/// # Errors
/// As [`resolve_flood`]; [`ComposeError::Cancelled`].
pub fn resolve_flood_in(
    scenario: &Scenario,
    inputs: &FloodInputs<'_>,
    relief: Option<&NamedBytes<'_>>,
    cancel: &Cancel,
) -> Result<HazardClosures, ComposeError> {
    let mut faults = Faults::default();
    let read = relief.map(|file| read_relief(file, &mut faults)).unwrap_or_default();
    if faults.has_errors() {
        return Err(faults.into());
    }
    let field = FloodField::new(inputs, &read, cancel)?;
    let mut found = flood_closures(scenario, &field, inputs);
    if relief.is_none() {
        found.closed.warnings.push(
            Fault::warning("water.geojson", "", "bridges and tunnels of the map")
                .hint("roads on bridges close where the ground below is under water; a scenario made with --terrain has the file"),
        );
    }
    Ok(found.closed)
}

/// The closures of a flood.
pub(crate) fn flood_closures(
    scenario: &Scenario,
    field: &FloodField,
    inputs: &FloodInputs<'_>,
) -> FloodClosures {
    let tables = TableShapes::new(scenario);
    let mut rows = FloodRows { id: &inputs.hazard_id, rows: Vec::new() };
    let mut over_water = 0;
    for (link, course) in scenario.links.iter().zip(&tables.courses) {
        let (wet, is_over_water) = field.along(course);
        over_water += usize::from(is_over_water);
        rows.add(ClosureTarget::Link, "link", &link.link_id, &wet);
    }
    let mut closed_nodes = 0_usize;
    let raised = field.nodes_above(scenario, &tables.courses);
    for node in scenario.nodes.iter().filter(|node| !raised.contains(node.node_id.as_str())) {
        let wet = field.at(place_of(node));
        closed_nodes += usize::from(!wet.is_empty());
        rows.add(ClosureTarget::Node, "node", &node.node_id, &wet);
    }
    for (zone, (label, ends)) in scenario.zones.iter().zip(&tables.zones) {
        let of_ends: Vec<Vec<WetSpan>> = ends.iter().map(|&place| field.at(place)).collect();
        // when its label point is, or more than half of its connectors' nodes are
        let by_ends = at_least(ends.len() / 2 + 1, &of_ends);
        let by_label = label.map_or_else(Vec::new, |place| field.at(place));
        rows.add(ClosureTarget::Zone, "zone", &zone.zone_id, &at_least(1, &[by_label, by_ends]));
    }
    for (site, places) in scenario.sites.iter().zip(&tables.sites) {
        let wet: Vec<Vec<WetSpan>> = places.iter().map(|&place| field.at(place)).collect();
        rows.add(ClosureTarget::Site, "site", &site.site_id, &at_least(1, &wet));
    }
    let mut warnings = Faults::default();
    let unknown = scenario.nodes.iter().filter(|node| !field.knows(place_of(node))).count();
    warn(scenario, inputs, &rows.rows, [closed_nodes, unknown], &mut warnings);
    FloodClosures {
        closed: HazardClosures { closures: rows.rows, hazard_ids: vec![inputs.hazard_id.clone()], warnings },
        over_water,
    }
}

/// Rows of a flood as they come.
struct FloodRows<'a> {
    id: &'a str,
    rows: Vec<ClosureRow>,
}

impl FloodRows<'_> {
    /// One row per span; those after the first have its number in their id.
    fn add(&mut self, target: ClosureTarget, word: &str, target_id: &str, wet: &[WetSpan]) {
        let id = self.id;
        self.rows.extend(wet.iter().enumerate().map(|(at, &(from_ms, until_ms))| {
            let number = if at == 0 { String::new() } else { format!(":{}", at + 1) };
            ClosureRow {
                closure_id: format!("{id}:{word}:{target_id}{number}"),
                target,
                target_id: target_id.to_owned(),
                from_ms,
                until_ms,
                kind: ClosureKind::Presence,
                cause: id.to_owned(),
                ..ClosureRow::default()
            }
        }));
    }
}

/// What of a flood is worth a look.
fn warn(
    scenario: &Scenario,
    inputs: &FloodInputs<'_>,
    rows: &[ClosureRow],
    [closed_nodes, unknown]: [usize; 2],
    warnings: &mut Faults,
) {
    let (file, all) = (&inputs.terrain.name, scenario.nodes.len());
    if unknown > 0 {
        warnings.push(
            Fault::warning(file, "", "heights at all junctions")
                .field("without", format!("{unknown} of {all} junctions"))
                .hint("where there are no data nothing is closed, and no water comes from there"),
        );
    }
    if rows.is_empty() {
        warnings.push(
            Fault::warning(file, "", "a flood that touches a road, a zone or a site")
                .field("hazard_id", &inputs.hazard_id)
                .hint("is the level above the same datum as the heights?"),
        );
    }
    if all > 1 && closed_nodes as f64 >= MOST_CLOSED * all as f64 {
        warnings.push(
            Fault::warning(file, "", "a flood that leaves some roads open")
                .field("closed", format!("{closed_nodes} of {all} junctions"))
                .hint("is the level above the same datum as the heights?"),
        );
    }
    let horizon_ms = scenario.settings.horizon_ms;
    let first = rows.iter().map(|row| row.from_ms).min();
    if let Some(first) = first.filter(|first| horizon_ms > 0 && *first >= horizon_ms) {
        let expected = format!("a flood within the planning horizon of {}", span_text(horizon_ms));
        warnings.push(
            Fault::warning(file, "", expected).field("first", span_text(first)).hint("it closes nothing"),
        );
    }
}
