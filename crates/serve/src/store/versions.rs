//! Versions: what was made or computed. Their files never change.

use super::projects::checked_name;
use super::{ProjectStore, VersionStore, Writing};
use crate::error::ServeError;
use crate::types::{ReviewState, VersionChange, VersionFile, VersionInfo, VersionKind};
use clearway::{Artifacts, Disclosure, Sensitivity};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::json;
use sha2::{Digest, Sha256};

/// A file of a version that is to be kept.
#[derive(Debug, Clone)]
pub struct NewFile {
    /// Name within the folder.
    pub name: String,
    /// What it is for.
    pub role: String,
    /// Whether it may be passed on.
    pub sensitivity: Sensitivity,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// A version that is to be kept.
#[derive(Debug, Clone)]
pub struct NewVersion {
    /// Its project.
    pub project: i64,
    /// What it is.
    pub kind: VersionKind,
    /// The version that it was computed of.
    pub parent: Option<i64>,
    /// The job that made it.
    pub job: Option<i64>,
    /// The revision of the draft that it was made of.
    pub draft_revision: Option<i64>,
    /// Its name.
    pub name: String,
    /// How much its figures show.
    pub disclosure: Disclosure,
    /// What came out in words.
    pub words: String,
    /// West, south, east and north of its roads, where it has any.
    pub bounds: Option<[f64; 4]>,
    /// Its files.
    pub files: Vec<NewFile>,
}

impl NewVersion {
    /// The files of an answer of the library.
    pub fn files_of(artifacts: &Artifacts) -> Vec<NewFile> {
        let file = |artifact: &clearway::Artifact| NewFile {
            name: artifact.name.clone(),
            role: artifact.role.to_owned(),
            sensitivity: artifact.sensitivity,
            bytes: artifact.bytes.clone(),
        };
        artifacts.files().iter().map(file).collect()
    }
}

const COLUMNS: &str = "id, project, kind, parent, job, draft_revision, name, note, digest, disclosure, baseline, made_by, made_at, review, words";

fn version(row: &Row<'_>) -> rusqlite::Result<VersionInfo> {
    let (kind, review): (String, String) = (row.get(2)?, row.get(13)?);
    Ok(VersionInfo {
        id: row.get(0)?,
        project: row.get(1)?,
        kind: VersionKind::of_word(&kind).unwrap_or(VersionKind::Scenario),
        parent: row.get(3)?,
        job: row.get(4)?,
        draft_revision: row.get(5)?,
        name: row.get(6)?,
        note: row.get(7)?,
        digest: row.get(8)?,
        disclosure: row.get(9)?,
        baseline: row.get(10)?,
        made_by: row.get(11)?,
        made_at: row.get(12)?,
        review: ReviewState::of_word(&review).unwrap_or(ReviewState::Draft),
        words: row.get(14)?,
    })
}

pub(super) fn version_of(connection: &Connection, id: i64) -> Result<VersionInfo, ServeError> {
    let sql = format!("SELECT {COLUMNS} FROM versions WHERE id = ?1");
    let found = connection.query_row(&sql, [id], version).optional()?;
    found.ok_or_else(|| ServeError::NotThere(format!("version {id}")))
}

/// The digest of a version: over the names and digests of its files.
fn digest_of<'f>(files: impl Iterator<Item = (&'f str, &'f str)>) -> String {
    let mut named: Vec<(&str, &str)> = files.collect();
    named.sort_unstable();
    let mut hash = Sha256::new();
    for (name, digest) in named {
        hash.update(name.as_bytes());
        hash.update([0]);
        hash.update(digest.as_bytes());
        hash.update([0]);
    }
    let hex: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hex}")
}

fn disclosure_word(disclosure: Disclosure) -> &'static str {
    match disclosure {
        Disclosure::Full => "full",
        Disclosure::Redacted => "redacted",
    }
}

fn sensitivity_word(sensitivity: Sensitivity) -> &'static str {
    match sensitivity {
        Sensitivity::Public => "public",
        Sensitivity::Exact => "exact",
    }
}

/// Takes an accepted version as the baseline. The plans that it goes on from are none any more: what was left of them is what it is about.
pub(super) fn take_as_baseline(writing: &Writing<'_>, version: &VersionInfo) -> Result<(), ServeError> {
    set_baseline(writing, version.id, true)?;
    let mut before = version.parent.filter(|_| version.kind == VersionKind::Plan);
    while let Some(parent) = before {
        let plan = version_of(&writing.transaction, parent)?;
        if plan.kind != VersionKind::Plan {
            break;
        }
        if plan.baseline {
            set_baseline(writing, plan.id, false)?;
            let details = json!({ "version": plan.id, "baseline": false, "in_place_of_it": version.id });
            writing.record(Some(plan.project), "version changed", details)?;
        }
        before = plan.parent;
    }
    Ok(())
}

fn set_baseline(writing: &Writing<'_>, id: i64, baseline: bool) -> Result<(), ServeError> {
    let update = "UPDATE versions SET baseline = ?2 WHERE id = ?1";
    writing.transaction.execute(update, params![id, baseline])?;
    Ok(())
}

