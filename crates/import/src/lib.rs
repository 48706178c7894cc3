//! Road map in, network tables out.
//!
//! [`import_roads`] reads OpenStreetMap (`.osm.pbf`, `.osm`, `.osm.gz`), GMNS
//! (`node.csv` and `link.csv`) or TNTP (`X_net.tntp` and its nodes) and gives the rows of `node.csv`, `link.csv` and `movement.csv`. The rules are in `docs/reference/import.md`, the figures in
//! `docs/reference/capacities.md`; both are held as data in [`capacity`].
//!
//! The way through the crate, in order: a format is read ([`osm`], `gmns`, `tntp`), ways become directed pieces
//! between junctions, turn restrictions become pairs of pieces, what is cut off is dropped, chains are contracted, and the
//! rows are written down in a fixed order. The same bytes in give the same rows out, whatever the number of threads.

mod buildings;
pub mod capacity;
mod connect;
mod emit;
mod encoding;
mod error;
mod foreign;
mod format;
mod geometry;
mod gmns;
mod graph;
mod gtfs;
mod map_file;
mod opening;
mod options;
pub mod osm;
mod overture;
mod remark;
mod report;
mod road_map;
mod simplify;
mod sources;
mod table;
mod tntp;
mod travel;
mod units;
mod watch;
mod write;

pub use error::ImportError;
pub use format::{import_buildings, import_map, import_receiving_places, import_roads};
pub use geometry::distance_m;
pub use gtfs::{TransitDay, TransitKind, TransitStart, TransitUse, read_transit_feed};
pub use options::{ImportOptions, UnconnectedParts};
pub use remark::{MapElement, RemarkKind, RoadRemark, RoadTreatment};
pub use report::{DroppedPart, ImportReport, RestrictionCount};
pub use road_map::RoadMap;
pub use tntp::{TntpCoordinates, TntpLength, TntpOptions, TntpTime, TripTable, read_tntp_trips};
pub use watch::ImportWatch;
pub use write::{gmns_files, write_gmns};
