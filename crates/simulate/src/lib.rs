//! Traffic simulation: what becomes of orders on roads on which queues take space.
//!
//! The network loading of a plan lets queues stand on top of each other (`clearway_loading::exact`). Here each road holds only as
//! many vehicles as fit ([`storage`]): a full road blocks the roads that lead into it, and a space that is freed at its end can be
//! used at its beginning only when the gap has travelled back. The roads are Newell's simplified kinematic wave model (Transportation
//! Research B 27, 1993), one vehicle at a time and without time steps.
//!
//! [`streets`] makes roads of a scenario's network, with what [`junctions`] let through, [`trips`] makes vehicles of a plan's orders and [`baseline`] of people without one, [`traffic`] moves them, [`outcome`]
//! counts, and [`gridlock`] names the rings of full roads in which nobody can move any more. [`simulation`] does all of it with the
//! orders of a plan, [`trial`] with orders before they are one, [`recording`] notes the state of each link over time and who passes it, [`snapshot`] where everybody is at a moment, and [`report`] and [`recording_tables`]
//! are what is written of it. [`ensemble`] has the figures of many runs and [`quantile`] how they are summed up.

mod agenda;
pub mod baseline;
pub mod behaviour;
pub mod chance;
mod engine;
pub mod ensemble;
pub mod fleet;
pub mod fleet_run;
pub mod gap;
pub mod gridlock;
mod holds;
pub mod incidents;
pub mod junctions;
mod lanes;
mod link_traffic;
pub mod member;
pub mod outcome;
pub mod quantile;
pub mod recording;
pub mod recording_tables;
pub mod report;
mod running;
pub mod simulation;
mod slowing;
pub mod snapshot;
pub mod storage;
pub mod streets;
pub mod traffic;
pub mod trial;
pub mod trips;
mod turns;
mod ways;
