//! OpenStreetMap elements as far as roads need them.

use crate::ImportError;
use crate::map_file::MapFile;
use crate::osm::barrier::{GateNode, barrier_of};
use crate::osm::places::{FoundPlaces, outlined};
use crate::osm::sign::NodeSign;
use crate::osm::waters::{is_water, water_lines};
use crate::osm::{pbf, xml};
use crate::watch::ImportWatch;
use clearway_model::{NamedPlace, WaterLine};

/// Which encoding a file has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OsmFormat {
    Pbf,
    Xml,
    XmlGzip,
}

impl OsmFormat {
    pub fn name(self) -> &'static str {
        match self {
            Self::Pbf => "osm-pbf",
            Self::Xml | Self::XmlGzip => "osm-xml",
        }
    }
}

/// Tags of one element that matter for roads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct OsmTags(Vec<(String, String)>);

impl OsmTags {
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_str())
    }

    pub fn is(&self, key: &str, value: &str) -> bool {
        self.get(key) == Some(value)
    }

    /// A way to travel on, or a ferry, which shows that the map goes on.
    pub fn is_way(&self) -> bool {
        self.get("highway").is_some() || self.is("route", "ferry")
    }

    /// The class of a road that is not there yet or any more, with its key: `disused:highway=secondary`.
    pub fn other_highway(&self) -> Option<(&str, &str)> {
        self.iter().find(|(key, _)| {
            key.split_once(':').is_some_and(|(state, rest)| rest == "highway" && STATES.contains(&state))
        })
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(k, v)| (k.as_str(), v.as_str()))
    }

    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        Self(
            pairs.into_iter().filter(|(k, _)| matters(k)).map(|(k, v)| (k.into(), v.trim().into())).collect(),
        )
    }
}

/// Keeps memory small: addresses, notes and the like are not kept.
fn matters(key: &str) -> bool {
    let stem = key.split(':').next().unwrap_or(key);
    if LANE_BY_LANE.contains(&stem) {
        return key.contains(":lanes");
    }
    KEPT.contains(&stem)
}

/// Keys of which only the forms that say something lane by lane are kept.
const LANE_BY_LANE: [&str; 11] =
    ["turn", "change", "hov", "bus", "psv", "taxi", "tram", "minibus", "bicycle", "emergency", "hgv"];

/// What may stand before `highway` where there is no road: life cycle of the wiki of OpenStreetMap.
const STATES: [&str; 9] = [
    "disused",
    "abandoned",
    "destroyed",
    "demolished",
    "razed",
    "removed",
    "construction",
    "proposed",
    "planned",
];

/// Keys that are kept with all their forms.
const KEPT: [&str; 60] = [
    "highway",
    "route",
    "name",
    "ref",
    "oneway",
    "junction",
    "access",
    "vehicle",
    "motor_vehicle",
    "motorcar",
    "foot",
    "motorroad",
    "lanes",
    "busway",
    "centre_turn_lane",
    "center_turn_lane",
    "passing_places",
    "maxspeed",
    "service",
    "area",
    "width",
    "sidewalk",
    "type",
    "restriction",
    "except",
    "day_on",
    "day_off",
    "hour_on",
    "hour_off",
    "barrier",
    "locked",
    "bollard",
    "traffic_signals",
    "stop",
    "direction",
    "opening_hours",
    "ice_road",
    "winter_road",
    "seasonal",
    "tidal",
    "flood_prone",
    "impassable",
    "4wd_only",
    "smoothness",
    "surface",
    "planned",
    "ford",
    "disused",
    "abandoned",
    "destroyed",
    "demolished",
    "razed",
    "removed",
    "construction",
    "proposed",
    "bridge",
    "tunnel",
    "waterway",
    "natural",
    "water",
];

/// A way with `highway`, or a ferry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OsmWay {
    pub id: i64,
    pub nodes: Vec<i64>,
    pub tags: OsmTags,
}

