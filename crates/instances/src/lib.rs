//! Seeded synthetic cities for tests and benchmarks: the same scenario on every machine and in every release.
//!
//! A city is a jittered street grid with arterials, some streets missing; zones are square blocks of nodes, exits stand
//! where arterials meet the edge. Nothing in it is a real place.

mod small;

pub use small::{Calm, small};

use clearway_model::number::{ceil, compact, count, float, index, round, truncated};
use clearway_model::time::ms_from_seconds;
use clearway_model::{
    ClassOfUsers, ClosureKind, ClosureRow, ClosureTarget, ConnectorPlace, ConnectorRow, Context, LinkRow,
    Mode, NodeRow, Scenario, Settings, SiteRow, ZoneRow,
};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// What city to make.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CityRequest {
    /// Seed of all chance.
    pub seed: u64,
    /// Nodes per side; links are about four times the square.
    pub side: u32,
    /// Zones per side of the square, at most the nodes per side.
    pub zones_side: u32,
    /// People in all zones together.
    pub people: i64,
    /// Holding capacity of all sites together as a multiple of the people; `None`: no limit.
    pub capacity_ratio: Option<f64>,
    /// A hazard front moving in from the west, m/s; `None`: none.
    pub front_m_s: Option<f64>,
    /// End of the planning horizon, h after the start.
    pub horizon_h: i64,
}

impl Default for CityRequest {
    fn default() -> Self {
        let (capacity_ratio, front_m_s) = (None, None);
        Self { seed: 1, side: 60, zones_side: 14, people: 400_000, capacity_ratio, front_m_s, horizon_h: 72 }
    }
}

const SPACING_M: f64 = 350.0;
const ARTERIAL: u32 = 8;

/// Random numbers of one named stream: ChaCha8, which gives the same on every machine.
struct SeededDraw(ChaCha8Rng);

impl SeededDraw {
    /// The next number of the stream, evenly spread in [0, 1).
    fn unit(&mut self) -> f64 {
        float(self.0.next_u64() >> 11) / float(1u64 << 53)
    }
}

/// Makes a city. Equal requests give equal scenarios, on every machine.
pub fn city(request: &CityRequest) -> Scenario {
    let mut draw = SeededDraw(ChaCha8Rng::seed_from_u64(request.seed));
    let side = request.side.max(2);
    let nodes: Vec<NodeRow> = (0..side * side)
        .map(|i| {
            let x = f64::from(i % side) + 0.3 * (draw.unit() - 0.5);
            let y = f64::from(i / side) + 0.3 * (draw.unit() - 0.5);
            NodeRow {
                node_id: format!("n{i}"),
                name: String::new(),
                x_coord: round6(x * SPACING_M / 111_320.0),
                y_coord: round6(y * SPACING_M / 110_574.0),
            }
        })
        .collect();
    let mut links = Vec::new();
    for y in 0..side {
        for x in 0..side {
            let here = y * side + x;
            if x + 1 < side {
                street(&mut links, &mut draw, &nodes, here, here + 1, y % ARTERIAL == ARTERIAL / 2);
            }
            if y + 1 < side {
                street(&mut links, &mut draw, &nodes, here, here + side, x % ARTERIAL == ARTERIAL / 2);
            }
        }
    }
    let mut scenario = Scenario {
        settings: settings(request),
        nodes,
        links,
        movements: Vec::new(),
        zones: Vec::new(),
        releases: Vec::new(),
        sites: Vec::new(),
        connectors: Vec::new(),
        closures: Vec::new(),
        windows: Vec::new(),
        junctions: Vec::new(),
        sources: Vec::new(),
        assumptions: Vec::new(),
        groups: None,
        digest: String::new(),
    };
    add_zones(&mut scenario, &mut draw, request, side);
    add_sites(&mut scenario, request, side);
    if let Some(speed) = request.front_m_s {
        add_front(&mut scenario, speed);
    }
    scenario
}

