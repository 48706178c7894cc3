//! All tests of this crate from outside are one program, so that building them links once.
#![allow(clippy::unwrap_used)]

mod made;
mod open_by_hand;
mod open_by_property;
mod places;
mod rates;
mod roads;
mod room;
mod search;
mod tables;
mod ways_out;
