//! The bound curve: the best cuts at times spread over the movement, and the times at which 90 % and all can be there.

use crate::best_cut::{CutEffort, CutSearch, ThresholdCut};
use crate::number::float;
use crate::{BoundSearch, CUT_UNITS_PER_PERSON, FlowProblem, ReducedProblem};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicI64, Ordering};

/// Called with the share of the work done, 0..1; `Break` ends the work early.
pub type Progress<'a> = &'a (dyn Fn(f64) -> ControlFlow<()> + Sync);

/// How finely a bound is computed, and what is known beforehand.
#[derive(Debug, Clone)]
pub struct BoundOptions {
    /// Cuts are made at multiples of this, ms.
    pub every: i64,
    /// About how long the movement takes, ms ([`duration`]), where it is known: the work is divided by it.
    pub long: Option<i64>,
    /// Vertices that stand for a choice of tails; their thresholds follow from the others.
    pub free: Vec<u32>,
}

/// The bound over time.
#[derive(Debug, Clone, Default)]
pub struct BoundCurve {
    /// The best cuts found, by ascending time; those that let everybody arrive prove nothing and are left out.
    pub cuts: Vec<ThresholdCut>,
    /// No plan has ceil(0.9 M) people there strictly before this, ms; `None`: not within the horizon.
    pub t90: Option<i64>,
    /// The same for all M.
    pub t100: Option<i64>,
    /// The same for all who can be there by the horizon at all, if they are some and fewer than M; else `t100`.
    pub t_ever: Option<i64>,
    /// How many these are at most.
    pub ever: i64,
    /// Whether the work was ended early: what is there holds, more could have been proved.
    pub interrupted: bool,
}

/// People needed for T90.
fn ninety(people: i64) -> i64 {
    (people * 9 + 9) / 10
}

/// Share of the work done once cuts lie over the whole movement.
const IMPROVED: f64 = 0.8;

/// Every so many cuts one is searched from several beginnings.
const FAR_EVERY: i64 = 8;

/// Computes the bound of a problem.
pub fn bound_curve(problem: &FlowProblem, options: &BoundOptions, progress: Progress<'_>) -> BoundCurve {
    let reduced = ReducedProblem::new(problem, &options.free);
    BoundSearch::new(problem, &reduced).curve(options, None, progress)
}

/// The bound of the problem of a search; `end` is its cut at the horizon, where that is known.
pub(crate) fn curve_of(
    search: &CutSearch<'_>,
    options: &BoundOptions,
    end: Option<ThresholdCut>,
    progress: Progress<'_>,
) -> BoundCurve {
    let mut curve = BoundCurve::default();
    let people = search.problem().people();
    if people == 0 {
        (curve.t90, curve.t100, curve.t_ever) = (Some(0), Some(0), Some(0));
        return curve;
    }
    let all = i128::from(people) * CUT_UNITS_PER_PERSON;
    let (mut cuts, whole) = spread_cuts(search, options, all, end, progress);
    curve.interrupted = !whole;
    let ended = || progress(IMPROVED).is_break();
    if !curve.interrupted {
        curve.interrupted = improve_both_halves(search, &mut cuts, options.every, &ended).is_break();
    }
    let is_whole = !curve.interrupted;
    let at_the_end =
        cuts.last().filter(|cut| cut.theta == search.horizon()).map_or(all, |cut| cut.value.min(all));
    // Not more than all of them, who are an i64.
    curve.ever = i64::try_from(at_the_end / CUT_UNITS_PER_PERSON).unwrap_or(people);
    let (ninety, hundred) = rayon::join(
        || goal_time(search, &cuts, ninety(people), is_whole, &ended),
        || goal_time(search, &cuts, people, is_whole, &ended),
    );
    let mut times = [None, None];
    for ((found, proof), time) in [ninety, hundred].into_iter().zip(&mut times) {
        *time = found;
        if let Some(proof) = proof {
            insert(&mut cuts, proof);
        }
    }
    (curve.t90, curve.t100, curve.t_ever) = (times[0], times[1], times[1]);
    // A few people cut off must not leave the others without a time.
    if (1..people).contains(&curve.ever) {
        let (found, proof) = goal_time(search, &cuts, curve.ever, is_whole, &ended);
        curve.t_ever = found;
        if let Some(proof) = proof {
            insert(&mut cuts, proof);
        }
    }
    if progress(0.95).is_break() {
        curve.interrupted = true;
    }
    // Cuts that say no more than "not more than everybody" say nothing.
    cuts.retain(|cut| cut.value < all);
    curve.cuts = cuts;
    curve
}

