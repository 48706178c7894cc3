//! Arcs by the vertex at one of their ends, with what a search looks at first beside each other.

use crate::arc::ArcState;
use crate::index::{ArcIndex, VertexIndex};
use crate::number::index;

/// An arc as seen from one of its ends.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ArcHop {
    pub arc: ArcIndex,
    /// The vertex at the other end.
    pub end: VertexIndex,
    /// Steps of reduced time that the arc takes, as in its [`ArcState`]: beside the other two, so that a search that cannot use an
    /// arc does not read its state.
    pub shift: i32,
}

/// The hops of every vertex in one direction, in the order of the arcs.
#[derive(Debug)]
pub(crate) struct VertexHops {
    /// Per vertex, the place of its first hop; one more at the end.
    first: Vec<u32>,
    hops: Vec<ArcHop>,
}

impl VertexHops {
    /// `ends` of an arc: the vertex that the hop belongs to, and the other one.
    pub fn new(
        vertices: usize,
        arcs: &[ArcState],
        ends: impl Fn(&ArcState) -> (VertexIndex, VertexIndex),
    ) -> Self {
        let mut first = vec![0u32; vertices + 1];
        for arc in arcs {
            first[ends(arc).0.place() + 1] += 1;
        }
        for vertex in 0..vertices {
            first[vertex + 1] += first[vertex];
        }
        let mut next = first.clone();
        let nothing = ArcHop { arc: ArcIndex::new(0), end: VertexIndex::new(0), shift: 0 };
        let mut hops = vec![nothing; arcs.len()];
        for (number, arc) in ArcIndex::first(arcs.len()).zip(arcs) {
            let (vertex, end) = ends(arc);
            hops[index(next[vertex])] = ArcHop { arc: number, end, shift: arc.shift };
            next[vertex] += 1;
        }
        Self { first, hops }
    }

    /// The hops of a vertex.
    #[inline]
    pub fn of(&self, vertex: VertexIndex) -> &[ArcHop] {
        let v = vertex.place();
        &self.hops[index(self.first[v])..index(self.first[v + 1])]
    }
}
