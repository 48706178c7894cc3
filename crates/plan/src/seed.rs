//! The first mix: the unrestricted-route flow taken apart, its heaviest paths kept.

use crate::local_search::{Mix, ZoneGroup};
use clearway_flow::{EarliestArrival, PathFlow, StepRounding, decompose};
use clearway_loading::path::{PathIndex, PathPool};
use clearway_loading::schedule::{DepartureWindow, Schedule};
use clearway_model::Cancel;
use clearway_model::number;
use clearway_network::{ElementIndex, FlowPlaces, Network, PerZone, ThresholdPlace};

/// The optimal flow over unlimited ways.
#[derive(Debug)]
pub struct UnrestrictedFlow {
    /// The paths that it takes.
    pub pool: PathPool,
    /// Per part of the flow: path, people, departures.
    pub paths: Vec<(PathIndex, f64, Schedule)>,
    /// Per zone, people who arrive by the horizon.
    pub moved: PerZone<f64>,
}

/// Runs the engine with nearest rounding at `step` ms and takes its flow apart.
pub fn free_flow(network: &Network, places: &FlowPlaces, step: i64, cancel: &Cancel) -> UnrestrictedFlow {
    let mut engine = EarliestArrival::new(&places.problem, step, StepRounding::Nearest);
    while !engine.is_done() && !cancel.is_cancelled() {
        engine.advance();
    }
    let mut pool = PathPool::default();
    let mut moved = PerZone::from(vec![0.0; network.zones.len()]);
    let mut paths = Vec::new();
    for PathFlow { source, arcs, departures } in decompose(&engine) {
        let Some(ThresholdPlace::Zone(zone)) = places.place[number::index(source)] else { continue };
        let elements: Vec<ElementIndex> =
            arcs.iter().filter_map(|&arc| places.element[number::index(arc)]).collect();
        let people: f64 = departures.iter().map(|d| d.1).sum();
        if people <= 0.0 {
            continue;
        }
        moved[zone] += people;
        let schedule = departures
            .iter()
            .map(|&(at, n)| DepartureWindow {
                from: at,
                until: (at + step).min(network.horizon),
                share: n / people,
            })
            .collect();
        paths.push((pool.insert(network, zone, &elements), people, schedule));
    }
    UnrestrictedFlow { pool, paths, moved }
}

/// Per zone the `keep` heaviest paths, divided over its groups as people leave in the flow, first come first; scaled so that
/// `evacuees` people of each zone move.
pub fn heaviest(free: &UnrestrictedFlow, keep: usize, groups: &[ZoneGroup], evacuees: &PerZone<f64>) -> Mix {
    let mut totals: PerZone<Vec<(PathIndex, f64)>> = vec![Vec::new(); evacuees.len()].into();
    for &(path, people, _) in &free.paths {
        let list = &mut totals[free.pool.get(path).zone];
        match list.iter_mut().find(|w| w.0 == path) {
            Some(known) => known.1 += people,
            None => list.push((path, people)),
        }
    }
    // Per zone, who leaves when by which of its kept paths.
    let mut leaving: PerZone<Vec<(i64, PathIndex, f64)>> = vec![Vec::new(); evacuees.len()].into();
    for list in &mut totals {
        list.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        list.truncate(keep);
    }
    for (path, people, schedule) in &free.paths {
        let zone = free.pool.get(*path).zone;
        if totals[zone].iter().any(|w| w.0 == *path) {
            leaving[zone].extend(schedule.iter().map(|d| (d.from, *path, d.share * people)));
        }
    }
    let mut mix: Mix = vec![Vec::new(); groups.len()];
    let mut at = 0;
    for (zone, list) in leaving.iter_mut_enumerated() {
        list.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.cmp(&b.1)));
        let total: f64 = list.iter().map(|l| l.2).sum();
        let scale = evacuees[zone] / total.max(1e-9);
        let mut queue = list.iter().map(|l| (l.1, l.2 * scale));
        let mut rest: Option<(PathIndex, f64)> = queue.next();
        while at < groups.len() && groups[at].zone == zone {
            let mut room = groups[at].share * evacuees[zone];
            let last = groups.get(at + 1).is_none_or(|next| next.zone != zone);
            while let Some((path, people)) = rest {
                let part = if last { people } else { people.min(room) };
                if part > 0.0 {
                    match mix[at].iter_mut().find(|w: &&mut (PathIndex, f64)| w.0 == path) {
                        Some(known) => known.1 += part,
                        None => mix[at].push((path, part)),
                    }
                }
                room -= part;
                rest = if part < people { Some((path, people - part)) } else { queue.next() };
                if !last && room <= 1e-9 {
                    break;
                }
            }
            at += 1;
        }
    }
    mix
}
