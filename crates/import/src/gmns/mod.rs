//! GMNS tables: `node.csv`, `link.csv`, and where they are there `movement.csv`, `config.csv`, `sources.csv`.
//!
//! Tables with our own columns (`capacity_pcu_h`) are taken over as they are; for others the figures are derived. Ids
//! belong to whoever made the tables: nothing is contracted and nothing is dropped but links from a node to itself.

mod files;
mod links;
mod movements;

use std::collections::HashMap;

use clearway_model::{NodeRow, SourceRow, SourceStatus};

pub(crate) use crate::gmns::links::MOST_ROAD_PCU_H;

use crate::gmns::files::GmnsFiles;
use crate::gmns::links::read_links;
use crate::gmns::movements::read_movements;
use crate::map_file::MapFile;
use crate::sources::{default_sources, map_sources};
use crate::table::CsvTable;
use crate::watch::ImportWatch;
use crate::write::{EDGE_NODE, status_word};
use crate::{ImportError, ImportOptions, ImportReport, RoadMap};

/// Columns whose figures the tables themselves state.
const TABLE_FIELDS: [(&str, &str); 5] =
    [("node", "x_coord"), ("node", "y_coord"), ("link", "length_m"), ("link", "lanes"), ("link", "time_ms")];

/// Reads a folder of GMNS tables, or the pair to which a table belongs.
pub(crate) fn import_gmns(
    file: &MapFile<'_>,
    options: &ImportOptions,
    watch: ImportWatch<'_>,
) -> Result<RoadMap, ImportError> {
    let files = GmnsFiles::find(file)?;
    watch.begin("reading node.csv", 0.0)?;
    let mut map = RoadMap::default();
    let nodes = CsvTable::read(&files.node)?;
    read_nodes(&nodes, &mut map)?;
    watch.begin("reading link.csv", 0.2)?;
    let mut report = ImportReport {
        file: file.file_name(),
        format: "gmns".into(),
        junctions: map.nodes.len() as u64,
        ..ImportReport::default()
    };
    let place: HashMap<&str, (f64, f64)> =
        map.nodes.iter().map(|n| (n.node_id.as_str(), (n.x_coord, n.y_coord))).collect();
    let links = read_links(&files, &place, options, &mut report)?;
    if links.rows.is_empty() {
        let found = format!("{} rows, none of them open to these road users", report.roads_read);
        return Err(ImportError::NoRoads { path: files.link.path().into(), found });
    }
    watch.begin("reading movement.csv", 0.8)?;
    if files.movement.is_there() {
        map.movements = read_movements(&files.movement, &links, &mut report)?;
    }
    map.links = links.rows;
    if files.attribution.is_there() {
        let text = std::io::read_to_string(files.attribution.open()?.reader)
            .map_err(|source| files.attribution.read_error(source))?;
        map.attribution = text.trim().to_string();
    }
    map.sources = if files.sources.is_there() {
        read_sources(&files.sources)?
    } else {
        let mut sources =
            map_sources(&report.file, "", &TABLE_FIELDS, "as the tables state it, where they do");
        if !links.ours {
            sources.extend(default_sources());
        }
        sources
    };
    report.nodes = map.nodes.len() as u64;
    report.links = map.links.len() as u64;
    report.movements = map.movements.len() as u64;
    report.boundary_nodes = map.boundary_nodes.len() as u64;
    map.report = report;
    watch.begin("done", 1.0)?;
    Ok(map)
}

fn read_nodes(table: &CsvTable, map: &mut RoadMap) -> Result<(), ImportError> {
    table.require(&["node_id", "x_coord", "y_coord"])?;
    let mut seen = std::collections::HashSet::new();
    for row in table.rows() {
        let id = row.required("node_id")?;
        if !seen.insert(id) {
            return Err(row.fault("node_id", "an id that no row before has"));
        }
        let coordinate = |column: &str, most: f64| match row.number(column, f64::NEG_INFINITY)? {
            Some(value) if value.abs() <= most => Ok(value),
            _ => Err(row.fault(column, format!("degrees of WGS 84, from -{most} to {most}"))),
        };
        map.nodes.push(NodeRow {
            node_id: id.into(),
            name: row.text("name").into(),
            x_coord: coordinate("x_coord", 180.0)?,
            y_coord: coordinate("y_coord", 90.0)?,
        });
        if matches!(row.text("node_type"), EDGE_NODE | "external") {
            map.boundary_nodes.push(id.into());
        }
    }
    Ok(())
}

fn read_sources(file: &MapFile<'_>) -> Result<Vec<SourceRow>, ImportError> {
    let table = CsvTable::read(file)?;
    let all = [SourceStatus::Published, SourceStatus::Derived, SourceStatus::Default, SourceStatus::Assumed];
    table
        .rows()
        .map(|row| {
            let status = all.into_iter().find(|s| status_word(*s) == row.text("status"));
            Ok(SourceRow {
                table: row.text("table").into(),
                id: row.text("id").into(),
                field: row.text("field").into(),
                status: status
                    .ok_or_else(|| row.fault("status", "published, derived, default or assumed"))?,
                source: row.text("source").into(),
                url: row.text("url").into(),
                as_of: row.text("as_of").into(),
                note: row.text("note").into(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests;
