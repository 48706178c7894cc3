//! `replan`: a plan that is being carried out meets what was counted. A new one begins there.

mod counts;
mod early_warning;
mod exercise;
mod made;
mod old_plan;
mod page;
mod places;
mod report;
mod words;

pub use counts::{CountsTable, CountsTableRow, replan_counts, replan_template};
pub use early_warning::{EarlyWarning, EarlyWarningRequest, WarningTime, early_warning};
pub use exercise::{Exercise, ExerciseRequest, exercise};
pub use report::{
    DeadlineAnswer, OptionName, PeopleNow, PlaceKindNow, PlaceNow, ReplanOption, ReplanReport,
    StabilityPrice, UntriedReason,
};

use crate::artifacts::{Files, folder};
use crate::error::Error;
use crate::input::InputFile;
use crate::load::LoadedScenario;
use crate::plan::{Usage, answer_files};
use crate::session::Session;
use clearway_artifacts::{Artifacts, Disclosure, FolderKind};
use clearway_model::number::float;
use clearway_model::{Faults, Plan, Settings, Store};
use clearway_plan::PlanAnswer;
use clearway_text::Moment;
use counts::{GivenCounts, HeldCounts};
use old_plan::OldPlan;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How much is tried.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ReplanEffort {
    /// The orders are kept, and nothing else is tried: soonest there.
    Keep,
    /// The orders are kept, and all others are tried unless a plan that tells everybody something else cannot pay, which is proved, or
    /// would have to come nearer to its bound than the last search did.
    #[default]
    AsNeeded,
    /// Beside it a plan near the old one and one that is free of it, so that it can be said what keeping the orders costs.
    All,
}

/// What is asked of a new plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct ReplanRequest {
    /// When it begins, ms from the start of the old plan; a whole second.
    pub at_ms: i64,
    /// By when everybody is to have arrived, ms from the start of the old plan; `None`: by no time.
    pub deadline_ms: Option<i64>,
    /// How much is tried.
    pub effort: ReplanEffort,
    /// People are told something else, where they need not be, only if it saves this much for each of them, min.
    pub worth_min: f64,
    /// The option that becomes the new plan, whatever another saves; `None`: the one that `worth_min` decides for.
    pub take: Option<OptionName>,
    /// Counts that contradict each other beyond what they may be off by are taken as they are.
    pub accept_contradictions: bool,
}

impl Default for ReplanRequest {
    fn default() -> Self {
        Self {
            at_ms: 0,
            deadline_ms: None,
            effort: ReplanEffort::default(),
            worth_min: 15.0,
            take: None,
            accept_contradictions: false,
        }
    }
}

/// A new plan of what is left of an old one.
#[derive(Debug)]
#[non_exhaustive]
pub struct Replanned {
    /// The scenario of what is left, checked.
    pub loaded: LoadedScenario,
    /// What came out.
    pub report: ReplanReport,
    /// What was found in the counts that is no error.
    pub warnings: Faults,
    answer: PlanAnswer,
    /// The orders that were given, as the scenario of the rest has them.
    given: Plan,
}

/// Makes a new plan of what is left of a plan that is being carried out. `counts`: tables of `docs/reference/replan.md`; what they do not
/// say is taken from the plan.
///
/// # Errors
/// [`Error::Invalid`] with all faults of the counts, and where they contradict each other beyond what they may be off by;
/// [`Error::DoesNotHold`] and [`Error::Request`] of a plan that cannot be gone on with; [`Error::Cancelled`] without an answer.
///
/// ```
/// use clearway::{FolderStore, InputFile, MemoryStore, PlanRequest, ReplanRequest, Session, Usage, load, plan, replan};
///
/// # let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/one-road");
/// let session = Session::new().with_threads(1);
/// let planned = plan(&session, &load(&FolderStore::new(example))?, &PlanRequest::default())?;
/// let folder = MemoryStore::from(planned.artifacts(Usage::default())?);
/// // two hours later nobody has counted anything: all goes on as ordered
/// let mut request = ReplanRequest::default();
/// request.at_ms = 7_200_000;
/// let replanned = replan(&session, &folder, &[], &request)?;
/// assert_eq!(replanned.report.options[0].changed_people, 0);
/// # Ok::<(), clearway::Error>(())
/// ```
pub fn replan(
    session: &Session,
    plan: &dyn Store,
    counts: &[InputFile],
    request: &ReplanRequest,
) -> Result<Replanned, Error> {
    let old = OldPlan::read(session, plan)?;
    old.refuse_time(request.at_ms)?;
    refuse_deadline(request)?;
    refuse_option(request)?;
    let given = GivenCounts::read(counts)?;
    let HeldCounts { observed, now, situation, faults } = HeldCounts::of(session, &old, &given, request)?;
    let Some(situation) = situation.filter(|_| !faults.has_errors()) else {
        return Err(Error::Invalid { of: given.label(), faults });
    };
    let mut made = made::make(session, &old, &now, &situation, &observed, request)?;
    made.warnings = faults;
    Ok(made)
}

