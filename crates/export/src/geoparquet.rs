//! GeoParquet 1.1: a file per table. Shapes are well-known binary in the column `geometry`, longitude first (OGC:CRS84, which is what the
//! format takes for granted); moments are milliseconds in UTC.

use crate::cells::{CellKind, ExportCell, ExportTable};
use crate::format::{ExportError, NamedBytes};
use crate::shape::ShapeKind;
use crate::tables::PlanTables;
use crate::wkb::wkb;
use clearway_model::TOOL;
use clearway_report::ScenarioClock;
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;
use serde_json::json;
use std::sync::Arc;

impl From<ParquetError> for ExportError {
    fn from(error: ParquetError) -> Self {
        Self::Internal(format!("cannot write Parquet: {error}"))
    }
}

/// A folder with a file per table that has rows.
pub(crate) fn geoparquet(tables: &PlanTables, clock: &ScenarioClock) -> Result<Vec<NamedBytes>, ExportError> {
    let tables = tables.all();
    let filled = tables.iter().filter(|table| !table.rows.is_empty());
    filled.map(|table| Ok((format!("{}.parquet", table.name), file(table, clock)?))).collect()
}

fn file(table: &ExportTable, clock: &ScenarioClock) -> Result<Vec<u8>, ExportError> {
    let schema = Arc::new(parse_message_type(&schema(table))?);
    let mut entries = vec![KeyValue::new("clearway".to_owned(), Some(meanings(table)))];
    entries.extend(table.shape.map(|kind| KeyValue::new("geo".to_owned(), Some(geo(table, kind)))));
    let properties = WriterProperties::builder()
        .set_created_by(TOOL.to_owned())
        .set_key_value_metadata(Some(entries))
        .build();
    let mut bytes = Vec::new();
    let mut writer = SerializedFileWriter::new(&mut bytes, schema, Arc::new(properties))?;
    let mut group = writer.next_row_group()?;
    for (at, column) in table.columns.iter().enumerate() {
        put(&mut group, table, at, column.kind, clock)?;
    }
    if table.shape.is_some() {
        let shapes = table.shapes.iter().map(|shape| shape.as_ref().map(|shape| ByteArray::from(wkb(shape))));
        bytes_column(&mut group, shapes)?;
    }
    group.close()?;
    writer.close()?;
    Ok(bytes)
}

fn schema(table: &ExportTable) -> String {
    let mut fields: Vec<String> = table
        .columns
        .iter()
        .map(|column| match column.kind {
            CellKind::Text => format!("OPTIONAL BYTE_ARRAY {} (UTF8);", column.name),
            CellKind::Whole => format!("OPTIONAL INT64 {};", column.name),
            CellKind::Real => format!("OPTIONAL DOUBLE {};", column.name),
            CellKind::Moment => format!("OPTIONAL INT64 {} (TIMESTAMP(MILLIS,true));", column.name),
        })
        .collect();
    fields.extend(table.shape.map(|_| "OPTIONAL BYTE_ARRAY geometry;".to_owned()));
    format!("message {} {{ {} }}", table.name, fields.join(" "))
}

/// Unit and meaning of every column.
fn meanings(table: &ExportTable) -> String {
    let columns: Vec<_> = table
        .columns
        .iter()
        .map(|column| json!({"name": column.name, "unit": column.unit, "about": column.about}))
        .collect();
    json!({"table": table.name, "about": table.about, "columns": columns}).to_string()
}

fn geo(table: &ExportTable, kind: ShapeKind) -> String {
    let shapes = table.shapes.iter().flatten();
    let bounds = shapes
        .map(crate::shape::ExportShape::bounds)
        .reduce(|a, b| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]);
    let kind = match kind {
        ShapeKind::Point => "Point",
        ShapeKind::Line => "LineString",
        ShapeKind::Areas => "MultiPolygon",
    };
    let mut column = json!({"encoding": "WKB", "geometry_types": [kind]});
    if let Some(bounds) = bounds {
        column["bbox"] = json!(bounds);
    }
    json!({"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}).to_string()
}

type Group<'a, 'b> = SerializedRowGroupWriter<'a, &'b mut Vec<u8>>;

fn put(
    group: &mut Group<'_, '_>,
    table: &ExportTable,
    at: usize,
    kind: CellKind,
    clock: &ScenarioClock,
) -> Result<(), ExportError> {
    let cells = || table.rows.iter().map(|row| row.get(at).unwrap_or(&ExportCell::Empty));
    match kind {
        CellKind::Text => {
            let text = |cell: &ExportCell| match cell {
                ExportCell::Text(text) => Some(ByteArray::from(text.as_str())),
                _ => None,
            };
            bytes_column(group, cells().map(text))
        }
        CellKind::Whole | CellKind::Moment => {
            let whole = |cell: &ExportCell| match cell {
                ExportCell::Whole(whole) => Some(*whole),
                ExportCell::Moment(ms) => clock.start_ms()?.checked_add(*ms),
                _ => None,
            };
            let (values, levels) = split(cells().map(whole));
            let mut column = group.next_column()?.ok_or_else(one_column_too_many)?;
            column.typed::<Int64Type>().write_batch(&values, Some(&levels), None)?;
            Ok(column.close()?)
        }
        CellKind::Real => {
            let real = |cell: &ExportCell| match cell {
                ExportCell::Real(real) => Some(*real),
                _ => None,
            };
            let (values, levels) = split(cells().map(real));
            let mut column = group.next_column()?.ok_or_else(one_column_too_many)?;
            column.typed::<DoubleType>().write_batch(&values, Some(&levels), None)?;
            Ok(column.close()?)
        }
    }
}

fn bytes_column(
    group: &mut Group<'_, '_>,
    values: impl Iterator<Item = Option<ByteArray>>,
) -> Result<(), ExportError> {
    let (values, levels) = split(values);
    let mut column = group.next_column()?.ok_or_else(one_column_too_many)?;
    column.typed::<ByteArrayType>().write_batch(&values, Some(&levels), None)?;
    Ok(column.close()?)
}

fn one_column_too_many() -> ExportError {
    ExportError::Internal("a table has more columns than its Parquet schema".to_owned())
}

/// Values that are there, and per row whether there is one.
fn split<T>(cells: impl Iterator<Item = Option<T>>) -> (Vec<T>, Vec<i16>) {
    let (mut values, mut levels) = (Vec::new(), Vec::new());
    for cell in cells {
        levels.push(i16::from(cell.is_some()));
        values.extend(cell);
    }
    (values, levels)
}
