//! All tests of this crate from outside are one program, so that building them links once.
#![allow(clippy::expect_used, clippy::unwrap_used)]

mod convoys;
mod needs;
