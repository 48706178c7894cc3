//! Arguments of the commands that make a scenario: a new one, its roads, hazards and groups, and the look at it.

use super::window;
use crate::typed::{length, number, whole};
use clap::{Args as Group, ValueEnum};
use clearway::WaterLevel;
use std::path::PathBuf;

#[derive(Debug, Group)]
pub struct NewArgs {
    /// Folder to make
    pub dir: PathBuf,
    /// Road map: .osm.pbf, .osm, .osm.gz, segments of Overture (.parquet), a GMNS folder or X_net.tntp
    #[arg(long, value_name = "MAP")]
    pub roads: PathBuf,
    /// Polygons of the area that people leave: GeoJSON, zipped shapefile, GeoPackage, KML, KMZ or CAP
    #[arg(long, value_name = "MAP", required_unless_present = "zones")]
    pub area: Option<PathBuf>,
    /// How many people are there
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = whole::<i64>)]
    pub people: Option<i64>,
    /// Low end of the range of --people
    #[arg(long, value_name = "N", requires = "people", allow_negative_numbers = true, value_parser = whole::<i64>)]
    pub people_low: Option<i64>,
    /// High end of the range of --people
    #[arg(long, value_name = "N", requires = "people", allow_negative_numbers = true, value_parser = whole::<i64>)]
    pub people_high: Option<i64>,
    /// Where people are: table (CSV, XLSX, ODS) of points (lon, lat, people) or by p-code, or a GeoTIFF of counts per cell
    #[arg(long, value_name = "FILE")]
    pub population: Option<PathBuf>,
    /// Map of zones with names, p-codes and counts, in any format of --area
    #[arg(long, value_name = "MAP")]
    pub zones: Option<PathBuf>,
    /// Map or table (CSV, XLSX, ODS) of destinations: reception centres, shelters
    #[arg(long, value_name = "FILE")]
    pub sites: Option<PathBuf>,
    /// Table or map of the exits to use: exits.csv of an earlier run, edited, or your own
    #[arg(long, value_name = "FILE", conflicts_with = "sites")]
    pub exits: Option<PathBuf>,
    /// Farthest that zones and destinations are connected to a road, m [default: 500]
    #[arg(long, value_name = "M")]
    pub join_within: Option<f64>,
    /// Who may use private roads and gates: nobody, those who live behind them (outward only), or everybody
    #[arg(long, value_enum, value_name = "WHO", default_value = "nobody")]
    pub private_roads: PrivateName,
    /// Take stops, give-ways and roundabouts of a map of OpenStreetMap into junctions.csv: the simulation reads it, no plan does
    #[arg(long)]
    pub junctions: bool,
    /// Hazards with times: a map in any format of --area, alerts (CAP, or GeoJSON of api.weather.gov), or active fires of NASA FIRMS (CSV)
    #[arg(long, value_name = "FILE")]
    pub hazards: Option<PathBuf>,
    /// How far around the footprint of each active fire is closed too, m [default: 0]
    #[arg(long, value_name = "M", requires = "hazards", value_parser = number)]
    pub fire_buffer: Option<f64>,
    /// GeoTIFF of the height of the ground, m: with --level a flood
    #[arg(long, value_name = "TIF", requires = "level")]
    pub terrain: Option<PathBuf>,
    /// Level of the water, m above the datum of the terrain, and when it is reached: 12.5, or 10.8@2h,12.5@8h with straight lines between
    #[arg(long, value_name = "M[@TIME]", requires = "terrain", value_delimiter = ',', allow_hyphen_values = true, value_parser = water_level)]
    pub level: Vec<WaterLevel>,
    /// Map of where the water comes from, in any format of --area, lines and points too [default: rivers, canals, coasts of --roads]
    #[arg(long, value_name = "MAP", requires = "terrain")]
    pub water: Option<PathBuf>,
    /// How many zones to make
    #[arg(long, value_name = "N", value_parser = whole::<usize>)]
    pub zone_count: Option<usize>,
    /// By vehicle or on foot
    #[arg(long, value_enum, default_value = "vehicle")]
    pub mode: ModeName,
    /// People per vehicle
    #[arg(long, value_name = "X", value_parser = number)]
    pub people_per_vehicle: Option<f64>,
    /// Mobilization curve: 99 % of people ready after 3 h, 6 h, 9 h, or all at once
    #[arg(long, value_enum)]
    pub release: Option<ReleaseName>,
    /// What kind of situation it is
    #[arg(long, value_enum, default_value = "disaster")]
    pub context: ContextName,
    /// Name of the scenario [default: the folder's]
    #[arg(long)]
    pub name: Option<String>,
    /// RFC 3339 time of time 0
    #[arg(long, value_name = "TIME")]
    pub start: Option<String>,
    /// IANA time zone, for display
    #[arg(long, value_name = "ZONE")]
    pub time_zone: Option<String>,
    /// Planning horizon, e.g. 72h: arrivals after it do not count
    #[arg(long, value_name = "TIME", value_parser = window)]
    pub horizon: Option<i64>,
    #[command(flatten)]
    pub tntp: TntpArgs,
    /// Replace a scenario that is already there
    #[arg(long)]
    pub replace: bool,
}

