//! Arguments.

use crate::typed::{between, length, number, whole};
use clap::{Args as Group, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Evacuation plans, and the limits no plan can beat.
///
/// Exit codes: 0 done, 1 does not hold or ended early, 2 bad input.
#[derive(Debug, Parser)]
#[command(name = "clearway", version, about, max_term_width = 110)]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the whole path on an example that is built in, and say in words what came out
    Demo(Demo),
    /// Make a scenario folder from a road map, an area and a number of people
    New(Box<New>),
    /// Turn a road map (OSM, GMNS or TNTP) into network tables
    Import(Import),
    /// List everything that is wrong with a scenario folder, at once
    Check(Check),
    /// Join sites and zones to the roads again, after sites.csv or zones.csv were edited
    Connect(Connect),
    /// Turn hazards.geojson into closures of links, nodes, zones and sites
    Resolve(Resolve),
    /// Say how people can move: divide each zone's people into groups, add facilities and a fleet
    Groups(Groups),
    /// Make movement orders and prove the limit that no plan can beat
    ///
    /// Ctrl-C ends within about a second and leaves the limit so far, without orders (exit code 1).
    Plan(Plan),
    /// Which measures would raise the limit, and by how much: each is computed anew and proved
    Measures(Measures),
    /// Draw reported departures beside those of a plan; no evidence for or against it
    Observed(Observed),
    /// Recompute a plan folder from its scenario: does what it claims follow?
    Verify(Verify),
    /// What people need, place by place and hour by hour, and what is short
    Needs(Needs),
    /// Put somebody else's plan, of any completeness, to arithmetic, standards and protection conditions
    ///
    /// Exit code 1: a condition that decides is not met or not shown.
    Audit(Audit),
    /// Which figures differ between two audits, and which outcomes that changes
    Diff(Diff),
    /// Write the JSON Schemas of all files
    Schema(Schema),
}

