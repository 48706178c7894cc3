//! Versions beside each other.

use super::{FigureSource, Reached};
use serde::Serialize;
use utoipa::ToSchema;

/// Two or more plans or scenarios beside each other. Differences are those of each to the first; a scenario has no figures of plans.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Comparison {
    /// The plans, in the order in which they were asked for.
    pub plans: Vec<ComparedPlan>,
    /// Measures, a value per plan.
    pub measures: Vec<ComparedMeasure>,
    /// Zones, a 90 % time per plan, s; the zone whose time differs most first.
    pub zones: Vec<ComparedZone>,
    /// Roads, people per plan; the road whose number differs most first, at most 500.
    pub roads: Vec<ComparedRoad>,
    /// What is different in the scenarios, in sentences.
    pub differences: Vec<String>,
}

/// A plan in a comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ComparedPlan {
    /// The version.
    pub version: i64,
    /// Its name.
    pub name: String,
    /// Whether it is a baseline.
    pub baseline: bool,
}

/// A measure in a comparison.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ComparedMeasure {
    /// E.g. `clearance_s.bound`.
    pub measure: String,
    /// What it is, in words.
    pub label: String,
    /// Unit.
    pub unit: String,
    /// A value per plan; `"never"`: not reached within the horizon; `null`: not there.
    #[schema(schema_with = crate::library::reached_list)]
    pub values: Vec<Reached>,
    /// Where each is from.
    pub sources: Vec<Option<FigureSource>>,
}

/// A zone in a comparison.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ComparedZone {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// 90 % time per plan, s (replay); `"never"`: not within the horizon; `null`: not there.
    #[schema(schema_with = crate::library::reached_list)]
    pub t90_s: Vec<Reached>,
    /// People who arrive per plan.
    pub arrived: Vec<Option<i64>>,
}

/// A road in a comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ComparedRoad {
    /// Id of the link.
    pub id: String,
    /// Row in `link.csv` of each plan's scenario; `null`: not there.
    pub rows: Vec<Option<usize>>,
    /// Name.
    pub name: String,
    /// People who pass it per plan (replay); `null`: the plan does not say.
    pub people: Vec<Option<i64>>,
}
