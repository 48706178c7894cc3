//! Rows of the scenario's tables; one struct per file of `docs/reference/scenario.md`. Times are ms since the start.

use serde::{Deserialize, Serialize};

/// `node.csv`: a junction, or where a road ends.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NodeRow {
    /// Id, unique in the table.
    pub node_id: String,
    /// Name of the junction as people know it, may be empty.
    #[serde(default)]
    pub name: String,
    /// Longitude, degrees WGS 84.
    pub x_coord: f64,
    /// Latitude, degrees WGS 84.
    pub y_coord: f64,
}

/// `link.csv`: one directed road piece, GMNS columns and ours.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct LinkRow {
    /// Id, unique in the table.
    pub link_id: String,
    /// Road name, may be empty.
    pub name: String,
    /// Node where it begins.
    pub from_node_id: String,
    /// Node where it ends.
    pub to_node_id: String,
    /// GMNS column: `true`, as each row is one direction.
    pub directed: String,
    /// Road class, e.g. `primary`.
    pub facility_type: String,
    /// Lanes in this direction.
    pub lanes: Option<f64>,
    /// GMNS free speed, km/h.
    pub free_speed: Option<f64>,
    /// GMNS length, km; `length_m` counts.
    pub length: Option<f64>,
    /// GMNS capacity, pcu/h per lane.
    pub capacity: Option<f64>,
    /// Length, m, along the road.
    pub length_m: Option<f64>,
    /// Capacity of the whole link, all lanes, pcu/h; central value. `None`: not for vehicles.
    pub capacity_pcu_h: Option<f64>,
    /// Low end of `capacity_pcu_h`, sustained over hours, pcu/h; `None`: the figure itself.
    pub capacity_pcu_h_low: Option<f64>,
    /// High end of `capacity_pcu_h`, pcu/h; `None`: the figure itself.
    pub capacity_pcu_h_high: Option<f64>,
    /// Kept free for responders and aid, pcu/h; `None` = 0.
    pub reserved_pcu_h: Option<f64>,
    /// Room of the whole link, all lanes, pcu: how many standing passenger cars it holds; central value. `None`: from its length and
    /// lanes.
    pub storage_pcu: Option<f64>,
    /// Low end of `storage_pcu`, pcu; `None`: the figure itself.
    pub storage_pcu_low: Option<f64>,
    /// High end of `storage_pcu`, pcu; `None`: the figure itself.
    pub storage_pcu_high: Option<f64>,
    /// Free-flow travel time, ms.
    pub time_ms: Option<i64>,
    /// Fastest travel time, ms; `None`: `time_ms`.
    pub time_ms_low: Option<i64>,
    /// Capacity on foot, people/h. `None`: not for walkers.
    pub walk_capacity_people_h: Option<f64>,
    /// Low end of `walk_capacity_people_h`, people/h; `None`: the figure itself.
    pub walk_capacity_people_h_low: Option<f64>,
    /// High end of `walk_capacity_people_h`, people/h; `None`: the figure itself.
    pub walk_capacity_people_h_high: Option<f64>,
    /// Walking time over the whole length, ms.
    pub walk_time_ms: Option<i64>,
    /// Fastest walking time, ms; `None`: `walk_time_ms`.
    pub walk_time_ms_low: Option<i64>,
    /// WKT LINESTRING, for maps only, may be empty.
    pub geometry: String,
}

/// `movement.csv`: a turn; only prohibited ones matter.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct MovementRow {
    /// Id, unique in the table.
    pub mvmt_id: String,
    /// Node at which the turn is made.
    pub node_id: String,
    /// Inbound link, on which the node is reached.
    pub ib_link_id: String,
    /// Outbound link, on which it is left.
    pub ob_link_id: String,
    /// `1` where the turn is banned.
    pub prohibited: String,
}

/// The answer in a column that asks yes or no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum YesNo {
    /// No, written as `0`.
    #[serde(rename = "0")]
    No,
    /// Yes, written as `1`.
    #[serde(rename = "1")]
    Yes,
}

/// `zones.csv`: where people are now.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct ZoneRow {
    /// Id, unique in the table.
    pub zone_id: String,
    /// Name, may be empty.
    pub name: String,
    /// P-code, may be empty.
    pub pcode: String,
    /// People there at time 0.
    pub people: i64,
    /// Low end of `people`; `None`: the figure itself.
    pub people_low: Option<i64>,
    /// High end of `people`; `None`: the figure itself.
    pub people_high: Option<i64>,
    /// Declared staying, included in `people`; `None` = 0.
    pub stay_people: Option<i64>,
    /// Low end of `stay_people`, people; `None`: the figure itself.
    pub stay_people_low: Option<i64>,
    /// High end of `stay_people`, people; `None`: the figure itself.
    pub stay_people_high: Option<i64>,
    /// Mobilization curve; empty: all are ready at time 0.
    pub mobilization_id: String,
    /// Longitude of the label point, degrees WGS 84.
    pub x_coord: Option<f64>,
    /// Latitude of the label point, degrees WGS 84.
    pub y_coord: Option<f64>,
}

/// `mobilization.csv`: one point of a mobilization curve.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MobilizationRow {
    /// Id of the curve, which has several rows.
    pub mobilization_id: String,
    /// Time since the start, ms.
    pub time_ms: i64,
    /// Share of the people of its zones who are ready by then, 0..1.
    pub share: f64,
}

