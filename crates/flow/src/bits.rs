//! Bit sets over time slots: the latest set bit at or before a slot in a few instructions.

/// The latest set bit at or before `slot`; `slot` may be negative or beyond the words.
#[inline]
fn last_up_to(words: &[u64], slot: i32) -> Option<i32> {
    if slot < 0 || words.is_empty() {
        return None;
    }
    let slot = (slot as usize).min(words.len() * 64 - 1);
    let mut at = slot / 64;
    let mut word = words[at] & (u64::MAX >> (63 - slot % 64));
    loop {
        if word != 0 {
            return Some((at * 64 + 63 - word.leading_zeros() as usize) as i32);
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
    /// Makes room for slots up to `slot`; `word` gives the new words of a set by number: set, first slot.
    pub fn grow(&mut self, sets: usize, slot: i32, word: impl Fn(usize, i32) -> u64) {
        let each = slot.max(0) as usize / 64 + 1;
        if each <= self.each {
            return;
        }
        let mut words = Vec::with_capacity(sets * each);
        for set in 0..sets {
            words.extend_from_slice(&self.words[set * self.each..(set + 1) * self.each]);
            words.extend((self.each..each).map(|at| word(set, at as i32 * 64)));
        }
        (self.words, self.each) = (words, each);
    }

    /// The latest slot of a set at or before `slot`.
    #[inline]
    pub fn last_up_to(&self, set: u32, slot: i32) -> Option<i32> {
        let begin = set as usize * self.each;
        last_up_to(&self.words[begin..begin + self.each], slot)
    }

    /// Sets or clears a slot for which there is room.
    #[inline]
    pub fn set(&mut self, set: u32, slot: i32, value: bool) {
        let mask = 1u64 << (slot % 64);
        let word = &mut self.words[set as usize * self.each + slot as usize / 64];
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
        let mut at = slot as usize / 64;
        let Some(&word) = self.0.get(at) else { return slot };
        let mut word = !word & (u64::MAX << (slot as usize % 64));
        loop {
            if word != 0 {
                return (at * 64 + word.trailing_zeros() as usize) as i32;
            }
            at += 1;
            match self.0.get(at) {
                Some(&next) => word = !next,
                None => return (at * 64) as i32,
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
        sets.grow(2, 10, |_, _| 0);
        sets.set(1, 3, true);
        sets.grow(2, 200, |set, first| u64::from(set == 0 && first == 64));
        for slot in [64, 65, 130] {
            sets.set(1, slot, true);
        }
        let last = |slot| sets.last_up_to(1, slot);
        assert_eq!((last(-1), last(2), last(3), last(63)), (None, None, Some(3), Some(3)));
        assert_eq!((last(129), last(130), last(9999)), (Some(65), Some(130), Some(130)));
        assert_eq!((sets.last_up_to(0, 63), sets.last_up_to(0, 255)), (None, Some(64)));
        sets.set(1, 65, false);
        assert_eq!(sets.last_up_to(1, 129), Some(64));
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
