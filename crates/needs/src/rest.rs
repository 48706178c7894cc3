//! Rest and water points along the routes: where they have to be so that nobody goes further than a given way without one, and
//! how large by who passes when.

use crate::replayed::OrderPath;
use clearway_model::number::{ceil, float};
use clearway_model::time::{MICROS_PER_MS, MS_PER_HOUR};
use clearway_model::{Plan, Scenario};
use clearway_network::{ElementIndex, ElementKind, Network, NodeIndex};
use serde::Serialize;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap};

/// Water for one journey, m3 a person, given in equal parts at the stops of a route: 3 L (rule WAT-01-R).
pub const JOURNEY_WATER_M3: f64 = 0.003;
/// What one tap gives in an hour, m3: 7.5 L/min (rule WAT-10).
pub const TAP_M3_H: f64 = 0.45;
/// People at a stop at once for one toilet (rule SAN-12).
pub const PEOPLE_A_TOILET: f64 = 50.0;

/// Stops along the routes of a plan.
#[derive(Debug, Clone, Default)]
pub struct RouteStops {
    /// The node at which each stop is, in the order in which they were chosen.
    pub nodes: Vec<NodeIndex>,
    /// By route: position of the element at whose end the stop is, and which stop.
    by_route: Vec<Vec<(usize, usize)>>,
    /// The longest way without one, m.
    pub longest_m: f64,
    /// The longest route, m.
    pub longest_route_m: f64,
}

impl RouteStops {
    /// No stops at all.
    pub fn none() -> Self {
        Self::default()
    }

    /// Chooses nodes so that no way along a route between its start, its stops and its end is longer than `spacing_m`, except
    /// where one link is. Routes with most people come first, later ones use the stops that are there.
    pub fn choose(
        scenario: &Scenario,
        plan: &Plan,
        network: &Network,
        ways: &[OrderPath],
        spacing_m: f64,
    ) -> Self {
        let mut people = vec![0i64; plan.routes.len()];
        let mut elements: Vec<&[ElementIndex]> = vec![&[]; plan.routes.len()];
        for (order, way) in plan.orders.iter().zip(ways) {
            people[way.route] += order.people;
            elements[way.route] = &way.elements;
        }
        let mut order: Vec<usize> = (0..people.len()).filter(|route| people[*route] > 0).collect();
        order.sort_by_key(|route| (-people[*route], *route));
        let length = |element: ElementIndex| match network.elements[element].kind {
            ElementKind::Link(i) => {
                let link = &scenario.links[i];
                link.length_m.or(link.length.map(|km| km * 1000.0)).unwrap_or(0.0)
            }
            _ => 0.0,
        };
        let mut stops = Self { by_route: vec![Vec::new(); people.len()], ..Self::default() };
        let mut of_node: BTreeMap<NodeIndex, usize> = BTreeMap::new();
        for route in &order {
            let mut since = 0.0;
            for (at, &element) in elements[*route].iter().enumerate() {
                since += length(element);
                let Some(node) = network.node_after(element) else { continue };
                let next = elements[*route].get(at + 1).map_or(0.0, |next| length(*next));
                // A stop where the next one would come too late; not at the very start, where nobody has gone anywhere yet.
                let is_due = next > 0.0 && since > 0.0 && since + next > spacing_m;
                match of_node.entry(node) {
                    Entry::Occupied(_) => since = 0.0,
                    Entry::Vacant(free) if is_due => {
                        free.insert(stops.nodes.len());
                        stops.nodes.push(node);
                        since = 0.0;
                    }
                    Entry::Vacant(_) => {}
                }
            }
        }
        for route in order {
            let whole: f64 = elements[route].iter().map(|element| length(*element)).sum();
            stops.longest_route_m = stops.longest_route_m.max(whole);
            let mut since = 0.0;
            for (position, &element) in elements[route].iter().enumerate() {
                since += length(element);
                stops.longest_m = stops.longest_m.max(since);
                if let Some(stop) = network.node_after(element).and_then(|node| of_node.get(&node)) {
                    stops.by_route[route].push((position, *stop));
                    since = 0.0;
                }
            }
        }
        stops
    }

