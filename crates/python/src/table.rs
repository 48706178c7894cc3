//! Tables by the Arrow PyCapsule interface: those of a plan out, anybody's in.
//!
//! Shapes are well-known binary in a column `geometry` whose field says `geoarrow.wkb` with OGC:CRS84, by which GeoPandas and others know it
//! as geometry. Moments are milliseconds in UTC where the scenario has a start, else milliseconds after it.

use crate::error::raised;
use crate::folder::Folder;
use crate::run::{Run, run};
use arrow_array::builder::{
    BinaryBuilder, Float64Builder, Int64Builder, StringBuilder, TimestampMillisecondBuilder,
};
use arrow_array::cast::AsArray;
use arrow_array::ffi_stream::{FFI_ArrowArrayStream, RecordBatchStreamReader};
use arrow_array::types::{
    ArrowPrimitiveType, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type,
    UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, RecordBatch, RecordBatchIterator};
use arrow_schema::{ArrowError, DataType, Field, Schema, TimeUnit};
use clearway::Error;
use clearway_export::{CellKind, ExportCell, ExportTable, wkb};
use clearway_formats::csv_text;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyCapsule};
use serde_json::json;
use std::collections::HashMap;
use std::sync::Arc;

/// The name by which the interface knows a capsule with a stream.
const STREAM: &std::ffi::CStr = c"arrow_array_stream";

/// A table of a plan.
#[pyclass(frozen, module = "clearway._clearway")]
#[derive(Debug)]
pub struct Table {
    table: ExportTable,
    start_ms: Option<i64>,
}

#[pymethods]
impl Table {
    /// Its name.
    #[getter]
    fn name(&self) -> &'static str {
        self.table.name
    }

    /// What a row of it is.
    #[getter]
    fn about(&self) -> &'static str {
        self.table.about
    }

    /// Whether rows have shapes.
    #[getter]
    fn has_geometry(&self) -> bool {
        self.table.shape.is_some()
    }

    /// Its columns: name, unit, meaning.
    #[getter]
    fn columns(&self) -> Vec<(&'static str, &'static str, &'static str)> {
        self.table.columns.iter().map(|column| (column.name, column.unit, column.about)).collect()
    }

    fn __len__(&self) -> usize {
        self.table.rows.len()
    }

    /// The table as a stream with one batch.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // the interface lets a producer keep its own types
        let _ = requested_schema;
        let batch = batch(&self.table, self.start_ms).map_err(|error| raised(py, broken(&error)))?;
        let schema = batch.schema();
        let reader = RecordBatchIterator::new(std::iter::once(Ok(batch)), schema);
        PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(Box::new(reader)), STREAM)
    }
}

fn broken(error: &ArrowError) -> Error {
    Error::Internal(format!("a table cannot be made: {error}"))
}

/// The tables of a plan, which is verified first: per part of it its name (empty: the whole) and its tables.
#[pyfunction]
pub fn plan_tables(py: Python<'_>, runner: &Run, plan: Folder) -> PyResult<Vec<(String, Vec<Table>)>> {
    run(py, runner, move |session| {
        let parts = clearway::plan_tables(session, &plan)?;
        let part = |part: clearway::TablesOfPart| {
            let start_ms = part.start_ms;
            let tables = part.tables.into_all().map(|table| Table { table, start_ms });
            (part.name, tables.into_iter().collect())
        };
        Ok(parts.into_iter().map(part).collect())
    })
}

