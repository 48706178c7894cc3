//! The bound: what no plan can beat, computed and stated so that anybody can check it.
//!
//! [`certify`] has the family of cuts from `flow`, states it as thresholds per place and reads bounds off it; [`latest`] has the
//! latest times at which people can still leave ahead of a hazard. Why it holds: `docs/concepts/bound.md`.

pub mod certify;
mod excluded;
pub mod latest;
mod names;
mod over_time;
mod task;
mod warm;

pub use excluded::is_excluded;
pub use names::{ElementName, element_name};
pub use task::BoundTask;
pub use warm::KnownThresholds;
