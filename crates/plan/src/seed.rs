//! The first mix: the unrestricted-route flow taken apart, its heaviest ways kept.

use crate::local_search::{Group, Mix};
use clearway_flow::{EarliestArrival, PathFlow, Rounding, decompose};
use clearway_loading::path::PathPool;
use clearway_loading::schedule::{Departure, Schedule};
use clearway_model::Cancel;
use clearway_network::{FlowPlaces, Network, Place};

/// The optimal flow over unlimited ways.
#[derive(Debug)]
pub struct UnrestrictedFlow {
    /// Ways.
    pub pool: PathPool,
    /// Per path: way, people, departures.
    pub paths: Vec<(u32, f64, Schedule)>,
    /// Per zone, people who arrive by the horizon.
    pub moved: Vec<f64>,
}

/// Runs the engine with nearest rounding at `step` ms and takes its flow apart.
pub fn free_flow(network: &Network, places: &FlowPlaces, step: i64, cancel: &Cancel) -> UnrestrictedFlow {
    let mut engine = EarliestArrival::new(&places.problem, step, Rounding::Nearest);
    while !engine.is_done() && !cancel.is_cancelled() {
        engine.advance();
    }
    let mut pool = PathPool::default();
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
    UnrestrictedFlow { pool, paths, moved }
}

/// Per zone the `keep` heaviest ways, divided over its groups as people leave in the flow, first come first; scaled so that
/// `evacuees` people of each zone move.
pub fn heaviest(free: &UnrestrictedFlow, keep: usize, groups: &[Group], evacuees: &[f64]) -> Mix {
    let mut totals: Vec<Vec<(u32, f64)>> = vec![Vec::new(); evacuees.len()];
    for &(way, people, _) in &free.paths {
        let list = &mut totals[free.pool.get(way).zone as usize];
        match list.iter_mut().find(|w| w.0 == way) {
            Some(known) => known.1 += people,
            None => list.push((way, people)),
        }
    }
    // Per zone, who leaves when by which of its kept ways.
    let mut leaving: Vec<Vec<(i64, u32, f64)>> = vec![Vec::new(); evacuees.len()];
    for list in &mut totals {
        list.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        list.truncate(keep);
    }
    for (way, people, schedule) in &free.paths {
        let zone = free.pool.get(*way).zone as usize;
        if totals[zone].iter().any(|w| w.0 == *way) {
            leaving[zone].extend(schedule.iter().map(|d| (d.from, *way, d.share * people)));
        }
    }
    let mut mix: Mix = vec![Vec::new(); groups.len()];
    let mut at = 0;
    for (zone, list) in leaving.iter_mut().enumerate() {
        list.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.cmp(&b.1)));
        let total: f64 = list.iter().map(|l| l.2).sum();
        let scale = evacuees[zone] / total.max(1e-9);
        let mut queue = list.iter().map(|l| (l.1, l.2 * scale));
        let mut rest: Option<(u32, f64)> = queue.next();
        while at < groups.len() && groups[at].zone as usize == zone {
            let mut room = groups[at].share * evacuees[zone];
            let last = groups.get(at + 1).is_none_or(|next| next.zone as usize != zone);
            while let Some((way, people)) = rest {
                let part = if last { people } else { people.min(room) };
                if part > 0.0 {
                    match mix[at].iter_mut().find(|w: &&mut (u32, f64)| w.0 == way) {
                        Some(known) => known.1 += part,
                        None => mix[at].push((way, part)),
                    }
                }
                room -= part;
                rest = if part < people { Some((way, people - part)) } else { queue.next() };
                if !last && room <= 1e-9 {
                    break;
                }
            }
            at += 1;
        }
    }
    mix
}
