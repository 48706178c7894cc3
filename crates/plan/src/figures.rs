//! PlanFigures out of the exact replay and the bound, as they stand in the plan folder.

use crate::options::PlanOptions;
use crate::orders::PathOrder;
use crate::road_space;
use clearway_bound::certify::{CertifiedBound, CutTerm};
use clearway_bound::latest::LatestTimes;
use clearway_bound::{ElementName, element_name};
use clearway_flow::CUT_UNITS_PER_PERSON;
use clearway_loading::exact::{ExactLoading, LongestWait};
use clearway_loading::path::{PathIndex, PathPool};
use clearway_model::number::{float, length};
use clearway_model::time::{MICROS_PER_MS, MS_PER_HOUR, MS_PER_SECOND, seconds};
use clearway_model::{
    Bottleneck, Bounds, Case, CurvePoint, Gap, JourneyWaiting, MovementOrder, NetworkSize, NotMoved, Outcome,
    OverflowTotals, People, PlacedTimes, Plan, PlanAndBound, Queue, Reason, Route, RouteLimitedBound,
    Scenario, Summary, TOOL, WithAccess, ZoneOutcome,
};
use clearway_network::{ElementKind, Network, PerSite, PerZone};
use std::collections::BTreeMap;

/// Sums of one exact loading.
#[derive(Debug, Clone)]
pub struct PlanFigures {
    /// (arrival ms, people), ascending.
    arrivals: Vec<(i64, i64)>,
    /// (departure µs, people), ascending.
    departures: Vec<(i64, i64)>,
    /// Per zone, how many of its people arrive.
    pub zone_arrived: PerZone<i64>,
    /// Per site, how many people it receives.
    pub site_people: PerSite<i64>,
    /// Per zone, when its first order begins, ms.
    zone_first: PerZone<Option<i64>>,
    /// Per zone, when its last order ends, ms.
    zone_last_departure: PerZone<Option<i64>>,
    /// Per zone, when the last of its people arrive, ms.
    zone_last_arrival: PerZone<Option<i64>>,
    /// Per zone, the least slack of its orders, ms.
    zone_slack: PerZone<Option<f64>>,
    evacuees: i64,
    horizon: i64,
    /// Sum of people x waiting, in people x µs.
    waiting: i128,
    longest: Option<LongestWait>,
    /// Waiting of one person.
    journey_waiting: JourneyWaiting,
}

/// Makes a time the later one of what is known and this.
fn later(known: &mut Option<i64>, time: i64) {
    *known = Some(known.map_or(time, |known| known.max(time)));
}

impl PlanFigures {
    /// Sums up a replay in which everyone in an order arrives.
    pub fn new(network: &Network, pool: &PathPool, orders: &[PathOrder], replay: &ExactLoading) -> Self {
        let zones = network.zones.len();
        let mut f = Self {
            arrivals: Vec::with_capacity(replay.packets.len()),
            departures: Vec::with_capacity(replay.packets.len()),
            zone_arrived: vec![0; zones].into(),
            site_people: vec![0; network.sites.len()].into(),
            zone_first: vec![None; zones].into(),
            zone_last_departure: vec![None; zones].into(),
            zone_last_arrival: vec![None; zones].into(),
            zone_slack: vec![None; zones].into(),
            evacuees: network.evacuees(),
            horizon: network.horizon,
            waiting: replay.waiting,
            longest: replay.longest,
            journey_waiting: road_space::waiting(replay),
        };
        for packet in &replay.packets {
            let order = &orders[packet.order];
            f.departures.push((packet.departure, packet.people));
            if let Some(arrival) = packet.arrival {
                let ms = (arrival + MICROS_PER_MS - 1) / MICROS_PER_MS;
                f.arrivals.push((ms, packet.people));
                f.zone_arrived[order.zone] += packet.people;
                f.site_people[pool.get(order.path).site] += packet.people;
                later(&mut f.zone_last_arrival[order.zone], ms);
            }
        }
        for (order, slack) in orders.iter().zip(&replay.slack) {
            let zone = order.zone;
            let first = &mut f.zone_first[zone];
            *first = Some(first.map_or(order.from, |known| known.min(order.from)));
            later(&mut f.zone_last_departure[zone], order.until);
            if let Some(slack) = *slack {
                let least = &mut f.zone_slack[zone];
                *least = Some(least.map_or(slack, |known: f64| known.min(slack)));
            }
        }
        f.arrivals.sort_unstable();
        f.departures.sort_unstable();
        f
    }

