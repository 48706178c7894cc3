//! The orders that were given, for the scenario of the rest: as far as they are not carried out, as they stand.

use crate::balance::Situation;
use crate::plan_state::{CarriedOrder, PlanState};
use crate::rest::RestScenario;
use crate::road_zones::RoadZone;
use crate::whole::share_out;
use clearway_flow::ReleaseCurve;
use clearway_model::number::{float, length};
use clearway_model::time::MS_PER_SECOND;
use clearway_model::{MovementOrder, Plan, Route, Scenario};
use std::collections::{BTreeMap, BTreeSet};

/// Windows of the new plan begin and end at whole seconds: orders that have begun have no round beginning any more.
pub(crate) const WINDOW_MS: i64 = MS_PER_SECOND;

/// The orders that stay.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptOrders {
    /// Routes and orders for the scenario of the rest, times from its time 0. Who is on a road where the plan has nobody is in an order
    /// without a route (`route_id` empty): one is to be found. Nobody is in `not_moved`: who is in no order is said by whoever carries it
    /// out.
    pub plan: Plan,
    /// The orders as they were given, times from the new time 0: those who are late have theirs in the past, nothing is put off, and people
    /// of whom the plan did not know have none.
    pub given: Plan,
    /// People who should have left by the plan, are still there and are in an order; they leave at once, in a window of the old length, or
    /// as soon as they are ready.
    pub late: i64,
    /// People more than the plan knew of who are in an order.
    pub added: i64,
    /// People fewer than the plan has in its orders, since more have left or fewer were there.
    pub fewer: i64,
}

/// Orders of all zones while they are put together.
#[derive(Default)]
struct OrderList {
    /// Row of the zone, and its orders.
    zones: Vec<(usize, ZoneOrders)>,
}

/// Orders of one zone, by window and route.
#[derive(Default)]
struct ZoneOrders {
    people: BTreeMap<(i64, i64, usize), i64>,
}

/// Who of a zone is ready when.
struct Readiness {
    evacuees: i64,
    release: ReleaseCurve,
}

/// Parts in which people leave who are not ready all at once.
const PARTS: usize = 16;
/// How far orders are put off at a time where people are not ready yet, ms.
const PUT_OFF_MS: i64 = 60_000;

/// When people of a zone are ready; `None`: all at once.
fn readiness(rest: &Scenario, zone: usize, evacuees: i64) -> Option<Readiness> {
    let id = &rest.zones[zone].mobilization_id;
    let rows = rest.releases.iter().filter(|row| !id.is_empty() && row.mobilization_id == *id);
    let curve: Vec<(i64, f64)> = rows.map(|row| (row.time_ms, row.share)).collect();
    (!curve.is_empty()).then(|| Readiness { evacuees, release: ReleaseCurve::new(curve) })
}

impl ZoneOrders {
    fn add(&mut self, route: usize, window: (i64, i64), people: i64) {
        if people > 0 {
            *self.people.entry((window.0, window.1, route)).or_insert(0) += people;
        }
    }

    /// Adds people to orders that stand as they are. Where they would be ahead of those who are ready they leave part by part, each part as
    /// soon as it is not ahead; who would then leave beyond the horizon is left out. How many are in an order.
    fn add_when_ready(&mut self, more: Self, ready: Option<&Readiness>, horizon: i64) -> i64 {
        let mut together = Self { people: self.people.clone() };
        for (&(from, until, route), &people) in &more.people {
            together.add(route, (from, until), people);
        }
        let Some(ready) = ready.filter(|ready| together.is_ahead(ready)) else {
            *self = together;
            return more.people.values().sum();
        };
        let mut added = 0;
        for (&(from, until, route), &people) in &more.people {
            let width = ((until - from) / length(PARTS) / WINDOW_MS * WINDOW_MS).max(WINDOW_MS);
            let mut begin = from;
            for part in share_out(people, &[1.0; PARTS]).into_iter().filter(|part| *part > 0) {
                let Some(from) = self.first_free(route, (begin, begin + width), part, ready, horizon) else {
                    break;
                };
                self.add(route, (from, from + width), part);
                added += part;
                begin = from + width;
            }
        }
        added
    }

    /// When a part can leave at the earliest without anybody being ahead; `None`: not within the horizon.
    fn first_free(
        &self,
        route: usize,
        window: (i64, i64),
        people: i64,
        ready: &Readiness,
        horizon: i64,
    ) -> Option<i64> {
        let (mut from, width) = (window.0, window.1 - window.0);
        while from + width <= horizon {
            let mut tried = Self { people: self.people.clone() };
            tried.add(route, (from, from + width), people);
            if !tried.is_ahead(ready) {
                return Some(from);
            }
            from += PUT_OFF_MS;
        }
        None
    }

