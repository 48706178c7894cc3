//! `upgrade`: a scenario of an earlier version, written as this one would have written it.

use crate::artifacts::{Files, folder};
use crate::error::Error;
use clearway_artifacts::{Artifacts, Disclosure, FolderKind, MANIFEST};
use clearway_formats::{CurrentScenario, read_groups, read_scenario};
use clearway_model::Store;
use std::io;
use std::path::PathBuf;

/// A scenario as this version writes it. Files are read from its store when they are asked for.
#[non_exhaustive]
pub struct UpgradedScenario<'s> {
    /// How messages name it, e.g. the path of its folder.
    pub label: String,
    /// The schema of its settings as they are now.
    pub schema: String,
    current: CurrentScenario<'s>,
}

/// Reads a scenario of an earlier version as this one writes it. What has faults is refused, in the words of its files as they stand.
///
/// # Errors
/// [`Error::Invalid`] with all faults; [`Error::Read`].
///
/// ```
/// use clearway::{FolderStore, upgrade};
///
/// # let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/one-road");
/// let store = FolderStore::new(example);
/// assert!(!upgrade(&store)?.is_upgraded(), "it is of this version already");
/// # Ok::<(), clearway::Error>(())
/// ```
pub fn upgrade(store: &dyn Store) -> Result<UpgradedScenario<'_>, Error> {
    let current = current(store)?;
    let label = store.label();
    let invalid = |faults| Error::Invalid { of: label.clone(), faults };
    let (scenario, _) = read_scenario(store).map_err(invalid)?;
    read_groups(store, &scenario).map_err(invalid)?;
    Ok(UpgradedScenario { schema: scenario.settings.schema, current, label })
}

/// A scenario as this version reads it.
pub(crate) fn current(store: &dyn Store) -> Result<CurrentScenario<'_>, Error> {
    CurrentScenario::of(store).map_err(|source| Error::Read { path: PathBuf::from(store.label()), source })
}

/// Refuses a folder of an earlier version where some of its files are to be written anew.
pub(crate) fn must_be_current(store: &dyn Store) -> Result<(), Error> {
    match current(store)?.must_be_upgraded() {
        Some(fault) => Err(Error::Invalid { of: store.label(), faults: clearway_model::Faults(vec![fault]) }),
        None => Ok(()),
    }
}

impl UpgradedScenario<'_> {
    /// Whether the scenario is of an earlier version, so that there is something to write.
    pub fn is_upgraded(&self) -> bool {
        self.current.is_upgraded()
    }

    /// The files that are not as they were, for a folder in which all others stay.
    pub fn changed(&self) -> Files {
        self.current.changed().map(|(name, bytes)| (name.to_owned(), bytes.to_vec())).collect()
    }

    /// Names that no file of such a folder has any more.
    pub fn gone(&self) -> Vec<&'static str> {
        self.current.gone()
    }

    /// All files of the scenario, for a folder of its own.
    ///
    /// # Errors
    /// [`Error::Read`] if one cannot be read.
    pub fn artifacts(&self) -> Result<Artifacts, Error> {
        let mut files = Files::new();
        for name in self.current.names_at("").map_err(|source| self.unreadable(source))? {
            if FolderKind::Scenario.knows(&name)
                && let Some(bytes) = self.current.read(&name).map_err(|source| self.unreadable(source))?
            {
                files.push((name, bytes));
            }
        }
        Ok(folder(FolderKind::Scenario, Disclosure::Full, files))
    }

    /// Names of files, in all folders below, that are no part of a scenario and so not among [`artifacts`](Self::artifacts).
    ///
    /// # Errors
    /// [`Error::Read`] if the names cannot be listed.
    pub fn others(&self) -> Result<Vec<String>, Error> {
        let mut names = self.current.names().map_err(|source| self.unreadable(source))?;
        names.retain(|name| !FolderKind::Scenario.knows(name) && name != MANIFEST);
        Ok(names)
    }

    fn unreadable(&self, source: io::Error) -> Error {
        Error::Read { path: PathBuf::from(&self.label), source }
    }

    /// What becomes of the folder, for a terminal.
    pub fn in_words(&self) -> String {
        let Self { label, schema, .. } = self;
        if self.is_upgraded() {
            format!("{label} is written anew as {schema}; all other files are as they were")
        } else {
            format!("{label} is of this version already; nothing was written")
        }
    }
}
