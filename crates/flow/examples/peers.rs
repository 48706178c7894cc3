//! One flow over time for several solvers: writes the time-expanded network as raw numbers and solves it with the step engine.
//!
//! `peers SIDE STEPS PEOPLE DIR`: a grid of SIDE x SIDE junctions, streets both ways of one step (36 s) that let in 18 vehicles
//! a step, people in 100 inner junctions at time 0, eight ways out at the edge that admit 45 a step. All times are whole steps and all
//! amounts whole, so that the engine is exact. Files in DIR: tail, head (u32), capacity, cost (i64), little-endian; header.json.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

use clearway_flow::{
    EarliestArrival, FlowArc, FlowProblem, FlowSource, FlowTerminal, ReleaseCurve, StepRounding, TimeSet,
};
use std::fs;
use std::path::Path;
use std::time::Instant;

const STEP: i64 = 36_000;
/// Thousandths of a vehicle per hour for one vehicle a step: 3.6e6 / 36.
const ONE_A_STEP: u64 = 100_000;

fn problem(side: u32, steps: i64, people: i64) -> FlowProblem {
    let horizon = steps * STEP;
    let open = TimeSet::interval(0, horizon);
    let arc = |tail, head, rate, tau| FlowArc { tail, head, rate, tau, open: open.clone() };
    let node = |x: u32, y: u32| y * side + x;
    let mut problem = FlowProblem { vertices: (side * side) as usize, horizon, ..FlowProblem::default() };
    for y in 0..side {
        for x in 0..side {
            let right = (x + 1 < side).then(|| node(x + 1, y));
            let below = (y + 1 < side).then(|| node(x, y + 1));
            for other in right.into_iter().chain(below) {
                problem.arcs.push(arc(node(x, y), other, Some(18 * ONE_A_STEP), STEP));
                problem.arcs.push(arc(other, node(x, y), Some(18 * ONE_A_STEP), STEP));
            }
        }
    }
    let (last, middle) = (side - 1, side / 2);
    let edge = [
        (0, 0),
        (last, 0),
        (0, last),
        (last, last),
        (middle, 0),
        (middle, last),
        (0, middle),
        (last, middle),
    ];
    for (x, y) in edge {
        let terminal = problem.vertices as u32;
        problem.vertices += 1;
        problem.arcs.push(arc(node(x, y), terminal, Some(45 * ONE_A_STEP), 0));
        problem.terminals.push(FlowTerminal { vertex: terminal, capacity: None });
    }
    // Ten by ten places spread over the inside.
    for i in 0..100u32 {
        let at = |k: u32| 1 + k * (side - 3) / 9;
        let vertex = problem.vertices as u32;
        problem.vertices += 1;
        problem.arcs.push(arc(vertex, node(at(i % 10), at(i / 10)), None, 0));
        problem.sources.push(FlowSource {
            vertex,
            people: people / 100,
            release: ReleaseCurve::at_once(),
            most: None,
        });
    }
    problem
}

/// The network with a copy of each vertex per step; source and sink are the last two nodes. A way past everything costs as
/// much as not arriving, so that all can be sent.
fn write(problem: &FlowProblem, steps: i64, dir: &Path) -> usize {
    let at = |vertex: u32, k: i64| (i64::from(vertex) * steps + k) as u32;
    let source = (problem.vertices as i64 * steps) as u32;
    let sink = source + 1;
    let all = problem.people();
    let mut arcs: Vec<(u32, u32, i64, i64)> = vec![(source, sink, all, steps)];
    let is_terminal = |v: u32| problem.terminals.iter().any(|t| t.vertex == v);
    for arc in &problem.arcs {
        let capacity = arc.rate.map_or(all, |rate| (rate / ONE_A_STEP) as i64);
        for k in 0..steps {
            let arrive = k + arc.tau / STEP;
            if is_terminal(arc.head) {
                arcs.push((at(arc.tail, k), sink, capacity, k));
            } else if arrive < steps {
                arcs.push((at(arc.tail, k), at(arc.head, arrive), capacity, 0));
            }
        }
    }
    for vertex in (0..problem.vertices as u32).filter(|&v| !is_terminal(v)) {
        arcs.extend((0..steps - 1).map(|k| (at(vertex, k), at(vertex, k + 1), all, 0)));
    }
    arcs.extend(problem.sources.iter().map(|s| (source, at(s.vertex, 0), s.people, 0)));
    fs::create_dir_all(dir).unwrap();
    let put = |name: &str, bytes: Vec<u8>| fs::write(dir.join(name), bytes).unwrap();
    put("tail", arcs.iter().flat_map(|a| a.0.to_le_bytes()).collect());
    put("head", arcs.iter().flat_map(|a| a.1.to_le_bytes()).collect());
    put("capacity", arcs.iter().flat_map(|a| a.2.to_le_bytes()).collect());
    put("cost", arcs.iter().flat_map(|a| a.3.to_le_bytes()).collect());
    let header = format!(
        "{{\"nodes\": {}, \"arcs\": {}, \"source\": {source}, \"sink\": {sink}, \"supply\": {all}}}",
        sink + 1,
        arcs.len()
    );
    put("header.json", header.into_bytes());
    arcs.len()
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let number = |i: usize| args[i].parse::<i64>().unwrap();
    let (side, steps, people) = (number(0) as u32, number(1), number(2));
    let problem = problem(side, steps, people);
    let arcs = write(&problem, steps, Path::new(&args[3]));
    let started = Instant::now();
    let mut engine = EarliestArrival::new(&problem, STEP, StepRounding::Down);
    // Vehicles per unit of the engine's flow.
    let unit = engine.unit() / 1000.0;
    let whole = |units: u64| (units as f64 * unit).round() as i64;
    let (mut cost, mut before) = (0, 0);
    for step in 0..steps {
        if before < problem.people() {
            engine.advance();
        }
        let arrived = whole(engine.arrived());
        cost += step * (arrived - before);
        before = arrived;
    }
    cost += steps * (problem.people() - before);
    let seconds = started.elapsed().as_secs_f64();
    println!(
        "{{\"solver\": \"clearway\", \"arcs\": {arcs}, \"flow\": {before}, \"cost\": {cost}, \"solve_s\": {seconds:.6}}}"
    );
}
