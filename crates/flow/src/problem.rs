//! What the engine is given.

use crate::{ReleaseCurve, TimeSet};

/// A directed arc over time.
#[derive(Debug, Clone, PartialEq)]
pub struct FlowArc {
    /// From this vertex.
    pub tail: u32,
    /// To this vertex.
    pub head: u32,
    /// Thousandths of a person per hour; `None`: unlimited.
    pub rate: Option<u64>,
    /// Travel time, ms.
    pub tau: i64,
    /// When it may be entered.
    pub open: TimeSet,
}

/// Where people start.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// The vertex.
    pub vertex: u32,
    /// How many people.
    pub people: i64,
    /// When they are ready.
    pub release: ReleaseCurve,
    /// How many of them can arrive at the most, whatever the others do; `None`: no limit.
    pub most: Option<Most>,
}

/// People of one source arrive no faster than at a rate, beginning some time after the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Most {
    /// Thousandths of a person per hour.
    pub rate: u64,
    /// ms.
    pub after: i64,
}

/// Where people arrive: time does not matter here any more, only how many.
#[derive(Debug, Clone, PartialEq)]
pub struct Terminal {
    /// The vertex; it has no arcs out, and arcs into it take no time.
    pub vertex: u32,
    /// Holding capacity, people; `None`: unlimited.
    pub capacity: Option<i64>,
}

/// A network with people to bring from sources to terminals.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FlowProblem {
    /// How many vertices.
    pub vertices: usize,
    /// The arcs.
    pub arcs: Vec<FlowArc>,
    /// The sources, each at a vertex of its own.
    pub sources: Vec<Source>,
    /// The terminals.
    pub terminals: Vec<Terminal>,
    /// Nothing after this counts, ms.
    pub horizon: i64,
}

impl FlowProblem {
    /// All people at sources.
    pub fn people(&self) -> i64 {
        self.sources.iter().map(|source| source.people).sum()
    }
}
