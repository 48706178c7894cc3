//! What a computation runs with: threads, memory, the wish that it ends, and who hears how far it is.

use crate::error::Error;
use crate::event::{Event, Observer, ProgressCourse, SilentObserver, Stage};
use clearway_model::Cancel;
use std::sync::{Arc, Mutex};
use std::time::Instant;

/// What computations run with. A session holds nothing of a scenario: any number of verbs may run with one, and any number of sessions
/// side by side in one process.
#[derive(Clone)]
pub struct Session {
    threads: usize,
    memory_bytes: Option<u64>,
    cancel: Cancel,
    observer: Arc<dyn Observer>,
}

impl Default for Session {
    /// As many threads as the machine has cores, no bound on memory, nobody who listens.
    fn default() -> Self {
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self { threads, memory_bytes: None, cancel: Cancel::default(), observer: Arc::new(SilentObserver) }
    }
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session")
            .field("threads", &self.threads)
            .field("memory_bytes", &self.memory_bytes)
            .field("cancel", &self.cancel)
            .finish_non_exhaustive()
    }
}

impl Session {
    /// A session with defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// With so many threads, at least 1. Results do not depend on it.
    pub fn with_threads(self, threads: usize) -> Self {
        Self { threads: threads.max(1), ..self }
    }

    /// With so much memory for a plan, bytes. A plan that needs more is made with longer steps, or refused ([`crate::Error::TooLarge`]).
    pub fn with_memory(self, bytes: u64) -> Self {
        Self { memory_bytes: Some(bytes), ..self }
    }

    /// With somebody who hears what is being done.
    pub fn with_observer(self, observer: Arc<dyn Observer>) -> Self {
        Self { observer, ..self }
    }

    /// With a wish to end that others have too.
    pub fn with_cancel(self, cancel: Cancel) -> Self {
        Self { cancel, ..self }
    }

    /// How many threads a computation uses.
    pub fn threads(&self) -> usize {
        self.threads
    }

    /// Memory that a plan may use, bytes; `None`: as much as it takes.
    pub fn memory_bytes(&self) -> Option<u64> {
        self.memory_bytes
    }

    /// The wish to end: a copy of it ends all that runs with this session, within a second.
    pub fn cancel(&self) -> &Cancel {
        &self.cancel
    }

    /// Who hears what is being done, e.g. to hear it first and pass it on.
    pub fn observer(&self) -> &Arc<dyn Observer> {
        &self.observer
    }

    /// Tells the observer of an event.
    pub(crate) fn tell(&self, event: Event) {
        self.observer.observe(&event);
    }

    /// # Errors
    /// [`Error::Cancelled`] without an answer, if the wish to end was heard.
    pub(crate) fn go_on(&self) -> Result<(), Error> {
        if self.cancel.is_cancelled() { Err(Error::Cancelled(None)) } else { Ok(()) }
    }

    /// The progress of one verb, from now on.
    pub(crate) fn progress(&self) -> VerbProgress<'_> {
        VerbProgress { session: self, started: Instant::now(), course: Mutex::new(ProgressCourse::default()) }
    }
}

/// The progress of one verb.
pub(crate) struct VerbProgress<'a> {
    session: &'a Session,
    started: Instant,
    course: Mutex<ProgressCourse>,
}

impl VerbProgress<'_> {
    /// Tells the share of a stage that is done, 0 to 1.
    pub fn tell(&self, stage: &str, share: f64) {
        let Ok(mut course) = self.course.lock() else { return };
        let elapsed_s = self.started.elapsed().as_secs_f64();
        let stage = Stage::from(stage);
        let done = course.tell(&stage, share, elapsed_s);
        let event =
            Event::Progress { stage, share: share.clamp(0.0, 1.0), done, elapsed_s, left_s: course.left_s() };
        drop(course);
        self.session.tell(event);
    }
}
