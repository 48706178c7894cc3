//! Best first: labels that only improve, and the next place whose label is final.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use typed_index_collections::TiVec;

/// Labels of elements or nodes, the greatest being the best, and which of them are to be looked at next: those of the greatest rank, among
/// equals the one with the smallest number. So the outcome does not depend on the order in which labels come.
#[derive(Debug, Clone)]
pub(super) struct SearchFrontier<I: From<usize>, L, R> {
    labels: TiVec<I, Option<L>>,
    /// What has a label, so that clearing costs as much as was used.
    labelled: Vec<I>,
    heap: BinaryHeap<(R, Reverse<I>, L)>,
}

impl<I: Ord + From<usize>, L: Ord, R: Ord> Default for SearchFrontier<I, L, R> {
    fn default() -> Self {
        Self { labels: TiVec::new(), labelled: Vec::new(), heap: BinaryHeap::new() }
    }
}

impl<I, L, R> SearchFrontier<I, L, R>
where
    I: Copy + Ord + From<usize>,
    usize: From<I>,
    L: Copy + Ord,
    R: Ord,
{
    /// Forgets all labels; from now on there is room for this many.
    pub fn reset(&mut self, count: usize) {
        for index in self.labelled.drain(..) {
            self.labels[index] = None;
        }
        self.labels.resize(count, None);
        self.heap.clear();
    }

    /// Gives a label unless there is one as good; whether it was given.
    pub fn improve(&mut self, index: I, label: L, rank: R) -> bool {
        let known = &mut self.labels[index];
        match known {
            Some(known) if label <= *known => return false,
            None => self.labelled.push(index),
            Some(_) => {}
        }
        *known = Some(label);
        self.heap.push((rank, Reverse(index), label));
        true
    }

    /// The next whose label is final, with label and rank; `None`: there is none left.
    pub fn settle(&mut self) -> Option<(I, L, R)> {
        while let Some((rank, Reverse(index), label)) = self.heap.pop() {
            // A label that has been improved since comes again with its better rank.
            if self.labels[index] == Some(label) {
                return Some((index, label, rank));
            }
        }
        None
    }

    /// The label of one; `None` if it has none.
    pub fn label(&self, index: I) -> Option<L> {
        self.labels.get(index).copied().flatten()
    }

    /// All labels, by number.
    pub fn into_labels(self) -> TiVec<I, Option<L>> {
        self.labels
    }
}
