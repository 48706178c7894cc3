//! `clearway observed`

use super::input;
use crate::args::ObservedArgs;
use crate::failure::{Failure, faults_text};
use crate::output::Output;
use crate::session::usual;
use clearway::{FolderStore, observed};
use clearway_artifacts::FolderKind;

pub fn run(args: &ObservedArgs) -> Result<(), Failure> {
    let inputs = [args.plan.as_path(), &args.counts];
    let output = Output::new(&args.out, FolderKind::Observed, args.replace, &inputs)?;
    let counts = input(&args.counts)?;
    let answer = observed(&usual(), &FolderStore::new(&args.plan), &counts)?;
    if !answer.warnings.0.is_empty() {
        eprint!("{}", faults_text(&counts.name, &answer.warnings));
    }
    output.write(&answer.artifacts())?;
    say!("{}", answer.in_words());
    say!("written to {0}; look at {0}/index.html", args.out.display());
    Ok(())
}
