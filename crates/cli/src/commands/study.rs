//! `clearway study`

use super::parts;
use crate::args::StudyArgs;
use crate::failure::Failure;
use crate::interrupt;
use crate::output::Output;
use crate::session::usual;
use clearway::{Error, FolderStore, Session, Study, StudyPart, StudyRunner, load, merge_study, read_study};
use clearway_artifacts::FolderKind;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// What `--template` prints.
const TEMPLATE: &str = include_str!("../../../../examples/study.toml");

pub fn run(args: &StudyArgs) -> Result<(), Failure> {
    if args.template {
        say!("{}", TEMPLATE.trim_end());
        return Ok(());
    }
    let Some(out) = &args.out else { return Err(Failure::Argument("expected --out DIR".to_owned())) };
    match (&args.study, args.runs) {
        (Some(study), Some((first, end))) => some(args, study, out, first..end),
        (Some(study), None) => all(args, study, out),
        (None, _) => merge(args, out),
    }
}

/// A study with its scenario, and the session that runs it.
fn runner(args: &StudyArgs, study: &Path) -> Result<(StudyRunner, Session, PathBuf), Failure> {
    let session = match args.threads {
        Some(threads) => usual().with_threads(threads),
        None => usual(),
    };
    let beside = study.parent().unwrap_or(Path::new(""));
    let text = |path: &Path| {
        fs::read_to_string(path).map_err(|source| Error::Read { path: path.to_owned(), source })
    };
    let name = study.display().to_string();
    let file = read_study(&name, &text(study)?, &|catalogue| text(&beside.join(catalogue)))?;
    if file.scenario.is_empty() {
        let expected = "expected scenario = \"FOLDER\", the scenario that is varied, as seen from this file";
        return Err(Failure::Argument(format!("{name}: {expected}")));
    }
    let scenario = beside.join(&file.scenario);
    let loaded = load(&FolderStore::new(&scenario))?;
    Ok((StudyRunner::new(&session, &loaded, &file.request)?, session, scenario))
}

/// Makes some runs and leaves them as parts.
fn some(args: &StudyArgs, study: &Path, out: &Path, runs: Range<u32>) -> Result<(), Failure> {
    let (runner, session, _) = runner(args, study)?;
    let (first, end) = (runs.start, runs.end);
    make(args, &runner, &session, out, runs)?;
    say!(
        "runs {first}..{end} of {} are in {}; clearway study --merge puts them together",
        runner.runs(),
        out.display()
    );
    Ok(())
}

/// Makes the whole study. Its parts lie beside the folder until it is there, so that a run that was killed goes on.
fn all(args: &StudyArgs, study: &Path, out: &Path) -> Result<(), Failure> {
    let (runner, session, scenario) = runner(args, study)?;
    let output = Output::new(out, FolderKind::Study, args.replace, &[study, &scenario])?;
    let mut beside = out.file_name().map(std::ffi::OsStr::to_owned).unwrap_or_default();
    beside.push(".parts");
    let folder = out.with_file_name(beside);
    make(args, &runner, &session, &folder, 0..runner.runs())?;
    let made =
        ranges(args, 0..runner.runs()).iter().map(|range| folder.join(part_name(range))).collect::<Vec<_>>();
    let merged = merge_study(&parts::read(&made)?)?;
    output.write(&merged.artifacts()?)?;
    clear(&folder, &made);
    told(args, &merged, out)
}

fn merge(args: &StudyArgs, out: &Path) -> Result<(), Failure> {
    let inputs: Vec<&Path> = args.merge.iter().map(PathBuf::as_path).collect();
    let output = Output::new(out, FolderKind::Study, args.replace, &inputs)?;
    let merged = merge_study(&parts::read(&args.merge)?)?;
    output.write(&merged.artifacts()?)?;
    told(args, &merged, out)
}

fn told(args: &StudyArgs, study: &Study, out: &Path) -> Result<(), Failure> {
    say!("{}", study.in_words());
    say!("written to {0}; look at {0}/index.html", out.display());
    let failed = study.report.failed.len();
    if failed <= args.allowed_failures {
        return Ok(());
    }
    Err(Failure::DoesNotHold(format!(
        "{failed} of {} runs could not be made, and --allowed-failures is {}; {}/study.json names them",
        study.report.runs,
        args.allowed_failures,
        out.display()
    )))
}

fn ranges(args: &StudyArgs, runs: Range<u32>) -> Vec<Range<u32>> {
    parts::ranges(runs, args.part)
}

/// Makes the runs whose parts are not there yet.
fn make(
    args: &StudyArgs,
    runner: &StudyRunner,
    session: &Session,
    folder: &Path,
    runs: Range<u32>,
) -> Result<(), Failure> {
    let mut left = ranges(args, runs);
    let all = left.len();
    left.retain(|range| !is_there(runner, &folder.join(part_name(range)), range));
    if left.len() < all {
        say!("{} of {all} parts are there already", all - left.len());
    }
    if left.is_empty() {
        return Ok(());
    }
    fs::create_dir_all(folder).map_err(|problem| parts::unreadable(folder, &problem))?;
    let _kept = interrupt::heeded();
    let mut next = left.clone().into_iter();
    let made = runner.run_each(session, &left, |part| {
        let Some(range) = next.next() else { return Ok(()) };
        parts::keep(&folder.join(part_name(&range)), &part.to_parquet()?)
    });
    match made {
        Err(Error::Cancelled(_)) => Err(Failure::RunsSoFar(folder.to_owned())),
        made => Ok(made?),
    }
}

/// The name of the file of some runs; in the order of their numbers.
fn part_name(range: &Range<u32>) -> String {
    format!("runs-{:010}-{:010}.parquet", range.start, range.end)
}

/// Whether a part of the same study with these runs is there, whole.
fn is_there(runner: &StudyRunner, path: &Path, range: &Range<u32>) -> bool {
    let Ok(bytes) = fs::read(path) else { return false };
    StudyPart::from_parquet(&bytes).is_ok_and(|part| runner.is_of(&part) && part.numbers().eq(range.clone()))
}

/// Takes away parts that are in a folder now, with what killed runs have left of them; what is somebody else's stays.
fn clear(folder: &Path, made: &[PathBuf]) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let is_left = |path: &PathBuf| {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        made.contains(path)
            || (name.starts_with("runs-") && (name.ends_with(".part") || name.ends_with(".parquet")))
    };
    // what cannot be removed does no harm
    entries.filter(is_left).for_each(|path| drop(fs::remove_file(path)));
    let _ = fs::remove_dir(folder);
}
