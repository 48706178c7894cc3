//! GeoJSON of zones, sites and hazards, for maps.

use crate::features::GivenFeature;
use crate::hazards::hazard_id;
use crate::sites::SiteDraft;
use crate::zones::ZoneDraft;
use clearway_model::{SiteRow, ZoneRow};
use geo::{LineString, MultiPolygon};
use serde_json::{Map, Value, json};

/// A feature collection, one feature a line so that a change shows as one line.
pub(crate) fn collection(features: &[Value]) -> Vec<u8> {
    let lines: Vec<String> = features.iter().map(Value::to_string).collect();
    format!("{{\"type\":\"FeatureCollection\",\"features\":[\n{}\n]}}\n", lines.join(",\n")).into_bytes()
}

/// Sets a property unless it is empty.
fn set(properties: &mut Map<String, Value>, name: &str, value: Value) {
    if !value.is_null() && value != json!("") {
        properties.insert(name.to_owned(), value);
    }
}

/// `zones.geojson`: the polygons and properties as given, with our columns.
pub(crate) fn of_zones(zones: &[ZoneDraft]) -> Vec<u8> {
    let features: Vec<Value> = zones
        .iter()
        .map(|zone| {
            let ZoneRow { zone_id, name, pcode, people, people_low, people_high, .. } = &zone.row;
            let mut properties = zone.properties.clone();
            for (key, value) in [
                ("zone_id", json!(zone_id)),
                ("name", json!(name)),
                ("pcode", json!(pcode)),
                ("people", json!(people)),
                ("people_low", json!(people_low)),
                ("people_high", json!(people_high)),
                ("stay_people", json!(zone.row.stay_people)),
                ("stay_people_low", json!(zone.row.stay_people_low)),
                ("stay_people_high", json!(zone.row.stay_people_high)),
                ("mobilization_id", json!(zone.row.mobilization_id)),
                ("x_coord", json!(zone.row.x_coord)),
                ("y_coord", json!(zone.row.y_coord)),
            ] {
                set(&mut properties, key, value);
            }
            let geometry = zone.geometry.clone().unwrap_or_else(|| polygons(&zone.shape));
            json!({"type": "Feature", "properties": properties, "geometry": geometry})
        })
        .collect();
    collection(&features)
}

/// `sites.geojson`: sites with the shape that they were given, else their point.
pub(crate) fn of_sites(sites: &[SiteDraft]) -> Vec<u8> {
    let features: Vec<Value> = sites
        .iter()
        .map(|site| {
            let SiteRow { site_id, name, pcode, capacity_people, .. } = &site.row;
            let mut properties = site.properties.clone();
            for (key, value) in [
                ("site_id", json!(site_id)),
                ("name", json!(name)),
                ("pcode", json!(pcode)),
                ("capacity_people", json!(capacity_people)),
                ("capacity_people_low", json!(site.row.capacity_people_low)),
                ("capacity_people_high", json!(site.row.capacity_people_high)),
                ("admission_people_h", json!(site.row.admission_people_h)),
                ("admission_people_h_low", json!(site.row.admission_people_h_low)),
                ("admission_people_h_high", json!(site.row.admission_people_h_high)),
                ("open_from_ms", json!(site.row.open_from_ms)),
                ("open_until_ms", json!(site.row.open_until_ms)),
                ("area_m2", json!(site.row.area_m2)),
                ("x_coord", json!(site.row.x_coord)),
                ("y_coord", json!(site.row.y_coord)),
            ] {
                set(&mut properties, key, value);
            }
            let geometry =
                site.geometry.clone().unwrap_or_else(|| json!({"type": "Point", "coordinates": site.at}));
            json!({"type": "Feature", "properties": properties, "geometry": geometry})
        })
        .collect();
    collection(&features)
}

/// `hazards.geojson`: as given, with ids.
pub(crate) fn of_hazards(features: &[GivenFeature]) -> Vec<u8> {
    let features: Vec<Value> = features
        .iter()
        .enumerate()
        .map(|(at, feature)| {
            let mut properties = feature.properties.clone();
            properties.insert("hazard_id".to_owned(), json!(hazard_id(at, feature)));
            json!({"type": "Feature", "properties": properties, "geometry": feature.geometry})
        })
        .collect();
    collection(&features)
}

/// Coordinates to 7 decimals, about a centimetre.
pub(crate) fn polygons(shape: &MultiPolygon<f64>) -> Value {
    let round = |v: f64| (v * 1e7).round() / 1e7;
    let ring = |line: &LineString<f64>| -> Vec<[f64; 2]> {
        line.coords().map(|c| [round(c.x), round(c.y)]).collect()
    };
    let parts: Vec<Vec<Vec<[f64; 2]>>> = shape
        .0
        .iter()
        .map(|p| std::iter::once(p.exterior()).chain(p.interiors()).map(ring).collect())
        .collect();
    match parts.as_slice() {
        [one] => json!({"type": "Polygon", "coordinates": one}),
        many => json!({"type": "MultiPolygon", "coordinates": many}),
    }
}
