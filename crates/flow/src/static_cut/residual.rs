//! The arcs of a graph in both directions, side by side for each vertex, since a visit looks at all of them.

use super::CutNode;
use crate::index::row_of;
use crate::number::{compact, index};

/// Number of an arc in one direction; the largest numbers stand for what a vertex can have instead of an arc to its parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ResidualIndex(pub u32);

/// In neither of the two trees.
pub(super) const FREE: ResidualIndex = ResidualIndex(u32::MAX);
/// Hangs on the source or the sink itself.
pub(super) const TERMINAL: ResidualIndex = ResidualIndex(FREE.0 - 1);
/// In a tree, with an arc to its parent that has just been used up.
pub(super) const ORPHAN: ResidualIndex = ResidualIndex(FREE.0 - 2);

impl ResidualIndex {
    #[inline]
    const fn place(self) -> usize {
        index(self.0)
    }
}

row_of!(ResidualIndex);

/// Where the cost of an arc is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ArcPlace(ResidualIndex);

impl ArcPlace {
    #[inline]
    pub(super) const fn residual(self) -> ResidualIndex {
        self.0
    }
}

/// An arc in one direction.
#[derive(Debug, Clone)]
pub(super) struct ResidualArc {
    pub residual: i64,
    pub head: CutNode,
    /// The one in the other direction.
    pub back: ResidualIndex,
}

/// Per vertex its first arc, and the number of all at the end; the arcs, one in each direction for two vertices that any of the arcs
/// given (tail and head) joins, whatever their direction and number; and where the cost of each of those is kept.
pub(super) fn residual_graph(
    vertices: usize,
    ends: &[(CutNode, CutNode)],
) -> (Vec<u32>, Vec<ResidualArc>, Vec<Option<ArcPlace>>) {
    let joined = || ends.iter().filter(|(tail, head)| tail != head);
    // The neighbours of each vertex, first with those that it has twice.
    let mut begin = vec![0usize; vertices + 1];
    for &(tail, head) in joined() {
        begin[tail.place() + 1] += 1;
        begin[head.place() + 1] += 1;
    }
    for vertex in 0..vertices {
        begin[vertex + 1] += begin[vertex];
    }
    let mut next = begin.clone();
    let mut neighbours = vec![CutNode(0); begin[vertices]];
    for &(tail, head) in joined() {
        for (vertex, other) in [(tail, head), (head, tail)] {
            neighbours[next[vertex.place()]] = other;
            next[vertex.place()] += 1;
        }
    }
    let mut first = Vec::with_capacity(vertices + 1);
    let mut heads: Vec<CutNode> = Vec::new();
    for range in begin.windows(2) {
        first.push(compact(heads.len()));
        let of_vertex = &mut neighbours[range[0]..range[1]];
        of_vertex.sort_unstable();
        let known = heads.len();
        for &mut head in of_vertex {
            if heads[known..].last() != Some(&head) {
                heads.push(head);
            }
        }
    }
    first.push(compact(heads.len()));
    let place = |tail: CutNode, head: CutNode| {
        let begin = first[tail.place()];
        let of_tail = &heads[index(begin)..index(first[tail.place() + 1])];
        ResidualIndex(begin + compact(of_tail.partition_point(|&known| known < head)))
    };
    let mut arcs = Vec::with_capacity(heads.len());
    for (vertex, range) in first.windows(2).enumerate() {
        for &head in &heads[index(range[0])..index(range[1])] {
            arcs.push(ResidualArc { residual: 0, head, back: place(head, CutNode::at(vertex)) });
        }
    }
    let places =
        ends.iter().map(|&(tail, head)| (tail != head).then(|| ArcPlace(place(tail, head)))).collect();
    (first, arcs, places)
}
