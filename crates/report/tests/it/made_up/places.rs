//! The island itself: roads, zones, sites, the scenario's settings.

use clearway_model::*;

/// Ties the plan to the scenario.
pub const DIGEST: &str = "sha256:7f83b1657ff1fc53b92dc18148a1d65dfc2d4b1fa3d677284addd200126d9069";
const ACROSS: usize = 14;
const DOWN: usize = 10;
const WEST: f64 = 21.30;
const SOUTH: f64 = 62.40;

fn node_id(x: usize, y: usize) -> String {
    format!("{x}.{y}")
}

pub fn position(x: usize, y: usize) -> [f64; 2] {
    // Bent a little, so that it does not look like graph paper.
    let (fx, fy) = (x as f64, y as f64);
    let (bend, lean) = ((fy * 0.9 + fx * 0.2).sin() * 0.0035, (fx * 0.7 - fy * 0.3).sin() * 0.0022);
    [WEST + fx * 0.018 + bend, SOUTH + fy * 0.0085 + lean]
}

fn road_name(vertical: bool, line: usize) -> String {
    let names: [&str; 6] =
        ["Harbour Road", "Mill Street", "Kirkkokatu", "Västra vägen", "Old Post Road", "Ring Road East"];
    match (vertical, line % 4) {
        (true, 1) => names[line / 4 % 3].to_owned(),
        (false, 2) => names[3 + line / 4 % 3].to_owned(),
        _ => String::new(),
    }
}

fn link(from: (usize, usize), to: (usize, usize), main: bool, name: String) -> LinkRow {
    let (a, b) = (position(from.0, from.1), position(to.0, to.1));
    LinkRow {
        link_id: format!("{}-{}", node_id(from.0, from.1), node_id(to.0, to.1)),
        name,
        from_node_id: node_id(from.0, from.1),
        to_node_id: node_id(to.0, to.1),
        facility_type: if main { "primary" } else { "residential" }.to_owned(),
        lanes: Some(if main { 2.0 } else { 1.0 }),
        length_m: Some(950.0),
        capacity_pcu_h: Some(if main { 1_640.0 } else { 420.0 }),
        time_ms: Some(if main { 57_000 } else { 114_000 }),
        geometry: format!("LINESTRING ({:.5} {:.5}, {:.5} {:.5})", a[0], a[1], b[0], b[1]),
        ..LinkRow::default()
    }
}

fn links() -> Vec<LinkRow> {
    let mut links = Vec::new();
    for x in 0..ACROSS {
        for y in 0..DOWN {
            let mut both = |to: (usize, usize), main: bool, name: String| {
                links.push(link((x, y), to, main, name.clone()));
                links.push(link(to, (x, y), main, name));
            };
            if x + 1 < ACROSS && (y % 4 == 2 || (x * 7 + y * 5) % 6 != 0) {
                both((x + 1, y), y % 4 == 2, road_name(false, y));
            }
            if y + 1 < DOWN && (x % 4 == 1 || (x * 5 + y * 3) % 7 != 0) {
                both((x, y + 1), x % 4 == 1, road_name(true, x));
            }
        }
    }
    links
}

pub fn settings() -> Settings {
    Settings {
        schema: Settings::SCHEMA.to_owned(),
        name: "Storm surge on Kallö <island>".to_owned(),
        description: "A synthetic island before a synthetic storm surge: 84,300 people, three ways off, one of which the water takes.".to_owned(),
        context: Context::Disaster,
        start: "2026-10-24T16:00:00+03:00".to_owned(),
        time_zone: "Europe/Helsinki".to_owned(),
        horizon_ms: 48 * 3_600_000,
        margin_share: 0.25,
        attribution: vec!["Map data: made up".to_owned()],
        class: vec![ClassOfUsers {
            id: "car".to_owned(),
            mode: Mode::Vehicle,
            people_per_vehicle: Some(2.2),
            people_per_vehicle_low: Some(1.8),
            people_per_vehicle_high: Some(2.6),
            pcu_per_vehicle: 1.0,
        }],
    }
}

pub const ZONES: [(&str, usize, usize, i64, i64); 9] = [
    ("Old Town", 1, 2, 14_200, 400),
    ("Hamina quay", 1, 6, 9_800, 0),
    ("Mill Hill", 5, 2, 11_600, 250),
    ("Kirkonkylä", 5, 6, 16_900, 600),
    ("Västra", 5, 8, 7_400, 0),
    ("Airfield", 9, 2, 8_100, 120),
    ("Sandy Point", 9, 6, 9_300, 0),
    ("Lighthouse", 3, 9, 5_200, 0),
    ("Skerry", 13, 9, 1_800, 0),
];
/// Name, x, y, places.
pub const SITES: [(&str, usize, usize, Option<i64>); 4] = [
    ("North Bridge, mainland", 9, 9, None),
    ("Ferry terminal", 13, 2, Some(12_000)),
    ("East Bridge, mainland", 13, 6, None),
    ("School hall", 5, 0, Some(2_500)),
];

