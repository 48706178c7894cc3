//! Holding capacities of sites.

use crate::apportion::apportion;
use clearway_model::number::{float, round};
use clearway_model::{ConnectorPlace, Scenario};
use std::collections::BTreeMap;

/// Together `ratio` times all people, rounded, shared out in proportion to the capacity of the links that lead to each site's
/// nodes.
pub fn set_capacities(scenario: &mut Scenario, ratio: f64) {
    let mut inflow: BTreeMap<&str, f64> = BTreeMap::new();
    for link in &scenario.links {
        *inflow.entry(link.to_node_id.as_str()).or_insert(0.0) += link.capacity_pcu_h.unwrap_or(0.0);
    }
    let mut weights: BTreeMap<&str, f64> = BTreeMap::new();
    for row in scenario.connectors.iter().filter(|row| row.place == ConnectorPlace::Site) {
        *weights.entry(row.place_id.as_str()).or_insert(0.0) +=
            inflow.get(row.node_id.as_str()).unwrap_or(&0.0);
    }
    let weights: Vec<f64> = scenario
        .sites
        .iter()
        .map(|site| weights.get(site.site_id.as_str()).copied().unwrap_or(0.0))
        .collect();
    let people: i64 = scenario.zones.iter().map(|zone| zone.people).sum();
    let shares = apportion(round(float(people) * ratio), &weights);
    for (site, share) in scenario.sites.iter_mut().zip(shares) {
        site.capacity_people = Some(share);
    }
}
