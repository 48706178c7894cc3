//! Runs of a study as columns, in a part file with the study among its metadata, and as CSV for spreadsheets.

use super::course::{RunInputs, StudyCourse};
use super::request::StudyRequest;
use crate::part_file::{self, ColumnCells, NamedColumn, PartFile};
use clearway_formats::csv_for_spreadsheets;
use clearway_model::Context;
use clearway_study::report::FigureDescription;
use parquet::errors::ParquetError;
use parquet::record::{Field, Row};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The key of the metadata under which the study is, as JSON.
const HEAD: &str = "clearway.study";
/// The same of the numbers of runs in the file, `from..until`.
const NUMBERS: &str = "clearway.runs";

/// What all parts of a study share.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct StudyHead {
    /// Always [`StudyHead::SCHEMA`].
    pub schema: String,
    /// Program and version.
    pub tool: String,
    /// Digest of the scenario.
    pub scenario: String,
    pub name: String,
    pub context: Context,
    pub attribution: Vec<String>,
    pub request: StudyRequest,
    pub figures: Vec<FigureDescription>,
}

impl StudyHead {
    pub const SCHEMA: &'static str = "clearway-study-part/1";
}

/// A run.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct StudyRun {
    /// Its number, from 0.
    pub run: u32,
    /// Its figures, or why there are none.
    pub figures: Result<Vec<Option<f64>>, String>,
}

/// Part of a study, as it lies in one file; any parts put together are one, too.
#[derive(Debug, Clone, PartialEq)]
pub struct StudyPart {
    pub(super) head: StudyHead,
    /// Its runs, by number.
    pub(super) rows: Vec<StudyRun>,
    /// All runs of the study.
    pub(super) course: KnownCourse,
}

/// All runs of a study where they are at hand: of a large study they are not to be made again for each part. They follow from the head,
/// and so make no difference between parts.
#[derive(Debug, Clone, Default)]
pub(super) struct KnownCourse(pub Option<Arc<StudyCourse>>);

impl PartialEq for KnownCourse {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

/// Why a file is no part of a study.
#[derive(Debug, thiserror::Error)]
pub(super) enum PartError {
    #[error("not a Parquet file, or damaged: {0}")]
    Parquet(#[from] ParquetError),
    #[error("not written by clearway study: its metadata has no {0}")]
    Missing(&'static str),
    #[error("its metadata cannot be read: {0}")]
    Json(#[from] serde_json::Error),
    #[error("a row of it has no number of its run")]
    Row,
}

/// Columns of runs: what they are, and what came of them.
pub(super) fn columns(part: &StudyPart) -> Vec<NamedColumn> {
    let StudyPart { head, rows, course: KnownCourse(known) } = part;
    let design = known.clone().unwrap_or_else(|| Arc::new(StudyCourse::new(&head.request)));
    let course: Vec<_> = rows.iter().map(|row| design.at(row.run)).collect();
    let whole = |name: &str, cells: Vec<i64>| (name.to_owned(), ColumnCells::Whole(cells));
    let mut columns = vec![whole("run", rows.iter().map(|row| i64::from(row.run)).collect())];
    for (at, input) in head.request.inputs.iter().enumerate() {
        let cells = course.iter().map(|run| run.values.get(at).copied()).collect();
        columns.push((format!("input.{}", input.name), ColumnCells::Real(cells)));
    }
    if !head.request.options.is_empty() {
        let names = |run: &RunInputs<'_>| run.set.map(|set| head.request.names_of(set).join("; "));
        columns.push(("options".to_owned(), ColumnCells::Text(course.iter().map(names).collect())));
        let cost = |run: &RunInputs<'_>| run.set.map(|set| head.request.cost_of(set));
        columns.push(("cost".to_owned(), ColumnCells::Real(course.iter().map(cost).collect())));
    }
    for (at, figure) in head.figures.iter().enumerate() {
        let cell =
            |row: &StudyRun| row.figures.as_ref().ok().and_then(|figures| figures.get(at).copied().flatten());
        columns.push((figure.figure.clone(), ColumnCells::Real(rows.iter().map(cell).collect())));
    }
    let failed = rows.iter().map(|row| row.figures.as_ref().err().cloned()).collect();
    columns.push(("failed".to_owned(), ColumnCells::Text(failed)));
    columns
}

/// Runs as CSV; an empty figure is never reached, or not known since the run failed.
pub(super) fn runs_csv(part: &StudyPart) -> Vec<u8> {
    let columns = columns(part);
    let header: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
    let cell = |cells: &ColumnCells, row: usize| match cells {
        ColumnCells::Whole(cells) => cells[row].to_string(),
        ColumnCells::Real(cells) => cells[row].map(|cell| cell.to_string()).unwrap_or_default(),
        ColumnCells::Text(cells) => cells[row].clone().unwrap_or_default(),
    };
    let lines = (0..part.rows.len())
        .map(|row| columns.iter().map(|(_, cells)| cell(cells, row)).collect::<Vec<String>>());
    csv_for_spreadsheets(&header, lines)
}

impl StudyPart {
    /// The part as a file.
    pub(super) fn parquet(&self) -> Result<Vec<u8>, PartError> {
        let (from, until) = match (self.rows.first(), self.rows.last()) {
            (Some(first), Some(last)) => (first.run, last.run + 1),
            _ => (0, 0),
        };
        let metadata = [(HEAD, serde_json::to_string(&self.head)?), (NUMBERS, format!("{from}..{until}"))];
        Ok(part_file::write("run", &columns(self), &metadata)?)
    }

    /// Reads a part.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, PartError> {
        let file = PartFile::new(bytes)?;
        let head: StudyHead = serde_json::from_str(&file.value(HEAD).ok_or(PartError::Missing(HEAD))?)?;
        let rows = file.rows()?.map(|row| run_of(&head, &row?)).collect::<Result<_, _>>()?;
        Ok(Self { head, rows, course: KnownCourse::default() })
    }

    /// Numbers of its runs.
    pub fn numbers(&self) -> impl Iterator<Item = u32> {
        self.rows.iter().map(|row| row.run)
    }
}

fn run_of(head: &StudyHead, row: &Row) -> Result<StudyRun, PartError> {
    let mut run = None;
    let mut failed = None;
    let mut figures = vec![None; head.figures.len()];
    for (name, cell) in row.get_column_iter() {
        match cell {
            Field::Long(whole) if name == "run" => run = u32::try_from(*whole).ok(),
            Field::Str(why) if name == "failed" => failed = Some(why.clone()),
            Field::Double(value) => {
                if let Some(at) = head.figures.iter().position(|figure| figure.figure == *name) {
                    figures[at] = Some(*value);
                }
            }
            _ => {}
        }
    }
    let run = run.ok_or(PartError::Row)?;
    Ok(StudyRun { run, figures: failed.map_or(Ok(figures), Err) })
}
