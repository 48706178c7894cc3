//! The bound of a scenario that was made from another one, with its tables and its proof.

use crate::error::Error;
use crate::load::Files;
use crate::multimodal::{PlanPart, with_digest};
use crate::plan::{PlanRequest, Solved, Usage, Wanted, answer_files, options, solve};
use crate::session::Session;
use clearway_model::Scenario;
use clearway_plan::Answer;
use clearway_report::Shapes;
use std::sync::Arc;

/// The bound of all plans of a scenario as it is.
///
/// # Errors
/// [`Error::Cancelled`] if the session was cancelled: a bound that is broken off is not compared with others.
pub fn prove_as_it_is(session: &Session, scenario: &Scenario) -> Result<Answer, Error> {
    let request = PlanRequest { routes_per_zone: None, ..PlanRequest::default() };
    let options = options(session, scenario, &request, None)?;
    let Solved { answer, cancelled } = solve(session, scenario, &options, Wanted::Bound)?;
    if cancelled { Err(Error::Cancelled(None)) } else { Ok(answer) }
}

/// The bound of all plans of a scenario that never was a folder, with its tables, to be written into `folder`.
///
/// # Errors
/// As [`prove_as_it_is`].
pub fn prove(session: &Session, folder: &str, scenario: Scenario) -> Result<PlanPart, Error> {
    let (scenario, scenario_files) = with_digest(scenario)?;
    let answer = prove_as_it_is(session, &scenario)?;
    Ok(PlanPart { folder: folder.to_owned(), scenario: Arc::new(scenario), scenario_files, answer })
}

impl PlanPart {
    /// The files of its folder, names with the folder.
    ///
    /// # Errors
    /// If a page or table cannot be made.
    pub fn files(&self, shapes: &Shapes, usage: Usage) -> Result<Files, Error> {
        let folder = &self.folder;
        let answer = answer_files(&self.scenario, shapes, &self.answer, usage)?;
        let mut files: Files =
            answer.into_iter().map(|(name, bytes)| (format!("{folder}/{name}"), bytes)).collect();
        let scenario = self.scenario_files.iter().cloned();
        files.extend(scenario.map(|(name, bytes)| (format!("{folder}/scenario/{name}"), bytes)));
        Ok(files)
    }
}
