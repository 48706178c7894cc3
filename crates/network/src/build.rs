//! From tables to arrays: zones, sites and elements in the order of the reference, with rates, times and open sets.

use crate::element::{admission_rate, connector_rate, link_rate, link_time};
use crate::index::{ElementIndex, NodeIndex, PerElement, PerSite, PerZone, SiteIndex, ZoneIndex};
use crate::open::ClosureCalendar;
use crate::{DestinationSite, ElementEnds, ElementKind, Network, NetworkElement, NetworkError, OriginZone};
use clearway_flow::{ReleaseCurve, TimeSet};
use clearway_model::{Case, ClassOfUsers, ConnectorPlace, ConnectorRow, Figure, Scenario};
use std::collections::{BTreeMap, HashMap, HashSet};

impl Network {
    /// Builds the arrays.
    ///
    /// # Errors
    /// If a table names what does not exist, or there is not exactly one class of road users.
    pub fn new(scenario: &Scenario, case: Case) -> Result<Self, NetworkError> {
        let mut builder = NetworkBuilder::new(scenario, case)?;
        builder.add_zones()?;
        builder.add_zone_connectors()?;
        builder.add_links()?;
        builder.add_site_connectors()?;
        builder.add_sites();
        builder.add_prohibited_turns();
        builder.network.index_nodes();
        Ok(builder.network)
    }
}

/// A network in the making.
struct NetworkBuilder<'a> {
    scenario: &'a Scenario,
    class: &'a ClassOfUsers,
    calendar: ClosureCalendar<'a>,
    node_of: HashMap<&'a str, NodeIndex>,
    zone_of: HashMap<&'a str, ZoneIndex>,
    site_of: HashMap<&'a str, SiteIndex>,
    /// The elements of links that the class can use, by id.
    link_element: HashMap<&'a str, ElementIndex>,
    network: Network,
}

/// Numbers of rows by their ids.
fn rows_by_id<'a, I: From<usize>>(ids: impl Iterator<Item = &'a String>) -> HashMap<&'a str, I> {
    ids.enumerate().map(|(row, id)| (id.as_str(), I::from(row))).collect()
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

