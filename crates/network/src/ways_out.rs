//! Ways out of a zone that share no road, or no junction: how many there are, which, and what all of them share where there is one.
//!
//! Rates, places and times do not count, only what is joined to what and, after some moment, what hazards have not closed yet. Two ways
//! *share a road* if both use a link, or one uses it in one direction and the other in the opposite one. Two ways *share a junction* if
//! they pass one, or one passes where the other ends; where ways begin and where they end does not count, as a zone often comes onto the
//! roads at one junction, and a site is entered from one.
//!
//! Prohibited turns are obeyed. For links that keeps the count exact but where a prohibited turn forbids to straighten two ways that use
//! one road in opposite directions; for junctions counting with them is as hard as search through all ways, so that the count lies between
//! what the ways found prove and what the cut found does: [`DisjointWays::at_least`] and [`DisjointWays::at_most`].

mod graphs;
mod hazards;
mod shared;

pub use hazards::HazardTimes;

use crate::{ElementEnds, ElementIndex, Network, NodeIndex, SiteIndex, ZoneIndex};
use clearway_flow::{WaySearch, WayTask};
use graphs::{JunctionGraph, LinkGraph};
use std::collections::BTreeSet;

/// A way out of a zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WayOut {
    /// Links in the order of travel.
    pub links: Vec<ElementIndex>,
    /// Site at whose road it ends.
    pub site: SiteIndex,
}

/// Ways out that share nothing of some kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisjointWays<S> {
    /// So many there are: these are the ways.
    pub ways: Vec<WayOut>,
    /// There are no more than so many. More than there are ways only where prohibited turns leave it open.
    pub at_most: usize,
    /// Where there are two or more ways: a smallest set without which there is none. Where there is one, everything of the kind that
    /// every way passes, in the order of travel. Empty where there is none.
    pub shared: Vec<S>,
}

impl<S> DisjointWays<S> {
    fn none() -> Self {
        Self { ways: Vec::new(), at_most: 0, shared: Vec::new() }
    }

    /// So many there are.
    pub fn at_least(&self) -> usize {
        self.ways.len()
    }
}

/// How people can get out of a zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZoneWays {
    /// Whether a site is where the zone comes onto the roads: then no road is needed, and nothing is counted.
    pub needs_no_road: bool,
    /// Ways without a common road.
    pub roads: DisjointWays<ElementIndex>,
    /// Ways without a common junction.
    pub junctions: DisjointWays<NodeIndex>,
    /// Where there is no way: links that hazards have closed by then and that would lead on from what can still be reached.
    pub closed: Vec<ElementIndex>,
}

/// Counts ways out of zones. Can be asked again and again.
pub struct WayCounter<'n> {
    network: &'n Network,
    /// When hazards first close things.
    pub hazards: HazardTimes,
    links: LinkGraph,
    junctions: JunctionGraph,
}

/// What is there at some time.
#[derive(Clone, Copy)]
struct RoadsLeft<'c> {
    network: &'c Network,
    hazards: &'c HazardTimes,
    /// Hazards that begin by then count, ms; `None`: none does.
    time: Option<i64>,
}

impl RoadsLeft<'_> {
    fn has_node(&self, node: NodeIndex) -> bool {
        self.time.is_none_or(|time| self.hazards.nodes[node].is_none_or(|from| from > time))
    }

    fn has_element(&self, element: ElementIndex) -> bool {
        self.time.is_none_or(|time| self.hazards.elements[element].is_none_or(|from| from > time))
    }

    /// Whether a link is there, with the junctions at its ends.
    fn has_link(&self, link: ElementIndex) -> bool {
        let ends = self.network.elements[link].ends;
        self.has_element(link)
            && [ends.node_before(), ends.node_after()].into_iter().flatten().all(|node| self.has_node(node))
    }

    /// A site that is entered from a node.
    fn site_at(&self, node: NodeIndex) -> Option<SiteIndex> {
        let sites = self.network.out_of(node).iter().filter_map(|&element| {
            match self.network.elements[element].ends {
                ElementEnds::ToSite { site, .. } => Some(site),
                _ => None,
            }
        });
        let mut open = sites.filter(|&site| {
            let admission = self.network.sites[site].admission;
            self.has_element(admission) && !self.hazards.is_never_open(admission)
        });
        open.next().filter(|_| self.has_node(node))
    }

    /// Nodes at which people of a zone come onto the roads.
    fn loading_points(&self, zone: ZoneIndex) -> BTreeSet<NodeIndex> {
        let connectors = self.network.zones[zone].connectors.iter();
        let nodes = connectors.filter_map(|&connector| self.network.node_after(connector));
        nodes.filter(|&node| self.has_node(node)).collect()
    }
}

