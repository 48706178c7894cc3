//! What a scenario is made from.

use crate::flood::{FloodInputs, MapRelief};
use clearway_model::{
    Cancel, Context, FerryLine, Figure, LinkRow, Mode, MovementRow, NamedPlace, NodeRow, SourceRow,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A road network as an import leaves it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RoadNetwork {
    /// Junctions, WGS 84 degrees.
    pub nodes: Vec<NodeRow>,
    /// Directed road pieces with length, time and capacity. An empty `geometry` means a straight line.
    pub links: Vec<LinkRow>,
    /// Turns that are forbidden, each a link in and a link out at a node.
    pub movements: Vec<MovementRow>,
    /// Ids of nodes where a road was cut at the map's edge: the road goes on, the map does not.
    pub boundary_nodes: Vec<String>,
    /// What must be printed beside maps; empty: nothing.
    pub attribution: String,
    /// Where the roads' figures come from.
    pub sources: Vec<SourceRow>,
    /// Ferries of the map, which carry nobody.
    pub ferries: Vec<FerryLine>,
    /// Named places of the map, by which zones are called.
    pub places: Vec<NamedPlace>,
    /// Water, bridges and tunnels of the map; empty where no flood is asked for.
    pub relief: MapRelief,
    /// Roads that the import left out by access, by the tag that says so: how many.
    pub left_out: BTreeMap<String, u64>,
}

/// A file that was given: what faults call it, and its contents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedBytes<'b> {
    /// File name for messages and sources, e.g. `area.geojson`.
    pub name: String,
    /// Contents, UTF-8 with or without a byte-order mark; of a raster its bytes.
    pub bytes: Cow<'b, [u8]>,
}

impl NamedBytes<'static> {
    /// A file's name and contents.
    pub fn new(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { name: name.into(), bytes: Cow::Owned(bytes.into()) }
    }
}

impl<'b> NamedBytes<'b> {
    /// A file whose contents somebody else holds: rasters of a country are not copied.
    pub fn borrowed(name: impl Into<String>, bytes: &'b [u8]) -> Self {
        Self { name: name.into(), bytes: Cow::Borrowed(bytes) }
    }
}

/// How quickly people become ready to leave (see [`mobilization_curve`](crate::mobilization_curve)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MobilizationSpeed {
    /// 99 % ready after 3 h.
    #[default]
    Fast,
    /// 99 % ready after 6 h.
    Medium,
    /// 99 % ready after 9 h.
    Slow,
    /// All are ready at time 0.
    Instant,
}

/// What to make. Everything that is `None` gets a default, which is named with its source in `sources.csv`.
#[derive(Debug, Clone)]
pub struct ComposeInputs<'b> {
    /// One line that names the scenario.
    pub name: String,
    /// Free text for `scenario.toml`, which nothing computes with.
    pub description: String,
    /// What kind of situation it is.
    pub context: Context,
    /// GeoJSON polygons: the area that people leave. `None`: the zones' polygons together.
    pub area: Option<NamedBytes<'b>>,
    /// All people in the area, with a range. `None`: as the population points or the zones say.
    pub people: Option<Figure<i64>>,
    /// CSV of points with people: `lon`/`lat` or `x`/`y`, and `people`.
    pub population: Option<NamedBytes<'b>>,
    /// GeoJSON polygons with names, p-codes and counts. `None`: the area is divided.
    pub zones: Option<NamedBytes<'b>>,
    /// GeoJSON or CSV of places that receive people. `None`: where roads leave the area.
    pub sites: Option<NamedBytes<'b>>,
    /// CSV or GeoJSON of the exits to use. `None`: those that the map and the area show.
    pub exits: Option<NamedBytes<'b>>,
    /// Farthest that people and sites are joined to a road, m. `None`: 500.
    pub join_within_m: Option<f64>,
    /// GeoJSON polygons with times.
    pub hazards: Option<NamedBytes<'b>>,
    /// A flood from the height of the ground and levels of water.
    pub flood: Option<FloodInputs<'b>>,
    /// How many zones to make; unused where zones are given.
    pub zone_count: Option<usize>,
    /// Most connectors of one zone.
    pub connectors_per_zone: Option<usize>,
    /// By vehicle or on foot.
    pub mode: Mode,
    /// Mean occupancy with its range; unused on foot.
    pub people_per_vehicle: Option<Figure<f64>>,
    /// How quickly people become ready. `None`: [`MobilizationSpeed::Fast`].
    pub release: Option<MobilizationSpeed>,
    /// RFC 3339 time with offset: the moment of time 0.
    pub start: Option<String>,
    /// IANA name, for display.
    pub time_zone: Option<String>,
    /// Nothing after this time counts, ms.
    pub horizon_ms: Option<i64>,
    /// Safety margin on required time as a share.
    pub margin_share: Option<f64>,
    /// The wish that the work ends.
    pub cancel: Cancel,
}

impl ComposeInputs<'_> {
    /// A request with nothing but a name: own vehicles, context `disaster`, everything else by default.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            description: String::new(),
            context: Context::Disaster,
            area: None,
            people: None,
            population: None,
            zones: None,
            sites: None,
            exits: None,
            join_within_m: None,
            hazards: None,
            flood: None,
            zone_count: None,
            connectors_per_zone: None,
            mode: Mode::Vehicle,
            people_per_vehicle: None,
            release: None,
            start: None,
            time_zone: None,
            horizon_ms: None,
            margin_share: None,
            cancel: Cancel::default(),
        }
    }
}
