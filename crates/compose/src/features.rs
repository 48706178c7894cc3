//! Reads GeoJSON: features with their properties and a point or polygons, checked.

use crate::plane::{LonLat, LonLatBox};
use crate::record::{NamedTexts, text_of};
use crate::request::NamedBytes;
use clearway_model::{Fault, Faults, Severity};
use clearway_text::parse_json;
use geo::orient::{Direction, Orient};
use geo::{Coord, LineString, MultiPolygon, Polygon, Validation};
use serde_json::{Map, Value};

/// The shape of a feature.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum FeatureShape {
    /// A point, longitude and latitude in degrees, as of a site.
    Point(LonLat),
    /// One or more polygons, possibly with holes.
    Polygons(MultiPolygon<f64>),
}

/// A feature of a GeoJSON file with the properties by which it is read.
#[derive(Debug, Clone)]
pub(crate) struct GivenFeature {
    /// Its properties as texts, with file and place.
    pub(crate) record: NamedTexts,
    /// Its `id` member as text, may be empty.
    pub(crate) id: String,
    /// Its properties as they are.
    pub(crate) properties: Map<String, Value>,
    /// Its geometry as it is.
    pub(crate) geometry: Value,
    pub(crate) shape: FeatureShape,
}

/// Which shapes a file may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WantedShapes {
    Polygons,
    PointsOrPolygons,
}

/// How bad a polygon that crosses itself is: for an area either reading is close, for a hazard it is not.
pub(crate) type Crossing = Severity;

/// Whether the file is GeoJSON rather than a table, by its first sign.
pub(crate) fn is_json(input: &NamedBytes) -> bool {
    let text = input.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&input.bytes);
    text.iter().find(|byte| !byte.is_ascii_whitespace()).is_some_and(|byte| b"{[".contains(byte))
}

/// Reads a feature collection, a feature or a bare geometry. Features with faults are left out.
pub(crate) fn read_features(
    input: &NamedBytes,
    wanted: WantedShapes,
    crossing: Crossing,
    faults: &mut Faults,
) -> Vec<GivenFeature> {
    let Some(text) = text_of(input, clearway_text::WantedFile::Shapes, faults) else { return Vec::new() };
    let document: Value = match parse_json(text) {
        Ok(document) => document,
        Err(error) => {
            let place = format!("line {}", error.line());
            let hint = other_text(input, text).unwrap_or_else(|| error.to_string());
            faults.push(Fault::error(&input.name, place, "GeoJSON").hint(hint));
            return Vec::new();
        }
    };
    if let Some(name) = other_json(&document) {
        let stem = input.name.rsplit_once('.').map_or(input.name.as_str(), |(stem, _)| stem);
        let hint =
            format!("convert it: ogr2ogr -f GeoJSON -t_srs EPSG:4326 {stem}-new.geojson {}", input.name);
        faults.push(Fault::error(&input.name, "", "GeoJSON").field("kind of file", name).hint(hint));
        return Vec::new();
    }
    if let Some(name) = document.pointer("/crs/properties/name").and_then(Value::as_str)
        && !["CRS84", "4326"].iter().any(|known| name.contains(known))
    {
        faults.push(
            Fault::error(&input.name, "", "WGS 84 longitude and latitude")
                .field("crs", name)
                .hint("export the file in EPSG:4326"),
        );
        return Vec::new();
    }
    let raw: Vec<&Value> = match document.get("type").and_then(Value::as_str) {
        Some("FeatureCollection") => document
            .get("features")
            .and_then(Value::as_array)
            .map_or_else(Vec::new, |list| list.iter().collect()),
        _ => vec![&document],
    };
    if raw.is_empty() {
        faults.push(Fault::error(&input.name, "", "at least one feature"));
    }
    raw.iter()
        .enumerate()
        .filter_map(|(at, value)| read_feature(input, at + 1, value, wanted, crossing, faults))
        .collect()
}

