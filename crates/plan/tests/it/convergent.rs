//! Convergent plans: at each node one way out for everyone, no prohibited turn, no more routes than allowed, no worse than
//! the tree of shortest ways, and the same for any number of threads.

use clearway_instances::{Calm, CityRequest, city, small};
use clearway_loading::packet::PreparedRoads;
use clearway_loading::path::PathPool;
use clearway_loading::schedule::{Schedule, earliest_schedule};
use clearway_model::{Case, Plan, Scenario};
use clearway_network::{ElementIndex, Network, NodeIndex, PerZone, ZoneIndex};
use clearway_plan::convergent::{ConvergentTask, search};
use clearway_plan::orders::PathStream;
use clearway_plan::{PlanOptions, answer};
use std::collections::{BTreeMap, BTreeSet};

/// Everything that a search gets, for a scenario.
struct Given {
    network: Network,
    schedules: PerZone<Schedule>,
    moved: PerZone<i64>,
}

impl Given {
    fn new(scenario: &Scenario) -> Self {
        let network = Network::new(scenario, Case::Central).unwrap();
        let schedules = network
            .zones
            .iter()
            .map(|zone| earliest_schedule(&zone.release, 900_000, network.horizon))
            .collect();
        let moved = network.zones.iter().map(|zone| zone.evacuees).collect();
        Self { network, schedules, moved }
    }

    fn search(&self, ways: usize, rounds: usize) -> (PathPool, Vec<PathStream>, f64) {
        let roads = PreparedRoads::new(&self.network);
        let size = (self.network.evacuees() as f64 / 3000.0).max(3.0);
        let task = ConvergentTask {
            roads: &roads,
            moved: &self.moved,
            schedules: &self.schedules,
            ways,
            size,
            rounds,
        };
        search(&task, &|_| {})
    }
}

fn small_city(seed: u64, capacity_ratio: Option<f64>, front_m_s: Option<f64>) -> Scenario {
    let people = 20_000;
    city(&CityRequest { seed, side: 16, zones_side: 4, people, capacity_ratio, front_m_s, horizon_h: 24 })
}

fn cities() -> Vec<Scenario> {
    let mut list: Vec<Scenario> = (1..4).map(|seed| small_city(seed, None, None)).collect();
    list.push(small_city(4, None, Some(1.0)));
    list.push(small_city(5, Some(1.1), None));
    list.push(small_city(6, Some(0.9), Some(1.0)));
    list
}

/// Checks streams by the elements of their ways.
fn check_streams(given: &Given, pool: &PathPool, streams: &[PathStream], ways: usize) {
    let network = &given.network;
    let mut exit: BTreeMap<NodeIndex, ElementIndex> = BTreeMap::new();
    let mut used: BTreeMap<ZoneIndex, BTreeSet<ElementIndex>> = BTreeMap::new();
    let mut people: PerZone<i64> = vec![0; network.zones.len()].into();
    for stream in streams {
        let elements = &pool.get(stream.path).elements;
        assert!(network.zones[stream.zone].connectors.contains(&elements[0]));
        for pair in elements.windows(2) {
            assert!(!network.banned.contains(&(pair[0], pair[1])), "prohibited turn");
            let (to, from) = (network.node_after(pair[0]), network.node_before(pair[1]));
            assert_eq!(to, from, "elements join");
        }
        let mut passed = BTreeSet::new();
        for &element in elements {
            if let Some(node) = network.node_before(element) {
                assert!(passed.insert(node), "a node passed twice");
                assert_eq!(*exit.entry(node).or_insert(element), element, "ways part at {node:?}");
            }
        }
        // Ways of a zone differ by their connector alone.
        assert!(used.entry(stream.zone).or_default().insert(elements[0]));
        people[stream.zone] += stream.people;
    }
    assert!(used.values().all(|connectors| connectors.len() <= ways), "too many ways");
    assert!(people.iter().zip(&given.moved).all(|(people, moved)| people <= moved));
}

