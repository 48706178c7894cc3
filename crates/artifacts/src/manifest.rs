//! `manifest.json`: what a folder of ours holds, so that a later run knows what is ours in it.

use super::kind::{FolderKind, is_exact_always, role};
use clearway_model::number::length;
use clearway_model::{TOOL, file_digest};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::{Component, Path};

/// Name of the file in every output folder.
pub const MANIFEST: &str = "manifest.json";
/// The value of `schema`.
const SCHEMA: &str = "clearway-manifest/1";

/// `manifest.json`: every file that was written into the folder, itself left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Manifest {
    /// Name and version of the format, `clearway-manifest/1`.
    pub schema: String,
    /// Program and version that wrote it.
    pub tool: String,
    /// What the folder is.
    pub kind: FolderKind,
    /// `public` if all its files are.
    pub sensitivity: Sensitivity,
    /// The files by name.
    pub files: Vec<ManifestFile>,
}

/// One file that the manifest names.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ManifestFile {
    /// Name within the folder, with `/` between folders.
    pub file: String,
    /// What it is for.
    pub role: String,
    /// Whether it may be passed on.
    pub sensitivity: Sensitivity,
    /// Length of the file, bytes.
    pub bytes: u64,
    /// Digest, 64 hexadecimal digits.
    pub sha256: String,
    /// The `schema` that the file states of itself; null: it states none.
    pub schema: Option<String>,
}

/// Whether a file may be passed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sensitivity {
    /// Exact places and groups of fewer than 10 people are taken out, or were never in it.
    Public,
    /// As the tables have it.
    Exact,
}

/// How much a folder shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disclosure {
    /// Everything, exact places included.
    Full,
    /// What may be passed on: files with exact places are not written, whatever is given.
    Redacted,
}

impl Manifest {
    /// That of a folder that is to be written.
    pub(crate) fn new(kind: FolderKind, files: &[(&str, &[u8])], disclosure: Disclosure) -> Self {
        let mut listed: Vec<ManifestFile> =
            files.iter().map(|(name, bytes)| ManifestFile::new(kind, name, bytes, disclosure)).collect();
        listed.sort_by(|a, b| a.file.cmp(&b.file));
        let mut manifest = Self {
            schema: SCHEMA.to_owned(),
            tool: TOOL.to_owned(),
            kind,
            sensitivity: Sensitivity::Public,
            files: listed,
        };
        manifest.sum_up();
        manifest
    }

    /// The same folder with some files written anew.
    pub(crate) fn with(mut self, files: &[(&str, &[u8])]) -> Self {
        for (name, bytes) in files {
            self.files.retain(|known| known.file != *name);
            self.files.push(ManifestFile::new(self.kind, name, bytes, Disclosure::Full));
        }
        self.files.sort_by(|a, b| a.file.cmp(&b.file));
        self.sum_up();
        self
    }

    /// The same folder without some files.
    pub(crate) fn without(mut self, gone: &[&str]) -> Self {
        self.files.retain(|file| !gone.contains(&file.file.as_str()));
        self.sum_up();
        self
    }

    fn sum_up(&mut self) {
        let is_exact = self.files.iter().any(|file| file.sensitivity == Sensitivity::Exact);
        self.sensitivity = if is_exact { Sensitivity::Exact } else { Sensitivity::Public };
    }

    /// That of a folder; `None` if it has none, or one that is not ours.
    pub fn read(dir: &Path) -> Option<Self> {
        let path = dir.join(MANIFEST);
        // a link may lead anywhere: what it leads to is no manifest of this folder
        if !std::fs::symlink_metadata(&path).ok()?.is_file() {
            return None;
        }
        let manifest: Self = serde_json::from_slice(&std::fs::read(path).ok()?).ok()?;
        (manifest.schema == SCHEMA).then_some(manifest)
    }

    /// Files that are no longer as they were written: changed, or gone.
    pub fn changed(&self, dir: &Path) -> Vec<&str> {
        let is_same = |file: &ManifestFile| {
            is_inside(&file.file)
                && std::fs::read(dir.join(&file.file)).is_ok_and(|bytes| file_digest(&bytes) == file.sha256)
        };
        self.files.iter().filter(|file| !is_same(file)).map(|file| file.file.as_str()).collect()
    }

    /// As the text of the file.
    pub(crate) fn text(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut bytes = serde_json::to_vec_pretty(self)?;
        bytes.push(b'\n');
        Ok(bytes)
    }
}

impl ManifestFile {
    fn new(kind: FolderKind, name: &str, bytes: &[u8], disclosure: Disclosure) -> Self {
        Self {
            file: name.to_owned(),
            role: role(name).to_owned(),
            sensitivity: sensitivity(kind, name, disclosure),
            bytes: length(bytes.len()).unsigned_abs(),
            sha256: file_digest(bytes),
            schema: stated_schema(name, bytes),
        }
    }
}

/// What a file is by its kind of folder, its name, and how much is shown.
pub(crate) fn sensitivity(kind: FolderKind, name: &str, disclosure: Disclosure) -> Sensitivity {
    match kind {
        FolderKind::RoadMap | FolderKind::Schemas => Sensitivity::Public,
        _ if disclosure == Disclosure::Full || is_exact_always(kind, name) => Sensitivity::Exact,
        _ => Sensitivity::Public,
    }
}

/// The schema that a file states of itself.
fn stated_schema(name: &str, bytes: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct SchemaField {
        schema: String,
    }
    if name.ends_with(".schema.json") {
        return None;
    }
    if name.ends_with(".json") {
        return serde_json::from_slice::<SchemaField>(bytes).ok().map(|stated| stated.schema);
    }
    if name.ends_with(".toml") {
        let text = std::str::from_utf8(bytes).ok()?.trim_start_matches('\u{feff}');
        return toml::from_str::<SchemaField>(text).ok().map(|stated| stated.schema);
    }
    None
}

/// Whether a name stays inside its folder.
pub(crate) fn is_inside(name: &str) -> bool {
    let inside = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
    !name.is_empty() && inside && !name.ends_with('/')
}
