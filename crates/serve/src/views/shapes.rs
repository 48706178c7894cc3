//! Zones, sites and hazards as GeoJSON.

use super::ScenarioFolder;
use super::roads::shapes_of;
use super::tables::rows;
use crate::app::ServeApp;
use crate::error::ServeError;
use crate::types::MapShapesInfo;
use clearway_model::{SiteRow, ZoneRow};
use serde_json::{Value, json};
use std::collections::HashMap;

/// The geometry of each feature of a document, by one of its properties.
fn geometries(document: &Value, key: &str) -> HashMap<String, Value> {
    let features = document.get("features").and_then(Value::as_array).into_iter().flatten();
    features
        .filter_map(|feature| {
            let id = feature.pointer(&format!("/properties/{key}")).or_else(|| feature.get("id"))?;
            let id = id.as_str().map_or_else(|| id.to_string(), str::to_owned);
            Some((id, feature.get("geometry").filter(|geometry| !geometry.is_null())?.clone()))
        })
        .collect()
}

fn point(x: Option<f64>, y: Option<f64>) -> Value {
    x.zip(y).map_or(Value::Null, |(x, y)| json!({ "type": "Point", "coordinates": [x, y] }))
}

/// Zones, sites and hazards of a version. What is not in the files is `null`.
pub(crate) fn shapes(app: &ServeApp, version: i64) -> Result<MapShapesInfo, ServeError> {
    let folder = ScenarioFolder::of(app, version)?;
    folder.with(|store| {
        let zones: Vec<ZoneRow> = rows(store)?;
        let sites: Vec<SiteRow> = rows(store)?;
        let zone_shapes = geometries(&shapes_of(store, "zones.geojson"), "zone_id");
        let site_shapes = geometries(&shapes_of(store, "sites.geojson"), "site_id");
        let zones: Vec<Value> = zones
            .iter()
            .enumerate()
            .map(|(row, zone)| {
                let shape = zone_shapes.get(&zone.zone_id).cloned();
                json!({
                    "type": "Feature",
                    "id": row,
                    "geometry": shape.unwrap_or_else(|| point(zone.x_coord, zone.y_coord)),
                    "properties": {
                        "zone_id": zone.zone_id, "name": zone.name, "people": zone.people,
                        "people_low": zone.people_low, "people_high": zone.people_high,
                        "lon": zone.x_coord, "lat": zone.y_coord
                    }
                })
            })
            .collect();
        let sites: Vec<Value> = sites
            .iter()
            .enumerate()
            .map(|(row, site)| {
                let shape = site_shapes.get(&site.site_id).cloned();
                json!({
                    "type": "Feature",
                    "id": row,
                    "geometry": shape.unwrap_or_else(|| point(site.x_coord, site.y_coord)),
                    "properties": {
                        "site_id": site.site_id, "name": site.name, "capacity_people": site.capacity_people,
                        "admission_people_h": site.admission_people_h, "lon": site.x_coord, "lat": site.y_coord
                    }
                })
            })
            .collect();
        let collection = |features: Vec<Value>| {
            (!features.is_empty()).then(|| json!({ "type": "FeatureCollection", "features": features }))
        };
        let hazards = shapes_of(store, "hazards.geojson");
        Ok(MapShapesInfo {
            zones: collection(zones),
            sites: collection(sites),
            hazards: (!hazards.is_null()).then_some(hazards),
        })
    })
}
