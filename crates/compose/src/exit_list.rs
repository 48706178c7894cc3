//! `exits.csv`: the ways out that are used and those that are only proposed, for somebody who knows the place to confirm.
//!
//! The file that `new` writes is the file that `--exits` reads: a row counts if `use` says so.

use crate::exits::{AreaExit, ExitKind};
use crate::features::{Crossing, FeatureShape, WantedShapes, is_json, read_features};
use crate::open_ends::ExitProposal;
use crate::plane::LonLat;
use crate::population::read_place;
use crate::record::{NamedTexts, read_table};
use crate::region::AreaRegion;
use crate::request::NamedBytes;
use crate::roads::IndexedRoads;
use crate::zones::point_in;
use clearway_model::{Fault, Faults};

/// Columns, in their order.
const COLUMNS: [&str; 8] = ["use", "node_id", "x_coord", "y_coord", "name", "class", "kind", "reason"];

/// Farthest from its coordinates that an exit's node may be, m.
const NEAR_M: f64 = 200.0;

/// An exit that somebody says is one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct GivenExit {
    node_id: String,
    at: LonLat,
    name: String,
    file: String,
    place: String,
}

/// Reads the exits to use: a table or GeoJSON points.
pub(crate) fn read_exits(input: &NamedBytes, faults: &mut Faults) -> Vec<GivenExit> {
    let mut records: Vec<(NamedTexts, Option<LonLat>)> = Vec::new();
    if is_json(input) {
        for feature in read_features(input, WantedShapes::PointsOrPolygons, Crossing::Warning, faults) {
            let at = match &feature.shape {
                FeatureShape::Point(p) => Some(*p),
                FeatureShape::Polygons(polygons) => point_in(polygons),
            };
            records.push((feature.record, at));
        }
    } else {
        for record in read_table(input, clearway_text::WantedFile::Table, faults) {
            let at = read_place(&record, faults);
            records.push((record, at));
        }
    }
    let mut exits = Vec::new();
    for (record, at) in records {
        if !is_used(&record, faults) {
            continue;
        }
        let Some(at) = at else { continue };
        exits.push(GivenExit {
            node_id: record.text(&["node_id"]).to_owned(),
            at,
            name: record.text(&["name"]).to_owned(),
            file: record.file.clone(),
            place: record.place.clone(),
        });
    }
    if exits.is_empty() && !faults.has_errors() {
        faults.push(
            Fault::error(&input.name, "", "at least one exit that is used")
                .hint("write yes in the column use"),
        );
    }
    exits
}

/// Whether a row counts, by its column `use`; where it says nothing it does.
pub(crate) fn is_used(record: &NamedTexts, faults: &mut Faults) -> bool {
    match record.text(&["use"]).to_lowercase().as_str() {
        "" | "yes" | "y" | "true" | "1" => true,
        "no" | "n" | "false" | "0" => false,
        other => {
            faults.push(record.error("yes or no").field("use", other));
            false
        }
    }
}

/// The nodes of given exits: of the id given, or the nearest that a road leads to.
///
/// # Errors
/// Exits where there is no end or junction of a road.
pub(crate) fn confirmed(
    roads: &IndexedRoads,
    area: &AreaRegion,
    given: &[GivenExit],
) -> Result<Vec<AreaExit>, Faults> {
    let plane = area.plane();
    let ids = roads.nodes_by_id();
    let mut faults = Faults::default();
    let mut exits: Vec<AreaExit> = Vec::new();
    for exit in given {
        let distance = |n: usize| plane.distance(roads.place(n), exit.at);
        let named = ids
            .get(exit.node_id.as_str())
            .copied()
            .filter(|&n| !roads.entering(n).is_empty() && distance(n) <= NEAR_M);
        let nearest = || {
            (0..roads.node_count())
                .filter(|&n| !roads.entering(n).is_empty())
                .min_by(|&a, &b| distance(a).total_cmp(&distance(b)))
        };
        let Some(node) = named.or_else(nearest).filter(|&n| distance(n) <= NEAR_M) else {
            let expected = format!("a junction or an end of a road within {NEAR_M} m");
            let found = format!("{} {}", exit.at[0], exit.at[1]);
            faults.push(Fault::error(&exit.file, &exit.place, expected).field("x_coord, y_coord", found));
            continue;
        };
        if exits.iter().any(|other| other.node == node) {
            continue;
        }
        let mut made = AreaExit::at(roads, area, node, roads.entering(node), ExitKind::Confirmed);
        if !exit.name.is_empty() {
            made.road.clone_from(&exit.name);
            made.is_named = true;
        }
        exits.push(made);
    }
    exits.sort_by(|a, b| a.bearing.total_cmp(&b.bearing).then(a.node.cmp(&b.node)));
    if faults.has_errors() { Err(faults) } else { Ok(exits) }
}

/// The file: exits in use, then proposals. `names` are ids of the nodes by which each exit is known when roads are left out.
pub(crate) fn exits_csv(roads: &IndexedRoads, exits: &[AreaExit], proposals: &[ExitProposal]) -> Vec<u8> {
    let used = exits.iter().map(|exit| (exit, "yes", in_use(exit.kind)));
    let open = proposals.iter().map(|proposal| (&proposal.exit, "no", proposal.reason.as_str()));
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing into memory does not fail.
    let _ = writer.write_record(COLUMNS);
    for (exit, used, reason) in used.chain(open) {
        let node = &roads.network.nodes[exit.node];
        let (x, y) = (node.x_coord.to_string(), node.y_coord.to_string());
        let name = if exit.is_named { exit.road.as_str() } else { "" };
        let _ = writer.write_record([
            used,
            node.node_id.as_str(),
            x.as_str(),
            y.as_str(),
            name,
            exit.class.as_str(),
            exit.kind.word(),
            reason,
        ]);
    }
    writer.into_inner().unwrap_or_default()
}

fn in_use(kind: ExitKind) -> &'static str {
    match kind {
        ExitKind::Leaves => "a road leaves the area and goes on",
        ExitKind::MapEdge => "a road is cut by the map's edge",
        ExitKind::Confirmed => "given as an exit",
        ExitKind::Proposed => "",
    }
}
