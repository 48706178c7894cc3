//! Writing a folder whole or not at all.
//!
//! Everything goes into a temporary folder beside the target first, which then takes the target's name. What stood there
//! before is put aside until then and brought back if the last step fails.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};
use thiserror::Error;

/// Entries of scenario and plan folders that Clearway writes. Replacing a folder removes these; whatever else somebody keeps
/// in it stays.
pub const KNOWN_ENTRIES: [&str; 42] = [
    "scenario.toml",
    "node.csv",
    "link.csv",
    "movement.csv",
    "zones.csv",
    "zones.geojson",
    "release.csv",
    "sites.csv",
    "sites.geojson",
    "connectors.csv",
    "closures.csv",
    "windows.csv",
    "sources.csv",
    "assumptions.csv",
    "exits.csv",
    "hazards.geojson",
    "plan.json",
    "certificate.json",
    "summary.json",
    "orders.csv",
    "curve.csv",
    "bottlenecks.csv",
    "orders.geojson",
    "bottlenecks.geojson",
    "index.html",
    "everyone.toml",
    "groups.csv",
    "fleet.csv",
    "everyone.json",
    "vehicle",
    "walk",
    "vehicle-limit",
    "walk-limit",
    "fleet",
    "measures.csv",
    "limits",
    "audit.json",
    "needs.json",
    "needs.csv",
    "shortfalls.csv",
    "findings.csv",
    "limit",
];

/// What to do with a folder that is there already and not empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overwrite {
    /// Leave it and fail.
    Refuse,
    /// Replace it if it holds a `scenario.toml`, a `plan.json` or another result of ours; files in it that are not ours are kept.
    Replace,
}

/// Why a folder was not written. What was there before is still there unless the message says where it is.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum WriteError {
    /// The folder is there and not empty.
    #[error("'{}' is there already and not empty; choose another folder or ask for it to be replaced", .dir.display())]
    Exists {
        /// The folder.
        dir: PathBuf,
    },
    /// Replacing was asked for, but the folder is not one of ours.
    #[error("'{}' holds neither scenario.toml nor plan.json and is not replaced; choose another folder", .dir.display())]
    NotOurs {
        /// The folder.
        dir: PathBuf,
    },
    /// The target is a file.
    #[error("'{}' is a file, not a folder", .dir.display())]
    IsFile {
        /// The path.
        dir: PathBuf,
    },
    /// A file name that would leave the folder.
    #[error("'{name}' is not the name of a file inside the folder")]
    Name {
        /// The name.
        name: String,
    },
    /// The same file given twice.
    #[error("'{name}' is given twice or is a table of the scenario")]
    Twice {
        /// The name.
        name: String,
    },
    /// The settings cannot be put into TOML.
    #[error("the settings cannot be written as TOML: {0}")]
    Settings(toml::ser::Error),
    /// The system refused.
    #[error("failed to {action} '{}': {source}", .path.display())]
    System {
        /// What was being done.
        action: &'static str,
        /// To what.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The new folder is in place but the old one, or files of it that are not ours, could not be dealt with.
    #[error("'{}' is written, but what was in it before could not be {action} and is now in '{}': {source}", .dir.display(), .kept.display())]
    Leftover {
        /// The folder.
        dir: PathBuf,
        /// Where the former contents are.
        kept: PathBuf,
        /// What was being done.
        action: &'static str,
        /// The system's reason.
        source: io::Error,
    },
}

