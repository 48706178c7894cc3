//! Small random scenarios with everything the reference knows, for tests of proofs: a few nodes, closures and windows of
//! both kinds, mobilization curves, full sites, banned turns, ranges.

use crate::SeededDraw;
use clearway_model::number::{count, float, truncated};
use clearway_model::{
    ClassOfUsers, ClosureKind, ClosureRow, ClosureTarget, ConnectorPlace, ConnectorRow, Context, LinkRow,
    MobilizationRow, Mode, MovementRow, NodeRow, Scenario, Settings, SiteRow, WindowRow, WindowTarget,
    ZoneRow,
};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

const HORIZON_MS: i64 = 7_200_000;

/// How many closures and windows a small scenario has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Calm {
    /// Nothing ever closes, and nothing opens later.
    Open,
    /// Closures and windows of every kind.
    Closing,
}

impl SeededDraw {
    /// A whole number in [from, until).
    fn between(&mut self, from: i64, until: i64) -> i64 {
        from + truncated(self.unit() * float(until - from))
    }

    fn below(&mut self, below: usize) -> usize {
        count(self.unit() * float(below))
    }

    fn one_in(&mut self, n: i64) -> bool {
        self.between(0, n) == 0
    }

    fn maybe<T>(&mut self, n: i64, value: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.one_in(n).then(|| value(self))
    }
}

