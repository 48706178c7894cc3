//! What an instance is, in figures.

use clearway_model::number::float;
use clearway_model::time::hours;
use clearway_model::{ConnectorPlace, Scenario};
use std::collections::BTreeMap;

/// Size of a scenario.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct InstanceSize {
    /// Nodes, joined to a link or not.
    pub nodes: usize,
    /// Rows of `link.csv`: each direction of a road is one.
    pub links: usize,
    /// Zones, with people or without.
    pub zones: usize,
    /// Sites that are left after all variants.
    pub sites: usize,
    /// People in all zones.
    pub people: i64,
    /// Until all are ready, h.
    pub release_h: f64,
    /// People over what all sites together can take in an hour by the links and connectors that lead to them, h. No plan
    /// is faster; without curfew the bound is at least this.
    pub exits_h: f64,
}

impl InstanceSize {
    /// Counts and sums up a scenario.
    pub fn of(scenario: &Scenario) -> Self {
        let occupancy =
            scenario.settings.class.first().and_then(|class| class.people_per_vehicle).unwrap_or(1.0);
        let mut inflow: BTreeMap<&str, f64> = BTreeMap::new();
        for link in &scenario.links {
            let rate = link.capacity_pcu_h.unwrap_or(0.0) - link.reserved_pcu_h.unwrap_or(0.0);
            *inflow.entry(link.to_node_id.as_str()).or_insert(0.0) += rate;
        }
        let ends = scenario.connectors.iter().filter(|row| row.place == ConnectorPlace::Site);
        let rate: f64 = ends
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
            release_h: hours(release_ms),
            exits_h: float(people) / (rate * occupancy).max(1e-9),
        }
    }
}
