//! The engine against an exact linear program on the same time-expanded network, and its thresholds against both.

use clearway_flow::*;
use microlp::{ComparisonOp, OptimizationDirection, Problem, Variable};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

const STEP: i64 = 1000;

struct Case {
    problem: FlowProblem,
    steps: i64,
}

fn below(rng: &mut ChaCha8Rng, n: u64) -> u64 {
    rng.next_u64() % n
}

/// A random small problem whose times are all multiples of the step and whose amounts per slot are whole.
fn random_case(seed: u64, closes: bool) -> Case {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let nodes = 3 + below(&mut rng, 4) as u32;
    let steps = 4 + below(&mut rng, 7) as i64;
    let sources = 1 + below(&mut rng, 2) as u32;
    let sites = 1 + below(&mut rng, 2) as u32;
    let vertices = (nodes + sources + 2 * sites) as usize;
    let mut problem = FlowProblem { vertices, horizon: steps * STEP, ..FlowProblem::default() };
    let open = |rng: &mut ChaCha8Rng| {
        let all = TimeSet::interval(0, steps * STEP);
        match below(rng, 4) {
            _ if !closes => all,
            0 => {
                let from = below(rng, steps as u64) as i64;
                let until = from + 1 + below(rng, 4) as i64;
                all.subtract(&TimeSet::interval(from * STEP, until * STEP))
            }
            1 => {
                let from = below(rng, 3) as i64;
                TimeSet::interval(from * STEP, ((from + 2 + below(rng, 6) as i64) * STEP).min(steps * STEP))
            }
            _ => all,
        }
    };
    // rate r per slot of 1000 ms is r thousandths of a person x 3600: whole people per slot = rate 3.6e6 per person.
    let rate = |people: u64| people * 3_600_000;
    for _ in 0..(nodes * 2) {
        let tail = below(&mut rng, u64::from(nodes)) as u32;
        let head = below(&mut rng, u64::from(nodes)) as u32;
        if tail != head {
            let per_slot = 1 + below(&mut rng, 5);
            let tau = below(&mut rng, 3) as i64 * STEP;
            problem.arcs.push(FlowArc { tail, head, rate: Some(rate(per_slot)), tau, open: open(&mut rng) });
        }
    }
    for s in 0..sources {
        let vertex = nodes + s;
        let people = 1 + below(&mut rng, 30) as i64;
        let release = match below(&mut rng, 3) {
            0 => ReleaseCurve::at_once(),
            _ => {
                let at = below(&mut rng, steps as u64 / 2 + 1) as i64 * STEP;
                let half = (people / 2) as f64 / people as f64;
                ReleaseCurve::new(vec![(0, half), (at, half), (at, 1.0)])
            }
        };
        problem.sources.push(FlowSource { vertex, people, release, most: None });
        for _ in 0..=below(&mut rng, 2) {
            let head = below(&mut rng, u64::from(nodes)) as u32;
            let tau = below(&mut rng, 2) as i64 * STEP;
            problem.arcs.push(FlowArc { tail: vertex, head, rate: None, tau, open: open(&mut rng) });
        }
    }
    for s in 0..sites {
        let (site, terminal) = (nodes + sources + 2 * s, nodes + sources + 2 * s + 1);
        let tail = below(&mut rng, u64::from(nodes)) as u32;
        problem.arcs.push(FlowArc {
            tail,
            head: site,
            rate: None,
            tau: 0,
            open: TimeSet::interval(0, steps * STEP),
        });
        let admission = if below(&mut rng, 2) == 0 { Some(rate(1 + below(&mut rng, 6))) } else { None };
        problem.arcs.push(FlowArc {
            tail: site,
            head: terminal,
            rate: admission,
            tau: 0,
            open: open(&mut rng),
        });
        let capacity = if below(&mut rng, 2) == 0 { Some(below(&mut rng, 20) as i64) } else { None };
        problem.terminals.push(FlowTerminal { vertex: terminal, capacity });
    }
    Case { problem, steps }
}

/// By how much a certificate may be above the program: rounding, and three thousandths of a person for each source, which orders may be
/// ahead of its release (`docs/reference/semantics.md`, The bound).
fn tolerated(case: &Case) -> f64 {
    2e-3 + 3e-3 * case.problem.sources.len() as f64
}

