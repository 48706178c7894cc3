//! Studies: one scenario with many figures, to see how sure an answer is, which input matters most, and which interventions are worth their
//! cost. This crate has the mathematics and knows no roads: [`design`] says which values the inputs have in each run, and [`quantiles`],
//! [`sobol`], [`morris`] and [`pareto`] what follows from the figures that came of the runs; [`report`] is what is written of it.
//!
//! An *input* is a figure that is not known well; its *spread* says which values it may have. A *design* is a list of runs, each a place in
//! the spread of every input. What comes of a run is a *figure*; one that is never reached (90 % never arrive) is later than all others.

pub mod design;
pub mod morris;
pub mod pareto;
pub mod quantiles;
pub mod report;
pub mod sobol;
pub mod spread;
