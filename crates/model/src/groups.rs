//! People of a scenario by how they can move, as one thing.

use crate::{GroupRow, Modes, MultimodalSettings, VehicleRow};

/// Population groups by travel mode, with the fleet and the modes that carry some of them (`docs/reference/multimodal.md`). A scenario
/// that has them is planned as a multimodal one.
#[derive(Debug, Clone, PartialEq)]
pub struct PopulationGroups {
    /// What holds for all groups, `multimodal.toml`.
    pub settings: MultimodalSettings,
    /// People of each zone by means, `groups.csv`.
    pub rows: Vec<GroupRow>,
    /// Vehicles that carry people, `fleet.csv`.
    pub fleet: Vec<VehicleRow>,
    /// Ways of moving that the scenario lists: `modes.csv` and the tables beside it.
    pub modes: Modes,
    /// `sha256:...` over the scenario's digest and these files, empty if they never were files.
    pub digest: String,
}
