//! Approaches of junctions: a link named in `junctions.csv` ends at the junction of its row.

use super::ScenarioCheck;
use clearway_model::{JunctionControl, JunctionRow, LinkRow};
use std::collections::BTreeMap;

pub(super) fn check(check: &mut ScenarioCheck<'_>) {
    let scenario = check.scenario;
    if scenario.junctions.is_empty() {
        return;
    }
    let links: BTreeMap<&str, &LinkRow> =
        scenario.links.iter().map(|row| (row.link_id.as_str(), row)).collect();
    for (index, row) in scenario.junctions.iter().enumerate() {
        if check.origin.is_damaged::<JunctionRow>(index) {
            continue;
        }
        if let Some(link) = links.get(row.link_id.as_str())
            && !link.to_node_id.is_empty()
            && link.to_node_id != row.node_id
        {
            let expected = format!("a link that ends at node {}", row.node_id);
            let hint = format!("link {} ends at node {}", link.link_id, link.to_node_id);
            check.error(index, row, ("link_id", &row.link_id), expected, hint);
        }
        if row.control == JunctionControl::None && row.lane_pcu_h.is_none() && row.green_share.is_some() {
            let hint = "a share of the time of nothing that holds anybody up";
            check.error(index, row, ("lane_pcu_h", ""), "what a lane lets through, pcu/h", hint);
        }
    }
}
