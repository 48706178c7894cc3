//! Arcs by the vertex at one of their ends, with what a search looks at first beside each other.

use crate::arc::ArcState;

/// An arc as seen from one of its ends.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hop {
    pub arc: u32,
    /// The vertex at the other end.
    pub end: u32,
    /// As in [`ArcState`].
    pub shift: i32,
}

/// The hops of every vertex in one direction, in the order of the arcs.
#[derive(Debug)]
pub(crate) struct Hops {
    first: Vec<u32>,
    hops: Vec<Hop>,
}

impl Hops {
    /// `ends` of an arc: the vertex that the hop belongs to, and the other one.
    pub fn new(vertices: usize, arcs: &[ArcState], ends: impl Fn(&ArcState) -> (u32, u32)) -> Self {
        let mut first = vec![0u32; vertices + 1];
        for arc in arcs {
            first[ends(arc).0 as usize + 1] += 1;
        }
        for vertex in 0..vertices {
            first[vertex + 1] += first[vertex];
        }
        let mut next = first.clone();
        let mut hops = vec![Hop { arc: 0, end: 0, shift: 0 }; arcs.len()];
        for (index, arc) in arcs.iter().enumerate() {
            let (vertex, end) = ends(arc);
            hops[next[vertex as usize] as usize] = Hop { arc: index as u32, end, shift: arc.shift };
            next[vertex as usize] += 1;
        }
        Self { first, hops }
    }

    /// The hops of a vertex.
    #[inline]
    pub fn of(&self, vertex: u32) -> &[Hop] {
        let v = vertex as usize;
        &self.hops[self.first[v] as usize..self.first[v + 1] as usize]
    }
}