/// Makes a small random scenario of 3 to 8 nodes with a horizon of two hours; it always passes `clearway check`'s rules on
/// single figures, but people may well have no way out in time.
pub fn small(seed: u64, calm: Calm) -> Scenario {
    let mut draw = SeededDraw(ChaCha8Rng::seed_from_u64(seed));
    let walk = draw.one_in(5);
    let mut scenario = Scenario {
        settings: settings(&mut draw, seed, walk),
        nodes: Vec::new(),
        links: Vec::new(),
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
    let nodes = 3 + draw.below(6);
    for n in 0..nodes {
        // On a small circle, 1 km across, so that lengths fit coordinates.
        let angle = float(n) / float(nodes) * std::f64::consts::TAU;
        scenario.nodes.push(NodeRow {
            node_id: format!("n{n}"),
            name: String::new(),
            x_coord: crate::round6(10.0 + 0.0045 * angle.cos()),
            y_coord: crate::round6(0.0045 * angle.sin()),
        });
    }
    add_links(&mut scenario, &mut draw, nodes, walk);
    add_places(&mut scenario, &mut draw, nodes);
    if calm == Calm::Closing {
        add_closures(&mut scenario, &mut draw);
        add_windows(&mut scenario, &mut draw);
    }
    scenario
}

fn settings(draw: &mut SeededDraw, seed: u64, walk: bool) -> Settings {
    Settings {
        schema: Settings::SCHEMA.to_owned(),
        name: format!("small random scenario {seed}"),
        description: "Made by a seeded generator; no real place.".to_owned(),
        context: Context::Exercise,
        start: "2024-01-01T08:00:00+00:00".to_owned(),
        time_zone: "UTC".to_owned(),
        horizon_ms: HORIZON_MS,
        margin_share: 0.25,
        attribution: Vec::new(),
        class: vec![ClassOfUsers {
            id: "them".to_owned(),
            mode: if walk { Mode::Walk } else { Mode::Vehicle },
            people_per_vehicle: (!walk).then_some(if draw.one_in(2) { 1.0 } else { 2.3 }),
            people_per_vehicle_low: None,
            people_per_vehicle_high: draw.maybe(3, |_| 2.9).filter(|_| !walk),
            pcu_per_vehicle: if draw.one_in(3) { 1.5 } else { 1.0 },
        }],
    }
}

fn add_links(scenario: &mut Scenario, draw: &mut SeededDraw, nodes: usize, walk: bool) {
    // A ring both ways, with gaps, and some chords.
    let mut ends: Vec<(usize, usize)> = Vec::new();
    for n in 0..nodes {
        let next = (n + 1) % nodes;
        ends.extend([(n, next), (next, n)].into_iter().filter(|_| !draw.one_in(8)));
    }
    for _ in 0..draw.below(6) {
        let (a, b) = (draw.below(nodes), draw.below(nodes));
        ends.extend((a != b).then_some((a, b)));
    }
    for (index, &(from, to)) in ends.iter().enumerate() {
        let capacity = float(draw.between(100, 2000));
        // Free speeds from 9 to 90 km/h, so that the times are believable.
        let (a, b) = (&scenario.nodes[from], &scenario.nodes[to]);
        let (dx, dy) = ((a.x_coord - b.x_coord) * 111_320.0, (a.y_coord - b.y_coord) * 110_574.0);
        let length = (dx * dx + dy * dy).sqrt() * (1.0 + draw.unit() * 8.0);
        let speed = if walk { 0.8 + draw.unit() } else { 2.5 + 22.5 * draw.unit() };
        let time = truncated(length / speed * 1000.0).max(1);
        let figure = |on: bool| on.then_some(capacity);
        let (low, high) = (draw.maybe(3, |_| capacity * 0.7), draw.maybe(3, |_| capacity * 1.6));
        let fast = draw.maybe(3, |_| time - time / 10);
        scenario.links.push(LinkRow {
            link_id: format!("l{index}"),
            name: format!("Road {index}"),
            from_node_id: format!("n{from}"),
            to_node_id: format!("n{to}"),
            directed: "true".to_owned(),
            length_m: Some((length * 10.0).round() / 10.0),
            capacity_pcu_h: figure(!walk),
            capacity_pcu_h_low: low.filter(|_| !walk),
            capacity_pcu_h_high: high.filter(|_| !walk),
            reserved_pcu_h: draw.maybe(6, |_| 50.0).filter(|_| !walk),
            time_ms: Some(time),
            time_ms_low: fast.filter(|_| !walk),
            walk_capacity_people_h: figure(walk),
            walk_capacity_people_h_low: low.filter(|_| walk),
            walk_capacity_people_h_high: high.filter(|_| walk),
            walk_time_ms: walk.then_some(time),
            walk_time_ms_low: fast.filter(|_| walk),
            ..LinkRow::default()
        });
    }
    for (a, first) in ends.iter().enumerate() {
        for (b, second) in ends.iter().enumerate().filter(|(_, second)| first.1 == second.0) {
            if draw.one_in(9) {
                scenario.movements.push(MovementRow {
                    mvmt_id: format!("m{}", scenario.movements.len()),
                    node_id: format!("n{}", second.0),
                    ib_link_id: format!("l{a}"),
                    ob_link_id: format!("l{b}"),
                    prohibited: "1".to_owned(),
                });
            }
        }
    }
}

fn add_places(scenario: &mut Scenario, draw: &mut SeededDraw, nodes: usize) {
    for z in 0..1 + draw.below(3) {
        let people = draw.between(20, 600);
        let mobilization_id = draw.maybe(2, |_| format!("r{z}"));
        if let Some(id) = &mobilization_id {
            let (first, jump) = (draw.between(0, 600_000), draw.between(600_000, 1_500_000));
            let last = jump + draw.between(0, 900_000);
            for (time_ms, share) in
                [(first, 0.1 * draw.unit()), (jump, 0.4), (jump, 0.4 + 0.3 * draw.unit()), (last, 1.0)]
            {
                scenario.releases.push(MobilizationRow { mobilization_id: id.clone(), time_ms, share });
            }
        }
        scenario.zones.push(ZoneRow {
            zone_id: format!("z{z}"),
            name: format!("Zone {z}"),
            people,
            people_low: draw.maybe(3, |_| people - 5),
            stay_people: draw.maybe(4, |draw| draw.between(1, 15)),
            mobilization_id: mobilization_id.unwrap_or_default(),
            ..ZoneRow::default()
        });
        connect(scenario, draw, nodes, ConnectorPlace::Zone, z);
    }
    for s in 0..1 + draw.below(3) {
        scenario.sites.push(SiteRow {
            site_id: format!("s{s}"),
            name: format!("Site {s}"),
            capacity_people: draw.maybe(3, |draw| draw.between(50, 500)),
            admission_people_h: draw.maybe(3, |draw| float(draw.between(200, 1500))),
            open_from_ms: draw.maybe(5, |draw| draw.between(1, 1_500_000)),
            open_until_ms: draw.maybe(6, |draw| draw.between(3_000_000, HORIZON_MS)),
            ..SiteRow::default()
        });
        connect(scenario, draw, nodes, ConnectorPlace::Site, s);
    }
}

fn connect(
    scenario: &mut Scenario,
    draw: &mut SeededDraw,
    nodes: usize,
    place: ConnectorPlace,
    index: usize,
) {
    let letter = if place == ConnectorPlace::Zone { 'z' } else { 's' };
    let first = draw.below(nodes);
    for k in 0..1 + draw.below(2) {
        scenario.connectors.push(ConnectorRow {
            connector_id: format!("c{}", scenario.connectors.len()),
            place,
            place_id: format!("{letter}{index}"),
            node_id: format!("n{}", (first + k) % nodes),
            time_ms: draw.between(0, 2) * 30_000,
            capacity_pcu_h: draw.maybe(5, |draw| float(draw.between(200, 900))),
            ..ConnectorRow::default()
        });
    }
}

fn pick<'a, T>(draw: &mut SeededDraw, rows: &'a [T]) -> Option<&'a T> {
    if rows.is_empty() { None } else { rows.get(draw.below(rows.len())) }
}

