//! When hazards first close what is on the roads.

use crate::{ElementIndex, Network, PerElement, PerNode};

/// When hazards first close things, ms; nothing is taken to open again, as nobody can rely on it.
#[derive(Debug, Clone)]
pub struct HazardTimes {
    /// Begin of the first `presence` closure of a link or of an admission; `None`: there is none.
    pub elements: PerElement<Option<i64>>,
    /// When a junction is first closed; `None`: never.
    pub nodes: PerNode<Option<i64>>,
    /// All these times before the horizon, ascending, each once.
    pub times: Vec<i64>,
    never_open: PerElement<bool>,
}

impl HazardTimes {
    pub(super) fn new(network: &Network) -> Self {
        let horizon = network.horizon;
        let first = |begins: &Vec<i64>| begins.iter().copied().min().filter(|&from| from < horizon);
        let elements: PerElement<Option<i64>> =
            network.elements.keys().map(|element| network.hazards.get(&element).and_then(first)).collect();
        let begin = |closed: &clearway_flow::TimeSet| closed.intervals().first().map(|&(from, _)| from);
        let nodes: PerNode<Option<i64>> =
            network.node_closed.iter().map(|closed| begin(closed).filter(|&from| from < horizon)).collect();
        let never_open = network
            .elements
            .iter_enumerated()
            .map(|(element, data)| {
                let by_node = data.ends.node_after().is_some_and(|node| nodes[node].is_some());
                data.open.is_empty() && elements[element].is_none() && !by_node
            })
            .collect();
        let mut times: Vec<i64> = elements.iter().chain(nodes.iter()).flatten().copied().collect();
        times.sort_unstable();
        times.dedup();
        Self { elements, nodes, times, never_open }
    }

    /// Whether something cannot be used at any time, and no hazard is why.
    pub fn is_never_open(&self, element: ElementIndex) -> bool {
        self.never_open[element]
    }
}
