//! Plans are verified, simulated, compared, handed on and looked at.

use crate::answer::Answer;
use crate::error::raised;
use crate::folder::Folder;
use crate::given::{GivenFiles, request, request_with_files};
use crate::run::{Run, run};
use crate::scenario::usage;
use crate::verbs::chance::Chance;
use clearway::{
    CompareRequest, EarlyWarningRequest, Error, ExportRequest, InputFile, LossesRequest, NeedsRequest,
    PlanReplay, ReplanRequest, ReportRequest, SimulateRequest, Store,
};
use clearway_needs::Climate;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use serde_json::{Value, json};
use std::time::Instant;

/// Recomputes a plan from its scenario.
#[pyfunction]
#[pyo3(signature = (runner, plan, scenario=None))]
pub fn verify(py: Python<'_>, runner: &Run, plan: Folder, scenario: Option<Folder>) -> PyResult<Answer> {
    run(py, runner, move |_| {
        let verification = clearway::verify(&plan, scenario.as_ref().map(|folder| folder as &dyn Store))?;
        Answer::new(verification.in_words()).with_facts(&verification)
    })
}

/// Simulates a plan; beside it, where it is asked for, members under chance (a request, and how many) and what becomes of it without
/// places.
#[pyfunction]
#[pyo3(signature = (runner, plan, request, members=None, losses=None))]
pub fn simulate(
    py: Python<'_>,
    runner: &Run,
    plan: Folder,
    request: &str,
    members: Option<(String, u32)>,
    losses: Option<&str>,
) -> PyResult<Answer> {
    let read = || -> Result<_, Error> {
        let simulation: SimulateRequest = self::request(request)?;
        let members = members.map(|(json, count)| Chance::new(&json, 0..count)).transpose()?;
        let losses: Option<LossesRequest> = losses.map(self::request).transpose()?;
        Ok((simulation, members, losses))
    };
    let (simulation, members, losses) = read().map_err(|error| raised(py, error))?;
    run(py, runner, move |session| {
        if let Some(chance) = &members {
            // what cannot be done with this plan is said before anything is simulated
            clearway::EnsembleRunner::new(&plan, &chance.request)?;
        }
        let mut simulated = clearway::simulate(session, &plan, &simulation)?;
        if let Some(chance) = members {
            simulated =
                simulated.with_ensemble(clearway::ensemble(session, &plan, &chance.request, chance.members)?);
        }
        if let Some(losses) = losses {
            simulated = simulated.with_losses(clearway::losses(session, &plan, &losses)?);
        }
        Ok(Answer::new(simulated.in_words()).with_files(simulated.artifacts()?))
    })
}

/// Puts plans side by side.
#[pyfunction]
pub fn compare(
    py: Python<'_>,
    runner: &Run,
    plans: Vec<(String, Folder)>,
    request: &str,
) -> PyResult<Answer> {
    let request: CompareRequest = self::request(request).map_err(|error| raised(py, error))?;
    run(py, runner, move |session| {
        let stores: Vec<(String, &dyn Store)> =
            plans.iter().map(|(name, folder)| (name.clone(), folder as &dyn Store)).collect();
        let compared = clearway::compare(session, &stores, &request)?;
        Ok(Answer::new(compared.in_words()).with_files(compared.artifacts()?))
    })
}

/// A new plan of what is left of one that is being carried out, from what was counted.
#[pyfunction]
pub fn replan(
    py: Python<'_>,
    runner: &Run,
    plan: Folder,
    counts: GivenFiles,
    request: &str,
) -> PyResult<Answer> {
    let request: ReplanRequest = self::request(request).map_err(|error| raised(py, error))?;
    let counts: Vec<InputFile> =
        counts.into_iter().map(|(name, bytes)| InputFile::new(name, bytes.to_vec())).collect();
    run(py, runner, move |session| {
        let started = Instant::now();
        let made = clearway::replan(session, &plan, &counts, &request)?;
        let facts = json!({"holds": made.holds(), "report": made.report, "warnings": made.warnings.0});
        Answer::new(made.in_words()).with_files(made.artifacts(usage(started))?).with_facts(&facts)
    })
}

/// A table of counts to fill in.
#[pyfunction]
pub fn replan_template(py: Python<'_>, runner: &Run, plan: Folder, at_ms: i64) -> PyResult<Vec<u8>> {
    run(py, runner, move |session| clearway::replan_template(session, &plan, at_ms))
}

/// With which counts at which hour no plan keeps a deadline any more; its table as CSV among the facts.
#[pyfunction]
pub fn early_warning(py: Python<'_>, runner: &Run, plan: Folder, request: &str) -> PyResult<Answer> {
    let request: EarlyWarningRequest = self::request(request).map_err(|error| raised(py, error))?;
    run(py, runner, move |session| {
        let warning = clearway::early_warning(session, &plan, &request)?;
        let csv = String::from_utf8_lossy(&warning.csv()).into_owned();
        Answer::new(warning.in_words(&plan)).with_facts(&json!({"warning": warning, "csv": csv}))
    })
}

