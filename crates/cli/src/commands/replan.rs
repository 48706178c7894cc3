//! `clearway replan`

use super::{given, input};
use crate::args::{ReplanArgs, ReplanHow, TakenOption};
use crate::failure::{Failure, faults_text};
use crate::interrupt;
use crate::output::Output;
use crate::session::{session, usage};
use crate::typed::length;
use clearway::{
    FolderStore, InputFile, OptionName, ReplanEffort, ReplanRequest, Replanned, plan_time_ms, replan,
    replan_template,
};
use clearway_artifacts::{FolderKind, Overwrite, check_file, write_file};
use std::path::Path;
use std::time::Instant;

pub fn run(args: &ReplanArgs) -> Result<(), Failure> {
    let started = Instant::now();
    let plan = FolderStore::new(&args.plan);
    let at_ms = time_ms(&plan, &args.at)?;
    if let Some(file) = &args.template {
        let overwrite = if args.replace { Overwrite::Replace } else { Overwrite::Refuse };
        check_file(file, overwrite, &[&args.plan])?;
        write_file(file, &replan_template(&session(&args.run), &plan, at_ms)?, overwrite)?;
        say!(
            "written to {}; fill in 'people' where somebody counted, and leave the rest empty",
            file.display()
        );
        return Ok(());
    }
    let Some(out) = &args.out else { return Ok(()) };
    let inputs = given([Some(args.plan.as_path()), args.observed.as_deref()]);
    let output = Output::new(out, FolderKind::Plan, args.replace, &inputs)?;
    let counts = match &args.observed {
        Some(path) => tables(path)?,
        None => Vec::new(),
    };
    let request = request(&plan, at_ms, &args.how)?;
    let _kept = interrupt::heeded();
    let replanned = replan(&session(&args.run), &plan, &counts, &request)?;
    write(&replanned, &output, started)
}

/// Writes a new plan and says what came out.
pub fn write(replanned: &Replanned, output: &Output, started: Instant) -> Result<(), Failure> {
    if !replanned.warnings.0.is_empty() {
        eprint!("{}", faults_text("counts", &replanned.warnings));
    }
    output.write(&replanned.artifacts(usage(started))?)?;
    say!("{}", replanned.in_words());
    say!(
        "written to {0}; look at {0}/changes.html and {0}/index.html, check with: clearway verify {0}",
        output.dir.display()
    );
    if replanned.holds() {
        return Ok(());
    }
    Err(Failure::DoesNotHold(match replanned.report.deadline {
        Some(deadline) if !deadline.plan_holds => "the new plan does not keep the deadline".to_owned(),
        _ => "the new plan leaves people behind who are to leave and have a road".to_owned(),
    }))
}

/// What the options ask for.
pub fn request(plan: &FolderStore, at_ms: i64, how: &ReplanHow) -> Result<ReplanRequest, Failure> {
    let mut request = ReplanRequest::default();
    request.at_ms = at_ms;
    request.deadline_ms = how.deadline.as_deref().map(|text| time_ms(plan, text)).transpose()?;
    request.effort = match (how.keep_only, how.try_all) {
        (true, _) => ReplanEffort::Keep,
        (_, true) => ReplanEffort::All,
        _ => ReplanEffort::AsNeeded,
    };
    request.worth_min = how.worth;
    request.take = how.take.map(|option| match option {
        TakenOption::Keep => OptionName::Keep,
        TakenOption::Near => OptionName::Near,
        TakenOption::Free => OptionName::Free,
    });
    request.accept_contradictions = how.accept_contradictions;
    Ok(request)
}

/// A time of the plan, ms from its start: a length of time, or a moment.
pub fn time_ms(plan: &FolderStore, text: &str) -> Result<i64, Failure> {
    if text.contains('T') || text.contains(':') {
        return Ok(plan_time_ms(plan, text)?);
    }
    let ms = length(text).map_err(|expected| Failure::Argument(format!("'{text}': {expected}")))?;
    i64::try_from(ms).map_err(|_| Failure::Argument(format!("'{text}' is too long")))
}

/// The tables of counts: one file, or all tables of a folder by name.
pub fn tables(path: &Path) -> Result<Vec<InputFile>, Failure> {
    if !path.is_dir() {
        return Ok(vec![input(path)?]);
    }
    let listed = |source| Failure::Read { path: path.to_owned(), source };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(path).map_err(listed)? {
        let file = entry.map_err(listed)?.path();
        let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        if file.is_file() && ["csv", "xlsx"].contains(&ending.to_lowercase().as_str()) {
            files.push(file);
        }
    }
    files.sort();
    if files.is_empty() {
        return Err(Failure::Argument(format!("{} has no tables (.csv, .xlsx)", path.display())));
    }
    files.iter().map(|file| input(file)).collect()
}
