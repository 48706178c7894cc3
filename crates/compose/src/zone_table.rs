//! Reads zones from a table whose shapes are well-known text (WKT), as spreadsheets and geographic systems write them.

use crate::features::{Crossing, GivenFeature, WantedShapes, check_feature};
use crate::record::read_table;
use crate::request::NamedBytes;
use clearway_model::{Fault, Faults};
use serde_json::{Value, json};

/// Names of the column that holds the shape.
const SHAPE: [&str; 5] = ["geometry", "wkt", "wkt_geom", "the_geom", "geom"];

/// Reads the rows as features: every column but the shape is a property.
pub(crate) fn read_zone_table(input: &NamedBytes, faults: &mut Faults) -> Vec<GivenFeature> {
    let rows = read_table(input, clearway_text::WantedFile::Shapes, faults);
    if rows.is_empty() && !faults.has_errors() {
        faults.push(Fault::error(&input.name, "", "at least one zone"));
    }
    rows.into_iter()
        .filter_map(|record| {
            let Some((name, text)) = record.find(&SHAPE) else {
                faults.push(
                    record
                        .error("a column geometry with POLYGON or MULTIPOLYGON text")
                        .hint("zones need their shapes: add them, give GeoJSON, or give places with people as --population"),
                );
                return None;
            };
            let Some(geometry) = read_polygons(text) else {
                let found: String = text.chars().take(60).collect();
                faults.push(record.error("POLYGON ((lon lat, ...)) or MULTIPOLYGON (((lon lat, ...)))").field(name, found));
                return None;
            };
            let properties = record.to_properties(&SHAPE);
            check_feature(record, String::new(), properties, geometry, WantedShapes::Polygons, Crossing::Warning, faults)
        })
        .collect()
}

/// WKT `POLYGON` or `MULTIPOLYGON` as a GeoJSON geometry; an `SRID=...;` before it must be that of WGS 84.
fn read_polygons(wkt: &str) -> Option<Value> {
    let text = match wkt.trim().split_once(';') {
        Some((reference, rest)) => reference.trim().eq_ignore_ascii_case("SRID=4326").then_some(rest)?,
        None => wkt,
    };
    let open = text.find('(')?;
    let kind = text[..open].trim().to_ascii_uppercase();
    let (name, depth) = match kind.split_whitespace().next()? {
        "POLYGON" => ("Polygon", 2),
        "MULTIPOLYGON" => ("MultiPolygon", 3),
        _ => return None,
    };
    let mut rest = &text[open..];
    let coordinates = read_nested(&mut rest, depth)?;
    rest.trim().is_empty().then(|| json!({"type": name, "coordinates": coordinates}))
}

/// A list in parentheses of lists, `depth` deep, the innermost of positions.
fn read_nested(rest: &mut &str, depth: usize) -> Option<Value> {
    *rest = rest.trim_start().strip_prefix('(')?;
    if depth == 1 {
        let (inner, after) = rest.split_once(')')?;
        *rest = after;
        let positions: Option<Vec<Vec<f64>>> = inner
            .split(',')
            .map(|position| position.split_whitespace().map(|n| n.parse().ok()).collect())
            .collect();
        return positions.map(|p| json!(p));
    }
    let mut parts = Vec::new();
    loop {
        parts.push(read_nested(rest, depth - 1)?);
        *rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix(',') {
            *rest = after;
        } else {
            *rest = rest.strip_prefix(')')?;
            return Some(Value::Array(parts));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn polygons_of_both_kinds() {
        let one = read_polygons("POLYGON ((0 0, 4 0, 4 4, 0 0), (1 1,2 1,2 2,1 1))").unwrap();
        assert_eq!(one["coordinates"][1][2], json!([2.0, 2.0]));
        let many = read_polygons(
            "SRID=4326;MultiPolygon Z (((0 0 1,4 0 1,4 4 1,0 0 1)),((9 9 1,8 9 1,8 8 1,9 9 1)))",
        )
        .unwrap();
        assert_eq!(many["type"], "MultiPolygon");
        assert_eq!(many["coordinates"].as_array().unwrap().len(), 2);
        for wrong in [
            "POINT (0 0)",
            "POLYGON ((0 0, 4 0",
            "POLYGON ((0 0, x 0))",
            "SRID=3857;POLYGON ((0 0,1 0,1 1,0 0))",
            "POLYGON EMPTY",
            "",
        ] {
            assert_eq!(read_polygons(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_table_keeps_its_columns() {
        let mut faults = Faults::default();
        let text =
            "Name,pcode,people,WKT\nOld Town,XX01,500,\"POLYGON ((0 0,1 0,1 1,0 0))\"\nHarbour,XX02,7,\n";
        let zones = read_zone_table(&NamedBytes::new("z.csv", text), &mut faults);
        assert_eq!(zones.len(), 1);
        assert_eq!(zones[0].properties["pcode"], "XX01");
        assert!(zones[0].properties.get("wkt").is_none());
        assert!(faults.0[0].to_string().starts_with("z.csv, line 3: expected a column geometry"), "{faults}");
    }
}
