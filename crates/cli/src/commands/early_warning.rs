//! `clearway early-warning`

use super::replan::time_ms;
use crate::args::EarlyWarningArgs;
use crate::failure::Failure;
use crate::session::session;
use clearway::{EarlyWarningRequest, FolderStore, early_warning};
use clearway_artifacts::{Overwrite, check_file, write_file};
use clearway_model::number::round;

pub fn run(args: &EarlyWarningArgs) -> Result<(), Failure> {
    let plan = FolderStore::new(&args.plan);
    let overwrite = if args.replace { Overwrite::Replace } else { Overwrite::Refuse };
    if let Some(out) = &args.out {
        check_file(out, overwrite, &[&args.plan])?;
    }
    let mut request = EarlyWarningRequest::default();
    request.deadline_ms = time_ms(&plan, &args.deadline)?;
    request.every_ms = round(args.every * 60_000.0);
    let warning = early_warning(&session(&args.run), &plan, &request)?;
    say!("{}", warning.in_words(&plan));
    if let Some(out) = &args.out {
        write_file(out, &warning.csv(), overwrite)?;
        say!("written to {}", out.display());
    }
    Ok(())
}
