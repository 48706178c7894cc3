//! The road network by index: who can go from where to where, with turn bans.

use crate::plane::{LonLat, LonLatBox};
use crate::request::RoadNetwork;
use clearway_model::{Fault, Faults, LinkRow, Mode, NodeRow};
use std::collections::{HashMap, HashSet};

/// Links by the node they leave or enter, as offsets into one list.
#[derive(Debug, Clone, Default)]
struct ByNode {
    first: Vec<usize>,
    links: Vec<usize>,
}

impl ByNode {
    fn new(nodes: usize, ends: impl Iterator<Item = (usize, usize)> + Clone) -> Self {
        let mut first = vec![0; nodes + 1];
        for (_, node) in ends.clone() {
            first[node + 1] += 1;
        }
        for node in 0..nodes {
            first[node + 1] += first[node];
        }
        let mut next = first.clone();
        let mut links = vec![0; first[nodes]];
        for (link, node) in ends {
            links[next[node]] = link;
            next[node] += 1;
        }
        Self { first, links }
    }

    fn of(&self, node: usize) -> &[usize] {
        &self.links[self.first[node]..self.first[node + 1]]
    }
}

/// Nodes and links by their index in the tables. "Usable" means usable by the class of road users.
#[derive(Debug, Clone)]
pub(crate) struct IndexedRoads {
    pub(crate) network: RoadNetwork,
    mode: Mode,
    pub(crate) tail: Vec<usize>,
    pub(crate) head: Vec<usize>,
    pub(crate) boundary: Vec<bool>,
    usable: Vec<bool>,
    leaving: ByNode,
    entering: ByNode,
    bans: HashSet<(usize, usize)>,
}

