//! `plan` and `bound`: orders with the proof of what no plan can beat, or the proof alone.

use crate::artifacts::{Files, folder};
use crate::error::{Error, Partial};
use crate::event::Event;
use crate::load::LoadedScenario;
use crate::memory::coarser;
use crate::multimodal::{self, MultimodalPlan, PlanPart};
use crate::robust::RobustReport;
use crate::session::Session;
use clearway_artifacts::{Artifacts, Disclosure, FolderKind};
use clearway_formats::{assumptions, certificate_json, plan_json, summary_json};
use clearway_model::{Bounds, Certificate, Plan, PlanAndBound, Scenario};
use clearway_plan::{
    EarlyEnd, PlanAnswer, PlanError, PlanOptions, QueueSpace, answer_bound, answer_until, bound_alone,
};
use clearway_report::{MapShapes, PlanReport, answer_in_words, files, terminal_curve, terminal_table};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// What is asked of a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct PlanRequest {
    /// Most routes per zone; `None`: as many as it takes.
    pub routes_per_zone: Option<u32>,
    /// Length of a departure window, ms; at least 1,000.
    pub window_ms: i64,
    /// Queues are taken to stand on top of each other: sooner on paper, later on the road. By default orders are made so that queues fit
    /// on their roads.
    pub ignore_space: bool,
    /// Share of each road's capacity that orders use, 0.1 to 1: less leaves room for what does not go as ordered. `None`: all of it but for
    /// a little where roads merge. Of no effect with `ignore_space`.
    pub capacity_share: Option<f64>,
    /// At a node all leave the same way.
    pub convergent: bool,
    /// The search has this many times its rounds, 1 to 100.
    pub effort: u32,
    /// People moved together in the network loading; `None`: those of one vehicle, and more where there are very many.
    pub packet_people: Option<i64>,
    /// Compute also what round windows cost, and that queues fit on their roads: departures are placed once more for each.
    pub prices: bool,
    /// An earlier plan to stay close to. Not with `convergent`.
    pub like: Option<Plan>,
    /// For a multimodal plan: earlier plans of its parts, by the name of the part.
    pub like_parts: Vec<(String, Plan)>,
    /// Prove the bound and make no orders.
    pub bound_only: bool,
}

impl Default for PlanRequest {
    fn default() -> Self {
        let usual = PlanOptions::default();
        Self {
            routes_per_zone: usual.routes_per_zone,
            window_ms: usual.window_ms,
            ignore_space: usual.queues == QueueSpace::IgnoreSpace,
            capacity_share: usual.capacity_share,
            convergent: usual.convergent,
            effort: usual.effort,
            packet_people: usual.packet_people,
            prices: usual.prices,
            like: None,
            like_parts: Vec::new(),
            bound_only: false,
        }
    }
}

/// What is asked of a bound.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct BoundRequest {
    /// Most routes per zone; `None`: of all plans whatever.
    pub routes_per_zone: Option<u32>,
}

/// What a run took, as whoever ran it has measured it; it goes into the files as it is given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Usage {
    /// Wall time of the run, s.
    pub wall_s: f64,
    /// Peak resident memory, bytes; 0 where it is not known.
    pub peak_rss_bytes: u64,
}

/// A plan with its proof and its figures.
#[derive(Debug)]
pub struct Planned {
    pub(crate) loaded: LoadedScenario,
    pub(crate) kind: PlannedKind,
    /// How the orders were chosen, where they were to do well under chance.
    pub(crate) robust: Option<RobustReport>,
}

/// Of one class of road users, or of population groups.
#[derive(Debug)]
pub(crate) enum PlannedKind {
    /// One class of road users.
    Single(Box<PlanAnswer>),
    /// Population groups by travel mode.
    Multimodal(Box<MultimodalPlan>),
    /// Those parts of a multimodal plan that there were when it was cancelled.
    Parts(Vec<PlanPart>),
}

/// What no plan can beat, with its proof.
#[derive(Debug)]
pub struct Bound {
    planned: Planned,
}

