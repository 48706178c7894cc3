//! Somebody else's plan, of any completeness: what holds, what is missing, what is impossible, each with its working.
//!
//! The main path is [`audit`]: a [`Blueprint`] gives claims and evidence; the [`Dossier`] holds each figure with its range;
//! [`judge`](judge::judge) puts every [`Rule`](rule::Rule) to it, [`places`] does so place by place; [`verdict`] sums up. Rules and figures are tables
//! (`data/`), which others can add to or replace. A *critical* criterion stops a plan that fails it for every value in the ranges
//! given, or that does not document it. Protection criteria are reported as documented or not documented, and nothing else. Nothing here reads files.

pub mod blueprint;
pub mod dossier;
pub mod evaluate;
pub mod figure;
mod form;
pub mod formula;
pub mod judge;
pub mod movements;
pub mod places;
pub mod profile;
pub mod range;
pub mod rule;
pub mod tables;
pub mod verdict;
mod words;

pub use blueprint::Blueprint;
pub use dossier::Dossier;
pub use form::{form, rules_list};
pub use judge::{AuditFinding, FindingOutcome};
pub use words::{AuditReport, PlanFacts, SCHEMA, audit, found, in_words};
