//! Whether the orders can be read as movements at all, and the rules that need no replay
//! (`docs/reference/semantics.md`, Being executable; `docs/reference/plan.md`, `not_moved`).

use crate::elements::{CaseElements, share_before};
use crate::finding::CheckFindings;
use crate::number::{count, real};
use crate::raw::RawScenario;
use crate::roads;
use clearway_model::{Outcome, Plan, Reason};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A route of the plan, by positions in the scenario's tables.
#[derive(Debug, Clone)]
pub(crate) struct RawRoute {
    pub zone: usize,
    pub site: usize,
    /// Connector of the zone.
    pub from: usize,
    /// In the order in which they are passed; may be empty.
    pub links: Vec<usize>,
    /// Connector of the site.
    pub to: usize,
}

/// The routes and, per order, which one it takes.
#[derive(Debug)]
pub(crate) struct OrderRoutes {
    pub routes: Vec<RawRoute>,
    /// Per order of the plan: position in `routes`.
    pub of_order: Vec<usize>,
}

/// Checks routes, orders and the people not moved. `None` if something is so wrong that a replay would mean nothing.
pub(crate) fn check(
    raw: &RawScenario,
    elements: &CaseElements,
    plan: &Plan,
    findings: &mut CheckFindings,
) -> Option<OrderRoutes> {
    let before = findings.total();
    if plan.packet_people < 1 {
        findings.add("plan.packet", "packet_people", plan.packet_people, "", "must be at least 1");
    }
    let mut route_at: HashMap<&str, usize> = HashMap::new();
    let mut ways: Vec<Option<RawRoute>> = Vec::with_capacity(plan.routes.len());
    for (at, route) in plan.routes.iter().enumerate() {
        if route_at.insert(&route.route_id, at).is_some() {
            findings.add("route.duplicate", &route.route_id, "", "", "route id used twice");
        }
        ways.push(resolve(raw, elements, plan, at, findings));
    }
    let mut of_order = Vec::with_capacity(plan.orders.len());
    let mut last_id: Option<i64> = None;
    for order in &plan.orders {
        let id = order.order_id;
        if last_id.is_some_and(|last| id <= last) {
            findings.add("order.id", id, "", "", "order ids must be unique and ascending");
        }
        last_id = Some(id);
        let route = route_at.get(order.route_id.as_str()).copied();
        match route {
            None => findings.add("order.route", id, &order.route_id, "", "no such route"),
            Some(at) => {
                of_order.push(at);
                if plan.routes[at].zone_id != order.zone_id {
                    let zone = &plan.routes[at].zone_id;
                    findings.add("order.zone", id, &order.zone_id, zone, "the route is another zone's");
                }
            }
        }
        if raw.zone_ids.find(&order.zone_id).is_none() {
            findings.add("order.zone", id, &order.zone_id, "", "no such zone");
        }
        if order.people < 1 {
            findings.add("order.people", id, order.people, "", "an order must have people");
        } else if order.people > crate::table::MOST_WHOLE {
            findings.add("order.people", id, order.people, "", "more people than a scenario can have");
        }
        if order.class != raw.settings.class[0].id {
            findings.add("order.class", id, &order.class, &raw.settings.class[0].id, "no such class");
        }
        let (from, until) = (order.depart_from_ms, order.depart_until_ms);
        if !(0 <= from && from < until && until <= raw.settings.horizon_ms) {
            let place = format!("{from} to {until}");
            findings.add("order.window", id, place, "", "not a departure window within the horizon");
        }
    }
    let sound = findings.total() == before;
    check_people(raw, elements, plan, findings);
    check_not_moved(raw, elements, plan, findings);
    if !sound {
        return None;
    }
    let routes: Vec<RawRoute> = ways.into_iter().flatten().collect();
    let ways = OrderRoutes { routes, of_order };
    check_release(raw, elements, plan, &ways, findings);
    check_sites(raw, elements, plan, &ways, findings);
    check_few_routes(raw, plan, &ways, findings);
    check_windows(raw, elements, plan, &ways, findings);
    if plan.convergent {
        check_convergent(raw, &ways, plan, findings);
    }
    Some(ways)
}

