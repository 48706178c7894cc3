//! Climbs on a synthetic city: SIDE PEOPLE ROUNDS.
#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs)]
use clearway_flow::{LimitOptions, limit_curve};
use clearway_instances::{CityRequest, city};
use clearway_model::Case;
use clearway_network::Network;
use clearway_plan::climb::{Climb, Effort};
use clearway_plan::marginal::to_sites;
use clearway_plan::packet::{Load, Roads, Scratch, Keep};
use clearway_plan::schedule::earliest_schedule;
use clearway_plan::seed::{free_flow, heaviest};
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
    let options = LimitOptions { step: 60_000, every: 3_600_000, free: flow.free.clone() };
    let (curve, _) = limit_curve(&flow.problem, &options, &|_| {});
    let t100 = curve.t100.unwrap() as f64 / 3.6e6;
    println!("{} links, {} zones, T100 {t100:.3} h, {:.1} s", scenario.links.len(), network.zones.len(), started.elapsed().as_secs_f64());
    // Rough person-hours bound from the hourly cuts by trapezoid of the later value is loose; here the fluid engine's.
    let mut engine = clearway_flow::EarliestArrival::new(&flow.problem, 60_000, clearway_flow::Rounding::Down);
    let mut ph = 0.0;
    while !engine.is_done() {
        engine.advance();
        ph += (engine.released() - engine.arrived()) as f64 * engine.unit() / 1000.0 / 60.0;
    }
    let free = free_flow(&network, &flow, 300_000, &|_| {});
    println!("{} paths, {:.1} s; ph bound about {ph:.0}", free.paths.len(), started.elapsed().as_secs_f64());
    println!("moved {:.1} of {}", free.moved.iter().sum::<f64>(), network.movers());
    let roads = Roads::new(&network);
    let size = request.people as f64 / 15_000.0;
    let loads: Vec<Load> = free.paths.iter().map(|p| Load { way: p.0, people: p.1, schedule: &p.2 }).collect();
    let mut scratch = Scratch::default();
    let outcome = scratch.run(&roads, &free.pool, &loads, size / 4.0, Keep::default());
    let say = |name: &str, o: &clearway_plan::packet::QuickOutcome| {
        println!("{name}: ph {:.2} %, clearance {:.2} %, stranded {:.0}, {:.1} s", (o.arrival_sum / 3.6e6 / ph - 1.0) * 100.0, (o.last as f64 / 3.6e6 / t100 - 1.0) * 100.0, o.stranded, started.elapsed().as_secs_f64());
    };
    say("free split", &outcome);
    let schedules: Vec<_> = network.zones.iter().map(|z| earliest_schedule(&z.release, 900_000, network.horizon)).collect();
    let mix = heaviest(&free, 20, &free.moved);
    let mut climb = Climb::new(&roads, free.pool.clone(), schedules, mix, to_sites(&network), size);
    say("seed", &climb.outcome);
    let t = Instant::now();
    for _ in 0..10 { climb.replay(); }
    println!("replay {:.1} ms", t.elapsed().as_secs_f64() * 100.0);
    for ways in [20, 10, 7, 5, 4, 3, 2, 1] {
        climb.prune(ways);
        say(&format!("pruned {ways}"), &climb.outcome);
        climb.climb(Effort { rounds: arg(2, 100.0) as usize, search_every: 10, ways }, &|| {});
        say(&format!("climbed {ways}"), &climb.outcome);
    }
}
