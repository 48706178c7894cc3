//! What NUREG/CR-7002 asks of a study, in words of our own, and where this report has it.

use super::EteWriter;
use crate::ReportError;
use crate::reports::form::FormSection;
use crate::reports::frame::Html;

/// How a criterion stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CriterionState {
    /// The report shows it, in the sections with these titles.
    MetBy(&'static [&'static str]),
    /// The report shows what was given; whether that is what the criterion asks for is for a person to say.
    ToJudge(&'static [&'static str]),
    /// Somebody has to write it.
    ToFill,
    /// It asks for nothing here.
    NotApplicable,
}

use CriterionState::{MetBy, NotApplicable, ToFill, ToJudge};

/// Where estimates stand.
const ESTIMATES: &str = "ete.estimates.title";
/// Where those of staged plans stand.
const STAGED: &str = "ete.staged.title";

impl EteWriter<'_> {
    /// The criteria in the order of a study, each with its state.
    fn states(&self) -> Vec<(&'static str, CriterionState)> {
        let facts = self.facts;
        let is_staged = facts.plans.iter().any(|plan| !plan.stages.is_empty());
        let is_all_staged = facts.plans.iter().all(|plan| !plan.stages.is_empty());
        let shown: &[&str] = match (is_staged, is_all_staged) {
            (_, true) => &[STAGED],
            (true, false) => &[ESTIMATES, STAGED],
            (false, false) => &[ESTIMATES],
        };
        let is_whole = facts.cells.iter().flatten().all(Option::is_some);
        let is_simulated = facts.plans.iter().all(|plan| plan.plan.simulated_s.is_some());
        let has_curves = facts.plans.iter().any(|plan| plan.curves.iter().any(|(id, _)| !id.is_empty()));
        let has_sources = facts.plans.iter().all(|plan| !plan.plan.scenario.sources.is_empty());
        let if_so = |is: bool, state: CriterionState| if is { state } else { ToFill };
        vec![
            ("area_map", ToFill),
            ("prior_study", ToFill),
            ("assumptions", if_so(has_sources, MetBy(&["form.assumptions.title"]))),
            ("scenarios", ToJudge(shown)),
            ("regions", ToJudge(shown)),
            ("permanent", MetBy(&["ete.demand.title"])),
            ("transients", ToFill),
            ("employees", ToFill),
            ("facilities", ToFill),
            ("transit", ToFill),
            ("shadow", ToFill),
            ("background", ToFill),
            ("capacity", if_so(has_sources, MetBy(&["form.assumptions.title"]))),
            ("binding", MetBy(&["ete.binding.title"])),
            ("survey", ToFill),
            ("adverse_weather", ToFill),
            ("trip_generation", if_so(has_curves, MetBy(&["ete.trips.title"]))),
            ("trip_sources", ToFill),
            ("model", MetBy(&["ete.basis.title"])),
            ("simulation", if_so(is_simulated, MetBy(&["ete.behind.title"]))),
            ("ete90", if_so(is_whole, MetBy(shown))),
            ("ete100", if_so(is_whole, MetBy(shown))),
            ("staged", if is_staged { MetBy(&[STAGED]) } else { NotApplicable }),
            ("facility_ete", ToFill),
            ("traffic_management", ToFill),
            ("routes", ToFill),
            ("reception", ToFill),
            ("sensitivity", ToFill),
            ("agencies", ToFill),
            ("updates", ToFill),
        ]
    }

    fn titles(&self, keys: &[&str]) -> Result<Html, ReportError> {
        let titles = keys.iter().map(|key| self.form.messages.text(key)).collect::<Result<Vec<_>, _>>()?;
        Ok(Html::text(titles.join("; ")))
    }

    pub(super) fn criteria(&self) -> Result<FormSection, ReportError> {
        let form = &self.form;
        let mut rows = Vec::new();
        for (name, state) in self.states() {
            let (word, place) = match state {
                MetBy(titles) => (form.text("criteria.met")?, self.titles(titles)?),
                ToJudge(titles) => (form.text("criteria.to_judge")?, self.titles(titles)?),
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
