//! Times that could be right and most often are not: seconds or days of a spreadsheet taken for milliseconds, and daily times across a
//! change of the clocks. Each is shown as the clock times that the figures mean.

use super::ScenarioCheck;
use super::times::RowTimes;
use crate::table::TableRow;
use clearway_model::{ClosureRow, ConnectorRow, SiteRow, WindowRow};
use clearway_text::{clock_changes, clock_text, excel_day, offset_text, span_text};
use jiff::SignedDuration;
use std::collections::BTreeMap;

/// Shorter intervals, and begins this soon after the start, are most often in another unit, ms.
const SHORT: i64 = 60_000;
/// All times of a table are before this: as seconds it would be two weeks, ms.
const SOON: i64 = 20 * 60_000;
/// Of a scenario that is looked at for at least so long, ms.
const LONG: i64 = 6 * 3_600_000;
/// People who are all ready before this are most often a curve in seconds, ms: as seconds it would be three days.
const READY: i64 = 5 * 60_000;
/// Connectors that all take less than this are most often in seconds, ms: as seconds it would be an hour.
const NEAR: i64 = 3_600;
/// Length of a day on a clock that is not changed, ms.
pub(crate) const DAY: i64 = 86_400_000;

const SECONDS: &str = "whole milliseconds since the start: 1 min = 60000, 1 h = 3600000";

pub(super) fn check(check: &mut ScenarioCheck<'_>) {
    let scenario = check.scenario;
    let closures = scenario.closures.iter().map(RowTimes::from).collect::<Vec<_>>();
    let windows = scenario.windows.iter().map(RowTimes::from).collect::<Vec<_>>();
    intervals::<ClosureRow>(check, &scenario.closures, &closures);
    intervals::<WindowRow>(check, &scenario.windows, &windows);
    let opening = |row: &SiteRow| RowTimes {
        from_ms: row.open_from_ms.unwrap_or(0),
        until_ms: row.open_until_ms,
        repeat_every_ms: None,
        repeat_until_ms: None,
    };
    let openings = scenario.sites.iter().map(opening).collect::<Vec<_>>();
    intervals::<SiteRow>(check, &scenario.sites, &openings);
    releases(check);
    connectors(check);
}

/// Rows of one kind: days of a spreadsheet, seconds, daily times across a change of the clocks.
fn intervals<R: TableRow>(check: &mut ScenarioCheck<'_>, rows: &[R], times: &[RowTimes]) {
    let field = if R::FILE == "sites.csv" { "open_from_ms" } else { "from_ms" };
    let sound: Vec<(usize, RowTimes)> =
        check.sound(rows).into_iter().filter_map(|(index, _)| Some((index, *times.get(index)?))).collect();
    let mut short = Vec::new();
    let mut drifting = Vec::new();
    for (index, time) in &sound {
        let Some(row) = rows.get(*index) else { continue };
        // a row that ends before it begins has been reported
        if time.from_ms < 0 || time.until_ms.is_some_and(|until| until <= time.from_ms) {
            continue;
        }
        if let Some(days) = days_of_a_spreadsheet(time) {
            let hint = format!("{SECONDS}; as it stands it lasts {}", span_text(lasts(time)));
            let expected = format!("milliseconds since the start; a spreadsheet counts {days}");
            check.error(*index, row, (field, written(time)), expected, hint);
        } else if (1..SHORT).contains(&time.from_ms) || (1..SHORT).contains(&lasts(time)) {
            let end = time.until_ms.map_or_else(|| "the end".to_owned(), |until| check.clock_text(until));
            let expected =
                format!("times in milliseconds; this is from {} to {end}", check.clock_text(time.from_ms));
            short.push((*index, written(time), expected));
        }
        if let Some(words) = drift(check, time) {
            drifting.push((*index, time.repeat_every_ms.unwrap_or(DAY).to_string(), words));
        }
    }
    let is_short = !short.is_empty();
    check.warnings(rows, field, &short, &format!("seconds taken for milliseconds? {SECONDS}"));
    let hint = "write one row until the clocks change (repeat_until_ms) and one after it";
    check.warnings(rows, "repeat_every_ms", &drifting, hint);
    let latest = sound.iter().map(|(_, time)| time.until_ms.unwrap_or(time.from_ms)).max().unwrap_or(0);
    if !is_short && (1..SOON).contains(&latest) && check.horizon_ms().is_some_and(|horizon| horizon >= LONG) {
        let expected = format!("times in milliseconds; the last one here is {}", check.clock_text(latest));
        let hint = format!("seconds taken for milliseconds? {SECONDS}");
        check.table_warning::<R>((field, format!("at most {latest}")), expected, hint);
    }
}

