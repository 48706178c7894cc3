//! What is shown of where people are in a folder that may be passed on.

pub use clearway_needs::{redact, up_to_tens};
