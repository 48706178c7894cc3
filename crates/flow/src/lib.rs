//! Flow over time: how many people can have arrived by when, at most, and the thresholds that prove it.
//!
//! The crate knows arrays, not places: a [`FlowProblem`] has vertices, arcs with rates and open times, sources with
//! release curves and terminals with capacities. [`EarliestArrival`] solves it in steps of time by successive augmentation
//! with one threshold per vertex; [`cut_value`] evaluates thresholds in continuous time and exact integers, and [`polish`]
//! improves them. What a threshold proves is in `docs/concepts/limit.md`.
//!
//! Amounts are thousandths of a person; times are ms.

mod arc;
mod bits;
mod cut;
mod decompose;
mod distance;
mod engine;
mod intervals;
mod limit;
mod polish;
mod problem;
mod release;
mod search;

pub use cut::{CUT_UNITS_PER_PERSON, ShiftedCut, cut_terms, cut_value, repair_thresholds, shift_thresholds};
pub use decompose::{PathFlow, decompose};
pub use distance::distances;
pub use engine::{EarliestArrival, Rounding};
pub use intervals::TimeSet;
pub use limit::{Cut, LimitCurve, LimitOptions, Progress, limit_curve};
pub use polish::polish;
pub use problem::{FlowArc, FlowProblem, Source, Terminal};
pub use release::ReleaseCurve;
