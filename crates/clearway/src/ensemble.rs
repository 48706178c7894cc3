//! `ensemble`: what becomes of a plan when people do not all do as ordered, roads break and figures are not what they seem.

mod columns;

use crate::artifacts::folder;
use crate::error::Error;
use crate::session::Session;
use crate::simulate::{PlanFolder, SimulateRequest, Simulated, read_single_folder};
use clearway_artifacts::{Artifacts, Disclosure, FolderKind};
use clearway_formats::read_scenario;
use clearway_model::number::{float, length};
use clearway_model::{Settings, Store, SubStore, TOOL, file_digest};
use clearway_report::ensemble::{ensemble_page, ensemble_words};
use clearway_simulate::behaviour::Behaviour;
use clearway_simulate::ensemble::report::{AsOrdered, EnsembleHead, EnsembleReport};
use clearway_simulate::ensemble::{EnsembleRows, EnsembleWatch, run_members};
use clearway_simulate::member::{MemberFigures, MemberMaker, MemberSettings};
use clearway_simulate::report::ArrivalTimes;
use columns::{EnsemblePart, members_csv};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

/// What is asked of an ensemble.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct EnsembleRequest {
    /// How the road is simulated; `with_baseline` does not count.
    pub simulation: SimulateRequest,
    /// Seed of all chance.
    pub seed: u64,
    /// Which figures of the scenario members have.
    pub figures: MemberFigures,
    /// What people and roads do that no plan orders.
    pub behaviour: Behaviour,
}

impl Default for EnsembleRequest {
    fn default() -> Self {
        Self {
            simulation: SimulateRequest::default(),
            seed: 1,
            figures: MemberFigures::Ranges,
            behaviour: Behaviour::default(),
        }
    }
}

/// An ensemble, or a part of one.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Ensemble {
    /// The figures.
    pub report: EnsembleReport,
    /// The members.
    pub rows: EnsembleRows,
    settings: Option<Settings>,
}

/// Reads a profile of behaviour, TOML. A figure that is left out has its default. `name` is what the file is called where something is wrong
/// with it.
///
/// # Errors
/// [`Error::Request`] with everything that is wrong with it.
pub fn read_behaviour(name: &str, text: &str) -> Result<Behaviour, Error> {
    let behaviour: Behaviour =
        toml::from_str(text).map_err(|problem| Error::Request(format!("{name}: {problem}")))?;
    let faults = behaviour.faults();
    if faults.is_empty() {
        Ok(behaviour)
    } else {
        Err(Error::Request(
            faults.iter().map(|fault| format!("{name}: {fault}")).collect::<Vec<_>>().join("\n"),
        ))
    }
}

/// The default profile of behaviour as TOML, each figure under what it is.
pub fn behaviour_profile() -> String {
    let mut text = String::from(
        "# What people and roads do that no plan orders. Each member of an ensemble draws each figure from a triangular\n\
         # distribution from low to high with its peak at value. What is left out has the value here.\n",
    );
    for (name, figure, [least, most], unit, what) in Behaviour::default().figures() {
        let source = serde_json::Value::from(figure.source.as_ref());
        text += &format!(
            "\n# {what} Unit: {unit}; {least} to {most}.\n[{name}]\nvalue = {:?}\nlow = {:?}\nhigh = {:?}\nsource = {source}\n",
            figure.value, figure.low, figure.high
        );
    }
    text
}

/// Members of a plan, of which any can be made: what all of them need is worked out once.
pub struct EnsembleRunner {
    folder: PlanFolder,
    plan_digest: String,
    request: EnsembleRequest,
    /// Once it is there: the plan as ordered, and the ways of those who do not heed it.
    maker: Mutex<Option<Arc<MemberMaker<'static>>>>,
}

impl std::fmt::Debug for EnsembleRunner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EnsembleRunner").field("plan_digest", &self.plan_digest).finish_non_exhaustive()
    }
}

