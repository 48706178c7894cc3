//! What happens next: events by time, those of one moment by a fixed order.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Something to look at. Of two at one moment the smaller subject comes first, so that results never depend on the order in which
/// events were entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Event {
    /// When, µs from the start.
    pub time_us: i64,
    /// What, as a number below 2^[`SUBJECT_BITS`] whose meaning the caller knows.
    pub subject: u64,
}

/// A subject is an index of 32 bits and one bit for what it is an index of.
const SUBJECT_BITS: u32 = 33;
/// A bucket is 2^16 µs long: short enough that a busy town has some hundred events in it.
const BUCKET_BITS: u32 = 16;
/// A stretch is 2^12 buckets, 268 s: most events are entered less than that ahead.
const STRETCH_BITS: u32 = BUCKET_BITS + 12;

/// How many events are shown at once by [`Agenda::coming`]: what they need has to stay in the cache until they come.
pub const COMING: usize = 16;

/// A calendar queue of two levels (R. Brown, Communications of the ACM 31, 1988): far events in stretches, those of the current stretch in
/// buckets, only the current bucket in order. In a bucket an event is one number, its time within the bucket above its subject, so
/// that the order of numbers is the order of events.
#[derive(Debug)]
pub struct Agenda {
    end_us: i64,
    stretches: Vec<Vec<Event>>,
    stretch: usize,
    buckets: Vec<Vec<u64>>,
    bucket: usize,
    /// Events of the current bucket, the next last.
    sorted: Vec<u64>,
    /// Events that were entered into the current bucket since it was sorted.
    added: BinaryHeap<Reverse<u64>>,
    /// How many of the sorted have not been shown by [`Agenda::coming`].
    unshown: usize,
}

impl Agenda {
    /// For events before `end_us`; those from then on never happen.
    pub fn new(end_us: i64) -> Self {
        let stretches = usize::try_from(end_us.max(0) >> STRETCH_BITS).unwrap_or(0) + 1;
        Self {
            end_us,
            stretches: vec![Vec::new(); stretches],
            stretch: 0,
            buckets: vec![Vec::new(); 1 << (STRETCH_BITS - BUCKET_BITS)],
            bucket: 0,
            sorted: Vec::new(),
            added: BinaryHeap::new(),
            unshown: 0,
        }
    }

    /// Enters an event. One before the bucket of the last that was taken comes at the beginning of that bucket.
    pub fn push(&mut self, event: Event) {
        if event.time_us >= self.end_us {
            return;
        }
        let time_us = u64::try_from(event.time_us).unwrap_or(0).max(self.start_us());
        if to_index(time_us >> STRETCH_BITS) > self.stretch {
            self.stretches[to_index(time_us >> STRETCH_BITS)].push(event);
        } else {
            self.enter(time_us, event.subject);
        }
    }

    /// When the current bucket begins, µs.
    fn start_us(&self) -> u64 {
        (to_number(self.stretch) << STRETCH_BITS) | (to_number(self.bucket) << BUCKET_BITS)
    }

    /// Enters an event of the current stretch.
    fn enter(&mut self, time_us: u64, subject: u64) {
        let number = (time_us & ((1 << BUCKET_BITS) - 1)) << SUBJECT_BITS | subject;
        let bucket = to_index(time_us >> BUCKET_BITS & ((1 << (STRETCH_BITS - BUCKET_BITS)) - 1));
        if bucket > self.bucket {
            self.buckets[bucket].push(number);
        } else {
            self.added.push(Reverse(number));
        }
    }

    /// Takes the next event.
    pub fn pop(&mut self) -> Option<Event> {
        loop {
            let added = self.added.peek().map(|number| number.0);
            let number = match (self.sorted.last(), added) {
                (Some(&sorted), Some(added)) if added < sorted => self.added.pop().map(|number| number.0),
                (Some(_), _) => self.sorted.pop(),
                (None, Some(_)) => self.added.pop().map(|number| number.0),
                (None, None) => None,
            };
            if let Some(number) = number {
                let time_us = self.start_us() + (number >> SUBJECT_BITS);
                return Some(Event {
                    time_us: i64::try_from(time_us).unwrap_or(i64::MAX),
                    subject: number & ((1 << SUBJECT_BITS) - 1),
                });
            }
            if !self.next_bucket() {
                return None;
            }
        }
    }

