//! A scenario that was read and checked, and the verbs that take one.

use crate::answer::Answer;
use crate::error::raised;
use crate::folder::Folder;
use crate::given::request;
use crate::run::{Run, run};
use clearway::{
    Artifacts, BoundRequest, Disclosure, Error, FolderKind, LoadedScenario, PlanRequest, Planned,
    RobustRequest, ScenarioChange, SimulateRequest, SubStore, Usage,
};
use clearway_formats::{part_folders, read_plan};
use clearway_model::{Plan, Store};
use pyo3::prelude::*;
use serde_json::json;
use std::sync::Arc;
use std::time::Instant;

/// A scenario that was read and checked.
#[pyclass(frozen, module = "clearway._clearway")]
#[derive(Debug)]
pub struct Scenario {
    loaded: Arc<LoadedScenario>,
}

impl Scenario {
    fn new(loaded: LoadedScenario) -> Self {
        Self { loaded: Arc::new(loaded) }
    }

    /// What was read.
    pub fn loaded(&self) -> Arc<LoadedScenario> {
        Arc::clone(&self.loaded)
    }
}

#[pymethods]
impl Scenario {
    /// Its files.
    #[getter]
    fn folder(&self) -> Folder {
        Folder::from(Artifacts::new(
            FolderKind::Scenario,
            Disclosure::Full,
            self.loaded.files.iter().cloned(),
        ))
    }

    /// Name, digests, size, settings and warnings, as JSON.
    #[getter]
    fn facts(&self, py: Python<'_>) -> PyResult<String> {
        let LoadedScenario { label, scenario, warnings, .. } = &*self.loaded;
        let facts = json!({
            "label": label,
            "digest": scenario.digest,
            "digest_with_groups": scenario.groups.as_ref().map(|groups| &groups.digest),
            "settings": scenario.settings,
            "nodes": scenario.nodes.len(),
            "links": scenario.links.len(),
            "zones": scenario.zones.len(),
            "sites": scenario.sites.len(),
            "people": scenario.zones.iter().map(|zone| zone.people).sum::<i64>(),
            "warnings": warnings.0,
        });
        serde_json::to_string(&facts).map_err(|error| raised(py, error.into()))
    }
}

/// Reads a scenario and checks it.
#[pyfunction]
pub fn load(py: Python<'_>, runner: &Run, folder: Folder) -> PyResult<Scenario> {
    run(py, runner, move |_| Ok(Scenario::new(clearway::load(&folder)?)))
}

/// Changes a scenario: the changed one, and what was changed in words.
#[pyfunction]
pub fn change(
    py: Python<'_>,
    runner: &Run,
    scenario: &Scenario,
    changes: &str,
) -> PyResult<(Scenario, Answer)> {
    let changes: Vec<ScenarioChange> = request(changes).map_err(|error| raised(py, error))?;
    let loaded = scenario.loaded.clone();
    run(py, runner, move |session| {
        let changed = clearway::change(session, &loaded, &changes)?;
        let answer = Answer::new(changed.sentences.join("\n"))
            .with_files(changed.artifacts())
            .with_facts(&changed.sentences)?;
        Ok((Scenario::new(changed.loaded), answer))
    })
}

/// Plans a scenario. `like`: an earlier plan to stay close to; `robust`: the request of a plan that does well under chance, in which
/// `request` is its plan.
#[pyfunction]
#[pyo3(signature = (runner, scenario, request, like=None, robust=None))]
pub fn plan(
    py: Python<'_>,
    runner: &Run,
    scenario: &Scenario,
    request: &str,
    like: Option<Folder>,
    robust: Option<&str>,
) -> PyResult<Answer> {
    let read = || -> Result<_, Error> {
        let plan: PlanRequest = self::request(request)?;
        let robust: Option<RobustRequest> = robust.map(self::request).transpose()?;
        Ok((plan, robust))
    };
    let (mut plan, robust) = read().map_err(|error| raised(py, error))?;
    let loaded = scenario.loaded.clone();
    run(py, runner, move |session| {
        let started = Instant::now();
        if let Some(like) = &like {
            like_earlier(&mut plan, &loaded, like)?;
        }
        let planned = match robust {
            Some(mut robust) => {
                robust.plan = plan.clone();
                clearway::plan_robust(session, &loaded, &robust)?
            }
            None => clearway::plan(session, &loaded, &plan)?,
        };
        let kept = planned.kept_words(&plan).map(|kept| format!("\n{kept}")).unwrap_or_default();
        answer(&planned, kept, started)
    })
}

