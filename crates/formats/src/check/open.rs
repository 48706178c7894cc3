//! When a thing may be entered: the open sets of `docs/reference/semantics.md`, asked for the last moment not after a given one.

use super::times::{MOST_OCCURRENCES, RowTimes};

/// Half-open intervals, ascending, disjoint and not touching, within [0, horizon), ms.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct TimeIntervals(Vec<(i64, i64)>);

impl TimeIntervals {
    /// The union of all occurrences.
    pub(super) fn union<'i>(rows: impl IntoIterator<Item = &'i RowTimes>, horizon_ms: i64) -> Self {
        let mut all: Vec<(i64, i64)> =
            rows.into_iter().flat_map(|row| occurrences(row, horizon_ms)).collect();
        all.sort_unstable();
        let mut merged: Vec<(i64, i64)> = Vec::with_capacity(all.len());
        for (from, until) in all {
            match merged.last_mut() {
                Some(last) if from <= last.1 => last.1 = last.1.max(until),
                _ => merged.push((from, until)),
            }
        }
        Self(merged)
    }

    /// The last moment not after `at` that is in one of the intervals, each shortened at its end by `by`.
    fn last_within(&self, at: i64, by: i64) -> Option<i64> {
        let begun = self.0.partition_point(|(from, _)| *from <= at);
        let fits = |(from, until): &(i64, i64)| Some((until - by - 1).min(at)).filter(|last| last >= from);
        self.0[..begun].iter().rev().find_map(fits)
    }

    /// The last moment not after `at` that is in none of the intervals, each begun earlier by `by`.
    fn last_outside(&self, mut at: i64, by: i64) -> Option<i64> {
        loop {
            let begun = self.0.partition_point(|(from, _)| from - by <= at);
            match self.0[..begun].last() {
                Some((from, until)) if at < *until => at = from - by - 1,
                _ => return (at >= 0).then_some(at),
            }
        }
    }

    /// Begin of the first interval.
    pub(super) fn first(&self) -> Option<i64> {
        self.0.first().map(|(from, _)| *from)
    }

    /// End of the last interval.
    pub(super) fn last(&self) -> Option<i64> {
        self.0.last().map(|(_, until)| *until)
    }
}

fn occurrences(row: &RowTimes, horizon_ms: i64) -> impl Iterator<Item = (i64, i64)> {
    // rows that are not sound have been reported; here they only must not overflow or fill memory
    let count = row.occurrences(horizon_ms).clamp(0, MOST_OCCURRENCES);
    let (from, until) = (row.from_ms.max(0), row.until_ms.unwrap_or(horizon_ms));
    let every = row.repeat_every_ms.unwrap_or(0).max(0);
    (0..count).filter_map(move |n| {
        let shift = every.saturating_mul(n);
        let from = from.saturating_add(shift);
        let until = until.saturating_add(shift).min(horizon_ms);
        (from < until).then_some((from, until))
    })
}

/// When a thing may be entered. `None` for windows: no window names it.
#[derive(Debug, Clone, Default)]
pub(super) struct EntryRules<'t> {
    pub entry_windows: Option<&'t TimeIntervals>,
    pub presence_windows: Option<&'t TimeIntervals>,
    pub entry_closures: Option<&'t TimeIntervals>,
    pub presence_closures: Option<&'t TimeIntervals>,
}

impl EntryRules<'_> {
    /// The last moment not after `at` at which a traversal that takes `time` may begin.
    pub(super) fn last_entry(&self, at: i64, time: i64) -> Option<i64> {
        let mut last = at;
        loop {
            let before = last;
            if let Some(times) = self.entry_windows {
                last = times.last_within(last, 0)?;
            }
            if let Some(times) = self.presence_windows {
                last = times.last_within(last, time)?;
            }
            if let Some(times) = self.entry_closures {
                last = times.last_outside(last, 0)?;
            }
            if let Some(times) = self.presence_closures {
                last = times.last_outside(last, time)?;
            }
            if last == before {
                return (last >= 0).then_some(last);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interval(from_ms: i64, until_ms: Option<i64>) -> RowTimes {
        RowTimes { from_ms, until_ms, repeat_every_ms: None, repeat_until_ms: None }
    }

    #[test]
    fn occurrences_are_merged_and_cut_at_the_horizon() {
        let daily = RowTimes { repeat_every_ms: Some(10), ..interval(2, Some(4)) };
        assert_eq!(TimeIntervals::union([&daily], 23), TimeIntervals(vec![(2, 4), (12, 14), (22, 23)]));
        let until = RowTimes { repeat_until_ms: Some(12), ..daily };
        assert_eq!(TimeIntervals::union([&until], 23), TimeIntervals(vec![(2, 4)]));
        let rows = [interval(5, None), interval(1, Some(3)), interval(3, Some(4)), interval(9, Some(8))];
        assert_eq!(TimeIntervals::union(&rows, 20), TimeIntervals(vec![(1, 4), (5, 20)]));
    }

    #[test]
    fn the_last_entry_is_found_by_brute_force_too() {
        let daily = RowTimes { repeat_every_ms: Some(10), ..interval(2, Some(8)) };
        let fire = TimeIntervals::union(&[interval(16, Some(24)), interval(27, Some(29))], 40);
        let gate = TimeIntervals::union(&[interval(3, Some(5))], 40);
        let open = TimeIntervals::union([&daily], 40);
        let rules = EntryRules {
            entry_windows: None,
            presence_windows: Some(&open),
            entry_closures: Some(&gate),
            presence_closures: Some(&fire),
        };
        for time in 0..8 {
            let may_enter = |t: i64| {
                // the windows [2,8), [12,18), ... shortened, less the gate, less the fires begun earlier
                let phase = t.rem_euclid(10);
                let within = (2..8 - time).contains(&phase) && t >= 2;
                let fire = [(16, 24), (27, 29)].iter().any(|(f, u)| (f - time..*u).contains(&t));
                within && !(3..5).contains(&t) && !fire
            };
            for at in 0..40 {
                let expected = (0..=at).rev().find(|t| may_enter(*t));
                assert_eq!(rules.last_entry(at, time), expected, "time {time}, at {at}");
            }
        }
    }
}
