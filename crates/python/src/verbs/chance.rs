//! Plans under chance, and without places.

use crate::answer::Answer;
use crate::error::raised;
use crate::folder::Folder;
use crate::given::request;
use crate::run::{Run, run};
use clearway::{Ensemble, EnsembleRequest, EnsembleRunner, Error, LossesRequest, Store};
use clearway_model::file_digest;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::PyBytes;
use serde_json::json;
use std::ops::Range;
use std::sync::Arc;

/// What is asked of an ensemble, and which members.
pub struct Chance {
    /// What is asked.
    pub request: EnsembleRequest,
    /// Numbers of the members.
    pub members: Range<u32>,
}

impl Chance {
    /// Reads the request.
    ///
    /// # Errors
    /// [`Error::Request`] naming the field.
    pub fn new(json: &str, members: Range<u32>) -> Result<Self, Error> {
        Ok(Self { request: request(json)?, members })
    }
}

fn answer(ensemble: &Ensemble) -> Result<Answer, Error> {
    Ok(Answer::new(ensemble.in_words()).with_files(ensemble.artifacts()?))
}

/// Simulates members of a plan, and puts them together.
#[pyfunction]
pub fn ensemble(
    py: Python<'_>,
    runner: &Run,
    plan: Folder,
    request: &str,
    first: u32,
    end: u32,
) -> PyResult<Answer> {
    let chance = Chance::new(request, first..end).map_err(|error| raised(py, error))?;
    run(py, runner, move |session| {
        answer(&clearway::ensemble(session, &plan, &chance.request, chance.members)?)
    })
}

/// An ensemble of which members are made piece by piece: the plan is read and simulated as ordered once.
#[pyclass(frozen, module = "clearway._clearway")]
pub struct EnsembleMembers {
    ensemble: Arc<EnsembleRunner>,
}

#[pymethods]
impl EnsembleMembers {
    /// Reads the plan.
    #[new]
    fn new(py: Python<'_>, plan: Folder, request: &str) -> PyResult<Self> {
        let wanted: EnsembleRequest = self::request(request).map_err(|error| raised(py, error))?;
        let ensemble = EnsembleRunner::new(&plan, &wanted).map_err(|error| raised(py, error))?;
        Ok(Self { ensemble: Arc::new(ensemble) })
    }

    /// Simulates some members, and puts them together.
    fn members(&self, py: Python<'_>, runner: &Run, first: u32, end: u32) -> PyResult<Answer> {
        let ensemble = Arc::clone(&self.ensemble);
        run(py, runner, move |session| {
            let mut whole = None;
            let members = first..end;
            ensemble.run_each(session, std::slice::from_ref(&members), |part| {
                whole = Some(part);
                Ok(())
            })?;
            answer(&whole.ok_or(Error::Cancelled(None))?)
        })
    }
}

/// What tells the members of one ensemble from those of others: digests of scenario and plan, the version of the program, and the whole
/// request. Of a plan that cannot be simulated so an error.
#[pyfunction]
pub fn ensemble_head(py: Python<'_>, runner: &Run, plan: Folder, request: &str) -> PyResult<String> {
    let wanted: EnsembleRequest = self::request(request).map_err(|error| raised(py, error))?;
    run(py, runner, move |_| {
        EnsembleRunner::new(&plan, &wanted)?;
        let digest = |name: &str| {
            let bytes = plan.read(name).ok().flatten().unwrap_or_default();
            format!("sha256:{}", file_digest(&bytes))
        };
        let mut names = plan.names_in("scenario").unwrap_or_default();
        names.sort();
        let scenario: Vec<[String; 2]> =
            names.into_iter().map(|name| [name.clone(), digest(&format!("scenario/{name}"))]).collect();
        let head = json!({
            "tool": clearway_model::TOOL,
            "plan": digest("plan.json"),
            "summary": digest("summary.json"),
            "scenario": scenario,
            "request": wanted,
        });
        Ok(head.to_string())
    })
}

/// Puts parts of an ensemble together, each with its name. `plan`: the plan that was simulated, for the page.
#[pyfunction]
#[pyo3(signature = (runner, parts, plan=None))]
pub fn merge_ensemble(
    py: Python<'_>,
    runner: &Run,
    parts: Vec<(String, PyBackedBytes)>,
    plan: Option<Folder>,
) -> PyResult<Answer> {
    let parts: Vec<(String, Vec<u8>)> =
        parts.into_iter().map(|(name, bytes)| (name, bytes.to_vec())).collect();
    run(py, runner, move |_| {
        let merged = clearway::merge_ensemble(&parts)?;
        answer(&match &plan {
            Some(plan) => merged.with_plan(plan)?,
            None => merged,
        })
    })
}

/// What becomes of a plan without each of its most used links and each site.
#[pyfunction]
pub fn losses(py: Python<'_>, runner: &Run, plan: Folder, request: &str) -> PyResult<Answer> {
    let request: LossesRequest = self::request(request).map_err(|error| raised(py, error))?;
    run(py, runner, move |session| {
        let losses = clearway::losses(session, &plan, &request)?;
        Answer::new(losses.in_words()).with_facts(&losses)
    })
}

/// A profile of behaviour that is TOML, as JSON.
#[pyfunction]
pub fn behaviour_of_toml(py: Python<'_>, name: &str, text: &str) -> PyResult<String> {
    let read =
        || -> Result<String, Error> { Ok(serde_json::to_string(&clearway::read_behaviour(name, text)?)?) };
    read().map_err(|error| raised(py, error))
}

/// The default profile of behaviour, TOML.
#[pyfunction]
pub fn behaviour_profile(py: Python<'_>) -> Bound<'_, PyBytes> {
    PyBytes::new(py, clearway::behaviour_profile().as_bytes())
}

/// Whether a Parquet file has just the members `first..end` of the ensemble of a plan and a request, whole.
#[pyfunction]
pub fn is_part_of(
    py: Python<'_>,
    runner: &Run,
    plan: Folder,
    request: &str,
    part: PyBackedBytes,
    first: u32,
    end: u32,
) -> PyResult<bool> {
    let wanted: EnsembleRequest = self::request(request).map_err(|error| raised(py, error))?;
    let part = part.to_vec();
    run(py, runner, move |_| {
        let Ok(part) = Ensemble::from_parquet(&part) else { return Ok(false) };
        let members = part.rows.members.iter().map(|row| row.member);
        let mut numbers: Vec<u32> = members.chain(part.rows.failed.iter().map(|row| row.member)).collect();
        numbers.sort_unstable();
        Ok(EnsembleRunner::new(&plan, &wanted)?.is_of(&part) && numbers.into_iter().eq(first..end))
    })
}
