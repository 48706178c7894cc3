//! Sets of times: disjoint half-open intervals, ascending, touching ones merged.

/// Stands for "never ends": later than any time a scenario may hold, and still safe to multiply by 1000.
pub(crate) const FOREVER: i64 = i64::MAX / 4096;

/// A set of times.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct TimeSpans(pub Vec<(i64, i64)>);

impl TimeSpans {
    /// One interval; empty if it ends before it begins.
    pub fn one(from: i64, until: i64) -> Self {
        Self::union(vec![(from, until)])
    }

    /// The union of any intervals.
    pub fn union(mut all: Vec<(i64, i64)>) -> Self {
        all.retain(|(from, until)| from < until);
        all.sort_unstable();
        let mut merged: Vec<(i64, i64)> = Vec::with_capacity(all.len());
        for (from, until) in all {
            match merged.last_mut() {
                // intervals that touch are one: a link may be passed across the seam
                Some(last) if from <= last.1 => last.1 = last.1.max(until),
                _ => merged.push((from, until)),
            }
        }
        Self(merged)
    }

    /// What is in both.
    pub fn and(&self, other: &Self) -> Self {
        let (mut i, mut j) = (0, 0);
        let mut both = Vec::new();
        while let (Some(a), Some(b)) = (self.0.get(i), other.0.get(j)) {
            let (from, until) = (a.0.max(b.0), a.1.min(b.1));
            if from < until {
                both.push((from, until));
            }
            if a.1 < b.1 { i += 1 } else { j += 1 }
        }
        Self(both)
    }

    /// What is in this and not in the other.
    pub fn less(&self, other: &Self) -> Self {
        let mut gaps = Vec::with_capacity(other.0.len() + 1);
        let mut from = -FOREVER;
        for hole in &other.0 {
            gaps.push((from, hole.0));
            from = hole.1;
        }
        gaps.push((from, FOREVER));
        self.and(&Self::union(gaps))
    }

    /// Every interval ends `by` earlier.
    pub fn shorten(&self, by: i64) -> Self {
        Self(self.0.iter().map(|&(from, until)| (from, until - by)).filter(|(f, u)| f < u).collect())
    }

    /// How much of `[from, until)` is in the set.
    pub fn length(&self, from: i64, until: i64) -> i64 {
        // a set may have a hundred thousand intervals, and this is asked for every term of a cut
        let first = self.0.partition_point(|span| span.1 <= from);
        self.0[first..]
            .iter()
            .take_while(|span| span.0 < until)
            .map(|span| (span.1.min(until) - span.0.max(from)).max(0))
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn set_algebra() {
        let a = TimeSpans::union(vec![(5, 8), (0, 2), (2, 3), (9, 9)]);
        assert_eq!(a.0, [(0, 3), (5, 8)]);
        assert_eq!(a.and(&TimeSpans::one(2, 6)).0, [(2, 3), (5, 6)]);
        assert_eq!(a.less(&TimeSpans::one(1, 6)).0, [(0, 1), (6, 8)]);
        assert_eq!(a.shorten(2).0, [(0, 1), (5, 6)]);
        assert_eq!(a.shorten(3).0, []);
        assert_eq!((a.length(1, 6), a.length(3, 5), a.length(6, 1), a.length(-5, 50)), (3, 0, 0, 6));
    }
}