/// Most people that can be at the terminals using slots before `until`, by linear programming.
fn linear_program(case: &Case, until: i64) -> f64 {
    linear_program_waiting(case, until, &|_| 1e7)
}

/// The same where at most `room` of a vertex can wait there.
#[allow(clippy::expect_used)]
fn linear_program_waiting(case: &Case, until: i64, room: &dyn Fn(u32) -> f64) -> f64 {
    let problem = &case.problem;
    let mut lp = Problem::new(OptimizationDirection::Maximize);
    // Conservation per (vertex, slot): in - out = 0 with waiting; terminals collect.
    let mut balance: Vec<Vec<Vec<(Variable, f64)>>> =
        vec![vec![Vec::new(); until as usize]; problem.vertices];
    let mut collected: Vec<Vec<Variable>> = vec![Vec::new(); problem.vertices];
    let terminals: Vec<u32> = problem.terminals.iter().map(|t| t.vertex).collect();
    for arc in &problem.arcs {
        for slot in 0..until {
            let open = arc.open.length_within(slot * STEP, (slot + 1) * STEP);
            let arrive = slot + arc.tau / STEP;
            if open == 0 || arrive >= until {
                continue;
            }
            let capacity = arc.rate.map_or(1e6, |rate| rate as f64 / 3_600_000.0 * open as f64 / STEP as f64);
            let is_terminal = terminals.contains(&arc.head);
            let flow = lp.add_var(if is_terminal { 1.0 } else { 0.0 }, (0.0, capacity));
            balance[arc.tail as usize][slot as usize].push((flow, -1.0));
            if is_terminal {
                collected[arc.head as usize].push(flow);
            } else {
                balance[arc.head as usize][arrive as usize].push((flow, 1.0));
            }
        }
    }
    for source in &problem.sources {
        for slot in 0..until {
            let upto = source.release.share(slot * STEP + STEP - 1);
            let before = if slot == 0 { 0.0 } else { source.release.share(slot * STEP - 1) };
            let people = (upto - before) * source.people as f64;
            let supply = lp.add_var(0.0, (0.0, people));
            balance[source.vertex as usize][slot as usize].push((supply, 1.0));
        }
    }
    for (number, vertex) in (0..).zip(balance.iter_mut()) {
        for slot in 0..until as usize - 1 {
            let wait = lp.add_var(0.0, (0.0, room(number)));
            vertex[slot].push((wait, -1.0));
            vertex[slot + 1].push((wait, 1.0));
        }
    }
    for vertex in balance {
        for slot in vertex.into_iter().filter(|s| !s.is_empty()) {
            // Whoever is left over at the end may stay: what comes in is at least what goes out.
            lp.add_constraint(&slot, ComparisonOp::Ge, 0.0);
        }
    }
    for terminal in &problem.terminals {
        let sum: Vec<(Variable, f64)> =
            collected[terminal.vertex as usize].iter().map(|v| (*v, 1.0)).collect();
        if let Some(capacity) = terminal.capacity
            && !sum.is_empty()
        {
            lp.add_constraint(&sum, ComparisonOp::Le, capacity as f64);
        }
    }
    lp.solve().expect("a feasible, bounded program").into_solution().expect("solved").objective()
}

#[test]
fn engine_and_thresholds_equal_an_exact_linear_program() {
    let mut compared = 0;
    let mut positive = 0;
    for seed in 0..600 {
        let case = random_case(seed, true);
        let mut engine = EarliestArrival::new(&case.problem, STEP, StepRounding::Down);
        for phase in 0..case.steps {
            engine.advance();
            let ours = engine.arrived() as f64 * engine.unit() / 1000.0;
            let exact = linear_program(&case, phase + 1);
            assert!(
                (ours - exact).abs() < 1e-3,
                "seed {seed}, phase {phase}: engine {ours}, program {exact}"
            );
            let theta = engine.time();
            let mut alpha = engine.threshold_times();
            repair_thresholds(&case.problem, &mut alpha, theta, &[]);
            let value = cut_value(&case.problem, &alpha, theta).expect("finite");
            let certified = value as f64 / CUT_UNITS_PER_PERSON as f64;
            assert!(
                certified > exact - 2e-3 && certified < exact + tolerated(&case),
                "seed {seed}, phase {phase}: certificate {certified}, program {exact}"
            );
            compared += 1;
            positive += i32::from(exact > 0.5);
        }
    }
    assert!(compared > 4000 && positive > 2000, "{compared} compared, {positive} of them not trivial");
}

