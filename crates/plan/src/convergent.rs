//! Convergent plans: everyone who passes a node leaves it the same way, so that the ways are a forest.
//!
//! Forests are grown zone by zone along marginal costs, then improved: a branch is taken off at a node and grown on
//! elsewhere, zones take up other connectors, people are shifted between the connectors of their zone. A change stays if
//! the fast replay is better for it. Rounds and seeds are fixed, and changes tried side by side do not see each other, so
//! that nothing depends on the number of threads.

mod attach;
mod forest;
mod grow;
mod moves;
mod regrow;
mod trial;

use crate::orders::{PathStream, whole_mix};
use clearway_loading::packet::PreparedRoads;
use clearway_loading::path::{PathIndex, PathPool};
use clearway_loading::schedule::Schedule;
use clearway_model::number::{self, float};
use clearway_network::search::free_times_to_sites;
use clearway_network::{ElementIndex, PerZone};
use forest::PathForest;
use moves::MoveKind;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use rayon::prelude::*;
use trial::{ForestTrial, TrialSlot};

/// Changes tried side by side in each round; more than the threads, so that the number of threads changes nothing.
const TRIES: usize = 8;

/// What is to be moved, and how hard to search.
#[derive(Debug, Clone, Copy)]
pub struct ConvergentTask<'a> {
    /// The network as the fast loading has it.
    pub roads: &'a PreparedRoads<'a>,
    /// Whole people to move, per zone.
    pub moved: &'a PerZone<i64>,
    /// When they leave, per zone.
    pub schedules: &'a PerZone<Schedule>,
    /// Most connectors in use per zone.
    pub ways: usize,
    /// People per packet of the fast replay.
    pub size: f64,
    /// Rounds of the search; 0 gives the tree of shortest ways.
    pub rounds: usize,
}

/// Draws that depend on the round and the try alone.
fn draws(round: usize, index: usize) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(0x666f_7265_7374);
    rng.set_stream(number::length(round * (TRIES + 1) + index).unsigned_abs());
    rng
}

/// A draw in [0, 1), each as likely as any other.
fn uniform(rng: &mut ChaCha8Rng) -> f64 {
    float(rng.next_u64() >> 11) / float(1u64 << 53)
}

/// A draw of one of `0..count`; 0 if there is none.
fn one_of(rng: &mut ChaCha8Rng, count: usize) -> usize {
    number::count(uniform(rng) * float(count)).min(count.saturating_sub(1))
}

/// Searches a convergent plan; `tick` is called with the share that is done. The cost found is returned beside it: people x ms, lower
/// is better, comparable between searches of the same task.
pub fn search(task: &ConvergentTask<'_>, tick: &(dyn Fn(f64) + Sync)) -> (PathPool, Vec<PathStream>, f64) {
    let network = task.roads.network;
    let to_sites = free_times_to_sites(network);
    let trial = ForestTrial::new(task, &to_sites);
    let mut slots: Vec<TrialSlot> = (0..TRIES).map(|_| TrialSlot::default()).collect();
    let mut incumbent = TrialSlot::default();
    let growths = if task.rounds == 0 { 1 } else { grow::GROWTHS };
    let grown: Vec<(f64, PathForest)> = slots[..growths]
        .par_iter_mut()
        .enumerate()
        .map(|(index, slot)| {
            let forest = grow::grow(&trial, slot, index);
            (trial.cost(slot, &forest), forest)
        })
        .collect();
    let first = grown.into_iter().enumerate().min_by(|a, b| a.1.0.total_cmp(&b.1.0).then(a.0.cmp(&b.0)));
    let (mut cost, mut best) = match first {
        Some((_, grown)) => grown,
        None => (f64::INFINITY, PathForest::new(network)),
    };
    let mut state = trial.observe(&mut incumbent, &best);
    let mut boldness = [1.0f64; TRIES];
    for round in 0..task.rounds {
        if task.roads.cancel.is_cancelled() {
            break;
        }
        let kind = MoveKind::of_round(round);
        let tried: Vec<Option<(f64, PathForest, moves::ForestChange)>> = slots
            .par_iter_mut()
            .enumerate()
            .map(|(index, slot)| {
                let mut rng = draws(round, index);
                let change = moves::propose(kind, &trial, &state, slot, &best, boldness[index], &mut rng)?;
                let mut forest = best.clone();
                change.apply(network, &mut forest).then_some(())?;
                forest.tidy(network);
                Some((trial.cost(slot, &forest), forest, change))
            })
            .collect();
        let mut better: Vec<(usize, f64, PathForest, moves::ForestChange)> = tried
            .into_iter()
            .enumerate()
            .filter_map(|(index, tried)| tried.map(|(cost, forest, change)| (index, cost, forest, change)))
            .filter(|t| t.1 < cost - 1e-3)
            .collect();
        better.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
        if kind == MoveKind::Shares {
            for (index, boldness) in boldness.iter_mut().enumerate() {
                let rose = better.iter().any(|b| b.0 == index);
                *boldness = if rose { (*boldness * 1.3).min(1.0) } else { *boldness * 0.8 };
                if *boldness < 0.02 {
                    *boldness = 0.7;
                }
            }
        }
        if !better.is_empty() {
            // All that helped on their own are tried together too.
            let several = better.len() > 1 && kind != MoveKind::Regrow;
            let together = several.then(|| {
                let mut forest = best.clone();
                for (_, _, _, change) in &better {
                    let mut next = forest.clone();
                    if change.apply(network, &mut next) {
                        next.tidy(network);
                        forest = next;
                    }
                }
                (trial.cost(&mut slots[0], &forest), forest)
            });
            let (_, alone, forest, _) = better.swap_remove(0);
            (cost, best) = match together {
                Some((joint, together)) if joint < alone => (joint, together),
                _ => (alone, forest),
            };
            state = trial.observe(&mut incumbent, &best);
        }
        tick(float(round + 1) / float(task.rounds));
    }
    let (pool, streams) = streams(task, &best);
    (pool, streams, cost)
}

/// Whole people on the paths of a forest.
fn streams(task: &ConvergentTask<'_>, forest: &PathForest) -> (PathPool, Vec<PathStream>) {
    let network = task.roads.network;
    let mut pool = PathPool::default();
    let mut path_of =
        |zone, connector: ElementIndex| pool.insert(network, zone, &forest.path(network, connector));
    let mix: Vec<Vec<(PathIndex, f64)>> = forest
        .starts
        .iter_enumerated()
        .map(|(zone, starts)| {
            starts.iter().map(|&(connector, people)| (path_of(zone, connector), people)).collect()
        })
        .collect();
    let mut streams = Vec::new();
    for (zone, paths) in task.moved.keys().zip(whole_mix(&mix, &task.moved.raw)) {
        for (path, people) in paths {
            streams.push(PathStream { zone, path, people, schedule: task.schedules[zone].clone() });
        }
    }
    (pool, streams)
}
