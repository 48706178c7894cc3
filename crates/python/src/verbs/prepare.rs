//! Scenarios are made, checked and worked on.

use crate::answer::Answer;
use crate::error::raised;
use crate::folder::Folder;
use crate::given::{GivenFiles, request, request_with_files};
use crate::run::{Run, run};
use clearway::{
    Artifacts, ComposeRequest, ConnectRequest, Disclosure, Error, FolderKind, GroupsRequest, ImportRequest,
    ResolveRequest, assumptions_in_words, check_groups,
};
use pyo3::prelude::*;
use serde_json::json;

/// Files that are written anew, as those of a scenario.
fn anew(files: clearway::Files) -> Artifacts {
    Artifacts::new(FolderKind::Scenario, Disclosure::Full, files)
}

/// Checks the tables of a scenario, and its groups where it has any.
#[pyfunction]
pub fn check(py: Python<'_>, runner: &Run, folder: Folder) -> PyResult<Answer> {
    run(py, runner, move |_| {
        let checked = clearway::check(&folder)?;
        let groups = check_groups(&folder, &checked.scenario)?;
        let mut warnings = checked.warnings.0.clone();
        warnings.extend(groups.iter().flat_map(|groups| groups.warnings.0.iter().cloned()));
        let mut words = checked.in_words();
        words.extend(groups.iter().map(|groups| format!("\n{}", groups.in_words())));
        let facts = json!({
            "digest": checked.scenario.digest,
            "digest_with_groups": groups.map(|groups| groups.groups.digest),
            "assumptions": clearway_formats::assumptions(&checked.scenario),
            "warnings": warnings,
        });
        Answer::new(words).with_facts(&facts)
    })
}

/// Makes a scenario of a road map, an area and a number of people.
#[pyfunction]
pub fn compose(
    py: Python<'_>,
    runner: &Run,
    roads: Folder,
    request: &str,
    files: GivenFiles,
) -> PyResult<Answer> {
    let request: ComposeRequest = request_with_files(request, &files).map_err(|error| raised(py, error))?;
    run(py, runner, move |session| {
        let composed = clearway::compose(session, &request, &roads)?;
        let facts = json!({"digest": composed.scenario.digest, "warnings": composed.report.warnings.0});
        let words = format!("{}\n{}", composed.in_words(), assumptions_in_words(&composed.scenario));
        Answer::new(words).with_files(composed.artifacts()).with_facts(&facts)
    })
}

/// Reads a road map.
#[pyfunction]
pub fn import_roads(py: Python<'_>, runner: &Run, roads: Folder, request: &str) -> PyResult<Answer> {
    let request: ImportRequest = self::request(request).map_err(|error| raised(py, error))?;
    run(py, runner, move |session| {
        let roads = clearway::import(session, &request, &roads)?;
        let facts = json!({"nodes": roads.map.nodes.len(), "links": roads.map.links.len()});
        Answer::new(roads.in_words()).with_files(roads.artifacts()).with_facts(&facts)
    })
}

/// Joins edited places to the roads again: the file that is written anew.
#[pyfunction]
pub fn connect(py: Python<'_>, runner: &Run, folder: Folder, request: &str) -> PyResult<Answer> {
    let request: ConnectRequest = self::request(request).map_err(|error| raised(py, error))?;
    run(py, runner, move |session| {
        let connected = clearway::connect(session, &request, &folder)?;
        let facts =
            json!({"made": connected.made, "left_out": connected.left_out, "warnings": connected.warnings.0});
        Answer::new(connected.in_words()).with_files(anew(connected.files())).with_facts(&facts)
    })
}

/// Turns hazards into closures: the file that is written anew.
#[pyfunction]
pub fn resolve(
    py: Python<'_>,
    runner: &Run,
    folder: Folder,
    request: &str,
    files: GivenFiles,
) -> PyResult<Answer> {
    let request: ResolveRequest = request_with_files(request, &files).map_err(|error| raised(py, error))?;
    run(py, runner, move |session| {
        let resolved = clearway::resolve(session, &request, &folder)?;
        let facts =
            json!({"made": resolved.made, "replaced": resolved.replaced, "warnings": resolved.warnings.0});
        Answer::new(resolved.in_words()).with_files(anew(resolved.files())).with_facts(&facts)
    })
}

/// Divides the people of a scenario by how they can move.
#[pyfunction]
pub fn groups(
    py: Python<'_>,
    runner: &Run,
    folder: Folder,
    request: &str,
    files: GivenFiles,
) -> PyResult<Answer> {
    let request: GroupsRequest = request_with_files(request, &files).map_err(|error| raised(py, error))?;
    run(py, runner, move |session| {
        let grouped = clearway::groups(session, &request, &folder)?;
        let warnings: Vec<_> = grouped.warnings.iter().flat_map(|(_, faults)| faults.0.iter()).collect();
        Answer::new(grouped.in_words())
            .with_files(grouped.artifacts())
            .with_facts(&json!({"warnings": warnings}))
    })
}

/// A scenario of an earlier version as this one writes it.
#[pyfunction]
pub fn upgrade(py: Python<'_>, runner: &Run, folder: Folder) -> PyResult<Answer> {
    run(py, runner, move |_| {
        let upgraded = clearway::upgrade(&folder)?;
        let facts = json!({"is_upgraded": upgraded.is_upgraded(), "schema": upgraded.schema});
        let answer = Answer::new(upgraded.in_words()).with_files(upgraded.artifacts()?).with_facts(&facts)?;
        Ok::<_, Error>(answer)
    })
}
