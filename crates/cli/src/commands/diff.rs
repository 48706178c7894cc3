//! `clearway diff`: what a changed figure changes.

use crate::args::DiffArgs;
use crate::failure::Failure;
use clearway::{FolderStore, diff};

pub fn run(args: &DiffArgs) -> Result<(), Failure> {
    let [before, after] = [&args.before, &args.after].map(FolderStore::new);
    tell!("{}", diff(&before, &after)?.in_words());
    Ok(())
}
