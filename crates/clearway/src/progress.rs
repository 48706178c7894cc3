//! One line of progress on standard error, shown once something takes longer than a second.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Progress of one command.
pub struct Progress {
    bar: ProgressBar,
    state: Mutex<State>,
}

struct State {
    started: Instant,
    stage: String,
}

impl Progress {
    /// Nothing is shown yet.
    pub fn new() -> Self {
        let bar = ProgressBar::with_draw_target(Some(1000), ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template("{msg:14} [{bar:30}] {percent:>3} %  {elapsed}") {
            bar.set_style(style.progress_chars("=> "));
        }
        Self { bar, state: Mutex::new(State { started: Instant::now(), stage: String::new() }) }
    }

    /// Says what is being done and how much of it is done, 0..1.
    pub fn tell(&self, stage: &str, share: f64) {
        let Ok(mut state) = self.state.lock() else { return };
        if std::io::stderr().is_terminal()
            && self.bar.is_hidden()
            && state.started.elapsed() > Duration::from_secs(1)
        {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        if state.stage != stage {
            stage.clone_into(&mut state.stage);
            self.bar.set_message(stage.to_owned());
        }
        self.bar.set_position((share.clamp(0.0, 1.0) * 1000.0) as u64);
    }

    /// Takes the line away.
    pub fn clear(&self) {
        self.bar.finish_and_clear();
    }
}
