//! A scenario in one case as arrays.

use crate::element::{admission_rate, connector_rate, link_rate, link_time};
use crate::open::Calendar;
use crate::{Element, ElementKind};
use clearway_flow::{ReleaseCurve, TimeSet};
use clearway_model::{Case, ConnectorPlace, Figure, Scenario};
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
        /// What is named.
        what: &'static str,
        /// The id.
        id: String,
    },
    /// No class of road users, or more than one.
    #[error("expected exactly one class of road users, found {0}")]
    Classes(usize),
}

/// A zone in one case.
#[derive(Debug, Clone, PartialEq)]
pub struct Zone {
    /// All people.
    pub people: i64,
    /// Declared staying.
    pub staying: i64,
    /// People less staying.
    pub evacuees: i64,
    /// When the evacuees are ready.
    pub release: ReleaseCurve,
    /// Elements that lead out of the zone.
    pub connectors: Vec<u32>,
    /// When whoever is still there is overtaken, ms.
    pub overtaken_from: Option<i64>,
}

/// A site in one case.
#[derive(Debug, Clone, PartialEq)]
pub struct Site {
    /// Holding capacity, people.
    pub capacity: Option<i64>,
    /// Its admission element.
    pub admission: u32,
}

/// A scenario in one case as arrays. Zones, sites and nodes have the indices of their tables.
#[derive(Debug, Clone)]
pub struct Network {
    /// Which value of each range.
    pub case: Case,
    /// Nothing after this counts, ms.
    pub horizon: i64,
    /// Connectors of zones, links, connectors of sites, admissions: those that the class can use.
    pub elements: Vec<Element>,
    /// Node at which each element begins; `u32::MAX` for connectors of zones and admissions.
    pub from_node: Vec<u32>,
    /// Node at which each element ends; `u32::MAX` for connectors of sites and admissions.
    pub to_node: Vec<u32>,
    /// Zone (connector of a zone) or site (connector of a site, admission) of each element; `u32::MAX` for links.
    pub place: Vec<u32>,
    /// The zones.
    pub zones: Vec<Zone>,
    /// The sites.
    pub sites: Vec<Site>,
    /// How many nodes.
    pub nodes: usize,
    /// Per node, what leads out: links and connectors of sites.
    pub out_first: Vec<u32>,
    /// Elements in the order of `out_first`.
    pub out_elements: Vec<u32>,
    /// Prohibited (inbound, outbound) elements.
    pub banned: HashSet<(u32, u32)>,
    /// Per node, when nobody may be there.
    pub node_closed: Vec<TimeSet>,
    /// Per element, begins of the hazards that close it to presence, ms.
    pub hazards: BTreeMap<u32, Vec<i64>>,
}

fn index<'a>(ids: impl Iterator<Item = &'a str>) -> HashMap<&'a str, u32> {
    ids.enumerate().map(|(i, id)| (id, i as u32)).collect()
}

