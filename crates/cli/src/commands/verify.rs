//! `clearway verify`

use super::read;
use crate::args::VerifyArgs;
use crate::failure::Failure;
use clearway::{FolderStore, Store, verify};
use clearway_artifacts::ZipStore;
use std::path::Path;

pub fn run(args: &VerifyArgs) -> Result<(), Failure> {
    say!("{}", make(&args.plan, args.scenario.as_deref())?);
    Ok(())
}

/// A folder, or the files of a ZIP archive.
fn store_at(path: &Path) -> Result<Box<dyn Store>, Failure> {
    if !path.is_file() {
        return Ok(Box::new(FolderStore::new(path)));
    }
    let archive = ZipStore::new(path.display().to_string(), &read(path)?);
    Ok(Box::new(archive.map_err(|source| Failure::Read { path: path.to_owned(), source })?))
}

/// Checks a plan folder; what to print if it holds.
pub fn make(plan: &Path, scenario: Option<&Path>) -> Result<String, Failure> {
    let (plan, scenario) = (store_at(plan)?, scenario.map(store_at).transpose()?);
    let verification = verify(&*plan, scenario.as_deref())?;
    let words = verification.in_words();
    if verification.holds { Ok(words) } else { Err(Failure::DoesNotHold(words)) }
}
