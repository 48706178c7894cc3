//! Mutants of small folders, on which programs that read the same files must agree.
//!
//! A *target* (one file each) makes a folder, changes it, and says what is wrong with how it was read: a panic, a run that is far too
//! long, two programs that disagree. [`campaign`] runs a target over a bounded number of mutants; mutant `n` of a seed is the same on every
//! machine, so that what is found can be made again from two numbers. What was found is kept, by hand-sized [`corpus`] files, and replayed
//! by the tests.

pub mod base;
pub mod campaign;
pub mod checkers;
pub mod corpus;
pub mod draw;
pub mod mutate;
pub mod program;
pub mod python;