impl Network {
    /// Builds the arrays. Errors if a table names what does not exist.
    pub fn new(scenario: &Scenario, case: Case) -> Result<Self, NetworkError> {
        let [class] = scenario.settings.class.as_slice() else {
            return Err(NetworkError::Classes(scenario.settings.class.len()));
        };
        let calendar = Calendar::new(scenario);
        let node_of = index(scenario.nodes.iter().map(|n| n.node_id.as_str()));
        let zone_of = index(scenario.zones.iter().map(|z| z.zone_id.as_str()));
        let site_of = index(scenario.sites.iter().map(|s| s.site_id.as_str()));
        let find = |map: &HashMap<&str, u32>, table, what, id: &str| {
            map.get(id).copied().ok_or_else(|| NetworkError::Unknown { table, what, id: id.to_owned() })
        };
        let mut network = Self {
            case,
            horizon: scenario.settings.horizon_ms,
            elements: Vec::new(),
            from_node: Vec::new(),
            to_node: Vec::new(),
            place: Vec::new(),
            zones: Vec::new(),
            sites: Vec::new(),
            nodes: scenario.nodes.len(),
            out_first: Vec::new(),
            out_elements: Vec::new(),
            banned: HashSet::new(),
            node_closed: scenario.nodes.iter().map(|n| calendar.node(&n.node_id)).collect(),
            hazards: BTreeMap::new(),
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
            network.zones.push(Zone {
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
            let element = Element { kind: ElementKind::Connector(i as u32), rate, tau: row.time_ms, open };
            let at = network.push(element, u32::MAX, node, zone);
            network.zones[zone as usize].connectors.push(at);
        }
        let mut link_element = HashMap::new();
        for (i, row) in scenario.links.iter().enumerate() {
            let from = find(&node_of, "link.csv", "node", &row.from_node_id)?;
            let to = find(&node_of, "link.csv", "node", &row.to_node_id)?;
            let rate = link_rate(row, class, case);
            let Some(tau) = link_time(row, class, case).filter(|_| rate > 0) else { continue };
            let open = network.open_ahead(calendar.link(&row.link_id, tau), to, tau);
            let element = Element { kind: ElementKind::Link(i as u32), rate: Some(rate), tau, open };
            let at = network.push(element, from, to, u32::MAX);
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
            let element = Element { kind: ElementKind::Connector(i as u32), rate, tau: row.time_ms, open };
            network.push(element, node, u32::MAX, site);
        }
        for (i, row) in scenario.sites.iter().enumerate() {
            let rate = admission_rate(
                row.admission_people_h,
                row.admission_people_h_low,
                row.admission_people_h_high,
                case,
            );
            let open = calendar.admission(&row.site_id, row.open_from_ms, row.open_until_ms);
            let element = Element { kind: ElementKind::Admission(i as u32), rate, tau: 0, open };
            let admission = network.push(element, u32::MAX, u32::MAX, i as u32);
            let capacity = row.capacity_people.map(|value| {
                Figure::new(value, row.capacity_people_low, row.capacity_people_high).more_is_better(case)
            });
            network.sites.push(Site { capacity, admission });
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
    fn open_ahead(&self, open: TimeSet, node: u32, tau: i64) -> TimeSet {
        let closed =
            self.node_closed[node as usize].intervals().iter().filter(|closed| closed.0 < self.horizon);
        let ahead: Vec<(i64, i64)> = closed.map(|&(from, until)| (from - tau, until - tau)).collect();
        if ahead.is_empty() { open } else { open.subtract(&TimeSet::union(ahead)) }
    }

    fn push(&mut self, element: Element, from: u32, to: u32, place: u32) -> u32 {
        self.elements.push(element);
        self.from_node.push(from);
        self.to_node.push(to);
        self.place.push(place);
        self.elements.len() as u32 - 1
    }

    fn index_nodes(&mut self) {
        let mut lists: Vec<Vec<u32>> = vec![Vec::new(); self.nodes];
        for (element, &from) in self.from_node.iter().enumerate() {
            if from != u32::MAX {
                lists[from as usize].push(element as u32);
            }
        }
        self.out_first = Vec::with_capacity(self.nodes + 1);
        self.out_first.push(0);
        for list in lists {
            self.out_elements.extend(list);
            self.out_first.push(self.out_elements.len() as u32);
        }
    }

    /// What leads out of a node: links and connectors of sites.
    pub fn out_of(&self, node: u32) -> &[u32] {
        let (from, until) = (self.out_first[node as usize], self.out_first[node as usize + 1]);
        &self.out_elements[from as usize..until as usize]
    }

    /// The node at which an element ends; `None` for connectors of sites and admissions.
    pub fn node_after(&self, element: u32) -> Option<u32> {
        Some(self.to_node[element as usize]).filter(|&node| node != u32::MAX)
    }

    /// Whether an element is a connector of a site.
    pub fn is_to_site(&self, element: u32) -> bool {
        self.from_node[element as usize] != u32::MAX && self.to_node[element as usize] == u32::MAX
    }

    /// Whether an element is a link.
    pub fn is_link(&self, element: u32) -> bool {
        matches!(self.elements[element as usize].kind, ElementKind::Link(_))
    }

    /// All evacuees, M.
    pub fn evacuees(&self) -> i64 {
        self.zones.iter().map(|zone| zone.evacuees).sum()
    }

    /// Rates of the first links people of a zone may take (thousandths of a person per hour), largest first; `None` if
    /// they may also go straight to a site, which no link limits.
    fn first_links(&self, zone: u32) -> Option<Vec<u64>> {
        let mut rates: BTreeMap<u32, u64> = BTreeMap::new();
        for &connector in &self.zones[zone as usize].connectors {
            let limit = self.elements[connector as usize].rate.unwrap_or(u64::MAX);
            for &element in self.out_of(self.to_node[connector as usize]) {
                if self.is_to_site(element) {
                    return None;
                }
                let rate = self.elements[element as usize].rate.unwrap_or(u64::MAX).min(limit);
                let best = rates.entry(element).or_default();
                *best = (*best).max(rate);
            }
        }
        let mut rates: Vec<u64> = rates.into_values().collect();
        rates.sort_unstable_by(|a, b| b.cmp(a));
        Some(rates)
    }

    /// Most people per hour (thousandths) that can leave a zone by `routes` different routes; `None`: no limit. A zone
    /// whose connectors are limited or not always open has none: its people may leave early and wait at the node, after
    /// which more of them can go at once.
    pub fn outflow(&self, zone: u32, routes: u32) -> Option<u64> {
        let always = |&c: &u32| {
            let connector = &self.elements[c as usize];
            connector.rate.is_none() && connector.open.intervals() == [(0, self.horizon)]
        };
        if !self.zones[zone as usize].connectors.iter().all(always) {
            return None;
        }
        let rates = self.first_links(zone).filter(|rates| rates.len() >= routes as usize)?;
        Some(rates.iter().take(routes as usize).sum())
    }

    /// Whether so many routes keep people of any zone from having left by `time`, ms, even if nothing else did.
    pub fn is_held_back(&self, routes: u32, time: i64) -> bool {
        (0..).zip(&self.zones).any(|(zone, z)| {
            self.outflow(zone, routes).is_some_and(|rate| {
                let left = i128::from(rate) * i128::from(time - z.release.end());
                left < i128::from(z.evacuees) * 3_600_000 * 1000
            })
        })
    }

    /// Most people per hour (thousandths) that can leave a zone by all its first links; `None`: no limit.
    pub fn whole_outflow(&self, zone: u32) -> Option<u64> {
        Some(self.first_links(zone)?.iter().sum())
    }
}
