//! The limit curve and its cuts: runs the engine, keeps thresholds where they matter, states them in continuous time.

use crate::{
    CUT_UNITS_PER_PERSON, EarliestArrival, FlowProblem, Rounding, cut_value, polish, repair_thresholds,
    shift_thresholds,
};

/// Called with the share of the work done, 0..1.
pub type Progress<'a> = &'a (dyn Fn(f64) + Sync);

/// What to compute.
#[derive(Debug, Clone)]
pub struct LimitOptions {
    /// Step of the engine, ms.
    pub step: i64,
    /// Cuts are kept at multiples of this, ms.
    pub every: i64,
    /// Vertices that stand for a choice of tails; their thresholds follow from the others.
    pub free: Vec<u32>,
}

/// Thresholds that prove a limit at one time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    /// The time, ms.
    pub theta: i64,
    /// Per vertex, ms.
    pub alpha: Vec<i64>,
    /// The limit in units of [`CUT_UNITS_PER_PERSON`].
    pub value: i128,
}

/// The limit over time.
#[derive(Debug, Clone, Default)]
pub struct LimitCurve {
    /// Ascending in theta.
    pub cuts: Vec<Cut>,
    /// No plan has ceil(0.9 M) people there strictly before this, ms; `None`: not within the horizon.
    pub t90: Option<i64>,
    /// The same for all M.
    pub t100: Option<i64>,
}

/// People needed for T90.
fn ninety(people: i64) -> i64 {
    (people * 9 + 9) / 10
}

/// Computes the limit of a problem. The engine is returned too, with its flow.
pub fn limit_curve(
    problem: &FlowProblem,
    options: &LimitOptions,
    progress: Progress<'_>,
) -> (LimitCurve, EarliestArrival) {
    let mut engine = EarliestArrival::new(problem, options.step, Rounding::Down);
    let people = problem.people();
    let goals = [ninety(people), people];
    let reached = |engine: &EarliestArrival, goal: i64| {
        engine.arrived() as f64 * engine.unit() >= goal as f64 * 1000.0 - 0.5
    };
    // Thresholds around the phase at which each goal is reached; which one proves most is seen below.
    let mut recent: Vec<(i64, Vec<i64>)> = Vec::new();
    let mut near: [Vec<(i64, Vec<i64>)>; 2] = [Vec::new(), Vec::new()];
    let mut after = [0, 0];
    let mut kept: Vec<(i64, Vec<i64>)> = Vec::new();
    let mut next = options.every;
    loop {
        engine.advance();
        let shape = (engine.time(), engine.threshold_times());
        while next <= shape.0 {
            // The first phase at or after the wanted time, shifted onto it.
            kept.push((next, shift_thresholds(&shape.1, shape.0 - next)));
            next += options.every;
        }
        for (goal, (near, after)) in goals.iter().zip(near.iter_mut().zip(&mut after)) {
            if reached(&engine, *goal) {
                if *after == 0 {
                    near.extend(recent.iter().cloned());
                }
                *after += 1;
                if *after <= 2 {
                    near.push(shape.clone());
                }
            }
        }
        recent.push(shape);
        if recent.len() > 2 {
            recent.remove(0);
        }
        progress((engine.arrived() as f64 / engine.released().max(1) as f64).min(1.0));
        if engine.is_done()
            && (after[1] >= 2 || engine.time() >= problem.horizon || !reached(&engine, people))
        {
            break;
        }
    }
    let last = recent.pop();
    let mut curve = LimitCurve::default();
    for (index, goal) in goals.iter().enumerate() {
        let best = near[index]
            .iter()
            .filter_map(|(theta, alpha)| latest_proof(problem, alpha, *theta, *goal, options))
            .max_by_key(|cut| cut.theta);
        let time = match (&best, *goal) {
            (_, 0) => Some(0),
            (Some(cut), _) => Some(cut.theta),
            (None, _) if near[index].is_empty() => None,
            (None, _) => Some(0),
        };
        if index == 0 {
            curve.t90 = time
        } else {
            curve.t100 = time
        }
        curve.cuts.extend(best);
    }
    if curve.t100.is_none()
        && let Some((theta, alpha)) = last
    {
        // Not everyone can arrive: the cut at the horizon says why.
        let lift = problem.horizon - theta;
        let alpha = alpha.iter().map(|a| if *a == 0 { 0 } else { a + lift }).collect();
        curve.cuts.extend(finish(problem, alpha, problem.horizon, options));
    }
    let end = curve.t100.unwrap_or(problem.horizon);
    for (theta, alpha) in kept.into_iter().filter(|(theta, _)| *theta < end) {
        curve.cuts.extend(finish(problem, alpha, theta, options));
    }
    curve.cuts.sort_by_key(|cut| (cut.theta, cut.value));
    curve.cuts.dedup_by_key(|cut| cut.theta);
    (curve, engine)
}

/// Makes thresholds finite, polishes them and states what they prove.
fn finish(problem: &FlowProblem, mut alpha: Vec<i64>, theta: i64, options: &LimitOptions) -> Option<Cut> {
    for a in &mut alpha {
        *a = (*a).clamp(0, theta);
    }
    repair_thresholds(problem, &mut alpha, theta, &options.free);
    let before = cut_value(problem, &alpha, theta);
    let rough = alpha.clone();
    polish(problem, &mut alpha, theta, 20);
    repair_thresholds(problem, &mut alpha, theta, &options.free);
    let after = cut_value(problem, &alpha, theta);
    match (before, after) {
        (Some(before), Some(after)) if after <= before => Some(Cut { theta, alpha, value: after }),
        (Some(before), _) => Some(Cut { theta, alpha: rough, value: before }),
        (None, Some(after)) => Some(Cut { theta, alpha, value: after }),
        (None, None) => None,
    }
}

/// The latest time at which these thresholds, shifted as a whole, still prove fewer than `goal` people.
fn latest_proof(
    problem: &FlowProblem,
    alpha: &[i64],
    theta: i64,
    goal: i64,
    options: &LimitOptions,
) -> Option<Cut> {
    let need = i128::from(goal) * CUT_UNITS_PER_PERSON;
    let moved = |base: &[i64], to: i64, from: i64| -> Vec<i64> {
        // A threshold at 0 says "this place is cut off altogether" and stays.
        base.iter().map(|&a| if a == 0 && to > from { 0 } else { (a + to - from).clamp(0, to) }).collect()
    };
    let search = |base: &[i64], from: i64| -> Option<i64> {
        let holds = |at: i64| {
            let mut shifted = moved(base, at, from);
            repair_thresholds(problem, &mut shifted, at, &options.free);
            cut_value(problem, &shifted, at).is_some_and(|value| value < need)
        };
        let (mut low, mut high) =
            ((from - 4 * options.step).max(0), (from + 4 * options.step).min(problem.horizon));
        if !holds(low) {
            return None;
        }
        if holds(high) {
            return Some(high);
        }
        while high - low > 1 {
            let middle = (low + high) / 2;
            if holds(middle) { low = middle } else { high = middle }
        }
        Some(low)
    };
    let rough = search(alpha, theta)?;
    let polished = finish(problem, moved(alpha, rough, theta), rough, options)?;
    let best = search(&polished.alpha, rough).unwrap_or(rough).max(rough);
    let cut = finish(problem, moved(&polished.alpha, best, rough), best, options)?;
    if cut.value < need { Some(cut) } else { (polished.value < need).then_some(polished) }
}
