//! Answers as the files of a folder.

use clearway_artifacts::{Artifacts, Disclosure, FolderKind};
use clearway_report::link_pages;

/// Names and contents of files.
pub type Files = Vec<(String, Vec<u8>)>;

/// The files of a whole folder. Its pages are linked to each other, so that they can be looked at from a disk.
pub(crate) fn folder(kind: FolderKind, disclosure: Disclosure, mut files: Files) -> Artifacts {
    // What is redacted may leave out pages, to which nothing must link then.
    if disclosure == Disclosure::Full {
        link_pages(&mut files);
    }
    Artifacts::new(kind, disclosure, files)
}
