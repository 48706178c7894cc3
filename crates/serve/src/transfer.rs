//! Projects and versions as archives.

use crate::error::ServeError;
use crate::store::{NewFile, NewVersion, ProjectStore};
use crate::types::{CommentOrder, CommentPin, DraftOrder, VersionKind};
use clearway::{Disclosure, Sensitivity, Store, SubStore, ZipStore, verify};
use clearway_model::Context;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// Name and version of the form of exported projects.
pub const PROJECT_SCHEMA: &str = "clearway-project/1";

/// Most bytes that are exported at once: as many as are read again.
const MOST_BYTES: u64 = 1 << 30;

/// An archive that is being written. The same files give the same bytes.
struct ArchiveWriter {
    zip: ZipWriter<Cursor<Vec<u8>>>,
    bytes: u64,
}

impl ArchiveWriter {
    fn new() -> Self {
        Self { zip: ZipWriter::new(Cursor::new(Vec::new())), bytes: 0 }
    }

    fn add(&mut self, name: &str, bytes: &[u8]) -> Result<(), ServeError> {
        self.bytes += bytes.len() as u64;
        if self.bytes > MOST_BYTES {
            return Err(ServeError::TooLarge(
                "the archive would hold more than 1 GiB; export versions one by one".to_owned(),
            ));
        }
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::default())
            .unix_permissions(0o644);
        let cannot = |error: zip::result::ZipError| ServeError::Internal(format!("the archive: {error}"));
        self.zip.start_file(name, options).map_err(cannot)?;
        Ok(self.zip.write_all(bytes)?)
    }

    fn finish(self) -> Result<Vec<u8>, ServeError> {
        let cursor =
            self.zip.finish().map_err(|error| ServeError::Internal(format!("the archive: {error}")))?;
        Ok(cursor.into_inner())
    }
}

/// All files of a version as an archive.
pub(crate) fn version_zip(store: &ProjectStore, version: i64) -> Result<Vec<u8>, ServeError> {
    let mut archive = ArchiveWriter::new();
    for file in store.version_files(version)? {
        archive.add(&file.name, &store.blobs().read(&file.digest)?)?;
    }
    archive.finish()
}

/// `project.json` of an archive.
#[derive(Debug, Serialize, Deserialize)]
struct ExportedProject {
    schema: String,
    name: String,
    context: Context,
    drafts: Vec<ExportedDraft>,
    files: Vec<ExportedFile>,
    versions: Vec<ExportedVersion>,
    comments: Vec<ExportedComment>,
    /// For people to read: it is not taken in again.
    record: Value,
}

#[derive(Debug, Serialize, Deserialize)]
struct ExportedDraft {
    note: String,
    by: String,
    draft: crate::types::Draft,
}

