//! Queues at the ends of streets: which lanes there are, who stands in which, and how much a turn of each costs.
//!
//! Who stands in a lane is first in, first out but for a pocket at its end: so many vehicles may pass the first one there to go on to
//! other streets than those before them. Without it two saturated streets that cross, each lane half for one way on and half for the
//! other, would let through three quarters of their capacity, since the first of a lane waits for a way that is taken while the other is
//! idle (Karol, Hluchyj and Morgan, IEEE Transactions on Communications 35, 1987); traffic as a fluid, which node models of kinematic
//! waves take it for (Tampère et al., Transportation Research B 45, 2011), loses nothing there.

use crate::traffic::Demand;
use clearway_model::number::{compact as number, index as at};
use std::ops::Range;

/// Weights of approaches are rates; a stamp grows by this over the weight for each person.
const STAMP_SCALE: u64 = 1 << 60;
/// The weight of an approach to something that nothing limits, where it does not count.
const NO_RATE: u64 = 1 << 40;

/// Those in a lane, or in lanes side by side, who go on to the same street; or those before a street at an origin. Each vehicle knows the
/// one behind it.
#[derive(Debug, Clone, Default)]
#[repr(align(64))]
pub struct LaneQueue {
    /// The street at whose end it stands; `None`: at an origin.
    pub street: Option<u32>,
    /// Its first vehicle.
    pub head: Option<u32>,
    /// Its last vehicle.
    pub tail: Option<u32>,
    /// Finish stamp of its head, given when the head comes to the end of the street; before that of the last that left.
    pub stamp: u128,
    /// When the last that left it went, µs, if any has.
    pub left_us: i64,
    /// Whether who stood behind that one has waited for the same street since: not where others of the lane stood before it.
    pub has_waited: bool,
    /// By how much its stamp grows for each person: less for a road of more capacity; 0 at an origin, where nobody else waits.
    pub turn: u64,
    /// The lane that it is a part of.
    pub lane: u32,
    /// Whether its head stands too far back in the lane to go on.
    pub is_behind: bool,
}

/// Who has left a lane whose vehicles go on to several streets.
#[derive(Debug, Clone, Copy, Default)]
pub struct Lane {
    /// Vehicles that have come to stand in it.
    came: u32,
    /// Number of the first that is still in it.
    first: u32,
    /// Of those behind it, by a bit each, who has left.
    left: u64,
    /// Number of the first before that, and when it was out, µs.
    before: (u32, i64),
    /// How many may stand before one that goes on.
    pocket: u32,
    /// Its queues: the first, and the one behind the last.
    queues: (u32, u32),
}

/// So many vehicles may pass at the most.
pub const MOST_IN_POCKET: u32 = 63;

impl Lane {
    /// An empty lane with some queues.
    pub fn new(pocket: u32, queues: (u32, u32)) -> Self {
        Self { pocket: pocket.min(MOST_IN_POCKET), queues, ..Self::default() }
    }

    /// Its queues.
    pub fn queues(&self) -> Range<u32> {
        self.queues.0..self.queues.1
    }

    /// A vehicle comes to stand in it: its number.
    pub fn come(&mut self) -> u32 {
        self.came += 1;
        self.came - 1
    }

    /// From when on a vehicle is near enough to the end of the street to go on, µs; `None`: others have to leave first.
    pub fn reaches_us(&self, number: u32) -> Option<i64> {
        let (before, out_us) = self.before;
        let from_us = if number - before <= self.pocket { 0 } else { out_us };
        (number - self.first <= self.pocket).then_some(from_us)
    }

    /// A vehicle leaves and is out at a time; whether others are the first now.
    pub fn leave(&mut self, number: u32, out_us: i64) -> bool {
        let place = number - self.first;
        if place > 0 {
            self.left |= 1 << (place - 1);
            return false;
        }
        self.before = (self.first, out_us);
        let gone = 1 + self.left.trailing_ones();
        self.first += gone;
        self.left = self.left.checked_shr(gone).unwrap_or(0);
        true
    }
}

/// A street on a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// The street.
    pub street: u32,
    /// The queue at its end in which vehicles of this path stand; `None`: the path ends here.
    pub queue: Option<u32>,
}

/// All paths, one after the other.
#[derive(Debug, Default)]
pub struct Itineraries {
    steps: Vec<Step>,
    /// Per path the place of its first step, and the number of all steps.
    first: Vec<u32>,
}

impl Itineraries {
    /// Where the steps of a path begin.
    pub fn start(&self, path: u32) -> u32 {
        self.first[at(path)]
    }

    /// The step at a place.
    pub fn step(&self, place: u32) -> Step {
        self.steps[at(place)]
    }

    /// The street at a place of a path, counted from 0; `None`: the path is over.
    pub fn street(&self, path: u32, place: u32) -> Option<u32> {
        let (first, end) = (at(self.first[at(path)]), at(self.first[at(path) + 1]));
        self.steps[first..end].get(at(place)).map(|step| step.street)
    }
}

/// The queues at the ends of streets, their lanes, and for each path the queue at each of its places.
pub fn lane_queues(demand: &Demand<'_>) -> (Vec<LaneQueue>, Vec<Lane>, Itineraries) {
    let mut next: Vec<Vec<u32>> = vec![Vec::new(); demand.streets.len()];
    for path in demand.paths {
        for pair in path.windows(2) {
            let wanted = &mut next[at(pair[0])];
            // many paths go the same way one after the other
            if wanted.last() != Some(&pair[1]) {
                wanted.push(pair[1]);
            }
        }
    }
    let (mut queues, mut lanes) = (Vec::new(), Vec::new());
    let mut first_queue = Vec::with_capacity(next.len());
    for (street, wanted) in (0..).zip(&mut next) {
        wanted.sort_unstable();
        wanted.dedup();
        let first = number(queues.len());
        first_queue.push(first);
        let model = &demand.streets[at(street)];
        // where there are fewer lanes than ways to go on, neighbours in the order of streets share a lane
        let groups = wanted.len().min(at(model.lane_groups.max(1)));
        // a way out of a zone that nothing limits counts as much as the road that it leads into, not more
        let into = wanted.iter().map(|&next| demand.streets[at(next)].rate.unwrap_or(NO_RATE)).max();
        let weight = model.rate.or(into).unwrap_or(NO_RATE).max(1);
        let begin = |group: usize| first + number((group * wanted.len()).div_ceil(groups.max(1)));
        for group in 0..groups {
            let lane = Lane::new(model.pocket, (begin(group), begin(group + 1)));
            queues.extend(lane.queues().map(|_| LaneQueue {
                street: Some(street),
                turn: STAMP_SCALE / weight,
                lane: number(lanes.len()),
                ..LaneQueue::default()
            }));
            lanes.push(lane);
        }
    }
    let queue_of = |street: u32, then: u32| {
        first_queue[at(street)] + number(next[at(street)].partition_point(|&street| street < then))
    };
    let mut itineraries = Itineraries { steps: Vec::new(), first: vec![0] };
    for path in demand.paths {
        itineraries.steps.extend((0..path.len()).map(|place| Step {
            street: path[place],
            queue: path.get(place + 1).map(|&then| queue_of(path[place], then)),
        }));
        itineraries.first.push(number(itineraries.steps.len()));
    }
    (queues, lanes, itineraries)
}
