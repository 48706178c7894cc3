//! `study.json`: what came of a study.

use crate::design::StudyDesign;
use crate::spread::InputSpread;
use clearway_model::Context;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What came of a study. Wherever a time is `None` it is never reached within the planning horizon, or no plan can reach it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StudyReport {
    /// Always `clearway-study/1`.
    pub schema: String,
    /// Program and version.
    pub tool: String,
    /// Digest of the scenario that was varied.
    pub scenario: String,
    /// Its name.
    pub name: String,
    /// What kind of situation it is.
    pub context: Context,
    /// Who made its data.
    pub attribution: Vec<String>,
    /// What was computed of each run: `bound`, `plan` or `simulation`.
    pub answer: String,
    /// Most routes per zone; `None`: any number.
    pub routes_per_zone: Option<u32>,
    /// How the values of the inputs were chosen.
    pub design: StudyDesign,
    /// Seed of all chance.
    pub seed: u64,
    /// How many runs the study has.
    pub runs: u32,
    /// Runs that could not be made, and why.
    pub failed: Vec<FailedRun>,
    /// Numbers of runs that are in no part, `from..until`.
    pub missing: Vec<String>,
    /// What was varied.
    pub inputs: Vec<InputDescription>,
    /// What is known of each run.
    pub figures: Vec<FigureDescription>,
    /// Quantiles of each figure over the draws of the design.
    pub quantiles: Vec<StudyQuantiles>,
    /// Which share of the variance of each figure goes back to each input.
    pub indices: Vec<SobolIndex>,
    /// What each figure changes over the spread of each input.
    pub effects: Vec<ElementaryEffect>,
    /// What might be done.
    pub options: Vec<OptionDescription>,
    /// Unit of costs.
    pub cost_unit: String,
    /// Options alone and together, the one without any first.
    pub front: Vec<FrontRow>,
    /// By what the front is judged, less being better: names of figures beside the cost.
    pub front_by: Vec<String>,
    /// How many draws of the inputs each set of options was tried with; 0: with the central value of each.
    pub front_samples: u32,
    /// Methods and where they are from.
    pub methods: Vec<String>,
}

impl StudyReport {
    /// The value of `schema` that this version writes.
    pub const SCHEMA: &'static str = "clearway-study/1";

    /// The description of a figure.
    pub fn figure(&self, name: &str) -> Option<&FigureDescription> {
        self.figures.iter().find(|figure| figure.figure == name)
    }
}

/// A run that could not be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FailedRun {
    /// Its number, from 0.
    pub run: u32,
    /// Why, in one line.
    pub why: String,
}

/// What was varied.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct InputDescription {
    /// Its name.
    pub input: String,
    /// Which figure of the scenario.
    pub vary: String,
    /// Of which zones, links, sites, windows or types of vehicles.
    pub of: Vec<String>,
    /// Unit of its values; `times` where they are factors.
    pub unit: String,
    /// Which values it may have.
    pub spread: InputSpread,
    /// The value where it is not varied.
    pub central: f64,
    /// Where the spread is from; empty: it is assumed.
    pub source: String,
}

/// What is known of each run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FigureDescription {
    /// Its name, as columns and tables have it.
    pub figure: String,
    /// Its unit.
    pub unit: String,
    /// What it is.
    pub about: String,
}

/// Quantiles of one figure. What never happens counts as infinitely late.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StudyQuantiles {
    /// Which figure.
    pub figure: String,
    /// Its unit.
    pub unit: String,
    /// Mean of the runs that have it; `None`: none has.
    pub mean: Option<f64>,
    /// 5 of 100 draws have no more; `None` here and below: it does not happen in them.
    pub p5: Option<f64>,
    /// 10 of 100.
    pub p10: Option<f64>,
    /// 25 of 100.
    pub p25: Option<f64>,
    /// Half of them.
    pub p50: Option<f64>,
    /// 75 of 100.
    pub p75: Option<f64>,
    /// 90 of 100.
    pub p90: Option<f64>,
    /// 95 of 100.
    pub p95: Option<f64>,
    /// Share of the draws in which it never happens, 0 to 1.
    pub never_share: f64,
    /// How many runs that is of.
    pub runs: u32,
}

/// Shares of the variance of one figure that go back to one input.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SobolIndex {
    /// Which input.
    pub input: String,
    /// Which figure.
    pub figure: String,
    /// To the input alone; 0 to 1, but for what is estimated.
    pub first: f64,
    /// With 95 % confidence not below this; `None`: exact, or too few rows to say.
    pub first_low: Option<f64>,
    /// With 95 % confidence not above this.
    pub first_high: Option<f64>,
    /// To the input alone and together with others.
    pub total: f64,
    /// With 95 % confidence not below this.
    pub total_low: Option<f64>,
    /// With 95 % confidence not above this.
    pub total_high: Option<f64>,
    /// Rows of the design that it is of; of a factorial design runs.
    pub rows: u32,
    /// Rows left out, since a run failed or the figure is never reached there.
    pub left_out: u32,
}

/// What one figure changes over the spread of one input.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ElementaryEffect {
    /// Which input.
    pub input: String,
    /// Which figure.
    pub figure: String,
    /// Mean of absolute effects, in the unit of the figure: how much it matters; `None`: all steps were left out.
    pub mean_absolute: Option<f64>,
    /// Mean of effects, with their sign; `None` as before.
    pub mean: Option<f64>,
    /// Standard deviation of effects: that it is no straight line, or acts with others; `None`: one step alone.
    pub deviation: Option<f64>,
    /// How many steps that is of.
    pub steps: u32,
    /// Steps left out, since a run failed or the figure is never reached at one end.
    pub left_out: u32,
}

/// What might be done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OptionDescription {
    /// Its name.
    pub option: String,
    /// What it costs, in the unit of the study.
    pub cost: f64,
    /// Where the cost is from; empty: it is assumed.
    pub source: String,
}

/// A set of options that was tried.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FrontRow {
    /// Names of the options; empty: nothing is done.
    pub options: Vec<String>,
    /// What they cost together.
    pub cost: f64,
    /// Each figure of the study, in its order: of one run, or of several draws the mean for people and person-hours and for times what 90 of
    /// 100 do not exceed.
    pub figures: Vec<Option<f64>>,
    /// How many runs that is of.
    pub runs: u32,
    /// Runs of it that failed or are missing; with any the set is not judged.
    pub failed: u32,
    /// Whether no other set that was tried is at least as good in cost and in all of `front_by`, and better in one.
    pub on_front: bool,
}
