//! What a map says of junctions, as a table of a scenario.

use clearway_model::{JunctionControl, JunctionRow, Scenario, SourceRow, SourceStatus};
use std::collections::BTreeMap;

/// Puts what the map says of junctions into a scenario, as far as its roads are there, with the sources of what is assumed of them; gives
/// back what is to be said of it.
pub(crate) fn add_junctions(scenario: &mut Scenario, approaches: Vec<JunctionRow>) -> String {
    let ends: BTreeMap<&str, &str> =
        scenario.links.iter().map(|link| (link.link_id.as_str(), link.to_node_id.as_str())).collect();
    let is_there = |row: &JunctionRow| ends.get(row.link_id.as_str()) == Some(&row.node_id.as_str());
    let rows: Vec<JunctionRow> = approaches.into_iter().filter(is_there).collect();
    let mut counts = Vec::new();
    for control in JunctionControl::ALL {
        let count = rows.iter().filter(|row| row.control == control).count();
        let Some(default) = control.default_figures().filter(|_| count > 0) else { continue };
        counts.push(format!("{count} {}", control.word()));
        scenario.sources.push(SourceRow {
            table: "junctions".into(),
            id: "*".into(),
            field: "lane_pcu_h".into(),
            status: SourceStatus::Default,
            source: default.source.into(),
            note: format!("{}: {} pcu/h a lane", control.word(), default.lane_pcu_h.value),
            ..SourceRow::default()
        });
    }
    if let Some(first) = rows.first() {
        scenario.sources.push(SourceRow {
            table: "junctions".into(),
            id: "*".into(),
            field: "control".into(),
            status: SourceStatus::Published,
            source: first.source.clone(),
            ..SourceRow::default()
        });
    }
    scenario.junctions = rows;
    if counts.is_empty() {
        return "the map says nothing of stops, give-ways or roundabouts: there is no junctions.csv"
            .to_owned();
    }
    format!(
        "junctions.csv has what the map says of approaches: {}; the simulation alone reads it",
        counts.join(", ")
    )
}
