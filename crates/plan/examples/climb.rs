//! The ladder on a scenario folder, rung by rung: DIR T100_BOUND_S PERSON_HOURS_BOUND.
#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs)]
use clearway_model::Case;
use clearway_network::Network;
use clearway_plan::climb::{Climb, Effort};
use clearway_plan::marginal::to_sites;
use clearway_plan::packet::{QuickOutcome, Roads};
use clearway_plan::schedule::earliest_schedule;
use clearway_plan::seed::{free_flow, heaviest};
use std::time::Instant;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (scenario, _) = clearway_io::read_scenario(std::path::Path::new(&args[0])).unwrap();
    let (t100, hours): (f64, f64) = (args[1].parse().unwrap(), args[2].parse().unwrap());
    let rounds = |i: usize| args.get(i).map_or(40, |a| a.parse().unwrap());
    let network = Network::new(&scenario, Case::Central).unwrap();
    let flow = network.flow_problem(None);
    let free = free_flow(&network, &flow, 600_000);
    let roads = Roads::new(&network);
    let size = network.movers() as f64 / 15_000.0;
    let started = Instant::now();
    let say = |name: &str, o: &QuickOutcome| {
        println!(
            "{name}: person-hours {:.2} %, clearance {:.2} %, stranded {:.0}, {:.1} s",
            (o.arrival_sum / 3.6e6 / hours - 1.0) * 100.0,
            (o.last as f64 / 1000.0 / t100 - 1.0) * 100.0,
            o.stranded,
            started.elapsed().as_secs_f64()
        );
    };
    let schedules: Vec<_> =
        network.zones.iter().map(|z| earliest_schedule(&z.release, 900_000, network.horizon)).collect();
    let mix = heaviest(&free, 20, &free.moved);
    let mut climb = Climb::new(&roads, free.pool.clone(), schedules, mix, to_sites(&network), size);
    say("seed", &climb.outcome);
    let begin = Instant::now();
    for _ in 0..10 {
        climb.replay();
    }
    println!("replay {:.1} ms", begin.elapsed().as_secs_f64() * 100.0);
    for ways in [20, 10, 7, 5, 4, 3, 2, 1] {
        climb.prune(ways);
        climb.climb(Effort { rounds: rounds(3), search_every: 8, ways }, &|| {});
        say(&format!("{ways}"), &climb.outcome);
        if [5, 3, 1].contains(&ways) {
            let kept = (climb.mix.clone(), climb.outcome);
            climb.climb(Effort { rounds: rounds(4), search_every: 8, ways }, &|| {});
            say(&format!("{ways} climbed on"), &climb.outcome);
            climb.mix = kept.0;
            climb.replay();
        }
    }
}