impl OsmWay {
    /// Memory it takes, about.
    pub fn bytes(&self) -> u64 {
        let tags: usize = self.tags.0.iter().map(|(key, value)| key.len() + value.len() + 48).sum();
        (std::mem::size_of_val(self.nodes.as_slice()) + tags + 100) as u64
    }
}

/// A node of such a way. Coordinates in degrees.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct OsmNode {
    pub id: i64,
    pub lon: f64,
    pub lat: f64,
    pub gate: Option<Box<GateNode>>,
    pub signal: SignalSide,
    pub sign: Option<NodeSign>,
}

impl OsmNode {
    pub fn new(id: i64, lon: f64, lat: f64, tags: &OsmTags) -> Self {
        Self {
            id,
            lon,
            lat,
            gate: barrier_of(tags).map(Box::new),
            signal: SignalSide::of(tags),
            sign: NodeSign::of(tags),
        }
    }
}

/// Whom a traffic signal on a node holds up, relative to the direction of the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum SignalSide {
    #[default]
    None,
    Both,
    Forward,
    Backward,
}

impl SignalSide {
    fn of(tags: &OsmTags) -> Self {
        if !tags.is("highway", "traffic_signals") {
            return Self::None;
        }
        match tags.get("traffic_signals:direction") {
            Some("forward") => Self::Forward,
            Some("backward") => Self::Backward,
            _ => Self::Both,
        }
    }
}

/// What a relation refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RelationMember {
    pub kind: MemberKind,
    pub id: i64,
    pub role: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MemberKind {
    Node,
    Way,
    Relation,
}

/// A relation of type `restriction`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OsmRelation {
    pub id: i64,
    pub tags: OsmTags,
    pub members: Vec<RelationMember>,
}

impl OsmRelation {
    pub fn is_restriction(tags: &OsmTags) -> bool {
        tags.get("type").is_some_and(|t| t == "restriction" || t.starts_with("restriction:"))
    }
}

/// More boxes than these are not followed: each place is looked up in all of them.
pub(crate) const MOST_BOUNDS: usize = 1000;

/// A box that the file says it covers, degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct MapBounds {
    pub west: f64,
    pub south: f64,
    pub east: f64,
    pub north: f64,
}

impl MapBounds {
    /// West of east and south of north. Tools write zeros or nonsense where they do not know what a file covers.
    pub fn is_box(&self) -> bool {
        self.west < self.east && self.south < self.north
    }

    /// One fixed order, so that the same file gives the same bytes.
    pub fn order(&self, other: &Self) -> std::cmp::Ordering {
        let sides = |b: &Self| [b.west, b.south, b.east, b.north];
        let (ours, theirs) = (sides(self), sides(other));
        ours.iter()
            .zip(&theirs)
            .map(|(a, b)| a.total_cmp(b))
            .find(|o| o.is_ne())
            .unwrap_or(std::cmp::Ordering::Equal)
    }
}

/// Everything of a file that concerns roads; ways, nodes and relations ascending by id and unique.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct OsmData {
    pub ways: Vec<OsmWay>,
    pub nodes: Vec<OsmNode>,
    pub relations: Vec<OsmRelation>,
    /// Empty if the file does not say it; several where extracts were joined. Ascending and unique.
    pub bounds: Vec<MapBounds>,
    /// Ways that are no roads yet or any more: number, key and class.
    pub not_roads: Vec<(i64, String, String)>,
    /// What the server that made the file remarks on it.
    pub server_remarks: Vec<String>,
    /// Places with a name, ascending by id, nodes first.
    pub places: Vec<NamedPlace>,
    /// Rivers, canals and coasts, ascending by id; none unless they are asked for.
    pub waters: Vec<WaterLine>,
}

