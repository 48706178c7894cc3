//! What is in an archive: the parts of one shapefile, a KML document, a GeoPackage.

use crate::MOST_BYTES;
use clearway_model::Fault;
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// The parts of a shapefile; of those that may be missing nothing.
#[derive(Debug, Default)]
pub(crate) struct ShapefileParts {
    /// Name without ending.
    pub name: String,
    pub shp: Vec<u8>,
    pub dbf: Option<Vec<u8>>,
    pub prj: Option<String>,
    pub cpg: Option<String>,
}

/// A map in an archive.
pub(crate) enum MapInside {
    Shapefile(ShapefileParts),
    Kml(Vec<u8>),
    GeoPackage(Vec<u8>),
}

/// The map in an archive; `None` where there is none that is read here, e.g. in a workbook.
pub(crate) fn map_inside(file: &str, bytes: &[u8]) -> Result<Option<MapInside>, Box<Fault>> {
    let broken =
        |error: String| Box::new(Fault::error(file, "", "a ZIP archive that can be unpacked").hint(error));
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| broken(error.to_string()))?;
    let names: Vec<String> = archive
        .file_names()
        .filter(|name| !name.starts_with("__MACOSX/") && !name.contains("/."))
        .map(str::to_owned)
        .collect();
    let ending = |wanted: &str| -> Vec<&String> {
        let mut found: Vec<&String> =
            names.iter().filter(|name| name.to_ascii_lowercase().ends_with(wanted)).collect();
        found.sort();
        found
    };
    let mut part = |name: &str| -> Result<Vec<u8>, Box<Fault>> {
        let mut inner = archive.by_name(name).map_err(|error| broken(format!("{name}: {error}")))?;
        let mut content = Vec::new();
        let read = (&mut inner).take(MOST_BYTES + 1).read_to_end(&mut content);
        read.map_err(|error| broken(format!("{name}: {error}")))?;
        if content.len() as u64 > MOST_BYTES {
            let fault = Fault::error(file, "", format!("parts of at most {} MB", MOST_BYTES >> 20));
            return Err(Box::new(fault.field("part", name).hint("give the layer that is meant alone")));
        }
        Ok(content)
    };
    let shapes = ending(".shp");
    match shapes.as_slice() {
        [] => {}
        [shp] => {
            let stem = &shp[..shp.len() - 4];
            let beside = |wanted: &str| {
                names.iter().find(|name| {
                    name.len() == stem.len() + 4
                        && name.is_char_boundary(stem.len())
                        && name[..stem.len()].eq_ignore_ascii_case(stem)
                        && name.to_ascii_lowercase().ends_with(wanted)
                })
            };
            let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).trim().to_owned();
            let mut parts = ShapefileParts {
                name: stem.rsplit('/').next().unwrap_or(stem).to_owned(),
                shp: part(shp)?,
                ..ShapefileParts::default()
            };
            parts.dbf = beside(".dbf").map(|name| part(name)).transpose()?;
            parts.prj = beside(".prj").map(|name| part(name)).transpose()?.map(text);
            parts.cpg = beside(".cpg").map(|name| part(name)).transpose()?.map(text);
            return Ok(Some(MapInside::Shapefile(parts)));
        }
        many => {
            let listed: Vec<&str> = many.iter().take(6).map(|name| name.as_str()).collect();
            let fault = Fault::error(file, "", "one shapefile in the archive");
            return Err(Box::new(
                fault
                    .field("shapefiles", listed.join(", "))
                    .hint("zip the one that is meant alone, e.g. zip LAYER.zip LAYER.*"),
            ));
        }
    }
    if let [kml] = ending(".kml").as_slice() {
        return Ok(Some(MapInside::Kml(part(kml)?)));
    }
    if names.iter().any(|name| name == "doc.kml") {
        return Ok(Some(MapInside::Kml(part("doc.kml")?)));
    }
    if let [package] = ending(".gpkg").as_slice() {
        return Ok(Some(MapInside::GeoPackage(part(package)?)));
    }
    Ok(None)
}