/// Plans a scenario and proves what no plan can beat; of a scenario with population groups a multimodal plan.
///
/// # Errors
/// [`Error::Cancelled`] if the session's wish to end was heard, with what was proved by then; [`Error::TooLarge`] and
/// [`Error::Request`] as they say.
///
/// ```
/// use clearway::{FolderStore, PlanRequest, Session, load, plan};
///
/// # let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/one-road");
/// let loaded = load(&FolderStore::new(example))?;
/// let planned = plan(&Session::new(), &loaded, &PlanRequest::default())?;
/// // 12,000 people, a road for 3,000 people/h that takes 10 min: 4 h 10 min. The plan is rounded up, the bound down.
/// assert_eq!(planned.clearance_s().plan, Some(15_000.0));
/// assert_eq!(planned.clearance_s().bound, Some(14_999.999));
/// # Ok::<(), clearway::Error>(())
/// ```
pub fn plan(session: &Session, loaded: &LoadedScenario, request: &PlanRequest) -> Result<Planned, Error> {
    if loaded.scenario.groups.is_some() {
        return multimodal::plan(session, loaded, request);
    }
    let options = options(session, &loaded.scenario, request, request.like.clone().map(Arc::new))?;
    let wanted = if request.bound_only { WantedAnswer::Bound } else { WantedAnswer::Orders };
    match solve(session, &loaded.scenario, &options, wanted) {
        Ok(SolvedAnswer { answer, cancelled }) => {
            let planned =
                Planned { loaded: loaded.clone(), kind: PlannedKind::Single(Box::new(answer)), robust: None };
            if cancelled { Err(Partial::Plan(Box::new(planned)).into()) } else { Ok(planned) }
        }
        Err(error) => Err(error),
    }
}

/// Proves the bound of a scenario, without orders.
///
/// # Errors
/// As [`plan`].
///
/// ```
/// use clearway::{BoundRequest, FolderStore, Session, bound, load};
///
/// # let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/one-road");
/// let loaded = load(&FolderStore::new(example))?;
/// let bound = bound(&Session::new(), &loaded, &BoundRequest::default())?;
/// // 12,000 people, a road for 3,000 people/h that takes 10 min: no plan has all of them there before.
/// assert_eq!(bound.bounds().clearance_s, Some(14_999.999));
/// # Ok::<(), clearway::Error>(())
/// ```
pub fn bound(session: &Session, loaded: &LoadedScenario, request: &BoundRequest) -> Result<Bound, Error> {
    let request =
        PlanRequest { routes_per_zone: request.routes_per_zone, bound_only: true, ..PlanRequest::default() };
    Ok(Bound { planned: plan(session, loaded, &request)? })
}

impl Bound {
    /// Before when nobody can be through, and in how many person-hours at the least.
    pub fn bounds(&self) -> Bounds {
        let [clearance_s, t90_s, person_hours] = match &self.planned.kind {
            PlannedKind::Single(answer) => {
                let summary = &answer.summary;
                [summary.clearance_s.bound, summary.t90_s.bound, summary.person_hours.bound]
            }
            PlannedKind::Multimodal(plan) => {
                [plan.summary.clearance_s.bound, None, plan.summary.person_hours.bound]
            }
            PlannedKind::Parts(_) => [None; 3],
        };
        Bounds { clearance_s, t90_s, person_hours }
    }

    /// The proof as an answer without orders.
    pub fn planned(&self) -> &Planned {
        &self.planned
    }

    /// The folder of the proof, as [`Planned::artifacts`].
    ///
    /// # Errors
    /// As there.
    pub fn artifacts(&self, usage: Usage) -> Result<Artifacts, Error> {
        self.planned.artifacts(usage)
    }
}

impl Planned {
    /// When all have arrived, by the plan and at the earliest by the bound, s.
    pub fn clearance_s(&self) -> PlanAndBound {
        match &self.kind {
            PlannedKind::Single(answer) => answer.summary.clearance_s,
            PlannedKind::Multimodal(plan) => plan.summary.clearance_s,
            PlannedKind::Parts(_) => PlanAndBound::default(),
        }
    }

    /// The answer, where the plan is of one class of road users.
    pub fn answer(&self) -> Option<&PlanAnswer> {
        match &self.kind {
            PlannedKind::Single(answer) => Some(answer),
            PlannedKind::Multimodal(_) | PlannedKind::Parts(_) => None,
        }
    }

