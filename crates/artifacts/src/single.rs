//! One file, written whole or not at all.

use crate::overlap::refuse_overlap;
use crate::{Overwrite, WriteError, system};
use std::fs;
use std::io::{self, Write};
use std::path::Path;

/// Looks at where a file is to be written; `inputs` are the files and folders that are read.
///
/// # Errors
/// [`WriteError`] where the target is a folder, lies in an input, or is there and not to be replaced.
pub fn check_file(path: &Path, overwrite: Overwrite, inputs: &[&Path]) -> Result<(), WriteError> {
    refuse_overlap(path, inputs)?;
    match fs::symlink_metadata(path) {
        Err(_) => Ok(()),
        Ok(found) if found.is_dir() => {
            let source =
                io::Error::new(io::ErrorKind::IsADirectory, "this is a folder; give the name of a file");
            Err(system("write", path)(source))
        }
        Ok(_) if overwrite == Overwrite::Refuse => {
            let source = io::Error::new(
                io::ErrorKind::AlreadyExists,
                "it is there already; give another name, or --replace",
            );
            Err(system("write", path)(source))
        }
        Ok(_) => Ok(()),
    }
}

/// Writes a file: beside its place first, then it takes the name. What was there before is there until then.
///
/// # Errors
/// As [`check_file`], and what the system says.
pub fn write_file(path: &Path, bytes: &[u8], overwrite: Overwrite) -> Result<(), WriteError> {
    check_file(path, overwrite, &[])?;
    let (Some(name), parent) = (path.file_name(), path.parent().unwrap_or(Path::new(""))) else {
        return Err(WriteError::Name { name: path.display().to_string() });
    };
    if !parent.as_os_str().is_empty() {
        fs::create_dir_all(parent).map_err(system("make", parent))?;
    }
    let beside = parent.join(format!(".clearway-{}-{}", std::process::id(), name.to_string_lossy()));
    let written = fs::File::create(&beside)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&beside, path));
    written.map_err(|source| {
        // nothing of it is of use
        let _ = fs::remove_file(&beside);
        system("write", path)(source)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_only_if_asked_for_and_nothing_is_left_beside_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("in/plan.gpkg");
        write_file(&path, b"one", Overwrite::Refuse).unwrap();
        let refused = write_file(&path, b"two", Overwrite::Refuse).unwrap_err().to_string();
        assert!(refused.contains("--replace"), "{refused}");
        assert_eq!(fs::read(&path).unwrap(), b"one");
        write_file(&path, b"two", Overwrite::Replace).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(dir.path().join("in")).unwrap().count(), 1);
        assert!(check_file(dir.path(), Overwrite::Replace, &[]).is_err());
        assert!(check_file(&path, Overwrite::Replace, &[dir.path()]).is_err());
    }
}
