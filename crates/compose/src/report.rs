//! What was made, and what a reader should know about it.

use clearway_model::{Faults, Scenario};
use std::fmt;

/// A complete scenario with its shapes.
#[derive(Debug, Clone, PartialEq)]
pub struct Composed {
    /// All tables. The digest is empty: the scenario is not a folder yet.
    pub scenario: Scenario,
    /// `zones.geojson`: the polygons of the zones.
    pub zones_geojson: Vec<u8>,
    /// `sites.geojson`: points or polygons of the sites.
    pub sites_geojson: Vec<u8>,
    /// `hazards.geojson` as given, each with its `hazard_id`.
    pub hazards_geojson: Option<Vec<u8>>,
    /// What was made.
    pub report: ComposeReport,
}

/// A zone that holds no junction and was joined to the nearest.
#[derive(Debug, Clone, PartialEq)]
pub struct JoinedZone {
    /// The zone.
    pub zone_id: String,
    /// The node it was joined to.
    pub node_id: String,
    /// Mean straight distance of its people from there, m.
    pub distance_m: f64,
}

/// What was made and what is worth knowing. Defaults and their sources are in the scenario's `sources`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ComposeReport {
    /// People in all zones.
    pub people: i64,
    /// Zones made.
    pub zones: usize,
    /// Sites made.
    pub sites: usize,
    /// Links kept.
    pub links: usize,
    /// Links left out because they are away from the area.
    pub links_left_out: usize,
    /// Closures that hazards cause.
    pub closures: usize,
    /// Length of the streets in the zones, each street once, m.
    pub street_m: f64,
    /// Of these, streets from which no site can be reached, m.
    pub cut_off_street_m: f64,
    /// About how many people live nearest to such streets in zones where other streets lead to a site. They are joined to those others.
    pub cut_off_people: i64,
    /// Zones from which no site can be reached.
    pub unreachable_zones: Vec<String>,
    /// Zones without a junction.
    pub joined_zones: Vec<JoinedZone>,
    /// Roads that leave the area and end soon after: not counted as exits.
    pub dead_ends: Vec<String>,
    /// Population points outside the area or the zones: how many, with how many people.
    pub points_outside: Option<(usize, f64)>,
    /// Choices made, in words.
    pub notes: Vec<String>,
    /// Faults that did not stop the work.
    pub warnings: Faults,
}

impl fmt::Display for ComposeReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} people in {} zones, {} sites, {} links",
            self.people, self.zones, self.sites, self.links
        )?;
        if self.links_left_out > 0 {
            writeln!(f, "{} links away from the area left out", self.links_left_out)?;
        }
        if self.closures > 0 {
            writeln!(f, "{} closures caused by hazards", self.closures)?;
        }
        for note in &self.notes {
            writeln!(f, "{note}")?;
        }
        if self.cut_off_street_m > 0.0 {
            let (cut_off, all) = (self.cut_off_street_m / 1000.0, self.street_m / 1000.0);
            writeln!(f, "{cut_off:.1} of {all:.1} km of street lead to no site")?;
        }
        if self.cut_off_people > 0 {
            writeln!(
                f,
                "about {} people live nearest to streets that lead to no site and are joined to other streets of their zone",
                self.cut_off_people
            )?;
        }
        if !self.unreachable_zones.is_empty() {
            writeln!(f, "no road from these zones to any site: {}", self.unreachable_zones.join(", "))?;
        }
        for zone in &self.joined_zones {
            writeln!(
                f,
                "zone {} holds no junction that leads on: joined to node {}, {:.0} m from its people on average",
                zone.zone_id, zone.node_id, zone.distance_m
            )?;
        }
        if !self.dead_ends.is_empty() {
            writeln!(
                f,
                "roads that leave the area and end within 500 m, not counted as exits: {}",
                self.dead_ends.join(", ")
            )?;
        }
        if let Some((points, people)) = self.points_outside
            && points > 0
        {
            writeln!(f, "{points} population points with {people} people lie outside and are left out")?;
        }
        write!(f, "{}", self.warnings)
    }
}