#[derive(Debug, Serialize, Deserialize)]
struct ExportedFile {
    id: i64,
    name: String,
    by: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct ExportedVersion {
    id: i64,
    kind: VersionKind,
    parent: Option<i64>,
    name: String,
    note: String,
    by: String,
    at: String,
    digest: String,
    review: String,
    disclosure: String,
    words: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct ExportedComment {
    version: i64,
    pin: CommentPin,
    text: String,
    by: String,
    at: String,
}

/// A project as one archive: `project.json`, `files/ID/NAME` and a folder `versions/ID` for each version.
pub(crate) fn export(store: &ProjectStore, by: &str, project: i64) -> Result<Vec<u8>, ServeError> {
    let info = store.project(project)?;
    let mut archive = ArchiveWriter::new();
    let (mut versions, mut comments, mut files) = (Vec::new(), Vec::new(), Vec::new());
    for version in store.versions(project)?.into_iter().rev() {
        comments.extend(store.comments(version.id)?.into_iter().map(|comment| ExportedComment {
            version: version.id,
            pin: comment.pin,
            text: comment.text,
            by: comment.by,
            at: comment.at,
        }));
        versions.push(ExportedVersion {
            id: version.id,
            kind: version.kind,
            parent: version.parent,
            name: version.name,
            note: version.note,
            by: version.made_by,
            at: version.made_at,
            digest: version.digest,
            review: version.review.word().to_owned(),
            disclosure: version.disclosure,
            words: version.words,
        });
    }
    let given = store.files(project)?;
    files.extend(given.iter().rev().map(|file| ExportedFile {
        id: file.id,
        name: file.name.clone(),
        by: file.given_by.clone(),
    }));
    let mut drafts = Vec::new();
    for revision in store.draft_revisions(project)?.into_iter().rev() {
        let draft = store.draft(project, Some(revision.revision))?.draft;
        drafts.push(ExportedDraft { note: revision.note, by: revision.by, draft });
    }
    let exported = ExportedProject {
        schema: PROJECT_SCHEMA.to_owned(),
        name: info.name,
        context: info.context,
        drafts,
        files,
        comments,
        record: serde_json::to_value(store.record_of(project, usize::MAX)?)?,
        versions,
    };
    archive.add("project.json", &serde_json::to_vec_pretty(&exported)?)?;
    for file in &given {
        archive.add(&format!("files/{}/{}", file.id, file.name), &store.blobs().read(&file.digest)?)?;
    }
    for version in &exported.versions {
        for file in store.version_files(version.id)? {
            let name = format!("versions/{}/{}", version.id, file.name);
            archive.add(&name, &store.blobs().read(&file.digest)?)?;
        }
    }
    let bytes = archive.finish()?;
    store.write(by, |writing| {
        writing.record(Some(project), "project exported", json!({ "bytes": bytes.len() }))
    })?;
    Ok(bytes)
}

/// Takes in a project; returns its number. Nothing of the archive is believed but its files: reviews have to be made again, and comments
/// say by whom they were brought.
pub(crate) fn import(store: &ProjectStore, by: &str, bytes: &[u8]) -> Result<i64, ServeError> {
    let archive =
        ZipStore::new("the archive", bytes).map_err(|error| ServeError::Request(error.to_string()))?;
    let json = archive.read("project.json")?;
    let json = json.ok_or_else(|| {
        ServeError::Request("expected a project that was exported: project.json".to_owned())
    })?;
    let exported: ExportedProject = serde_json::from_slice(&json).map_err(|error| {
        ServeError::Request(format!("project.json is not as this version writes it: {error}"))
    })?;
    if exported.schema != PROJECT_SCHEMA {
        return Err(ServeError::Request(format!("project.json: expected {PROJECT_SCHEMA}")));
    }
    // what a plan claims is shown as it is claimed: it has to follow from its scenario, and before anything is taken in
    for version in exported.versions.iter().filter(|version| version.kind == VersionKind::Plan) {
        let folder = format!("versions/{}", version.id);
        let checked = verify(&SubStore::new(&archive, &folder), None)
            .map_err(|error| ServeError::Request(format!("version {}: {error}", version.id)))?;
        if !checked.holds {
            return Err(ServeError::Request(format!("version {}: {}", version.id, checked.in_words())));
        }
    }
    let project = store.add_project(by, &exported.name, exported.context)?;
    let brought = |name: &str| format!("{name} (brought by {by})");
    let mut new_files = HashMap::new();
    for file in &exported.files {
        let Some(bytes) = archive.read(&format!("files/{}/{}", file.id, file.name))? else { continue };
        let blob = store.blobs().put(&bytes)?;
        let made = store.add_file(&brought(&file.by), project, &file.name, &blob)?;
        new_files.insert(file.id, made.id);
    }
    for (base, exported) in (0_i64..).zip(exported.drafts) {
        let mut draft = exported.draft;
        let fields = [
            &mut draft.map_file,
            &mut draft.population_file,
            &mut draft.zones_file,
            &mut draft.sites_file,
            &mut draft.hazards_file,
        ];
        for field in fields {
            *field = field.and_then(|old| new_files.get(&old).copied());
        }
        store.save_draft(
            &brought(&exported.by),
            project,
            &DraftOrder { base, note: exported.note, draft },
        )?;
    }
    let mut new_versions = HashMap::new();
    for version in exported.versions {
        let id = bring_version(store, &archive, project, &new_versions, &version, &brought(&version.by))?;
        new_versions.insert(version.id, id);
    }
    for comment in exported.comments {
        let Some(version) = new_versions.get(&comment.version) else { continue };
        let order = CommentOrder { pin: comment.pin, text: comment.text, answers: None };
        store.add_comment(&brought(&comment.by), *version, &order)?;
    }
    store.write(by, |writing| {
        writing.record(Some(project), "project brought", json!({ "bytes": bytes.len() }))
    })?;
    Ok(project)
}

fn bring_version(
    store: &ProjectStore,
    archive: &ZipStore,
    project: i64,
    known: &HashMap<i64, i64>,
    version: &ExportedVersion,
    by: &str,
) -> Result<i64, ServeError> {
    let folder = format!("versions/{}", version.id);
    let redacted = version.disclosure == "redacted";
    let mut files = Vec::new();
    for name in archive.names_in(&folder)? {
        let Some(bytes) = archive.read(&format!("{folder}/{name}"))? else { continue };
        files.push(NewFile {
            name,
            role: String::new(),
            sensitivity: if redacted { Sensitivity::Public } else { Sensitivity::Exact },
            bytes,
        });
    }
    let new = NewVersion {
        project,
        kind: version.kind,
        parent: version.parent.and_then(|old| known.get(&old).copied()),
        job: None,
        draft_revision: None,
        name: version.name.clone(),
        disclosure: if redacted { Disclosure::Redacted } else { Disclosure::Full },
        // sentences about a plan are made of its own figures, never believed
        words: if version.kind == VersionKind::Plan { String::new() } else { version.words.clone() },
        bounds: crate::views::bounds_of_files(&files),
        files,
    };
    Ok(store.add_version(by, &new, |_, _| Ok(()))?.id)
}
