//! Elements of the network by the ids of their tables.

use clearway_model::{BottleneckKind, Scenario};
use clearway_network::{ElementKind, Network};

/// What an element is, its id and its name: `link:ID`, `connector:ID` or `site:ID`.
pub fn element_name(
    scenario: &Scenario,
    network: &Network,
    element: u32,
) -> (BottleneckKind, String, String) {
    match network.elements[element as usize].kind {
        ElementKind::Link(row) => {
            let link = &scenario.links[row as usize];
            (BottleneckKind::Link, link.link_id.clone(), link.name.clone())
        }
        ElementKind::Connector(row) => {
            (BottleneckKind::Connector, scenario.connectors[row as usize].connector_id.clone(), String::new())
        }
        ElementKind::Admission(row) => {
            let site = &scenario.sites[row as usize];
            (BottleneckKind::Site, site.site_id.clone(), site.name.clone())
        }
    }
}
