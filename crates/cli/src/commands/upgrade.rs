//! `clearway upgrade`

use crate::args::UpgradeArgs;
use crate::failure::Failure;
use crate::output::Output;
use clearway_artifacts::{Disclosure, FolderKind};
use clearway_formats::{Current, read_groups, read_scenario};
use clearway_model::{FolderStore, Store};

pub fn run(args: &UpgradeArgs) -> Result<(), Failure> {
    let store = FolderStore::new(&args.dir);
    let here = |source| Failure::Read { path: args.dir.clone(), source };
    let current = Current::of(&store).map_err(here)?;
    let what = store.label();
    let faults = |faults| Failure::Faults { what: what.clone(), faults };
    // what has faults is left as it is: they are found in the words of the files as they stand
    let (scenario, _) = read_scenario(&store).map_err(faults)?;
    read_groups(&store, &scenario).map_err(faults)?;
    if !current.is_upgraded() {
        say!("{what} is of this version already; nothing was written");
        return Ok(());
    }
    let Some(out) = &args.out else {
        let output = Output::of(&args.dir, FolderKind::Scenario)?;
        let changed: Vec<(&str, &[u8])> = current.changed().collect();
        output.rename(&changed, &current.gone())?;
        say!("{what} is written anew as {}; all other files are as they were", scenario.settings.schema);
        return Ok(());
    };
    let output = Output::new(out, FolderKind::Scenario, args.replace, &[&args.dir])?;
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    let mut others: Vec<String> = Vec::new();
    for name in current.names().map_err(here)? {
        if !FolderKind::Scenario.knows(&name) {
            others.push(name);
        } else if let Some(bytes) = current.read(&name).map_err(here)? {
            files.push((name, bytes));
        }
    }
    output.write(&files, Disclosure::Full)?;
    say!("written to {} as {}", out.display(), scenario.settings.schema);
    others.retain(|name| name != clearway_artifacts::MANIFEST);
    if !others.is_empty() {
        say!("not copied, since they are no part of a scenario: {}", others.join(", "));
    }
    Ok(())
}