/// The length of what never ends.
const NEVER: i64 = i64::MAX;

/// How long one occurrence lasts, ms.
fn lasts(time: &RowTimes) -> i64 {
    time.until_ms.map_or(NEVER, |until| until.saturating_sub(time.from_ms))
}

fn written(time: &RowTimes) -> String {
    time.until_ms.map_or_else(|| time.from_ms.to_string(), |until| format!("{} to {until}", time.from_ms))
}

/// The dates of an interval whose ends are days as a spreadsheet counts them.
fn days_of_a_spreadsheet(time: &RowTimes) -> Option<String> {
    let until = time.until_ms?;
    let (first, last) = (excel_day(time.from_ms)?, excel_day(until)?);
    // ten years of days: as milliseconds it would be less than four seconds
    (until - time.from_ms <= 3_660).then(|| format!("{} as {first} and {until} as {last}", time.from_ms))
}

/// What becomes of a daily interval where the clocks change.
fn drift(check: &ScenarioCheck<'_>, time: &RowTimes) -> Option<String> {
    let every = time.repeat_every_ms.filter(|every| *every > 0 && every % DAY == 0)?;
    let horizon = check.horizon_ms()?;
    let end = time.repeat_until_ms.unwrap_or(horizon).min(horizon);
    let (start, zone) = check.clock()?;
    let at = |ms: i64| start.checked_add(SignedDuration::from_millis(ms)).ok();
    let changes = clock_changes(&zone, at(time.from_ms)?, at(end)?);
    let (changed, before, after) = changes.first()?;
    // the first occurrence that begins after the change
    let first = (changed.as_millisecond() - start.as_millisecond() - time.from_ms).max(0);
    let later = time.from_ms.saturating_add((first + every - 1).div_euclid(every).saturating_mul(every));
    if later >= end {
        return None;
    }
    Some(format!(
        "the same clock times each day; the clocks of {} change at {} from {} to {}: what begins at {} first begins at {} after it",
        check.scenario.settings.time_zone,
        clock_text(*changed, &zone),
        offset_text(*before),
        offset_text(*after),
        check.clock_text(time.from_ms),
        check.clock_text(later),
    ))
}

/// Curves of people who are all ready within minutes.
fn releases(check: &mut ScenarioCheck<'_>) {
    let rows = &check.scenario.releases;
    let mut last: BTreeMap<&str, (usize, i64)> = BTreeMap::new();
    for (index, row) in check.sound(rows) {
        let end = last.entry(&row.mobilization_id).or_insert((index, row.time_ms));
        if row.time_ms >= end.1 {
            *end = (index, row.time_ms);
        }
    }
    let found: Vec<(usize, String, String)> = last
        .into_values()
        .filter(|(_, ms)| (1..READY).contains(ms))
        .map(|(index, ms)| {
            let expected =
                format!("a curve in milliseconds; here everybody is ready {} after the start", span_text(ms));
            (index, ms.to_string(), expected)
        })
        .collect();
    check.warnings(rows, "time_ms", &found, &format!("seconds taken for milliseconds? {SECONDS}"));
}

/// Connectors that all take next to no time.
fn connectors(check: &mut ScenarioCheck<'_>) {
    let rows = &check.scenario.connectors;
    let longest = check.sound(rows).into_iter().map(|(_, row)| row.time_ms).max().unwrap_or(0);
    if (1..NEAR).contains(&longest) {
        let expected = format!("times in milliseconds; the longest here is {}", span_text(longest));
        let hint = format!("seconds taken for milliseconds? {SECONDS}");
        check.table_warning::<ConnectorRow>(("time_ms", format!("at most {longest}")), expected, hint);
    }
}
