//! The files of a version, as the library reads them.

use clearway::{Store, StoredFile};
use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::PathBuf;

/// Named files, each kept under its digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionStore {
    label: String,
    files: BTreeMap<String, PathBuf>,
}

impl VersionStore {
    /// No files, with the name by which messages call them.
    pub fn new(label: impl Into<String>) -> Self {
        Self { label: label.into(), files: BTreeMap::new() }
    }

    /// Adds a file.
    pub fn insert(&mut self, name: impl Into<String>, path: PathBuf) {
        self.files.insert(name.into(), path);
    }

    /// Whether there is a file of a name.
    pub fn has(&self, name: &str) -> bool {
        self.files.contains_key(name)
    }
}

impl Store for VersionStore {
    fn read(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        self.files.get(name).map(std::fs::read).transpose()
    }

    fn names(&self) -> io::Result<Vec<String>> {
        Ok(self.files.keys().cloned().collect())
    }

    fn open(&self, name: &str) -> io::Result<Option<StoredFile<'_>>> {
        let Some(path) = self.files.get(name) else { return Ok(None) };
        let file = File::open(path)?;
        let bytes = file.metadata()?.len();
        Ok(Some(StoredFile { bytes, reader: Box::new(file) }))
    }

    fn label(&self) -> String {
        self.label.clone()
    }
}
