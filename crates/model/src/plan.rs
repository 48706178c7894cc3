//! `plan.json`: all movement orders and everyone who is not in one.

use crate::Case;
use serde::{Deserialize, Serialize};

/// All movement orders, with the scenario's digest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Plan {
    /// Name and version of the format, `clearway-plan/2`.
    pub schema: String,
    /// Digest of the scenario this plan is for.
    pub scenario: String,
    /// Program and version that made it.
    #[serde(default)]
    pub tool: String,
    /// Which value of each range the plan assumes.
    pub case: Case,
    /// At most this many routes per zone; `None` = no limit.
    pub routes_per_zone: Option<u32>,
    /// All who pass a node leave it the same way.
    #[serde(default)]
    pub convergent: bool,
    /// Length of a departure window, ms.
    pub window_ms: i64,
    /// People moved together in the replay.
    pub packet_people: i64,
    /// The routes that orders name.
    pub routes: Vec<Route>,
    /// The orders, ascending `order_id`.
    pub orders: Vec<MovementOrder>,
    /// People in no order.
    pub not_moved: Vec<NotMoved>,
}

impl Plan {
    /// The value of `schema` that this version reads and writes.
    pub const SCHEMA: &'static str = "clearway-plan/2";
}

/// A way from a zone to a site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Route {
    /// Id, unique in the plan.
    pub route_id: String,
    /// Zone where it begins.
    pub zone_id: String,
    /// Site where it ends.
    pub site_id: String,
    /// Connector of the zone.
    pub from_connector: String,
    /// Link ids in the order of travel, may be empty.
    pub links: Vec<String>,
    /// Connector of the site.
    pub to_connector: String,
}

/// One line of a plan: these people leave at a constant rate over this window by this route. A line of a plan, not an
/// instruction by an authority.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MovementOrder {
    /// Number of the order, unique and ascending.
    pub order_id: i64,
    /// Zone that they leave.
    pub zone_id: String,
    /// Which group of the zone's people; `all` for now.
    pub group: String,
    /// Class of road users.
    pub class: String,
    /// How many people leave.
    pub people: i64,
    /// Departure window begin, ms.
    pub depart_from_ms: i64,
    /// Departure window end (excluded), ms.
    pub depart_until_ms: i64,
    /// Route that they take.
    pub route_id: String,
}

/// What becomes of people in no order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Still where they were when a hazard closed it to presence.
    Overtaken,
    /// Stay, or have no way or place.
    NotEvacuated,
}

/// Why people are in no order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// They are declared as staying.
    Stays,
    /// No way to any site even with everything open.
    NoRoad,
    /// No way while anything is open.
    Closed,
    /// All sites that they could reach are full.
    NoPlace,
    /// A hazard comes first.
    Hazard,
    /// They cannot arrive before the end of the planning horizon.
    Horizon,
    /// The computation was ended before there were orders.
    Interrupted,
}

/// People of a zone who are in no order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NotMoved {
    /// Zone where they are.
    pub zone_id: String,
    /// How many they are.
    pub people: i64,
    /// What becomes of them.
    pub outcome: Outcome,
    /// Why they are in no order.
    pub reason: Reason,
}