impl<'n> WayCounter<'n> {
    /// Prepares a network.
    pub fn new(network: &'n Network) -> Self {
        let hazards = HazardTimes::new(network);
        let (links, junctions) = (LinkGraph::new(network, &hazards), JunctionGraph::new(network, &hazards));
        Self { network, hazards, links, junctions }
    }

    /// Ways out of a zone over the roads that no hazard closes by `time`, ms, even if it opens them again; `None`: over all roads, those
    /// aside that are never open for another reason.
    pub fn ways_out(&self, zone: ZoneIndex, time: Option<i64>) -> ZoneWays {
        let left = RoadsLeft { network: self.network, hazards: &self.hazards, time };
        let starts = left.loading_points(zone);
        if starts.iter().any(|&node| left.site_at(node).is_some()) {
            let (roads, junctions) = (DisjointWays::none(), DisjointWays::none());
            return ZoneWays { needs_no_road: true, roads, junctions, closed: Vec::new() };
        }
        let (roads, closed) = self.without_common_road(&starts, left);
        let junctions = self.without_common_junction(&starts, left, &roads);
        ZoneWays { needs_no_road: false, roads, junctions, closed }
    }

    /// What becomes of the ways out of a zone as hazards close roads: from when on (ms; `None`: before any does), and the ways then. One
    /// entry per change of a count.
    pub fn over_time(&self, zone: ZoneIndex) -> Vec<(Option<i64>, ZoneWays)> {
        let mut changes = vec![(None, self.ways_out(zone, None))];
        let mut latest = changes[0].1.clone();
        for &time in &self.hazards.times {
            let left = RoadsLeft { network: self.network, hazards: &self.hazards, time: Some(time) };
            if !latest.needs_no_road && left.keeps(&latest) {
                continue;
            }
            let now = self.ways_out(zone, Some(time));
            if counts(&now) != counts(&latest) {
                changes.push((Some(time), now.clone()));
            }
            latest = now;
        }
        changes
    }

    /// Of ways as links those that end at a site and turn nowhere where they must not, and of these the first and each that uses nothing
    /// that one before it has taken. `uses`: what a way uses, and what it takes from others.
    fn proved<T: Ord>(
        &self,
        ways: Vec<Vec<ElementIndex>>,
        left: RoadsLeft<'_>,
        uses: impl Fn(&[ElementIndex]) -> (Vec<T>, Vec<T>),
    ) -> Vec<WayOut> {
        let mut taken: BTreeSet<T> = BTreeSet::new();
        let mut proved = Vec::new();
        for links in ways {
            let end = links.last().and_then(|&last| self.network.node_after(last));
            let Some(site) = end.and_then(|node| left.site_at(node)) else { continue };
            let turns = links.windows(2).all(|pair| !self.network.banned.contains(&(pair[0], pair[1])));
            let (used, takes) = uses(&links);
            if turns && used.iter().all(|one| !taken.contains(one)) {
                taken.extend(takes);
                proved.push(WayOut { links, site });
            }
        }
        proved
    }

    /// Ways without a common road; beside them what a hazard has closed around what can still be reached, where nothing leads out.
    fn without_common_road(
        &self,
        starts: &BTreeSet<NodeIndex>,
        left: RoadsLeft<'_>,
    ) -> (DisjointWays<ElementIndex>, Vec<ElementIndex>) {
        let graph = &self.links;
        let sources: Vec<usize> = starts.iter().map(|node| node.row()).collect();
        let is_target = |vertex: usize| graph.node(vertex).is_some_and(|node| left.site_at(node).is_some());
        let is_open = |arc: usize| graph.link(arc).is_none_or(|link| left.has_link(link));
        let task = WayTask { sources: &sources, is_target: &is_target, is_open: &is_open };
        let mut search = WaySearch::new(&graph.ways);
        let at_most = search.run(task).unwrap_or_default();
        let cut = search.cut(task).into_iter().filter_map(|arc| graph.link(arc)).collect();
        let leads_on = |(link, from, to): (ElementIndex, usize, usize)| {
            (search.is_reached(from) && !search.is_reached(to) && !left.has_link(link)).then_some(link)
        };
        let closed = if at_most == 0 { graph.link_ends().filter_map(leads_on).collect() } else { Vec::new() };
        for arc in search.used_arcs() {
            for &back in graph.opposite(arc) {
                search.cancel(arc, back);
            }
        }
        let link_ways = search.ways(task).iter().map(|way| graph.links(way)).collect();
        let ways = self.proved(link_ways, left, |links| {
            let back = links.iter().flat_map(|&link| self.opposite(link));
            (links.to_vec(), links.iter().copied().chain(back).collect())
        });
        let common = |way: &[ElementIndex]| shared::passed_by_all(self.network, starts, left, &Some, way);
        (finished(ways, at_most, cut, common), closed)
    }

