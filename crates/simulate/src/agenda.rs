//! What happens next: events by time, those of one moment by a fixed order.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Something to look at. Of two at one moment the smaller subject comes first, so that results never depend on the order in which
/// events were entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Event {
    /// When, µs from the start.
    pub time_us: i64,
    /// What, as a number whose meaning [`crate::traffic`] knows.
    pub subject: u64,
}

/// Events by time: one unsorted list per stretch of time, only the current stretch is kept in order. Most events are entered far
/// ahead and looked at once, so that this costs less than one heap of all.
#[derive(Debug)]
pub struct Agenda {
    width_us: i64,
    stretches: Vec<Vec<Event>>,
    now: usize,
    heap: BinaryHeap<Reverse<Event>>,
}

/// How many stretches of time.
const STRETCHES: i64 = 1 << 15;

impl Agenda {
    /// For events before and about `end_us`; later ones are allowed.
    pub fn new(end_us: i64) -> Self {
        let width_us = (end_us / STRETCHES + 1).max(1000);
        let stretches = (0..=STRETCHES).map(|_| Vec::new()).collect();
        Self { width_us, stretches, now: 0, heap: BinaryHeap::new() }
    }

    /// Enters an event, not before the last that was taken.
    pub fn push(&mut self, event: Event) {
        let stretch =
            usize::try_from(event.time_us / self.width_us).unwrap_or(0).min(self.stretches.len() - 1);
        if stretch <= self.now {
            self.heap.push(Reverse(event));
        } else {
            self.stretches[stretch].push(event);
        }
    }

    /// Takes the next event.
    pub fn pop(&mut self) -> Option<Event> {
        loop {
            if let Some(Reverse(event)) = self.heap.pop() {
                return Some(event);
            }
            self.now += 1;
            let stretch = self.stretches.get_mut(self.now)?;
            self.heap.extend(std::mem::take(stretch).into_iter().map(Reverse));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_come_by_time_and_then_by_subject() {
        let mut agenda = Agenda::new(10_000_000);
        let event = |time_us, subject| Event { time_us, subject };
        for one in [event(9_000_000, 1), event(5, 7), event(5, 3), event(70_000_000, 0)] {
            agenda.push(one);
        }
        assert_eq!(agenda.pop(), Some(event(5, 3)));
        agenda.push(event(5, 4));
        let rest: Vec<Event> = std::iter::from_fn(|| agenda.pop()).collect();
        assert_eq!(rest, [event(5, 4), event(5, 7), event(9_000_000, 1), event(70_000_000, 0)]);
    }
}
