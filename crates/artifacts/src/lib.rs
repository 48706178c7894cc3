//! Writing a folder whole or not at all.
//!
//! Everything goes into a hidden folder beside the target first ([`workshop`]), which then takes the target's name. Every folder gets a
//! `manifest.json` ([`manifest`]) of what was written; replacing removes what the old folder's manifest names, and nothing else.

mod files;
mod kept;
mod kind;
mod manifest;
mod overlap;
mod place;
mod single;
#[cfg(test)]
mod tests;
mod workshop;
mod zip_store;

pub use files::{Artifact, Artifacts};
pub use kind::FolderKind;
pub use manifest::{Disclosure, MANIFEST, Manifest, ManifestFile, Sensitivity};
pub use single::{check_file, write_file};
pub use zip_store::ZipStore;

use kept::{FolderContents, all_but, contents};
use manifest::is_inside;
use overlap::refuse_overlap;
use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use thiserror::Error;
use workshop::{OutputWorkshop, clear_dead};

/// What to do with a folder that is there already and not empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overwrite {
    /// Leave it and fail.
    Refuse,
    /// Replace it if we wrote a folder of the same kind; files in it that are not ours are kept.
    Replace,
}

/// Why a folder was not written. What was there before is still there unless the message says where it is.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum WriteError {
    /// The folder is there and not empty.
    #[error("'{}' is not empty; give another folder, or --replace", .dir.display())]
    Exists {
        /// The folder that was to be written.
        dir: PathBuf,
    },
    /// Replacing was asked for, but the folder is not one of ours.
    #[error("'{}' holds no {MANIFEST} and nothing else by which it is known as written by Clearway, and is not replaced; give another folder", .dir.display())]
    NotOurs {
        /// The folder that was to be replaced.
        dir: PathBuf,
    },
    /// Replacing was asked for, but the folder holds something else.
    #[error("'{}' holds {}, not {}, and is not replaced; give another folder", .dir.display(), .found.words(), .wanted.words())]
    OtherKind {
        /// The folder that was to be replaced.
        dir: PathBuf,
        /// What kind of folder it is.
        found: FolderKind,
        /// What was to be written.
        wanted: FolderKind,
    },
    /// The files given are for a folder of another kind.
    #[error("{} is not written into a folder for {}", .given.words(), .wanted.words())]
    WrongKind {
        /// What the files are for.
        given: FolderKind,
        /// What the folder is for.
        wanted: FolderKind,
    },
    /// The folder is, contains or lies in something that is read.
    #[error("'{}' is, contains or lies in '{}', which is read: nothing is written there; give another folder", .dir.display(), .input.display())]
    Overlaps {
        /// The folder that was to be written.
        dir: PathBuf,
        /// The file or folder that is read.
        input: PathBuf,
    },
    /// Files that are not ours are where ours would be, or would be read as part of the result.
    #[error(
        "in '{}' {} would be written over or taken for a part of the result, and Clearway did not write it: move it away first, or give \
         another folder",
        .dir.display(), .names.join(", ")
    )]
    Foreign {
        /// The folder that was to be replaced.
        dir: PathBuf,
        /// Names of the files, the first ones.
        names: Vec<String>,
    },
    /// The target is a file.
    #[error("'{}' is a file, not a folder", .dir.display())]
    IsFile {
        /// The path that was given for the folder.
        dir: PathBuf,
    },
    /// A file name that would leave the folder.
    #[error("'{name}' is not the name of a file inside the folder")]
    Name {
        /// The name that was given.
        name: String,
    },
    /// The same file given twice.
    #[error("'{name}' is given twice or is a table of the scenario")]
    Twice {
        /// The name that was given twice.
        name: String,
    },
    /// The settings cannot be put into TOML.
    #[error("the settings cannot be written as TOML: {0}")]
    Settings(toml::ser::Error),
    /// The manifest cannot be put into JSON.
    #[error("{MANIFEST} cannot be written as JSON: {0}")]
    Manifest(serde_json::Error),
    /// The operating system refused.
    #[error("failed to {action} '{}': {source}", .path.display())]
    System {
        /// What was being done.
        action: &'static str,
        /// Path of the file or folder.
        path: PathBuf,
        /// What the system gives as the reason.
        source: io::Error,
    },
    /// The new folder is in place but the old one, or files of it that are not ours, could not be dealt with.
    #[error("'{}' is written, but what was in it before could not be {action} and is now in '{}': {source}", .dir.display(), .kept.display())]
    Leftover {
        /// The folder that was replaced.
        dir: PathBuf,
        /// Where the former contents are.
        kept: PathBuf,
        /// What was being done.
        action: &'static str,
        /// What the system gives as the reason.
        source: io::Error,
    },
}

