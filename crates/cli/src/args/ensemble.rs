//! Arguments of simulations under chance.

use super::{QueuesName, SimulateArgs, positive};
use crate::typed::whole;
use clap::{Args as Group, Subcommand, ValueEnum};
use std::path::PathBuf;

/// What members of an ensemble are drawn from.
#[derive(Debug, Clone, Group)]
pub struct ChanceArgs {
    /// Seed of all chance; equal seeds give equal members
    #[arg(long, value_name = "S", default_value = "1", value_parser = whole::<u64>)]
    pub seed: u64,
    /// What people and roads do that no plan orders: a file as clearway ensemble profile prints it
    #[arg(long, value_name = "TOML")]
    pub behaviour: Option<PathBuf>,
    /// Whether members draw the scenario's figures within their ranges or have the central ones
    #[arg(long, value_enum, value_name = "WHICH", default_value = "ranges")]
    pub figures: FiguresName,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum FiguresName {
    Ranges,
    Central,
}

/// How the road is simulated.
#[derive(Debug, Clone, Copy, Group)]
pub struct RoadArgs {
    /// How queues stand: a road holds what fits on it, or on top of each other, as in the plan
    #[arg(long, value_enum, value_name = "HOW", default_value = "spatial")]
    pub queues: QueuesName,
    /// Room of a standing passenger car in its lane, m
    #[arg(long, value_name = "M", default_value = "7.5", value_parser = positive)]
    pub spacing_m: f64,
    /// Speed at which a freed space travels back through those that stand, km/h
    #[arg(long, value_name = "KM_H", default_value = "15", value_parser = positive)]
    pub wave_km_h: f64,
    /// Vehicles before which others of the same lane may pass at the end of a road, to go on another way; 0: strictly first in, first out
    #[arg(long, value_name = "N", default_value = "2")]
    pub pocket_vehicles: u32,
}

impl From<&SimulateArgs> for RoadArgs {
    fn from(args: &SimulateArgs) -> Self {
        args.road
    }
}

#[derive(Debug, Group)]
pub struct EnsembleArgs {
    #[command(subcommand)]
    pub verb: EnsembleVerb,
}

#[derive(Debug, Subcommand)]
pub enum EnsembleVerb {
    /// Simulate some members of a plan, to be put together with others: on several machines, or after a run that was ended
    Run(EnsembleRunArgs),
    /// Put members together that were run apart
    Merge(EnsembleMergeArgs),
    /// Print the profile of behaviour with its ranges and sources, to be changed and given as --behaviour
    Profile,
}

#[derive(Debug, Group)]
pub struct EnsembleRunArgs {
    /// Plan folder
    pub plan: PathBuf,
    /// Numbers of the members, from the first to before the last, e.g. 0..100
    #[arg(long, value_name = "A..B", value_parser = numbers)]
    pub members: (u32, u32),
    /// Folder of the parts; parts of the same ensemble that are there already are not run again
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Members in a file: what is lost at most when the run is killed
    #[arg(long, value_name = "N", default_value = "16", value_parser = whole::<u32>)]
    pub part: u32,
    /// Members at the same time [default: as many as there are cores]
    #[arg(long, value_name = "N", value_parser = whole::<usize>)]
    pub threads: Option<usize>,
    #[command(flatten)]
    pub chance: ChanceArgs,
    #[command(flatten)]
    pub road: RoadArgs,
}

#[derive(Debug, Group)]
pub struct EnsembleMergeArgs {
    /// Parts: .parquet files, or folders of them
    #[arg(required = true)]
    pub parts: Vec<PathBuf>,
    /// Folder to write: index.html, ensemble.json, members.csv, members.parquet
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Replace what is already there
    #[arg(long)]
    pub replace: bool,
}

/// `0..100`.
pub fn numbers(text: &str) -> Result<(u32, u32), String> {
    let expected =
        || "expected two whole numbers from 0 to 4294967294, the first smaller, e.g. 0..100".to_owned();
    let (from, until) = text.split_once("..").ok_or_else(expected)?;
    let number = |text: &str| text.trim().parse::<u32>().map_err(|_| expected());
    let (from, until) = (number(from)?, number(until)?);
    if from < until { Ok((from, until)) } else { Err(expected()) }
}
