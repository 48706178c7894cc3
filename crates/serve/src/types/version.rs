//! What was made or computed: versions that never change.

use super::ReviewState;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a version is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum VersionKind {
    /// The roads of a map.
    Roads,
    /// A scenario.
    Scenario,
    /// A plan with its bound, or a bound alone.
    Plan,
    /// A simulated plan.
    Simulation,
    /// What people need.
    Needs,
    /// An audit.
    Audit,
    /// Interventions and what each gains.
    Interventions,
}

impl VersionKind {
    const ALL: [Self; 7] = [
        Self::Roads,
        Self::Scenario,
        Self::Plan,
        Self::Simulation,
        Self::Needs,
        Self::Audit,
        Self::Interventions,
    ];

    /// The word in files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Roads => "roads",
            Self::Scenario => "scenario",
            Self::Plan => "plan",
            Self::Simulation => "simulation",
            Self::Needs => "needs",
            Self::Audit => "audit",
            Self::Interventions => "interventions",
        }
    }

    /// The kind of a word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// A version: files with digests. Its files never change; its name, note and review do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct VersionInfo {
    /// Number of the version.
    pub id: i64,
    /// Its project.
    pub project: i64,
    /// What it is.
    pub kind: VersionKind,
    /// The version that it was computed of.
    pub parent: Option<i64>,
    /// The job that made it.
    pub job: Option<i64>,
    /// The revision of the draft that it was made of.
    pub draft_revision: Option<i64>,
    /// Name given by people.
    pub name: String,
    /// A note.
    pub note: String,
    /// `sha256:...` over the names and digests of its files.
    pub digest: String,
    /// Whether its figures are `full` or `redacted`.
    pub disclosure: String,
    /// Whether it was taken as a baseline, against which others are compared.
    pub baseline: bool,
    /// Who made it.
    pub made_by: String,
    /// When, RFC 3339.
    pub made_at: String,
    /// What became of its review.
    pub review: ReviewState,
    /// What came out in words.
    pub words: String,
}

/// What is to be changed of a version.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct VersionChange {
    /// A new name.
    #[schema(min_length = 1, max_length = 200)]
    pub name: Option<String>,
    /// A new note.
    pub note: Option<String>,
    /// Take an accepted version as the baseline, or no longer.
    pub baseline: Option<bool>,
}

/// A file of a version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct VersionFile {
    /// Name within the folder, with `/` between folders.
    pub name: String,
    /// What it is for.
    pub role: String,
    /// Whether it may be passed on: `public` or `exact`.
    pub sensitivity: String,
    /// Size, bytes.
    pub bytes: i64,
    /// `sha256:...` over its bytes.
    pub digest: String,
}

/// What is to be changed of a scenario, or of the scenario of a plan.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WhatIfOrder {
    /// Name of the scenario that comes out.
    pub name: String,
    /// What is changed, in order.
    #[schema(schema_with = crate::library::scenario_changes)]
    pub changes: Vec<clearway::ScenarioChange>,
}

/// The map of a version.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct MapInfo {
    /// West, south, east and north of all roads, degrees WGS 84.
    pub bounds: [f64; 4],
    /// How many links there are: rows of `link.csv`. The id of a feature of the layer `links` is its row from 0, as in the steps.
    pub links: usize,
    /// How many nodes there are: rows of `node.csv`, which are the ids of the layer `nodes`.
    pub nodes: usize,
    /// How many zones.
    pub zones: usize,
    /// How many sites.
    pub sites: usize,
    /// Least zoom at which there are tiles.
    pub min_zoom: u8,
    /// Greatest zoom at which there are tiles; beyond it they are enlarged.
    pub max_zoom: u8,
    /// Road classes there are, widest first.
    pub classes: Vec<String>,
    /// What must be printed beside the map.
    pub attribution: Vec<String>,
}

/// Shapes of a scenario as its files have them, each a GeoJSON document or `null`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, ToSchema)]
pub struct MapShapesInfo {
    /// `zones.geojson`.
    #[schema(value_type = Option<Object>)]
    pub zones: Option<serde_json::Value>,
    /// `sites.geojson`.
    #[schema(value_type = Option<Object>)]
    pub sites: Option<serde_json::Value>,
    /// `hazards.geojson`.
    #[schema(value_type = Option<Object>)]
    pub hazards: Option<serde_json::Value>,
}

/// A road, zone or site that was looked for by a text.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct FoundPlace {
    /// `road`, `zone` or `site`.
    pub kind: String,
    /// Id in its table.
    pub id: String,
    /// Row in its table, from 0.
    pub row: usize,
    /// Its name, or its id where it has none.
    pub name: String,
    /// Longitude and latitude at which to look, degrees WGS 84; `null`: not known.
    pub at: Option<[f64; 2]>,
}
