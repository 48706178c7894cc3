//! A plan folder for everybody (`docs/reference/multimodal.md`): parts for those who move by themselves, a timetable of the fleet, and the
//! figures of all. Written from the reference alone, as the rest of this crate.

mod bound;
mod given;
mod joint;
mod parts;
mod streets;
mod summary;
mod trips;

use crate::finding::{Finding, Findings};
use crate::raw::Raw;
use crate::{Checked, Unreadable, verify};
use clearway_model::{Case, Means, MultimodalSummary};
use given::Given;
use std::path::Path;

/// What came out of a check.
#[derive(Debug, Clone)]
pub struct EveryoneVerification {
    /// Whether everything that is checked follows from the scenario.
    pub holds: bool,
    /// Why not.
    pub findings: Vec<Finding>,
    /// Findings left out because there were many of their kind.
    pub left_out: u64,
    /// How much was looked at in each part.
    pub parts: Vec<(String, Checked)>,
    /// Trips looked at.
    pub trips: u64,
}

/// Whether a folder is a plan folder for everybody.
pub fn is_multimodal(dir: &Path) -> bool {
    dir.join("multimodal.json").is_file()
}

/// Checks the plan folder `dir` against `scenario`, or against the copy in it.
///
/// # Errors
/// [`Unreadable`] if a file is missing or is not what the reference describes, so that nothing can be said.
pub fn verify_multimodal(dir: &Path, scenario: Option<&Path>) -> Result<EveryoneVerification, Unreadable> {
    let own = dir.join("scenario");
    let scenario = scenario.unwrap_or(&own);
    let raw = Raw::read(scenario)?;
    let given = Given::read(scenario, &raw)?;
    let path = dir.join("multimodal.json");
    let bytes = std::fs::read(&path).map_err(|source| Unreadable::File { path, source })?;
    let claimed: MultimodalSummary = crate::json::read("multimodal.json", &bytes)?;
    if claimed.schema != MultimodalSummary::SCHEMA {
        let found = claimed.schema;
        return Err(Unreadable::value("multimodal.json", "", "schema", found, MultimodalSummary::SCHEMA));
    }
    let mut findings = Findings::default();
    if claimed.scenario != given.digest {
        let message = "made for another scenario than this one";
        findings.add("digest.everyone", "scenario", &claimed.scenario, &given.digest, message);
    }
    let driven = parts::driven(scenario, &given)?;
    let fleet = streets::Fleet::new(&driven, &given, Case::Central)?;
    let done = trips::check(dir, "trips.csv", &driven, &given, &fleet, &mut findings)?;
    let ranked = claimed.fleet.as_ref().is_some_and(|fleet| !fleet.without_priorities.is_empty());
    let unranked = match ranked {
        true => Some(trips::check(dir, "without-priorities.csv", &driven, &given, &fleet, &mut findings)?),
        false => None,
    };
    let mut taken = parts::Taken::by_fleet(&raw, &done);
    let (walkers, drivers) = (given.people(Means::Walk), given.people(Means::Vehicle));
    let share = |people: i64| people as f64 / (walkers + drivers).max(1) as f64;
    let mut checked = Vec::new();
    let mut figures = Vec::new();
    for (means, people) in [(Means::Walk, walkers), (Means::Vehicle, drivers)] {
        if people == 0 {
            continue;
        }
        taken.admission_share = share(people);
        let part = parts::check(dir, scenario, &raw, &given, means, &taken, &mut checked, &mut findings)?;
        for (sum, people) in taken.site_people.iter_mut().zip(&part.site_people) {
            *sum += people;
        }
        figures.push(part);
    }
    let optimistic = streets::Fleet::new(&driven, &given, Case::Optimistic)?;
    let bounds = [&fleet, &optimistic].map(|fleet| bound::FleetBounds::new(&driven, &given, fleet));
    let whole = joint::Whole { dir, scenario, raw: &raw, given: &given };
    let joint = whole.check(&claimed, &mut checked, &mut findings)?;
    summary::check(
        (&raw, &given),
        &claimed,
        &figures,
        [&done, unranked.as_ref().unwrap_or(&done)],
        &bounds,
        &joint,
        &mut findings,
    );
    let trips = done.trips;
    let (findings, left_out) = findings.into_parts();
    Ok(EveryoneVerification { holds: findings.is_empty(), findings, left_out, parts: checked, trips })
}

/// Checks one part's folder by itself and takes over what does not hold.
fn folder(
    dir: &Path,
    name: &str,
    checked: &mut Vec<(String, Checked)>,
    findings: &mut Findings,
) -> Result<crate::Verification, Unreadable> {
    let result = verify(&dir.join(name), None)?;
    for finding in &result.findings {
        let place = format!("{name}: {}", finding.place);
        findings.add(finding.code, place, &finding.claimed, &finding.recomputed, &finding.message);
    }
    checked.push((name.to_owned(), result.checked));
    Ok(result)
}
