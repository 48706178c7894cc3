//! What an instance is, in figures.

use clearway_model::{ConnectorPlace, Scenario};
use std::collections::BTreeMap;

/// Size of a scenario.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    /// Nodes.
    pub nodes: usize,
    /// Links.
    pub links: usize,
    /// Zones.
    pub zones: usize,
    /// Sites.
    pub sites: usize,
    /// People in all zones.
    pub people: i64,
    /// Until all are ready, h.
    pub release_h: f64,
    /// People over what all sites together can take in an hour by the links and connectors that lead to them, h. No plan
    /// is faster; without curfew the limit is at least this.
    pub exits_h: f64,
}

impl Measured {
    /// Of a scenario.
    pub fn of(scenario: &Scenario) -> Self {
        let occupancy =
            scenario.settings.class.first().and_then(|class| class.people_per_vehicle).unwrap_or(1.0);
        let mut inflow: BTreeMap<&str, f64> = BTreeMap::new();
        for link in &scenario.links {
            let rate = link.capacity_pcu_h.unwrap_or(0.0) - link.reserved_pcu_h.unwrap_or(0.0);
            *inflow.entry(link.to_node_id.as_str()).or_insert(0.0) += rate;
        }
        let cut_arcs = scenario.connectors.iter().filter(|row| row.place == ConnectorPlace::Site);
        let rate: f64 = cut_arcs
            .map(|row| {
                let links = inflow.get(row.node_id.as_str()).copied().unwrap_or(0.0);
                links.min(row.capacity_pcu_h.unwrap_or(f64::INFINITY))
            })
            .sum();
        let people: i64 = scenario.zones.iter().map(|zone| zone.people).sum();
        let release_ms = scenario.releases.iter().map(|row| row.time_ms).max().unwrap_or(0);
        Self {
            nodes: scenario.nodes.len(),
            links: scenario.links.len(),
            zones: scenario.zones.len(),
            sites: scenario.sites.len(),
            people,
            release_h: release_ms as f64 / 3_600_000.0,
            exits_h: people as f64 / (rate * occupancy).max(1e-9),
        }
    }
}
