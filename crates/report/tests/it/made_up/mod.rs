//! A synthetic island with a plan on it, for looking at the outputs and for testing them. The figures are typed or follow
//! from simple formulas; no solver made them, and nothing of it is a real place.

mod places;

use clearway_model::*;
use clearway_report::{MapShapes, PlanReport};
use places::{DIGEST, SITES, ZONES, position, scenario, settings, way};
use serde_json::json;

/// Everything a [`PlanReport`] borrows.
pub struct MadeUp {
    pub scenario: Scenario,
    pub shapes: MapShapes,
    pub plan: Plan,
    pub summary: Summary,
    pub curve: Vec<CurvePoint>,
    pub zones: Vec<ZoneOutcome>,
    pub bottlenecks: Vec<Bottleneck>,
    pub overflowing: Vec<OverflowingLink>,
}

impl MadeUp {
    pub fn report(&self) -> PlanReport<'_> {
        PlanReport {
            scenario: &self.scenario,
            shapes: Some(&self.shapes),
            plan: &self.plan,
            summary: &self.summary,
            curve: &self.curve,
            zones: &self.zones,
            bottlenecks: &self.bottlenecks,
            overflowing: &self.overflowing,
        }
    }
}

const ROUTES: [(usize, usize, i64); 13] = [
    (0, 1, 6_000),
    (0, 3, 2_300),
    (0, 2, 5_500),
    (1, 0, 6_800),
    (1, 2, 3_000),
    (2, 1, 6_000),
    (2, 2, 5_350),
    (3, 2, 9_300),
    (3, 0, 7_000),
    (4, 0, 7_400),
    (5, 2, 7_980),
    (6, 2, 9_300),
    (7, 0, 4_600),
];

fn plan() -> Plan {
    let mut routes = Vec::new();
    let mut orders = Vec::new();
    for (i, (zone, site, people)) in ROUTES.iter().enumerate() {
        let (z, s) = (ZONES[*zone], SITES[*site]);
        let id = format!("R{}", i + 1);
        routes.push(Route {
            route_id: id.clone(),
            zone_id: format!("Z{}", zone + 1),
            site_id: format!("S{}", site + 1),
            from_connector: format!("CZ{}", zone + 1),
            links: way((z.1, z.2), (s.1, s.2)),
            to_connector: format!("CS{}", site + 1),
        });
        let windows = 6 + (i as i64 * 5) % 9;
        for w in 0..windows {
            let share = |n: i64| people * n / windows;
            let from = (w + i as i64 % 3) * 900_000;
            orders.push(MovementOrder {
                order_id: orders.len() as i64 + 1,
                zone_id: format!("Z{}", zone + 1),
                group: "all".to_owned(),
                class: "car".to_owned(),
                people: share(w + 1) - share(w),
                depart_from_ms: from,
                depart_until_ms: from + 900_000,
                route_id: id.clone(),
            });
        }
    }
    let mut not_moved: Vec<NotMoved> = ZONES
        .iter()
        .enumerate()
        .filter(|(_, z)| z.4 > 0)
        .map(|(i, z)| NotMoved {
            zone_id: format!("Z{}", i + 1),
            people: z.4,
            outcome: Outcome::NotEvacuated,
            reason: Reason::Stays,
        })
        .collect();
    not_moved.push(NotMoved {
        zone_id: "Z8".to_owned(),
        people: 600,
        outcome: Outcome::Overtaken,
        reason: Reason::Hazard,
    });
    not_moved.push(NotMoved {
        zone_id: "Z9".to_owned(),
        people: 1_800,
        outcome: Outcome::NotEvacuated,
        reason: Reason::NoRoad,
    });
    Plan {
        schema: Plan::SCHEMA.to_owned(),
        scenario: DIGEST.to_owned(),
        tool: TOOL.to_owned(),
        case: Case::Central,
        routes_per_zone: Some(3),
        convergent: false,
        window_ms: 900_000,
        packet_people: 5,
        routes,
        orders,
        not_moved,
    }
}

