//! `audit`: what is proved for the audit of somebody's plan.

mod map;

pub use map::{AuditMapRequest, MapFacts, asked_case, audit_map, stated_figures};