impl IndexedRoads {
    /// Indexes a network. Repeated ids and links or turn bans that name what is not there are faults.
    pub(crate) fn new(network: RoadNetwork, mode: Mode) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let mut nodes = HashMap::new();
        for (at, node) in network.nodes.iter().enumerate() {
            if nodes.insert(node.node_id.as_str(), at).is_some() {
                faults.push(Fault::error("node.csv", &node.node_id, "every node_id once"));
            }
        }
        let mut links = HashMap::new();
        let (mut tail, mut head) = (Vec::new(), Vec::new());
        for (at, link) in network.links.iter().enumerate() {
            if links.insert(link.link_id.as_str(), at).is_some() {
                faults.push(Fault::error("link.csv", &link.link_id, "every link_id once"));
            }
            for (field, id, ends) in
                [("from_node_id", &link.from_node_id, &mut tail), ("to_node_id", &link.to_node_id, &mut head)]
            {
                match nodes.get(id.as_str()) {
                    Some(&node) => ends.push(node),
                    None => {
                        faults.push(
                            Fault::error("link.csv", &link.link_id, "a node of node.csv").field(field, id),
                        );
                    }
                }
            }
        }
        if network.links.is_empty() {
            faults.push(Fault::error("link.csv", "", "at least one road"));
        }
        let mut bans = HashSet::new();
        for row in network.movements.iter().filter(|row| row.prohibited == "1") {
            match (links.get(row.ib_link_id.as_str()), links.get(row.ob_link_id.as_str())) {
                (Some(&a), Some(&b)) => {
                    bans.insert((a, b));
                }
                _ => faults.push(Fault::error("movement.csv", &row.mvmt_id, "two links of link.csv")),
            }
        }
        let mut boundary = vec![false; network.nodes.len()];
        for id in &network.boundary_nodes {
            match nodes.get(id.as_str()) {
                Some(&node) => boundary[node] = true,
                None => {
                    faults.push(Fault::error("node.csv", id, "the node at the map's edge among the nodes"))
                }
            }
        }
        if faults.has_errors() {
            return Err(faults);
        }
        let usable: Vec<bool> = network.links.iter().map(|link| is_usable(link, mode)).collect();
        let count = network.nodes.len();
        let ids = || (0..usable.len()).filter(|&l| usable[l]);
        let leaving = ByNode::new(count, ids().map(|l| (l, tail[l])));
        let entering = ByNode::new(count, ids().map(|l| (l, head[l])));
        Ok(Self { mode, tail, head, boundary, leaving, entering, bans, usable, network })
    }

    /// The same with only the links for which `keep` is true, the nodes at their ends and the turns between them.
    pub(crate) fn keep(self, keep: impl Fn(usize) -> bool) -> Result<Self, Faults> {
        let kept: Vec<bool> = (0..self.network.links.len()).map(keep).collect();
        let mut ends = vec![false; self.network.nodes.len()];
        for link in (0..kept.len()).filter(|&l| kept[l]) {
            ends[self.tail[link]] = true;
            ends[self.head[link]] = true;
        }
        let mode = self.mode;
        let mut network = self.network;
        let mut at = 0;
        network.links.retain(|_| {
            at += 1;
            kept[at - 1]
        });
        at = 0;
        network.nodes.retain(|_| {
            at += 1;
            ends[at - 1]
        });
        let links: HashSet<&str> = network.links.iter().map(|l| l.link_id.as_str()).collect();
        let nodes: HashSet<&str> = network.nodes.iter().map(|n| n.node_id.as_str()).collect();
        network
            .movements
            .retain(|m| links.contains(m.ib_link_id.as_str()) && links.contains(m.ob_link_id.as_str()));
        network.boundary_nodes.retain(|id| nodes.contains(id.as_str()));
        Self::new(network, mode)
    }

    pub(crate) fn node_count(&self) -> usize {
        self.network.nodes.len()
    }

    pub(crate) fn place(&self, node: usize) -> LonLat {
        place_of(&self.network.nodes[node])
    }

    /// Usable links that leave a node.
    pub(crate) fn leaving(&self, node: usize) -> &[usize] {
        self.leaving.of(node)
    }

    /// Usable links that enter a node.
    pub(crate) fn entering(&self, node: usize) -> &[usize] {
        self.entering.of(node)
    }

    /// Central capacity of a link for the class of road users; 0 where it has none.
    pub(crate) fn capacity(&self, link: usize) -> f64 {
        capacity(&self.network.links[link], self.mode).unwrap_or(0.0)
    }

    /// Index of each node by its id.
    pub(crate) fn nodes_by_id(&self) -> HashMap<&str, usize> {
        self.network.nodes.iter().enumerate().map(|(at, node)| (node.node_id.as_str(), at)).collect()
    }

    /// Whether a link lets anybody through in the central case: nothing is left of one that is open in the optimistic case only.
    pub(crate) fn is_open(&self, link: usize) -> bool {
        let reserved = match self.mode {
            Mode::Vehicle => self.network.links[link].reserved_pcu_h.unwrap_or(0.0),
            Mode::Walk => 0.0,
        };
        self.usable[link] && self.capacity(link) > reserved
    }

    pub(crate) fn is_usable(&self, link: usize) -> bool {
        self.usable[link]
    }

    /// The course of a link: its geometry, or the straight line between its ends.
    pub(crate) fn course(&self, link: usize) -> Vec<LonLat> {
        course_of(&self.network.links[link], self.place(self.tail[link]), self.place(self.head[link]))
    }

    /// The box around all nodes; `None` without nodes.
    pub(crate) fn frame(&self) -> Option<LonLatBox> {
        LonLatBox::around(self.network.nodes.iter().map(place_of))
    }

    /// Which nodes have a way to one of the `goals`, turn bans obeyed. People at a node may take any link that leaves it.
    pub(crate) fn can_reach(&self, goals: &[bool]) -> Vec<bool> {
        self.lead_on(goals, &self.leading_links(goals, |_| true))
    }

    /// Which nodes have a way to a goal along links that lead to one.
    pub(crate) fn lead_on(&self, goals: &[bool], leading: &[bool]) -> Vec<bool> {
        (0..self.node_count()).map(|n| goals[n] || self.leaving(n).iter().any(|&l| leading[l])).collect()
    }

    /// Which links lead to one of the `goals` along links that are `wanted`: whoever drives along one can go on to a goal, turn bans
    /// obeyed.
    pub(crate) fn leading_links(&self, goals: &[bool], wanted: impl Fn(usize) -> bool) -> Vec<bool> {
        let mut good = vec![false; self.tail.len()];
        let mut stack: Vec<usize> =
            (0..good.len()).filter(|&l| self.usable[l] && wanted(l) && goals[self.head[l]]).collect();
        for &link in &stack {
            good[link] = true;
        }
        while let Some(next) = stack.pop() {
            for &link in self.entering(self.tail[next]) {
                if !good[link] && wanted(link) && !self.bans.contains(&(link, next)) {
                    good[link] = true;
                    stack.push(link);
                }
            }
        }
        good
    }

    /// The separate parts of the network: for each node the number of its part. Two nodes are in one part if wanted usable links join them,
    /// whatever their directions.
    pub(crate) fn parts(&self, wanted: impl Fn(usize) -> bool) -> Vec<usize> {
        let mut part = vec![usize::MAX; self.node_count()];
        let mut next = 0;
        for root in 0..self.node_count() {
            if part[root] != usize::MAX {
                continue;
            }
            part[root] = next;
            let mut stack = vec![root];
            while let Some(node) = stack.pop() {
                let after = self.leaving(node).iter().filter(|&&l| wanted(l)).map(|&l| self.head[l]);
                let before = self.entering(node).iter().filter(|&&l| wanted(l)).map(|&l| self.tail[l]);
                for other in after.chain(before) {
                    if part[other] == usize::MAX {
                        part[other] = next;
                        stack.push(other);
                    }
                }
            }
            next += 1;
        }
        part
    }

    /// Which nodes can be reached from any of the `starts`, turn bans obeyed.
    pub(crate) fn reachable_from(&self, starts: &[bool]) -> Vec<bool> {
        let mut reached = starts.to_vec();
        let mut seen = vec![false; self.tail.len()];
        let mut stack: Vec<usize> =
            (0..seen.len()).filter(|&l| self.usable[l] && starts[self.tail[l]]).collect();
        for &link in &stack {
            seen[link] = true;
        }
        while let Some(link) = stack.pop() {
            reached[self.head[link]] = true;
            for &next in self.leaving(self.head[link]) {
                if !seen[next] && !self.bans.contains(&(link, next)) {
                    seen[next] = true;
                    stack.push(next);
                }
            }
        }
        reached
    }

    /// The largest set of nodes that can all reach each other (turn bans aside), the one with the earliest node among
    /// equals. Kosaraju's method: Sharir, Computers and Mathematics with Applications 7 (1981).
    pub(crate) fn main_part(&self) -> Vec<bool> {
        let count = self.node_count();
        let mut order = Vec::with_capacity(count);
        let mut seen = vec![false; count];
        for root in 0..count {
            if seen[root] {
                continue;
            }
            seen[root] = true;
            let mut stack = vec![(root, 0)];
            while let Some((node, next)) = stack.pop() {
                match self.leaving(node).get(next) {
                    Some(&link) => {
                        stack.push((node, next + 1));
                        let head = self.head[link];
                        if !seen[head] {
                            seen[head] = true;
                            stack.push((head, 0));
                        }
                    }
                    None => order.push(node),
                }
            }
        }
        let mut part = vec![usize::MAX; count];
        let mut sizes: Vec<(usize, usize)> = Vec::new();
        for &root in order.iter().rev() {
            if part[root] != usize::MAX {
                continue;
            }
            let number = sizes.len();
            let (mut size, mut least) = (0, root);
            part[root] = number;
            let mut stack = vec![root];
            while let Some(node) = stack.pop() {
                size += 1;
                least = least.min(node);
                for &link in self.entering(node) {
                    let tail = self.tail[link];
                    if part[tail] == usize::MAX {
                        part[tail] = number;
                        stack.push(tail);
                    }
                }
            }
            sizes.push((size, least));
        }
        let main = (0..sizes.len()).max_by_key(|&p| (sizes[p].0, std::cmp::Reverse(sizes[p].1)));
        part.iter().map(|&p| Some(p) == main).collect()
    }
}

