//! Arguments of re-planning.

use super::RunArgs;
use crate::typed::{length, whole};
use clap::{Args as Group, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Group)]
pub struct ReplanArgs {
    /// Plan folder that is being carried out
    pub plan: PathBuf,
    /// When the new plan begins: time after the start of the old one, e.g. 90min, 2h, or a moment with offset (2026-06-01T10:00:00+03:00)
    #[arg(long, value_name = "TIME")]
    pub at: String,
    /// What was counted and reported: CSV or XLSX as --template writes it, or a folder of such tables. Without it all is as the plan has it
    #[arg(long, value_name = "FILE|FOLDER")]
    pub observed: Option<PathBuf>,
    /// Folder to write: a plan folder with replan.json, changes.csv, counts.csv
    #[arg(long, value_name = "DIR", required_unless_present = "template")]
    pub out: Option<PathBuf>,
    /// Write a table of counts to fill in instead, with what the plan expects at that time
    #[arg(long, value_name = "CSV", conflicts_with_all = ["out", "observed"])]
    pub template: Option<PathBuf>,
    #[command(flatten)]
    pub how: ReplanHow,
    #[command(flatten)]
    pub run: RunArgs,
    /// Replace what is already there
    #[arg(long)]
    pub replace: bool,
}

/// What is asked of a new plan.
#[derive(Debug, Clone, Group)]
pub struct ReplanHow {
    /// By when everybody is to have arrived, as for --at. Exit code 1 if the new plan does not keep it
    #[arg(long, value_name = "TIME")]
    pub deadline: Option<String>,
    /// Keep the orders and try nothing else: soonest there, and what keeping them costs is said against the bound alone
    #[arg(long, conflicts_with = "try_all")]
    pub keep_only: bool,
    /// Try other plans even where one that tells everybody something else cannot save --worth for each, which is proved, or is not expected to
    #[arg(long)]
    pub try_all: bool,
    /// Tell people something else who could keep their orders only if it saves this much for each of them
    #[arg(long, value_name = "TIME", default_value = "15min", value_parser = minutes)]
    pub worth: f64,
    /// Take this option, whatever another saves [default: the one that --worth decides for]
    #[arg(long, value_enum, value_name = "OPTION", conflicts_with = "keep_only")]
    pub take: Option<TakenOption>,
    /// Take counts as they are that contradict each other beyond what they may be off by
    #[arg(long)]
    pub accept_contradictions: bool,
}

/// What is done with the orders that were given.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum TakenOption {
    /// Orders stay
    Keep,
    /// Routes stay where no change brings a clear gain; departures are made anew
    Near,
    /// Planned as if no orders had been given
    Free,
}

fn minutes(text: &str) -> Result<f64, String> {
    let ms = i64::try_from(length(text)?).map_err(|_| "too long".to_owned())?;
    Ok(clearway_model::number::float(ms) / 60_000.0)
}

#[derive(Debug, Group)]
pub struct EarlyWarningArgs {
    /// Plan folder
    pub plan: PathBuf,
    /// By when everybody is to have arrived: time after the start of the plan, e.g. 6h, or a moment with offset
    #[arg(long, value_name = "TIME")]
    pub deadline: String,
    /// How far apart the times are that are looked at
    #[arg(long, value_name = "TIME", default_value = "1h", value_parser = minutes)]
    pub every: f64,
    /// Table to write
    #[arg(long, value_name = "CSV")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub run: RunArgs,
    /// Replace what is already there
    #[arg(long)]
    pub replace: bool,
}

#[derive(Debug, Group)]
pub struct ExerciseArgs {
    /// Plan folder
    pub plan: PathBuf,
    /// When people are counted: time after the start of the plan, e.g. 90min, 2h, or a moment with offset
    #[arg(long, value_name = "TIME")]
    pub at: String,
    /// Number of the simulated member that is taken to be true
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    pub member: u32,
    /// Take it that all do as ordered and nothing breaks
    #[arg(long, conflicts_with_all = ["member", "seed", "behaviour"])]
    pub as_ordered: bool,
    /// Seed of all chance; equal seeds give equal members
    #[arg(long, value_name = "S", default_value = "1", value_parser = whole::<u64>)]
    pub seed: u64,
    /// What people and roads do that no plan orders: a file as clearway ensemble profile prints it
    #[arg(long, value_name = "TOML")]
    pub behaviour: Option<PathBuf>,
    /// Table to write
    #[arg(long, value_name = "CSV")]
    pub out: PathBuf,
    #[command(flatten)]
    pub run: RunArgs,
    /// Replace what is already there
    #[arg(long)]
    pub replace: bool,
}

#[derive(Debug, Group)]
pub struct WatchArgs {
    /// Folder with tables of counts (CSV, XLSX); it is looked at every second
    pub folder: PathBuf,
    /// Plan folder that is being carried out
    #[arg(long, value_name = "DIR")]
    pub plan: PathBuf,
    /// Folder in which each new plan becomes a folder of its own, replan-0001 and so on; none is written over
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Time of the plan when the watch begins, from where it goes on by the clock [default: by the clock and the start of the plan]
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
    /// End after so many new plans [default: go on until Ctrl-C]
    #[arg(long, value_name = "N", value_parser = crate::typed::between::<u32, 1, 1_000_000>)]
    pub changes: Option<u32>,
    #[command(flatten)]
    pub how: ReplanHow,
    #[command(flatten)]
    pub run: RunArgs,
}
