//! Flow over time: how many people can have arrived by when, at most, and the thresholds that prove it.
//!
//! The crate knows arrays, not places: a [`FlowProblem`] has vertices, arcs with rates and open times, sources with
//! mobilization curves and terminals with capacities. [`bound_curve`] searches thresholds in continuous time by minimum cuts
//! ([`CutSearch`]); [`cut_value`] evaluates them in exact integers: what a threshold proves is in `docs/concepts/bound.md`.
//! Where each source has one route, [`latest_unsplittable`] proves more.
//! [`WaySearch`] counts ways that share nothing, whatever the time.
//! [`EarliestArrival`] finds a best flow in steps of time by successive augmentation with one threshold per vertex.
//!
//! Amounts are thousandths of a person; times are ms.

mod arc;
mod best_cut;
mod between;
mod bits;
mod bound;
mod bound_search;
mod cut;
mod decompose;
mod descend;
mod distance;
mod engine;
mod extremes;
mod hops;
mod index;
mod intervals;
mod number;
mod problem;
mod reduce;
mod release;
mod search;
mod shifted;
mod static_cut;
mod steps;
mod tables;
mod unsplittable;
mod ways;

pub use best_cut::{CutEffort, CutSearch, ThresholdCut};
pub use between::BetweenCuts;
pub use bound::{BoundCurve, BoundOptions, Progress, bound_curve};
pub use bound_search::{BoundSearch, duration};
pub use cut::{CUT_UNITS_PER_PERSON, cut_terms, cut_value, repair_thresholds, shift_thresholds};
pub use decompose::{PathFlow, decompose};
pub use descend::CutDescent;
pub use distance::{UNBOUNDED, UNREACHED, distances, widths};
pub use engine::{EarliestArrival, StepRounding};
pub use intervals::TimeSet;
pub use problem::{ArrivalLimit, FlowArc, FlowProblem, FlowSource, FlowTerminal};
pub use reduce::ReducedProblem;
pub use release::ReleaseCurve;
pub use shifted::ShiftedCut;
pub use unsplittable::{PackingProof, UnsplittableBound, latest_unsplittable};
pub use ways::{WayGraph, WaySearch, WayTask};