    fn without_common_junction(
        &self,
        starts: &BTreeSet<NodeIndex>,
        left: RoadsLeft<'_>,
        roads: &DisjointWays<ElementIndex>,
    ) -> DisjointWays<NodeIndex> {
        let graph = &self.junctions;
        let sources: Vec<usize> = starts.iter().map(|&node| JunctionGraph::behind(node)).collect();
        let is_target =
            |vertex: usize| JunctionGraph::before(vertex).is_some_and(|node| left.site_at(node).is_some());
        let is_open = |arc: usize| graph.link(arc).is_none_or(|link| left.has_link(link));
        let task = WayTask { sources: &sources, is_target: &is_target, is_open: &is_open };
        let mut search = WaySearch::new(&graph.ways);
        let at_most = search.run(task).unwrap_or_default();
        let cut = search.cut(task).into_iter().filter_map(|arc| graph.node(arc)).collect();
        let link_ways = search.ways(task).iter().map(|way| graph.links(way)).collect();
        let mut ways = self.proved(link_ways, left, |links| (self.passed(links), self.passed(links)));
        let of_roads = roads.ways.iter().map(|way| way.links.clone()).collect();
        let others = self.proved(of_roads, left, |links| (self.passed(links), self.passed(links)));
        if others.len() > ways.len() {
            ways = others;
        }
        let end = |link: ElementIndex| self.network.node_after(link);
        let common =
            |way: &[ElementIndex]| shared::passed_by_all(self.network, starts, left, &end, &self.passed(way));
        finished(ways, at_most, cut, common)
    }

    /// Links that lead back from where a link ends to where it begins.
    fn opposite(&self, link: ElementIndex) -> impl Iterator<Item = ElementIndex> + '_ {
        let ends = self.network.elements[link].ends;
        let there = ends.node_after().map_or(&[] as &[ElementIndex], |node| self.network.out_of(node));
        there.iter().copied().filter(move |&back| {
            self.network.is_link(back) && self.network.node_after(back) == ends.node_before()
        })
    }

    /// Junctions that a way passes: where it begins and ends does not count.
    fn passed(&self, links: &[ElementIndex]) -> Vec<NodeIndex> {
        let inner = links.split_last().map_or(&[] as &[ElementIndex], |(_, head)| head);
        inner.iter().filter_map(|&link| self.network.node_after(link)).collect()
    }
}

impl RoadsLeft<'_> {
    /// Whether all ways are still there, so that the counts are what they were: without roads there are never more.
    fn keeps(&self, ways: &ZoneWays) -> bool {
        let all = ways.roads.ways.iter().chain(&ways.junctions.ways);
        let mut ends = all.map(|way| (way, way.links.last().and_then(|&link| self.network.node_after(link))));
        ends.all(|(way, end)| {
            way.links.iter().all(|&link| self.has_link(link))
                && end.is_some_and(|node| self.site_at(node) == Some(way.site))
        })
    }
}

/// Puts ways and cut together. Where turns leave one way only, what all ways pass says whether there may be a second.
fn finished<S>(
    ways: Vec<WayOut>,
    at_most: usize,
    cut: Vec<S>,
    passed_by_all: impl Fn(&[ElementIndex]) -> Vec<S>,
) -> DisjointWays<S> {
    let common = match ways.as_slice() {
        [one] => passed_by_all(&one.links),
        _ => Vec::new(),
    };
    match (ways.is_empty(), common.is_empty()) {
        (true, _) => DisjointWays { ways, at_most, shared: Vec::new() },
        (false, false) => DisjointWays { ways, at_most: 1, shared: common },
        (false, true) => DisjointWays { ways, at_most, shared: cut },
    }
}

/// What a change is measured by.
fn counts(ways: &ZoneWays) -> (bool, usize, usize, usize, usize) {
    let (roads, junctions) = (&ways.roads, &ways.junctions);
    (ways.needs_no_road, roads.at_least(), roads.at_most, junctions.at_least(), junctions.at_most)
}
