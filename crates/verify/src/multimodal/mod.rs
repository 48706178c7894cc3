//! A multimodal plan folder (`docs/reference/multimodal.md`): parts for those who move by themselves, a dispatch schedule of the fleet,
//! and the figures of all. Written from the reference alone, as the rest of this crate.

mod bound;
mod given;
mod joint;
mod modes;
mod parts;
mod streets;
mod summary;
mod trips;

use crate::finding::{CheckFinding, CheckFindings};
use crate::number::real;
use crate::raw::RawScenario;
use crate::unreadable::required;
use crate::{CheckedCounts, Unreadable, verify};
use clearway_model::{Case, Means, MultimodalSummary, Store, SubStore};
use given::RawMultimodal;

/// What came out of a check of a multimodal plan.
#[derive(Debug, Clone)]
pub struct MultimodalVerification {
    /// Whether everything that is checked follows from the scenario.
    pub holds: bool,
    /// Why not; empty if it holds. At most [`MOST_PER_CODE`](crate::MOST_PER_CODE) per code.
    pub findings: Vec<CheckFinding>,
    /// Findings left out because there were many of their kind.
    pub left_out: u64,
    /// How much was looked at in each part.
    pub parts: Vec<(String, CheckedCounts)>,
    /// Trips of the dispatch schedule that were looked at.
    pub trips: u64,
}

/// Whether a plan folder is a multimodal one.
pub fn is_multimodal(plan: &dyn Store) -> bool {
    // a file that cannot be read is there: the check says what is the matter with it
    !matches!(plan.read("multimodal.json"), Ok(None))
}

/// Checks the multimodal plan folder in `plan` against `scenario`, or against the copy in its folder `scenario`.
///
/// # Errors
/// [`Unreadable`] if a file is missing or is not what the reference describes, so that nothing can be said.
pub fn verify_multimodal(
    plan: &dyn Store,
    scenario: Option<&dyn Store>,
) -> Result<MultimodalVerification, Unreadable> {
    crate::older::refuse(plan)?;
    let own = SubStore::new(plan, "scenario");
    let scenario = scenario.unwrap_or(&own);
    let raw = RawScenario::read(scenario)?;
    let given = RawMultimodal::read(scenario, &raw)?;
    let bytes = required(plan, "multimodal.json")?;
    let claimed: MultimodalSummary = crate::json::read("multimodal.json", &bytes)?;
    if claimed.schema != MultimodalSummary::SCHEMA {
        let found = claimed.schema;
        return Err(Unreadable::value("multimodal.json", "", "schema", found, MultimodalSummary::SCHEMA));
    }
    let mut findings = CheckFindings::default();
    if claimed.scenario != given.digest {
        let message = "made for another scenario than this one";
        findings.add("digest.everyone", "scenario", &claimed.scenario, &given.digest, message);
    }
    let driven = parts::driven(scenario, &given)?;
    let fleet = streets::FleetRoads::new(&driven, &given, Case::Central)?;
    let done = trips::check(plan, "trips.csv", &driven, &given, &fleet, &mut findings)?;
    let ranked = claimed.fleet.as_ref().is_some_and(|fleet| !fleet.without_priorities.is_empty());
    let unranked = match ranked {
        true => Some(trips::check(plan, "without-priorities.csv", &driven, &given, &fleet, &mut findings)?),
        false => None,
    };
    let mut taken = parts::CommittedCapacity::by_fleet(&raw, &done);
    // Walkers first, then the listed modes in their order, those with vehicles last.
    let mut evacuees = vec![Means::Walk];
    evacuees.extend(given.modes.iter().map(|mode| mode.means));
    evacuees.push(Means::Vehicle);
    let evacuees: Vec<(Means, i64)> =
        evacuees.into_iter().map(|means| (means, given.people(means))).collect();
    let all: i64 = evacuees.iter().map(|(_, people)| people).sum();
    let share = |people: i64| real(people) / real(all.max(1));
    let mut checked = Vec::new();
    let mut figures = Vec::new();
    for (means, people) in evacuees {
        if people == 0 {
            continue;
        }
        taken.admission_share = share(people);
        let part = parts::check(plan, scenario, &raw, &given, means, &taken, &mut checked, &mut findings)?;
        for (sum, people) in taken.site_people.iter_mut().zip(&part.site_people) {
            *sum += people;
        }
        figures.push(part);
    }
    let optimistic = streets::FleetRoads::new(&driven, &given, Case::Optimistic)?;
    let bounds = [&fleet, &optimistic].map(|fleet| bound::CheckedFleetBounds::new(&driven, &given, fleet));
    let whole = joint::JointCheck { plan, scenario, raw: &raw, given: &given };
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
    Ok(MultimodalVerification { holds: findings.is_empty(), findings, left_out, parts: checked, trips })
}

/// Checks one part's folder by itself and takes over what does not hold.
fn folder(
    plan: &dyn Store,
    name: &str,
    checked: &mut Vec<(String, CheckedCounts)>,
    findings: &mut CheckFindings,
) -> Result<crate::PlanVerification, Unreadable> {
    let result = verify(&SubStore::new(plan, name), None)?;
    for finding in &result.findings {
        let place = format!("{name}: {}", finding.place);
        findings.add(finding.code, place, &finding.claimed, &finding.recomputed, &finding.message);
    }
    checked.push((name.to_owned(), result.checked));
    Ok(result)
}
