//! Runs of a study, of which any can be made without the others.

use super::checks::faults_of;
use super::course::StudyCourse;
use super::figures::{descriptions, figures_of};
use super::part::{KnownCourse, StudyHead, StudyPart, StudyRun};
use super::request::StudyRequest;
use super::vary::VariedIds;
use crate::error::Error;
use crate::load::LoadedScenario;
use crate::session::{Session, VerbProgress};
use clearway_model::TOOL;
use clearway_model::number::float;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// Figures of a run, or why there are none.
type RunFigures = Result<Vec<Option<f64>>, String>;

/// Stack of a thread that makes runs, bytes: as much as a program's own has.
const STACK_BYTES: usize = 8 << 20;

/// Runs of a study, of which any can be made: what all of them need is worked out once.
pub struct StudyRunner {
    loaded: LoadedScenario,
    course: Arc<StudyCourse>,
    ids: VariedIds,
    head: StudyHead,
}

impl std::fmt::Debug for StudyRunner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StudyRunner").field("head", &self.head).finish_non_exhaustive()
    }
}

/// What is wanted of a run: bits of its values, and its options.
type RunKey = (Vec<u64>, Vec<usize>);

impl StudyRunner {
    /// Checks a study against the scenario that it varies.
    ///
    /// # Errors
    /// [`Error::Invalid`] with everything that is wrong with it; [`Error::Cancelled`] without an answer.
    pub fn new(session: &Session, loaded: &LoadedScenario, request: &StudyRequest) -> Result<Self, Error> {
        let faults = faults_of(session, loaded, request)?;
        if faults.has_errors() {
            return Err(Error::Invalid { of: "the study".to_owned(), faults });
        }
        let settings = &loaded.scenario.settings;
        let head = StudyHead {
            schema: StudyHead::SCHEMA.to_owned(),
            tool: TOOL.to_owned(),
            scenario: digest_of(loaded),
            name: settings.name.clone(),
            context: settings.context,
            attribution: settings.attribution.clone(),
            request: request.clone(),
            figures: descriptions(request.answer, loaded.scenario.groups.is_some()),
        };
        let ids = VariedIds::new(&loaded.scenario, request);
        Ok(Self { loaded: loaded.clone(), course: Arc::new(StudyCourse::new(request)), ids, head })
    }

    /// How many runs the study has.
    pub fn runs(&self) -> u32 {
        self.course.runs()
    }

    /// Whether a part is of this study: with it parts of earlier calls are told from others, without running anything.
    pub fn is_of(&self, part: &StudyPart) -> bool {
        part.head == self.head
    }

    /// Makes runs, one answer for each range as soon as it is there, so that it can be kept before the next begins. As many runs are made
    /// at the same time as the session has threads, each with one thread; what comes of them does not depend on it. Runs with the same
    /// values are made once.
    ///
    /// # Errors
    /// [`Error::Request`] for runs that the study does not have; [`Error::Cancelled`] without an answer; what `kept` says. A run that cannot
    /// be made is no error: it is in the part, with the reason.
    pub fn run_each(
        &self,
        session: &Session,
        ranges: &[Range<u32>],
        mut kept: impl FnMut(StudyPart) -> Result<(), Error>,
    ) -> Result<(), Error> {
        if let Some(range) = ranges.iter().find(|range| range.end > self.runs() || range.is_empty()) {
            let expected = format!("runs from 0 to {}, the first smaller", self.runs());
            return Err(Error::Request(format!("runs {}..{}: expected {expected}", range.start, range.end)));
        }
        let all = ranges.iter().map(ExactSizeIterator::len).sum();
        let progress = RunsDone { progress: session.progress(), done: AtomicUsize::new(0), all };
        progress.tell(0);
        for range in ranges {
            kept(self.part(session, range, &progress)?)?;
        }
        Ok(())
    }

    fn key(&self, run: u32) -> RunKey {
        let of = self.course.at(run);
        (of.values.iter().map(|value| value.to_bits()).collect(), of.set.unwrap_or_default().to_vec())
    }

