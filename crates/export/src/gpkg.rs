//! GeoPackage 1.3 (OGC 12-128r17): map layers with spatial indexes, attribute tables, the meaning of columns, and styles for QGIS.

use crate::cells::{CellKind, ExportCell, ExportTable};
use crate::format::{ExportError, utc};
use crate::shape::ShapeKind;
use crate::styles::style;
use crate::tables::PlanTables;
use crate::wkb::geopackage_blob;
use clearway_report::ScenarioClock;
use rusqlite::types::Value;
use rusqlite::{Connection, params, params_from_iter};

/// WGS 84, as EPSG numbers it.
const WGS_84: i32 = 4326;
/// No clock is read, so that the same plan gives the same bytes: the moment of every change is this one.
const CHANGED: &str = "1970-01-01T00:00:00.000Z";
const WGS_84_WKT: &str = r#"GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]"#;

/// The tables that the standard asks for, those of two of its extensions (spatial indexes, columns described), and the one in which
/// QGIS looks for styles.
const FRAME: &str = "
PRAGMA application_id = 0x47504B47;
PRAGMA user_version = 10300;
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
  description TEXT DEFAULT '', last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')), min_x DOUBLE, min_y DOUBLE,
  max_x DOUBLE, max_y DOUBLE, srs_id INTEGER, CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL, CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
CREATE TABLE gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL,
  scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
CREATE TABLE gpkg_data_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT,
  mime_type TEXT, constraint_name TEXT, CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
  CONSTRAINT gdc_tn UNIQUE (table_name, name));
CREATE TABLE gpkg_data_column_constraints (constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT, min NUMERIC,
  min_is_inclusive BOOLEAN, max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
  CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value));
CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
  f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN,
  description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME);
";

impl From<rusqlite::Error> for ExportError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Internal(format!("cannot write SQLite: {error}"))
    }
}

/// A GeoPackage of all tables.
pub(crate) fn gpkg(tables: &PlanTables, clock: &ScenarioClock) -> Result<Vec<u8>, ExportError> {
    let mut db = Connection::open_in_memory()?;
    db.execute_batch("PRAGMA page_size = 4096; PRAGMA encoding = 'UTF-8';")?;
    db.execute_batch(FRAME)?;
    db.execute_batch("BEGIN")?;
    reference_systems(&db)?;
    extensions(&db)?;
    for table in tables.all() {
        // a layer without rows would be an empty entry in somebody's list of layers
        if table.shape.is_none() || !table.rows.is_empty() {
            put(&db, table, clock)?;
        }
    }
    content(&db, "layer_styles", "attributes", "how QGIS draws the layers", None)?;
    db.execute_batch("COMMIT")?;
    Ok(db.serialize("main")?.to_vec())
}

fn reference_systems(db: &Connection) -> Result<(), ExportError> {
    let mut insert = db.prepare("INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)")?;
    let none = "undefined";
    insert.execute(params![
        "Undefined Cartesian SRS",
        -1,
        "NONE",
        -1,
        none,
        "undefined Cartesian coordinate reference system"
    ])?;
    insert.execute(params![
        "Undefined geographic SRS",
        0,
        "NONE",
        0,
        none,
        "undefined geographic coordinate reference system"
    ])?;
    let about = "longitude/latitude coordinates in decimal degrees on the WGS 84 spheroid";
    insert.execute(params!["WGS 84 geodetic", WGS_84, "EPSG", WGS_84, WGS_84_WKT, about])?;
    Ok(())
}

fn extensions(db: &Connection) -> Result<(), ExportError> {
    let mut insert =
        db.prepare("INSERT INTO gpkg_extensions VALUES (?, NULL, 'gpkg_schema', ?, 'read-write')")?;
    for table in ["gpkg_data_columns", "gpkg_data_column_constraints"] {
        insert.execute(params![table, "http://www.geopackage.org/spec121/#extension_schema"])?;
    }
    Ok(())
}

/// Makes an entry in the list of contents.
fn content(
    db: &Connection,
    table: &str,
    kind: &str,
    about: &str,
    bounds: Option<[f64; 4]>,
) -> Result<(), ExportError> {
    let [west, south, east, north] = bounds.map_or([None; 4], |bounds| bounds.map(Some));
    let srs = (kind == "features").then_some(WGS_84);
    db.execute(
        "INSERT INTO gpkg_contents VALUES (?1, ?2, ?1, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        params![table, kind, about, CHANGED, west, south, east, north, srs],
    )?;
    Ok(())
}

