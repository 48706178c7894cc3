//! The files and folders that a blueprint names, found beside it.

use crate::error::Error;
use crate::input::InputFile;
use clearway_model::Store;
use std::io;
use std::path::{Path, PathBuf};

/// Files by the names that a blueprint uses, which start from its folder.
pub(super) struct NamedFiles<'a> {
    files: &'a dyn Store,
    /// Folder of the blueprint in `files`, without a slash at its end; empty: `files` is that folder.
    base: &'a str,
}

impl<'a> NamedFiles<'a> {
    /// Names that start from the folder of the file `blueprint`.
    pub fn beside(files: &'a dyn Store, blueprint: &'a str) -> Self {
        Self { files, base: blueprint.rsplit_once('/').map_or("", |(folder, _)| folder) }
    }

    /// Names that start from the store itself.
    pub fn of(files: &'a dyn Store) -> Self {
        Self { files, base: "" }
    }

    /// How the store calls what is named. What leads out of the blueprint's folder is looked for in the folders above it, as far as the
    /// store has any; beyond that the name stays as it is, and whether it leads anywhere is for the store to say.
    pub fn key(&self, name: &str) -> String {
        if name.starts_with('/') || Path::new(name).is_absolute() {
            return name.to_owned();
        }
        let (mut base, mut rest) = (self.base, name);
        while let Some((first, after)) = rest.split_once('/').or((!rest.is_empty()).then_some((rest, ""))) {
            let (above, last) = base.rsplit_once('/').unwrap_or(("", base));
            match first {
                "" | "." => {}
                ".." if !last.is_empty() && last != ".." => base = above,
                _ => break,
            }
            rest = after;
        }
        let rest = rest.trim_end_matches('/');
        match (base, rest) {
            ("", _) => rest.to_owned(),
            (_, "") => base.to_owned(),
            _ => format!("{base}/{rest}"),
        }
    }

    /// How messages call what is named.
    pub fn label(&self, name: &str) -> String {
        label_of(&[&self.files.label(), self.base, name])
    }

    /// How messages call a file that is given by its name in the store.
    pub fn label_in_store(&self, name: &str) -> String {
        label_of(&[&self.files.label(), name])
    }

    /// A file's bytes; one that the store does not have is an error.
    fn bytes(&self, name: &str) -> io::Result<Vec<u8>> {
        let missing = || io::Error::new(io::ErrorKind::NotFound, "there is no such file");
        self.files.read(&self.key(name))?.ok_or_else(missing)
    }

    /// A file's text.
    ///
    /// # Errors
    /// If it is not there, cannot be read or is not UTF-8.
    pub fn text(&self, name: &str) -> io::Result<String> {
        let not_text = |_| io::Error::new(io::ErrorKind::InvalidData, "stream did not contain valid UTF-8");
        String::from_utf8(self.bytes(name)?).map_err(not_text)
    }

    /// A file as if it were given with the request.
    ///
    /// # Errors
    /// [`Error::Read`] if it is not there or cannot be read.
    pub fn input(&self, name: &str) -> Result<InputFile, Error> {
        let label = self.label(name);
        match self.bytes(name) {
            Ok(bytes) => Ok(InputFile::new(label, bytes)),
            Err(source) => Err(Error::Read { path: PathBuf::from(label), source }),
        }
    }

    /// A folder as a store of its own; whether it is there shows when it is read.
    pub fn folder(&self, name: &str) -> NamedFolder<'a> {
        NamedFolder { files: self.files, key: self.key(name), label: self.label(name) }
    }
}

/// Parts of a path as one, without those that are empty.
fn label_of(parts: &[&str]) -> String {
    let parts = parts.iter().filter(|part| !part.is_empty());
    parts.fold(PathBuf::new(), |path, part| path.join(part)).display().to_string()
}

/// A folder that a blueprint names.
pub(super) struct NamedFolder<'a> {
    files: &'a dyn Store,
    key: String,
    label: String,
}

impl NamedFolder<'_> {
    /// A folder inside it.
    pub fn inner(&self, name: &str) -> Self {
        let key = self.file(name);
        Self { files: self.files, key, label: label_of(&[&self.label, name]) }
    }

    /// The last part of its name, by which faults call it.
    pub fn name(&self) -> String {
        let name = Path::new(&self.label).file_name();
        name.map_or_else(String::new, |name| name.to_string_lossy().into_owned())
    }

    fn file(&self, name: &str) -> String {
        if self.key.is_empty() { name.to_owned() } else { format!("{}/{name}", self.key) }
    }
}

impl Store for NamedFolder<'_> {
    fn read(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        match self.files.read(&self.file(name)) {
            // A store may have words of its own for a file that is not there.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            read => read,
        }
    }

    fn names(&self) -> io::Result<Vec<String>> {
        if self.key.is_empty() { self.files.names() } else { self.files.names_in(&self.key) }
    }

    fn label(&self) -> String {
        self.label.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clearway_model::MemoryStore;

    #[test]
    fn names_start_from_the_folder_of_the_blueprint() {
        let store = MemoryStore::new("given");
        let inside = NamedFiles::beside(&store, "town/claims/b.toml");
        for (name, key) in [
            ("rules.csv", "town/claims/rules.csv"),
            ("./rules.csv", "town/claims/rules.csv"),
            ("..", "town"),
            ("../", "town"),
            ("../plan/", "town/plan"),
            ("../../other/plan", "other/plan"),
            // out of the store: for the store to refuse
            ("../../../plan", "../plan"),
            ("/plan", "/plan"),
            // a link may stand for `a`
            ("a/../b", "town/claims/a/../b"),
            (".", "town/claims"),
            (".//b", "town/claims/b"),
        ] {
            assert_eq!(inside.key(name), key, "{name}");
        }
        let beside = NamedFiles::beside(&store, "b.toml");
        assert_eq!(
            ["..", "../plan", ".", "plan/"].map(|name| beside.key(name)),
            ["..", "../plan", "", "plan"]
        );
        assert_eq!(NamedFiles::beside(&store, "../b.toml").key("../plan"), "../../plan");
    }

    #[test]
    fn messages_call_what_is_named_by_the_path_to_it() {
        let store = MemoryStore::new("given");
        let inside = NamedFiles::beside(&store, "claims/b.toml");
        assert_eq!(inside.label("../plan"), "given/claims/../plan");
        assert_eq!(inside.label_in_store("claims/b.toml"), "given/claims/b.toml");
        assert_eq!(inside.folder("../plan").inner("scenario").label(), "given/claims/../plan/scenario");
        assert_eq!(NamedFiles::of(&MemoryStore::new("")).label("plan"), "plan");
        assert_eq!(NamedFiles::of(&store).folder("").label(), "given");
    }
}
