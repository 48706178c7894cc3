//! What an import gives back.

use crate::ImportReport;
use clearway_model::{
    FerryLine, JunctionRow, LinkRow, MovementRow, NamedPlace, NodeRow, RaisedRoad, SourceRow, WaterLine,
};

/// The network tables made of one road map, and what has to be said about them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RoadMap {
    /// `node.csv`, ascending by id.
    pub nodes: Vec<NodeRow>,
    /// `link.csv`, in the order of the map's ids.
    pub links: Vec<LinkRow>,
    /// `movement.csv`: prohibited turns.
    pub movements: Vec<MovementRow>,
    /// `junctions.csv`: approaches to stops, give-ways and roundabouts of a map of OpenStreetMap. Signals are in the capacities of links.
    pub junctions: Vec<JunctionRow>,
    /// Ids of the nodes where a road was cut at the map's edge, in the order of `nodes`. Some of them can only be
    /// reached, others only be left: a one-way road is cut at its near or at its far end.
    pub boundary_nodes: Vec<String>,
    /// What must be printed beside maps and figures; empty if the source demands nothing.
    pub attribution: String,
    /// Where the figures of the tables come from.
    pub sources: Vec<SourceRow>,
    /// Ferries of the map, which are no links.
    pub ferries: Vec<FerryLine>,
    /// Places of the map that have a name, so that zones can be called by it. None from GMNS and TNTP.
    pub places: Vec<NamedPlace>,
    /// Water of the map from which floods come, where the options ask for it.
    pub waters: Vec<WaterLine>,
    /// Bridges and tunnels of its roads, where the options ask for them.
    pub raised: Vec<RaisedRoad>,
    /// What was read, assumed and dropped.
    pub report: ImportReport,
}
