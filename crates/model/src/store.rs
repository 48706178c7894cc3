//! Where files are read from: a folder, memory, or whatever else an embedder has.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

/// Named files that can be read. Names are relative, with `/` between folders.
pub trait Store: Sync {
    /// The bytes of a file; `None` if there is none of that name.
    ///
    /// # Errors
    /// If the file is there and cannot be read.
    fn read(&self, name: &str) -> io::Result<Option<Vec<u8>>>;

    /// The names of all files, in order.
    ///
    /// # Errors
    /// If the names cannot be listed.
    fn names(&self) -> io::Result<Vec<String>>;

    /// The names of the files in a folder (without a slash at its end), in order and without the folder before them. A store of which
    /// listing everything would take long looks into that folder alone.
    ///
    /// # Errors
    /// As [`names`](Self::names).
    fn names_in(&self, folder: &str) -> io::Result<Vec<String>> {
        let inside = |name: String| name.strip_prefix(folder)?.strip_prefix('/').map(str::to_owned);
        Ok(self.names()?.into_iter().filter_map(inside).collect())
    }

    /// How a message names it, e.g. the path of a folder.
    fn label(&self) -> String;
}

/// A folder of the file system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderStore {
    dir: PathBuf,
}

impl FolderStore {
    /// The folder at `dir`; whether it is there shows when it is read.
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self { dir: dir.into() }
    }

    /// Path of the folder, as it was given.
    pub fn path(&self) -> &Path {
        &self.dir
    }
}

impl Store for FolderStore {
    fn read(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        if !is_plain(name) {
            return Ok(None);
        }
        match std::fs::read(self.dir.join(name)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn names(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        list(&self.dir, "", &mut names)?;
        names.sort();
        Ok(names)
    }

    fn label(&self) -> String {
        self.dir.display().to_string()
    }
}

/// Whether a name stays inside its store.
fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.split('/').all(|part| !part.is_empty() && part != "." && part != "..")
}

fn list(dir: &Path, before: &str, names: &mut Vec<String>) -> io::Result<()> {
    for entry in std::fs::read_dir(dir)? {
        let entry = entry?;
        // A name that is not Unicode cannot be one of ours.
        let Some(name) = entry.file_name().to_str().map(|name| format!("{before}{name}")) else { continue };
        if entry.file_type()?.is_dir() {
            list(&entry.path(), &format!("{name}/"), names)?;
        } else {
            names.push(name);
        }
    }
    Ok(())
}

/// Files that are held in memory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MemoryStore {
    label: String,
    files: BTreeMap<String, Vec<u8>>,
}

impl MemoryStore {
    /// A store without files; `label` is how messages name it.
    pub fn new(label: impl Into<String>) -> Self {
        Self { label: label.into(), files: BTreeMap::new() }
    }

    /// Adds a file, or replaces the one of that name.
    pub fn insert(&mut self, name: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.files.insert(name.into(), bytes.into());
    }
}

impl<N: Into<String>, B: Into<Vec<u8>>> FromIterator<(N, B)> for MemoryStore {
    fn from_iter<I: IntoIterator<Item = (N, B)>>(files: I) -> Self {
        let mut store = Self::new("memory");
        for (name, bytes) in files {
            store.insert(name, bytes);
        }
        store
    }
}

impl Store for MemoryStore {
    fn read(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        Ok(self.files.get(name).cloned())
    }

    fn names(&self) -> io::Result<Vec<String>> {
        Ok(self.files.keys().cloned().collect())
    }

    fn label(&self) -> String {
        self.label.clone()
    }
}

/// A folder inside another store.
#[derive(Clone, Copy)]
pub struct SubStore<'a> {
    store: &'a dyn Store,
    folder: &'a str,
}

impl<'a> SubStore<'a> {
    /// The folder `folder` (without a slash at its end) of a store.
    pub fn new(store: &'a dyn Store, folder: &'a str) -> Self {
        Self { store, folder }
    }
}

impl Store for SubStore<'_> {
    fn read(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        self.store.read(&format!("{}/{name}", self.folder))
    }

    fn names(&self) -> io::Result<Vec<String>> {
        self.store.names_in(self.folder)
    }

    fn label(&self) -> String {
        format!("{}/{}", self.store.label(), self.folder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_inside_has_its_own_names() {
        let store: MemoryStore =
            [("a.csv", "1"), ("in/b.csv", "2"), ("inner/c.csv", "3")].into_iter().collect();
        let inside = SubStore::new(&store, "in");
        assert_eq!(inside.names().unwrap(), ["b.csv"]);
        assert_eq!(inside.read("b.csv").unwrap(), Some(b"2".to_vec()));
        assert_eq!(inside.read("c.csv").unwrap(), None);
    }

    #[test]
    fn a_name_cannot_leave_its_folder() {
        for name in ["", "../x", "a/../../x", "/etc/hostname", "a//b", "./a"] {
            assert_eq!(FolderStore::new("/").read(name).unwrap(), None, "{name}");
        }
    }
}
