//! Times the limit engine on a synthetic city: `cargo run --release -p clearway-network --example limit SIDE PEOPLE STEP_S`.
#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs)]
use clearway_flow::{CUT_UNITS_PER_PERSON, LimitOptions, decompose, limit_curve};
use clearway_instances::{CityRequest, city};
use clearway_model::Case;
use clearway_network::Network;
use std::time::Instant;

fn main() {
    let args: Vec<f64> = std::env::args().skip(1).map(|a| a.parse().unwrap()).collect();
    let arg = |i: usize, default: f64| args.get(i).copied().unwrap_or(default);
    let request = CityRequest {
        side: arg(0, 60.0) as u32,
        people: arg(1, 400_000.0) as i64,
        capacity_ratio: Some(arg(3, 0.0)).filter(|r| *r > 0.0),
        front_m_s: Some(arg(4, 0.0)).filter(|r| *r > 0.0),
        ..CityRequest::default()
    };
    let scenario = city(&request);
    let network = Network::new(&scenario, Case::Central).unwrap();
    let flow = network.flow_problem(None);
    let started = Instant::now();
    let options =
        LimitOptions { step: (arg(2, 300.0) * 1000.0) as i64, every: 3_600_000, free: flow.free.clone() };
    let (curve, engine) = limit_curve(&flow.problem, &options, &|_| {});
    let hours = |t: Option<i64>| t.map_or(f64::NAN, |t| t as f64 / 3.6e6);
    println!(
        "{} links, {} sites: T90 >= {:.4} h, T100 >= {:.4} h, engine time {:.3} h, {} cuts, {:.2} s",
        scenario.links.len(),
        scenario.sites.len(),
        hours(curve.t90),
        hours(curve.t100),
        engine.time() as f64 / 3.6e6,
        curve.cuts.len(),
        started.elapsed().as_secs_f64()
    );
    for cut in curve.cuts.iter().take(4) {
        println!(
            "  {:.3} h: {:.0}",
            cut.theta as f64 / 3.6e6,
            cut.value as f64 / CUT_UNITS_PER_PERSON as f64
        );
    }
    let paths = decompose(&engine);
    println!("{} paths, {:.2} s", paths.len(), started.elapsed().as_secs_f64());
}
