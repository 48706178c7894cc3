//! Bounds of changed scenarios, each with its proof in a folder of its own.

use crate::failure::Failure;
use crate::session::usage;
use clearway::{Session, prove};
use clearway_model::Scenario;
use clearway_plan::Answer;
use clearway_report::Shapes;
use std::time::Instant;

/// Name and contents of files.
pub type Files = clearway::Files;

/// The bound of a scenario that was changed, with its tables and its proof in a folder.
pub fn proved(
    session: &Session,
    scenario: Scenario,
    shapes: &Shapes,
    folder: &str,
    files: &mut Files,
) -> Result<Answer, Failure> {
    let started = Instant::now();
    let part = prove(session, folder, scenario)?;
    files.extend(part.files(shapes, usage(started))?);
    Ok(part.answer)
}