fn system(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> WriteError {
    let path = path.to_path_buf();
    move |source| WriteError::System { action, path, source }
}

/// Writes `files` (name relative to the folder, contents) so that `dir` holds them all, or is as it was before. Names may have
/// folders in them (`scenario/node.csv`); missing parent folders of `dir` are made.
///
/// # Errors
/// [`WriteError`], with the folder as it was before in every case but [`WriteError::Leftover`].
pub fn write_folder(dir: &Path, files: &[(&str, Vec<u8>)], overwrite: Overwrite) -> Result<(), WriteError> {
    check_names(files)?;
    let dir = absolute(dir)?;
    let state = look_at(&dir, overwrite)?;
    let temporary = sibling(&dir, "new")?;
    let written = write_files(&temporary, files).and_then(|()| put_in_place(&dir, &temporary, state));
    if written.is_err() && temporary.exists() {
        // the error that made it fail matters more than what is left of the temporary folder
        let _ = fs::remove_dir_all(&temporary);
    }
    written
}

/// What is at the target.
#[derive(Clone, Copy)]
enum Target {
    Nothing,
    EmptyFolder,
    FolderOfOurs,
}

fn check_names(files: &[(&str, Vec<u8>)]) -> Result<(), WriteError> {
    let mut seen = BTreeSet::new();
    for (name, _) in files {
        let path = Path::new(name);
        let inside = path.components().all(|part| matches!(part, Component::Normal(_)));
        if name.is_empty() || !inside || name.ends_with('/') {
            return Err(WriteError::Name { name: (*name).to_string() });
        }
        if !seen.insert(path) {
            return Err(WriteError::Twice { name: (*name).to_string() });
        }
    }
    Ok(())
}

/// The target with links resolved, so that renaming meets the folder itself.
fn absolute(dir: &Path) -> Result<PathBuf, WriteError> {
    if dir.exists() {
        return dir.canonicalize().map_err(system("find", dir));
    }
    let dir = std::path::absolute(dir).map_err(system("find", dir))?;
    if let Some(parent) = dir.parent() {
        fs::create_dir_all(parent).map_err(system("make", parent))?;
    }
    Ok(dir)
}

fn look_at(dir: &Path, overwrite: Overwrite) -> Result<Target, WriteError> {
    if fs::symlink_metadata(dir).is_err() {
        return Ok(Target::Nothing);
    }
    let dir_path = || dir.to_path_buf();
    if !dir.is_dir() {
        return Err(WriteError::IsFile { dir: dir_path() });
    }
    if fs::read_dir(dir).map_err(system("read", dir))?.next().is_none() {
        return Ok(Target::EmptyFolder);
    }
    if overwrite == Overwrite::Refuse {
        return Err(WriteError::Exists { dir: dir_path() });
    }
    let is_there = |name: &str| dir.join(name).is_file();
    if is_there("scenario.toml")
        || is_there("plan.json")
        || is_there("everyone.json")
        || is_there("measures.csv")
        || is_there("audit.json")
        || is_there("needs.json")
    {
        Ok(Target::FolderOfOurs)
    } else {
        Err(WriteError::NotOurs { dir: dir_path() })
    }
}

/// A name beside the target that nothing has yet.
fn sibling(dir: &Path, role: &str) -> Result<PathBuf, WriteError> {
    let (Some(parent), Some(name)) = (dir.parent(), dir.file_name()) else {
        return Err(WriteError::NotOurs { dir: dir.to_path_buf() });
    };
    let name = name.to_string_lossy();
    let mut attempt = 0u64;
    loop {
        let path = parent.join(format!(".{name}.{role}-{}-{attempt}", std::process::id()));
        match fs::create_dir(&path) {
            Ok(()) => return Ok(path),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && attempt < 1000 => attempt += 1,
            Err(error) => return Err(system("make", &path)(error)),
        }
    }
}

fn write_files(folder: &Path, files: &[(&str, Vec<u8>)]) -> Result<(), WriteError> {
    for (name, bytes) in files {
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(system("make", parent))?;
        }
        let mut file = fs::File::create(&path).map_err(system("write", &path))?;
        // on the disk before the rename, or a power cut could leave the name with nothing behind it
        file.write_all(bytes).and_then(|()| file.sync_all()).map_err(system("write", &path))?;
    }
    Ok(())
}

fn put_in_place(dir: &Path, temporary: &Path, state: Target) -> Result<(), WriteError> {
    match state {
        Target::Nothing => fs::rename(temporary, dir).map_err(system("name", dir)),
        Target::EmptyFolder => {
            fs::remove_dir(dir).map_err(system("replace", dir))?;
            fs::rename(temporary, dir).map_err(system("name", dir))
        }
        Target::FolderOfOurs => {
            let aside = sibling(dir, "old")?;
            // the folder just made only reserved the name: a folder cannot take the name of another everywhere
            fs::remove_dir(&aside).map_err(system("make", &aside))?;
            fs::rename(dir, &aside).map_err(system("put aside", dir))?;
            if let Err(error) = fs::rename(temporary, dir) {
                fs::rename(&aside, dir).map_err(system("bring back", &aside))?;
                return Err(system("name", dir)(error));
            }
            let leftover = |action| {
                let (dir, kept) = (dir.to_path_buf(), aside.clone());
                move |source| WriteError::Leftover { dir, kept, action, source }
            };
            keep_foreign_entries(&aside, dir).map_err(leftover("kept"))?;
            fs::remove_dir_all(&aside).map_err(leftover("removed"))
        }
    }
}

