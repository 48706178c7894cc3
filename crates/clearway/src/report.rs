//! `report`: a plan as pages for those who decide, to read on a screen and to print.

mod ab747;
mod access;
mod ete;
mod forms;
mod med;
mod med_tables;
mod multimodal;
mod parts;
mod plan;
mod sheets;
mod source;
mod streets;

use crate::artifacts::folder;
use crate::error::Error;
use crate::input::InputFile;
use crate::session::Session;
use clearway_artifacts::{Artifacts, Disclosure, FolderKind};
use clearway_model::{Context, Store};
pub use clearway_pdf::Paper;
use clearway_pdf::PdfError;
pub use clearway_report::reports::Language;
pub use ete::{EstimateCell, EstimateRow, estimate_cells};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Whether this build makes PDF ([`ReportAnswer::pdf`]).
pub const MAKES_PDF: bool = clearway_pdf::IS_BUILT;

/// Why there are no sheets as PDF.
const SHEETS_ARE_PAGES: &str = "sheets are several pages in a folder, and no PDF is made of them; print those that are needed from a browser";

/// What kind of report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ReportKind {
    /// One plan, multimodal or not: can it be done, by when, what proves it, what binds, who is left, what is missing.
    #[default]
    Plan,
    /// Sheets to hand out: one per zone, destination, critical road and vehicle, and an atlas of critical roads.
    Sheets,
    /// Evacuation routes and locations under a range of scenarios, one plan each, as Californian law asks for them (AB 747, AB 1409, SB 99).
    Ab747,
    /// Evacuation time estimates by region and scenario, one plan per cell, as NUREG/CR-7002 lays them out.
    Ete,
    /// One plan, multimodal or not, by the fields of a mass evacuation plan in a disaster (CCCM guide).
    Med,
}

/// What is asked of a report.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct ReportRequest {
    /// The kind.
    pub kind: ReportKind,
    /// The language of its words; names and notes of the scenario stay as they are.
    pub language: Language,
    /// Date that stands on it, e.g. `2026-11-30`; empty: left to be filled in by hand. The same request gives the same bytes.
    pub date: String,
    /// `simulation.json` of a simulation of the plan; `None`: the report says that it is not simulated.
    pub simulation: Option<InputFile>,
    /// Whom people can call, for sheets; empty: a line to be filled in by hand.
    pub contact: String,
    /// What each plan is called, where the kind takes several; empty: as its scenario.
    pub names: Vec<String>,
    /// Regions and scenarios of the plans, for `ete`: each plan belongs to one cell.
    pub cells: Vec<EstimateCell>,
    /// `interventions.csv` of interventions on the first scenario, for `ab747`; `None`: the report says that none were tried.
    pub interventions: Option<InputFile>,
    /// Exact places also in an armed conflict; elsewhere they are always there.
    pub full: bool,
}

/// A report.
#[derive(Debug)]
#[non_exhaustive]
pub struct ReportAnswer {
    disclosure: Disclosure,
    files: Vec<(String, Vec<u8>)>,
    words: Vec<String>,
}

/// Makes a report of plan folders, each of which is verified first: a wrong figure is not passed on. How many plans a kind takes is its
/// own affair; `plan`, `sheets` and `med` take one, multimodal or not, the others plans of one class of road users.
///
/// In an armed conflict a plan's report names no zone, destination or road and no hour of one, and sheets name their zone alone, unless
/// [`ReportRequest::full`] is set.
///
/// # Errors
/// [`Error::DoesNotHold`] if the figures of a plan do not follow from its scenario; [`Error::Request`] for a number of plans that the kind
/// does not take, a folder that is no plan, and a simulation that is not of the plan; [`Error::Invalid`] with all faults of a file;
/// [`Error::Cancelled`] without an answer.
///
/// ```
/// use clearway::{
///     FolderStore, Language, MemoryStore, PlanRequest, ReportRequest, Session, Usage, load, plan, report,
/// };
///
/// # let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/one-road");
/// let session = Session::new().with_threads(1);
/// let planned = plan(&session, &load(&FolderStore::new(example))?, &PlanRequest::default())?;
/// let folder = MemoryStore::from(planned.artifacts(Usage::default())?);
/// let mut request = ReportRequest::default();
/// request.language = Language::Ar;
/// let artifacts = report(&session, &[&folder], &request)?.artifacts();
/// let page = String::from_utf8_lossy(artifacts.get("index.html").unwrap_or_default());
/// assert!(page.contains("<html lang=\"ar\" dir=\"rtl\">"));
/// # Ok::<(), clearway::Error>(())
/// ```
pub fn report(
    session: &Session,
    plans: &[&dyn Store],
    request: &ReportRequest,
) -> Result<ReportAnswer, Error> {
    match request.kind {
        ReportKind::Plan => plan::plan_report(session, plans, request),
        ReportKind::Sheets => sheets::sheets(session, plans, request),
        ReportKind::Ab747 => ab747::ab747_report(session, plans, request),
        ReportKind::Ete => ete::ete_report(session, plans, request),
        ReportKind::Med => med::med_report(session, plans, request),
    }
}

/// What a report says of how much it shows; `redacted`: what its kind leaves out when it is redacted.
fn disclosure_words(disclosure: Disclosure, redacted: &str) -> String {
    match disclosure {
        Disclosure::Full => "It holds exact places, roads and times.".to_owned(),
        Disclosure::Redacted => {
            format!("It is of an armed conflict and redacted: {redacted}; --full (\"full\": true) shows all.")
        }
    }
}

impl ReportRequest {
    /// Whether a PDF can be made of such a report in this build, asked before the work begins.
    ///
    /// # Errors
    /// [`Error::Request`] as [`ReportAnswer::pdf`].
    pub fn check_pdf(&self) -> Result<(), Error> {
        if self.kind == ReportKind::Sheets {
            return Err(Error::Request(SHEETS_ARE_PAGES.to_owned()));
        }
        if MAKES_PDF { Ok(()) } else { Err(Error::Request(PdfError::NotBuilt.to_string())) }
    }

    /// How much a report of a plan in some context shows.
    fn disclosure(&self, context: Context) -> Disclosure {
        if context == Context::ArmedConflict && !self.full { Disclosure::Redacted } else { Disclosure::Full }
    }
}

impl ReportAnswer {
    /// The files of the folder.
    pub fn artifacts(&self) -> Artifacts {
        folder(FolderKind::Report, self.disclosure, self.files.clone())
    }

    /// Its page as PDF, with the same figures in the same words; tables beside the page are not in it. Only a build with the feature
    /// `pdf` makes any ([`MAKES_PDF`]). The same report gives the same bytes.
    ///
    /// # Errors
    /// [`Error::Request`] in a build without the feature, for a report of several pages ([`ReportKind::Sheets`]), and for names in letters
    /// that no font inside has.
    pub fn pdf(&self, paper: Paper) -> Result<Vec<u8>, Error> {
        let pages: Vec<_> = self.files.iter().filter(|(name, _)| name.ends_with(".html")).collect();
        let [(_, page)] = pages.as_slice() else {
            return Err(Error::Request(SHEETS_ARE_PAGES.to_owned()));
        };
        clearway_pdf::page_pdf(&String::from_utf8_lossy(page), paper).map_err(|error| match error {
            PdfError::NotBuilt | PdfError::Letters(_) => Error::Request(error.to_string()),
            error => Error::Internal(error.to_string()),
        })
    }

    /// What was made, for a terminal.
    pub fn in_words(&self) -> String {
        self.words.join("\n")
    }
}
