//! Better thresholds for one time: coordinate descent on the cut's value in continuous time.
//!
//! The engine's thresholds sit on steps of time; between steps the value is piecewise linear in each threshold. One vertex
//! at a time is moved to the best of its breakpoints (where a term of a neighbouring arc begins or ends).

use crate::FlowProblem;

/// Arcs around each vertex, and what a vertex is, for repeated polishing of one problem.
#[derive(Debug)]
struct Around {
    inbound: Vec<Vec<u32>>,
    outbound: Vec<Vec<u32>>,
    fixed: Vec<bool>,
}

fn around(problem: &FlowProblem) -> Around {
    let mut result = Around {
        inbound: vec![Vec::new(); problem.vertices],
        outbound: vec![Vec::new(); problem.vertices],
        fixed: vec![false; problem.vertices],
    };
    for (index, arc) in problem.arcs.iter().enumerate() {
        if arc.rate != Some(0) {
            result.inbound[arc.head as usize].push(index as u32);
            result.outbound[arc.tail as usize].push(index as u32);
        }
    }
    for source in &problem.sources {
        result.fixed[source.vertex as usize] = true;
    }
    for terminal in &problem.terminals {
        result.fixed[terminal.vertex as usize] = true;
        // A site's own threshold enters the capacity term, which is not separable: left as found.
        for &index in &result.inbound[terminal.vertex as usize].clone() {
            result.fixed[problem.arcs[index as usize].tail as usize] = true;
        }
    }
    result
}

/// Improves thresholds for `theta` in place, by at most `rounds` sweeps. Never makes the value larger.
pub fn polish(problem: &FlowProblem, alpha: &mut [i64], theta: i64, rounds: usize) {
    let around = around(problem);
    let mut active: Vec<bool> = (0..problem.vertices).map(|v| !around.fixed[v]).collect();
    let mut breaks: Vec<i64> = Vec::new();
    for _ in 0..rounds {
        let mut changed = false;
        for vertex in 0..problem.vertices {
            if !active[vertex] {
                continue;
            }
            active[vertex] = false;
            let now = alpha[vertex];
            breaks.clear();
            breaks.push(now);
            for &index in &around.inbound[vertex] {
                let arc = &problem.arcs[index as usize];
                breaks.push(alpha[arc.tail as usize] + arc.tau);
            }
            for &index in &around.outbound[vertex] {
                let arc = &problem.arcs[index as usize];
                breaks.push(alpha[arc.head as usize] - arc.tau);
            }
            breaks.retain(|&b| (0..=theta).contains(&b));
            breaks.sort_unstable();
            breaks.dedup();
            let Some(value_now) = local(problem, &around, alpha, vertex, now) else { continue };
            let mut best = (value_now, now);
            for &candidate in &breaks {
                if candidate != now
                    && let Some(value) = local(problem, &around, alpha, vertex, candidate)
                    && value < best.0
                {
                    best = (value, candidate);
                }
            }
            if best.1 != now {
                alpha[vertex] = best.1;
                changed = true;
                for &index in &around.inbound[vertex] {
                    let tail = problem.arcs[index as usize].tail as usize;
                    active[tail] = !around.fixed[tail];
                }
                for &index in &around.outbound[vertex] {
                    let head = problem.arcs[index as usize].head as usize;
                    active[head] = !around.fixed[head];
                }
            }
        }
        if !changed {
            break;
        }
    }
}

/// Value of the terms around one vertex if its threshold were `at`; `None` if infinite.
fn local(problem: &FlowProblem, around: &Around, alpha: &[i64], vertex: usize, at: i64) -> Option<i128> {
    let mut sum = 0i128;
    let mut add = |arc: &crate::FlowArc, from: i64, until: i64| -> Option<()> {
        let length = arc.open.length_within(from, until);
        if length > 0 {
            sum += i128::from(arc.rate?) * i128::from(length);
        }
        Some(())
    };
    for &index in &around.inbound[vertex] {
        let arc = &problem.arcs[index as usize];
        if arc.tail as usize != vertex {
            add(arc, alpha[arc.tail as usize], at - arc.tau)?;
        }
    }
    for &index in &around.outbound[vertex] {
        let arc = &problem.arcs[index as usize];
        if arc.head as usize != vertex {
            add(arc, at, alpha[arc.head as usize] - arc.tau)?;
        }
    }
    Some(sum)
}
