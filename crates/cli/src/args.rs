//! Arguments.

mod ensemble;
mod prepare;
mod propose;
mod replan;
mod report;
mod study;

use crate::typed::{between, length, whole};
use clap::{Args as Group, Parser, Subcommand, ValueEnum};
pub use ensemble::*;
pub use prepare::*;
pub use propose::*;
pub use replan::*;
pub use report::*;
use std::path::PathBuf;
pub use study::*;

/// Evacuation plans, and the bounds no plan can beat.
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
    Demo(DemoArgs),
    /// Make a scenario folder from a road map, an area and a number of people
    New(Box<NewArgs>),
    /// Propose receiving sites, a fleet or places of people out of public data, for people to accept
    Propose(ProposeArgs),
    /// Turn a road map (OSM, GMNS or TNTP) into network tables
    Import(ImportArgs),
    /// List everything that is wrong with a scenario folder, at once
    Check(CheckArgs),
    /// Join sites and zones to the roads again, after sites.csv or zones.csv were edited
    Connect(ConnectArgs),
    /// Turn hazards.geojson into closures of links, nodes, zones and sites
    Resolve(ResolveArgs),
    /// Say how people can move: divide each zone's people into groups, add facilities and a fleet
    Groups(GroupsArgs),
    /// Write a scenario folder of an earlier version as this version has it
    Upgrade(UpgradeArgs),
    /// Make movement orders and prove the bound that no plan can beat
    ///
    /// Ctrl-C ends within about a second and leaves the bound so far, without orders (exit code 1).
    Plan(PlanArgs),
    /// Which interventions would improve the bound, and by how much: each is computed anew and proved
    #[command(alias = "measures")]
    Interventions(InterventionsArgs),
    /// Draw reported departures beside those of a plan; no evidence for or against it
    Observed(ObservedArgs),
    /// Begin a new plan in the middle of one that is being carried out, from what was counted: who is told something else, and what it costs
    ///
    /// Exit code 1: the new plan does not keep its deadline, or leaves people behind who are to leave and have a road.
    Replan(Box<ReplanArgs>),
    /// Make a new plan each time the tables of counts in a folder change, each in a folder of its own
    Watch(Box<WatchArgs>),
    /// Say at which hour, with which counts, no plan can keep a deadline any more
    EarlyWarning(EarlyWarningArgs),
    /// Make up what would be counted if a simulated member came true, to practise replan with: a table that says so in every row
    Exercise(ExerciseArgs),
    /// Recompute a plan folder from its scenario: does what it claims follow?
    Verify(VerifyArgs),
    /// What becomes of a plan's orders on roads on which queues take space
    Simulate(SimulateArgs),
    /// Alternatives side by side: plans of one place, which is dominated, and which zones and roads differ
    Compare(CompareArgs),
    /// Make a report of a plan for those who decide: pages to read and print, in English, Arabic, Spanish or French
    Report(ReportArgs),
    /// Write a plan as files for other programs: GeoPackage, XLSX, KML, GMNS, SUMO, MATSim, GeoParquet, CAP
    Export(ExportArgs),
    /// What becomes of a plan under chance, in parts: many machines, or one after the other
    Ensemble(EnsembleArgs),
    /// One scenario with many figures: how sure an answer is, which input matters most, which interventions are worth their cost
    ///
    /// Exit code 1: more runs could not be made than are allowed; what there is was written.
    Study(StudyArgs),
    /// What people need, place by place and hour by hour, and what is short
    Needs(NeedsArgs),
    /// Check a plan of any origin and completeness against arithmetic, standards and protection criteria
    ///
    /// Exit code 1: a critical criterion is not met or not documented.
    Audit(AuditArgs),
    /// Which figures differ between two audits, and which outcomes that changes
    Diff(DiffArgs),
    /// Open the map application: a page in the browser, from this program alone and without a network
    ///
    /// Only programs on this machine reach it, unless it speaks TLS, itself or by a proxy, and people have accounts.
    Serve(ServeArgs),
    /// Write the JSON Schemas of all files
    Schema(SchemaArgs),
    /// Print a script that completes commands and options in a shell
    Completions(CompletionsArgs),
    /// Write man pages, one for each command
    Manual(ManualArgs),
}

