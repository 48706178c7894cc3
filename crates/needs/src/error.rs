//! Why needs cannot be told, and how files of a plan folder are read.

use crate::replayed::ReplayError;
use clearway_formats::read_scenario;
use clearway_model::{Faults, Scenario, Store};
use clearway_network::NetworkError;
use std::path::PathBuf;

/// Why needs cannot be told.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NeedsError {
    /// Faults in what was given, all of them.
    #[error("{of} cannot be used: {}", .faults.0.first().map(ToString::to_string).unwrap_or_default())]
    Invalid {
        /// What has them, e.g. the path of a file.
        of: String,
        /// All faults that were found, warnings among them.
        faults: Faults,
    },
    /// A file that is there and cannot be read.
    #[error("cannot read '{}': {source}", .path.display())]
    Read {
        /// Path of the file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A scenario that is no network.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// Orders that cannot be replayed.
    #[error(transparent)]
    Replay(#[from] ReplayError),
    /// It was asked to end.
    #[error("ended early")]
    Cancelled,
}

/// How faults of a file of a store become an error.
pub(crate) fn invalid(store: &dyn Store, name: &str) -> impl FnOnce(Faults) -> NeedsError + use<> {
    let of = format!("{}/{name}", store.label());
    move |faults| NeedsError::Invalid { of, faults }
}

/// A file's bytes; `None` if there is none.
pub(crate) fn read(store: &dyn Store, name: &str) -> Result<Option<Vec<u8>>, NeedsError> {
    let path = || PathBuf::from(format!("{}/{name}", store.label()));
    store.read(name).map_err(|source| NeedsError::Read { path: path(), source })
}

/// Whether there is such a file.
pub(crate) fn is_there(store: &dyn Store, name: &str) -> Result<bool, NeedsError> {
    Ok(read(store, name)?.is_some())
}

/// The scenario in a folder, without what is no error in it.
pub(crate) fn scenario_of(store: &dyn Store) -> Result<Scenario, NeedsError> {
    let (scenario, _) =
        read_scenario(store).map_err(|faults| NeedsError::Invalid { of: store.label(), faults })?;
    Ok(scenario)
}
