//! A timetable read as a dispatcher reads it: every run driven link by link on the roads as they are open.

use clearway_model::{Case, ConnectorPlace, PopulationGroups, Scenario, TripRow, VehicleRow};
use clearway_network::{ElementIndex, ElementKind, Network, NodeIndex};
use std::collections::BTreeMap;

/// When each link is entered: link id, ms, pcu.
pub type Entries = Vec<(String, i64, f64)>;

/// The roads at the speed of one type of vehicle.
pub struct Roads<'s> {
    scenario: &'s Scenario,
    network: Network,
}

impl<'s> Roads<'s> {
    pub fn of(scenario: &'s Scenario, row: &VehicleRow) -> Self {
        let mut slower = scenario.clone();
        for link in &mut slower.links {
            let share = row.speed_share.unwrap_or(1.0);
            link.time_ms = link.time_ms.map(|ms| (ms as f64 / share).ceil() as i64);
        }
        Self { scenario, network: Network::new(&slower, Case::Central).unwrap() }
    }

    fn element(&self, kind: ElementKind) -> ElementIndex {
        self.network.elements.iter().position(|element| element.kind == kind).unwrap().into()
    }

    fn link(&self, id: &str) -> ElementIndex {
        let row = self.scenario.links.iter().position(|link| link.link_id == id).unwrap();
        self.element(ElementKind::Link(row))
    }

    fn connector(&self, id: &str) -> ElementIndex {
        let row = self.scenario.connectors.iter().position(|c| c.connector_id == id).unwrap();
        self.element(ElementKind::Connector(row))
    }

    /// When whoever is before an element at `t` can enter it.
    fn entered(&self, element: ElementIndex, t: i64) -> i64 {
        let intervals = self.network.elements[element].open.intervals();
        intervals.iter().find(|i| t < i.1).map(|i| t.max(i.0)).unwrap()
    }

    /// Drives elements one after the other from `t` on; when it is over.
    fn drive(&self, elements: &[ElementIndex], t: i64, pcu: f64, entries: &mut Entries) -> i64 {
        elements.iter().fold(t, |t, &element| {
            let at = self.entered(element, t);
            if let ElementKind::Link(row) = self.network.elements[element].kind {
                entries.push((self.scenario.links[row].link_id.clone(), at, pcu));
            }
            at + self.network.elements[element].tau
        })
    }

    /// Time of the connector of a place at a node; `None`: there is none.
    fn at_node(&self, place: ConnectorPlace, id: &str, node: &str) -> Option<i64> {
        let of = self.scenario.connectors.iter().filter(|c| c.place == place && c.place_id == id);
        of.filter(|c| c.node_id == node).map(|c| c.time_ms).min()
    }

    /// Drives the links of an empty run from where the vehicle stands to the zone's cut_arc; when it is there.
    fn empty(&self, trip: &TripRow, stand: &VehicleStand, pcu: f64, entries: &mut Entries) -> i64 {
        let links: Vec<ElementIndex> = ids(&trip.empty_links).map(|id| self.link(id)).collect();
        self.assert_joined(&links);
        let leaves = |node: &str| match stand {
            VehicleStand::Depot(depot) => (depot == node).then_some(0),
            VehicleStand::Site(site) => self.at_node(ConnectorPlace::Site, site, node),
        };
        let node = |index: Option<NodeIndex>| self.scenario.nodes[index.unwrap().row()].node_id.as_str();
        let (Some(&first), Some(&last)) = (links.first(), links.last()) else {
            // from one connector to the other at the same node
            let nodes = self.scenario.nodes.iter().map(|n| n.node_id.as_str());
            let ways = nodes
                .filter_map(|n| Some(leaves(n)? + self.at_node(ConnectorPlace::Zone, &trip.zone_id, n)?));
            return trip.from_ms + ways.min().unwrap();
        };
        let out = leaves(node(self.network.node_before(first))).unwrap();
        let t = self.drive(&links, trip.from_ms + out, pcu, entries);
        t + self.at_node(ConnectorPlace::Zone, &trip.zone_id, node(self.network.node_after(last))).unwrap()
    }