    /// People arrived strictly before each of the ascending times, ms.
    fn arrived_before(&self, times: &[i64]) -> Vec<i64> {
        sums_before(&self.arrivals, times, 1)
    }

    fn time_of(&self, goal: i64) -> Option<i64> {
        if goal == 0 {
            return Some(0);
        }
        let mut sum = 0;
        self.arrivals.iter().find_map(|&(time, people)| {
            sum += people;
            (sum >= goal).then_some(time)
        })
    }

    /// When 90 % and all of the evacuees have arrived, and how many do.
    pub fn times(&self) -> PlacedTimes {
        PlacedTimes {
            t90_s: self.time_of((self.evacuees * 9 + 9) / 10).map(seconds),
            clearance_s: self.time_of(self.evacuees).map(seconds),
            person_hours: self.person_hours(),
            arrived: self.arrived(),
        }
    }

    fn arrived(&self) -> i64 {
        self.zone_arrived.iter().sum()
    }

    fn person_hours(&self) -> f64 {
        let sum: i128 = self.arrivals.iter().map(|&(t, n)| i128::from(t) * i128::from(n)).sum();
        let rest = i128::from(self.evacuees - self.arrived()) * i128::from(self.horizon);
        float(sum + rest) / 3.6e6
    }
}

/// The sums of people in a list of (time, people) that are strictly before each of the ascending times, which are in ms; the list has
/// `scale` to the ms.
fn sums_before(list: &[(i64, i64)], times: &[i64], scale: i64) -> Vec<i64> {
    let (mut at, mut sum) = (0, 0);
    times
        .iter()
        .map(|&t| {
            while let Some(&(_, people)) = list.get(at).filter(|entry| entry.0 < t * scale) {
                sum += people;
                at += 1;
            }
            sum
        })
        .collect()
}

/// Whether a replay brings as many people as another, hardly later.
pub fn is_no_worse(new: &ExactLoading, old: &ExactLoading, horizon: i64) -> bool {
    let sums = |replay: &ExactLoading| {
        let mut people = 0;
        let (mut last, mut sum) = (0, 0i128);
        for packet in &replay.packets {
            if let Some(arrival) = packet.arrival {
                people += packet.people;
                last = last.max(arrival);
                sum += i128::from(packet.people) * i128::from(horizon * MICROS_PER_MS - arrival);
            }
        }
        (people, last, sum)
    };
    let (new, old) = (sums(new), sums(old));
    new.0 >= old.0 && float(new.1) <= float(old.1) * 1.005 && float(new.2) >= float(old.2) * 0.998
}

/// `plan.json`. Routes are numbered in the order in which orders first take them.
pub fn plan(
    scenario: &Scenario,
    network: &Network,
    pool: &PathPool,
    orders: &[PathOrder],
    not_moved: Vec<NotMoved>,
    options: &PlanOptions,
    packet_people: i64,
) -> Plan {
    let mut number: BTreeMap<PathIndex, usize> = BTreeMap::new();
    let mut routes = Vec::new();
    for order in orders {
        number.entry(order.path).or_insert_with(|| {
            let way = pool.get(order.path);
            let mut route = Route {
                route_id: format!("R{}", routes.len() + 1),
                zone_id: scenario.zones[way.zone.row()].zone_id.clone(),
                site_id: scenario.sites[way.site.row()].site_id.clone(),
                from_connector: String::new(),
                links: Vec::new(),
                to_connector: String::new(),
            };
            for (position, &element) in way.elements.iter().enumerate() {
                match network.elements[element].kind {
                    ElementKind::Link(row) => route.links.push(scenario.links[row].link_id.clone()),
                    ElementKind::Connector(row) => {
                        let id = scenario.connectors[row].connector_id.clone();
                        if position == 0 { route.from_connector = id } else { route.to_connector = id }
                    }
                    ElementKind::Admission(_) => {}
                }
            }
            routes.push(route);
            routes.len() - 1
        });
    }
    let class = scenario.settings.class.first().map_or(String::new(), |c| c.id.clone());
    let orders = orders
        .iter()
        .enumerate()
        .map(|(index, order)| MovementOrder {
            order_id: length(index) + 1,
            zone_id: scenario.zones[order.zone.row()].zone_id.clone(),
            group: "all".to_owned(),
            class: class.clone(),
            people: order.people,
            depart_from_ms: order.from,
            depart_until_ms: order.until,
            route_id: routes[number[&order.path]].route_id.clone(),
        })
        .collect();
    Plan {
        schema: Plan::SCHEMA.to_owned(),
        scenario: scenario.digest.clone(),
        tool: TOOL.to_owned(),
        case: Case::Central,
        routes_per_zone: options.routes_per_zone,
        convergent: options.convergent,
        window_ms: options.window_ms,
        packet_people,
        routes,
        orders,
        not_moved,
    }
}

