//! The server of the map application: projects in a folder, computations as jobs, an HTTP interface with its description, and the page
//! that draws them.
//!
//! Everything is computed by the library (`clearway`); nothing here computes a figure of a plan. [`ProjectStore`] keeps what there is,
//! [`ServeApp`] what requests share, [`routes`] are the interface, [`description`] its description, [`serve`] answers requests until it is
//! told to stop. Data base and computations are kept off the threads that answer requests.

mod api;
mod app;
mod demo;
mod error;
mod jobs;
mod library;
mod limits;
mod run;
mod store;
mod tls;
mod transfer;
mod types;
mod views;

pub use api::{description, routes};
pub use app::{Actor, ServeApp, ServeSettings, SharedApp};
pub use demo::add_demo;
pub use error::{Problem, ServeError};
pub use run::{ServeReady, serve};
pub use store::{ProjectStore, RecordCheck, record_digest};
pub use tls::TlsFiles;
pub use transfer::PROJECT_SCHEMA;
pub use types::*;
