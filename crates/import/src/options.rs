//! What the caller may choose about an import.

use crate::ImportError;
use crate::TntpOptions;
use crate::capacity::GREEN_SHARE;
use std::collections::BTreeSet;

/// What becomes of parts of an OpenStreetMap network from which nothing leads to its main part or the map's edge, or to which nothing
/// leads from there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UnconnectedParts {
    /// They stay, so that it can be said who lives there and has no way.
    #[default]
    Keep,
    /// They are left out of the network, and only counted in the report.
    Drop,
}

/// Choices about an import. The default is for vehicles on public roads.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportOptions {
    /// Also read ways for walkers (footways, paths, steps, ...), and let walkers go against one-way streets.
    pub walk: bool,
    /// Also read `highway=track` for vehicles.
    pub tracks: bool,
    /// Also read parking aisles, driveways, drive-throughs.
    pub parking: bool,
    /// Also use roads whose access is `private`, `permit`, `residents` or `employees`.
    pub private_roads: bool,
    /// Also use such roads and gates outward only: for those who live behind them, and for nobody to drive through.
    pub residents: bool,
    /// What becomes of parts that are not joined to the rest.
    pub unconnected: UnconnectedParts,
    /// Ids of nodes that must stay nodes, e.g. because something is joined to them.
    pub keep_nodes: BTreeSet<String>,
    /// Drawn lines may deviate by this much, m; 0 keeps every point. Lengths are taken before.
    pub geometry_tolerance_m: f64,
    /// Also read rivers, canals and coasts, bridges and tunnels: what a flood needs to know of a map of OpenStreetMap.
    pub waters: bool,
    /// Share of time that a signal shows green (g/C), 0..1, in the central value.
    pub green_share: f64,
    /// A dead end of a through road this close to the edge of the map's stated bounds counts as cut there, m.
    pub edge_distance_m: f64,
    /// Units of a TNTP network that its file does not state.
    pub tntp: TntpOptions,
}

impl Default for ImportOptions {
    fn default() -> Self {
        Self {
            walk: false,
            tracks: false,
            parking: false,
            private_roads: false,
            residents: false,
            unconnected: UnconnectedParts::Keep,
            keep_nodes: BTreeSet::new(),
            geometry_tolerance_m: 2.0,
            waters: false,
            green_share: GREEN_SHARE,
            edge_distance_m: 50.0,
            tntp: TntpOptions::default(),
        }
    }
}

impl ImportOptions {
    /// # Errors
    /// [`ImportError::Option`] for a number out of its range.
    pub(crate) fn check(&self) -> Result<(), ImportError> {
        let fault = |option, found: f64, expected| {
            Err(ImportError::Option { option, found: found.to_string(), expected })
        };
        if !(self.geometry_tolerance_m >= 0.0 && self.geometry_tolerance_m.is_finite()) {
            return fault("geometry_tolerance_m", self.geometry_tolerance_m, "a number >= 0");
        }
        if !(self.green_share > 0.0 && self.green_share <= 1.0) {
            return fault("green_share", self.green_share, "a number above 0, up to 1");
        }
        if !(self.edge_distance_m >= 0.0 && self.edge_distance_m.is_finite()) {
            return fault("edge_distance_m", self.edge_distance_m, "a number >= 0");
        }
        if let Some(hours) = self.tntp.capacity_h.filter(|hours| !(*hours > 0.0 && hours.is_finite())) {
            return fault("tntp.capacity_h", hours, "a number above 0");
        }
        Ok(())
    }
}
