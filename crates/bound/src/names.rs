//! Elements of the network by the ids of their tables.

use clearway_model::Scenario;
use clearway_network::{ElementKind, Network};

/// `link:ID`, `connector:ID` or `site:ID`.
pub fn element_name(scenario: &Scenario, network: &Network, element: u32) -> (&'static str, String, String) {
    match network.elements[element as usize].kind {
        ElementKind::Link(row) => {
            let link = &scenario.links[row as usize];
            ("link", link.link_id.clone(), link.name.clone())
        }
        ElementKind::Connector(row) => {
            ("connector", scenario.connectors[row as usize].connector_id.clone(), String::new())
        }
        ElementKind::Admission(row) => {
            let site = &scenario.sites[row as usize];
            ("site", site.site_id.clone(), site.name.clone())
        }
    }
}
