//! GeoPackages (OGC 12-128): one layer of features, in degrees.

use crate::feature::{VectorFeature, VectorShape, convert, put};
use crate::wkb::WkbReader;
use crate::{MOST_FEATURES, MapRole};
use clearway_model::Fault;
use clearway_raster::CoordinateSystem;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension};
use serde_json::Map;
use std::io::Cursor;

/// A layer: table, column of shapes, number of its coordinate system.
struct PackageLayer {
    table: String,
    column: String,
    srs_id: i64,
}

/// The features of the layer that is meant.
pub(crate) fn features(file: &str, bytes: &[u8], role: MapRole) -> Result<Vec<VectorFeature>, Box<Fault>> {
    let broken = |error: &rusqlite::Error| {
        Box::new(Fault::error(file, "", "a GeoPackage that can be read").hint(error.to_string()))
    };
    let mut db = Connection::open_in_memory().map_err(|error| broken(&error))?;
    db.deserialize_read_exact("main", Cursor::new(bytes), bytes.len(), true)
        .map_err(|error| broken(&error))?;
    // functions that somebody's file names in its views or triggers are not called
    db.execute_batch("PRAGMA trusted_schema = OFF; PRAGMA query_only = ON;")
        .map_err(|error| broken(&error))?;
    let layer = layer(file, &db, role)?;
    let crs = system(file, &db, &layer)?;
    read(&db, &layer, crs, file)
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Tables only: a view may be a computation without end.
fn layer(file: &str, db: &Connection, role: MapRole) -> Result<PackageLayer, Box<Fault>> {
    let sql = "SELECT g.table_name, g.column_name, g.srs_id FROM gpkg_geometry_columns g JOIN gpkg_contents c \
               ON g.table_name = c.table_name JOIN sqlite_master m ON m.name = g.table_name AND m.type = 'table' \
               WHERE c.data_type = 'features' ORDER BY g.table_name";
    let layers = db.prepare(sql).and_then(|mut query| {
        query
            .query_map([], |row| {
                Ok(PackageLayer { table: row.get(0)?, column: row.get(1)?, srs_id: row.get(2)? })
            })?
            .collect::<Result<Vec<_>, _>>()
    });
    let mut layers = layers.map_err(|error| {
        let fault = Fault::error(file, "", "a GeoPackage with layers of features");
        Box::new(fault.field("kind of file", "an SQLite database").hint(error.to_string()))
    })?;
    let named = |name: &&str| layers.iter().position(|layer| layer.table.eq_ignore_ascii_case(name));
    let meant = role.layers().iter().find_map(named);
    match (meant, layers.len()) {
        (Some(at), _) => Ok(layers.swap_remove(at)),
        (None, 1) => Ok(layers.swap_remove(0)),
        (None, 0) => Err(Box::new(Fault::error(file, "", "a GeoPackage with a layer of features"))),
        (None, _) => {
            let names: Vec<&str> = layers.iter().take(8).map(|layer| layer.table.as_str()).collect();
            let fault = Fault::error(
                file,
                "",
                format!("one layer, or one that is called {}", role.layers().join(" or ")),
            );
            let hint = format!("take the layer that is meant: {} LAYER", convert(file));
            Err(Box::new(fault.field("layers", names.join(", ")).hint(hint)))
        }
    }
}

fn system(file: &str, db: &Connection, layer: &PackageLayer) -> Result<CoordinateSystem, Box<Fault>> {
    let sql = "SELECT organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys WHERE srs_id = ?";
    let row = db.query_row(sql, [layer.srs_id], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?, row.get::<_, String>(2)?))
    });
    let row = row.optional().ok().flatten();
    let known = row.as_ref().and_then(|(organization, code, definition)| {
        let by_code = u16::try_from(*code).ok().and_then(CoordinateSystem::from_epsg);
        let is_numbered = ["EPSG", "ESRI"].iter().any(|name| organization.eq_ignore_ascii_case(name));
        by_code.filter(|_| is_numbered).or_else(|| CoordinateSystem::from_wkt(definition))
    });
    known.ok_or_else(|| {
        let found = row
            .map_or_else(|| format!("srs_id {}", layer.srs_id), |(name, code, _)| format!("{name}:{code}"));
        let expected = "WGS 84, ETRS89 or NAD83 as degrees or UTM, EPSG:3857, or Mollweide (ESRI:54009)";
        let hint = format!("convert it: {} {}", convert(file), layer.table);
        Box::new(Fault::error(file, &layer.table, expected).field("coordinate system", found).hint(hint))
    })
}

fn read(
    db: &Connection,
    layer: &PackageLayer,
    crs: CoordinateSystem,
    file: &str,
) -> Result<Vec<VectorFeature>, Box<Fault>> {
    let broken = |error: rusqlite::Error| {
        Box::new(Fault::error(file, &layer.table, "a layer that can be read").hint(error.to_string()))
    };
    let mut query = db.prepare(&format!("SELECT * FROM {}", quoted(&layer.table))).map_err(broken)?;
    let names: Vec<String> = query.column_names().map(str::to_owned).collect();
    let mut rows = query.query([]).map_err(broken)?;
    let mut features = Vec::new();
    while let Some(row) = rows.next().map_err(broken)? {
        let place = format!("{}, row {}", layer.table, features.len() + 1);
        let mut properties = Map::new();
        let mut shape = VectorShape::Nothing;
        for (at, name) in names.iter().enumerate() {
            let value = row.get_ref(at).map_err(broken)?;
            if name.eq_ignore_ascii_case(&layer.column) {
                if let ValueRef::Blob(blob) = value {
                    let fault = || Box::new(Fault::error(file, &place, "a shape as a GeoPackage holds it"));
                    shape = blob_shape(blob).ok_or_else(fault)?;
                }
                continue;
            }
            match value {
                ValueRef::Null | ValueRef::Blob(_) => {}
                ValueRef::Integer(number) => put(&mut properties, name, &number.to_string()),
                ValueRef::Real(number) => put(&mut properties, name, &number.to_string()),
                ValueRef::Text(text) => put(&mut properties, name, &String::from_utf8_lossy(text)),
            }
        }
        if features.len() >= MOST_FEATURES {
            return Err(Box::new(Fault::error(
                file,
                &layer.table,
                format!("at most {MOST_FEATURES} features"),
            )));
        }
        if shape != VectorShape::Nothing {
            features.push(VectorFeature { properties, shape }.in_degrees(crs));
        }
    }
    Ok(features)
}

/// The shape of a blob: a header with a box, then well-known binary.
fn blob_shape(blob: &[u8]) -> Option<VectorShape> {
    let head = blob.get(..8)?;
    if &head[..2] != b"GP" {
        return None;
    }
    let flags = head[3];
    if flags & 0b1_0000 != 0 {
        return Some(VectorShape::Nothing);
    }
    let numbers = match (flags >> 1) & 0b111 {
        0 => 0,
        1 => 4,
        2 | 3 => 6,
        4 => 8,
        _ => return None,
    };
    WkbReader::new(blob.get(8 + 8 * numbers..)?).shape(0)
}