/// What text is that is no JSON, as a hint.
fn other_text(input: &NamedBytes, text: &str) -> Option<String> {
    let first = text.lines().find(|line| !line.trim().is_empty())?;
    let head = first.trim_start().to_ascii_uppercase();
    if head.starts_with("POLYGON") || head.starts_with("MULTIPOLYGON") {
        return Some("this is WKT: ogr2ogr makes GeoJSON of a table with a column WKT".to_owned());
    }
    let is_table = !is_json(input) && first.contains([',', ';', '\t']);
    is_table.then(|| {
        let stem = input.name.rsplit_once('.').map_or(input.name.as_str(), |(stem, _)| stem);
        format!(
            "this is a table; one with a column WKT is converted by: ogr2ogr -f GeoJSON {stem}.geojson {} -oo GEOM_POSSIBLE_NAMES=WKT,geometry,geom -a_srs EPSG:4326",
            input.name
        )
    })
}

/// What JSON is that is not GeoJSON and that a known tool converts.
fn other_json(document: &Value) -> Option<&'static str> {
    let is_geojson = document.get("type").and_then(Value::as_str).is_some_and(|kind| kind != "Topology");
    if document.get("type").and_then(Value::as_str) == Some("Topology") {
        return Some("TopoJSON");
    }
    let is_esri = document.get("geometryType").is_some() || document.get("rings").is_some();
    (is_esri && !is_geojson).then_some("Esri JSON")
}

fn read_feature(
    input: &NamedBytes,
    number: usize,
    value: &Value,
    wanted: WantedShapes,
    crossing: Crossing,
    faults: &mut Faults,
) -> Option<GivenFeature> {
    let place = format!("feature {number}");
    let is_feature = value.get("type").and_then(Value::as_str) == Some("Feature");
    let geometry = if is_feature { value.get("geometry").unwrap_or(&Value::Null) } else { value };
    let properties = value
        .get("properties")
        .filter(|_| is_feature)
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    let id = match value.get("id").filter(|_| is_feature) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => crate::record::number_text(number),
        _ => String::new(),
    };
    let record = NamedTexts::from_properties(&input.name, &place, &properties);
    if let Some(name) = record.doubled() {
        faults.push(
            record
                .error("each property once")
                .field("property", name)
                .hint("which of the two counts cannot be known"),
        );
    }
    check_feature(record, id, properties, geometry.clone(), wanted, crossing, faults)
}

/// A feature if its geometry is what is wanted.
pub(crate) fn check_feature(
    record: NamedTexts,
    id: String,
    properties: Map<String, Value>,
    geometry: Value,
    wanted: WantedShapes,
    crossing: Crossing,
    faults: &mut Faults,
) -> Option<GivenFeature> {
    let shape = match read_shape(&geometry, wanted) {
        Ok(shape) => shape,
        Err((found, expected)) => {
            faults.push(record.error(expected).field("geometry", found));
            return None;
        }
    };
    if let FeatureShape::Polygons(polygons) = &shape
        && let Err(problem) = polygons.check_validation()
    {
        let fault = match crossing {
            Severity::Error => record.error("a valid polygon"),
            Severity::Warning => Fault::warning(&record.file, &record.place, "a valid polygon"),
        };
        faults.push(
            fault
                .field("geometry", problem)
                .hint("draw it so that no ring crosses or touches itself or another"),
        );
        if crossing == Severity::Error {
            return None;
        }
    }
    Some(GivenFeature { record, id, properties, geometry, shape })
}