/// The search for cuts knows nothing of the engine. What it finds is never below the optimum; it is nearly always the
/// optimum itself.
#[test]
fn searched_cuts_are_nearly_always_the_optimum_and_never_below_it() {
    let (mut compared, mut loose) = ([0; 2], [0; 2]);
    let mut excess = 0.0;
    for seed in 0..900 {
        let closes = seed >= 300;
        let case = random_case(seed, closes);
        let search = CutSearch::new(&case.problem, &[]);
        let mut last: Option<ThresholdCut> = None;
        for phase in 0..case.steps {
            let theta = (phase + 1) * STEP;
            let near: Vec<&ThresholdCut> = last.iter().collect();
            let cut = search.at(theta, &near, CutEffort::Far(1));
            assert_eq!(Some(cut.value), cut_value(&case.problem, &cut.alpha, theta));
            let certified = cut.value as f64 / CUT_UNITS_PER_PERSON as f64;
            let exact = linear_program(&case, phase + 1);
            assert!(
                certified > exact - 2e-3,
                "seed {seed}, phase {phase}: {certified} is below the optimum {exact}"
            );
            compared[usize::from(closes)] += 1;
            if certified > exact + tolerated(&case) {
                loose[usize::from(closes)] += 1;
                excess += certified - exact;
            }
            last = Some(cut);
        }
    }
    println!("not the optimum: {loose:?} of {compared:?}, by {excess} people in all");
    assert!(compared[0] > 1000 && compared[1] > 3000);
    // Releases that jump make hills too. Measured: 13 of 2051 and 10 of 4218.
    for (loose, compared) in loose.into_iter().zip(compared) {
        assert!(loose * 100 < compared, "{loose} of {compared}");
    }
}

/// Room on the roads takes nothing from what is possible where nothing ever closes: nobody need wait but in their zone.
#[test]
fn where_nothing_closes_waiting_on_the_way_gains_nothing() {
    let mut positive = 0;
    for seed in 0..400 {
        let case = random_case(seed, false);
        let sources: Vec<u32> = case.problem.sources.iter().map(|source| source.vertex).collect();
        let at_home = |vertex: u32| if sources.contains(&vertex) { 1e7 } else { 0.0 };
        for until in 1..=case.steps {
            let free = linear_program(&case, until);
            let held = linear_program_waiting(&case, until, &at_home);
            assert!(
                (free - held).abs() < 1e-6,
                "seed {seed}, {until} slots: {free} waiting anywhere, {held} at home"
            );
            positive += i32::from(free > 0.5);
        }
    }
    assert!(positive > 1000, "{positive} not trivial");
}

/// Where something closes room counts: one person a slot can come to a bridge that takes five in its only open slot.
#[test]
fn before_a_bridge_that_opens_late_room_counts() {
    let steps = 6;
    let rate = |people: u64| Some(people * 3_600_000);
    let always = || TimeSet::interval(0, steps * STEP);
    let arc = |tail, head, rate, open| FlowArc { tail, head, rate, tau: 0, open };
    let arcs = vec![
        arc(0, 1, rate(1), always()),
        arc(1, 2, rate(5), TimeSet::interval(4 * STEP, 5 * STEP)),
        arc(2, 3, None, always()),
    ];
    let source = FlowSource { vertex: 0, people: 30, release: ReleaseCurve::at_once(), most: None };
    let terminals = vec![FlowTerminal { vertex: 3, capacity: None }];
    let problem = FlowProblem { vertices: 4, horizon: steps * STEP, arcs, sources: vec![source], terminals };
    let case = Case { problem, steps };
    let with_room =
        |people: f64| linear_program_waiting(&case, steps, &|vertex| if vertex == 1 { people } else { 1e7 });
    let most: Vec<f64> = [0.0, 2.0, 4.0, 1e7].into_iter().map(with_room).collect();
    for (most, exact) in most.iter().zip([1.0, 3.0, 5.0, 5.0]) {
        assert!((most - exact).abs() < 1e-6, "{most} {exact}");
    }
}
