//! Queues at the ends of streets: which lanes there are, who stands in which, and how much a turn of each costs.

use crate::traffic::Demand;
use clearway_model::number::{compact as number, index as at};
use std::collections::VecDeque;

/// Weights of approaches are rates; a stamp grows by this over the weight for each person.
const STAMP_SCALE: u128 = 1 << 60;
/// The weight of an approach to something that nothing limits, where it does not count.
const NO_RATE: u64 = 1 << 40;

/// A queue at the end of a street, or before one at an origin.
#[derive(Debug, Clone, Default)]
pub struct LaneQueue {
    /// The street at whose end it stands; `None`: at an origin.
    pub street: Option<u32>,
    /// Who stands in it, the head first.
    pub vehicles: VecDeque<u32>,
    /// Finish stamp of its head, given when the head comes to the end of the street; before that of the last that left.
    pub stamp: u128,
    /// When the last that left it went, and to which street.
    pub left: Option<(i64, u32)>,
    /// By how much its stamp grows for each person: less for a road of more capacity; 0 at an origin, where nobody else waits.
    pub turn: u128,
}

/// The queues at the ends of streets, and for each path the queue at each of its places but the last.
pub fn lane_queues(demand: &Demand<'_>) -> (Vec<LaneQueue>, Vec<Vec<u32>>) {
    let mut next: Vec<Vec<u32>> = vec![Vec::new(); demand.streets.len()];
    for path in demand.paths {
        for pair in path.windows(2) {
            next[at(pair[0])].push(pair[1]);
        }
    }
    let mut queues = Vec::new();
    let mut first_queue = Vec::with_capacity(next.len());
    for (street, wanted) in (0..).zip(&mut next) {
        wanted.sort_unstable();
        wanted.dedup();
        first_queue.push(number(queues.len()));
        let model = &demand.streets[at(street)];
        let groups = wanted.len().min(at(model.lane_groups.max(1)));
        // a way out of a zone that nothing limits counts as much as the road that it leads into, not more
        let into = wanted.iter().map(|&next| demand.streets[at(next)].rate.unwrap_or(NO_RATE)).max();
        let weight = model.rate.or(into).unwrap_or(NO_RATE).max(1);
        queues.extend((0..groups).map(|_| LaneQueue {
            street: Some(street),
            turn: STAMP_SCALE / u128::from(weight),
            ..LaneQueue::default()
        }));
    }
    let queue_of = |pair: &[u32]| {
        let wanted = &next[at(pair[0])];
        let rank = wanted.partition_point(|&street| street < pair[1]);
        let groups = wanted.len().min(at(demand.streets[at(pair[0])].lane_groups.max(1)));
        // where there are fewer lanes than ways to go on, neighbours in the order of streets share a lane
        first_queue[at(pair[0])] + number(rank * groups / wanted.len())
    };
    let queue_at = demand.paths.iter().map(|path| path.windows(2).map(queue_of).collect()).collect();
    (queues, queue_at)
}