/// What no plan of the central case can beat: what its bound proves, or, where that is more, what is proved for the optimistic case. A
/// plan of the central case is one there too, with some of its people left out; 90 % of the people are the same people only where
/// every zone has as many in both.
fn of_all_plans(
    (central, proven): (&CertifiedBound, Bounds),
    (optimistic, mut helped): (&CertifiedBound, Bounds),
) -> Bounds {
    let evacuees =
        |proven: &CertifiedBound| proven.network.zones.iter().map(|zone| zone.evacuees).collect::<Vec<_>>();
    if evacuees(central) != evacuees(optimistic) {
        helped.t90_s = Some(0.0);
    }
    stricter(proven, helped)
}

/// The later time and the larger sum of two bounds that both hold; no time at all is later than any.
fn stricter(a: Bounds, b: Bounds) -> Bounds {
    let later = |a: Option<f64>, b: Option<f64>| a.zip(b).map(|(a, b)| a.max(b));
    Bounds {
        clearance_s: later(a.clearance_s, b.clearance_s),
        t90_s: later(a.t90_s, b.t90_s),
        person_hours: a.person_hours.into_iter().chain(b.person_hours).reduce(f64::max),
    }
}

/// People without any road to a site.
fn cut_off(plan: &Plan) -> i64 {
    plan.not_moved.iter().filter(|n| n.reason == Reason::NoRoad).map(|n| n.people).sum()
}

/// The time for all who have a road to a site, where some have none.
fn with_access(central: &CertifiedBound, numbers: &PlanFigures, plan: &Plan) -> Option<WithAccess> {
    let cut_off = cut_off(plan);
    let people = numbers.evacuees - cut_off;
    (cut_off > 0 && people > 0).then(|| {
        let plan = numbers.time_of(people).map(seconds);
        WithAccess { people, clearance_s: PlanAndBound { plan, bound: central.earliest_s(people) } }
    })
}

