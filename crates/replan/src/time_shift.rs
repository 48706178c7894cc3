//! Tables whose times begin later: what lies before the new time 0 is cut off, what goes on stays open or closed.

use clearway_model::{ClosureKind, ClosureRow, ClosureTarget, WindowRow};
use clearway_text::Moment;
use jiff::SignedDuration;
use jiff::tz::TimeZone;

/// One interval, possibly repeated, ms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct RepeatedSpan {
    from: i64,
    until: Option<i64>,
    every: Option<i64>,
    repeat_until: Option<i64>,
}

impl RepeatedSpan {
    /// What is left of it after `at`, as up to two rows: occurrences that have begun and are not over, and those to come.
    fn after(self, at: i64, horizon: i64) -> Vec<Self> {
        let shift = |from: i64, until: Option<i64>| Self {
            from: (from - at).max(0),
            until: until.map(|until| until - at),
            every: None,
            repeat_until: None,
        };
        let is_left = |until: Option<i64>| until.is_none_or(|until| until > at);
        let Some(every) = self.every.filter(|every| *every > 0) else {
            return if is_left(self.until) { vec![shift(self.from, self.until)] } else { Vec::new() };
        };
        let stop = self.repeat_until.unwrap_or(horizon).min(horizon);
        let mut left = Vec::new();
        // the first occurrence that begins at or after the time
        let next = ((at - self.from + every - 1) / every).max(0);
        // occurrences that have begun may overlap: the one that began last ends last
        if let Some(last) = next.checked_sub(1).filter(|&last| last >= 0 && self.from + last * every < stop) {
            let until = self.until.map(|until| until + last * every);
            if is_left(until) {
                left.push(shift(self.from + last * every, until));
            }
        }
        let from = self.from + next * every;
        if from < stop {
            left.push(Self {
                every: Some(every),
                repeat_until: Some(stop - at),
                ..shift(from, self.until.map(|until| until + next * every))
            });
        }
        left
    }
}

/// The id of the `number`th row that is made of one.
fn id_of(id: &str, number: usize) -> String {
    if number == 0 { id.to_owned() } else { format!("{id}-{}", number + 1) }
}

/// What is left of closures after a time, in times from then on. Whoever is in a zone once a hazard has come is overtaken for good: such a
/// closure stays, even where it is over.
pub fn shifted_closures(closures: &[ClosureRow], at: i64, horizon: i64) -> Vec<ClosureRow> {
    let mut left = Vec::new();
    for row in closures {
        let span = RepeatedSpan {
            from: row.from_ms,
            until: row.until_ms,
            every: row.repeat_every_ms,
            repeat_until: row.repeat_until_ms,
        };
        let mut spans = span.after(at, horizon);
        let for_good = row.target == ClosureTarget::Zone && row.kind == ClosureKind::Presence;
        if for_good && row.from_ms < at {
            spans = vec![RepeatedSpan { from: 0, until: None, every: None, repeat_until: None }];
        }
        left.extend(spans.into_iter().enumerate().map(|(number, span)| ClosureRow {
            closure_id: id_of(&row.closure_id, number),
            from_ms: span.from,
            until_ms: span.until,
            repeat_every_ms: span.every,
            repeat_until_ms: span.repeat_until,
            ..row.clone()
        }));
    }
    left
}

/// What is left of windows after a time, in times from then on. One that is over still says that its target is not open at other times:
/// it stays, at a time that does not count.
pub fn shifted_windows(windows: &[WindowRow], at: i64, horizon: i64) -> Vec<WindowRow> {
    let mut left = Vec::new();
    for row in windows {
        let span = RepeatedSpan {
            from: row.from_ms,
            until: row.until_ms,
            every: row.repeat_every_ms,
            repeat_until: row.repeat_until_ms,
        };
        let mut spans = span.after(at, horizon);
        if spans.is_empty() {
            spans = vec![RepeatedSpan { from: horizon - at, until: None, every: None, repeat_until: None }];
        }
        left.extend(spans.into_iter().enumerate().map(|(number, span)| WindowRow {
            window_id: id_of(&row.window_id, number),
            from_ms: span.from,
            until_ms: span.until,
            repeat_every_ms: span.every,
            repeat_until_ms: span.repeat_until,
            ..row.clone()
        }));
    }
    left
}

