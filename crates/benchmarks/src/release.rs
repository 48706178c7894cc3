//! How quickly people become ready.

use clearway_model::number::float;
use clearway_model::time::ms_from_hours;
use clearway_model::{MobilizationRow, Scenario};

/// Id of the curve.
const ID: &str = "ready";
/// Steps of the curve.
const STEPS: i64 = 12;
/// Share that is ready at the end, before the rest is added to the last step.
const READY_SHARE: f64 = 0.99;

/// Everybody is ready after `release_h`, by the Rayleigh curve that `clearway new` uses, in twelve steps.
pub fn set_release(scenario: &mut Scenario, release_h: f64) {
    let end_ms = ms_from_hours(release_h);
    scenario.releases = (0..=STEPS)
        .map(|step| {
            let part = float(step) / float(STEPS);
            // a curve must end at 1, which this one never reaches by itself
            let share = if step == STEPS { 1.0 } else { 1.0 - (1.0 - READY_SHARE).powf(part * part) };
            MobilizationRow {
                mobilization_id: ID.into(),
                time_ms: end_ms * step / STEPS,
                share: (share * 1e4).round() / 1e4,
            }
        })
        .collect();
    for zone in &mut scenario.zones {
        zone.mobilization_id = ID.into();
    }
}
