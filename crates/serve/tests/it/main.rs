//! The server as a browser meets it.

mod answer;
mod client;
mod description;
mod guarded;
mod jobs;
mod kept;
mod town;
