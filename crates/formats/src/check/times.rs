//! Closures, windows and opening times: begin before end, repetitions that make sense, times within the horizon.

use super::ScenarioCheck;
use crate::table::TableRow;
use clearway_model::number::length;
use clearway_model::{ClosureKind, ClosureRow, ClosureTarget, SiteRow, WindowRow, WindowTarget};

/// More occurrences of one row are absurd and would only fill memory.
pub(super) const MOST_OCCURRENCES: i64 = 100_000;

/// The times of a closure or window.
#[derive(Debug, Clone, Copy)]
pub(super) struct RowTimes {
    pub from_ms: i64,
    pub until_ms: Option<i64>,
    pub repeat_every_ms: Option<i64>,
    pub repeat_until_ms: Option<i64>,
}

impl From<&ClosureRow> for RowTimes {
    fn from(row: &ClosureRow) -> Self {
        Self {
            from_ms: row.from_ms,
            until_ms: row.until_ms,
            repeat_every_ms: row.repeat_every_ms,
            repeat_until_ms: row.repeat_until_ms,
        }
    }
}

impl From<&WindowRow> for RowTimes {
    fn from(row: &WindowRow) -> Self {
        Self {
            from_ms: row.from_ms,
            until_ms: row.until_ms,
            repeat_every_ms: row.repeat_every_ms,
            repeat_until_ms: row.repeat_until_ms,
        }
    }
}

impl RowTimes {
    /// How many occurrences begin before the horizon.
    pub(super) fn occurrences(&self, horizon_ms: i64) -> i64 {
        let end = self.repeat_until_ms.unwrap_or(horizon_ms).min(horizon_ms);
        match self.repeat_every_ms {
            Some(every) if every > 0 && end > self.from_ms => (end - self.from_ms - 1) / every + 1,
            _ => 1,
        }
    }
}

/// The same of all rows of both tables, and with a row for all links counted once for each link: what checkers take on
/// (`docs/reference/semantics.md`).
const MOST_IN_ALL: i64 = 1_000_000;
const MOST_OVER_LINKS: i64 = 10_000_000;

pub(super) fn check(check: &mut ScenarioCheck<'_>) {
    let scenario = check.scenario;
    in_all(check);
    for (index, row) in check.sound(&scenario.closures) {
        interval(check, index, row, row.into());
        if row.target == ClosureTarget::Node && row.kind == ClosureKind::Entry {
            let hint = "to keep people from passing a node close the links that lead to it";
            check.error(index, row, ("kind", "entry"), "'presence' where target is node", hint);
        }
    }
    for (index, row) in check.sound(&scenario.windows) {
        interval(check, index, row, row.into());
    }
    for (index, row) in check.sound(&scenario.sites) {
        opening(check, index, row);
    }
}

fn in_all(check: &mut ScenarioCheck<'_>) {
    let Some(horizon) = check.horizon_ms() else { return };
    let (windows, closures) = (&check.scenario.windows, &check.scenario.closures);
    let links = length(check.scenario.links.len());
    let (mut all, mut over_links) = (0i64, 0i64);
    for (times, targets) in windows
        .iter()
        .map(|row| (RowTimes::from(row), if row.target == WindowTarget::AllLinks { links } else { 1 }))
        .chain(closures.iter().map(|row| (RowTimes::from(row), 1)))
    {
        // a row with too many of its own has been reported
        let count = Some(times.occurrences(horizon))
            .filter(|count| (0..=MOST_OCCURRENCES).contains(count))
            .unwrap_or(0);
        all = all.saturating_add(count);
        over_links = over_links.saturating_add(count.saturating_mul(targets));
    }
    let hint = "occurrences before the horizon of all rows of windows.csv and closures.csv";
    if all > MOST_IN_ALL {
        check.table_error::<WindowRow>(
            format!("at most {MOST_IN_ALL} occurrences in all; here there are {all}"),
            hint,
        );
    } else if over_links > MOST_OVER_LINKS {
        let expected =
            format!("at most {MOST_OVER_LINKS} occurrences over all links; here there are {over_links}");
        check.table_error::<WindowRow>(expected, hint);
    }
}

fn interval<R: TableRow>(check: &mut ScenarioCheck<'_>, index: usize, row: &R, times: RowTimes) {
    if let Some(until) = times.until_ms.filter(|until| *until <= times.from_ms) {
        let expected = format!("more than from_ms ({})", times.from_ms);
        check.error(
            index,
            row,
            ("until_ms", until),
            expected,
            "it ends before it begins, or lasts no time at all",
        );
    }
    if let Some(until) = times.repeat_until_ms.filter(|until| *until <= times.from_ms) {
        let expected = format!("more than from_ms ({})", times.from_ms);
        check.error(index, row, ("repeat_until_ms", until), expected, "the repetition ends before it begins");
    }
    match (times.repeat_every_ms, times.until_ms) {
        (Some(every), None) => {
            let hint = "what never ends cannot come again; give until_ms or leave repeat_every_ms empty";
            check.error(
                index,
                row,
                ("repeat_every_ms", every),
                "an empty cell where until_ms is empty",
                hint,
            );
        }
        (Some(every), Some(until)) if every > 0 && until > times.from_ms && every < until - times.from_ms => {
            let expected = format!("at least until_ms - from_ms ({})", until - times.from_ms);
            check.warning(
                index,
                row,
                ("repeat_every_ms", every),
                expected,
                "it comes again before it is over",
            );
        }
        (None, _) => {
            if let Some(until) = times.repeat_until_ms {
                let hint = "nothing is repeated without repeat_every_ms";
                check.warning(index, row, ("repeat_until_ms", until), "an empty cell", hint);
            }
        }
        _ => {}
    }
    let Some(horizon) = check.horizon_ms() else {
        return;
    };
    if times.from_ms >= horizon {
        let hint = "times count from the start of the scenario, not from 1970; after the horizon this changes nothing";
        check.warning(
            index,
            row,
            ("from_ms", times.from_ms),
            format!("less than horizon_ms ({horizon})"),
            hint,
        );
    }
    if times.occurrences(horizon) > MOST_OCCURRENCES
        && let Some(every) = times.repeat_every_ms
    {
        let expected =
            format!("at most {MOST_OCCURRENCES} occurrences; here there are {}", times.occurrences(horizon));
        check.error(index, row, ("repeat_every_ms", every), expected, "milliseconds: 1 day = 86400000");
    }
}

fn opening(check: &mut ScenarioCheck<'_>, index: usize, row: &SiteRow) {
    let from = row.open_from_ms.unwrap_or(0);
    if let Some(until) = row.open_until_ms.filter(|until| *until <= from) {
        let expected = format!("more than open_from_ms ({from})");
        check.error(index, row, ("open_until_ms", until), expected, "the site closes before it opens");
    }
    if check.horizon_ms().is_some_and(|horizon| from >= horizon) {
        let hint = "the site admits nobody within the horizon";
        check.warning(index, row, ("open_from_ms", from), "less than horizon_ms", hint);
    }
}