/// Checks a finished plan by the names in its tables, as the reference words it.
fn check_plan(scenario: &Scenario, plan: &Plan) {
    assert!(plan.convergent);
    let node_of: BTreeMap<&str, &str> =
        scenario.connectors.iter().map(|c| (c.connector_id.as_str(), c.node_id.as_str())).collect();
    let ends: BTreeMap<&str, (&str, &str)> = scenario
        .links
        .iter()
        .map(|l| (l.link_id.as_str(), (l.from_node_id.as_str(), l.to_node_id.as_str())))
        .collect();
    let banned: BTreeSet<(&str, &str)> = scenario
        .movements
        .iter()
        .filter(|m| m.prohibited == "1")
        .map(|m| (m.ib_link_id.as_str(), m.ob_link_id.as_str()))
        .collect();
    let mut exit: BTreeMap<&str, String> = BTreeMap::new();
    for route in &plan.routes {
        let mut node = node_of[route.from_connector.as_str()];
        for link in &route.links {
            assert_eq!(ends[link.as_str()].0, node);
            let out = format!("link {link}");
            assert_eq!(*exit.entry(node).or_insert_with(|| out.clone()), out, "routes part at {node}");
            node = ends[link.as_str()].1;
        }
        assert_eq!(node_of[route.to_connector.as_str()], node);
        let out = format!("connector {}", route.to_connector);
        assert_eq!(*exit.entry(node).or_insert_with(|| out.clone()), out, "routes part at {node}");
        for turn in route.links.windows(2) {
            assert!(!banned.contains(&(turn[0].as_str(), turn[1].as_str())), "prohibited turn");
        }
    }
}

#[test]
fn ways_never_part_and_are_no_worse_than_shortest_ways() {
    for (index, scenario) in cities().iter().enumerate() {
        let given = Given::new(scenario);
        for ways in [1, 3] {
            let (pool, streams, plain) = given.search(ways, 0);
            check_streams(&given, &pool, &streams, ways);
            let (pool, streams, cost) = given.search(ways, 48);
            check_streams(&given, &pool, &streams, ways);
            assert!(cost <= plain, "city {index}, {ways} ways: {cost} instead of {plain}");
        }
    }
}

#[test]
fn search_pays_on_a_congested_city() {
    let given =
        Given::new(&city(&CityRequest { side: 24, zones_side: 6, people: 80_000, ..CityRequest::default() }));
    let (_, _, plain) = given.search(3, 0);
    let (_, _, cost) = given.search(3, 80);
    assert!(cost < 0.85 * plain, "{cost} instead of {plain}");
}

#[test]
fn turns_closures_and_windows_of_small_scenarios_are_kept() {
    for seed in 0..200 {
        let calm = if seed % 4 == 0 { Calm::Open } else { Calm::Closing };
        let given = Given::new(&small(seed, calm));
        let (pool, streams, plain) = given.search(2, 0);
        check_streams(&given, &pool, &streams, 2);
        let (pool, streams, cost) = given.search(2, 24);
        check_streams(&given, &pool, &streams, 2);
        assert!(cost <= plain, "seed {seed}: {cost} instead of {plain}");
    }
}

#[test]
fn threads_change_nothing() {
    let given = Given::new(&small_city(7, Some(1.2), Some(1.0)));
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let (pool, streams, cost) = pool.install(|| given.search(3, 40));
        let ways: Vec<Vec<ElementIndex>> =
            streams.iter().map(|s| pool.get(s.path).elements.clone()).collect();
        (ways, streams, cost.to_bits())
    };
    assert_eq!(with(1), with(3));
}

#[test]
fn finished_plans_are_convergent_and_count_everyone() {
    let options = PlanOptions { convergent: true, ..PlanOptions::default() };
    let scenarios = [small_city(8, Some(0.95), Some(1.0)), small(3, Calm::Closing), small(8, Calm::Open)];
    for scenario in &scenarios {
        let result = answer(scenario, &options, &|_, _| {}).unwrap();
        check_plan(scenario, &result.plan);
        let counted: i64 = result.plan.orders.iter().map(|o| o.people).sum::<i64>()
            + result.plan.not_moved.iter().map(|n| n.people).sum::<i64>();
        assert_eq!(counted, scenario.zones.iter().map(|z| z.people).sum::<i64>());
        let mut received: BTreeMap<&str, i64> = BTreeMap::new();
        let site_of: BTreeMap<&str, &str> =
            result.plan.routes.iter().map(|r| (r.route_id.as_str(), r.site_id.as_str())).collect();
        for order in &result.plan.orders {
            *received.entry(site_of[order.route_id.as_str()]).or_default() += order.people;
        }
        for site in &scenario.sites {
            let people = received.get(site.site_id.as_str()).copied().unwrap_or(0);
            assert!(site.capacity_people.is_none_or(|capacity| people <= capacity));
        }
    }
}
