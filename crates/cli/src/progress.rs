//! Progress on standard error: one line on a terminal once something takes longer than a second, or a line per stage.

use crate::args::ProgressName;
use crate::course::Course;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Progress of one command.
pub struct Progress {
    bar: ProgressBar,
    how: ProgressName,
    state: Mutex<State>,
}

struct State {
    started: Instant,
    stage: String,
    course: Course,
}

impl Progress {
    /// Nothing is shown yet.
    pub fn new(how: ProgressName) -> Self {
        let bar = ProgressBar::with_draw_target(Some(1000), ProgressDrawTarget::hidden());
        if let Ok(style) =
            ProgressStyle::with_template("{msg:11} [{bar:30}] {percent:>3} %  {elapsed}  {prefix}")
        {
            bar.set_style(style.progress_chars("=> "));
        }
        let state = State { started: Instant::now(), stage: String::new(), course: Course::default() };
        Self { bar, how, state: Mutex::new(state) }
    }

    /// Says what is being done and how much of it is done, 0..1.
    pub fn tell(&self, stage: &str, share: f64) {
        let Ok(mut state) = self.state.lock() else { return };
        if self.how == ProgressName::Auto
            && std::io::stderr().is_terminal()
            && self.bar.is_hidden()
            && state.started.elapsed() > Duration::from_secs(1)
        {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        if state.stage != stage {
            stage.clone_into(&mut state.stage);
            self.bar.set_message(stage.to_owned());
            if self.how == ProgressName::Plain {
                eprintln!("{stage}, after {:.1} s", state.started.elapsed().as_secs_f64());
            }
        }
        let now = state.started.elapsed().as_secs_f64();
        let done = state.course.tell(stage, share, now);
        self.bar.set_prefix(state.course.left());
        self.bar.set_position((done * 1000.0) as u64);
    }

    /// Takes the line away.
    pub fn clear(&self) {
        self.bar.finish_and_clear();
    }
}
