//! Progress on standard error: one line on a terminal once something takes longer than a second, or a line per stage.

use crate::args::ProgressName;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::sync::Mutex;

/// Progress of one command.
pub struct Progress {
    bar: ProgressBar,
    how: ProgressName,
    stage: Mutex<String>,
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
        Self { bar, how, stage: Mutex::default() }
    }

    /// Shows the share of a stage and of the whole that is done, 0 to 1, after so many seconds, and the seconds left.
    pub fn show(&self, stage: &str, share: f64, done: f64, elapsed_s: f64, left_s: Option<f64>) {
        if self.how == ProgressName::Auto
            && std::io::stderr().is_terminal()
            && self.bar.is_hidden()
            && elapsed_s > 1.0
        {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        let Ok(mut known) = self.stage.lock() else { return };
        if *known != stage {
            stage.clone_into(&mut known);
            self.bar.set_message(stage.to_owned());
            if self.how == ProgressName::Plain {
                eprintln!("{stage}, after {elapsed_s:.1} s");
            }
        }
        self.bar.set_prefix(left_s.map(left_words).unwrap_or_default());
        self.bar.set_position((done * 1000.0) as u64);
        if stage == "figures" && share >= 1.0 {
            self.bar.finish_and_clear();
        }
    }

    /// Writes something beside the line.
    pub fn beside(&self, write: impl FnOnce()) {
        self.bar.suspend(write);
    }

    /// Takes the line away.
    pub fn clear(&self) {
        self.bar.finish_and_clear();
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}

/// The time left in words.
fn left_words(left_s: f64) -> String {
    match left_s {
        left if left < 10.0 => "a few seconds left".to_owned(),
        left if left < 90.0 => format!("about {} s left", (left / 10.0).round() as u64 * 10),
        left if left < 5400.0 => format!("about {} min left", (left / 60.0).round() as u64),
        left => format!("about {} h left", (left / 3600.0).round() as u64),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_left_is_rounded_as_people_say_it() {
        let words = [3.0, 44.0, 250.0, 9000.0].map(left_words);
        assert_eq!(words, ["a few seconds left", "about 40 s left", "about 4 min left", "about 3 h left"]);
    }
}
