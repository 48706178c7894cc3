//! Exports of a plan that can be worked out by hand, read with libraries that are not ours.
#![allow(clippy::expect_used, clippy::unwrap_used)]

mod by_hand;
