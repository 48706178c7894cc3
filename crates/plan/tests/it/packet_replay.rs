//! The fast replay, by which the search judges mixes of ways, is close to the exact one, by which figures are stated.

use crate::common;
use clearway_instances::{CityRequest, city};
use clearway_loading::packet::{KeptDetail, LoadingMemory, PathLoad, PreparedRoads};
use clearway_loading::path::{PathIndex, PathPool};
use clearway_loading::schedule::{DepartureWindow, Schedule};
use clearway_model::Scenario;
use clearway_network::Network;
use clearway_plan::orders::{PathOrder, replay_orders};
use clearway_plan::{PlanOptions, answer};
use std::collections::BTreeMap;

/// Orders of one zone on one way as a load.
fn loads(orders: &[PathOrder]) -> Vec<(PathIndex, f64, Schedule)> {
    let mut by_way: BTreeMap<PathIndex, Vec<&PathOrder>> = BTreeMap::new();
    for order in orders {
        by_way.entry(order.path).or_default().push(order);
    }
    by_way
        .into_iter()
        .map(|(way, orders)| {
            let people: f64 = orders.iter().map(|o| o.people as f64).sum();
            let share = |o: &&PathOrder| DepartureWindow {
                from: o.from,
                until: o.until,
                share: o.people as f64 / people,
            };
            (way, people, orders.iter().map(share).collect())
        })
        .collect()
}

/// How far the fast figures are from the exact ones, as shares: mean arrival, last arrival, 90 %.
fn compare(
    network: &Network,
    pool: &PathPool,
    orders: &[PathOrder],
    small_packet: i64,
    size: f64,
    what: &str,
) {
    let exact = replay_orders(network, pool, orders, small_packet, 1.25);
    let mut arrivals: Vec<(i64, i64)> =
        exact.packets.iter().filter_map(|p| Some((p.arrival? / 1000, p.people))).collect();
    arrivals.sort_unstable();
    let arrived: i64 = arrivals.iter().map(|a| a.1).sum();
    let sum: f64 = arrivals.iter().map(|a| a.0 as f64 * a.1 as f64).sum();
    let all: i64 = orders.iter().map(|o| o.people).sum();
    let mut so_far = 0;
    let ninety = arrivals.iter().find(|a| {
        so_far += a.1;
        so_far * 10 >= all * 9
    });
    let parts = loads(orders);
    let loads: Vec<PathLoad<'_>> = parts
        .iter()
        .map(|(path, people, schedule)| PathLoad { path: *path, people: *people, schedule })
        .collect();
    let quick = LoadingMemory::default().run(
        &PreparedRoads::new(network),
        pool,
        &loads,
        size,
        KeptDetail::OutcomeAlone,
    );
    let off = |fast: f64, exact: f64| (fast / exact - 1.0).abs();
    let mean = off(quick.arrival_sum / quick.arrived, sum / arrived as f64);
    let people = (quick.arrived - arrived as f64).abs() / all as f64;
    let last = off(quick.last as f64, arrivals.last().unwrap().0 as f64);
    let ninety = off(quick.ninety.map_or(f64::NAN, |ms| ms as f64), ninety.map_or(f64::NAN, |a| a.0 as f64));
    eprintln!("{what}: mean arrival off by {mean:.4}, last {last:.4}, 90 % {ninety:.4}, people {people:.4}");
    assert!(mean < 0.02 && last < 0.03 && ninety < 0.03 && people < 0.01, "{what}");
}

fn try_city(scenario: &Scenario, what: &str) {
    let options = PlanOptions { threads: 2, ..PlanOptions::default() };
    let made = answer(scenario, &options, &|_, _| {}).unwrap();
    let network = common::network(scenario);
    let mut pool = PathPool::default();
    let orders = common::orders_of_plan(scenario, &network, &made.plan, &mut pool);
    let small_packet = made.plan.packet_people;
    let size = (network.evacuees() as f64 / 15_000.0).max(small_packet as f64);
    // The planner moves everyone early; here zone after zone has its minutes, so that queues come and go.
    let later = |o: &PathOrder, t: i64| t + o.zone.row() as i64 * 120_000;
    let staged: Vec<PathOrder> =
        orders.iter().map(|o| PathOrder { from: later(o, o.from), until: later(o, o.until), ..*o }).collect();
    // Packets of the size of packets, as the planner takes them for this many people, and those for a million.
    for size in [size, size * 10.0] {
        compare(&network, &pool, &orders, small_packet, size, &format!("{what}, packets of {size:.0}"));
        compare(
            &network,
            &pool,
            &staged,
            small_packet,
            size,
            &format!("{what}, packets of {size:.0}, zone after zone"),
        );
    }
}

#[test]
fn fast_and_exact_replay_agree_on_cities() {
    for seed in 1..=3 {
        let request = CityRequest { seed, side: 16, zones_side: 5, people: 40_000, ..CityRequest::default() };
        try_city(&city(&request), &format!("city {seed}"));
    }
}
