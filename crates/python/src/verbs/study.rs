//! One scenario with many figures.

use crate::answer::Answer;
use crate::error::raised;
use crate::given::request;
use crate::run::{Run, run};
use crate::scenario::Scenario;
use clearway::{Error, Study, StudyFile, StudyRequest, StudyRunner, merge_study as merge};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use std::path::PathBuf;

/// Reads a study, TOML or JSON in the same shape: the scenario folder that it names, and what is asked, as JSON. Files that it names are
/// seen from `base`.
#[pyfunction]
pub fn study_request(
    py: Python<'_>,
    name: &str,
    text: &str,
    is_json: bool,
    base: PathBuf,
) -> PyResult<(String, String)> {
    let catalogue = |listed: &str| {
        let path = base.join(listed);
        std::fs::read_to_string(&path).map_err(|source| Error::Read { path, source })
    };
    let read = if is_json { clearway::read_study_json } else { clearway::read_study };
    let made = || {
        let StudyFile { scenario, request, .. } = read(name, text, &catalogue)?;
        Ok((scenario, serde_json::to_string(&request)?))
    };
    made().map_err(|error: Error| raised(py, error))
}

fn answer(study: &Study) -> Result<Answer, Error> {
    Ok(Answer::new(study.in_words()).with_files(study.artifacts()?))
}

/// Makes all runs of a study.
#[pyfunction]
pub fn study(py: Python<'_>, runner: &Run, scenario: &Scenario, request: &str) -> PyResult<Answer> {
    let asked: StudyRequest = self::request(request).map_err(|error| raised(py, error))?;
    let loaded = scenario.loaded();
    run(py, runner, move |session| answer(&clearway::study(session, &loaded, &asked)?))
}

/// How many runs a study has. Raises what is wrong with it.
#[pyfunction]
pub fn study_runs(py: Python<'_>, runner: &Run, scenario: &Scenario, request: &str) -> PyResult<u32> {
    let asked: StudyRequest = self::request(request).map_err(|error| raised(py, error))?;
    let loaded = scenario.loaded();
    run(py, runner, move |session| Ok(StudyRunner::new(session, &loaded, &asked)?.runs()))
}

/// Runs `first..end` of a study, as a Parquet file.
#[pyfunction]
pub fn study_part(
    py: Python<'_>,
    runner: &Run,
    scenario: &Scenario,
    request: &str,
    first: u32,
    end: u32,
) -> PyResult<Vec<u8>> {
    let asked: StudyRequest = self::request(request).map_err(|error| raised(py, error))?;
    let loaded = scenario.loaded();
    run(py, runner, move |session| {
        let mut bytes = Vec::new();
        let runner = StudyRunner::new(session, &loaded, &asked)?;
        runner.run_each(session, std::slice::from_ref(&(first..end)), |part| {
            bytes = part.to_parquet()?;
            Ok(())
        })?;
        Ok(bytes)
    })
}

/// Puts parts of a study together, each with its name.
#[pyfunction]
pub fn merge_study(py: Python<'_>, runner: &Run, parts: Vec<(String, PyBackedBytes)>) -> PyResult<Answer> {
    let parts: Vec<(String, Vec<u8>)> =
        parts.into_iter().map(|(name, bytes)| (name, bytes.to_vec())).collect();
    run(py, runner, move |_| answer(&merge(&parts)?))
}
