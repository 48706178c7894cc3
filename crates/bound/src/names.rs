//! Elements of the network by the ids of their tables.

use clearway_model::{BottleneckKind, Scenario};
use clearway_network::{ElementIndex, ElementKind, Network};

/// What an element is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ElementName {
    /// Link, connector or site.
    pub kind: BottleneckKind,
    /// Its id in that table.
    pub id: String,
    /// What people call it; empty if it has no name.
    pub name: String,
}

/// Id and name of an element; an admission has those of its site.
pub fn element_name(scenario: &Scenario, network: &Network, element: ElementIndex) -> ElementName {
    let (kind, id, name) = match network.elements[element].kind {
        ElementKind::Link(row) => {
            let link = &scenario.links[row];
            (BottleneckKind::Link, link.link_id.clone(), link.name.clone())
        }
        ElementKind::Connector(row) => {
            (BottleneckKind::Connector, scenario.connectors[row].connector_id.clone(), String::new())
        }
        ElementKind::Admission(row) => {
            let site = &scenario.sites[row];
            (BottleneckKind::Site, site.site_id.clone(), site.name.clone())
        }
    };
    ElementName { kind, id, name }
}