/// Moves what is not ours from the old folder into the new one.
fn keep_foreign_entries(old: &Path, new: &Path) -> io::Result<()> {
    for entry in fs::read_dir(old)? {
        let name = entry?.file_name();
        let text = name.to_string_lossy();
        let is_ours = KNOWN_ENTRIES.contains(&text.as_ref()) || text == "scenario";
        if !is_ours && !new.join(&name).exists() {
            fs::rename(old.join(&name), new.join(&name))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(dir: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(dir).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn writes_folders_within_folders_and_leaves_nothing_beside() {
        let root = tempfile::tempdir().unwrap();
        let dir = root.path().join("a/plan");
        let files = [("plan.json", b"{}".to_vec()), ("scenario/node.csv", b"node_id\n".to_vec())];
        write_folder(&dir, &files, Overwrite::Refuse).unwrap();
        assert_eq!(names(&dir), ["plan.json", "scenario"]);
        assert_eq!(fs::read(dir.join("scenario/node.csv")).unwrap(), b"node_id\n");
        assert_eq!(names(&root.path().join("a")), ["plan"]);
    }

    #[test]
    fn refuses_what_is_there_and_what_is_not_ours() {
        let root = tempfile::tempdir().unwrap();
        let dir = root.path().join("d");
        fs::create_dir(&dir).unwrap();
        let files = [("scenario.toml", b"new".to_vec())];
        write_folder(&dir, &files, Overwrite::Refuse).unwrap(); // an empty folder is nothing to lose
        assert!(matches!(write_folder(&dir, &files, Overwrite::Refuse), Err(WriteError::Exists { .. })));
        fs::remove_file(dir.join("scenario.toml")).unwrap();
        fs::write(dir.join("thesis.doc"), "x").unwrap();
        assert!(matches!(write_folder(&dir, &files, Overwrite::Replace), Err(WriteError::NotOurs { .. })));
        assert_eq!(names(&dir), ["thesis.doc"]);
        let file = dir.join("thesis.doc");
        assert!(matches!(write_folder(&file, &files, Overwrite::Replace), Err(WriteError::IsFile { .. })));
        assert_eq!(names(root.path()), ["d"]);
    }

    #[test]
    fn replaces_ours_and_keeps_what_is_not() {
        let root = tempfile::tempdir().unwrap();
        let dir = root.path().join("d");
        let old =
            [("plan.json", b"old".to_vec()), ("curve.csv", b"old".to_vec()), ("notes.txt", b"mine".to_vec())];
        write_folder(&dir, &old, Overwrite::Refuse).unwrap();
        write_folder(&dir, &[("plan.json", b"new".to_vec())], Overwrite::Replace).unwrap();
        assert_eq!(names(&dir), ["notes.txt", "plan.json"]);
        assert_eq!(fs::read(dir.join("plan.json")).unwrap(), b"new");
        assert_eq!(names(root.path()), ["d"]);
    }

    #[test]
    fn a_failure_leaves_what_was_there() {
        let root = tempfile::tempdir().unwrap();
        let dir = root.path().join("d");
        write_folder(&dir, &[("plan.json", b"old".to_vec())], Overwrite::Refuse).unwrap();
        // a file cannot also be a folder: writing fails half way
        let bad = [("plan.json", b"new".to_vec()), ("x", vec![]), ("x/y", vec![])];
        assert!(matches!(write_folder(&dir, &bad, Overwrite::Replace), Err(WriteError::System { .. })));
        assert_eq!(fs::read(dir.join("plan.json")).unwrap(), b"old");
        assert_eq!(names(root.path()), ["d"]);
    }

    #[test]
    fn names_must_stay_inside() {
        let root = tempfile::tempdir().unwrap();
        for name in ["../x", "/x", "", "a/../b", "x/"] {
            let result = write_folder(&root.path().join("d"), &[(name, vec![])], Overwrite::Refuse);
            assert!(matches!(result, Err(WriteError::Name { .. })), "{name}");
        }
        let twice = [("x", vec![]), ("x", vec![])];
        let result = write_folder(&root.path().join("d"), &twice, Overwrite::Refuse);
        assert!(matches!(result, Err(WriteError::Twice { .. })));
    }
}