pub(crate) fn system(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> WriteError + use<> {
    let path = path.to_path_buf();
    move |source| WriteError::System { action, path, source }
}

/// A folder that is to be written: looked at before the work begins, and again when it is written.
#[derive(Debug)]
pub struct OutputFolder {
    dir: PathBuf,
    kind: FolderKind,
    overwrite: Overwrite,
    notes: Vec<String>,
}

impl OutputFolder {
    /// Looks at the target: nothing of anybody's may be lost there. `inputs` are the files and folders that are read. What killed runs
    /// have left beside it is cleared up first.
    ///
    /// # Errors
    /// [`WriteError`] where the target is an input, is not empty, or is not ours to replace. Nothing is made.
    pub fn new(
        dir: &Path,
        kind: FolderKind,
        overwrite: Overwrite,
        inputs: &[&Path],
    ) -> Result<Self, WriteError> {
        refuse_overlap(dir, inputs)?;
        let absolute = match dir.canonicalize() {
            Ok(found) => found,
            Err(_) => std::path::absolute(dir).map_err(system("find", dir))?,
        };
        let notes = clear_dead(&absolute);
        let output = Self { dir: absolute, kind, overwrite, notes };
        output.look(&[])?;
        Ok(output)
    }

    /// A folder of ours of which some files are to be written anew ([`update`](Self::update)).
    ///
    /// # Errors
    /// If it is not there.
    pub fn of(dir: &Path, kind: FolderKind) -> Result<Self, WriteError> {
        let dir = dir.canonicalize().map_err(system("find", dir))?;
        let notes = clear_dead(&dir);
        Ok(Self { dir, kind, overwrite: Overwrite::Replace, notes })
    }

    /// What was cleared up, for the terminal.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Writes `files` (name relative to the folder, contents) and their manifest, so that the folder holds them all, or is as it was
    /// before. Names may have folders in them (`scenario/node.csv`); missing parent folders are made. Of a redacted folder files with
    /// exact places are left out. Returns what somebody should know.
    ///
    /// # Errors
    /// [`WriteError`], with the folder as it was before in every case but [`WriteError::Leftover`].
    pub fn write(&self, files: &[(&str, &[u8])], disclosure: Disclosure) -> Result<Vec<String>, WriteError> {
        self.write_artifacts(&Artifacts::new(self.kind, disclosure, files.iter().copied()))
    }

    /// The same for files that say themselves whether they may be passed on.
    ///
    /// # Errors
    /// [`WriteError::WrongKind`] if they are for a folder of another kind, else as [`write`](Self::write).
    pub fn write_artifacts(&self, artifacts: &Artifacts) -> Result<Vec<String>, WriteError> {
        if artifacts.kind() != self.kind {
            return Err(WriteError::WrongKind { given: artifacts.kind(), wanted: self.kind });
        }
        let disclosure = artifacts.disclosure();
        let files: Vec<(&str, &[u8])> =
            artifacts.files().iter().map(|file| (file.name.as_str(), file.bytes.as_slice())).collect();
        let manifest = Manifest::new(self.kind, &files, disclosure);
        let kept = self.put(&files, Some(&manifest), None)?;
        let mut notes = Vec::new();
        if disclosure == Disclosure::Redacted && !kept.is_empty() {
            let names = first_names(&kept);
            let dir = self.dir.display();
            notes.push(format!(
                "'{dir}' also holds what Clearway did not write and does not look at: {names}; look at it before the folder is passed on"
            ));
        }
        Ok(notes)
    }

    /// Writes some files of a folder of ours anew; all others stay.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub fn update(&self, files: &[(&str, &[u8])]) -> Result<(), WriteError> {
        self.rename(files, &[])
    }

    /// Writes some files of a folder of ours anew and takes those in `gone` away; all others stay.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub fn rename(&self, files: &[(&str, &[u8])], gone: &[&str]) -> Result<(), WriteError> {
        let manifest = Manifest::read(&self.dir).map(|manifest| manifest.without(gone).with(files));
        let names = files.iter().map(|(name, _)| *name).chain(gone.iter().copied());
        let only: BTreeSet<PathBuf> = names.chain([MANIFEST]).map(PathBuf::from).collect();
        self.put(files, manifest.as_ref(), Some(&only)).map(|_| ())
    }

    /// Makes the new folder and puts it in its place; returns what was kept. `only`: nothing but these files is removed.
    fn put(
        &self,
        files: &[(&str, &[u8])],
        manifest: Option<&Manifest>,
        only: Option<&BTreeSet<PathBuf>>,
    ) -> Result<Vec<PathBuf>, WriteError> {
        let text = manifest.map(Manifest::text).transpose().map_err(WriteError::Manifest)?;
        let mut files = files.to_vec();
        files.extend(text.as_ref().map(|bytes| (MANIFEST, bytes.as_slice())));
        check_names(&files)?;
        let dir = self.target()?;
        let contents = match only {
            Some(only) => TargetState::Ours(all_but(&dir, only)?),
            None => self.look(&files)?,
        };
        // from here on nothing of the old folder changes until both change places
        let workshop = OutputWorkshop::open(&dir)?;
        let new = workshop.new_folder();
        fs::create_dir(&new).map_err(system("make", &new))?;
        write_files(&new, &files)?;
        let mut kept = Vec::new();
        if let TargetState::Ours(contents) = &contents {
            contents.keep(&dir, &new)?;
            kept.clone_from(&contents.foreign);
        }
        if let Ok(old) = fs::metadata(&dir) {
            // what was closed to others stays closed
            fs::set_permissions(&new, old.permissions()).map_err(system("close", &new))?;
        }
        place::sync_folders(&new)?;
        place::put_in_place(&dir, workshop, &contents)?;
        Ok(kept)
    }

    /// The target with links resolved, so that renaming meets the folder itself.
    fn target(&self) -> Result<PathBuf, WriteError> {
        if let Some(parent) = self.dir.parent() {
            fs::create_dir_all(parent).map_err(system("make", parent))?;
        }
        Ok(self.dir.canonicalize().unwrap_or_else(|_| self.dir.clone()))
    }

    /// What is at the target, if `files` may be written there.
    fn look(&self, files: &[(&str, &[u8])]) -> Result<TargetState, WriteError> {
        let dir = &self.dir;
        if fs::symlink_metadata(dir).is_err() {
            return Ok(TargetState::Nothing);
        }
        if !dir.is_dir() {
            return Err(WriteError::IsFile { dir: dir.clone() });
        }
        if fs::read_dir(dir).map_err(system("read", dir))?.next().is_none() {
            return Ok(TargetState::EmptyFolder);
        }
        if self.overwrite == Overwrite::Refuse {
            return Err(WriteError::Exists { dir: dir.clone() });
        }
        let contents = contents(dir, self.kind)?;
        let in_the_way = contents.in_the_way(self.kind, files);
        if in_the_way.is_empty() {
            return Ok(TargetState::Ours(contents));
        }
        Err(WriteError::Foreign { dir: dir.clone(), names: in_the_way })
    }
}

/// What is at the place where a folder is to be written.
enum TargetState {
    Nothing,
    EmptyFolder,
    Ours(FolderContents),
}

/// The first names of many.
fn first_names(paths: &[PathBuf]) -> String {
    let mut names: Vec<String> = paths.iter().take(5).map(|path| path.display().to_string()).collect();
    if paths.len() > names.len() {
        names.push(format!("and {} more", paths.len() - names.len()));
    }
    names.join(", ")
}

fn check_names(files: &[(&str, &[u8])]) -> Result<(), WriteError> {
    let mut seen = BTreeSet::new();
    for (name, _) in files {
        if !is_inside(name) {
            return Err(WriteError::Name { name: (*name).to_string() });
        }
        if !seen.insert(Path::new(name)) {
            return Err(WriteError::Twice { name: (*name).to_string() });
        }
    }
    Ok(())
}

fn write_files(folder: &Path, files: &[(&str, &[u8])]) -> Result<(), WriteError> {
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
