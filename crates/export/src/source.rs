//! What an export is made of.

use clearway_formats::ScenarioShapes;
use clearway_model::{Bottleneck, CurvePoint, OverflowingLink, Plan, Scenario, Summary};
use clearway_report::MapShapes;

/// A plan folder of one class of road users, as read.
#[derive(Debug, Clone)]
pub struct ExportSource {
    /// The scenario of the plan.
    pub scenario: Scenario,
    /// The orders and their routes.
    pub plan: Plan,
    /// The figures.
    pub summary: Summary,
    /// People over time.
    pub curve: Vec<CurvePoint>,
    /// What sets the bound, largest first.
    pub bottlenecks: Vec<Bottleneck>,
    /// Links that hold more vehicles than fit there.
    pub overflowing: Vec<OverflowingLink>,
    /// Outlines of zones and sites, areas of hazards.
    pub shapes: ScenarioShapes,
    /// The same as a map draws them.
    pub map: MapShapes,
}
