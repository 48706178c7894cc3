//! The forest: one element by which everyone leaves a node, and the connectors by which each zone's people enter it.

use clearway_network::{ElementIndex, Network, NodeIndex, PerNode, PerZone, SiteIndex, ZoneIndex};

/// Where everyone goes at each node that somebody passes. Following `next` from any such node ends at a site.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PathForest {
    /// Per node, the link or site connector by which it is left; `None` where nobody passes.
    pub next: PerNode<Option<ElementIndex>>,
    /// Per zone, the connectors in use and their people.
    pub starts: PerZone<Vec<(ElementIndex, f64)>>,
}

impl PathForest {
    /// The forest in which nobody moves yet.
    pub fn new(network: &Network) -> Self {
        Self {
            next: vec![None; network.nodes()].into(),
            starts: vec![Vec::new(); network.zones.len()].into(),
        }
    }

    /// The elements by which a node and those after it are left, up to the connector of a site.
    fn onward<'f>(
        &'f self,
        network: &'f Network,
        node: Option<NodeIndex>,
    ) -> impl Iterator<Item = ElementIndex> + 'f {
        let next = move |node: Option<NodeIndex>| self.next[node?];
        std::iter::successors(next(node), move |&element| next(network.node_after(element)))
    }

    /// The whole path of whoever leaves by a connector of a zone, up to the admission of its site; where the forest leads nowhere, as far as
    /// it goes.
    pub fn path(&self, network: &Network, connector: ElementIndex) -> Vec<ElementIndex> {
        let mut elements = vec![connector];
        elements.extend(self.onward(network, network.node_after(connector)));
        let site = elements.last().and_then(|&last| network.site_of(last));
        elements.extend(site.map(|site| network.sites[site].admission));
        elements
    }

    /// Whether a node leads to a site.
    fn ends(&self, network: &Network, node: NodeIndex) -> bool {
        self.onward(network, Some(node)).any(|element| network.is_to_site(element))
    }

    /// Takes in a path that begins with a zone's connector or at a node without `next`, up to the first node that has one;
    /// from there on the path follows the forest. `false`, and no change, if that would break a rule: a prohibited turn, or
    /// a way that ends nowhere.
    pub fn graft(&mut self, network: &Network, path: &[ElementIndex]) -> bool {
        let mut upto = 0;
        let mut before: Option<ElementIndex> = None;
        for &element in path {
            if let Some(from) = network.node_before(element)
                && let Some(next) = self.next[from]
            {
                if before.is_some_and(|b| network.banned.contains(&(b, next))) || !self.ends(network, from) {
                    return false;
                }
                break;
            }
            before = Some(element);
            upto += 1;
        }
        for &element in &path[..upto] {
            if let Some(from) = network.node_before(element) {
                self.next[from] = Some(element);
            }
        }
        true
    }

    /// Forgets nodes that nobody passes any more.
    pub fn tidy(&mut self, network: &Network) {
        let mut kept: PerNode<Option<ElementIndex>> = vec![None; self.next.len()].into();
        for &(connector, _) in self.starts.iter().flatten() {
            let mut at = network.node_after(connector);
            while let Some(node) = at.filter(|&node| kept[node].is_none()) {
                let element = self.next[node];
                kept[node] = element;
                at = element.and_then(|element| network.node_after(element));
            }
        }
        self.next = kept;
    }

    /// How many people pass a node.
    pub fn people_through(&self, network: &Network, node: NodeIndex) -> f64 {
        // Nodes are looked at once: whether each leads through the node, as far as that is known.
        let mut known: PerNode<Option<bool>> = vec![None; self.next.len()].into();
        known[node] = Some(true);
        let mut trail = Vec::new();
        let mut people = 0.0;
        for &(connector, n) in self.starts.iter().flatten() {
            let mut at = network.node_after(connector);
            trail.clear();
            let leads_through = loop {
                let Some(passed) = at else { break false };
                if let Some(leads_through) = known[passed] {
                    break leads_through;
                }
                trail.push(passed);
                at = self.next[passed].and_then(|element| network.node_after(element));
            };
            for &passed in &trail {
                known[passed] = Some(leads_through);
            }
            if leads_through {
                people += n;
            }
        }
        people
    }

    /// The site to which a connector of a zone leads.
    pub fn site(&self, network: &Network, connector: ElementIndex) -> Option<SiteIndex> {
        let last = self.onward(network, network.node_after(connector)).last()?;
        network.site_of(last)
    }

    /// Moves people of a zone between two of its connectors.
    pub fn shift(&mut self, zone: ZoneIndex, from: ElementIndex, to: ElementIndex, people: f64) {
        let starts = &mut self.starts[zone];
        if let Some(start) = starts.iter_mut().find(|s| s.0 == from) {
            start.1 -= people;
        }
        match starts.iter_mut().find(|s| s.0 == to) {
            Some(start) => start.1 += people,
            None => starts.push((to, people)),
        }
        starts.retain(|s| s.1 > 1e-6);
    }
}
