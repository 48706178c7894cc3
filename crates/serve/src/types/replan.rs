//! A plan that is being carried out meets what was counted.

use super::{Reached, SourcedFigure};
use clearway::{CountsTableRow, InputFile, OptionName, ReplanReport, ReplanRequest};
use clearway_model::Fault;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Counts that are to be looked at before a new plan is made of them.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CountsOrder {
    /// The library's request: its time counts, and whether contradictions are accepted.
    #[schema(schema_with = crate::library::replan_request)]
    pub request: ReplanRequest,
    /// Files of the project with counts, read before `counts`.
    pub files: Vec<i64>,
    /// Tables of counts.
    #[schema(schema_with = crate::library::input_files)]
    pub counts: Vec<InputFile>,
}

/// Counts beside what a plan expects at a time.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct CountsInfo {
    /// The time, ms from the start of the plan.
    pub at_ms: i64,
    /// Every zone, site and road where the plan expects people, then what else was counted or reported.
    #[schema(schema_with = crate::library::counts_rows)]
    pub rows: Vec<CountsTableRow>,
    /// Errors and warnings, counts that contradict each other among them.
    #[schema(schema_with = crate::library::faults)]
    pub faults: Vec<Fault>,
}

/// A plan that was made of what was left of another, beside that one.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ReplannedInfo {
    /// The new plan.
    pub version: i64,
    /// The plan that was being carried out; `null`: it is not here.
    pub old: Option<i64>,
    /// When the new plan begins, s after the start of the old one.
    pub at_s: f64,
    /// `replan.json` of the new plan.
    #[schema(schema_with = crate::library::replan_report)]
    pub report: ReplanReport,
    /// When all have arrived: what no plan can beat, by the plan, simulated.
    pub clearance: Vec<OldAndNew>,
    /// The ways to go on, the one that keeps orders first.
    pub options: Vec<OptionGain>,
    /// Roads that more or fewer people take, the greatest difference first.
    pub roads: Vec<RoadChange>,
}

/// A figure of the old and of the new plan. Times count from the start of the old one.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct OldAndNew {
    /// `bound`, `plan` or `simulated`.
    pub figure: String,
    /// Of the old plan.
    pub old: Option<SourcedFigure>,
    /// Of the new plan.
    pub new: Option<SourcedFigure>,
}

/// An option, and what it gains against keeping the orders. Times count from the start of the old plan.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct OptionGain {
    /// Which.
    #[schema(schema_with = crate::library::option_name)]
    pub option: OptionName,
    /// When 90 % of those who are left have arrived, s; `"never"`: not within the horizon.
    #[schema(schema_with = crate::library::reached)]
    pub t90_s: Reached,
    /// When all of them have, s.
    #[schema(schema_with = crate::library::reached)]
    pub clearance_s: Reached,
    /// People who arrive.
    pub arrived: i64,
    /// People who are told something else than in the old plan.
    pub changed_people: i64,
    /// People who arrive more than with the orders kept; below 0: fewer.
    pub more_people: i64,
    /// Time until arrival that it saves against the orders kept, all together, person-hours; below 0: it takes more.
    pub saved_person_hours: f64,
}

/// A road that more or fewer people take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RoadChange {
    /// Id of the link.
    pub id: String,
    /// Row in `link.csv` of the new plan's scenario, from 0.
    pub row: Option<usize>,
    /// Its name.
    pub name: String,
    /// People by the orders that were given, from the start of the new plan on.
    pub given_people: i64,
    /// People by the new plan.
    pub new_people: i64,
}
