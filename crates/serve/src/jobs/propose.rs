//! Places that might receive people, out of the road map of a draft, as a file of the project.

use super::draft::{Drawn, given, map_file};
use super::work::{JobError, Outcome, Work};
use crate::error::ServeError;
use crate::types::JobState;
use clearway::{ProposeSitesRequest, propose_sites};

/// Name of the file.
const NAME: &str = "proposed sites.csv";

/// Looks around the area of the newest draft; without one around its zones.
pub(super) fn proposed_sites(work: &Work<'_>, within_m: Option<f64>) -> Result<Outcome, JobError> {
    let draft = work.app.store.draft(work.job.project, None)?.draft;
    let mut faults = Vec::new();
    let drawn = Drawn::of(&draft.features, &mut faults);
    if !faults.is_empty() {
        return Err(ServeError::Faults { message: "faults in the draft".to_owned(), faults }.into());
    }
    let (map, roads) = work.file(map_file(work, &draft)?)?;
    let mut request = ProposeSitesRequest::default();
    request.map = Some(map);
    request.area = match drawn.file("area").or_else(|| drawn.file("zone")) {
        Some(drawn) => Some(drawn),
        None => given(work, draft.zones_file)?,
    };
    request.hazards = given(work, draft.hazards_file)?.or_else(|| drawn.file("hazard"));
    request.fire_buffer_m = draft.fire_buffer_m;
    request.within_m = within_m.unwrap_or(request.within_m);
    let found = propose_sites(work.session, &request, &roads)?;
    let blob = work.app.store.blobs().put(&found.csv())?;
    work.app.store.add_file(&work.job.by, work.job.project, NAME, &blob)?;
    let faults = found.proposed.warnings.0.clone();
    Ok(Outcome { state: JobState::Done, words: found.in_words(), faults, version: None })
}
