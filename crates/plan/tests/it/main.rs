//! All tests of this crate from outside are one program, so that building them links once.
#![allow(clippy::expect_used, clippy::print_stderr, clippy::unwrap_used)]

mod closed_for_a_while;
mod common;
mod convergent;
mod exact_replay;
mod full_sites;
mod like;
mod marginal_costs;
mod metered;
mod more_freedom;
mod never_beaten;
mod one_route;
mod opening_hours;
mod overflow;
mod packet_replay;
mod road_search;
