//! Clock times in the scenario's time zone, and time after the start.
//!
//! Rounding is always the cautious way: what a plan needs is rounded up, what no plan can beat is rounded down, so that a
//! sentence made of a rounded figure stays true.

use clearway_model::Settings;
use clearway_model::time::ms_from_seconds;
use jiff::tz::{Offset, TimeZone, TimeZoneDatabase};
use jiff::{SignedDuration, Timestamp, Zoned};

/// Which way a time is rounded for display.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeRounding {
    /// To the next second or minute; for times a plan needs.
    Up,
    /// To the last second or minute; for bounds and deadlines.
    Down,
}

/// Below this a time is shown to the second, above to the minute, ms.
const FINE_UNTIL_MS: i64 = 36_000_000;

/// Turns ms or s after the start into clock times. Where the start cannot be read there are no clock times, only time after
/// the start.
#[derive(Debug, Clone)]
pub struct ScenarioClock {
    start: Option<Timestamp>,
    zone: TimeZone,
    zone_label: String,
}

impl ScenarioClock {
    /// The clock of a scenario. The zone rules are those bundled with the program; a zone they do not know falls back to the
    /// offset of `start`.
    pub fn new(settings: &Settings) -> Self {
        let start: Option<Timestamp> = settings.start.parse().ok();
        let known = TimeZoneDatabase::bundled().get(&settings.time_zone).ok();
        let (zone, zone_label) = match known {
            Some(zone) => (zone, settings.time_zone.clone()),
            None => {
                let offset = jiff::fmt::temporal::Pieces::parse(&settings.start)
                    .ok()
                    .and_then(|pieces| pieces.to_numeric_offset())
                    .unwrap_or(Offset::UTC);
                (TimeZone::fixed(offset), format!("UTC offset {offset}"))
            }
        };
        Self { start, zone, zone_label }
    }

    /// The IANA name, `None` where it is not known and the offset of the start is used.
    pub fn zone_name(&self) -> Option<&str> {
        self.zone.iana_name()
    }

    /// The start, ms since 1970; `None` if it cannot be read.
    pub fn start_ms(&self) -> Option<i64> {
        self.start.map(|start| start.as_millisecond())
    }

    /// What to call the zone: its name, or the offset fallen back to.
    pub fn zone_label(&self) -> &str {
        &self.zone_label
    }

    /// Begin and end of a day (`2024-05-06`) in the scenario's time zone, ms after the start; `None` if it is no day or there is no clock.
    pub fn day_ms(&self, date: &str) -> Option<(i64, i64)> {
        let date: jiff::civil::Date = date.trim().parse().ok()?;
        let start = self.start?.as_millisecond();
        let begin = |date: jiff::civil::Date| {
            Some(date.to_zoned(self.zone.clone()).ok()?.timestamp().as_millisecond() - start)
        };
        Some((begin(date)?, begin(date.tomorrow().ok()?)?))
    }

    fn zoned(&self, ms: i64) -> Option<Zoned> {
        let moment = self.start?.checked_add(SignedDuration::from_millis(ms)).ok()?;
        Some(moment.to_zoned(self.zone.clone()))
    }

    /// Of an hour that comes twice, where clocks are put back, the offset is shown too.
    fn format(&self, ms: i64, pattern: &str) -> Option<String> {
        self.zoned(ms).map(|zoned| {
            let says_offset = !pattern.contains("%H") || pattern.contains("%:z");
            let comes_twice = || self.zone.to_ambiguous_timestamp(zoned.datetime()).is_ambiguous();
            let offset = if !says_offset && comes_twice() { " UTC%:z" } else { "" };
            zoned.strftime(&format!("{pattern}{offset}")).to_string()
        })
    }

    /// RFC 3339 with the zone's offset, for tables: `2024-05-07T08:00:00+03:00`; ms only where there are any. Empty if there is no
    /// clock.
    pub fn rfc3339(&self, ms: i64) -> String {
        let whole = ms.rem_euclid(1000) == 0 && self.start.is_some_and(|s| s.as_millisecond() % 1000 == 0);
        self.format(ms, if whole { "%Y-%m-%dT%H:%M:%S%:z" } else { "%Y-%m-%dT%H:%M:%S%.3f%:z" })
            .unwrap_or_default()
    }

    /// The start in full: `Tue 7 May 2024, 08:00`.
    pub fn start_in_full(&self) -> Option<String> {
        self.format(0, "%a %-d %b %Y, %H:%M")
    }

    /// `Tue 7 May 2024, 14:30 (6 h 30 min after the start)`; without a clock `6 h 30 min after the start`.
    pub fn moment(&self, seconds: f64, rounding: TimeRounding) -> String {
        let after = after_start(seconds, rounding);
        match self.format(rounded_ms(seconds, rounding), self.pattern(seconds, rounding, "%a %-d %b %Y, ")) {
            Some(clock) => format!("{clock} ({after} after the start)"),
            None => format!("{after} after the start"),
        }
    }

