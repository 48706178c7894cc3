//! From the files of a scenario to a scenario that is checked.

use crate::artifacts::Files;
use crate::error::Error;
use clearway_formats::{multimodal_files, read_scenario_with_groups, scenario_files};
use clearway_model::{Faults, Scenario, Store};
use clearway_report::MapShapes;
use std::sync::Arc;

/// A scenario as it was read, with what belongs to it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct LoadedScenario {
    /// How messages name it, e.g. the path of its folder.
    pub label: String,
    /// Settings and tables, without any fault that is an error. Where there are population groups, a plan is a multimodal one.
    pub scenario: Arc<Scenario>,
    /// Shapes for the map.
    pub shapes: MapShapes,
    /// Its files as they are, of which a plan folder has a copy.
    pub files: Files,
    /// What was found that is no error.
    pub warnings: Faults,
}

/// Reads a scenario and checks it.
///
/// # Errors
/// [`Error::Invalid`] with all faults, if any is an error.
///
/// ```
/// use clearway::{Error, FolderStore, load};
///
/// let missing = load(&FolderStore::new("no-such-folder"));
/// assert!(matches!(missing, Err(Error::Invalid { .. })));
/// ```
pub fn load(store: &dyn Store) -> Result<LoadedScenario, Error> {
    let label = store.label();
    let invalid = |faults| Error::Invalid { of: label.clone(), faults };
    let (scenario, warnings) = read_scenario_with_groups(store).map_err(invalid)?;
    let mut files = Files::new();
    for (name, bytes) in scenario_files(store).map_err(invalid)? {
        files.push((name.to_owned(), bytes));
    }
    if scenario.groups.is_some() {
        for (name, bytes) in multimodal_files(store).map_err(invalid)? {
            files.push((name.to_owned(), bytes));
        }
    }
    for name in ["zones.geojson", "sites.geojson"] {
        if !files.iter().any(|(known, _)| known == name)
            && let Ok(Some(bytes)) = store.read(name)
        {
            files.push((name.to_owned(), bytes));
        }
    }
    let shapes = shapes(store);
    Ok(LoadedScenario { label, scenario: Arc::new(scenario), shapes, files, warnings })
}

/// Shapes for the map; a file that cannot be read gives none (`clearway check` says why).
pub fn shapes(store: &dyn Store) -> MapShapes {
    let read = |name: &str| {
        let bytes = store.read(name).ok()??;
        serde_json::from_slice(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes)).ok()
    };
    MapShapes { zones: read("zones.geojson"), sites: read("sites.geojson"), hazards: read("hazards.geojson") }
}
