//! What an import read, assumed and dropped.

use std::collections::BTreeMap;
use std::fmt;

use crate::remark::{RoadRemark, listed};

/// Roads of each kind that the short form of the report lists by id.
const MOST_LISTED: usize = 5;

/// Counts of one import. Kilometres are of road, each counted once, whatever its directions.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ImportReport {
    /// Name of the file or folder that was read.
    pub file: String,
    /// `osm-pbf`, `osm-xml`, `gmns` or `tntp`.
    pub format: String,
    /// Ways or table rows that were looked at.
    pub roads_read: u64,
    /// Those that went into the network.
    pub roads_used: u64,
    /// Those that did not, by reason.
    pub excluded: BTreeMap<String, u64>,
    /// Ways in use that are open to some only, by value of the access tag.
    pub limited_access: BTreeMap<String, u64>,
    /// Tags that were seen and could not be followed, by tag.
    pub not_understood: BTreeMap<String, u64>,
    /// Roads and gates that are closed, open to some only, open at times or hard to read, one by one.
    pub remarks: Vec<RoadRemark>,
    /// Junctions and ends before chains are contracted.
    pub junctions: u64,
    /// Road pieces between them, each counted once.
    pub segments: u64,
    /// Length of road open to vehicles, km.
    pub drivable_km: f64,
    /// Of that, with an assumed number of lanes.
    pub lanes_assumed_km: f64,
    /// Of that, with an assumed speed.
    pub speed_assumed_km: f64,
    /// Junctions and road pieces with a traffic signal.
    pub signals: u64,
    /// Barriers that break the road for vehicles.
    pub barriers_closing: u64,
    /// Barriers that can be passed (toll booths, cattle grids, unlocked gates, ...).
    pub barriers_open: u64,
    /// Barriers on a junction of three or more roads, ignored.
    pub barriers_ignored: u64,
    /// Turn restrictions by what became of them.
    pub restrictions: RestrictionCount,
    /// Parts that nothing leads from or to: not joined to the main network or the map's edge.
    pub dropped: DroppedPart,
    /// Nodes in the tables.
    pub nodes: u64,
    /// Links in the tables.
    pub links: u64,
    /// Of the nodes, those where a road is cut at the map's edge.
    pub boundary_nodes: u64,
    /// Prohibited turns in the tables.
    pub movements: u64,
    /// Everything else worth knowing: units chosen and why, odd values.
    pub notes: Vec<String>,
}

/// Turn restrictions by what became of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RestrictionCount {
    /// Relations of type `restriction`.
    pub total: u64,
    /// In `movement.csv`, or forbidding only what is impossible anyhow.
    pub honoured: u64,
    /// For other vehicles than cars.
    pub not_for_cars: u64,
    /// Between ways that are not in the network.
    pub elsewhere: u64,
    /// Not in the tables, by reason.
    pub not_honoured: BTreeMap<String, u64>,
}

/// A part of the map that is not joined to the rest.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DroppedPart {
    /// Pieces that are joined neither to the rest nor to each other.
    pub parts: u64,
    /// Junctions in all these pieces.
    pub nodes: u64,
    /// Road pieces in them, each counted once.
    pub segments: u64,
    /// Length of their road, each counted once, km.
    pub km: f64,
}

/// `{}` lists the first few of the roads remarked on, `{:#}` all of them.
impl fmt::Display for ImportReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} ({}): {} of {} roads used",
            self.file, self.format, self.roads_used, self.roads_read
        )?;
        for (reason, count) in &self.excluded {
            writeln!(f, "  left out: {count} {reason}")?;
        }
        for (value, count) in &self.limited_access {
            writeln!(f, "  used though open to some only: {count} {value}")?;
        }
        for (tag, count) in &self.not_understood {
            writeln!(f, "  not followed: {count} {tag}")?;
        }
        let most = if f.alternate() { usize::MAX } else { MOST_LISTED };
        f.write_str(&listed(&self.remarks, most))?;
        writeln!(
            f,
            "{} junctions, {} road pieces, {:.1} km open to vehicles (lanes assumed on {:.1} km, speed on {:.1} km), {} signals",
            self.junctions,
            self.segments,
            self.drivable_km,
            self.lanes_assumed_km,
            self.speed_assumed_km,
            self.signals
        )?;
        writeln!(
            f,
            "barriers: {} close the road, {} can be passed, {} on junctions ignored",
            self.barriers_closing, self.barriers_open, self.barriers_ignored
        )?;
        let r = &self.restrictions;
        writeln!(
            f,
            "turn restrictions: {} in all, {} honoured, {} not for cars, {} not on this network",
            r.total, r.honoured, r.not_for_cars, r.elsewhere
        )?;
        for (reason, count) in &r.not_honoured {
            writeln!(f, "  not honoured: {count} {reason}")?;
        }
        writeln!(
            f,
            "not joined, no way leads from or to the main network or the map's edge: {} parts, {} junctions, {} road pieces, {:.1} km",
            self.dropped.parts, self.dropped.nodes, self.dropped.segments, self.dropped.km
        )?;
        writeln!(
            f,
            "network: {} nodes, {} links, {} prohibited turns, {} nodes where a road is cut at the map's edge",
            self.nodes, self.links, self.movements, self.boundary_nodes
        )?;
        for note in &self.notes {
            writeln!(f, "{note}")?;
        }
        Ok(())
    }
}