/// Looks a route up and checks that it exists and joins end to end.
fn resolve(
    raw: &RawScenario,
    elements: &CaseElements,
    plan: &Plan,
    at: usize,
    findings: &mut CheckFindings,
) -> Option<RawRoute> {
    let route = &plan.routes[at];
    let id = &route.route_id;
    let before = findings.total();
    let zone = raw.zone_ids.find(&route.zone_id);
    let site = raw.site_ids.find(&route.site_id);
    let from = raw.connector_ids.find(&route.from_connector);
    let to = raw.connector_ids.find(&route.to_connector);
    if zone.is_none() {
        findings.add("route.zone", id, &route.zone_id, "", "no such zone");
    }
    if site.is_none() {
        findings.add("route.site", id, &route.site_id, "", "no such site");
    }
    let is = |connector: Option<usize>, of_zone: bool, place: Option<usize>| {
        let row = connector.map(|c| &raw.connectors[c]);
        row.is_some_and(|row| row.of_zone == of_zone && Some(row.place) == place)
    };
    if zone.is_some() && !is(from, true, zone) {
        findings.add("route.connector", id, &route.from_connector, "", "not a connector of the zone");
    }
    if site.is_some() && !is(to, false, site) {
        findings.add("route.connector", id, &route.to_connector, "", "not a connector of the site");
    }
    let mut links = Vec::with_capacity(route.links.len());
    for name in &route.links {
        match raw.link_ids.find(name) {
            Some(link) if elements.links[link].is_some() => links.push(link),
            Some(_) => findings.add("route.link", id, name, "", "this link is not for this class"),
            None => findings.add("route.link", id, name, "", "no such link"),
        }
    }
    if findings.total() > before {
        return None;
    }
    let (zone, site, from, to) = (zone?, site?, from?, to?);
    let mut node = raw.connectors[from].node;
    for (step, &link) in links.iter().enumerate() {
        if raw.links[link].from != node {
            let found = &raw.nodes.list[raw.links[link].from];
            findings.add("route.gap", id, found, &raw.nodes.list[node], "links do not join end to end");
        }
        if step > 0 && raw.banned.contains(&(links[step - 1], link)) {
            let turn = format!("{} to {}", route.links[step - 1], route.links[step]);
            findings.add("route.turn", id, turn, "", "this turn is prohibited");
        }
        node = raw.links[link].to;
    }
    if raw.connectors[to].node != node {
        let found = &raw.nodes.list[raw.connectors[to].node];
        findings.add("route.gap", id, found, &raw.nodes.list[node], "the site's connector begins elsewhere");
    }
    Some(RawRoute { zone, site, from, links, to })
}

/// Each person is in exactly one order or listed as not moved.
fn check_people(raw: &RawScenario, elements: &CaseElements, plan: &Plan, findings: &mut CheckFindings) {
    let mut sum = vec![0i128; raw.zones.len()];
    let orders = plan.orders.iter().map(|order| (&order.zone_id, order.people));
    let others = plan.not_moved.iter().map(|entry| (&entry.zone_id, entry.people));
    for (zone, people) in orders.chain(others) {
        if let Some(at) = raw.zone_ids.find(zone) {
            sum[at] += i128::from(people);
        }
    }
    for (at, sum) in sum.into_iter().enumerate() {
        if sum != i128::from(elements.people[at]) {
            let message = "orders and people not moved must add up to the zone's people";
            findings.add("people.balance", &raw.zone_ids.list[at], sum, elements.people[at], message);
        }
    }
}

fn check_not_moved(raw: &RawScenario, elements: &CaseElements, plan: &Plan, findings: &mut CheckFindings) {
    let mut stays = vec![0i128; raw.zones.len()];
    let mut with_road: Option<Vec<bool>> = None;
    for entry in &plan.not_moved {
        let id = &entry.zone_id;
        let Some(zone) = raw.zone_ids.find(id) else {
            findings.add("not_moved.zone", id, "", "", "no such zone");
            continue;
        };
        if entry.people < 0 {
            findings.add("not_moved.people", id, entry.people, "", "people cannot be negative");
        }
        if entry.reason == Reason::Stays {
            stays[zone] += i128::from(entry.people);
        }
        let hazard = elements.zone_hazard[zone].is_some();
        let wrong = match (entry.outcome, entry.reason) {
            (Outcome::Overtaken, Reason::Hazard) if !hazard => {
                "nobody is overtaken where no hazard closes the zone"
            }
            (Outcome::Overtaken, Reason::Hazard) | (Outcome::NotEvacuated, Reason::Stays) => "",
            (Outcome::Overtaken, _) => "only a hazard overtakes people",
            (Outcome::NotEvacuated, _) if hazard => "a hazard closes this zone, so they are overtaken",
            _ => "",
        };
        if !wrong.is_empty() {
            findings.add("not_moved.outcome", id, "", "", wrong);
        }
        if entry.reason == Reason::NoRoad
            && with_road.get_or_insert_with(|| roads::ways_out(raw, elements))[zone]
        {
            findings.add("not_moved.reason", id, "no_road", "", "there is a way to a site");
        }
    }
    for (zone, stays) in stays.into_iter().enumerate() {
        if stays != i128::from(elements.stay[zone]) {
            let message = "the entries with the reason stays must add up to the people declared as staying";
            findings.add("people.stays", &raw.zone_ids.list[zone], stays, elements.stay[zone], message);
        }
    }
}

