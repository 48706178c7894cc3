//! A bounded number of mutants of one target.

use crate::base::{self, Files};
use std::io::Result;
use std::path::Path;

/// Something that reads files of strangers.
pub trait Target {
    /// Name on the command line, and of its folder of the corpus.
    fn name(&self) -> &'static str;
    /// Mutant `number` of a seed; `scratch` may be written to.
    fn mutant(&mut self, seed: u64, number: u64, scratch: &Path) -> Files;
    /// What is wrong with how a folder is read, in words; `None` if nothing is.
    ///
    /// # Errors
    /// Where nothing can be said because a program could not be run.
    fn look(&mut self, dir: &Path) -> Result<Option<String>>;
}

/// A mutant with which something is wrong.
#[derive(Debug)]
pub struct Fault {
    /// Its number.
    pub number: u64,
    /// In words.
    pub what: String,
    /// The folder.
    pub files: Files,
}

/// Looks at the mutants `from` to `from + count - 1` of a seed. `seen` is told of every fault as it is found.
///
/// # Errors
/// Where a file cannot be written or a program not be run.
pub fn run(
    target: &mut dyn Target,
    seed: u64,
    from: u64,
    count: u64,
    mut seen: impl FnMut(&Fault),
) -> Result<Vec<Fault>> {
    let scratch = tempfile::tempdir()?;
    let dir = scratch.path().join("mutant");
    let mut faults = Vec::new();
    for number in from..from.saturating_add(count) {
        let files = target.mutant(seed, number, &scratch.path().join("base"));
        base::write(&dir, &files)?;
        if let Some(what) = target.look(&dir)? {
            let fault = Fault { number, what, files };
            seen(&fault);
            faults.push(fault);
        }
    }
    Ok(faults)
}
