//! Random plans for small random scenarios: ways, whole people, departures that keep the mobilization curves and the sites'
//! capacities, so that whoever the exact replay brings there has come by an executable plan.

use clearway_instances::{Calm, small};
use clearway_loading::path::{PathIndex, PathPool};
use clearway_loading::schedule::{DepartureWindow, earliest_schedule};
use clearway_model::{
    Case, ClassOfUsers, ConnectorPlace, ConnectorRow, Context, LinkRow, Mode, NodeRow, Scenario, Settings,
    SiteRow, ZoneRow,
};
use clearway_network::search::free_times_to_sites;
use clearway_network::{ElementIndex, ElementKind, Network, PerZone, SiteIndex, ZoneIndex};
use clearway_plan::fit::fit_sites;
use clearway_plan::local_search::{groups_of, nearness};
use clearway_plan::orders::{PathOrder, PathStream, orders_of, streams_of};
use clearway_plan::seed::{UnrestrictedFlow, heaviest};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// Seeded chance.
pub struct Draw(ChaCha8Rng);

impl Draw {
    pub fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// 0 to `below` - 1.
    pub fn below(&mut self, below: usize) -> usize {
        (self.0.next_u64() % below as u64) as usize
    }

    /// In [from, until).
    pub fn between(&mut self, from: i64, until: i64) -> i64 {
        from + self.below((until - from) as usize) as i64
    }

    pub fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }
}

/// Settings of a scenario by hand, with cars of one person each.
pub fn settings(name: &str, start: &str, horizon_ms: i64) -> Settings {
    Settings {
        schema: Settings::SCHEMA.into(),
        name: name.into(),
        description: String::new(),
        context: Context::Exercise,
        start: start.into(),
        time_zone: "UTC".into(),
        horizon_ms,
        margin_share: 0.25,
        attribution: Vec::new(),
        class: vec![ClassOfUsers {
            id: "car".into(),
            mode: Mode::Vehicle,
            people_per_vehicle: Some(1.0),
            people_per_vehicle_low: None,
            people_per_vehicle_high: None,
            pcu_per_vehicle: 1.0,
        }],
    }
}

/// One road of so many people/h and so many ms from a zone to a site, a day long; and the elements of the way along it.
pub fn one_road(people_h: f64, time_ms: i64, people: i64) -> (Network, Vec<ElementIndex>) {
    let connector = |place, of: &str, node: &str| ConnectorRow {
        connector_id: of.into(),
        place,
        place_id: of.into(),
        node_id: node.into(),
        ..ConnectorRow::default()
    };
    let scenario = Scenario {
        settings: settings("one road", "2026-01-01T07:00:00+00:00", 24 * 3_600_000),
        nodes: ["A", "B"].map(|id| NodeRow { node_id: id.into(), ..NodeRow::default() }).into(),
        links: vec![LinkRow {
            link_id: "road".into(),
            from_node_id: "A".into(),
            to_node_id: "B".into(),
            capacity_pcu_h: Some(people_h),
            time_ms: Some(time_ms),
            ..LinkRow::default()
        }],
        zones: vec![ZoneRow { zone_id: "Z".into(), people, ..ZoneRow::default() }],
        sites: vec![SiteRow { site_id: "S".into(), ..SiteRow::default() }],
        connectors: vec![
            connector(ConnectorPlace::Zone, "Z", "A"),
            connector(ConnectorPlace::Site, "S", "B"),
        ],
        movements: Vec::new(),
        releases: Vec::new(),
        closures: Vec::new(),
        windows: Vec::new(),
        junctions: Vec::new(),
        sources: Vec::new(),
        assumptions: Vec::new(),
        groups: None,
        digest: String::new(),
    };
    let network = network(&scenario);
    let zone = network.zones.raw[0].connectors[0];
    let link = network.out_of(network.node_after(zone).unwrap())[0];
    let site = network.out_of(network.node_after(link).unwrap())[0];
    let way = vec![zone, link, site, network.sites.raw[0].admission];
    (network, way)
}

/// The small random scenario of a seed; one in four never closes anything.
pub fn scenario(seed: u64) -> Scenario {
    small(seed, if seed.is_multiple_of(4) { Calm::Open } else { Calm::Closing })
}

pub fn network(scenario: &Scenario) -> Network {
    Network::new(scenario, Case::Central).unwrap()
}

/// Up to `tries` random walks from a zone to sites, as ways.
pub fn random_ways(
    network: &Network,
    pool: &mut PathPool,
    zone: ZoneIndex,
    tries: usize,
    draw: &mut Draw,
) -> Vec<PathIndex> {
    let mut ways = Vec::new();
    for _ in 0..tries {
        let connectors = &network.zones[zone].connectors;
        let mut elements = vec![connectors[draw.below(connectors.len())]];
        // A walk that has not come to a site after some steps leads nowhere.
        for _ in 0..12 {
            let at = *elements.last().unwrap();
            let Some(to) = network.node_after(at) else {
                elements.push(network.sites[network.site_of(at).unwrap()].admission);
                break;
            };
            let out: Vec<ElementIndex> = network
                .out_of(to)
                .iter()
                .copied()
                .filter(|next| !network.banned.contains(&(at, *next)))
                .collect();
            if out.is_empty() {
                break;
            }
            elements.push(out[draw.below(out.len())]);
        }
        let last = *elements.last().unwrap();
        if matches!(network.elements[last].kind, ElementKind::Admission(_)) {
            let way = pool.insert(network, zone, &elements);
            if !ways.contains(&way) {
                ways.push(way);
            }
        }
    }
    ways
}

