//! What every way out of a zone passes.

use super::RoadsLeft;
use crate::{ElementIndex, Network, NodeIndex};
use std::collections::{BTreeMap, BTreeSet};

/// A walk through all that can be reached, held up before each thing that one way passes.
struct HeldWalk<'w> {
    network: &'w Network,
    left: RoadsLeft<'w>,
    /// Per element, whether the walk has met it.
    met: Vec<bool>,
    stack: Vec<ElementIndex>,
    /// Per thing that the way passes, links of it that were met.
    held: Vec<Vec<ElementIndex>>,
    /// Things before this one hold nobody up any more.
    freed: usize,
    /// Whether a site was reached.
    arrived: bool,
}

impl HeldWalk<'_> {
    fn meet(&mut self, link: ElementIndex, place: &dyn Fn(ElementIndex) -> Option<usize>) {
        if !self.network.is_link(link) || !self.left.has_link(link) || self.left.hazards.is_never_open(link) {
            return;
        }
        if std::mem::replace(&mut self.met[link.row()], true) {
            return;
        }
        match place(link).filter(|&at| at >= self.freed) {
            Some(at) => self.held[at].push(link),
            None => self.stack.push(link),
        }
    }

    /// Goes on until held up everywhere.
    fn go(&mut self, place: &dyn Fn(ElementIndex) -> Option<usize>) {
        while let Some(link) = self.stack.pop() {
            let Some(node) = self.network.node_after(link) else { continue };
            self.arrived |= self.left.site_at(node).is_some();
            for &next in self.network.out_of(node) {
                if !self.network.banned.contains(&(link, next)) {
                    self.meet(next, place);
                }
            }
        }
    }
}

/// Those of the things that one way passes which every other way passes as well, in the order of travel. `passed`: the things; `thing`:
/// the thing that a link is or leads to.
pub(super) fn passed_by_all<T: Copy + Ord>(
    network: &Network,
    starts: &BTreeSet<NodeIndex>,
    left: RoadsLeft<'_>,
    thing: &dyn Fn(ElementIndex) -> Option<T>,
    passed: &[T],
) -> Vec<T> {
    let mut order: Vec<T> = Vec::new();
    let mut position: BTreeMap<T, usize> = BTreeMap::new();
    for &one in passed {
        position.entry(one).or_insert_with(|| {
            order.push(one);
            order.len() - 1
        });
    }
    let place = |link: ElementIndex| thing(link).and_then(|one| position.get(&one).copied());
    let mut walk = HeldWalk {
        network,
        left,
        met: vec![false; network.elements.len()],
        stack: Vec::new(),
        held: vec![Vec::new(); order.len()],
        freed: 0,
        arrived: false,
    };
    for &node in starts {
        for &link in network.out_of(node) {
            walk.meet(link, &place);
        }
    }
    let mut common = Vec::new();
    for (at, &one) in order.iter().enumerate() {
        walk.go(&place);
        if walk.arrived {
            break;
        }
        // nobody has got past it but through it
        if walk.held.iter().skip(at + 1).all(Vec::is_empty) {
            common.push(one);
        }
        walk.freed = at + 1;
        let freed = std::mem::take(&mut walk.held[at]);
        walk.stack.extend(freed);
    }
    common
}
