//! People at one place: how many, how sure, and how it is known.

use crate::counts::Count;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Whether somebody counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CountOrigin {
    /// Somebody counted.
    Counted,
    /// By the plan, not observed.
    ByPlan,
}

/// People at one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// How many there are taken to be.
    pub people: i64,
    /// Low end of their range.
    pub low: i64,
    /// High end of their range.
    pub high: i64,
    /// Whether somebody counted.
    pub origin: CountOrigin,
    /// What the plan has there.
    pub expected: i64,
    /// How many more there are now than when they were counted, by the plan; 0 for a count of now.
    pub forward: i64,
}

impl Tally {
    pub(crate) fn by_plan(people: i64, expected: i64) -> Self {
        Self { people, low: people, high: people, origin: CountOrigin::ByPlan, expected, forward: 0 }
    }

    pub(crate) fn counted(count: &Count, expected: i64, forward: i64) -> Self {
        let people = (count.people + forward).max(0);
        let off = count.uncertainty.unwrap_or(0);
        Self {
            people,
            low: (people - off).max(0),
            high: people + off,
            origin: CountOrigin::Counted,
            expected,
            forward,
        }
    }

    pub(crate) fn add(&mut self, people: i64) {
        self.people = (self.people + people).max(0);
        self.low = (self.low + people).max(0);
        self.high = (self.high + people).max(0);
    }

    pub(crate) fn is_by_plan(&self) -> bool {
        self.origin == CountOrigin::ByPlan
    }
}
