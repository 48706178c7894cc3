//! Growing a forest: zones join one after the other along what is then the best path for them.

use crate::climb::quantile_time;
use crate::convergent::attach::Joining;
use crate::convergent::forest::Forest;
use crate::convergent::trial::{Slot, Trial};
use crate::convergent::{TRIES, draws, one_of};
use crate::packet::Busy;
use std::cmp::Reverse;

/// How many forests are grown to begin with; the first is the tree of shortest ways.
pub(crate) const GROWTHS: usize = 4;
/// Replays while all zones join once.
const BATCHES: usize = 12;

/// Grows forest number `index`. Number 0 is the tree of shortest ways; the others follow the queues of those who have
/// joined, in an order of their own: far zones first, near zones first, by chance.
pub(crate) fn grow(trial: &Trial<'_>, slot: &mut Slot, index: usize) -> Forest {
    let task = trial.task;
    let network = task.roads.network;
    let mut forest = Forest::new(network);
    let mut zones: Vec<usize> = (0..task.moved.len()).filter(|&z| task.moved[z] > 0).collect();
    let away = |zone: usize| {
        let nodes = network.zones[zone].connectors.iter().map(|&c| network.to_node[c as usize] as usize);
        nodes.map(|n| trial.to_sites[n]).min().unwrap_or(0)
    };
    match index {
        1 => zones.sort_by_key(|&z| (Reverse(away(z)), z)),
        2 => zones.sort_by_key(|&z| (away(z), z)),
        _ => {
            let mut rng = draws(0, TRIES);
            for last in (1..zones.len()).rev() {
                zones.swap(last, one_of(&mut rng, last + 1));
            }
        }
    }
    let passes = if index == 0 { 1 } else { task.ways.clamp(1, 3) };
    let calm = vec![Busy::default(); network.elements.len()];
    for pass in 0..passes {
        for batch in zones.chunks(zones.len().div_ceil(BATCHES).max(1)) {
            let state = trial.observe(slot, &forest);
            let busy = if index == 0 { &calm } else { &state.busy };
            let mut room = state.room;
            for &zone in batch {
                let people = task.moved[zone] as f64 / passes as f64;
                let schedule = &task.schedules[zone];
                let [from, until] = [0.1, 0.9].map(|q| quantile_time(schedule, q));
                let middle = quantile_time(schedule, if pass % 2 == 0 { 0.5 } else { 0.7 });
                // Where nothing has room or is in time, any way that is open for the first to leave is better than none.
                let none = vec![false; room.len()];
                let tight: Vec<bool> = room.iter().map(|&r| r < people - 0.5).collect();
                let charge = if index == 0 { 0.0 } else { 0.5 };
                let tries =
                    [(&tight, busy, middle, charge), (&none, busy, middle, 0.0), (&none, &calm, from, 0.0)];
                let found = tries.into_iter().find_map(|(full, busy, at, charge)| {
                    let joining = Joining {
                        roads: task.roads,
                        busy,
                        to_sites: trial.to_sites,
                        next: &forest.next,
                        full,
                        own: &[],
                        people,
                        span: (until - from) as f64,
                        charge,
                    };
                    slot.search.best(&joining, &network.zones[zone].connectors, at, None)
                });
                let Some(path) = found else { continue };
                if forest.graft(network, &path) {
                    let (connector, intake) = (path[0], path[path.len() - 1]);
                    match forest.starts[zone].iter_mut().find(|s| s.0 == connector) {
                        Some(start) => start.1 += people,
                        None => forest.starts[zone].push((connector, people)),
                    }
                    room[network.place[intake as usize] as usize] -= people;
                }
            }
        }
    }
    forest
}
