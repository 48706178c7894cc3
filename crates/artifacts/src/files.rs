//! What is to be written: named files, each with what it is for and whether it may be passed on.

use crate::Disclosure;
use crate::kind::{FolderKind, role};
use crate::manifest::{Sensitivity, sensitivity};
use clearway_model::MemoryStore;
use std::io::{self, Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// One file of a folder that is to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifact {
    /// Name within the folder, with `/` between folders.
    pub name: String,
    /// What it is for, in a few words.
    pub role: &'static str,
    /// Whether it may be passed on.
    pub sensitivity: Sensitivity,
    /// What is in it, byte for byte.
    pub bytes: Vec<u8>,
}

/// The files of a folder of one kind, in the order in which they were made, and how much they show. A redacted folder holds no exact
/// file: there is no way to put one in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifacts {
    kind: FolderKind,
    disclosure: Disclosure,
    files: Vec<Artifact>,
}

impl Artifacts {
    /// Files for a folder of a kind. `disclosure` says of which figures they are made: what is made of full ones is exact. Of a redacted
    /// folder, those that hold exact places whatever they are made of are left out.
    pub fn new<N: Into<String>, B: Into<Vec<u8>>>(
        kind: FolderKind,
        disclosure: Disclosure,
        files: impl IntoIterator<Item = (N, B)>,
    ) -> Self {
        let files = files.into_iter().map(|(name, bytes)| {
            let name = name.into();
            let sensitivity = sensitivity(kind, &name, disclosure);
            Artifact { role: role(&name), sensitivity, bytes: bytes.into(), name }
        });
        let is_shown =
            |file: &Artifact| disclosure == Disclosure::Full || file.sensitivity == Sensitivity::Public;
        Self { kind, disclosure, files: files.filter(is_shown).collect() }
    }

    /// What the folder is.
    pub fn kind(&self) -> FolderKind {
        self.kind
    }

    /// How much they show.
    pub fn disclosure(&self) -> Disclosure {
        self.disclosure
    }

    /// The contents of the file of a name.
    pub fn get(&self, name: &str) -> Option<&[u8]> {
        self.files.iter().find(|file| file.name == name).map(|file| file.bytes.as_slice())
    }

    /// The files, in the order in which they were made.
    pub fn files(&self) -> &[Artifact] {
        &self.files
    }

    /// All of them as one ZIP archive. The same files give the same bytes: the order is theirs, and the time of each is the first that
    /// the format knows.
    ///
    /// # Errors
    /// If a file is given twice or the archive would be too large for the format.
    pub fn zip(&self) -> io::Result<Vec<u8>> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::default())
            // the same on every system
            .unix_permissions(0o644);
        for file in &self.files {
            writer.start_file(file.name.as_str(), options).map_err(io::Error::other)?;
            writer.write_all(&file.bytes)?;
        }
        Ok(writer.finish().map_err(io::Error::other)?.into_inner())
    }
}

impl From<Artifacts> for MemoryStore {
    fn from(artifacts: Artifacts) -> Self {
        artifacts.files.into_iter().map(|file| (file.name, file.bytes)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ZipStore;
    use clearway_model::Store;

    fn needs(disclosure: Disclosure) -> Artifacts {
        let files =
            [("needs.json", "{}"), ("price/with/plan.json", "{}"), ("convoys.csv", "x"), ("needs.csv", "y")];
        Artifacts::new(FolderKind::Needs, disclosure, files)
    }

    #[test]
    fn what_is_made_of_full_figures_is_exact_and_a_redacted_folder_holds_nothing_exact() {
        let full = needs(Disclosure::Full);
        assert_eq!(full.files().len(), 4);
        assert!(full.files().iter().all(|file| file.sensitivity == Sensitivity::Exact));
        let public = needs(Disclosure::Redacted);
        assert_eq!(public.get("convoys.csv"), None);
        let names: Vec<&str> = public.files().iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names, ["needs.json", "needs.csv"]);
        assert_eq!(public.files()[1].role, "table");
    }

    #[test]
    fn an_archive_has_the_same_bytes_each_time_and_holds_the_same_files() {
        let artifacts = needs(Disclosure::Full);
        let bytes = artifacts.zip().unwrap();
        assert_eq!(bytes, artifacts.zip().unwrap());
        let store = ZipStore::new("needs.zip", &bytes).unwrap();
        let memory = MemoryStore::from(artifacts);
        assert_eq!(store.names().unwrap(), memory.names().unwrap());
        for name in memory.names().unwrap() {
            assert_eq!(store.read(&name).unwrap(), memory.read(&name).unwrap(), "{name}");
        }
    }
}