    /// `7 May 14:30`, for tables; time after the start where there is no clock.
    pub fn short(&self, seconds: f64, rounding: TimeRounding) -> String {
        self.format(rounded_ms(seconds, rounding), self.pattern(seconds, rounding, "%-d %b "))
            .unwrap_or_else(|| after_start(seconds, rounding))
    }

    /// An interval, the date named once if it is the same: `7 May 08:00 to 19:00`.
    pub fn interval(&self, from_s: f64, until_s: f64) -> String {
        let (from, until) = (rounded_ms(from_s, TimeRounding::Down), rounded_ms(until_s, TimeRounding::Up));
        let first = self.short(from_s, TimeRounding::Down);
        if self.date(from).is_some() && self.date(from) == self.date(until) {
            let end = self.format(until, self.pattern(until_s, TimeRounding::Up, "")).unwrap_or_default();
            return format!("{first} to {end}");
        }
        format!("{first} to {}", self.short(until_s, TimeRounding::Up))
    }

    /// The clock time at `ms` after the start, `14:30`, for axes; `None` where there is no clock.
    pub fn time_of_day(&self, ms: i64) -> Option<String> {
        self.format(ms, "%H:%M")
    }

    /// The day at `ms` after the start, `7 May`, for axes; `None` where there is no clock.
    pub fn date(&self, ms: i64) -> Option<String> {
        self.format(ms, "%-d %b")
    }

    /// The clock at some seconds after the start, in parts; `None` where there is no clock.
    pub(crate) fn parts(&self, seconds: f64, rounding: TimeRounding) -> Option<ClockParts> {
        let ms = rounded_ms(seconds, rounding);
        let zoned = self.zoned(ms)?;
        let time = self.format(ms, self.pattern(seconds, rounding, ""))?;
        Some(ClockParts { time, ..ClockParts::of(zoned.date()) })
    }

    // Seconds of the clock are shown only where they are not zero.
    fn pattern(&self, seconds: f64, rounding: TimeRounding, date: &str) -> &'static str {
        let ms = rounded_ms(seconds, rounding);
        let start = self.start.map_or(0, |start| start.as_millisecond());
        let fine = (start + ms).rem_euclid(60_000) != 0;
        match (date, fine) {
            ("", true) => "%H:%M:%S",
            ("", false) => "%H:%M",
            ("%-d %b ", true) => "%-d %b %H:%M:%S",
            ("%-d %b ", false) => "%-d %b %H:%M",
            (_, true) => "%a %-d %b %Y, %H:%M:%S",
            (_, false) => "%a %-d %b %Y, %H:%M",
        }
    }
}

/// A moment in parts, for languages that put them together in their own way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ClockParts {
    /// Year.
    pub year: i16,
    /// Month, 1 to 12.
    pub month: i8,
    /// Day of the month.
    pub day: i8,
    /// Day of the week, 0 on Mondays.
    pub weekday: i8,
    /// `14:30`, with seconds where there are any, and the offset in an hour that comes twice.
    pub time: String,
}

impl ClockParts {
    fn of(date: jiff::civil::Date) -> Self {
        let weekday = date.weekday().to_monday_zero_offset();
        Self { year: date.year(), month: date.month(), day: date.day(), weekday, time: String::new() }
    }

    /// A date such as `2026-11-30`.
    pub fn of_date(date: &str) -> Option<Self> {
        date.trim().parse().ok().map(Self::of)
    }

    /// Year, month and day.
    pub fn day(&self) -> (i16, i8, i8) {
        (self.year, self.month, self.day)
    }
}

/// Seconds after the start as whole ms, rounded to the second below ten hours and to the minute above.
fn rounded_ms(seconds: f64, rounding: TimeRounding) -> i64 {
    // Figures carry three decimals; anything finer is noise.
    let ms = ms_from_seconds(seconds);
    let unit = if ms.abs() < FINE_UNTIL_MS { 1000 } else { 60_000 };
    match rounding {
        TimeRounding::Up => ms.saturating_add(unit - 1).div_euclid(unit) * unit,
        // A bound is the last millisecond at which it is still proved: 14,999.999 s is shown as 15,000 s.
        TimeRounding::Down => ms.saturating_add(1).div_euclid(unit) * unit,
    }
}

/// `6 h 30 min`, `83 min` never: hours, minutes and, below ten hours, seconds. `0 min` for none.
pub fn after_start(seconds: f64, rounding: TimeRounding) -> String {
    let total = rounded_ms(seconds, rounding) / 1000;
    let (hours, minutes, rest) = (total / 3600, total % 3600 / 60, total % 60);
    let mut parts = Vec::new();
    for (value, unit) in [(hours, "h"), (minutes, "min"), (rest, "s")] {
        if value != 0 {
            parts.push(format!("{value} {unit}"));
        }
    }
    if parts.is_empty() { "0 min".to_owned() } else { parts.join(" ") }
}