fn answer(planned: &Planned, kept: String, started: Instant) -> Result<Answer, Error> {
    let words = planned.in_words() + &kept;
    Answer::new(words)
        .with_files(planned.artifacts(usage(started))?)
        .with_facts(&json!({"sentences": planned.sentences()}))
}

/// What a run took; how much of the memory of a Python process was for it is not known.
pub fn usage(started: Instant) -> Usage {
    Usage { wall_s: started.elapsed().as_secs_f64(), peak_rss_bytes: 0 }
}

/// An earlier plan, or the parts of one, as what a new one stays close to.
fn like_earlier(request: &mut PlanRequest, loaded: &LoadedScenario, like: &Folder) -> Result<(), Error> {
    let earlier = |store: &dyn Store| -> Result<Plan, Error> {
        read_plan(store).map_err(|faults| Error::Invalid { of: store.label(), faults })
    };
    if loaded.scenario.groups.is_none() {
        request.like = Some(earlier(like)?);
        return Ok(());
    }
    for part in part_folders(like) {
        let folder = SubStore::new(like, &part);
        if folder.read("plan.json").is_ok_and(|found| found.is_some()) {
            let plan = earlier(&folder)?;
            request.like_parts.push((part.clone(), plan));
        }
    }
    Ok(())
}

/// Proves the bound of a scenario.
#[pyfunction]
pub fn bound(py: Python<'_>, runner: &Run, scenario: &Scenario, request: &str) -> PyResult<Answer> {
    let request: BoundRequest = self::request(request).map_err(|error| raised(py, error))?;
    let loaded = scenario.loaded.clone();
    run(py, runner, move |session| {
        let started = Instant::now();
        let bound = clearway::bound(session, &loaded, &request)?;
        let facts = json!({"bounds": bound.bounds(), "sentences": bound.planned().sentences()});
        Answer::new(bound.planned().in_words())
            .with_files(bound.artifacts(usage(started))?)
            .with_facts(&facts)
    })
}

/// Tries interventions and proves what each gains.
#[pyfunction]
pub fn interventions(py: Python<'_>, runner: &Run, scenario: &Scenario, request: &str) -> PyResult<Answer> {
    let request: clearway::InterventionsRequest =
        self::request(request).map_err(|error| raised(py, error))?;
    let loaded = scenario.loaded.clone();
    run(py, runner, move |session| {
        let started = Instant::now();
        let tried = clearway::interventions(session, &loaded, &request)?;
        let facts = json!({"base": tried.base, "bottlenecks": tried.bottlenecks, "gains": tried.gains});
        Answer::new(tried.in_words()).with_files(tried.artifacts(usage(started))?).with_facts(&facts)
    })
}

/// Simulates what happens without a plan.
#[pyfunction]
pub fn simulate_baseline(
    py: Python<'_>,
    runner: &Run,
    scenario: &Scenario,
    request: &str,
) -> PyResult<Answer> {
    let request: SimulateRequest = self::request(request).map_err(|error| raised(py, error))?;
    let loaded = scenario.loaded.clone();
    run(py, runner, move |session| {
        let simulated = clearway::simulate_baseline(session, &loaded, &request)?;
        Ok(Answer::new(simulated.in_words()).with_files(simulated.artifacts()?))
    })
}
