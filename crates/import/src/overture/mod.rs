//! Roads of Overture Maps: a GeoParquet file of transportation segments, as what OpenStreetMap says of the same roads.
//!
//! A segment is a line with rules, some of which hold on a part of it only or in one direction. Here it becomes ways with tags, cut where a rule
//! begins or ends and joined where segments share a connector, and from there on they are read by the same rules as a map of OpenStreetMap
//! (`docs/reference/import.md`). Fields by the schema of Overture's transportation theme (docs.overturemaps.org, 1.x).

mod buildings;
mod line;
mod parquet_table;
mod rules;
mod segments;

pub(crate) use buildings::overture_buildings;

use crate::map_file::MapFile;
use crate::osm::{MapOrigin, import_data};
use crate::watch::ImportWatch;
use crate::{ImportError, ImportOptions, RoadMap};

/// What must be printed beside everything that is made from the map.
const ATTRIBUTION: &str = "\u{a9} OpenStreetMap contributors, Overture Maps Foundation, Open Database License 1.0, https://docs.overturemaps.org/attribution";

/// Reads a file of segments.
pub(crate) fn import_overture(
    file: &MapFile<'_>,
    options: &ImportOptions,
    watch: ImportWatch<'_>,
) -> Result<RoadMap, ImportError> {
    watch.begin("reading segments", 0.0)?;
    let read = segments::read(file, watch)?;
    let origin = MapOrigin {
        format: "overture-segments",
        attribution: ATTRIBUTION,
        publisher: "Overture Maps Foundation, out of OpenStreetMap and others",
        url: "https://docs.overturemaps.org/attribution",
    };
    let mut map = import_data(file, read.data, &origin, options, watch)?;
    map.report.notes.extend(read.notes);
    Ok(map)
}