type Problem = (String, &'static str);

fn read_shape(geometry: &Value, wanted: WantedShapes) -> Result<FeatureShape, Problem> {
    let expected = match wanted {
        WantedShapes::Polygons => "Polygon or MultiPolygon",
        WantedShapes::PointsOrPolygons => "Point, Polygon or MultiPolygon",
    };
    let kind = geometry.get("type").and_then(Value::as_str).unwrap_or("nothing");
    let coordinates = geometry.get("coordinates").unwrap_or(&Value::Null);
    match kind {
        "Point" if wanted == WantedShapes::PointsOrPolygons => {
            Ok(FeatureShape::Point(read_position(coordinates)?))
        }
        "Polygon" => Ok(FeatureShape::Polygons(MultiPolygon(vec![read_polygon(coordinates)?]))),
        "MultiPolygon" => {
            let parts: Result<Vec<_>, _> = list(coordinates)?.iter().map(read_polygon).collect();
            let parts = parts?;
            if parts.is_empty() {
                return Err(("no polygon".into(), expected));
            }
            Ok(FeatureShape::Polygons(MultiPolygon(parts)))
        }
        other => Err((other.to_owned(), expected)),
    }
}

fn list(value: &Value) -> Result<&Vec<Value>, Problem> {
    value.as_array().ok_or_else(|| (value.to_string(), "a list of coordinates"))
}

fn read_polygon(value: &Value) -> Result<Polygon<f64>, Problem> {
    let mut rings = Vec::new();
    for ring in list(value)? {
        let positions: Result<Vec<LonLat>, Problem> = list(ring)?.iter().map(read_position).collect();
        let positions = positions?;
        if positions.len() < 4 {
            return Err((
                format!("a ring of {} positions", positions.len()),
                "rings of at least 4 positions",
            ));
        }
        if positions.first() != positions.last() {
            return Err(("a ring that is not closed".into(), "rings that end where they begin"));
        }
        let twice_area: f64 = positions.windows(2).map(|w| w[0][0] * w[1][1] - w[1][0] * w[0][1]).sum();
        if twice_area == 0.0 {
            return Err(("a ring without area".into(), "rings that enclose an area"));
        }
        rings.push(LineString(positions.iter().map(|p| Coord { x: p[0], y: p[1] }).collect()));
    }
    if rings.is_empty() {
        return Err(("no ring".into(), "a polygon with at least one ring"));
    }
    let outer = rings.remove(0);
    // programs turn rings either way, and areas are joined by the way in which they turn: one of each would vanish
    Ok(Polygon::new(outer, rings).orient(Direction::Default))
}

fn read_position(value: &Value) -> Result<LonLat, Problem> {
    let numbers: Vec<f64> = list(value)?.iter().filter_map(Value::as_f64).collect();
    match numbers[..] {
        [lon, lat, ..] if lon.abs() <= 180.0 && lat.abs() <= 90.0 => Ok([lon, lat]),
        _ => Err((value.to_string(), "longitude -180 to 180 and latitude -90 to 90, degrees, in this order")),
    }
}

/// All polygons of the features, and the box around them.
pub(crate) fn all_polygons(features: &[GivenFeature]) -> MultiPolygon<f64> {
    MultiPolygon(
        features
            .iter()
            .filter_map(|f| match &f.shape {
                FeatureShape::Polygons(polygons) => Some(polygons.0.clone()),
                FeatureShape::Point(_) => None,
            })
            .flatten()
            .collect(),
    )
}

/// The box around the features.
pub(crate) fn frame_of(features: &[GivenFeature]) -> Option<LonLatBox> {
    LonLatBox::around(features.iter().flat_map(|feature| match &feature.shape {
        FeatureShape::Point(p) => vec![*p],
        FeatureShape::Polygons(polygons) => {
            polygons.0.iter().flat_map(|p| p.exterior().coords().map(|c| [c.x, c.y])).collect()
        }
    }))
}

/// Whether the shapes lie where the roads are; a fault where they do so only with longitude and latitude exchanged.
pub(crate) fn check_place(
    file: &str,
    shapes: Option<LonLatBox>,
    roads: LonLatBox,
    faults: &mut Faults,
) -> bool {
    let Some(shapes) = shapes else { return false };
    if shapes.meets(&roads) {
        return true;
    }
    let found = format!("[{}, {}]", shapes.min[0], shapes.min[1]);
    if shapes.swapped().meets(&roads) {
        faults.push(
            Fault::error(file, "", "longitude before latitude")
                .field("coordinates", found)
                .hint("latitude and longitude seem to be exchanged: GeoJSON and x, y give longitude first"),
        );
    } else {
        let expected = format!(
            "a place where there are roads: longitude {} to {}, latitude {} to {}",
            roads.min[0], roads.max[0], roads.min[1], roads.max[1]
        );
        faults.push(Fault::error(file, "", expected).field("coordinates", found));
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Vec<GivenFeature>, Vec<String>) {
        let mut faults = Faults::default();
        let features = read_features(
            &NamedBytes::new("a.geojson", text),
            WantedShapes::Polygons,
            Severity::Error,
            &mut faults,
        );
        (features, faults.0.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn bare_geometry_and_collection() {
        let (features, faults) = read(r#"{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}"#);
        assert!(faults.is_empty() && features.len() == 1, "{faults:?}");
        let (features, _) = read(
            r#"{"type":"FeatureCollection","features":[{"type":"Feature","id":7,"properties":null,"geometry":
            {"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]],[[[5,5],[6,5],[6,6],[5,5]]]]}}]}"#,
        );
        assert_eq!(features[0].id, "7");
        assert_eq!(all_polygons(&features).0.len(), 2);
    }

    #[test]
    fn other_kinds_of_files_are_called_by_name() {
        for (text, part) in [
            (
                "<?xml version=\"1.0\"?>\n<kml xmlns=\"http://www.opengis.net/kml/2.2\">",
                "kind of file = 'a KML file'",
            ),
            ("PK\u{3}\u{4} xl/workbook.xml", "'an Excel workbook (xlsx)'"),
            ("SQLite format 3\0", "ogr2ogr -f GeoJSON -t_srs EPSG:4326 a.geojson a.geojson"),
            ("name,people,WKT\nA,5,x\n", "this is a table"),
            ("POLYGON ((0 0, 1 0, 1 1, 0 0))", "this is WKT"),
            ("{\"type\": \"Topology\", \"arcs\": []}", "'TopoJSON'"),
            ("{\"geometryType\": \"esriGeometryPolygon\", \"features\": []}", "'Esri JSON'"),
        ] {
            let (features, faults) = read(text);
            assert!(
                features.is_empty() && faults.len() == 1 && faults[0].contains(part),
                "{part}: {faults:?}"
            );
        }
    }

    #[test]
    fn faults_say_what_was_found() {
        for (coordinates, expected) in [
            ("[[[0,0],[1,0],[0,0]]]", "rings of at least 4 positions"),
            ("[[[0,0],[1,0],[1,1],[0,1]]]", "rings that end where they begin"),
            ("[[[0,0],[1,1],[2,2],[0,0]]]", "rings that enclose an area"),
            ("[[[0,0],[1,120],[1,1],[0,0]]]", "longitude -180 to 180"),
            ("[[[0,0],[1,1],[1,0],[0,2],[0,0]]]", "a valid polygon"),
            ("[]", "a polygon with at least one ring"),
        ] {
            let (features, faults) = read(&format!(r#"{{"type":"Polygon","coordinates":{coordinates}}}"#));
            assert!(features.is_empty(), "{coordinates}");
            assert!(faults[0].contains(expected), "{coordinates}: {faults:?}");
        }
        assert!(read("{\"type\":").1[0].contains("expected GeoJSON"));
        let twice = r#"{"type":"Feature","properties":{"people":12000,"people":1},"geometry":null}"#;
        assert!(read(twice).1[0].contains("'people' stands twice"));
        let case = r#"{"type":"Feature","properties":{"people":12000,"People":1},"geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}}"#;
        assert!(read(case).1[0].contains("property = 'people': expected each property once"));
        assert!(read(r#"{"type":"Point","coordinates":[0,0]}"#).1[0].contains("'Point': expected Polygon"));
    }
}
