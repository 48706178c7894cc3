//! The backward residual search: for every vertex the latest index from which a terminal can still be reached.
//!
//! One label per vertex suffices because waiting is free: who can reach a terminal from index k can from every earlier one.
//! Labels only grow during a search; each keeps how it was reached, so that a path can be read off at any index.

use crate::arc::ArcState;
use crate::engine::{ArcSlots, TerminalRoom, WaitingPeople};
use crate::hops::{ArcHop, VertexHops};
use crate::index::{ArcIndex, VertexIndex};
use crate::number::{compact, index as index_at, place};
use std::collections::VecDeque;
use std::num::NonZeroU32;

/// Along an arc, or against it by cancelling flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ArcDirection {
    Along,
    Back,
}

/// One step of an augmenting path.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PathStep {
    pub arc: ArcIndex,
    pub way: ArcDirection,
    /// Slot of the arc, at its tail.
    pub slot: i32,
    /// Index at which the path reaches the vertex it leaves by this step.
    pub arrive: i32,
    /// Index at which it leaves: later = waiting, earlier = cancelled waiting.
    pub leave: i32,
}

/// How a label was reached.
#[derive(Debug, Clone, Copy)]
struct LabelEntry {
    label: i32,
    slot: i32,
    arc: ArcIndex,
    way: ArcDirection,
    /// The entry of the same vertex before this one.
    before: Option<EntryIndex>,
}

/// Number of a [`LabelEntry`], from 1 on: with 0 standing for none, an `Option` of it takes no more memory than the number.
type EntryIndex = NonZeroU32;

/// The place of an entry in their row.
#[inline]
fn place_of(entry: EntryIndex) -> usize {
    index_at(entry.get()) - 1
}

/// The search with its memory, which one after the other uses again.
#[derive(Debug, Default)]
pub(crate) struct ResidualSearch {
    labels: Vec<i32>,
    /// Arcs from each vertex to a terminal when its label was last raised.
    hops: Vec<u32>,
    /// Per vertex, how its label was last raised in this search; `None`: not at all.
    latest: Vec<Option<EntryIndex>>,
    entries: Vec<LabelEntry>,
    /// Vertices to look at, by label; first in, first out, so that paths have few arcs (last in, first out was 300 times slower).
    buckets: Vec<VecDeque<VertexIndex>>,
}

impl ResidualSearch {
    pub fn new(vertices: usize) -> Self {
        Self {
            labels: vec![-1; vertices],
            hops: vec![0; vertices],
            latest: vec![None; vertices],
            ..Self::default()
        }
    }

    /// Arcs from each vertex to a terminal; says something only about labels of the last search.
    pub fn hops(&self) -> &[u32] {
        &self.hops
    }

