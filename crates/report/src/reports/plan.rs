//! The report of one plan: a first page that decides, then tables, roads, arrivals, sources and limits.

pub(super) mod answer;
pub(super) mod missing;
mod pictures;
pub(super) mod tables;

use super::frame::{Html, ReportFrame, ReportOrigin, render_report};
use super::furniture::MapFigure;
use super::local::LocalFormat;
use super::messages::{Language, Messages};
use super::rows::{ReportedRoad, ReportedSite, ReportedZone};
use crate::clock::ScenarioClock;
use crate::lookup::RowLookup;
use crate::{MapShapes, ReportError};
use clearway_model::{Bottleneck, CurvePoint, Plan, Scenario, Summary};
use serde::{Deserialize, Serialize};

/// What a report needs of `simulation.json`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct SimulatedTimes {
    /// Digest of the scenario.
    pub scenario: String,
    /// Whose departures and routes were simulated: `plan`, or nobody's.
    pub orders: String,
    /// When 90 % of the evacuees have arrived, s; `None`: never.
    pub t90_s: Option<f64>,
    /// When all have arrived, s; `None`: never.
    pub t100_s: Option<f64>,
    /// All who are to evacuate, people.
    pub evacuees: i64,
    /// People who arrive.
    pub arrived: i64,
    /// The times of the plan that was simulated; `None` without one.
    pub plan: Option<SimulatedPlanTimes>,
    /// Of a multimodal plan, by means.
    #[serde(default)]
    pub means: Vec<SimulatedMeansTimes>,
}

/// What `simulation.json` says of the people of one means.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct SimulatedMeansTimes {
    /// How they leave, as in the files.
    pub means: String,
    /// When they have arrived.
    pub simulated: SimulatedPlanTimes,
}

/// Times as `simulation.json` has them.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
pub struct SimulatedPlanTimes {
    /// When 90 % have arrived, s.
    pub t90_s: Option<f64>,
    /// When all have arrived, s.
    pub t100_s: Option<f64>,
}

/// All that the report of a plan is made of.
#[derive(Debug, Clone)]
pub struct PlanReportFacts<'a> {
    /// The scenario of the plan.
    pub scenario: &'a Scenario,
    /// Shapes for maps.
    pub shapes: &'a MapShapes,
    /// The orders, their routes, and the people in none.
    pub plan: &'a Plan,
    /// The figures of the plan beside the bounds.
    pub summary: &'a Summary,
    /// Arrived and bound over time, ascending in time.
    pub curve: &'a [CurvePoint],
    /// What sets the bound, largest first.
    pub bottlenecks: &'a [Bottleneck],
    /// Per zone, in the order of its table.
    pub zones: Vec<ReportedZone>,
    /// Per site, in the order of its table.
    pub sites: Vec<ReportedSite>,
    /// Links that somebody uses.
    pub roads: Vec<ReportedRoad>,
    /// What a simulation says; `None`: none was given.
    pub simulation: Option<SimulatedTimes>,
    /// Where the report comes from.
    pub origin: ReportOrigin<'a>,
    /// Whether it names no place, source or assumption: totals of the whole plan alone.
    pub is_redacted: bool,
}

impl Writer<'_> {
    /// In words; none when redacted, as their texts name places.
    fn assumptions(&self) -> Vec<String> {
        let all = self.facts.summary.assumptions.iter();
        all.filter(|_| !self.facts.is_redacted).map(crate::assumption_words).collect()
    }
}

impl PlanReportFacts<'_> {
    /// People who are to leave.
    fn evacuees(&self) -> i64 {
        self.summary.people.total - self.summary.people.staying
    }

    /// End of the planning horizon, s.
    fn horizon_s(&self) -> f64 {
        clearway_model::time::seconds(self.scenario.settings.horizon_ms)
    }
}

/// What every part of the page is written with.
pub(super) struct Writer<'a> {
    pub facts: &'a PlanReportFacts<'a>,
    pub messages: &'a Messages,
    pub local: &'a LocalFormat<'a>,
    pub lookup: &'a RowLookup<'a>,
}

/// What the template `plan.html` uses, beside frame and texts.
#[derive(Serialize)]
struct PlanContent {
    is_redacted: bool,
    can: Vec<Html>,
    when: answer::TimesTable,
    binds: answer::BindingPlaces,
    simulated: Vec<Html>,
    left: answer::LeftPeople,
    missing: Vec<Html>,
    zones: tables::ReportTable,
    sites: tables::ReportTable,
    roads: tables::ReportTable,
    map_figure: Option<MapFigure>,
    chart: Html,
    sources: tables::ReportTable,
    assumptions: Vec<String>,
    figures: tables::ReportTable,
}

/// The page in a language.
///
/// # Errors
/// If a built-in template or message is not what it should be.
pub fn plan_report_page(facts: &PlanReportFacts<'_>, language: Language) -> Result<Vec<u8>, ReportError> {
    let messages = Messages::new(language, &["plan"])?;
    let clock = ScenarioClock::new(&facts.scenario.settings);
    let local = LocalFormat::new(&messages, &clock)?;
    let lookup = RowLookup::new(facts.scenario, Some(facts.shapes));
    let writer = Writer { facts, messages: &messages, local: &local, lookup: &lookup };
    let content = PlanContent {
        is_redacted: facts.is_redacted,
        can: writer.can()?,
        when: writer.times()?,
        binds: writer.binding()?,
        simulated: writer.simulated()?,
        left: writer.left()?,
        missing: writer.missing()?,
        zones: writer.zones()?,
        sites: writer.sites()?,
        roads: writer.roads()?,
        map_figure: writer.map(0)?,
        chart: writer.chart()?,
        sources: writer.sources()?,
        assumptions: writer.assumptions(),
        figures: writer.figures()?,
    };
    let about = messages.text("plan.about")?;
    let frame = ReportFrame::new(&messages, &local, &facts.scenario.settings, &facts.origin, about)?;
    render_report("plan.html", &messages, &frame, &content)
}
