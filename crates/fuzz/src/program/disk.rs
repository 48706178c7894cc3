//! A disk that is full: a command that writes says so with another code than 0, leaves nothing half there and keeps what was there.

use super::case::{CASES, Case};
use super::kills::contents;
use super::{Report, limited};
use std::io;
use std::path::Path;
use std::process::Command;

/// Runs each command that writes into disks of several sizes, too small for most. `None` where this user may not mount one.
///
/// # Errors
/// What the system says; faults of the program are in the report.
pub fn campaign(program: &Path, folder: &Path) -> io::Result<Option<Report>> {
    let mut report = Report::default();
    for case in CASES {
        if case.writes.is_none() {
            continue;
        }
        for size_kb in [8, 64, 256] {
            match one(program, folder, case, size_kb)? {
                Some(found) => report.add(found),
                None => return Ok(None),
            }
        }
    }
    Ok(Some(report))
}

fn one(program: &Path, folder: &Path, case: &Case, size_kb: u64) -> io::Result<Option<Report>> {
    let disk = folder.join("disk");
    std::fs::create_dir_all(&disk)?;
    let mounted = Command::new("mount")
        .args(["-t", "tmpfs", "-o", &format!("size={size_kb}k"), "tmpfs"])
        .arg(&disk)
        .output();
    if !mounted.is_ok_and(|output| output.status.success()) {
        return Ok(None);
    }
    let result = on_disk(program, folder, case, size_kb);
    let freed = Command::new("umount").arg(&disk).output()?;
    if !freed.status.success() {
        return Err(io::Error::other("the small disk could not be unmounted"));
    }
    result.map(Some)
}

fn on_disk(program: &Path, folder: &Path, case: &Case, size_kb: u64) -> io::Result<Report> {
    let mut report = Report::default();
    let out = folder.join("disk/out");
    let arguments: Vec<String> = case
        .arguments
        .iter()
        .map(|a| if *a == "out" { "disk/out".to_owned() } else { (*a).to_owned() })
        .collect();
    let output = limited(program, folder, &arguments).output()?;
    let what = format!("{} on a disk of {size_kb} kB", case.name);
    report.ended(&what, output.status, &output.stderr);
    let there = contents(&out)?;
    if output.status.code() != Some(0) && !there.is_empty() && !is_result_with_code_1(case) {
        report.faults.push(format!("{what}: {} files of a folder that was not finished", there.len()));
    }
    if output.status.code() == Some(0) && there.is_empty() {
        report.faults.push(format!("{what}: says that it is done, and nothing is there"));
    }
    Ok(report)
}

/// Commands whose result may end with 1 though it is written.
fn is_result_with_code_1(case: &Case) -> bool {
    case.name == "audit"
}
