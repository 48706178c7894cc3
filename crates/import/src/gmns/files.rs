//! Which tables belong together.

use std::path::{Path, PathBuf};

use crate::ImportError;

/// The tables of one network. Only the first two must be there.
#[derive(Debug)]
pub(crate) struct Files {
    pub node: PathBuf,
    pub link: PathBuf,
    pub movement: PathBuf,
    pub config: PathBuf,
    pub sources: PathBuf,
    pub attribution: PathBuf,
}

impl Files {
    /// From a folder or from one of the tables. Names may have a common beginning (`town_node.csv`, `town_link.csv`).
    pub fn find(path: &Path) -> Result<Self, ImportError> {
        if path.is_dir() {
            return Self::in_folder(path);
        }
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let prefix = ["node.csv", "link.csv"].iter().find_map(|end| name.strip_suffix(end));
        let Some(prefix) = prefix else {
            let found = format!("the table {name}");
            return Err(ImportError::UnknownFormat { path: path.into(), found });
        };
        let files = Self::with_prefix(path.parent().unwrap_or(Path::new("")), prefix);
        for (file, end) in [(&files.node, "node.csv"), (&files.link, "link.csv")] {
            if !file.is_file() {
                let wanted = format!("{prefix}{end}");
                return Err(ImportError::MissingPartner { path: path.into(), wanted });
            }
        }
        Ok(files)
    }

    fn with_prefix(folder: &Path, prefix: &str) -> Self {
        let of = |end: &str| folder.join(format!("{prefix}{end}"));
        Self {
            node: of("node.csv"),
            link: of("link.csv"),
            movement: of("movement.csv"),
            config: of("config.csv"),
            sources: of("sources.csv"),
            attribution: of("attribution.txt"),
        }
    }

    fn in_folder(folder: &Path) -> Result<Self, ImportError> {
        let read_error = |source| ImportError::Read { path: folder.into(), source };
        let mut prefixes = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(read_error)? {
            let name = entry.map_err(read_error)?.file_name().to_string_lossy().into_owned();
            if let Some(prefix) = name.strip_suffix("link.csv")
                && folder.join(format!("{prefix}node.csv")).is_file()
            {
                prefixes.push(prefix.to_string());
            }
        }
        prefixes.sort_unstable();
        match prefixes.as_slice() {
            [prefix, ..] if prefix.is_empty() || prefixes.len() == 1 => Ok(Self::with_prefix(folder, prefix)),
            [] => Err(ImportError::UnknownFormat {
                path: folder.into(),
                found: "a folder without node.csv and link.csv".into(),
            }),
            several => Err(ImportError::UnknownFormat {
                path: folder.into(),
                found: format!("{} pairs of node.csv and link.csv (name one of the tables)", several.len()),
            }),
        }
    }
}
