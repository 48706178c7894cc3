//! Whether any way leads from a zone to a site, with everything open.

use crate::elements::CaseElements;
use crate::raw::RawScenario;

/// Per zone, whether there is a way.
///
/// Searches backward from the sites, over links and not over nodes because of prohibited turns. A link that is reached takes out of the
/// list of its node all links from which one may turn into it, so that the work is one step per link and per ban.
pub(crate) fn ways_out(raw: &RawScenario, elements: &CaseElements) -> Vec<bool> {
    let nodes = raw.nodes.list.len();
    // links that end at a node and have not been reached yet
    let mut ending: Vec<Vec<usize>> = vec![Vec::new(); nodes];
    for (at, link) in raw.links.iter().enumerate().filter(|(at, _)| elements.links[*at].is_some()) {
        ending[link.to].push(at);
    }
    let mut out = vec![false; nodes];
    let mut stack = Vec::new();
    for connector in raw.connectors.iter().filter(|connector| !connector.of_zone) {
        out[connector.node] = true;
        stack.append(&mut ending[connector.node]);
    }
    while let Some(link) = stack.pop() {
        let node = raw.links[link].from;
        out[node] = true;
        let (banned, free) = std::mem::take(&mut ending[node])
            .into_iter()
            .partition(|before| raw.banned.contains(&(*before, link)));
        ending[node] = banned;
        stack.extend::<Vec<usize>>(free);
    }
    let mut zones = vec![false; raw.zones.len()];
    for connector in raw.connectors.iter().filter(|connector| connector.of_zone) {
        zones[connector.place] |= out[connector.node];
    }
    zones
}
