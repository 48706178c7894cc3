//! Moments as people write them, against the clock of a place: RFC 3339 with an offset that exists and agrees with a zone in brackets.

use clearway_model::number::{float, round};
use jiff::civil::Date;
use jiff::fmt::temporal::{DateTimeParser, Pieces};
use jiff::tz::{Offset, OffsetConflict, TimeZone, TimeZoneDatabase};
use jiff::{SignedDuration, Timestamp};

/// Offsets of clocks on Earth, s: Baker Island to Kiritimati.
const WEST_S: i32 = -12 * 3600;
const EAST_S: i32 = 14 * 3600;

/// The dates that spreadsheets count as days since 1899-12-30 and that a movement may have: 2000 to 2099.
const FIRST_DAY: i64 = 36_526;
const LAST_DAY: i64 = 73_050;

/// A moment with the offset it was written with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The instant, whatever clock it was written for.
    pub at: Timestamp,
    /// Its offset; `None` where it was written with `Z`, which says nothing of a clock.
    pub offset: Option<Offset>,
}

impl Moment {
    /// Reads an RFC 3339 time with offset. A zone in brackets after it must have that offset at that time.
    ///
    /// # Errors
    /// What is wrong, as a hint; may be empty.
    pub fn read(text: &str) -> Result<Self, String> {
        let Ok(at) = text.parse::<Timestamp>() else {
            return Err(hint_of(text));
        };
        // a timestamp keeps no offset: the pieces of the text say which one was written
        let pieces = Pieces::parse(text).map_err(|error| error.to_string())?;
        let is_zulu = matches!(pieces.offset(), Some(jiff::fmt::temporal::PiecesOffset::Zulu));
        let offset = pieces.to_numeric_offset().filter(|_| !is_zulu);
        if offset.is_some_and(|offset| !(WEST_S..=EAST_S).contains(&offset.seconds())) {
            return Err("no clock on Earth has such an offset: -12:00 to +14:00".to_owned());
        }
        if pieces.time_zone_annotation().is_some() {
            let zones = TimeZoneDatabase::bundled();
            let parser = DateTimeParser::new().offset_conflict(OffsetConflict::Reject);
            if let Err(error) = parser.parse_zoned_with(&zones, text) {
                return Err(format!("the zone in brackets contradicts the offset: {error}"));
            }
        }
        Ok(Self { at, offset })
    }

    /// The offset that the clocks of a zone have at this time, where the one written is another.
    #[must_use]
    pub fn other_offset(&self, zone: &TimeZone) -> Option<Offset> {
        let right = zone.to_offset(self.at);
        self.offset.is_some_and(|given| given != right).then_some(right)
    }
}

/// What a text is that is no RFC 3339 time.
fn hint_of(text: &str) -> String {
    let example = "write it like 2026-06-01T08:00:00+03:00";
    if text.parse::<jiff::civil::DateTime>().is_ok() {
        return format!("the offset from UTC is missing: {example}");
    }
    match text.trim().split('.').next().and_then(|whole| whole.parse().ok()).and_then(excel_day) {
        Some(date) => format!("a spreadsheet counts {date} as {}: {example}", text.trim()),
        None => example.to_owned(),
    }
}

/// A zone of the IANA list, by the rules bundled with the program.
#[must_use]
pub fn bundled_zone(name: &str) -> Option<TimeZone> {
    TimeZoneDatabase::bundled().get(name).ok()
}

/// The date that a spreadsheet counts as this number of days, if it is one of 2000 to 2099.
#[must_use]
pub fn excel_day(days: i64) -> Option<Date> {
    if !(FIRST_DAY..=LAST_DAY).contains(&days) {
        return None;
    }
    let first = Date::constant(1899, 12, 30);
    first.checked_add(SignedDuration::from_hours(24 * days)).ok()
}

/// When the clocks of a zone are changed after one moment and before another, with the offsets before and after.
pub fn clock_changes(zone: &TimeZone, from: Timestamp, until: Timestamp) -> Vec<(Timestamp, Offset, Offset)> {
    let mut before = zone.to_offset(from);
    let mut changes = Vec::new();
    for transition in zone.following(from).take_while(|transition| transition.timestamp() < until) {
        let after = transition.offset();
        if after != before {
            changes.push((transition.timestamp(), before, after));
        }
        before = after;
    }
    changes
}

/// `2026-03-29 08:00:00+03:00`: a moment on the clocks of a zone.
#[must_use]
pub fn clock_text(at: Timestamp, zone: &TimeZone) -> String {
    let zoned = at.to_zoned(zone.clone());
    let pattern = if at.as_millisecond().rem_euclid(1000) == 0 { "%F %T%:z" } else { "%F %T%.3f%:z" };
    zoned.strftime(pattern).to_string()
}

