//! Files by the paths that a blueprint gives for them.

use clearway::{FolderStore, Store};
use std::io;
use std::path::{Path, PathBuf};

/// The files beside a blueprint. A blueprint is somebody's own, so that its paths may lead anywhere.
#[derive(Default)]
pub struct Beside {
    /// Where relative paths start; empty: from the working folder.
    base: PathBuf,
}

impl Beside {
    /// The files beside `file`.
    pub fn file(file: &Path) -> Self {
        Self { base: file.parent().map(Path::to_owned).unwrap_or_default() }
    }

    /// Where a file is.
    pub fn path(&self, name: &str) -> PathBuf {
        self.base.join(name)
    }
}

impl Store for Beside {
    /// What is not there is an error, so that the message has the system's words.
    fn read(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        std::fs::read(self.path(name)).map(Some)
    }

    fn names(&self) -> io::Result<Vec<String>> {
        FolderStore::new(self.path(".")).names()
    }

    fn names_in(&self, folder: &str) -> io::Result<Vec<String>> {
        FolderStore::new(self.path(folder)).names()
    }

    fn label(&self) -> String {
        self.base.display().to_string()
    }
}
