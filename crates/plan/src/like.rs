//! Beginning with an earlier plan: its routes and shares, as far as they still lead to places with room. So a plan changes where
//! the picture has changed and hardly elsewhere.

use crate::local_search::{Mix, ZoneGroup};
use clearway_loading::path::{PathIndex, PathPool};
use clearway_model::number::float;
use clearway_model::{Plan, Route, Scenario};
use clearway_network::{ElementIndex, ElementKind, Network, PerZone, SiteIndex, ZoneIndex};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Who is to move, and by which paths without an earlier plan.
#[derive(Debug, Clone, Copy)]
pub struct FreshMix<'a> {
    /// Who leaves together: people of a zone within some windows.
    pub groups: &'a [ZoneGroup],
    /// People per zone who are to be moved.
    pub target: &'a PerZone<f64>,
    /// Per group, paths and people.
    pub mix: &'a Mix,
}

/// The mix of an earlier plan for these groups. Zones that it does not name, whose routes are not
/// there any more, or whose sites would get more than they hold, take theirs from `fresh`.
pub fn begin(
    scenario: &Scenario,
    network: &Network,
    earlier: &Plan,
    fresh: FreshMix<'_>,
    pool: &mut PathPool,
) -> Mix {
    let FreshMix { groups, target, mix: fresh } = fresh;
    let ways = ways_of(scenario, network, earlier, pool);
    let mut given: BTreeSet<ZoneIndex> = ways.keys().copied().collect();
    loop {
        let mut mix = Mix::new();
        for (index, group) in groups.iter().enumerate() {
            let shares = ways.get(&group.zone).filter(|_| given.contains(&group.zone));
            let all: f64 = shares.iter().flat_map(|s| s.values()).sum();
            let people = target[group.zone] * group.share;
            mix.push(match shares {
                Some(shares) if people > 0.0 => {
                    shares.iter().map(|(&way, n)| (way, n / all * people)).collect()
                }
                _ => fresh[index].clone(),
            });
        }
        let overfull = overfull(network, pool, &mix);
        let before = given.len();
        for (group, ways) in groups.iter().zip(&mix) {
            if ways.iter().any(|w| overfull.contains(&pool.get(w.0).site)) {
                given.remove(&group.zone);
            }
        }
        if given.len() == before {
            return mix;
        }
    }
}

/// Finds elements, zones and sites of a network by the ids that routes have.
pub(crate) struct RouteReader<'a> {
    network: &'a Network,
    links: HashMap<&'a str, ElementIndex>,
    connectors: HashMap<&'a str, ElementIndex>,
    zones: HashMap<&'a str, ZoneIndex>,
}

impl<'a> RouteReader<'a> {
    pub fn new(scenario: &'a Scenario, network: &'a Network) -> Self {
        let mut links: HashMap<&str, ElementIndex> = HashMap::new();
        let mut connectors: HashMap<&str, ElementIndex> = HashMap::new();
        for (of, element) in network.elements.iter_enumerated() {
            match element.kind {
                ElementKind::Link(row) => {
                    links.insert(scenario.links[row].link_id.as_str(), of);
                }
                ElementKind::Connector(row) => {
                    connectors.insert(scenario.connectors[row].connector_id.as_str(), of);
                }
                ElementKind::Admission(_) => {}
            }
        }
        let ids = scenario.zones.iter().map(|z| z.zone_id.as_str());
        let zones = ids.zip(network.zones.keys()).collect();
        Self { network, links, connectors, zones }
    }

    /// The zone of an id.
    pub fn zone(&self, id: &str) -> Option<ZoneIndex> {
        self.zones.get(id).copied()
    }

    /// What a route passes; `None` where it is not there any more.
    pub fn elements(&self, route: &Route) -> Option<Vec<ElementIndex>> {
        let network = self.network;
        let mut elements = vec![*self.connectors.get(route.from_connector.as_str())?];
        for link in &route.links {
            elements.push(*self.links.get(link.as_str())?);
        }
        let last = *self.connectors.get(route.to_connector.as_str())?;
        let site = &network.sites[network.site_of(last)?];
        elements.extend([last, site.admission]);
        let joined = elements[..elements.len() - 1]
            .windows(2)
            .all(|pair| network.node_after(pair[0]) == network.node_before(pair[1]));
        joined.then_some(elements)
    }
}

/// Per zone, the ways that are still there and how many people took each.
fn ways_of(
    scenario: &Scenario,
    network: &Network,
    earlier: &Plan,
    pool: &mut PathPool,
) -> BTreeMap<ZoneIndex, BTreeMap<PathIndex, f64>> {
    let reader = RouteReader::new(scenario, network);
    let mut people: HashMap<&str, f64> = HashMap::new();
    for order in &earlier.orders {
        *people.entry(order.route_id.as_str()).or_default() += float(order.people);
    }
    let mut ways: BTreeMap<ZoneIndex, BTreeMap<PathIndex, f64>> = BTreeMap::new();
    for route in &earlier.routes {
        let (Some(zone), Some(&n)) = (reader.zone(&route.zone_id), people.get(route.route_id.as_str()))
        else {
            continue;
        };
        if let Some(elements) = reader.elements(route).filter(|_| n > 0.0) {
            let way = pool.insert(network, zone, &elements);
            *ways.entry(zone).or_default().entry(way).or_default() += n;
        }
    }
    ways
}

/// Sites that get more than they hold.
fn overfull(network: &Network, pool: &PathPool, mix: &Mix) -> BTreeSet<SiteIndex> {
    let mut sums: BTreeMap<SiteIndex, f64> = BTreeMap::new();
    for &(way, people) in mix.iter().flatten() {
        *sums.entry(pool.get(way).site).or_default() += people;
    }
    let holds = |site: SiteIndex| network.sites[site].capacity.map_or(f64::INFINITY, float);
    sums.into_iter().filter(|&(site, people)| people > holds(site) + 0.5).map(|s| s.0).collect()
}

/// People who take the same route in two plans: per zone and route the smaller number, summed.
pub fn kept_people(earlier: &Plan, plan: &Plan) -> i64 {
    let before = by_route(earlier);
    by_route(plan).iter().map(|(route, n)| before.get(route).map_or(0, |before| *n.min(before))).sum()
}

type WayOfZone<'a> = (&'a str, &'a str, &'a [String], &'a str);

fn by_route(plan: &Plan) -> BTreeMap<WayOfZone<'_>, i64> {
    let mut people: BTreeMap<&str, i64> = BTreeMap::new();
    for order in &plan.orders {
        *people.entry(order.route_id.as_str()).or_default() += order.people;
    }
    let mut sums: BTreeMap<WayOfZone<'_>, i64> = BTreeMap::new();
    for route in &plan.routes {
        let of = (
            route.zone_id.as_str(),
            route.from_connector.as_str(),
            route.links.as_slice(),
            route.to_connector.as_str(),
        );
        *sums.entry(of).or_default() += people.get(route.route_id.as_str()).copied().unwrap_or(0);
    }
    sums
}
