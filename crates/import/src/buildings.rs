//! Buildings in which people may live: of a map of OpenStreetMap, or of a GeoParquet file of Overture.

use crate::ImportError;
use crate::map_file::MapFile;
use crate::osm::{OsmFormat, read_areas};
use crate::overture::overture_buildings;
use crate::watch::ImportWatch;
use clearway_model::MapArea;
use std::collections::BTreeMap;

/// Values of `building` (and classes of Overture, which are the same words) in which nobody lives.
const NOBODY_LIVES: [&str; 62] = [
    "no",
    "garage",
    "garages",
    "carport",
    "shed",
    "barn",
    "stable",
    "sty",
    "cowshed",
    "greenhouse",
    "glasshouse",
    "storage_tank",
    "silo",
    "industrial",
    "warehouse",
    "factory",
    "manufacture",
    "commercial",
    "retail",
    "supermarket",
    "kiosk",
    "office",
    "school",
    "university",
    "college",
    "kindergarten",
    "hospital",
    "church",
    "cathedral",
    "chapel",
    "mosque",
    "temple",
    "synagogue",
    "shrine",
    "religious",
    "civic",
    "public",
    "government",
    "train_station",
    "transportation",
    "hangar",
    "parking",
    "roof",
    "canopy",
    "bridge",
    "bridge_structure",
    "service",
    "transformer_tower",
    "water_tower",
    "sports_hall",
    "sports_centre",
    "stadium",
    "grandstand",
    "pavilion",
    "riding_hall",
    "ruins",
    "construction",
    "collapsed",
    "toilets",
    "bunker",
    "fire_station",
    "agricultural",
];

/// Buildings of a file, and how many were left out, by the word that says why.
pub(crate) fn buildings(
    file: &MapFile<'_>,
    format: Option<OsmFormat>,
    watch: ImportWatch<'_>,
) -> Result<(Vec<MapArea>, BTreeMap<String, u64>), ImportError> {
    let all: Vec<MapArea> = match format {
        Some(format) => {
            let wanted = |tags: &[(&str, &str)]| tags.iter().any(|(key, _)| *key == "building");
            read_areas(file, format, &wanted, watch)?
        }
        None => overture_buildings(file, watch)?,
    };
    let mut left_out: BTreeMap<String, u64> = BTreeMap::new();
    let mut kept = Vec::new();
    for building in all {
        let kind = building.tag("building").unwrap_or_default();
        if NOBODY_LIVES.contains(&kind) {
            *left_out.entry(kind.to_owned()).or_default() += 1;
        } else if building.polygons.is_empty() {
            *left_out.entry("without a whole outline".to_owned()).or_default() += 1;
        } else {
            kept.push(building);
        }
    }
    Ok((kept, left_out))
}