impl ProjectStore {
    /// Keeps a version: its files first, then all that names them at once, with what else belongs to the same step.
    ///
    /// # Errors
    /// As they say.
    pub(crate) fn add_version(
        &self,
        by: &str,
        new: &NewVersion,
        with: impl FnOnce(&Writing<'_>, i64) -> Result<(), ServeError>,
    ) -> Result<VersionInfo, ServeError> {
        let name = checked_name(&new.name, 200)?;
        let mut stored = Vec::new();
        for file in &new.files {
            stored.push((file, self.blobs().put(&file.bytes)?));
        }
        let digest = digest_of(stored.iter().map(|(file, blob)| (file.name.as_str(), blob.digest.as_str())));
        let bounds = new.bounds.map(|bounds| serde_json::to_string(&bounds)).transpose()?;
        self.write(by, |writing| {
            writing.must_have_project(new.project)?;
            writing.transaction.execute(
                "INSERT INTO versions (project, kind, parent, job, draft_revision, name, note, digest, disclosure, baseline, made_by, \
                 made_at, review, submitted_by, words, bounds) VALUES (?1, ?2, ?3, ?4, ?5, ?6, '', ?7, ?8, 0, ?9, ?10, 'draft', '', ?11, ?12)",
                params![
                    new.project,
                    new.kind.word(),
                    new.parent,
                    new.job,
                    new.draft_revision,
                    name,
                    digest,
                    disclosure_word(new.disclosure),
                    writing.by,
                    writing.at,
                    new.words,
                    bounds.as_deref().unwrap_or_default()
                ],
            )?;
            let id = writing.transaction.last_insert_rowid();
            let mut insert = writing.transaction.prepare(
                "INSERT INTO version_files (version, position, name, role, sensitivity, digest, bytes) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?;
            for (position, (file, blob)) in stored.iter().enumerate() {
                insert.execute(params![
                    id,
                    i64::try_from(position).unwrap_or(i64::MAX),
                    file.name,
                    file.role,
                    sensitivity_word(file.sensitivity),
                    blob.digest,
                    i64::try_from(blob.bytes).unwrap_or(i64::MAX)
                ])?;
            }
            drop(insert);
            with(writing, id)?;
            writing.record(
                Some(new.project),
                &format!("{} made", new.kind.word()),
                json!({ "version": id, "name": name, "digest": digest, "parent": new.parent }),
            )?;
            version_of(&writing.transaction, id)
        })
    }

    /// A version.
    ///
    /// # Errors
    /// [`ServeError::NotThere`].
    pub fn version(&self, id: i64) -> Result<VersionInfo, ServeError> {
        self.read(|connection| version_of(connection, id))
    }

    /// The versions of a project, newest first.
    ///
    /// # Errors
    /// [`ServeError::NotThere`].
    pub fn versions(&self, project: i64) -> Result<Vec<VersionInfo>, ServeError> {
        self.project(project)?;
        self.read(|connection| {
            let sql = format!("SELECT {COLUMNS} FROM versions WHERE project = ?1 ORDER BY id DESC");
            let mut query = connection.prepare(&sql)?;
            Ok(query.query_map([project], version)?.collect::<Result<_, _>>()?)
        })
    }

    /// The newest version of a kind that was computed of another.
    ///
    /// # Errors
    /// If the data base cannot be read.
    pub fn newest_child(&self, parent: i64, kind: VersionKind) -> Result<Option<VersionInfo>, ServeError> {
        self.read(|connection| {
            let sql = format!(
                "SELECT {COLUMNS} FROM versions WHERE parent = ?1 AND kind = ?2 ORDER BY id DESC LIMIT 1"
            );
            Ok(connection.query_row(&sql, params![parent, kind.word()], version).optional()?)
        })
    }

    /// Changes the name or note of a version, or takes it as the baseline.
    ///
    /// # Errors
    /// [`ServeError::Conflict`] if what is to be the baseline was not accepted.
    pub fn change_version(
        &self,
        by: &str,
        id: i64,
        change: &VersionChange,
    ) -> Result<VersionInfo, ServeError> {
        let name = change.name.as_deref().map(|name| checked_name(name, 200)).transpose()?;
        if change.note.as_ref().is_some_and(|note| note.chars().count() > 4000) {
            return Err(ServeError::Request("a note has at most 4,000 characters".to_owned()));
        }
        self.write(by, |writing| {
            let version = version_of(&writing.transaction, id)?;
            if let Some(name) = &name {
                writing
                    .transaction
                    .execute("UPDATE versions SET name = ?2 WHERE id = ?1", params![id, name])?;
            }
            if let Some(note) = &change.note {
                writing
                    .transaction
                    .execute("UPDATE versions SET note = ?2 WHERE id = ?1", params![id, note])?;
            }
            if let Some(baseline) = change.baseline {
                if baseline && version.review != ReviewState::Accepted {
                    return Err(ServeError::Conflict("a baseline is a version that was accepted".to_owned()));
                }
                if baseline {
                    take_as_baseline(writing, &version)?;
                } else {
                    set_baseline(writing, id, false)?;
                }
            }
            writing.record(
                Some(version.project),
                "version changed",
                json!({ "version": id, "name": name, "note": change.note, "baseline": change.baseline }),
            )?;
            version_of(&writing.transaction, id)
        })
    }

    /// The files of a version, in the order in which they were made.
    ///
    /// # Errors
    /// [`ServeError::NotThere`].
    pub fn version_files(&self, id: i64) -> Result<Vec<VersionFile>, ServeError> {
        self.version(id)?;
        self.read(|connection| {
            let mut query = connection.prepare(
                "SELECT name, role, sensitivity, bytes, digest FROM version_files WHERE version = ?1 ORDER BY position",
            )?;
            let rows = query.query_map([id], |row| {
                Ok(VersionFile {
                    name: row.get(0)?,
                    role: row.get(1)?,
                    sensitivity: row.get(2)?,
                    bytes: row.get(3)?,
                    digest: row.get(4)?,
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// The files of a version, to be read.
    ///
    /// # Errors
    /// [`ServeError::NotThere`].
    pub fn version_store(&self, id: i64) -> Result<VersionStore, ServeError> {
        let version = self.version(id)?;
        let mut store = VersionStore::new(version.name);
        for file in self.version_files(id)? {
            store.insert(file.name, self.blobs().path(&file.digest)?);
        }
        Ok(store)
    }
}
