//! What the library does for each kind of job.

use super::draft::composed;
use super::propose::proposed_sites;
use super::replan::{given_counts, replanned};
use crate::app::SharedApp;
use crate::error::ServeError;
use crate::store::{NewVersion, VersionStore};
use crate::types::{JobInfo, JobOrder, JobState, VersionInfo, VersionKind};
use crate::views::bounds_of;
use clearway::{
    Artifacts, AuditSubject, Disclosure, Error, FolderKind, ImportRequest, Partial, PlanRequest, Session,
    Store, SubStore, Usage, ZipStore, audit, bound, import, interventions, load, needs, plan, simulate,
    verify,
};
use clearway_model::Fault;
use std::time::Instant;

/// What became of a computation.
pub(super) struct Outcome {
    /// The state of the job.
    pub state: JobState,
    /// What came out in words, or why nothing did.
    pub words: String,
    /// Faults in what was given.
    pub faults: Vec<Fault>,
    /// What is to be kept.
    pub version: Option<NewVersion>,
}

impl Outcome {
    /// Nothing came out.
    pub fn failed(words: String) -> Self {
        Self { state: JobState::Failed, words, faults: Vec::new(), version: None }
    }

    /// Nothing came out, because of an error.
    pub fn of_error(error: ServeError) -> Self {
        match error {
            ServeError::Faults { message, faults } => {
                Self { state: JobState::Failed, words: message, faults, version: None }
            }
            other => Self::failed(other.to_string()),
        }
    }

    /// Something came out.
    pub fn done(words: String, version: NewVersion) -> Self {
        Self { state: JobState::Done, words, faults: Vec::new(), version: Some(version) }
    }
}

/// Does a job.
pub(super) fn perform(
    app: &SharedApp,
    session: &Session,
    job: &JobInfo,
    order: &JobOrder,
) -> Result<Outcome, ServeError> {
    let work = Work { app, session, job, started: Instant::now() };
    let done = match order {
        JobOrder::Import { file } => work.import(*file),
        JobOrder::Unpack { file } => work.unpack(*file),
        JobOrder::Compose { revision, name } => composed(&work, *revision, name.as_deref()),
        JobOrder::ProposeSites { within_m } => proposed_sites(&work, *within_m),
        JobOrder::Bound { of, request, name } => work.bound(*of, request, name.as_deref()),
        JobOrder::Plan { of, request, name } => work.plan(*of, request, name.as_deref()),
        JobOrder::Simulate { of, request, name } => work.simulate(*of, request, name.as_deref()),
        JobOrder::Needs { of, request, name } => work.needs(*of, request, name.as_deref()),
        JobOrder::Audit { of, request, name } => work.audit(*of, request, name.as_deref()),
        JobOrder::Interventions { of, request, name } => work.interventions(*of, request, name.as_deref()),
        JobOrder::Replan { of, request, files, counts, name } => {
            given_counts(app, job.project, files, counts)
                .map_err(JobError::from)
                .and_then(|counts| replanned(&work, *of, &counts, request, name.as_deref()))
        }
        JobOrder::Verify { of } => work.verify(*of),
    };
    match done {
        Err(JobError::Library(Error::Cancelled(None))) => Ok(Outcome {
            state: JobState::Cancelled,
            words: "ended before anything was proved".to_owned(),
            faults: Vec::new(),
            version: None,
        }),
        Err(JobError::Library(error)) => Err(of_library(error)),
        Err(JobError::Serve(error)) => Err(error),
        Ok(outcome) => Ok(outcome),
    }
}

/// The library's words for what went wrong; faults one by one.
fn of_library(error: Error) -> ServeError {
    match error {
        Error::Invalid { of, faults } => {
            ServeError::Faults { message: format!("faults in {of}"), faults: faults.0 }
        }
        other => ServeError::Request(other.to_string()),
    }
}

/// Why a job cannot be done.
pub(super) enum JobError {
    Library(Error),
    Serve(ServeError),
}

impl From<Error> for JobError {
    fn from(error: Error) -> Self {
        Self::Library(error)
    }
}

impl From<ServeError> for JobError {
    fn from(error: ServeError) -> Self {
        Self::Serve(error)
    }
}

impl From<std::io::Error> for JobError {
    fn from(error: std::io::Error) -> Self {
        Self::Serve(error.into())
    }
}

/// One job that is being done.
pub(super) struct Work<'a> {
    pub app: &'a SharedApp,
    pub session: &'a Session,
    pub job: &'a JobInfo,
    started: Instant,
}

