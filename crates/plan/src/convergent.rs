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

use crate::orders::{Stream, whole_mix};
use clearway_loading::marginal::to_sites;
use clearway_loading::packet::Roads;
use clearway_loading::path::PathPool;
use clearway_loading::schedule::Schedule;
use forest::Forest;
use moves::Kind;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use rayon::prelude::*;
use trial::{Slot, Trial};

/// Changes tried side by side in each round; more than the threads, so that the number of threads changes nothing.
const TRIES: usize = 8;

/// What is to be moved, and how hard to search.
#[derive(Debug, Clone, Copy)]
pub struct Task<'a> {
    /// The network.
    pub roads: &'a Roads<'a>,
    /// Whole people to move, per zone.
    pub moved: &'a [i64],
    /// When they leave, per zone.
    pub schedules: &'a [Schedule],
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
    rng.set_stream((round * (TRIES + 1) + index) as u64);
    rng
}

/// In [0, 1).
fn uniform(rng: &mut ChaCha8Rng) -> f64 {
    (rng.next_u64() >> 11) as f64 / (1u64 << 53) as f64
}

/// One of `0..count`.
fn one_of(rng: &mut ChaCha8Rng, count: usize) -> usize {
    ((uniform(rng) * count as f64) as usize).min(count.saturating_sub(1))
}

/// Searches a convergent plan; `tick` is called with the share that is done. The cost found is returned beside it: people x ms, lower
/// is better, comparable between searches of the same task.
pub fn search(task: &Task<'_>, tick: &(dyn Fn(f64) + Sync)) -> (PathPool, Vec<Stream>, f64) {
    let network = task.roads.network;
    let to_sites = to_sites(network);
    let trial = Trial::new(task, &to_sites);
    let mut slots: Vec<Slot> = (0..TRIES).map(|_| Slot::default()).collect();
    let mut incumbent = Slot::default();
    let growths = if task.rounds == 0 { 1 } else { grow::GROWTHS };
    let grown: Vec<(f64, Forest)> = slots[..growths]
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
        None => (f64::INFINITY, Forest::new(network)),
    };
    let mut state = trial.observe(&mut incumbent, &best);
    let mut boldness = [1.0f64; TRIES];
    for round in 0..task.rounds {
        if task.roads.cancel.is_cancelled() {
            break;
        }
        let kind = Kind::of_round(round);
        let tried: Vec<Option<(f64, Forest, moves::Change)>> = slots
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
        let mut better: Vec<(usize, f64, Forest, moves::Change)> = tried
            .into_iter()
            .enumerate()
            .filter_map(|(index, tried)| tried.map(|(cost, forest, change)| (index, cost, forest, change)))
            .filter(|t| t.1 < cost - 1e-3)
            .collect();
        better.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
        if kind == Kind::Shares {
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
            let several = better.len() > 1 && kind != Kind::Regrow;
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
        tick((round + 1) as f64 / task.rounds as f64);
    }
    let (pool, streams) = streams(task, &best);
    (pool, streams, cost)
}

/// Whole people on the ways of a forest.
fn streams(task: &Task<'_>, forest: &Forest) -> (PathPool, Vec<Stream>) {
    let network = task.roads.network;
    let mut pool = PathPool::default();
    let mix: Vec<Vec<(u32, f64)>> = forest
        .starts
        .iter()
        .enumerate()
        .map(|(zone, starts)| {
            let way = |connector| pool.insert(network, zone as u32, &forest.way(network, connector));
            let mut way = way;
            starts.iter().map(|&(connector, people)| (way(connector), people)).collect()
        })
        .collect();
    let mut streams = Vec::new();
    for (zone, ways) in whole_mix(&mix, task.moved).into_iter().enumerate() {
        for (way, people) in ways {
            streams.push(Stream { zone: zone as u32, way, people, schedule: task.schedules[zone].clone() });
        }
    }
    (pool, streams)
}
