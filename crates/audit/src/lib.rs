//! Somebody else's plan, of any completeness: what holds, what is missing, what is impossible, each with its working.
//!
//! The main path is [`audit`]: a [`Blueprint`] gives claims and evidence; the [`Dossier`] holds each figure with its range;
//! [`judge`](judge::judge) puts every [`Rule`](rule::Rule) to it, [`places`] does so place by place; [`verdict`] sums up. Rules and figures are tables
//! (`data/`), which others can add to or replace. A *blocker* is a condition that fails over the whole range of the figures
//! given, or on which the plan is silent. Protection conditions are reported as evidence shown or not shown, and nothing
//! else. Nothing here reads files.

pub mod blueprint;
pub mod dossier;
pub mod evaluate;
pub mod figure;
mod form;
pub mod formula;
pub mod judge;
pub mod movements;
mod page;
pub mod places;
pub mod profile;
pub mod range;
pub mod rule;
pub mod verdict;
mod words;

pub use blueprint::Blueprint;
pub use dossier::Dossier;
pub use form::{form, rules_list};
pub use judge::{Finding, Outcome};
pub use page::page;
pub use words::{Facts, Report, SCHEMA, audit, in_words};
