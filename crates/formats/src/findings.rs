//! Faults as they are found, put into the order of files and rows at the end.

use clearway_model::{Fault, Faults, RAW_FILES, Severity};
use std::collections::BTreeSet;

/// Faults with the row they belong to (0: the whole file).
#[derive(Debug, Default)]
pub(crate) struct RowFaults {
    list: Vec<(u64, Fault)>,
}

/// Rows, features and lines as faults count them. Exact: no machine has more than 64 bits for an index.
pub(crate) fn row_number(index: usize) -> u64 {
    index as u64
}

impl RowFaults {
    /// Adds a fault about a row, 0 for the whole file.
    pub(crate) fn push(&mut self, row: u64, fault: Fault) {
        self.list.push((row, fault));
    }

    /// Adds what `other` found where nothing is known yet about the same cell: a cell that cannot be read is not also said to
    /// be missing.
    pub(crate) fn append_new(&mut self, other: RowFaults) {
        let key = |fault: &Fault| (fault.file.clone(), fault.place.clone(), fault.field.clone());
        let known: BTreeSet<_> = self
            .list
            .iter()
            .filter(|(_, fault)| !fault.field.is_empty())
            .map(|(_, fault)| key(fault))
            .collect();
        self.list.extend(other.list.into_iter().filter(|(_, fault)| !known.contains(&key(fault))));
    }

    /// Whether a file has an error.
    pub(crate) fn has_errors_in(&self, file: &str) -> bool {
        self.list.iter().any(|(_, fault)| fault.severity == Severity::Error && fault.file == file)
    }

    /// All faults in the order of the files, then of the rows, then as found.
    pub(crate) fn into_faults(mut self) -> Faults {
        self.list.sort_by_cached_key(|(row, fault)| (file_order(&fault.file), fault.file.clone(), *row));
        Faults(self.list.into_iter().map(|(_, fault)| fault).collect())
    }
}

fn file_order(file: &str) -> usize {
    RAW_FILES.iter().position(|name| *name == file).unwrap_or(RAW_FILES.len())
}
