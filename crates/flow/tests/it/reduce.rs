//! The smaller problem has the same bound: thresholds carried both ways, and by hand what is left out.

use clearway_flow::*;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use std::ops::ControlFlow;

const HORIZON: i64 = 1000;

fn arc(tail: u32, head: u32, rate: Option<u64>, tau: i64, open: &[(i64, i64)]) -> FlowArc {
    FlowArc { tail, head, rate, tau, open: TimeSet::union(open.to_vec()) }
}

fn source(vertex: u32, people: i64) -> FlowSource {
    FlowSource { vertex, people, release: ReleaseCurve::new(vec![(0, 1.0)]), most: None }
}

/// Zone 0, a street 0 - 1 - 2 - 3 both ways with a dead end 4 - 5 at 2, a ring 6 - 7 behind 3, site 3 -> terminal 8.
fn street() -> FlowProblem {
    let always = [(0, HORIZON)];
    let mut arcs = Vec::new();
    for (a, b, rate, tau) in [(0, 1, 30, 5), (1, 2, 10, 7), (2, 3, 20, 9), (2, 4, 50, 1), (4, 5, 50, 1)] {
        arcs.push(arc(a, b, Some(rate), tau, &always));
        arcs.push(arc(b, a, Some(rate + 1), tau + 1, &always));
    }
    for (a, b) in [(1, 6), (6, 7), (7, 1)] {
        arcs.push(arc(a, b, Some(40), 3, &always));
    }
    arcs.push(arc(3, 8, None, 0, &always));
    let terminals = vec![FlowTerminal { vertex: 8, capacity: None }];
    FlowProblem { vertices: 9, arcs, sources: vec![source(0, 5)], terminals, horizon: HORIZON }
}

#[test]
fn a_street_with_dead_ends_is_one_link() {
    let problem = street();
    let reduced = ReducedProblem::new(&problem, &[]);
    // Zone, site and terminal are left: the narrowest of the three links with the time of all.
    assert_eq!(reduced.problem.vertices, 3);
    let found: Vec<_> = reduced.problem.arcs.iter().map(|a| (a.tail, a.head, a.rate, a.tau)).collect();
    assert!(found.contains(&(0, 1, Some(10), 21)), "{found:?}");
    assert!(found.contains(&(1, 0, Some(11), 24)), "{found:?}");
    assert!(found.contains(&(1, 2, None, 0)), "{found:?}");
    assert_eq!(found.len(), 3);
    // The line runs where the street is narrowest, from 1 to 2: 1 at 0 + 5, 2 at 100 - 9; dead ends add nothing.
    let whole = reduced.expand(&[0, 100, 100], 100);
    assert_eq!(whole[..4], [0, 5, 91, 100]);
    assert_eq!(cut_value(&problem, &whole, 100), Some(10 * (100 - 21)));
}

/// A random network: streets that close at times, passages, vertices with a choice of tails, sites with and without a limit.
fn random(below: &mut impl FnMut(u64) -> u64) -> (FlowProblem, Vec<u32>) {
    let inner = 6 + below(8) as u32;
    let mut arcs = Vec::new();
    for _ in 0..inner + below(8) as u32 {
        let (a, b) = (below(u64::from(inner)) as u32, below(u64::from(inner)) as u32);
        for (tail, head) in [(a, b), (b, a)] {
            if tail == a || below(4) > 0 {
                let closes = below(HORIZON as u64) as i64;
                let open: &[(i64, i64)] =
                    if below(8) == 0 { &[(0, closes), (closes + 20, HORIZON)] } else { &[(0, HORIZON)] };
                let rate = if below(12) == 0 { None } else { Some(below(5)) };
                arcs.push(arc(tail, head, rate, below(40) as i64, open));
            }
        }
    }
    let mut vertices = inner;
    let mut next = || {
        vertices += 1;
        vertices - 1
    };
    let mut free = Vec::new();
    for _ in 0..below(2) {
        let entry = next();
        free.push(entry);
        for _ in 0..2 {
            arcs.push(arc(below(u64::from(inner)) as u32, entry, None, 0, &[(0, HORIZON)]));
        }
        arcs.push(arc(entry, below(u64::from(inner)) as u32, Some(3), 10, &[(0, HORIZON)]));
    }
    let mut terminals = Vec::new();
    for _ in 0..1 + below(2) {
        let vertex = next();
        let capacity = (below(2) == 0).then(|| below(3) as i64);
        arcs.push(arc(below(u64::from(inner)) as u32, vertex, Some(2), 0, &[(0, HORIZON)]));
        terminals.push(FlowTerminal { vertex, capacity });
    }
    let sources = (0..1 + below(3) as u32).map(|vertex| source(vertex, 1 + below(9) as i64)).collect();
    (FlowProblem { vertices: vertices as usize, arcs, sources, terminals, horizon: HORIZON }, free)
}

#[test]
fn thresholds_carry_over_both_ways() {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let mut below = |n: u64| rng.next_u64() % n;
    let (mut left_out, mut finite) = (0, 0);
    for _ in 0..4000 {
        let (problem, free) = random(&mut below);
        let reduced = ReducedProblem::new(&problem, &free);
        left_out += problem.vertices - reduced.problem.vertices;
        for _ in 0..6 {
            let theta = 1 + below(HORIZON as u64) as i64;
            let mut threshold = || [0, theta, below(theta as u64 + 1) as i64][below(3) as usize];
            let mut alpha: Vec<i64> = (0..problem.vertices).map(|_| threshold()).collect();
            repair_thresholds(&problem, &mut alpha, theta, &free);
            let small = reduced.restrict(&alpha);
            let (here, there) =
                (cut_value(&problem, &alpha, theta), cut_value(&reduced.problem, &small, theta));
            if let Some(here) = here {
                assert!(there.is_some_and(|there| there <= here), "{there:?} {here} {problem:?} {alpha:?}");
                finite += 1;
            }
            let whole = reduced.expand(&small, theta);
            assert!(whole.iter().all(|a| (0..=theta).contains(a)));
            assert_eq!(cut_value(&problem, &whole, theta), there, "{problem:?} {alpha:?}");
            assert_eq!(reduced.restrict(&whole), small);
        }
    }
    eprintln!("{left_out} vertices left out, {finite} finite bounds");
    assert!(left_out > 10_000 && finite > 10_000, "{left_out} {finite}");
}

#[test]
fn the_bound_of_the_street_is_that_of_its_narrowest_link() {
    let problem = street();
    let options = BoundOptions { every: 50, long: None, free: Vec::new() };
    let curve = bound_curve(&problem, &options, &|_| ControlFlow::Continue(()));
    // 5 people at 10 thousandths an hour would take 500 h: nobody is there within a second.
    assert_eq!(curve.t100, None);
    for cut in &curve.cuts {
        assert_eq!(cut.alpha.len(), problem.vertices);
        assert_eq!(cut_value(&problem, &cut.alpha, cut.theta), Some(cut.value));
        assert_eq!(cut.value, 10 * i128::from((cut.theta - 21).max(0)));
    }
}
