//! What the engine is given.

use crate::{CUT_UNITS_PER_PERSON, ReleaseCurve, TimeSet};

/// A directed arc over time.
#[derive(Debug, Clone, PartialEq)]
pub struct FlowArc {
    /// Vertex at which people enter, 0..[`FlowProblem::vertices`].
    pub tail: u32,
    /// Vertex at which they come out, `tau` after they entered.
    pub head: u32,
    /// Thousandths of a person per hour; `None`: unlimited.
    pub rate: Option<u64>,
    /// Free-flow travel time, ms, at least 0.
    pub tau: i64,
    /// When it may be entered.
    pub open: TimeSet,
}

/// A vertex where people start, with when they are ready.
#[derive(Debug, Clone, PartialEq)]
pub struct FlowSource {
    /// Where they are when they are ready; no two sources have the same.
    pub vertex: u32,
    /// How many of them are to arrive, people.
    pub people: i64,
    /// When they are ready.
    pub release: ReleaseCurve,
    /// How many of them can arrive at the most, whatever the others do; `None`: no limit.
    pub most: Option<ArrivalLimit>,
}

/// People of one source arrive no faster than at a rate, beginning some time after the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ArrivalLimit {
    /// Thousandths of a person per hour.
    pub rate: u64,
    /// When the first of them can arrive, ms from time 0.
    pub after: i64,
}

/// Where people arrive: time does not matter here any more, only how many.
#[derive(Debug, Clone, PartialEq)]
pub struct FlowTerminal {
    /// The vertex; it has no arcs out, and arcs into it take no time.
    pub vertex: u32,
    /// Holding capacity, people; `None`: unlimited.
    pub capacity: Option<i64>,
}

impl FlowTerminal {
    /// What it takes of those whom its arcs let in (`None`: anybody), in units of a cut; `None`: any number.
    pub(crate) fn admits(&self, by_arcs: Option<i128>) -> Option<i128> {
        let capacity = self.capacity.map(|people| i128::from(people) * CUT_UNITS_PER_PERSON);
        match (by_arcs, capacity) {
            (Some(admitted), Some(capacity)) => Some(admitted.min(capacity)),
            (one, other) => one.or(other),
        }
    }
}

/// A network with people to bring from sources to terminals.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FlowProblem {
    /// How many there are; vertices are the numbers below it.
    pub vertices: usize,
    /// In the order in which answers number them.
    pub arcs: Vec<FlowArc>,
    /// The sources, each at a vertex of its own.
    pub sources: Vec<FlowSource>,
    /// Where people arrive, each a vertex of its own.
    pub terminals: Vec<FlowTerminal>,
    /// Nothing after this counts, ms.
    pub horizon: i64,
}

impl FlowProblem {
    /// All people at sources.
    pub fn people(&self) -> i64 {
        self.sources.iter().map(|source| source.people).sum()
    }
}
