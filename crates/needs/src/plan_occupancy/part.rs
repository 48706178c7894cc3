//! One class of road users: its orders replayed, and where they rest.

use super::RestSpacing;
use crate::error::{NeedsError, invalid};
use crate::occupancy::Occupancy;
use crate::replayed::{TightestReserve, replayed, ways};
use crate::rest::{RestPoint, RouteStops, rest_points};
use clearway_formats::read_plan;
use clearway_model::number::float;
use clearway_model::{Mode, MovementOrder, Plan, Scenario, Store};
use clearway_network::Network;
use std::collections::BTreeMap;

/// Longest way without water on foot (rule WALK-01) and in vehicles, km; no standard gives a figure: proposals of ours.
const WALK_KM: f64 = 5.0;
const VEHICLE_KM: f64 = 20.0;

/// What one class of road users does.
pub(super) struct ClassOccupancy {
    pub presences: Vec<Occupancy>,
    pub rest: Vec<RestPoint>,
    pub longest_way_m: f64,
    pub longest_walk_m: f64,
    pub packet_people: i64,
    pub tightest: Option<TightestReserve>,
    pub mean_way_m: Option<f64>,
}

/// One class of road users.
///
/// # Errors
/// If `plan.json` cannot be read, or its orders cannot be replayed.
pub(super) fn part(
    folder: &dyn Store,
    scenario: &Scenario,
    rest: RestSpacing,
) -> Result<ClassOccupancy, NeedsError> {
    let plan: Plan = read_plan(folder).map_err(invalid(folder, "plan.json"))?;
    let network = Network::new(scenario, plan.case)?;
    let ways = ways(scenario, &plan, &network)?;
    let is_walk = scenario.settings.class.first().is_some_and(|class| class.mode == Mode::Walk);
    let km = rest.km.unwrap_or(if is_walk { WALK_KM } else { VEHICLE_KM });
    let stops = RouteStops::choose(scenario, &plan, &network, &ways, km * 1000.0);
    let replayed = replayed(scenario, &plan, &network, &ways, &stops)?;
    Ok(ClassOccupancy {
        rest: rest_points(scenario, &stops, &replayed.passed, rest.minutes),
        longest_way_m: stops.longest_m,
        longest_walk_m: if is_walk { stops.longest_route_m } else { 0.0 },
        presences: replayed.presences,
        packet_people: plan.packet_people,
        tightest: replayed.tightest,
        mean_way_m: mean_way_m(scenario, &plan),
    })
}

/// Mean length of the way of those in orders, m; `None` without orders.
fn mean_way_m(scenario: &Scenario, plan: &Plan) -> Option<f64> {
    let length: BTreeMap<&str, f64> = scenario
        .links
        .iter()
        .map(|link| {
            let m = link.length_m.or(link.length.map(|km| km * 1000.0)).unwrap_or(0.0);
            (link.link_id.as_str(), m)
        })
        .collect();
    let routes: BTreeMap<&str, f64> = plan
        .routes
        .iter()
        .map(|route| {
            let m = route.links.iter().filter_map(|link| length.get(link.as_str())).sum();
            (route.route_id.as_str(), m)
        })
        .collect();
    let people: i64 = plan.orders.iter().map(|order| order.people).sum();
    let way = |order: &MovementOrder| {
        float(order.people) * routes.get(order.route_id.as_str()).copied().unwrap_or(0.0)
    };
    (people > 0).then(|| plan.orders.iter().map(way).sum::<f64>() / float(people))
}
