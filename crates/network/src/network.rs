//! A scenario in one case as arrays.

use crate::index::{ElementIndex, NodeIndex, PerElement, PerNode, PerSite, PerZone, SiteIndex, ZoneIndex};
use crate::{ElementEnds, NetworkElement};
use clearway_flow::{ReleaseCurve, TimeSet};
use clearway_model::time::MS_PER_HOUR;
use clearway_model::{Case, number};
use std::collections::{BTreeMap, HashSet};

/// Why a scenario is no network; `clearway check` explains more.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum NetworkError {
    /// An id that its table does not have.
    #[error("{table} names {what} '{id}', which does not exist")]
    Unknown {
        /// The table with the reference.
        table: &'static str,
        /// What kind of thing is named: `node`, `zone`, ..
        what: &'static str,
        /// The id that is not there.
        id: String,
    },
    /// No class of road users, or more than one.
    #[error("expected exactly one class of road users, found {0}")]
    Classes(usize),
}

/// A zone in one case.
#[derive(Debug, Clone, PartialEq)]
pub struct OriginZone {
    /// All people who are there at the start, staying ones included.
    pub people: i64,
    /// People who have declared that they stay.
    pub staying: i64,
    /// People who are to leave: all less those who stay.
    pub evacuees: i64,
    /// When the evacuees are ready.
    pub release: ReleaseCurve,
    /// Elements that lead out of the zone.
    pub connectors: Vec<ElementIndex>,
    /// When whoever is still there is overtaken, ms.
    pub overtaken_from: Option<i64>,
}

/// A site in one case.
#[derive(Debug, Clone, PartialEq)]
pub struct DestinationSite {
    /// How many people it holds; `None`: any number.
    pub capacity: Option<i64>,
    /// The element by which people are let in.
    pub admission: ElementIndex,
}

/// A scenario in one case as arrays.
#[derive(Debug, Clone)]
pub struct Network {
    /// Which value of each range.
    pub case: Case,
    /// End of the planning horizon, ms: nothing after it counts.
    pub horizon: i64,
    /// Connectors of zones, links, connectors of sites, admissions: those that the class can use.
    pub elements: PerElement<NetworkElement>,
    /// The zones, in the order of their table.
    pub zones: PerZone<OriginZone>,
    /// The sites, in the order of their table.
    pub sites: PerSite<DestinationSite>,
    /// Per node, when nobody may be there; as many as the table has rows.
    pub node_closed: PerNode<TimeSet>,
    /// Prohibited (inbound, outbound) elements.
    pub banned: HashSet<(ElementIndex, ElementIndex)>,
    /// Per element, begins of the hazards that close it to presence, ms.
    pub hazards: BTreeMap<ElementIndex, Vec<i64>>,
    /// Per node the first of its `out_elements`, and the number of all at the end.
    pub(crate) out_first: Vec<usize>,
    /// What leads out of each node, node by node: links and connectors of sites.
    pub(crate) out_elements: Vec<ElementIndex>,
}

impl Network {
    /// Works out what leads out of each node, once all elements are there.
    pub(crate) fn index_nodes(&mut self) {
        let mut lists: PerNode<Vec<ElementIndex>> = std::iter::repeat_n(Vec::new(), self.nodes()).collect();
        for (element, data) in self.elements.iter_enumerated() {
            if let Some(from) = data.ends.node_before() {
                lists[from].push(element);
            }
        }
        self.out_first = Vec::with_capacity(self.nodes() + 1);
        self.out_first.push(0);
        for list in lists {
            self.out_elements.extend(list);
            self.out_first.push(self.out_elements.len());
        }
    }

    /// How many nodes there are.
    pub fn nodes(&self) -> usize {
        self.node_closed.len()
    }

    /// What leads out of a node: links and connectors of sites.
    #[inline]
    pub fn out_of(&self, node: NodeIndex) -> &[ElementIndex] {
        &self.out_elements[self.out_first[node.row()]..self.out_first[node.row() + 1]]
    }

    /// The node at which an element begins; `None` for connectors of zones and admissions.
    #[inline]
    pub fn node_before(&self, element: ElementIndex) -> Option<NodeIndex> {
        self.elements[element].ends.node_before()
    }