#[derive(Debug, Group)]
pub struct Needs {
    /// Plan folder
    #[arg(required_unless_present = "people")]
    pub plan: Option<PathBuf>,
    /// Folder to write: index.html, needs.json, tables
    #[arg(long, value_name = "DIR", required_unless_present = "people")]
    pub out: Option<PathBuf>,
    /// What is there: CSV of place_id, kind, item, amount, from_h, until_h
    #[arg(long, value_name = "CSV")]
    pub supplies: Option<PathBuf>,
    /// What trucks can bring, from warehouses and through crossings: CSV of gate_id, node_id, item, load, ...
    #[arg(long, value_name = "CSV")]
    pub aid: Option<PathBuf>,
    /// Passenger-car units of a truck
    #[arg(long, value_name = "PCU", default_value = "2", value_parser = positive)]
    pub truck_pcu: f64,
    /// Hours to load a truck
    #[arg(long, value_name = "H", default_value = "1", value_parser = positive)]
    pub load_h: f64,
    /// Hours to unload a truck
    #[arg(long, value_name = "H", default_value = "1.5", value_parser = positive)]
    pub unload_h: f64,
    /// Longest way without a rest and water point, km [default: 5 on foot, 20 in vehicles]
    #[arg(long, value_name = "KM", value_parser = positive)]
    pub rest_km: Option<f64>,
    /// Minutes people stay at one
    #[arg(long, value_name = "MIN", default_value = "10", value_parser = positive)]
    pub rest_minutes: f64,
    /// Leave out hours of places with fewer than 10 people, places of rest points and ways of convoys; the default in an armed conflict
    #[arg(long, conflicts_with = "exact")]
    pub share_safe: bool,
    /// Exact places also in an armed conflict
    #[arg(long)]
    pub exact: bool,
    /// Only print what so many people need
    #[arg(long, value_name = "N", value_parser = between::<i64, 0, 10_000_000_000>)]
    pub people: Option<i64>,
    /// Standards for cold places, or not
    #[arg(long, value_enum, value_name = "CLIMATE", default_value = "warm")]
    pub climate: ClimateName,
    /// Replace what is already there
    #[arg(long)]
    pub replace: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum ClimateName {
    Warm,
    Cold,
}

#[derive(Debug, Group)]
pub struct Diff {
    /// Audit folder
    pub before: PathBuf,
    /// Another one
    pub after: PathBuf,
}

#[derive(Debug, Group)]
pub struct Audit {
    /// blueprint.toml, a plan folder (or its plan.json), or a table of movements (CSV, XLSX, ODS)
    #[arg(required_unless_present_any = ["form", "rules"])]
    pub blueprint: Option<PathBuf>,
    /// Folder to write: index.html, audit.json, findings.csv and, with a map, the limit with its proof
    #[arg(long, value_name = "DIR", required_unless_present_any = ["form", "rules"])]
    pub out: Option<PathBuf>,
    /// What would it take by this time? E.g. 14d; replaces the length claimed
    #[arg(long, value_name = "TIME", value_parser = deadline)]
    pub deadline: Option<f64>,
    /// What is there by place, beside a plan folder: CSV as for clearway needs
    #[arg(long, value_name = "CSV")]
    pub supplies: Option<PathBuf>,
    /// What trucks can bring, beside a plan folder: CSV as for clearway needs
    #[arg(long, value_name = "CSV")]
    pub aid: Option<PathBuf>,
    /// Only look at the rules of a profile: ete, camp, wildfire, conflict, or a file; adds to those in the blueprint
    #[arg(long, value_name = "NAME")]
    pub profile: Vec<String>,
    /// Kind of situation, where a table of movements is given by itself
    #[arg(long, value_enum, value_name = "CONTEXT")]
    pub context: Option<ContextName>,
    /// Write nothing that holds exact places, and no group of fewer than 10 people; the default in an armed conflict
    #[arg(long, conflicts_with = "exact")]
    pub share_safe: bool,
    /// Exact places and small groups also in an armed conflict
    #[arg(long)]
    pub exact: bool,
    /// Print an empty blueprint that asks for everything
    #[arg(long)]
    pub form: bool,
    /// Print all rules as a table
    #[arg(long, conflicts_with = "form")]
    pub rules: bool,
    /// Replace an audit that is already there
    #[arg(long)]
    pub replace: bool,
}

/// Days.
fn positive(text: &str) -> Result<f64, String> {
    text.parse::<f64>()
        .ok()
        .filter(|x| x.is_finite() && *x > 0.0)
        .ok_or_else(|| "a number above 0".to_owned())
}

fn deadline(text: &str) -> Result<f64, String> {
    let expected = || "expected a length of time from 1h to 1000d, e.g. 14d".to_owned();
    let hours = length(text).map_err(|why| format!("{}: {why}", expected()))? as f64 / 3_600_000.0;
    if (1.0..=24_000.0).contains(&hours) { Ok(hours / 24.0) } else { Err(expected()) }
}

#[derive(Debug, Group)]
pub struct Demo {
    /// rafah-2024 or one-road
    #[arg(default_value = "rafah-2024")]
    pub example: String,
    /// Folder to write; an earlier demo in it is replaced
    #[arg(long, default_value = "clearway-demo", value_name = "DIR")]
    pub out: PathBuf,
    #[command(flatten)]
    pub how: How,
}

/// How to plan.
#[derive(Debug, Clone, Group)]
pub struct How {
    /// Most routes per zone, or "unlimited"
    #[arg(long, default_value = "3", value_name = "N", value_parser = routes)]
    pub routes_per_zone: Routes,
    /// Length of a departure window, e.g. 15min, 1h
    #[arg(long, default_value = "15min", value_name = "TIME", value_parser = window)]
    pub window: i64,
    /// At a junction everyone leaves the same way
    #[arg(long)]
    pub convergent: bool,
    /// Look this many times as long for better orders, 1 to 100
    #[arg(long, default_value = "1", value_name = "N", value_parser = between::<u32, 1, 100>)]
    pub effort: u32,
    /// People who move together in the replay: fewer, and all times are more exact and take longer [default: those of a vehicle, or a
    /// hundred-thousandth of all]
    #[arg(long, value_name = "PEOPLE", value_parser = between::<i64, 1, 10_000>)]
    pub platoon: Option<i64>,
    /// Stay close to an earlier plan: begin with its routes and change only what brings a clear gain
    #[arg(long, value_name = "PLAN", conflicts_with = "convergent")]
    pub like: Option<PathBuf>,
    /// Threads; the results do not depend on it [default: all]
    #[arg(long, value_name = "N", value_parser = whole::<usize>)]
    pub threads: Option<usize>,
    /// Memory that may be used, e.g. 4GiB, 800MB [default: what is available]
    #[arg(long, value_name = "SIZE", value_parser = crate::memory::size)]
    pub memory: Option<bytesize::ByteSize>,
    /// Progress on standard error: a bar on a terminal, or a line per stage
    #[arg(long, value_enum, value_name = "HOW", default_value = "auto")]
    pub progress: ProgressName,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ProgressName {
    Auto,
    Plain,
}

/// A number of routes, or no limit.
#[derive(Debug, Clone, Copy)]
pub struct Routes(pub Option<u32>);

fn routes(text: &str) -> Result<Routes, String> {
    if text == "unlimited" {
        return Ok(Routes(None));
    }
    match text.parse::<u32>() {
        Ok(n) if n > 0 => Ok(Routes(Some(n))),
        _ => Err("expected a whole number from 1, or \"unlimited\"".to_owned()),
    }
}

fn window(text: &str) -> Result<i64, String> {
    let expected = || "expected a length of time from 1s to 30d, e.g. 15min".to_owned();
    let ms = length(text).map_err(|why| format!("{}: {why}", expected()))?;
    if !(1000..=30 * 86_400_000).contains(&ms) {
        return Err(expected());
    }
    i64::try_from(ms).map_err(|_| expected())
}

#[derive(Debug, Group)]
pub struct New {
    /// Folder to make
    pub dir: PathBuf,
    /// Road map: .osm.pbf, .osm, .osm.gz, a GMNS folder or X_net.tntp
    #[arg(long, value_name = "MAP")]
    pub roads: PathBuf,
    /// GeoJSON polygon of the area that people leave
    #[arg(long, value_name = "GEOJSON", required_unless_present = "zones")]
    pub area: Option<PathBuf>,
    /// How many people are there
    #[arg(long, value_name = "N", value_parser = whole::<i64>)]
    pub people: Option<i64>,
    /// Low end of the range of --people
    #[arg(long, value_name = "N", requires = "people", value_parser = whole::<i64>)]
    pub people_low: Option<i64>,
    /// High end of the range of --people
    #[arg(long, value_name = "N", requires = "people", value_parser = whole::<i64>)]
    pub people_high: Option<i64>,
    /// Where people are: CSV of points (lon, lat, people) or a GeoTIFF of counts per cell
    #[arg(long, value_name = "CSV")]
    pub population: Option<PathBuf>,
    /// GeoJSON of zones with names, p-codes and counts
    #[arg(long, value_name = "GEOJSON")]
    pub zones: Option<PathBuf>,
    /// GeoJSON or CSV of receiving sites
    #[arg(long, value_name = "FILE")]
    pub sites: Option<PathBuf>,
    /// CSV or GeoJSON of the ways out to use: exits.csv of an earlier run, edited, or your own
    #[arg(long, value_name = "FILE", conflicts_with = "sites")]
    pub exits: Option<PathBuf>,
    /// Farthest that people and sites are joined to a road, m [default: 500]
    #[arg(long, value_name = "M")]
    pub join_within: Option<f64>,
    /// Who may use private roads and gates: nobody, those who live behind them (outward only), or everybody
    #[arg(long, value_enum, value_name = "WHO", default_value = "nobody")]
    pub private_roads: PrivateName,
    /// GeoJSON of hazards with times
    #[arg(long, value_name = "GEOJSON")]
    pub hazards: Option<PathBuf>,
    /// How many zones to make
    #[arg(long, value_name = "N", value_parser = whole::<usize>)]
    pub zone_count: Option<usize>,
    /// By vehicle or on foot
    #[arg(long, value_enum, default_value = "vehicle")]
    pub mode: ModeName,
    /// People per vehicle
    #[arg(long, value_name = "X", value_parser = number)]
    pub people_per_vehicle: Option<f64>,
    /// How quickly people become ready: 99 % after 3 h, 6 h, 9 h, or everyone at once
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
    /// Nothing after this counts, e.g. 72h
    #[arg(long, value_name = "TIME", value_parser = window)]
    pub horizon: Option<i64>,
    #[command(flatten)]
    pub tntp: Tntp,
    /// Replace a scenario that is already there
    #[arg(long)]
    pub replace: bool,
}

/// Units of a TNTP network that its file does not state.
#[derive(Debug, Clone, Group)]
#[command(next_help_heading = "Units of a TNTP map, where its file does not state them")]
pub struct Tntp {
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
pub struct Import {
    /// Road map: .osm.pbf, .osm, .osm.gz, a GMNS folder or X_net.tntp
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
    pub tntp: Tntp,
    /// Replace tables that are already there
    #[arg(long)]
    pub replace: bool,
}

#[derive(Debug, Group)]
pub struct Check {
    /// Scenario folder
    pub dir: PathBuf,
}

#[derive(Debug, Group)]
pub struct Connect {
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
pub struct Resolve {
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
    /// Begin of the depths, after the scenario's start, e.g. 6h [default: 0s]
    #[arg(long, value_name = "TIME", requires = "depth", value_parser = after_start)]
    pub from: Option<i64>,
    /// End of the depths, or how long a hazard stays where it has arrived [default: for good]
    #[arg(long, value_name = "TIME", value_parser = after_start)]
    pub until: Option<i64>,
    /// Id of the raster's hazard; an earlier run with the same id is replaced
    #[arg(long, value_name = "ID", default_value = "raster")]
    pub hazard_id: String,
}

/// Units of time.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum UnitName {
    S,
    Min,
    H,
}

/// A time after the scenario's start, ms.
fn after_start(text: &str) -> Result<i64, String> {
    i64::try_from(length(text)?).map_err(|_| "expected a shorter time".to_owned())
}

#[derive(Debug, Group)]
pub struct Groups {
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
    /// Settings of walkers and of the fleet (everyone.toml)
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

#[derive(Debug, Group)]
pub struct Plan {
    /// Scenario folder
    pub dir: PathBuf,
    /// Folder to write
    #[arg(long, value_name = "PLAN")]
    pub out: PathBuf,
    #[command(flatten)]
    pub how: How,
    /// Prove the limit and make no orders
    #[arg(long)]
    pub limit_only: bool,
    /// Replace a plan that is already there
    #[arg(long)]
    pub replace: bool,
}

#[derive(Debug, Group)]
pub struct Observed {
    /// Plan folder
    pub plan: PathBuf,
    /// Reported counts: CSV or spreadsheet of date, left_people, left_people_low, left_people_high, source, url
    pub counts: PathBuf,
    /// Folder to write
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Replace what is already there
    #[arg(long)]
    pub replace: bool,
}

#[derive(Debug, Group)]
pub struct Measures {
    /// Scenario folder
    pub dir: PathBuf,
    /// Folder to write
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// How many measures on roads, sites and windows to try
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = whole::<usize>)]
    pub most: usize,
    /// How many places for a new road or bridge of at most 1 km to try
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = whole::<usize>)]
    pub bridges: usize,
    /// A new road or bridge between two junctions, by their node ids; may be given more than once
    #[arg(long, value_name = "NODE:NODE")]
    pub bridge: Vec<String>,
    #[command(flatten)]
    pub how: How,
    /// Replace an earlier list
    #[arg(long)]
    pub replace: bool,
}

#[derive(Debug, Group)]
pub struct Verify {
    /// Plan folder
    pub plan: PathBuf,
    /// Scenario folder [default: the copy inside the plan folder]
    #[arg(long, value_name = "DIR")]
    pub scenario: Option<PathBuf>,
}

#[derive(Debug, Group)]
pub struct Schema {
    /// Folder to write
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}
