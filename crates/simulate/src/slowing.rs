//! Streets that let through less for a while: a lane that is blocked, traffic of others.

use crate::streets::Street;
use clearway_model::number::{float, round};

/// A stretch of time in which a street lets through less.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Slowing {
    /// Its begin, µs.
    pub from_us: i64,
    /// Its end, µs.
    pub until_us: i64,
    /// What is left of the rate, 0 (nobody enters) to 1.
    pub left: f64,
}

impl Street {
    /// Lets through less for a while. Stretches that overlap add up: half of a half is left. Nothing happens to a street without a rate,
    /// which is no road.
    pub fn slow(&mut self, slowing: Slowing) {
        if self.rate.is_none() || slowing.until_us <= slowing.from_us {
            return;
        }
        let rates =
            if self.rates.is_empty() { vec![self.rate; self.open_us.len()] } else { self.rates.clone() };
        let (mut open, mut changed) = (Vec::new(), Vec::new());
        for (&(from, until), rate) in self.open_us.iter().zip(rates) {
            let (begin, end) = (slowing.from_us.clamp(from, until), slowing.until_us.clamp(from, until));
            let less = rate.map(|rate| {
                u64::try_from(round(
                    float(i64::try_from(rate).unwrap_or(i64::MAX)) * slowing.left.clamp(0.0, 1.0),
                ))
                .unwrap_or(0)
            });
            for (from, until, rate) in [(from, begin, rate), (begin, end, less), (end, until, rate)] {
                if from < until && rate != Some(0) {
                    open.push((from, until));
                    changed.push(rate);
                }
            }
        }
        self.open_us = open;
        self.rates = changed;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn street() -> Street {
        Street { rate: Some(1000), open_us: vec![(0, 10), (20, 30)], ..Street::default() }
    }

    #[test]
    fn intervals_are_cut_where_the_rate_changes() {
        let mut street = street();
        street.slow(Slowing { from_us: 5, until_us: 25, left: 0.5 });
        assert_eq!(street.open_us, [(0, 5), (5, 10), (20, 25), (25, 30)]);
        assert_eq!(street.rates, [Some(1000), Some(500), Some(500), Some(1000)]);
        street.slow(Slowing { from_us: 0, until_us: 7, left: 0.5 });
        assert_eq!(street.open_us, [(0, 5), (5, 7), (7, 10), (20, 25), (25, 30)]);
        assert_eq!(street.rates, [500, 250, 500, 500, 1000].map(Some));
    }

    #[test]
    fn a_blocked_street_is_closed_meanwhile() {
        let mut street = street();
        street.slow(Slowing { from_us: 5, until_us: 25, left: 0.0 });
        assert_eq!((street.open_us, street.rates), (vec![(0, 5), (25, 30)], vec![Some(1000); 2]));
        let mut door = Street { open_us: vec![(0, 9)], ..Street::default() };
        door.slow(Slowing { from_us: 0, until_us: 9, left: 0.0 });
        assert_eq!(door.open_us, [(0, 9)]);
    }
}
