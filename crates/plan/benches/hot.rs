//! The hot parts, each alone, on synthetic cities: `cargo bench -p clearway-plan`.
#![allow(clippy::unwrap_used, missing_docs)]

use clearway_flow::{CutEffort, CutSearch, EarliestArrival, StepRounding, ThresholdCut, cut_value};
use clearway_instances::{CityRequest, city};
use clearway_loading::marginal::{MarginalCost, PathSearch};
use clearway_loading::packet::PreparedRoads;
use clearway_loading::schedule::earliest_schedule;
use clearway_model::{Cancel, Case};
use clearway_network::search::free_times_to_sites;
use clearway_network::{Network, PerSite, PerZone};
use clearway_plan::local_search::{LocalSearch, groups_of, nearness};
use clearway_plan::orders::{orders_of, replay_orders, streams_of};
use clearway_plan::seed::{free_flow, heaviest};
use divan::Bencher;

/// Nodes on a side of the cities: about 2,800, 11,000 and 50,000 links.
const SIDES: [u32; 3] = [30, 60, 125];

fn main() {
    divan::main();
}

fn network(side: u32, front_m_s: Option<f64>) -> Network {
    let people = i64::from(side * side) * 80;
    let request = CityRequest { side, zones_side: 10, people, front_m_s, ..CityRequest::default() };
    Network::new(&city(&request), Case::Central).unwrap()
}

/// One cut, beginning from the one half an hour earlier.
#[divan::bench(args = SIDES, sample_count = 10)]
fn next_cut(bencher: Bencher<'_, '_>, side: u32) {
    cut(bencher, side, None);
}

/// The same with a moving front.
#[divan::bench(args = SIDES, sample_count = 10)]
fn next_cut_with_front(bencher: Bencher<'_, '_>, side: u32) {
    cut(bencher, side, Some(1.0));
}

fn cut(bencher: Bencher<'_, '_>, side: u32, front: Option<f64>) {
    let places = network(side, front).flow_problem(None);
    let search = CutSearch::new(&places.problem, &places.free);
    let first: ThresholdCut = search.at(5_400_000, &[], CutEffort::Far(1000));
    bencher.bench_local(|| search.at(7_200_000, &[&first], CutEffort::Near(1000)));
}

/// The formula of the bound alone.
#[divan::bench(args = SIDES, sample_count = 20)]
fn value_of_a_cut(bencher: Bencher<'_, '_>, side: u32) {
    let places = network(side, None).flow_problem(None);
    let cut = CutSearch::new(&places.problem, &places.free).at(5_400_000, &[], CutEffort::Near(10_000));
    bencher.bench(|| cut_value(&places.problem, &cut.alpha, cut.theta));
}

/// Twelve steps of ten minutes of the flow that the search for orders begins with.
#[divan::bench(args = SIDES, sample_count = 3)]
fn flow_in_steps(bencher: Bencher<'_, '_>, side: u32) {
    let places = network(side, None).flow_problem(None);
    bencher.bench(|| {
        let mut engine = EarliestArrival::new(&places.problem, 600_000, StepRounding::Nearest);
        (0..12).for_each(|_| engine.advance());
        engine.arrived()
    });
}

/// A fast replay, a search for the best way of one zone, and an exact replay of the same people.
#[divan::bench_group(sample_count = 10)]
mod orders {
    use super::*;

    fn with_climb(side: u32, run: impl FnOnce(&Network, LocalSearch<'_>)) {
        let network = network(side, None);
        let free = free_flow(&network, &network.flow_problem(None), 900_000, &Cancel::default());
        let roads = PreparedRoads::new(&network);
        let schedule =
            |z: &clearway_network::OriginZone| earliest_schedule(&z.release, 900_000, network.horizon);
        let schedules: PerZone<_> = network.zones.iter().map(schedule).collect();
        let groups = groups_of(&schedules, &nearness(&network, &free_times_to_sites(&network)));
        let mix = heaviest(&free, 5, &groups, &free.moved);
        let size = network.evacuees() as f64 / 15_000.0;
        run(
            &network,
            LocalSearch::new(&roads, free.pool.clone(), groups, mix, free_times_to_sites(&network), size),
        );
    }

    #[divan::bench(args = SIDES)]
    fn fast_replay(bencher: Bencher<'_, '_>, side: u32) {
        with_climb(side, |_, mut climb| bencher.bench_local(|| climb.replay()));
    }

    #[divan::bench(args = SIDES)]
    fn best_way(bencher: Bencher<'_, '_>, side: u32) {
        with_climb(side, |network, climb| {
            let full = PerSite::from(vec![false; network.sites.len()]);
            let cost = MarginalCost { roads: climb.roads, busy: climb.busy(), passes: None, full: &full };
            let rest = free_times_to_sites(network);
            let mut search = PathSearch::default();
            bencher.bench_local(|| search.best(&cost, &rest, 55.into(), 600_000));
        });
    }

    #[divan::bench(args = SIDES)]
    fn load_exactly(bencher: Bencher<'_, '_>, side: u32) {
        with_climb(side, |network, climb| {
            let moved: PerZone<i64> = network.zones.iter().map(|z| z.evacuees).collect();
            let orders = orders_of(&streams_of(&climb.groups, &climb.mix, &moved));
            bencher.bench_local(|| replay_orders(network, &climb.pool, &orders, 12, 1.25));
        });
    }
}
