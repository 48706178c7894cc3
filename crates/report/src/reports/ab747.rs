//! The evacuation part of a Californian safety element (Government Code 65302.15, Assembly Bills 747 and 1409, and Senate Bill 99): routes
//! with capacity, viability by scenario, zones with one way out, locations, bottlenecks, and what only the county can fill in.

mod map;
mod routes;
mod single_access;
mod whole;

use super::form::{FormContent, FormWriter};
use super::form_parts::Assumed;
use super::form_plan::{FormPlan, frame_settings};
use super::frame::{ReportFrame, ReportOrigin, render_report};
use super::local::LocalFormat;
use super::messages::{Language, Messages};
use crate::clock::ScenarioClock;
use crate::lookup::RowLookup;
use crate::{MapShapes, ReportError};

/// Where a street row begins or ends.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StreetEnd {
    /// Id of the junction.
    pub node_id: String,
    /// Names of the other roads there, or that of the junction; may be empty.
    pub name: String,
}

/// What one plan does on a street in one direction.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StreetUse {
    /// Most people on any of its links.
    pub people: i64,
    /// The same in passenger-car units (on foot: people).
    pub demand: f64,
    /// Most that enter one of its links in one hour, the same unit.
    pub peak_h: f64,
    /// Largest share of what a link takes after its reservation that enters it in one hour.
    pub volume_capacity: f64,
    /// When the first enters, s.
    pub first_s: Option<f64>,
    /// When the last enters, s.
    pub last_s: Option<f64>,
    /// Hazards that close one of its links or junctions, by name, with the first time, s.
    pub hazards: Vec<(String, f64)>,
}

/// A stretch of street in one direction that some plan uses: links of one name that follow each other.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StreetRow {
    /// Name, may be empty.
    pub street: String,
    /// Class of the road.
    pub facility_type: String,
    /// Where it begins.
    pub from: StreetEnd,
    /// Where it ends.
    pub to: StreetEnd,
    /// Its links, in the direction of travel.
    pub links: Vec<String>,
    /// Length, m.
    pub length_m: f64,
    /// Fewest and most lanes; `None`: not given.
    pub lanes: Option<(f64, f64)>,
    /// Slowest and fastest free speed, km/h; `None`: not given.
    pub speed_kmh: Option<(f64, f64)>,
    /// Least capacity of a link, before anything is reserved on it, passenger-car units per hour (on foot: people per hour).
    pub capacity_h: f64,
    /// Per plan; `None`: its scenario has no such links.
    pub uses: Vec<Option<StreetUse>>,
}

/// Something that all ways out of a zone pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedPlaces {
    /// Names of the roads or junctions, each once.
    pub names: Vec<String>,
    /// Their ids.
    pub ids: Vec<String>,
}

/// A way out of a zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownWay {
    /// Roads in the order of travel, each once in a row.
    pub roads: String,
    /// Links in the order of travel.
    pub links: Vec<String>,
    /// Site at whose road it ends.
    pub site: String,
}

/// Ways out of a zone at some time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaysShown {
    /// Ways without a common road, at least and at most.
    pub roads: (usize, usize),
    /// Ways without a common junction, at least and at most.
    pub junctions: (usize, usize),
    /// Whether a site is where the zone comes onto the roads.
    pub needs_no_road: bool,
    /// The road that all ways share, of a zone with one.
    pub shared_roads: SharedPlaces,
    /// The junction that all ways share, of a zone with one.
    pub shared_junctions: SharedPlaces,
    /// Roads that hazards have closed and that would lead on, of a zone without a way.
    pub closed: SharedPlaces,
    /// The ways without a common road.
    pub ways: Vec<ShownWay>,
}

