//! The first mix: the free-split flow taken apart, its heaviest ways kept.

use crate::climb::Mix;
use crate::schedule::{Departure, Schedule};
use crate::way::WayPool;
use clearway_flow::{EarliestArrival, PathFlow, Rounding, decompose};
use clearway_network::{FlowPlaces, Network, Place};

/// The optimal flow over unlimited ways.
#[derive(Debug)]
pub struct FreeFlow {
    /// Ways.
    pub pool: WayPool,
    /// Per path: way, people, departures.
    pub paths: Vec<(u32, f64, Schedule)>,
    /// Per zone, people who arrive by the horizon.
    pub moved: Vec<f64>,
}

/// Runs the engine with nearest rounding at `step` ms and takes its flow apart.
pub fn free_flow(network: &Network, places: &FlowPlaces, step: i64) -> FreeFlow {
    let mut engine = EarliestArrival::new(&places.problem, step, Rounding::Nearest);
    while !engine.is_done() {
        engine.advance();
    }
    let mut pool = WayPool::default();
    let mut moved = vec![0.0; network.zones.len()];
    let mut paths = Vec::new();
    for PathFlow { source, arcs, departures } in decompose(&engine) {
        let Some(Place::Zone(zone)) = places.place[source as usize] else { continue };
        let elements: Vec<u32> = arcs.iter().filter_map(|&arc| places.element[arc as usize]).collect();
        let people: f64 = departures.iter().map(|d| d.1).sum();
        if people <= 0.0 {
            continue;
        }
        moved[zone as usize] += people;
        let schedule = departures
            .iter()
            .map(|&(at, n)| Departure {
                from: at,
                until: (at + step).min(network.horizon),
                share: n / people,
            })
            .collect();
        paths.push((pool.insert(network, zone, &elements), people, schedule));
    }
    FreeFlow { pool, paths, moved }
}

/// Per zone the `keep` heaviest ways, scaled so that `movers` people of each zone move.
pub fn heaviest(free: &FreeFlow, keep: usize, movers: &[f64]) -> Mix {
    let mut mix: Mix = vec![Vec::new(); movers.len()];
    for &(way, people, _) in &free.paths {
        let list = &mut mix[free.pool.get(way).zone as usize];
        match list.iter_mut().find(|w| w.0 == way) {
            Some(known) => known.1 += people,
            None => list.push((way, people)),
        }
    }
    for (list, &movers) in mix.iter_mut().zip(movers) {
        list.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        list.truncate(keep);
        let total: f64 = list.iter().map(|w| w.1).sum();
        for way in list.iter_mut() {
            way.1 *= movers / total.max(1e-9);
        }
    }
    mix
}
