//! All that is given: settings and tables.

use crate::{
    AssumptionRow, ClosureRow, ConnectorRow, JunctionRow, LinkRow, MobilizationRow, MovementRow, NodeRow,
    PopulationGroups, Settings, SiteRow, SourceRow, WindowRow, ZoneRow,
};
use serde::{Deserialize, Serialize};

/// Everything a plan rests on, as in the files, in the files' order.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// What holds for the whole scenario, `scenario.toml`.
    pub settings: Settings,
    /// Junctions and ends of roads, `node.csv`.
    pub nodes: Vec<NodeRow>,
    /// Road pieces, one per direction, `link.csv`.
    pub links: Vec<LinkRow>,
    /// Turns that are prohibited, `movement.csv`.
    pub movements: Vec<MovementRow>,
    /// Where people are at the start, `zones.csv`.
    pub zones: Vec<ZoneRow>,
    /// Mobilization curves, point by point, `mobilization.csv`.
    pub releases: Vec<MobilizationRow>,
    /// Where people are received, `sites.csv`.
    pub sites: Vec<SiteRow>,
    /// Centroid connectors of zones and sites, `connectors.csv`.
    pub connectors: Vec<ConnectorRow>,
    /// What closes and when, `closures.csv`.
    pub closures: Vec<ClosureRow>,
    /// When movement is allowed, `windows.csv`.
    pub windows: Vec<WindowRow>,
    /// What junctions let through, `junctions.csv`; for the simulation alone.
    pub junctions: Vec<JunctionRow>,
    /// Where figures come from, `sources.csv`.
    pub sources: Vec<SourceRow>,
    /// What was assumed, `assumptions.csv`.
    pub assumptions: Vec<AssumptionRow>,
    /// Population groups by travel mode; `None`: everybody moves as the class of the settings.
    pub groups: Option<PopulationGroups>,
    /// `sha256:...` over the raw files without those of `groups`, empty if the scenario was never a folder.
    pub digest: String,
}

/// Which value of each range is taken (`docs/reference/semantics.md`, Cases).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Case {
    /// The figure itself, not an end of its range.
    #[default]
    Central,
    /// The end that helps people arrive; impossibility is claimed only here.
    Optimistic,
    /// The end that hinders.
    Pessimistic,
}

/// What is lost of a road in a harder case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum RoadLoss {
    /// Nothing; in files an empty text.
    #[default]
    #[serde(rename = "")]
    Nothing,
    /// One of its lanes.
    Lane,
    /// The whole road, in this direction.
    Road,
}

/// A figure with the ends of its range.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figure<T> {
    /// The figure itself, the central value.
    pub value: T,
    /// Low end; the figure itself where not given.
    pub low: T,
    /// High end; the figure itself where not given.
    pub high: T,
}

impl<T: Copy> Figure<T> {
    /// A figure whose missing ends are the figure itself.
    pub fn new(value: T, low: Option<T>, high: Option<T>) -> Self {
        Self { value, low: low.unwrap_or(value), high: high.unwrap_or(value) }
    }

    /// The value in a case, for a figure of which more helps (capacity).
    pub fn more_is_better(&self, case: Case) -> T {
        match case {
            Case::Central => self.value,
            Case::Optimistic => self.high,
            Case::Pessimistic => self.low,
        }
    }

    /// The value in a case, for a figure of which less helps (people).
    pub fn less_is_better(&self, case: Case) -> T {
        match case {
            Case::Central => self.value,
            Case::Optimistic => self.low,
            Case::Pessimistic => self.high,
        }
    }
}
