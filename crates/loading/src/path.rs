//! Paths: from a zone's connector over links to a site's connector and its admission, as elements of the network.

use clearway_network::{ElementIndex, Network, NodeIndex, SiteIndex, ZoneIndex};
use std::collections::HashMap;
use typed_index_collections::{TiSlice, TiVec};

clearway_model::index_types! {
    /// Number of a path in a [`PathPool`], in the order in which they were found.
    PathIndex
    /// Number of a pair of elements of which some path passes one right after the other.
    PairIndex
}

/// A path through the network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetworkPath {
    /// The zone that it leads out of.
    pub zone: ZoneIndex,
    /// The site that it leads to.
    pub site: SiteIndex,
    /// Elements in the order of travel: zone connector, links, site connector, admission.
    pub elements: Vec<ElementIndex>,
    /// For each element but the first, the number of its pair with the one before.
    pub(crate) pairs: Vec<PairIndex>,
}

/// All paths found so far, each once.
#[derive(Debug, Clone, Default)]
pub struct PathPool {
    paths: TiVec<PathIndex, NetworkPath>,
    by_elements: HashMap<Vec<ElementIndex>, PathIndex>,
    pair_of: HashMap<(ElementIndex, ElementIndex), PairIndex>,
    /// Per zone, the numbers of its paths; as many zones as paths have been found for.
    from_zone: TiVec<ZoneIndex, Vec<PathIndex>>,
}

impl PathPool {
    /// Number of a path that ends with the admission of a site, taken in if it is new. Loops are cut out where the turn that remains is allowed.
    pub fn insert(&mut self, network: &Network, zone: ZoneIndex, elements: &[ElementIndex]) -> PathIndex {
        let elements = without_loops(network, elements);
        if let Some(&known) = self.by_elements.get(&elements) {
            return known;
        }
        let mut pairs = Vec::with_capacity(elements.len().saturating_sub(1));
        for pair in elements.windows(2) {
            let new = PairIndex::from(self.pair_of.len());
            pairs.push(*self.pair_of.entry((pair[0], pair[1])).or_insert(new));
        }
        let site = elements.last().and_then(|&admission| network.site_of(admission));
        let site = site.unwrap_or(SiteIndex::from(0));
        let next = self.paths.push_and_get_key(NetworkPath { zone, site, elements: elements.clone(), pairs });
        self.by_elements.insert(elements, next);
        if self.from_zone.len() <= zone.row() {
            self.from_zone.resize(zone.row() + 1, Vec::new());
        }
        self.from_zone[zone].push(next);
        next
    }

    /// A path by number.
    #[inline]
    pub fn get(&self, path: PathIndex) -> &NetworkPath {
        &self.paths[path]
    }

    /// All paths, in the order in which they were found.
    pub fn paths(&self) -> &TiSlice<PathIndex, NetworkPath> {
        &self.paths
    }

    /// The paths known from a zone, as they were found.
    pub fn from_zone(&self, zone: ZoneIndex) -> &[PathIndex] {
        self.from_zone.get(zone).map_or(&[], Vec::as_slice)
    }

    /// How many pairs of consecutive elements are known.
    pub(crate) fn pairs(&self) -> usize {
        self.pair_of.len()
    }
}

/// Cuts out what lies between two visits of a node, if going straight on is no prohibited turn.
fn without_loops(network: &Network, elements: &[ElementIndex]) -> Vec<ElementIndex> {
    let mut kept: Vec<ElementIndex> = Vec::with_capacity(elements.len());
    let mut visited: HashMap<NodeIndex, usize> = HashMap::new();
    for &element in elements {
        if let Some(from) = network.node_before(element) {
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
