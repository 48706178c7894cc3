//! The plan folder of which a simulation takes its orders.

use crate::error::Error;
use clearway_formats::{read_plan, read_scenario, read_summary, read_table};
use clearway_model::{CurvePoint, Fault, Faults, Plan, Scenario, Store, SubStore, Summary};

/// A plan folder of one class of road users.
pub(crate) struct PlanFolder {
    pub scenario: Scenario,
    pub plan: Plan,
    pub summary: Summary,
    pub curve: Vec<CurvePoint>,
}

/// Reads a plan of one class for what is not simulated of several means at once.
///
/// # Errors
/// As [`read_folder`]; [`Error::Request`] for a multimodal plan.
pub(crate) fn read_single_folder(plan: &dyn Store) -> Result<PlanFolder, Error> {
    if plan.read("multimodal.json").is_ok_and(|found| found.is_some()) {
        let label = plan.label();
        return Err(Error::Request(format!(
            "{label} is a multimodal plan; under chance and without a road its parts can be simulated one by one, e.g. {label}/vehicle"
        )));
    }
    read_folder(plan)
}

pub(crate) fn read_folder(plan: &dyn Store) -> Result<PlanFolder, Error> {
    let invalid = |faults: Faults| Error::Invalid { of: plan.label(), faults };
    let is_there = |name: &str| plan.read(name).is_ok_and(|found| found.is_some());
    if !is_there("plan.json") && is_there("scenario.toml") {
        let label = plan.label();
        return Err(Error::Request(format!(
            "{label} is a scenario folder; simulate takes a plan folder, as clearway plan {label} --out PLAN writes it, or with --baseline a scenario: everybody by the shortest way at once"
        )));
    }
    let orders = read_plan(plan).map_err(invalid)?;
    if orders.orders.is_empty() {
        return Err(Error::Request(format!(
            "{} has no orders, only a bound: there is nothing to simulate",
            plan.label()
        )));
    }
    let summary = read_summary(plan).map_err(invalid)?;
    let (scenario, _) = read_scenario(&SubStore::new(plan, "scenario")).map_err(invalid)?;
    let missing = || Faults(vec![Fault::error("curve.csv", "", "a plan folder as clearway plan writes it")]);
    let bytes = plan.read("curve.csv").ok().flatten().ok_or_else(|| invalid(missing()))?;
    let (curve, faults) = read_table::<CurvePoint>("curve.csv", &bytes);
    if faults.has_errors() {
        return Err(invalid(faults));
    }
    Ok(PlanFolder { scenario, plan: orders, summary, curve })
}
