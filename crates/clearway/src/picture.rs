//! `picture`: the main things of a plan as a piece of HTML, for a page that is not ours.

use crate::error::Error;
use crate::export::read_source;
use clearway_model::{Fault, Faults, Store, ZoneOutcome};
use clearway_report::{PlanReport, plan_fragment};
use serde::Deserialize;

/// Headline figures, curve and map of a plan folder as one HTML element that loads nothing and has no script. What the folder says is shown
/// as it is; [`verify`](crate::verify()) says whether it holds.
///
/// # Errors
/// [`Error::Request`] for a multimodal plan, whose parts have pictures of their own; [`Error::Invalid`] with all faults of a file.
pub fn picture(plan: &dyn Store) -> Result<String, Error> {
    if plan.read("multimodal.json").is_ok_and(|found| found.is_some()) {
        let label = plan.label();
        return Err(Error::Request(format!(
            "{label} is a multimodal plan; its parts have pictures of their own, e.g. {label}/vehicle"
        )));
    }
    let source = read_source(plan)?;
    let zones = zone_rows(plan)?;
    let report = PlanReport {
        scenario: &source.scenario,
        shapes: Some(&source.map),
        plan: &source.plan,
        summary: &source.summary,
        curve: &source.curve,
        zones: &zones,
        bottlenecks: &source.bottlenecks,
        overflowing: &source.overflowing,
    };
    Ok(plan_fragment(&report)?)
}

/// What a picture shows of a row of `zones.csv` of a plan folder.
#[derive(Deserialize)]
struct ShownZone {
    zone_id: String,
    name: String,
    people: i64,
    arrived: i64,
    overtaken: i64,
    not_evacuated: i64,
}

impl From<ShownZone> for ZoneOutcome {
    fn from(row: ShownZone) -> Self {
        let ShownZone { zone_id, name, people, arrived, overtaken, not_evacuated } = row;
        Self { zone_id, name, people, arrived, overtaken, not_evacuated, ..Self::default() }
    }
}

/// The rows of `zones.csv` of a plan folder.
fn zone_rows(plan: &dyn Store) -> Result<Vec<ZoneOutcome>, Error> {
    let bytes = plan.read("zones.csv").map_err(|source| Error::Read { path: "zones.csv".into(), source })?;
    let mut reader = csv::Reader::from_reader(bytes.as_deref().unwrap_or_default());
    let rows: Result<Vec<ShownZone>, csv::Error> = reader.deserialize().collect();
    rows.map(|rows| rows.into_iter().map(ZoneOutcome::from).collect()).map_err(|problem| {
        let fault = Fault::error("zones.csv", "", "a plan folder as clearway plan writes it");
        Error::Invalid { of: plan.label(), faults: Faults(vec![fault.hint(problem.to_string())]) }
    })
}
