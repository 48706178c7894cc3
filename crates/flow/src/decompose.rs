//! The flow taken apart into paths: who goes which way, leaving when.

use crate::EarliestArrival;
use crate::arc::{Amount, UNLIMITED};
use crate::hops::ArcHop;
use crate::index::{ArcIndex, VertexIndex};
use crate::number::float;
use std::collections::BTreeMap;

/// People on one path.
#[derive(Debug, Clone, PartialEq)]
pub struct PathFlow {
    /// Vertex of the source whose people they are.
    pub source: u32,
    /// Arcs of the problem, in the order of travel.
    pub arcs: Vec<u32>,
    /// (departure ms, people), ascending.
    pub departures: Vec<(i64, f64)>,
}

/// Takes the engine's flow apart. Paths are merged by their arcs; departures are times at the source vertex.
pub fn decompose(engine: &EarliestArrival) -> Vec<PathFlow> {
    // Flow still to be taken, per arc as (slot, amount) ascending, with a cursor.
    let mut left: Vec<Vec<(i32, Amount)>> = engine.arcs.iter().map(|arc| arc.flows().collect()).collect();
    // Emptied entries stay in place (a path may pass an arc twice); what is before the cursor is empty.
    let mut begin = vec![0; left.len()];
    let mut paths: BTreeMap<(VertexIndex, Vec<u32>), BTreeMap<i32, u64>> = BTreeMap::new();
    let mut arcs: Vec<u32> = Vec::new();
    let mut picks: Vec<(ArcIndex, usize)> = Vec::new();
    for supply in &engine.supplies {
        let source = supply.vertex;
        loop {
            let mut vertex = source;
            let mut index = i32::MIN;
            let mut amount = UNLIMITED;
            let mut departure = 0;
            let mut circle = false;
            arcs.clear();
            picks.clear();
            while engine.terminal_room[vertex].is_none() {
                // The earliest flow out of here at or after this index; ties to the lowest arc.
                let mut best: Option<(i32, ArcIndex, usize)> = None;
                for &ArcHop { arc, .. } in engine.outbound.of(vertex) {
                    let list = &left[arc];
                    let mut at = list.partition_point(|entry| entry.0 < index).max(begin[arc]);
                    while list.get(at).is_some_and(|entry| entry.1 == 0) {
                        at += 1;
                    }
                    if let Some(&(slot, _)) = list.get(at)
                        && best.is_none_or(|b| (slot, arc) < (b.0, b.1))
                    {
                        best = Some((slot, arc, at));
                    }
                }
                let Some((slot, arc, at)) = best else { break };
                if picks.is_empty() {
                    departure = slot;
                }
                if let Some(again) = picks.iter().rposition(|pick| *pick == (arc, at)) {
                    // A circle in no time: it moves nobody and is taken out of the flow. Augmenting paths may leave such circles, each
                    // step of which is sound by itself; without this they would be followed for ever.
                    let round = picks[again..].iter().map(|&(arc, at)| left[arc][at].1).min();
                    for &(arc, at) in &picks[again..] {
                        left[arc][at].1 -= round.unwrap_or(0);
                    }
                    circle = true;
                    break;
                }
                amount = amount.min(left[arc][at].1);
                picks.push((arc, at));
                arcs.push(engine.arc_of[arc].number());
                vertex = engine.arcs[arc].head;
                index = slot + engine.arcs[arc].shift;
            }
            if circle {
                continue;
            }
            if picks.is_empty() {
                break;
            }
            for &(arc, at) in picks.iter().rev() {
                let entry = &mut left[arc][at];
                entry.1 = entry.1.saturating_sub(amount);
                let (list, begin) = (&left[arc], &mut begin[arc]);
                while list.get(*begin).is_some_and(|entry| entry.1 == 0) {
                    *begin += 1;
                }
            }
            if engine.terminal_room[vertex].is_some() {
                *paths.entry((source, arcs.clone())).or_default().entry(departure).or_default() +=
                    u64::from(amount);
            }
        }
    }
    let people = |amount: u64| float(amount) * engine.unit() / 1000.0;
    paths
        .into_iter()
        .map(|((source, arcs), departures)| PathFlow {
            source: source.number(),
            arcs,
            departures: departures
                .into_iter()
                .map(|(slot, amount)| {
                    let at = i64::from(slot) * engine.step() - engine.distance[source];
                    (at.max(0), people(amount))
                })
                .collect(),
        })
        .collect()
}