/// How people can get out of a zone.
#[derive(Debug, Clone, PartialEq)]
pub struct ZoneAccess {
    /// Id of the zone.
    pub zone_id: String,
    /// People there.
    pub people: i64,
    /// With all roads open.
    pub open: WaysShown,
    /// Without those that hazards ever close.
    pub closed: WaysShown,
    /// From when on there are fewer than two ways without a common road, s; `None`: not because of a hazard.
    pub single_from_s: Option<f64>,
    /// From when on there is none, s.
    pub none_from_s: Option<f64>,
    /// When the last of the zone could have arrived if nobody else were on the roads, s: ready by the mobilization curve, the fastest way
    /// that is open; `None`: not within the horizon.
    pub earliest_s: Option<f64>,
}

/// What an intervention gains, as `interventions.csv` has it.
#[derive(Debug, Clone, PartialEq)]
pub struct InterventionRow {
    /// What is changed.
    pub intervention: String,
    /// How much earlier 90 % and all can have arrived, s.
    pub gain_s: [Option<f64>; 2],
    /// Person-hours fewer.
    pub person_hours: Option<f64>,
    /// People more by the end of the horizon.
    pub arrived: Option<i64>,
}

/// All that the report is made of. The first plan is the one of routes, zones and bottlenecks.
#[derive(Debug, Clone)]
pub struct Ab747Facts<'a> {
    /// The plans, each of one scenario; at least one.
    pub plans: Vec<FormPlan<'a>>,
    /// Shapes of the first.
    pub shapes: &'a MapShapes,
    /// Streets that some plan uses, those with most people first.
    pub streets: Vec<StreetRow>,
    /// Ways out of the zones of the first.
    pub access: Vec<ZoneAccess>,
    /// What was tried; empty: no folder was given.
    pub interventions: Vec<InterventionRow>,
    /// Where the report comes from.
    pub origin: ReportOrigin<'a>,
}

/// What the sections are written with.
struct Ab747Writer<'a> {
    form: FormWriter<'a>,
    /// The same for each plan, with the clock of its own scenario.
    forms: Vec<FormWriter<'a>>,
    facts: &'a Ab747Facts<'a>,
    first: &'a FormPlan<'a>,
    lookup: RowLookup<'a>,
}

/// The page in a language.
///
/// # Errors
/// If a built-in template or message is not what it should be, or there is no plan.
pub fn ab747_report_page(facts: &Ab747Facts<'_>, language: Language) -> Result<Vec<u8>, ReportError> {
    let messages = Messages::new(language, &["form", "ab747"])?;
    let missing = || ReportError::Message { key: "ab747.plans".to_owned(), language: language.code() };
    let first = facts.plans.first().ok_or_else(missing)?;
    let clocks: Vec<ScenarioClock> =
        facts.plans.iter().map(|plan| ScenarioClock::new(&plan.scenario.settings)).collect();
    let locals: Vec<LocalFormat<'_>> =
        clocks.iter().map(|clock| LocalFormat::new(&messages, clock)).collect::<Result<_, _>>()?;
    let local = locals.first().ok_or_else(missing)?;
    let form = |local| FormWriter { section: "ab747", messages: &messages, local };
    let writer = Ab747Writer {
        form: form(local),
        forms: locals.iter().map(form).collect(),
        facts,
        first,
        lookup: RowLookup::new(first.scenario, Some(facts.shapes)),
    };
    let sections = vec![
        writer.form.section("basis")?,
        writer.viability()?,
        writer.map()?,
        writer.routes()?,
        writer.routes_by_scenario()?,
        writer.single_access()?,
        writer.two_ways()?,
        writer.clearance()?,
        writer.locations()?,
        writer.bottlenecks()?,
        writer.county()?,
        writer.form.assumptions(&Assumed::of_plans(&facts.plans))?,
        writer.form.plans(&facts.plans)?,
    ];
    let about = messages.text("ab747.about")?;
    let settings = frame_settings(first, &facts.plans);
    let frame = ReportFrame::new(&messages, local, &settings, &facts.origin, about)?;
    render_report("form.html", &messages, &frame, &FormContent { sections })
}
