//! What the program runs the library with.

use crate::args::{ProgressName, RunArgs};
use crate::interrupt;
use crate::memory;
use crate::progress::Progress;
use crate::usage::peak_rss_bytes;
use clearway::{Event, Session, Stage, Usage};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

/// A session as the options say; progress and what else is told goes to standard error.
pub fn session(run: &RunArgs) -> Session {
    let session = quiet(run.progress);
    let session = match run.threads {
        Some(threads) => {
            keep_to(threads);
            session.with_threads(threads)
        }
        None => session,
    };
    match memory::allowed(run.memory) {
        Some(bytes) => session.with_memory(bytes.as_u64()),
        None => session,
    }
}

/// Work outside of a session, as on tables that are read, keeps to the number of threads as well.
fn keep_to(threads: usize) {
    // a second session of the process keeps to what the first one said
    let _ = rayon::ThreadPoolBuilder::new().num_threads(threads.clamp(1, 64)).build_global();
}

/// A session of a command that has no such options.
pub fn usual() -> Session {
    let session = quiet(ProgressName::Auto);
    match memory::allowed(None) {
        Some(bytes) => session.with_memory(bytes.as_u64()),
        None => session,
    }
}

/// As [`usual`]; once the first bound is begun there is something to keep, and Ctrl-C ends the run with what is proved by then. The
/// program ends at once before that.
pub fn keeping() -> Session {
    let heard = usual();
    let (kept, observer) = (OnceLock::new(), heard.observer().clone());
    let hear = move |event: &Event| {
        if matches!(event, Event::Progress { stage: Stage::Bound, .. }) {
            kept.get_or_init(interrupt::heeded);
        }
        observer.observe(event);
    };
    heard.with_observer(Arc::new(hear))
}

fn quiet(progress: ProgressName) -> Session {
    let progress = Progress::new(progress);
    let hear = move |event: &Event| match event {
        Event::Progress { stage, share, done, elapsed_s, left_s } => {
            progress.show(stage.word(), *share, *done, *elapsed_s, *left_s);
        }
        Event::VariationBegun { name, .. } => progress.beside(|| eprintln!("{name}")),
        Event::Coarsened { usual_bytes, allowed_bytes, times } => {
            let words = memory::coarser_words(*usual_bytes, *allowed_bytes, *times);
            progress.beside(|| eprintln!("{words}"));
        }
        Event::Note { text } => progress.beside(|| eprintln!("{text}")),
        Event::Warnings { of, faults } => {
            progress.beside(|| eprint!("{}", clearway::fault_list(of, faults)));
        }
        _ => {}
    };
    Session::new().with_cancel(interrupt::cancel()).with_observer(Arc::new(hear))
}

/// What the run has taken since it began.
pub fn usage(started: Instant) -> Usage {
    Usage { wall_s: started.elapsed().as_secs_f64(), peak_rss_bytes: peak_rss_bytes() }
}
