//! A job that waits or runs: how far it is, who watches, and the wish that it ends.

use crate::types::{JobInfo, JobProgress};
use clearway::{Cancel, Event, fault_list};
use clearway_model::{Bounds, Fault};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// Notes kept of one job at most.
const MOST_NOTES: usize = 200;

/// What was told so far.
#[derive(Debug, Clone, Default)]
struct Told {
    progress: Option<JobProgress>,
    variation: Option<String>,
    bound: Option<Bounds>,
    notes: Vec<String>,
    warnings: Vec<Fault>,
}

/// A job that waits or runs.
#[derive(Debug)]
pub(super) struct LiveJob {
    told: Mutex<Told>,
    cancel: Cancel,
    changed: watch::Sender<u64>,
}

impl Default for LiveJob {
    fn default() -> Self {
        Self { told: Mutex::default(), cancel: Cancel::default(), changed: watch::Sender::new(0) }
    }
}

impl LiveJob {
    fn told(&self) -> MutexGuard<'_, Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The wish that it ends.
    pub fn wish(&self) -> &Cancel {
        &self.cancel
    }

    /// Asks it to end.
    pub fn cancel(&self) {
        self.cancel.cancel();
        self.change();
    }

    /// Those who watch look again.
    pub fn change(&self) {
        self.changed.send_modify(|count| *count += 1);
    }

    /// Hears of every change from now on.
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// Takes note of what the library tells.
    pub fn hear(&self, event: &Event) {
        let mut told = self.told();
        match event {
            Event::Progress { stage, done, elapsed_s, left_s, .. } => {
                let variation = told.variation.clone();
                told.progress = Some(JobProgress {
                    stage: stage.word().to_owned(),
                    variation,
                    done: *done,
                    elapsed_s: *elapsed_s,
                    left_s: *left_s,
                });
            }
            Event::VariationBegun { name, .. } => told.variation = Some(name.clone()),
            // of several computations the bound of one is none of the others
            Event::BoundSoFar { bounds } if told.variation.is_none() => told.bound = Some(*bounds),
            Event::Warnings { of, faults } => {
                told.warnings.extend(faults.0.iter().cloned());
                note(&mut told, fault_list(of, faults));
            }
            Event::Coarsened { usual_bytes, allowed_bytes, times } => note(
                &mut told,
                format!(
                    "steps are {times} times as long as usual, because {usual_bytes} bytes of memory would be needed and {allowed_bytes} may be used; bounds hold all the same and may be lower"
                ),
            ),
            Event::Note { text } => note(&mut told, text.clone()),
            _ => {}
        }
        drop(told);
        self.change();
    }

    /// Adds what was told to what is known of it.
    pub fn tell(&self, info: &mut JobInfo) {
        let told = self.told().clone();
        info.progress = told.progress;
        info.bound_so_far = told.bound;
        info.notes = told.notes;
    }

    /// Everything that was said beside progress.
    pub fn notes(&self) -> Vec<String> {
        self.told().notes.clone()
    }

    /// Warnings that were told.
    pub fn warnings(&self) -> Vec<Fault> {
        self.told().warnings.clone()
    }
}

fn note(told: &mut Told, text: String) {
    if told.notes.len() < MOST_NOTES {
        told.notes.push(text);
    }
}