fn round6(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

fn settings(request: &CityRequest) -> Settings {
    Settings {
        schema: Settings::SCHEMA.to_owned(),
        name: format!("synthetic city, seed {}, {} x {} nodes", request.seed, request.side, request.side),
        description: "Made by a seeded generator; no real place.".to_owned(),
        context: Context::Exercise,
        start: "2024-01-01T08:00:00+00:00".to_owned(),
        time_zone: "UTC".to_owned(),
        horizon_ms: request.horizon_h * 3_600_000,
        margin_share: 0.25,
        attribution: Vec::new(),
        class: vec![ClassOfUsers {
            id: "car".to_owned(),
            mode: Mode::Vehicle,
            people_per_vehicle: Some(2.5),
            people_per_vehicle_low: Some(2.0),
            people_per_vehicle_high: Some(3.0),
            pcu_per_vehicle: 1.0,
        }],
    }
}

fn street(
    links: &mut Vec<LinkRow>,
    draw: &mut SeededDraw,
    nodes: &[NodeRow],
    a: u32,
    b: u32,
    arterial: bool,
) {
    if !arterial && draw.unit() < 0.18 {
        return;
    }
    let (na, nb) = (&nodes[index(a)], &nodes[index(b)]);
    let (dx, dy) = ((na.x_coord - nb.x_coord) * 111_320.0, (na.y_coord - nb.y_coord) * 110_574.0);
    let length = (dx * dx + dy * dy).sqrt();
    let oneway = !arterial && draw.unit() < 0.1;
    let (speed, lanes, per_lane) =
        if arterial { (60.0, 2.0, 900.0) } else { (30.0 + 20.0 * draw.unit(), 1.0, 600.0) };
    let speed = f64::round(speed);
    for (from, to) in [(a, b), (b, a)].into_iter().take(if oneway { 1 } else { 2 }) {
        let capacity = per_lane * lanes;
        links.push(LinkRow {
            link_id: format!("l{}", links.len()),
            from_node_id: format!("n{from}"),
            to_node_id: format!("n{to}"),
            directed: "true".to_owned(),
            facility_type: if arterial { "primary" } else { "residential" }.to_owned(),
            lanes: Some(lanes),
            free_speed: Some(speed),
            length_m: Some((length * 10.0).round() / 10.0),
            capacity_pcu_h: Some(capacity),
            capacity_pcu_h_low: Some(capacity * 0.75),
            capacity_pcu_h_high: Some(capacity * 1.2),
            time_ms: Some(ms_from_seconds(length / (speed / 3.6))),
            ..LinkRow::default()
        });
    }
}

fn add_zones(scenario: &mut Scenario, draw: &mut SeededDraw, request: &CityRequest, side: u32) {
    let per = request.zones_side.clamp(1, side);
    let weights: Vec<f64> = (0..per * per).map(|_| 0.3 + draw.unit()).collect();
    let total: f64 = weights.iter().sum();
    let mut given = 0;
    let mut cumulative = 0.0;
    for (index, weight) in weights.iter().enumerate() {
        cumulative += weight;
        // Shares of the running sum: whole people that add up exactly.
        let upto = round(float(request.people) * cumulative / total);
        let (zx, zy) = (compact(index) % per, compact(index) / per);
        let zone_id = format!("z{}", index + 1);
        scenario.zones.push(ZoneRow {
            zone_id: zone_id.clone(),
            name: format!("Zone {}", index + 1),
            people: upto - given,
            ..ZoneRow::default()
        });
        given = upto;
        let cell = f64::from(side) / f64::from(per);
        for corner in 0..6u32 {
            let x = compact(count((f64::from(zx) + draw.unit()) * cell));
            let y = compact(count((f64::from(zy) + draw.unit()) * cell));
            scenario.connectors.push(ConnectorRow {
                connector_id: format!("c{}_{corner}", index + 1),
                place: ConnectorPlace::Zone,
                place_id: zone_id.clone(),
                node_id: format!("n{}", y.min(side - 1) * side + x.min(side - 1)),
                time_ms: 60_000,
                ..ConnectorRow::default()
            });
        }
    }
}

fn add_sites(scenario: &mut Scenario, request: &CityRequest, side: u32) {
    // Every second arterial ends in an exit on each side of the square.
    let lines: Vec<u32> = (0..side).filter(|x| x % (2 * ARTERIAL) == ARTERIAL / 2).collect();
    let mut ends: Vec<u32> = Vec::new();
    for &line in &lines {
        ends.extend([line, (side - 1) * side + line, line * side, line * side + side - 1]);
    }
    let capacity =
        request.capacity_ratio.map(|ratio| ceil(float(request.people) * ratio / float(ends.len())));
    for (index, node) in ends.iter().enumerate() {
        let site_id = format!("s{}", index + 1);
        scenario.sites.push(SiteRow {
            site_id: site_id.clone(),
            name: format!("Exit {}", index + 1),
            capacity_people: capacity,
            ..SiteRow::default()
        });
        scenario.connectors.push(ConnectorRow {
            connector_id: format!("d{}", index + 1),
            place: ConnectorPlace::Site,
            place_id: site_id,
            node_id: format!("n{node}"),
            time_ms: 0,
            capacity_pcu_h: Some(1800.0),
            ..ConnectorRow::default()
        });
    }
}

/// A front from the west: each link is closed to presence from when the front reaches its western end, the last third of the
/// city never.
fn add_front(scenario: &mut Scenario, speed: f64) {
    let east = scenario.nodes.iter().map(|n| n.x_coord).fold(0.0, f64::max);
    let x_of: std::collections::BTreeMap<&str, f64> =
        scenario.nodes.iter().map(|n| (n.node_id.as_str(), n.x_coord)).collect();
    let mut closures = Vec::new();
    for link in &scenario.links {
        let west = x_of[link.from_node_id.as_str()].min(x_of[link.to_node_id.as_str()]);
        if west < east * 0.6 {
            closures.push(ClosureRow {
                closure_id: format!("front:{}", link.link_id),
                target: ClosureTarget::Link,
                target_id: link.link_id.clone(),
                from_ms: 3_600_000 + truncated(west * 111_320.0 / speed * 1000.0),
                kind: ClosureKind::Presence,
                cause: "front".to_owned(),
                ..ClosureRow::default()
            });
        }
    }
    scenario.closures = closures;
}
