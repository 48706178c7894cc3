//! Best first: labels that only improve, and the next element whose label is final.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Labels of elements, the greatest being the best, and which of them are to be looked at next: those of the greatest rank, among equals
/// the element with the smallest number. So the outcome does not depend on the order in which labels come.
#[derive(Debug, Clone)]
pub(super) struct Frontier<L, R> {
    labels: Vec<Option<L>>,
    /// Elements with a label, so that clearing costs as much as was used.
    labelled: Vec<u32>,
    heap: BinaryHeap<(R, Reverse<u32>, L)>,
}

impl<L, R: Ord> Default for Frontier<L, R>
where
    L: Ord,
{
    fn default() -> Self {
        Self { labels: Vec::new(), labelled: Vec::new(), heap: BinaryHeap::new() }
    }
}

impl<L: Copy + Ord, R: Ord> Frontier<L, R> {
    /// Forgets all labels; from now on there are so many elements.
    pub fn reset(&mut self, elements: usize) {
        for element in self.labelled.drain(..) {
            self.labels[element as usize] = None;
        }
        self.labels.resize(elements, None);
        self.heap.clear();
    }

    /// Gives an element a label unless it has one as good; whether it was given.
    pub fn improve(&mut self, element: u32, label: L, rank: R) -> bool {
        let known = &mut self.labels[element as usize];
        match known {
            Some(known) if label <= *known => return false,
            None => self.labelled.push(element),
            Some(_) => {}
        }
        *known = Some(label);
        self.heap.push((rank, Reverse(element), label));
        true
    }

    /// The next element whose label is final, with its rank.
    pub fn settle(&mut self) -> Option<(u32, L, R)> {
        while let Some((rank, Reverse(element), label)) = self.heap.pop() {
            // A label that has been improved since comes again with its better rank.
            if self.labels[element as usize] == Some(label) {
                return Some((element, label, rank));
            }
        }
        None
    }

    /// The label of an element.
    pub fn label(&self, element: u32) -> Option<L> {
        self.labels.get(element as usize).copied().flatten()
    }

    /// All labels, by element.
    pub fn into_labels(self) -> Vec<Option<L>> {
        self.labels
    }
}