    fn part(&self, session: &Session, range: &Range<u32>, done: &RunsDone<'_>) -> Result<StudyPart, Error> {
        let mut place: HashMap<RunKey, usize> = HashMap::new();
        let mut different: Vec<u32> = Vec::new();
        let mut alike = Vec::new();
        for run in range.clone() {
            let next = different.len();
            let at = *place.entry(self.key(run)).or_insert(next);
            if at == next {
                different.push(run);
            }
            alike.push(at);
        }
        let share = float(range.len()) / float(different.len().max(1));
        let figures = self.made(session, &different, &|| done.more(share))?;
        let rows = range.clone().zip(alike);
        let rows = rows.map(|(run, at)| StudyRun { run, figures: figures[at].clone() }).collect();
        Ok(StudyPart { head: self.head.clone(), rows, course: KnownCourse(Some(Arc::clone(&self.course))) })
    }

    /// Figures of runs, in their order.
    fn made(
        &self,
        session: &Session,
        runs: &[u32],
        finished: &(dyn Fn() + Sync),
    ) -> Result<Vec<RunFigures>, Error> {
        let next = AtomicUsize::new(0);
        let made = Mutex::new(vec![None; runs.len()]);
        let alone = Session::new().with_threads(1).with_cancel(session.cancel().clone());
        let work = || {
            while let Some(&run) = runs.get(next.fetch_add(1, Ordering::Relaxed)) {
                let at = runs.partition_point(|&other| other < run);
                let Some(figures) = self.figures(&alone, run) else { return };
                if let Ok(mut made) = made.lock() {
                    made[at] = Some(figures);
                }
                finished();
            }
        };
        // threads of their own and no pool: a thread of a pool that waits for one run would begin with the next in the meantime
        let started = std::thread::scope(|scope| {
            let threads = session.threads().min(runs.len()).max(1);
            let builder = || std::thread::Builder::new().name("clearway".to_owned()).stack_size(STACK_BYTES);
            (0..threads).try_for_each(|_| builder().spawn_scoped(scope, work).map(drop))
        });
        started.map_err(|problem| Error::Internal(format!("no thread can be started: {problem}")))?;
        session.go_on()?;
        let made = made.into_inner().map_err(|_| Error::Internal("a run broke off".to_owned()))?;
        made.into_iter().collect::<Option<Vec<_>>>().ok_or(Error::Cancelled(None))
    }

    /// Figures of a run, or why there are none; `None`: it was ended.
    fn figures(&self, session: &Session, run: u32) -> Option<Result<Vec<Option<f64>>, String>> {
        let of = self.course.at(run);
        let request = &self.head.request;
        let options = of.set.unwrap_or_default();
        let made = self
            .ids
            .scenario(session, &self.loaded, request, of.values, options)
            .and_then(|varied| figures_of(session, &varied, request));
        match made {
            Ok(figures) => Some(Ok(figures)),
            Err(Error::Cancelled(_)) => None,
            Err(error) => Some(Err(one_line(&error))),
        }
    }
}

/// The digest of a scenario, with its groups and fleet where it has them.
fn digest_of(loaded: &LoadedScenario) -> String {
    let scenario = &loaded.scenario;
    scenario.groups.as_ref().map_or_else(|| scenario.digest.clone(), |groups| groups.digest.clone())
}

/// An error in one line.
fn one_line(error: &Error) -> String {
    error.to_string().lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("; ")
}

/// Tells a session how many runs are done.
struct RunsDone<'a> {
    progress: VerbProgress<'a>,
    /// Millionths of runs, since runs that are alike are done together.
    done: AtomicUsize,
    all: usize,
}

impl RunsDone<'_> {
    fn more(&self, runs: f64) {
        let more = clearway_model::number::count((runs * 1e6).round());
        self.tell(self.done.fetch_add(more, Ordering::Relaxed) + more);
    }

    fn tell(&self, done: usize) {
        self.progress.tell("runs", float(done) / 1e6 / float(self.all.max(1)));
    }
}
