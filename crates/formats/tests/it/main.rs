//! All tests of this crate from outside are one program, so that building them links once.
#![allow(clippy::unwrap_used)]

mod earlier;
mod faults;
mod fleet_times;
mod limits;
mod mutations;
mod round_trip;
mod schemas;
