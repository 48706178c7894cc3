//! Times the engine phase by phase on a city: SIDE PEOPLE STEP_S, or on a GMNS-like scenario folder given as first word.
#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs)]
use clearway_flow::{EarliestArrival, Rounding};
use clearway_model::Case;
use clearway_network::Network;
use std::time::Instant;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (scenario, _) = clearway_io::read_scenario(std::path::Path::new(&args[0])).unwrap();
    let step: i64 = args[1].parse::<i64>().unwrap() * 1000;
    let kinds = [
        (Case::Central, None, Rounding::Down),
        (Case::Central, None, Rounding::Nearest),
        (Case::Favourable, None, Rounding::Down),
        (Case::Central, Some(3), Rounding::Down),
    ];
    for (case, routes, rounding) in kinds {
        let network = Network::new(&scenario, case).unwrap();
        let places = network.flow_problem(routes);
        let started = Instant::now();
        let mut engine = EarliestArrival::new(&places.problem, step, rounding);
        while !engine.is_done() {
            engine.advance();
        }
        let share = engine.arrived() as f64 / engine.released() as f64;
        let hours = engine.time() as f64 / 3.6e6;
        let took = started.elapsed().as_secs_f64();
        println!("{case:?} {routes:?} {rounding:?}: {hours:.2} h, {share:.4} arrived, {took:.2} s");
    }
}