/// At no time have more people been sent from a zone than were ready.
fn check_release(
    raw: &RawScenario,
    elements: &CaseElements,
    plan: &Plan,
    ways: &OrderRoutes,
    findings: &mut CheckFindings,
) {
    let mut of_zone: Vec<Vec<(i64, i64, i64)>> = vec![Vec::new(); raw.zones.len()];
    for (order, &route) in plan.orders.iter().zip(&ways.of_order) {
        let zone = ways.routes[route].zone;
        of_zone[zone].push((order.depart_from_ms, order.depart_until_ms, order.people));
    }
    for (zone, orders) in of_zone.iter().enumerate().filter(|(_, orders)| !orders.is_empty()) {
        let evacuees = real(elements.evacuees[zone]);
        let curve = raw.zones[zone].release.map(|at| raw.releases[at].as_slice());
        let mut times: BTreeSet<i64> = orders.iter().flat_map(|order| [order.0, order.1]).collect();
        times.extend(curve.into_iter().flatten().map(|row| row.0));
        // `sent` is continuous, so the bound of the share from the left is the one that can be broken; the sum is
        // kept as rate and offset while the times ascend
        let mut changes: Vec<(i64, f64, f64)> = Vec::with_capacity(orders.len() * 2);
        for &(from, until, people) in orders {
            let (people, length) = (real(people), real(until - from));
            let rate = people / length;
            changes.push((from, rate, -rate * real(from)));
            changes.push((until, -rate, people + rate * real(from)));
        }
        changes.sort_by_key(|change| change.0);
        let mut next = 0;
        let (mut rate, mut offset) = (0.0, 0.0);
        for time in times {
            while let Some(change) = changes.get(next).filter(|change| change.0 < time) {
                rate += change.1;
                offset += change.2;
                next += 1;
            }
            let sent = rate * real(time) + offset;
            let share = curve.map_or(f64::from(u8::from(time > 0)), |curve| share_before(curve, time));
            // nobody at all before anybody is ready; the slack beyond the reference's 1/1000 is for the rounding of this sum
            let early = share <= 0.0 && orders.iter().any(|order| order.0 < time);
            if early || sent > evacuees * share + 0.001 + 1e-6 + 1e-12 * evacuees {
                let ready = format!("{:.3}", evacuees * share);
                let place = format!("zone {} at {time} ms", raw.zone_ids.list[zone]);
                findings.add("release", place, format!("{sent:.3}"), ready, "more people sent than ready");
                break;
            }
        }
    }
}

fn check_sites(
    raw: &RawScenario,
    elements: &CaseElements,
    plan: &Plan,
    ways: &OrderRoutes,
    findings: &mut CheckFindings,
) {
    let mut sum = vec![0i128; raw.sites.len()];
    for (order, &route) in plan.orders.iter().zip(&ways.of_order) {
        sum[ways.routes[route].site] += i128::from(order.people);
    }
    for (site, sum) in sum.into_iter().enumerate() {
        if let Some(capacity) = elements.capacity[site].filter(|capacity| sum > i128::from(*capacity)) {
            findings.add("site.capacity", &raw.site_ids.list[site], sum, capacity, "more people than places");
        }
    }
}

/// Windows may be cut short by whole minutes, ms.
const MINUTE: i64 = 60_000;

