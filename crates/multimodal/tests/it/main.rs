//! All tests of this crate from outside are one program, so that building them links once.
#![allow(clippy::unwrap_used)]

mod bound;
mod duties_by_hand;
mod duties_by_property;
mod groups;
mod joint;
mod made;
mod parts;
mod timetable;
