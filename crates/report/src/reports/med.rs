//! The fields of a plan for a mass evacuation in a disaster, as the guide of the global cluster for camp coordination and camp management
//! (MED, 2024) asks for them: what the computation knows is filled in, what people have to decide is left open.

mod people;
mod places;

use super::form::{FormContent, FormSection, FormWriter};
use super::form_parts::Assumed;
use super::frame::{Html, ReportFrame, ReportOrigin, render_report};
use super::local::LocalFormat;
use super::messages::{Language, Messages};
use super::rows::ReportedSite;
use crate::clock::ScenarioClock;
use crate::lookup::RowLookup;
use crate::{MapShapes, ReportError};
use clearway_model::{FleetFigures, Means, MeansFigures, People, PlanAndBound, Scenario, Summary};

/// What a hazard closes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MedHazard {
    /// Its name, as the closures say it; may be empty.
    pub cause: String,
    /// When it first closes something, s.
    pub from_s: f64,
    /// Links that it closes.
    pub links: usize,
    /// Junctions that it closes.
    pub nodes: usize,
    /// Zones that it reaches.
    pub zones: usize,
    /// Destinations that it closes.
    pub sites: usize,
}

/// People of a zone who can leave by the same means.
#[derive(Debug, Clone, PartialEq)]
pub struct MedGroup {
    /// How they can leave.
    pub means: Means,
    /// How many they are.
    pub people: i64,
    /// Of them, people entered as staying.
    pub staying: i64,
}

/// A zone with its people and what becomes of them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MedZone {
    /// Its id.
    pub zone_id: String,
    /// People there at the start.
    pub people: i64,
    /// Of them, people entered as staying.
    pub staying: i64,
    /// Its groups; empty: not told apart.
    pub groups: Vec<MedGroup>,
    /// People who arrive.
    pub arrived: i64,
    /// When the first leave, s.
    pub first_departure_s: Option<f64>,
    /// When the last arrive, s.
    pub last_arrival_s: Option<f64>,
    /// Junctions at which people come onto the roads: names, or ids.
    pub loading_points: Vec<String>,
}

/// Latest moments at which a zone could still be ordered out, s.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MedOrder {
    /// Id of the zone.
    pub zone_id: String,
    /// When a hazard closes it, or its last way out.
    pub hazard_s: Option<f64>,
    /// Under no plan later than this.
    pub latest_bound_s: Option<f64>,
    /// Under this plan no later than this.
    pub latest_plan_s: Option<f64>,
}

/// People of a zone who go to a site by the same means.
#[derive(Debug, Clone, PartialEq)]
pub struct MedRoute {
    /// Id of the zone.
    pub zone_id: String,
    /// Id of the site.
    pub site_id: String,
    /// By which means; `None`: the class of the scenario.
    pub means: Option<Means>,
    /// Main roads of the route with most people.
    pub via: String,
    /// How many they are.
    pub people: i64,
    /// When the first leave, s.
    pub from_s: f64,
    /// When the last have left, s.
    pub until_s: f64,
}

/// Trips of one type of vehicle.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MedTransport {
    /// Id of the type.
    pub vehicle_type_id: String,
    /// What it is called, may be empty.
    pub name: String,
    /// How many vehicles there are.
    pub vehicles: i64,
    /// Vehicles with at least one trip.
    pub used: i64,
    /// Trips with passengers.
    pub trips: i64,
    /// People on seats, in wheelchair places and in stretcher places.
    pub carried: [i64; 3],
    /// When the first vehicle sets out, s; `None`: none does.
    pub first_s: Option<f64>,
    /// When the last people are received, s.
    pub last_s: Option<f64>,
}