/// Departure windows begin and end at multiples of `window_ms`. One alone may be cut short by whole minutes, counted from its beginning;
/// and one may end anywhere, where nobody who left at the next multiple by its route could arrive.
fn check_windows(
    raw: &RawScenario,
    elements: &CaseElements,
    plan: &Plan,
    ways: &OrderRoutes,
    findings: &mut CheckFindings,
) {
    let window = plan.window_ms;
    if !(1..=crate::table::MOST_WHOLE).contains(&window) {
        findings.add("plan.window", "window_ms", window, "", "must be at least 1");
        return;
    }
    let mut late: BTreeMap<(usize, i64), bool> = BTreeMap::new();
    for (order, &route) in plan.orders.iter().zip(&ways.of_order) {
        let (from, until) = (order.depart_from_ms, order.depart_until_ms);
        let next = (until + window - 1) / window * window;
        let is_cut = until != next;
        let way = &ways.routes[route];
        let mut fits =
            || !is_cut || *late.entry((route, next)).or_insert_with(|| !arrives(raw, elements, way, next));
        let begin = from / window * window;
        let cut = until <= begin + window && (from - begin) % MINUTE == 0 && (until - begin) % MINUTE == 0;
        if !(cut || from == begin && fits()) {
            let place = format!("{from} to {until}");
            let message = "the departure window does not begin and end at multiples of window_ms, nor is it one cut short by whole minutes";
            findings.add("plan.window", order.order_id, place, window, message);
        }
    }
}

/// Whether somebody who leaves at a time, all alone, arrives by a way.
fn arrives(raw: &RawScenario, elements: &CaseElements, way: &RawRoute, leaving: i64) -> bool {
    let links = way.links.iter().map(|&link| (elements.links[link], Some(raw.links[link].from)));
    let ways = std::iter::once((Some(elements.connectors[way.from]), None))
        .chain(links)
        .chain([(Some(elements.connectors[way.to]), Some(raw.connectors[way.to].node))])
        .chain([(Some(elements.admissions[way.site]), None)]);
    let mut time = leaving;
    for (element, node) in ways {
        let Some(element) = element.filter(|element| element.rate != Some(0)) else { return false };
        let spans = &elements.opens[element.open].0;
        let Some(span) = spans.get(spans.partition_point(|span| span.1 <= time)) else { return false };
        let entry = time.max(span.0);
        let shut = node.and_then(|node| elements.shut_nodes.get(&node));
        if shut.is_some_and(|shut| shut.0.iter().any(|&(f, u)| f <= entry && time < u)) {
            return false;
        }
        time = entry + element.tau;
    }
    time < raw.settings.horizon_ms
}

/// How many different routes each zone's orders use, the most of any zone.
pub(crate) fn most_routes(raw: &RawScenario, plan: &Plan) -> usize {
    routes_used(raw, plan).iter().map(BTreeSet::len).max().unwrap_or(0)
}

fn routes_used<'a>(raw: &RawScenario, plan: &'a Plan) -> Vec<BTreeSet<&'a str>> {
    let mut used = vec![BTreeSet::new(); raw.zones.len()];
    for order in &plan.orders {
        if let Some(zone) = raw.zone_ids.find(&order.zone_id) {
            used[zone].insert(order.route_id.as_str());
        }
    }
    used
}

fn check_few_routes(raw: &RawScenario, plan: &Plan, _ways: &OrderRoutes, findings: &mut CheckFindings) {
    let Some(most) = plan.routes_per_zone else { return };
    for (zone, used) in routes_used(raw, plan).iter().enumerate() {
        if count(used.len()) > most.into() {
            let message = "more routes than routes_per_zone allows";
            findings.add("plan.routes_per_zone", &raw.zone_ids.list[zone], most, used.len(), message);
        }
    }
}

/// All routes that pass a node leave it by the same link, or end there at the same connector.
fn check_convergent(raw: &RawScenario, ways: &OrderRoutes, plan: &Plan, findings: &mut CheckFindings) {
    #[derive(Clone, Copy, PartialEq)]
    enum NodeExit {
        Link(usize),
        Connector(usize),
    }
    let mut exit: Vec<Option<NodeExit>> = vec![None; raw.nodes.list.len()];
    for (way, route) in ways.routes.iter().zip(&plan.routes) {
        let ends = std::iter::once((raw.connectors[way.to].node, NodeExit::Connector(way.to)));
        let passes = way.links.iter().map(|&link| (raw.links[link].from, NodeExit::Link(link)));
        for (node, way_out) in passes.chain(ends) {
            if *exit[node].get_or_insert(way_out) != way_out {
                let place = format!("route {} at node {}", route.route_id, raw.nodes.list[node]);
                findings.add("plan.convergent", place, "true", "false", "routes part at this node");
            }
        }
    }
}
