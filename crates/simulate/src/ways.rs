//! The fastest ways on empty roads: what people take who have no orders, or do not heed them.

use crate::streets::Streets;
use clearway_network::search::{TurnRule, latest_entries};
use clearway_network::{ElementIndex, Network, PerElement, SiteIndex};
use std::cmp::Reverse;

/// What is left of a way to a site: travel time, ms, then elements, so that elements that take no time lead on as well. Greater is better.
pub(crate) type Rest = (Reverse<i64>, Reverse<u32>);

/// Whether anybody can ever pass an element.
pub(crate) fn is_usable(network: &Network, element: ElementIndex) -> bool {
    let model = &network.elements[element];
    model.rate != Some(0) && !model.open.intervals().is_empty()
}

/// Per element, what is left from there to the nearest of `sites`; `None`: it leads to none.
pub(crate) fn rests_to(
    network: &Network,
    sites: impl Iterator<Item = SiteIndex>,
) -> PerElement<Option<Rest>> {
    rests_without(network, sites, None)
}

/// The same where nobody can pass one element.
pub(crate) fn rests_without(
    network: &Network,
    sites: impl Iterator<Item = SiteIndex>,
    lost: Option<ElementIndex>,
) -> PerElement<Option<Rest>> {
    let step = |element: ElementIndex, (Reverse(time), Reverse(elements)): Rest| {
        (is_usable(network, element) && lost != Some(element))
            .then(|| (Reverse(time + network.elements[element].tau), Reverse(elements + 1)))
    };
    let ends: Vec<(ElementIndex, Rest)> = sites
        .map(|site| network.sites[site].admission)
        .filter_map(|admission| Some((admission, step(admission, (Reverse(0), Reverse(0)))?)))
        .collect();
    latest_entries(network, &ends, TurnRule::AsGiven, step)
}

/// Per element, what is left from there to a site; `None`: it does not lead there.
pub(crate) fn rests(network: &Network, site: SiteIndex) -> PerElement<Option<Rest>> {
    rests_to(network, std::iter::once(site))
}

/// The streets from an element, that one first, to a site into which `rest` leads; of elements that lead there equally well, the first in
/// the order of streets. `None`: it does not lead there.
pub(crate) fn way(
    network: &Network,
    streets: &Streets,
    rest: &PerElement<Option<Rest>>,
    from: ElementIndex,
) -> Option<Vec<u32>> {
    rest[from]?;
    let mut path = vec![streets.of_element[from]];
    let mut at = from;
    while let (Some(node), Some((Reverse(time), Reverse(elements)))) = (network.node_after(at), rest[at]) {
        let left = (Reverse(time - network.elements[at].tau), Reverse(elements - 1));
        let next = network
            .out_of(node)
            .iter()
            .filter(|&&next| rest[next] == Some(left) && !network.banned.contains(&(at, next)))
            .min_by_key(|&&next| streets.of_element[next]);
        at = *next?;
        path.push(streets.of_element[at]);
    }
    path.push(streets.of_element[network.sites[network.site_of(at)?].admission]);
    Some(path)
}
