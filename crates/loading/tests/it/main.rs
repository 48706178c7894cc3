//! Loadings worked out by hand.
#![allow(clippy::unwrap_used)]

mod overflow;
