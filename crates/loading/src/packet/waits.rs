//! Who waited where during a loading: busy periods of elements, and what one more would cost those behind.

use super::moving::PacketIndex;
use clearway_model::number;
use clearway_network::ElementIndex;
use typed_index_collections::TiVec;

/// Busy periods of one element, and from when on it takes nobody any more.
#[derive(Debug, Clone, Default)]
pub struct BusyPeriods {
    /// Begin and end, ascending, disjoint.
    pub periods: Vec<(i64, i64)>,
    /// Whoever comes from here on is stranded.
    pub shut: Option<i64>,
}

impl BusyPeriods {
    /// When the busy period ends in which somebody comes at `t`, ms; `None`: nobody is there then.
    #[inline]
    pub fn busy_until(&self, t: i64) -> Option<i64> {
        let begun = self.periods.partition_point(|period| period.0 <= t);
        self.periods[..begun].last().map(|period| period.1).filter(|&end| end > t)
    }
}

/// Who waited before an element, in the order of service, and what a longer queue would cost those behind.
#[derive(Debug, Clone, Default)]
pub struct QueuePasses {
    /// Per element the first of its passes, and the number of all at the end.
    first: Vec<u32>,
    passes: Vec<QueuePass>,
}

/// A packet that waited.
#[derive(Debug, Clone, Copy)]
struct QueuePass {
    /// When it came to the element, ms.
    arrive: i64,
    /// When it entered it, ms.
    leave: i64,
    /// Sum over the passes of the element so far: time of service of those who wait nowhere later, ms. A delay of others costs
    /// nothing, as they only wait less where they wait next.
    lost: i64,
}

impl QueuePasses {
    /// When somebody who comes to an element at `t`, in a busy period that ends at `end`, would enter it, and how much longer in
    /// all those behind would take, ms.
    pub fn enter(&self, element: ElementIndex, t: i64, end: i64) -> (i64, i64) {
        let passes = &self.passes[self.first_of(element.row())..self.first_of(element.row() + 1)];
        let until =
            |time: i64| passes.partition_point(|p| p.arrive <= time).checked_sub(1).map(|i| &passes[i]);
        let before = until(t);
        let lost = |pass: Option<&QueuePass>| pass.map_or(0, |p| p.lost);
        (before.map_or(t, |p| p.leave.max(t)), lost(until(end)) - lost(before))
    }

    /// The first pass of the element with this number; behind the last element, how many passes there are.
    fn first_of(&self, element: usize) -> usize {
        number::index(self.first[element])
    }

    /// Takes over the waits of a loading on so many elements: sorts them by element and sums up what delays there would cost. `done`:
    /// packets that never arrive; here those are added that wait somewhere later.
    pub(super) fn take(&mut self, elements: usize, waits: &[NotedWait], done: &mut TiVec<PacketIndex, bool>) {
        // Backwards, so that a packet's last wait comes first.
        let mut counts = vec![0u32; elements + 1];
        let mut costs = vec![false; waits.len()];
        for (wait, costs) in waits.iter().zip(&mut costs).rev() {
            counts[wait.element.row() + 1] += 1;
            *costs = !done[wait.packet];
            // What a packet waits for its own kind only, in a flow that fits, is no queue.
            done[wait.packet] |= wait.leave - wait.arrive > wait.service;
        }
        for element in 0..elements {
            counts[element + 1] += counts[element];
        }
        self.first.clone_from(&counts);
        self.passes.clear();
        self.passes.resize(waits.len(), QueuePass { arrive: 0, leave: 0, lost: 0 });
        for (wait, costs) in waits.iter().zip(costs) {
            let element = wait.element.row();
            let at = number::index(counts[element]);
            counts[element] += 1;
            let before = (at > self.first_of(element)).then(|| self.passes[at - 1]);
            let since = before.map_or(wait.arrive, |p| p.leave.max(wait.arrive)).min(wait.leave);
            let lost = before.map_or(0, |p| p.lost) + if costs { wait.leave - since } else { 0 };
            self.passes[at] = QueuePass { arrive: wait.arrive, leave: wait.leave, lost };
        }
    }
}

/// A waiting as it is noted during a replay.
#[derive(Debug, Clone, Copy)]
pub(super) struct NotedWait {
    pub element: ElementIndex,
    pub packet: PacketIndex,
    /// When the packet came to the element, ms.
    pub arrive: i64,
    /// When it entered it, ms.
    pub leave: i64,
    /// How long the packet itself takes to enter, ms.
    pub service: i64,
}
