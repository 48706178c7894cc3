//! Mobilization curves: the cumulative share of a zone's evacuees that is ready to leave.

use crate::number::{float, truncated};

/// Piecewise linear, never falling, from 0 before the first point to 1 at the last.
#[derive(Debug, Clone, PartialEq)]
pub struct ReleaseCurve {
    /// (time ms, share); two points of one time are a jump.
    points: Vec<(i64, f64)>,
}

impl ReleaseCurve {
    /// All are ready at time 0.
    pub fn at_once() -> Self {
        Self { points: vec![(0, 1.0)] }
    }

    /// From points in the order of the file; no points: everyone at time 0.
    pub fn new(points: Vec<(i64, f64)>) -> Self {
        if points.is_empty() { Self::at_once() } else { Self { points } }
    }

    /// Times (ms) with the cumulative share that is ready by then, 0..1, both ascending.
    pub fn points(&self) -> &[(i64, f64)] {
        &self.points
    }

    /// Share ready at time t, jumps at t included.
    pub fn share(&self, t: i64) -> f64 {
        self.between(self.points.partition_point(|p| p.0 <= t), t)
    }

    /// Share ready strictly before t: the bound from the left.
    pub fn share_before(&self, t: i64) -> f64 {
        self.between(self.points.partition_point(|p| p.0 < t), t)
    }

    /// Interpolates at t between the points before index `next` and at it.
    fn between(&self, next: usize, t: i64) -> f64 {
        let Some(&(t0, s0)) = next.checked_sub(1).and_then(|i| self.points.get(i)) else { return 0.0 };
        match self.points.get(next) {
            // At a row the share is the row's, whatever rounding would make of the line to it.
            Some(&(t1, s1)) if t1 == t => s1,
            Some(&(t1, s1)) if t1 > t0 => s0 + (s1 - s0) * float(t - t0) / float(t1 - t0),
            _ => s0,
        }
    }

    /// The last time before which no more than `share` (below 1) is ready, ms.
    pub fn last_within(&self, share: f64) -> i64 {
        let next = self.points.partition_point(|p| p.1 <= share);
        let Some(&(t1, s1)) = self.points.get(next) else { return self.end() };
        match next.checked_sub(1).map(|i| self.points[i]) {
            Some((t0, s0)) => t0 + truncated(float(t1 - t0) * (share - s0) / (s1 - s0)),
            None => t1,
        }
    }

    /// When the last person is ready, ms.
    pub fn end(&self) -> i64 {
        self.points.iter().find(|p| p.1 >= 1.0).or(self.points.last()).map_or(0, |p| p.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn linear_between_points_and_jumps_at_them() {
        let curve = ReleaseCurve::new(vec![(10, 0.0), (20, 0.5), (20, 0.8), (30, 1.0)]);
        assert_eq!(curve.share(9), 0.0);
        assert_eq!(curve.share(15), 0.25);
        assert_eq!(curve.share_before(20), 0.5);
        assert_eq!(curve.share(20), 0.8);
        assert_eq!(curve.share(99), 1.0);
        assert_eq!(curve.end(), 30);
        assert_eq!([0.0, 0.25, 0.5, 0.8, 0.9].map(|share| curve.last_within(share)), [10, 15, 20, 20, 25]);
        let jump = ReleaseCurve::at_once();
        assert_eq!((jump.share_before(0), jump.share(0), jump.share_before(1)), (0.0, 1.0, 1.0));
    }
}
