//! A scenario in one case as arrays.

use crate::element::{admission_rate, connector_rate, link_rate, link_time};
use crate::index::{ElementIndex, NodeIndex, PerElement, PerNode, PerSite, PerZone, SiteIndex, ZoneIndex};
use crate::open::Calendar;
use crate::{Element, ElementEnds, ElementKind};
use clearway_flow::{ReleaseCurve, TimeSet};
use clearway_model::time::MS_PER_HOUR;
use clearway_model::{Case, ConnectorPlace, Figure, Scenario, number};
use std::collections::{BTreeMap, HashMap, HashSet};

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
    pub elements: PerElement<Element>,
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
    out_first: Vec<usize>,
    /// What leads out of each node, node by node: links and connectors of sites.
    out_elements: Vec<ElementIndex>,
}

/// Numbers of rows by their ids.
fn rows_by_id<'a, I: From<usize>>(ids: impl Iterator<Item = &'a str>) -> HashMap<&'a str, I> {
    ids.enumerate().map(|(row, id)| (id, I::from(row))).collect()
}

/// The number that an id stands for, or the error that names table and id.
fn find<I: Copy>(
    known: &HashMap<&str, I>,
    table: &'static str,
    what: &'static str,
    id: &str,
) -> Result<I, NetworkError> {
    known.get(id).copied().ok_or_else(|| NetworkError::Unknown { table, what, id: id.to_owned() })
}

