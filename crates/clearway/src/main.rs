//! The command line: arguments, progress, exit codes. No logic of its own.
//!
//! Exit codes: 0 done, 1 does not hold or ended early, 2 bad input.
#![allow(clippy::print_stdout, clippy::print_stderr)] // Talking to the terminal is what this crate is for.

/// Writes a line to standard output; a reader that has gone away (`| head`) is no reason to fail.
macro_rules! say {
    ($($text:tt)*) => {{
        use std::io::Write as _;
        let _ = writeln!(std::io::stdout(), $($text)*);
    }};
}

/// [`say`] without the end of the line.
macro_rules! tell {
    ($($text:tt)*) => {{
        use std::io::Write as _;
        let _ = write!(std::io::stdout(), $($text)*);
    }};
}

mod args;
mod assumed;
mod commands;
mod course;
mod embedded;
mod failure;
mod interrupt;
mod measure;
mod memory;
mod placed;
mod planning;
mod progress;
mod proved;
mod typed;
mod whereabouts;

use clap::Parser;
use failure::Failure;
use std::process::ExitCode;

fn main() -> ExitCode {
    match commands::run(args::Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let text = failure.to_string();
            eprintln!("{}", text.trim_end());
            match failure {
                Failure::DoesNotHold(_) | Failure::EndedEarly(_) | Failure::NothingYet => ExitCode::from(1),
                _ => ExitCode::from(2),
            }
        }
    }
}
