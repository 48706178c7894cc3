//! Which formats there are, and the files of each.

use crate::figures::PlanFigures;
use crate::source::ExportSource;
use crate::tables::{PlanFacts, PlanTables};
use crate::{cap, geoparquet, gmns, gpkg, kml, matsim, sumo, xlsx};
use clearway_report::ScenarioClock;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A format of other programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ExportFormat {
    /// A GeoPackage with layers, tables and styles, for QGIS and other geographic information systems.
    Gpkg,
    /// A workbook for spreadsheets, with p-codes and HXL tags.
    Xlsx,
    /// A map with time for Google Earth and others.
    Kml,
    /// Tables of the General Modeling Network Specification, with demand, routes and trips.
    Gmns,
    /// Network and trips for SUMO, whose mesoscopic model then runs the plan.
    Sumo,
    /// Network and population for MATSim.
    Matsim,
    /// Tables for data analysis: links by hour and all others as GeoParquet and Parquet.
    Geoparquet,
    /// Drafts of alerts by zone and wave, Common Alerting Protocol 1.2; never anything but drafts.
    Cap,
}

impl ExportFormat {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Gpkg,
        Self::Xlsx,
        Self::Kml,
        Self::Gmns,
        Self::Sumo,
        Self::Matsim,
        Self::Geoparquet,
        Self::Cap,
    ];

    /// The ending of its one file; `None`: it is a folder of several.
    pub fn ending(self) -> Option<&'static str> {
        match self {
            Self::Gpkg => Some("gpkg"),
            Self::Xlsx => Some("xlsx"),
            Self::Kml => Some("kml"),
            Self::Gmns | Self::Sumo | Self::Matsim | Self::Geoparquet | Self::Cap => None,
        }
    }

    /// The word in requests and on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Gpkg => "gpkg",
            Self::Xlsx => "xlsx",
            Self::Kml => "kml",
            Self::Gmns => "gmns",
            Self::Sumo => "sumo",
            Self::Matsim => "matsim",
            Self::Geoparquet => "geoparquet",
            Self::Cap => "cap",
        }
    }
}

/// Why there is no export.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// A plan that cannot be loaded on its scenario.
    #[error("{0}")]
    Plan(String),
    /// The format has no way to hold the plan.
    #[error("{0}")]
    DoesNotFit(String),
    /// Something that should not happen.
    #[error("{0}")]
    Internal(String),
}

/// What more is asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ExportOptions {
    /// Simulate the orders and write what happens to each vehicle, where the format has a place for it (MATSim).
    pub with_events: bool,
}

/// A file's name and contents.
pub type NamedBytes = (String, Vec<u8>);

/// The files of a plan in a format; the one file of a format that has one is called `plan` with its ending.
///
/// # Errors
/// If the orders cannot be loaded on the scenario, or the format cannot hold the plan.
pub fn export_files(
    source: &ExportSource,
    format: ExportFormat,
    options: ExportOptions,
) -> Result<Vec<NamedBytes>, ExportError> {
    let figures = PlanFigures::new(&source.scenario, &source.plan)?;
    let facts = PlanFacts::new(source, &figures);
    let clock = ScenarioClock::new(&source.scenario.settings);
    let tables = || PlanTables::with(source, &figures);
    let one = |bytes| vec![(format!("plan.{}", format.ending().unwrap_or_default()), bytes)];
    Ok(match format {
        ExportFormat::Gpkg => one(gpkg::gpkg(&tables(), &clock)?),
        ExportFormat::Xlsx => one(xlsx::xlsx(&tables(), &clock)?),
        ExportFormat::Kml => one(kml::kml(&facts, &tables())?),
        ExportFormat::Gmns => gmns::gmns(&facts)?,
        ExportFormat::Sumo => sumo::sumo(&facts)?,
        ExportFormat::Matsim => matsim::matsim(&facts, options)?,
        ExportFormat::Geoparquet => geoparquet::geoparquet(&tables(), &clock)?,
        ExportFormat::Cap => cap::cap(&facts)?,
    })
}

/// A moment in UTC, as ISO 8601 with milliseconds; `None` where the scenario has no clock.
pub(crate) fn utc(clock: &ScenarioClock, ms: i64) -> Option<String> {
    let moment = jiff::Timestamp::from_millisecond(clock.start_ms()?.checked_add(ms)?).ok()?;
    Some(moment.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string())
}
