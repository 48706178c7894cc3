//! Growing a forest: zones join one after the other along what is then the best path for them.

use crate::convergent::attach::JoiningPeople;
use crate::convergent::forest::PathForest;
use crate::convergent::trial::{ForestTrial, TrialSlot};
use crate::convergent::{TRIES, draws, one_of};
use crate::local_search::quantile_time;
use clearway_loading::packet::BusyPeriods;
use clearway_model::number::float;
use clearway_network::{ElementIndex, PerElement, PerSite, ZoneIndex};
use std::cmp::Reverse;

/// How many forests are grown to begin with; the first is the tree of shortest ways.
pub(crate) const GROWTHS: usize = 4;
/// Replays while all zones join once.
const BATCHES: usize = 12;

/// Grows forest number `index`. Number 0 is the tree of shortest ways; the others follow the queues of those who have
/// joined, in an order of their own: far zones first, near zones first, by chance.
pub(crate) fn grow(trial: &ForestTrial<'_>, slot: &mut TrialSlot, index: usize) -> PathForest {
    let task = trial.task;
    let network = task.roads.network;
    let mut forest = PathForest::new(network);
    let mut zones: Vec<ZoneIndex> = task.moved.keys().filter(|&z| task.moved[z] > 0).collect();
    let away = |zone: ZoneIndex| {
        let nodes = network.zones[zone].connectors.iter().filter_map(|&c| network.node_after(c));
        let least = nodes.filter_map(|node| trial.to_sites[node]).min();
        // Farther than any other if they get nowhere.
        (least.is_none(), least)
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
    let calm = PerElement::from(vec![BusyPeriods::default(); network.elements.len()]);
    for pass in 0..passes {
        for batch in zones.chunks(zones.len().div_ceil(BATCHES).max(1)) {
            let (queued, mut room) = trial.look(slot, &forest);
            let busy = if index == 0 { &calm } else { &queued };
            for &zone in batch {
                let people = float(task.moved[zone]) / float(passes);
                let joins = ZoneJoining {
                    zone,
                    people,
                    quantile: if pass % 2 == 0 { 0.5 } else { 0.7 },
                    charge: if index == 0 { 0.0 } else { 0.5 },
                };
                join(trial, slot, &mut forest, joins, busy, &mut room);
            }
        }
    }
    forest
}

/// People of a zone who join a forest.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ZoneJoining {
    /// The zone that they leave.
    pub zone: ZoneIndex,
    /// How many people they are.
    pub people: f64,
    /// Share of the zone that has left when the path is looked for.
    pub quantile: f64,
    /// How much of the delay they cause is charged, 0..1.
    pub charge: f64,
}

/// ZoneJoining people of a zone by the best path; they stay out if there is none.
pub(crate) fn join(
    trial: &ForestTrial<'_>,
    slot: &mut TrialSlot,
    forest: &mut PathForest,
    joins: ZoneJoining,
    busy: &PerElement<BusyPeriods>,
    room: &mut PerSite<f64>,
) {
    let ZoneJoining { zone, people, quantile, charge } = joins;
    let network = trial.task.roads.network;
    let starts = &forest.starts[zone];
    let few = starts.len() < trial.task.ways;
    let connectors: Vec<ElementIndex> = network.zones[zone]
        .connectors
        .iter()
        .copied()
        .filter(|c| few || starts.iter().any(|s| s.0 == *c))
        .collect();
    let schedule = &trial.task.schedules[zone];
    let [early, late] = [0.1, 0.9].map(|q| quantile_time(schedule, q));
    let at = quantile_time(schedule, quantile);
    // Where nothing has room or is in time, any way that is open for the first to leave is better than none.
    let none = PerSite::from(vec![false; room.len()]);
    let tight: PerSite<bool> = room.iter().map(|&r| r < people - 0.5).collect();
    let calm = PerElement::from(vec![BusyPeriods::default(); network.elements.len()]);
    let tries = [(&tight, busy, at, charge), (&none, busy, at, 0.0), (&none, &calm, early, 0.0)];
    let found = tries.into_iter().find_map(|(full, busy, at, charge)| {
        let joining = JoiningPeople {
            roads: trial.task.roads,
            busy,
            to_sites: trial.to_sites,
            next: &forest.next,
            full,
            own: &[],
            people,
            span: float(late - early),
            charge,
        };
        slot.search.best(&joining, &connectors, at, None)
    });
    let Some(path) = found else { return };
    if forest.graft(network, &path) {
        let (connector, site) = (path[0], network.site_of(path[path.len() - 1]));
        match forest.starts[zone].iter_mut().find(|s| s.0 == connector) {
            Some(start) => start.1 += people,
            None => forest.starts[zone].push((connector, people)),
        }
        if let Some(site) = site {
            room[site] -= people;
        }
    }
}
