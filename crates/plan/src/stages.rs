//! The ladder: from the unrestricted-route flow's heaviest ways to few ways per zone, down to one and up again.
//!
//! Up again it goes rung by rung, each begun from the one below, and every rung's plan stays in the running to the end: so more routes
//! per zone, or more rounds, never give a worse plan. Which is best is told by the exact replay ([`crate::finish`]).

use crate::finish::{FinishedPlan, PlanFinishing};
use crate::like::{self, FreshMix};
use crate::local_search::{ACCEPTANCE_THRESHOLD, LocalSearch, MixState, SearchEffort, groups_of, nearness};
use crate::options::{PlanOptions, Progress};
use crate::orders::{PathStream, streams_of};
use crate::seed::{UnrestrictedFlow, heaviest};
use clearway_loading::path::PathPool;
use clearway_loading::schedule::Schedule;
use clearway_model::Scenario;
use clearway_model::number::{self, float, truncated};
use clearway_network::PerZone;
use clearway_network::search::free_times_to_sites;
use rayon::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Ways per zone with which the climb begins, and before it goes on with one.
pub(crate) const MOST_WAYS: usize = 20;
const FEW_WAYS: usize = 5;
/// Ways per zone at which it rests on the way up, below those asked for.
const RUNGS: [usize; 3] = [3, 5, MOST_WAYS];
/// Rounds of the climb with most and with few ways, with one way, and on each rung.
const ROUNDS: usize = 30;
const WHOLE_ROUNDS: usize = 200;
const LAST_ROUNDS: usize = 200;
const FINE_ROUNDS: usize = 16;
/// So near the bound, as a share, the last arrival is left as it is.
const NEAR_LIMIT: f64 = 0.0015;
/// What a change of an earlier plan must bring at least, as a share of the cost.
const CLEAR_GAIN: f64 = 0.0005;
/// Stops of packets in a replay up to which the climb has all its rounds.
const STOPS: f64 = 200_000.0;
/// Plans that the fast replay finds so much worse than the best, as a share, are not looked at by the exact one: it finds less.
const CLEARLY_WORSE: f64 = 0.03;
/// Shares of the work on departures: plans of all rungs finished, and the best with less overflow. The road has the rest.
const FINISHED: f64 = 0.15;
pub(crate) const REFINED: f64 = 0.3;

/// What is to be shared out, and how.
#[derive(Clone, Copy)]
pub(crate) struct SearchStages<'a> {
    pub scenario: &'a Scenario,
    pub finishing: &'a PlanFinishing<'a>,
    pub free: &'a UnrestrictedFlow,
    /// When everybody can be there at the earliest, ms; `None`: never.
    pub bound: Option<i64>,
    pub options: &'a PlanOptions,
    /// People per packet where only the last arrivals are moved.
    pub fine: f64,
    /// When people of each zone leave.
    pub schedules: &'a PerZone<Schedule>,
    /// Whole people per zone who are to be moved.
    pub moved: &'a PerZone<i64>,
}

/// A plan as the fast replay sees it.
struct PlanCandidate {
    streams: Vec<PathStream>,
    cost: f64,
}

