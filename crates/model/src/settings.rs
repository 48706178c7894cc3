//! What holds for a whole scenario: `scenario.toml`.

use serde::{Deserialize, Serialize};

/// `scenario.toml`: what holds for the whole scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Name and version of the format, `clearway-scenario/2`.
    pub schema: String,
    /// One line that names the scenario.
    pub name: String,
    /// What the scenario is about, free text.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// What kind of situation this is; decides what reports must carry.
    pub context: Context,
    /// RFC 3339 time with offset: the moment of time 0.
    pub start: String,
    /// IANA time zone name, for display.
    pub time_zone: String,
    /// Nothing after this time counts, ms.
    pub horizon_ms: i64,
    /// Safety margin on required time as a share (rule TIM-02).
    #[serde(default = "default_margin")]
    pub margin_share: f64,
    /// What must be printed beside maps and figures.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attribution: Vec<String>,
    /// The classes of road users; exactly one for now.
    pub class: Vec<ClassOfUsers>,
}

impl Settings {
    /// The value of `schema` that this version reads and writes.
    pub const SCHEMA: &'static str = "clearway-scenario/2";
}

fn default_margin() -> f64 {
    0.25
}

/// The kind of situation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Context {
    /// Flood, fire, storm, accident.
    Disaster,
    /// War or other armed conflict; protection conditions are reported first.
    ArmedConflict,
    /// Training or teaching material.
    Exercise,
    /// Anything that is none of these.
    Other,
}

/// How a class of road users moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// By vehicle: uses `capacity_pcu_h` and `time_ms` of links.
    Vehicle,
    /// On foot: uses `walk_capacity_people_h` and `walk_time_ms`.
    Walk,
}

/// One class of road users.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ClassOfUsers {
    /// Id of the class, e.g. `car`.
    pub id: String,
    /// By vehicle or on foot.
    pub mode: Mode,
    /// Mean occupancy, people per vehicle; required for vehicles.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub people_per_vehicle: Option<f64>,
    /// Low end of the occupancy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub people_per_vehicle_low: Option<f64>,
    /// High end of the occupancy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub people_per_vehicle_high: Option<f64>,
    /// Passenger-car units of one vehicle.
    #[serde(default = "one")]
    pub pcu_per_vehicle: f64,
}

fn one() -> f64 {
    1.0
}
