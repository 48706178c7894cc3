//! A file of a road map: where it is read from and what messages call it.

use crate::ImportError;
use clearway_model::{Store, StoredFile, no_such_file};
use std::path::{Path, PathBuf};

/// A file of a road map in a store, or the store itself where a map is a folder of tables.
#[derive(Clone)]
pub(crate) struct MapFile<'s> {
    store: &'s dyn Store,
    /// Relative to the store; empty for the store itself.
    name: String,
    path: PathBuf,
}

impl<'s> MapFile<'s> {
    /// The file `name` of a store; `""` for the store itself.
    pub fn new(store: &'s dyn Store, name: impl Into<String>) -> Self {
        let name = name.into();
        let label = PathBuf::from(store.label());
        let path = if name.is_empty() { label } else { label.join(&name) };
        Self { store, name, path }
    }

    /// What messages call it.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether it is the store itself.
    pub fn is_folder(&self) -> bool {
        self.name.is_empty()
    }

    /// The last part of its path, which reports name.
    pub fn file_name(&self) -> String {
        self.path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
    }

    /// The file of that name in the same folder; of a folder the file in it.
    pub fn beside(&self, name: &str) -> Self {
        let folder = self.name.rsplit_once('/').map(|(folder, _)| folder);
        Self::new(self.store, folder.map_or_else(|| name.to_owned(), |folder| format!("{folder}/{name}")))
    }

    /// Whether there is such a file. One that is there and cannot be read is there: reading it says why.
    pub fn is_there(&self) -> bool {
        self.store.open(&self.name).map_or(true, |file| file.is_some())
    }

    /// The names of the files in it, of a folder.
    pub fn names(&self) -> Result<Vec<String>, ImportError> {
        self.store.names_at(&self.name).map_err(|source| self.read_error(source))
    }

    /// All its bytes, for a table; a map of OpenStreetMap is read with [`open`](Self::open).
    pub fn read(&self) -> Result<Vec<u8>, ImportError> {
        let bytes = self.store.read(&self.name).map_err(|source| self.read_error(source))?;
        bytes.ok_or_else(|| self.read_error(no_such_file()))
    }

    /// Opened at its beginning.
    pub fn open(&self) -> Result<StoredFile<'s>, ImportError> {
        let file = self.store.open(&self.name).map_err(|source| self.read_error(source))?;
        file.ok_or_else(|| self.read_error(no_such_file()))
    }

    /// The fault of a file that cannot be read.
    pub fn read_error(&self, source: std::io::Error) -> ImportError {
        ImportError::Read { path: self.path.clone(), source }
    }
}
