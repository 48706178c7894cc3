//! What does not hold, collected.

use std::collections::BTreeMap;

/// At most this many findings of one code are kept; the rest are only counted.
pub const MOST_PER_CODE: u64 = 50;

/// One thing that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct CheckFinding {
    /// What kind, e.g. `replay.stranded`; listed in `docs/guides/verify.md`.
    pub code: &'static str,
    /// Where: an id, a key, a row.
    pub place: String,
    /// What the files claim; may be empty.
    pub claimed: String,
    /// What follows from the scenario; may be empty.
    pub recomputed: String,
    /// What is wrong, as a fragment of a sentence in lower case.
    pub message: String,
}

impl std::fmt::Display for CheckFinding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({}): {}", self.code, self.place, self.message)?;
        if !self.claimed.is_empty() || !self.recomputed.is_empty() {
            write!(f, "; claimed {}, recomputed {}", self.claimed, self.recomputed)?;
        }
        Ok(())
    }
}

/// Findings in the order they were made.
#[derive(Debug, Default)]
pub(crate) struct CheckFindings {
    list: Vec<CheckFinding>,
    count: BTreeMap<&'static str, u64>,
}

impl CheckFindings {
    /// Adds one, unless there are enough of its code.
    pub fn add(
        &mut self,
        code: &'static str,
        place: impl ToString,
        claimed: impl ToString,
        recomputed: impl ToString,
        message: impl ToString,
    ) {
        let count = self.count.entry(code).or_insert(0);
        *count += 1;
        // one wrong figure can show in every row of a table
        if *count <= MOST_PER_CODE {
            self.list.push(CheckFinding {
                code,
                place: place.to_string(),
                claimed: claimed.to_string(),
                recomputed: recomputed.to_string(),
                message: message.to_string(),
            });
        }
    }

    /// All findings made so far, those left out included.
    pub fn total(&self) -> u64 {
        self.count.values().sum()
    }

    /// The findings kept, and how many were left out.
    pub fn into_parts(self) -> (Vec<CheckFinding>, u64) {
        let left_out = self.total() - crate::number::count(self.list.len());
        (self.list, left_out)
    }
}
