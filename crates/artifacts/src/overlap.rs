//! Whether a folder to write is, contains or lies in something that is read.

use super::{WriteError, system};
use std::path::{Path, PathBuf};

/// Refuses a target that is, contains or lies in an input. Links and the case of letters are seen through: places are compared by
/// what the system says they are, not by their names.
pub(crate) fn refuse_overlap(dir: &Path, inputs: &[&Path]) -> Result<(), WriteError> {
    let target = nearest_that_exists(dir)?;
    let is_there = dir.exists();
    for input in inputs {
        // what is not there cannot be overwritten; whoever reads it says so
        let Ok(place) = input.canonicalize() else { continue };
        let lies_in = place.is_dir() && target.ancestors().any(|above| is_same(above, &place));
        let contains = is_there && place.ancestors().any(|above| is_same(above, &target));
        if lies_in || contains {
            return Err(WriteError::Overlaps { dir: dir.to_path_buf(), input: input.to_path_buf() });
        }
    }
    Ok(())
}

/// The target, or the nearest folder above it that is there, with links resolved.
fn nearest_that_exists(dir: &Path) -> Result<PathBuf, WriteError> {
    let absolute = std::path::absolute(dir).map_err(system("find", dir))?;
    Ok(absolute.ancestors().find_map(|above| above.canonicalize().ok()).unwrap_or(absolute))
}

#[cfg(unix)]
fn is_same(a: &Path, b: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (a.metadata(), b.metadata()) {
        (Ok(a), Ok(b)) => (a.dev(), a.ino()) == (b.dev(), b.ino()),
        _ => a == b,
    }
}

#[cfg(not(unix))]
fn is_same(a: &Path, b: &Path) -> bool {
    a == b
}
