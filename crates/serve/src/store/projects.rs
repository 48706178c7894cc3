//! Projects and the files given to them.

use super::{ProjectStore, StoredBlob, Writing};
use crate::error::ServeError;
use crate::types::{GivenFileKind, NewestVersion, ProjectChange, ProjectFile, ProjectInfo, ReviewState};
use clearway_model::Context;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::json;

/// The word of a context in files.
fn context_word(context: Context) -> &'static str {
    match context {
        Context::Disaster => "disaster",
        Context::ArmedConflict => "armed_conflict",
        Context::Exercise => "exercise",
        Context::Other => "other",
    }
}

fn context_of(word: &str) -> Context {
    match word {
        "armed_conflict" => Context::ArmedConflict,
        "exercise" => Context::Exercise,
        "other" => Context::Other,
        _ => Context::Disaster,
    }
}

/// A name as people give it: without blanks around it, and not too long.
pub(super) fn checked_name(name: &str, most: usize) -> Result<String, ServeError> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > most || name.chars().any(char::is_control) {
        return Err(ServeError::Request(format!(
            "a name has 1 to {most} characters, none of them a control character"
        )));
    }
    Ok(name.to_owned())
}

fn file(row: &Row<'_>) -> rusqlite::Result<ProjectFile> {
    let name: String = row.get(1)?;
    Ok(ProjectFile {
        id: row.get(0)?,
        kind: GivenFileKind::of_name(&name),
        name,
        bytes: row.get(2)?,
        digest: row.get(3)?,
        given_by: row.get(4)?,
        given_at: row.get(5)?,
    })
}

const FILE_COLUMNS: &str = "id, name, bytes, digest, given_by, given_at";

impl Writing<'_> {
    /// # Errors
    /// [`ServeError::NotThere`] if there is no such project.
    pub fn must_have_project(&self, project: i64) -> Result<(), ServeError> {
        let found: Option<i64> = self
            .transaction
            .query_row("SELECT id FROM projects WHERE id = ?1", [project], |row| row.get(0))
            .optional()?;
        found.map(|_| ()).ok_or_else(|| ServeError::NotThere(format!("project {project}")))
    }
}

impl ProjectStore {
    /// Makes a project.
    ///
    /// # Errors
    /// [`ServeError::Request`] if its name is none.
    pub fn add_project(&self, by: &str, name: &str, context: Context) -> Result<i64, ServeError> {
        let name = checked_name(name, 200)?;
        self.write(by, |writing| {
            writing.transaction.execute(
                "INSERT INTO projects (name, context, made_by, made_at) VALUES (?1, ?2, ?3, ?4)",
                params![name, context_word(context), writing.by, writing.at],
            )?;
            let id = writing.transaction.last_insert_rowid();
            writing.record(Some(id), "project made", json!({ "name": name }))?;
            Ok(id)
        })
    }

    /// Changes a project.
    ///
    /// # Errors
    /// As they say.
    pub fn change_project(&self, by: &str, project: i64, change: &ProjectChange) -> Result<(), ServeError> {
        let name = change.name.as_deref().map(|name| checked_name(name, 200)).transpose()?;
        self.write(by, |writing| {
            writing.must_have_project(project)?;
            if let Some(name) = &name {
                writing
                    .transaction
                    .execute("UPDATE projects SET name = ?2 WHERE id = ?1", params![project, name])?;
            }
            if let Some(context) = change.context {
                writing.transaction.execute(
                    "UPDATE projects SET context = ?2 WHERE id = ?1",
                    params![project, context_word(context)],
                )?;
            }
            let context = change.context.map(context_word);
            writing.record(Some(project), "project changed", json!({ "name": name, "context": context }))
        })
    }

    /// All projects, newest first.
    ///
    /// # Errors
    /// If the data base cannot be read.
    pub fn projects(&self) -> Result<Vec<ProjectInfo>, ServeError> {
        self.read(|connection| {
            let mut query = connection.prepare("SELECT id FROM projects ORDER BY id DESC")?;
            let ids: Vec<i64> = query.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
            ids.into_iter().map(|id| project(connection, id)).collect()
        })
    }

    /// One project.
    ///
    /// # Errors
    /// [`ServeError::NotThere`].
    pub fn project(&self, id: i64) -> Result<ProjectInfo, ServeError> {
        self.read(|connection| project(connection, id))
    }