/// Seconds after the start as people read them, rounded up as what a plan needs is: `2 h 47 min 10 s`.
pub fn after_start_up(seconds: f64) -> String {
    after_start(seconds, TimeRounding::Up)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clearway_model::Context;

    fn settings(start: &str, zone: &str) -> Settings {
        Settings {
            schema: Settings::SCHEMA.to_owned(),
            name: String::new(),
            description: String::new(),
            context: Context::Other,
            start: start.to_owned(),
            time_zone: zone.to_owned(),
            horizon_ms: 1,
            margin_share: 0.25,
            attribution: Vec::new(),
            class: Vec::new(),
        }
    }

    #[test]
    fn clock_times_are_in_the_zone_and_cautious() {
        let clock = ScenarioClock::new(&settings("2024-05-07T05:00:00Z", "Europe/Helsinki"));
        assert_eq!(
            clock.moment(5400.0, TimeRounding::Up),
            "Tue 7 May 2024, 09:30 (1 h 30 min after the start)"
        );
        assert_eq!(
            clock.moment(5000.4, TimeRounding::Up),
            "Tue 7 May 2024, 09:23:21 (1 h 23 min 21 s after the start)"
        );
        assert_eq!(
            clock.moment(5000.4, TimeRounding::Down),
            "Tue 7 May 2024, 09:23:20 (1 h 23 min 20 s after the start)"
        );
        assert_eq!(clock.short(36_001.0, TimeRounding::Up), "7 May 18:01");
        assert_eq!(clock.short(36_001.0, TimeRounding::Down), "7 May 18:00");
        assert_eq!(clock.rfc3339(0), "2024-05-07T08:00:00+03:00");
        assert_eq!(clock.rfc3339(1), "2024-05-07T08:00:00.001+03:00");
        assert_eq!(clock.interval(0.0, 39_600.0), "7 May 08:00 to 19:00");
        assert_eq!(clock.interval(0.0, 86_400.0), "7 May 08:00 to 8 May 08:00");
    }

    #[test]
    fn summer_time_ends_inside_a_plan() {
        let clock = ScenarioClock::new(&settings("2024-10-27T00:00:00+03:00", "Europe/Helsinki"));
        assert_eq!(clock.rfc3339(5 * 3_600_000), "2024-10-27T04:00:00+02:00");
    }

    #[test]
    fn an_hour_that_comes_twice_is_shown_with_its_offset() {
        // at 04:00 the clocks are put back to 03:00
        let clock = ScenarioClock::new(&settings("2024-10-27T00:00:00+03:00", "Europe/Helsinki"));
        let at = |hours: f64| clock.short(hours * 3600.0, TimeRounding::Down);
        assert_eq!(
            [at(2.5), at(3.5), at(4.5), at(5.5)],
            ["27 Oct 02:30", "27 Oct 03:30 UTC+03:00", "27 Oct 03:30 UTC+02:00", "27 Oct 04:30"]
        );
        assert_eq!(clock.interval(3.5 * 3600.0, 4.5 * 3600.0), "27 Oct 03:30 UTC+03:00 to 03:30 UTC+02:00");
        assert_eq!(
            clock.moment(4.5 * 3600.0, TimeRounding::Up),
            "Sun 27 Oct 2024, 03:30 UTC+02:00 (4 h 30 min after the start)"
        );
        assert_eq!(clock.time_of_day(16_200_000).as_deref(), Some("03:30 UTC+02:00"));
        assert_eq!(clock.date(16_200_000).as_deref(), Some("27 Oct"));
    }

    #[test]
    fn an_unknown_zone_falls_back_to_the_offset_and_a_bad_start_to_hours() {
        let clock = ScenarioClock::new(&settings("2024-05-07T08:00:00+03:30", "Nowhere/Else"));
        assert_eq!(clock.rfc3339(0), "2024-05-07T08:00:00+03:30");
        assert!(clock.zone_label().contains("+03:30"), "{}", clock.zone_label());
        let none = ScenarioClock::new(&settings("yesterday", "Europe/Helsinki"));
        assert_eq!(none.moment(60.0, TimeRounding::Up), "1 min after the start");
        assert_eq!(none.short(60.0, TimeRounding::Up), "1 min");
        assert_eq!(none.rfc3339(0), "");
    }

    #[test]
    fn durations() {
        assert_eq!(after_start(0.0, TimeRounding::Up), "0 min");
        assert_eq!(after_start(59.001, TimeRounding::Up), "1 min");
        assert_eq!(after_start(3600.0 * 76.0 + 1.0, TimeRounding::Down), "76 h");
        assert_eq!(after_start(14_999.999, TimeRounding::Down), "4 h 10 min");
        assert_eq!(after_start(14_999.998, TimeRounding::Down), "4 h 9 min 59 s");
        // 9 h 59 min 59.5 s rounds up across the change of unit and stays a whole number of both.
        assert_eq!(after_start(35_999.5, TimeRounding::Up), "10 h");
    }
}
