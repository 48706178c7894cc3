//! The roads as graphs in which ways that share nothing are a flow.

use super::HazardTimes;
use crate::{ElementEnds, ElementIndex, Network, NodeIndex};
use clearway_flow::WayGraph;
use std::collections::{BTreeMap, BTreeSet};

/// More ways than any zone has: for what any number of ways may use.
const ANY: u32 = u32::MAX;

/// Links that are open at some time or would be without hazards, with their ends.
fn links<'a>(
    network: &'a Network,
    hazards: &'a HazardTimes,
) -> impl Iterator<Item = (ElementIndex, NodeIndex, NodeIndex)> + 'a {
    network.elements.iter_enumerated().filter_map(|(link, element)| match element.ends {
        ElementEnds::BetweenNodes { from, to } if !hazards.is_never_open(link) => Some((link, from, to)),
        _ => None,
    })
}

/// Each link is an arc for one way. Where a turn is prohibited, links end and begin at vertices of their own, between which there are arcs
/// for the other turns.
pub(super) struct LinkGraph {
    pub ways: WayGraph,
    /// Per arc, the link that it is.
    arc_link: Vec<Option<ElementIndex>>,
    /// Per vertex, the node at which one is there after a link; `None` for those before a link alone.
    vertex_node: Vec<Option<NodeIndex>>,
    /// Link arcs by where they begin and end.
    between: BTreeMap<(usize, usize), Vec<usize>>,
    /// Per arc, where it begins and ends.
    ends: Vec<(usize, usize)>,
}

impl LinkGraph {
    pub fn new(network: &Network, hazards: &HazardTimes) -> Self {
        let mut graph = Self {
            ways: WayGraph::new(network.nodes()),
            arc_link: Vec::new(),
            vertex_node: (0..network.nodes()).map(|row| Some(NodeIndex::from(row))).collect(),
            between: BTreeMap::new(),
            ends: Vec::new(),
        };
        let restricted: BTreeMap<ElementIndex, NodeIndex> = network.links_with_prohibited_turns();
        let junctions: BTreeSet<NodeIndex> = restricted.values().copied().collect();
        let mut begins: BTreeMap<ElementIndex, usize> = BTreeMap::new();
        for (link, from, _) in links(network, hazards).filter(|(_, from, _)| junctions.contains(from)) {
            let vertex = graph.vertex(None);
            graph.arc(from.row(), vertex, None, ANY);
            begins.insert(link, vertex);
        }
        for (link, from, to) in links(network, hazards) {
            let begin = begins.get(&link).copied().unwrap_or(from.row());
            let end = if restricted.contains_key(&link) { graph.vertex(Some(to)) } else { to.row() };
            graph.arc(begin, end, Some(link), 1);
            if restricted.contains_key(&link) {
                let next = network.out_of(to).iter().filter(|&&next| !network.banned.contains(&(link, next)));
                for vertex in next.filter_map(|next| begins.get(next)).copied().collect::<Vec<_>>() {
                    graph.arc(end, vertex, None, ANY);
                }
            }
        }
        graph
    }

    fn vertex(&mut self, node: Option<NodeIndex>) -> usize {
        self.vertex_node.push(node);
        self.ways.add_vertex()
    }

    fn arc(&mut self, from: usize, to: usize, link: Option<ElementIndex>, ways: u32) {
        let arc = self.ways.add_arc(from, to, ways);
        self.arc_link.push(link);
        self.ends.push((from, to));
        if link.is_some() {
            self.between.entry((from, to)).or_default().push(arc);
        }
    }

    /// The node of a vertex at which a way may end.
    pub fn node(&self, vertex: usize) -> Option<NodeIndex> {
        self.vertex_node[vertex]
    }

    /// The link of an arc.
    pub fn link(&self, arc: usize) -> Option<ElementIndex> {
        self.arc_link[arc]
    }

    /// Where a link's arc begins and ends, for all links.
    pub fn link_ends(&self) -> impl Iterator<Item = (ElementIndex, usize, usize)> + '_ {
        let arcs = self.arc_link.iter().zip(&self.ends);
        arcs.filter_map(|(link, &(from, to))| Some(((*link)?, from, to)))
    }

    /// Link arcs that lead back from where an arc ends to where it begins.
    pub fn opposite(&self, arc: usize) -> &[usize] {
        let (from, to) = self.ends[arc];
        match self.arc_link[arc] {
            Some(_) => self.between.get(&(to, from)).map_or(&[], Vec::as_slice),
            None => &[],
        }
    }

    /// The links of a way.
    pub fn links(&self, way: &[usize]) -> Vec<ElementIndex> {
        way.iter().filter_map(|&arc| self.arc_link[arc]).collect()
    }
}

/// Each junction is an arc for one way, from before it to behind it, and so is each link. Prohibited turns are not in it.
pub(super) struct JunctionGraph {
    pub ways: WayGraph,
    /// Per arc, the link that it is; the others are junctions.
    arc_link: Vec<Option<ElementIndex>>,
    nodes: usize,
}

impl JunctionGraph {
    pub fn new(network: &Network, hazards: &HazardTimes) -> Self {
        let nodes = network.nodes();
        let mut ways = WayGraph::new(2 * nodes);
        for row in 0..nodes {
            ways.add_arc(2 * row, 2 * row + 1, 1);
        }
        let mut arc_link = vec![None; nodes];
        for (link, from, to) in links(network, hazards) {
            ways.add_arc(Self::behind(from), 2 * to.row(), 1);
            arc_link.push(Some(link));
        }
        Self { ways, arc_link, nodes }
    }

    /// The vertex behind a junction.
    pub fn behind(node: NodeIndex) -> usize {
        2 * node.row() + 1
    }

    /// The junction before which a vertex is.
    pub fn before(vertex: usize) -> Option<NodeIndex> {
        vertex.is_multiple_of(2).then(|| NodeIndex::from(vertex / 2))
    }

    /// The link of an arc.
    pub fn link(&self, arc: usize) -> Option<ElementIndex> {
        self.arc_link[arc]
    }

    /// The junction of an arc.
    pub fn node(&self, arc: usize) -> Option<NodeIndex> {
        (arc < self.nodes).then(|| NodeIndex::from(arc))
    }

    /// The links of a way.
    pub fn links(&self, way: &[usize]) -> Vec<ElementIndex> {
        way.iter().filter_map(|&arc| self.arc_link[arc]).collect()
    }
}
