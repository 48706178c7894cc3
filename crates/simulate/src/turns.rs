//! Heads of queues that want to enter the same street, and whose turn it is.

use crate::lanes::LaneQueue;
use clearway_model::number::index as at;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The heads that wait to enter a street. A stamp is given once and stays, so that a heap holds them; whether the street behind lets
/// somebody out changes with time, so that a head is looked at again when it comes to the top.
#[derive(Debug, Clone, Default)]
#[repr(align(64))]
pub struct Heads {
    /// By stamp, then by queue.
    ready: BinaryHeap<Reverse<(u128, u32)>>,
    /// Those whose own street was still letting somebody out, by the time at which it was to be done: never later than it is.
    held: BinaryHeap<Reverse<(i64, u32)>>,
}

/// Whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// The head of this queue, which stays among those who wait until [`Heads::take`].
    Now(u32),
    /// Nobody's before this time, µs.
    From(i64),
    /// Nobody waits.
    Nobody,
}

impl Heads {
    /// Whether nobody waits.
    pub fn is_empty(&self) -> bool {
        self.ready.is_empty() && self.held.is_empty()
    }

    /// The queue whose turn it probably is next.
    pub fn likely(&self) -> Option<u32> {
        let held = || self.held.peek().map(|held| held.0.1);
        self.ready.peek().map(|ready| ready.0.1).or_else(held)
    }

    /// The head of a queue waits, with its stamp.
    pub fn push(&mut self, stamp: u128, queue: u32) {
        self.ready.push(Reverse((stamp, queue)));
    }

    /// Of the heads that their own street lets out by `now`, the one with the smallest stamp. `free_us`: when the street of a queue has
    /// let out its last vehicle; it only grows.
    pub fn next(&mut self, now: i64, queues: &[LaneQueue], free_us: impl Fn(&LaneQueue) -> i64) -> Turn {
        while let Some(&Reverse((until, queue))) = self.held.peek().filter(|held| held.0.0 <= now) {
            self.held.pop();
            let lane = &queues[at(queue)];
            let free = free_us(lane);
            if free > now && free > until {
                self.held.push(Reverse((free, queue)));
            } else {
                self.ready.push(Reverse((lane.stamp, queue)));
            }
        }
        while let Some(&Reverse((_, queue))) = self.ready.peek() {
            let free = free_us(&queues[at(queue)]);
            if free <= now {
                return Turn::Now(queue);
            }
            self.ready.pop();
            self.held.push(Reverse((free, queue)));
        }
        // the first of those who are held, once it is sure that it is not held longer
        while let Some(&Reverse((until, queue))) = self.held.peek() {
            let free = free_us(&queues[at(queue)]);
            if free == until {
                return Turn::From(until);
            }
            self.held.pop();
            self.held.push(Reverse((free, queue)));
        }
        Turn::Nobody
    }

    /// Takes away the head whose turn [`Heads::next`] has said it is.
    pub fn take(&mut self) {
        self.ready.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_stamp_goes_among_those_whose_street_lets_them_out() {
        let lane = |street, stamp| LaneQueue { street: Some(street), stamp, ..LaneQueue::default() };
        let queues = [lane(0, 30), lane(1, 10), lane(2, 20), lane(1, 5)];
        let mut heads = Heads::default();
        assert_eq!(heads.next(0, &queues, |_| 0), Turn::Nobody);
        for (queue, lane) in (0..).zip(&queues) {
            heads.push(lane.stamp, queue);
        }
        let free = |times: [i64; 3]| move |lane: &LaneQueue| times[lane.street.map_or(0, at)];
        assert_eq!(heads.next(5, &queues, free([9, 8, 7])), Turn::From(7));
        // street 2 has let out another one meanwhile, and street 0 is free before it was to be looked at again
        assert_eq!(heads.next(7, &queues, free([9, 8, 11])), Turn::From(8));
        assert_eq!(heads.next(8, &queues, free([9, 8, 11])), Turn::Now(3));
        heads.take();
        assert_eq!(heads.next(8, &queues, free([9, 20, 11])), Turn::From(9));
        assert_eq!(heads.next(11, &queues, free([9, 20, 11])), Turn::Now(2));
        heads.take();
        assert_eq!(heads.next(11, &queues, free([9, 20, 11])), Turn::Now(0));
        heads.take();
        assert_eq!(heads.next(11, &queues, free([9, 20, 11])), Turn::From(20));
        assert!(!heads.is_empty());
    }
}
