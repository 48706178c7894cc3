//! Computations: a queue, a fixed number of workers, and who watches.

mod draft;
mod live;
mod propose;
mod replan;
mod watch;
mod work;
mod worker;

pub(crate) use replan::given_counts;
pub use watch::JobWatch;

use crate::app::{ServeApp, SharedApp};
use crate::error::ServeError;
use crate::store::JobEnd;
use crate::types::{JobInfo, JobOrder, JobState, VersionKind};
use live::LiveJob;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// Jobs that wait at most.
const MOST_WAITING: usize = 100;

/// What waits and what runs.
#[derive(Default)]
struct QueueState {
    waiting: VecDeque<i64>,
    live: HashMap<i64, Arc<LiveJob>>,
    stopping: bool,
}

/// Shared with the workers.
#[derive(Default)]
struct QueueShared {
    state: Mutex<QueueState>,
    wake: Condvar,
}

impl QueueShared {
    fn state(&self) -> MutexGuard<'_, QueueState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The queue of jobs, oldest first. Each job has a session of its own, so that two at once do not disturb each other.
pub struct JobQueue {
    shared: Arc<QueueShared>,
}

impl JobQueue {
    /// A queue in which some wait already.
    pub(crate) fn new(waiting: Vec<i64>) -> Self {
        let queue = Self { shared: Arc::default() };
        for id in waiting {
            queue.put(id);
        }
        queue
    }

    /// Starts the workers.
    pub(crate) fn start(app: &SharedApp) -> Result<(), ServeError> {
        for number in 0..app.settings.workers.max(1) {
            let (shared, app) = (Arc::clone(&app.jobs.shared), Arc::downgrade(app));
            std::thread::Builder::new()
                .name(format!("job worker {number}"))
                .spawn(move || worker::work(&shared, &app))
                .map_err(|error| ServeError::Internal(format!("no worker: {error}")))?;
        }
        Ok(())
    }

    fn put(&self, id: i64) {
        let mut state = self.shared.state();
        state.live.insert(id, Arc::default());
        state.waiting.push_back(id);
        drop(state);
        self.shared.wake.notify_one();
    }

    /// Orders a job.
    ///
    /// # Errors
    /// [`ServeError::NotThere`] and [`ServeError::Request`] if it is of something that is not there or not of its kind;
    /// [`ServeError::Conflict`] if very many wait.
    pub fn order(
        &self,
        app: &ServeApp,
        by: &str,
        project: i64,
        order: JobOrder,
    ) -> Result<JobInfo, ServeError> {
        check(app, project, &order)?;
        if self.shared.state().waiting.len() >= MOST_WAITING {
            return Err(ServeError::Conflict(format!("{MOST_WAITING} jobs wait already")));
        }
        let id = app.store.add_job(by, project, &order)?;
        self.put(id);
        self.info(app, id)
    }

    /// A job, with how far it is.
    ///
    /// # Errors
    /// [`ServeError::NotThere`].
    pub fn info(&self, app: &ServeApp, id: i64) -> Result<JobInfo, ServeError> {
        Ok(self.with_progress(app.store.job(id)?.info))
    }

    /// The jobs of a project, newest first.
    ///
    /// # Errors
    /// [`ServeError::NotThere`].
    pub fn of_project(&self, app: &ServeApp, project: i64) -> Result<Vec<JobInfo>, ServeError> {
        let jobs = app.store.jobs(project)?;
        Ok(jobs.into_iter().map(|job| self.with_progress(job.info)).collect())
    }

    fn with_progress(&self, mut info: JobInfo) -> JobInfo {
        let state = self.shared.state();
        info.ahead = state.waiting.iter().position(|waiting| *waiting == info.id);
        if !info.state.is_over()
            && let Some(live) = state.live.get(&info.id)
        {
            live.tell(&mut info);
        }
        info
    }

    /// Ends a job.
    ///
    /// # Errors
    /// [`ServeError::NotThere`]; [`ServeError::Conflict`] if it is over.
    pub fn cancel(&self, app: &ServeApp, by: &str, id: i64) -> Result<JobInfo, ServeError> {
        let info = app.store.job(id)?.info;
        if info.state.is_over() {
            return Err(ServeError::Conflict(format!("the job is {} already", info.state.word())));
        }
        let mut state = self.shared.state();
        let was_waiting = state.waiting.iter().position(|waiting| *waiting == id);
        if let Some(at) = was_waiting {
            state.waiting.remove(at);
        }
        let live = state.live.get(&id).map(Arc::clone);
        if was_waiting.is_some() {
            state.live.remove(&id);
        }
        drop(state);
        if was_waiting.is_some() {
            let end = JobEnd {
                state: JobState::Cancelled,
                words: format!("ended by {by} before it began"),
                faults: Vec::new(),
                notes: Vec::new(),
                result: None,
            };
            app.store.end_job(by, id, &end)?;
        }
        if let Some(live) = live {
            live.cancel();
        }
        self.info(app, id)
    }

    /// What is told of a job that waits or runs.
    fn live(&self, id: i64) -> Option<Arc<LiveJob>> {
        self.shared.state().live.get(&id).map(Arc::clone)
    }

    /// Ends what runs, which is then said to be interrupted, and begins nothing more.
    pub fn stop(&self) {
        let mut state = self.shared.state();
        state.stopping = true;
        for live in state.live.values() {
            live.cancel();
        }
        drop(state);
        self.shared.wake.notify_all();
    }

    /// Whether nothing runs and nothing waits.
    pub fn is_idle(&self) -> bool {
        self.shared.state().live.is_empty()
    }
}

impl Drop for JobQueue {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Refuses a job of something that is not there, or not of its kind, before it waits.
fn check(app: &ServeApp, project: i64, order: &JobOrder) -> Result<(), ServeError> {
    app.store.project(project)?;
    if let JobOrder::Import { file } | JobOrder::Unpack { file } = order {
        let (of, _) = app.store.file(*file)?;
        if of != project {
            return Err(ServeError::NotThere(format!("file {file} of project {project}")));
        }
    }
    let revision = match order {
        JobOrder::Compose { revision, .. } => Some(*revision),
        JobOrder::ProposeSites { .. } => Some(None),
        _ => None,
    };
    if let Some(revision) = revision {
        let draft = app.store.draft(project, revision)?;
        if draft.revision == 0 {
            return Err(ServeError::Request("nothing was drawn or typed yet".to_owned()));
        }
    }
    if let JobOrder::Replan { files, .. } = order {
        given_counts(app, project, files, &[])?;
    }
    let Some(of) = order.of() else { return Ok(()) };
    let version = app.store.version(of)?;
    if version.project != project {
        return Err(ServeError::NotThere(format!("version {of} of project {project}")));
    }
    let takes: &[VersionKind] = match order {
        JobOrder::Bound { .. } | JobOrder::Plan { .. } => &[VersionKind::Scenario],
        JobOrder::Interventions { .. } => &[VersionKind::Scenario, VersionKind::Plan],
        _ => &[VersionKind::Plan],
    };
    if takes.contains(&version.kind) {
        return Ok(());
    }
    let takes: Vec<&str> = takes.iter().map(|kind| kind.word()).collect();
    Err(ServeError::Request(format!(
        "{} is computed of a {}, and version {of} is a {}",
        order.kind(),
        takes.join(" or "),
        version.kind.word()
    )))
}
