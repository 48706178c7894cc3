//! What a forest costs, and what one more person would meet in it.

use crate::convergent::Task;
use crate::convergent::attach::AttachSearch;
use crate::convergent::forest::Forest;
use crate::local_search::{LocalSearch, quantile_time};
use clearway_loading::marginal::{Marginal, NEVER};
use clearway_loading::packet::{Busy, Keep, Load, Scratch};
use clearway_loading::path::PathPool;
use rayon::prelude::*;

/// Ways kept by a slot before it begins anew.
const POOL: usize = 20_000;

/// Memory of one of the changes tried side by side.
#[derive(Debug, Default)]
pub(crate) struct Slot {
    pool: PathPool,
    pub scratch: Scratch,
    pub search: AttachSearch,
}

/// What is the same for all forests of a task.
pub(crate) struct Trial<'a> {
    pub task: &'a Task<'a>,
    pub to_sites: &'a [i64],
    people: f64,
}

/// What one more person would meet in a forest.
pub(crate) struct State {
    /// Busy periods per element.
    pub busy: Vec<Busy>,
    /// People who could still come, per site.
    pub room: Vec<f64>,
    /// Per zone and start, the mean marginal arrival, ms; `NEVER` if it comes too late for some.
    pub marginals: Vec<Vec<f64>>,
}

impl<'a> Trial<'a> {
    pub fn new(task: &'a Task<'a>, to_sites: &'a [i64]) -> Self {
        Self { task, to_sites, people: task.moved.iter().map(|&m| m as f64).sum() }
    }

    /// Carries a forest out; `None` if a way has a prohibited turn.
    fn run(&self, slot: &mut Slot, forest: &Forest, keep: Keep) -> Option<f64> {
        let roads = self.task.roads;
        let network = roads.network;
        if slot.pool.ways().len() > POOL {
            slot.pool = PathPool::default();
        }
        let mut loads = Vec::new();
        let mut loaded = 0.0;
        let mut received = vec![0.0; network.sites.len()];
        for (zone, starts) in forest.starts.iter().enumerate() {
            for &(connector, people) in starts {
                let elements = forest.way(network, connector);
                let turns = !network.banned.is_empty();
                if turns && elements.windows(2).any(|pair| network.banned.contains(&(pair[0], pair[1]))) {
                    return None;
                }
                let way = slot.pool.insert(network, zone as u32, &elements);
                received[slot.pool.get(way).site as usize] += people;
                loaded += people;
                loads.push(Load { way, people, schedule: &self.task.schedules[zone] });
            }
        }
        let outcome = slot.scratch.run(roads, &slot.pool, &loads, self.task.size, keep);
        let overflow: f64 = received
            .iter()
            .zip(&network.sites)
            .map(|(people, site)| site.capacity.map_or(0.0, |capacity| (people - capacity as f64).max(0.0)))
            .sum();
        let missing = outcome.stranded + overflow + (self.people - loaded).max(0.0);
        Some(
            outcome.arrival_sum
                + missing * 2.0 * network.horizon as f64
                + LocalSearch::LAST_WEIGHT * self.people * outcome.last as f64,
        )
    }

    /// The figure that the search lowers, people x ms.
    pub fn cost(&self, slot: &mut Slot, forest: &Forest) -> f64 {
        self.run(slot, forest, Keep::default()).unwrap_or(f64::INFINITY)
    }

    /// Carries a forest out: busy periods per element, and people who could still come per site.
    pub fn look(&self, slot: &mut Slot, forest: &Forest) -> (Vec<Busy>, Vec<f64>) {
        let network = self.task.roads.network;
        self.run(slot, forest, Keep { busy: true, journeys: false });
        let mut room: Vec<f64> =
            network.sites.iter().map(|s| s.capacity.map_or(f64::INFINITY, |c| c as f64)).collect();
        for &(connector, people) in forest.starts.iter().flatten() {
            if let Some(site) = forest.site(network, connector) {
                room[site as usize] -= people;
            }
        }
        (slot.scratch.busy.clone(), room)
    }

    /// Carries a forest out and keeps what one more person would meet.
    pub fn observe(&self, slot: &mut Slot, forest: &Forest) -> State {
        let network = self.task.roads.network;
        let (busy, room) = self.look(slot, forest);
        let open = vec![false; network.sites.len()];
        let cost = Marginal { roads: self.task.roads, busy: &busy, passes: None, full: &open };
        let marginals = forest
            .starts
            .par_iter()
            .enumerate()
            .map(|(zone, starts)| {
                starts
                    .iter()
                    .map(|&(connector, _)| {
                        let elements = forest.way(network, connector);
                        let times = [0.17, 0.5, 0.83].map(|quantile| {
                            cost.arrival(&elements, quantile_time(&self.task.schedules[zone], quantile))
                        });
                        let never = times.iter().any(|&t| t >= NEVER);
                        if never { NEVER as f64 } else { times.iter().map(|&t| t as f64 / 3.0).sum() }
                    })
                    .collect()
            })
            .collect();
        State { busy, room, marginals }
    }
}
