//! GMNS 0.97 (General Modeling Network Specification): the network with zones and sites as centroids, demand, and the routes and trips of
//! the plan as tables beside it.

use crate::format::{ExportError, NamedBytes};
use crate::tables::{PlanFacts, length_m, millionths};
use clearway_formats::{csv_text, to_csv};
use clearway_model::number::{float, length};
use clearway_model::time::seconds;
use clearway_model::{ConnectorPlace, LinkRow};
use clearway_simulate::trips::loads;
use std::collections::BTreeMap;
use std::fmt::Write;

/// A folder of tables.
pub(crate) fn gmns(facts: &PlanFacts<'_>) -> Result<Vec<NamedBytes>, ExportError> {
    let names = CentroidNames::new(facts);
    let file = |name: &str, bytes: Vec<u8>| (name.to_owned(), bytes);
    let mut files = vec![
        file("config.csv", config(facts)),
        file("node.csv", nodes(facts, &names)),
        file("link.csv", links(facts, &names)),
        file("zone.csv", zones(facts)),
        file("demand.csv", demand(facts)),
        file("route.csv", routes(facts, &names)),
        file("agent.csv", agents(facts)),
    ];
    if !facts.source.scenario.movements.is_empty() {
        files.push(file("movement.csv", to_csv(&facts.source.scenario.movements)));
    }
    Ok(files)
}

/// Nodes that stand for zones and sites, with names that no junction has.
struct CentroidNames {
    of: BTreeMap<(bool, String), String>,
}

impl CentroidNames {
    fn new(facts: &PlanFacts<'_>) -> Self {
        let scenario = &facts.source.scenario;
        let zones = scenario.zones.iter().map(|zone| (false, zone.zone_id.as_str()));
        let sites = scenario.sites.iter().map(|site| (true, site.site_id.as_str()));
        let name = |(is_site, id): (bool, &str)| {
            let mut name = format!("{}:{id}", if is_site { "site" } else { "zone" });
            while facts.lookup.nodes.contains_key(name.as_str()) {
                name.push('+');
            }
            ((is_site, id.to_owned()), name)
        };
        Self { of: zones.chain(sites).map(name).collect() }
    }

    fn of(&self, is_site: bool, id: &str) -> &str {
        self.of.get(&(is_site, id.to_owned())).map_or("", String::as_str)
    }
}

fn config(facts: &PlanFacts<'_>) -> Vec<u8> {
    let header = [
        "dataset_name",
        "short_length",
        "long_length",
        "speed",
        "crs",
        "geometry_field_format",
        "currency",
        "version_number",
        "id_type",
    ];
    let name = facts.source.scenario.settings.name.clone();
    let row = [
        name,
        "m".into(),
        "km".into(),
        "kph".into(),
        "EPSG:4326".into(),
        "wkt".into(),
        String::new(),
        "0.97".into(),
        "string".into(),
    ];
    csv_text(&header, [row])
}

fn nodes(facts: &PlanFacts<'_>, names: &CentroidNames) -> Vec<u8> {
    let scenario = &facts.source.scenario;
    let mut rows: Vec<[String; 6]> = Vec::new();
    for node in &scenario.nodes {
        let (x, y) = (node.x_coord.to_string(), node.y_coord.to_string());
        rows.push([node.node_id.clone(), node.name.clone(), x, y, String::new(), String::new()]);
    }
    let mut centroid = |is_site: bool, id: &str, name: &str, place: Option<[f64; 2]>| {
        let [x, y] =
            place.map_or([String::new(), String::new()], |place| place.map(|degrees| degrees.to_string()));
        rows.push([
            names.of(is_site, id).to_owned(),
            name.to_owned(),
            x,
            y,
            "centroid".to_owned(),
            zone_id(is_site, id),
        ]);
    };
    for zone in &scenario.zones {
        centroid(false, &zone.zone_id, &zone.name, facts.lookup.zone_point(&zone.zone_id));
    }
    for site in &scenario.sites {
        centroid(true, &site.site_id, &site.name, facts.lookup.site_point(&site.site_id));
    }
    csv_text(&["node_id", "name", "x_coord", "y_coord", "node_type", "zone_id"], rows)
}

