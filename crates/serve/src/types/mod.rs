//! What the HTTP interface takes and gives, as plain data.

mod compare;
mod draft;
mod figures;
mod job;
mod project;
mod replan;
mod review;
mod session;
mod version;

pub use compare::*;
pub use draft::*;
pub use figures::*;
pub use job::*;
pub use project::*;
pub use replan::*;
pub use review::*;
pub use session::*;
pub use version::*;