impl Network {
    /// Builds the arrays. Errors if a table names what does not exist.
    pub fn new(scenario: &Scenario, case: Case) -> Result<Self, NetworkError> {
        let [class] = scenario.settings.class.as_slice() else {
            return Err(NetworkError::Classes(scenario.settings.class.len()));
        };
        let calendar = Calendar::new(scenario);
        let node_of: HashMap<&str, NodeIndex> = rows_by_id(scenario.nodes.iter().map(|n| n.node_id.as_str()));
        let zone_of: HashMap<&str, ZoneIndex> = rows_by_id(scenario.zones.iter().map(|z| z.zone_id.as_str()));
        let site_of: HashMap<&str, SiteIndex> = rows_by_id(scenario.sites.iter().map(|s| s.site_id.as_str()));
        let mut network = Self {
            case,
            horizon: scenario.settings.horizon_ms,
            elements: PerElement::new(),
            zones: PerZone::new(),
            sites: PerSite::new(),
            node_closed: scenario.nodes.iter().map(|n| calendar.node(&n.node_id)).collect(),
            banned: HashSet::new(),
            hazards: BTreeMap::new(),
            out_first: Vec::new(),
            out_elements: Vec::new(),
        };
        let mut curves: BTreeMap<&str, Vec<(i64, f64)>> = BTreeMap::new();
        for row in &scenario.releases {
            curves.entry(&row.mobilization_id).or_default().push((row.time_ms, row.share));
        }
        for row in &scenario.zones {
            let people = Figure::new(row.people, row.people_low, row.people_high).less_is_better(case);
            let staying =
                Figure::new(row.stay_people.unwrap_or(0), row.stay_people_low, row.stay_people_high)
                    .more_is_better(case)
                    .min(people);
            let release = match curves.get(row.mobilization_id.as_str()) {
                Some(points) => ReleaseCurve::new(points.clone()),
                None if row.mobilization_id.is_empty() => ReleaseCurve::at_once(),
                None => {
                    let id = row.mobilization_id.clone();
                    return Err(NetworkError::Unknown { table: "zones.csv", what: "mobilization curve", id });
                }
            };
            network.zones.push(OriginZone {
                people,
                staying,
                evacuees: (people - staying).max(0),
                release,
                connectors: Vec::new(),
                overtaken_from: calendar.overtaken_from(&row.zone_id),
            });
        }
        for (i, row) in scenario.connectors.iter().enumerate().filter(|c| c.1.place == ConnectorPlace::Zone) {
            let zone = find(&zone_of, "connectors.csv", "zone", &row.place_id)?;
            let node = find(&node_of, "connectors.csv", "node", &row.node_id)?;
            let open = network.open_ahead(calendar.zone(&row.place_id), node, row.time_ms);
            let rate = connector_rate(row, class, case);
            let ends = ElementEnds::FromZone { zone, node };
            let element = Element { kind: ElementKind::Connector(i), ends, rate, tau: row.time_ms, open };
            let at = network.elements.push_and_get_key(element);
            network.zones[zone].connectors.push(at);
        }
        let mut link_element = HashMap::new();
        for (i, row) in scenario.links.iter().enumerate() {
            let from = find(&node_of, "link.csv", "node", &row.from_node_id)?;
            let to = find(&node_of, "link.csv", "node", &row.to_node_id)?;
            let rate = link_rate(row, class, case);
            let Some(tau) = link_time(row, class, case).filter(|_| rate > 0) else { continue };
            let open = network.open_ahead(calendar.link(&row.link_id, tau), to, tau);
            let ends = ElementEnds::BetweenNodes { from, to };
            let element = Element { kind: ElementKind::Link(i), ends, rate: Some(rate), tau, open };
            let at = network.elements.push_and_get_key(element);
            link_element.insert(row.link_id.as_str(), at);
            let hazards = calendar.hazards_of_link(&row.link_id);
            if !hazards.is_empty() {
                network.hazards.insert(at, hazards);
            }
        }
        for (i, row) in scenario.connectors.iter().enumerate().filter(|c| c.1.place == ConnectorPlace::Site) {
            let site = find(&site_of, "connectors.csv", "site", &row.place_id)?;
            let node = find(&node_of, "connectors.csv", "node", &row.node_id)?;
            let open = TimeSet::interval(0, network.horizon);
            let rate = connector_rate(row, class, case);
            let ends = ElementEnds::ToSite { node, site };
            network.elements.push(Element {
                kind: ElementKind::Connector(i),
                ends,
                rate,
                tau: row.time_ms,
                open,
            });
        }
        for (i, row) in scenario.sites.iter().enumerate() {
            let rate = admission_rate(
                row.admission_people_h,
                row.admission_people_h_low,
                row.admission_people_h_high,
                case,
            );
            let open = calendar.admission(&row.site_id, row.open_from_ms, row.open_until_ms);
            let ends = ElementEnds::IntoSite { site: SiteIndex::from(i) };
            let element = Element { kind: ElementKind::Admission(i), ends, rate, tau: 0, open };
            let admission = network.elements.push_and_get_key(element);
            let capacity = row.capacity_people.map(|value| {
                Figure::new(value, row.capacity_people_low, row.capacity_people_high).more_is_better(case)
            });
            network.sites.push(DestinationSite { capacity, admission });
            let hazards = calendar.hazards_of_site(&row.site_id);
            if !hazards.is_empty() {
                network.hazards.insert(admission, hazards);
            }
        }
        for row in scenario.movements.iter().filter(|m| m.prohibited == "1") {
            // Turns of links that the class cannot use do not matter.
            let turn = (link_element.get(row.ib_link_id.as_str()), link_element.get(row.ob_link_id.as_str()));
            if let (Some(&inbound), Some(&outbound)) = turn {
                network.banned.insert((inbound, outbound));
            }
        }
        network.index_nodes();
        Ok(network)
    }

    /// The open set of an element of `tau` ms that ends at a node: nobody sets out who would get there while it is closed to
    /// presence. They wait where the element begins, as they wait before a link that a hazard is about to close.
    fn open_ahead(&self, open: TimeSet, node: NodeIndex, tau: i64) -> TimeSet {
        let closed = self.node_closed[node].intervals().iter().filter(|closed| closed.0 < self.horizon);
        let ahead: Vec<(i64, i64)> = closed.map(|&(from, until)| (from - tau, until - tau)).collect();
        if ahead.is_empty() { open } else { open.subtract(&TimeSet::union(ahead)) }
    }

    fn index_nodes(&mut self) {
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
