//! A project to begin with: an example that is planned, simulated and audited.

use crate::app::{ServeApp, SharedApp};
use crate::error::ServeError;
use crate::store::NewVersion;
use crate::types::{JobInfo, JobOrder, JobState, VersionKind};
use crate::views::bounds_of;
use clearway::{Artifacts, AuditRequest, MemoryStore, NeedsRequest, PlanRequest, SimulateRequest, load};
use clearway_model::Context;
use std::sync::{Arc, Weak};
use std::time::Duration;

/// Under which name the demo is made.
const BY: &str = "clearway demo";

/// Makes a project of an example, unless there is one of its name, and has it planned, simulated and audited, one after the other, while the
/// server answers.
///
/// # Errors
/// If the project folder cannot be used, or the example has faults.
pub fn add_demo(
    app: &SharedApp,
    name: &str,
    example: &Artifacts,
    request: PlanRequest,
) -> Result<(), ServeError> {
    if app.store.projects()?.iter().any(|project| project.name == name && project.made_by == BY) {
        return Ok(());
    }
    let loaded = load(&MemoryStore::from(example.clone()))?;
    let project = app.store.add_project(BY, name, Context::Exercise)?;
    let scenario = NewVersion {
        project,
        kind: VersionKind::Scenario,
        parent: None,
        job: None,
        draft_revision: None,
        name: name.to_owned(),
        disclosure: example.disclosure(),
        words: String::new(),
        bounds: bounds_of(&loaded.scenario.nodes),
        files: NewVersion::files_of(example),
    };
    let scenario = app.store.add_version(BY, &scenario, |_, _| Ok(()))?.id;
    let order =
        JobOrder::Plan { of: scenario, request: Box::new(request), name: Some(format!("{name}: plan")) };
    let planning = app.jobs.order(app, BY, project, order)?;
    let waiting = Arc::downgrade(app);
    std::thread::Builder::new()
        .name("demo".to_owned())
        .spawn(move || afterwards(&waiting, &planning))
        .map_err(|error| ServeError::Internal(format!("no thread for the demo: {error}")))?;
    Ok(())
}

/// Orders what is computed of the plan once it is there.
fn afterwards(app: &Weak<ServeApp>, planning: &JobInfo) {
    loop {
        std::thread::sleep(Duration::from_millis(200));
        let Some(app) = app.upgrade() else { return };
        let Ok(info) = app.jobs.info(&app, planning.id) else { return };
        if !info.state.is_over() {
            continue;
        }
        let (JobState::Done, Some(of)) = (info.state, info.result) else { return };
        let orders = [
            JobOrder::Simulate { of, request: SimulateRequest::default(), name: None },
            JobOrder::Needs { of, request: Box::new(NeedsRequest::default()), name: None },
            JobOrder::Audit { of, request: Box::new(AuditRequest::default()), name: None },
        ];
        for order in orders {
            // a folder that cannot be written any more has said so where the plan was
            if app.jobs.order(&app, BY, info.project, order).is_err() {
                return;
            }
        }
        return;
    }
}
