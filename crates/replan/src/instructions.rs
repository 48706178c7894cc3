//! Who is told something else: the orders of two plans of one scenario side by side, zone by zone.
//!
//! People of a zone are alike. As many as have the same route and window in both are told the same. Of the others, pairs are made first
//! of those with the same route (another time), then of those with the same site (another route), then of any (another site); who is left
//! has an order in one of the two plans alone.

use clearway_model::Plan;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What people are told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Instructions {
    /// Where they are received.
    pub site_id: String,
    /// The route, by the id that its plan gives it.
    pub route_id: String,
    /// Names of the main roads, in the order of travel; empty where roads have no names.
    pub via: String,
    /// When the first of them leave, ms from the start of the new plan.
    pub depart_from_ms: i64,
    /// When the last of them have left, ms.
    pub depart_until_ms: i64,
}

/// What is another in what people are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum InstructionChange {
    /// Another time, by the same route.
    Time,
    /// Another route to the same site.
    Route,
    /// Another site.
    Site,
    /// An order where there was none.
    New,
    /// None where there was one.
    Withdrawn,
}

/// People of a zone who are told something else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ChangedOrder {
    /// Where they are.
    pub zone_id: String,
    /// Name of the zone, may be empty.
    pub zone_name: String,
    /// How many they are.
    pub people: i64,
    /// What is another.
    pub change: InstructionChange,
    /// What they were told; `None`: they had no order.
    pub old: Option<Instructions>,
    /// What they are told; `None`: they have no order any more.
    pub new: Option<Instructions>,
}

/// All who are told something else.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InstructionChanges {
    /// They, zone by zone in the order of the scenario.
    pub rows: Vec<ChangedOrder>,
    /// People who are told the same.
    pub same: i64,
}

impl InstructionChanges {
    /// People who are told something else.
    pub fn people(&self) -> i64 {
        self.rows.iter().map(|row| row.people).sum()
    }

    /// People of whom this is another.
    pub fn of(&self, change: InstructionChange) -> i64 {
        self.rows.iter().filter(|row| row.change == change).map(|row| row.people).sum()
    }
}

/// A part of an order while it is matched.
#[derive(Debug, Clone)]
struct OpenOrder<'a> {
    site: &'a str,
    /// What makes the route what it is.
    route: (&'a str, &'a [String], &'a str),
    route_id: &'a str,
    window: (i64, i64),
    people: i64,
}

/// The orders of a plan by zone, each zone's by time.
fn by_zone(plan: &Plan) -> BTreeMap<&str, Vec<OpenOrder<'_>>> {
    let routes: BTreeMap<&str, _> =
        plan.routes.iter().map(|route| (route.route_id.as_str(), route)).collect();
    let mut zones: BTreeMap<&str, Vec<OpenOrder<'_>>> = BTreeMap::new();
    for order in &plan.orders {
        let Some(route) = routes.get(order.route_id.as_str()) else { continue };
        zones.entry(order.zone_id.as_str()).or_default().push(OpenOrder {
            site: route.site_id.as_str(),
            route: (route.from_connector.as_str(), &route.links, route.to_connector.as_str()),
            route_id: route.route_id.as_str(),
            window: (order.depart_from_ms, order.depart_until_ms),
            people: order.people,
        });
    }
    for orders in zones.values_mut() {
        orders.sort_by(|a, b| a.window.cmp(&b.window).then_with(|| a.route.cmp(&b.route)));
    }
    zones
}

/// Holds the orders of a new plan against earlier ones for the same scenario. `zones`: ids and names of its zones in order; `via`: the
/// main roads of a route, by the plan that it is of (`true`: the new one) and its id.
pub fn changed_instructions(
    old: &Plan,
    new: &Plan,
    zones: &[(&str, &str)],
    via: &dyn Fn(bool, &str) -> String,
) -> InstructionChanges {
    let (mut before, mut after) = (by_zone(old), by_zone(new));
    let mut made = InstructionChanges::default();
    for &(zone_id, zone_name) in zones {
        let mut old = before.remove(zone_id).unwrap_or_default();
        let mut new = after.remove(zone_id).unwrap_or_default();
        let told = |order: &OpenOrder<'_>, is_new: bool| Instructions {
            site_id: order.site.to_owned(),
            route_id: order.route_id.to_owned(),
            via: via(is_new, order.route_id),
            depart_from_ms: order.window.0,
            depart_until_ms: order.window.1,
        };
        made.same +=
            pair(&mut old, &mut new, |a, b| a.route == b.route && a.window == b.window, |_, _, _| ());
        let mut row = |people, change, old, new| {
            made.rows.push(ChangedOrder {
                zone_id: zone_id.to_owned(),
                zone_name: zone_name.to_owned(),
                people,
                change,
                old,
                new,
            });
        };
        type Alike = fn(&OpenOrder<'_>, &OpenOrder<'_>) -> bool;
        let steps: [(InstructionChange, Alike); 3] = [
            (InstructionChange::Time, |a, b| a.route == b.route),
            (InstructionChange::Route, |a, b| a.site == b.site),
            (InstructionChange::Site, |_, _| true),
        ];
        for (change, alike) in steps {
            pair(&mut old, &mut new, alike, |a, b, people| {
                row(people, change, Some(told(a, false)), Some(told(b, true)));
            });
        }
        for order in new.iter().filter(|order| order.people > 0) {
            row(order.people, InstructionChange::New, None, Some(told(order, true)));
        }
        for order in old.iter().filter(|order| order.people > 0) {
            row(order.people, InstructionChange::Withdrawn, Some(told(order, false)), None);
        }
    }
    made
}

/// Pairs people of orders that are alike, those who leave first with those who leave first; how many.
fn pair<'a>(
    old: &mut [OpenOrder<'a>],
    new: &mut [OpenOrder<'a>],
    alike: impl Fn(&OpenOrder<'a>, &OpenOrder<'a>) -> bool,
    mut see: impl FnMut(&OpenOrder<'a>, &OpenOrder<'a>, i64),
) -> i64 {
    let mut paired = 0;
    for a in old.iter_mut() {
        for b in new.iter_mut() {
            let people = a.people.min(b.people);
            if people > 0 && alike(a, b) {
                see(a, b, people);
                a.people -= people;
                b.people -= people;
                paired += people;
            }
        }
    }
    paired
}
