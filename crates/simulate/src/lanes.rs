//! Queues at the ends of streets: which lanes there are, who stands in which, and how much a turn of each costs.

use crate::traffic::Demand;
use clearway_model::number::{compact as number, index as at};

/// Weights of approaches are rates; a stamp grows by this over the weight for each person.
const STAMP_SCALE: u64 = 1 << 60;
/// The weight of an approach to something that nothing limits, where it does not count.
const NO_RATE: u64 = 1 << 40;

/// A queue at the end of a street, or before one at an origin. Each vehicle in it knows the one behind it.
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
    /// To which street that one went.
    pub left_to: Option<u32>,
    /// By how much its stamp grows for each person: less for a road of more capacity; 0 at an origin, where nobody else waits.
    pub turn: u64,
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

/// The queues at the ends of streets, and for each path the queue at each of its places.
pub fn lane_queues(demand: &Demand<'_>) -> (Vec<LaneQueue>, Itineraries) {
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
            turn: STAMP_SCALE / weight,
            ..LaneQueue::default()
        }));
    }
    let queue_of = |street: u32, then: u32| {
        let wanted = &next[at(street)];
        let rank = wanted.partition_point(|&street| street < then);
        let groups = wanted.len().min(at(demand.streets[at(street)].lane_groups.max(1)));
        // where there are fewer lanes than ways to go on, neighbours in the order of streets share a lane
        first_queue[at(street)] + number(rank * groups / wanted.len())
    };
    let mut itineraries = Itineraries { steps: Vec::new(), first: vec![0] };
    for path in demand.paths {
        itineraries.steps.extend((0..path.len()).map(|place| Step {
            street: path[place],
            queue: path.get(place + 1).map(|&then| queue_of(path[place], then)),
        }));
        itineraries.first.push(number(itineraries.steps.len()));
    }
    (queues, itineraries)
}
