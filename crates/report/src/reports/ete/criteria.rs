//! What NUREG/CR-7002 asks of a study, in words of our own, and where this report has it.

use super::EteWriter;
use crate::ReportError;
use crate::reports::form::FormSection;
use crate::reports::frame::Html;

/// How a criterion stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CriterionState {
    /// The report shows it, in the section with this title.
    MetBy(&'static str),
    /// Somebody has to write it.
    ToFill,
    /// It asks for nothing here.
    NotApplicable,
}

use CriterionState::{MetBy, NotApplicable, ToFill};

impl EteWriter<'_> {
    /// The criteria in the order of a study, each with its state.
    fn states(&self) -> Vec<(&'static str, CriterionState)> {
        let facts = self.facts;
        let is_staged = facts.plans.iter().any(|plan| !plan.stages.is_empty());
        let is_whole = facts.cells.iter().flatten().all(Option::is_some);
        let is_simulated = facts.plans.iter().all(|plan| plan.plan.simulated_s.is_some());
        let has_curves = facts.plans.iter().any(|plan| plan.curves.iter().any(|(id, _)| !id.is_empty()));
        let has_sources = facts.plans.iter().all(|plan| !plan.plan.scenario.sources.is_empty());
        let if_so = |is: bool, state: CriterionState| if is { state } else { ToFill };
        vec![
            ("area_map", ToFill),
            ("prior_study", ToFill),
            ("assumptions", if_so(has_sources, MetBy("form.assumptions.title"))),
            ("scenarios", if_so(is_whole, MetBy("ete.estimates.title"))),
            ("regions", if_so(is_whole, MetBy("ete.estimates.title"))),
            ("permanent", MetBy("ete.demand.title")),
            ("transients", ToFill),
            ("employees", ToFill),
            ("facilities", ToFill),
            ("transit", ToFill),
            ("shadow", ToFill),
            ("background", ToFill),
            ("capacity", if_so(has_sources, MetBy("form.assumptions.title"))),
            ("binding", MetBy("ete.binding.title")),
            ("survey", ToFill),
            ("adverse_weather", ToFill),
            ("trip_generation", if_so(has_curves, MetBy("ete.trips.title"))),
            ("trip_sources", ToFill),
            ("model", MetBy("ete.basis.title")),
            ("simulation", if_so(is_simulated, MetBy("ete.behind.title"))),
            ("ete90", if_so(is_whole, MetBy("ete.estimates.title"))),
            ("ete100", if_so(is_whole, MetBy("ete.estimates.title"))),
            ("staged", if is_staged { MetBy("ete.staged.title") } else { NotApplicable }),
            ("facility_ete", ToFill),
            ("traffic_management", ToFill),
            ("routes", ToFill),
            ("reception", ToFill),
            ("sensitivity", ToFill),
            ("agencies", ToFill),
            ("updates", ToFill),
        ]
    }

    pub(super) fn criteria(&self) -> Result<FormSection, ReportError> {
        let form = &self.form;
        let mut rows = Vec::new();
        for (name, state) in self.states() {
            let (word, place) = match state {
                MetBy(title) => (form.text("criteria.met")?, Html::text(form.messages.text(title)?)),
                ToFill => (form.open()?, Html::default()),
                NotApplicable => {
                    (form.text("criteria.not_applicable")?, form.text("criteria.why_not_staged")?)
                }
            };
            rows.push(vec![form.text(&format!("criteria.{name}"))?, word, place, form.open()?]);
        }
        let columns = [("criterion", false), ("state", false), ("place", false), ("cited", false)];
        let mut section = form.section("criteria")?;
        section.tables.push((Html::default(), form.table("criteria", &columns, rows)?));
        Ok(section)
    }
}