/// A start (RFC 3339) so much later, ms, written with the offset it had; `None` if it cannot be read or is beyond the calendar.
pub fn shifted_start(start: &str, by: i64) -> Option<String> {
    let moment = Moment::read(start).ok()?;
    let at = moment.at.checked_add(SignedDuration::from_millis(by)).ok()?;
    let Some(offset) = moment.offset else { return Some(at.to_string()) };
    let clock = at.to_zoned(TimeZone::fixed(offset));
    let pattern = if by % 1000 == 0 { "%Y-%m-%dT%H:%M:%S%:z" } else { "%Y-%m-%dT%H:%M:%S%.3f%:z" };
    Some(clock.strftime(pattern).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clearway_model::WindowTarget;

    fn closure(from: i64, until: Option<i64>, every: Option<i64>, repeat_until: Option<i64>) -> ClosureRow {
        ClosureRow {
            closure_id: "C".to_owned(),
            target_id: "L".to_owned(),
            from_ms: from,
            until_ms: until,
            repeat_every_ms: every,
            repeat_until_ms: repeat_until,
            ..ClosureRow::default()
        }
    }

    /// Begin, end, how often, until when.
    type Times = (i64, Option<i64>, Option<i64>, Option<i64>);

    fn times(rows: &[ClosureRow]) -> Vec<Times> {
        rows.iter().map(|r| (r.from_ms, r.until_ms, r.repeat_every_ms, r.repeat_until_ms)).collect()
    }

    #[test]
    fn what_is_over_goes_and_what_goes_on_is_cut() {
        let rows = [
            closure(0, Some(10), None, None),
            closure(5, Some(30), None, None),
            closure(40, None, None, None),
        ];
        assert_eq!(
            times(&shifted_closures(&rows, 20, 100)),
            [(0, Some(10), None, None), (20, None, None, None)]
        );
    }

    #[test]
    fn a_repeated_one_is_the_occurrence_under_way_and_those_to_come() {
        let rows = [closure(0, Some(8), Some(10), None)];
        let left = shifted_closures(&rows, 25, 100);
        assert_eq!(times(&left), [(0, Some(3), None, None), (5, Some(13), Some(10), Some(75))]);
        assert_eq!([&left[0].closure_id, &left[1].closure_id], ["C", "C-2"]);
        // before the first occurrence nothing changes but the times
        let rows = [closure(50, Some(55), Some(10), Some(80))];
        assert_eq!(times(&shifted_closures(&rows, 20, 100)), [(30, Some(35), Some(10), Some(60))]);
    }

    #[test]
    fn a_hazard_that_was_in_a_zone_stays_there() {
        let zone = ClosureRow {
            target: ClosureTarget::Zone,
            kind: ClosureKind::Presence,
            ..closure(5, Some(10), None, None)
        };
        assert_eq!(times(&shifted_closures(&[zone], 20, 100)), [(0, None, None, None)]);
    }

    #[test]
    fn a_window_that_is_over_still_keeps_its_target_shut() {
        let row = WindowRow {
            window_id: "W".to_owned(),
            target: WindowTarget::Site,
            target_id: "S".to_owned(),
            from_ms: 0,
            until_ms: Some(10),
            ..WindowRow::default()
        };
        let left = shifted_windows(&[row], 20, 100);
        assert_eq!((left.len(), left[0].from_ms), (1, 80));
    }

    #[test]
    fn the_start_moves_and_keeps_its_offset() {
        let two_hours = 7_200_000;
        assert_eq!(
            shifted_start("2026-06-01T23:00:00+03:00", two_hours).unwrap(),
            "2026-06-02T01:00:00+03:00"
        );
        assert_eq!(shifted_start("2026-06-01T08:00:00Z", two_hours).unwrap(), "2026-06-01T10:00:00Z");
        assert_eq!(shifted_start("soon", 1), None);
    }
}
