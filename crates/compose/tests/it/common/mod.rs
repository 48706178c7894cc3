//! A town made of a grid of streets, for tests.

use clearway_compose::{ComposeInputs, NamedBytes, RoadNetwork};
use clearway_model::{Figure, LinkRow, NodeRow};

/// Where the town's middle is, degrees.
pub const MIDDLE: [f64; 2] = [24.0, 60.0];
/// Degrees between streets: 200.15 m north, and as much east at 60 degrees.
pub const NORTH: f64 = 0.0018;
pub const EAST: f64 = 0.0036;

pub fn place(column: i32, row: i32) -> [f64; 2] {
    [MIDDLE[0] + f64::from(column) * EAST, MIDDLE[1] + f64::from(row) * NORTH]
}

pub fn node(id: &str, at: [f64; 2]) -> NodeRow {
    NodeRow { node_id: id.into(), name: String::new(), x_coord: at[0], y_coord: at[1] }
}

pub fn link(from: &str, to: &str, class: &str, name: &str, length_m: f64) -> LinkRow {
    let capacity = if class == "residential" { 600.0 } else { 1200.0 };
    #[allow(clippy::cast_possible_truncation)]
    let time_ms = (length_m / 10.0 * 1000.0) as i64;
    LinkRow {
        link_id: format!("{from}-{to}"),
        name: name.into(),
        from_node_id: from.into(),
        to_node_id: to.into(),
        directed: "true".into(),
        facility_type: class.into(),
        lanes: Some(1.0),
        length_m: Some(length_m),
        capacity_pcu_h: Some(capacity),
        time_ms: Some(time_ms),
        walk_capacity_people_h: Some(3000.0),
        walk_time_ms: Some(time_ms * 10),
        ..LinkRow::default()
    }
}

pub fn both(links: &mut Vec<LinkRow>, a: &str, b: &str, class: &str, name: &str, length_m: f64) {
    links.push(link(a, b, class, name, length_m));
    links.push(link(b, a, class, name, length_m));
}

/// Streets from -`reach` to `reach` in both directions, 200 m apart; those through the middle are primary roads.
pub fn grid(reach: i32) -> RoadNetwork {
    let id = |c: i32, r: i32| format!("n{c}_{r}");
    let mut nodes = Vec::new();
    let mut links = Vec::new();
    for c in -reach..=reach {
        for r in -reach..=reach {
            nodes.push(node(&id(c, r), place(c, r)));
            let class = |at: i32| if at == 0 { "primary" } else { "residential" };
            if c < reach {
                both(&mut links, &id(c, r), &id(c + 1, r), class(r), &format!("Row {r}"), 200.0);
            }
            if r < reach {
                both(&mut links, &id(c, r), &id(c, r + 1), class(c), &format!("Column {c}"), 200.0);
            }
        }
    }
    nodes.sort_by(|a, b| a.node_id.cmp(&b.node_id));
    links.sort_by(|a, b| a.link_id.cmp(&b.link_id));
    RoadNetwork { nodes, links, attribution: "nobody".into(), ..RoadNetwork::default() }
}

/// A box around the middle that reaches half a block beyond the given street.
pub fn square(name: &str, reach: i32) -> NamedBytes<'static> {
    let half = f64::from(reach) + 0.5;
    NamedBytes::new(name, rectangle(-half, -half, half, half).to_string())
}

/// A polygon in units of streets.
pub fn rectangle(west: f64, south: f64, east: f64, north: f64) -> serde_json::Value {
    let p = |c: f64, r: f64| vec![MIDDLE[0] + c * EAST, MIDDLE[1] + r * NORTH];
    serde_json::json!({"type": "Polygon", "coordinates":
        [[p(west, south), p(east, south), p(east, north), p(west, north), p(west, south)]]})
}

pub fn request(people: i64, area: NamedBytes<'static>) -> ComposeInputs<'static> {
    let mut request = ComposeInputs::new("town");
    request.people = Some(Figure::new(people, None, None));
    request.area = Some(area);
    request
}
