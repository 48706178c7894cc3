//! Files out of a ZIP archive.

use crate::manifest::is_inside;
use clearway_model::number::length;
use clearway_model::{MemoryStore, Store, StoredFile};
use std::io::{self, Cursor, Read};
use zip::ZipArchive;

/// Most files in an archive.
const MOST_FILES: usize = 100_000;
/// Most bytes that an archive may hold once it is unpacked: 1 GiB.
const MOST_UNPACKED: u64 = 1 << 30;

/// The files of a ZIP archive, unpacked in memory. Where all of them lie in one folder, names are those within it: that is how a folder
/// is packed by most programs.
#[derive(Debug, Clone)]
pub struct ZipStore {
    files: MemoryStore,
}

impl ZipStore {
    /// Unpacks an archive; `label` is how messages name it.
    ///
    /// # Errors
    /// If it is no ZIP archive, holds more than 100,000 files or 1 GiB, or a name that leaves its folder or stands twice. What an archive
    /// says of its own size is not believed.
    pub fn new(label: impl Into<String>, bytes: &[u8]) -> io::Result<Self> {
        Self::within(label, bytes, MOST_UNPACKED)
    }

    fn within(label: impl Into<String>, bytes: &[u8], most: u64) -> io::Result<Self> {
        let bad = |what: String| io::Error::new(io::ErrorKind::InvalidData, what);
        let mut archive = ZipArchive::new(Cursor::new(bytes))
            .map_err(|error| bad(format!("expected a folder, or a ZIP archive of one ({error})")))?;
        if archive.len() > MOST_FILES {
            return Err(bad(format!(
                "{} files in the archive; at most {MOST_FILES} are read",
                archive.len()
            )));
        }
        let mut left = most;
        let mut unpacked: Vec<(String, Vec<u8>)> = Vec::new();
        for at in 0..archive.len() {
            let file = archive.by_index(at).map_err(|error| bad(error.to_string()))?;
            let name = file.name().to_owned();
            // what some systems add of their own
            if file.is_dir() || name.starts_with("__MACOSX/") {
                continue;
            }
            if !is_inside(&name) || name.contains('\\') {
                return Err(bad(format!("'{name}' is not the name of a file inside the archive")));
            }
            let mut contents = Vec::new();
            let read = file.take(left.saturating_add(1)).read_to_end(&mut contents)?;
            left = left
                .checked_sub(length(read).unsigned_abs())
                .ok_or_else(|| bad(format!("the archive unpacks to more than {} MB", most >> 20)))?;
            unpacked.push((name, contents));
        }
        let top = top_folder(&unpacked);
        let mut files = MemoryStore::new(label);
        for (name, contents) in unpacked {
            let name = name[top..].to_owned();
            if files.read(&name)?.is_some() {
                return Err(bad(format!("'{name}' stands twice in the archive")));
            }
            files.insert(name, contents);
        }
        Ok(Self { files })
    }
}

/// Length of the folder, with its slash, in which all files lie; 0 if they lie in none.
fn top_folder(files: &[(String, Vec<u8>)]) -> usize {
    let Some(top) = files.first().and_then(|(name, _)| name.find('/').map(|end| &name[..=end])) else {
        return 0;
    };
    if files.iter().all(|(name, _)| name.starts_with(top)) { top.len() } else { 0 }
}

impl Store for ZipStore {
    fn read(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        self.files.read(name)
    }

    fn names(&self) -> io::Result<Vec<String>> {
        self.files.names()
    }

    fn open(&self, name: &str) -> io::Result<Option<StoredFile<'_>>> {
        self.files.open(name)
    }

    fn label(&self) -> String {
        self.files.label()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files {
            writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn a_packed_folder_is_read_as_the_folder() {
        let bytes =
            archive(&[("plan/plan.json", b"{}"), ("plan/scenario/node.csv", b"n"), ("__MACOSX/plan", b"x")]);
        let store = ZipStore::new("plan.zip", &bytes).unwrap();
        assert_eq!(store.names().unwrap(), ["plan.json", "scenario/node.csv"]);
        assert_eq!(store.read("scenario/node.csv").unwrap(), Some(b"n".to_vec()));
        assert_eq!(store.label(), "plan.zip");
    }

    #[test]
    fn what_unpacks_to_too_much_or_leaves_its_folder_is_refused() {
        let bomb = archive(&[("a.csv", &vec![b'0'; 3 << 20]), ("b.csv", b"1")]);
        assert!(bomb.len() < 1 << 16, "{}", bomb.len());
        let error = ZipStore::within("bomb.zip", &bomb, 2 << 20).unwrap_err().to_string();
        assert_eq!(error, "the archive unpacks to more than 2 MB");
        assert!(ZipStore::within("whole.zip", &bomb, (3 << 20) + 1).is_ok());
        for name in ["../a.csv", "/etc/a.csv", "a\\b.csv"] {
            let error = ZipStore::new("a.zip", &archive(&[(name, b"x")])).unwrap_err().to_string();
            assert!(error.contains("not the name of a file inside"), "{name}: {error}");
        }
        assert!(ZipStore::new("a.zip", b"no archive").is_err());
    }
}
