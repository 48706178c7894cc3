//! Damaged files for every command that reads: it ends with 0, 1 or 2 and a word, and never otherwise.

use super::case::{CASES, Case};
use super::damage::{Random, damage};
use super::{Report, limited};
use std::io;
use std::path::Path;

/// Runs `count` damaged inputs, spread over all cases, beginning with a seed.
///
/// # Errors
/// What the system says; faults of the program are in the report.
pub fn campaign(program: &Path, folder: &Path, seed: u64, count: u64) -> io::Result<Report> {
    let cases: Vec<&Case> = CASES.iter().filter(|case| !case.reads.is_empty()).collect();
    let mut report = Report::default();
    for number in 0..count {
        let case = cases[number as usize % cases.len()];
        report.add(one(program, folder, case, seed.wrapping_add(number))?);
    }
    Ok(report)
}

/// One damaged file of a case; the file is put back afterwards.
fn one(program: &Path, folder: &Path, case: &Case, seed: u64) -> io::Result<Report> {
    let mut random = Random::new(seed);
    let present: Vec<&&str> = case.reads.iter().filter(|name| folder.join(name).exists()).collect();
    let Some(name) = present.get(random.below(present.len())) else { return Ok(Report::default()) };
    let path = folder.join(name);
    let sound = std::fs::read(&path)?;
    let mut damaged = sound.clone();
    damage(&mut damaged, &mut random);
    std::fs::write(&path, &damaged)?;
    let arguments: Vec<String> = case.arguments.iter().map(|a| (*a).to_owned()).collect();
    let output = limited(program, folder, &arguments).output()?;
    std::fs::write(&path, &sound)?;
    let what = format!("{} with {name} damaged by seed {seed}", case.name);
    let mut report = Report::default();
    report.ended(&what, output.status, &output.stderr);
    if output.status.code() == Some(2) && output.stderr.is_empty() {
        report.faults.push(format!("{what}: refused without a word"));
    }
    Ok(report)
}
