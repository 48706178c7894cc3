//! The forest: one element by which everyone leaves a node, and the connectors by which each zone's people enter it.

use clearway_network::Network;

/// No element: nobody passes this node.
pub(crate) const NONE: u32 = u32::MAX;

/// Where everyone goes at each node that somebody passes. Following `next` from any such node ends at a site.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Forest {
    /// Per node, the link or site connector by which it is left; [`NONE`] where nobody passes.
    pub next: Vec<u32>,
    /// Per zone, the connectors in use and their people.
    pub starts: Vec<Vec<(u32, f64)>>,
}

impl Forest {
    /// Nobody moves yet.
    pub fn new(network: &Network) -> Self {
        Self { next: vec![NONE; network.nodes], starts: vec![Vec::new(); network.zones.len()] }
    }

    /// The elements from a node to the admission of its site.
    pub fn onward(&self, network: &Network, node: u32, elements: &mut Vec<u32>) {
        let mut node = node;
        loop {
            let element = self.next[node as usize];
            if element == NONE {
                return;
            }
            elements.push(element);
            match network.to_node[element as usize] {
                NONE => {
                    elements.push(network.sites[network.place[element as usize] as usize].admission);
                    return;
                }
                to => node = to,
            }
        }
    }

    /// The whole way of whoever leaves by a connector of a zone.
    pub fn way(&self, network: &Network, connector: u32) -> Vec<u32> {
        let mut elements = vec![connector];
        self.onward(network, network.to_node[connector as usize], &mut elements);
        elements
    }

    /// Whether a node leads to a site.
    fn ends(&self, network: &Network, mut node: u32) -> bool {
        loop {
            let element = self.next[node as usize];
            if element == NONE {
                return false;
            }
            match network.to_node[element as usize] {
                NONE => return true,
                to => node = to,
            }
        }
    }

    /// Takes in a path that begins with a zone's connector or at a node without `next`, up to the first node that has one;
    /// from there on the path follows the forest. `false`, and no change, if that would break a rule: a prohibited turn, or
    /// a way that ends nowhere.
    pub fn graft(&mut self, network: &Network, path: &[u32]) -> bool {
        let mut upto = 0;
        let mut before: Option<u32> = None;
        for &element in path {
            let from = network.from_node[element as usize];
            if from != NONE && self.next[from as usize] != NONE {
                let next = self.next[from as usize];
                if before.is_some_and(|b| network.banned.contains(&(b, next))) || !self.ends(network, from) {
                    return false;
                }
                break;
            }
            before = Some(element);
            upto += 1;
        }
        for &element in &path[..upto] {
            let from = network.from_node[element as usize];
            if from != NONE {
                self.next[from as usize] = element;
            }
        }
        true
    }

    /// Forgets nodes that nobody passes any more.
    pub fn tidy(&mut self, network: &Network) {
        let mut kept = vec![NONE; self.next.len()];
        for &(connector, _) in self.starts.iter().flatten() {
            let mut node = network.to_node[connector as usize];
            while node != NONE && kept[node as usize] == NONE {
                let element = self.next[node as usize];
                kept[node as usize] = element;
                node = if element == NONE { NONE } else { network.to_node[element as usize] };
            }
        }
        self.next = kept;
    }

    /// The connectors whose people pass a node, and how many people they are.
    pub fn people_through(&self, network: &Network, node: u32) -> f64 {
        // Nodes are looked at once: 1 leads through the node, 2 does not.
        let mut known = vec![0u8; self.next.len()];
        known[node as usize] = 1;
        let mut trail = Vec::new();
        let mut people = 0.0;
        for &(connector, n) in self.starts.iter().flatten() {
            let mut at = network.to_node[connector as usize];
            trail.clear();
            let found = loop {
                if at == NONE {
                    break 2;
                }
                if known[at as usize] != 0 {
                    break known[at as usize];
                }
                trail.push(at);
                let element = self.next[at as usize];
                at = if element == NONE { NONE } else { network.to_node[element as usize] };
            };
            for &passed in &trail {
                known[passed as usize] = found;
            }
            if found == 1 {
                people += n;
            }
        }
        people
    }

    /// The site to which a connector of a zone leads.
    pub fn site(&self, network: &Network, connector: u32) -> Option<u32> {
        let admission = *self.way(network, connector).last()?;
        (network.from_node[admission as usize] == NONE && network.to_node[admission as usize] == NONE)
            .then(|| network.place[admission as usize])
    }

    /// Moves people of a zone between two of its connectors.
    pub fn shift(&mut self, zone: usize, from: u32, to: u32, people: f64) {
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
