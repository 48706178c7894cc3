//! Parts of what is computed in many runs: which numbers are in a file, files that are there whole or not at all, and reading them again.

use crate::failure::Failure;
use clearway::Error;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Numbers in pieces of at most so many.
pub fn ranges(all: Range<u32>, piece: u32) -> Vec<Range<u32>> {
    let mut ranges = Vec::new();
    let mut next = all.start;
    while next < all.end {
        let until = next.saturating_add(piece.max(1)).min(all.end);
        ranges.push(next..until);
        next = until;
    }
    ranges
}

/// Writes a file under another name and renames it, so that it is there whole or not at all.
pub fn keep(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let unwritten = |problem: std::io::Error| {
        Error::Request(format!("{} could not be written: {problem}", path.display()))
    };
    let beside = path.with_extension(format!("{}.part", std::process::id()));
    fs::write(&beside, bytes).map_err(unwritten)?;
    fs::rename(&beside, path).map_err(unwritten)
}

/// Names and contents of parts: files, or all Parquet files of folders.
pub fn read(given: &[PathBuf]) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let mut files = Vec::new();
    for part in given {
        if part.is_dir() {
            let entries = fs::read_dir(part).map_err(|problem| unreadable(part, &problem))?;
            let mut found: Vec<PathBuf> = entries
                .filter_map(|entry| Some(entry.ok()?.path()))
                .filter(|path| path.extension().is_some_and(|ending| ending == "parquet"))
                .collect();
            found.sort();
            files.extend(found);
        } else {
            files.push(part.clone());
        }
    }
    let read = |path: &PathBuf| {
        let bytes = fs::read(path).map_err(|problem| unreadable(path, &problem))?;
        Ok((path.display().to_string(), bytes))
    };
    files.iter().map(read).collect()
}

/// What the system says of a path.
pub fn unreadable(path: &Path, problem: &std::io::Error) -> Failure {
    Error::Request(format!("{}: {problem}", path.display())).into()
}
