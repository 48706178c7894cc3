//! `clearway check`

use crate::args::CheckArgs;
use crate::failure::Failure;
use clearway::{FolderStore, check, check_groups};

pub fn run(args: &CheckArgs) -> Result<(), Failure> {
    let folder = FolderStore::new(&args.dir);
    let checked = check(&folder)?;
    say!("{}", checked.in_words());
    if let Some(groups) = check_groups(&folder, &checked.scenario)? {
        say!("{}", groups.in_words());
    }
    Ok(())
}
