//! Rows of the plan folder's tables: the curve, what becomes of each zone, the bottlenecks.

use crate::{Outcome, Reason};
use serde::{Deserialize, Serialize};
use std::fmt;

/// `curve.csv`: who has departed and arrived by one moment.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CurvePoint {
    /// Time since the start, s.
    pub time_s: f64,
    /// People whose replayed arrival is strictly before that time.
    pub arrived_people: i64,
    /// What no plan can exceed, people, rounded up.
    pub bound_people: i64,
    /// People who departed strictly before that time.
    pub departed_people: i64,
}

/// `zones.csv` of a plan: what becomes of one zone. Times in s since the start.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ZoneOutcome {
    /// Id of the zone.
    pub zone_id: String,
    /// Name of the zone, may be empty.
    pub name: String,
    /// People there at time 0.
    pub people: i64,
    /// Arrived under the plan.
    pub arrived: i64,
    /// Overtaken by a hazard in the zone.
    pub overtaken: i64,
    /// Not evacuated, staying included.
    pub not_evacuated: i64,
    /// People in no order, by outcome and reason.
    pub not_moved: Vec<(Outcome, Reason, i64)>,
    /// Begin of the first departure window; `None` if nobody leaves.
    pub first_departure_s: Option<f64>,
    /// Departure of the last packet, s; `None` if nobody leaves.
    pub last_departure_s: Option<f64>,
    /// Arrival of the last packet, s; `None` if nobody arrives.
    pub last_arrival_s: Option<f64>,
    /// When a hazard first closes the zone, or the last way out of it; `None`: no hazard bounds it.
    pub hazard_s: Option<f64>,
    /// Latest departure by which anyone could still get through with the margin; `None`: too late, or no hazard.
    pub latest_departure_bound_s: Option<f64>,
    /// The same under the plan.
    pub latest_departure_plan_s: Option<f64>,
    /// Latest order time by which the whole zone could still get through with the margin.
    pub latest_order_bound_s: Option<f64>,
    /// The same under the plan.
    pub latest_order_plan_s: Option<f64>,
}

/// What kind of thing sets a bound.
// In the order of the words in files, by which bottlenecks of the same size are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum BottleneckKind {
    /// A centroid connector, which joins a zone or site to a node.
    Connector,
    /// A road, in one direction.
    #[default]
    Link,
    /// A site: its admission rate or its places.
    Site,
}

impl BottleneckKind {
    /// The word in files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Connector => "connector",
            Self::Link => "link",
            Self::Site => "site",
        }
    }
}

impl fmt::Display for BottleneckKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// `bottlenecks.csv`: an element with a positive term in the cut.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Bottleneck {
    /// 1 = the largest term.
    pub rank: u64,
    /// What kind of element.
    pub element: BottleneckKind,
    /// Id in its table.
    pub id: String,
    /// Road or site name.
    pub name: String,
    /// From this time, s.
    pub from_s: f64,
    /// Until this time, s.
    pub until_s: f64,
    /// Rate at which people can pass, people/h; infinite where there is no limit.
    pub capacity_people_h: f64,
    /// People that can pass in that time at most.
    pub people: f64,
    /// At most this many more people could arrive with one more lane; `None` for sites and connectors.
    pub extra_lane_people: Option<f64>,
}