impl SearchStages<'_> {
    /// The best plan of all stages, by the exact loading.
    pub fn run(&self, progress: Progress<'_>) -> (PathPool, FinishedPlan) {
        let (pool, candidates) = self.candidates(progress);
        progress("departures", 0.0);
        let least = candidates.iter().map(|c| c.cost).fold(f64::INFINITY, f64::min);
        let worth = candidates.into_iter().filter(|c| c.cost <= least * (1.0 + CLEARLY_WORSE));
        // a plan that is to end is given up: the bound alone is kept of it
        let cancel = &self.finishing.roads.cancel;
        // each with the ways by which it brings others in
        let finished: Vec<_> = worth
            .collect::<Vec<_>>()
            .into_par_iter()
            .filter(|_| !cancel.is_cancelled())
            .map(|PlanCandidate { streams, .. }| {
                let mut pool = pool.clone();
                let finished = self.finishing.finish(&mut pool, streams.clone());
                (pool, finished, streams)
            })
            .collect();
        let best = finished.into_iter().reduce(|best, next| {
            let is_better = self.finishing.is_better((&next.0, &next.1), (&best.0, &best.1));
            if is_better { next } else { best }
        });
        match best {
            Some((mut pool, finished, streams)) => {
                progress("departures", FINISHED);
                let refined = self.finishing.refine(&mut pool, streams.clone(), finished);
                progress("departures", REFINED);
                let best = self.finishing.better_on_road(&mut pool, streams, refined, progress);
                (pool, best)
            }
            None => {
                let mut pool = pool;
                let none = self.finishing.finish(&mut pool, Vec::new());
                (pool, none)
            }
        }
    }

    /// The plans of all rungs.
    fn candidates(&self, progress: Progress<'_>) -> (PathPool, Vec<PlanCandidate>) {
        let roads = self.finishing.roads;
        let most = self.finishing.most.map_or(MOST_WAYS, |most| most.min(MOST_WAYS));
        let target: PerZone<f64> = self.moved.iter().copied().map(float).collect();
        let to_sites = free_times_to_sites(roads.network);
        let groups = groups_of(self.schedules, &nearness(roads.network, &to_sites));
        let mix = heaviest(self.free, MOST_WAYS, &groups, &target);
        let mut pool = self.free.pool.clone();
        let mix = match &self.options.like {
            Some(earlier) => {
                let fresh = FreshMix { groups: &groups, target: &target, mix: &mix };
                like::begin(self.scenario, roads.network, earlier, fresh, &mut pool)
            }
            None => mix,
        };
        let mut climb = LocalSearch::new(roads, pool, groups, mix, to_sites, self.finishing.size);
        // Fewer rounds where a replay costs much, counted in stops of packets so that no clock decides.
        let scale = (STOPS / float(climb.outcome.steps.max(1))).min(1.0);
        let scaled = |rounds: usize| number::count(float(rounds) * scale).max(rounds / 4);
        let rungs: Vec<usize> = RUNGS.into_iter().filter(|&ways| ways < most).chain([most]).collect();
        let rungs = if most > 1 { rungs } else { Vec::new() };
        let passes = number::index(self.options.effort) - 1;
        let total = if self.options.like.is_some() {
            scaled(LAST_ROUNDS) * (1 + passes)
        } else {
            let up = scaled(LAST_ROUNDS) + FINE_ROUNDS;
            2 * scaled(ROUNDS) + scaled(WHOLE_ROUNDS) + up * rungs.len() + 2 * up * passes
        };
        let done = AtomicUsize::new(0);
        let tick = || {
            let done = done.fetch_add(1, Ordering::Relaxed) + 1;
            progress("orders", (float(done) / float(total)).min(1.0));
        };
        let effort = |rounds: usize, ways: usize, share: f64| SearchEffort {
            rounds: scaled(rounds),
            search_every: 8,
            ways,
            share,
            hump: ACCEPTANCE_THRESHOLD,
            fine: false,
        };
        let mut candidates = Vec::new();
        if self.options.like.is_some() {
            // Of an earlier plan only what brings a clear gain changes.
            climb.prune(most);
            for _ in 0..=passes {
                let effort = SearchEffort { hump: -CLEAR_GAIN, ..effort(LAST_ROUNDS, most, 0.05) };
                if most > 1 {
                    climb.climb(effort, &tick);
                } else {
                    climb.search_unsplittable(self.schedules, effort, &tick);
                }
            }
            candidates.push(self.candidate(&climb));
            return (climb.pool, candidates);
        }
        let mut starts: Vec<MixState> = Vec::new();
        for ways in [MOST_WAYS, FEW_WAYS] {
            climb.prune(ways);
            climb.climb(effort(ROUNDS, ways, 0.3), &tick);
            starts.push(climb.state());
        }
        // One way for each zone is searched best, and a good beginning for several; where it is not, what there was is gone on with.
        climb.prune(1);
        climb.search_unsplittable(self.schedules, effort(WHOLE_ROUNDS, 1, 0.05), &tick);
        candidates.push(self.candidate(&climb));
        for &ways in &rungs {
            climb.split_groups(self.schedules);
            for start in &starts {
                climb.take_if_better_with(start, ways);
            }
            climb.climb(effort(LAST_ROUNDS, ways, 0.05), &tick);
            self.last_people(&mut climb, effort(0, ways, 0.05), &tick);
            candidates.push(self.candidate(&climb));
            climb.with_size(self.finishing.size);
        }
        for pass in 0..passes {
            let share = if pass % 2 == 0 { 0.3 } else { 0.05 };
            if most > 1 {
                climb.climb(effort(2 * LAST_ROUNDS, most, share), &tick);
                self.last_people(&mut climb, effort(0, most, 0.05), &tick);
            } else {
                climb.search_unsplittable(self.schedules, effort(2 * LAST_ROUNDS, 1, 0.05), &tick);
            }
            candidates.push(self.candidate(&climb));
            climb.with_size(self.finishing.size);
        }
        (climb.pool, candidates)
    }

    /// What packets are too large for: the last people before a road closes.
    fn last_people(&self, climb: &mut LocalSearch<'_>, effort: SearchEffort, tick: &(dyn Fn() + Sync)) {
        climb.with_size(self.fine);
        let near = |bound: i64| bound + truncated(float(bound) * NEAR_LIMIT);
        if self.bound.is_none_or(|bound| climb.outcome.last > near(bound)) {
            climb.climb(SearchEffort { fine: true, hump: 0.0, rounds: FINE_ROUNDS, ..effort }, tick);
        }
    }

    fn candidate(&self, climb: &LocalSearch<'_>) -> PlanCandidate {
        PlanCandidate {
            streams: streams_of(&climb.groups, &climb.mix, self.moved),
            cost: climb.cost(&climb.outcome),
        }
    }
}
