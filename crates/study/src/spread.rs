//! Which values an input may have, and how likely each is.

use clearway_model::number::{count, float};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which values an input may have.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum InputSpread {
    /// Anything between two ends, everywhere equally likely.
    Range([f64; 2]),
    /// Some values, each equally likely.
    List(Vec<f64>),
    /// 1 (it happens) with this probability, else 0.
    Chance(f64),
}

impl InputSpread {
    /// The value at a place `share` of its distribution, 0 to 1: the inverse of the distribution function.
    pub fn at(&self, share: f64) -> f64 {
        match self {
            Self::Range([low, high]) => low + (high - low) * share,
            Self::List(values) => {
                let place = count(share * float(values.len())).min(values.len().saturating_sub(1));
                values.get(place).copied().unwrap_or(0.0)
            }
            Self::Chance(chance) => f64::from(u8::from(share >= 1.0 - chance)),
        }
    }

    /// Values on an even grid with their weights, which sum to 1: `levels` of a range from end to end, all values of a list, both of a chance.
    pub fn grid(&self, levels: u32) -> Vec<(f64, f64)> {
        match self {
            Self::Range([low, high]) => {
                let last = f64::from(levels.max(2) - 1);
                let weight = 1.0 / f64::from(levels.max(2));
                (0..levels.max(2))
                    .map(|level| (low + (high - low) * f64::from(level) / last, weight))
                    .collect()
            }
            Self::List(values) => {
                values.iter().map(|&value| (value, 1.0 / float(values.len().max(1)))).collect()
            }
            Self::Chance(chance) => vec![(0.0, 1.0 - chance), (1.0, *chance)],
        }
    }

    /// The value where nothing else is said: the middle of a range, the middle one of a list (the earlier of two), for a chance what is more
    /// likely (at 50 %: that it does not happen).
    pub fn middle(&self) -> f64 {
        match self {
            Self::Range([low, high]) => low + (high - low) / 2.0,
            Self::List(values) => values.get(values.len().saturating_sub(1) / 2).copied().unwrap_or(0.0),
            Self::Chance(chance) => f64::from(u8::from(*chance > 0.5)),
        }
    }

    /// Whether a value is one that it may have.
    pub fn has(&self, value: f64) -> bool {
        match self {
            Self::Range([low, high]) => (*low..=*high).contains(&value),
            Self::List(values) => values.contains(&value),
            Self::Chance(_) => value == 0.0 || value == 1.0,
        }
    }

    /// Its smallest and its largest value.
    pub fn ends(&self) -> [f64; 2] {
        match self {
            Self::Range(ends) => *ends,
            Self::List(values) => [
                values.iter().copied().fold(f64::INFINITY, f64::min),
                values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            ],
            Self::Chance(_) => [0.0, 1.0],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_value_has_its_share() {
        let list = InputSpread::List(vec![1.0, 2.0, 4.0]);
        assert_eq!([0.0, 0.33, 0.34, 0.99, 1.0].map(|share| list.at(share)), [1.0, 1.0, 2.0, 4.0, 4.0]);
        let chance = InputSpread::Chance(0.25);
        assert_eq!([0.0, 0.74, 0.75, 1.0].map(|share| chance.at(share)), [0.0, 0.0, 1.0, 1.0]);
        assert_eq!(InputSpread::Chance(0.0).at(0.999), 0.0);
        assert_eq!(InputSpread::Range([2.0, 4.0]).at(0.25), 2.5);
    }

    #[test]
    fn a_grid_has_both_ends_and_weights_that_sum_to_one() {
        assert_eq!(
            InputSpread::Range([0.0, 1.0]).grid(3).iter().map(|point| point.0).collect::<Vec<_>>(),
            [0.0, 0.5, 1.0]
        );
        for spread in
            [InputSpread::Range([1.0, 2.0]), InputSpread::List(vec![3.0; 7]), InputSpread::Chance(0.3)]
        {
            assert!((spread.grid(5).iter().map(|point| point.1).sum::<f64>() - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn the_middle_is_a_value_that_it_may_have() {
        let list = InputSpread::List(vec![1.0, 5.0]);
        assert_eq!((list.middle(), InputSpread::Range([0.5, 1.5]).middle()), (1.0, 1.0));
        assert_eq!((InputSpread::Chance(0.5).middle(), InputSpread::Chance(0.6).middle()), (0.0, 1.0));
        assert!(list.has(list.middle()) && !list.has(3.0) && InputSpread::Range([0.0, 1.0]).has(1.0));
        assert_eq!(InputSpread::List(vec![3.0, -1.0]).ends(), [-1.0, 3.0]);
    }
}
