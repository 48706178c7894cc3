//! `plan_tables`: a plan's figures as tables in memory.

use crate::error::Error;
use crate::export::{is_multimodal, read_source, refuse_others};
use crate::session::Session;
use crate::verify::must_hold;
use clearway_export::PlanTables;
use clearway_formats::part_folders;
use clearway_model::{Store, SubStore};
use clearway_report::ScenarioClock;

/// The tables of a plan of one class of road users.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct TablesOfPart {
    /// Its name in a multimodal plan; empty where it is the whole.
    pub name: String,
    /// The tables.
    pub tables: PlanTables,
    /// Time 0, ms since 1970 in UTC; `None`: the scenario does not say.
    pub start_ms: Option<i64>,
}

/// The figures of a plan folder as tables, each column with its unit and meaning, of a multimodal plan those of each part. The plan is
/// verified first: a wrong figure is not passed on. They are those of [`export`](crate::export()), in memory: exact places and times, also
/// in an armed conflict.
///
/// # Errors
/// [`Error::DoesNotHold`] if the figures of the plan do not follow from its scenario; [`Error::Request`] for a folder that is no plan;
/// [`Error::Invalid`] with all faults of a file; [`Error::Cancelled`] without an answer.
///
/// ```
/// use clearway::{FolderStore, MemoryStore, PlanRequest, Session, Usage, load, plan, plan_tables};
///
/// # let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/one-road");
/// let session = Session::new().with_threads(1);
/// let planned = plan(&session, &load(&FolderStore::new(example))?, &PlanRequest::default())?;
/// let parts = plan_tables(&session, &MemoryStore::from(planned.artifacts(Usage::default())?))?;
/// assert_eq!(parts[0].tables.zones.sum("people"), 12_000);
/// # Ok::<(), clearway::Error>(())
/// ```
pub fn plan_tables(session: &Session, plan: &dyn Store) -> Result<Vec<TablesOfPart>, Error> {
    let progress = session.progress();
    refuse_others(plan)?;
    progress.tell("verify", 0.0);
    must_hold(plan)?;
    if !is_multimodal(plan) {
        session.go_on()?;
        return Ok(vec![part("", plan)?]);
    }
    let mut parts = Vec::new();
    for name in part_folders(plan) {
        session.go_on()?;
        parts.push(part(&name, &SubStore::new(plan, &name))?);
    }
    Ok(parts)
}

fn part(name: &str, plan: &dyn Store) -> Result<TablesOfPart, Error> {
    let source = read_source(plan)?;
    let start_ms = ScenarioClock::new(&source.scenario.settings).start_ms();
    Ok(TablesOfPart { name: name.to_owned(), tables: PlanTables::new(&source)?, start_ms })
}
