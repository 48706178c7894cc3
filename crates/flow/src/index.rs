//! Numbers of vertices and arcs as types of their own, so that neither is taken for the other, and rows indexed by them.
//!
//! Problems state them as bare u32, half the memory of indices: this is where they become indices and back.

use crate::number::{compact, index};
use crate::{FlowArc, FlowProblem, FlowSource, FlowTerminal};
use std::num::NonZeroU32;

/// Number of a vertex of a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct VertexIndex(u32);

/// Number of an arc of a problem, or of one of the arcs that the engine keeps of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ArcIndex(u32);

/// Number of a source of a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct SourceIndex(u32);

/// Place of a terminal among those of a problem. From 1 on inside, so that "no terminal" takes no memory of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TerminalIndex(NonZeroU32);

impl TerminalIndex {
    /// The place in a row.
    #[inline]
    pub const fn place(self) -> usize {
        index(self.0.get()) - 1
    }
}

/// Conversions of a number, and rows indexed by it.
macro_rules! row_index {
    ($number:ident) => {
        impl $number {
            /// The number as a problem states it.
            #[inline]
            pub const fn new(number: u32) -> Self {
                Self(number)
            }

            /// The number as a caller is given it.
            #[inline]
            pub const fn number(self) -> u32 {
                self.0
            }

            /// The number of what lies at a place of a row.
            #[inline]
            pub const fn at(place: usize) -> Self {
                Self(compact(place))
            }

            /// The place in a row.
            #[inline]
            pub const fn place(self) -> usize {
                index(self.0)
            }

            /// The first so many numbers.
            #[inline]
            pub fn first(count: usize) -> impl DoubleEndedIterator<Item = Self> {
                (0..compact(count)).map(Self)
            }
        }

        row_of!($number);
    };
}

/// Rows indexed by a number.
macro_rules! row_of {
    ($number:ident) => {
        impl<T> std::ops::Index<$number> for [T] {
            type Output = T;
            #[inline]
            fn index(&self, number: $number) -> &T {
                &self[number.place()]
            }
        }

        impl<T> std::ops::IndexMut<$number> for [T] {
            #[inline]
            fn index_mut(&mut self, number: $number) -> &mut T {
                &mut self[number.place()]
            }
        }

        impl<T> std::ops::Index<$number> for Vec<T> {
            type Output = T;
            #[inline]
            fn index(&self, number: $number) -> &T {
                &self[number.place()]
            }
        }

        impl<T> std::ops::IndexMut<$number> for Vec<T> {
            #[inline]
            fn index_mut(&mut self, number: $number) -> &mut T {
                &mut self[number.place()]
            }
        }
    };
}

pub(crate) use row_of;

row_index!(VertexIndex);
row_index!(ArcIndex);
row_index!(SourceIndex);
row_of!(TerminalIndex);

impl FlowArc {
    #[inline]
    pub(crate) fn tail(&self) -> VertexIndex {
        VertexIndex(self.tail)
    }

    #[inline]
    pub(crate) fn head(&self) -> VertexIndex {
        VertexIndex(self.head)
    }
}

impl FlowSource {
    #[inline]
    pub(crate) fn vertex(&self) -> VertexIndex {
        VertexIndex(self.vertex)
    }
}

impl FlowTerminal {
    #[inline]
    pub(crate) fn vertex(&self) -> VertexIndex {
        VertexIndex(self.vertex)
    }
}

impl FlowProblem {
    /// The arcs with their numbers.
    #[inline]
    pub(crate) fn numbered_arcs(&self) -> impl Iterator<Item = (ArcIndex, &FlowArc)> {
        (0..).map(ArcIndex).zip(&self.arcs)
    }

    /// Per vertex, the place of its terminal among the terminals; `None`: it is none.
    pub(crate) fn terminal_at(&self) -> Vec<Option<TerminalIndex>> {
        let mut at = vec![None; self.vertices];
        for (number, terminal) in (1..).zip(&self.terminals) {
            at[terminal.vertex()] = NonZeroU32::new(number).map(TerminalIndex);
        }
        at
    }

    /// Per vertex, whether it is one of `vertices`.
    pub(crate) fn is_among(&self, vertices: impl IntoIterator<Item = VertexIndex>) -> Vec<bool> {
        let mut is_among = vec![false; self.vertices];
        for vertex in vertices {
            is_among[vertex] = true;
        }
        is_among
    }
}
