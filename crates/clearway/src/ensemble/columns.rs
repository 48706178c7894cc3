//! Members of an ensemble as columns, in a part file with the head of the ensemble among its metadata, and as CSV for spreadsheets.

use crate::part_file::{self, ColumnCells, NamedColumn, PartFile};
use clearway_formats::csv_text;
use clearway_model::number::round;
use clearway_simulate::ensemble::report::EnsembleHead;
use clearway_simulate::ensemble::{EnsembleRows, FailedMember, MemberRow};
use parquet::errors::ParquetError;
use parquet::record::{Field, Row};
use serde_json::{Map, Value};

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
    /// The part as a file.
    pub fn to_parquet(&self) -> Result<Vec<u8>, PartError> {
        let metadata = [
            (HEAD, serde_json::to_string(&self.head)?),
            (FAILED, serde_json::to_string(&self.rows.failed)?),
            (NUMBERS, format!("{}..{}", self.numbers.0, self.numbers.1)),
        ];
        Ok(part_file::write("member", &columns(&self.rows.members), &metadata)?)
    }

    /// Reads a part.
    pub fn from_parquet(bytes: &[u8]) -> Result<Self, PartError> {
        let file = PartFile::new(bytes)?;
        let value = |key: &'static str| file.value(key).ok_or(PartError::Missing(key));
        let head: EnsembleHead = serde_json::from_str(&value(HEAD)?)?;
        let failed: Vec<FailedMember> = serde_json::from_str(&value(FAILED)?)?;
        let numbers = value(NUMBERS)?;
        let numbers = numbers
            .split_once("..")
            .and_then(|(from, until)| Some((from.parse().ok()?, until.parse().ok()?)))
            .ok_or(PartError::Missing(NUMBERS))?;
        let mut members = Vec::new();
        for row in file.rows()? {
            members.push(serde_json::from_value(row_value(&row?))?);
        }
        Ok(Self { head, numbers, rows: EnsembleRows { members, failed } })
    }
}

/// Members as columns; without any there is one, with no rows.
fn columns(members: &[MemberRow]) -> Vec<NamedColumn> {
    let lines: Vec<Cells> = members.iter().map(cells).collect();
    let Some(first) = lines.first() else {
        return vec![("member".to_owned(), ColumnCells::Whole(Vec::new()))];
    };
    let column = |(at, (Column { name, is_whole }, _)): (usize, &(Column, Option<f64>))| {
        let values = lines.iter().map(|line| line[at].1);
        let cells = if *is_whole {
            ColumnCells::Whole(values.map(|value| round(value.unwrap_or(0.0))).collect())
        } else {
            ColumnCells::Real(values.collect())
        };
        (name.clone(), cells)
    };
    first.iter().enumerate().map(column).collect()
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
