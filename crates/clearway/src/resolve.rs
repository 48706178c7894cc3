//! `resolve`: hazards, as polygons or as a raster, become closures of a scenario.

use crate::artifacts::Files;
use crate::error::{Error, fault_list};
use crate::flood::FloodRequest;
use crate::input::InputFile;
use crate::session::Session;
use crate::upgrade::must_be_current;
use clearway_compose::{
    HazardClosures, NamedBytes, RasterMeaning, resolve_flood_in, resolve_hazards, resolve_raster_until,
};
use clearway_formats::{read_scenario, to_csv};
use clearway_model::{Faults, Scenario, Store, no_such_file};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::path::Path;

/// The polygons of a scenario's hazards.
const HAZARDS: &str = "hazards.geojson";
/// Water, bridges and tunnels of a scenario that was made with a terrain.
const WATER: &str = "water.geojson";

/// Units in which the times of a raster may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TimeUnit {
    /// Seconds.
    Second,
    /// Minutes.
    Minute,
    /// Hours.
    Hour,
}

impl TimeUnit {
    /// ms of one unit.
    fn ms(self) -> f64 {
        match self {
            Self::Second => 1e3,
            Self::Minute => 6e4,
            Self::Hour => 3.6e6,
        }
    }
}

/// A raster of a hazard, a GeoTIFF of one band.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum HazardRaster {
    /// When the hazard arrives, after the scenario's start. Cells without data are never reached.
    Arrival {
        /// The raster.
        file: InputFile,
        /// Unit of its values, which a raster does not say.
        unit: TimeUnit,
        /// How long the hazard stays where it has arrived, ms; `None`: for good.
        lasts_ms: Option<i64>,
    },
    /// How deep the water is, m: what is at least 0.3 m deep is closed.
    Depth {
        /// The raster.
        file: InputFile,
        /// Begin, ms after the scenario's start.
        from_ms: i64,
        /// End, ms after the scenario's start; `None`: it stays.
        until_ms: Option<i64>,
    },
}

/// What is asked of resolving hazards.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct ResolveRequest {
    /// A raster of the hazard; `None`: the polygons of the scenario's `hazards.geojson`.
    pub raster: Option<HazardRaster>,
    /// A flood from the height of the ground, in place of a raster. Bridges and water of the map are taken from the `water.geojson` of a scenario
    /// that was made with a terrain.
    pub flood: Option<FloodRequest>,
    /// Id of the raster's hazard, whose earlier closures are replaced.
    pub hazard_id: String,
}

impl Default for ResolveRequest {
    fn default() -> Self {
        Self { raster: None, flood: None, hazard_id: "raster".to_owned() }
    }
}

/// Hazards resolved into closures.
#[derive(Debug)]
#[non_exhaustive]
pub struct ResolvedHazards {
    /// How messages name the scenario, e.g. the path of its folder.
    pub label: String,
    /// The scenario with the closures that were made.
    pub scenario: Scenario,
    /// How many closures were made.
    pub made: usize,
    /// How many of an earlier run were replaced.
    pub replaced: usize,
    /// What is worth a look.
    pub warnings: Faults,
}

/// Turns hazards into closures of links, nodes, zones and sites. Closures of an earlier run of the same hazards are replaced; those that
/// somebody has typed stay. A scenario of an earlier version is refused: rows of this version do not fit into its folder, and
/// [`upgrade`](crate::upgrade()) writes it anew.
///
/// # Errors
/// [`Error::Invalid`] with all faults of scenario, polygons or raster; [`Error::Read`] if there are no polygons; [`Error::Request`] for an end
/// before the beginning; [`Error::Cancelled`] without an answer.
pub fn resolve(
    session: &Session,
    request: &ResolveRequest,
    store: &dyn Store,
) -> Result<ResolvedHazards, Error> {
    let label = store.label();
    let invalid = |faults| Error::Invalid { of: label.clone(), faults };
    must_be_current(store)?;
    let (mut scenario, _) = read_scenario(store).map_err(invalid)?;
    session.go_on()?;
    let found = closures(session, request, store, &scenario)?;
    // Rows of an earlier run of these hazards are replaced; rows typed by hand stay.
    let causes: HashSet<&str> = found.hazard_ids.iter().map(String::as_str).collect();
    let before = scenario.closures.len();
    let is_made = |cause: &str, id: &str| causes.contains(cause) && id.starts_with(&format!("{cause}:"));
    scenario.closures.retain(|row| !is_made(&row.cause, &row.closure_id));
    let (made, replaced) = (found.closures.len(), before - scenario.closures.len());
    scenario.closures.extend(found.closures);
    Ok(ResolvedHazards { label, scenario, made, replaced, warnings: found.warnings })
}

/// Closures out of a raster if one is given, else out of the scenario's polygons.
fn closures(
    session: &Session,
    request: &ResolveRequest,
    store: &dyn Store,
    scenario: &Scenario,
) -> Result<HazardClosures, Error> {
    if let Some(flood) = &request.flood {
        return flooded(session, request, flood, store, scenario);
    }
    let (file, meaning) = match &request.raster {
        Some(HazardRaster::Arrival { file, unit, lasts_ms }) => {
            (file, RasterMeaning::Arrival { unit_ms: unit.ms(), lasts_ms: *lasts_ms })
        }
        Some(HazardRaster::Depth { file, from_ms, until_ms }) => {
            if until_ms.is_some_and(|until_ms| until_ms <= *from_ms) {
                return Err(Error::Request("until_ms has to be after from_ms".to_owned()));
            }
            (file, RasterMeaning::Depth { from_ms: *from_ms, until_ms: *until_ms })
        }
        None => {
            let read = store.read(HAZARDS).and_then(|bytes| bytes.ok_or_else(no_such_file));
            let path = Path::new(&store.label()).join(HAZARDS);
            let polygons = NamedBytes::new(HAZARDS, read.map_err(|source| Error::Read { path, source })?);
            return resolve_hazards(scenario, &polygons)
                .map_err(|faults| Error::Invalid { of: store.label(), faults });
        }
    };
    let raster = NamedBytes::borrowed(file.file_name(), file.bytes());
    resolve_raster_until(scenario, &raster, &request.hazard_id, meaning, session.cancel())
        .map_err(|error| Error::of_compose(store.label(), error))
}

/// Closures of a flood.
fn flooded(
    session: &Session,
    request: &ResolveRequest,
    flood: &FloodRequest,
    store: &dyn Store,
    scenario: &Scenario,
) -> Result<HazardClosures, Error> {
    if request.raster.is_some() {
        return Err(Error::Request("a raster or a flood, not both: each is a run of its own".to_owned()));
    }
    let path = Path::new(&store.label()).join(WATER);
    let relief = store.read(WATER).map_err(|source| Error::Read { path, source })?;
    let relief = relief.map(|bytes| NamedBytes::new(WATER, bytes));
    let readable = flood.readable()?;
    resolve_flood_in(scenario, &readable.inputs(), relief.as_ref(), session.cancel())
        .map_err(|error| Error::of_compose(store.label(), error))
}

impl ResolvedHazards {
    /// The files that are written anew; all others of the scenario stay.
    pub fn files(&self) -> Files {
        vec![("closures.csv".to_owned(), to_csv(&self.scenario.closures))]
    }

    /// What is worth a look and how many closures were made, for a terminal.
    pub fn in_words(&self) -> String {
        format!(
            "{}{} closures written to {}/closures.csv ({} of an earlier run replaced)",
            fault_list(&self.label, &self.warnings),
            self.made,
            self.label,
            self.replaced
        )
    }
}
