//! One file per command.

mod audit;
mod check;
mod compare;
mod completions;
mod connect;
mod demo;
mod diff;
mod early_warning;
mod ensemble;
mod exercise;
mod export;
mod groups;
mod import;
mod interventions;
mod manual;
mod needs;
mod new;
mod observed;
mod parts;
pub mod plan;
mod propose;
mod replan;
mod report;
mod resolve;
mod schema;
mod serve;
mod simulate;
mod study;
mod tntp;
mod upgrade;
mod verify;
mod watch;

use crate::args::{Args, Command};
use crate::failure::Failure;
use clearway::InputFile;
use std::path::Path;

/// Does what was asked.
pub fn run(args: Args) -> Result<(), Failure> {
    match args.command {
        Command::Audit(audit) => audit::run(&audit),
        Command::Demo(demo) => demo::run(&demo),
        Command::Compare(compare) => compare::run(&compare),
        Command::Export(export) => export::run(&export),
        Command::Interventions(interventions) => interventions::run(&interventions),
        Command::Diff(diff) => diff::run(&diff),
        Command::Needs(needs) => needs::run(&needs),
        Command::New(new) => new::run(&new),
        Command::Observed(observed) => observed::run(&observed),
        Command::Propose(propose) => propose::run(&propose.verb),
        Command::Import(import) => import::run(&import),
        Command::Connect(connect) => connect::run(&connect),
        Command::Check(check) => check::run(&check),
        Command::Report(report) => report::run(&report),
        Command::Resolve(resolve) => resolve::run(&resolve),
        Command::Groups(groups) => groups::run(&groups),
        Command::Upgrade(upgrade) => upgrade::run(&upgrade),
        Command::Plan(plan) => plan::run(&plan),
        Command::Replan(replan) => replan::run(&replan),
        Command::Watch(watch) => watch::run(&watch),
        Command::EarlyWarning(warning) => early_warning::run(&warning),
        Command::Exercise(exercise) => exercise::run(&exercise),
        Command::Verify(verify) => verify::run(&verify),
        Command::Serve(serve) => serve::run(&serve),
        Command::Schema(schema) => schema::run(&schema),
        Command::Simulate(simulate) => simulate::run(&simulate),
        Command::Study(study) => study::run(&study),
        Command::Ensemble(args) => ensemble::run(&args.verb),
        Command::Completions(completions) => completions::run(&completions),
        Command::Manual(manual) => manual::run(&manual),
    }
}

/// A file's bytes.
pub fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|source| {
        let source = if path.is_dir() { folder_as_file(path) } else { source };
        Failure::Read { path: path.to_owned(), source }
    })
}

/// What to do about a folder that is given as a file: a geodatabase is one.
fn folder_as_file(path: &Path) -> std::io::Error {
    let name = path.display();
    let is_geodatabase = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("gdb"));
    let said = if is_geodatabase {
        let made = path.with_extension("gpkg");
        format!("this is a file geodatabase, a folder; convert it: ogr2ogr -f GPKG {} {name}", made.display())
    } else {
        "this is a folder, expected a file".to_owned()
    };
    std::io::Error::new(std::io::ErrorKind::IsADirectory, said)
}

/// A file that is given with a request.
pub fn input(path: &Path) -> Result<InputFile, Failure> {
    Ok(InputFile::new(path.display().to_string(), read(path)?))
}

/// The last part of a path, by which faults call a file.
pub fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

/// Those of several paths that were given.
fn given<const N: usize>(paths: [Option<&Path>; N]) -> Vec<&Path> {
    paths.into_iter().flatten().collect()
}
