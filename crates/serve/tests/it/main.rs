//! The server as a browser meets it.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests, and what helps them")]

mod answer;
mod client;
mod description;
mod guarded;
mod jobs;
mod kept;
mod load;
mod malformed;
mod maps;
mod modes;
mod proposals;
mod replan;
mod tls;
mod town;
