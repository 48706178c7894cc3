//! Members of an ensemble as columns: Parquet, which databases and Python read, with the head of the ensemble among its metadata; and CSV
//! for spreadsheets.

use bytes::Bytes;
use clearway_formats::csv_text;
use clearway_simulate::ensemble::report::EnsembleHead;
use clearway_simulate::ensemble::{EnsembleRows, FailedMember, MemberRow};
use parquet::column::writer::ColumnWriter;
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::writer::SerializedFileWriter;
use parquet::record::{Field, Row};
use parquet::schema::parser::parse_message_type;
use serde_json::{Map, Value};
use std::sync::Arc;

/// The key of the metadata under which the head of the ensemble is, as JSON.
const HEAD: &str = "clearway.ensemble";
/// The same of members that could not be simulated.
const FAILED: &str = "clearway.failed";
/// The same of the numbers of members in the file, `from..until`.
const NUMBERS: &str = "clearway.members";

/// Part of an ensemble, as it lies in one file.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct EnsemblePart {
    pub head: EnsembleHead,
    /// Numbers of its members, from and until.
    pub numbers: (u32, u32),
    pub rows: EnsembleRows,
}

/// Why a file is no part of an ensemble.
#[derive(Debug, thiserror::Error)]
pub(super) enum PartError {
    #[error("not a Parquet file, or damaged: {0}")]
    Parquet(#[from] ParquetError),
    #[error("not written by clearway ensemble: its metadata has no {0}")]
    Missing(&'static str),
    #[error("its metadata or a row cannot be read: {0}")]
    Json(#[from] serde_json::Error),
}

/// A column: its name, whether its numbers are whole, whether it may be empty.
#[derive(Debug, Clone, PartialEq)]
struct Column {
    name: String,
    is_whole: bool,
}

/// A figure of a member.
type Cells = Vec<(Column, Option<f64>)>;

/// A member as cells. Groups of figures are flattened: `behaviour.late_share`, `figures.capacity`.
fn cells(row: &MemberRow) -> Cells {
    let whole = |name: &str, value: i64| (column(name, true), Some(clearway_model::number::float(value)));
    let number = |name: &str, value: Option<f64>| (column(name, false), value);
    let mut cells = vec![
        whole("member", i64::from(row.member)),
        whole("evacuees", row.evacuees),
        whole("stayed", row.stayed),
        whole("unasked", row.unasked),
        whole("detoured", row.detoured),
        whole("turned_back", row.turned_back),
        whole("arrived", row.arrived),
        whole("not_arrived", row.not_arrived),
        whole("overtaken", row.overtaken),
        whole("beyond_capacity", row.beyond_capacity),
        number("t90_s", row.t90_s),
        number("t100_s", row.t100_s),
        number("mean_s", row.mean_s),
        number("waiting_mean_min", Some(row.waiting_mean_min)),
        number("waiting_p95_min", Some(row.waiting_p95_min)),
        number("waiting_longest_min", Some(row.waiting_longest_min)),
        number("person_hours", Some(row.person_hours)),
        whole("incidents", i64::from(row.incidents)),
        whole("gridlocks", i64::from(row.gridlocks)),
    ];
    let named = |group: &str, name: &str| format!("{group}.{name}");
    let behaviour = clearway_simulate::behaviour::DrawnBehaviour::NAMES.iter().zip(row.behaviour.values());
    cells.extend(behaviour.map(|(name, value)| number(&named("behaviour", name), Some(value))));
    let places = row.places.map(|places| places.values());
    let names = clearway_simulate::member::FigurePlaces::NAMES.iter().enumerate();
    cells.extend(names.map(|(at, name)| number(&named("figures", name), places.map(|places| places[at]))));
    cells
}

fn column(name: &str, is_whole: bool) -> Column {
    Column { name: name.to_owned(), is_whole }
}

/// The members as CSV; empty: never, or not drawn.
pub(super) fn members_csv(rows: &[MemberRow]) -> Vec<u8> {
    let Some(first) = rows.first() else { return csv_text(&["member"], std::iter::empty::<[String; 1]>()) };
    let names: Vec<String> = cells(first).into_iter().map(|(column, _)| column.name).collect();
    let header: Vec<&str> = names.iter().map(String::as_str).collect();
    let lines = rows.iter().map(|row| {
        cells(row)
            .into_iter()
            .map(|(_, value)| value.map(|value| value.to_string()).unwrap_or_default())
            .collect::<Vec<String>>()
    });
    csv_text(&header, lines)
}

impl EnsemblePart {
    /// The part as a Parquet file: one row group, no compression, so that equal parts are equal bytes.
    pub fn to_parquet(&self) -> Result<Vec<u8>, PartError> {
        let lines: Vec<Cells> = self.rows.members.iter().map(cells).collect();
        let columns: Vec<Column> =
            lines.first().map(|line| line.iter().map(|cell| cell.0.clone()).collect()).unwrap_or_default();
        let mut schema = String::from("message member {\n");
        for Column { name, is_whole } in &columns {
            schema += &if *is_whole {
                format!("  REQUIRED INT64 {name};\n")
            } else {
                format!("  OPTIONAL DOUBLE {name};\n")
            };
        }
        if columns.is_empty() {
            schema += "  REQUIRED INT64 member;\n";
        }
        schema += "}";
        let metadata = [
            (HEAD, serde_json::to_string(&self.head)?),
            (FAILED, serde_json::to_string(&self.rows.failed)?),
            (NUMBERS, format!("{}..{}", self.numbers.0, self.numbers.1)),
        ]
        .map(|(key, value)| KeyValue::new(key.to_owned(), value))
        .to_vec();
        let properties = WriterProperties::builder()
            .set_created_by(clearway_model::TOOL.to_owned())
            .set_key_value_metadata(Some(metadata))
            .build();
        let mut bytes = Vec::new();
        let schema = Arc::new(parse_message_type(&schema)?);
        let mut file = SerializedFileWriter::new(&mut bytes, schema, Arc::new(properties))?;
        if !lines.is_empty() {
            let mut group = file.next_row_group()?;
            for at in 0..columns.len() {
                let Some(mut writer) = group.next_column()? else { break };
                write_column(writer.untyped(), lines.iter().map(|line| line[at].1))?;
                writer.close()?;
            }
            group.close()?;
        }
        file.close()?;
        Ok(bytes)
    }

    /// Reads a part.
    pub fn from_parquet(bytes: &[u8]) -> Result<Self, PartError> {
        let reader = SerializedFileReader::new(Bytes::copy_from_slice(bytes))?;
        let metadata = reader.metadata().file_metadata().key_value_metadata().cloned().unwrap_or_default();
        let value = |key: &'static str| {
            metadata
                .iter()
                .find(|entry| entry.key == key)
                .and_then(|entry| entry.value.clone())
                .ok_or(PartError::Missing(key))
        };
        let head: EnsembleHead = serde_json::from_str(&value(HEAD)?)?;
        let failed: Vec<FailedMember> = serde_json::from_str(&value(FAILED)?)?;
        let numbers = value(NUMBERS)?;
        let numbers = numbers
            .split_once("..")
            .and_then(|(from, until)| Some((from.parse().ok()?, until.parse().ok()?)))
            .ok_or(PartError::Missing(NUMBERS))?;
        let mut members = Vec::new();
        for row in reader.get_row_iter(None)? {
            members.push(serde_json::from_value(row_value(&row?))?);
        }
        Ok(Self { head, numbers, rows: EnsembleRows { members, failed } })
    }
}

fn write_column(
    writer: &mut ColumnWriter<'_>,
    values: impl Iterator<Item = Option<f64>>,
) -> Result<(), PartError> {
    match writer {
        ColumnWriter::Int64ColumnWriter(writer) => {
            let values: Vec<i64> =
                values.map(|value| clearway_model::number::round(value.unwrap_or(0.0))).collect();
            writer.write_batch(&values, None, None)?;
        }
        ColumnWriter::DoubleColumnWriter(writer) => {
            let (mut there, mut levels) = (Vec::new(), Vec::new());
            for value in values {
                levels.push(i16::from(value.is_some()));
                there.extend(value);
            }
            writer.write_batch(&there, Some(&levels), None)?;
        }
        // no other kinds are in the schema
        _ => {}
    }
    Ok(())
}

/// A row as the JSON of a [`MemberRow`].
fn row_value(row: &Row) -> Value {
    let (mut top, mut behaviour, mut places) = (Map::new(), Map::new(), Map::new());
    for (name, field) in row.get_column_iter() {
        let value = match field {
            Field::Long(whole) => Value::from(*whole),
            Field::Double(number) => Value::from(*number),
            _ => Value::Null,
        };
        match name.split_once('.') {
            Some(("behaviour", name)) => behaviour.insert(name.to_owned(), value),
            Some(("figures", name)) => places.insert(name.to_owned(), value),
            _ => top.insert(name.clone(), value),
        };
    }
    top.insert("behaviour".to_owned(), Value::Object(behaviour));
    let is_drawn = places.values().any(|value| !value.is_null());
    top.insert("places".to_owned(), if is_drawn { Value::Object(places) } else { Value::Null });
    Value::Object(top)
}
