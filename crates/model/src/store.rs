//! Where files are read from: a folder, memory, or whatever else an embedder has.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// A file that is open for reading from its beginning.
pub struct StoredFile<'s> {
    /// Its size, bytes.
    pub bytes: u64,
    /// What is in it.
    pub reader: Box<dyn Read + Send + 's>,
}

impl From<Vec<u8>> for StoredFile<'_> {
    fn from(bytes: Vec<u8>) -> Self {
        Self { bytes: bytes.len() as u64, reader: Box::new(io::Cursor::new(bytes)) }
    }
}

/// What to say of a file that a store does not have, in the words of the system (2 is its number on Unix and Windows).
pub fn no_such_file() -> io::Error {
    io::Error::from_raw_os_error(2)
}

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

    /// The names of the files that lie in `folder` itself and not deeper, without the folder's, in order; `""` for the top of the store. A
    /// store that need not look at all its files for them does not.
    ///
    /// # Errors
    /// If the names cannot be listed.
    fn names_at(&self, folder: &str) -> io::Result<Vec<String>> {
        let inside = |name: String| match folder {
            "" => Some(name),
            _ => name.strip_prefix(folder)?.strip_prefix('/').map(str::to_owned),
        };
        Ok(self.names()?.into_iter().filter_map(inside).filter(|name| !name.contains('/')).collect())
    }

    /// A file to be read piece by piece, for what may be larger than memory, such as the map of a country; `None` if there is none of that
    /// name. A store that does not say otherwise reads it whole.
    ///
    /// # Errors
    /// If the file is there and cannot be opened.
    fn open(&self, name: &str) -> io::Result<Option<StoredFile<'_>>> {
        Ok(self.read(name)?.map(StoredFile::from))
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
    /// The folder at `dir`, the working folder where that is empty; whether it is there shows when it is read.
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self { dir: dir.into() }
    }

    /// The folder that a file is in, with the file's name; of a folder itself no name.
    pub fn beside(path: &Path) -> (Self, Option<String>) {
        match path.file_name() {
            Some(name) if !path.is_dir() => {
                let name = name.to_string_lossy().into_owned();
                (Self::new(path.parent().unwrap_or(Path::new(""))), Some(name))
            }
            _ => (Self::new(path), None),
        }
    }

    /// Path of the folder, as it was given.
    pub fn path(&self) -> &Path {
        &self.dir
    }

    /// Where a file is. One whose name is not Unicode is asked for as it is shown.
    fn file(&self, name: &str) -> PathBuf {
        let file = self.dir.join(name);
        if !name.contains(char::REPLACEMENT_CHARACTER) || file.exists() {
            return file;
        }
        let (folder, last) = name.rsplit_once('/').unwrap_or(("", name));
        let entries = std::fs::read_dir(self.listed(folder)).into_iter().flatten().flatten();
        let shown = entries
            .map(|entry| entry.path())
            .find(|path| path.file_name().is_some_and(|name| name.to_string_lossy() == last));
        shown.unwrap_or(file)
    }

    /// Names of files in a folder; none where there is no such folder inside.
    fn names_below(&self, folder: &str, depth: Depth) -> io::Result<Vec<String>> {
        if !folder.is_empty() && !is_plain(folder) {
            return Ok(Vec::new());
        }
        let mut names = Vec::new();
        match list(&self.listed(folder), "", depth, &mut names) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && !folder.is_empty() => {}
            listed => listed?,
        }
        names.sort();
        Ok(names)
    }

    /// The folder to list: a path that is empty can be joined to and not listed.
    fn listed(&self, folder: &str) -> PathBuf {
        let dir = if self.dir.as_os_str().is_empty() { Path::new(".") } else { &self.dir };
        if folder.is_empty() { dir.to_owned() } else { dir.join(folder) }
    }
}

impl Store for FolderStore {
    fn read(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        if !is_plain(name) {
            return Ok(None);
        }
        match std::fs::read(self.file(name)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn names(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        list(&self.listed(""), "", Depth::All, &mut names)?;
        names.sort();
        Ok(names)
    }

    fn names_in(&self, folder: &str) -> io::Result<Vec<String>> {
        self.names_below(folder, Depth::All)
    }

    fn names_at(&self, folder: &str) -> io::Result<Vec<String>> {
        self.names_below(folder, Depth::Top)
    }

    fn open(&self, name: &str) -> io::Result<Option<StoredFile<'_>>> {
        if !is_plain(name) {
            return Ok(None);
        }
        let file = match std::fs::File::open(self.file(name)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let about = file.metadata()?;
        if about.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        Ok(Some(StoredFile { bytes: about.len(), reader: Box::new(file) }))
    }

    fn label(&self) -> String {
        self.dir.display().to_string()
    }
}

/// Whether a name stays inside its store.
fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.split('/').all(|part| !part.is_empty() && part != "." && part != "..")
}

/// How far down files are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Depth {
    /// Those of the folder itself.
    Top,
    /// Those of all folders in it, too.
    All,
}

