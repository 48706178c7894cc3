//! All tests of this crate from outside are one program, so that building them links once.
#![allow(clippy::print_stderr, clippy::unwrap_used)]

mod exact;
mod reduce;
mod unsplittable;
