//! What is known of a run.

use super::request::{StudyAnswer, StudyRequest};
use crate::error::Error;
use crate::load::LoadedScenario;
use crate::plan::{PlanRequest, PlannedKind, Usage, plan};
use crate::session::Session;
use crate::simulate::{SimulateRequest, simulate};
use clearway_model::number::float;
use clearway_model::{MemoryStore, People, PlanAndBound};
use clearway_simulate::report::SimulationReport;
use clearway_study::report::FigureDescription;

/// What a run gives.
struct MadeRun {
    t90: PlanAndBound,
    clearance: PlanAndBound,
    hours: PlanAndBound,
    people: People,
    /// Waiting on the way by the plan, person-hours.
    waiting: f64,
    simulated: Option<SimulationReport>,
}

/// A figure: name, unit, what it is, the least answer that has it, and where it is in a run.
type KnownFigure = (&'static str, &'static str, &'static str, StudyAnswer, fn(&MadeRun) -> Option<f64>);

/// All figures. Of a multimodal plan there is no 90 % time of all but by simulation.
const FIGURES: [KnownFigure; 13] = [
    ("t90_bound_s", "s", "before when no plan has 90 % of the evacuees there", StudyAnswer::Bound, |run| {
        run.t90.bound
    }),
    ("clearance_bound_s", "s", "before when no plan has all evacuees there", StudyAnswer::Bound, |run| {
        run.clearance.bound
    }),
    (
        "person_hours_bound",
        "person-hours",
        "what no plan can beat of person_hours",
        StudyAnswer::Bound,
        |run| run.hours.bound,
    ),
    ("t90_s", "s", "when 90 % of the evacuees have arrived by the plan", StudyAnswer::Plan, |run| {
        run.t90.plan
    }),
    ("clearance_s", "s", "when all evacuees have arrived by the plan", StudyAnswer::Plan, |run| {
        run.clearance.plan
    }),
    (
        "person_hours",
        "person-hours",
        "time of people not yet arrived by the plan",
        StudyAnswer::Plan,
        |run| run.hours.plan,
    ),
    (
        "not_arrived",
        "people",
        "people who are to leave and do not arrive by the plan, those overtaken included",
        StudyAnswer::Plan,
        |run| Some(not_arrived(&run.people)),
    ),
    ("overtaken", "people", "people overtaken by a hazard by the plan", StudyAnswer::Plan, |run| {
        Some(float(run.people.overtaken))
    }),
    ("waiting_person_hours", "person-hours", "waiting on the way by the plan", StudyAnswer::Plan, |run| {
        Some(run.waiting)
    }),
    (
        "simulated_t90_s",
        "s",
        "when 90 % of the evacuees have arrived where queues take space",
        StudyAnswer::Simulation,
        |run| run.simulated.as_ref()?.t90_s,
    ),
    (
        "simulated_clearance_s",
        "s",
        "when all evacuees have arrived where queues take space",
        StudyAnswer::Simulation,
        |run| run.simulated.as_ref()?.t100_s,
    ),
    (
        "simulated_not_arrived",
        "people",
        "people who are to leave and do not arrive where queues take space, those overtaken included",
        StudyAnswer::Simulation,
        |run| Some(float(run.simulated.as_ref()?.not_arrived)),
    ),
    (
        "simulated_overtaken",
        "people",
        "people overtaken by a hazard where queues take space",
        StudyAnswer::Simulation,
        |run| Some(float(run.simulated.as_ref()?.overtaken)),
    ),
];

fn rank(answer: StudyAnswer) -> usize {
    StudyAnswer::NAMES.iter().position(|(_, known)| *known == answer).unwrap_or(0)
}

/// Figures that a study has, in their order.
pub(super) fn descriptions(answer: StudyAnswer, has_groups: bool) -> Vec<FigureDescription> {
    FIGURES
        .iter()
        .filter(|(name, _, _, least, _)| is_told(name, *least, answer, has_groups))
        .map(|(figure, unit, about, ..)| FigureDescription {
            figure: (*figure).to_owned(),
            unit: (*unit).to_owned(),
            about: (*about).to_owned(),
        })
        .collect()
}

fn is_told(name: &str, least: StudyAnswer, answer: StudyAnswer, has_groups: bool) -> bool {
    let of_one_class = ["t90_bound_s", "t90_s", "waiting_person_hours"].contains(&name);
    rank(least) <= rank(answer) && !(has_groups && of_one_class)
}

/// By which figures the front is judged, beside the cost: when 90 % have arrived (all, where that is not known) and people overtaken, of
/// the road where it was simulated, else of the plan, else what no plan can beat.
pub(super) fn front_by(figures: &[FigureDescription]) -> Vec<String> {
    let first = |names: &[&str]| {
        let known = |name: &&&str| figures.iter().any(|figure| figure.figure == **name);
        names.iter().find(known).map(|name| (*name).to_owned())
    };
    let time = first(&["simulated_t90_s", "t90_s", "clearance_s", "t90_bound_s", "clearance_bound_s"]);
    let overtaken = first(&["simulated_overtaken", "overtaken"]);
    time.into_iter().chain(overtaken).collect()
}

/// Plans a scenario, or proves its bound, and gives its figures in the order of [`descriptions`].
///
/// # Errors
/// As planning and simulating have them.
pub(super) fn figures_of(
    session: &Session,
    loaded: &LoadedScenario,
    request: &StudyRequest,
) -> Result<Vec<Option<f64>>, Error> {
    let asked = PlanRequest {
        routes_per_zone: request.routes_per_zone,
        bound_only: request.answer == StudyAnswer::Bound,
        ..PlanRequest::default()
    };
    let planned = plan(session, loaded, &asked)?;
    let (t90, clearance, hours, people, waiting) = match &planned.kind {
        PlannedKind::Single(answer) => {
            let of = &answer.summary;
            (of.t90_s, of.clearance_s, of.person_hours, of.people, of.queue.person_hours)
        }
        PlannedKind::Multimodal(plan) => {
            let of = &plan.summary;
            (PlanAndBound::default(), of.clearance_s, of.person_hours, of.people, 0.0)
        }
        PlannedKind::Parts(_) => return Err(Error::Cancelled(None)),
    };
    let simulated = if request.answer == StudyAnswer::Simulation {
        let store = MemoryStore::from(planned.artifacts(Usage::default())?);
        let asked = SimulateRequest { with_baseline: false, ..SimulateRequest::default() };
        Some(simulate(session, &store, &asked)?.report)
    } else {
        None
    };
    let run = MadeRun { t90, clearance, hours, people, waiting, simulated };
    let has_groups = loaded.scenario.groups.is_some();
    let told =
        FIGURES.iter().filter(|(name, _, _, least, _)| is_told(name, *least, request.answer, has_groups));
    Ok(told.map(|(.., value)| value(&run)).collect())
}

/// People who are to leave and do not arrive.
fn not_arrived(people: &People) -> f64 {
    float(people.total - people.staying - people.arrived)
}