/// Units of a TNTP network that its file does not state.
#[derive(Debug, Clone, Group)]
#[command(next_help_heading = "Units of a TNTP map, where its file does not state them")]
pub struct TntpArgs {
    /// Unit of length; "drawn": as drawn on the map
    #[arg(long, value_enum, value_name = "UNIT")]
    pub tntp_length_unit: Option<TntpLengthName>,
    /// Unit of free_flow_time
    #[arg(long, value_enum, value_name = "UNIT")]
    pub tntp_time_unit: Option<TntpTimeName>,
    /// Hours in which the stated capacity passes, 24 for vehicles a day
    #[arg(long, value_name = "H", value_parser = number)]
    pub tntp_capacity_hours: Option<f64>,
    /// Unit of coordinates that are no degrees
    #[arg(long, value_enum, value_name = "UNIT")]
    pub tntp_coordinate_unit: Option<TntpPlaneName>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum TntpLengthName {
    Km,
    M,
    Miles,
    Feet,
    Drawn,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum TntpPlaneName {
    Km,
    M,
    Miles,
    Feet,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum TntpTimeName {
    S,
    Min,
    H,
    #[value(name = "0.01h")]
    HundredthH,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PrivateName {
    Nobody,
    Residents,
    Everybody,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum ModeName {
    Vehicle,
    Walk,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum ReleaseName {
    Fast,
    Medium,
    Slow,
    Instant,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum ContextName {
    Disaster,
    ArmedConflict,
    Exercise,
    Other,
}

impl From<ContextName> for clearway_model::Context {
    fn from(name: ContextName) -> Self {
        match name {
            ContextName::Disaster => Self::Disaster,
            ContextName::ArmedConflict => Self::ArmedConflict,
            ContextName::Exercise => Self::Exercise,
            ContextName::Other => Self::Other,
        }
    }
}

#[derive(Debug, Group)]
pub struct ImportArgs {
    /// Road map: .osm.pbf, .osm, .osm.gz, segments of Overture (.parquet), a GMNS folder or X_net.tntp
    pub map: PathBuf,
    /// Folder for node.csv, link.csv, movement.csv
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Also read ways for walkers
    #[arg(long)]
    pub walk: bool,
    /// Also read tracks
    #[arg(long)]
    pub tracks: bool,
    /// Also read private roads
    #[arg(long)]
    pub private_roads: bool,
    #[command(flatten)]
    pub tntp: TntpArgs,
    /// Replace tables that are already there
    #[arg(long)]
    pub replace: bool,
}

#[derive(Debug, Group)]
pub struct CheckArgs {
    /// Scenario folder
    pub dir: PathBuf,
}

#[derive(Debug, Group)]
pub struct ConnectArgs {
    /// Scenario folder
    pub dir: PathBuf,
    /// A site that has moved and is to be joined anew; may be given more than once
    #[arg(long, value_name = "ID")]
    pub site: Vec<String>,
    /// Join all sites anew
    #[arg(long, conflicts_with = "site")]
    pub all_sites: bool,
}

#[derive(Debug, Group)]
pub struct UpgradeArgs {
    /// Scenario folder of an earlier version
    pub dir: PathBuf,
    /// Folder to write [default: the same, in which all other files stay]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Replace that folder if it holds a scenario
    #[arg(long, requires = "out")]
    pub replace: bool,
}

#[derive(Debug, Group)]
pub struct ResolveArgs {
    /// Scenario folder, with hazards.geojson unless a raster is given
    pub dir: PathBuf,
    /// GeoTIFF of the times at which the hazard arrives, counted from the scenario's start
    #[arg(long, value_name = "TIF", conflicts_with = "depth")]
    pub arrival: Option<PathBuf>,
    /// What one unit of it is: s, min, h
    #[arg(long, value_enum, value_name = "UNIT", requires = "arrival")]
    pub unit: Option<UnitName>,
    /// GeoTIFF of water depths in metres: what is at least 0.3 m deep is closed
    #[arg(long, value_name = "TIF")]
    pub depth: Option<PathBuf>,
    /// GeoTIFF of the height of the ground, m: with --level a flood
    #[arg(long, value_name = "TIF", requires = "level", conflicts_with_all = ["arrival", "depth", "until"])]
    pub terrain: Option<PathBuf>,
    /// Level of the water, m above the datum of the terrain, and when it is reached: 12.5, or 10.8@2h,12.5@8h with straight lines between
    #[arg(long, value_name = "M[@TIME]", requires = "terrain", value_delimiter = ',', allow_hyphen_values = true, value_parser = water_level)]
    pub level: Vec<WaterLevel>,
    /// Map of where the water comes from, lines, polygons or points [default: water.geojson of the folder]
    #[arg(long, value_name = "MAP", requires = "terrain")]
    pub water: Option<PathBuf>,
    /// Begin of the depths, after the scenario's start, e.g. 6h [default: 0s]
    #[arg(long, value_name = "TIME", requires = "depth", value_parser = after_start)]
    pub from: Option<i64>,
    /// End of the depths, or how long a hazard stays where it has arrived [default: for good]
    #[arg(long, value_name = "TIME", value_parser = after_start)]
    pub until: Option<i64>,
    /// Id of the hazard of a raster or a terrain; an earlier run with the same id is replaced [default: raster, flood]
    #[arg(long, value_name = "ID")]
    pub hazard_id: Option<String>,
}

/// Units of time.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum UnitName {
    S,
    Min,
    H,
}

/// A level of the water and when it is reached; without a time at the scenario's start.
fn water_level(text: &str) -> Result<WaterLevel, String> {
    let (level, time) = text.split_once('@').map_or((text, None), |(level, time)| (level, Some(time)));
    Ok(WaterLevel {
        level_m: number(level.trim())?,
        at_ms: time.map_or(Ok(0), |time| after_start(time.trim()))?,
    })
}

/// A time after the scenario's start, ms.
fn after_start(text: &str) -> Result<i64, String> {
    i64::try_from(length(text)?).map_err(|_| "expected a shorter time".to_owned())
}

#[derive(Debug, Group)]
pub struct GroupsArgs {
    /// Scenario folder
    pub dir: PathBuf,
    /// Folder for the scenario with groups
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Share of people who leave on foot, 0..1, or with its range LOW..SHARE..HIGH
    #[arg(long, value_name = "SHARE", default_value = "0", value_parser = share)]
    pub walk: [f64; 3],
    /// Share of people who need a seat in a vehicle of the fleet
    #[arg(long, value_name = "SHARE", default_value = "0", value_parser = share)]
    pub seat: [f64; 3],
    /// Share of people who need a wheelchair place
    #[arg(long, value_name = "SHARE", default_value = "0", value_parser = share)]
    pub wheelchair: [f64; 3],
    /// Share of people who need a stretcher
    #[arg(long, value_name = "SHARE", default_value = "0", value_parser = share)]
    pub stretcher: [f64; 3],
    /// Who states the shares; written into sources.csv
    #[arg(long, value_name = "TEXT")]
    pub source: Option<String>,
    /// Who goes first: those who need most help, or zones that a hazard reaches first and in them those who need most help
    #[arg(long, value_enum, value_name = "WHO", default_value = "assistance")]
    pub first: First,
    /// CSV of facilities with people who need the fleet, beside the people of the zones
    #[arg(long, value_name = "CSV")]
    pub facilities: Option<PathBuf>,
    /// CSV of vehicles (fleet.csv)
    #[arg(long, value_name = "CSV")]
    pub fleet: Option<PathBuf>,
    /// Settings of walkers and of the fleet (multimodal.toml)
    #[arg(long, value_name = "TOML")]
    pub settings: Option<PathBuf>,
    /// Replace a scenario that is already there
    #[arg(long)]
    pub replace: bool,
}

/// A share with its ends: `0.07` or `0.05..0.07..0.10`.
fn share(text: &str) -> Result<[f64; 3], String> {
    let parts: Result<Vec<f64>, _> = text.split("..").map(str::parse).collect();
    let found = match parts.as_deref() {
        Ok(&[value]) => [value; 3],
        Ok(&[low, value, high]) => [low, value, high],
        _ => return Err("expected a share such as 0.07, or with its range 0.05..0.07..0.10".to_owned()),
    };
    let is_share = 0.0 <= found[0] && found[0] <= found[1] && found[1] <= found[2] && found[2] <= 1.0;
    if is_share {
        Ok(found)
    } else {
        Err("expected shares between 0 and 1, the ends around the share".to_owned())
    }
}

/// Who is taken first by a fleet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum First {
    Assistance,
    Hazard,
}