/// Writes a table with all that belongs to it.
fn put(db: &Connection, table: &ExportTable, clock: &ScenarioClock) -> Result<(), ExportError> {
    let name = table.name;
    let mut columns = vec!["fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL".to_owned()];
    columns.extend(table.shape.map(|kind| format!("geom {}", type_name(kind))));
    columns
        .extend(table.columns.iter().map(|column| format!("\"{}\" {}", column.name, sql_type(column.kind))));
    db.execute_batch(&format!("CREATE TABLE \"{name}\" ({})", columns.join(", ")))?;
    let shapes = table.shapes.iter().flatten();
    let bounds = shapes
        .map(crate::shape::ExportShape::bounds)
        .reduce(|a, b| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]);
    let kind = if table.shape.is_some() { "features" } else { "attributes" };
    content(db, name, kind, table.about, bounds)?;
    let mut describe = db.prepare("INSERT INTO gpkg_data_columns VALUES (?1, ?2, ?2, ?3, ?4, NULL, NULL)")?;
    for column in table.columns {
        let title = if column.unit.is_empty() {
            column.name.to_owned()
        } else {
            format!("{} [{}]", column.name, column.unit)
        };
        describe.execute(params![name, column.name, title, column.about])?;
    }
    rows(db, table, clock)?;
    if let Some(kind) = table.shape {
        db.execute(
            "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, ?, 0, 0)",
            params![name, type_name(kind), WGS_84],
        )?;
        spatial_index(db, table)?;
        db.execute(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML, styleSLD, \
             useAsDefault, description, owner, update_time) VALUES ('', '', ?, 'geom', 'clearway', ?, '', 1, ?, '', ?)",
            params![name, style(table), table.about, CHANGED],
        )?;
    }
    Ok(())
}

fn rows(db: &Connection, table: &ExportTable, clock: &ScenarioClock) -> Result<(), ExportError> {
    let extra = usize::from(table.shape.is_some());
    let marks = vec!["?"; 1 + extra + table.columns.len()].join(", ");
    let mut insert = db.prepare(&format!("INSERT INTO \"{}\" VALUES ({marks})", table.name))?;
    for (number, row) in (1_i64..).zip(&table.rows) {
        let mut values = vec![Value::Integer(number)];
        if table.shape.is_some() {
            let shape = usize::try_from(number - 1).ok().and_then(|row| table.shapes.get(row)?.as_ref());
            values.push(shape.map_or(Value::Null, |shape| Value::Blob(geopackage_blob(shape, WGS_84))));
        }
        values.extend(row.iter().map(|cell| value(cell, clock)));
        insert.execute(params_from_iter(values))?;
    }
    Ok(())
}

fn value(cell: &ExportCell, clock: &ScenarioClock) -> Value {
    match cell {
        ExportCell::Empty => Value::Null,
        ExportCell::Text(text) => Value::Text(text.clone()),
        ExportCell::Whole(whole) => Value::Integer(*whole),
        ExportCell::Real(real) => Value::Real(*real),
        ExportCell::Moment(ms) => utc(clock, *ms).map_or(Value::Null, Value::Text),
    }
}

/// The index of a layer: filled here, and kept up by triggers of the standard (Annex F.3) when somebody edits the layer.
fn spatial_index(db: &Connection, table: &ExportTable) -> Result<(), ExportError> {
    let name = table.name;
    let tree = format!("rtree_{name}_geom");
    db.execute_batch(&format!("CREATE VIRTUAL TABLE \"{tree}\" USING rtree(id, minx, maxx, miny, maxy)"))?;
    let mut insert = db.prepare(&format!("INSERT INTO \"{tree}\" VALUES (?, ?, ?, ?, ?)"))?;
    for (number, shape) in (1_i64..).zip(&table.shapes) {
        if let Some(shape) = shape {
            let [west, south, east, north] = shape.bounds();
            insert.execute(params![number, west, east, south, north])?;
        }
    }
    let there = "NEW.geom NOTNULL AND NOT ST_IsEmpty(NEW.geom)";
    let gone = "NEW.geom ISNULL OR ST_IsEmpty(NEW.geom)";
    let put = format!(
        "INSERT OR REPLACE INTO \"{tree}\" VALUES (NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom));"
    );
    let drop = format!("DELETE FROM \"{tree}\" WHERE id = OLD.fid;");
    let drop_both = format!("DELETE FROM \"{tree}\" WHERE id IN (OLD.fid, NEW.fid);");
    for (event, when, what) in [
        ("insert AFTER INSERT", there.to_owned(), put.clone()),
        ("update1 AFTER UPDATE OF geom", format!("OLD.fid = NEW.fid AND ({there})"), put.clone()),
        ("update2 AFTER UPDATE OF geom", format!("OLD.fid = NEW.fid AND ({gone})"), drop.clone()),
        ("update3 AFTER UPDATE", format!("OLD.fid != NEW.fid AND ({there})"), format!("{drop} {put}")),
        ("update4 AFTER UPDATE", format!("OLD.fid != NEW.fid AND ({gone})"), drop_both),
        ("delete AFTER DELETE", "OLD.geom NOTNULL".to_owned(), drop.clone()),
    ] {
        let (event, moment) = event.split_once(' ').unwrap_or((event, ""));
        db.execute_batch(&format!(
            "CREATE TRIGGER \"{tree}_{event}\" {moment} ON \"{name}\" WHEN ({when}) BEGIN {what} END;"
        ))?;
    }
    db.execute(
        "INSERT INTO gpkg_extensions VALUES (?, 'geom', 'gpkg_rtree_index', 'http://www.geopackage.org/spec121/#extension_rtree', \
         'write-only')",
        params![name],
    )?;
    Ok(())
}

fn type_name(kind: ShapeKind) -> &'static str {
    match kind {
        ShapeKind::Point => "POINT",
        ShapeKind::Line => "LINESTRING",
        ShapeKind::Areas => "MULTIPOLYGON",
    }
}

fn sql_type(kind: CellKind) -> &'static str {
    match kind {
        CellKind::Text => "TEXT",
        CellKind::Whole => "INTEGER",
        CellKind::Real => "DOUBLE",
        CellKind::Moment => "DATETIME",
    }
}
