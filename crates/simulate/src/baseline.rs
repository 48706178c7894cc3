//! Everybody by the shortest way at once: what happens without a plan, as something to hold a plan against.
//!
//! In the field: an all-or-nothing assignment at free-flow times, with simultaneous departure. Nobody knows of queues or closures, and
//! nobody is told when to leave. [`shortest_way_at_once`] makes the vehicles; the rules are in `docs/reference/simulation.md`.

use crate::streets::Streets;
use crate::traffic::Vehicle;
use crate::trips::{Trips, loads};
use crate::ways::{is_usable, rests, way};
use clearway_flow::ReleaseCurve;
use clearway_model::Scenario;
use clearway_model::number::{ceil, float, length};
use clearway_network::{ElementIndex, ElementKind, Network, SiteIndex, ZoneIndex};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// People of a zone at one of its connectors.
struct Origin {
    zone: ZoneIndex,
    connector: ElementIndex,
    people: i64,
    /// Sites that can be reached, the nearest first.
    sites: Vec<(i64, SiteIndex)>,
}

/// People of an origin who go to the same site, one behind the other by when they are ready.
struct Stream {
    origin: usize,
    site: SiteIndex,
    /// Of the people of the origin, by when they are ready: those after so many, up to so many.
    after: i64,
    upto: i64,
}

/// Everybody leaves as soon as they are ready, by the fastest way on empty roads. The people of a zone are shared out equally over its
/// connectors, and each goes on from there to the nearest site. Sites fill by zone and connector in the order of their ids, those who
/// are ready first before the others; who finds the nearest full goes to the next nearest. Who finds none does not leave.
pub fn shortest_way_at_once(
    scenario: &Scenario,
    network: &Network,
    streets: &Streets,
    people_per_vehicle: f64,
) -> Trips {
    let mut origins = origins(scenario, network);
    for site in network.sites.keys() {
        let rest = rests(network, site);
        for origin in &mut origins {
            origin.sites.extend(rest[origin.connector].map(|(Reverse(time), _)| (time, site)));
        }
    }
    let streams = streams(scenario, network, &mut origins);
    let mut by_site: BTreeMap<SiteIndex, Vec<usize>> = BTreeMap::new();
    for (index, stream) in streams.iter().enumerate() {
        by_site.entry(stream.site).or_default().push(index);
    }
    let mut paths = vec![Vec::new(); streams.len()];
    for (site, members) in by_site {
        let rest = rests(network, site);
        for index in members {
            let from = origins[streams[index].origin].connector;
            // who goes to a site has a way there
            paths[index] = way(network, streets, &rest, from).unwrap_or_default();
        }
    }
    let mut vehicles: Vec<(i64, u32, Vehicle)> = Vec::new();
    for (path, stream) in (0..).zip(&streams) {
        let origin = &origins[stream.origin];
        let release = &network.zones[origin.zone].release;
        let ready = |people: i64| ready_us(release, stream.after + people, origin.people);
        for (sent, upto) in loads(stream.upto - stream.after, people_per_vehicle) {
            let aboard = u32::try_from(upto - sent).unwrap_or(u32::MAX);
            let vehicle = Vehicle { path, people: aboard, first_us: ready(sent), last_us: ready(upto) };
            vehicles.push((vehicle.last_us, path, vehicle));
        }
    }
    // paths are in the order of zones and connectors, and within one in the order in which people are ready
    vehicles.sort_by_key(|&(time, path, vehicle)| (time, path, vehicle.first_us));
    Trips::of_evacuees(paths, vehicles.into_iter().map(|one| one.2).collect())
}

/// Per zone and connector, in the order of their ids, the people who leave there.
fn origins(scenario: &Scenario, network: &Network) -> Vec<Origin> {
    let connector_id = |element: ElementIndex| match network.elements[element].kind {
        ElementKind::Connector(row) => scenario.connectors[row].connector_id.as_str(),
        _ => "",
    };
    let mut zones: Vec<ZoneIndex> = network.zones.keys().collect();
    zones.sort_by_key(|&zone| scenario.zones[usize::from(zone)].zone_id.as_str());
    let mut origins = Vec::new();
    for zone in zones {
        let mut connectors: Vec<ElementIndex> =
            network.zones[zone].connectors.iter().copied().filter(|&c| is_usable(network, c)).collect();
        connectors.sort_by_key(|&connector| connector_id(connector));
        let parts = length(connectors.len());
        for (part, connector) in (0..).zip(connectors) {
            // what does not divide goes to the first
            let people = network.zones[zone].evacuees;
            let people = people / parts + i64::from(part < people % parts);
            origins.push(Origin { zone, connector, people, sites: Vec::new() });
        }
    }
    origins
}

/// Who goes to which site.
fn streams(scenario: &Scenario, network: &Network, origins: &mut [Origin]) -> Vec<Stream> {
    let mut room: Vec<Option<i64>> = network.sites.iter().map(|site| site.capacity).collect();
    let mut streams = Vec::new();
    for (index, origin) in origins.iter_mut().enumerate() {
        // of sites equally far the first by id
        origin.sites.sort_by_key(|&(time, site)| (time, scenario.sites[usize::from(site)].site_id.as_str()));
        let mut sent = 0;
        for &(_, site) in &origin.sites {
            let left = origin.people - sent;
            let taken = room[usize::from(site)].map_or(left, |room| left.min(room));
            if taken > 0 {
                streams.push(Stream { origin: index, site, after: sent, upto: sent + taken });
                sent += taken;
                room[usize::from(site)] = room[usize::from(site)].map(|room| room - taken);
            }
        }
    }
    streams
}

/// When so many of `all` people are ready, µs, rounded up.
pub(crate) fn ready_us(release: &ReleaseCurve, people: i64, all: i64) -> i64 {
    let share = float(people) / float(all.max(1));
    let points = release.points();
    let next = points.partition_point(|point| point.1 < share);
    let Some(&(time, at_time)) = points.get(next) else { return release.end() * 1000 };
    match next.checked_sub(1).map(|before| points[before]) {
        Some((from, at_from)) if time > from => {
            let into = (share - at_from) / (at_time - at_from) * float(time - from) * 1000.0;
            from * 1000 + ceil(into)
        }
        _ => time * 1000,
    }
}
