//! Interventions that would raise the bound: what they are and what the scenario would be with each.
//!
//! Candidates come from what sets the bound: one more lane or the opposite lanes as well (contraflow) on its largest roads, half as much
//! again of admission at its sites, one more open hour where movement is allowed in windows, a new road between junctions that its cut keeps
//! far apart ([`crate::bridge`]). None is coercive and none takes anything from
//! the people at the origin. An intervention is worth what the bound, computed anew, says.

use crate::bridge::{CAPACITY_PCU_H, NewRoad};
use crate::scale;
use clearway_model::{Bottleneck, BottleneckKind, LinkRow, Scenario, WindowTarget};
use std::collections::HashMap;

/// One change of a scenario.
#[derive(Debug, Clone, PartialEq)]
pub enum Intervention {
    /// One more lane on a link (its row).
    Lane(usize),
    /// The lanes of the second link (its row) used in the direction of the first.
    Contraflow(usize, usize),
    /// Half as much again of the admission of a site (its row).
    Admission(usize),
    /// Half as much again of the holding capacity of a site (its row).
    Places(usize),
    /// Windows for all links end an hour later.
    Hour,
    /// A new road or bridge, one lane each way.
    Bridge(NewRoad),
}

/// Length that windows grow by, ms.
const HOUR: i64 = clearway_model::time::MS_PER_HOUR;

/// Candidates out of what sets the bound, the largest first; at most `most`.
pub fn candidates(scenario: &Scenario, bottlenecks: &[Bottleneck], most: usize) -> Vec<Intervention> {
    let link_of: HashMap<&str, usize> =
        scenario.links.iter().enumerate().map(|(i, l)| (l.link_id.as_str(), i)).collect();
    let ends: HashMap<(&str, &str), usize> = scenario
        .links
        .iter()
        .enumerate()
        .map(|(i, l)| ((l.from_node_id.as_str(), l.to_node_id.as_str()), i))
        .collect();
    let mut interventions = Vec::new();
    if scenario.windows.iter().any(|w| w.target == WindowTarget::AllLinks && w.until_ms.is_some()) {
        interventions.push(Intervention::Hour);
    }
    for bottleneck in bottlenecks {
        match bottleneck.element {
            BottleneckKind::Link => {
                let Some(&link) = link_of.get(bottleneck.id.as_str()) else { continue };
                interventions.push(Intervention::Lane(link));
                let row = &scenario.links[link];
                let back = ends.get(&(row.to_node_id.as_str(), row.from_node_id.as_str()));
                // Lanes of which all is reserved are closed, or are none at all.
                let is_open = |link: &LinkRow| {
                    link.capacity_pcu_h.is_some_and(|all| link.reserved_pcu_h.unwrap_or(0.0) < all)
                };
                if let Some(&back) = back.filter(|b| is_open(&scenario.links[**b])) {
                    interventions.push(Intervention::Contraflow(link, back));
                }
            }
            BottleneckKind::Site => {
                let site = scenario.sites.iter().position(|s| s.site_id == bottleneck.id);
                let Some(site) = site else { continue };
                if scenario.sites[site].admission_people_h.is_some() {
                    interventions.push(Intervention::Admission(site));
                }
                if scenario.sites[site].capacity_people.is_some() {
                    interventions.push(Intervention::Places(site));
                }
            }
            BottleneckKind::Connector => {}
        }
    }
    let mut seen: Vec<Intervention> = Vec::new();
    interventions.retain(|m| {
        let new = !seen.contains(m);
        seen.push(m.clone());
        new
    });
    interventions.truncate(most);
    interventions
}

/// The scenario with an intervention; its digest is empty.
pub fn with(scenario: &Scenario, intervention: &Intervention) -> Scenario {
    let mut changed = scenario.clone();
    changed.digest = String::new();
    match *intervention {
        Intervention::Lane(at) => {
            let link = &mut changed.links[at];
            let lanes = link.lanes.filter(|l| *l > 0.0).unwrap_or(1.0);
            scale::vehicle_capacity(link, (lanes + 1.0) / lanes);
            scale::storage(link, (lanes + 1.0) / lanes);
            link.lanes = Some(lanes + 1.0);
        }
        Intervention::Contraflow(at, back) => {
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
            // Room for vehicles grows with the lanes: what is given for one direction says nothing of both.
            let lanes = link.lanes.filter(|lanes| *lanes > 0.0).unwrap_or(1.0);
            scale::storage(link, (lanes + other.lanes.unwrap_or(1.0)) / lanes);
            link.lanes = Some(link.lanes.unwrap_or(1.0) + other.lanes.unwrap_or(1.0));
            link.capacity = None;
            let back = &mut changed.links[back];
            (back.capacity_pcu_h, back.capacity_pcu_h_low, back.capacity_pcu_h_high) = (None, None, None);
            (back.capacity, back.lanes) = (None, None);
        }
        Intervention::Bridge(bridge) => bridge.build(&mut changed),
        Intervention::Admission(at) => scale::admission(&mut changed.sites[at], 1.5),
        Intervention::Places(at) => scale::places(&mut changed.sites[at], 1.5),
        Intervention::Hour => {
            for window in changed.windows.iter_mut().filter(|w| w.target == WindowTarget::AllLinks) {
                window.until_ms = window.until_ms.map(|until| until + HOUR);
            }
        }
    }
    changed
}

/// What an intervention is, in words.
pub fn words(scenario: &Scenario, intervention: &Intervention) -> String {
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
    match *intervention {
        Intervention::Lane(at) => format!("one more lane on {}", road(at)),
        Intervention::Contraflow(at, _) => format!("the opposite lanes as well on {} (contraflow)", road(at)),
        Intervention::Admission(at) => format!("half as much again of the admission rate at {}", site(at)),
        Intervention::Places(at) => format!("half as many places again at {}", site(at)),
        Intervention::Bridge(NewRoad { from, to, metres }) => format!(
            "a new road or bridge of {metres:.0} m between junctions {} and {}, {CAPACITY_PCU_H} pcu/h each way (whether it can be built is for engineers)",
            scenario.nodes[from].node_id, scenario.nodes[to].node_id
        ),
        Intervention::Hour => "one more hour in every window of movement".to_owned(),
    }
}