fn zones(plan: &Plan) -> Vec<ZoneOutcome> {
    ZONES
        .iter()
        .enumerate()
        .map(|(i, z)| {
            let id = format!("Z{}", i + 1);
            let not_moved: Vec<_> = plan
                .not_moved
                .iter()
                .filter(|n| n.zone_id == id)
                .map(|n| (n.outcome, n.reason, n.people))
                .collect();
            let sum = |o: Outcome| not_moved.iter().filter(|n| n.0 == o).map(|n| n.2).sum::<i64>();
            let (overtaken, left) = (sum(Outcome::Overtaken), sum(Outcome::NotEvacuated));
            let arrived = z.3 - overtaken - left;
            let some = |t: f64| (arrived > 0).then_some(t + i as f64 * 611.25);
            let hazard = matches!(i, 1 | 4 | 7);
            let if_hazard = |t: f64| hazard.then_some(t);
            ZoneOutcome {
                zone_id: id,
                name: z.0.to_owned(),
                people: z.3,
                arrived,
                overtaken,
                not_evacuated: left,
                not_moved,
                first_departure_s: some(0.0),
                last_departure_s: some(9_900.0),
                last_arrival_s: some(21_304.318),
                hazard_s: if_hazard(if i == 7 { 7_200.0 } else { 25_200.0 }),
                latest_departure_bound_s: if_hazard(18_000.0),
                latest_departure_plan_s: if i == 7 { None } else { if_hazard(14_400.5) },
                latest_order_bound_s: if_hazard(6_245.75),
                latest_order_plan_s: if i == 7 { None } else { if_hazard(3_600.5) },
            }
        })
        .collect()
}

fn curve() -> Vec<CurvePoint> {
    const MOVERS: f64 = 82_930.0;
    (0..=2880)
        .map(|minute| {
            let t = f64::from(minute) * 60.0;
            let rise = |start: f64, per_s: f64, end: f64| ((t - start).max(0.0) * per_s).min(end);
            let arrived =
                rise(900.0, 2.9, 45_000.0) + rise(3_000.0, 1.55, 26_000.0) + rise(6_000.0, 0.9, 9_530.0);
            let proven =
                rise(540.0, 3.2, 50_000.0) + rise(2_400.0, 1.6, 27_000.0) + rise(5_000.0, 0.9, 4_130.0);
            CurvePoint {
                time_s: t,
                arrived_people: arrived as i64,
                bound_people: proven.ceil() as i64,
                departed_people: rise(0.0, 6.4, MOVERS - 2_400.0) as i64,
            }
        })
        .collect()
}

fn overflowing() -> Vec<OverflowingLink> {
    let link = |id: &str, name: &str, room_vehicles, peak_vehicles, overflow_vehicle_min| OverflowingLink {
        link_id: id.to_owned(),
        name: name.to_owned(),
        room_vehicles,
        peak_vehicles,
        overflow_vehicle_min,
        from_s: 1_240.5,
        until_s: 9_300.25,
    };
    vec![link("12.6-13.6", "Ring Road East", 107, 211.4, 8_000.25), link("4.2-5.2", "", 53, 61.0, 1_120.0)]
}

fn bottlenecks() -> Vec<Bottleneck> {
    let link = |rank, id: &str, name: &str, from_s, until_s, extra| Bottleneck {
        rank,
        element: BottleneckKind::Link,
        id: id.to_owned(),
        name: name.to_owned(),
        from_s,
        until_s,
        capacity_people_h: 3_608.0,
        people: 3_608.0 * (until_s - from_s) / 3600.0,
        extra_lane_people: Some(extra),
    };
    vec![
        link(1, "12.6-13.6", "Ring Road East", 540.0, 15_240.0, 7_366.3),
        link(2, "9.8-9.9", "", 1_260.0, 15_000.0, 6_885.3),
        Bottleneck {
            rank: 3,
            element: BottleneckKind::Site,
            id: "S2".to_owned(),
            name: "Ferry terminal".to_owned(),
            from_s: 600.0,
            until_s: 15_300.0,
            capacity_people_h: 1_500.0,
            people: 6_125.0,
            extra_lane_people: None,
        },
        Bottleneck {
            rank: 4,
            element: BottleneckKind::Site,
            id: "S4".to_owned(),
            name: "School hall".to_owned(),
            from_s: 600.0,
            until_s: 15_300.0,
            capacity_people_h: 1_500.0,
            people: 2_500.0,
            extra_lane_people: None,
        },
        link(5, "5.7-5.8", "Mill Street", 3_000.0, 4_500.0, 0.0),
    ]
}

