//! Shapefiles (ESRI Shapefile Technical Description, July 1998): points, lines and polygons with the attributes beside them. Read here, and
//! not with a crate, because a file of anybody must never end the program: every size is held against the bytes that are there.

use crate::MOST_FEATURES;
use crate::dbf;
use crate::feature::{Position, VectorFeature, VectorShape, convert, polygons};
use crate::unzip::ShapefileParts;
use clearway_model::Fault;
use clearway_model::number::index;
use clearway_raster::CoordinateSystem;
use serde_json::Map;

/// Bytes of the header of the file and of a record.
const FILE_HEADER: usize = 100;
const RECORD_HEADER: usize = 8;

/// The features of a shapefile, in degrees.
pub(crate) fn features(file: &str, parts: &ShapefileParts) -> Result<Vec<VectorFeature>, Box<Fault>> {
    let crs = system(file, parts)?;
    let shapes = shapes(file, &parts.shp)?;
    let rows = match &parts.dbf {
        Some(bytes) => dbf::rows(file, bytes, parts.cpg.as_deref())?,
        None => Vec::new(),
    };
    if parts.dbf.is_some() && rows.len() != shapes.len() {
        let fault = Fault::error(file, "", format!("as many rows of attributes as shapes, {}", shapes.len()));
        return Err(Box::new(
            fault.field("rows in the .dbf", rows.len()).hint("is one of the files of another version?"),
        ));
    }
    let mut rows = rows.into_iter().map(Some).chain(std::iter::repeat_with(|| None));
    let features = shapes.into_iter().map(|shape| {
        // a row that is marked as deleted takes its shape with it
        let properties = match rows.next().flatten() {
            Some(row) => row?,
            None => Map::new(),
        };
        Some(VectorFeature { properties, shape }.in_degrees(crs))
    });
    Ok(features.flatten().filter(|feature| feature.shape != VectorShape::Nothing).collect())
}

/// The coordinate system of the `.prj`.
fn system(file: &str, parts: &ShapefileParts) -> Result<CoordinateSystem, Box<Fault>> {
    let expected = "WGS 84, ETRS89 or NAD83 as degrees or UTM, web Mercator or Mollweide";
    let Some(text) = parts.prj.as_deref().filter(|text| !text.is_empty()) else {
        let fault =
            Fault::error(file, "", format!("a file {}.prj that names its coordinate system", parts.name));
        return Err(Box::new(fault.hint(format!(
            "if it is in degrees: ogr2ogr -f GeoJSON -s_srs EPSG:4326 \"{}.geojson\" \"/vsizip/{file}\"",
            parts.name
        ))));
    };
    CoordinateSystem::from_wkt(text).ok_or_else(|| {
        let found: String = text.chars().take(80).collect();
        Box::new(
            Fault::error(file, "", expected)
                .field("coordinate system", found)
                .hint(format!("convert it: {}", convert(file))),
        )
    })
}

/// Numbers out of bytes; nothing beyond their end.
struct ByteReader<'a> {
    bytes: &'a [u8],
}

impl ByteReader<'_> {
    fn big(&self, at: usize) -> Option<u32> {
        Some(u32::from_be_bytes(self.bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
    }

    fn little(&self, at: usize) -> Option<u32> {
        Some(u32::from_le_bytes(self.bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
    }

    fn double(&self, at: usize) -> Option<f64> {
        Some(f64::from_le_bytes(self.bytes.get(at..at.checked_add(8)?)?.try_into().ok()?))
    }

    fn position(&self, at: usize) -> Option<Position> {
        Some([self.double(at)?, self.double(at.checked_add(8)?)?])
    }
}

fn shapes(file: &str, bytes: &[u8]) -> Result<Vec<VectorShape>, Box<Fault>> {
    let fault = |place: String, expected: &str| Box::new(Fault::error(file, place, expected.to_owned()));
    let all = ByteReader { bytes };
    if all.big(0) != Some(9994) || bytes.len() < FILE_HEADER {
        return Err(fault(String::new(), "shapes that begin with the number 9994"));
    }
    let stated = all.big(24).map_or(0, |words| index(words).saturating_mul(2));
    if stated != bytes.len() {
        let cut = Fault::error(file, "", format!("shapes of {stated} bytes, as their header says"));
        return Err(Box::new(
            cut.field("bytes", bytes.len()).hint("the file is cut off or damaged: get it again"),
        ));
    }
    let mut shapes = Vec::new();
    let mut at = FILE_HEADER;
    while at < bytes.len() {
        let place = format!("shape {}", shapes.len() + 1);
        let length = all.big(at + 4).map(|words| index(words).saturating_mul(2));
        let content = length
            .and_then(|length| bytes.get(at + RECORD_HEADER..(at + RECORD_HEADER).checked_add(length)?));
        let Some(content) = content else { return Err(fault(place, "a record that lies within the file")) };
        let shape = shape(&ByteReader { bytes: content });
        shapes.push(
            shape.ok_or_else(|| fault(place, "a point, line or polygon whose positions are all there"))?,
        );
        if shapes.len() > MOST_FEATURES {
            return Err(fault(String::new(), &format!("at most {MOST_FEATURES} shapes")));
        }
        at += RECORD_HEADER + content.len();
    }
    Ok(shapes)
}

/// A shape; heights and measures are left out.
fn shape(record: &ByteReader<'_>) -> Option<VectorShape> {
    match record.little(0)? {
        0 => Some(VectorShape::Nothing),
        1 | 11 | 21 => Some(VectorShape::Point(record.position(4)?)),
        3 | 13 | 23 => {
            let mut lines = parts(record)?;
            // of a line in several parts the first: nothing here is made of lines
            (!lines.is_empty()).then(|| VectorShape::Line(lines.swap_remove(0)))
        }
        // outer rings turn with the clock
        5 | 15 | 25 => Some(VectorShape::Polygons(polygons(parts(record)?, true))),
        8 | 18 | 28 => Some(VectorShape::Point(record.position(40)?)),
        _ => None,
    }
}

/// The parts of a line or polygon.
fn parts(record: &ByteReader<'_>) -> Option<Vec<Vec<Position>>> {
    let (count, points) = (index(record.little(36)?), index(record.little(40)?));
    let from = 44_usize.checked_add(count.checked_mul(4)?)?;
    // all are there before room is made for them
    if record.bytes.len() < from.checked_add(points.checked_mul(16)?)? {
        return None;
    }
    let starts: Option<Vec<usize>> = (0..count).map(|part| record.little(44 + 4 * part).map(index)).collect();
    let starts = starts?;
    let mut parts = Vec::with_capacity(count);
    for (part, &begin) in starts.iter().enumerate() {
        let end = starts.get(part + 1).copied().unwrap_or(points);
        if begin > end || end > points {
            return None;
        }
        let positions: Option<Vec<Position>> =
            (begin..end).map(|point| record.position(from + 16 * point)).collect();
        parts.push(positions?);
    }
    Some(parts)
}
