//! Review and comments.

use super::ProjectStore;
use super::versions::{take_as_baseline, version_of};
use crate::error::ServeError;
use crate::types::{CommentInfo, CommentOrder, ReviewAction, ReviewOrder, ReviewState, VersionInfo};
use rusqlite::{OptionalExtension, params};
use serde_json::json;

impl ProjectStore {
    /// Takes a step of the review of a version.
    ///
    /// # Errors
    /// [`ServeError::Conflict`] if it is not the time for it; [`ServeError::Forbidden`] if somebody would review their own.
    pub fn review(&self, by: &str, id: i64, order: &ReviewOrder) -> Result<VersionInfo, ServeError> {
        let reason = order.reason.trim();
        if reason.chars().count() > 4000 {
            return Err(ServeError::Request("a reason has at most 4,000 characters".to_owned()));
        }
        if order.baseline && order.action != ReviewAction::Accept {
            return Err(ServeError::Request("a baseline is a version that is accepted".to_owned()));
        }
        if order.action == ReviewAction::Return && reason.is_empty() {
            return Err(ServeError::Request("say why it is returned".to_owned()));
        }
        self.write(by, |writing| {
            let version = version_of(&writing.transaction, id)?;
            let submitted_by: String = writing.transaction.query_row(
                "SELECT submitted_by FROM versions WHERE id = ?1",
                [id],
                |row| row.get(0),
            )?;
            let is_judged = matches!(order.action, ReviewAction::Accept | ReviewAction::Return);
            if is_judged && version.review != ReviewState::Submitted {
                return Err(ServeError::Conflict("only what was submitted is reviewed".to_owned()));
            }
            if order.action == ReviewAction::Submit
                && matches!(version.review, ReviewState::Submitted | ReviewState::Accepted)
            {
                return Err(ServeError::Conflict(format!("it is {} already", version.review.word())));
            }
            if order.action == ReviewAction::Discard
                && matches!(version.review, ReviewState::Accepted | ReviewState::Discarded)
            {
                return Err(ServeError::Conflict(format!("it is {} already", version.review.word())));
            }
            if is_judged && (by == version.made_by || by == submitted_by) {
                return Err(ServeError::Forbidden(
                    "a version is reviewed by somebody else than who made or submitted it".to_owned(),
                ));
            }
            let (state, submitted_by) = match order.action {
                ReviewAction::Submit => (ReviewState::Submitted, by),
                ReviewAction::Accept => (ReviewState::Accepted, submitted_by.as_str()),
                ReviewAction::Return => (ReviewState::Returned, submitted_by.as_str()),
                ReviewAction::Discard => (ReviewState::Discarded, submitted_by.as_str()),
            };
            writing.transaction.execute(
                "UPDATE versions SET review = ?2, submitted_by = ?3 WHERE id = ?1",
                params![id, state.word(), submitted_by],
            )?;
            writing.record(
                Some(version.project),
                &format!("version {}", state.word()),
                json!({ "version": id, "reason": reason, "digest": version.digest }),
            )?;
            if order.baseline {
                take_as_baseline(writing, &version)?;
            }
            version_of(&writing.transaction, id)
        })
    }

    /// Writes a comment.
    ///
    /// # Errors
    /// As they say.
    pub fn add_comment(
        &self,
        by: &str,
        version: i64,
        order: &CommentOrder,
    ) -> Result<CommentInfo, ServeError> {
        let text = order.text.trim();
        if text.is_empty() || text.chars().count() > 4000 || order.pin.id.chars().count() > 200 {
            return Err(ServeError::Request("a comment has 1 to 4,000 characters".to_owned()));
        }
        self.write(by, |writing| {
            let found = version_of(&writing.transaction, version)?;
            if let Some(answers) = order.answers {
                let of: Option<i64> = writing
                    .transaction
                    .query_row("SELECT version FROM comments WHERE id = ?1", [answers], |row| row.get(0))
                    .optional()?;
                if of != Some(version) {
                    return Err(ServeError::NotThere(format!("comment {answers} of version {version}")));
                }
            }
            writing.transaction.execute(
                "INSERT INTO comments (version, pin, text, answers, made_by, made_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    version,
                    serde_json::to_string(&order.pin)?,
                    text,
                    order.answers,
                    writing.by,
                    writing.at
                ],
            )?;
            let id = writing.transaction.last_insert_rowid();
            writing.record(
                Some(found.project),
                "comment written",
                json!({ "comment": id, "version": version, "pin": order.pin }),
            )?;
            Ok(CommentInfo {
                id,
                version,
                pin: order.pin.clone(),
                text: text.to_owned(),
                answers: order.answers,
                by: writing.by.clone(),
                at: writing.at.clone(),
            })
        })
    }

    /// The comments of a version, oldest first.
    ///
    /// # Errors
    /// [`ServeError::NotThere`].
    pub fn comments(&self, version: i64) -> Result<Vec<CommentInfo>, ServeError> {
        self.version(version)?;
        self.read(|connection| {
            let mut query = connection.prepare(
                "SELECT id, pin, text, answers, made_by, made_at FROM comments WHERE version = ?1 ORDER BY id",
            )?;
            let mut comments = Vec::new();
            let mut rows = query.query([version])?;
            while let Some(row) = rows.next()? {
                let pin: String = row.get(1)?;
                comments.push(CommentInfo {
                    id: row.get(0)?,
                    version,
                    pin: serde_json::from_str(&pin)?,
                    text: row.get(2)?,
                    answers: row.get(3)?,
                    by: row.get(4)?,
                    at: row.get(5)?,
                });
            }
            Ok(comments)
        })
    }
}
