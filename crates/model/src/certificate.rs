//! `certificate.json`: thresholds from which anyone can recompute the bound.

use crate::Case;
use serde::{Deserialize, Serialize};

/// Thresholds per place for several times, in families.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Certificate {
    /// Name and version of the format, `clearway-certificate/2`.
    pub schema: String,
    /// Digest of the scenario.
    pub scenario: String,
    /// Step of the time grid on which person-hours are summed, ms.
    pub grid_ms: i64,
    /// The families of cuts.
    pub families: Vec<Family>,
}

impl Certificate {
    /// The value of `schema` that this version reads and writes.
    pub const SCHEMA: &'static str = "clearway-certificate/2";
}

/// Cuts that share a case, a route limit and a list of places.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Family {
    /// Name: `central`, `optimistic`, `routes-3`.
    pub family: String,
    /// Which value of each range.
    pub case: Case,
    /// Bound on routes per zone that the family assumes.
    pub routes_per_zone: Option<u32>,
    /// `node:ID`, `turn:LINK`, `gate:ZONE`, `zone:ID`, `site:ID`.
    pub places: Vec<String>,
    /// Unit of the values in `k`, ms.
    pub unit_ms: i64,
    /// Per place, subtracted from the threshold, ms.
    pub base_ms: Vec<i64>,
    /// The cuts, ascending in theta.
    pub cuts: Vec<Cut>,
    /// With one route a zone: why not everybody has arrived before a time that is later than what the cuts prove.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unsplittable_zones: Option<UnsplittableZones>,
}

/// Elements that unsplittable zones do not fit through by a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UnsplittableZones {
    /// Not everybody has arrived strictly before this, ms.
    pub theta_ms: i64,
    /// `link:ID`, `connector:ID`, `site:ID` (its admission): the zones below have no way without them.
    pub cut_arcs: Vec<String>,
    /// Zones and their weights, above 0.
    pub weights: Vec<(String, u64)>,
    /// People in which zones and cut_arcs are counted, rounded down.
    pub unit_people: i64,
}

/// Thresholds for one time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Cut {
    /// The time for which it bounds arrivals, ms since the start.
    pub theta_ms: i64,
    /// Run-length code: how many places, value.
    pub k: Vec<(u64, i64)>,
    /// What the formula gives, people, rounded up.
    pub bound_people: i64,
}
