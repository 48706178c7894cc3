//! All tests of this crate from outside are one program, so that building them links once.
#![allow(clippy::unwrap_used)]

mod audit_page;
mod files;
mod made_up;
mod reports;
