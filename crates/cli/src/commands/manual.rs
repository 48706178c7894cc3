//! `clearway manual`

use crate::args::{Args, ManualArgs};
use crate::failure::Failure;
use crate::output::Output;
use clap::CommandFactory;
use clap_mangen::Man;
use clearway_artifacts::{Artifacts, Disclosure, FolderKind};

pub fn run(args: &ManualArgs) -> Result<(), Failure> {
    // they are the same whenever they are written, so that replacing them needs no asking
    let output = Output::new(&args.out, FolderKind::Manual, true, &[])?;
    let pages = Artifacts::new(FolderKind::Manual, Disclosure::Full, pages()?);
    output.write(&pages)?;
    for page in pages.files() {
        say!("{}", args.out.join(&page.name).display());
    }
    Ok(())
}

/// A page of the program and one of each command, by file name.
fn pages() -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let command = Args::command().disable_help_subcommand(true);
    let mut pages = vec![page(command.clone())?];
    for one in command.get_subcommands().filter(|one| !one.is_hide_set()) {
        let name = format!("clearway-{}", one.get_name());
        // Pages are found by their whole name, the command is typed with a space.
        pages.push(page(
            one.clone()
                .name(name)
                .display_name(format!("clearway-{}", one.get_name()))
                .bin_name(format!("clearway {}", one.get_name())),
        )?);
    }
    Ok(pages)
}

fn page(command: clap::Command) -> Result<(String, Vec<u8>), Failure> {
    let man = Man::new(command);
    let name = man.get_filename();
    let mut text = Vec::new();
    man.render(&mut text).map_err(|error| Failure::Argument(format!("cannot write {name}: {error}")))?;
    Ok((name, text))
}
