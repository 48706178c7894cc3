//! Somebody else's plan.

use crate::answer::Answer;
use crate::error::raised;
use crate::folder::Folder;
use crate::given::{GivenFiles, request_with_files};
use crate::run::{Run, run};
use crate::scenario::usage;
use clearway::AuditRequest;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use serde_json::json;
use std::time::Instant;

/// Audits somebody's plan; `folder` has the files that request and blueprint name.
#[pyfunction]
pub fn audit(
    py: Python<'_>,
    runner: &Run,
    folder: Folder,
    request: &str,
    files: GivenFiles,
) -> PyResult<Answer> {
    let request: AuditRequest = request_with_files(request, &files).map_err(|error| raised(py, error))?;
    run(py, runner, move |session| {
        let started = Instant::now();
        let audited = clearway::audit(session, &folder, &request)?;
        let facts = json!({"holds": audited.holds()});
        Answer::new(audited.in_words()).with_files(audited.artifacts(usage(started))?).with_facts(&facts)
    })
}

/// What differs between two audits.
#[pyfunction]
pub fn diff(py: Python<'_>, runner: &Run, before: Folder, after: Folder) -> PyResult<Answer> {
    run(py, runner, move |_| {
        let difference = clearway::diff(&before, &after)?;
        Answer::new(difference.in_words()).with_facts(&difference)
    })
}

/// An empty blueprint.
#[pyfunction]
pub fn audit_form() -> String {
    clearway::blueprint_form()
}

/// All rules, as CSV.
#[pyfunction]
pub fn audit_rules(py: Python<'_>) -> Bound<'_, PyBytes> {
    PyBytes::new(py, &clearway::rules_table())
}
