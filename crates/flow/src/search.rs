//! The backward residual search: for every vertex the latest index from which a terminal can still be reached.
//!
//! One label per vertex suffices because waiting is free: who can reach a terminal from index k can from every earlier one.
//! Labels only grow during a search; each keeps how it was reached, so that a path can be read off at any index.

use crate::arc::ArcState;
use crate::engine::{ArcSlots, Waiting};
use crate::hops::{Hop, Hops};
use std::collections::VecDeque;

/// Along an arc, or against it by cancelling flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    Along,
    Back,
}

/// One step of an augmenting path.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Step {
    pub arc: u32,
    pub way: Way,
    /// Slot of the arc, at its tail.
    pub slot: i32,
    /// Index at which the path reaches the vertex it leaves by this step.
    pub arrive: i32,
    /// Index at which it leaves: later = waiting, earlier = cancelled waiting.
    pub leave: i32,
}

/// How a label was reached.
#[derive(Debug, Clone, Copy)]
struct Entry {
    label: i32,
    slot: i32,
    arc: u32,
    way: Way,
    /// The entry of the same vertex before this one, `NONE` if none.
    before: u32,
}

const NONE: u32 = u32::MAX;

#[derive(Debug, Default)]
pub(crate) struct Search {
    labels: Vec<i32>,
    /// Arcs from each vertex to a terminal when its label was last raised.
    hops: Vec<u32>,
    latest: Vec<u32>,
    entries: Vec<Entry>,
    /// Vertices to look at, by label; first in, first out, so that paths have few arcs (last in, first out was 300 times slower).
    buckets: Vec<VecDeque<u32>>,
}

impl Search {
    pub fn new(vertices: usize) -> Self {
        Self {
            labels: vec![-1; vertices],
            hops: vec![0; vertices],
            latest: vec![NONE; vertices],
            ..Self::default()
        }
    }

    /// Arcs from each vertex to a terminal; says something only about labels of the last search.
    pub fn hops(&self) -> &[u32] {
        &self.hops
    }

    /// Whether the last search raised a vertex's label.
    pub fn is_fresh(&self, vertex: u32) -> bool {
        self.latest[vertex as usize] != NONE
    }

    /// Latest index per vertex, -1 where a terminal cannot be reached.
    pub fn labels(&self) -> &[i32] {
        &self.labels
    }

    /// Runs a search from (terminals, phase). Labels at or below `frozen` are not looked at again.
    #[allow(clippy::too_many_arguments)] // The engine's arrays, borrowed apart from the search's own.
    pub fn run(
        &mut self,
        slots: &ArcSlots,
        waiting: &[Waiting],
        terminal_room: &[Option<u64>],
        inbound: &Hops,
        outbound: &Hops,
        phase: i32,
        frozen: Option<&[i32]>,
    ) {
        match frozen {
            Some(frozen) => self.labels.copy_from_slice(frozen),
            None => self.labels.fill(-1),
        }
        self.latest.fill(NONE);
        self.entries.clear();
        if self.buckets.len() <= phase as usize {
            self.buckets.resize_with(phase as usize + 1, VecDeque::new);
        }
        for (vertex, room) in terminal_room.iter().enumerate() {
            if room.is_some() {
                self.labels[vertex] = -1;
                if room.is_some_and(|room| room > 0) {
                    self.labels[vertex] = phase;
                    self.hops[vertex] = 0;
                    self.buckets[phase as usize].push_back(vertex as u32);
                }
            }
        }
        let mut at = phase;
        while at >= 0 {
            let Some(vertex) = self.buckets[at as usize].pop_front() else {
                at -= 1;
                continue;
            };
            if self.labels[vertex as usize] != at {
                continue;
            }
            let v = vertex as usize;
            let mut highest = at;
            for &Hop { arc: index, end: tail, shift } in inbound.of(vertex) {
                let last = at - shift;
                if last <= self.labels[tail as usize] {
                    continue;
                }
                if let Some(slot) = slots.room.last_up_to(index, last)
                    && slot > self.labels[tail as usize]
                {
                    self.hops[tail as usize] = self.hops[v] + 1;
                    let reached = self.reach(tail, slot, index, Way::Along, slot, waiting, phase);
                    highest = highest.max(reached);
                }
            }
            for &Hop { arc: index, end: head, shift } in outbound.of(vertex) {
                let known = self.labels[head as usize];
                if at + shift <= known || known == phase {
                    continue;
                }
                let Some(slot) = slots.used.last_up_to(index, at) else { continue };
                if terminal_room[head as usize].is_some() {
                    // Time does not matter at a terminal: an admission cancelled makes room for a later one.
                    self.labels[head as usize] = phase;
                    self.hops[head as usize] = self.hops[v] + 1;
                    self.enter(head, phase, index, Way::Back, slot);
                    self.buckets[phase as usize].push_back(head);
                    highest = phase;
                } else if slot + shift > known {
                    self.hops[head as usize] = self.hops[v] + 1;
                    let reached = self.reach(head, slot + shift, index, Way::Back, slot, waiting, phase);
                    highest = highest.max(reached);
                }
            }
            at = highest;
        }
    }

    fn enter(&mut self, vertex: u32, label: i32, arc: u32, way: Way, slot: i32) {
        let before = self.latest[vertex as usize];
        self.latest[vertex as usize] = self.entries.len() as u32;
        self.entries.push(Entry { label, slot, arc, way, before });
    }

    #[allow(clippy::too_many_arguments)]
    fn reach(
        &mut self,
        vertex: u32,
        index: i32,
        arc: u32,
        way: Way,
        slot: i32,
        waiting: &[Waiting],
        phase: i32,
    ) -> i32 {
        let label = waiting[vertex as usize].extend(index).min(phase);
        self.labels[vertex as usize] = label;
        self.enter(vertex, label, arc, way, slot);
        self.buckets[label as usize].push_back(vertex);
        label
    }

    /// Reads off the path from (vertex, index) to a terminal; returns the terminal.
    pub fn path(
        &self,
        arcs: &[ArcState],
        terminal_room: &[Option<u64>],
        mut vertex: u32,
        mut index: i32,
        path: &mut Vec<Step>,
    ) -> u32 {
        path.clear();
        loop {
            let mut at = self.latest[vertex as usize];
            if at == NONE {
                return vertex;
            }
            // The first label that covers this index was reached without the later ones: no cycles.
            let timeless = terminal_room[vertex as usize].is_some();
            loop {
                let before = self.entries[at as usize].before;
                if before == NONE || timeless || self.entries[before as usize].label < index {
                    break;
                }
                at = before;
            }
            let entry = self.entries[at as usize];
            let arc = &arcs[entry.arc as usize];
            let (leave, next, arrive) = match entry.way {
                Way::Along => (entry.slot, arc.head, entry.slot + arc.shift),
                Way::Back => (entry.slot + arc.shift, arc.tail, entry.slot),
            };
            let (arrive_here, leave) = if timeless { (0, 0) } else { (index, leave) };
            path.push(Step { arc: entry.arc, way: entry.way, slot: entry.slot, arrive: arrive_here, leave });
            vertex = next;
            index = arrive;
        }
    }
}
