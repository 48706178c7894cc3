//! What the summary of a plan folder says of times, of its fleet and of its people.

use super::PlanEvidence;
use crate::error::Error;
use clearway_artifacts::Disclosure;
use clearway_audit::range::FigureRange;
use clearway_formats::read_summary;
use clearway_model::number::float;
use clearway_model::{MeansFigures, MultimodalSummary, People, Store};
use clearway_needs::up_to_tens;
use std::io;
use std::path::PathBuf;

const MULTIMODAL: &str = "multimodal.json";

fn hours(s: f64) -> FigureRange {
    FigureRange::exact(s / 3600.0)
}

fn days(s: f64) -> FigureRange {
    FigureRange::exact(s / 86_400.0)
}

/// A plan for one class of road users: its times, and how many people.
pub(super) fn of_one_class(plan: &dyn Store, evidence: &mut PlanEvidence) -> Result<People, Error> {
    let of = format!("{}/summary.json", plan.label());
    let summary = read_summary(plan).map_err(|faults| Error::Invalid { of, faults })?;
    if let Some(s) = summary.t90_s.plan {
        evidence.add("t90_h", hours(s), "summary.json, replayed");
    }
    if let Some(s) = summary.clearance_s.plan {
        evidence.add("t100_h", hours(s), "summary.json, replayed");
        evidence.add("days", days(s), "summary.json, replayed");
    }
    let how = "summary.json, bound with certificate; low end: every figure at its optimistic end";
    if let Some(s) = summary.t90_s.bound {
        let low = summary.optimistic.t90_s.map_or(s, |low| low.min(s));
        evidence.add("bound_t90_h", FigureRange { low: low / 3600.0, ..hours(s) }, how);
    }
    if let Some(s) = summary.clearance_s.bound {
        let low = summary.optimistic.clearance_s.map_or(s, |low| low.min(s));
        evidence.add("bound_days", FigureRange { low: low / 86_400.0, ..days(s) }, how);
    }
    Ok(summary.people)
}

/// A multimodal plan: its times, its fleet, and how many people.
pub(super) fn of_groups(
    plan: &dyn Store,
    disclosure: Disclosure,
    evidence: &mut PlanEvidence,
) -> Result<People, Error> {
    let unreadable =
        |source| Error::Read { path: PathBuf::from(format!("{}/{MULTIMODAL}", plan.label())), source };
    let missing = || unreadable(io::Error::new(io::ErrorKind::NotFound, "there is no such file"));
    let bytes = plan.read(MULTIMODAL).map_err(unreadable)?.ok_or_else(missing)?;
    let summary: MultimodalSummary = serde_json::from_slice(&bytes)?;
    // with several means, 90 % of everybody have arrived no later than 90 % of each
    let latest = summary.means.iter().map(|means| means.t90_s.plan).collect::<Option<Vec<f64>>>();
    let how = "multimodal.json: the latest of all means, replayed";
    if let Some(s) = latest.and_then(|all| all.into_iter().reduce(f64::max)) {
        evidence.add("t90_h", hours(s), how);
    }
    if let Some(s) = summary.clearance_s.plan {
        evidence.add("t100_h", hours(s), how);
        evidence.add("days", days(s), how);
    }
    if let Some(s) = summary.clearance_s.bound {
        evidence.add("bound_days", days(s), "multimodal.json, bound with certificate");
    }
    if let Some(fleet) = &summary.fleet {
        let vehicles = FigureRange::exact(float(fleet.vehicles));
        evidence.add("buses", vehicles, "multimodal.json: vehicles of the fleet");
    }
    of_carried(&summary.means, disclosure, evidence);
    Ok(summary.people)
}

/// Those who have no vehicle and do not walk, and those of them whom the timetable of the fleet brings.
fn of_carried(means: &[MeansFigures], disclosure: Disclosure, evidence: &mut PlanEvidence) {
    let carried = || means.iter().filter(|means| means.means.is_carried());
    let wait: i64 = carried().map(|means| means.people - means.staying).sum();
    if wait <= 0 {
        return;
    }
    let brought: i64 = carried().map(|means| means.arrived).sum();
    // who is not brought stays in sight, and places are never more than there are
    let (wait, brought) = match disclosure {
        Disclosure::Redacted if brought < wait => (up_to_tens(wait), brought / 10 * 10),
        Disclosure::Redacted => (up_to_tens(wait), up_to_tens(brought)),
        Disclosure::Full => (wait, brought),
    };
    let how = "groups.csv: people who need a place in a vehicle of the fleet";
    evidence.add("people_without_means", FigureRange::count(wait), how);
    let how = "multimodal.json: people whom the fleet brings; what a place costs is not in the folder";
    evidence.add("free_seats", FigureRange::count(brought), how);
}
