//! Which kind of road map a path is.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::foreign::by_head;
use crate::gmns::import_gmns;
use crate::osm::{OsmFormat, import_osm};
use crate::tntp::{import_tntp, looks_like_tntp};
use crate::{ImportError, ImportOptions, RoadMap};

/// Reads a road map: OpenStreetMap (`.osm.pbf`, `.osm`, `.osm.gz`), GMNS (a folder with `node.csv` and `link.csv`, or one
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
    options.check()?;
    let read_error = |source| ImportError::Read { path: path.to_path_buf(), source };
    if std::fs::metadata(path).map_err(read_error)?.is_dir() {
        return import_gmns(path, options, progress);
    }
    let mut head = Vec::new();
    File::open(path).and_then(|file| file.take(512).read_to_end(&mut head)).map_err(read_error)?;
    let name = path.file_name().map(|n| n.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&head);
    let first = text.iter().copied().find(|b| !b.is_ascii_whitespace());
    if head.starts_with(&[0x1f, 0x8b]) {
        return import_osm(path, OsmFormat::XmlGzip, options, progress);
    }
    // A PBF file begins with the length of its first header, whose type is written in plain letters.
    if head.windows(9).take(32).any(|w| w == b"OSMHeader") {
        return import_osm(path, OsmFormat::Pbf, options, progress);
    }
    if let Some(foreign) = by_head(&head, &name) {
        return Err(foreign.fault(path));
    }
    if looks_like_tntp(text) {
        return import_tntp(path, options, progress);
    }
    if first == Some(b'<') {
        return import_osm(path, OsmFormat::Xml, options, progress);
    }
    if name.ends_with(".csv") {
        return import_gmns(path, options, progress);
    }
    let found = match first {
        None => "an empty file".to_string(),
        Some(_) => {
            format!("a file that begins with {:?}", String::from_utf8_lossy(&head[..head.len().min(12)]))
        }
    };
    Err(ImportError::UnknownFormat { path: path.to_path_buf(), found })
}
