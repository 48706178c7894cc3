//! Which tables belong together.

use crate::ImportError;
use crate::map_file::MapFile;

/// The tables of one network. Only the first two must be there.
pub(crate) struct GmnsFiles<'s> {
    pub node: MapFile<'s>,
    pub link: MapFile<'s>,
    pub movement: MapFile<'s>,
    pub config: MapFile<'s>,
    pub sources: MapFile<'s>,
    pub attribution: MapFile<'s>,
}

impl<'s> GmnsFiles<'s> {
    /// From a folder or from one of the tables. Names may have a common beginning (`town_node.csv`, `town_link.csv`).
    pub fn find(map: &MapFile<'s>) -> Result<Self, ImportError> {
        if map.is_folder() {
            return Self::in_folder(map);
        }
        let name = map.file_name();
        let prefix = ["node.csv", "link.csv"].iter().find_map(|end| name.strip_suffix(end));
        let Some(prefix) = prefix else {
            let found = format!("the table {name}");
            return Err(ImportError::UnknownFormat { path: map.path().into(), found });
        };
        let files = Self::with_prefix(map, prefix);
        for (file, end) in [(&files.node, "node.csv"), (&files.link, "link.csv")] {
            if !file.is_there() {
                let wanted = format!("{prefix}{end}");
                return Err(ImportError::MissingPartner { path: map.path().into(), wanted });
            }
        }
        Ok(files)
    }

    fn with_prefix(map: &MapFile<'s>, prefix: &str) -> Self {
        let of = |end: &str| map.beside(&format!("{prefix}{end}"));
        Self {
            node: of("node.csv"),
            link: of("link.csv"),
            movement: of("movement.csv"),
            config: of("config.csv"),
            sources: of("sources.csv"),
            attribution: of("attribution.txt"),
        }
    }

    fn in_folder(folder: &MapFile<'s>) -> Result<Self, ImportError> {
        let names = folder.names()?;
        let has_nodes = |prefix: &&str| names.contains(&format!("{prefix}node.csv"));
        let mut prefixes: Vec<&str> =
            names.iter().filter_map(|name| name.strip_suffix("link.csv")).filter(has_nodes).collect();
        prefixes.sort_unstable();
        match prefixes.as_slice() {
            [prefix, ..] if prefix.is_empty() || prefixes.len() == 1 => Ok(Self::with_prefix(folder, prefix)),
            [] => Err(ImportError::UnknownFormat {
                path: folder.path().into(),
                found: "a folder without node.csv and link.csv".into(),
            }),
            several => Err(ImportError::UnknownFormat {
                path: folder.path().into(),
                found: format!("{} pairs of node.csv and link.csv (name one of the tables)", several.len()),
            }),
        }
    }
}
