//! `clearway exercise`

use super::ensemble::chance;
use super::replan::time_ms;
use crate::args::{ChanceArgs, ExerciseArgs, FiguresName};
use crate::failure::Failure;
use crate::session::session;
use clearway::{ExerciseRequest, FolderStore, exercise};
use clearway_artifacts::{Overwrite, check_file, write_file};

pub fn run(args: &ExerciseArgs) -> Result<(), Failure> {
    let plan = FolderStore::new(&args.plan);
    let overwrite = if args.replace { Overwrite::Replace } else { Overwrite::Refuse };
    check_file(&args.out, overwrite, &[&args.plan])?;
    let mut request = ExerciseRequest::default();
    request.at_ms = time_ms(&plan, &args.at)?;
    request.member = (!args.as_ordered).then_some(args.member);
    let (seed, behaviour) = (args.seed, args.behaviour.clone());
    request.chance = chance(&ChanceArgs { seed, behaviour, figures: FiguresName::Central })?;
    let made_up = exercise(&session(&args.run), &plan, &request)?;
    write_file(&args.out, &made_up.counts_csv, overwrite)?;
    say!("{}", made_up.in_words());
    say!("written to {}; take out what nobody would have counted", args.out.display());
    Ok(())
}
