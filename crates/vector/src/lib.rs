//! Map files of other programs as GeoJSON: zipped shapefiles, GeoPackages, KML and KMZ, alerts in CAP.
//!
//! [`geojson_of`] takes a file by its bytes and gives a `FeatureCollection` in WGS 84 degrees, longitude first, with the attributes of the
//! file as properties, so that whoever reads GeoJSON reads all of them. What it cannot read it refuses with the one command of a known
//! tool that converts it. Sizes are checked against the file before anything is allocated, and a malformed file is a fault, never a panic.

mod cap;
mod dbf;
mod feature;
mod geopackage;
mod kml;
mod nws;
mod shapefile;
mod unzip;
mod wkb;
mod xml;

use clearway_model::{Fault, Faults};
use feature::VectorFeature;

/// What a file is read for: by it the layer is chosen where a file has several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MapRole {
    /// The area that people leave.
    Area,
    /// Zones.
    Zones,
    /// Places that receive people.
    Sites,
    /// Where roads leave the area.
    Exits,
    /// Hazards with times.
    Hazards,
    /// Where the water of a flood comes from.
    Water,
}

impl MapRole {
    /// Names of the layer that is meant, the best first, where there are several.
    pub(crate) fn layers(self) -> &'static [&'static str] {
        match self {
            // zones together are an area
            Self::Area => &["area", "zones"],
            Self::Zones => &["zones"],
            Self::Sites => &["sites"],
            Self::Exits => &["exits"],
            Self::Hazards => &["hazards"],
            Self::Water => &["water"],
        }
    }
}

/// Most bytes that a part of an archive may have when it is unpacked, and most features of a file.
pub(crate) const MOST_BYTES: u64 = 512 << 20;
pub(crate) const MOST_FEATURES: usize = 2_000_000;

/// A map file as GeoJSON; `None` where it is none of the kinds that are read here (it may be GeoJSON or a table).
///
/// # Errors
/// A file of one of the kinds that cannot be read, with what was expected and what to do.
pub fn geojson_of(file: &str, bytes: &[u8], role: MapRole) -> Result<Option<Vec<u8>>, Box<Fault>> {
    geojson_with_warnings(file, bytes, role, &mut Faults::default())
}

/// The same; what of the file is left out is among the warnings.
///
/// # Errors
/// As [`geojson_of`].
pub fn geojson_with_warnings(
    file: &str,
    bytes: &[u8],
    role: MapRole,
    warnings: &mut Faults,
) -> Result<Option<Vec<u8>>, Box<Fault>> {
    let features =
        if bytes.starts_with(b"PK\x03\x04") {
            match unzip::map_inside(file, bytes)? {
                None => return Ok(None),
                Some(unzip::MapInside::Shapefile(parts)) => shapefile::features(file, &parts)?,
                Some(unzip::MapInside::Kml(text)) => kml::features(file, &text)?,
                Some(unzip::MapInside::GeoPackage(bytes)) => geopackage::features(file, &bytes, role)?,
            }
        } else if bytes.starts_with(b"SQLite format 3\0") {
            geopackage::features(file, bytes, role)?
        } else if bytes.starts_with(b"\0\0\x27\x0a") {
            return Err(Box::new(
                Fault::error(file, "", "a shapefile with the files beside it (.dbf, .prj), zipped together")
                    .field("kind of file", "the shapes of a shapefile alone")
                    .hint("zip SHAPES.zip SHAPES.* and give the archive: names and counts stand in the .dbf"),
            ));
        } else if role == MapRole::Hazards && nws::is_alerts(bytes) {
            nws::features(file, bytes, warnings)?
        } else {
            match xml::root(bytes).as_deref() {
                Some("kml") => kml::features(file, bytes)?,
                Some("alert") => cap::features(file, bytes, warnings)?,
                Some("feed" | "rss") => {
                    let fault = Fault::error(file, "", "an alert in CAP")
                        .field("kind of file", "a list of alerts (a feed)");
                    return Err(Box::new(fault.hint(
                        "get the alert itself from the address of its entry: curl -o alert.xml ADDRESS",
                    )));
                }
                _ => return Ok(None),
            }
        };
    if features.is_empty() {
        return Err(Box::new(Fault::error(file, "", "at least one feature with a shape")));
    }
    let places = features.iter().flat_map(VectorFeature::positions);
    if let Some([lon, lat]) = places.into_iter().find(|[lon, lat]| !(lon.abs() <= 180.0 && lat.abs() <= 90.0))
    {
        let found = format!("{lon}, {lat}");
        let fault = Fault::error(file, "", "longitude -180 to 180 and latitude -90 to 90, degrees");
        return Err(Box::new(
            fault
                .field("position", found)
                .hint(format!("it is in another coordinate system than it says: {}", feature::convert(file))),
        ));
    }
    Ok(Some(feature::collection(&features)))
}
