//! All tests of this crate from outside are one program, so that building them links once.
#![allow(clippy::print_stderr, clippy::unwrap_used)]

mod differential;
mod fixture;
mod gate;
mod independence;
mod occurrences;
mod one_road;
mod python;
mod strict;
mod tampering;
mod unreadable;