    /// The stop at the end of the element at a position of a route.
    pub fn at(&self, route: usize, position: usize) -> Option<usize> {
        self.by_route.get(route)?.iter().find(|(at, _)| *at == position).map(|(_, stop)| *stop)
    }

    /// The part of a journey's water that one stop of the route gives.
    pub fn share(&self, route: usize) -> f64 {
        1.0 / float(self.by_route.get(route).map_or(1, Vec::len).max(1))
    }

    pub(crate) fn none_passed(&self, hours: usize) -> Vec<StopUse> {
        vec![StopUse { people: vec![0; hours], journeys: vec![0.0; hours] }; self.nodes.len()]
    }
}

/// Who passes a stop.
#[derive(Debug, Clone, PartialEq)]
pub struct StopUse {
    /// People in each hour.
    pub people: Vec<i64>,
    /// Journeys' water in each hour: 1 is the water of one person's whole journey.
    pub journeys: Vec<f64>,
}

impl StopUse {
    pub(crate) fn count(&mut self, time_us: i64, people: i64, share: f64) {
        let Ok(hour) = usize::try_from(time_us / (MS_PER_HOUR * MICROS_PER_MS)) else { return };
        if let (Some(count), Some(journeys)) = (self.people.get_mut(hour), self.journeys.get_mut(hour)) {
            *count += people;
            *journeys += float(people) * share;
        }
    }
}

/// How large a stop has to be.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct RestPoint {
    /// Id of the node; empty in what may be passed on.
    pub node_id: String,
    /// First hour in which people pass, from 0 at time 0.
    pub first_h: usize,
    /// Last hour in which people pass.
    pub last_h: usize,
    /// All who pass, whenever they do.
    pub people: i64,
    /// The first hour in which most pass.
    pub peak_h: usize,
    /// How many pass in that hour.
    pub peak_people: i64,
    /// Water on the day with most, m3.
    pub water_m3_day: f64,
    /// Taps in the hour with most water.
    pub taps: i64,
    /// Toilets for those who are there at once in the peak hour.
    pub toilets: i64,
}

/// Sizes of all stops that anybody passes, those with most people first; `minutes` is how long people stay at one.
pub fn rest_points(
    scenario: &Scenario,
    stops: &RouteStops,
    passed: &[StopUse],
    minutes: f64,
) -> Vec<RestPoint> {
    let mut all: Vec<RestPoint> = stops
        .nodes
        .iter()
        .zip(passed)
        .filter_map(|(node, passed)| {
            let first_h = passed.people.iter().position(|n| *n > 0)?;
            let last_h = passed.people.iter().rposition(|n| *n > 0)?;
            let peak_h = (0..passed.people.len())
                .fold(first_h, |best, h| if passed.people[h] > passed.people[best] { h } else { best });
            let peak_people = passed.people[peak_h];
            let mut days: HashMap<usize, f64> = HashMap::new();
            for (hour, journeys) in passed.journeys.iter().enumerate() {
                *days.entry(hour / 24).or_default() += journeys;
            }
            let day = days.values().copied().fold(0.0, f64::max);
            let hour = passed.journeys.iter().copied().fold(0.0, f64::max);
            Some(RestPoint {
                node_id: scenario.nodes[node.row()].node_id.clone(),
                first_h,
                last_h,
                people: passed.people.iter().sum(),
                peak_h,
                peak_people,
                water_m3_day: day * JOURNEY_WATER_M3,
                taps: ceil(hour * JOURNEY_WATER_M3 / TAP_M3_H - 1e-9).max(1),
                toilets: ceil(float(peak_people) * minutes / 60.0 / PEOPLE_A_TOILET - 1e-9).max(1),
            })
        })
        .collect();
    all.sort_by(|a, b| b.people.cmp(&a.people).then_with(|| a.node_id.cmp(&b.node_id)));
    all
}