#[derive(Debug, Group)]
pub struct NeedsArgs {
    /// Plan folder
    #[arg(required_unless_present = "people")]
    pub plan: Option<PathBuf>,
    /// Folder to write: index.html, needs.json, tables
    #[arg(long, value_name = "DIR", required_unless_present = "people")]
    pub out: Option<PathBuf>,
    /// What is there: CSV of place_id, kind, item, amount, from_h, until_h
    #[arg(long, value_name = "CSV")]
    pub supplies: Option<PathBuf>,
    /// What trucks can bring, from warehouses and through crossings: CSV of supply_point_id, node_id, item, load, ...
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
    /// Longest stretch without a rest and water point, km [default: 5 on foot, 20 in vehicles]
    #[arg(long, value_name = "KM", value_parser = positive)]
    pub rest_km: Option<f64>,
    /// Minutes people stay at one
    #[arg(long, value_name = "MIN", default_value = "10", value_parser = positive)]
    pub rest_minutes: f64,
    /// Leave out hours of places with fewer than 10 people, places of rest points and paths of convoys; the default in an armed conflict
    #[arg(long, alias = "share-safe", conflicts_with = "exact")]
    pub redacted: bool,
    /// Exact places also in an armed conflict
    #[arg(long = "full", alias = "exact")]
    pub exact: bool,
    /// Print only what this number of people needs
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
pub struct CompareArgs {
    /// Plan folders, two or more; the first is what the others are compared with. Each is verified
    #[arg(required = true, num_args = 2..)]
    pub plans: Vec<PathBuf>,
    /// Folder to write: index.html, alternatives.csv, zones.csv, links.csv
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Simulate each on roads on which queues take space, too
    #[arg(long)]
    pub simulate: bool,
    /// Replace what is already there
    #[arg(long)]
    pub replace: bool,
}

#[derive(Debug, Group)]
pub struct ExportArgs {
    /// Plan folder; it is verified first
    pub plan: PathBuf,
    /// Format: gpkg, xlsx and kml are one file, the others a folder; of a multimodal plan each part is exported, into a folder
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub format: ExportFormatName,
    /// File or folder to write
    #[arg(long, value_name = "FILE|FOLDER")]
    pub out: PathBuf,
    /// Simulate the orders and write what happens to each vehicle, too (matsim)
    #[arg(long)]
    pub events: bool,
    /// Exact places, roads and times also in an armed conflict
    #[arg(long)]
    pub full: bool,
    /// Replace what is already there
    #[arg(long)]
    pub replace: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum ExportFormatName {
    Gpkg,
    Xlsx,
    Kml,
    Gmns,
    Sumo,
    Matsim,
    Geoparquet,
    Cap,
}

#[derive(Debug, Group)]
pub struct DiffArgs {
    /// Audit folder
    pub before: PathBuf,
    /// Another one
    pub after: PathBuf,
}

#[derive(Debug, Group)]
pub struct AuditArgs {
    /// blueprint.toml, a plan folder (or its plan.json), or a table of movements (CSV, XLSX, ODS)
    #[arg(required_unless_present_any = ["form", "rules"])]
    pub blueprint: Option<PathBuf>,
    /// Folder to write: index.html, audit.json, findings.csv and, with a map, the bound with its proof
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
    #[arg(long, alias = "share-safe", conflicts_with = "exact")]
    pub redacted: bool,
    /// Exact places and small groups also in an armed conflict
    #[arg(long = "full", alias = "exact")]
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

#[derive(Debug, Group)]
pub struct ServeArgs {
    /// Folder with the projects; made where there is none
    #[arg(default_value = "clearway-projects", value_name = "FOLDER")]
    pub folder: PathBuf,
    /// Port; 0 for any that is free
    #[arg(long, default_value_t = 8080, value_name = "P")]
    pub port: u16,
    /// Address on which to listen; others than this machine's own need accounts and --tls-cert or --behind-proxy
    #[arg(long, default_value = "127.0.0.1", value_name = "IP")]
    pub address: std::net::IpAddr,
    /// Name by which browsers call the proxy that speaks TLS and passes requests on
    #[arg(long, value_name = "NAME")]
    pub behind_proxy: Option<String>,
    /// Certificate for TLS with those up to its authority (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// Private key of the certificate (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// Name by which browsers call this server; may be given several times
    #[arg(long, value_name = "NAME", requires = "tls_cert")]
    pub tls_name: Vec<String>,
    /// Have a project of the example in Helsinki, planned, simulated and audited
    #[arg(long)]
    pub demo: bool,
    /// Jobs that run at the same time
    #[arg(long, default_value_t = 1, value_name = "N", value_parser = whole::<usize>)]
    pub workers: usize,
    /// Threads of one job; the results do not depend on it [default: all]
    #[arg(long, value_name = "N", value_parser = whole::<usize>)]
    pub threads: Option<usize>,
    /// Memory that one job may use, e.g. 4GiB, 800MB [default: what is available]
    #[arg(long, value_name = "SIZE", value_parser = crate::memory::size)]
    pub memory: Option<bytesize::ByteSize>,
    /// Largest file that is taken
    #[arg(long, default_value = "4GiB", value_name = "SIZE", value_parser = crate::memory::size)]
    pub most_upload: bytesize::ByteSize,
    /// Make an account of an admin, whose password is read from standard input, and end; from then on everybody signs in
    #[arg(long, value_name = "NAME")]
    pub add_admin: Option<String>,
    /// Print the description of the interface (OpenAPI) and end
    #[arg(long, conflicts_with_all = ["demo", "add_admin"])]
    pub openapi: bool,
}

fn share(text: &str) -> Result<f64, String> {
    let expected = || "a number from 0.1 to 1".to_owned();
    text.parse::<f64>().ok().filter(|share| (0.1..=1.0).contains(share)).ok_or_else(expected)
}

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
pub struct DemoArgs {
    /// helsinki (with one route per zone, if none are given), rafah-2024 or one-road
    #[arg(default_value = "helsinki")]
    pub example: String,
    /// Folder to write; an earlier demo in it is replaced
    #[arg(long, default_value = "clearway-demo", value_name = "DIR")]
    pub out: PathBuf,
    #[command(flatten)]
    pub orders: OrderArgs,
    #[command(flatten)]
    pub run: RunArgs,
}

/// How to make orders.
#[derive(Debug, Clone, Group)]
pub struct OrderArgs {
    /// Most routes per zone, or "unlimited" [default: 3]
    #[arg(long, value_name = "N", value_parser = routes)]
    pub routes_per_zone: Option<Routes>,
    /// Length of a departure window, e.g. 15min, 1h
    #[arg(long, default_value = "15min", value_name = "TIME", value_parser = window)]
    pub window: i64,
    /// Whether queues take space on the road: orders whose queues fit there, or orders for queues on top of each other, which are sooner
    /// on paper and later on the road
    #[arg(long, value_enum, value_name = "HOW", default_value = "take-space")]
    pub queues: OrderQueues,
    /// Share of each road's capacity that orders use, 0.1 to 1: less leaves room for what does not go as ordered [default: all, but for a
    /// little where roads merge]
    #[arg(long, value_name = "SHARE", value_parser = share)]
    pub capacity_share: Option<f64>,
    /// One way out of each junction (convergent routes)
    #[arg(long)]
    pub convergent: bool,
    /// Search effort for better orders, 1 to 100 times the usual
    #[arg(long, default_value = "1", value_name = "N", value_parser = between::<u32, 1, 100>)]
    pub effort: u32,
    /// People per packet in the network loading: fewer is more exact and takes longer [default: those of a vehicle, or a
    /// hundred-thousandth of all]
    #[arg(long, alias = "platoon", value_name = "PEOPLE", value_parser = between::<i64, 1, 10_000>)]
    pub packet: Option<i64>,
    /// Compute also what round windows (1, 5, 15, 30 min) cost, and that queues fit on their roads
    #[arg(long)]
    pub prices: bool,
    /// Stay close to an earlier plan: begin with its routes and change only what brings a clear gain
    #[arg(long, value_name = "PLAN", conflicts_with = "convergent")]
    pub like: Option<PathBuf>,
}

/// Whether queues take space when orders are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OrderQueues {
    TakeSpace,
    IgnoreSpace,
}

/// What a run may take, and how it tells how far it is.
#[derive(Debug, Clone, Group)]
pub struct RunArgs {
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

/// Most routes per zone where nobody says how many: as few as close most of the gap to the bound.
const USUAL_ROUTES: u32 = 3;

impl OrderArgs {
    /// Most routes per zone; `None`: any number.
    pub fn most_routes(&self) -> Option<u32> {
        self.routes_per_zone.unwrap_or(Routes(Some(USUAL_ROUTES))).0
    }
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
pub struct PlanArgs {
    /// Scenario folder
    pub dir: PathBuf,
    /// Folder to write
    #[arg(long, value_name = "PLAN")]
    pub out: PathBuf,
    #[command(flatten)]
    pub orders: OrderArgs,
    #[command(flatten)]
    pub run: RunArgs,
    /// Prove the bound and make no orders
    #[arg(long, alias = "limit-only", conflicts_with_all = ["window", "queues", "convergent", "effort", "packet", "prices", "like"])]
    #[arg(long, alias = "limit-only", conflicts_with_all = ["window", "queues", "convergent", "effort", "packet", "like", "capacity_share"])]
    pub bound_only: bool,
    /// Orders that do well under chance: try some that use less of each road's capacity, simulate each with so many members, take the best
    #[arg(long, value_name = "MEMBERS", conflicts_with_all = ["bound_only", "capacity_share"], value_parser = between::<u32, 1, 1_000_000>)]
    pub robust: Option<u32>,
    #[command(flatten)]
    pub chance: ChanceArgs,
    /// Replace a plan that is already there
    #[arg(long)]
    pub replace: bool,
}

#[derive(Debug, Group)]
pub struct ObservedArgs {
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
pub struct InterventionsArgs {
    /// Scenario folder
    pub dir: PathBuf,
    /// Folder to write
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// How many interventions on roads, destinations and windows to try
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = whole::<usize>)]
    pub most: usize,
    /// How many places for a new road or bridge of at most 1 km to try
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = whole::<usize>)]
    pub bridges: usize,
    /// A new road or bridge between two junctions, by their node ids; may be given more than once
    #[arg(long, value_name = "NODE:NODE")]
    pub bridge: Vec<String>,
    #[command(flatten)]
    pub run: RunArgs,
    /// Replace an earlier list
    #[arg(long)]
    pub replace: bool,
}

#[derive(Debug, Group)]
pub struct VerifyArgs {
    /// Plan folder, a ZIP archive of one, or a project of the map application (ZIP), each of whose plans is checked
    pub plan: PathBuf,
    /// Scenario folder, or a ZIP archive of one [default: the copy inside the plan folder]
    #[arg(long, value_name = "DIR")]
    pub scenario: Option<PathBuf>,
}

#[derive(Debug, Group)]
pub struct SchemaArgs {
    /// Folder to write
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}

#[derive(Debug, Group)]
pub struct CompletionsArgs {
    /// Which shell
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}

#[derive(Debug, Group)]
pub struct ManualArgs {
    /// Folder to write
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}

#[derive(Debug, Group)]
pub struct SimulateArgs {
    /// Plan folder; with --baseline a scenario folder
    #[arg(value_name = "PLAN")]
    pub folder: PathBuf,
    /// Take a scenario instead of a plan: everybody leaves as soon as they are ready, by the shortest way
    #[arg(long)]
    pub baseline: bool,
    /// Leave out what would come of it if everybody took the shortest way at once; halves the time
    #[arg(long, conflicts_with = "baseline")]
    pub no_baseline: bool,
    /// Let junctions hold nobody up, also where the scenario has a junctions.csv
    #[arg(long, conflicts_with_all = ["members", "member", "lose"])]
    pub no_junctions: bool,
    /// Folder to write: index.html, simulation.json, links.csv, curve.csv
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Simulate so many members under chance as well: people who do not all do as ordered, roads that break, figures within their ranges
    #[arg(long, value_name = "N", conflicts_with = "baseline", value_parser = between::<u32, 1, 10_000_000>)]
    pub members: Option<u32>,
    /// Simulate one member under chance instead, to look at it
    #[arg(long, value_name = "NUMBER", conflicts_with_all = ["baseline", "members", "no_baseline"], value_parser = whole::<u32>)]
    pub member: Option<u32>,
    /// Simulate the plan as well without each of the N links that most people pass, and without each site, one at a time
    #[arg(long, value_name = "N", conflicts_with_all = ["baseline", "member"], value_parser = between::<u32, 1, 10_000>)]
    pub lose: Option<u32>,
    /// When they are lost, after the start
    #[arg(long, value_name = "TIME", default_value = "0s", requires = "lose", value_parser = length)]
    pub lose_at: u128,
    #[command(flatten)]
    pub chance: ChanceArgs,
    #[command(flatten)]
    pub road: RoadArgs,
    /// Replace what is already there
    #[arg(long)]
    pub replace: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum QueuesName {
    Spatial,
    Vertical,
}