fn list(dir: &Path, before: &str, depth: Depth, names: &mut Vec<String>) -> io::Result<()> {
    for entry in std::fs::read_dir(dir)? {
        let entry = entry?;
        // A name that is not Unicode cannot be one of ours.
        let Some(name) = entry.file_name().to_str().map(|name| format!("{before}{name}")) else { continue };
        if entry.file_type()?.is_dir() {
            if depth == Depth::All {
                list(&entry.path(), &format!("{name}/"), depth, names)?;
            }
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

    fn open(&self, name: &str) -> io::Result<Option<StoredFile<'_>>> {
        let file = self.files.get(name);
        Ok(file.map(|bytes| StoredFile { bytes: bytes.len() as u64, reader: Box::new(bytes.as_slice()) }))
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

    fn names_in(&self, folder: &str) -> io::Result<Vec<String>> {
        self.store.names_in(&format!("{}/{folder}", self.folder))
    }

    fn names_at(&self, folder: &str) -> io::Result<Vec<String>> {
        if folder.is_empty() {
            return self.store.names_at(self.folder);
        }
        self.store.names_at(&format!("{}/{folder}", self.folder))
    }

    fn open(&self, name: &str) -> io::Result<Option<StoredFile<'_>>> {
        self.store.open(&format!("{}/{name}", self.folder))
    }

    fn label(&self) -> String {
        format!("{}/{}", self.store.label(), self.folder)
    }
}

/// A store with some files replaced or added: what a folder will be once they are written into it.
pub struct OverlaidStore<'a> {
    store: &'a dyn Store,
    files: &'a MemoryStore,
}

impl<'a> OverlaidStore<'a> {
    /// `files` over those of `store`, whose label it has.
    pub fn new(store: &'a dyn Store, files: &'a MemoryStore) -> Self {
        Self { store, files }
    }
}

/// Names of two stores, each once and in order.
fn both(below: Vec<String>, above: Vec<String>) -> Vec<String> {
    below.into_iter().chain(above).collect::<BTreeSet<_>>().into_iter().collect()
}

impl Store for OverlaidStore<'_> {
    fn read(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        match self.files.read(name)? {
            Some(bytes) => Ok(Some(bytes)),
            None => self.store.read(name),
        }
    }

    fn names(&self) -> io::Result<Vec<String>> {
        Ok(both(self.store.names()?, self.files.names()?))
    }

    fn names_at(&self, folder: &str) -> io::Result<Vec<String>> {
        Ok(both(self.store.names_at(folder)?, self.files.names_at(folder)?))
    }

    fn open(&self, name: &str) -> io::Result<Option<StoredFile<'_>>> {
        match self.files.open(name)? {
            Some(file) => Ok(Some(file)),
            None => self.store.open(name),
        }
    }

    fn label(&self) -> String {
        self.store.label()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_over_a_store_hide_those_of_their_names_and_add_others() {
        let below: MemoryStore = [("a.csv", "1"), ("b.csv", "2")].into_iter().collect();
        let above: MemoryStore = [("b.csv", "new"), ("in/c.csv", "3")].into_iter().collect();
        let both = OverlaidStore::new(&below, &above);
        assert_eq!(both.names().unwrap(), ["a.csv", "b.csv", "in/c.csv"]);
        assert_eq!(both.names_at("").unwrap(), ["a.csv", "b.csv"]);
        assert_eq!(both.read("b.csv").unwrap(), Some(b"new".to_vec()));
        assert_eq!(both.read("a.csv").unwrap(), Some(b"1".to_vec()));
    }

    #[test]
    fn the_files_of_a_folder_itself_are_listed_without_a_look_at_what_lies_deeper() {
        let store: MemoryStore =
            [("a.csv", "1"), ("in/b.csv", "2"), ("in/deep/c.csv", "3"), ("inner/d.csv", "4")]
                .into_iter()
                .collect();
        assert_eq!(store.names_at("").unwrap(), ["a.csv"]);
        assert_eq!(store.names_at("in").unwrap(), ["b.csv"]);
        assert_eq!(SubStore::new(&store, "in").names_at("").unwrap(), ["b.csv"]);
        assert_eq!(SubStore::new(&store, "in").names_at("deep").unwrap(), ["c.csv"]);
        assert!(store.names_at("nowhere").unwrap().is_empty());
        let mut text = String::new();
        let inside = SubStore::new(&store, "in");
        let mut file = inside.open("b.csv").unwrap().unwrap();
        file.reader.read_to_string(&mut text).unwrap();
        assert_eq!((file.bytes, text.as_str()), (1, "2"));
        assert!(store.open("in").unwrap().is_none());
    }

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
