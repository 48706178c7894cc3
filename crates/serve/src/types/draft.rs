//! What somebody draws and types, before it is a scenario.

use clearway::MobilizationSpeed;
use clearway_model::Mode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What somebody draws and types. Nothing has to be there before it is made a scenario; what is missing then is said.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Draft {
    /// The road map: a file of the project; `null`: the one that was given last.
    pub map_file: Option<i64>,
    /// Everything that is drawn: a GeoJSON `FeatureCollection`, WGS 84, longitude first. The property `role` of a feature says what it is:
    /// `area`, `zone`, `site` or `hazard`. Its other properties are those of the file of the same kind (`docs/reference/new.md`): of a zone
    /// `name`, `people`, `people_low`, `people_high`; of a site `name`, `capacity_people`, `admission_people_h`, `open_from_ms` ...; of a
    /// hazard `hazard_id`, `name`, `kind`, `from`, `until` or `from_ms`, `until_ms`; of each `source`, which says where its values are from.
    #[schema(value_type = Option<Object>)]
    pub features: serde_json::Value,
    /// People in the area.
    pub people: Option<i64>,
    /// Low end of their range.
    pub people_low: Option<i64>,
    /// High end of their range.
    pub people_high: Option<i64>,
    /// Where the number is from.
    pub people_source: Option<String>,
    /// How many zones to make; `null`: one per 1,500 people. Unused where zones are drawn.
    pub zone_count: Option<usize>,
    /// By vehicle or on foot; `null`: by vehicle.
    #[schema(value_type = Option<String>, example = "vehicle")]
    pub mode: Option<Mode>,
    /// People per vehicle; `null`: 2.5.
    pub people_per_vehicle: Option<f64>,
    /// How quickly people become ready to leave: `fast`, `medium`, `slow`, `instant`; `null`: `fast`.
    #[schema(value_type = Option<String>, example = "fast")]
    pub mobilization: Option<MobilizationSpeed>,
    /// The moment of time 0, RFC 3339 with offset.
    pub start: Option<String>,
    /// IANA time zone, for display.
    pub time_zone: Option<String>,
    /// Planning horizon, ms.
    pub horizon_ms: Option<i64>,
    /// Farthest that zones and sites are joined to a road, m; `null`: 500.
    pub join_within_m: Option<f64>,
    /// How far around the footprint of a detected fire is closed too, m; `null`: 0. Unused for other hazards.
    pub fire_buffer_m: Option<f64>,
    /// Whether stops, give-ways and roundabouts of the map are taken, which the simulation heeds and no plan does.
    pub junctions: bool,
    /// Where people are: a file of the project, a table of points or a raster.
    pub population_file: Option<i64>,
    /// Zones: a file of the project, in place of those drawn.
    pub zones_file: Option<i64>,
    /// Sites: a file of the project, in place of those drawn.
    pub sites_file: Option<i64>,
    /// Hazards: a file of the project, in place of those drawn.
    pub hazards_file: Option<i64>,
    /// What is changed of roads, sites and zones once the scenario is made, e.g. lanes that a map has wrong.
    #[schema(schema_with = crate::library::scenario_changes)]
    pub changes: Vec<clearway::ScenarioChange>,
}

/// A draft as it is kept. Each revision stays: undo is to save an earlier one again.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct StoredDraft {
    /// Number of the revision; 0: nothing was saved yet.
    pub revision: i64,
    /// The newest one there is.
    pub newest: i64,
    /// Who saved it; empty for revision 0.
    pub by: String,
    /// When, RFC 3339; empty for revision 0.
    pub at: String,
    /// What was drawn and typed.
    pub draft: Draft,
}

/// A draft that is to be saved.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DraftOrder {
    /// The revision that it was made of. If there is a newer one, it is not saved (409).
    pub base: i64,
    /// In a few words what was done, e.g. "area moved", for the list of revisions.
    #[serde(default)]
    pub note: String,
    /// What was drawn and typed.
    pub draft: Draft,
}

/// One revision of a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DraftRevision {
    /// Number of the revision.
    pub revision: i64,
    /// In a few words what was done.
    pub note: String,
    /// Who saved it.
    pub by: String,
    /// When, RFC 3339.
    pub at: String,
}
