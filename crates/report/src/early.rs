//! What is said of a computation that was ended before it was finished.

use crate::PlanReport;
use clearway_model::{Summary, UnrestrictedRoutes};

/// What stands over everything else when the computation was ended early.
pub(crate) fn ended_early(report: &PlanReport<'_>) -> Vec<String> {
    if report.summary.interrupted { vec![ENDED_EARLY.to_owned()] } else { Vec::new() }
}

/// Said wherever the figures of a computation that was ended early are shown.
pub(crate) const ENDED_EARLY: &str = "The computation was ended before there were orders. \
     The bound below holds; a longer run could raise it.";

/// Whether there is anything to say of a bound: a computation that was ended early may not have come to it.
pub(crate) fn was_begun(summary: &Summary, person_hours: Option<f64>) -> bool {
    !summary.interrupted || person_hours.is_some_and(|hours| hours > 0.0)
}

/// The optimal flow over any number of routes, where it says more than the plan: the plan is improved on the loading itself and can be
/// better than a flow that is rounded to steps of time. Beside a better plan its figures would only be taken for a mistake.
pub(crate) fn better_flow(summary: &Summary) -> Option<UnrestrictedRoutes> {
    let flow = summary.unrestricted_routes?;
    match (summary.person_hours.plan, flow.person_hours) {
        (Some(plan), Some(hours)) if hours >= plan => None,
        _ => Some(flow),
    }
}

/// Whether the bound for few routes says more than the one for all plans: it does, unless it was ended early.
pub(crate) fn class_says_more(summary: &Summary, person_hours: Option<f64>) -> bool {
    !summary.interrupted || person_hours > summary.person_hours.bound
}
