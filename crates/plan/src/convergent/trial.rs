//! What a forest costs, and what one more person would meet in it.

use crate::convergent::ConvergentTask;
use crate::convergent::attach::AttachSearch;
use crate::convergent::forest::PathForest;
use crate::local_search::{LocalSearch, NO_ARRIVAL, quantile_time};
use clearway_loading::marginal::MarginalCost;
use clearway_loading::packet::{BusyPeriods, KeptDetail, LoadingMemory, PathLoad};
use clearway_loading::path::PathPool;
use clearway_model::number::float;
use clearway_network::{PerElement, PerNode, PerSite, PerZone};
use rayon::prelude::*;

/// Ways kept by a slot before it begins anew.
const POOL: usize = 20_000;

/// Memory of one of the changes tried side by side.
#[derive(Debug, Default)]
pub(crate) struct TrialSlot {
    pool: PathPool,
    pub scratch: LoadingMemory,
    pub search: AttachSearch,
}

/// What is the same for all forests of a task.
pub(crate) struct ForestTrial<'a> {
    pub task: &'a ConvergentTask<'a>,
    pub to_sites: &'a PerNode<Option<i64>>,
    people: f64,
}

/// What one more person would meet in a forest.
pub(crate) struct ForestState {
    /// Per element, when there is a queue before it.
    pub busy: PerElement<BusyPeriods>,
    /// People who could still come, per site.
    pub room: PerSite<f64>,
    /// Per zone and start, the mean marginal arrival, ms; [`NO_ARRIVAL`] if it comes too late for some.
    pub marginals: PerZone<Vec<f64>>,
}

impl<'a> ForestTrial<'a> {
    pub fn new(task: &'a ConvergentTask<'a>, to_sites: &'a PerNode<Option<i64>>) -> Self {
        Self { task, to_sites, people: task.moved.iter().copied().map(float).sum() }
    }

    /// Carries a forest out; `None` if a way has a prohibited turn.
    fn run(&self, slot: &mut TrialSlot, forest: &PathForest, keep: KeptDetail) -> Option<f64> {
        let roads = self.task.roads;
        let network = roads.network;
        if slot.pool.paths().len() > POOL {
            slot.pool = PathPool::default();
        }
        let mut loads = Vec::new();
        let mut loaded = 0.0;
        let mut received = PerSite::from(vec![0.0; network.sites.len()]);
        for (zone, starts) in forest.starts.iter_enumerated() {
            for &(connector, people) in starts {
                let elements = forest.path(network, connector);
                let turns = !network.banned.is_empty();
                if turns && elements.windows(2).any(|pair| network.banned.contains(&(pair[0], pair[1]))) {
                    return None;
                }
                let path = slot.pool.insert(network, zone, &elements);
                received[slot.pool.get(path).site] += people;
                loaded += people;
                loads.push(PathLoad { path, people, schedule: &self.task.schedules[zone] });
            }
        }
        let outcome = slot.scratch.run(roads, &slot.pool, &loads, self.task.size, keep);
        let overflow: f64 = received
            .iter()
            .zip(&network.sites)
            .map(|(people, site)| site.capacity.map_or(0.0, |capacity| (people - float(capacity)).max(0.0)))
            .sum();
        let missing = outcome.stranded + overflow + (self.people - loaded).max(0.0);
        Some(
            outcome.arrival_sum
                + missing * 2.0 * float(network.horizon)
                + LocalSearch::LAST_WEIGHT * self.people * float(outcome.last),
        )
    }

    /// The figure that the search lowers, people x ms.
    pub fn cost(&self, slot: &mut TrialSlot, forest: &PathForest) -> f64 {
        self.run(slot, forest, KeptDetail::OutcomeAlone).unwrap_or(f64::INFINITY)
    }

    /// Carries a forest out: busy periods per element, and people who could still come per site.
    pub fn look(&self, slot: &mut TrialSlot, forest: &PathForest) -> (PerElement<BusyPeriods>, PerSite<f64>) {
        let network = self.task.roads.network;
        self.run(slot, forest, KeptDetail::BusyPeriods);
        let mut room: PerSite<f64> =
            network.sites.iter().map(|s| s.capacity.map_or(f64::INFINITY, float)).collect();
        for &(connector, people) in forest.starts.iter().flatten() {
            if let Some(site) = forest.site(network, connector) {
                room[site] -= people;
            }
        }
        (slot.scratch.busy.clone(), room)
    }

    /// Carries a forest out and keeps what one more person would meet.
    pub fn observe(&self, slot: &mut TrialSlot, forest: &PathForest) -> ForestState {
        let task = self.task;
        let network = task.roads.network;
        let (busy, room) = self.look(slot, forest);
        let open = PerSite::from(vec![false; network.sites.len()]);
        let cost = MarginalCost { roads: self.task.roads, busy: &busy, passes: None, full: &open };
        let marginals: Vec<Vec<f64>> = forest
            .starts
            .raw
            .par_iter()
            .zip(&task.schedules.raw)
            .map(|(starts, schedule)| {
                starts
                    .iter()
                    .map(|&(connector, _)| {
                        let elements = forest.path(network, connector);
                        let third = |quantile: f64| {
                            let arrival = cost.arrival(&elements, quantile_time(schedule, quantile));
                            arrival.map(|t| float(t) / 3.0)
                        };
                        let mean: Option<f64> = [0.17, 0.5, 0.83].into_iter().map(third).sum();
                        mean.unwrap_or(NO_ARRIVAL)
                    })
                    .collect()
            })
            .collect();
        ForestState { busy, room, marginals: marginals.into() }
    }
}
