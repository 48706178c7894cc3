//! Times the stages of the limit on a synthetic city or a scenario folder (development aid).
use clearway_flow::{EarliestArrival, LimitOptions, Rounding, limit_curve};
use clearway_instances::{CityRequest, city};
use clearway_model::Case;
use clearway_network::Network;
use std::time::Instant;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let get = |name: &str| args.iter().find_map(|a| a.strip_prefix(&format!("{name}=")).map(str::to_owned));
    let scenario = match get("dir") {
        Some(dir) => clearway_io::read_scenario(dir.as_ref()).unwrap().0,
        None => city(&CityRequest {
            seed: 1,
            side: get("side").map_or(125, |s| s.parse().unwrap()),
            zones_side: get("zones").map_or(14, |s| s.parse().unwrap()),
            people: get("people").map_or(1_200_000, |s| s.parse().unwrap()),
            capacity_ratio: get("cap").map(|s| s.parse().unwrap()),
            front_m_s: get("front").map(|s| s.parse().unwrap()),
            horizon_h: 72,
        }),
    };
    let network = Network::new(&scenario, Case::Central).unwrap();
    let places = network.flow_problem(None);
    println!(
        "links {} zones {} arcs {} vertices {}",
        scenario.links.len(),
        scenario.zones.len(),
        places.problem.arcs.len(),
        places.problem.vertices
    );
    let step: i64 = get("step").map_or(300_000, |s| s.parse::<i64>().unwrap() * 1000);
    let start = Instant::now();
    let mut engine = EarliestArrival::new(&places.problem, step, Rounding::Down);
    let mut phases = 0;
    while !engine.is_done() {
        engine.advance();
        phases += 1;
        if get("v").is_some() {
            println!(
                "{phases} {:.3} s arrived {:.4} t {} s",
                start.elapsed().as_secs_f64(),
                engine.arrived() as f64 / engine.released() as f64,
                engine.time() / 1000
            );
        }
        if start.elapsed().as_secs_f64() > 300.0 {
            println!("gave up");
            break;
        }
    }
    println!(
        "engine step {} s: {phases} phases, {:.2} s, arrived {:.4} at {} s",
        step / 1000,
        start.elapsed().as_secs_f64(),
        engine.arrived() as f64 / engine.released() as f64,
        engine.time() / 1000
    );
    if get("limit").is_some() {
        let start = Instant::now();
        let options = LimitOptions {
            step,
            every: get("every").map_or(300_000, |s| s.parse::<i64>().unwrap() * 1000),
            free: places.free.clone(),
        };
        let (curve, _) = limit_curve(&places.problem, &options, &|_| {});
        println!(
            "limit_curve {:.2} s, {} cuts, t90 {:?} t100 {:?}",
            start.elapsed().as_secs_f64(),
            curve.cuts.len(),
            curve.t90,
            curve.t100
        );
    }
}