/// What the first pass over a file gives: all but the nodes, which are only then known to be needed.
#[derive(Debug, Default)]
pub(crate) struct FirstPass {
    pub ways: Vec<OsmWay>,
    pub relations: Vec<OsmRelation>,
    pub bounds: Vec<MapBounds>,
    pub not_roads: Vec<(i64, String, String)>,
    pub server_remarks: Vec<String>,
    pub places: FoundPlaces,
    /// Rivers, canals and coasts.
    pub waters: Vec<OsmWay>,
    /// Whether those are wanted.
    pub keeps_waters: bool,
}

impl FirstPass {
    /// Keeps a way if it is one to travel on or water, and its number if it was or is to be one.
    pub fn add_way(&mut self, id: i64, tags: OsmTags, nodes: impl FnOnce() -> Vec<i64>) {
        if tags.is_way() {
            self.ways.push(OsmWay { id, nodes: nodes(), tags });
        } else if let Some((key, class)) = tags.other_highway() {
            self.not_roads.push((id, key.into(), class.into()));
        } else if self.keeps_waters && is_water(&tags) {
            self.waters.push(OsmWay { id, nodes: nodes(), tags });
        }
    }

    /// Memory it takes, about, but for the nodes.
    pub fn bytes(&self) -> u64 {
        let ways: u64 = self.ways.iter().chain(&self.waters).map(OsmWay::bytes).sum();
        ways + self.relations.len() as u64 * 500 + self.places.bytes()
    }
}

impl OsmData {
    /// Reads a file in two passes, so that only nodes of roads are held in memory.
    pub fn read(
        file: &MapFile<'_>,
        format: OsmFormat,
        with_waters: bool,
        watch: ImportWatch<'_>,
    ) -> Result<Self, ImportError> {
        watch.begin("reading roads", 0.0)?;
        let mut first = match format {
            OsmFormat::Pbf => pbf::first_pass(file, with_waters, watch)?,
            OsmFormat::Xml | OsmFormat::XmlGzip => xml::first_pass(file, format, with_waters, watch)?,
        };
        // A file that holds an element twice (history, merged files): the first one read counts.
        first.ways.sort_by_key(|way| way.id);
        first.ways.dedup_by_key(|way| way.id);
        first.waters.sort_by_key(|way| way.id);
        first.waters.dedup_by_key(|way| way.id);
        first.not_roads.sort();
        first.not_roads.dedup();
        first.relations.sort_by_key(|relation| relation.id);
        first.relations.dedup_by_key(|relation| relation.id);
        if first.bounds.len() > MOST_BOUNDS {
            first.bounds.clear();
        }
        first.bounds.retain(MapBounds::is_box);
        first.bounds.sort_by(MapBounds::order);
        first.bounds.dedup();
        first.places.put_in_order();
        let of_roads = ascending(first.ways.iter().flat_map(|way| way.nodes.iter().copied()));
        let of_places = first.places.outlines.iter().flat_map(|outline| outline.nodes.iter().copied());
        let of_waters = first.waters.iter().flat_map(|way| way.nodes.iter().copied());
        let needed = ascending(of_roads.iter().copied().chain(of_places).chain(of_waters));
        watch.begin("reading junctions", 0.3)?;
        let mut nodes = match format {
            OsmFormat::Pbf => pbf::second_pass(file, &needed, watch)?,
            OsmFormat::Xml | OsmFormat::XmlGzip => xml::second_pass(file, format, &needed, watch)?,
        };
        nodes.sort_by_key(|node| node.id);
        nodes.dedup_by_key(|node| node.id);
        let places = outlined(first.places, &nodes);
        let waters = first.waters.iter().flat_map(|way| water_lines(way, &nodes)).collect();
        if needed.len() > of_roads.len() {
            nodes.retain(|node| of_roads.binary_search(&node.id).is_ok());
        }
        Ok(Self {
            ways: first.ways,
            nodes,
            relations: first.relations,
            bounds: first.bounds,
            not_roads: first.not_roads,
            server_remarks: first.server_remarks,
            places,
            waters,
        })
    }
}

/// Numbers in order, each once.
pub(crate) fn ascending(ids: impl Iterator<Item = i64>) -> Vec<i64> {
    let mut ids: Vec<i64> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}
