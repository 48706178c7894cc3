//! People on a link beyond those who fit there (`docs/reference/semantics.md`, Overflow).
//!
//! A link is told of each packet when it goes on, in the order in which they entered it. Everybody who comes later enters, and goes on,
//! after the last person of that packet has entered: up to that moment the number of people on the link is known, and what is over
//! the room is summed up at once. So a link remembers no more packets than are on it.

use crate::number::real;
use crate::room::LinkRoom;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// More people than fit by no more than this are none.
const NONE_OVER: f64 = 1e-6;

/// People who come, or make room (less than 0), evenly from one time to another, microseconds; all at once if these are one.
type Change = (i64, i64, i64);

/// What is over the room of a link.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Overflow {
    /// People beyond those who fit times microseconds.
    pub person_us: f64,
    /// When there are first more than fit, microseconds.
    pub from_us: f64,
    /// When there are more than fit for the last time, microseconds.
    pub until_us: f64,
}

/// The people on one link.
#[derive(Debug)]
pub(crate) struct LinkCrowd {
    pub room: LinkRoom,
    horizon: i64,
    /// Up to when the people are counted, microseconds.
    now: i64,
    /// People of all changes that are over.
    whole: i64,
    under_way: Vec<Change>,
    to_come: BinaryHeap<Reverse<Change>>,
    /// Most people at any one time.
    pub most: f64,
    /// `None`: there never were more than fit.
    pub over: Option<Overflow>,
}

impl LinkCrowd {
    pub fn new(room: LinkRoom, horizon: i64) -> Self {
        Self {
            room,
            horizon,
            now: 0,
            whole: 0,
            under_way: Vec::new(),
            to_come: BinaryHeap::new(),
            most: 0.0,
            over: None,
        }
    }

    /// A packet entered from the first to the last of two times, and goes on likewise; `None`: it never does.
    pub fn passes(&mut self, people: i64, entered: (i64, i64), goes_on: Option<(i64, i64)>) {
        self.to_come.push(Reverse((entered.0, entered.1, people)));
        if let Some((first, last)) = goes_on {
            let wave = self.room.wave_us;
            self.to_come.push(Reverse((first + wave, last + wave, -people)));
        }
        self.count_until(entered.1);
    }

    /// Nobody comes any more.
    pub fn close(&mut self) {
        self.count_until(self.horizon);
        self.begin_changes();
        let people = self.people_at(self.horizon);
        self.add((self.now, people), (self.now, people));
    }

    fn count_until(&mut self, time: i64) {
        let time = time.min(self.horizon);
        while self.now < time {
            self.begin_changes();
            let first_end = self.under_way.iter().map(|change| change.1).min();
            let next_begin = self.to_come.peek().map(|change| change.0.0);
            let next = first_end.into_iter().chain(next_begin).fold(time, i64::min);
            let (before, after) = (self.people_at(self.now), self.people_at(next));
            self.add((self.now, before), (next, after));
            self.now = next;
        }
    }

    /// Puts those changes under way that have begun, and counts those whole that are over.
    fn begin_changes(&mut self) {
        let now = self.now;
        while self.to_come.peek().is_some_and(|change| change.0.0 <= now) {
            self.under_way.extend(self.to_come.pop().map(|change| change.0));
        }
        let over: i64 = self.under_way.iter().filter(|change| change.1 <= now).map(|change| change.2).sum();
        self.whole += over;
        self.under_way.retain(|change| change.1 > now);
    }

    /// People on the link at a time before any other change begins or ends.
    fn people_at(&self, time: i64) -> f64 {
        let part = |&(from, until, people): &Change| real(people) * real(time - from) / real(until - from);
        real(self.whole) + self.under_way.iter().map(part).sum::<f64>()
    }

    /// Between two moments the people change evenly.
    fn add(&mut self, (from, before): (i64, f64), (until, after): (i64, f64)) {
        self.most = self.most.max(before).max(after);
        let limit = self.room.people + NONE_OVER;
        if before <= limit && after <= limit {
            return;
        }
        let (mut begin, mut end) = (real(from), real(until));
        let (mut first, mut last) = (before, after);
        let crossing = begin + (end - begin) * (limit - before) / (after - before);
        if before <= limit {
            (begin, first) = (crossing, limit);
        }
        if after <= limit {
            (end, last) = (crossing, limit);
        }
        let area = ((first - self.room.people) + (last - self.room.people)) / 2.0 * (end - begin);
        let over = self.over.get_or_insert(Overflow { person_us: 0.0, from_us: begin, until_us: end });
        over.person_us += area;
        over.until_us = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn crowd(people: f64, wave_us: i64) -> LinkCrowd {
        LinkCrowd::new(LinkRoom { vehicles: 1, people, wave_us }, 1000)
    }

    /// 10 people enter from 0 to 10 and go on from 20 to 30, room for 4, a gap takes 5: t until 10, 10 until 25, then down to 0 at 35.
    /// Two slopes of 6 x 6 / 2 and 6 x 15 between them.
    #[test]
    fn a_trapezium_over_the_room() {
        let mut crowd = crowd(4.0, 5);
        crowd.passes(10, (0, 10), Some((20, 30)));
        crowd.close();
        let over = crowd.over.unwrap();
        assert!((over.person_us - 126.0).abs() < 1e-4, "{over:?}");
        assert!((over.from_us - 4.0).abs() < 1e-5 && (over.until_us - 31.0).abs() < 1e-5, "{over:?}");
        assert_eq!(crowd.most, 10.0);
    }

    /// Seven at once, two more than fit, for 5; and two who never go on beside three, none over.
    #[test]
    fn at_once_and_never() {
        let mut rectangle = crowd(5.0, 0);
        rectangle.passes(7, (3, 3), Some((8, 8)));
        rectangle.close();
        let over = rectangle.over.unwrap();
        assert_eq!((over.person_us, over.from_us, over.until_us), (10.0, 3.0, 8.0));
        let mut never = crowd(5.0, 0);
        never.passes(2, (0, 10), None);
        never.passes(3, (10, 20), Some((30, 40)));
        never.close();
        assert_eq!((never.over, never.most), (None, 5.0));
    }
}