/// All that the report is made of.
#[derive(Debug, Clone)]
pub struct MedFacts<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// Shapes for names on maps.
    pub shapes: &'a MapShapes,
    /// All people by outcome.
    pub people: People,
    /// When all have arrived, s.
    pub clearance_s: PlanAndBound,
    /// When 90 % have arrived, s; `None`: not told for several travel modes together.
    pub t90_s: Option<PlanAndBound>,
    /// Figures by means; empty: one class of road users.
    pub means: Vec<MeansFigures>,
    /// What the fleet does; `None`: there is none.
    pub fleet: Option<FleetFigures>,
    /// Hazards, by when they begin.
    pub hazards: Vec<MedHazard>,
    /// Latest moments of zones that a hazard reaches.
    pub orders: Vec<MedOrder>,
    /// Zones in the order of their table.
    pub zones: Vec<MedZone>,
    /// Sites in the order of their table.
    pub sites: Vec<ReportedSite>,
    /// Most people who arrive at a site within one hour, in the same order; `None`: not known for several travel modes.
    pub peak_arrivals_h: Vec<Option<i64>>,
    /// From where to where.
    pub routes: Vec<MedRoute>,
    /// The fleet by type.
    pub transport: Vec<MedTransport>,
    /// When all who leave have left, s.
    pub last_departure_s: Option<f64>,
    /// When the first leave, s.
    pub first_departure_s: Option<f64>,
    /// Summaries of its parts, for what was assumed; by which means people of a part leave, `None`: the class of the scenario.
    pub summaries: Vec<(Option<Means>, &'a Summary)>,
    /// Where the report comes from.
    pub origin: ReportOrigin<'a>,
}

/// What the sections are written with.
struct MedWriter<'a> {
    form: FormWriter<'a>,
    facts: &'a MedFacts<'a>,
    lookup: RowLookup<'a>,
}

/// The page in a language.
///
/// # Errors
/// If a built-in template or message is not what it should be.
pub fn med_report_page(facts: &MedFacts<'_>, language: Language) -> Result<Vec<u8>, ReportError> {
    let messages = Messages::new(language, &["form", "med"])?;
    let clock = ScenarioClock::new(&facts.scenario.settings);
    let local = LocalFormat::new(&messages, &clock)?;
    let writer = MedWriter {
        form: FormWriter { section: "med", messages: &messages, local: &local },
        facts,
        lookup: RowLookup::new(facts.scenario, Some(facts.shapes)),
    };
    let sections = vec![
        writer.form.section("basis")?,
        writer.hazard()?,
        writer.blank("authority", &["who_decides", "legal_basis", "trigger", "neighbours"])?,
        writer.people()?,
        writer.needs()?,
        writer.blank("warning", &["who_warns", "channels", "languages", "not_reached"])?,
        writer.routes()?,
        writer.assembly()?,
        writer.transport()?,
        writer.timing()?,
        writer.sites()?,
        writer.blank("services", &["water", "fuel", "medical", "rest", "safety"])?,
        writer.reception()?,
        writer.staying()?,
        writer.blank("return", &["conditions", "who_decides", "transport"])?,
        writer.blank("contacts", &["lead", "transport", "sites", "health", "protection", "public"])?,
        writer.blank("protection", &["consent", "families", "documents", "property", "monitoring"])?,
        writer.assumptions()?,
        writer.limits()?,
    ];
    let about = messages.text("med.about")?;
    let mut frame = ReportFrame::new(&messages, &local, &facts.scenario.settings, &facts.origin, about)?;
    if !facts.means.is_empty() {
        frame = frame.of_multimodal(&messages)?;
    }
    render_report("form.html", &messages, &frame, &FormContent { sections })
}

impl MedWriter<'_> {
    /// A section whose fields people have to fill in.
    fn blank(&self, section: &str, fields: &[&str]) -> Result<FormSection, ReportError> {
        let mut rows = Vec::new();
        for field in fields {
            rows.push(vec![self.form.text(&format!("{section}.{field}"))?, self.form.open()?]);
        }
        let mut made = self.form.section(section)?;
        let table = self.form.table(section, &[(".field", false), (".answer", false)], rows)?;
        made.tables.push((Html::default(), table));
        Ok(made)
    }

    /// Those of all parts.
    fn assumptions(&self) -> Result<FormSection, ReportError> {
        let mut given = Vec::new();
        for &(means, summary) in &self.facts.summaries {
            let name = means.map_or_else(|| Ok(Html::default()), |means| self.means(means))?;
            given.push(Assumed { name, scenario: self.facts.scenario, summary });
        }
        self.form.assumptions(&given)
    }

    /// What the figures do not hold.
    fn limits(&self) -> Result<FormSection, ReportError> {
        let mut section = self.form.section("limits")?;
        for name in ["inputs", "orders", "traffic", "proof"] {
            section.list.push(self.form.text(&format!("limits.{name}"))?);
        }
        Ok(section)
    }
}