/// `sites.csv`: where people are received.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct SiteRow {
    /// Id, unique in the table.
    pub site_id: String,
    /// Name, may be empty.
    pub name: String,
    /// P-code, may be empty.
    pub pcode: String,
    /// Holding capacity for arrivals, people; `None` = no limit.
    pub capacity_people: Option<i64>,
    /// Low end of `capacity_people`; `None`: the figure itself.
    pub capacity_people_low: Option<i64>,
    /// High end of `capacity_people`; `None`: the figure itself.
    pub capacity_people_high: Option<i64>,
    /// Admission rate, people/h; `None` = no limit.
    pub admission_people_h: Option<f64>,
    /// Low end of `admission_people_h`, people/h; `None`: the figure itself.
    pub admission_people_h_low: Option<f64>,
    /// High end of `admission_people_h`, people/h; `None`: the figure itself.
    pub admission_people_h_high: Option<f64>,
    /// Opens, ms; `None` = 0.
    pub open_from_ms: Option<i64>,
    /// Closes, ms; `None` = never.
    pub open_until_ms: Option<i64>,
    /// Area that people there can use, m2.
    pub area_m2: Option<f64>,
    /// Longitude of the label point, degrees WGS 84.
    pub x_coord: Option<f64>,
    /// Latitude of the label point, degrees WGS 84.
    pub y_coord: Option<f64>,
}

/// What a connector joins to the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ConnectorPlace {
    /// Leads from a zone to a node.
    #[default]
    Zone,
    /// Leads from a node to a site.
    Site,
}

/// `connectors.csv`: joins a zone or site to a node.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct ConnectorRow {
    /// Id, unique in the table.
    pub connector_id: String,
    /// Whether it joins a zone or a site.
    pub place: ConnectorPlace,
    /// Id of the zone or site.
    pub place_id: String,
    /// Id of the node.
    pub node_id: String,
    /// Travel time between the place and the node, ms.
    pub time_ms: i64,
    /// Capacity, pcu/h (walkers: people/h); `None` = no limit.
    pub capacity_pcu_h: Option<f64>,
    /// Low end of `capacity_pcu_h`; `None`: the figure itself.
    pub capacity_pcu_h_low: Option<f64>,
    /// High end of `capacity_pcu_h`; `None`: the figure itself.
    pub capacity_pcu_h_high: Option<f64>,
}

/// What a closure closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ClosureTarget {
    /// A link, in its one direction.
    #[default]
    Link,
    /// A node: nobody may wait there.
    Node,
    /// A zone: nobody may leave (entry), or whoever is there is overtaken (presence).
    Zone,
    /// A site: nobody is admitted.
    Site,
}

/// Whether a closure forbids entering or being there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ClosureKind {
    /// Entering is forbidden (gate, curfew on entering).
    #[default]
    Entry,
    /// Being there is impossible (fire, water): a traversal must fit outside.
    Presence,
}

/// `closures.csv`: when something cannot be used.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct ClosureRow {
    /// Id, unique in the table.
    pub closure_id: String,
    /// What kind of thing is closed.
    pub target: ClosureTarget,
    /// Id of the link, node, zone or site.
    pub target_id: String,
    /// Begin, ms since the start.
    pub from_ms: i64,
    /// End, ms since the start; `None`: never reopened.
    pub until_ms: Option<i64>,
    /// Again every so often, ms.
    pub repeat_every_ms: Option<i64>,
    /// Occurrences start before this; `None` = the horizon.
    pub repeat_until_ms: Option<i64>,
    /// Whether it forbids entering or being there.
    pub kind: ClosureKind,
    /// Hazard id or words.
    pub cause: String,
}

/// What a window opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum WindowTarget {
    /// One link, in its one direction.
    #[default]
    Link,
    /// Every link; the id is `*`.
    AllLinks,
    /// Departures from a zone.
    Zone,
    /// Admission at a site.
    Site,
}

/// `windows.csv`: when movement is allowed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct WindowRow {
    /// Id, unique in the table.
    pub window_id: String,
    /// What kind of thing is open.
    pub target: WindowTarget,
    /// Id of the link, zone or site; `*` for all links.
    pub target_id: String,
    /// Begin, ms since the start.
    pub from_ms: i64,
    /// End, ms since the start; `None`: open from then on.
    pub until_ms: Option<i64>,
    /// Again every so often, ms.
    pub repeat_every_ms: Option<i64>,
    /// Occurrences start before this; `None` = the horizon.
    pub repeat_until_ms: Option<i64>,
    /// Whether entering is held to the window, or being there as well.
    pub kind: ClosureKind,
    /// Why movement is allowed then, in words.
    pub cause: String,
}

/// How well a figure is founded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SourceStatus {
    /// The source states this figure.
    Published,
    /// Computed from published figures, as the note says.
    Derived,
    /// A default of the tool, named with its reference.
    Default,
    /// Nobody states it; the range says how unsure it is.
    #[default]
    Assumed,
}

/// `sources.csv`: where a figure comes from.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct SourceRow {
    /// Table name without `.csv`, or `scenario`.
    pub table: String,
    /// Id of the row, or `*` for all rows.
    pub id: String,
    /// Column that holds the figure, or `*`.
    pub field: String,
    /// How well the figure is founded.
    pub status: SourceStatus,
    /// Who states it, and in which publication.
    pub source: String,
    /// Address at which it can be read.
    pub url: String,
    /// Date of the figure.
    pub as_of: String,
    /// How it was derived, or what is uncertain.
    pub note: String,
}

/// `assumptions.csv`, and `assumptions` in `summary.json`: what was assumed that could change the answer most.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct AssumptionRow {
    /// What it is about: `exits`, `exits_proposed`, `joined_far`, `no_road`, `places`, `access`, `ferries`, `hazards_idle`,
    /// `remnants`, or a word of whoever made the folder.
    pub kind: String,
    /// The sentence that follows the count and its unit.
    pub text: String,
    /// How many of them there are.
    pub count: Option<i64>,
    /// What is counted, e.g. `people`.
    pub unit: String,
}