/// Tells a session of members that are there.
struct MembersDone<'a> {
    session: &'a Session,
    progress: crate::session::VerbProgress<'a>,
    done: AtomicU32,
    all: u32,
}

impl EnsembleWatch for MembersDone<'_> {
    fn goes_on(&self) -> bool {
        !self.session.cancel().is_cancelled()
    }

    fn finished(&self) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        self.progress.tell("members", f64::from(done) / f64::from(self.all.max(1)));
    }
}

/// Simulates members `0..members` of a plan folder on its own copy of the scenario.
///
/// # Errors
/// As [`crate::simulate()`]; [`Error::Request`] with everything that is wrong with the profile of behaviour.
///
/// ```
/// use clearway::{EnsembleRequest, FolderStore, MemoryStore, PlanRequest, Session, Usage, ensemble, load, plan};
///
/// # let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/one-road");
/// let session = Session::new().with_threads(1);
/// let planned = plan(&session, &load(&FolderStore::new(example))?, &PlanRequest::default())?;
/// let folder = MemoryStore::from(planned.artifacts(Usage::default())?);
/// let ensemble = ensemble(&session, &folder, &EnsembleRequest::default(), 0..4)?;
/// assert_eq!(ensemble.rows.members.len(), 4);
/// # Ok::<(), clearway::Error>(())
/// ```
pub fn ensemble(
    session: &Session,
    plan: &dyn Store,
    request: &EnsembleRequest,
    members: Range<u32>,
) -> Result<Ensemble, Error> {
    let mut whole = None;
    EnsembleRunner::new(plan, request)?.run_each(session, std::slice::from_ref(&members), |part| {
        whole = Some(part);
        Ok(())
    })?;
    whole.ok_or(Error::Cancelled(None))
}

impl EnsembleRunner {
    /// Reads a plan folder.
    ///
    /// # Errors
    /// As [`ensemble()`].
    pub fn new(plan: &dyn Store, request: &EnsembleRequest) -> Result<Self, Error> {
        request.simulation.checked()?;
        let faults = request.behaviour.faults();
        if !faults.is_empty() {
            return Err(Error::Request(format!("behaviour: {}", faults.join("; "))));
        }
        let folder = read_single_folder(plan)?;
        let orders = plan.read("plan.json").ok().flatten().unwrap_or_default();
        let plan_digest = format!("sha256:{}", file_digest(&orders));
        Ok(Self { folder, plan_digest, request: request.clone(), maker: Mutex::new(None) })
    }

    /// What no member depends on but all parts share: with it parts of earlier runs are told from others, without simulating anything.
    pub fn is_of(&self, part: &Ensemble) -> bool {
        let head = &part.report.head;
        head.tool == TOOL
            && head.scenario == self.folder.plan.scenario
            && head.plan_digest == self.plan_digest
            && head.seed == self.request.seed
            && head.figures == self.request.figures
            && head.behaviour == self.request.behaviour
            && self.request.simulation.checked().is_ok_and(|queues| head.queues == queues.into())
    }