impl Work<'_> {
    /// What it has used.
    pub fn usage(&self) -> Usage {
        // of the memory of one job among others in the process nothing can be said
        Usage { wall_s: self.started.elapsed().as_secs_f64(), peak_rss_bytes: 0 }
    }

    /// A version that is to be kept.
    pub fn version(&self, kind: VersionKind, name: &str, artifacts: &Artifacts, words: String) -> NewVersion {
        NewVersion {
            project: self.job.project,
            kind,
            parent: self.job.of,
            job: Some(self.job.id),
            draft_revision: None,
            name: name.to_owned(),
            disclosure: artifacts.disclosure(),
            words,
            bounds: None,
            files: NewVersion::files_of(artifacts),
        }
    }

    /// A file of the project, as a store of one file.
    pub fn file(&self, id: i64) -> Result<(String, VersionStore), ServeError> {
        let (project, file) = self.app.store.file(id)?;
        if project != self.job.project {
            return Err(ServeError::NotThere(format!("file {id} of the project")));
        }
        let mut store = VersionStore::new(file.name.clone());
        store.insert(file.name.clone(), self.app.store.blobs().path(&file.digest)?);
        Ok((file.name, store))
    }

    fn import(&self, file: i64) -> Result<Outcome, JobError> {
        let (name, store) = self.file(file)?;
        let mut request = ImportRequest::default();
        request.map = Some(name.clone());
        let roads = import(self.session, &request, &store)?;
        let words = roads.in_words();
        let mut version = self.version(VersionKind::Roads, &name, &roads.artifacts(), words.clone());
        version.bounds = bounds_of(&roads.map.nodes);
        Ok(Outcome::done(words, version))
    }

    fn unpack(&self, file: i64) -> Result<Outcome, JobError> {
        let (name, store) = self.file(file)?;
        let bytes = store.read(&name)?.unwrap_or_default();
        let archive = ZipStore::new(name.clone(), &bytes)
            .map_err(|error| ServeError::Request(format!("{name}: {error}")))?;
        let has = |name: &str| archive.read(name).is_ok_and(|found| found.is_some());
        let title = name.trim_end_matches(".zip");
        let (kind, folder, words, roads) = if has("plan.json") || has("multimodal.json") {
            let checked = verify(&archive, None)?;
            if !checked.holds {
                return Err(ServeError::Request(checked.in_words()).into());
            }
            let loaded = load(&SubStore::new(&archive, "scenario"))?;
            (VersionKind::Plan, FolderKind::Plan, String::new(), bounds_of(&loaded.scenario.nodes))
        } else {
            let loaded = load(&archive)?;
            (VersionKind::Scenario, FolderKind::Scenario, String::new(), bounds_of(&loaded.scenario.nodes))
        };
        let mut files = Vec::new();
        for name in archive.names()? {
            let bytes = archive.read(&name)?.unwrap_or_default();
            files.push((name, bytes));
        }
        let artifacts = Artifacts::new(folder, Disclosure::Full, files);
        let mut version = self.version(kind, title, &artifacts, words);
        version.bounds = roads;
        Ok(Outcome::done(format!("{title} was taken in"), version))
    }

    /// The files of a version.
    pub fn of(&self, id: i64) -> Result<(VersionInfo, VersionStore), ServeError> {
        Ok((self.app.store.version(id)?, self.app.store.version_store(id)?))
    }

    fn bound(
        &self,
        of: i64,
        request: &clearway::BoundRequest,
        name: Option<&str>,
    ) -> Result<Outcome, JobError> {
        let (scenario, store) = self.of(of)?;
        let loaded = load(&store)?;
        let proved = bound(self.session, &loaded, request);
        self.planned(
            proved.as_ref().map(|bound| bound.planned()),
            name.unwrap_or(&format!("Bound of {}", scenario.name)),
        )
        .unwrap_or_else(|| {
            Err(proved
                .err()
                .map_or_else(|| ServeError::Internal("no bound".to_owned()).into(), JobError::Library))
        })
    }

    fn plan(&self, of: i64, request: &PlanRequest, name: Option<&str>) -> Result<Outcome, JobError> {
        let (scenario, store) = self.of(of)?;
        let loaded = load(&store)?;
        let planned = plan(self.session, &loaded, request);
        self.planned(planned.as_ref(), name.unwrap_or(&format!("Plan of {}", scenario.name))).unwrap_or_else(
            || {
                Err(planned
                    .err()
                    .map_or_else(|| ServeError::Internal("no plan".to_owned()).into(), JobError::Library))
            },
        )
    }

    /// A plan, or the bound so far of one that was ended; `None`: neither.
    fn planned(
        &self,
        planned: Result<&clearway::Planned, &Error>,
        name: &str,
    ) -> Option<Result<Outcome, JobError>> {
        let (planned, state) = match planned {
            Ok(planned) => (planned, JobState::Done),
            Err(Error::Cancelled(Some(partial))) => match &**partial {
                Partial::Plan(planned) => (&**planned, JobState::Cancelled),
                _ => return None,
            },
            Err(_) => return None,
        };
        let kept = planned.artifacts(self.usage()).map(|artifacts| {
            let words = planned.sentences().join("\n");
            let version = self.version(VersionKind::Plan, name, &artifacts, words.clone());
            Outcome { state, ..Outcome::done(words, version) }
        });
        Some(kept.map_err(JobError::Library))
    }

    fn simulate(
        &self,
        of: i64,
        request: &clearway::SimulateRequest,
        name: Option<&str>,
    ) -> Result<Outcome, JobError> {
        let (of, store) = self.of(of)?;
        let simulated = simulate(self.session, &store, request)?;
        let words = simulated.in_words();
        let name = name.map_or_else(|| format!("Simulation of {}", of.name), str::to_owned);
        let version = self.version(VersionKind::Simulation, &name, &simulated.artifacts()?, words.clone());
        Ok(Outcome::done(words, version))
    }

    fn needs(
        &self,
        of: i64,
        request: &clearway::NeedsRequest,
        name: Option<&str>,
    ) -> Result<Outcome, JobError> {
        let (of, store) = self.of(of)?;
        let answer = needs(self.session, &store, request)?;
        let words = answer.in_words();
        let name = name.map_or_else(|| format!("Needs of {}", of.name), str::to_owned);
        let version =
            self.version(VersionKind::Needs, &name, &answer.artifacts(self.usage())?, words.clone());
        let faults = answer.warnings.into_iter().flat_map(|(_, faults)| faults.0).collect();
        Ok(Outcome { faults, ..Outcome::done(words, version) })
    }

    fn audit(
        &self,
        of: i64,
        request: &clearway::AuditRequest,
        name: Option<&str>,
    ) -> Result<Outcome, JobError> {
        let (of, store) = self.of(of)?;
        let mut request = request.clone();
        request.subject = AuditSubject::Plan(String::new());
        let (audited, state) = match audit(self.session, &store, &request) {
            Ok(audited) => (audited, JobState::Done),
            Err(Error::Cancelled(Some(partial))) => match *partial {
                Partial::Audit(audited) => (*audited, JobState::Cancelled),
                other => return Err(Error::Cancelled(Some(Box::new(other))).into()),
            },
            Err(error) => return Err(error.into()),
        };
        let words = audited.in_words();
        let name = name.map_or_else(|| format!("Audit of {}", of.name), str::to_owned);
        let version =
            self.version(VersionKind::Audit, &name, &audited.artifacts(self.usage())?, words.clone());
        Ok(Outcome { state, ..Outcome::done(words, version) })
    }

    fn interventions(
        &self,
        of: i64,
        request: &clearway::InterventionsRequest,
        name: Option<&str>,
    ) -> Result<Outcome, JobError> {
        let (of, store) = self.of(of)?;
        let inside = SubStore::new(&store, "scenario");
        let loaded = load(if of.kind == VersionKind::Plan { &inside } else { &store })?;
        let (tried, state) = match interventions(self.session, &loaded, request) {
            Ok(tried) => (tried, JobState::Done),
            Err(Error::Cancelled(Some(partial))) => match *partial {
                Partial::Interventions(tried) => (tried, JobState::Cancelled),
                other => return Err(Error::Cancelled(Some(Box::new(other))).into()),
            },
            Err(error) => return Err(error.into()),
        };
        let words = tried.in_words();
        let name = name.map_or_else(|| format!("Interventions for {}", of.name), str::to_owned);
        let version =
            self.version(VersionKind::Interventions, &name, &tried.artifacts(self.usage())?, words.clone());
        Ok(Outcome { state, ..Outcome::done(words, version) })
    }

    fn verify(&self, of: i64) -> Result<Outcome, JobError> {
        let (_, store) = self.of(of)?;
        let checked = verify(&store, None)?;
        let state = if checked.holds { JobState::Done } else { JobState::Failed };
        Ok(Outcome { state, words: checked.in_words(), faults: Vec::new(), version: None })
    }
}
