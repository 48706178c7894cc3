//! Rings of full roads: each waits for room on the next, for ever.

use clearway_model::number::{compact, index};

/// A ring of full streets whose heads wait for each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ring {
    /// The streets, each followed by one that it waits for; the last waits for the first. It begins with the smallest.
    pub streets: Vec<u32>,
    /// Since when, µs: the last entry into any of them.
    pub since_us: i64,
}

/// Rings among streets that can never move again: streets that are full, with no gap on its way, all heads of which want to go where
/// it is the same. `waits_for`: (street, where the head of one of its queues wants to go).
pub fn rings(is_full: &[bool], waits_for: Vec<(u32, u32)>, last_entry_us: impl Fn(u32) -> i64) -> Vec<Ring> {
    let mut wanted: Vec<Vec<u32>> = vec![Vec::new(); is_full.len()];
    for (street, next) in waits_for {
        wanted[index(street)].push(next);
    }
    let mut is_stuck: Vec<bool> =
        is_full.iter().zip(&wanted).map(|(&full, wanted)| full && !wanted.is_empty()).collect();
    // a street with one head that can still go somewhere will have room again, and so those that wait for it
    loop {
        let free: Vec<usize> = (0..is_stuck.len())
            .filter(|&street| is_stuck[street] && wanted[street].iter().any(|&next| !is_stuck[index(next)]))
            .collect();
        if free.is_empty() {
            break;
        }
        for street in free {
            is_stuck[street] = false;
        }
    }
    // Of those that are left each waits for one that is left: whoever follows them comes into a ring.
    let mut seen = vec![0usize; is_stuck.len()];
    let mut found = Vec::new();
    for start in (0..is_stuck.len()).filter(|&street| is_stuck[street]) {
        let mark = start + 1;
        let mut at = start;
        while seen[at] == 0 {
            seen[at] = mark;
            at = wanted[at].iter().min().map_or(at, |&next| index(next));
        }
        if seen[at] != mark {
            continue;
        }
        let mut streets = vec![compact(at)];
        let mut next = wanted[at].iter().min().map_or(at, |&next| index(next));
        while next != at {
            streets.push(compact(next));
            next = wanted[next].iter().min().map_or(at, |&next| index(next));
        }
        let smallest = streets.iter().enumerate().min_by_key(|(_, street)| **street).map_or(0, |(at, _)| at);
        streets.rotate_left(smallest);
        let since_us = streets.iter().map(|&street| last_entry_us(street)).max().unwrap_or(0);
        found.push(Ring { streets, since_us });
    }
    found.sort_by(|a, b| (a.since_us, &a.streets).cmp(&(b.since_us, &b.streets)));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_those_who_wait_for_each_other_are_a_ring() {
        // 0 -> 1 -> 2 -> 0 is a ring; 3 waits for it; 4 waits for 5, which has room; 6 has a second head that can go on
        let is_full = [true, true, true, true, true, false, true];
        let waits = vec![(0, 1), (1, 2), (2, 0), (3, 0), (4, 5), (6, 0), (6, 5)];
        let found = rings(&is_full, waits, |street| i64::from(street) * 10);
        assert_eq!(found, [Ring { streets: vec![0, 1, 2], since_us: 20 }]);
        assert!(rings(&[true, true], vec![(0, 1)], |_| 0).is_empty());
    }
}
