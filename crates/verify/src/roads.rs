//! Whether any way leads from a zone to a site, with everything open.

use crate::elements::Elements;
use crate::raw::Raw;

/// Searches forward over links (not nodes, because of prohibited turns).
pub(crate) fn any_way_out(raw: &Raw, elements: &Elements, zone: usize) -> bool {
    let mut ends = vec![false; raw.nodes.list.len()];
    for connector in raw.connectors.iter().filter(|connector| !connector.of_zone) {
        ends[connector.node] = true;
    }
    let mut leaving: Vec<Vec<usize>> = vec![Vec::new(); raw.nodes.list.len()];
    for (at, link) in raw.links.iter().enumerate() {
        if elements.links[at].is_some() {
            leaving[link.from].push(at);
        }
    }
    let mut seen = vec![false; raw.links.len()];
    let mut stack = Vec::new();
    for connector in raw.connectors.iter().filter(|c| c.of_zone && c.place == zone) {
        if ends[connector.node] {
            return true;
        }
        stack.extend(leaving[connector.node].iter().copied());
    }
    while let Some(link) = stack.pop() {
        if std::mem::replace(&mut seen[link], true) {
            continue;
        }
        let head = raw.links[link].to;
        if ends[head] {
            return true;
        }
        stack.extend(leaving[head].iter().copied().filter(|next| !raw.banned.contains(&(link, *next))));
    }
    false
}