    /// Takes a file into a project.
    ///
    /// # Errors
    /// As they say.
    pub fn add_file(
        &self,
        by: &str,
        project: i64,
        name: &str,
        blob: &StoredBlob,
    ) -> Result<ProjectFile, ServeError> {
        let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
        let name = checked_name(last, 200)?;
        self.write(by, |writing| {
            writing.must_have_project(project)?;
            let bytes = i64::try_from(blob.bytes).unwrap_or(i64::MAX);
            writing.transaction.execute(
                "INSERT INTO files (project, name, digest, bytes, given_by, given_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![project, name, blob.digest, bytes, writing.by, writing.at],
            )?;
            let id = writing.transaction.last_insert_rowid();
            writing.record(
                Some(project),
                "file given",
                json!({ "file": id, "name": name, "digest": blob.digest, "bytes": bytes }),
            )?;
            Ok(ProjectFile {
                id,
                kind: GivenFileKind::of_name(&name),
                name: name.clone(),
                bytes,
                digest: blob.digest.clone(),
                given_by: writing.by.clone(),
                given_at: writing.at.clone(),
            })
        })
    }

    /// The files of a project, newest first.
    ///
    /// # Errors
    /// [`ServeError::NotThere`].
    pub fn files(&self, project: i64) -> Result<Vec<ProjectFile>, ServeError> {
        self.project(project)?;
        self.read(|connection| {
            let sql = format!("SELECT {FILE_COLUMNS} FROM files WHERE project = ?1 ORDER BY id DESC");
            let mut query = connection.prepare(&sql)?;
            Ok(query.query_map([project], file)?.collect::<Result<_, _>>()?)
        })
    }

    /// A file with its project.
    ///
    /// # Errors
    /// [`ServeError::NotThere`].
    pub fn file(&self, id: i64) -> Result<(i64, ProjectFile), ServeError> {
        self.read(|connection| {
            let sql = format!("SELECT {FILE_COLUMNS}, project FROM files WHERE id = ?1");
            let found =
                connection.query_row(&sql, [id], |row| Ok((row.get::<_, i64>(6)?, file(row)?))).optional()?;
            found.ok_or_else(|| ServeError::NotThere(format!("file {id}")))
        })
    }
}

fn project(connection: &Connection, id: i64) -> Result<ProjectInfo, ServeError> {
    let found = connection
        .query_row("SELECT name, context, made_by, made_at FROM projects WHERE id = ?1", [id], |row| {
            Ok((
                row.get::<_, String>(0)?,
                row.get::<_, String>(1)?,
                row.get::<_, String>(2)?,
                row.get::<_, String>(3)?,
            ))
        })
        .optional()?;
    let (name, context, made_by, made_at) =
        found.ok_or_else(|| ServeError::NotThere(format!("project {id}")))?;
    let mut query = connection.prepare(
        "SELECT kind, id, name, review, bounds FROM versions v WHERE project = ?1 AND id = \
         (SELECT MAX(id) FROM versions w WHERE w.project = v.project AND w.kind = v.kind) ORDER BY id DESC",
    )?;
    let mut newest = Vec::new();
    let (mut roads, mut bounds) = (None, None);
    let mut rows = query.query([id])?;
    while let Some(row) = rows.next()? {
        let review: String = row.get(3)?;
        let version = NewestVersion {
            kind: row.get(0)?,
            id: row.get(1)?,
            name: row.get(2)?,
            review: ReviewState::of_word(&review).unwrap_or(ReviewState::Draft),
        };
        let around: String = row.get(4)?;
        let around: Option<[f64; 4]> = serde_json::from_str(&around).ok();
        if version.kind == "roads" {
            roads = Some(version.id);
            bounds = around.or(bounds);
        } else {
            bounds = bounds.or(around);
        }
        newest.push(version);
    }
    let draft: Option<(i64, Option<i64>)> = connection
        .query_row(
            "SELECT revision, json_extract(draft, '$.people') FROM drafts WHERE project = ?1 ORDER BY revision DESC LIMIT 1",
            [id],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?;
    Ok(ProjectInfo {
        id,
        name,
        context: context_of(&context),
        made_by,
        made_at,
        roads,
        bounds,
        draft_revision: draft.map_or(0, |(revision, _)| revision),
        people: draft.and_then(|(_, people)| people),
        newest,
    })
}
