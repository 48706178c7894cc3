//! Arguments of the command that proposes.

use crate::typed::{number, whole};
use clap::{Args as Group, Subcommand};
use std::path::PathBuf;

#[derive(Debug, Group)]
pub struct ProposeArgs {
    #[command(subcommand)]
    pub verb: ProposeVerb,
}

#[derive(Debug, Subcommand)]
pub enum ProposeVerb {
    /// Places of a road map that might receive people: shelters, assembly points, schools, halls, places of worship
    ///
    /// Writes a table that `new --sites` takes. A row counts once `yes` stands in its column `use`.
    Sites(ProposeSitesArgs),
    /// Vehicles of a timetable (GTFS) that are in use at the same time, by where they begin
    ///
    /// Writes a table that `groups --fleet` takes: buses and coaches. Whether an operator gives them no timetable says.
    Fleet(ProposeFleetArgs),
    /// Where people live: a number of people shared out over buildings by their floor area, to the person
    ///
    /// Writes a table that `new --population` takes.
    People(ProposePeopleArgs),
}

#[derive(Debug, Group)]
pub struct ProposePeopleArgs {
    /// Buildings: a map of OpenStreetMap, or GeoParquet of polygons such as Overture's buildings
    #[arg(long, value_name = "FILE")]
    pub buildings: PathBuf,
    /// Polygons of the area in which the people live, in any format of `new --area`
    #[arg(long, value_name = "MAP")]
    pub area: PathBuf,
    /// How many people live there
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = whole::<i64>)]
    pub people: i64,
    /// Table to write
    #[arg(long, value_name = "CSV")]
    pub out: PathBuf,
    /// Replace a table that is already there
    #[arg(long)]
    pub replace: bool,
}

#[derive(Debug, Group)]
pub struct ProposeFleetArgs {
    /// Scenario folder, whose roads vehicles begin at
    pub dir: PathBuf,
    /// Timetable: a GTFS feed, zipped
    #[arg(long, value_name = "ZIP")]
    pub gtfs: PathBuf,
    /// Day, e.g. 2026-06-01 [default: the first of the days with most trips]
    #[arg(long, value_name = "DAY")]
    pub date: Option<String>,
    /// Table to write
    #[arg(long, value_name = "CSV")]
    pub out: PathBuf,
    /// Replace a table that is already there
    #[arg(long)]
    pub replace: bool,
}

#[derive(Debug, Group)]
pub struct ProposeSitesArgs {
    /// Road map of OpenStreetMap: .osm.pbf, .osm, .osm.gz
    #[arg(long, value_name = "MAP")]
    pub roads: PathBuf,
    /// Polygons of the area that people leave: GeoJSON, zipped shapefile, GeoPackage, KML, KMZ or CAP
    #[arg(long, value_name = "MAP")]
    pub area: PathBuf,
    /// Hazards, in any format that `clearway new` takes: how far each place is from them
    #[arg(long, value_name = "FILE")]
    pub hazards: Option<PathBuf>,
    /// How far around the footprint of each active fire belongs to it, m [default: 0]
    #[arg(long, value_name = "M", requires = "hazards", value_parser = number)]
    pub fire_buffer: Option<f64>,
    /// Farthest from the area, km
    #[arg(long, value_name = "KM", default_value = "20", value_parser = number)]
    pub within_km: f64,
    /// Table to write
    #[arg(long, value_name = "CSV")]
    pub out: PathBuf,
    /// Replace a table that is already there
    #[arg(long)]
    pub replace: bool,
}
