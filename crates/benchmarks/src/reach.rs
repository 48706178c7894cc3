//! The part of a network in which everything can reach everything.

use clearway_model::LinkRow;
use std::collections::HashMap;

/// Links by number of node, forward and backward.
pub(crate) struct NodeReach {
    out: Vec<Vec<usize>>,
    into: Vec<Vec<usize>>,
}

impl NodeReach {
    /// Of links for vehicles. `index` numbers the nodes.
    pub fn new(links: &[LinkRow], index: &HashMap<&str, usize>) -> Self {
        let (mut out, mut into) = (vec![Vec::new(); index.len()], vec![Vec::new(); index.len()]);
        for link in links.iter().filter(|link| link.capacity_pcu_h.is_some()) {
            if let (Some(&from), Some(&to)) =
                (index.get(link.from_node_id.as_str()), index.get(link.to_node_id.as_str()))
            {
                out[from].push(to);
                into[to].push(from);
            }
        }
        Self { out, into }
    }

    /// The part around the best joined node that lies in a part of at least half of all nodes, else the largest of those
    /// tried: nodes in the order of their number of links.
    pub fn core(&self) -> Vec<bool> {
        let count = self.out.len();
        let mut order: Vec<usize> = (0..count).collect();
        order.sort_by_key(|&node| (std::cmp::Reverse(self.out[node].len() + self.into[node].len()), node));
        let mut best = (0, vec![false; count]);
        // A node outside the large part is rare; sixteen tries are plenty and bound the work.
        for &hub in order.iter().take(16) {
            let (after, before) = (spread(hub, &self.out), spread(hub, &self.into));
            let part: Vec<bool> = after.iter().zip(&before).map(|(a, b)| *a && *b).collect();
            let size = part.iter().filter(|inside| **inside).count();
            if size > best.0 {
                best = (size, part);
            }
            if 2 * size >= count {
                break;
            }
        }
        best.1
    }
}

fn spread(from: usize, next: &[Vec<usize>]) -> Vec<bool> {
    let mut seen = vec![false; next.len()];
    seen[from] = true;
    let mut open = vec![from];
    while let Some(node) = open.pop() {
        for &other in &next[node] {
            if !seen[other] {
                seen[other] = true;
                open.push(other);
            }
        }
    }
    seen
}
