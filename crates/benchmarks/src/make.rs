//! From a definition to a scenario.

use crate::LibraryError;
use crate::capacity::set_capacities;
use crate::curfew::add_curfew;
use crate::definition::InstanceDefinition;
use crate::front::add_front;
use crate::map_city::map_city;
use crate::release::set_release;
use crate::river::add_river;
use clearway_instances::{CityRequest, city};
use clearway_model::{ClassOfUsers, Context, Mode, Scenario, Settings};
use std::path::{Path, PathBuf};

/// Makes the scenario of an instance; `maps` is the folder of maps, not looked at for synthetic cities.
///
/// # Errors
/// [`LibraryError`] if the map is not there or cannot be used.
pub fn make(definition: &InstanceDefinition, maps: &Path) -> Result<Scenario, LibraryError> {
    let mut scenario = match &definition.map {
        Some(map) => map_city(definition, &find_map(map, maps)?)?,
        None => {
            let mut scenario = city(&CityRequest {
                seed: definition.seed.unwrap_or(1),
                side: definition.side.unwrap_or(4),
                zones_side: definition.zones.isqrt(),
                people: definition.people,
                capacity_ratio: None,
                front_m_s: None,
                horizon_h: definition.horizon_h,
            });
            scenario.settings = settings(definition, String::new());
            scenario
        }
    };
    let impossible = |reason| LibraryError::Impossible { name: definition.name.clone(), reason };
    if let Some(bridges) = definition.bridges {
        add_river(&mut scenario, bridges).map_err(impossible)?;
    }
    if let Some(front) = &definition.front {
        add_front(&mut scenario, front);
    }
    // the river and the front take sites away
    if scenario.sites.is_empty() {
        return Err(impossible("no site is left".into()));
    }
    if let Some(ratio) = definition.capacity_ratio {
        set_capacities(&mut scenario, ratio);
    }
    if let Some(curfew) = definition.curfew {
        add_curfew(&mut scenario, curfew.open_h);
    }
    set_release(&mut scenario, definition.release_h);
    Ok(scenario)
}

/// A map by its file name, in the folder itself or in one of the folders in it.
///
/// # Errors
/// [`LibraryError::MissingMap`]
pub fn find_map(map: &str, maps: &Path) -> Result<PathBuf, LibraryError> {
    let mut folders = vec![maps.to_path_buf()];
    let inner = std::fs::read_dir(maps).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut inner: Vec<PathBuf> = inner.filter(|path| path.is_dir()).collect();
    inner.sort();
    folders.extend(inner);
    let found = folders.into_iter().map(|folder| folder.join(map)).find(|path| path.is_file());
    found.ok_or_else(|| LibraryError::MissingMap { map: map.into(), folder: maps.into() })
}

/// Settings of an instance.
pub(crate) fn settings(definition: &InstanceDefinition, attribution: String) -> Settings {
    let origin = match (&definition.map, definition.seed) {
        (Some(map), _) => format!("From the map {map}; people, zones and sites are made up"),
        (None, seed) => format!("A synthetic city, seed {}", seed.unwrap_or(1)),
    };
    Settings {
        schema: Settings::SCHEMA.to_owned(),
        name: definition.name.clone(),
        description: format!(
            "{origin}; {}. An instance of the library for measurements, no plan for a real place.",
            definition.variant()
        ),
        context: Context::Exercise,
        start: "2026-01-01T07:00:00+00:00".to_owned(),
        time_zone: "UTC".to_owned(),
        horizon_ms: definition.horizon_h * 3_600_000,
        margin_share: 0.25,
        attribution: Some(attribution).into_iter().filter(|text| !text.is_empty()).collect(),
        class: vec![ClassOfUsers {
            id: "car".to_owned(),
            mode: Mode::Vehicle,
            people_per_vehicle: Some(2.5),
            people_per_vehicle_low: Some(2.0),
            people_per_vehicle_high: Some(3.0),
            pcu_per_vehicle: 1.0,
        }],
    }
}