/// An offset from UTC as RFC 3339 writes it: `+03:00`.
#[must_use]
pub fn offset_text(offset: Offset) -> String {
    let seconds = offset.seconds();
    let sign = if seconds < 0 { '-' } else { '+' };
    format!("{sign}{:02}:{:02}", seconds.abs() / 3600, seconds.abs() / 60 % 60)
}

/// A length of time in words a person uses: `20 months`, `3 days`, `5 h`, `1.5 s`.
#[must_use]
pub fn span_text(ms: i64) -> String {
    let ms = ms.unsigned_abs();
    let (day, hour, minute) = (86_400_000, 3_600_000, 60_000);
    let of = |n: u64, unit: &str| if n == 1 { format!("1 {unit}") } else { format!("{n} {unit}s") };
    match ms {
        _ if ms >= 730 * day => format!("{:.1} years", float(ms) / (365.25 * float(day))),
        _ if ms >= 60 * day => of(round(float(ms) / (30.4375 * float(day))).unsigned_abs(), "month"),
        _ if ms >= 2 * day => of(ms / day, "day"),
        _ if ms >= hour => {
            let minutes = ms % hour / minute;
            if minutes == 0 { format!("{} h", ms / hour) } else { format!("{} h {minutes} min", ms / hour) }
        }
        _ if ms >= minute => {
            let seconds = ms % minute / 1000;
            if seconds == 0 {
                format!("{} min", ms / minute)
            } else {
                format!("{} min {seconds} s", ms / minute)
            }
        }
        _ => format!("{} s", float(ms) / 1000.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_must_exist_and_agree() {
        let summer = Moment::read("2026-07-01T08:00:00+03:00[Europe/Helsinki]").unwrap();
        assert_eq!(summer.at, "2026-07-01T05:00:00Z".parse().unwrap());
        for (text, part) in [
            ("2026-07-01T08:00:00+25:00", "no clock on Earth"),
            ("2026-07-01T08:00:00-13:00", "no clock on Earth"),
            ("2026-07-01T08:00:00+02:00[Europe/Helsinki]", "contradicts"),
            ("2026-07-01T08:00:00+03:00[Europe/Nowhere]", "contradicts"),
            ("2026-07-01T08:00:00", "offset from UTC is missing"),
            ("46109", "2026-03-28"),
            ("46109.5", "2026-03-28"),
            ("yesterday", "write it like"),
        ] {
            let hint = Moment::read(text).unwrap_err();
            assert!(hint.contains(part), "{text}: {hint}");
        }
        assert_eq!(Moment::read("2026-07-01T08:00:00Z").unwrap().offset, None);
    }

    #[test]
    fn last_winters_offset_is_seen_in_summer() {
        let zone = bundled_zone("Europe/Helsinki").unwrap();
        let stale = Moment::read("2026-03-30T08:00:00+02:00").unwrap();
        assert_eq!(stale.other_offset(&zone).map(offset_text).as_deref(), Some("+03:00"));
        assert_eq!(Moment::read("2026-03-28T08:00:00+02:00").unwrap().other_offset(&zone), None);
        assert_eq!(Moment::read("2026-03-30T08:00:00Z").unwrap().other_offset(&zone), None);
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let changes = clock_changes(&zone, at("2026-03-01T00:00:00Z"), at("2026-12-01T00:00:00Z"));
        let found: Vec<_> =
            changes.iter().map(|c| (clock_text(c.0, &zone), offset_text(c.1), offset_text(c.2))).collect();
        assert_eq!(found[0], ("2026-03-29 04:00:00+03:00".into(), "+02:00".into(), "+03:00".into()));
        assert_eq!(found[1], ("2026-10-25 03:00:00+02:00".into(), "+03:00".into(), "+02:00".into()));
        assert_eq!(found.len(), 2);
    }

    #[test]
    fn days_of_spreadsheets_and_lengths_of_time() {
        assert_eq!(excel_day(46_109).unwrap().to_string(), "2026-03-28");
        assert_eq!(excel_day(36_526).unwrap().to_string(), "2000-01-01");
        assert!(excel_day(3600).is_none() && excel_day(86_400).is_none());
        assert_eq!(span_text(609 * 86_400_000), "20 months");
        assert_eq!(span_text(-3 * 86_400_000), "3 days");
        assert_eq!(span_text(5_400_000), "1 h 30 min");
        assert_eq!(span_text(86_400), "1 min 26 s");
        assert_eq!(span_text(1), "0.001 s");
    }
}
