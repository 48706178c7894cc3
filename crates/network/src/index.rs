//! Numbers of elements, nodes, zones and sites as types of their own: none is taken for another, and each indexes its own vectors alone.

use typed_index_collections::TiVec;

clearway_model::index_types! {
    /// Number of an element of a [`Network`](crate::Network), counted from 0: connectors of zones, links, connectors of sites, admissions.
    ElementIndex
    /// Number of a node: its row in `node.csv`, counted from 0.
    NodeIndex
    /// Number of a zone: its row in `zones.csv`, counted from 0.
    ZoneIndex
    /// Number of a site: its row in `sites.csv`, counted from 0.
    SiteIndex
}

/// One value per element.
pub type PerElement<T> = TiVec<ElementIndex, T>;
/// One value per node.
pub type PerNode<T> = TiVec<NodeIndex, T>;
/// One value per zone.
pub type PerZone<T> = TiVec<ZoneIndex, T>;
/// One value per site.
pub type PerSite<T> = TiVec<SiteIndex, T>;
