//! What if: a scenario with something changed, its bound computed anew, and what that gains.
//!
//! [`interventions`] and [`bridge`] say what might be added, [`levers`] the least of one thing that is needed by a time, [`stress`] how much
//! worse it may get.

pub mod bridge;
pub mod interventions;
pub mod levers;
mod scale;
pub mod stress;

/// Why a bound of a changed scenario is not known.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WhatIfError {
    /// The tables do not fit together.
    #[error(transparent)]
    Network(#[from] clearway_network::NetworkError),
    /// It was asked to end.
    #[error("ended before the bound was known")]
    Cancelled,
}
