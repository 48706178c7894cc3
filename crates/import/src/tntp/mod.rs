//! TNTP, the text format of *Transportation Networks for Research*: `X_net.tntp` with its nodes, and `X_trips.tntp`.
//!
//! The format states no units; they come from the caller, from the file's own header, or from a short list of networks
//! that are known by name, and the report says which. Ids belong to whoever made the tables: nothing is contracted.

mod coordinates;
mod files;
mod known;
mod links;
mod nodes;
mod text;
mod trips;
mod units;

pub use trips::{TripTable, read_tntp_trips};
pub use units::{TntpCoordinates, TntpLength, TntpOptions, TntpTime};

use crate::map_file::MapFile;
use crate::sources::{default_sources, map_sources};
use crate::tntp::files::TntpFiles;
use crate::tntp::known::attribution;
use crate::tntp::links::read_links;
use crate::tntp::nodes::read_nodes;
use crate::tntp::text::TntpText;
use crate::tntp::units::resolve;
use crate::watch::ImportWatch;
use crate::{ImportError, ImportOptions, ImportReport, RoadMap};

/// Columns whose figures the file itself states.
const FIELDS: [(&str, &str); 5] = [
    ("node", "x_coord"),
    ("node", "y_coord"),
    ("link", "length_m"),
    ("link", "time_ms"),
    ("link", "capacity"),
];

/// Whether the beginning of a file is that of a TNTP network or trip table. Its tags look like XML and are not.
pub(crate) fn looks_like_tntp(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head);
    ["<NUMBER OF", "<FIRST THRU NODE>", "<TOTAL OD FLOW>", "<END OF METADATA>"]
        .iter()
        .any(|tag| text.contains(tag))
}

/// Reads `X_net.tntp` and the nodes beside it.
pub(crate) fn import_tntp(
    file: &MapFile<'_>,
    options: &ImportOptions,
    watch: ImportWatch<'_>,
) -> Result<RoadMap, ImportError> {
    watch.begin("reading the TNTP network", 0.0)?;
    let text = TntpText::read(file)?;
    if text.number("TOTAL OD FLOW").is_some() {
        let found = "a TNTP trip table (the road map is the file whose name ends in _net.tntp)".to_string();
        return Err(ImportError::UnknownFormat { path: file.path().into(), found });
    }
    let files = TntpFiles::find(file)?;
    let mut report =
        ImportReport { file: file.file_name(), format: "tntp".into(), ..ImportReport::default() };
    let places = read_nodes(&files.node)?;
    let units = resolve(&text, &files.network, &options.tntp)?;
    let places = coordinates::to_degrees(places, &files, units.coordinates, &mut report)?;
    report.notes.extend(units.notes.iter().cloned());
    watch.begin("making links", 0.4)?;
    let made = read_links(&text, &places, &units, &mut report)?;
    if made.links.is_empty() {
        let found = format!("{} rows", report.roads_read);
        return Err(ImportError::NoRoads { path: file.path().into(), found });
    }
    let mut sources =
        map_sources(&report.file, "", &FIELDS, "as the file states it, in the units that import.txt names");
    sources.extend(default_sources());
    report.junctions = made.nodes.len() as u64;
    report.nodes = made.nodes.len() as u64;
    report.links = made.links.len() as u64;
    watch.begin("done", 1.0)?;
    Ok(RoadMap {
        nodes: made.nodes,
        links: made.links,
        attribution: attribution(&files.network).into(),
        sources,
        report,
        ..RoadMap::default()
    })
}

#[cfg(test)]
mod tests;