/// How many of the evacuees of a zone have been ready, and left, by the horizon under these departures.
fn can_leave(network: &Network, zone: ZoneIndex, schedule: &[DepartureWindow]) -> i64 {
    let share: f64 = schedule.iter().map(|d| d.share).sum();
    let evacuees = network.zones[zone].evacuees;
    if share >= 1.0 - 1e-9 { evacuees } else { (share * evacuees as f64).floor() as i64 }
}

/// People on the heaviest ways of the optimal flow, at most `ways` per zone, leaving as early as windows of `window` ms
/// allow.
pub fn orders_of_flow(
    network: &Network,
    free: &UnrestrictedFlow,
    ways: usize,
    window: i64,
) -> Vec<PathOrder> {
    let schedules: PerZone<_> =
        network.zones.iter().map(|z| earliest_schedule(&z.release, window, network.horizon)).collect();
    let moved: PerZone<i64> = schedules
        .iter_enumerated()
        .map(|(zone, schedule)| {
            let flow = free.moved[zone];
            let flow = if flow + 0.5 >= network.zones[zone].evacuees as f64 { i64::MAX } else { flow as i64 };
            can_leave(network, zone, schedule).min(flow)
        })
        .collect();
    let target: PerZone<f64> = moved.iter().map(|&m| m as f64).collect();
    let groups = groups_of(&schedules, &nearness(network, &free_times_to_sites(network)));
    let mut streams = streams_of(&groups, &heaviest(free, ways, &groups, &target), &moved);
    fit_sites(network, &free.pool, &mut streams);
    orders_of(&streams)
}

/// People on random ways, at most `ways` per zone, in random windows: as early as can be, or after everyone is ready.
pub fn random_orders(network: &Network, pool: &mut PathPool, ways: usize, draw: &mut Draw) -> Vec<PathOrder> {
    let mut streams = Vec::new();
    for zone in network.zones.keys() {
        let mut chosen = random_ways(network, pool, zone, 8, draw);
        chosen.truncate(ways);
        let release = &network.zones[zone].release;
        let window = draw.between(1, 900) * 1000;
        let schedule = if draw.one_in(3) && release.end() + 1 < network.horizon {
            let from = draw.between(release.end(), network.horizon);
            vec![DepartureWindow { from, until: (from + window).min(network.horizon), share: 1.0 }]
        } else {
            earliest_schedule(release, window, network.horizon)
        };
        let mut left = can_leave(network, zone, &schedule);
        for (index, &path) in chosen.iter().enumerate() {
            let people = if index + 1 == chosen.len() { left } else { draw.between(0, left + 1) };
            left -= people;
            streams.push(PathStream { zone, path, people, schedule: schedule.clone() });
        }
    }
    fit_sites(network, pool, &mut streams);
    orders_of(&streams)
}

/// Nobody leaves before being ready, at any end of a window or corner of a mobilization curve (semantics, Being executable).
pub fn assert_released(network: &Network, orders: &[PathOrder], what: &str) {
    for (index, zone) in network.zones.iter_enumerated() {
        let own: Vec<&PathOrder> = orders.iter().filter(|o| o.zone == index).collect();
        let mut times: Vec<i64> = own.iter().flat_map(|o| [o.from, o.until]).collect();
        times.extend(zone.release.points().iter().map(|p| p.0));
        for t in times {
            let sent: f64 = own
                .iter()
                .map(|o| o.people as f64 * ((t - o.from) as f64 / (o.until - o.from) as f64).clamp(0.0, 1.0))
                .sum();
            let ready = zone.evacuees as f64 * zone.release.share_before(t);
            assert!(
                t == 0 || sent <= ready + 0.001,
                "{what}: zone {index:?} at {t} ms: {sent} sent, {ready} ready"
            );
        }
    }
}

/// A plan's orders with its routes as ways.
pub fn orders_of_plan(
    scenario: &Scenario,
    network: &Network,
    plan: &clearway_model::Plan,
    pool: &mut PathPool,
) -> Vec<PathOrder> {
    let find = |kind: ElementKind| -> ElementIndex {
        network.elements.iter().position(|e| e.kind == kind).unwrap().into()
    };
    let connector = |id: &str| {
        find(ElementKind::Connector(scenario.connectors.iter().position(|c| c.connector_id == id).unwrap()))
    };
    let link =
        |id: &str| find(ElementKind::Link(scenario.links.iter().position(|l| l.link_id == id).unwrap()));
    let zone =
        |id: &str| -> ZoneIndex { scenario.zones.iter().position(|z| z.zone_id == id).unwrap().into() };
    let site =
        |id: &str| -> SiteIndex { scenario.sites.iter().position(|s| s.site_id == id).unwrap().into() };
    let mut way_of = std::collections::BTreeMap::new();
    for route in &plan.routes {
        let mut elements = vec![connector(&route.from_connector)];
        elements.extend(route.links.iter().map(|id| link(id)));
        elements.extend([connector(&route.to_connector), network.sites[site(&route.site_id)].admission]);
        let way = pool.insert(network, zone(&route.zone_id), &elements);
        assert_eq!(pool.get(way).elements, elements, "a route of the plan with a loop");
        way_of.insert(route.route_id.as_str(), way);
    }
    plan.orders
        .iter()
        .map(|order| PathOrder {
            zone: zone(&order.zone_id),
            path: way_of[order.route_id.as_str()],
            people: order.people,
            from: order.depart_from_ms,
            until: order.depart_until_ms,
        })
        .collect()
}