    /// The node at which an element ends; `None` for connectors of sites and admissions.
    #[inline]
    pub fn node_after(&self, element: ElementIndex) -> Option<NodeIndex> {
        self.elements[element].ends.node_after()
    }

    /// The zone that an element leads out of; `None` for all but connectors of zones.
    #[inline]
    pub fn zone_of(&self, element: ElementIndex) -> Option<ZoneIndex> {
        self.elements[element].ends.zone()
    }

    /// The site that an element leads to or into; `None` for links and connectors of zones.
    #[inline]
    pub fn site_of(&self, element: ElementIndex) -> Option<SiteIndex> {
        self.elements[element].ends.site()
    }

    /// Whether an element is a connector of a site.
    #[inline]
    pub fn is_to_site(&self, element: ElementIndex) -> bool {
        matches!(self.elements[element].ends, ElementEnds::ToSite { .. })
    }

    /// Whether an element is a link.
    #[inline]
    pub fn is_link(&self, element: ElementIndex) -> bool {
        matches!(self.elements[element].ends, ElementEnds::BetweenNodes { .. })
    }

    /// Links at whose end some turn is prohibited, by number, with the node there.
    pub fn links_with_prohibited_turns(&self) -> BTreeMap<ElementIndex, NodeIndex> {
        self.banned.iter().filter_map(|&(link, _)| Some((link, self.node_after(link)?))).collect()
    }

    /// What leads out of the nodes to which the connectors of a zone lead, with the connector by which one gets there.
    fn first_elements(&self, zone: ZoneIndex) -> impl Iterator<Item = (ElementIndex, ElementIndex)> + '_ {
        let connectors = self.zones[zone].connectors.iter();
        let nodes = connectors.filter_map(|&connector| Some((connector, self.node_after(connector)?)));
        nodes.flat_map(|(connector, node)| self.out_of(node).iter().map(move |&element| (connector, element)))
    }

    /// People of all zones who are to leave.
    pub fn evacuees(&self) -> i64 {
        self.zones.iter().map(|zone| zone.evacuees).sum()
    }

    /// Rates of the first links people of a zone may take (thousandths of a person per hour), largest first; `None` if
    /// they may also go straight to a site, which no link limits.
    fn first_links(&self, zone: ZoneIndex) -> Option<Vec<u64>> {
        let mut rates: BTreeMap<ElementIndex, u64> = BTreeMap::new();
        for (connector, element) in self.first_elements(zone) {
            if self.is_to_site(element) {
                return None;
            }
            // A link always has a rate.
            let along = [connector, element].into_iter().filter_map(|passed| self.elements[passed].rate);
            let rate = along.min().unwrap_or_default();
            let best = rates.entry(element).or_default();
            *best = (*best).max(rate);
        }
        let mut rates: Vec<u64> = rates.into_values().collect();
        rates.sort_unstable_by(|a, b| b.cmp(a));
        Some(rates)
    }

    /// Most people per hour (thousandths) that can leave a zone by `routes` different routes; `None`: no limit. A zone
    /// whose connectors are limited or not always open has none: its people may leave early and wait at the node, after
    /// which more of them can go at once.
    pub fn outflow(&self, zone: ZoneIndex, routes: u32) -> Option<u64> {
        let always = |&c: &ElementIndex| {
            let connector = &self.elements[c];
            connector.rate.is_none() && connector.open.intervals() == [(0, self.horizon)]
        };
        if !self.zones[zone].connectors.iter().all(always) {
            return None;
        }
        let routes = number::index(routes);
        let rates = self.first_links(zone).filter(|rates| rates.len() >= routes)?;
        Some(rates.iter().take(routes).sum())
    }

    /// Whether so many routes keep people of any zone from having left by `time`, ms, even if nothing else did.
    pub fn is_held_back(&self, routes: u32, time: i64) -> bool {
        self.zones.iter_enumerated().any(|(zone, z)| {
            self.outflow(zone, routes).is_some_and(|rate| {
                let left = i128::from(rate) * i128::from(time - z.release.end());
                left < i128::from(z.evacuees) * i128::from(MS_PER_HOUR) * 1000
            })
        })
    }

    /// Most people per hour (thousandths) that can leave a zone by all its first links; `None`: no limit.
    pub fn whole_outflow(&self, zone: ZoneIndex) -> Option<u64> {
        Some(self.first_links(zone)?.iter().sum())
    }
}