    /// Orders of which more leave than are ready, put off together until nobody does; those that are then beyond the horizon are left out.
    fn put_off(mut self, ready: Option<&Readiness>, horizon: i64) -> Self {
        let Some(ready) = ready else { return self };
        while self.is_ahead(ready) {
            let later =
                |((from, until, route), people)| ((from + PUT_OFF_MS, until + PUT_OFF_MS, route), people);
            self.people = self.people.into_iter().map(later).collect();
            self.people.retain(|&(_, until, _), _| until <= horizon);
        }
        self
    }

    /// Whether more have left at some time than are ready.
    fn is_ahead(&self, ready: &Readiness) -> bool {
        let Readiness { evacuees, release } = ready;
        let mut times: Vec<i64> = release.points().iter().map(|point| point.0).collect();
        times.extend(self.people.keys().flat_map(|&(from, until, _)| [from, until]));
        times.into_iter().any(|time| {
            let part = |from: i64, until: i64| (float(time - from) / float(until - from)).clamp(0.0, 1.0);
            let sent: f64 = self
                .people
                .iter()
                .map(|(&(from, until, _), &people)| float(people) * part(from, until))
                .sum();
            // within what the semantics allow orders to be ahead
            sent > float(*evacuees) * release.share_before(time) + 0.0005
        })
    }
}

/// What is left of the orders of a plan at the time of `state`. `carried`: its orders with their zones and elements, as `state` has them.
pub fn kept_orders(
    plan: &Plan,
    carried: &[CarriedOrder],
    state: &PlanState,
    situation: &Situation,
    rest: &RestScenario,
) -> KeptOrders {
    let (at, horizon) = (state.at, rest.scenario.settings.horizon_ms);
    let route_rows: BTreeMap<&str, usize> =
        plan.routes.iter().enumerate().map(|(row, route)| (route.route_id.as_str(), row)).collect();
    let mut of_zone: Vec<Vec<usize>> = vec![Vec::new(); situation.zones.len()];
    for (number, order) in carried.iter().enumerate() {
        of_zone[order.zone].push(number);
    }
    let (mut list, mut as_given) = (OrderList::default(), OrderList::default());
    let (mut late, mut added, mut fewer) = (0, 0, 0);
    for (zone, numbers) in of_zone.iter().enumerate() {
        let now = situation.zones[zone];
        let movers = now.waiting.people - now.staying;
        let in_orders: i64 = numbers.iter().map(|&n| state.orders[n].people).sum();
        // those who are in no order of the plan stay in none
        let planned = now.waiting.expected - now.staying;
        let in_none = (planned - in_orders).max(0);
        let target = (movers - in_none).max(0).max(in_orders.min(movers));
        let left: Vec<f64> = numbers.iter().map(|&n| float(state.orders[n].people)).collect();
        let gone: Vec<f64> =
            numbers.iter().map(|&n| float(carried[n].people - state.orders[n].people)).collect();
        let route_of = |n: usize| route_rows.get(plan.orders[n].route_id.as_str()).copied().unwrap_or(0);
        let mut kept: Vec<i64> = numbers.iter().map(|&n| state.orders[n].people).collect();
        // more have left than by the plan: those whom it has leave next
        let mut too_many = (in_orders - target).max(0);
        fewer += too_many;
        let mut by_time: Vec<usize> = (0..numbers.len()).collect();
        by_time.sort_by_key(|&at| (carried[numbers[at]].from, carried[numbers[at]].until, numbers[at]));
        for at in by_time {
            let gone = too_many.min(kept[at]);
            kept[at] -= gone;
            too_many -= gone;
        }
        let mut own = ZoneOrders::default();
        for (&n, people) in numbers.iter().zip(kept) {
            let window = rest_window(&carried[n], state.orders[n].from, at);
            own.add(route_of(n), window, people);
        }
        let mut given = ZoneOrders { people: own.people.clone() };
        // who should have left takes the route of those who did, and else that of those who will
        let has_left = gone.iter().any(|weight| *weight > 0.0);
        let weights = if has_left { &gone } else { &left };
        let more = share_out((target - in_orders).max(0), weights);
        let mut leaving = ZoneOrders::default();
        for (&n, &people) in numbers.iter().zip(&more) {
            let order = &carried[n];
            let window = if order.from <= at {
                (0, (order.until - order.from) / WINDOW_MS * WINDOW_MS)
            } else {
                rest_window(order, state.orders[n].from, at)
            };
            leaving.add(route_of(n), (window.0, window.1.max(WINDOW_MS)), people);
        }
        // late is who has not left though the plan has it; the others are people of whom the plan did not know
        let by_plan: i64 = numbers.iter().map(|&n| carried[n].people - state.orders[n].people).sum();
        let have_left = (now.at_start - now.waiting.people).max(0);
        let should_have = more.iter().sum::<i64>().min((by_plan - have_left).max(0));
        for (&n, people) in numbers.iter().zip(share_out(should_have, weights)) {
            given.add(route_of(n), (carried[n].from - at, carried[n].until - at), people);
        }
        let ready = readiness(&rest.scenario, zone, movers);
        let mut own = own.put_off(ready.as_ref(), horizon);
        let in_new_orders = own.add_when_ready(leaving, ready.as_ref(), horizon);
        let of_late = in_new_orders.min(should_have);
        (late, added) = (late + of_late, added + in_new_orders - of_late);
        list.zones.push((zone, own));
        as_given.zones.push((zone, given));
    }
    let (mut made, mut given) = (list.plan(plan, &rest.scenario), as_given.plan(plan, &rest.scenario));
    add_road_orders(&mut made, plan, situation, rest);
    add_road_orders(&mut given, plan, situation, rest);
    add_unrouted_orders(&mut made, situation, rest);
    KeptOrders { plan: made, given, late, added, fewer }
}

