//! Who is held up by what: waiting at the ends of streets, traced through full streets to what everybody behind them waits for.
//!
//! A vehicle waits because the street that it wants is full, or because others enter it at its rate. Who waits for a full street waits for
//! what the first ones on that street wait for, and so on: its waiting is passed on, to each in proportion to the time in which
//! the first of a queue waited for it, until it comes to a street that had room.

use crate::traffic::Hold;
use clearway_model::number::{compact, float, index};

/// Times at most that waiting is passed on; rings of full streets would pass it on for ever.
const PASSES: usize = 400;
/// Less than this share of all waiting is passed on no more.
const REST: f64 = 1e-4;

/// Waiting at the end of a street for one of those that follow.
#[derive(Debug, Clone, Copy, Default)]
struct HeldFor {
    street: u32,
    /// People x µs.
    waited: f64,
    /// Time in which somebody was the first of a queue, µs, and the part of it in which the street was full.
    first_us: f64,
    full_us: f64,
}

/// Waiting at the ends of all streets.
#[derive(Debug, Clone)]
pub(crate) struct Holds {
    /// Per street, what was waited for at its end.
    behind: Vec<Vec<HeldFor>>,
}

impl Holds {
    /// Nobody has waited, on so many streets.
    pub fn new(streets: usize) -> Self {
        Self { behind: vec![Vec::new(); streets] }
    }

    /// Somebody has waited.
    pub fn add(&mut self, hold: Hold) {
        let list = &mut self.behind[index(hold.behind)];
        let at = list.iter().position(|held| held.street == hold.street).unwrap_or_else(|| {
            list.push(HeldFor { street: hold.street, ..HeldFor::default() });
            list.len() - 1
        });
        let held = &mut list[at];
        held.waited += f64::from(hold.people) * float(hold.waited_us);
        held.first_us += float(hold.first_us);
        held.full_us += float(hold.full_us);
    }

    /// The streets for which people wait, with waiting in people x µs: those with most first.
    pub fn traced(&self) -> Vec<(u32, f64)> {
        let streets = self.behind.len();
        let mut waiting: Vec<f64> =
            self.behind.iter().map(|list| list.iter().map(|held| held.waited).sum()).collect();
        let mut found = vec![0.0; streets];
        let rest = waiting.iter().sum::<f64>() * REST;
        for pass in 0.. {
            let mut next = vec![0.0; streets];
            for (street, &waited) in waiting.iter().enumerate().filter(|(_, waited)| **waited > 0.0) {
                let list = &self.behind[street];
                let first_us: f64 = list.iter().map(|held| held.first_us).sum();
                // nobody waits at its end: its own room is what others wait for
                if first_us <= 0.0 {
                    found[street] += waited;
                    continue;
                }
                for held in list {
                    found[index(held.street)] += waited * (held.first_us - held.full_us) / first_us;
                    next[index(held.street)] += waited * held.full_us / first_us;
                }
            }
            waiting = next;
            if pass == PASSES || waiting.iter().sum::<f64>() <= rest {
                break;
            }
        }
        for (found, waited) in found.iter_mut().zip(waiting) {
            *found += waited;
        }
        let list = found.into_iter().enumerate().filter(|(_, waited)| *waited > 0.0);
        let mut list: Vec<(u32, f64)> = list.map(|(street, waited)| (compact(street), waited)).collect();
        list.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hold((behind, street): (u32, u32), waited_us: i64, first_us: i64, full_us: i64) -> Hold {
        Hold { behind, street, people: 2, waited_us, first_us, full_us }
    }

    /// Street 0 waits for 1, which is full three quarters of that time; the first on 1 wait for 2 (which has room) twice as long as for 3,
    /// which is full, and at the end of which nobody waits.
    #[test]
    fn waiting_is_traced_through_full_streets() {
        let mut holds = Holds::new(4);
        holds.add(hold((0, 1), 40, 4, 3));
        holds.add(hold((1, 2), 3, 2, 0));
        holds.add(hold((1, 3), 3, 1, 1));
        // 80 at the end of 0: 20 for 1 itself, 60 further; 12 at the end of 1; of these 72, 48 for 2 and 24 for 3
        let expected = [(2, 48.0), (3, 24.0), (1, 20.0)];
        let traced = holds.traced();
        assert_eq!(traced.len(), expected.len());
        for (found, expected) in traced.iter().zip(expected) {
            assert_eq!(found.0, expected.0);
            assert!((found.1 - expected.1).abs() < 1e-9, "{traced:?}");
        }
    }

    /// Two streets, each full and each waited for by the other, in the end share what is waited.
    #[test]
    fn a_ring_of_full_streets_comes_to_an_end() {
        let mut holds = Holds::new(2);
        holds.add(hold((0, 1), 10, 10, 10));
        holds.add(hold((1, 0), 10, 10, 10));
        assert_eq!(holds.traced(), [(0, 20.0), (1, 20.0)]);
    }
}
