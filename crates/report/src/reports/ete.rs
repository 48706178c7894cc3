//! Evacuation time estimates by region and scenario, laid out as NUREG/CR-7002, Revision 1 asks for them: two matrices, staged ones apart,
//! vehicles by population group, trip generation, assumptions, and its criteria as a checklist.

mod criteria;
mod demand;
mod matrices;

use super::form::{FormContent, FormWriter};
use super::form_parts::Assumed;
use super::form_plan::{FormPlan, frame_settings};
use super::frame::{ReportFrame, ReportOrigin, render_report};
use super::local::LocalFormat;
use super::messages::{Language, Messages};
use crate::ReportError;
use crate::clock::ScenarioClock;

/// People of one population group: those who are ready by the same mobilization curve.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct EteGroup {
    /// Id of the curve; empty: ready at once.
    pub mobilization_id: String,
    /// People of its zones.
    pub people: i64,
    /// Of them, people entered as staying.
    pub staying: i64,
    /// Vehicles that leave; on foot, people.
    pub vehicles: i64,
}

/// When the zones of a staged plan may leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EteStage {
    /// Id of the zone.
    pub zone_id: String,
    /// What it is called.
    pub name: String,
    /// From when on, and until when, ms; `None`: open from then on.
    pub hours: Vec<(i64, Option<i64>)>,
}

/// One plan of the matrix.
#[derive(Debug, Clone)]
pub struct EtePlan<'a> {
    /// Its figures.
    pub plan: FormPlan<'a>,
    /// Its population groups, by curve.
    pub groups: Vec<EteGroup>,
    /// Zones that may leave in certain hours only; empty: the plan is not staged.
    pub stages: Vec<EteStage>,
    /// Its mobilization curves that zones use: id, and (time ms, share), as the table has them.
    pub curves: Vec<(String, Vec<(i64, f64)>)>,
}

/// All that the report is made of.
#[derive(Debug, Clone)]
pub struct EteFacts<'a> {
    /// Rows of the matrices.
    pub regions: Vec<String>,
    /// Columns.
    pub scenarios: Vec<String>,
    /// Per region and scenario, which plan; `None`: missing.
    pub cells: Vec<Vec<Option<usize>>>,
    /// The plans; at least one.
    pub plans: Vec<EtePlan<'a>>,
    /// Where the report comes from.
    pub origin: ReportOrigin<'a>,
}

impl EteFacts<'_> {
    /// Cells that have a plan: region, scenario, number of the plan.
    pub fn filled(&self) -> Vec<(usize, usize, usize)> {
        let rows = self.cells.iter().enumerate();
        rows.flat_map(|(region, row)| {
            row.iter().enumerate().filter_map(move |(scenario, cell)| Some((region, scenario, (*cell)?)))
        })
        .collect()
    }
}

/// What the sections are written with.
struct EteWriter<'a> {
    form: FormWriter<'a>,
    /// The same for each plan, with the clock of its own scenario.
    forms: Vec<FormWriter<'a>>,
    facts: &'a EteFacts<'a>,
}

/// The page in a language.
///
/// # Errors
/// If a built-in template or message is not what it should be, or there is no plan.
pub fn ete_report_page(facts: &EteFacts<'_>, language: Language) -> Result<Vec<u8>, ReportError> {
    let messages = Messages::new(language, &["form", "ete"])?;
    let missing = || ReportError::Message { key: "ete.plans".to_owned(), language: language.code() };
    let first = &facts.plans.first().ok_or_else(missing)?.plan;
    let plans: Vec<FormPlan<'_>> = facts.plans.iter().map(|one| one.plan.clone()).collect();
    let clocks: Vec<ScenarioClock> =
        plans.iter().map(|plan| ScenarioClock::new(&plan.scenario.settings)).collect();
    let locals: Vec<LocalFormat<'_>> =
        clocks.iter().map(|clock| LocalFormat::new(&messages, clock)).collect::<Result<_, _>>()?;
    let local = locals.first().ok_or_else(missing)?;
    let form = |local| FormWriter { section: "ete", messages: &messages, local };
    let writer = EteWriter { form: form(local), forms: locals.iter().map(form).collect(), facts };
    let mut sections = vec![writer.form.section("basis")?, writer.estimates()?];
    sections.extend(writer.staged()?);
    sections.extend([
        writer.behind()?,
        writer.demand()?,
        writer.trip_generation()?,
        writer.binding()?,
        writer.form.assumptions(&Assumed::of_plans(&plans))?,
        writer.criteria()?,
        writer.form.plans(&plans)?,
    ]);
    let about = messages.text("ete.about")?;
    let settings = frame_settings(first, &plans);
    let frame = ReportFrame::new(&messages, local, &settings, &facts.origin, about)?;
    render_report("form.html", &messages, &frame, &FormContent { sections })
}
