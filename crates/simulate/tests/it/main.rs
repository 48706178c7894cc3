//! The simulation against closed forms and laws that every traffic model has to keep.

mod laws;
mod loading;
mod roads;
mod towns;
