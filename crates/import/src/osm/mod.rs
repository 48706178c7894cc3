//! OpenStreetMap: reading the files, understanding the tags, making directed road pieces of ways.

mod access;
mod areas;
mod barrier;
mod build;
mod conditional;
mod coverage;
mod data;
mod edge;
mod lane_bars;
mod lane_count;
mod lanes;
mod oneway;
mod pbf;
mod pieces;
mod places;
mod receiving;
mod residents;
mod restriction;
mod rings;
mod sign;
mod speed;
mod state;
mod unpack;
mod waters;
mod way;
mod xml;

pub(crate) use areas::read_areas;
pub(crate) use build::{MapOrigin, import_data, import_osm};
pub(crate) use data::{
    MemberKind, OsmData, OsmFormat, OsmNode, OsmRelation, OsmTags, OsmWay, RelationMember,
};
pub(crate) use receiving::receiving_places;
pub use speed::{MaxSpeed, parse_maxspeed};
