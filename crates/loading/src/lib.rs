//! Network loading: what orders do on the roads, as queues that take no space.
//!
//! [`exact`] carries orders out to the microsecond; every reported figure comes from it, and [`overflow`] counts in it how many
//! vehicles are on a link beyond those that fit. [`packet`] is the fast one by which the
//! search judges, with the cost of one more person on a path from [`marginal`]. [`schedule`] is when how many leave, [`path`] holds
//! the paths that they take. What the rules are: `docs/reference/semantics.md`.

pub mod exact;
pub mod marginal;
pub mod overflow;
pub mod packet;
pub mod path;
pub mod schedule;
