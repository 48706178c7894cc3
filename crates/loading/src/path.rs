//! Ways: from a zone's connector over links to a site's connector and its admission, as elements of the network.

use clearway_network::Network;
use std::collections::HashMap;

/// A way through the network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// Row of `zones.csv`.
    pub zone: u32,
    /// Row of `sites.csv`.
    pub site: u32,
    /// Elements in the order of travel: zone connector, links, site connector, admission.
    pub elements: Vec<u32>,
    /// For each element but the first, the number of its pair with the one before ([`PathPool`]).
    pub(crate) pairs: Vec<u32>,
}

/// All ways found so far, each once.
#[derive(Debug, Clone, Default)]
pub struct PathPool {
    ways: Vec<Way>,
    by_elements: HashMap<Vec<u32>, u32>,
    pair_of: HashMap<(u32, u32), u32>,
    /// Per zone, the numbers of its ways.
    from_zone: Vec<Vec<u32>>,
}

impl PathPool {
    /// Number of a way, taken in if it is new. Loops are cut out where the turn that remains is allowed.
    pub fn insert(&mut self, network: &Network, zone: u32, elements: &[u32]) -> u32 {
        let elements = without_loops(network, elements);
        if let Some(&known) = self.by_elements.get(&elements) {
            return known;
        }
        let next = self.ways.len() as u32;
        let mut pairs = Vec::with_capacity(elements.len().saturating_sub(1));
        for pair in elements.windows(2) {
            let new = self.pair_of.len() as u32;
            pairs.push(*self.pair_of.entry((pair[0], pair[1])).or_insert(new));
        }
        let site = elements.last().map_or(0, |&admission| network.place[admission as usize]);
        self.by_elements.insert(elements.clone(), next);
        self.ways.push(Way { zone, site, elements, pairs });
        if self.from_zone.len() <= zone as usize {
            self.from_zone.resize(zone as usize + 1, Vec::new());
        }
        self.from_zone[zone as usize].push(next);
        next
    }

    /// A way by number.
    pub fn get(&self, way: u32) -> &Way {
        &self.ways[way as usize]
    }

    /// All ways.
    pub fn ways(&self) -> &[Way] {
        &self.ways
    }

    /// The ways known from a zone, as they were found.
    pub fn from_zone(&self, zone: u32) -> &[u32] {
        self.from_zone.get(zone as usize).map_or(&[], Vec::as_slice)
    }

    /// How many pairs of consecutive elements are known.
    pub(crate) fn pairs(&self) -> usize {
        self.pair_of.len()
    }
}

/// Cuts out what lies between two visits of a node, if going straight on is no prohibited turn.
fn without_loops(network: &Network, elements: &[u32]) -> Vec<u32> {
    let mut kept: Vec<u32> = Vec::with_capacity(elements.len());
    let mut visited: HashMap<u32, usize> = HashMap::new();
    for &element in elements {
        let from = network.from_node[element as usize];
        if from != u32::MAX {
            if let Some(&at) = visited.get(&from) {
                let allowed =
                    at == 0 || !network.banned.contains(&(kept[at - 1], element)) || kept.len() == at;
                if allowed && at > 0 {
                    kept.truncate(at);
                    visited.retain(|_, position| *position <= at);
                }
            } else {
                visited.insert(from, kept.len());
            }
        }
        kept.push(element);
    }
    kept
}
