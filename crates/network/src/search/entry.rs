//! When an element may be entered.

use crate::{ElementIndex, Network};
use clearway_flow::TimeSet;

/// The earliest time in an open set that is not before `t`, ms: when somebody enters who waits from `t` on. `None`: never again.
#[inline]
pub fn next_entry(open: &TimeSet, t: i64) -> Option<i64> {
    open.ending_after(t).map(|(from, _)| from.max(t))
}

/// The latest time at which something may be entered, and what sets it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LatestEntry {
    /// The last moment in which it may be entered, ms.
    pub time: i64,
    /// The end of the open interval that `time` is the last moment of, ms, where closing comes before the time asked for; `None` where
    /// that time itself is open.
    pub closing: Option<i64>,
}

/// The latest time in an open set that is not after `t`; `None`: it was never open by then.
pub fn latest_entry(open: &TimeSet, t: i64) -> Option<LatestEntry> {
    let (_, until) = open.begun_by(t)?;
    Some(if t < until {
        LatestEntry { time: t, closing: None }
    } else {
        LatestEntry { time: until - 1, closing: Some(until) }
    })
}

impl Network {
    /// The first closure of the node before an element that is not over at `from` and has begun by `last`, both ms: somebody who waits there
    /// from `from` to `last` is overtaken by it. `None` for elements without a node before them (connectors of zones, admissions).
    #[inline]
    pub fn closure_in_wait(&self, element: ElementIndex, from: i64, last: i64) -> Option<(i64, i64)> {
        let closed = &self.node_closed[self.node_before(element)?];
        closed.ending_after(from).filter(|closure| closure.0 <= last)
    }

    /// When somebody who is before an element at `t` enters it. `None` if it does not open again, or if the node where they would wait is
    /// closed to presence meanwhile, the moment of entering included.
    pub fn entry_after(&self, element: ElementIndex, t: i64) -> Option<i64> {
        let entered = next_entry(&self.elements[element].open, t)?;
        self.closure_in_wait(element, t, entered).is_none().then_some(entered)
    }

    /// When each element of a way is entered by somebody who begins it at `start`, and when they are past the last one, ms. `None` if the
    /// way cannot be gone then.
    pub fn times_along(&self, way: &[ElementIndex], start: i64) -> Option<(Vec<i64>, i64)> {
        let mut entered = Vec::with_capacity(way.len());
        let mut past = start;
        for &element in way {
            let t = self.entry_after(element, past)?;
            entered.push(t);
            past = t + self.elements[element].tau;
        }
        Some((entered, past))
    }

    /// Travel time of a way without any wait, ms.
    pub fn free_time(&self, way: &[ElementIndex]) -> i64 {
        way.iter().map(|&element| self.elements[element].tau).sum()
    }
}
