//! From tables to arrays: a [`Network`] is a scenario in one case, with every open set worked out, ready for the limit
//! engine ([`Network::flow_problem`]) and for planning.
//!
//! Terms: an *element* is what a route passes (connector, link, admission); a *place* is what a threshold belongs to (node,
//! turn place, gate, zone, site). Both are defined in `docs/reference/semantics.md`.

mod build;
mod element;
mod index;
mod network;
mod open;
mod places;
mod room;
pub mod search;
pub mod ways_out;

pub use element::{ElementEnds, ElementKind, NetworkElement, link_rate};
pub use index::{ElementIndex, NodeIndex, PerElement, PerNode, PerSite, PerZone, SiteIndex, ZoneIndex};
pub use network::{DestinationSite, Network, NetworkError, OriginZone};
pub use places::{FlowPlaces, ThresholdPlace};
pub use room::{
    LinkRoom, LinkRooms, RoomFigures, SPACING_M, WAVE_KM_H, link_length_m, link_room, people_per_vehicle,
};
