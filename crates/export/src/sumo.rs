//! SUMO: nodes, edges, types and connections in its plain XML, of which `netconvert` makes the network, every vehicle with its departure
//! and route, and the headways of the mesoscopic model by which each edge has the capacity of the scenario.

use crate::format::{ExportError, NamedBytes};
use crate::tables::PlanFacts;
use crate::trips::{EdgeKind, TrafficEdge, TrafficPlan, seconds_of};
use crate::xml::XmlText;
use clearway_model::number::{ceil, float};
use clearway_model::time::seconds;
use clearway_network::SPACING_M;
use std::collections::BTreeMap;

/// The shortest headway that SUMO's mesoscopic model is given, s, and that of edges without a limit.
const LEAST_HEADWAY_S: f64 = 0.06;
const NO_HEADWAY: &str = "0.050";
/// Lanes at most of an edge before a gate, on which those stand who wait to be admitted.
const MOST_LANES: i64 = 50;

const READ_ME: &str = "A plan for SUMO (https://eclipse.dev/sumo), made by Clearway.

    netconvert -c plan.netccfg
    sumo -c plan.sumocfg

The first makes plan.net.xml, the second runs the plan in the mesoscopic model and writes tripinfo.xml: id ORDER.NUMBER of each vehicle,
depart and arrival in seconds after the start of the scenario.

Each link is an edge with its free-flow time, on which as many vehicles fit as in Clearway (room), and whose headway gives it its capacity
less what is reserved. Edges to.*, gate.* and end.* lead from the last junction through the admission of a site to its end; each takes a
second at the least, so that a journey is up to 3 s longer than in Clearway. Closures, opening times and hazards are not in these files:
the departures of the plan keep to them. plan.csv says what each vehicle is.
";

/// A folder of files.
pub(crate) fn sumo(facts: &PlanFacts<'_>) -> Result<Vec<NamedBytes>, ExportError> {
    let traffic = TrafficPlan::new(facts, "SUMO")?;
    let looks: Vec<EdgeLook> = traffic.edges.iter().map(EdgeLook::new).collect();
    let mut types: BTreeMap<String, String> = BTreeMap::new();
    for look in &looks {
        let number = types.len();
        types.entry(look.headway.clone()).or_insert_with(|| format!("t{number}"));
    }
    let file = |name: &str, bytes: Vec<u8>| (name.to_owned(), bytes);
    Ok(vec![
        file("README.txt", READ_ME.as_bytes().to_vec()),
        file("plan.nod.xml", nodes(&traffic)),
        file("plan.edg.xml", edges(&traffic, &looks, &types)),
        file("plan.typ.xml", type_list(&types)),
        file("plan.con.xml", connections(&traffic, &looks)),
        file("plan.netccfg", network_settings()),
        file("headways.add.xml", headways(&types)),
        file("plan.rou.xml", routes(facts, &traffic)),
        file("plan.csv", vehicle_list(facts, &traffic)),
        file("plan.sumocfg", run_settings(facts)),
    ])
}

/// An edge as the mesoscopic model has it.
struct EdgeLook {
    length_m: f64,
    speed_m_s: f64,
    lanes: i64,
    /// s, to the thousandth.
    headway: String,
}

impl EdgeLook {
    fn new(edge: &TrafficEdge) -> Self {
        if edge.kind != EdgeKind::Road {
            let needed = ceil(float(edge.vehicles) * SPACING_M / edge.length_m);
            let lanes = needed.clamp(1, MOST_LANES);
            let speed_m_s = edge.length_m / edge.time_s;
            let headway = edge.vehicles_h.map(|vehicles_h| headway_s(vehicles_h, lanes, speed_m_s));
            let headway = headway.unwrap_or_else(|| NO_HEADWAY.to_owned());
            return Self { length_m: edge.length_m, speed_m_s, lanes, headway };
        }
        // the length on which our room fits, so that both hold the same number of vehicles, and the speed that keeps the time
        let fits = edge.room.map(|room| f64::from(room) * SPACING_M / float(edge.lanes));
        let length_m = fits.unwrap_or(edge.length_m).max(0.2);
        let speed_m_s = length_m / edge.time_s;
        let headway = edge.vehicles_h.map(|vehicles_h| headway_s(vehicles_h, edge.lanes, speed_m_s));
        Self {
            length_m,
            speed_m_s,
            lanes: edge.lanes,
            headway: headway.unwrap_or_else(|| NO_HEADWAY.to_owned()),
        }
    }
}

/// The gap between two vehicles of a lane, from the end of one to the front of the next, s: with the time that a vehicle takes for its
/// own length it is what the capacity leaves.
fn headway_s(vehicles_h: f64, lanes: i64, speed_m_s: f64) -> String {
    let gap = 3600.0 / (vehicles_h / float(lanes)) - SPACING_M / speed_m_s;
    // a road that lets nobody in has no finite headway
    format!("{:.3}", if gap.is_finite() { gap.clamp(LEAST_HEADWAY_S, 1e6) } else { 1e6 })
}

