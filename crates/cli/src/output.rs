//! Folders that commands write.

use crate::failure::Failure;
use crate::interrupt;
use clearway_artifacts::{Artifacts, FolderKind, OutputFolder, Overwrite, check_file, write_file};
use std::path::{Path, PathBuf};

/// A folder that a command is going to write, looked at before the work begins.
pub struct Output {
    /// As it was given.
    pub dir: PathBuf,
    folder: OutputFolder,
}

impl Output {
    /// Looks at the target; `inputs` are the files and folders that the command reads. Says what killed runs have left.
    pub fn new(dir: &Path, kind: FolderKind, replace: bool, inputs: &[&Path]) -> Result<Self, Failure> {
        let overwrite = if replace { Overwrite::Replace } else { Overwrite::Refuse };
        let folder = OutputFolder::new(dir, kind, overwrite, inputs)?;
        Ok(Self::with(dir, folder))
    }

    /// A folder of which some files are to be written anew.
    pub fn of(dir: &Path, kind: FolderKind) -> Result<Self, Failure> {
        Ok(Self::with(dir, OutputFolder::of(dir, kind)?))
    }

    fn with(dir: &Path, folder: OutputFolder) -> Self {
        for note in folder.notes() {
            eprintln!("{note}");
        }
        Self { dir: dir.to_owned(), folder }
    }

    /// Writes the folder whole or not at all; Ctrl-C waits for it.
    pub fn write(&self, artifacts: &Artifacts) -> Result<(), Failure> {
        let _writing = interrupt::heeded();
        for note in self.folder.write_artifacts(artifacts)? {
            eprintln!("{note}");
        }
        Ok(())
    }

    /// Writes some files anew and takes others away; all others stay.
    pub fn rename(&self, files: &[(String, Vec<u8>)], gone: &[&str]) -> Result<(), Failure> {
        let _writing = interrupt::heeded();
        Ok(self.folder.rename(&listed(files), gone)?)
    }

    /// Writes some files anew; all others stay.
    pub fn update(&self, files: &[(String, Vec<u8>)]) -> Result<(), Failure> {
        let _writing = interrupt::heeded();
        Ok(self.folder.update(&listed(files))?)
    }
}

fn listed(files: &[(String, Vec<u8>)]) -> Vec<(&str, &[u8])> {
    files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect()
}

/// One file that a command is going to write, looked at before the work begins.
pub struct OutputFile {
    path: PathBuf,
    overwrite: Overwrite,
}

impl OutputFile {
    /// Looks at the target; `inputs` are what the command reads.
    pub fn new(path: &Path, replace: bool, inputs: &[&Path]) -> Result<Self, Failure> {
        let overwrite = if replace { Overwrite::Replace } else { Overwrite::Refuse };
        check_file(path, overwrite, inputs)?;
        Ok(Self { path: path.to_owned(), overwrite })
    }

    /// Writes the file whole or not at all; Ctrl-C waits for it.
    pub fn write(&self, bytes: &[u8]) -> Result<(), Failure> {
        let _writing = interrupt::heeded();
        Ok(write_file(&self.path, bytes, self.overwrite)?)
    }
}