impl<'a> NetworkBuilder<'a> {
    fn new(scenario: &'a Scenario, case: Case) -> Result<Self, NetworkError> {
        let [class] = scenario.settings.class.as_slice() else {
            return Err(NetworkError::Classes(scenario.settings.class.len()));
        };
        let calendar = ClosureCalendar::new(scenario);
        let network = Network {
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
        Ok(Self {
            scenario,
            class,
            calendar,
            node_of: rows_by_id(scenario.nodes.iter().map(|n| &n.node_id)),
            zone_of: rows_by_id(scenario.zones.iter().map(|z| &z.zone_id)),
            site_of: rows_by_id(scenario.sites.iter().map(|s| &s.site_id)),
            link_element: HashMap::new(),
            network,
        })
    }

    /// The zones, without connectors yet.
    fn add_zones(&mut self) -> Result<(), NetworkError> {
        let case = self.network.case;
        let mut curves: BTreeMap<&str, Vec<(i64, f64)>> = BTreeMap::new();
        for row in &self.scenario.releases {
            curves.entry(&row.mobilization_id).or_default().push((row.time_ms, row.share));
        }
        for row in &self.scenario.zones {
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
            self.network.zones.push(OriginZone {
                people,
                staying,
                evacuees: (people - staying).max(0),
                release,
                connectors: Vec::new(),
                overtaken_from: self.calendar.overtaken_from(&row.zone_id),
            });
        }
        Ok(())
    }

    /// Connectors of a kind of place, with their rows.
    fn connectors(&self, place: ConnectorPlace) -> impl Iterator<Item = (usize, &'a ConnectorRow)> + use<'a> {
        self.scenario.connectors.iter().enumerate().filter(move |(_, row)| row.place == place)
    }

    fn add_zone_connectors(&mut self) -> Result<(), NetworkError> {
        for (row_index, row) in self.connectors(ConnectorPlace::Zone) {
            let zone = find(&self.zone_of, "connectors.csv", "zone", &row.place_id)?;
            let node = find(&self.node_of, "connectors.csv", "node", &row.node_id)?;
            let connector = self.network.elements.push_and_get_key(NetworkElement {
                kind: ElementKind::Connector(row_index),
                ends: ElementEnds::FromZone { zone, node },
                rate: connector_rate(row, self.class, self.network.case),
                tau: row.time_ms,
                open: self.open_ahead(self.calendar.zone(&row.place_id), node, row.time_ms),
            });
            self.network.zones[zone].connectors.push(connector);
        }
        Ok(())
    }

    fn add_links(&mut self) -> Result<(), NetworkError> {
        let (class, case) = (self.class, self.network.case);
        for (row_index, row) in self.scenario.links.iter().enumerate() {
            let from = find(&self.node_of, "link.csv", "node", &row.from_node_id)?;
            let to = find(&self.node_of, "link.csv", "node", &row.to_node_id)?;
            let rate = link_rate(row, class, case);
            let Some(tau) = link_time(row, class, case).filter(|_| rate > 0) else { continue };
            let link = self.network.elements.push_and_get_key(NetworkElement {
                kind: ElementKind::Link(row_index),
                ends: ElementEnds::BetweenNodes { from, to },
                rate: Some(rate),
                tau,
                open: self.open_ahead(self.calendar.link(&row.link_id, tau), to, tau),
            });
            self.link_element.insert(row.link_id.as_str(), link);
            self.add_hazards(link, self.calendar.hazards_of_link(&row.link_id));
        }
        Ok(())
    }

    fn add_site_connectors(&mut self) -> Result<(), NetworkError> {
        for (row_index, row) in self.connectors(ConnectorPlace::Site) {
            let site = find(&self.site_of, "connectors.csv", "site", &row.place_id)?;
            let node = find(&self.node_of, "connectors.csv", "node", &row.node_id)?;
            self.network.elements.push(NetworkElement {
                kind: ElementKind::Connector(row_index),
                ends: ElementEnds::ToSite { node, site },
                rate: connector_rate(row, self.class, self.network.case),
                tau: row.time_ms,
                open: self.calendar.everything(),
            });
        }
        Ok(())
    }

    /// The sites, each with the element by which people are let in.
    fn add_sites(&mut self) {
        let case = self.network.case;
        for (row_index, row) in self.scenario.sites.iter().enumerate() {
            let rate = admission_rate(
                row.admission_people_h,
                row.admission_people_h_low,
                row.admission_people_h_high,
                case,
            );
            let admission = self.network.elements.push_and_get_key(NetworkElement {
                kind: ElementKind::Admission(row_index),
                ends: ElementEnds::IntoSite { site: SiteIndex::from(row_index) },
                rate,
                tau: 0,
                open: self.calendar.admission(&row.site_id, row.open_from_ms, row.open_until_ms),
            });
            let capacity = row.capacity_people.map(|value| {
                Figure::new(value, row.capacity_people_low, row.capacity_people_high).more_is_better(case)
            });
            self.network.sites.push(DestinationSite { capacity, admission });
            self.add_hazards(admission, self.calendar.hazards_of_site(&row.site_id));
        }
    }

    fn add_hazards(&mut self, element: ElementIndex, begins: Vec<i64>) {
        if !begins.is_empty() {
            self.network.hazards.insert(element, begins);
        }
    }

    fn add_prohibited_turns(&mut self) {
        for row in self.scenario.movements.iter().filter(|m| m.prohibited == "1") {
            let element = |id: &String| self.link_element.get(id.as_str()).copied();
            // Turns of links that the class cannot use do not matter.
            self.network.banned.extend(element(&row.ib_link_id).zip(element(&row.ob_link_id)));
        }
    }

    /// The open set of an element of `tau` ms that ends at a node: nobody sets out who would get there while it is closed to
    /// presence. They wait where the element begins, as they wait before a link that a hazard is about to close.
    fn open_ahead(&self, open: TimeSet, node: NodeIndex, tau: i64) -> TimeSet {
        let horizon = self.network.horizon;
        let closed = self.network.node_closed[node].intervals().iter().filter(|closed| closed.0 < horizon);
        let ahead: Vec<(i64, i64)> = closed.map(|&(from, until)| (from - tau, until - tau)).collect();
        if ahead.is_empty() { open } else { open.subtract(&TimeSet::union(ahead)) }
    }
}
