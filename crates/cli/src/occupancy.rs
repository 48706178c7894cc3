//! Who is where in each hour by a plan folder, for commands that are no verb of the library yet.

use crate::failure::Failure;
use crate::progress::Progress;
use clearway::FolderStore;
pub use clearway_needs::{PlanOccupancy as Whereabouts, Rest, busiest_hour};
use clearway_verify::Finding;
use std::path::Path;

/// What does not follow in a plan folder of either kind, and how many findings more there are.
pub fn found(dir: &Path) -> Result<(Vec<Finding>, u64), Failure> {
    let result = clearway::verify(&FolderStore::new(dir), None)?;
    Ok((result.findings, result.left_out))
}

/// Reads a plan folder and replays its orders.
pub fn occupancy(dir: &Path, rest: Rest, progress: &Progress) -> Result<Whereabouts, Failure> {
    let tell = |stage: &str, share: f64| progress.tell(stage, share);
    let known = clearway_needs::occupancy(&FolderStore::new(dir), rest, &tell);
    Ok(known.map_err(clearway::Error::from)?)
}