/// `summary.json`, without the run's own figures and as if no link overflowed.
pub fn summary(
    scenario: &Scenario,
    central: &CertifiedBound,
    optimistic: &CertifiedBound,
    class: Option<&CertifiedBound>,
    numbers: &PlanFigures,
    plan: &Plan,
    grid: i64,
) -> Summary {
    let network = &central.network;
    let (proven, (helped, of_class)) = rayon::join(
        || central.bounds(grid),
        || rayon::join(|| optimistic.bounds(grid), || class.map(|class| class.bounds(grid))),
    );
    let bounds = of_all_plans((central, proven), (optimistic, helped));
    let of =
        |outcome: Outcome| plan.not_moved.iter().filter(|n| n.outcome == outcome).map(|n| n.people).sum();
    let clearance_s =
        PlanAndBound { plan: numbers.time_of(numbers.evacuees).map(seconds), bound: bounds.clearance_s };
    let t90_s = PlanAndBound {
        plan: numbers.time_of((numbers.evacuees * 9 + 9) / 10).map(seconds),
        bound: bounds.t90_s,
    };
    let person_hours = PlanAndBound { plan: Some(numbers.person_hours()), bound: bounds.person_hours };
    let longest = |LongestWait { element, .. }: LongestWait| {
        let name = element_name(scenario, network, element);
        format!("{}:{}", name.kind, name.id)
    };
    let count = |rows: usize| length(rows).unsigned_abs();
    let keys = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect();
    Summary {
        recomputed: keys(&Summary::RECOMPUTED),
        not_recomputed: keys(&Summary::NOT_RECOMPUTED),
        schema: Summary::SCHEMA.to_owned(),
        scenario: scenario.digest.clone(),
        name: scenario.settings.name.clone(),
        context: scenario.settings.context,
        interrupted: false,
        people: People {
            total: network.zones.iter().map(|z| z.people).sum(),
            arrived: numbers.arrived(),
            overtaken: of(Outcome::Overtaken),
            not_evacuated: of(Outcome::NotEvacuated),
            staying: network.zones.iter().map(|z| z.staying).sum(),
        },
        gap: Gap { clearance: clearance_s.gap(), t90: t90_s.gap(), person_hours: person_hours.gap() },
        clearance_s,
        t90_s,
        person_hours,
        optimistic: helped,
        route_limited_bound: class.zip(of_class).and_then(|(class, of_class)| {
            // Plans with few routes are among all plans.
            let bounds = stricter(bounds, of_class);
            Some(RouteLimitedBound {
                routes_per_zone: class.routes_per_zone?,
                clearance_s: bounds.clearance_s,
                t90_s: bounds.t90_s,
                person_hours: bounds.person_hours,
            })
        }),
        unrestricted_routes: None,
        prices: None,
        with_access: with_access(central, numbers, plan),
        queue: Queue {
            person_hours: float(numbers.waiting) / 3.6e9,
            longest_link: numbers.longest.map_or_else(String::new, longest),
            longest_s: numbers.longest.map_or(0.0, |longest| float(longest.wait) / 1e6),
        },
        spill_free: Some(true),
        overflow: Some(OverflowTotals::default()),
        spill_choice: None,
        on_road: None,
        waiting: Some(numbers.journey_waiting),
        assumptions: scenario.assumptions.clone(),
        network: NetworkSize { links: count(scenario.links.len()), nodes: count(scenario.nodes.len()) },
        zones: count(scenario.zones.len()),
        sites: count(scenario.sites.len()),
        routes: count(plan.routes.len()),
        orders: count(plan.orders.len()),
        step_s: 0.0,
        threads: 0,
        wall_s: 0.0,
        peak_rss_bytes: 0,
    }
}

/// `curve.csv`: at most a few hundred moments of round distance, every hour among them, until all is over.
pub fn curve(central: &CertifiedBound, numbers: &PlanFigures) -> Vec<CurvePoint> {
    let last_cut = central.curve.cuts.last().map_or(0, |cut| cut.theta);
    let last_arrival = numbers.arrivals.last().map_or(0, |a| a.0 + 1);
    let times = moments(last_arrival, last_arrival.max(last_cut + 1), numbers.horizon);
    let arrived = numbers.arrived_before(&times);
    let departed = sums_before(&numbers.departures, &times, MICROS_PER_MS);
    let proven = central.people_at(times.iter().copied());
    (0..times.len())
        .map(|i| CurvePoint {
            time_s: seconds(times[i]),
            arrived_people: arrived[i],
            bound_people: proven[i],
            departed_people: departed[i],
        })
        .collect()
}

/// Moments of round distance, ms, and every hour, up to the first one after `last`.
fn moments(last_arrival: i64, last: i64, horizon: i64) -> Vec<i64> {
    const STEPS_S: [i64; 8] = [60, 120, 300, 600, 900, 1800, 3600, 7200];
    let step_until = |last: i64| {
        STEPS_S.into_iter().find(|s| last / (s * MS_PER_SECOND) <= 200).unwrap_or(21_600) * MS_PER_SECOND
    };
    // A plan that leaves people behind has a bound that grows up to the horizon, long after its last arrival. While people arrive, and
    // half as long again for a simulation in which they are late, the moments are as close as if that were the end.
    let busy = if last_arrival == 0 { last } else { last.min(last_arrival + last_arrival / 2) };
    let (close, wide) = (step_until(busy), step_until(last));
    let mut times: Vec<i64> = (0..=busy / close + 1).map(|k| k * close).collect();
    times.extend((busy / wide + 1..=last / wide + 1).map(|k| k * wide));
    times.extend((1..=last / MS_PER_HOUR).map(|hour| hour * MS_PER_HOUR));
    for time in &mut times {
        *time = (*time).min(horizon);
    }
    times.sort_unstable();
    times.dedup();
    times
}

