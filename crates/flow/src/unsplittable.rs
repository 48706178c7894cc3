//! Unsplittable zones: where each zone has one route, all its people pass the same cut arcs, and unsplittable zones may not fill them evenly.
//!
//! *Cut arcs* are arcs without which there is no way from some sources to a terminal that could be gone by a time theta. A source's
//! route has a last cut arc, so all its people pass that one, and the sources that have the same last cut arc are together no more than
//! its *room*: what it lets in from the time at which anyone can be there until the time at which it is too late. If the sources cannot
//! be shared out over the cut arcs in this way, not everybody has arrived before theta. Proof: `docs/concepts/bound.md`.

mod cut_arcs;
mod packing;

pub use packing::PackingProof;

use crate::index::{ArcIndex, SourceIndex};
use crate::number::{float, truncated};
use crate::{FlowProblem, Progress};
use cut_arcs::{CutArcSet, ReachTimes};
use std::cmp::Reverse;

/// Weights of the sources in the cut that cut arcs are looked for in: how much more they count than people, since at the time in
/// question the cut arcs let all people through, if not in unsplittable zones.
const STRESS: [f64; 5] = [1.01, 1.03, 1.08, 1.2, 1.5];
/// The first step beyond a time that is proved, as its share; the steps double.
const FIRST_STEP: f64 = 0.01;
/// The time is found to this share of itself.
const CLOSE: f64 = 0.0005;
/// With more sources than this unsplittable zones are so small against the cut arcs that nothing is gained.
const MOST_SOURCES: usize = 1500;
/// So many of the largest sources are looked at alone.
const ALONE: usize = 20;

/// Why unsplittable zones do not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnsplittableBound {
    /// Not everybody has arrived strictly before this, ms.
    pub theta: i64,
    /// The cut arcs, arcs in ascending order.
    pub cut_arcs: Vec<u32>,
    /// Weights above 0, by source in ascending order.
    pub weights: Vec<(u32, u64)>,
    /// People in which sources and rooms are counted, rounded down.
    pub unit: i64,
}

impl UnsplittableBound {
    /// Whether this is a proof, also if each cut arc lets in `more` people than it has room for.
    pub fn proves(&self, problem: &FlowProblem, more: i64) -> bool {
        let mut times = ReachTimes::new(problem);
        times.look_at(self.theta);
        let cut_arcs = CutArcSet {
            arcs: self.cut_arcs.iter().copied().map(ArcIndex::new).collect(),
            sources: self.weights.iter().map(|weight| SourceIndex::new(weight.0)).collect(),
        };
        let Some(rooms) = times.rooms(&cut_arcs).filter(|_| times.are_needed(&cut_arcs)) else {
            return false;
        };
        let people: Vec<i64> =
            cut_arcs.sources.iter().map(|&source| problem.sources[source].people).collect();
        let rooms: Vec<i64> = rooms.iter().map(|room| room.saturating_add(more)).collect();
        let weights = self.weights.iter().map(|weight| weight.1).collect();
        PackingProof { weights, unit: self.unit }.proves(&people, &rooms)
    }
}

/// The latest time found for which unsplittable zones provably do not fit, after `from` (ms), `None` if there is none; if the work is ended
/// early, what was found by then.
pub fn latest_unsplittable(
    problem: &FlowProblem,
    from: i64,
    tick: Progress<'_>,
) -> Option<UnsplittableBound> {
    let people = |source: SourceIndex| problem.sources[source].people;
    let mut sources: Vec<SourceIndex> =
        SourceIndex::first(problem.sources.len()).filter(|&s| people(s) > 0).collect();
    if !(1..=MOST_SOURCES).contains(&sources.len()) || from <= 0 {
        return None;
    }
    sources.sort_by_key(|&source| (Reverse(people(source)), source));
    sources.truncate(ALONE);
    let mut times = ReachTimes::new(problem);
    let go_on = || tick(0.0).is_continue();
    let mut prove = |theta: i64| go_on().then(|| whole_at(&mut times, &sources, theta, &go_on)).flatten();
    let mut best: Option<UnsplittableBound> = None;
    let (mut low, mut high) = (from, problem.horizon + 1);
    // Steps that double until no proof is found, then halves between the last time with one and the first without: each time takes
    // several minimum cuts, so that few are looked at.
    let mut step = truncated(float(from) * FIRST_STEP).max(1);
    // Unsplittable zones that fit by some time fit later.
    while high - low > truncated(float(low) * CLOSE).max(1) {
        let theta =
            if high > problem.horizon { (low + step).min(problem.horizon) } else { low + (high - low) / 2 };
        match prove(theta) {
            Some(found) => {
                (low, best) = (theta, Some(found));
                step *= 2;
            }
            None => high = theta,
        }
    }
    best
}

/// A proof for one time; `go_on` is asked before each part of the work.
fn whole_at(
    times: &mut ReachTimes<'_>,
    largest: &[SourceIndex],
    theta: i64,
    go_on: &dyn Fn() -> bool,
) -> Option<UnsplittableBound> {
    times.look_at(theta);
    // One source alone, for which every way is too narrow.
    for &source in largest.iter().take_while(|_| go_on()) {
        if let Some(whole) = times.too_small_for(source).and_then(|cut_arcs| whole_through(times, &cut_arcs))
        {
            return Some(whole);
        }
    }
    let mut seen: Vec<CutArcSet> = Vec::new();
    for stress in STRESS {
        for cut_arcs in times.cut_arcs(stress) {
            if !go_on() {
                return None;
            }
            if cut_arcs.sources.is_empty() || seen.contains(&cut_arcs) {
                continue;
            }
            if let Some(whole) = whole_through(times, &cut_arcs) {
                return Some(whole);
            }
            seen.push(cut_arcs);
        }
    }
    None
}

/// A proof by given cut arcs.
fn whole_through(times: &ReachTimes<'_>, cut_arcs: &CutArcSet) -> Option<UnsplittableBound> {
    let rooms = times.rooms(cut_arcs)?;
    let sources = &times.problem.sources;
    let people: Vec<i64> = cut_arcs.sources.iter().map(|&source| sources[source].people).collect();
    let packing = PackingProof::search(&people, &rooms)?;
    let sources = cut_arcs.sources.iter().map(|source| source.number());
    let weights = sources.zip(packing.weights).filter(|w| w.1 > 0).collect();
    Some(UnsplittableBound {
        theta: times.theta,
        cut_arcs: cut_arcs.arcs.iter().map(|arc| arc.number()).collect(),
        weights,
        unit: packing.unit,
    })
}
