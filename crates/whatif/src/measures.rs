//! Measures that would raise the limit: what they are and what the scenario would be with each.
//!
//! Candidates come from what sets the limit: one more lane or the opposite lanes as well (contraflow) on its largest roads, half as much
//! again of intake at its sites, one more open hour where movement is allowed in windows, a new road between junctions that its cut keeps
//! far apart ([`crate::bridge`]). None is coercive and none takes anything from
//! the people at the origin. A measure is worth what the limit, computed anew, says.

use crate::bridge::{Bridge, CAPACITY_PCU_H};
use crate::scale;
use clearway_model::{Bottleneck, LinkRow, Scenario, WindowTarget};
use std::collections::HashMap;

/// One change of a scenario.
#[derive(Debug, Clone, PartialEq)]
pub enum Measure {
    /// One more lane on a link (its row).
    Lane(usize),
    /// The lanes of the second link (its row) used in the direction of the first.
    Contraflow(usize, usize),
    /// Half as much again of the intake of a site (its row).
    Intake(usize),
    /// Half as much again of the holding capacity of a site (its row).
    Places(usize),
    /// Windows for all links end an hour later.
    Hour,
    /// A new road or bridge, one lane each way.
    Bridge(Bridge),
}

/// Length that windows grow by, ms.
const HOUR: i64 = 3_600_000;

/// Candidates out of what sets the limit, the largest first; at most `most`.
pub fn candidates(scenario: &Scenario, bottlenecks: &[Bottleneck], most: usize) -> Vec<Measure> {
    let link_of: HashMap<&str, usize> =
        scenario.links.iter().enumerate().map(|(i, l)| (l.link_id.as_str(), i)).collect();
    let ends: HashMap<(&str, &str), usize> = scenario
        .links
        .iter()
        .enumerate()
        .map(|(i, l)| ((l.from_node_id.as_str(), l.to_node_id.as_str()), i))
        .collect();
    let mut measures = Vec::new();
    if scenario.windows.iter().any(|w| w.target == WindowTarget::AllLinks && w.until_ms.is_some()) {
        measures.push(Measure::Hour);
    }
    for bottleneck in bottlenecks {
        match bottleneck.element.as_str() {
            "link" => {
                let Some(&link) = link_of.get(bottleneck.id.as_str()) else { continue };
                measures.push(Measure::Lane(link));
                let row = &scenario.links[link];
                let back = ends.get(&(row.to_node_id.as_str(), row.from_node_id.as_str()));
                // Lanes of which all is reserved are closed, or are none at all.
                let is_open = |link: &LinkRow| {
                    link.capacity_pcu_h.is_some_and(|all| link.reserved_pcu_h.unwrap_or(0.0) < all)
                };
                if let Some(&back) = back.filter(|b| is_open(&scenario.links[**b])) {
                    measures.push(Measure::Contraflow(link, back));
                }
            }
            "site" => {
                let site = scenario.sites.iter().position(|s| s.site_id == bottleneck.id);
                let Some(site) = site else { continue };
                if scenario.sites[site].intake_people_h.is_some() {
                    measures.push(Measure::Intake(site));
                }
                if scenario.sites[site].capacity_people.is_some() {
                    measures.push(Measure::Places(site));
                }
            }
            _ => {}
        }
    }
    let mut seen: Vec<Measure> = Vec::new();
    measures.retain(|m| {
        let new = !seen.contains(m);
        seen.push(m.clone());
        new
    });
    measures.truncate(most);
    measures
}

/// The scenario with a measure; its digest is empty.
pub fn with(scenario: &Scenario, measure: &Measure) -> Scenario {
    let mut changed = scenario.clone();
    changed.digest = String::new();
    match *measure {
        Measure::Lane(at) => {
            let link = &mut changed.links[at];
            let lanes = link.lanes.filter(|l| *l > 0.0).unwrap_or(1.0);
            scale::vehicle_capacity(link, (lanes + 1.0) / lanes);
            link.lanes = Some(lanes + 1.0);
        }
        Measure::Contraflow(at, back) => {
            let other = changed.links[back].clone();
            let link = &mut changed.links[at];
            let add = |to: &mut Option<f64>, more: Option<f64>| {
                if let Some(to) = to {
                    *to += more.or(other.capacity_pcu_h).unwrap_or(0.0);
                }
            };
            add(&mut link.capacity_pcu_h_low, other.capacity_pcu_h_low);
            add(&mut link.capacity_pcu_h_high, other.capacity_pcu_h_high);
            add(&mut link.capacity_pcu_h, other.capacity_pcu_h);
            link.lanes = Some(link.lanes.unwrap_or(1.0) + other.lanes.unwrap_or(1.0));
            link.capacity = None;
            let back = &mut changed.links[back];
            (back.capacity_pcu_h, back.capacity_pcu_h_low, back.capacity_pcu_h_high) = (None, None, None);
            (back.capacity, back.lanes) = (None, None);
        }
        Measure::Bridge(bridge) => bridge.build(&mut changed),
        Measure::Intake(at) => scale::intake(&mut changed.sites[at], 1.5),
        Measure::Places(at) => scale::places(&mut changed.sites[at], 1.5),
        Measure::Hour => {
            for window in changed.windows.iter_mut().filter(|w| w.target == WindowTarget::AllLinks) {
                window.until_ms = window.until_ms.map(|until| until + HOUR);
            }
        }
    }
    changed
}

/// What a measure is, in words.
pub fn words(scenario: &Scenario, measure: &Measure) -> String {
    let road = |at: usize| {
        let link = &scenario.links[at];
        if link.name.is_empty() {
            format!("link {}", link.link_id)
        } else {
            format!("{} (link {})", link.name, link.link_id)
        }
    };
    let site = |at: usize| {
        let site = &scenario.sites[at];
        if site.name.is_empty() { site.site_id.clone() } else { format!("{} ({})", site.name, site.site_id) }
    };
    match *measure {
        Measure::Lane(at) => format!("one more lane on {}", road(at)),
        Measure::Contraflow(at, _) => format!("the opposite lanes as well on {} (contraflow)", road(at)),
        Measure::Intake(at) => format!("half as much again of intake at {}", site(at)),
        Measure::Places(at) => format!("half as many places again at {}", site(at)),
        Measure::Bridge(Bridge { from, to, metres }) => format!(
            "a new road or bridge of {metres:.0} m between junctions {} and {}, {CAPACITY_PCU_H} pcu/h each way (whether it can be built is for engineers)",
            scenario.nodes[from].node_id, scenario.nodes[to].node_id
        ),
        Measure::Hour => "one more hour in every window of movement".to_owned(),
    }
}