/// The last time before which `goal` people cannot be there, with its proof if that is not among the cuts; `None`: not within
/// the horizon.
fn goal_time(
    search: &CutSearch<'_>,
    cuts: &[ThresholdCut],
    goal: i64,
    is_whole: bool,
    ended: &dyn Fn() -> bool,
) -> (Option<i64>, Option<ThresholdCut>) {
    let goal = i128::from(goal) * CUT_UNITS_PER_PERSON;
    let index = cuts.partition_point(|cut| cut.value < goal);
    let before = index.checked_sub(1).map(|i| &cuts[i]);
    match cuts.get(index).map(|cut| cut.theta) {
        None if before.is_some_and(|cut| cut.theta == search.horizon()) => (None, None),
        Some(until) if is_whole => {
            let best = last_proof(search, before.cloned(), until, goal, ended);
            (Some(best.as_ref().map_or(0, |cut| cut.theta)), best)
        }
        // Ended early: what is known so far.
        _ => (Some(before.map_or(0, |cut| cut.theta)), None),
    }
}

/// Puts a cut where its time belongs; of two for one time the better stays.
fn insert(cuts: &mut Vec<ThresholdCut>, cut: ThresholdCut) {
    let at = cuts.partition_point(|known| known.theta < cut.theta);
    match cuts.get_mut(at) {
        Some(known) if known.theta == cut.theta => {
            if cut.value < known.value {
                *known = cut;
            }
        }
        _ => cuts.insert(at, cut),
    }
}

/// The best cut at the horizon.
pub(crate) fn end_cut(search: &CutSearch<'_>) -> ThresholdCut {
    search.at(search.horizon(), &[], CutEffort::Far(1))
}

/// Cuts at multiples of `every` until all who ever can may have arrived, and at the horizon; whether `progress` let it come to
/// its end. Two chains, each from one cut to the next, are made side by side; where they meet does not depend on the threads.
fn spread_cuts(
    search: &CutSearch<'_>,
    options: &BoundOptions,
    all: i128,
    end: Option<ThresholdCut>,
    progress: Progress<'_>,
) -> (Vec<ThresholdCut>, bool) {
    let horizon = search.horizon();
    let every = options.every.clamp(1, horizon.max(1));
    if progress(0.0).is_break() {
        return (Vec::new(), false);
    }
    let end = end.unwrap_or_else(|| end_cut(search));
    let steps = horizon / every + 1;
    // Later cuts take longer, but `long` is rather too long. Where it is not known, one chain goes all the way.
    let about = options.long.map_or(2 * steps, |long| long / every);
    let middle = 1 + about / 2;
    let done = AtomicI64::new(0);
    let tick = || {
        let share = float(done.fetch_add(1, Ordering::Relaxed)) / float(about.max(1));
        progress(IMPROVED * share.min(1.0))
    };
    let (mut later_end, first_end) = (end.clone(), end);
    let chain =
        |numbers: std::ops::Range<i64>, end: ThresholdCut| chain(search, numbers, every, all, end, &tick);
    let nothing = (Vec::new(), later_end.clone(), true);
    let ((mut cuts, first_end, first_whole), (later, found, later_whole)) = rayon::join(
        || chain(1..middle, first_end),
        || match every.saturating_mul(middle) < horizon {
            true => chain(middle..steps, later_end.clone()),
            false => nothing,
        },
    );
    let is_over = cuts.last().is_some_and(|cut| cut.value >= first_end.value.min(all));
    later_end = if found.value < first_end.value { found } else { first_end };
    if !is_over {
        cuts.extend(later);
    }
    cuts.push(later_end);
    (cuts, first_whole && later_whole)
}