fn capacity(link: &LinkRow, mode: Mode) -> Option<f64> {
    match mode {
        Mode::Vehicle => link.capacity_pcu_h,
        Mode::Walk => link.walk_capacity_people_h,
    }
}

/// Whether the class of road users gets through at all: in the optimistic case nothing is reserved, so any capacity counts.
fn is_usable(link: &LinkRow, mode: Mode) -> bool {
    capacity(link, mode).is_some_and(|c| c > 0.0)
}

/// Where a node is.
pub(crate) fn place_of(node: &NodeRow) -> LonLat {
    [node.x_coord, node.y_coord]
}

/// The course of a link between two places: its WKT LINESTRING, or the straight line where that is empty or unreadable.
pub(crate) fn course_of(link: &LinkRow, from: LonLat, to: LonLat) -> Vec<LonLat> {
    read_line_string(&link.geometry).unwrap_or_else(|| vec![from, to])
}

/// Reads `LINESTRING (lon lat, ...)`; heights and measures after the first two numbers are left out.
fn read_line_string(wkt: &str) -> Option<Vec<LonLat>> {
    let open = wkt.find('(')?;
    if !wkt[..open].trim().to_ascii_uppercase().starts_with("LINESTRING") {
        return None;
    }
    let inner = wkt[open + 1..].trim_end().strip_suffix(')')?;
    let points: Option<Vec<LonLat>> = inner
        .split(',')
        .map(|position| {
            let mut numbers = position.split_whitespace().map(str::parse::<f64>);
            Some([numbers.next()?.ok()?, numbers.next()?.ok()?])
        })
        .collect();
    points.filter(|p| p.len() >= 2 && p.iter().flatten().all(|v| v.is_finite()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clearway_model::MovementRow;

    fn network(nodes: usize, links: &[(usize, usize)], bans: &[(usize, usize)]) -> IndexedRoads {
        let network = RoadNetwork {
            nodes: (0..nodes).map(|n| NodeRow { node_id: n.to_string(), ..NodeRow::default() }).collect(),
            links: links
                .iter()
                .enumerate()
                .map(|(at, (a, b))| LinkRow {
                    link_id: at.to_string(),
                    from_node_id: a.to_string(),
                    to_node_id: b.to_string(),
                    capacity_pcu_h: Some(1.0),
                    ..LinkRow::default()
                })
                .collect(),
            movements: bans
                .iter()
                .map(|(a, b)| MovementRow {
                    mvmt_id: format!("{a}-{b}"),
                    ib_link_id: a.to_string(),
                    ob_link_id: b.to_string(),
                    prohibited: "1".into(),
                    ..MovementRow::default()
                })
                .collect(),
            ..RoadNetwork::default()
        };
        IndexedRoads::new(network, Mode::Vehicle).unwrap()
    }

    #[test]
    fn a_turn_ban_cuts_the_way() {
        let free = network(4, &[(0, 1), (1, 2), (3, 1)], &[]);
        let goal = [false, false, true, false];
        assert_eq!(free.can_reach(&goal), [true, true, true, true]);
        let banned = network(4, &[(0, 1), (1, 2), (3, 1)], &[(0, 1)]);
        assert_eq!(banned.can_reach(&goal), [false, true, true, true]);
        assert_eq!(banned.reachable_from(&[true, false, false, false]), [true, true, false, false]);
    }

    #[test]
    fn the_main_part_is_the_largest_loop() {
        let roads = network(6, &[(0, 1), (1, 0), (1, 2), (2, 3), (3, 4), (4, 2), (5, 2)], &[]);
        assert_eq!(roads.main_part(), [false, false, true, true, true, false]);
    }

    #[test]
    fn wkt() {
        assert_eq!(read_line_string("LINESTRING(1 2, 3.5 -4)"), Some(vec![[1.0, 2.0], [3.5, -4.0]]));
        assert_eq!(read_line_string("LineString Z (1 2 9, 3 4 9)"), Some(vec![[1.0, 2.0], [3.0, 4.0]]));
        assert_eq!(read_line_string("POINT (1 2)"), None);
        assert_eq!(read_line_string(""), None);
    }
}
