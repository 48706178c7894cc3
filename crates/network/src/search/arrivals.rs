//! Earliest entries into all elements, in the direction of travel.

use super::frontier::SearchFrontier;
use crate::{ElementIndex, Network, NodeIndex, PerElement, PerNode};
use std::cmp::Reverse;

/// In which order elements are settled. The times do not depend on it; of several ways that take as long it says which one is
/// found: the one whose last element but one was settled first, and so on back to the beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettleBy {
    /// By when they are entered.
    Entry,
    /// By when they have been passed: of two elements that both lead on, the one that is passed first and not the one after which less
    /// time is left to wait.
    Exit,
}

/// Where a journey begins: before which elements, and from when on, ms.
#[derive(Debug, Clone, Copy)]
pub struct JourneyStart<'d> {
    /// Elements that may come first, with the time at which one is before them.
    pub starts: &'d [(ElementIndex, i64)],
    /// In which order elements are settled.
    pub settle_by: SettleBy,
    /// The search ends when this node has been reached for certain; `None`: when everything has been.
    pub target: Option<NodeIndex>,
}

/// Earliest entries, and the ways that lead there. Can be run again and again; it keeps its memory.
#[derive(Debug, Clone, Default)]
pub struct ArrivalSearch {
    frontier: SearchFrontier<ElementIndex, Reverse<i64>, Reverse<i64>>,
    /// Per element, the one before it; `None` at the beginning of a way. Means nothing for elements without a label.
    before: PerElement<Option<ElementIndex>>,
}

impl ArrivalSearch {
    /// Finds when every element can be entered first, prohibited turns obeyed. `enter` says when somebody who is before an element at a
    /// time enters it, no earlier than that, or `None` if they cannot or may not.
    pub fn run(
        &mut self,
        network: &Network,
        from: JourneyStart<'_>,
        enter: impl Fn(ElementIndex, i64) -> Option<i64>,
    ) {
        self.frontier.reset(network.elements.len());
        self.before.resize(network.elements.len(), None);
        let past = |element: ElementIndex, entered: i64| entered + network.elements[element].tau;
        let rank = |element: ElementIndex, entered: i64| match from.settle_by {
            SettleBy::Entry => Reverse(entered),
            SettleBy::Exit => Reverse(past(element, entered)),
        };
        for &(element, t) in from.starts {
            self.reach(element, enter(element, t), None, rank);
        }
        // When the target is reached by the elements settled so far, ms.
        let mut reached: Option<i64> = None;
        while let Some((element, Reverse(entered), Reverse(key))) = self.frontier.settle() {
            // Whatever is settled from now on is past its element later than this.
            if reached.is_some_and(|reached| key > reached) {
                break;
            }
            let Some(node) = network.node_after(element) else { continue };
            let now = past(element, entered);
            if from.target == Some(node) {
                reached = Some(reached.map_or(now, |reached| reached.min(now)));
            }
            for &next in network.out_of(node) {
                if !network.banned.contains(&(element, next)) {
                    self.reach(next, enter(next, now), Some(element), rank);
                }
            }
        }
    }

    fn reach(
        &mut self,
        element: ElementIndex,
        entered: Option<i64>,
        before: Option<ElementIndex>,
        rank: impl Fn(ElementIndex, i64) -> Reverse<i64>,
    ) {
        let Some(entered) = entered else { return };
        if self.frontier.improve(element, Reverse(entered), rank(element, entered)) {
            self.before[element] = before;
        }
    }

    /// When an element is entered first, ms; `None`: never.
    pub fn entered(&self, element: ElementIndex) -> Option<i64> {
        self.frontier.label(element).map(|label| label.0)
    }

    /// Per node, when it is reached first, ms, and by which element, of several at once the one with the smallest number. `None` where no element
    /// leads: also where a journey begins, unless it comes back there. After a search with a target this holds for the target alone.
    pub fn node_arrivals(&self, network: &Network) -> PerNode<Option<(i64, ElementIndex)>> {
        let mut arrivals = PerNode::from(vec![None; network.nodes()]);
        for (element, data) in network.elements.iter_enumerated() {
            let (Some(entered), Some(node)) = (self.entered(element), data.ends.node_after()) else {
                continue;
            };
            let arrival = (entered + data.tau, element);
            let first: &mut Option<(i64, ElementIndex)> = &mut arrivals[node];
            if first.is_none_or(|first| arrival < first) {
                *first = Some(arrival);
            }
        }
        arrivals
    }

    /// The way by which an element is entered first, itself included; empty if it never is.
    pub fn way_to(&self, element: ElementIndex) -> Vec<ElementIndex> {
        let mut way = Vec::new();
        let mut at = self.entered(element).map(|_| element);
        while let Some(element) = at {
            way.push(element);
            at = self.before[element];
        }
        way.reverse();
        way
    }
}
