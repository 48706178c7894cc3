//! Sets of times: disjoint, ascending, half-open intervals of whole milliseconds, touching ones merged.

use std::sync::Arc;

/// A set of times within [0, horizon). Clones share their memory: most elements of a network have the same.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TimeSet(Arc<[(i64, i64)]>);

impl TimeSet {
    /// The union of intervals given in any order; empty ones are left out.
    pub fn union(mut intervals: Vec<(i64, i64)>) -> Self {
        intervals.retain(|(from, until)| from < until);
        intervals.sort_unstable();
        let mut merged: Vec<(i64, i64)> = Vec::with_capacity(intervals.len());
        for (from, until) in intervals {
            match merged.last_mut() {
                Some(last) if from <= last.1 => last.1 = last.1.max(until),
                _ => merged.push((from, until)),
            }
        }
        Self(merged.into())
    }

    /// [from, until), empty if that is no time at all.
    pub fn interval(from: i64, until: i64) -> Self {
        Self::union(vec![(from, until)])
    }

    /// Beginning and end of each interval, ms, the end excluded; ascending, no two of them touch.
    pub fn intervals(&self) -> &[(i64, i64)] {
        &self.0
    }

    /// Whether it holds no time at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a time is in it.
    pub fn contains(&self, t: i64) -> bool {
        self.ending_after(t).is_some_and(|interval| interval.0 <= t)
    }

    /// The first interval that is not over at `t`.
    #[inline]
    pub fn ending_after(&self, t: i64) -> Option<(i64, i64)> {
        self.0.get(self.0.partition_point(|interval| interval.1 <= t)).copied()
    }

    /// The last interval that has begun by `t`.
    #[inline]
    pub fn begun_by(&self, t: i64) -> Option<(i64, i64)> {
        self.0[..self.0.partition_point(|interval| interval.0 <= t)].last().copied()
    }

    /// Whether an interval, its end included, meets [from, until], both included.
    pub fn touches(&self, from: i64, until: i64) -> bool {
        let next = self.0.partition_point(|interval| interval.1 < from);
        from <= until && self.0.get(next).is_some_and(|interval| interval.0 <= until)
    }

    /// Times that are in this set and in the other.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Self {
        let (mut i, mut j) = (0, 0);
        let mut out = Vec::new();
        while let (Some(a), Some(b)) = (self.0.get(i), other.0.get(j)) {
            let (from, until) = (a.0.max(b.0), a.1.min(b.1));
            if from < until {
                out.push((from, until));
            }
            if a.1 <= b.1 { i += 1 } else { j += 1 }
        }
        Self(out.into())
    }

    /// Times in this and not in the other.
    #[must_use]
    pub fn subtract(&self, other: &Self) -> Self {
        let mut out = Vec::new();
        let mut j = 0;
        for &(mut from, until) in self.0.iter() {
            while other.0.get(j).is_some_and(|hole| hole.1 <= from) {
                j += 1;
            }
            let mut at = j;
            while let Some(&(hole_from, hole_until)) = other.0.get(at) {
                if hole_from >= until {
                    break;
                }
                if from < hole_from {
                    out.push((from, hole_from));
                }
                from = from.max(hole_until);
                at += 1;
            }
            if from < until {
                out.push((from, until));
            }
        }
        Self(out.into())
    }

    /// Each interval [o, e) becomes [o, e - by).
    #[must_use]
    pub fn shorten(&self, by: i64) -> Self {
        Self::union(self.0.iter().map(|&(from, until)| (from, until - by)).collect())
    }

    /// Length of the part within [from, until), ms.
    pub fn length_within(&self, from: i64, until: i64) -> i64 {
        if until <= from {
            return 0;
        }
        let first = self.0.partition_point(|interval| interval.1 <= from);
        let mut sum = 0;
        for &(open, close) in &self.0[first..] {
            if open >= until {
                break;
            }
            sum += close.min(until) - open.max(from);
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn set() -> impl Strategy<Value = TimeSet> {
        proptest::collection::vec((0i64..40, 0i64..12), 0..6)
            .prop_map(|v| TimeSet::union(v.into_iter().map(|(from, len)| (from, from + len)).collect()))
    }
    fn has(set: &TimeSet, t: i64) -> bool {
        set.intervals().iter().any(|&(from, until)| from <= t && t < until)
    }

    proptest! {
        #[test]
        fn operations_are_those_of_sets(a in set(), b in set(), x in 0i64..50, y in 0i64..50) {
            let (both, less) = (a.intersect(&b), a.subtract(&b));
            for t in 0..60 {
                prop_assert_eq!(has(&both, t), has(&a, t) && has(&b, t));
                prop_assert_eq!(has(&less, t), has(&a, t) && !has(&b, t));
            }
            for s in [&a, &both, &less] {
                prop_assert!(s.intervals().windows(2).all(|w| w[0].1 < w[1].0));
                prop_assert_eq!(s.length_within(x, y), (x..y).filter(|&t| has(s, t)).count() as i64);
            }
        }
    }

    #[test]
    fn ends_touch() {
        let set = TimeSet::union(vec![(5, 8), (12, 20)]);
        let touched = [(0, 5), (8, 8), (8, 11), (9, 12), (20, 30), (13, 14)];
        assert!(touched.iter().all(|&(from, until)| set.touches(from, until)));
        let apart = [(0, 4), (9, 11), (21, 30), (7, 6)];
        assert!(apart.iter().all(|&(from, until)| !set.touches(from, until)));
    }

    #[test]
    fn shortening_drops_what_is_too_short() {
        let set = TimeSet::union(vec![(0, 5), (10, 30)]);
        assert_eq!(set.shorten(5).intervals(), &[(10, 25)]);
    }
}
