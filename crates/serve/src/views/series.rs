//! People over time.

use super::overview::plan_of;
use super::tables::AnswerTable;
use crate::app::ServeApp;
use crate::error::ServeError;
use crate::types::{CurveInfo, VersionKind};

/// People over time: of a plan with its newest simulation, of a simulation with its plan. The moments are those of the simulation where
/// there is one: it has those of the plan, and goes on until its last has arrived.
pub(crate) fn curve(app: &ServeApp, version: i64) -> Result<CurveInfo, ServeError> {
    let plan = plan_of(app, version)?;
    let of_plan = AnswerTable::read(&app.store.version_store(plan.id)?, "curve.csv")?;
    let asked = app.store.version(version)?;
    let simulation = match asked.kind {
        VersionKind::Simulation => Some(asked),
        _ => app.store.newest_child(plan.id, VersionKind::Simulation)?,
    };
    let mut curve = CurveInfo::default();
    let departed = |row: usize| of_plan.whole(row, "departed_people");
    let Some(simulation) = simulation else {
        for row in 0..of_plan.len() {
            curve.time_s.push(of_plan.number(row, "time_s").unwrap_or(0.0));
            curve.bound.push(of_plan.whole(row, "bound_people"));
            curve.plan.push(of_plan.whole(row, "arrived_people"));
            curve.departed.push(departed(row));
        }
        return Ok(curve);
    };
    let simulated = AnswerTable::read(&app.store.version_store(simulation.id)?, "curve.csv")?;
    for row in 0..simulated.len() {
        curve.time_s.push(simulated.number(row, "time_s").unwrap_or(0.0));
        curve.bound.push(simulated.whole(row, "bound_people"));
        curve.plan.push(simulated.whole(row, "plan_people"));
        // when the plan's curve is over all who depart have
        curve.departed.push(departed(row).or_else(|| departed(of_plan.len().checked_sub(1)?)));
        curve.simulated.push(simulated.whole(row, "simulated_people"));
        curve.without_plan.push(simulated.whole(row, "baseline_people"));
    }
    Ok(curve)
}
