//! Who is where in each hour, from the exact replay of a plan's orders.

use crate::occupancy::{Occupancy, OccupancyKind, hourly, present};
use crate::rest::{RouteStops, StopUse};
use clearway_loading::exact::{SentOrder, watched_replay};
use clearway_model::{Plan, Scenario};
use clearway_network::{ElementIndex, ElementKind, Network, NetworkError, SiteIndex};
use std::collections::BTreeMap;

/// Why a plan cannot be replayed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReplayError {
    /// The scenario is no network.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// A route names what is not there or not for this class.
    #[error(
        "plan.json names '{0}', which its scenario does not have or does not open to this class; clearway verify says more"
    )]
    Unknown(String),
}

/// The route of an order as the network has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderPath {
    /// Elements from the zone's connector to the admission.
    pub elements: Vec<ElementIndex>,
    /// Index of the site.
    pub site: usize,
    /// Index of the route in the plan.
    pub route: usize,
}

/// Those who have least time in reserve before a hazard closes what they pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TightestReserve {
    /// Id of the zone that they come from.
    pub zone_id: String,
    /// When the hazard closes their zone, or a road, connector or site on their way, ms from time 0.
    pub hazard_ms: i64,
    /// When they are past it, ms from time 0.
    pub past_ms: i64,
}

impl TightestReserve {
    /// Whether these have less in reserve than others: less time for each ms they need.
    pub fn has_less_than(&self, other: &Self) -> bool {
        has_less(self.hazard_ms, self.past_ms, other.hazard_ms, other.past_ms)
    }
}

/// Whether hazard / past is the smaller of two.
fn has_less(hazard_ms: i64, past_ms: i64, other_hazard_ms: i64, other_past_ms: i64) -> bool {
    i128::from(hazard_ms) * i128::from(other_past_ms) < i128::from(other_hazard_ms) * i128::from(past_ms)
}

/// The one with less time in reserve.
pub fn tighter(known: Option<TightestReserve>, next: TightestReserve) -> Option<TightestReserve> {
    match known {
        Some(known) if !next.has_less_than(&known) => Some(known),
        _ => Some(next),
    }
}

/// What a plan's replay says of where people are.
#[derive(Debug, Clone)]
pub struct LoadedOccupancy {
    /// Zones in the order of their table, all routes, sites in the order of theirs.
    pub presences: Vec<Occupancy>,
    /// Who passes each stop.
    pub passed: Vec<StopUse>,
    /// Who has least time in reserve before a hazard; `None`: nobody passes anything that one closes later.
    pub tightest: Option<TightestReserve>,
}