    /// The plan of population groups, where it is one.
    pub fn multimodal(&self) -> Option<&MultimodalPlan> {
        match &self.kind {
            PlannedKind::Multimodal(plan) => Some(plan),
            PlannedKind::Single(_) | PlannedKind::Parts(_) => None,
        }
    }

    /// All files of the plan folder, the scenario's copy included.
    ///
    /// # Errors
    /// If a page or table cannot be made.
    pub fn artifacts(&self, usage: Usage) -> Result<Artifacts, Error> {
        Ok(folder(FolderKind::Plan, Disclosure::Full, self.files(usage)?))
    }

    fn files(&self, usage: Usage) -> Result<Files, Error> {
        let LoadedScenario { scenario, shapes, .. } = &self.loaded;
        let mut written = match &self.kind {
            PlannedKind::Single(answer) => answer_files(scenario, shapes, answer, usage)?,
            PlannedKind::Multimodal(plan) => multimodal::files(&self.loaded, plan, usage)?,
            // Each part is a plan folder of its own; the whole is none.
            PlannedKind::Parts(parts) => return multimodal::part_files(&self.loaded, parts, usage),
        };
        if let Some(robust) = &self.robust {
            written.push(("robust.json".to_owned(), serde_json::to_vec_pretty(robust)?));
        }
        let copied = self.loaded.files.iter().cloned();
        written.extend(copied.map(|(name, bytes)| (format!("scenario/{name}"), bytes)));
        Ok(written)
    }

    /// How many keep the route that they have in the earlier plan of the request; `None` without one, and of a multimodal plan,
    /// which tells it part by part while it is made.
    pub fn kept_words(&self, request: &PlanRequest) -> Option<String> {
        Some(multimodal::kept_words(request.like.as_ref()?, self.answer()?))
    }

    /// The answer in sentences, as the page has it on top.
    pub fn sentences(&self) -> Vec<String> {
        let LoadedScenario { scenario, shapes, .. } = &self.loaded;
        match &self.kind {
            PlannedKind::Single(answer) => answer_in_words(&report(scenario, shapes, answer)),
            PlannedKind::Multimodal(_) | PlannedKind::Parts(_) => {
                self.in_words().lines().map(str::to_owned).filter(|line| !line.is_empty()).collect()
            }
        }
    }

    /// What came out, for a terminal of 80 columns.
    pub fn in_words(&self) -> String {
        let LoadedScenario { scenario, shapes, .. } = &self.loaded;
        match &self.kind {
            PlannedKind::Multimodal(plan) => multimodal::in_words(scenario, plan),
            PlannedKind::Parts(parts) => {
                let names: Vec<&str> = parts.iter().map(|part| part.folder.as_str()).collect();
                format!("Parts that there are, each a plan folder of its own: {}.\n", names.join(", "))
            }
            PlannedKind::Single(answer) => {
                let mut text = terminal_table(&answer.summary, &scenario.settings);
                text.push('\n');
                text.push_str(&terminal_curve(&answer.curve, 80, 18));
                text.push('\n');
                for sentence in answer_in_words(&report(scenario, shapes, answer)) {
                    text.push_str(&format!("{sentence}\n"));
                }
                if let Some(robust) = &self.robust {
                    text.push_str(&format!("\n{}\n", robust.in_words()));
                }
                text
            }
        }
    }
}

/// How to plan a scenario, in the memory there is.
pub(crate) fn options(
    session: &Session,
    scenario: &Scenario,
    request: &PlanRequest,
    like: Option<Arc<Plan>>,
) -> Result<PlanOptions, Error> {
    let options = PlanOptions {
        routes_per_zone: request.routes_per_zone,
        window_ms: request.window_ms,
        queues: if request.ignore_space { QueueSpace::IgnoreSpace } else { QueueSpace::TakeSpace },
        capacity_share: request.capacity_share,
        convergent: request.convergent,
        threads: session.threads(),
        coarser: 1,
        effort: request.effort,
        packet_people: request.packet_people,
        prices: request.prices,
        like,
    };
    Ok(PlanOptions { coarser: coarser(session, scenario, &options)?, ..options })
}