    /// What all members need, worked out when it is asked for the first time.
    fn maker(&self, goes_on: &mut dyn FnMut(f64) -> bool) -> Result<Arc<MemberMaker<'static>>, Error> {
        let mut known = self.maker.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(maker) = &*known {
            return Ok(Arc::clone(maker));
        }
        let PlanFolder { scenario, plan, .. } = &self.folder;
        let EnsembleRequest { simulation, seed, figures, ref behaviour } = self.request;
        let settings =
            MemberSettings { behaviour: behaviour.clone(), queues: simulation.checked()?, figures, seed };
        let (scenario, plan) = (Cow::Owned(scenario.clone()), Cow::Owned(plan.clone()));
        let maker = Arc::new(MemberMaker::new(scenario, plan, settings, goes_on)?);
        *known = Some(Arc::clone(&maker));
        Ok(maker)
    }

    /// Simulates members, one answer for each range as soon as it is there, so that it can be kept before the next begins.
    ///
    /// # Errors
    /// As [`ensemble()`], and what `kept` says.
    pub fn run_each(
        &self,
        session: &Session,
        ranges: &[Range<u32>],
        mut kept: impl FnMut(Ensemble) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(session.threads())
            .build()
            .map_err(|problem| Error::Request(format!("no threads: {problem}")))?;
        let watch = MembersDone {
            session,
            progress: session.progress(),
            done: AtomicU32::new(0),
            all: ranges.iter().map(|range| u32::try_from(range.len()).unwrap_or(u32::MAX)).sum(),
        };
        watch.progress.tell("as ordered", 0.0);
        let PlanFolder { scenario, plan, summary, .. } = &self.folder;
        let EnsembleRequest { simulation, seed, figures, ref behaviour } = self.request;
        let queues = simulation.checked()?;
        let maker = self.maker(&mut |_| watch.goes_on())?;
        let head = EnsembleHead {
            schema: EnsembleHead::SCHEMA.to_owned(),
            tool: TOOL.to_owned(),
            scenario: plan.scenario.clone(),
            plan_digest: self.plan_digest.clone(),
            name: scenario.settings.name.clone(),
            context: scenario.settings.context,
            case: plan.case,
            seed,
            figures,
            queues: queues.into(),
            behaviour: behaviour.clone(),
            evacuees: maker.as_ordered().evacuees,
            links_without_length: maker.links_without_length(),
            bound: ArrivalTimes { t90_s: summary.t90_s.bound, t100_s: summary.clearance_s.bound },
            plan: ArrivalTimes { t90_s: summary.t90_s.plan, t100_s: summary.clearance_s.plan },
            as_ordered: AsOrdered::new(&maker),
        };
        for range in ranges {
            let mut rows = pool.install(|| run_members(&maker, range.clone(), &watch))?;
            let report = EnsembleReport::new(head.clone(), &mut rows);
            kept(Ensemble { report, rows, settings: Some(scenario.settings.clone()) })?;
        }
        Ok(())
    }

    /// Simulates one member as a whole, to see what happens in it on each road.
    ///
    /// # Errors
    /// As [`ensemble()`].
    pub fn member(&self, session: &Session, number: u32) -> Result<Simulated, Error> {
        let started = Instant::now();
        let simulation = self.request.simulation;
        let queues = simulation.checked()?;
        let mut goes_on = |_: f64| !session.cancel().is_cancelled();
        let member = self.maker(&mut goes_on)?.member(number, Some(simulation.recording()), &mut goes_on)?;
        Ok(Simulated::of_member(member, &self.folder, queues, started))
    }
}

/// Puts parts together that were run apart, on any machines and in any order. Members that are in several parts count once.
///
/// # Errors
/// [`Error::Request`] naming each part that cannot be read or is of another ensemble.
pub fn merge_ensemble(parts: &[(String, Vec<u8>)]) -> Result<Ensemble, Error> {
    let (mut read, mut wrong) = (Vec::new(), Vec::new());
    for (name, bytes) in parts {
        match EnsemblePart::from_parquet(bytes) {
            Ok(part) => read.push((name, part)),
            Err(problem) => wrong.push(format!("{name}: {problem}")),
        }
    }
    let Some((first, head)) = read.first().map(|(name, part)| ((*name).clone(), part.head.clone())) else {
        wrong.push("no part of an ensemble was given".to_owned());
        return Err(Error::Request(wrong.join("; ")));
    };
    let mut rows = EnsembleRows::default();
    for (name, part) in read {
        if part.head != head {
            wrong.push(format!(
                "{name} is of another ensemble than {first}: scenario, plan, seed, figures, queues, behaviour or the version of the program differ"
            ));
        }
        rows.members.extend(part.rows.members);
        rows.failed.extend(part.rows.failed);
    }
    if !wrong.is_empty() {
        return Err(Error::Request(wrong.join("; ")));
    }
    rows.members.sort_by_key(|row| row.member);
    rows.members.dedup_by_key(|row| row.member);
    rows.failed.sort_by_key(|row| row.member);
    rows.failed.dedup_by_key(|row| row.member);
    Ok(Ensemble { report: EnsembleReport::new(head, &mut rows), rows, settings: None })
}