    /// Drives the loaded run; when the vehicle is at the site.
    fn loaded(&self, trip: &TripRow, pcu: f64, entries: &mut Entries) -> i64 {
        let mut elements = vec![self.connector(&trip.zone_connector)];
        elements.extend(ids(&trip.links).map(|id| self.link(id)));
        elements.push(self.connector(&trip.site_connector));
        self.assert_joined(&elements);
        assert_eq!(self.entered(elements[0], trip.depart_ms), trip.depart_ms, "out of the zone: {trip:?}");
        self.drive(&elements, trip.depart_ms, pcu, entries)
    }

    fn assert_joined(&self, elements: &[ElementIndex]) {
        for pair in elements.windows(2) {
            assert_eq!(self.network.node_after(pair[0]), self.network.node_before(pair[1]));
            assert!(!self.network.banned.contains(&(pair[0], pair[1])));
        }
    }

    /// Whether a site takes people in at `t`.
    fn receives(&self, site: &str, t: i64) -> bool {
        let row = self.scenario.sites.iter().position(|s| s.site_id == site).unwrap();
        self.entered(self.element(ElementKind::Admission(row)), t) == t
    }

    fn metres(&self, trip: &TripRow) -> f64 {
        let all = ids(&trip.empty_links).chain(ids(&trip.links));
        all.map(|id| self.scenario.links.iter().find(|l| l.link_id == id).unwrap().length_m.unwrap_or(0.0))
            .sum()
    }
}

fn ids(list: &str) -> impl Iterator<Item = &str> {
    list.split(';').filter(|id| !id.is_empty())
}

enum VehicleStand {
    Depot(String),
    Site(String),
}

/// People on board by seat, wheelchair, stretcher.
pub fn on_board(trip: &TripRow) -> [i64; 3] {
    [trip.seat_people, trip.wheelchair_people, trip.stretcher_people]
}

/// Drives all trips of one vehicle in order and asserts whatever holds for it; when its links are entered.
fn drive_all(roads: &Roads<'_>, row: &VehicleRow, trips: &[&TripRow], entries: &mut Entries) {
    let mut stand = VehicleStand::Depot(row.depot_node_id.clone());
    let (mut free, mut duty_from, mut metres) = (row.available_from_ms.unwrap_or(0), None, 0.0);
    for trip in trips {
        assert!(trip.from_ms >= free, "sets out before it is free: {trip:?}");
        if row.rest_ms.is_some_and(|rest| trip.from_ms - free >= rest) {
            duty_from = None;
        }
        let since = *duty_from.get_or_insert(trip.from_ms);
        assert!(row.duty_max_ms.is_none_or(|most| trip.end_ms - since <= most), "too long at work: {trip:?}");
        assert!(
            roads.empty(trip, &stand, row.pcu_per_vehicle, entries) <= trip.load_ms,
            "not there: {trip:?}"
        );
        assert!(trip.load_ms + row.load_ms <= trip.depart_ms, "loads too fast: {trip:?}");
        assert_eq!(roads.loaded(trip, row.pcu_per_vehicle, entries), trip.unload_ms, "{trip:?}");
        assert!(trip.unload_ms + row.unload_ms <= trip.end_ms, "unloads too fast: {trip:?}");
        assert!(roads.receives(&trip.site_id, trip.end_ms), "the site is closed: {trip:?}");
        assert!(row.available_until_ms.is_none_or(|until| trip.end_ms <= until), "{trip:?}");
        metres += roads.metres(trip);
        assert!(row.range_m.is_none_or(|range| metres <= range), "{trip:?}");
        free = trip.end_ms;
        stand = VehicleStand::Site(trip.site_id.clone());
    }
}

/// Drives a whole timetable, vehicle by vehicle; when links are entered.
pub fn drive(scenario: &Scenario, population: &PopulationGroups, trips: &[TripRow]) -> Entries {
    let mut by_vehicle: BTreeMap<&str, Vec<&TripRow>> = BTreeMap::new();
    for trip in trips {
        by_vehicle.entry(&trip.vehicle_id).or_default().push(trip);
    }
    let mut entries = Entries::new();
    let mut known = 0;
    for row in &population.fleet {
        let roads = Roads::of(scenario, row);
        for number in 1..=row.count {
            let id = format!("{}-{number}", row.vehicle_type_id);
            let Some(trips) = by_vehicle.get(id.as_str()) else { continue };
            known += 1;
            drive_all(&roads, row, trips, &mut entries);
        }
    }
    assert_eq!(known, by_vehicle.len(), "vehicles that the fleet does not have");
    entries
}
