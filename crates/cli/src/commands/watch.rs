//! `clearway watch`: a new plan each time the tables of counts change.

use super::replan::{request, tables, time_ms, write};
use crate::args::WatchArgs;
use crate::failure::Failure;
use crate::interrupt;
use crate::output::Output;
use crate::session::session;
use clearway::{FolderStore, InputFile, plan_time_ms, replan};
use clearway_artifacts::FolderKind;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How often the folder is looked at.
const EVERY: Duration = Duration::from_secs(1);

pub fn run(args: &WatchArgs) -> Result<(), Failure> {
    let plan = FolderStore::new(&args.plan);
    let begun = Instant::now();
    let from = args.at.as_deref().map(|at| time_ms(&plan, at)).transpose()?;
    say!("watching {}; Ctrl-C ends it", args.folder.display());
    let _kept = interrupt::heeded();
    let (mut planned, mut before, mut made) = (None, None, 0);
    while !interrupt::cancel().is_cancelled() && args.changes.is_none_or(|most| made < most) {
        // read twice the same: nobody is writing just now
        let now = match tables(&args.folder) {
            Ok(files) => Some(files),
            Err(Failure::Argument(_)) => None,
            Err(failure) => return Err(failure),
        };
        if now.is_some() && now == before && now != planned {
            planned.clone_from(&now);
            let counts = now.clone().unwrap_or_default();
            if one(args, &plan, from, begun, &counts)? {
                made += 1;
            }
        }
        before = now;
        std::thread::sleep(EVERY);
    }
    Ok(())
}

/// Makes one new plan; whether there is one. What is wrong with counts is said, and the watch goes on.
fn one(
    args: &WatchArgs,
    plan: &FolderStore,
    from: Option<i64>,
    begun: Instant,
    counts: &[InputFile],
) -> Result<bool, Failure> {
    let at_ms = match from {
        Some(from) => from + i64::try_from(begun.elapsed().as_millis()).unwrap_or(0),
        None => plan_time_ms(plan, &jiff::Timestamp::now().to_string())?,
    };
    // a whole minute: nobody reads the time of a plan to the second
    let at_ms = at_ms / 60_000 * 60_000;
    let started = Instant::now();
    let dir = next_folder(&args.out);
    let output = Output::new(&dir, FolderKind::Plan, false, &[&args.plan, &args.folder])?;
    let mut request = request(plan, at_ms, &args.how)?;
    if request.deadline_ms.is_some_and(|deadline_ms| deadline_ms <= at_ms) {
        eprintln!("the deadline is over; what is left is planned without one");
        request.deadline_ms = None;
    }
    let made = replan(&session(&args.run), plan, counts, &request).map_err(Failure::from);
    match made.and_then(|replanned| write(&replanned, &output, started)) {
        Ok(()) => Ok(true),
        // the plan is written, and says so
        Err(Failure::DoesNotHold(words)) if dir.exists() => {
            eprintln!("{words}");
            Ok(true)
        }
        Err(failure @ (Failure::Faults { .. } | Failure::DoesNotHold(_) | Failure::Argument(_))) => {
            eprintln!("{}\nno new plan; waiting for the next change", failure.to_string().trim_end());
            Ok(false)
        }
        Err(failure) => Err(failure),
    }
}

/// The first folder of the series that is not there yet.
fn next_folder(out: &Path) -> PathBuf {
    let named = |number: u32| out.join(format!("replan-{number:04}"));
    (1..u32::MAX).map(named).find(|dir| !dir.exists()).unwrap_or_else(|| named(0))
}
