//! Jobs as they are kept: what was ordered and what became of it.

use super::{ProjectStore, Writing};
use crate::error::ServeError;
use crate::types::{JobInfo, JobOrder, JobState};
use clearway_model::Fault;
use rusqlite::{OptionalExtension, Row, params};
use serde_json::{Value, json};

/// A job that is kept.
#[derive(Debug, Clone)]
pub struct StoredJob {
    /// What there is to tell of it.
    pub info: JobInfo,
    /// What was ordered.
    pub order: Option<JobOrder>,
}

/// What became of a job.
#[derive(Debug, Clone)]
pub struct JobEnd {
    /// Its last state.
    pub state: JobState,
    /// What came out in words, or why nothing did.
    pub words: String,
    /// Faults in what was given.
    pub faults: Vec<Fault>,
    /// What was said while it ran.
    pub notes: Vec<String>,
    /// The version that came out.
    pub result: Option<i64>,
}

const COLUMNS: &str = "id, project, kind, of_version, ordered, state, made_by, ordered_at, begun_at, over_at, words, faults, notes, result";

fn job(row: &Row<'_>) -> rusqlite::Result<StoredJob> {
    let (order, state): (String, String) = (row.get(4)?, row.get(5)?);
    let (faults, notes): (String, String) = (row.get(11)?, row.get(12)?);
    let faults: Vec<Value> = serde_json::from_str(&faults).unwrap_or_default();
    Ok(StoredJob {
        order: serde_json::from_str(&order).ok(),
        info: JobInfo {
            id: row.get(0)?,
            project: row.get(1)?,
            kind: row.get(2)?,
            of: row.get(3)?,
            state: JobState::of_word(&state).unwrap_or(JobState::Failed),
            ahead: None,
            by: row.get(6)?,
            ordered_at: row.get(7)?,
            begun_at: row.get(8)?,
            over_at: row.get(9)?,
            progress: None,
            bound_so_far: None,
            notes: serde_json::from_str(&notes).unwrap_or_default(),
            words: row.get(10)?,
            faults: faults.iter().filter_map(fault).collect(),
            result: row.get(13)?,
        },
    })
}

/// A fault from its JSON.
fn fault(value: &Value) -> Option<Fault> {
    let text = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let [file, place, expected] = ["file", "place", "expected"].map(text);
    let fault = if value.get("severity")?.as_str()? == "warning" {
        Fault::warning(file, place, expected)
    } else {
        Fault::error(file, place, expected)
    };
    Some(fault.field(text("field"), text("found")).hint(text("hint")))
}

impl Writing<'_> {
    /// Writes what became of a job.
    pub fn end_job(&self, id: i64, end: &JobEnd) -> Result<(), ServeError> {
        self.transaction.execute(
            "UPDATE jobs SET state = ?2, over_at = ?3, words = ?4, faults = ?5, notes = ?6, result = ?7 WHERE id = ?1",
            params![
                id,
                end.state.word(),
                self.at,
                end.words,
                serde_json::to_string(&end.faults)?,
                serde_json::to_string(&end.notes)?,
                end.result
            ],
        )?;
        let project: i64 =
            self.transaction.query_row("SELECT project FROM jobs WHERE id = ?1", [id], |row| row.get(0))?;
        self.record(
            Some(project),
            &format!("job {}", end.state.word()),
            json!({ "job": id, "result": end.result }),
        )
    }
}

impl ProjectStore {
    /// Keeps a job that was ordered.
    ///
    /// # Errors
    /// [`ServeError::NotThere`] if its project is not there.
    pub fn add_job(&self, by: &str, project: i64, order: &JobOrder) -> Result<i64, ServeError> {
        let text = serde_json::to_string(order)?;
        self.write(by, |writing| {
            writing.must_have_project(project)?;
            writing.transaction.execute(
                "INSERT INTO jobs (project, kind, of_version, ordered, state, made_by, ordered_at, words, faults, notes) \
                 VALUES (?1, ?2, ?3, ?4, 'queued', ?5, ?6, '', '[]', '[]')",
                params![project, order.kind(), order.of(), text, writing.by, writing.at],
            )?;
            let id = writing.transaction.last_insert_rowid();
            writing.record(
                Some(project),
                "job ordered",
                json!({ "job": id, "kind": order.kind(), "of": order.of() }),
            )?;
            Ok(id)
        })
    }

    /// A job.
    ///
    /// # Errors
    /// [`ServeError::NotThere`].
    pub fn job(&self, id: i64) -> Result<StoredJob, ServeError> {
        self.read(|connection| {
            let sql = format!("SELECT {COLUMNS} FROM jobs WHERE id = ?1");
            let found = connection.query_row(&sql, [id], job).optional()?;
            found.ok_or_else(|| ServeError::NotThere(format!("job {id}")))
        })
    }

    /// The jobs of a project, newest first.
    ///
    /// # Errors
    /// [`ServeError::NotThere`].
    pub fn jobs(&self, project: i64) -> Result<Vec<StoredJob>, ServeError> {
        self.project(project)?;
        self.read(|connection| {
            let sql = format!("SELECT {COLUMNS} FROM jobs WHERE project = ?1 ORDER BY id DESC LIMIT 200");
            let mut query = connection.prepare(&sql)?;
            Ok(query.query_map([project], job)?.collect::<Result<_, _>>()?)
        })
    }

    /// Says that a job has begun.
    ///
    /// # Errors
    /// If the data base cannot be written.
    pub fn begin_job(&self, by: &str, id: i64) -> Result<(), ServeError> {
        self.write(by, |writing| {
            writing.transaction.execute(
                "UPDATE jobs SET state = 'running', begun_at = ?2 WHERE id = ?1",
                params![id, writing.at],
            )?;
            Ok(())
        })
    }

    /// Says what became of a job.
    ///
    /// # Errors
    /// If the data base cannot be written.
    pub fn end_job(&self, by: &str, id: i64, end: &JobEnd) -> Result<(), ServeError> {
        self.write(by, |writing| writing.end_job(id, end))
    }

    /// After the server was ended: jobs that ran then were interrupted. Returns those that wait, oldest first.
    ///
    /// # Errors
    /// If the data base cannot be written.
    pub fn jobs_after_restart(&self) -> Result<Vec<i64>, ServeError> {
        self.write("clearway", |writing| {
            let ids = |state: &str| -> Result<Vec<i64>, ServeError> {
                let mut query =
                    writing.transaction.prepare("SELECT id FROM jobs WHERE state = ?1 ORDER BY id")?;
                Ok(query.query_map([state], |row| row.get(0))?.collect::<Result<_, _>>()?)
            };
            for id in ids("running")? {
                let end = JobEnd {
                    state: JobState::Interrupted,
                    words: "the server was ended while this ran; order it again".to_owned(),
                    faults: Vec::new(),
                    notes: Vec::new(),
                    result: None,
                };
                writing.end_job(id, &end)?;
            }
            ids("queued")
        })
    }
}