/// The `zones.csv` of a plan: what becomes of the people of each zone, and when.
pub fn zones(
    scenario: &Scenario,
    network: &Network,
    plan: &Plan,
    numbers: &PlanFigures,
    latest: &PerZone<LatestTimes>,
) -> Vec<ZoneOutcome> {
    let whole = |ms: f64| (ms.floor() / 1000.0).max(0.0);
    scenario
        .zones
        .iter()
        .zip(network.zones.keys())
        .map(|(row, z)| {
            let not_moved: Vec<_> = plan
                .not_moved
                .iter()
                .filter(|n| n.zone_id == row.zone_id)
                .map(|n| (n.outcome, n.reason, n.people))
                .collect();
            let of = |outcome| not_moved.iter().filter(|n| n.0 == outcome).map(|n| n.2).sum();
            let limited = latest[z].hazard.is_some();
            let slack = numbers.zone_slack[z].filter(|slack| limited && *slack >= 0.0);
            ZoneOutcome {
                zone_id: row.zone_id.clone(),
                name: row.name.clone(),
                people: network.zones[z].people,
                arrived: numbers.zone_arrived[z],
                overtaken: of(Outcome::Overtaken),
                not_evacuated: of(Outcome::NotEvacuated),
                not_moved,
                first_departure_s: numbers.zone_first[z].map(seconds),
                last_departure_s: numbers.zone_last_departure[z].map(seconds),
                last_arrival_s: numbers.zone_last_arrival[z].map(seconds),
                hazard_s: latest[z].hazard.map(whole),
                latest_departure_bound_s: latest[z].departure.map(whole),
                latest_order_bound_s: latest[z].order.map(whole),
                latest_order_plan_s: slack.map(whole),
                latest_departure_plan_s: slack
                    .zip(numbers.zone_last_departure[z])
                    .map(|(slack, last)| whole(slack + float(last))),
            }
        })
        .collect()
}

/// `bottlenecks.csv`: the positive terms of the cut that sets the clearance bound, largest first.
pub fn bottlenecks(scenario: &Scenario, central: &CertifiedBound, plan: &Plan) -> Vec<Bottleneck> {
    let network = &central.network;
    let Some(cut) = central.last_below(network.evacuees() - cut_off(plan)) else { return Vec::new() };
    let mut rows: Vec<(i128, Bottleneck)> = central
        .terms(cut)
        .into_iter()
        .map(|CutTerm { element, from, until, units }| {
            let ElementName { kind, id, name } = element_name(scenario, network, element);
            let data = &network.elements[element];
            let lanes = match data.kind {
                ElementKind::Link(row) => Some(scenario.links[row].lanes.filter(|l| *l > 0.0).unwrap_or(1.0)),
                _ => None,
            };
            let people = float(units) / float(CUT_UNITS_PER_PERSON);
            let row = Bottleneck {
                rank: 0,
                element: kind,
                id,
                name,
                from_s: seconds(from),
                until_s: seconds(until),
                capacity_people_h: data.rate.map_or(f64::INFINITY, |rate| float(rate) / 1000.0),
                people,
                // One lane more adds at most what one lane carries in the counted time.
                extra_lane_people: lanes.map(|lanes| people / lanes),
            };
            (units, row)
        })
        .collect();
    rows.sort_by(|(a, x), (b, y)| b.cmp(a).then_with(|| (&x.element, &x.id).cmp(&(&y.element, &y.id))));
    rows.into_iter()
        .enumerate()
        .map(|(index, (_, row))| Bottleneck { rank: length(index).unsigned_abs() + 1, ..row })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::moments;

    const MIN: i64 = 60_000;
    const HOUR: i64 = 60 * MIN;

    #[test]
    fn moments_are_close_while_people_arrive() {
        // all are there after 2 h 30 min
        let all = moments(150 * MIN, 150 * MIN, 72 * HOUR);
        assert_eq!(all, (0..=151).map(|minute| minute * MIN).collect::<Vec<_>>());
        // some never are, and the bound grows up to the horizon of 72 h
        let some = moments(150 * MIN, 72 * HOUR, 72 * HOUR);
        assert_eq!(some[..=113], (0..=113).map(|two| two * 2 * MIN).collect::<Vec<_>>());
        assert_eq!((some[114], some.last()), (4 * HOUR, Some(&(72 * HOUR))));
        assert!(some.len() < 400, "{}", some.len());
    }
}
