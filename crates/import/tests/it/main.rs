//! All tests of this crate from outside are one program, so that building them links once.
#![allow(clippy::print_stderr, clippy::unwrap_used)]

mod common;
mod files;
mod places;
mod reference;
mod roads;
mod signs;
mod strange_files;
mod tags;
mod turns;
