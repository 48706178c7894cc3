//! Edits that make a correct plan folder wrong, each in one way that matters, for tests of any checker.
//!
//! Where an edit concerns the orders, `orders.csv` is kept in step; where it concerns the scenario, the digests are made
//! to fit again. What is left is the one thing that a checker has to find.

mod certificate;
mod folder;
mod orders;
mod scenario;
mod summary;
mod tables;

pub use folder::{Files, read_folder, write_folder};

/// One kind of tampering.
#[derive(Debug, Clone, Copy)]
pub struct Tampering {
    /// Short name, unique.
    pub name: &'static str,
    /// What is done, in words.
    pub what: &'static str,
    /// A checker that gives codes as [`crate::Finding`] does reports at least one of these.
    pub expected: &'static [&'static str],
    edit: fn(&mut Files) -> Option<()>,
}

impl Tampering {
    /// The folder with this edit; `None` if it has nothing to which it could be done (no site with a bound, no turn).
    pub fn apply(&self, files: &Files) -> Option<Files> {
        let mut files = files.clone();
        (self.edit)(&mut files)?;
        Some(files)
    }
}

/// Every kind, in a fixed order.
pub fn tamperings() -> Vec<Tampering> {
    [orders::ALL, scenario::ALL, certificate::ALL, summary::ALL, tables::ALL].concat()
}
