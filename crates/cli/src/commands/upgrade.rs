//! `clearway upgrade`

use crate::args::UpgradeArgs;
use crate::failure::Failure;
use crate::output::Output;
use clearway::{FolderStore, upgrade};
use clearway_artifacts::FolderKind;

pub fn run(args: &UpgradeArgs) -> Result<(), Failure> {
    let folder = FolderStore::new(&args.dir);
    let upgraded = upgrade(&folder)?;
    let Some(out) = args.out.as_ref().filter(|_| upgraded.is_upgraded()) else {
        if upgraded.is_upgraded() {
            let output = Output::of(&args.dir, FolderKind::Scenario)?;
            output.rename(&upgraded.changed(), &upgraded.gone())?;
        }
        say!("{}", upgraded.in_words());
        return Ok(());
    };
    let output = Output::new(out, FolderKind::Scenario, args.replace, &[&args.dir])?;
    output.write(&upgraded.artifacts()?)?;
    say!("written to {} as {}", out.display(), upgraded.schema);
    let others = upgraded.others()?;
    if !others.is_empty() {
        say!("not copied, since they are no part of a scenario: {}", others.join(", "));
    }
    Ok(())
}
