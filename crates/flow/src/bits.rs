//! Bit sets over time slots: the latest set bit at or before a slot in a few instructions.

/// A growing set of slots.
#[derive(Debug, Clone, Default)]
pub(crate) struct SlotBits(Vec<u64>);

impl SlotBits {
    /// How many slots it has room for.
    pub fn len(&self) -> usize {
        self.0.len() * 64
    }

    /// Appends 64 slots.
    pub fn push_word(&mut self, word: u64) {
        self.0.push(word);
    }

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

    /// The latest set slot at or before `slot`.
    #[inline]
    pub fn last_up_to(&self, slot: i32) -> Option<i32> {
        if slot < 0 || self.0.is_empty() {
            return None;
        }
        let slot = (slot as usize).min(self.len() - 1);
        let mut at = slot / 64;
        let mut word = self.0[at] & (u64::MAX >> (63 - slot % 64));
        loop {
            if word != 0 {
                return Some((at * 64 + 63 - word.leading_zeros() as usize) as i32);
            }
            at = at.checked_sub(1)?;
            word = self.0[at];
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
        let mut bits = SlotBits::default();
        assert_eq!(bits.last_up_to(5), None);
        bits.grow(200);
        for slot in [3, 64, 65, 130] {
            bits.set(slot, true);
        }
        assert_eq!(bits.last_up_to(2), None);
        assert_eq!(bits.last_up_to(3), Some(3));
        assert_eq!(bits.last_up_to(63), Some(3));
        assert_eq!(bits.last_up_to(129), Some(65));
        assert_eq!(bits.last_up_to(9999), Some(130));
        assert_eq!(bits.first_unset_from(64), 66);
        assert_eq!(bits.first_unset_from(4), 4);
        bits.set(65, false);
        assert_eq!(bits.first_unset_from(64), 65);
        assert_eq!(bits.first_unset_from(5000), 5000);
    }
}
