//! Which kind of road map a file is.

use std::io::Read;
use std::path::Path;

use crate::buildings::buildings;
use crate::foreign::by_head;
use crate::gmns::import_gmns;
use crate::map_file::MapFile;
use crate::osm::{OsmFormat, import_osm, receiving_places};
use crate::overture::import_overture;
use crate::tntp::{import_tntp, looks_like_tntp};
use crate::watch::ImportWatch;
use crate::{ImportError, ImportOptions, RoadMap};
use clearway_model::{Cancel, FolderStore, MapArea, ReceivingPlace, Store};
use std::collections::BTreeMap;

/// So many bytes at the beginning of a file tell its kind.
const HEAD_BYTES: u64 = 512;

/// Reads a road map: OpenStreetMap (`.osm.pbf`, `.osm`, `.osm.gz`), Overture (GeoParquet of segments), GMNS (a folder with `node.csv` and `link.csv`, or one
/// of the two tables) or TNTP (`X_net.tntp`, its nodes beside it).
///
/// `progress` is told what is being done and the share that is done, 0..1. The kind is told from the first bytes of the
/// file, not from its name.
///
/// # Errors
/// [`ImportError`] if the map cannot be read, is damaged, or holds no road.
pub fn import_roads(
    path: &Path,
    options: &ImportOptions,
    progress: &dyn Fn(&str, f64),
) -> Result<RoadMap, ImportError> {
    let watch = ImportWatch { progress, cancel: &Cancel::default() };
    let (folder, name) = FolderStore::beside(path);
    import_map(&folder, name.as_deref(), options, watch)
}

/// The same for a map in a store: its file `name`, with those that belong to it in the same folder, or where there is no name GMNS tables at the top of
/// the store. OpenStreetMap files are read twice and piece by piece ([`Store::open`]), so that a map may be larger than the memory; tables are read
/// whole.
///
/// # Errors
/// As [`import_roads`]; [`ImportError::Cancelled`] soon after `watch` is cancelled.
pub fn import_map(
    store: &dyn Store,
    name: Option<&str>,
    options: &ImportOptions,
    watch: ImportWatch<'_>,
) -> Result<RoadMap, ImportError> {
    options.check()?;
    watch.go_on()?;
    let map = MapFile::new(store, name.unwrap_or_default());
    if map.is_folder() {
        return import_gmns(&map, options, watch);
    }
    let head = head_of(&map)?;
    let name = map.file_name().to_ascii_lowercase();
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&head);
    let first = text.iter().copied().find(|b| !b.is_ascii_whitespace());
    if let Some(format) = packed_osm(&head) {
        return import_osm(&map, format, options, watch);
    }
    if head.starts_with(b"PAR1") {
        return import_overture(&map, options, watch);
    }
    if let Some(foreign) = by_head(&head, &name) {
        return Err(foreign.fault(map.path()));
    }
    if looks_like_tntp(text) {
        return import_tntp(&map, options, watch);
    }
    if first == Some(b'<') {
        return import_osm(&map, OsmFormat::Xml, options, watch);
    }
    if name.ends_with(".csv") {
        return import_gmns(&map, options, watch);
    }
    let found = match first {
        None => "an empty file".to_string(),
        Some(_) => {
            format!("a file that begins with {:?}", String::from_utf8_lossy(&head[..head.len().min(12)]))
        }
    };
    Err(ImportError::UnknownFormat { path: map.path().to_path_buf(), found })
}

/// Places of a map of OpenStreetMap that might receive people, with how many were left out, by the tag that says why.
///
/// # Errors
/// [`ImportError`] if the map cannot be read or is none of OpenStreetMap, which alone has such places; [`ImportError::Cancelled`] soon
/// after `watch` is cancelled.
pub fn import_receiving_places(
    store: &dyn Store,
    name: Option<&str>,
    watch: ImportWatch<'_>,
) -> Result<(Vec<ReceivingPlace>, BTreeMap<String, u64>), ImportError> {
    watch.go_on()?;
    let map = MapFile::new(store, name.unwrap_or_default());
    receiving_places(&map, osm_format(&map)?, watch)
}

/// Buildings in which people may live, of a map of OpenStreetMap or of a GeoParquet file of polygons (Overture's buildings and alike), with how
/// many were left out, by the word that says why. The tags that are used are `building` and `building:levels`.
///
/// # Errors
/// [`ImportError`] if the file cannot be read or is neither; [`ImportError::Cancelled`] soon after `watch` is cancelled.
pub fn import_buildings(
    store: &dyn Store,
    name: Option<&str>,
    watch: ImportWatch<'_>,
) -> Result<(Vec<MapArea>, BTreeMap<String, u64>), ImportError> {
    watch.go_on()?;
    let map = MapFile::new(store, name.unwrap_or_default());
    if !map.is_folder() && head_of(&map)?.starts_with(b"PAR1") {
        return buildings(&map, None, watch);
    }
    buildings(&map, Some(osm_format(&map)?), watch)
}

/// The encoding of a map of OpenStreetMap.
///
/// # Errors
/// [`ImportError`] for any other file.
fn osm_format(map: &MapFile<'_>) -> Result<OsmFormat, ImportError> {
    let other = |what: &str| ImportError::Foreign {
        path: map.path().to_path_buf(),
        what: what.into(),
        hint: "only a map of OpenStreetMap (.osm.pbf, .osm, .osm.gz) has places beside its roads".into(),
    };
    if map.is_folder() {
        return Err(other("a folder of tables"));
    }
    let head = head_of(map)?;
    if let Some(format) = packed_osm(&head) {
        return Ok(format);
    }
    if let Some(foreign) = by_head(&head, &map.file_name().to_ascii_lowercase()) {
        return Err(foreign.fault(map.path()));
    }
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&head);
    match text.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'<') if !looks_like_tntp(text) => Ok(OsmFormat::Xml),
        _ => Err(other("a table")),
    }
}

/// The first bytes of a file.
fn head_of(map: &MapFile<'_>) -> Result<Vec<u8>, ImportError> {
    let mut head = Vec::new();
    map.open()?.reader.take(HEAD_BYTES).read_to_end(&mut head).map_err(|source| map.read_error(source))?;
    Ok(head)
}

/// The encoding of a map of OpenStreetMap that is not plain text.
fn packed_osm(head: &[u8]) -> Option<OsmFormat> {
    if head.starts_with(&[0x1f, 0x8b]) {
        return Some(OsmFormat::XmlGzip);
    }
    // A PBF file begins with the length of its first header, whose type is written in plain letters.
    head.windows(9).take(32).any(|w| w == b"OSMHeader").then_some(OsmFormat::Pbf)
}
