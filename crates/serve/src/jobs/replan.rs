//! A plan that is being carried out meets what was counted.

use super::work::{JobError, Outcome, Work};
use crate::app::ServeApp;
use crate::error::ServeError;
use crate::types::VersionKind;
use clearway::{InputFile, ReplanRequest, replan};
use clearway_model::time::seconds;
use clearway_report::{TimeRounding, after_start};

/// What the name of a plan has between the name of the one that it goes on from and the time.
const AGAIN: &str = ", re-planned at ";

/// Counts that were given: files of the project, then tables of the request.
///
/// # Errors
/// [`ServeError::NotThere`] if a file is none of the project.
pub(crate) fn given_counts(
    app: &ServeApp,
    project: i64,
    files: &[i64],
    tables: &[InputFile],
) -> Result<Vec<InputFile>, ServeError> {
    let mut counts = Vec::new();
    for id in files {
        let (of, file) = app.store.file(*id)?;
        if of != project {
            return Err(ServeError::NotThere(format!("file {id} of the project")));
        }
        counts.push(InputFile::new(file.name, app.store.blobs().read(&file.digest)?));
    }
    counts.extend(tables.iter().cloned());
    Ok(counts)
}

/// Makes a new plan of what is left of a plan.
pub(super) fn replanned(
    work: &Work<'_>,
    of: i64,
    counts: &[InputFile],
    request: &ReplanRequest,
    name: Option<&str>,
) -> Result<Outcome, JobError> {
    let (plan, store) = work.of(of)?;
    let made = replan(work.session, &store, counts, request)?;
    let words = made.sentences().join("\n");
    let name = name.map_or_else(|| name_of(&plan.name, request.at_ms), str::to_owned);
    let version = work.version(VersionKind::Plan, &name, &made.artifacts(work.usage())?, words.clone());
    Ok(Outcome { faults: made.warnings.0, ..Outcome::done(words, version) })
}

/// What the new plan is called: the first plan's name, and the time of the last change alone.
fn name_of(old: &str, at_ms: i64) -> String {
    let first: String = old.split(AGAIN).next().unwrap_or(old).chars().take(150).collect();
    format!("{first}{AGAIN}{}", after_start(seconds(at_ms), TimeRounding::Down))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_do_not_grow_with_each_new_plan() {
        let once = name_of("Flood", 5_400_000);
        assert_eq!(once, "Flood, re-planned at 1 h 30 min");
        assert_eq!(name_of(&once, 3_600_000), "Flood, re-planned at 1 h");
        assert!(name_of(&"x".repeat(200), 0).chars().count() <= 200);
    }
}
