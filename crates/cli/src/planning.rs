//! Planning beside the main thread, so that it can be left: the program ends without waiting for a search.

use crate::args::ProgressName;
use crate::failure::Failure;
use crate::interrupt;
use crate::progress::Progress;
use clearway_model::Scenario;
use clearway_plan::{Answer, Early, PlanError, PlanOptions, answer_bound, answer_until, bound_alone};
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

/// How often it is looked whether the program was asked to end.
const LOOK: Duration = Duration::from_millis(20);
/// How long the bounds may take to break off.
const PATIENCE: Duration = Duration::from_millis(500);

/// What is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Orders and the bound.
    Orders,
    /// The bound alone.
    Bound,
}

/// Plans. Asked to end, it gives the bound so far, without orders.
///
/// # Errors
/// As planning has them; [`Failure::NothingYet`] if asked to end before there was a bound.
pub fn plan(
    scenario: &Arc<Scenario>,
    options: &PlanOptions,
    how: ProgressName,
    wanted: Wanted,
) -> Result<Answer, Failure> {
    let _polled = interrupt::heeded();
    let early = Arc::new(Early::default());
    let progress = Arc::new(Progress::new(how));
    let (tell, hear) = channel();
    let worker = {
        let (scenario, options) = (Arc::clone(scenario), options.clone());
        let (early, progress) = (Arc::clone(&early), Arc::clone(&progress));
        std::thread::spawn(move || {
            let progress = |stage: &str, share: f64| {
                if interrupt::asked() && stage != "bound" {
                    // Nobody waits for this any more: leave the processors to the writing.
                    loop {
                        std::thread::park();
                    }
                }
                progress.tell(stage, share);
            };
            let answer = match wanted {
                Wanted::Orders => answer_until(&scenario, &options, &early, &progress),
                Wanted::Bound => answer_bound(&scenario, &options, &early, &progress),
            };
            // Nobody may be listening any more.
            let _ = tell.send(answer);
        })
    };
    let answer = loop {
        match hear.recv_timeout(LOOK) {
            Ok(Err(PlanError::Ended)) => break None,
            Ok(answer) => break Some(answer),
            Err(RecvTimeoutError::Timeout) if interrupt::asked() => break None,
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => match worker.join() {
                Err(panic) => std::panic::resume_unwind(panic),
                Ok(()) => break None,
            },
        }
    };
    progress.clear();
    match answer {
        Some(answer) => Ok(answer?),
        None => {
            early.end();
            let known = early.known(PATIENCE).ok_or(Failure::NothingYet)?;
            Ok(bound_alone(scenario, options, &known)?)
        }
    }
}