/// Replays a plan. `stops` are places along its routes.
///
/// # Errors
/// A scenario that is no network, a route that is none of it.
pub fn replayed(
    scenario: &Scenario,
    plan: &Plan,
    network: &Network,
    ways: &[OrderPath],
    stops: &RouteStops,
) -> Result<LoadedOccupancy, ReplayError> {
    let sendings: Vec<SentOrder<'_>> = plan
        .orders
        .iter()
        .zip(ways)
        .map(|(order, way)| SentOrder {
            elements: &way.elements,
            people: order.people,
            from: order.depart_from_ms,
            until: order.depart_until_ms,
        })
        .collect();
    let hours = hourly(scenario.settings.horizon_ms);
    let mut passed = stops.none_passed(hours);
    let stretch = 1.0 + scenario.settings.margin_share;
    let mut tightest: Option<(i64, i64, usize)> = None;
    let replay = watched_replay(network, &sendings, plan.packet_people, stretch, |passing| {
        let way = &ways[passing.order];
        let element = way.elements[passing.position];
        let mut meets = |hazard_ms: i64, past_us: i64| {
            // rounded up: never more in reserve than there is
            let past_ms = (past_us + 999) / 1000;
            if hazard_ms >= past_ms {
                let is_tighter =
                    |(hazard, past, _): (i64, i64, usize)| has_less(hazard_ms, past_ms, hazard, past);
                if tightest.is_none_or(is_tighter) {
                    tightest = Some((hazard_ms, past_ms, passing.order));
                }
            }
        };
        for begin in network.hazards.get(&element).into_iter().flatten() {
            meets(*begin, passing.left);
        }
        if passing.position == 0
            && let Some(begin) = network.zone_of(element).and_then(|zone| network.zones[zone].overtaken_from)
        {
            meets(begin, passing.left - network.elements[element].tau * 1000);
        }
        if let Some(stop) = stops.at(way.route, passing.position) {
            passed[stop].count(passing.left, passing.people, stops.share(way.route));
        }
    });
    let zone_of: BTreeMap<&str, usize> =
        scenario.zones.iter().enumerate().map(|(i, zone)| (zone.zone_id.as_str(), i)).collect();
    let mut zones: Vec<Vec<(i64, i64)>> = vec![Vec::new(); scenario.zones.len()];
    let mut sites: Vec<Vec<(i64, i64)>> = vec![Vec::new(); scenario.sites.len()];
    let mut route = Vec::new();
    for packet in &replay.packets {
        let order = &plan.orders[packet.order];
        // a packet's last person leaves then: until then they are all counted at the origin
        let left = packet.departure / 1000;
        if let Some(zone) = zone_of.get(order.zone_id.as_str()) {
            zones[*zone].push((left, -packet.people));
        }
        route.push((left, packet.people));
        if let Some(arrival) = packet.arrival {
            let ms = (arrival + 999) / 1000;
            route.push((ms, -packet.people));
            sites[ways[packet.order].site].push((ms, packet.people));
        }
    }
    let mut presences = Vec::new();
    let origin = scenario.zones.iter().zip(&network.zones).zip(&mut zones);
    presences.extend(origin.map(|((row, zone), changes)| Occupancy {
        kind: OccupancyKind::Origin,
        place_id: row.zone_id.clone(),
        people: present(zone.people, changes, hours),
    }));
    let people = present(0, &mut route, hours);
    presences.push(Occupancy { kind: OccupancyKind::Route, place_id: String::new(), people });
    presences.extend(scenario.sites.iter().zip(&mut sites).map(|(row, changes)| Occupancy {
        kind: OccupancyKind::Site,
        place_id: row.site_id.clone(),
        people: present(0, changes, hours),
    }));
    let tightest = tightest.map(|(hazard_ms, past_ms, order)| TightestReserve {
        zone_id: plan.orders[order].zone_id.clone(),
        hazard_ms,
        past_ms,
    });
    Ok(LoadedOccupancy { presences, passed, tightest })
}

/// The route of every order.
///
/// # Errors
/// A route that names what the network does not have.
pub fn ways(scenario: &Scenario, plan: &Plan, network: &Network) -> Result<Vec<OrderPath>, ReplayError> {
    let (mut links, mut connectors) = (BTreeMap::new(), BTreeMap::new());
    for (at, element) in network.elements.iter_enumerated() {
        match element.kind {
            ElementKind::Link(i) => links.insert(scenario.links[i].link_id.as_str(), at),
            ElementKind::Connector(i) => connectors.insert(scenario.connectors[i].connector_id.as_str(), at),
            ElementKind::Admission(_) => None,
        };
    }
    let unknown = |id: &str| ReplayError::Unknown(id.to_owned());
    let mut routes: BTreeMap<&str, OrderPath> = BTreeMap::new();
    for (index, route) in plan.routes.iter().enumerate() {
        let of =
            |map: &BTreeMap<&str, ElementIndex>, id: &str| map.get(id).copied().ok_or_else(|| unknown(id));
        let mut elements = vec![of(&connectors, &route.from_connector)?];
        for link in &route.links {
            elements.push(of(&links, link)?);
        }
        elements.push(of(&connectors, &route.to_connector)?);
        let site = scenario.sites.iter().position(|site| site.site_id == route.site_id);
        let site = site.ok_or_else(|| unknown(&route.site_id))?;
        elements.push(network.sites[SiteIndex::from(site)].admission);
        routes.insert(&route.route_id, OrderPath { elements, site, route: index });
    }
    let of = |id: &str| routes.get(id).cloned().ok_or_else(|| unknown(id));
    plan.orders.iter().map(|order| of(&order.route_id)).collect()
}