/// Cuts at the multiples of `every` given, as long as more people can have arrived by the next one; `end` is the cut at the
/// horizon, which may be improved. Whether it came to its end.
fn chain(
    search: &CutSearch<'_>,
    numbers: std::ops::Range<i64>,
    every: i64,
    all: i128,
    mut end: ThresholdCut,
    tick: &(dyn Fn() -> ControlFlow<()> + Sync),
) -> (Vec<ThresholdCut>, ThresholdCut, bool) {
    let finest = every / 1000;
    let mut cuts: Vec<ThresholdCut> = Vec::new();
    for number in numbers {
        let theta = every.saturating_mul(number);
        if theta >= search.horizon() {
            break;
        }
        if tick().is_break() {
            return (cuts, end, false);
        }
        let near: Vec<&ThresholdCut> = cuts.last().into_iter().collect();
        let far = cuts.is_empty() || number % FAR_EVERY == 1;
        let cut = search.at(theta, &near, if far { CutEffort::Far(finest) } else { CutEffort::Near(finest) });
        if cuts.last().is_some_and(|last| cut.value <= last.value) && cut.value < end.value {
            // Nobody arrived in a whole step: perhaps nobody ever will.
            end = search.nearer(end, &cut);
        }
        let done = cut.value >= end.value.min(all);
        cuts.push(cut);
        if done {
            break;
        }
    }
    (cuts, end, true)
}

/// [`improve_backward`] on both halves side by side, the first one from the cut in the middle as it was.
fn improve_both_halves(
    search: &CutSearch<'_>,
    cuts: &mut [ThresholdCut],
    every: i64,
    ended: &(dyn Fn() -> bool + Sync),
) -> ControlFlow<()> {
    let middle = cuts.len() / 2;
    let Some(mut between) = cuts.get(middle).cloned() else { return ControlFlow::Continue(()) };
    let (first, later) = cuts.split_at_mut(middle);
    let (found, also) = rayon::join(
        || {
            let mut first: Vec<&mut ThresholdCut> = first.iter_mut().chain([&mut between]).collect();
            improve_backward(search, &mut first, every, ended)
        },
        || {
            // The last one is for the horizon and nothing like the others.
            let end = later.len().saturating_sub(1);
            improve_backward(search, &mut later[..end].iter_mut().collect::<Vec<_>>(), every, ended)
        },
    );
    if found.is_break() { found } else { also }
}

/// What a later cut knows may make an earlier one better.
fn improve_backward(
    search: &CutSearch<'_>,
    cuts: &mut [&mut ThresholdCut],
    every: i64,
    ended: &dyn Fn() -> bool,
) -> ControlFlow<()> {
    for index in (0..cuts.len().saturating_sub(1)).rev() {
        if ended() {
            return ControlFlow::Break(());
        }
        let cut = cuts[index].clone();
        let before = cut.value;
        let mut better = search.nearer(cut, cuts[index + 1]);
        if better.value < before {
            search.descend(&mut better, every, every / 1000);
            *cuts[index] = better;
        }
    }
    ControlFlow::Continue(())
}

/// The latest time before `until` at which fewer than `need` can have arrived, with its proof: moves the best cut so far as
/// late as it goes, makes it better there, and again; then looks in between.
fn last_proof(
    search: &CutSearch<'_>,
    before: Option<ThresholdCut>,
    until: i64,
    need: i128,
    ended: &dyn Fn() -> bool,
) -> Option<ThresholdCut> {
    let mut best = before;
    let mut high = until;
    let mut probes = 0;
    loop {
        if ended() {
            return best;
        }
        let low = best.as_ref().map_or(0, |cut| cut.theta);
        if let Some(cut) = &best
            && let Some(mut moved) = search.latest_proof(cut, high - 1, need)
            && moved.theta > low
        {
            let by = (moved.theta - low).max(1000);
            search.descend(&mut moved, by, 1);
            let far = moved.theta - low > 1000;
            best = Some(moved);
            if far {
                continue;
            }
        }
        let low = best.as_ref().map_or(0, |cut| cut.theta);
        if high - low <= 1000 || probes >= 14 {
            return best;
        }
        // Mostly the moved cut is right to the second: look there first, then in halves.
        let at = if probes == 0 { low + 1000 } else { low + (high - low) / 2 };
        probes += 1;
        let near: Vec<&ThresholdCut> = best.iter().collect();
        let cut = search.at(at, &near, if probes == 1 { CutEffort::Far(1) } else { CutEffort::Near(1) });
        if cut.value < need {
            best = Some(cut);
        } else if probes == 1 {
            return best;
        } else {
            high = at;
        }
    }
}