impl Ensemble {
    /// Reads a part of an ensemble, `members.parquet`.
    ///
    /// # Errors
    /// [`Error::Request`] if it is none.
    pub fn from_parquet(bytes: &[u8]) -> Result<Self, Error> {
        let part =
            EnsemblePart::from_parquet(bytes).map_err(|problem| Error::Request(problem.to_string()))?;
        let mut rows = part.rows;
        Ok(Self { report: EnsembleReport::new(part.head, &mut rows), rows, settings: None })
    }

    /// With the plan that was simulated, whose settings no part has: the page is then that of an ensemble that was made at once.
    ///
    /// # Errors
    /// [`Error::Request`] for another plan; [`Error::Invalid`] with all faults of its scenario.
    pub fn with_plan(self, plan: &dyn Store) -> Result<Self, Error> {
        let orders = plan.read("plan.json").ok().flatten().unwrap_or_default();
        if self.report.head.plan_digest != format!("sha256:{}", file_digest(&orders)) {
            return Err(Error::Request(format!("the members are of another plan than {}", plan.label())));
        }
        let (scenario, _) = read_scenario(&SubStore::new(plan, "scenario"))
            .map_err(|faults| Error::Invalid { of: plan.label(), faults })?;
        Ok(Self { settings: Some(scenario.settings), ..self })
    }

    /// The members as a Parquet file, which is also a part for [`merge_ensemble`].
    ///
    /// # Errors
    /// If the file cannot be made.
    pub fn to_parquet(&self) -> Result<Vec<u8>, Error> {
        let numbers = self.rows.members.iter().map(|row| row.member);
        let numbers = numbers.chain(self.rows.failed.iter().map(|row| row.member));
        let (from, until) =
            numbers.fold((u32::MAX, 0), |(from, until), one| (from.min(one), until.max(one + 1)));
        let part = EnsemblePart {
            head: self.report.head.clone(),
            numbers: (from.min(until), until),
            rows: self.rows.clone(),
        };
        part.to_parquet().map_err(|problem| Error::Request(problem.to_string()))
    }

    /// The files that tell of it: `ensemble.json`, `members.csv`, `members.parquet` and a page under the name given.
    ///
    /// # Errors
    /// If a file cannot be made.
    pub fn files(&self, page: &str) -> Result<Vec<(String, Vec<u8>)>, Error> {
        Ok(vec![
            (page.to_owned(), ensemble_page(&self.report, &self.rows.members, self.settings.as_ref())?),
            ("ensemble.json".to_owned(), serde_json::to_vec_pretty(&self.report)?),
            ("members.csv".to_owned(), members_csv(&self.rows.members)),
            ("members.parquet".to_owned(), self.to_parquet()?),
        ])
    }

    /// The files as a folder of its own.
    ///
    /// # Errors
    /// If a file cannot be made.
    pub fn artifacts(&self) -> Result<Artifacts, Error> {
        Ok(folder(FolderKind::Ensemble, Disclosure::Full, self.files("index.html")?))
    }

    /// What came of it, for a terminal.
    pub fn in_words(&self) -> String {
        ensemble_words(&self.report)
    }

    /// How many members there are.
    pub fn members(&self) -> i64 {
        length(self.rows.members.len())
    }

    /// How many of the members have all of their evacuees there within the planning horizon, as a share.
    pub fn share_complete(&self) -> f64 {
        let complete = self.rows.members.iter().filter(|row| row.t100_s.is_some()).count();
        float(length(complete)) / float(self.members().max(1))
    }
}
