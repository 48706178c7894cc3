//! Arguments of `study`.

use super::numbers;
use crate::typed::whole;
use clap::Args as Group;
use std::path::PathBuf;

#[derive(Debug, Group)]
pub struct StudyArgs {
    /// The study: TOML; --template prints one
    #[arg(value_name = "STUDY.TOML", required_unless_present_any = ["template", "merge"])]
    pub study: Option<PathBuf>,
    /// Folder to write: index.html, study.json, runs.csv, runs.parquet; with --runs the folder of the parts
    #[arg(long, value_name = "DIR", required_unless_present = "template")]
    pub out: Option<PathBuf>,
    /// Make only some runs, from the first to before the last, e.g. 0..100, and leave them as parts for --merge
    #[arg(long, value_name = "A..B", value_parser = numbers, conflicts_with = "replace")]
    pub runs: Option<(u32, u32)>,
    /// Put parts together that were run apart: .parquet files, or folders of them
    #[arg(long, value_name = "PARTS", num_args = 1.., conflicts_with_all = ["study", "runs"])]
    pub merge: Vec<PathBuf>,
    /// Runs in a part: what is lost at most when the program is killed
    #[arg(long, value_name = "N", default_value = "16", value_parser = whole::<u32>)]
    pub part: u32,
    /// Runs at the same time [default: as many as there are cores]
    #[arg(long, value_name = "N", value_parser = whole::<usize>)]
    pub threads: Option<usize>,
    /// So many runs may fail; with more the exit code is 1
    #[arg(long, value_name = "N", default_value = "0", value_parser = whole::<usize>)]
    pub allowed_failures: usize,
    /// Print a study of the example in Helsinki, to be changed
    #[arg(long, conflicts_with_all = ["study", "out", "runs", "merge"])]
    pub template: bool,
    /// Replace what is already there
    #[arg(long)]
    pub replace: bool,
}
