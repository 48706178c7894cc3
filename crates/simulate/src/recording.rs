//! What is recorded while traffic runs, beyond its outcome: the state of each link over time, and who passes it in which hour.

mod passages;
mod states;

pub use passages::{HourOnLink, Passages};
pub use states::{LinkStates, StateKind};

use crate::streets::Street;
use crate::traffic::{Passage, Watch};
use passages::PassageRecorder;
use states::StateRecorder;

/// How much is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordingLimits {
    /// Length of a step, s; doubled as often as the two limits below need it.
    pub step_s: u32,
    /// Steps at most.
    pub most_steps: usize,
    /// Steps times links at most.
    pub most_cells: usize,
}

/// 60 s for up to a day; of a very large case, whose links would need more memory than its vehicles, longer steps. At most 30 MB
/// come of it, three bytes each, and 120 MB of memory while it runs.
impl Default for RecordingLimits {
    fn default() -> Self {
        Self { step_s: 60, most_steps: 1500, most_cells: 10_000_000 }
    }
}

/// Records while traffic runs.
///
/// What happens is noted in the order in which it comes and worked up a few thousand at a time: each note needs places of memory that lie
/// anywhere, and a processor fetches those of many notes in a row at once, but waits for each of them between two events of traffic.
pub struct Recorder {
    states: StateRecorder,
    passages: PassageRecorder,
    notes: Vec<Note>,
}

/// A vehicle has entered or left a street.
#[derive(Debug, Clone, Copy)]
struct Note {
    time_us: i64,
    /// How long entering takes, µs; it has left: [`LEFT`].
    span_us: i64,
    street: u32,
    place: u32,
    people: u32,
}

/// No time to enter: the vehicle has left.
const LEFT: i64 = -1;
/// Notes that are worked up at once; they fit into the second cache of a processor.
const NOTES: usize = 4096;

/// What was recorded.
#[derive(Debug, Clone)]
pub struct Recording {
    /// The state of each link over time.
    pub states: LinkStates,
    /// Who passed which link, by hour.
    pub passages: Passages,
}

impl Recorder {
    /// Of the streets for which `is_link` holds, those that a path uses. `end_us`: nothing happens from then on.
    pub fn new(
        streets: &[Street],
        is_link: impl Fn(u32) -> bool,
        paths: &[Vec<u32>],
        end_us: i64,
        limits: RecordingLimits,
    ) -> Self {
        let mut used: Vec<u32> = paths.iter().flatten().copied().filter(|&street| is_link(street)).collect();
        used.sort_unstable();
        used.dedup();
        Self {
            states: StateRecorder::new(streets, used, end_us, limits),
            passages: PassageRecorder::new(paths, end_us),
            notes: Vec::with_capacity(NOTES),
        }
    }

    fn note(&mut self, note: Note) {
        self.notes.push(note);
        if self.notes.len() == NOTES {
            self.work_up();
        }
    }

    fn work_up(&mut self) {
        for note in &self.notes {
            match note.span_us {
                LEFT => self.states.left(note),
                _ => self.states.entered(note),
            }
        }
        for note in self.notes.iter().filter(|note| note.span_us != LEFT) {
            self.passages.entered(note);
        }
        self.notes.clear();
    }

    /// What was recorded.
    pub fn recorded(mut self, streets: &[Street]) -> Recording {
        self.work_up();
        Recording { states: self.states.recorded(streets), passages: self.passages.recorded() }
    }
}

impl Watch for Recorder {
    fn entered(&mut self, passage: Passage, time_us: i64) {
        let Passage { street, place, people, span_us, .. } = passage;
        self.note(Note { time_us, span_us, street, place, people });
    }

    fn left(&mut self, passage: Passage, time_us: i64, _waited_us: i64) {
        let Passage { street, place, people, .. } = passage;
        self.note(Note { time_us, span_us: LEFT, street, place, people });
    }
}