fn metres(value: f64) -> String {
    format!("{value:.2}")
}

fn nodes(traffic: &TrafficPlan) -> Vec<u8> {
    let mut xml = XmlText::new("");
    xml.open("nodes", &[]);
    let all = || traffic.nodes.iter().map(|node| node.place);
    let edge = |axis: usize, least: bool| {
        let values = all().map(|place| place[axis]);
        metres(if least {
            values.fold(f64::INFINITY, f64::min)
        } else {
            values.fold(f64::NEG_INFINITY, f64::max)
        })
    };
    let bounds = [edge(0, true), edge(1, true), edge(0, false), edge(1, false)].join(",");
    let proj = traffic.plane.proj();
    let origin = [
        ("netOffset", "0.00,0.00"),
        ("convBoundary", &bounds),
        ("origBoundary", "-180,-90,180,90"),
        ("projParameter", &proj),
    ];
    xml.empty("location", &origin);
    // nodes at one place: netconvert takes the edges between them for nothing
    let mut taken = std::collections::BTreeSet::new();
    for node in &traffic.nodes {
        let [mut x, y] = node.place;
        while !taken.insert((metres(x), metres(y))) {
            x += 0.5;
        }
        xml.empty("node", &[("id", &node.id), ("x", &metres(x)), ("y", &metres(y)), ("type", "priority")]);
    }
    xml.finish()
}

fn edges(traffic: &TrafficPlan, looks: &[EdgeLook], types: &BTreeMap<String, String>) -> Vec<u8> {
    let mut xml = XmlText::new("");
    xml.open("edges", &[]);
    for (edge, look) in traffic.edges.iter().zip(looks) {
        let (from, to) = (&traffic.nodes[edge.ends.0].id, &traffic.nodes[edge.ends.1].id);
        let kind = types.get(&look.headway).map_or("", String::as_str);
        let (lanes, length) = (look.lanes.to_string(), metres(look.length_m));
        let speed = format!("{:.3}", look.speed_m_s.max(0.001));
        let points: Vec<String> =
            edge.line.iter().map(|point| format!("{},{}", metres(point[0]), metres(point[1]))).collect();
        let shape = points.join(" ");
        let mut attributes: Vec<(&str, &str)> = vec![
            ("id", &edge.id),
            ("from", from),
            ("to", to),
            ("type", kind),
            ("numLanes", &lanes),
            ("length", &length),
            ("speed", &speed),
        ];
        if !edge.name.is_empty() {
            attributes.push(("name", &edge.name));
        }
        if edge.line.len() > 2 {
            attributes.push(("shape", &shape));
        }
        if edge.id == edge.original {
            xml.empty("edge", &attributes);
        } else {
            xml.open("edge", &attributes);
            xml.empty("param", &[("key", "clearway_id"), ("value", &edge.original)]);
            xml.close();
        }
    }
    xml.finish()
}

fn type_list(types: &BTreeMap<String, String>) -> Vec<u8> {
    let mut xml = XmlText::new("");
    xml.open("types", &[]);
    for kind in types.values() {
        xml.empty("type", &[("id", kind), ("numLanes", "1"), ("speed", "13.9")]);
    }
    xml.finish()
}

/// Every lane leads on in every way: netconvert would give each way some of the lanes, and with them a part of the capacity.
fn connections(traffic: &TrafficPlan, looks: &[EdgeLook]) -> Vec<u8> {
    let mut xml = XmlText::new("");
    xml.open("connections", &[]);
    for &(from, to) in &traffic.turns {
        for lane in 0..looks[from].lanes {
            let (from_lane, to_lane) = (lane.to_string(), lane.min(looks[to].lanes - 1).to_string());
            let (from, to) = (&traffic.edges[from].id, &traffic.edges[to].id);
            xml.empty(
                "connection",
                &[("from", from), ("to", to), ("fromLane", &from_lane), ("toLane", &to_lane)],
            );
        }
    }
    xml.finish()
}