fn kind(draw: &mut SeededDraw) -> ClosureKind {
    if draw.one_in(2) { ClosureKind::Entry } else { ClosureKind::Presence }
}

fn add_closures(scenario: &mut Scenario, draw: &mut SeededDraw) {
    for k in 0..draw.below(5) {
        let from_ms = draw.between(0, HORIZON_MS);
        let length = draw.between(1, 900_000);
        let any = kind(draw);
        let target = match draw.between(0, 8) {
            0 => {
                pick(draw, &scenario.nodes).map(|n| (ClosureTarget::Node, &n.node_id, ClosureKind::Presence))
            }
            1 => pick(draw, &scenario.zones).map(|z| (ClosureTarget::Zone, &z.zone_id, any)),
            2 => pick(draw, &scenario.sites).map(|s| (ClosureTarget::Site, &s.site_id, ClosureKind::Entry)),
            _ => pick(draw, &scenario.links).map(|l| (ClosureTarget::Link, &l.link_id, any)),
        };
        let Some((target, target_id, kind)) = target.map(|(target, id, kind)| (target, id.clone(), kind))
        else {
            continue;
        };
        let ends = draw.one_in(2);
        scenario.closures.push(ClosureRow {
            closure_id: format!("k{k}"),
            target,
            target_id,
            from_ms,
            until_ms: ends.then_some(from_ms + length),
            repeat_every_ms: draw.maybe(3, |_| 1_000_000).filter(|_| ends),
            repeat_until_ms: None,
            kind,
            cause: String::new(),
        });
    }
}

fn add_windows(scenario: &mut Scenario, draw: &mut SeededDraw) {
    for k in 0..draw.below(4) {
        let target = match draw.between(0, 5) {
            0 => Some((WindowTarget::AllLinks, "*".to_owned())),
            1 => pick(draw, &scenario.zones).map(|z| (WindowTarget::Zone, z.zone_id.clone())),
            2 => pick(draw, &scenario.sites).map(|s| (WindowTarget::Site, s.site_id.clone())),
            _ => pick(draw, &scenario.links).map(|l| (WindowTarget::Link, l.link_id.clone())),
        };
        let Some((target, target_id)) = target else { continue };
        let from_ms = draw.between(0, 900_000);
        let length = draw.between(600_000, 1_600_000);
        scenario.windows.push(WindowRow {
            window_id: format!("w{k}"),
            target,
            target_id,
            from_ms,
            until_ms: Some(from_ms + length),
            repeat_every_ms: Some(1_800_000),
            repeat_until_ms: None,
            kind: kind(draw),
            cause: String::new(),
        });
    }
}