/// Straight across, then up or down, as a plan's route would run along the main roads.
pub fn way(from: (usize, usize), to: (usize, usize)) -> Vec<String> {
    let (mut at, mut ids) = (from, Vec::new());
    while at != to {
        let next = if at.0 != to.0 {
            (if at.0 < to.0 { at.0 + 1 } else { at.0 - 1 }, at.1)
        } else {
            (at.0, if at.1 < to.1 { at.1 + 1 } else { at.1 - 1 })
        };
        ids.push(format!("{}-{}", node_id(at.0, at.1), node_id(next.0, next.1)));
        at = next;
    }
    ids
}

fn source(
    table: &str,
    id: &str,
    field: &str,
    status: SourceStatus,
    source: &str,
    url: &str,
    note: &str,
) -> SourceRow {
    SourceRow {
        table: table.to_owned(),
        id: id.to_owned(),
        field: field.to_owned(),
        status,
        source: source.to_owned(),
        url: url.to_owned(),
        as_of: "2026-09".to_owned(),
        note: note.to_owned(),
    }
}

pub fn scenario() -> Scenario {
    let mut nodes = Vec::new();
    for x in 0..ACROSS {
        for y in 0..DOWN {
            let [lon, lat] = position(x, y);
            let name = if (x, y) == (9, 8) { "North Bridge" } else { "" };
            nodes.push(NodeRow { node_id: node_id(x, y), name: name.to_owned(), x_coord: lon, y_coord: lat });
        }
    }
    let mut connectors = Vec::new();
    let mut zones = Vec::new();
    for (i, (name, x, y, people, stay)) in ZONES.iter().enumerate() {
        let [lon, lat] = position(*x, *y);
        zones.push(ZoneRow {
            zone_id: format!("Z{}", i + 1),
            name: (*name).to_owned(),
            people: *people,
            stay_people: Some(*stay),
            mobilization_id: "evening".to_owned(),
            x_coord: Some(lon + 0.004),
            y_coord: Some(lat + 0.002),
            ..ZoneRow::default()
        });
        connectors.push(ConnectorRow {
            connector_id: format!("CZ{}", i + 1),
            place: ConnectorPlace::Zone,
            place_id: format!("Z{}", i + 1),
            node_id: node_id(*x, *y),
            time_ms: 120_000,
            ..ConnectorRow::default()
        });
    }
    let mut sites = Vec::new();
    for (i, (name, x, y, places)) in SITES.iter().enumerate() {
        let [lon, lat] = position(*x, *y);
        sites.push(SiteRow {
            site_id: format!("S{}", i + 1),
            name: (*name).to_owned(),
            capacity_people: *places,
            admission_people_h: places.map(|_| 1_500.0),
            x_coord: Some(lon + 0.007),
            y_coord: Some(lat + 0.001),
            ..SiteRow::default()
        });
        connectors.push(ConnectorRow {
            connector_id: format!("CS{}", i + 1),
            place: ConnectorPlace::Site,
            place_id: format!("S{}", i + 1),
            node_id: node_id(*x, *y),
            ..ConnectorRow::default()
        });
    }
    Scenario {
        settings: settings(),
        nodes,
        links: links(),
        movements: Vec::new(),
        zones,
        releases: vec![
            MobilizationRow { mobilization_id: "evening".to_owned(), time_ms: 0, share: 0.1 },
            MobilizationRow { mobilization_id: "evening".to_owned(), time_ms: 4 * 3_600_000, share: 1.0 },
        ],
        sites,
        connectors,
        closures: Vec::new(),
        windows: Vec::new(),
        junctions: Vec::new(),
        sources: vec![
            source(
                "zones",
                "*",
                "people",
                SourceStatus::Published,
                "Synthetic census",
                "https://example.org/census",
                "Residents on 1 January",
            ),
            source(
                "link",
                "*",
                "capacity_pcu_h",
                SourceStatus::Default,
                "Capacity table by road class",
                "",
                "Reduced by 15 % as observed in evacuations",
            ),
            source(
                "zones",
                "Z1",
                "stay_people",
                SourceStatus::Assumed,
                "",
                "",
                "Hospital ward that does not move",
            ),
            source(
                "sites",
                "S2",
                "capacity_people",
                SourceStatus::Derived,
                "Ferry timetable",
                "javascript:alert(1)",
                "8 sailings x 1,500 places",
            ),
        ],
        assumptions: Vec::new(),
        groups: None,
        digest: DIGEST.to_owned(),
    }
}
