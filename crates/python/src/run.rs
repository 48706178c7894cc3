//! Verbs run in a thread of their own while the interpreter is released: the thread that called waits for what they tell, lets Python look
//! at its signals twenty times a second, and passes on the wish to end.

use crate::error::{made, raised};
use clearway::{Error, Event, Session, Stage};
use pyo3::exceptions::PyKeyboardInterrupt;
use pyo3::prelude::*;
use serde_json::Value;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long the caller waits before it looks at signals again.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// How long what was asked to end may take; what does not hear is left to itself.
const END_WITHIN: Duration = Duration::from_millis(900);
/// Stack of the thread in which a verb runs, bytes: as much as a program's own has.
const STACK_BYTES: usize = 8 << 20;

/// The wish that something ends, which any thread may have.
#[pyclass(frozen, module = "clearway._clearway")]
#[derive(Debug, Clone, Default)]
pub struct Cancel {
    wished: Arc<AtomicBool>,
}

#[pymethods]
impl Cancel {
    /// Nobody wishes it yet.
    #[new]
    fn new() -> Self {
        Self::default()
    }

    /// Wishes that it ends.
    fn cancel(&self) {
        self.wished.store(true, Ordering::Relaxed);
    }

    /// Whether somebody wishes it.
    #[getter]
    fn is_cancelled(&self) -> bool {
        self.wished.load(Ordering::Relaxed)
    }
}

/// With what a verb runs.
#[pyclass(frozen, module = "clearway._clearway")]
#[derive(Debug)]
pub struct Run {
    threads: Option<usize>,
    memory_bytes: Option<u64>,
    progress: Option<Py<PyAny>>,
    cancel: Option<Cancel>,
}

#[pymethods]
impl Run {
    /// Threads (`None`: as many as there are cores), memory in bytes (`None`: as much as it takes), who hears each event as JSON, and who
    /// may end it.
    #[new]
    #[pyo3(signature = (threads=None, memory_bytes=None, progress=None, cancel=None))]
    fn new(
        threads: Option<usize>,
        memory_bytes: Option<u64>,
        progress: Option<Py<PyAny>>,
        cancel: Option<Bound<'_, Cancel>>,
    ) -> Self {
        Self { threads, memory_bytes, progress, cancel: cancel.map(|cancel| cancel.get().clone()) }
    }
}

/// What the thread of a verb sends.
enum Told<T> {
    Event(Event),
    Done(Result<T, Error>),
}

/// Runs a verb.
///
/// # Errors
/// What the verb says, as an exception of the package; what Python raises meanwhile (Ctrl-C, a callback), with what was proved if the verb
/// hands it back in time, and after a second in any case: what has not ended by then is left to itself.
pub fn run<T: Send + 'static>(
    py: Python<'_>,
    with: &Run,
    verb: impl FnOnce(&Session) -> Result<T, Error> + Send + 'static,
) -> PyResult<T> {
    let (tell, heard) = channel();
    let cancel = clearway::Cancel::default();
    let mut session = Session::new().with_cancel(cancel.clone());
    if let Some(threads) = with.threads {
        session = session.with_threads(threads);
    }
    if let Some(bytes) = with.memory_bytes {
        session = session.with_memory(bytes);
    }
    if with.progress.is_some() {
        let tell = tell.clone();
        session = session.with_observer(Arc::new(move |event: &Event| {
            // nobody hears any more what was left to itself
            let _ = tell.send(Told::Event(event.clone()));
        }));
    }
    let work = move || {
        let done = catch_unwind(AssertUnwindSafe(|| verb(&session)));
        let done = done.unwrap_or_else(|_| {
            Err(Error::Internal("a computation broke off; this is a fault of Clearway".to_owned()))
        });
        let _ = tell.send(Told::Done(done));
    };
    let started = std::thread::Builder::new().name("clearway".to_owned()).stack_size(STACK_BYTES).spawn(work);
    started.map_err(|problem| raised(py, Error::Internal(format!("no thread can be started: {problem}"))))?;
    Waiting { with, heard: Mutex::new(heard), cancel, ended: None }.until_done(py)
}

