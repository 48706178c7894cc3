//! The report of one plan in which people leave by several means: a first page that decides, then means, fleet, zones, and each part with
//! its roads.

mod first;
mod sections;

use super::form::{FormSection, FormTable, FormWriter};
use super::form_parts::Assumed;
use super::frame::{Html, ReportFrame, ReportOrigin, render_report};
use super::local::LocalFormat;
use super::med::MedZone;
use super::messages::{Language, Messages};
use super::plan::{PlanReportFacts, SimulatedTimes};
use super::rows::ReportedSite;
use crate::clock::ScenarioClock;
use crate::lookup::RowLookup;
use crate::{MapShapes, ReportError};
use clearway_model::{Means, MultimodalSummary, Scenario};
use serde::Serialize;

/// People who leave by one means, by themselves or by a timetable: a plan of its own.
#[derive(Debug, Clone)]
pub struct MultimodalPart<'a> {
    /// How they leave.
    pub means: Means,
    /// Their plan.
    pub facts: PlanReportFacts<'a>,
}

/// All that the report is made of.
#[derive(Debug, Clone)]
pub struct MultimodalReportFacts<'a> {
    /// The scenario with its groups.
    pub scenario: &'a Scenario,
    /// Shapes for names on maps; `None`: no part has orders.
    pub shapes: Option<&'a MapShapes>,
    /// The figures of all means.
    pub summary: &'a MultimodalSummary,
    /// Plans of those who move by themselves or by a timetable.
    pub parts: Vec<MultimodalPart<'a>>,
    /// Zones in the order of their table, of all means.
    pub zones: Vec<MedZone>,
    /// Sites in the order of their table, of all means.
    pub sites: Vec<ReportedSite>,
    /// What a simulation says; `None`: none was given.
    pub simulation: Option<SimulatedTimes>,
    /// Where the report comes from.
    pub origin: ReportOrigin<'a>,
    /// Whether it names no place, source or assumption: totals of the whole plan and of each means alone.
    pub is_redacted: bool,
}

impl MultimodalReportFacts<'_> {
    /// People who are to leave.
    fn evacuees(&self) -> i64 {
        self.summary.people.total - self.summary.people.staying
    }
}

/// What every part of the page is written with.
struct MultimodalWriter<'a> {
    form: FormWriter<'a>,
    facts: &'a MultimodalReportFacts<'a>,
    lookup: RowLookup<'a>,
}

/// What the template `multimodal.html` uses, beside frame and texts.
#[derive(Serialize)]
struct MultimodalContent {
    is_redacted: bool,
    can: Vec<Html>,
    when: FormTable,
    who: FormTable,
    binds: Vec<Html>,
    simulated: Vec<Html>,
    left: first::LeftByMeans,
    missing: Vec<Html>,
    sections: Vec<FormSection>,
}

/// The page in a language.
///
/// # Errors
/// If a built-in template or message is not what it should be.
pub fn multimodal_report_page(
    facts: &MultimodalReportFacts<'_>,
    language: Language,
) -> Result<Vec<u8>, ReportError> {
    let messages = Messages::new(language, &["plan", "form", "med", "multimodal"])?;
    let clock = ScenarioClock::new(&facts.scenario.settings);
    let local = LocalFormat::new(&messages, &clock)?;
    let writer = MultimodalWriter {
        form: FormWriter { section: "multimodal", messages: &messages, local: &local },
        facts,
        lookup: RowLookup::new(facts.scenario, facts.shapes),
    };
    let mut sections = Vec::new();
    if !facts.is_redacted {
        sections.extend(writer.parts()?);
        sections.push(writer.zones()?);
        sections.push(writer.sites()?);
    }
    sections.push(writer.figures()?);
    if !facts.is_redacted {
        sections.push(writer.assumptions()?);
    }
    sections.push(writer.limits()?);
    let content = MultimodalContent {
        is_redacted: facts.is_redacted,
        can: writer.can()?,
        when: writer.when()?,
        who: writer.who()?,
        binds: writer.binds()?,
        simulated: writer.simulated()?,
        left: writer.left()?,
        missing: writer.missing()?,
        sections,
    };
    let about = messages.text("multimodal.about")?;
    let frame = ReportFrame::new(&messages, &local, &facts.scenario.settings, &facts.origin, about)?
        .of_multimodal(&messages)?;
    render_report("multimodal.html", &messages, &frame, &content)
}

impl MultimodalWriter<'_> {
    /// How people can leave, as the language says it; a listed mode by its own name.
    fn means(&self, means: Means) -> Result<Html, ReportError> {
        match means {
            Means::Listed(id) => {
                let figures = self.facts.summary.means.iter().find(|figures| figures.means == means);
                let name = figures.and_then(|figures| figures.name.as_deref());
                Ok(Html::name(name.unwrap_or(id.as_str())))
            }
            usual => self.form.messages.html(&format!("med.means.{}", usual.word()), &[]),
        }
    }

    /// A text of the report of one plan, which says the same.
    fn shared(&self, key: &str, values: &[(&str, Html)]) -> Result<Html, ReportError> {
        self.form.messages.html(&format!("plan.{key}"), values)
    }

    /// A count that stands in `multimodal.json`.
    fn people(&self, key: &str, value: i64) -> Html {
        Html::figure(key, value, &self.form.local.count(value))
    }

    /// Those of all parts.
    fn assumptions(&self) -> Result<FormSection, ReportError> {
        let mut given = Vec::new();
        for part in &self.facts.parts {
            given.push(Assumed {
                name: self.means(part.means)?,
                scenario: self.facts.scenario,
                summary: part.facts.summary,
            });
        }
        self.form.assumptions(&given)
    }

    /// What the figures do not hold.
    fn limits(&self) -> Result<FormSection, ReportError> {
        let mut list = Vec::new();
        for name in ["inputs", "orders", "traffic", "proof"] {
            list.push(self.shared(&format!("limits.{name}"), &[])?);
        }
        list.push(self.form.text("limits.parts")?);
        if self.facts.summary.fleet.is_some() {
            list.push(self.form.text("limits.fleet")?);
        }
        Ok(FormSection { title: self.shared("limits.title", &[])?, list, ..FormSection::default() })
    }
}
