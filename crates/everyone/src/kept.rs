//! What the fleet takes of each link and of each site's intake, counted in quarters of an hour.
//!
//! In each quarter of an hour the fleet may take a share of what a link lets through (less what is reserved for responders
//! and aid) and of what a site takes in. Four times the busiest quarter is kept free of all others, the whole time, so that the
//! fleet never queues with them.

use clearway_model::{Case, EveryoneSettings, Figure, LinkRow, Scenario};
use clearway_network::{ElementKind, Network};
use std::collections::{BTreeMap, HashMap};

const QUARTER: i64 = EveryoneSettings::QUARTER_MS;

/// Room for more than is there by this much is rounding.
const SLACK: f64 = 1e-9;

/// Use of links and intakes by quarters of an hour.
#[derive(Debug)]
pub struct Kept {
    /// Per element, what may be used in a quarter: pcu for a link, people for an intake; infinite if unlimited.
    room: Vec<f64>,
    used: BTreeMap<(u32, i64), f64>,
}

/// Capacity of a link less what is reserved, central, pcu/h.
pub fn free_pcu_h(link: &LinkRow) -> f64 {
    let capacity = link.capacity_pcu_h.map_or(0.0, |value| {
        Figure::new(value, link.capacity_pcu_h_low, link.capacity_pcu_h_high).more_is_better(Case::Central)
    });
    (capacity - link.reserved_pcu_h.unwrap_or(0.0)).max(0.0)
}

impl Kept {
    /// Nothing used yet; `share` of what there is may be.
    pub fn new(scenario: &Scenario, network: &Network, share: f64) -> Self {
        let room = network
            .elements
            .iter()
            .map(|element| match element.kind {
                ElementKind::Link(row) => free_pcu_h(&scenario.links[row as usize]) * share / 4.0,
                ElementKind::Intake(row) => scenario.sites[row as usize]
                    .intake_people_h
                    .map_or(f64::INFINITY, |people_h| people_h * share / 4.0),
                ElementKind::Connector(_) => f64::INFINITY,
            })
            .collect();
        Self { room, used: BTreeMap::new() }
    }

    /// Whether so much more fits in at this time. What alone is more than the room of a quarter goes where nothing else is.
    pub fn fits(&self, element: u32, t: i64, amount: f64) -> bool {
        let used = self.used.get(&(element, t / QUARTER)).copied().unwrap_or(0.0);
        used == 0.0 || used + amount <= self.room[element as usize] + SLACK
    }

    /// Uses it.
    pub fn take(&mut self, element: u32, t: i64, amount: f64) {
        if self.room[element as usize].is_finite() {
            *self.used.entry((element, t / QUARTER)).or_default() += amount;
        }
    }

    /// Four times the busiest quarter of each element: pcu/h or people/h.
    fn rates(&self) -> HashMap<u32, f64> {
        let mut rates: HashMap<u32, f64> = HashMap::new();
        for (&(element, _), &used) in &self.used {
            let rate = rates.entry(element).or_default();
            *rate = rate.max(used * 4.0);
        }
        rates
    }

    /// Per link id, kept for the fleet, pcu/h.
    pub fn links(&self, scenario: &Scenario, network: &Network) -> HashMap<String, f64> {
        let rates = self.rates().into_iter();
        rates
            .filter_map(|(element, rate)| match network.elements[element as usize].kind {
                ElementKind::Link(row) => Some((scenario.links[row as usize].link_id.clone(), rate)),
                _ => None,
            })
            .collect()
    }

    /// Per site, kept of its intake, people/h.
    pub fn intakes(&self, network: &Network) -> Vec<f64> {
        let rates = self.rates();
        network.sites.iter().map(|site| rates.get(&site.intake).copied().unwrap_or(0.0)).collect()
    }
}
