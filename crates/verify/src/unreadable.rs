//! Why nothing can be said: a file is missing or is not what the reference describes.

use clearway_model::Store;
use std::path::PathBuf;

/// A file that cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Unreadable {
    /// The file is missing or the system refuses to read it.
    #[error("{}: {source}", path.display())]
    File {
        /// The file that was to be read.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The folder was written by an earlier version, whose files this one does not read.
    #[error(
        "{plan}: this plan was made by an earlier version ({schema}): make it again with `clearway plan` of the scenario, of which a copy is in its \
         folder scenario/"
    )]
    Older {
        /// The plan folder, as whoever asked for the check called it.
        plan: String,
        /// What its files say that they are.
        schema: String,
    },
    /// The file is not CSV, JSON or TOML of the described shape.
    #[error("{file}: {message}")]
    Format {
        /// Name of the file within its folder.
        file: String,
        /// What is wrong with it, as a fragment of a sentence.
        message: String,
    },
    /// A cell or key is not of the described kind, or refers to nothing.
    #[error("{file}, {place}, {field} = '{found}': expected {expected}")]
    Value {
        /// Name of the file within its folder.
        file: String,
        /// Where in the file: `line 7`, `feature 3` or an id; may be empty.
        place: String,
        /// Column of a table, or key of a TOML or JSON file.
        field: String,
        /// What stands there, as written; may be empty.
        found: String,
        /// What the reference describes, as a fragment of a sentence.
        expected: String,
    },
}

/// The bytes of a file that must be there.
pub(crate) fn required(store: &dyn Store, name: &str) -> Result<Vec<u8>, Unreadable> {
    let missing = || std::io::Error::new(std::io::ErrorKind::NotFound, "there is no such file");
    optional(store, name)?.ok_or_else(|| Unreadable::file(store, name, missing()))
}

/// The bytes of a file, if it is there.
pub(crate) fn optional(store: &dyn Store, name: &str) -> Result<Option<Vec<u8>>, Unreadable> {
    store.read(name).map_err(|source| Unreadable::file(store, name, source))
}

impl Unreadable {
    fn file(store: &dyn Store, name: &str, source: std::io::Error) -> Self {
        Self::File { path: PathBuf::from(store.label()).join(name), source }
    }

    /// A file of the wrong shape.
    pub(crate) fn format(file: &str, message: impl ToString) -> Self {
        Self::Format { file: file.to_owned(), message: message.to_string() }
    }

    /// A value of the wrong kind.
    pub(crate) fn value(
        file: &str,
        place: impl ToString,
        field: &str,
        found: impl ToString,
        expected: &str,
    ) -> Self {
        Self::Value {
            file: file.to_owned(),
            place: place.to_string(),
            field: field.to_owned(),
            found: found.to_string(),
            expected: expected.to_owned(),
        }
    }
}
