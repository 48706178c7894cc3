//! Latest entries into all elements, against the direction of travel.

use super::frontier::SearchFrontier;
use crate::{ElementEnds, ElementIndex, Network, NodeIndex, PerElement, PerNode, PerSite};
use std::cmp::Reverse;

/// Whether prohibited turns are obeyed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TurnRule {
    /// Prohibited turns are obeyed.
    AsGiven,
    /// Every element may be followed by every other that begins where it ends: what comes out is a bound.
    All,
}

/// Which elements lead to an element: the other direction of [`Network::out_of`].
#[derive(Debug, Clone)]
pub struct InboundElements {
    /// Per node, the links and connectors of zones that end there, by number.
    into_node: PerNode<Vec<ElementIndex>>,
    /// Per site, its connectors, by number.
    into_site: PerSite<Vec<ElementIndex>>,
}

impl InboundElements {
    /// What leads where in a network.
    pub fn new(network: &Network) -> Self {
        let mut inbound = Self {
            into_node: vec![Vec::new(); network.nodes()].into(),
            into_site: vec![Vec::new(); network.sites.len()].into(),
        };
        for (element, data) in network.elements.iter_enumerated() {
            match data.ends {
                ElementEnds::FromZone { node, .. } | ElementEnds::BetweenNodes { to: node, .. } => {
                    inbound.into_node[node].push(element);
                }
                ElementEnds::ToSite { site, .. } => inbound.into_site[site].push(element),
                ElementEnds::IntoSite { .. } => {}
            }
        }
        inbound
    }

    /// Elements that end where an element begins: connectors of its site before an admission, none before a connector of a zone.
    pub fn before(&self, network: &Network, element: ElementIndex) -> &[ElementIndex] {
        match network.elements[element].ends {
            ElementEnds::BetweenNodes { from: node, .. } | ElementEnds::ToSite { node, .. } => {
                &self.into_node[node]
            }
            ElementEnds::IntoSite { site } => &self.into_site[site],
            ElementEnds::FromZone { .. } => &[],
        }
    }
}

/// Per element, the greatest label with which its end can be reached from there; `None` where it cannot. `ends` are elements with the labels
/// that they have at the least, and `back` says which label an element gets from one that follows it, no greater than that one's, or `None`
/// if it cannot be followed so. A label may be a time, or a time with more by which equal times are told apart.
pub fn latest_entries<L: Copy + Ord>(
    network: &Network,
    ends: &[(ElementIndex, L)],
    turns: TurnRule,
    back: impl Fn(ElementIndex, L) -> Option<L>,
) -> PerElement<Option<L>> {
    let inbound = InboundElements::new(network);
    let mut frontier = SearchFrontier::default();
    frontier.reset(network.elements.len());
    for &(element, label) in ends {
        frontier.improve(element, label, label);
    }
    while let Some((element, label, _)) = frontier.settle() {
        for &previous in inbound.before(network, element) {
            if turns == TurnRule::AsGiven && network.banned.contains(&(previous, element)) {
                continue;
            }
            if let Some(label) = back(previous, label) {
                frontier.improve(previous, label, label);
            }
        }
    }
    frontier.into_labels()
}

/// Per node, the shortest travel time to any site over elements that are ever open, ms, without waits and prohibited turns; `None` where there is
/// no way. No journey from there takes less.
///
/// Turns do not matter here, so that labels belong to nodes: there are fewer of them than elements, and each element is looked at once.
pub fn free_times_to_sites(network: &Network) -> PerNode<Option<i64>> {
    let inbound = InboundElements::new(network);
    let mut frontier = SearchFrontier::<NodeIndex, _, _>::default();
    frontier.reset(network.nodes());
    let reach = |frontier: &mut SearchFrontier<_, _, _>, element: ElementIndex, rest: i64| {
        let data = &network.elements[element];
        if let Some(node) = data.ends.node_before().filter(|_| !data.open.is_empty()) {
            let label = Reverse(rest + data.tau);
            frontier.improve(node, label, label);
        }
    };
    for &connector in inbound.into_site.iter().flatten() {
        reach(&mut frontier, connector, 0);
    }
    while let Some((node, Reverse(rest), _)) = frontier.settle() {
        for &element in &inbound.into_node[node] {
            reach(&mut frontier, element, rest);
        }
    }
    frontier.into_labels().into_iter().map(|label| label.map(|Reverse(rest)| rest)).collect()
}