/// Zones and sites are both zones of GMNS; their ids are told apart.
fn zone_id(is_site: bool, id: &str) -> String {
    format!("{}{id}", if is_site { "site:" } else { "zone:" })
}

fn number(value: Option<f64>) -> String {
    value.filter(|value| value.is_finite()).map(|value| millionths(value).to_string()).unwrap_or_default()
}

fn links(facts: &PlanFacts<'_>, names: &CentroidNames) -> Vec<u8> {
    let header = [
        "link_id",
        "name",
        "from_node_id",
        "to_node_id",
        "directed",
        "length",
        "facility_type",
        "capacity",
        "free_speed",
        "lanes",
        "geometry",
        "length_m",
        "time_s",
        "capacity_people_h",
        "people",
        "vehicles",
    ];
    let scenario = &facts.source.scenario;
    let mut rows: Vec<[String; 16]> = Vec::new();
    for (link, used) in scenario.links.iter().zip(&facts.figures.links) {
        let (people, vehicles) = used.as_ref().map_or((0, 0), |used| (used.people, used.vehicles));
        rows.push(link_row(facts, link, people, vehicles));
    }
    for (connector, used) in scenario.connectors.iter().zip(&facts.figures.connectors) {
        let is_site = connector.place == ConnectorPlace::Site;
        let centroid = names.of(is_site, &connector.place_id).to_owned();
        let node = connector.node_id.clone();
        let (from, to) = if is_site { (node, centroid) } else { (centroid, node) };
        let line = facts.lookup.connector_line(&connector.connector_id).unwrap_or_default();
        rows.push([
            format!("connector:{}", connector.connector_id),
            String::new(),
            from,
            to,
            "true".to_owned(),
            String::new(),
            "connector".to_owned(),
            number(connector.capacity_pcu_h),
            String::new(),
            "1".to_owned(),
            wkt(&line),
            String::new(),
            seconds(connector.time_ms).to_string(),
            String::new(),
            used.people.to_string(),
            vehicle_count(facts, used.vehicles),
        ]);
    }
    csv_text(&header, rows)
}

/// Nothing on foot.
fn vehicle_count(facts: &PlanFacts<'_>, vehicles: i64) -> String {
    if facts.figures.is_by_vehicle { vehicles.to_string() } else { String::new() }
}

fn link_row(facts: &PlanFacts<'_>, link: &LinkRow, people: i64, vehicles: i64) -> [String; 16] {
    let lanes = link.lanes.unwrap_or(1.0).max(1.0);
    // GMNS: per lane
    let capacity = link.capacity_pcu_h.map(|pcu_h| pcu_h / lanes);
    let metres = length_m(link);
    let time_s = crate::tables::time_ms(facts, link).map(seconds);
    let speed = metres.zip(time_s.filter(|&s| s > 0.0)).map(|(m, s)| m / s * 3.6);
    let per_pcu = facts.source.scenario.settings.class.first().map_or(1.0, |class| class.pcu_per_vehicle);
    let open = link.capacity_pcu_h.map(|pcu_h| (pcu_h - link.reserved_pcu_h.unwrap_or(0.0)) / per_pcu);
    let people_h = if facts.figures.is_by_vehicle {
        open.map(|vehicles_h| vehicles_h * facts.figures.people_per_vehicle)
    } else {
        link.walk_capacity_people_h
    };
    [
        link.link_id.clone(),
        link.name.clone(),
        link.from_node_id.clone(),
        link.to_node_id.clone(),
        "true".to_owned(),
        number(metres.map(|m| m / 1000.0)),
        link.facility_type.clone(),
        number(capacity),
        // the speed of the table is that of vehicles
        number(link.free_speed.filter(|_| facts.figures.is_by_vehicle).or(speed)),
        number(Some(lanes)),
        wkt(&facts.lookup.link_line(link).unwrap_or_default()),
        number(metres),
        number(time_s),
        number(people_h),
        people.to_string(),
        vehicle_count(facts, vehicles),
    ]
}

fn wkt(line: &[[f64; 2]]) -> String {
    if line.len() < 2 {
        return String::new();
    }
    let mut text = String::from("LINESTRING (");
    for (at, [x, y]) in line.iter().enumerate() {
        let _ = write!(text, "{}{x} {y}", if at == 0 { "" } else { ", " });
    }
    text + ")"
}