    /// Whether the last search raised a vertex's label.
    pub fn is_fresh(&self, vertex: VertexIndex) -> bool {
        self.latest[vertex].is_some()
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
        waiting: &[WaitingPeople],
        terminal_room: &[Option<TerminalRoom>],
        inbound: &VertexHops,
        outbound: &VertexHops,
        phase: i32,
        frozen: Option<&[i32]>,
    ) {
        match frozen {
            Some(frozen) => self.labels.copy_from_slice(frozen),
            None => self.labels.fill(-1),
        }
        self.latest.fill(None);
        self.entries.clear();
        if self.buckets.len() <= place(phase) {
            self.buckets.resize_with(place(phase) + 1, VecDeque::new);
        }
        for (vertex, room) in terminal_room.iter().enumerate() {
            if room.is_some() {
                self.labels[vertex] = -1;
                if room.is_some_and(|room| !room.is_full()) {
                    self.labels[vertex] = phase;
                    self.hops[vertex] = 0;
                    self.buckets[place(phase)].push_back(VertexIndex::at(vertex));
                }
            }
        }
        // From the latest label on down, so that a vertex is mostly looked at once, with its final label. A label raised above the one
        // looked at (waiting that can be cancelled, a terminal with room again) takes the search back up to it.
        let mut at = phase;
        while at >= 0 {
            let Some(vertex) = self.buckets[place(at)].pop_front() else {
                at -= 1;
                continue;
            };
            // Put in again since with a later label, or looked at with it already.
            if self.labels[vertex] != at {
                continue;
            }
            let mut highest = at;
            for &ArcHop { arc: index, end: tail, shift } in inbound.of(vertex) {
                // Whoever enters the arc in this slot or an earlier one is at its head by `at`.
                let last = at - shift;
                if last <= self.labels[tail] {
                    continue;
                }
                if let Some(slot) = slots.room.last_up_to(index, last)
                    && slot > self.labels[tail]
                {
                    self.hops[tail] = self.hops[vertex] + 1;
                    let reached = self.reach(tail, slot, index, ArcDirection::Along, slot, waiting, phase);
                    highest = highest.max(reached);
                }
            }
            for &ArcHop { arc: index, end: head, shift } in outbound.of(vertex) {
                // Against the flow: whoever is at the head when flow comes out can have its place, and the flow waits here instead.
                let known = self.labels[head];
                if at + shift <= known || known == phase {
                    continue;
                }
                let Some(slot) = slots.used.last_up_to(index, at) else { continue };
                if terminal_room[head].is_some() {
                    // Time does not matter at a terminal: an admission cancelled makes room for a later one.
                    self.labels[head] = phase;
                    self.hops[head] = self.hops[vertex] + 1;
                    self.enter(head, phase, index, ArcDirection::Back, slot);
                    self.buckets[place(phase)].push_back(head);
                    highest = phase;
                } else if slot + shift > known {
                    self.hops[head] = self.hops[vertex] + 1;
                    let reached =
                        self.reach(head, slot + shift, index, ArcDirection::Back, slot, waiting, phase);
                    highest = highest.max(reached);
                }
            }
            at = highest;
        }
    }

    fn enter(&mut self, vertex: VertexIndex, label: i32, arc: ArcIndex, way: ArcDirection, slot: i32) {
        let before = self.latest[vertex];
        self.entries.push(LabelEntry { label, slot, arc, way, before });
        self.latest[vertex] = EntryIndex::new(compact(self.entries.len()));
    }

    #[allow(clippy::too_many_arguments)]
    fn reach(
        &mut self,
        vertex: VertexIndex,
        index: i32,
        arc: ArcIndex,
        way: ArcDirection,
        slot: i32,
        waiting: &[WaitingPeople],
        phase: i32,
    ) -> i32 {
        let label = waiting[vertex].extend(index).min(phase);
        self.labels[vertex] = label;
        self.enter(vertex, label, arc, way, slot);
        self.buckets[place(label)].push_back(vertex);
        label
    }

    /// Reads off the path from (vertex, index) to a terminal; returns the terminal.
    pub fn path(
        &self,
        arcs: &[ArcState],
        terminal_room: &[Option<TerminalRoom>],
        mut vertex: VertexIndex,
        mut index: i32,
        path: &mut Vec<PathStep>,
    ) -> VertexIndex {
        path.clear();
        loop {
            let Some(latest) = self.latest[vertex] else { return vertex };
            let mut entry = self.entries[place_of(latest)];
            // The first label that covers this index was reached without the later ones: no cycles.
            let timeless = terminal_room[vertex].is_some();
            while let Some(before) = entry.before.filter(|_| !timeless) {
                let before = self.entries[place_of(before)];
                if before.label < index {
                    break;
                }
                entry = before;
            }
            let arc = &arcs[entry.arc];
            let (leave, next, arrive) = match entry.way {
                ArcDirection::Along => (entry.slot, arc.head, entry.slot + arc.shift),
                ArcDirection::Back => (entry.slot + arc.shift, arc.tail, entry.slot),
            };
            let (arrive_here, leave) = if timeless { (0, 0) } else { (index, leave) };
            path.push(PathStep {
                arc: entry.arc,
                way: entry.way,
                slot: entry.slot,
                arrive: arrive_here,
                leave,
            });
            vertex = next;
            index = arrive;
        }
    }
}