/// A moment (RFC 3339, with offset) as a time of a plan, ms from its start.
///
/// # Errors
/// [`Error::Request`] if it is no moment, or the plan folder does not say when it starts.
pub fn plan_time_ms(plan: &dyn Store, moment: &str) -> Result<i64, Error> {
    let read = |text: &str| {
        Moment::read(text).map_err(|hint| Error::Request(format!("'{text}' is no moment: {hint}")))
    };
    let at = read(moment)?;
    let settings = plan.read("scenario/scenario.toml").ok().flatten();
    let settings: Option<Settings> =
        settings.and_then(|bytes| toml::from_str(std::str::from_utf8(&bytes).ok()?).ok());
    let Some(settings) = settings else {
        return Err(Error::Request(format!("{} does not say when it starts", plan.label())));
    };
    Ok(at.at.as_millisecond() - read(&settings.start)?.at.as_millisecond())
}

/// An option that is not tried cannot be taken.
fn refuse_option(request: &ReplanRequest) -> Result<(), Error> {
    match (request.effort, request.take) {
        (ReplanEffort::Keep, Some(OptionName::Near | OptionName::Free)) => Err(Error::Request(
            "only the orders that are kept are tried, and another option is to be taken: have all tried"
                .to_owned(),
        )),
        _ => Ok(()),
    }
}

/// A deadline that is over says nothing of what is left: whether it was kept is no matter of the new plan.
fn refuse_deadline(request: &ReplanRequest) -> Result<(), Error> {
    match request.deadline_ms {
        Some(deadline_ms) if deadline_ms <= request.at_ms => Err(Error::Request(format!(
            "the deadline is {} min after the start; it must be after the begin of the new plan, {} min after the start",
            float(deadline_ms) / 60_000.0,
            float(request.at_ms) / 60_000.0
        ))),
        _ => Ok(()),
    }
}

impl Replanned {
    /// Whether nobody is overtaken, everybody who is to leave and has a road arrives, and the deadline is kept.
    pub fn holds(&self) -> bool {
        self.report.holds
    }

    /// The new plan.
    pub fn answer(&self) -> &PlanAnswer {
        &self.answer
    }

    /// All files of the plan folder, with `replan.json`, `changes.html`, `changes.csv`, `changed_roads.csv` and `counts.csv` beside those that every plan has.
    ///
    /// # Errors
    /// If a page or table cannot be made.
    pub fn artifacts(&self, usage: Usage) -> Result<Artifacts, Error> {
        let LoadedScenario { scenario, shapes, .. } = &self.loaded;
        let mut written: Files = answer_files(scenario, shapes, &self.answer, usage)?;
        written.push(("replan.json".to_owned(), serde_json::to_vec_pretty(&self.report)?));
        written.push(("changes.csv".to_owned(), words::changes_csv(&self.report, scenario)));
        let roads = page::changed_roads(scenario, &self.given, &self.answer.plan);
        written.push(("changed_roads.csv".to_owned(), words::changed_roads_csv(&roads)));
        written.push(("counts.csv".to_owned(), words::counts_csv(&self.report)));
        let page = page::page(&self.report, scenario, &self.given, &self.answer.plan)?;
        written.push(("changes.html".to_owned(), page));
        let copied = self.loaded.files.iter().cloned();
        written.extend(copied.map(|(name, bytes)| (format!("scenario/{name}"), bytes)));
        Ok(folder(FolderKind::Plan, Disclosure::Full, written))
    }

    /// What came out, a sentence each.
    pub fn sentences(&self) -> Vec<String> {
        words::in_sentences(&self.report, &self.loaded.scenario)
    }

    /// What came out, for a terminal.
    pub fn in_words(&self) -> String {
        words::in_words(&self.report, &self.loaded.scenario)
    }
}
