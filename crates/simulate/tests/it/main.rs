//! The simulation against closed forms and laws that every traffic model has to keep.

#![allow(clippy::unwrap_used)]

mod fleet;
mod jams;
mod junctions;
mod laws;
mod loading;
mod recording;
mod roads;
mod towns;
mod verification;
