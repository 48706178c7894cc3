//! What was made, and what a reader should know about it.

use clearway_model::{Faults, Scenario};
use std::fmt;

/// A complete scenario with its shapes.
#[derive(Debug, Clone, PartialEq)]
pub struct ComposedTables {
    /// All tables. The digest is empty: the scenario is not a folder yet.
    pub scenario: Scenario,
    /// `zones.geojson`: the polygons of the zones.
    pub zones_geojson: Vec<u8>,
    /// `sites.geojson`: points or polygons of the sites.
    pub sites_geojson: Vec<u8>,
    /// `hazards.geojson` as given, each with its `hazard_id`.
    pub hazards_geojson: Option<Vec<u8>>,
    /// `water.geojson`: the water, bridges and tunnels of the map that lie on the terrain; `None` without a flood.
    pub water_geojson: Option<Vec<u8>>,
    /// `exits.csv`: the exits in use and those that are proposed; `None` where sites are given.
    pub exits_csv: Option<Vec<u8>>,
    /// What a reader should know about it: counts, choices, warnings.
    pub report: ComposeReport,
}

/// People who are joined to no road that leads to a site.
#[derive(Debug, Clone, PartialEq)]
pub struct NoRoad {
    /// The zone in which they are counted.
    pub zone_id: String,
    /// People of that zone, all of them without a way.
    pub people: i64,
    /// Where no road is near enough: how far the nearest is, m. `None`: the nearest road leads to no site.
    pub nearest_m: Option<f64>,
}

/// People or a site joined to the nearest road from afar.
#[derive(Debug, Clone, PartialEq)]
pub struct FarJoin {
    /// `zone ID` or `site ID`.
    pub place: String,
    /// People farther than 200 m from their road; `None` for a site.
    pub people: Option<i64>,
    /// Distance from the farthest of them to the road, m.
    pub distance_m: f64,
}

/// What was made and what is worth knowing. Defaults and their sources are in the scenario's `sources`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ComposeReport {
    /// People in all zones.
    pub people: i64,
    /// Zones of the scenario, those of people without a way among them.
    pub zones: usize,
    /// Sites of the scenario: given ones, or those where roads leave the area.
    pub sites: usize,
    /// Links of the scenario, each direction counted by itself.
    pub links: usize,
    /// Links left out because they are away from the area.
    pub links_left_out: usize,
    /// Closures that hazards cause.
    pub closures: usize,
    /// Links on bridges or in tunnels over or under the water of a flood, which it does not close.
    pub links_over_water: usize,
    /// Surface of the area, km2.
    pub area_km2: f64,
    /// Length of the streets in the zones, each street once, m.
    pub street_m: f64,
    /// Of these, separate pieces of less than 100 m, whose people are joined to the nearest other road, m.
    pub remnant_street_m: f64,
    /// People whose road leads to no site, or who have none, by zone.
    pub no_road: Vec<NoRoad>,
    /// What is joined to its road over more than 200 m.
    pub far_joins: Vec<FarJoin>,
    /// Places that could be exits and are not used, in words.
    pub proposed_exits: Vec<String>,
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
            "{} people in {} zones in an area of {} km2, {} sites, {} links",
            self.people,
            self.zones,
            crate::area_check::in_km2(self.area_km2),
            self.sites,
            self.links
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
        if self.remnant_street_m > 0.0 {
            writeln!(
                f,
                "{:.1} of {:.1} km of street lie in separate pieces of less than 100 m and stand for no road",
                self.remnant_street_m / 1000.0,
                self.street_m / 1000.0
            )?;
        }
        list(f, "no way to a site", self.no_road.iter(), |f, none| match none.nearest_m {
            Some(metres) if metres.is_finite() => writeln!(
                f,
                "  zone {}: {} people, the nearest road is {metres:.0} m away",
                none.zone_id, none.people
            ),
            Some(_) => writeln!(f, "  zone {}: {} people, no road at all", none.zone_id, none.people),
            None => {
                writeln!(f, "  zone {}: {} people, their road leads to no site", none.zone_id, none.people)
            }
        })?;
        list(f, "joined to a road over more than 200 m", self.far_joins.iter(), |f, far| match far.people {
            Some(people) => {
                writeln!(f, "  {}: {people} people, up to {:.0} m", far.place, far.distance_m)
            }
            None => writeln!(f, "  {}: {:.0} m", far.place, far.distance_m),
        })?;
        let title = "could be exits and are not used (exits.csv; confirm with --exits)";
        list(f, title, self.proposed_exits.iter(), |f, proposal| writeln!(f, "  {proposal}"))?;
        if let Some((points, people)) = self.points_outside
            && points > 0
        {
            writeln!(f, "{points} population points with {people} people lie outside and are left out")?;
        }
        Ok(())
    }
}

/// Most lines of one list.
const LISTED: usize = 20;

/// A list under its title, cut where it gets long; nothing where there is nothing.
fn list<'a, T: 'a>(
    f: &mut fmt::Formatter<'_>,
    title: &str,
    items: impl ExactSizeIterator<Item = &'a T>,
    line: impl Fn(&mut fmt::Formatter<'_>, &T) -> fmt::Result,
) -> fmt::Result {
    let count = items.len();
    if count == 0 {
        return Ok(());
    }
    writeln!(f, "{title}:")?;
    for item in items.take(LISTED) {
        line(f, item)?;
    }
    if count > LISTED {
        writeln!(f, "  and {} more", count - LISTED)?;
    }
    Ok(())
}
