//! What does not hold, collected.

use std::collections::BTreeMap;

/// At most this many findings of one code are kept; the rest are only counted.
pub const MOST_PER_CODE: u64 = 50;

/// One thing that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Finding {
    /// What kind, e.g. `replay.stranded`; listed in `docs/guides/verify.md`.
    pub code: &'static str,
    /// Where: an id, a key, a row.
    pub place: String,
    /// What the files claim; may be empty.
    pub claimed: String,
    /// What follows from the scenario; may be empty.
    pub recomputed: String,
    /// In words.
    pub message: String,
}

impl std::fmt::Display for Finding {
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
pub(crate) struct Findings {
    list: Vec<Finding>,
    count: BTreeMap<&'static str, u64>,
}

impl Findings {
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
        if *count <= MOST_PER_CODE {
            self.list.push(Finding {
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
    pub fn into_parts(self) -> (Vec<Finding>, u64) {
        let left_out = self.total() - self.list.len() as u64;
        (self.list, left_out)
    }
}