/// The window of what is left of an order, from the new time 0, in whole seconds: it begins when the next one leaves.
fn rest_window(order: &CarriedOrder, next_from: i64, at: i64) -> (i64, i64) {
    let from = (next_from.max(order.from) - at).max(0);
    let from = (from + WINDOW_MS - 1) / WINDOW_MS * WINDOW_MS;
    let until = (order.until - at) / WINDOW_MS * WINDOW_MS;
    (from, until.max(from + WINDOW_MS))
}

impl OrderList {
    /// The orders with the routes of the plan that they take.
    fn plan(&self, plan: &Plan, rest: &Scenario) -> Plan {
        let mut made = Plan {
            scenario: rest.digest.clone(),
            window_ms: WINDOW_MS,
            routes: Vec::new(),
            orders: Vec::new(),
            not_moved: Vec::new(),
            ..plan.clone()
        };
        let mut taken: BTreeMap<usize, String> = BTreeMap::new();
        let all =
            self.zones.iter().flat_map(|(zone, own)| own.people.iter().map(move |order| (*zone, order)));
        for (zone, (&(from, until, route), &people)) in all {
            let route_id = taken.entry(route).or_insert_with(|| {
                made.routes.push(plan.routes[route].clone());
                plan.routes[route].route_id.clone()
            });
            made.orders.push(MovementOrder {
                order_id: length(made.orders.len()) + 1,
                zone_id: rest.zones[zone].zone_id.clone(),
                group: "all".to_owned(),
                class: rest.settings.class.first().map_or_else(String::new, |class| class.id.clone()),
                people,
                depart_from_ms: from,
                depart_until_ms: until,
                route_id: route_id.clone(),
            });
        }
        made
    }
}

/// Those who are on the way go on.
fn add_road_orders(made: &mut Plan, plan: &Plan, situation: &Situation, rest: &RestScenario) {
    let class = rest.scenario.settings.class.first().map_or_else(String::new, |class| class.id.clone());
    let known: BTreeSet<&str> = plan.routes.iter().map(|route| route.route_id.as_str()).collect();
    for zone in &rest.road_zones {
        let Some(route) = onward_route(situation, zone.group, zone) else { continue };
        let mut route_id = format!("R-{}", zone.zone_id);
        while known.contains(route_id.as_str()) {
            route_id.push('+');
        }
        made.routes.push(Route { route_id: route_id.clone(), ..route });
        add_pieces(made, zone, &class, &route_id);
    }
}

/// Those who are on a road where the plan has nobody stand there and have to go on, by a way that is to be found. They come as they are:
/// whether there is room for them is no question any more.
fn add_unrouted_orders(made: &mut Plan, situation: &Situation, rest: &RestScenario) {
    let class = rest.scenario.settings.class.first().map_or_else(String::new, |class| class.id.clone());
    for zone in rest.road_zones.iter().filter(|zone| situation.road[zone.group].onward.is_none()) {
        add_pieces(made, zone, &class, "");
    }
}

/// An order for each piece of a road zone.
fn add_pieces(made: &mut Plan, zone: &RoadZone, class: &str, route_id: &str) {
    for piece in zone.pieces.iter().filter(|piece| piece.people > 0) {
        made.orders.push(MovementOrder {
            order_id: length(made.orders.len()) + 1,
            zone_id: zone.zone_id.clone(),
            group: "all".to_owned(),
            class: class.to_owned(),
            people: piece.people,
            depart_from_ms: piece.from,
            depart_until_ms: piece.until,
            route_id: route_id.to_owned(),
        });
    }
}

/// The way of people who are on the way; `None` where the plan has none for them.
fn onward_route(situation: &Situation, group: usize, zone: &RoadZone) -> Option<Route> {
    situation.road[group].onward.as_ref()?;
    let names = &zone.onward;
    Some(Route {
        route_id: String::new(),
        zone_id: zone.zone_id.clone(),
        site_id: names.site_id.clone(),
        from_connector: zone.connector_id.clone(),
        links: names.links.clone(),
        to_connector: zone.door.clone().unwrap_or_else(|| names.to_connector.clone()),
    })
}
