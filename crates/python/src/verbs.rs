//! The verbs that take folders, by what they are about.

pub mod audit;
pub mod chance;
pub mod plans;
pub mod prepare;
pub mod propose;
pub mod requests;
pub mod study;