fn batch(table: &ExportTable, start_ms: Option<i64>) -> Result<RecordBatch, ArrowError> {
    let (mut fields, mut columns) = (Vec::new(), Vec::new());
    for (at, column) in table.columns.iter().enumerate() {
        let values = values(table, at, column.kind, start_ms);
        let about = [("unit", column.unit), ("about", column.about)];
        let about: HashMap<String, String> = about
            .into_iter()
            .filter(|(_, text)| !text.is_empty())
            .map(|(key, text)| (key.to_owned(), text.to_owned()))
            .collect();
        fields.push(Field::new(column.name, values.data_type().clone(), true).with_metadata(about));
        columns.push(values);
    }
    if table.shape.is_some() {
        let mut shapes = BinaryBuilder::new();
        table.shapes.iter().for_each(|shape| shapes.append_option(shape.as_ref().map(wkb)));
        let about = [
            ("ARROW:extension:name".to_owned(), "geoarrow.wkb".to_owned()),
            (
                "ARROW:extension:metadata".to_owned(),
                json!({"crs": "OGC:CRS84", "crs_type": "authority_code"}).to_string(),
            ),
        ];
        fields.push(Field::new("geometry", DataType::Binary, true).with_metadata(HashMap::from(about)));
        columns.push(Arc::new(shapes.finish()));
    }
    let about = HashMap::from([
        ("name".to_owned(), table.name.to_owned()),
        ("about".to_owned(), table.about.to_owned()),
    ]);
    RecordBatch::try_new(Arc::new(Schema::new(fields).with_metadata(about)), columns)
}

fn values(table: &ExportTable, at: usize, kind: CellKind, start_ms: Option<i64>) -> ArrayRef {
    let cells = table.rows.iter().map(|row| row.get(at).unwrap_or(&ExportCell::Empty));
    match kind {
        CellKind::Text => {
            let mut column = StringBuilder::new();
            for cell in cells {
                column.append_option(if let ExportCell::Text(text) = cell { Some(text) } else { None });
            }
            Arc::new(column.finish())
        }
        CellKind::Whole => {
            let mut column = Int64Builder::new();
            for cell in cells {
                column.append_option(if let ExportCell::Whole(whole) = cell { Some(*whole) } else { None });
            }
            Arc::new(column.finish())
        }
        CellKind::Real => {
            let mut column = Float64Builder::new();
            for cell in cells {
                column.append_option(if let ExportCell::Real(real) = cell { Some(*real) } else { None });
            }
            Arc::new(column.finish())
        }
        CellKind::Moment => moments(cells, start_ms),
    }
}

fn moments<'a>(cells: impl Iterator<Item = &'a ExportCell>, start_ms: Option<i64>) -> ArrayRef {
    let ms = cells.map(|cell| if let ExportCell::Moment(ms) = cell { Some(*ms) } else { None });
    if let Some(start_ms) = start_ms {
        let mut column = TimestampMillisecondBuilder::new().with_timezone("UTC");
        ms.for_each(|ms| column.append_option(ms.and_then(|ms| ms.checked_add(start_ms))));
        Arc::new(column.finish())
    } else {
        let mut column = arrow_array::builder::DurationMillisecondBuilder::new();
        ms.for_each(|ms| column.append_option(ms));
        Arc::new(column.finish())
    }
}

/// Anybody's table as CSV: numbers as they are, whole numbers without a point, nothing where there is nothing.
#[pyfunction]
pub fn csv_of_arrow<'py>(py: Python<'py>, capsule: &Bound<'py, PyCapsule>) -> PyResult<Bound<'py, PyBytes>> {
    let mut stream = stream(capsule)?;
    let text = py.detach(|| csv(&mut stream)).map_err(|error| raised(py, error))?;
    Ok(PyBytes::new(py, &text))
}

/// Takes the stream out of a capsule.
#[allow(unsafe_code)]
fn stream(capsule: &Bound<'_, PyCapsule>) -> PyResult<RecordBatchStreamReader> {
    let pointer = capsule.pointer_checked(Some(STREAM))?.as_ptr().cast::<FFI_ArrowArrayStream>();
    // SAFETY: the capsule bears the name by which the interface promises a valid stream, and the reader marks it as taken, as the interface
    // wants it.
    let reader = unsafe { RecordBatchStreamReader::from_raw(pointer) };
    reader.map_err(|error| raised(capsule.py(), Error::Request(format!("a table cannot be read: {error}"))))
}