fn zones(facts: &PlanFacts<'_>) -> Vec<u8> {
    let scenario = &facts.source.scenario;
    let zones = scenario.zones.iter().map(|zone| {
        [zone_id(false, &zone.zone_id), zone.name.clone(), zone.pcode.clone(), zone.people.to_string()]
    });
    let sites = scenario
        .sites
        .iter()
        .map(|site| [zone_id(true, &site.site_id), site.name.clone(), site.pcode.clone(), "0".to_owned()]);
    csv_text(&["zone_id", "name", "pcode", "people"], zones.chain(sites))
}

/// By zone and site: vehicles of the orders (on foot people), and people.
fn demand(facts: &PlanFacts<'_>) -> Vec<u8> {
    let mut sums: BTreeMap<(String, String), (i64, i64)> = BTreeMap::new();
    for (order, &vehicles) in facts.source.plan.orders.iter().zip(&facts.figures.order_vehicles) {
        let key = (zone_id(false, &order.zone_id), zone_id(true, facts.site_of(order)));
        let sum = sums.entry(key).or_default();
        sum.0 += vehicles;
        sum.1 += order.people;
    }
    let rows = sums
        .into_iter()
        .map(|((from, to), (volume, people))| [from, to, volume.to_string(), people.to_string()]);
    csv_text(&["o_zone_id", "d_zone_id", "volume", "people"], rows)
}

fn routes(facts: &PlanFacts<'_>, names: &CentroidNames) -> Vec<u8> {
    let header = [
        "route_id",
        "o_zone_id",
        "d_zone_id",
        "node_sequence",
        "link_sequence",
        "volume",
        "people",
        "length_m",
    ];
    let rows = facts.source.plan.routes.iter().map(|route| {
        let orders = || facts.orders_of(&facts.by_route, &route.route_id);
        let links = || route.links.iter().filter_map(|id| facts.lookup.links.get(id.as_str()));
        let node_of =
            |connector: &str| facts.lookup.connectors.get(connector).map(|row| row.node_id.as_str());
        let mut nodes = vec![names.of(false, &route.zone_id)];
        nodes.extend(node_of(&route.from_connector));
        nodes.extend(links().map(|link| link.to_node_id.as_str()));
        nodes.push(names.of(true, &route.site_id));
        let mut sequence = vec![format!("connector:{}", route.from_connector)];
        sequence.extend(route.links.iter().cloned());
        sequence.push(format!("connector:{}", route.to_connector));
        let volume: i64 = orders().map(|(place, _)| facts.figures.order_vehicles[place]).sum();
        let people: i64 = orders().map(|(_, order)| order.people).sum();
        [
            route.route_id.clone(),
            zone_id(false, &route.zone_id),
            zone_id(true, &route.site_id),
            nodes.join(";"),
            sequence.join(";"),
            volume.to_string(),
            people.to_string(),
            number(Some(links().filter_map(|link| length_m(link)).sum())),
        ]
    });
    csv_text(&header, rows)
}

/// One row per vehicle; on foot one per person.
fn agents(facts: &PlanFacts<'_>) -> Vec<u8> {
    let header = ["agent_id", "order_id", "route_id", "o_zone_id", "d_zone_id", "departure_time_s", "people"];
    let per_vehicle = facts.figures.people_per_vehicle;
    let rows = facts.source.plan.orders.iter().flat_map(|order| {
        let window_s = seconds(order.depart_until_ms - order.depart_from_ms);
        let vehicles = loads(order.people, per_vehicle).enumerate();
        let site = facts.site_of(order);
        vehicles.map(move |(vehicle, (sent, upto))| {
            let share = float(upto) / float(order.people.max(1));
            [
                format!("{}.{}", order.order_id, length(vehicle) + 1),
                order.order_id.to_string(),
                order.route_id.clone(),
                zone_id(false, &order.zone_id),
                zone_id(true, site),
                number(Some(seconds(order.depart_from_ms) + window_s * share)),
                (upto - sent).to_string(),
            ]
        })
    });
    csv_text(&header, rows)
}
