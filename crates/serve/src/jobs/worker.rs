//! A worker: takes the oldest job that waits, does it, says what became of it.

use super::live::LiveJob;
use super::work::{Outcome, perform};
use super::{QueueShared, QueueState};
use crate::app::{ServeApp, SharedApp};
use crate::error::ServeError;
use crate::store::{JobEnd, StoredJob};
use crate::types::JobState;
use clearway::Session;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, PoisonError, Weak};

/// Works until the queue stops.
pub(super) fn work(shared: &Arc<QueueShared>, app: &Weak<ServeApp>) {
    while let Some((id, live)) = next(shared) {
        let Some(app) = app.upgrade() else { return };
        let end = one(&app, id, &live, shared);
        // what could not be written down is said again when the folder is opened next
        if let Err(error) = end {
            live.hear(&clearway::Event::Note { text: error.to_string() });
        }
        let mut state = shared.state();
        state.live.remove(&id);
        drop(state);
        live.change();
    }
}

/// Waits for a job; `None`: the queue stops.
fn next(shared: &QueueShared) -> Option<(i64, Arc<LiveJob>)> {
    let mut state = shared.state();
    loop {
        if state.stopping {
            return None;
        }
        let QueueState { waiting, live, .. } = &mut *state;
        if let Some(id) = waiting.pop_front() {
            return live.get(&id).map(|live| (id, Arc::clone(live)));
        }
        state = shared.wake.wait(state).unwrap_or_else(PoisonError::into_inner);
    }
}

/// Does one job, and writes down what became of it.
fn one(app: &SharedApp, id: i64, live: &Arc<LiveJob>, shared: &QueueShared) -> Result<(), ServeError> {
    let StoredJob { info, order } = app.store.job(id)?;
    let by = info.by.clone();
    app.store.begin_job(&by, id)?;
    live.change();
    let Some(order) = order else {
        return app.store.end_job(
            &by,
            id,
            &failed("this version of the program does not know the job".to_owned()),
        );
    };
    let session = session(app, live);
    // what stops the program elsewhere, e.g. a sum that overflows, ends the job alone
    let done = catch_unwind(AssertUnwindSafe(|| perform(app, &session, &info, &order)));
    let outcome = match done {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(error)) => Outcome::of_error(error),
        Err(_) => Outcome::failed(
            "the computation broke off with an error of the program; please report it".to_owned(),
        ),
    };
    let mut end = JobEnd {
        state: outcome.state,
        words: outcome.words,
        faults: outcome.faults,
        notes: live.notes(),
        result: None,
    };
    if end.faults.is_empty() {
        end.faults = live.warnings();
    }
    if end.state == JobState::Cancelled && shared.state().stopping {
        end.state = JobState::Interrupted;
        end.words = "the server was ended while this ran; order it again".to_owned();
    }
    let Some(version) = outcome.version else { return app.store.end_job(&by, id, &end) };
    let made = app.store.add_version(&by, &version, |writing, made| {
        end.result = Some(made);
        writing.end_job(id, &end)
    });
    match made {
        Ok(_) => Ok(()),
        Err(error) => app.store.end_job(&by, id, &failed(format!("what came out cannot be kept: {error}"))),
    }
}

fn failed(words: String) -> JobEnd {
    JobEnd { state: JobState::Failed, words, faults: Vec::new(), notes: Vec::new(), result: None }
}

/// What the library runs with.
fn session(app: &SharedApp, live: &Arc<LiveJob>) -> Session {
    let heard = Arc::clone(live);
    let session = Session::new()
        .with_cancel(live.wish().clone())
        .with_observer(Arc::new(move |event: &clearway::Event| heard.hear(event)));
    let session = match app.settings.threads {
        Some(threads) => session.with_threads(threads),
        None => session,
    };
    match app.settings.memory_bytes {
        Some(bytes) => session.with_memory(bytes),
        None => session,
    }
}
