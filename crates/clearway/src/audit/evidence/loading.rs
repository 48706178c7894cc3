//! What the orders of a plan folder show, loaded again.

use super::PlanEvidence;
use crate::error::Error;
use clearway_audit::range::FigureRange;
use clearway_formats::{part_folders, read_plan};
use clearway_model::number::{float, length};
use clearway_model::time::hours;
use clearway_model::{MovementOrder, Plan, Scenario, Store, SubStore};
use clearway_needs::{OccupancyKind, PlanOccupancy, TightestReserve, busiest_hour};
use std::path::PathBuf;

/// Figures of who is where when.
pub(super) fn of_loading(known: &PlanOccupancy, evidence: &mut PlanEvidence) {
    let mut add = |figure, value: f64, how: &str| evidence.add(figure, FigureRange::exact(value), how);
    let sites = || known.presences.iter().filter(|presence| presence.kind == OccupancyKind::Site);
    let horizon_h = known.presences.first().map_or(0, |presence| presence.people.len());
    let there: Vec<i64> =
        (0..horizon_h).map(|hour| sites().map(|presence| presence.people[hour]).sum()).collect();
    let admission: Option<f64> = known.scenario.sites.iter().map(|site| site.admission_people_h).sum();
    let allowance = known.packet_people * length(known.scenario.sites.len());
    let busiest = busiest_hour(&there, admission, allowance);
    add("peak_arrivals_h", busiest, "replay: people received in the busiest hour");
    let largest = sites().filter_map(|presence| presence.people.iter().copied().max()).max().unwrap_or(0);
    add("largest_site_people", float(largest), "replay: the most people at one site");
    if let Some(admission) = admission {
        add("admission_people_h", admission, "sites.csv: admission_people_h");
    }
    if let Some(TightestReserve { zone_id, hazard_ms, past_ms }) = &known.tightest {
        let how = "closures.csv: when the hazard closes what those with least time in reserve pass";
        add("available_h", hours(*hazard_ms), how);
        let how = format!("replay: when the last of them, from zone {zone_id}, are past it");
        add("needed_h", hours(*past_ms), &how);
    }
    if let Some(ms) = known.first_pickup_ms {
        let how = "fleet/trips.csv: the first vehicle at a zone";
        add("bus_first_pickup_min", float(ms) / 60_000.0, how);
    }
    if let Some(m) = known.mean_way_m {
        add("route_km", m / 1000.0, "plan.json: the mean length of the way, by people");
    }
    let area: Option<f64> = known.scenario.sites.iter().map(|site| site.area_m2).sum();
    if let Some(m2) = area.filter(|m2| *m2 > 0.0) {
        add("site_area_km2", m2 / 1e6, "sites.csv: area_m2");
    }
    if known.longest_walk_m > 0.0 {
        add("longest_walk_km", known.longest_walk_m / 1000.0, "plan.json: the longest route on foot");
    }
}

/// Share of the people in orders who leave within a minute of the first departure, 0 to 1; `None` where there is no order.
pub(super) fn share_at_start(plan: &dyn Store) -> Result<Option<f64>, Error> {
    let mut plans: Vec<Plan> = Vec::new();
    plans.extend(orders_of(plan)?);
    for part in part_folders(plan) {
        plans.extend(orders_of(&SubStore::new(plan, &part))?);
    }
    let orders = || plans.iter().flat_map(|plan| &plan.orders);
    let Some(first) = orders().map(|order| order.depart_from_ms).min() else { return Ok(None) };
    let all: i64 = orders().map(|order| order.people).sum();
    let leave = |order: &MovementOrder| {
        let length = float((order.depart_until_ms - order.depart_from_ms).max(1));
        let inside = float((first + 60_000 - order.depart_from_ms).max(0));
        float(order.people) * (inside / length).min(1.0)
    };
    Ok((all > 0).then(|| orders().map(leave).sum::<f64>() / float(all)))
}

/// The orders in a folder, where it has any.
fn orders_of(folder: &dyn Store) -> Result<Option<Plan>, Error> {
    let unreadable =
        |source| Error::Read { path: PathBuf::from(format!("{}/plan.json", folder.label())), source };
    if folder.read("plan.json").map_err(unreadable)?.is_none() {
        return Ok(None);
    }
    let plan = read_plan(folder).map_err(|faults| Error::Invalid { of: folder.label(), faults })?;
    Ok(Some(plan))
}

/// Places of all sites together; `None` if one has no limit.
pub(super) fn site_places(scenario: &Scenario) -> Option<FigureRange> {
    let mut sum = FigureRange::exact(0.0);
    for site in &scenario.sites {
        let central = float(site.capacity_people?);
        sum.central += central;
        sum.low += site.capacity_people_low.map_or(central, float);
        sum.high += site.capacity_people_high.map_or(central, float);
    }
    (!scenario.sites.is_empty()).then_some(sum)
}