fn csv(stream: &mut RecordBatchStreamReader) -> Result<Vec<u8>, Error> {
    let unreadable = |error: ArrowError| Error::Request(format!("a table cannot be read: {error}"));
    let schema = arrow_array::RecordBatchReader::schema(stream);
    let header: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
    let mut rows = Vec::new();
    for batch in stream {
        let batch = batch.map_err(unreadable)?;
        for row in 0..batch.num_rows() {
            let cells = header.iter().zip(batch.columns()).map(|(name, column)| cell(name, column, row));
            rows.push(cells.collect::<Result<Vec<String>, Error>>()?);
        }
    }
    Ok(csv_text(&header, rows))
}

fn cell(name: &str, column: &dyn Array, row: usize) -> Result<String, Error> {
    if column.is_null(row) {
        return Ok(String::new());
    }
    fn whole<T: ArrowPrimitiveType>(column: &dyn Array, row: usize) -> String
    where
        T::Native: ToString,
    {
        column.as_primitive::<T>().value(row).to_string()
    }
    Ok(match column.data_type() {
        DataType::Null => String::new(),
        DataType::Utf8 => column.as_string::<i32>().value(row).to_owned(),
        DataType::LargeUtf8 => column.as_string::<i64>().value(row).to_owned(),
        DataType::Utf8View => column.as_string_view().value(row).to_owned(),
        DataType::Boolean => column.as_boolean().value(row).to_string(),
        DataType::Int8 => whole::<Int8Type>(column, row),
        DataType::Int16 => whole::<Int16Type>(column, row),
        DataType::Int32 => whole::<Int32Type>(column, row),
        DataType::Int64 => whole::<Int64Type>(column, row),
        DataType::UInt8 => whole::<UInt8Type>(column, row),
        DataType::UInt16 => whole::<UInt16Type>(column, row),
        DataType::UInt32 => whole::<UInt32Type>(column, row),
        DataType::UInt64 => whole::<UInt64Type>(column, row),
        DataType::Float32 => number(whole::<Float32Type>(column, row)),
        DataType::Float64 => number(whole::<Float64Type>(column, row)),
        DataType::Timestamp(unit, zone) => moment(column, row, *unit, zone.is_some())?,
        DataType::Dictionary(_, _) => {
            let dictionary = column.as_any_dictionary();
            let key = dictionary.normalized_keys().get(row).copied().unwrap_or_default();
            cell(name, dictionary.values(), key)?
        }
        other => {
            let expected = "text, numbers, truth values or moments";
            return Err(Error::Request(format!(
                "column '{name}' of a table holds {other}, expected {expected}"
            )));
        }
    })
}

/// A missing number is often one that is none.
fn number(text: String) -> String {
    if text == "NaN" { String::new() } else { text }
}

/// A moment as RFC 3339 in UTC; one without a time zone without an offset.
fn moment(column: &dyn Array, row: usize, unit: TimeUnit, has_zone: bool) -> Result<String, Error> {
    use arrow_array::types::{
        TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType,
    };
    let ms = match unit {
        TimeUnit::Second => column.as_primitive::<TimestampSecondType>().value(row).saturating_mul(1000),
        TimeUnit::Millisecond => column.as_primitive::<TimestampMillisecondType>().value(row),
        TimeUnit::Microsecond => {
            column.as_primitive::<TimestampMicrosecondType>().value(row).div_euclid(1000)
        }
        TimeUnit::Nanosecond => {
            column.as_primitive::<TimestampNanosecondType>().value(row).div_euclid(1_000_000)
        }
    };
    let moment = jiff::Timestamp::from_millisecond(ms);
    let text =
        moment.map_err(|problem| Error::Request(format!("a moment of a table: {problem}")))?.to_string();
    Ok(if has_zone { text } else { text.trim_end_matches('Z').to_owned() })
}
