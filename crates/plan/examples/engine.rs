//! Times the bound and the engine on a synthetic city or a scenario folder: `engine side=125 front=1.0 cap=1.3 step=900`.
#![allow(clippy::unwrap_used, clippy::print_stdout)]
use clearway_bound::certify::{BoundFineness, CertifiedBound};
use clearway_flow::{
    BoundOptions, CUT_UNITS_PER_PERSON, EarliestArrival, ReducedProblem, StepRounding, bound_curve, duration,
};
use clearway_instances::{CityRequest, city};
use clearway_model::{Case, FolderStore};
use clearway_network::Network;
use std::ops::ControlFlow;
use std::time::Instant;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let get = |name: &str| args.iter().find_map(|a| a.strip_prefix(&format!("{name}=")).map(str::to_owned));
    let scenario = match get("dir") {
        Some(dir) => clearway_formats::read_scenario(&FolderStore::new(dir)).unwrap().0,
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
    let reduced = ReducedProblem::new(&places.problem, &places.free).problem;
    println!("without dead ends and joints: arcs {} vertices {}", reduced.arcs.len(), reduced.vertices);
    let unit = CUT_UNITS_PER_PERSON as f64;
    let start = Instant::now();
    let long = duration(&places.problem, &places.free);
    println!("duration {} s, took {:.2} s", long / 1000, start.elapsed().as_secs_f64());
    let start = Instant::now();
    let every = get("every").map_or(long / 50, |s| s.parse::<i64>().unwrap() * 1000);
    let options = BoundOptions { every, long: Some(long), free: places.free.clone() };
    let curve = bound_curve(&places.problem, &options, &|_| ControlFlow::Continue(()));
    println!(
        "bound_curve {:.2} s, {} cuts, t90 {:?} t100 {:?}",
        start.elapsed().as_secs_f64(),
        curve.cuts.len(),
        curve.t90,
        curve.t100
    );
    let fineness = BoundFineness { every, step: every, long };
    let bound = CertifiedBound::new(network.clone(), None, fineness, &|_| ControlFlow::Continue(()));
    println!("person-hours {:?}", bound.bounds(10_000).person_hours);
    for cut in curve.cuts.iter().step_by(curve.cuts.len() / 12 + 1) {
        println!("  {} s {:.1} people", cut.theta / 1000, cut.value as f64 / unit);
    }
    if let Some(step) = get("step") {
        let step: i64 = step.parse::<i64>().unwrap() * 1000;
        let start = Instant::now();
        let mut engine = EarliestArrival::new(&places.problem, step, StepRounding::Down);
        while !engine.is_done() {
            engine.advance();
            let theta = engine.time();
            if (theta / step) % get("show").map_or(i64::MAX, |s| s.parse().unwrap()) == 0 {
                let cut = curve.cuts.iter().find(|c| c.theta == theta).map(|c| c.value as f64 / unit);
                println!(
                    "  engine {} s {:.1} people {cut:?}",
                    theta / 1000,
                    engine.arrived() as f64 * engine.unit() / 1000.0
                );
            }
        }
        println!(
            "engine {:.2} s, arrived {:.4} at {} s",
            start.elapsed().as_secs_f64(),
            engine.arrived() as f64 / engine.released() as f64,
            engine.time() / 1000
        );
    }
}
