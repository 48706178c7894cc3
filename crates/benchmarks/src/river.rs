//! A river across the city with few bridges.

use clearway_model::{ConnectorPlace, Scenario};
use std::collections::{BTreeMap, BTreeSet};

/// A river from west to east, so that half of the nodes lie on either side. Of the roads across it that are open both ways,
/// `bridges` stay: those of the largest capacity nearest to equal distances along the river. Sites north of it are taken
/// away, and zones on both sides keep only the nodes of the side where they have more, the south if as many.
///
/// # Errors
/// In words, if fewer roads cross the middle than bridges are wanted, or no site lies in the south.
pub fn add_river(scenario: &mut Scenario, bridges: u32) -> Result<(), String> {
    let mut heights: Vec<f64> = scenario.nodes.iter().map(|node| node.y_coord).collect();
    heights.sort_by(f64::total_cmp);
    let Some(&line) = heights.get(heights.len() / 2) else { return Err("no nodes".into()) };
    let north: BTreeSet<String> =
        scenario.nodes.iter().filter(|n| n.y_coord >= line).map(|n| n.node_id.clone()).collect();
    let kept = kept_crossings(scenario, &north, bridges)?;
    scenario.links.retain(|link| {
        let (a, b) = (&link.from_node_id, &link.to_node_id);
        north.contains(a) == north.contains(b) || kept.contains(&pair(a, b))
    });
    let links: BTreeSet<&str> = scenario.links.iter().map(|link| link.link_id.as_str()).collect();
    scenario
        .movements
        .retain(|m| links.contains(m.ib_link_id.as_str()) && links.contains(m.ob_link_id.as_str()));
    let mut sides: BTreeMap<String, i64> = BTreeMap::new();
    for row in scenario.connectors.iter().filter(|row| row.place == ConnectorPlace::Zone) {
        let side = if north.contains(&row.node_id) { 1 } else { -1 };
        *sides.entry(row.place_id.clone()).or_insert(0) += side;
    }
    scenario.connectors.retain(|row| {
        let is_north = north.contains(&row.node_id);
        match row.place {
            ConnectorPlace::Site => !is_north,
            ConnectorPlace::Zone => is_north == (sides.get(&row.place_id).copied().unwrap_or(0) > 0),
        }
    });
    let joined: BTreeSet<&str> = scenario
        .connectors
        .iter()
        .filter(|row| row.place == ConnectorPlace::Site)
        .map(|row| row.place_id.as_str())
        .collect();
    scenario.sites.retain(|site| joined.contains(site.site_id.as_str()));
    if scenario.sites.is_empty() { Err("no site south of the river".into()) } else { Ok(()) }
}

fn pair(a: &str, b: &str) -> (String, String) {
    if a < b { (a.into(), b.into()) } else { (b.into(), a.into()) }
}

/// The pairs of nodes that stay joined across the river.
fn kept_crossings(
    scenario: &Scenario,
    north: &BTreeSet<String>,
    bridges: u32,
) -> Result<BTreeSet<(String, String)>, String> {
    let x_of: BTreeMap<&str, f64> =
        scenario.nodes.iter().map(|node| (node.node_id.as_str(), node.x_coord)).collect();
    // Capacity to the south and to the north, and the place along the river.
    let mut crossings: BTreeMap<(String, String), ([f64; 2], f64)> = BTreeMap::new();
    for link in &scenario.links {
        let (from, to) = (&link.from_node_id, &link.to_node_id);
        if let (true, Some(capacity)) = (north.contains(from) != north.contains(to), link.capacity_pcu_h) {
            let x = x_of.get(from.as_str()).copied().unwrap_or(0.0);
            let entry = crossings.entry(pair(from, to)).or_insert(([0.0; 2], x));
            entry.0[usize::from(north.contains(to))] += capacity;
        }
    }
    crossings.retain(|_, (capacity, _)| capacity[0] > 0.0 && capacity[1] > 0.0);
    let (west, east) = crossings
        .values()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), (_, x)| (low.min(*x), high.max(*x)));
    let mut kept = BTreeSet::new();
    for bridge in 0..bridges {
        let wanted = west + (east - west) * (f64::from(bridge) + 0.5) / f64::from(bridges);
        let most = crossings
            .iter()
            .filter(|(ends, _)| !kept.contains(*ends))
            .map(|(_, (capacity, _))| capacity[0])
            .fold(0.0, f64::max);
        let best = crossings
            .iter()
            .filter(|(ends, (capacity, _))| !kept.contains(*ends) && capacity[0] >= most)
            .min_by(|(_, (_, a)), (_, (_, b))| (a - wanted).abs().total_cmp(&(b - wanted).abs()));
        let Some((ends, _)) = best else {
            return Err(format!(
                "only {bridge} roads that are open both ways cross the middle, expected {bridges}"
            ));
        };
        kept.insert(ends.clone());
    }
    Ok(kept)
}
