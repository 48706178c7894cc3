//! GeoJSON feature collections: features with properties and a geometry, as rows of a table and as label points.

use crate::encoding::decode;
use crate::findings::RowFaults;
use crate::findings::row_number;
use crate::origin::place_text;
use crate::table::{TableRead, TableRow, locate_columns, new_origin};
use clearway_model::number::float;
use clearway_model::{Fault, SiteRow, ZoneRow};
use clearway_text::parse_json;
use geojson::{Geometry, GeometryValue, JsonObject, JsonValue};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// One feature: its number in the file (from 1), properties and geometry.
pub(crate) struct FeatureRead {
    pub number: u64,
    pub properties: JsonObject,
    pub geometry: Option<Geometry>,
}

/// The features of a file; what is not a feature is reported and left out.
pub(crate) fn read_features(file: &str, bytes: &[u8], findings: &mut RowFaults) -> Vec<FeatureRead> {
    let text = match decode(file, bytes) {
        Ok(text) => text,
        Err(fault) => {
            findings.push(0, *fault);
            return Vec::new();
        }
    };
    let value: JsonValue = match parse_json(text) {
        Ok(value) => value,
        Err(error) => {
            let place = format!("line {}, column {}", error.line(), error.column());
            let hint = if error.is_eof() { "is the file cut off?" } else { "" };
            let fault = Fault::error(file, place, "JSON, every key once in an object");
            findings.push(0, fault.field("text", error).hint(hint));
            return Vec::new();
        }
    };
    let kind = value.get("type").and_then(JsonValue::as_str).unwrap_or_default().to_string();
    let features = match value {
        JsonValue::Object(mut object) if kind == "FeatureCollection" => object.remove("features"),
        _ => None,
    };
    let Some(JsonValue::Array(features)) = features else {
        findings.push(0, Fault::error(file, "", "a GeoJSON FeatureCollection").field("type", kind));
        return Vec::new();
    };
    let read = |(index, feature)| read_feature(file, row_number(index) + 1, feature, findings);
    features.into_iter().enumerate().filter_map(read).collect()
}

fn read_feature(
    file: &str,
    number: u64,
    feature: JsonValue,
    findings: &mut RowFaults,
) -> Option<FeatureRead> {
    let place = place_text("feature", number, "");
    let JsonValue::Object(mut feature) = feature else {
        findings.push(number, Fault::error(file, place, "a GeoJSON Feature").field("", json_text(&feature)));
        return None;
    };
    let properties = match feature.remove("properties") {
        Some(JsonValue::Object(properties)) => properties,
        _ => JsonObject::new(),
    };
    let geometry = match feature.remove("geometry") {
        None | Some(JsonValue::Null) => None,
        Some(value) => match serde_json::from_value::<Geometry>(value) {
            Ok(geometry) => Some(geometry),
            Err(error) => {
                let fault = Fault::error(file, place, "a GeoJSON geometry").field("geometry", error);
                findings.push(number, fault);
                None
            }
        },
    };
    Some(FeatureRead { number, properties, geometry })
}

/// The text that a property would have in a CSV cell.
pub(crate) fn property_text(value: &JsonValue) -> String {
    match value {
        JsonValue::Null => String::new(),
        JsonValue::String(text) => text.clone(),
        // a whole number may be written 120.0 in JSON
        JsonValue::Number(number) => match (number.is_f64(), number.as_f64()) {
            (true, Some(number)) => number.to_string(),
            _ => number.to_string(),
        },
        other => json_text(other),
    }
}

fn json_text(value: &JsonValue) -> String {
    value.to_string().chars().take(60).collect()
}

/// A row that may stand in a GeoJSON file and take its label point from the geometry.
pub(crate) trait FeatureRow: TableRow {
    /// Longitude and latitude of the label point.
    fn label_point(&mut self) -> (&mut Option<f64>, &mut Option<f64>);
}

impl FeatureRow for ZoneRow {
    fn label_point(&mut self) -> (&mut Option<f64>, &mut Option<f64>) {
        (&mut self.x_coord, &mut self.y_coord)
    }
}

impl FeatureRow for SiteRow {
    fn label_point(&mut self) -> (&mut Option<f64>, &mut Option<f64>) {
        (&mut self.x_coord, &mut self.y_coord)
    }
}

/// Reads a table whose rows are features; properties have the names of the columns, the label point is the centroid of the
/// geometry unless given.
pub(crate) fn read_feature_table<R: FeatureRow>(
    file: &str,
    bytes: &[u8],
    findings: &mut RowFaults,
) -> TableRead<R> {
    let mut read = TableRead { rows: Vec::new(), origin: new_origin(file, "feature") };
    let features = read_features(file, bytes, findings);
    read.origin.is_whole = !findings.has_errors_in(file);
    if features.is_empty() {
        return read;
    }
    let names: BTreeSet<&str> =
        features.iter().flat_map(|f| f.properties.keys().map(String::as_str)).collect();
    let header: Vec<Cow<'_, str>> = names.iter().map(|name| Cow::Borrowed(*name)).collect();
    let positions = locate_columns::<R>(file, "properties", &header, findings, &mut read);
    for feature in &features {
        let nested = |column: &&crate::column::TableColumn| {
            feature.properties.get(column.name).is_some_and(|value| value.is_array() || value.is_object())
        };
        for column in R::COLUMNS.iter().filter(nested) {
            let place = place_text("feature", feature.number, "");
            let found = feature.properties.get(column.name).map_or_else(String::new, json_text);
            let fault = Fault::error(file, place, "text, a number or null").field(column.name, found);
            findings.push(feature.number, fault);
        }
        let cells: Vec<Cow<'_, str>> = names
            .iter()
            .map(|name| Cow::Owned(feature.properties.get(*name).map_or_else(String::new, property_text)))
            .collect();
        read.push_row(file, "feature", feature.number, &positions, &cells, findings);
        if let (Some(row), Some(geometry)) = (read.rows.last_mut(), &feature.geometry) {
            let (x, y) = row.label_point();
            if let (None, None, Some(point)) = (*x, *y, centroid(geometry)) {
                (*x, *y) = (Some(point[0]), Some(point[1]));
            }
        }
    }
    read
}

