//! Bit sets over time slots: the latest set bit at or before a slot in a few instructions.

use crate::index::ArcIndex;
use crate::number::{index, place, slot as slot_at};

/// A word whose bits are all set.
const ALL: u64 = !0;

/// The latest set bit at or before `slot`; `slot` may be negative or beyond the words.
#[inline]
fn last_up_to(words: &[u64], slot: i32) -> Option<i32> {
    if slot < 0 || words.is_empty() {
        return None;
    }
    let slot = place(slot).min(words.len() * 64 - 1);
    let mut at = slot / 64;
    let mut word = words[at] & (ALL >> (63 - slot % 64));
    loop {
        if word != 0 {
            return Some(slot_at(at * 64 + 63 - index(word.leading_zeros())));
        }
        at = at.checked_sub(1)?;
        word = words[at];
    }
}

/// Sets of slots, one for each arc, all with room for the same slots and in one piece of memory: a search looks at one word of
/// one arc after the other.
#[derive(Debug, Clone, Default)]
pub(crate) struct SlotSets {
    words: Vec<u64>,
    /// Words for each set.
    each: usize,
}

impl SlotSets {
    /// Makes room for slots up to `slot`; `word` gives the new words of a set by arc and first slot.
    pub fn grow(&mut self, sets: usize, slot: i32, word: impl Fn(ArcIndex, i32) -> u64) {
        let each = place(slot.max(0)) / 64 + 1;
        if each <= self.each {
            return;
        }
        let mut words = Vec::with_capacity(sets * each);
        for set in 0..sets {
            words.extend_from_slice(&self.words[set * self.each..(set + 1) * self.each]);
            words.extend((self.each..each).map(|at| word(ArcIndex::at(set), slot_at(at) * 64)));
        }
        (self.words, self.each) = (words, each);
    }

    /// The latest slot of a set at or before `slot`.
    #[inline]
    pub fn last_up_to(&self, set: ArcIndex, slot: i32) -> Option<i32> {
        let begin = set.place() * self.each;
        last_up_to(&self.words[begin..begin + self.each], slot)
    }

    /// Sets or clears a slot for which there is room.
    #[inline]
    pub fn set(&mut self, set: ArcIndex, slot: i32, value: bool) {
        let mask = 1u64 << (slot % 64);
        let word = &mut self.words[set.place() * self.each + place(slot) / 64];
        if value { *word |= mask } else { *word &= !mask }
    }
}

/// A growing set of slots.
#[derive(Debug, Clone, Default)]
pub(crate) struct SlotBits(Vec<u64>);

impl SlotBits {
    /// Makes room for a slot; new slots are unset.
    pub fn grow(&mut self, slot: usize) {
        if self.0.len() <= slot / 64 {
            self.0.resize(slot / 64 + 1, 0);
        }
    }

    /// Sets or clears a slot for which there is room.
    #[inline]
    pub fn set(&mut self, slot: usize, value: bool) {
        let mask = 1u64 << (slot % 64);
        if let Some(word) = self.0.get_mut(slot / 64) {
            if value { *word |= mask } else { *word &= !mask }
        }
    }

    /// The first unset slot at or after `slot`.
    #[inline]
    pub fn first_unset_from(&self, slot: i32) -> i32 {
        let mut at = place(slot) / 64;
        let Some(&word) = self.0.get(at) else { return slot };
        let mut word = !word & (ALL << (place(slot) % 64));
        loop {
            if word != 0 {
                return slot_at(at * 64 + index(word.trailing_zeros()));
            }
            at += 1;
            match self.0.get(at) {
                Some(&next) => word = !next,
                None => return slot_at(at * 64),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_neighbouring_slots() {
        let mut sets = SlotSets::default();
        // The second of two sets; what was set stays when there is room for more.
        let [first, second] = [0, 1].map(ArcIndex::new);
        sets.grow(2, 10, |_, _| 0);
        sets.set(second, 3, true);
        sets.grow(2, 200, |set, begin| u64::from(set == first && begin == 64));
        for slot in [64, 65, 130] {
            sets.set(second, slot, true);
        }
        let last = |slot| sets.last_up_to(second, slot);
        assert_eq!((last(-1), last(2), last(3), last(63)), (None, None, Some(3), Some(3)));
        assert_eq!((last(129), last(130), last(9999)), (Some(65), Some(130), Some(130)));
        assert_eq!((sets.last_up_to(first, 63), sets.last_up_to(first, 255)), (None, Some(64)));
        sets.set(second, 65, false);
        assert_eq!(sets.last_up_to(second, 129), Some(64));
        let mut bits = SlotBits::default();
        bits.grow(200);
        for slot in [64, 65] {
            bits.set(slot, true);
        }
        assert_eq!(bits.first_unset_from(64), 66);
        assert_eq!(bits.first_unset_from(4), 4);
        bits.set(65, false);
        assert_eq!(bits.first_unset_from(64), 65);
        assert_eq!(bits.first_unset_from(5000), 5000);
    }
}