fn shapes() -> MapShapes {
    let around = |(x, y): (usize, usize), w: f64, h: f64| {
        let [lon, lat] = position(x, y);
        json!([[
            [lon - w, lat - h],
            [lon + w, lat - h * 0.8],
            [lon + w * 1.1, lat + h],
            [lon - w * 0.7, lat + h * 0.9],
            [lon - w, lat - h]
        ]])
    };
    let zones: Vec<_> = ZONES
        .iter()
        .enumerate()
        .map(|(i, z)| {
            json!({"type": "Feature", "properties": {"zone_id": format!("Z{}", i + 1), "name": z.0},
            "geometry": {"type": "Polygon", "coordinates": around((z.1, z.2), 0.026, 0.011)}})
        })
        .collect();
    let hazard = json!({"type": "Feature", "properties": {"hazard_id": "H1", "name": "Storm surge", "from_ms": 7_200_000, "kind": "presence"},
        "geometry": {"type": "Polygon", "coordinates": around((2, 8), 0.05, 0.02)}});
    MapShapes {
        zones: Some(json!({"type": "FeatureCollection", "features": zones})),
        sites: None,
        hazards: Some(json!({"type": "FeatureCollection", "features": [hazard]})),
    }
}

/// The island.
pub fn island() -> MadeUp {
    let plan = plan();
    let zones = zones(&plan);
    let both = |p: f64, b: f64| PlanAndBound { plan: Some(p), bound: Some(b) };
    let summary = Summary {
        schema: Summary::SCHEMA.to_owned(),
        scenario: DIGEST.to_owned(),
        name: settings().name,
        interrupted: false,
        context: Context::Disaster,
        people: People {
            total: 84_300,
            arrived: 80_530,
            overtaken: 600,
            not_evacuated: 3_170,
            staying: 1_370,
        },
        clearance_s: PlanAndBound { plan: None, bound: None },
        t90_s: both(17_120.402, 16_611.0),
        person_hours: both(341_877.25, 332_410.5),
        gap: Gap {
            clearance: None,
            t90: Some(17_120.402 / 16_611.0 - 1.0),
            person_hours: Some(341_877.25 / 332_410.5 - 1.0),
        },
        optimistic: Bounds { clearance_s: None, t90_s: Some(11_000.0), person_hours: Some(201_000.0) },
        route_limited_bound: Some(RouteLimitedBound {
            routes_per_zone: 3,
            clearance_s: None,
            t90_s: Some(16_700.0),
            person_hours: Some(334_000.0),
        }),
        with_access: None,
        prices: None,
        spill_choice: None,
        on_road: None,
        unrestricted_routes: Some(UnrestrictedRoutes {
            clearance_s: None,
            t90_s: Some(17_300.0),
            person_hours: Some(340_000.0),
            routes: 214,
        }),
        queue: Queue {
            person_hours: 41_203.7,
            longest_link: "link:12.6-13.6".to_owned(),
            longest_s: 5_812.4,
        },
        spill_free: Some(false),
        overflow: Some(OverflowTotals { vehicle_min: 9_120.25, links: 2 }),
        waiting: Some(JourneyWaiting {
            mean_min: 30.7,
            p95_min: 88.25,
            longest_min: 97.0,
            closed_person_hours: 1_210.5,
        }),
        assumptions: Vec::new(),
        network: NetworkSize { links: 410, nodes: 140 },
        zones: 9,
        sites: 4,
        routes: plan.routes.len() as u64,
        orders: plan.orders.len() as u64,
        step_s: 60.0,
        threads: 2,
        wall_s: 3.2,
        peak_rss_bytes: 1,
        recomputed: Vec::new(),
        not_recomputed: Vec::new(),
    };
    MadeUp {
        scenario: scenario(),
        shapes: shapes(),
        plan,
        summary,
        curve: curve(),
        zones,
        bottlenecks: bottlenecks(),
        overflowing: overflowing(),
    }
}
