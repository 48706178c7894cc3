//! What becomes of the people of each zone, and who comes to each site.

use super::ScenarioFolder;
use super::tables::{AnswerTable, rows};
use crate::error::ServeError;
use crate::types::{Reached, SiteFigures, ZoneFigures};
use clearway::{PlanReplay, ZoneReplay};
use clearway_model::{SiteRow, ZoneRow};
use std::collections::HashMap;
use std::sync::Arc;

/// What becomes of each zone, the last by its 90 % time first. `of_plan`: `zones.csv` of a plan with orders; without rows where there are
/// none. `arrivals`: `zone_arrivals.csv` of its simulation.
///
/// # Errors
/// If a table cannot be read.
pub(super) fn zone_figures(
    of_plan: &AnswerTable,
    folder: &ScenarioFolder,
    replay: Option<&Arc<PlanReplay>>,
    arrivals: &AnswerTable,
) -> Result<Vec<ZoneFigures>, ServeError> {
    let simulated = arrivals.by("zone_id");
    let given: Vec<ZoneRow> = folder.with(rows)?;
    let by_id = of_plan.by("zone_id");
    let replayed: HashMap<&str, usize> = replay
        .iter()
        .flat_map(|replay| replay.scenario.zones.iter().enumerate())
        .map(|(row, zone)| (zone.zone_id.as_str(), row))
        .collect();
    let mut zones: Vec<ZoneFigures> = given
        .into_iter()
        .enumerate()
        .map(|(row, zone)| {
            let of_replay = replayed.get(zone.zone_id.as_str()).and_then(|at| Some(replay?.zones[*at]));
            let in_table = by_id.get(zone.zone_id.as_str()).copied();
            let in_simulation = simulated.get(zone.zone_id.as_str()).copied();
            let number = |column: &str| in_table.and_then(|row| of_plan.number(row, column));
            let whole = |column: &str| in_table.and_then(|row| of_plan.whole(row, column));
            let arrived = whole("arrived").or(of_replay.map(|replay| replay.arrived));
            let time =
                |of: fn(&ZoneReplay) -> Option<f64>| match of_replay.filter(|replay| replay.evacuees > 0) {
                    Some(replay) => Reached::or_never(of(&replay)),
                    None => Reached::NotKnown,
                };
            // those of whom nobody has orders are never late
            let has_orders = |row: &usize| arrivals.whole(*row, "people").is_some_and(|people| people > 0);
            let simulated_t90_s = match in_simulation.filter(has_orders) {
                Some(row) => Reached::or_never(arrivals.number(row, "t90_s")),
                None => Reached::NotKnown,
            };
            ZoneFigures {
                row,
                people: zone.people,
                people_low: zone.people_low,
                people_high: zone.people_high,
                arrived,
                not_arrived: arrived.map(|arrived| zone.people - arrived),
                t90_s: time(|replay| replay.t90_s),
                t100_s: time(|replay| replay.t100_s),
                simulated_t90_s,
                simulated_last_s: in_simulation.and_then(|row| arrivals.number(row, "last_s")),
                first_departure_s: number("first_departure_s"),
                last_departure_s: number("last_departure_s"),
                hazard_s: number("hazard_s"),
                at: zone.x_coord.zip(zone.y_coord).map(|(x, y)| [x, y]),
                id: zone.zone_id,
                name: zone.name,
            }
        })
        .collect();
    // those who are never there are last of all
    let rank = |zone: &ZoneFigures| match zone.t90_s {
        Reached::At(time) => time,
        Reached::Never => f64::INFINITY,
        Reached::NotKnown => -1.0,
    };
    zones.sort_by(|a, b| rank(b).total_cmp(&rank(a)).then(a.row.cmp(&b.row)));
    Ok(zones)
}

/// What comes to each site.
///
/// # Errors
/// If the table of sites cannot be read.
pub(super) fn site_figures(
    folder: &ScenarioFolder,
    replay: Option<&Arc<PlanReplay>>,
) -> Result<Vec<SiteFigures>, ServeError> {
    let given: Vec<SiteRow> = folder.with(rows)?;
    let replayed: HashMap<&str, usize> = replay
        .iter()
        .flat_map(|replay| replay.scenario.sites.iter().enumerate())
        .map(|(row, site)| (site.site_id.as_str(), row))
        .collect();
    let made = given.into_iter().enumerate().map(|(row, site)| {
        let of_replay = replayed.get(site.site_id.as_str()).and_then(|at| Some(&replay?.sites[*at]));
        SiteFigures {
            row,
            capacity_people: site.capacity_people,
            admission_people_h: site.admission_people_h,
            arrived: of_replay.map(|replay| replay.arrived),
            first_arrival_s: of_replay.and_then(|replay| replay.first_s),
            last_arrival_s: of_replay.and_then(|replay| replay.last_s),
            at: site.x_coord.zip(site.y_coord).map(|(x, y)| [x, y]),
            id: site.site_id,
            name: site.name,
        }
    });
    Ok(made.collect())
}
