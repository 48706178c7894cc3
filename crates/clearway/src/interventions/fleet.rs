//! More vehicles of a fleet: what the bound of those whom it can carry gains, by its formula.

use super::InterventionGain;
use crate::error::Error;
use clearway_model::number::truncated;
use clearway_model::{Case, Means, PopulationGroups, Scenario};
use clearway_multimodal::bound::CarriedBound;
use clearway_multimodal::fleet::VehicleFleet;
use clearway_multimodal::parts::driven;

/// Grid on which person-hours of the fleet's bound are summed, ms.
const GRID: i64 = 60_000;

/// One vehicle in ten more of each type, at least one: what the bound of those whom it can carry gains.
pub(super) fn gains(scenario: &Scenario, groups: &PopulationGroups) -> Result<Vec<InterventionGain>, Error> {
    let driven = driven(scenario, groups);
    let fleet = VehicleFleet::new(&driven, groups, Case::Central)?;
    let mut gains = Vec::new();
    for (index, row) in groups.fleet.iter().enumerate() {
        let mut more = groups.clone();
        more.fleet[index].count += (row.count / 10).max(1);
        let larger = VehicleFleet::new(&driven, &more, Case::Central)?;
        for means in Means::FLEET.into_iter().filter(|means| row.places(*means) > 0) {
            let bounds = [&fleet, &larger].map(|fleet| CarriedBound::new(fleet, means));
            let [before, after] = &bounds;
            let evacuees = before.evacuees();
            if evacuees == 0 {
                continue;
            }
            let ninety = (evacuees * 9 + 9) / 10;
            let less = |count: i64| Some(before.earliest_s(count)? - after.earliest_s(count)?);
            let t90 = before.earliest_s(ninety).map(|s| truncated(s * 1000.0));
            let word = if row.name.is_empty() { &row.vehicle_type_id } else { &row.name };
            gains.push(InterventionGain {
                intervention: format!(
                    "{} instead of {} of '{word}', for those who need a place: {}",
                    more.fleet[index].count,
                    row.count,
                    means.word()
                ),
                t90_s: less(ninety),
                clearance_s: less(evacuees),
                // The same grid for both, so that the difference is that of the bounds.
                person_hours: before.person_hours(GRID) - after.person_hours(GRID),
                people: t90.map(|ms| after.people(ms) - before.people(ms)),
                arrived: after.people(fleet.horizon) - before.people(fleet.horizon),
                folder: String::new(),
            });
        }
    }
    Ok(gains)
}
