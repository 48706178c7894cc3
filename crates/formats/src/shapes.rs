//! Shapes for maps: the polygons of zones, sites and hazards. Nothing is computed from them here.

use crate::features::{FeatureRead, centroid, property_text, read_features};
use crate::findings::RowFaults;
use crate::origin::place_text;
use clearway_model::{Fault, Faults, Severity, Store};
use geojson::{Geometry, JsonObject};
use std::collections::BTreeMap;

/// Geometries of the optional GeoJSON files by id, WGS 84 degrees.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ScenarioShapes {
    /// Outlines out of `zones.geojson` by `zone_id`.
    pub zones: BTreeMap<String, Geometry>,
    /// Outlines out of `sites.geojson` by `site_id`.
    pub sites: BTreeMap<String, Geometry>,
    /// `hazards.geojson` in the file's order.
    pub hazards: Vec<HazardShape>,
    /// What could not be read; as no figure rests on shapes these are warnings.
    pub faults: Faults,
}

/// One feature of `hazards.geojson`.
#[derive(Debug, Clone, PartialEq)]
pub struct HazardShape {
    /// Number of the feature in the file, from 1.
    pub number: u64,
    /// Id; empty if not given, which is also among the faults.
    pub hazard_id: String,
    /// Name, may be empty.
    pub name: String,
    /// All properties as given (`from_ms`, `until`, `level`, `kind`, ...).
    pub properties: JsonObject,
    /// Its shape, if it has one.
    pub geometry: Option<Geometry>,
}

impl ScenarioShapes {
    /// Label point of a zone that has a shape, longitude and latitude.
    pub fn zone_label_point(&self, zone_id: &str) -> Option<[f64; 2]> {
        self.zones.get(zone_id).and_then(centroid)
    }

    /// Label point of a site that has a shape, longitude and latitude.
    pub fn site_label_point(&self, site_id: &str) -> Option<[f64; 2]> {
        self.sites.get(site_id).and_then(centroid)
    }
}

/// Reads `zones.geojson`, `sites.geojson` and `hazards.geojson` of a scenario; files that are not there give no shapes.
pub fn read_shapes(store: &dyn Store) -> ScenarioShapes {
    let mut findings = RowFaults::default();
    let zones = by_id(store, "zones.geojson", "zone_id", &mut findings);
    let sites = by_id(store, "sites.geojson", "site_id", &mut findings);
    let hazards = read_file(store, "hazards.geojson", &mut findings)
        .into_iter()
        .map(|feature| hazard(feature, &mut findings))
        .collect();
    let mut faults = findings.into_faults();
    for fault in &mut faults.0 {
        fault.severity = Severity::Warning;
    }
    ScenarioShapes { zones, sites, hazards, faults }
}

fn read_file(store: &dyn Store, file: &str, findings: &mut RowFaults) -> Vec<FeatureRead> {
    match store.read(file) {
        Ok(Some(bytes)) => read_features(file, &bytes, findings),
        Ok(None) => Vec::new(),
        Err(error) => {
            findings.push(0, Fault::error(file, "", "a readable file").field("error", error));
            Vec::new()
        }
    }
}

fn text_of(properties: &JsonObject, name: &str) -> String {
    properties.get(name).map_or_else(String::new, property_text)
}

fn by_id(store: &dyn Store, file: &str, key: &str, findings: &mut RowFaults) -> BTreeMap<String, Geometry> {
    let mut shapes = BTreeMap::new();
    for feature in read_file(store, file, findings) {
        let id = text_of(&feature.properties, key);
        let place = place_text("feature", feature.number, &id);
        if id.is_empty() {
            findings.push(feature.number, Fault::error(file, place, "an id").field(key, ""));
        } else if let Some(geometry) = feature.geometry
            && shapes.insert(id.clone(), geometry).is_some()
        {
            findings.push(feature.number, Fault::error(file, place, "each id once").field(key, id));
        }
    }
    shapes
}

fn hazard(feature: FeatureRead, findings: &mut RowFaults) -> HazardShape {
    let hazard_id = text_of(&feature.properties, "hazard_id");
    let place = place_text("feature", feature.number, &hazard_id);
    if hazard_id.is_empty() {
        findings
            .push(feature.number, Fault::error("hazards.geojson", &place, "an id").field("hazard_id", ""));
    }
    if feature.geometry.is_none() {
        let fault = Fault::error("hazards.geojson", place, "a polygon").field("geometry", "");
        findings.push(feature.number, fault);
    }
    HazardShape {
        number: feature.number,
        hazard_id,
        name: text_of(&feature.properties, "name"),
        properties: feature.properties,
        geometry: feature.geometry,
    }
}