    /// Whether there are coming events that [`Agenda::coming`] has not shown, while all that it has shown are over.
    pub fn has_unseen(&self) -> bool {
        self.sorted.len() <= self.unshown && self.unshown > 0
    }

    /// Subjects of the events that come next, at most [`COMING`], and none that is entered later.
    pub fn coming(&mut self) -> impl Iterator<Item = u64> + '_ {
        let left = self.sorted.len();
        self.unshown = left.saturating_sub(COMING);
        self.sorted[self.unshown..].iter().map(|number| number & ((1 << SUBJECT_BITS) - 1))
    }

    /// Goes on to the next bucket that has events; `false`: there is none.
    fn next_bucket(&mut self) -> bool {
        loop {
            let later = &mut self.buckets[self.bucket + 1..];
            if let Some(ahead) = later.iter().position(|bucket| !bucket.is_empty()) {
                self.bucket += 1 + ahead;
                // what is swapped keeps the memory of both
                std::mem::swap(&mut self.sorted, &mut self.buckets[self.bucket]);
                self.sorted.sort_unstable_by(|a, b| b.cmp(a));
                self.unshown = self.sorted.len();
                return true;
            }
            let Some(ahead) = self.stretches[self.stretch + 1..].iter().position(|events| !events.is_empty())
            else {
                return false;
            };
            self.stretch += 1 + ahead;
            self.bucket = 0;
            for event in std::mem::take(&mut self.stretches[self.stretch]) {
                self.enter(u64::try_from(event.time_us).unwrap_or(0), event.subject);
            }
            if !self.added.is_empty() {
                return true;
            }
        }
    }
}

fn to_index(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn to_number(index: usize) -> u64 {
    u64::try_from(index).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_come_by_time_and_then_by_subject() {
        let mut agenda = Agenda::new(10_000_000_000);
        let event = |time_us, subject| Event { time_us, subject };
        for one in
            [event(9_000_000_000, 1), event(5, 7), event(5, 3), event(70_000_000, 0), event(2, (1 << 33) - 1)]
        {
            agenda.push(one);
        }
        // never: the time ends before
        agenda.push(event(10_000_000_000, 2));
        assert_eq!(agenda.pop(), Some(event(2, (1 << 33) - 1)));
        assert_eq!(agenda.pop(), Some(event(5, 3)));
        agenda.push(event(5, 4));
        agenda.push(event(70_000_001, 0));
        let rest: Vec<Event> = std::iter::from_fn(|| agenda.pop()).collect();
        let expected =
            [event(5, 4), event(5, 7), event(70_000_000, 0), event(70_000_001, 0), event(9_000_000_000, 1)];
        assert_eq!(rest, expected);
    }

    /// The same as one heap of all, however far ahead events lie.
    #[test]
    fn it_is_a_queue_by_time() {
        let mut agenda = Agenda::new(1 << 40);
        let mut heap: BinaryHeap<Reverse<Event>> = BinaryHeap::new();
        let mut chance = 7u64;
        let mut next = |below: u64| {
            chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (chance >> 33) % below
        };
        let mut now = 0;
        for round in 0..20_000 {
            let ahead = [1, 100, 100_000, 1_000_000_000][to_index(next(4))];
            let event = Event { time_us: now + i64::try_from(next(ahead)).unwrap_or(0), subject: next(50) };
            agenda.push(event);
            heap.push(Reverse(event));
            if round % 3 != 0 {
                let taken = agenda.pop();
                assert_eq!(taken, heap.pop().map(|event| event.0));
                now = taken.map_or(now, |event| event.time_us);
            }
        }
        while let Some(event) = agenda.pop() {
            assert_eq!(Some(event), heap.pop().map(|event| event.0));
        }
        assert!(heap.is_empty());
    }
}
