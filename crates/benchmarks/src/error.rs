//! Why an instance was not made.

use clearway_import::ImportError;
use std::path::PathBuf;

/// Messages are lower-case fragments.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LibraryError {
    /// The definition file cannot be read or says something that cannot be.
    #[error("the library cannot be read: {0}")]
    Definition(String),
    /// No instance of this name.
    #[error("there is no instance '{name}' (the command `list` names all)")]
    UnknownName {
        /// The name that was asked for.
        name: String,
    },
    /// The map is in none of the places where it is looked for.
    #[error("there is no {map} in {} or a folder in it", folder.display())]
    MissingMap {
        /// File name of the map.
        map: String,
        /// The folder in which maps are looked for.
        folder: PathBuf,
    },
    /// The map cannot be read.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// The map does not allow what is asked for.
    #[error("instance '{name}' cannot be made: {reason}")]
    Impossible {
        /// Name of the instance.
        name: String,
        /// What stands in the way, as a fragment of a sentence.
        reason: String,
    },
}