/// What is wanted of a computation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WantedAnswer {
    /// Orders and the bound.
    Orders,
    /// The bound alone, without orders.
    Bound,
}

/// An answer, and whether it is only as far as it was when the session was cancelled.
pub(crate) struct SolvedAnswer {
    pub answer: PlanAnswer,
    pub cancelled: bool,
}

/// Plans one class of road users. Cancelled, it gives the bounds so far, without orders.
///
/// # Errors
/// As planning has them; [`Error::Cancelled`] if there was no bound yet.
pub(crate) fn solve(
    session: &Session,
    scenario: &Scenario,
    options: &PlanOptions,
    wanted: WantedAnswer,
) -> Result<SolvedAnswer, Error> {
    let early = EarlyEnd::new(session.cancel().clone());
    let progress = session.progress();
    let told = AtomicBool::new(false);
    let tell = |stage: &str, share: f64| {
        progress.tell(stage, share);
        if !told.load(Ordering::Relaxed)
            && let Some(known) = early.known(Duration::ZERO)
            && !told.swap(true, Ordering::Relaxed)
        {
            session.tell(Event::BoundSoFar { bounds: known.bounds_so_far() });
        }
    };
    let made = match wanted {
        WantedAnswer::Orders => answer_until(scenario, options, &early, &tell),
        WantedAnswer::Bound => answer_bound(scenario, options, &early, &tell),
    };
    let (mut answer, cancelled) = match made {
        Ok(answer) => {
            let cancelled = answer.summary.interrupted && session.cancel().is_cancelled();
            (answer, cancelled)
        }
        Err(PlanError::Ended) => {
            let known = early.known(Duration::ZERO).ok_or(Error::Cancelled(None))?;
            (bound_alone(scenario, options, &known)?, true)
        }
        Err(error) => return Err(error.into()),
    };
    answer.summary.assumptions = assumptions(scenario);
    answer.summary.threads = options.threads as u64;
    Ok(SolvedAnswer { answer, cancelled })
}

/// The files of an answer, without the scenario's.
///
/// # Errors
/// If a page or table cannot be made.
pub(crate) fn answer_files(
    scenario: &Scenario,
    shapes: &MapShapes,
    answer: &PlanAnswer,
    usage: Usage,
) -> Result<Files, Error> {
    report_files(&report(scenario, shapes, answer), &answer.certificate, usage)
}

/// The files of what a report is made of, with its proof.
///
/// # Errors
/// If a page or table cannot be made.
pub(crate) fn report_files(
    report: &PlanReport<'_>,
    certificate: &Certificate,
    usage: Usage,
) -> Result<Files, Error> {
    let mut summary = report.summary.clone();
    summary.wall_s = usage.wall_s;
    summary.peak_rss_bytes = usage.peak_rss_bytes;
    let report = PlanReport { summary: &summary, ..*report };
    // The proof is most of the bytes, the page most of the work.
    let (proof, pages) = side_by_side(summary.threads, || certificate_json(certificate), || files(&report));
    let mut written: Files = vec![
        ("plan.json".to_owned(), plan_json(report.plan)?),
        ("certificate.json".to_owned(), proof?),
        ("summary.json".to_owned(), summary_json(&summary)?),
    ];
    written.extend(pages?);
    Ok(written)
}

/// Does both, at the same time if there is to be more than one thread.
fn side_by_side<A: Send, B: Send>(
    threads: u64,
    first: impl FnOnce() -> A + Send,
    second: impl FnOnce() -> B + Send,
) -> (A, B) {
    if threads > 1 { rayon::join(first, second) } else { (first(), second()) }
}

fn report<'a>(scenario: &'a Scenario, shapes: &'a MapShapes, answer: &'a PlanAnswer) -> PlanReport<'a> {
    PlanReport {
        scenario,
        shapes: Some(shapes),
        plan: &answer.plan,
        summary: &answer.summary,
        curve: &answer.curve,
        zones: &answer.zones,
        bottlenecks: &answer.bottlenecks,
        overflowing: &answer.overflowing,
    }
}