/// Centroid in degrees, good enough for a label: of the area of polygons, else the mean of all positions. `None` without
/// positions.
///
/// Area centroid after Bourke (1988), "Calculating the area and centroid of a polygon".
pub(crate) fn centroid(geometry: &Geometry) -> Option<[f64; 2]> {
    let mut rings: Vec<Vec<[f64; 2]>> = Vec::new();
    let mut points: Vec<[f64; 2]> = Vec::new();
    collect(geometry, &mut rings, &mut points);
    let origin = *points.first()?;
    let (mut area, mut x, mut y) = (0.0, 0.0, 0.0);
    for ring in &rings {
        let (a, cx, cy) = ring_moments(ring, origin);
        area += a;
        x += cx;
        y += cy;
    }
    // a line, or rings that cancel each other out, have no area to weigh by
    if area.abs() > 1e-15 {
        return Some([origin[0] + x / (3.0 * area), origin[1] + y / (3.0 * area)]);
    }
    let count = float(points.len());
    let sum = points.iter().fold([0.0, 0.0], |sum, p| [sum[0] + p[0], sum[1] + p[1]]);
    Some([sum[0] / count, sum[1] / count])
}

/// Twice the area of a ring and three times that times its centroid, relative to `origin`; outer rings positive, holes (marked
/// by the collector by reversing them) negative.
fn ring_moments(ring: &[[f64; 2]], origin: [f64; 2]) -> (f64, f64, f64) {
    let (mut area, mut x, mut y) = (0.0, 0.0, 0.0);
    for (a, b) in ring.iter().zip(ring.iter().cycle().skip(1)) {
        let (ax, ay, bx, by) = (a[0] - origin[0], a[1] - origin[1], b[0] - origin[0], b[1] - origin[1]);
        let cross = ax * by - bx * ay;
        area += cross;
        x += (ax + bx) * cross;
        y += (ay + by) * cross;
    }
    (area, x, y)
}

/// All positions, and the rings oriented so that outer rings count positive and holes negative.
fn collect(geometry: &Geometry, rings: &mut Vec<Vec<[f64; 2]>>, points: &mut Vec<[f64; 2]>) {
    let pair = |position: &geojson::Position| match position.as_slice() {
        [x, y, ..] => Some([*x, *y]),
        _ => None,
    };
    let mut polygon = |lines: &[Vec<geojson::Position>], points: &mut Vec<[f64; 2]>| {
        for (at, line) in lines.iter().enumerate() {
            let mut ring: Vec<[f64; 2]> = line.iter().filter_map(pair).collect();
            points.extend(&ring);
            let origin = ring.first().copied().unwrap_or_default();
            let is_positive = ring_moments(&ring, origin).0 > 0.0;
            if is_positive != (at == 0) {
                ring.reverse();
            }
            rings.push(ring);
        }
    };
    match &geometry.value {
        GeometryValue::Point { coordinates } => points.extend(pair(coordinates)),
        GeometryValue::MultiPoint { coordinates } | GeometryValue::LineString { coordinates } => {
            points.extend(coordinates.iter().filter_map(pair));
        }
        GeometryValue::MultiLineString { coordinates } => {
            points.extend(coordinates.iter().flatten().filter_map(pair));
        }
        GeometryValue::Polygon { coordinates } => polygon(coordinates, points),
        GeometryValue::MultiPolygon { coordinates } => {
            for lines in coordinates {
                polygon(lines, points);
            }
        }
        GeometryValue::GeometryCollection { geometries } => {
            for inner in geometries {
                collect(inner, rings, points);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn point(geometry: serde_json::Value) -> [f64; 2] {
        centroid(&serde_json::from_value(geometry).unwrap()).unwrap()
    }

    #[test]
    fn centroid_of_area_with_a_hole() {
        // a 4 x 4 square less a unit square hole around (3, 2): x = (16 * 2 - 1 * 3) / 15
        for ring in
            [json!([[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]]), json!([[0, 0], [0, 4], [4, 4], [4, 0], [0, 0]])]
        {
            let hole = json!([[2.5, 1.5], [3.5, 1.5], [3.5, 2.5], [2.5, 2.5], [2.5, 1.5]]);
            let got = point(json!({"type": "Polygon", "coordinates": [ring, hole]}));
            assert!((got[0] - 29.0 / 15.0).abs() < 1e-12 && (got[1] - 2.0).abs() < 1e-12, "{got:?}");
        }
    }

    #[test]
    fn centroid_of_points_and_lines_is_the_mean() {
        assert_eq!(point(json!({"type": "Point", "coordinates": [24.9, 60.2]})), [24.9, 60.2]);
        assert_eq!(point(json!({"type": "LineString", "coordinates": [[0, 0], [2, 4]]})), [1.0, 2.0]);
        assert!(serde_json::from_value::<Geometry>(json!({"type": "Polygon"})).is_err());
    }

    #[test]
    fn properties_read_as_cells() {
        assert_eq!(property_text(&json!(120.0)), "120");
        assert_eq!(property_text(&json!(7)), "7");
        assert_eq!(property_text(&json!(0.1)), "0.1");
        assert_eq!(property_text(&json!(null)), "");
        assert_eq!(property_text(&json!([1])), "[1]");
    }
}
