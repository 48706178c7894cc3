//! Ways out of the zones of a scenario, as reports show them.

use clearway_model::time::seconds;
use clearway_model::{LinkRow, Scenario};
use clearway_network::search::{ArrivalSearch, JourneyStart, SettleBy, next_entry};
use clearway_network::ways_out::{WayCounter, WayOut, ZoneWays};
use clearway_network::{ElementIndex, ElementKind, Network, NodeIndex, ZoneIndex};
use clearway_report::reports::{SharedPlaces, ShownWay, WaysShown, ZoneAccess};

/// How people can get out of each zone, in the order of the table.
pub(super) fn access(scenario: &Scenario, network: &Network) -> Vec<ZoneAccess> {
    let counter = WayCounter::new(network);
    let end = counter.hazards.times.last().copied();
    let mut search = ArrivalSearch::default();
    let zones = scenario.zones.iter().zip(network.zones.keys());
    zones
        .map(|(row, zone)| {
            let changes = counter.over_time(zone);
            let open = counter.ways_out(zone, None);
            let closed = end.map_or_else(|| open.clone(), |end| counter.ways_out(zone, Some(end)));
            let has_fewer =
                |ways: &ZoneWays, than: usize| !ways.needs_no_road && ways.roads.at_least() < than;
            let from = |than: usize| {
                let later = changes.iter().find(|(_, ways)| has_fewer(ways, than));
                later.and_then(|(from, _)| *from).map(seconds)
            };
            ZoneAccess {
                zone_id: row.zone_id.clone(),
                people: row.people,
                open: shown(scenario, network, &open),
                closed: shown(scenario, network, &closed),
                single_from_s: from(2),
                none_from_s: from(1),
                earliest_s: earliest(network, zone, &mut search).map(seconds),
            }
        })
        .collect()
}

fn links<'a>(scenario: &'a Scenario, network: &Network, all: &[ElementIndex]) -> Vec<&'a LinkRow> {
    let row = |&element: &ElementIndex| match network.elements[element].kind {
        ElementKind::Link(row) => scenario.links.get(row),
        ElementKind::Connector(_) | ElementKind::Admission(_) => None,
    };
    all.iter().filter_map(row).collect()
}

/// Names in order, each once in a row; a road without one by its class.
fn names<'a>(links: &[&'a LinkRow]) -> Vec<&'a str> {
    let name = |link: &'a LinkRow| match link.name.trim() {
        "" => link.facility_type.trim(),
        name => name,
    };
    let mut names: Vec<&str> = links.iter().map(|link| name(link)).filter(|name| !name.is_empty()).collect();
    names.dedup();
    names
}

fn once(names: Vec<&str>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for name in names {
        if !all.iter().any(|known| known == name) {
            all.push(name.to_owned());
        }
    }
    all
}

fn roads(scenario: &Scenario, network: &Network, all: &[ElementIndex]) -> SharedPlaces {
    let rows = links(scenario, network, all);
    SharedPlaces { names: once(names(&rows)), ids: rows.iter().map(|row| row.link_id.clone()).collect() }
}

fn junctions(scenario: &Scenario, all: &[NodeIndex]) -> SharedPlaces {
    let rows = all.iter().filter_map(|node| scenario.nodes.get(node.row()));
    let (mut found, mut ids) = (Vec::new(), Vec::new());
    for row in rows {
        ids.push(row.node_id.clone());
        if !row.name.trim().is_empty() {
            found.push(row.name.trim());
        }
    }
    SharedPlaces { names: once(found), ids }
}

fn way(scenario: &Scenario, network: &Network, way: &WayOut) -> ShownWay {
    let rows = links(scenario, network, &way.links);
    ShownWay {
        roads: names(&rows).join(", "),
        links: rows.iter().map(|row| row.link_id.clone()).collect(),
        site: scenario.sites.get(way.site.row()).map(|site| site.site_id.clone()).unwrap_or_default(),
    }
}

fn shown(scenario: &Scenario, network: &Network, ways: &ZoneWays) -> WaysShown {
    WaysShown {
        roads: (ways.roads.at_least(), ways.roads.at_most),
        junctions: (ways.junctions.at_least(), ways.junctions.at_most),
        needs_no_road: ways.needs_no_road,
        shared_roads: roads(scenario, network, &ways.roads.shared),
        shared_junctions: junctions(scenario, &ways.junctions.shared),
        closed: roads(scenario, network, &ways.closed),
        ways: ways.roads.ways.iter().map(|one| way(scenario, network, one)).collect(),
    }
}

/// When the last of a zone could have arrived with nobody else on the roads, ms: ready at the end of the mobilization curve, then the
/// fastest way that is open.
fn earliest(network: &Network, zone: ZoneIndex, search: &mut ArrivalSearch) -> Option<i64> {
    let origin = &network.zones[zone];
    let starts: Vec<(ElementIndex, i64)> =
        origin.connectors.iter().map(|&connector| (connector, origin.release.end())).collect();
    let from = JourneyStart { starts: &starts, settle_by: SettleBy::Entry, target: None };
    search.run(network, from, |element, time| network.entry_after(element, time));
    let arrivals = network.elements.iter_enumerated().filter_map(|(element, data)| {
        let site = network.site_of(element).filter(|_| network.is_to_site(element))?;
        let before = search.entered(element)? + data.tau;
        let admission = &network.elements[network.sites[site].admission];
        Some(next_entry(&admission.open, before)? + admission.tau)
    });
    arrivals.min().filter(|&time| time <= network.horizon)
}
