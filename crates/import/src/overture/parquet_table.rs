//! Rows of a Parquet file as JSON, with the bytes of their geometry.

use bytes::Bytes;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::{Field, Row};
use parquet::schema::types::Type;
use serde_json::{Map, Value};
use std::sync::Arc;

/// A row: its wanted columns but the geometry, and that.
pub(super) struct ParquetRow {
    pub columns: Map<String, Value>,
    pub geometry: Vec<u8>,
}

/// Opens a file.
pub(super) fn open(bytes: Vec<u8>) -> Result<SerializedFileReader<Bytes>, String> {
    SerializedFileReader::new(Bytes::from(bytes)).map_err(|error| error.to_string())
}

/// Names of the columns of a file.
pub(super) fn columns(reader: &SerializedFileReader<Bytes>) -> Vec<String> {
    let schema = reader.metadata().file_metadata().schema();
    schema.get_fields().iter().map(|field| field.name().to_owned()).collect()
}

/// The rows with the columns that are wanted, of those the file has.
pub(super) fn rows<'r>(
    reader: &'r SerializedFileReader<Bytes>,
    wanted: &[&str],
) -> Result<impl Iterator<Item = Result<ParquetRow, String>> + 'r, String> {
    let schema = reader.metadata().file_metadata().schema();
    let fields: Vec<Arc<Type>> =
        schema.get_fields().iter().filter(|field| wanted.contains(&field.name())).cloned().collect();
    let projection = Type::group_type_builder(schema.name()).with_fields(fields).build();
    let projection = projection.map_err(|error| error.to_string())?;
    let rows = reader.get_row_iter(Some(projection)).map_err(|error| error.to_string())?;
    Ok(rows.map(|row| row.map_err(|error| error.to_string()).map(parquet_row)))
}

fn parquet_row(row: Row) -> ParquetRow {
    let mut made = ParquetRow { columns: Map::new(), geometry: Vec::new() };
    for (name, field) in row.into_columns() {
        match field {
            Field::Bytes(bytes) if name == "geometry" => made.geometry = bytes.data().to_vec(),
            other => {
                made.columns.insert(name, json(&other));
            }
        }
    }
    made
}

/// A field as JSON; what has no place in the figures of a road is nothing.
fn json(field: &Field) -> Value {
    match field {
        Field::Bool(value) => Value::from(*value),
        Field::Byte(value) => Value::from(*value),
        Field::Short(value) => Value::from(*value),
        Field::Int(value) => Value::from(*value),
        Field::Long(value) => Value::from(*value),
        Field::UByte(value) => Value::from(*value),
        Field::UShort(value) => Value::from(*value),
        Field::UInt(value) => Value::from(*value),
        Field::ULong(value) => Value::from(*value),
        Field::Float(value) => Value::from(f64::from(*value)),
        Field::Double(value) => Value::from(*value),
        Field::Str(value) => Value::from(value.as_str()),
        Field::Group(row) => {
            Value::Object(row.get_column_iter().map(|(name, field)| (name.clone(), json(field))).collect())
        }
        Field::ListInternal(list) => list.elements().iter().map(json).collect(),
        _ => Value::Null,
    }
}
