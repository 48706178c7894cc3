//! The bound of a scenario that was made from another one, with its tables and its proof.

use crate::artifacts::Files;
use crate::error::Error;
use crate::multimodal::{PlanPart, with_digest};
use crate::plan::{
    PlanRequest, SolvedAnswer, Usage, WantedAnswer, answer_files, options, report_files, solve,
};
use crate::session::Session;
use clearway_model::{Bottleneck, Certificate, CurvePoint, Plan, Scenario, Summary, ZoneOutcome};
use clearway_plan::PlanAnswer;
use clearway_report::{MapShapes, PlanReport};
use std::sync::Arc;

/// The bound of all plans of a scenario as it is.
///
/// # Errors
/// [`Error::Cancelled`] if the session was cancelled: a bound that is broken off is not compared with others.
pub(crate) fn prove_as_it_is(session: &Session, scenario: &Scenario) -> Result<PlanAnswer, Error> {
    if session.cancel().is_cancelled() {
        return Err(Error::Cancelled(None));
    }
    let request = PlanRequest { routes_per_zone: None, ..PlanRequest::default() };
    let options = options(session, scenario, &request, None)?;
    let SolvedAnswer { answer, cancelled } = solve(session, scenario, &options, WantedAnswer::Bound)?;
    if cancelled { Err(Error::Cancelled(None)) } else { Ok(answer) }
}

/// The bound of all plans of a scenario that never was a folder, with its tables, to be written into `folder`.
///
/// # Errors
/// As [`prove_as_it_is`].
pub(crate) fn prove(session: &Session, folder: &str, scenario: Scenario) -> Result<PlanPart, Error> {
    let (scenario, scenario_files) = with_digest(scenario)?;
    let answer = prove_as_it_is(session, &scenario)?;
    Ok(PlanPart { folder: folder.to_owned(), scenario: Arc::new(scenario), scenario_files, answer })
}

impl PlanPart {
    /// The files of its folder, names with the folder.
    ///
    /// # Errors
    /// If a page or table cannot be made.
    pub(crate) fn files(&self, shapes: &MapShapes, usage: Usage) -> Result<Files, Error> {
        let answer = answer_files(&self.scenario, shapes, &self.answer, usage)?;
        Ok(in_folder(&self.folder, answer, &self.scenario_files))
    }
}

/// A proved bound as its folder holds it. What was only needed to compute it is let go, so that many fit into the memory.
#[derive(Debug)]
pub(crate) struct StoredProof {
    folder: String,
    scenario: Arc<Scenario>,
    scenario_files: Files,
    plan: Plan,
    certificate: Certificate,
    summary: Summary,
    curve: Vec<CurvePoint>,
    zones: Vec<ZoneOutcome>,
    bottlenecks: Vec<Bottleneck>,
}

impl From<&PlanPart> for StoredProof {
    fn from(part: &PlanPart) -> Self {
        let PlanPart { folder, scenario, scenario_files, answer } = part;
        Self {
            folder: folder.clone(),
            scenario: scenario.clone(),
            scenario_files: scenario_files.clone(),
            plan: answer.plan.clone(),
            certificate: answer.certificate.clone(),
            summary: answer.summary.clone(),
            curve: answer.curve.clone(),
            zones: answer.zones.clone(),
            bottlenecks: answer.bottlenecks.clone(),
        }
    }
}

impl StoredProof {
    /// The files of its folder, names with the folder.
    ///
    /// # Errors
    /// If a page or table cannot be made.
    pub fn files(&self, shapes: &MapShapes, usage: Usage) -> Result<Files, Error> {
        let report = PlanReport {
            scenario: &self.scenario,
            shapes: Some(shapes),
            plan: &self.plan,
            summary: &self.summary,
            curve: &self.curve,
            zones: &self.zones,
            bottlenecks: &self.bottlenecks,
            // without orders nothing overflows
            overflowing: &[],
        };
        Ok(in_folder(&self.folder, report_files(&report, &self.certificate, usage)?, &self.scenario_files))
    }
}

/// Files with the name of their folder before theirs, and those of the scenario in a folder of their own in it.
fn in_folder(folder: &str, answer: Files, scenario_files: &Files) -> Files {
    let mut files: Files =
        answer.into_iter().map(|(name, bytes)| (format!("{folder}/{name}"), bytes)).collect();
    let scenario = scenario_files.iter().cloned();
    files.extend(scenario.map(|(name, bytes)| (format!("{folder}/scenario/{name}"), bytes)));
    files
}
