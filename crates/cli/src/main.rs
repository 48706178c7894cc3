//! The command line: arguments, progress, exit codes. No logic of its own.
//!
//! Exit codes: 0 done, 1 does not hold or ended early, 2 bad input.

/// Writes a line to standard output.
macro_rules! say {
    ($($text:tt)*) => { crate::terminal::out(format_args!("{}\n", format_args!($($text)*))) };
}

/// [`say`] without the end of the line.
macro_rules! tell {
    ($($text:tt)*) => { crate::terminal::out(format_args!($($text)*)) };
}

/// Writes a line to standard error, with what a terminal would obey spelled out.
macro_rules! eprintln {
    ($($text:tt)*) => { crate::terminal::err(format_args!("{}\n", format_args!($($text)*))) };
}

/// [`eprintln`] without the end of the line.
macro_rules! eprint {
    ($($text:tt)*) => { crate::terminal::err(format_args!($($text)*)) };
}

mod args;
mod beside;
mod commands;
mod embedded;
mod failure;
mod help;
mod interrupt;
mod memory;
mod output;
mod progress;
mod session;
mod terminal;
mod typed;
mod usage;

use clap::FromArgMatches;
use failure::Failure;
use std::process::ExitCode;

fn main() -> ExitCode {
    let args = match args::Args::from_arg_matches(&help::command().get_matches()) {
        Ok(args) => args,
        Err(error) => error.exit(),
    };
    interrupt::answer();
    let code = match commands::run(args) {
        Ok(()) => 0,
        Err(failure) => {
            eprintln!("{}", failure.to_string().trim_end());
            match failure {
                Failure::DoesNotHold(_)
                | Failure::EndedEarly(_)
                | Failure::SoFar(_)
                | Failure::RunsSoFar(_)
                | Failure::NothingYet => 1,
                _ => 2,
            }
        }
    };
    match terminal::lost() {
        // what was asked for is not there, whatever came of it
        Some(error) => {
            eprintln!("cannot write to standard output: {error}");
            ExitCode::from(2)
        }
        None => ExitCode::from(code),
    }
}
