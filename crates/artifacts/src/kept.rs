//! What in a folder is ours, and what is not and is kept when the folder is replaced.

use super::kind::{FolderKind, PARTS, is_of_earlier_version};
use super::manifest::is_inside;
use super::{MANIFEST, Manifest, WriteError, system};
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What a folder holds, by paths within it.
#[derive(Debug, Default)]
pub(crate) struct FolderContents {
    /// Files that are not ours, links among them.
    pub(crate) foreign: Vec<PathBuf>,
    /// Folders that hold none of our files.
    foreign_folders: Vec<PathBuf>,
    /// Files that an earlier run of ours wrote.
    ours: BTreeSet<PathBuf>,
}

/// Looks through a folder of ours.
///
/// # Errors
/// [`WriteError::NotOurs`] or [`WriteError::OtherKind`] if it is not one that a folder of kind `kind` may replace.
pub(crate) fn contents(dir: &Path, kind: FolderKind) -> Result<FolderContents, WriteError> {
    let manifest = Manifest::read(dir);
    let found: Vec<FolderKind> = match &manifest {
        Some(manifest) => vec![manifest.kind],
        None => of_earlier_version(dir),
    };
    if !found.contains(&kind) {
        let dir = dir.to_path_buf();
        return Err(match found.first() {
            Some(&found) => WriteError::OtherKind { dir, found, wanted: kind },
            None => WriteError::NotOurs { dir },
        });
    }
    let named: Option<BTreeSet<&str>> = manifest.as_ref().map(|manifest| {
        let names = manifest.files.iter().map(|file| file.file.as_str()).filter(|name| is_inside(name));
        names.chain([MANIFEST]).collect()
    });
    let is_ours = |path: &Path| match &named {
        Some(names) => slashed(path).is_some_and(|name| names.contains(name.as_str())),
        None => slashed(path).is_some_and(|name| {
            let parts: Vec<&str> = name.split('/').collect();
            is_of_earlier_version(dir, kind, &parts)
        }),
    };
    let mut contents = FolderContents::default();
    walk(dir, Path::new(""), &is_ours, &mut contents)?;
    contents.foreign.sort();
    contents.foreign_folders.sort();
    Ok(contents)
}

/// Looks through a folder of which nothing but `only` is to be removed.
pub(crate) fn all_but(dir: &Path, only: &BTreeSet<PathBuf>) -> Result<FolderContents, WriteError> {
    let mut contents = FolderContents::default();
    walk(dir, Path::new(""), &|path| only.contains(path), &mut contents)?;
    contents.foreign.sort();
    Ok(contents)
}

/// What a folder without a manifest can be.
fn of_earlier_version(dir: &Path) -> Vec<FolderKind> {
    let has = |kind: &FolderKind| kind.markers().iter().any(|name| dir.join(name).is_file());
    let mut found: Vec<FolderKind> = FolderKind::ALL.into_iter().filter(has).collect();
    if found.contains(&FolderKind::Scenario) {
        // `import.txt` is part of a scenario made of a map
        found.retain(|kind| *kind != FolderKind::RoadMap);
    }
    found
}

/// A path within a folder with `/` between its parts; `None` if it is not text.
fn slashed(path: &Path) -> Option<String> {
    let parts: Option<Vec<&str>> = path.iter().map(|part| part.to_str()).collect();
    parts.map(|parts| parts.join("/"))
}

/// Sorts what is in a folder and in those within it. Links are not followed: what they lead to is not in the folder. Returns whether any file of ours is in the folder.
fn walk(
    dir: &Path,
    inside: &Path,
    is_ours: &dyn Fn(&Path) -> bool,
    contents: &mut FolderContents,
) -> Result<bool, WriteError> {
    let folder = dir.join(inside);
    let mut has_ours = false;
    for entry in fs::read_dir(&folder).map_err(system("read", &folder))? {
        let entry = entry.map_err(system("read", &folder))?;
        let path = inside.join(entry.file_name());
        let kind = entry.file_type().map_err(system("look at", &entry.path()))?;
        if kind.is_dir() {
            if walk(dir, &path, is_ours, contents)? {
                has_ours = true;
            } else {
                contents.foreign_folders.push(path);
            }
        } else if is_ours(&path) {
            has_ours = true;
            contents.ours.insert(path);
        } else {
            contents.foreign.push(path);
        }
    }
    Ok(has_ours)
}

impl FolderContents {
    /// Names of files that are not ours and would be written over, or taken for a part of what is written; the first ones.
    pub(crate) fn in_the_way(&self, kind: FolderKind, files: &[(&str, &[u8])]) -> Vec<String> {
        let written: BTreeSet<&Path> = files.iter().map(|(name, _)| Path::new(*name)).collect();
        let is_for_all = written.contains(Path::new("multimodal.json"));
        let is_in_the_way = |path: &Path| {
            let parts: Vec<&str> = path.iter().filter_map(|part| part.to_str()).collect();
            match parts.as_slice() {
                [name] if kind.knows(name) || *name == MANIFEST => return true,
                // it would count as a part of the plan
                [part, "plan.json"] if is_for_all && PARTS.contains(part) => return true,
                _ => {}
            }
            written.iter().any(|file| file.starts_with(path) || path.starts_with(file))
        };
        let mut names: Vec<String> = self
            .foreign
            .iter()
            .filter(|path| is_in_the_way(path))
            .map(|path| format!("'{}'", path.display()))
            .collect();
        if names.len() > 5 {
            let more = names.len() - 5;
            names.truncate(5);
            names.push(format!("and {more} more"));
        }
        names
    }

    /// Puts what is not ours into the new folder as well: a second name of the same file, or a copy where that cannot be. The old folder
    /// stays whole, so that a run that is killed has lost nothing.
    pub(crate) fn keep(&self, old: &Path, new: &Path) -> Result<(), WriteError> {
        for folder in &self.foreign_folders {
            let (from, to) = (old.join(folder), new.join(folder));
            fs::create_dir_all(&to).map_err(system("make", &to))?;
            let permissions = fs::metadata(&from).map_err(system("look at", &from))?.permissions();
            fs::set_permissions(&to, permissions).map_err(system("close", &to))?;
        }
        for file in &self.foreign {
            let (from, to) = (old.join(file), new.join(file));
            if let Some(parent) = to.parent() {
                fs::create_dir_all(parent).map_err(system("make", parent))?;
            }
            if fs::hard_link(&from, &to).is_err() {
                copy(&from, &to).map_err(system("keep", &from))?;
            }
        }
        Ok(())
    }

    /// Moves what came into the old folder while the new one was made.
    pub(crate) fn keep_late(&self, old: &Path, new: &Path) -> Result<(), WriteError> {
        let mut now = Self::default();
        walk(old, Path::new(""), &|path| self.ours.contains(path), &mut now)?;
        for file in now.foreign {
            let to = new.join(&file);
            if self.foreign.binary_search(&file).is_ok() || fs::symlink_metadata(&to).is_ok() {
                continue;
            }
            if let Some(parent) = to.parent() {
                fs::create_dir_all(parent).map_err(system("make", parent))?;
            }
            fs::rename(old.join(&file), &to).map_err(system("keep", &to))?;
        }
        Ok(())
    }
}

/// A copy of a file, or the same link.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    if !fs::symlink_metadata(from)?.is_symlink() {
        return fs::copy(from, to).map(|_| ());
    }
    link(&fs::read_link(from)?, to)
}

#[cfg(unix)]
fn link(target: &Path, to: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, to)
}

#[cfg(not(unix))]
fn link(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::Error::new(io::ErrorKind::Unsupported, "a link cannot be kept here"))
}
