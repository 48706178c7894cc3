//! `clearway compare`

use crate::args::CompareArgs;
use crate::failure::Failure;
use crate::interrupt;
use crate::output::Output;
use crate::session::usual;
use clearway::{CompareRequest, FolderStore, Store, compare};
use clearway_artifacts::FolderKind;
use std::path::Path;

pub fn run(args: &CompareArgs) -> Result<(), Failure> {
    let inputs: Vec<&Path> = args.plans.iter().map(std::path::PathBuf::as_path).collect();
    let output = Output::new(&args.out, FolderKind::Comparison, args.replace, &inputs)?;
    let folders: Vec<FolderStore> = args.plans.iter().map(FolderStore::new).collect();
    let names = names(&args.plans);
    let plans: Vec<(String, &dyn Store)> =
        names.into_iter().zip(&folders).map(|(name, folder)| (name, folder as &dyn Store)).collect();
    let mut request = CompareRequest::default();
    request.with_simulation = args.simulate;
    let _kept = interrupt::heeded();
    let compared = compare(&usual(), &plans, &request)?;
    output.write(&compared.artifacts()?)?;
    say!("{}", compared.in_words());
    say!("written to {0}; look at {0}/index.html", args.out.display());
    Ok(())
}

/// The last parts of paths; those that are the same by their whole paths.
fn names(paths: &[std::path::PathBuf]) -> Vec<String> {
    let last = |path: &Path| super::file_name(path);
    let is_told_apart = |path: &Path| {
        let name = last(path);
        !name.is_empty() && paths.iter().filter(|other| last(other) == name).count() == 1
    };
    paths
        .iter()
        .map(|path| if is_told_apart(path) { last(path) } else { path.display().to_string() })
        .collect()
}