/// Settings, each an element with a value.
fn settings(root: &'static str, groups: &[(&'static str, &[(&'static str, &str)])]) -> Vec<u8> {
    let mut xml = XmlText::new("");
    xml.open(root, &[]);
    for (group, options) in groups {
        xml.open(group, &[]);
        for (option, value) in *options {
            xml.empty(option, &[("value", value)]);
        }
        xml.close();
    }
    xml.finish()
}

fn network_settings() -> Vec<u8> {
    settings(
        "configuration",
        &[
            (
                "input",
                &[
                    ("node-files", "plan.nod.xml"),
                    ("edge-files", "plan.edg.xml"),
                    ("type-files", "plan.typ.xml"),
                    ("connection-files", "plan.con.xml"),
                ],
            ),
            ("output", &[("output-file", "plan.net.xml")]),
            // journeys are as the plan has them: no time is spent within junctions
            ("junctions", &[("no-internal-links", "true"), ("no-turnarounds", "false")]),
            ("report", &[("no-warnings", "true")]),
        ],
    )
}

fn run_settings(facts: &PlanFacts<'_>) -> Vec<u8> {
    let end = format!("{:.0}", seconds(facts.source.scenario.settings.horizon_ms));
    settings(
        "configuration",
        &[
            (
                "input",
                &[
                    ("net-file", "plan.net.xml"),
                    ("route-files", "plan.rou.xml"),
                    ("additional-files", "headways.add.xml"),
                ],
            ),
            ("output", &[("tripinfo-output", "tripinfo.xml")]),
            ("time", &[("begin", "0"), ("end", &end)]),
            ("mesoscopic", &[("mesosim", "true"), ("meso-edgelength", "1000")]),
            ("processing", &[("time-to-teleport", "-1")]),
            ("report", &[("no-step-log", "true"), ("no-warnings", "true")]),
        ],
    )
}

/// The parameters of the mesoscopic model, which are read from additional files alone.
fn headways(types: &BTreeMap<String, String>) -> Vec<u8> {
    let mut xml = XmlText::new("");
    xml.open("additional", &[]);
    for (tau, kind) in types {
        xml.open("type", &[("id", kind)]);
        xml.empty("meso", &[("tauff", tau), ("taufj", tau), ("taujf", tau), ("taujj", tau)]);
        xml.close();
    }
    xml.finish()
}

/// Edges that vehicles drive: not the connector of the zone where nothing limits it, at whose end they depart then.
fn driven(traffic: &TrafficPlan, route: usize) -> &[usize] {
    match traffic.routes[route].split_first() {
        Some((&first, rest))
            if traffic.edges[first].kind == EdgeKind::Start && traffic.edges[first].vehicles_h.is_none() =>
        {
            rest
        }
        _ => &traffic.routes[route],
    }
}

/// When a vehicle is put onto its first edge, s.
fn departure_s(traffic: &TrafficPlan, facts: &PlanFacts<'_>, trip: &crate::trips::ExportTrip) -> f64 {
    let route = &facts.source.plan.routes[trip.route];
    let first = traffic.routes[trip.route].first().map(|&edge| &traffic.edges[edge]);
    let is_driven = first.is_some_and(|edge| edge.kind == EdgeKind::Start && edge.vehicles_h.is_some());
    let connector_ms =
        facts.lookup.connectors.get(route.from_connector.as_str()).map_or(0, |row| row.time_ms);
    seconds_of(trip.departs_us) + if is_driven { 0.0 } else { seconds(connector_ms) }
}

fn routes(facts: &PlanFacts<'_>, traffic: &TrafficPlan) -> Vec<u8> {
    let mut xml = XmlText::new("");
    xml.open("routes", &[]);
    let car = [
        ("id", "car"),
        ("length", "5"),
        ("minGap", "2.5"),
        ("maxSpeed", "1000"),
        ("speedFactor", "1"),
        ("speedDev", "0"),
        ("sigma", "0"),
    ];
    xml.empty("vType", &car);
    let mut used = vec![false; traffic.routes.len()];
    traffic.trips.iter().for_each(|trip| used[trip.route] = true);
    for (route, _) in used.iter().enumerate().filter(|(_, used)| **used) {
        let edges: Vec<&str> =
            driven(traffic, route).iter().map(|&edge| traffic.edges[edge].id.as_str()).collect();
        xml.empty("route", &[("id", &format!("r{route}")), ("edges", &edges.join(" "))]);
    }
    // by the moment at which they are put onto their first edge: SUMO reads routes as it goes
    let mut leaving: Vec<(f64, &crate::trips::ExportTrip)> =
        traffic.trips.iter().map(|trip| (departure_s(traffic, facts, trip), trip)).collect();
    leaving.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (departs, trip) in leaving {
        xml.empty(
            "vehicle",
            &[
                ("id", &trip.id),
                ("type", "car"),
                ("route", &format!("r{}", trip.route)),
                ("depart", &format!("{departs:.2}")),
                ("departSpeed", "max"),
                ("departPos", "base"),
            ],
        );
    }
    xml.finish()
}

fn vehicle_list(facts: &PlanFacts<'_>, traffic: &TrafficPlan) -> Vec<u8> {
    let plan = &facts.source.plan;
    let rows = traffic.trips.iter().map(|trip| {
        let (order, route) = (&plan.orders[trip.order], &plan.routes[trip.route]);
        [
            trip.id.clone(),
            order.order_id.to_string(),
            route.route_id.clone(),
            route.zone_id.clone(),
            route.site_id.clone(),
            trip.people.to_string(),
            format!("{:.6}", seconds_of(trip.departs_us)),
        ]
    });
    let header = ["vehicle", "order_id", "route_id", "zone_id", "site_id", "people", "departs_s"];
    clearway_formats::csv_text(&header, rows)
}
