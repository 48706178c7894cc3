//! Times the parts of a plan on a scenario folder: DIR.
#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs)]
use clearway_model::Case;
use clearway_network::Network;
use clearway_plan::certify::{Limit, fit_step};
use std::time::Instant;

fn main() {
    let dir = std::env::args().nth(1).unwrap();
    let (scenario, _) = clearway_io::read_scenario(std::path::Path::new(&dir)).unwrap();
    let network = Network::new(&scenario, Case::Central).unwrap();
    let places = network.flow_problem(None);
    let started = Instant::now();
    let (step, every) = fit_step(&places);
    println!("step {step} ms, every {every} ms: {:.1} s", started.elapsed().as_secs_f64());
    for (case, routes) in [(Case::Central, None)] {
        let started = Instant::now();
        let limit = Limit::new(Network::new(&scenario, case).unwrap(), routes, step, every, &|share| {
            if std::env::var("CW").is_ok() {
                println!("{share:.4} {:.1}", started.elapsed().as_secs_f64());
            }
        });
        println!(
            "{}: {:?}, {} cuts, {:.1} s",
            limit.name(),
            limit.bounds(60_000),
            limit.curve.cuts.len(),
            started.elapsed().as_secs_f64()
        );
    }
    for rounding in [clearway_flow::Rounding::Down, clearway_flow::Rounding::Nearest] {
        let mut engine = clearway_flow::EarliestArrival::new(&places.problem, step, rounding);
        let (mut hours, mut last) = (0.0, 0);
        while !engine.is_done() {
            let before = engine.arrived();
            engine.advance();
            let middle = (before + engine.arrived()) as f64 / 2.0;
            hours += (engine.released() as f64 - middle) * engine.unit() / 1000.0
                * (engine.time() - last) as f64
                / 3.6e6;
            last = engine.time();
        }
        println!("{rounding:?}: {hours:.0} person-hours by the middle of each step");
    }
    let started = Instant::now();
    let free = clearway_plan::seed::free_flow(&network, &places, 2 * step, &|_| {});
    println!("free: {} paths, {:.1} s", free.paths.len(), started.elapsed().as_secs_f64());
}
