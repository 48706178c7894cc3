//! The short form of the campaigns against the program: damaged files, kills while it writes, full disks. The long form:
//! `cargo run -p clearway-fuzz -- --target mutants --count 10000`.

use clearway_fuzz::program::{Report, Which, campaign, prepare};
use std::path::Path;

/// A campaign in a folder of its own; `None` where it needs what this user may not do.
fn found(which: Which, seed: u64, count: u64) -> Option<Report> {
    let folder = tempfile::tempdir().unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_clearway"));
    prepare(program, folder.path()).unwrap();
    campaign(program, folder.path(), which, seed, count).unwrap()
}

#[test]
fn damaged_files_end_with_a_word_and_a_code() {
    let report = found(Which::Mutants, 7_000_000, 240).unwrap();
    assert!(report.faults.is_empty(), "{:#?}", report.faults);
    assert_eq!(report.runs, 240);
    assert!(report.codes[0] > 10 && report.codes[2] > 100, "{:?}", report.codes);
}

#[test]
fn a_kill_at_any_moment_leaves_the_old_folder_or_the_new_one() {
    let report = found(Which::Kills, 1, 3).unwrap();
    assert!(report.faults.is_empty(), "{:#?}", report.faults);
}

#[test]
fn a_full_disk_leaves_nothing_half_there() {
    match found(Which::Disk, 1, 1) {
        Some(report) => assert!(report.faults.is_empty(), "{:#?}", report.faults),
        None => eprintln!("left out: a small disk cannot be mounted by this user"),
    }
}
