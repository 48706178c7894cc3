//! Target: the two checkers of plan folders. They must give the same verdict and the same kinds of findings, or both say that nothing can
//! be said; neither may panic or take for ever.

use crate::base::{self, Files};
use crate::campaign::Target;
use crate::draw::Draw;
use crate::mutate;
use crate::python::Python;
use clearway_model::FolderStore;
use clearway_verify::verify;
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::Result;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

/// A small folder that takes longer in either checker is one with which a stranger can stop it.
const TOO_LONG: Duration = Duration::from_secs(20);
/// So many mutants are made of one random folder.
const OF_ONE: u64 = 40;

/// Both checkers, and the folder of which mutants are made.
#[derive(Debug)]
pub struct Checkers {
    python: Python,
    base: Option<(u64, Files)>,
}

impl Checkers {
    /// Starts the checker in Python.
    ///
    /// # Errors
    /// Where it does not start.
    pub fn start() -> Result<Self> {
        Ok(Self { python: Python::start()?, base: None })
    }
}

/// What a checker said: codes of findings, or why nothing can be said.
type Said = std::result::Result<BTreeSet<String>, String>;

fn rust(dir: &Path) -> std::result::Result<(Said, Duration), String> {
    let begin = Instant::now();
    let said = catch_unwind(AssertUnwindSafe(|| verify(&FolderStore::new(dir), None)));
    let said = said.map_err(|_| "verify panics".to_owned())?;
    let said = said.map(|done| done.findings.iter().map(|finding| finding.code.to_owned()).collect());
    Ok((said.map_err(|error| error.to_string()), begin.elapsed()))
}

fn python(answer: &Value) -> Said {
    if let Some(why) = answer["unreadable"].as_str() {
        return Err(why.to_owned());
    }
    let codes = answer["codes"].as_array().into_iter().flatten();
    Ok(codes.filter_map(|code| code.as_str().map(str::to_owned)).collect())
}

impl Target for Checkers {
    fn name(&self) -> &'static str {
        "checkers"
    }

    fn mutant(&mut self, seed: u64, number: u64, scratch: &Path) -> Files {
        let of = number / OF_ONE;
        let files = match &self.base {
            Some((base, files)) if *base == of => files.clone(),
            _ => {
                let files = if of.is_multiple_of(3) {
                    base::one_road()
                } else {
                    base::random(seed.wrapping_add(of), scratch)
                };
                self.base = Some((of, files.clone()));
                files
            }
        };
        let mut files = files;
        let mut draw = Draw::new(seed, number);
        let old = base::digest(&files);
        for _ in 0..1 + draw.below(2) {
            let names: Vec<String> = files.keys().cloned().collect();
            let name = &names[draw.below(names.len())];
            if let Some(contents) = files.get_mut(name) {
                mutate::file(&mut draw, name, contents);
            }
        }
        if !draw.one_in(8) {
            base::sign_again(&mut files, &old);
        }
        files
    }

    fn look(&mut self, dir: &Path) -> Result<Option<String>> {
        let (ours, took) = match rust(dir) {
            Ok(said) => said,
            Err(panic) => return Ok(Some(panic)),
        };
        let begin = Instant::now();
        let answer = self.python.check(dir)?;
        let long = begin.elapsed().max(took);
        if let Some(error) = answer["unforeseen"].as_str() {
            return Ok(Some(format!("check.py has not thought of it: {error}; verify says {ours:?}")));
        }
        let theirs = python(&answer);
        let agree = match (&ours, &theirs) {
            (Ok(ours), Ok(theirs)) => ours == theirs,
            (Err(_), Err(_)) => true,
            _ => false,
        };
        if !agree {
            return Ok(Some(format!("verify says {ours:?}, check.py {theirs:?} {}", answer["findings"])));
        }
        Ok((long > TOO_LONG).then(|| format!("takes {} s", long.as_secs())))
    }
}
