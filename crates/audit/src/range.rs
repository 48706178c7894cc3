//! A figure with the ends of its range.

use clearway_model::number::float;
use serde::Serialize;

/// Low end, central value and high end, `low <= central <= high`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, schemars::JsonSchema)]
pub struct FigureRange {
    /// Low end of the range; that of an exact figure is `central`.
    pub low: f64,
    /// The figure itself, with which is computed where no end of the range is asked for.
    pub central: f64,
    /// High end of the range; infinite where it is not known how much.
    pub high: f64,
}

impl FigureRange {
    /// A figure that is known exactly.
    pub fn exact(value: f64) -> Self {
        Self { low: value, central: value, high: value }
    }

    /// A number of people or things that is known exactly.
    pub fn count(number: i64) -> Self {
        Self::exact(float(number))
    }

    /// Whether it has any width.
    pub fn is_exact(&self) -> bool {
        self.low == self.high
    }

    /// The least range that holds both; the central value is that of `self`.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { low: self.low.min(other.low), central: self.central, high: self.high.max(other.high) }
    }

    /// Whether no value is in both.
    pub fn is_apart_from(&self, other: &Self) -> bool {
        self.high < other.low || other.high < self.low
    }
}
