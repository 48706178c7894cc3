//! Drafts: every revision stays.

use super::ProjectStore;
use crate::error::ServeError;
use crate::types::{Draft, DraftOrder, DraftRevision, StoredDraft};
use rusqlite::{OptionalExtension, params};
use serde_json::json;

impl ProjectStore {
    /// A draft; without a revision the newest. Where nothing was saved yet it is empty.
    ///
    /// # Errors
    /// [`ServeError::NotThere`].
    pub fn draft(&self, project: i64, revision: Option<i64>) -> Result<StoredDraft, ServeError> {
        let newest = self.project(project)?.draft_revision;
        let wanted = revision.unwrap_or(newest);
        if wanted == 0 {
            let empty = StoredDraft {
                revision: 0,
                newest,
                by: String::new(),
                at: String::new(),
                draft: Draft::default(),
            };
            return Ok(empty);
        }
        self.read(|connection| {
            let found = connection
                .query_row(
                    "SELECT made_by, made_at, draft FROM drafts WHERE project = ?1 AND revision = ?2",
                    [project, wanted],
                    |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?)),
                )
                .optional()?;
            let (by, at, draft) =
                found.ok_or_else(|| ServeError::NotThere(format!("revision {wanted} of the draft")))?;
            Ok(StoredDraft { revision: wanted, newest, by, at, draft: serde_json::from_str(&draft)? })
        })
    }

    /// Saves a draft as a new revision.
    ///
    /// # Errors
    /// [`ServeError::Conflict`] if there is a newer one than it was made of.
    pub fn save_draft(&self, by: &str, project: i64, order: &DraftOrder) -> Result<StoredDraft, ServeError> {
        let text = serde_json::to_string(&order.draft)?;
        let note: String = order.note.chars().filter(|c| !c.is_control()).take(200).collect();
        self.write(by, |writing| {
            writing.must_have_project(project)?;
            let newest: i64 = writing.transaction.query_row(
                "SELECT COALESCE(MAX(revision), 0) FROM drafts WHERE project = ?1",
                [project],
                |row| row.get(0),
            )?;
            if newest != order.base {
                return Err(ServeError::Conflict(format!(
                    "the draft was saved as revision {newest} by somebody else meanwhile, and yours is made of revision {}",
                    order.base
                )));
            }
            let revision = newest + 1;
            writing.transaction.execute(
                "INSERT INTO drafts (project, revision, note, made_by, made_at, draft) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![project, revision, note, writing.by, writing.at, text],
            )?;
            writing.record(
                Some(project),
                "draft saved",
                json!({ "revision": revision, "note": note }),
            )?;
            Ok(StoredDraft {
                revision,
                newest: revision,
                by: writing.by.clone(),
                at: writing.at.clone(),
                draft: order.draft.clone(),
            })
        })
    }

    /// The revisions of a draft, newest first.
    ///
    /// # Errors
    /// [`ServeError::NotThere`].
    pub fn draft_revisions(&self, project: i64) -> Result<Vec<DraftRevision>, ServeError> {
        self.project(project)?;
        self.read(|connection| {
            let mut query = connection.prepare(
                "SELECT revision, note, made_by, made_at FROM drafts WHERE project = ?1 ORDER BY revision DESC",
            )?;
            let rows = query.query_map([project], |row| {
                Ok(DraftRevision {
                    revision: row.get(0)?,
                    note: row.get(1)?,
                    by: row.get(2)?,
                    at: row.get(3)?,
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }
}
