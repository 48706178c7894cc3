//! All tests of this crate from outside are one program, so that building them links once.
#![allow(clippy::unwrap_used)]

mod common;
mod given;
mod names;
mod raster;
mod town;
mod ways_out;
