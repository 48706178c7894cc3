//! The record of who did what. Each line has the digest of the one before.

use super::{ProjectStore, Writing};
use crate::error::ServeError;
use crate::types::RecordLine;
use rusqlite::{OptionalExtension, Row, params};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// Whether the record is whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordCheck {
    /// How many lines there are.
    pub lines: i64,
    /// The first line that does not follow from the one before; `None`: all do.
    pub broken_at: Option<i64>,
}

/// The digest of a line, from that of the line before; `details` is its JSON as it is kept, letter for letter.
pub fn record_digest(before: &str, line: &RecordLine, details: &str) -> String {
    let project = line.project.map(|id| id.to_string()).unwrap_or_default();
    let mut hash = Sha256::new();
    for part in [before, &line.number.to_string(), &project, &line.by, &line.at, &line.what, details] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    let hex: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hex}")
}

impl Writing<'_> {
    /// Adds a line to the record.
    pub fn record(&self, project: Option<i64>, what: &str, details: Value) -> Result<(), ServeError> {
        let last: Option<(i64, String)> = self
            .transaction
            .query_row("SELECT number, digest FROM record ORDER BY number DESC LIMIT 1", [], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?;
        let (number, before) = last.map_or((1, String::new()), |(number, digest)| (number + 1, digest));
        let mut line = RecordLine {
            number,
            project,
            by: self.by.clone(),
            at: self.at.clone(),
            what: what.to_owned(),
            details,
            digest: String::new(),
        };
        let details = line.details.to_string();
        line.digest = record_digest(&before, &line, &details);
        self.transaction.execute(
            "INSERT INTO record (number, project, made_by, made_at, what, details, digest) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                line.number,
                line.project,
                line.by,
                line.at,
                line.what,
                details,
                line.digest
            ],
        )?;
        Ok(())
    }
}

fn line(row: &Row<'_>) -> rusqlite::Result<RecordLine> {
    let details: String = row.get(5)?;
    Ok(RecordLine {
        number: row.get(0)?,
        project: row.get(1)?,
        by: row.get(2)?,
        at: row.get(3)?,
        what: row.get(4)?,
        // a line whose details are no JSON any more has another digest, which shows
        details: serde_json::from_str(&details).unwrap_or(Value::Null),
        digest: row.get(6)?,
    })
}

const COLUMNS: &str = "number, project, made_by, made_at, what, details, digest";

impl ProjectStore {
    /// The record of a project, newest line first.
    ///
    /// # Errors
    /// If the data base cannot be read.
    pub fn record_of(&self, project: i64, most: usize) -> Result<Vec<RecordLine>, ServeError> {
        self.read(|connection| {
            let sql =
                format!("SELECT {COLUMNS} FROM record WHERE project = ?1 ORDER BY number DESC LIMIT ?2");
            let mut query = connection.prepare(&sql)?;
            let lines = query.query_map(params![project, i64::try_from(most).unwrap_or(i64::MAX)], line)?;
            Ok(lines.collect::<Result<_, _>>()?)
        })
    }

    /// Works out every digest of the record again.
    ///
    /// # Errors
    /// If the data base cannot be read.
    pub fn check_record(&self) -> Result<RecordCheck, ServeError> {
        self.read(|connection| {
            let sql = format!("SELECT {COLUMNS} FROM record ORDER BY number");
            let mut query = connection.prepare(&sql)?;
            let mut check = RecordCheck { lines: 0, broken_at: None };
            let mut before = String::new();
            let mut rows = query.query([])?;
            while let Some(row) = rows.next()? {
                let (found, details) = (line(row)?, row.get::<_, String>(5)?);
                check.lines += 1;
                let follows =
                    found.number == check.lines && record_digest(&before, &found, &details) == found.digest;
                if !follows && check.broken_at.is_none() {
                    check.broken_at = Some(found.number);
                }
                before = found.digest;
            }
            Ok(check)
        })
    }
}
