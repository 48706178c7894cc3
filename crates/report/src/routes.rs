//! A route in words and as a line, and what its orders add up to.

use crate::PlanReport;
use crate::geometry::Line;
use crate::lookup::RowLookup;
use clearway_model::{MovementOrder, Route};
use std::collections::BTreeMap;

/// At most this many road names stand for a route.
const NAMES: usize = 5;

/// A route with what its orders add up to.
pub struct RouteOrders<'a> {
    /// The route as it is in the plan.
    pub route: &'a Route,
    /// People of all its orders.
    pub people: i64,
    /// How many orders take it.
    pub orders: usize,
    /// Begin of the first and end of the last departure window, ms; `None` without orders.
    pub window_ms: Option<(i64, i64)>,
}

/// The plan's routes in its order, each with the sum of its orders.
pub fn route_orders<'a>(report: &PlanReport<'a>) -> Vec<RouteOrders<'a>> {
    let mut by_route: BTreeMap<&str, Vec<&MovementOrder>> = BTreeMap::new();
    for order in &report.plan.orders {
        by_route.entry(&order.route_id).or_default().push(order);
    }
    let none = Vec::new();
    report
        .plan
        .routes
        .iter()
        .map(|route| {
            let orders = by_route.get(route.route_id.as_str()).unwrap_or(&none);
            let from = orders.iter().map(|o| o.depart_from_ms).min();
            let until = orders.iter().map(|o| o.depart_until_ms).max();
            RouteOrders {
                route,
                people: orders.iter().map(|o| o.people).sum(),
                orders: orders.len(),
                window_ms: from.zip(until),
            }
        })
        .collect()
}

/// The main road names of a route in the order of travel: the longest few, each named once. Empty if no road has a name.
pub fn via(route: &Route, lookup: &RowLookup<'_>) -> Vec<String> {
    // name -> (first position, metres)
    let mut names: BTreeMap<&str, (usize, f64)> = BTreeMap::new();
    for (position, id) in route.links.iter().enumerate() {
        let Some(link) = lookup.links.get(id.as_str()) else { continue };
        let name = link.name.trim();
        if !name.is_empty() {
            names.entry(name).or_insert((position, 0.0)).1 += link.length_m.unwrap_or(0.0);
        }
    }
    let mut main: Vec<(&str, (usize, f64))> = names.into_iter().collect();
    main.sort_by(|a, b| b.1.1.total_cmp(&a.1.1).then(a.1.0.cmp(&b.1.0)));
    // the longest are those that people know the way by
    main.truncate(NAMES);
    main.sort_by_key(|(_, (position, _))| *position);
    main.into_iter().map(|(name, _)| name.to_owned()).collect()
}

/// A route's line from zone to site, repeated positions dropped; empty where nothing has a position.
pub fn line(route: &Route, lookup: &RowLookup<'_>) -> Line {
    let mut line = lookup.connector_line(&route.from_connector).unwrap_or_default();
    for id in &route.links {
        if let Some(link) = lookup.links.get(id.as_str()) {
            line.extend(lookup.link_line(link).unwrap_or_default());
        }
    }
    line.extend(lookup.connector_line(&route.to_connector).unwrap_or_default());
    line.dedup();
    line
}
