//! Alerts of the United States' National Weather Service as its API gives them (GeoJSON of api.weather.gov), as hazards: every alert in force
//! that has a polygon, with its times. Positions are longitude first there, unlike in the text of CAP.

use crate::feature::{Position, VectorFeature, VectorShape, put};
use clearway_model::{Fault, Faults};
use serde_json::{Map, Value};
use std::collections::HashSet;

/// Whether a JSON text holds such alerts.
pub(crate) fn is_alerts(bytes: &[u8]) -> bool {
    let head = bytes.get(..16_384).unwrap_or(bytes);
    let has = |name: &[u8]| head.windows(name.len()).any(|window| window == name);
    bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{')
        && (has(b"\"areaDesc\"") || has(b"wx:Alert"))
}

/// The alerts in force that have a polygon; those that do not are among the warnings.
pub(crate) fn features(
    file: &str,
    bytes: &[u8],
    warnings: &mut Faults,
) -> Result<Vec<VectorFeature>, Box<Fault>> {
    let document: Value = serde_json::from_slice(bytes).map_err(|error| {
        let place = format!("line {}", error.line());
        Box::new(Fault::error(file, place, "GeoJSON of alerts").hint(error.to_string()))
    })?;
    if document.get("@graph").is_some() {
        let fault = Fault::error(file, "", "GeoJSON of alerts").field("kind of file", "JSON-LD of alerts");
        return Err(Box::new(
            fault.hint("ask the same address for GeoJSON: curl -H 'Accept: application/geo+json' -o alerts.geojson ADDRESS"),
        ));
    }
    let alerts: Vec<&Value> = match document.get("features") {
        Some(Value::Array(list)) => list.iter().collect(),
        _ => vec![&document],
    };
    let taken_back = taken_back(&alerts);
    let mut found = Vec::new();
    let mut without: Vec<String> = Vec::new();
    let mut endless = 0;
    let mut cancelled = 0;
    for (number, alert) in (1..).zip(alerts) {
        let place = format!("feature {number}");
        let Some(properties) = alert.get("properties").and_then(Value::as_object) else {
            return Err(Box::new(Fault::error(file, place, "an alert with properties")));
        };
        let text = |name: &str| properties.get(name).and_then(Value::as_str).unwrap_or_default().trim();
        let is_over = text("messageType").eq_ignore_ascii_case("cancel")
            || properties.get("replacedBy").is_some_and(|by| !by.is_null())
            || ids(alert, properties).any(|id| taken_back.contains(id));
        if is_over {
            cancelled += 1;
            continue;
        }
        let name = [text("event"), text("areaDesc")].join(": ");
        let name = name.trim_matches([':', ' ']).to_owned();
        match alert.get("geometry") {
            None | Some(Value::Null) => without.push(name),
            Some(geometry) => {
                let Some(polygons) = polygons(geometry) else {
                    let kind = geometry.get("type").and_then(Value::as_str).unwrap_or("nothing");
                    let expected = "a Polygon or MultiPolygon of longitude, latitude";
                    return Err(Box::new(Fault::error(file, place, expected).field("geometry", kind)));
                };
                let mut made = hazard(number, &name, &text);
                match event_end(properties, &text) {
                    Some(end) => put(&mut made, "until", end),
                    None => endless += 1,
                }
                keep_own(properties, &mut made);
                let properties = made;
                found.push(VectorFeature { properties, shape: VectorShape::Polygons(polygons) });
                not_meant(file, &place, text("status"), warnings);
            }
        }
    }
    if found.is_empty() {
        let fault = Fault::error(file, "", "an alert in force with a polygon");
        return Err(Box::new(fault.field("alerts without one", without.len()).hint(BY_CODE)));
    }
    if !without.is_empty() {
        let listed: Vec<&str> = without.iter().take(3).map(String::as_str).collect();
        let fault =
            Fault::warning(file, "", "alerts with a polygon").field("alerts without one", without.len());
        warnings.push(fault.hint(format!("left out, such as '{}': {BY_CODE}", listed.join("', '"))));
    }
    if cancelled > 0 {
        let fault = Fault::warning(file, "", "alerts in force").field("cancelled or replaced", cancelled);
        warnings.push(fault.hint("left out"));
    }
    if endless > 0 {
        let fault = Fault::warning(file, "", "alerts that say when the event ends")
            .field("alerts without an end", endless);
        warnings.push(fault.hint("taken to last: 'expires' is when the message ends, not the event"));
    }
    Ok(found)
}

/// What to do about an alert without a polygon.
const BY_CODE: &str =
    "it names zones by code alone; draw the area, or get the polygon of each of its affectedZones";

/// The names by which other alerts know one.
fn ids<'a>(alert: &'a Value, properties: &'a Map<String, Value>) -> impl Iterator<Item = &'a str> {
    [alert.get("id"), properties.get("id"), properties.get("@id")]
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
}

/// Alerts that others cancel or replace.
fn taken_back(alerts: &[&Value]) -> HashSet<String> {
    let refers = |alert: &&&Value| {
        let kind = alert.pointer("/properties/messageType").and_then(Value::as_str).unwrap_or_default();
        ["cancel", "update"].iter().any(|known| kind.trim().eq_ignore_ascii_case(known))
    };
    let references = alerts.iter().filter(refers).filter_map(|alert| alert.pointer("/properties/references"));
    let named = references.filter_map(Value::as_array).flatten().flat_map(|reference| {
        [reference.get("identifier"), reference.get("@id"), Some(reference)].into_iter().flatten()
    });
    named.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// When the event ends; `None`: the alert does not say.
fn event_end<'a>(properties: &'a Map<String, Value>, text: &dyn Fn(&str) -> &'a str) -> Option<&'a str> {
    let parameter = || properties.get("parameters")?.get("eventEndingTime")?.get(0)?.as_str();
    Some(text("ends")).filter(|text| !text.is_empty()).or_else(parameter)
}

/// Times and kind that somebody has added count, and not those of the alert.
fn keep_own(properties: &Map<String, Value>, made: &mut Map<String, Value>) {
    let is_of = |key: &str, names: &[&str]| {
        names
            .iter()
            .any(|name| key == *name || key.strip_prefix(name).is_some_and(|rest| rest.starts_with('_')))
    };
    for (of, names) in [("from", &["from", "arrival"][..]), ("until", &["until"]), ("kind", &["kind"])] {
        let own: Vec<_> =
            properties.iter().filter(|(key, value)| is_of(key, names) && !value.is_null()).collect();
        if !own.is_empty() {
            made.remove(of);
            made.extend(own.into_iter().map(|(key, value)| (key.clone(), value.clone())));
        }
    }
}

/// The properties of a hazard out of those of an alert, but for its end.
fn hazard<'a>(number: usize, name: &str, text: &dyn Fn(&str) -> &'a str) -> Map<String, Value> {
    let first = |names: &[&str]| names.iter().map(|name| text(name)).find(|text| !text.is_empty());
    let mut properties = Map::new();
    let id = first(&["id", "@id"]).map_or_else(|| format!("alert-{number}"), str::to_owned);
    put(&mut properties, "hazard_id", &id);
    put(&mut properties, "name", name);
    put(&mut properties, "from", first(&["onset", "effective", "sent"]).unwrap_or_default());
    for field in ["urgency", "severity", "certainty", "status"] {
        put(&mut properties, field, text(field));
    }
    put(&mut properties, "sender", first(&["senderName", "sender"]).unwrap_or_default());
    put(&mut properties, "source", "alerts of the National Weather Service (api.weather.gov)");
    properties
}

/// Warns of an alert that is a test or a draft.
pub(crate) fn not_meant(file: &str, place: &str, status: &str, warnings: &mut Faults) {
    if !status.is_empty() && !status.eq_ignore_ascii_case("actual") {
        let fault = Fault::warning(file, place, "an alert that is meant (status Actual)");
        warnings.push(fault.field("status", status).hint("taken as it is"));
    }
}

fn polygons(geometry: &Value) -> Option<Vec<Vec<Vec<Position>>>> {
    let coordinates = geometry.get("coordinates")?.clone();
    match geometry.get("type")?.as_str()? {
        "Polygon" => Some(vec![serde_json::from_value(coordinates).ok()?]),
        "MultiPolygon" => serde_json::from_value(coordinates).ok(),
        _ => None,
    }
}
