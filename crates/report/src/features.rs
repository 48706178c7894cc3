//! Map files: routes and bottlenecks as GeoJSON (RFC 7946), positions to five decimals (about a metre).

use crate::bottleneck_words::label;
use crate::clock::ScenarioClock;
use crate::geometry::Line;
use crate::lookup::RowLookup;
use crate::standing::{MAP_DISCLAIMER, standing_sentences};
use crate::{PlanReport, ReportError, routes};
use clearway_model::number::{ceil, floor};
use clearway_model::{Bottleneck, BottleneckKind, ConnectorPlace};
use serde_json::{Map, Value, json};

fn rounded(line: &Line) -> Vec<Value> {
    // Through the decimal text, so that the file shows 34.2503 and not 34.25029999.
    let round = |degrees: f64| format!("{degrees:.5}").parse::<f64>().unwrap_or(degrees);
    let mut positions: Vec<[f64; 2]> = line.iter().map(|p| [round(p[0]), round(p[1])]).collect();
    positions.dedup();
    positions.into_iter().map(|p| json!(p)).collect()
}

/// A line; a place without extent is a line of two equal positions, nothing known is null.
fn line_geometry(line: &Line) -> Value {
    let mut positions = rounded(line);
    match positions.len() {
        0 => return Value::Null,
        1 => positions.push(positions[0].clone()),
        _ => {}
    }
    json!({"type": "LineString", "coordinates": positions})
}

fn feature(id: &str, geometry: Value, properties: Value) -> Value {
    json!({"type": "Feature", "id": id, "geometry": geometry, "properties": properties})
}

fn collection(
    file: &'static str,
    report: &PlanReport<'_>,
    features: Vec<Value>,
) -> Result<Vec<u8>, ReportError> {
    let settings = &report.scenario.settings;
    let mut notes: Vec<&str> = standing_sentences(settings.context);
    notes.push(MAP_DISCLAIMER);
    let mut all = Map::new();
    all.insert("type".into(), json!("FeatureCollection"));
    all.insert("name".into(), json!(settings.name));
    all.insert("scenario".into(), json!(report.plan.scenario));
    all.insert("attribution".into(), json!(settings.attribution));
    all.insert("note".into(), json!(notes.join(" ")));
    all.insert("features".into(), Value::Array(features));
    let mut bytes = serde_json::to_vec(&all).map_err(|source| ReportError::Json { file, source })?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// `orders.geojson`: one line per route, with what its orders add up to.
pub fn orders_geojson(
    report: &PlanReport<'_>,
    lookup: &RowLookup<'_>,
    clock: &ScenarioClock,
) -> Result<Vec<u8>, ReportError> {
    let features = routes::route_orders(report)
        .into_iter()
        .map(|sum| {
            let r = sum.route;
            let time = |ms: Option<i64>| ms.map(|ms| clock.rfc3339(ms));
            let (from, until) = (sum.window_ms.map(|w| w.0), sum.window_ms.map(|w| w.1));
            let properties = json!({
                "route_id": r.route_id, "zone_id": r.zone_id, "zone_name": lookup.zone_name(&r.zone_id),
                "site_id": r.site_id, "site_name": lookup.site_name(&r.site_id), "people": sum.people,
                "orders": sum.orders, "depart_from_ms": from, "depart_until_ms": until,
                "depart_from": time(from), "depart_until": time(until), "via": routes::via(r, lookup).join("; "),
            });
            feature(&r.route_id, line_geometry(&routes::line(r, lookup)), properties)
        })
        .collect();
    collection("orders.geojson", report, features)
}

/// Where a bottleneck is: a line for roads and connectors; empty if not known.
pub fn bottleneck_line(bottleneck: &Bottleneck, lookup: &RowLookup<'_>) -> Line {
    let id = bottleneck.id.as_str();
    match bottleneck.element {
        BottleneckKind::Link => lookup.links.get(id).and_then(|link| lookup.link_line(link)),
        BottleneckKind::Connector => lookup.connector_line(id),
        BottleneckKind::Site => lookup.site_point(id).map(|point| vec![point]),
    }
    .unwrap_or_default()
}

/// `bottlenecks.geojson`: what sets the bound; roads and connectors as lines, sites as points.
pub fn bottlenecks_geojson(
    report: &PlanReport<'_>,
    lookup: &RowLookup<'_>,
    clock: &ScenarioClock,
) -> Result<Vec<u8>, ReportError> {
    let features = report
        .bottlenecks
        .iter()
        .map(|b| {
            let line = bottleneck_line(b, lookup);
            let geometry = match (b.element, rounded(&line).first()) {
                (BottleneckKind::Site, Some(position)) => json!({"type": "Point", "coordinates": position}),
                _ => line_geometry(&line),
            };
            let name = label(b, lookup);
            let zone = lookup
                .connectors
                .get(b.id.as_str())
                .filter(|c| b.element == BottleneckKind::Connector && c.place == ConnectorPlace::Zone)
                .map(|c| c.place_id.as_str());
            let finite = |value: f64| value.is_finite().then_some(value);
            let properties = json!({
                "rank": b.rank, "element": b.element, "id": b.id, "name": name.place, "detail": name.detail,
                "zone_id": zone, "from_s": b.from_s, "until_s": b.until_s,
                "from": clock.rfc3339(floor(b.from_s * 1000.0)),
                "until": clock.rfc3339(ceil(b.until_s * 1000.0)),
                "capacity_people_h": finite(b.capacity_people_h), "people": finite(b.people),
                "extra_lane_people": b.extra_lane_people,
            });
            feature(&format!("{}:{}", b.element, b.id), geometry, properties)
        })
        .collect();
    collection("bottlenecks.geojson", report, features)
}
