//! Latest entries into all elements, against the direction of travel.

use super::frontier::Frontier;
use crate::Network;
use std::cmp::Reverse;

/// Whether prohibited turns are obeyed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turns {
    /// They are.
    AsGiven,
    /// Every element may be followed by every other that begins where it ends: what comes out is a bound.
    All,
}

/// Which elements lead to an element: the other direction of [`Network::out_of`].
#[derive(Debug, Clone)]
pub struct Inbound {
    /// Per node, the links and connectors of zones that end there, by number.
    into_node: Vec<Vec<u32>>,
    /// Per site, its connectors, by number.
    into_site: Vec<Vec<u32>>,
}

impl Inbound {
    /// That of a network.
    pub fn new(network: &Network) -> Self {
        let mut inbound = Self {
            into_node: vec![Vec::new(); network.nodes],
            into_site: vec![Vec::new(); network.sites.len()],
        };
        for element in 0..network.elements.len() as u32 {
            if let Some(node) = network.node_after(element) {
                inbound.into_node[node as usize].push(element);
            } else if network.is_to_site(element) {
                inbound.into_site[network.place[element as usize] as usize].push(element);
            }
        }
        inbound
    }

    /// Elements that end where an element begins: connectors of its site before an admission, none before a connector of a zone.
    pub fn before(&self, network: &Network, element: u32) -> &[u32] {
        let from = network.from_node[element as usize];
        if let Some(into) = self.into_node.get(from as usize) {
            into
        } else if network.node_after(element).is_some() {
            &[]
        } else {
            &self.into_site[network.place[element as usize] as usize]
        }
    }
}

/// Per element, the greatest label with which its end can be reached from there; `None` where it cannot. `ends` are elements with the labels
/// that they have at the least, and `back` says which label an element gets from one that follows it, no greater than that one's, or `None`
/// if it cannot be followed so. A label may be a time, or a time with more by which equal times are told apart.
pub fn latest_entries<L: Copy + Ord>(
    network: &Network,
    ends: &[(u32, L)],
    turns: Turns,
    back: impl Fn(u32, L) -> Option<L>,
) -> Vec<Option<L>> {
    let inbound = Inbound::new(network);
    let mut frontier = Frontier::default();
    frontier.reset(network.elements.len());
    for &(element, label) in ends {
        frontier.improve(element, label, label);
    }
    while let Some((element, label, _)) = frontier.settle() {
        for &previous in inbound.before(network, element) {
            if turns == Turns::AsGiven && network.banned.contains(&(previous, element)) {
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
pub fn free_times_to_sites(network: &Network) -> Vec<Option<i64>> {
    let usable = |element: u32| !network.elements[element as usize].open.is_empty();
    let tau = |element: u32| network.elements[element as usize].tau;
    let all = 0..network.elements.len() as u32;
    let ends: Vec<(u32, Reverse<i64>)> = all
        .filter(|&element| network.is_to_site(element) && usable(element))
        .map(|element| (element, Reverse(tau(element))))
        .collect();
    let labels = latest_entries(network, &ends, Turns::All, |element, Reverse(rest)| {
        (network.is_link(element) && usable(element)).then(|| Reverse(rest + tau(element)))
    });
    (0..network.nodes as u32)
        .map(|node| {
            network.out_of(node).iter().filter_map(|&e| labels[e as usize]).max().map(|label| label.0)
        })
        .collect()
}
