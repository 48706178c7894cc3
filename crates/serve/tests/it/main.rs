//! The server as a browser meets it.

mod answer;
mod client;
mod description;
mod town;
