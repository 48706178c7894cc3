//! Bounds of changed scenarios, each with its proof in a folder of its own.

use crate::args::{How, ProgressName, Routes};
use crate::commands::plan::{answer_files, options, planned};
use crate::failure::Failure;
use crate::interrupt;
use crate::planning::Wanted;
use clearway_formats::scenario_text;
use clearway_model::{Scenario, scenario_digest};
use clearway_plan::{Answer, PlanOptions};
use clearway_report::Shapes;
use std::sync::Arc;
use std::time::Instant;

/// Name and contents of files.
pub type Files = Vec<(String, Vec<u8>)>;

/// How a bound is solved where the command has no options for it.
pub fn how() -> How {
    How {
        routes_per_zone: Some(Routes(None)),
        window: 900_000,
        convergent: false,
        threads: None,
        memory: None,
        effort: 1,
        packet: None,
        like: None,
        progress: ProgressName::Auto,
    }
}

/// The bound of a scenario as it is.
pub fn bound(scenario: &Arc<Scenario>, how: &How) -> Result<Answer, Failure> {
    let options = PlanOptions { routes_per_zone: None, ..options(scenario, how)? };
    let answer = planned(scenario, &options, how, Wanted::Bound, Instant::now())?;
    if interrupt::asked() { Err(Failure::NothingYet) } else { Ok(answer) }
}

/// The bound of a scenario that was changed, with its tables and its proof in a folder.
pub fn proved(
    mut scenario: Scenario,
    shapes: &Shapes,
    how: &How,
    folder: &str,
    files: &mut Files,
) -> Result<Answer, Failure> {
    let tables = scenario_text(&scenario)?;
    scenario.digest = scenario_digest(tables.iter().map(|(name, bytes)| (*name, bytes.as_slice())));
    let scenario = Arc::new(scenario);
    let answer = bound(&scenario, how)?;
    for (name, bytes) in answer_files(&scenario, shapes, &answer)? {
        files.push((format!("{folder}/{name}"), bytes));
    }
    files.extend(tables.into_iter().map(|(name, bytes)| (format!("{folder}/scenario/{name}"), bytes)));
    Ok(answer)
}