/// A report for those who decide.
#[pyfunction]
pub fn report(
    py: Python<'_>,
    runner: &Run,
    plans: Vec<Folder>,
    request: &str,
    files: GivenFiles,
) -> PyResult<Answer> {
    let request: ReportRequest = request_with_files(request, &files).map_err(|error| raised(py, error))?;
    run(py, runner, move |session| {
        let stores: Vec<&dyn Store> = plans.iter().map(|folder| folder as &dyn Store).collect();
        let answer = clearway::report(session, &stores, &request)?;
        Ok(Answer::new(answer.in_words()).with_files(answer.artifacts()))
    })
}

/// A plan as files for other programs.
#[pyfunction]
pub fn export(py: Python<'_>, runner: &Run, plan: Folder, request: &str) -> PyResult<Answer> {
    let request: ExportRequest = self::request(request).map_err(|error| raised(py, error))?;
    run(py, runner, move |session| {
        let exported = clearway::export(session, &plan, &request)?;
        let facts = json!({"makes_folder": request.makes_folder(&plan), "parts": exported.parts});
        Answer::new(exported.in_words()).with_files(exported.artifacts()).with_facts(&facts)
    })
}

/// What the people of a plan need.
#[pyfunction]
pub fn needs(
    py: Python<'_>,
    runner: &Run,
    plan: Folder,
    request: &str,
    files: GivenFiles,
) -> PyResult<Answer> {
    let request: NeedsRequest = request_with_files(request, &files).map_err(|error| raised(py, error))?;
    run(py, runner, move |session| {
        let started = Instant::now();
        let needs = clearway::needs(session, &plan, &request)?;
        let warnings: Vec<_> = needs.warnings.iter().flat_map(|(_, faults)| faults.0.iter()).collect();
        let facts = json!({"warnings": warnings});
        Answer::new(needs.in_words()).with_files(needs.artifacts(usage(started))?).with_facts(&facts)
    })
}

/// What a number of people need, in words.
#[pyfunction]
pub fn needs_of(people: i64, is_cold: bool) -> String {
    clearway::needs_of(people, if is_cold { Climate::Cold } else { Climate::Warm })
}

/// Reported departures beside those of a plan.
#[pyfunction]
pub fn observed(
    py: Python<'_>,
    runner: &Run,
    plan: Folder,
    name: String,
    bytes: PyBackedBytes,
) -> PyResult<Answer> {
    let counts = InputFile::new(name, bytes.to_vec());
    run(py, runner, move |session| {
        let observed = clearway::observed(session, &plan, &counts)?;
        let facts = json!({"warnings": observed.warnings.0});
        Answer::new(observed.in_words()).with_files(observed.artifacts()).with_facts(&facts)
    })
}

/// Carries out the orders of a plan road by road.
#[pyfunction]
pub fn replay(py: Python<'_>, runner: &Run, plan: Folder) -> PyResult<Answer> {
    run(py, runner, move |session| {
        let replayed = clearway::replay(session, &plan)?;
        Answer::new("").with_facts(&replay_json(&replayed))
    })
}

/// Map and curve of a plan, as HTML for a notebook.
#[pyfunction]
pub fn picture(py: Python<'_>, runner: &Run, plan: Folder) -> PyResult<String> {
    run(py, runner, move |_| clearway::picture(&plan))
}

fn replay_json(replayed: &PlanReplay) -> Value {
    let PlanReplay { scenario, zones, sites, links, closed, .. } = replayed;
    let zones: Vec<Value> = scenario
        .zones
        .iter()
        .zip(zones)
        .map(|(row, zone)| {
            json!({"zone_id": row.zone_id, "evacuees": zone.evacuees, "arrived": zone.arrived, "t90_s": zone.t90_s, "t100_s": zone.t100_s})
        })
        .collect();
    let sites: Vec<Value> = scenario
        .sites
        .iter()
        .zip(sites)
        .map(|(row, site)| {
            json!({"site_id": row.site_id, "arrived": site.arrived, "first_s": site.first_s, "last_s": site.last_s, "by_step": site.by_step})
        })
        .collect();
    let links: Vec<Value> = links
        .iter()
        .filter_map(|(row, link)| {
            let by_zone: serde_json::Map<String, Value> = link
                .by_zone
                .iter()
                .filter_map(|(row, people)| Some((scenario.zones.get(*row)?.zone_id.clone(), json!(people))))
                .collect();
            Some(json!({
                "link_id": scenario.links.get(*row)?.link_id,
                "rate_people_h": link.rate_people_h,
                "room_people": link.room_people,
                "entered": link.entered,
                "on_it": link.on_it,
                "standing": link.standing,
                "by_hour": link.by_hour,
                "most_by_hour": link.most_by_hour,
                "by_zone": by_zone,
                "closed": closed.get(row),
            }))
        })
        .collect();
    json!({
        "part": replayed.part,
        "step_ms": replayed.step_ms,
        "steps": replayed.steps,
        "at_home": replayed.at_home,
        "on_the_way": replayed.on_the_way,
        "arrived": replayed.arrived,
        "zones": zones,
        "sites": sites,
        "links": links,
    })
}