/// The thread that called, while it waits.
struct Waiting<'a, T> {
    with: &'a Run,
    heard: Mutex<Receiver<Told<T>>>,
    cancel: clearway::Cancel,
    /// What Python raised, and when.
    ended: Option<(PyErr, Instant)>,
}

impl<T: Send> Waiting<'_, T> {
    fn until_done(mut self, py: Python<'_>) -> PyResult<T> {
        let mut looked = Instant::now();
        loop {
            let heard = &self.heard;
            let told = py.detach(|| {
                let heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
                let first = heard.recv_timeout(LOOK_EVERY)?;
                Ok(std::iter::once(first).chain(heard.try_iter()).collect::<Vec<_>>())
            });
            match told {
                Ok(told) => {
                    if let Some(done) = self.pass_on(py, told) {
                        return self.result(py, done);
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(raised(py, Error::Internal("a computation has gone away".to_owned())));
                }
            }
            if looked.elapsed() >= LOOK_EVERY {
                looked = Instant::now();
                self.look(py);
            }
            if self.ended.as_ref().is_some_and(|(_, since)| since.elapsed() >= END_WITHIN)
                && let Some((error, _)) = self.ended.take()
            {
                return Err(interrupted(py, error, None));
            }
        }
    }

    /// Lets Python look at its signals, and hears the wish of others to end.
    fn look(&mut self, py: Python<'_>) {
        if self.ended.is_none()
            && let Err(error) = py.check_signals()
        {
            self.end(error);
        }
        if self.with.cancel.as_ref().is_some_and(Cancel::is_cancelled) {
            self.cancel.cancel();
        }
    }

    fn end(&mut self, error: PyErr) {
        self.cancel.cancel();
        self.ended = Some((error, Instant::now()));
    }

    /// Tells Python of events; of progress in one stage only the last. Gives the result, if it is there.
    fn pass_on(&mut self, py: Python<'_>, told: Vec<Told<T>>) -> Option<Result<T, Error>> {
        let mut told = told.into_iter().peekable();
        while let Some(one) = told.next() {
            let event = match one {
                Told::Done(done) => return Some(done),
                Told::Event(event) => event,
            };
            let is_overtaken = match (stage(&event), told.peek()) {
                (Some(stage_now), Some(Told::Event(next))) => stage(next) == Some(stage_now),
                _ => false,
            };
            let Some(progress) =
                self.with.progress.as_ref().filter(|_| !is_overtaken && self.ended.is_none())
            else {
                continue;
            };
            let json = serde_json::to_string(&event).unwrap_or_default();
            if let Err(error) = progress.call1(py, (json,)) {
                self.end(error);
            }
        }
        None
    }

    fn result(self, py: Python<'_>, done: Result<T, Error>) -> PyResult<T> {
        match (self.ended, done) {
            (None, done) => done.map_err(|error| raised(py, error)),
            (Some((error, _)), Err(Error::Cancelled(Some(partial)))) => {
                let partial = py.detach(|| crate::error::proved(&partial));
                Err(interrupted(py, error, partial))
            }
            (Some((error, _)), _) => Err(interrupted(py, error, None)),
        }
    }
}

/// The stage of which an event tells the progress.
fn stage(event: &Event) -> Option<&Stage> {
    match event {
        Event::Progress { stage, .. } => Some(stage),
        _ => None,
    }
}

/// What Python raised; a Ctrl-C with what was proved by then.
fn interrupted(
    py: Python<'_>,
    error: PyErr,
    partial: Option<(&'static str, crate::answer::Answer)>,
) -> PyErr {
    if error.is_instance_of::<PyKeyboardInterrupt>(py) {
        made(py, "interrupted", "ended by Ctrl-C", &Value::Null, partial)
    } else {
        error
    }
}
