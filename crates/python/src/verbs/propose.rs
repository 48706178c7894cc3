//! Proposals of what a scenario can be made of: tables that somebody accepts first.

use crate::answer::Answer;
use crate::error::raised;
use crate::folder::Folder;
use crate::given::{GivenFiles, request_with_files};
use crate::run::{Run, run};
use clearway::{
    Error, ProposeFleetRequest, ProposePeopleRequest, ProposeSitesRequest, propose_fleet as fleet_of,
    propose_people as people_of, propose_sites as sites_of,
};
use clearway_model::Faults;
use pyo3::prelude::*;
use serde_json::json;

/// A table with what is worth a look.
fn proposed(words: String, csv: &[u8], warnings: &Faults) -> Result<Answer, Error> {
    let facts = json!({"csv": String::from_utf8_lossy(csv), "warnings": warnings.0});
    Answer::new(words).with_facts(&facts)
}

/// Places of a map that might receive people.
#[pyfunction]
pub fn propose_sites(
    py: Python<'_>,
    runner: &Run,
    roads: Folder,
    request: &str,
    files: GivenFiles,
) -> PyResult<Answer> {
    let request: ProposeSitesRequest =
        request_with_files(request, &files).map_err(|error| raised(py, error))?;
    run(py, runner, move |session| {
        let found = sites_of(session, &request, &roads)?;
        proposed(found.in_words(), &found.csv(), &found.proposed.warnings)
    })
}

/// Buses of a timetable, for a fleet of a scenario.
#[pyfunction]
pub fn propose_fleet(
    py: Python<'_>,
    runner: &Run,
    scenario: Folder,
    request: &str,
    files: GivenFiles,
) -> PyResult<Answer> {
    let request: ProposeFleetRequest =
        request_with_files(request, &files).map_err(|error| raised(py, error))?;
    run(py, runner, move |session| {
        let found = fleet_of(session, &request, &scenario)?;
        proposed(found.in_words(), &found.csv()?, &Faults::default())
    })
}

/// People shared out over the buildings of a map.
#[pyfunction]
pub fn propose_people(
    py: Python<'_>,
    runner: &Run,
    buildings: Folder,
    request: &str,
    files: GivenFiles,
) -> PyResult<Answer> {
    let request: ProposePeopleRequest =
        request_with_files(request, &files).map_err(|error| raised(py, error))?;
    run(py, runner, move |session| {
        let found = people_of(session, &request, &buildings)?;
        proposed(found.in_words(), &found.csv(), &found.proposed.warnings)
    })
}
