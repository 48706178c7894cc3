//! A kill at any moment of a command that writes: afterwards the folder is the old one or the new one, whole, and everything else that
//! was there is there.

use super::case::{CASES, Case};
use super::damage::Random;
use super::{Report, limited};
use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

/// Files of a folder and what is in them; hidden ones are left out, as a later run removes them.
pub fn contents(folder: &Path) -> io::Result<BTreeMap<String, Vec<u8>>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(dir) = open.pop() {
        if !dir.exists() {
            continue;
        }
        for entry in std::fs::read_dir(dir)? {
            let entry = entry?;
            let path = entry.path();
            if entry.file_name().to_string_lossy().starts_with('.') {
                continue;
            }
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().into_owned();
                found.insert(name, std::fs::read(&path)?);
            }
        }
    }
    Ok(found)
}

/// Kills each command that writes `count` times, at moments spread over how long it takes.
///
/// # Errors
/// What the system says; faults of the program are in the report.
pub fn campaign(program: &Path, folder: &Path, seed: u64, count: u64) -> io::Result<Report> {
    let mut report = Report::default();
    for case in CASES {
        let Some(out) = case.writes else { continue };
        report.add(one(program, folder, case, out, seed, count)?);
    }
    Ok(report)
}

fn one(program: &Path, folder: &Path, case: &Case, out: &str, seed: u64, count: u64) -> io::Result<Report> {
    let mut random = Random::new(seed);
    let mut report = Report::default();
    let arguments: Vec<String> = case.arguments.iter().map(|a| (*a).to_owned()).collect();
    let begun = Instant::now();
    let output = limited(program, folder, &arguments).output()?;
    report.ended(&format!("{} once", case.name), output.status, &output.stderr);
    let takes = begun.elapsed();
    let names = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    let whole = names(&contents(&folder.join(out))?);
    let others = others(folder, out)?;
    for number in 0..count {
        let what = format!("{} killed, seed {seed}, kill {number}", case.name);
        let mut child = limited(program, folder, &arguments).spawn()?;
        let wait = takes.as_micros() as u64 * (random.below(1200) as u64) / 1000;
        std::thread::sleep(Duration::from_micros(wait));
        child.kill()?;
        child.wait()?;
        report.runs += 1;
        let left = names(&contents(&folder.join(out))?);
        if left != whole {
            report.faults.push(format!("{what}: {} of {} files are left in {out}", left.len(), whole.len()));
        }
        if self::others(folder, out)? != others {
            report.faults.push(format!("{what}: files elsewhere are gone or changed"));
        }
    }
    // And the next run works as if nothing had been.
    let output = limited(program, folder, &arguments).output()?;
    report.ended(&format!("{} after the kills", case.name), output.status, &output.stderr);
    let hidden = std::fs::read_dir(folder)?.filter_map(Result::ok);
    let hidden = hidden.filter(|entry| entry.file_name().to_string_lossy().starts_with('.')).count();
    if hidden > 0 {
        report
            .faults
            .push(format!("{} after the kills: {hidden} hidden folders of killed runs are left", case.name));
    }
    Ok(report)
}

/// Everything beside the folder that the command writes.
fn others(folder: &Path, out: &str) -> io::Result<BTreeMap<String, Vec<u8>>> {
    let mut all = contents(folder)?;
    all.retain(|name, _| !name.starts_with(&format!("{out}/")));
    Ok(all)
}
