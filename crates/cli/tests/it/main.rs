//! All tests of this crate from outside are one program, so that building them links once.
#![allow(clippy::expect_used, clippy::print_stderr, clippy::unwrap_used)]

mod audit;
mod audit_places;
mod byte_identity;
mod campaigns;
mod common;
mod dependencies;
mod ended_early;
mod from_map;
mod interventions;
mod killed;
mod messages;
mod modes;
mod multimodal;
mod multimodal_exact;
mod multimodal_second_checker;
mod multimodal_together;
mod needs;
mod one_road;
mod output_folders;
mod replan;
mod report_pdf;
mod roads;
mod roads_closed_at_times;
mod said;
mod second_run;
mod serve;
mod simulate;
mod small_scenarios;
mod strangers;
mod study;
mod tampering;
mod targets;
mod unsplittable_zones;
mod upgrade;
mod ways_out;
