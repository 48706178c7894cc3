//! Which services run on which day: `calendar.txt` and `calendar_dates.txt`.

use crate::gtfs::table::FeedArchive;
use clearway_model::Faults;
use jiff::ToSpan;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The days of services.
#[derive(Debug, Default)]
pub(super) struct ServiceCalendar {
    /// By service: the days of the week, Monday first, between two days.
    weeks: HashMap<String, Vec<([bool; 7], Date, Date)>>,
    /// Days on which a service runs besides, or does not run.
    exceptions: HashMap<String, BTreeMap<Date, bool>>,
}

impl ServiceCalendar {
    pub fn read(archive: &mut FeedArchive<'_>, faults: &mut Faults) -> Self {
        let mut calendar = Self::default();
        const DAYS: [&str; 10] = [
            "service_id",
            "monday",
            "tuesday",
            "wednesday",
            "thursday",
            "friday",
            "saturday",
            "sunday",
            "start_date",
            "end_date",
        ];
        archive.read("calendar.txt", &DAYS, 10, faults, |row, fault| {
            let mut days = [false; 7];
            for (day, runs) in days.iter_mut().enumerate() {
                match row.get(day + 1) {
                    "1" => *runs = true,
                    "0" | "" => {}
                    other => fault(DAYS[day + 1], other, "0 or 1"),
                }
            }
            let ends = [8, 9].map(|column| {
                let found = day(row.get(column));
                if found.is_none() {
                    fault(DAYS[column], row.get(column), "a day such as 20260601");
                }
                found
            });
            if let [Some(begin), Some(end)] = ends {
                calendar.weeks.entry(row.get(0).to_owned()).or_default().push((days, begin, end));
            }
        });
        let columns = ["service_id", "date", "exception_type"];
        archive.read("calendar_dates.txt", &columns, 3, faults, |row, fault| {
            let runs = match row.get(2) {
                "1" => true,
                "2" => false,
                other => return fault("exception_type", other, "1 (runs besides) or 2 (does not run)"),
            };
            match day(row.get(1)) {
                Some(date) => {
                    calendar.exceptions.entry(row.get(0).to_owned()).or_default().insert(date, runs);
                }
                None => fault("date", row.get(1), "a day such as 20260601"),
            }
        });
        calendar
    }

    /// Whether a service runs on a day.
    pub fn runs(&self, service: &str, date: Date) -> bool {
        if let Some(runs) = self.exceptions.get(service).and_then(|days| days.get(&date)) {
            return *runs;
        }
        let weekday = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or(0);
        let weeks = self.weeks.get(service).map_or(&[][..], Vec::as_slice);
        weeks.iter().any(|(days, begin, end)| days[weekday] && *begin <= date && date <= *end)
    }

    /// First and last day on which anything may run.
    pub fn span(&self) -> Option<(Date, Date)> {
        let weeks = self.weeks.values().flatten().flat_map(|(_, begin, end)| [*begin, *end]);
        let besides =
            self.exceptions.values().flat_map(|days| days.iter().filter(|day| *day.1).map(|day| *day.0));
        let days: Vec<Date> = weeks.chain(besides).collect();
        Some((*days.iter().min()?, *days.iter().max()?))
    }

    /// The first of the days with most trips; `trips` has how many each service has.
    pub fn busiest(&self, trips: &HashMap<&str, u64>) -> Option<Date> {
        let running: Vec<(&str, u64)> = trips
            .iter()
            .filter(|(_, trips)| **trips > 0)
            .map(|(service, trips)| (*service, *trips))
            .collect();
        let mut best: Option<(u64, Date)> = None;
        for date in self.days_to_look_at(running.iter().map(|(service, _)| *service)) {
            let sum: u64 =
                running.iter().filter(|(service, _)| self.runs(service, date)).map(|(_, trips)| *trips).sum();
            if best.is_none_or(|(most, _)| sum > most) {
                best = Some((sum, date));
            }
        }
        best.filter(|(sum, _)| *sum > 0).map(|(_, date)| date)
    }

    /// Days among which is the first of those with most trips of some services: between two days on which a week begins or ends to hold, all
    /// weeks are alike, so the first is enough; an exception counts for its own day, and the same day of the week after it for the others.
    fn days_to_look_at<'a>(&self, services: impl Iterator<Item = &'a str>) -> BTreeSet<Date> {
        let mut days = BTreeSet::new();
        for service in services {
            for (_, begin, end) in self.weeks.get(service).into_iter().flatten() {
                let after = end.checked_add(1.day()).ok();
                let firsts = [Some(*begin), after].into_iter().flatten();
                days.extend(firsts.flat_map(|first| first.series(1.day()).take(7)));
            }
            for day in self.exceptions.get(service).into_iter().flat_map(|days| days.keys()) {
                days.insert(*day);
                days.extend(day.checked_add(7.days()).ok());
            }
        }
        days
    }
}

/// `20260601`.
pub(super) fn day(text: &str) -> Option<Date> {
    let is_day = text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit());
    let part = |range: std::ops::Range<usize>| text.get(range).and_then(|digits| digits.parse::<i16>().ok());
    if !is_day {
        return None;
    }
    let (year, month, day) = (part(0..4)?, part(4..6)?, part(6..8)?);
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn calendar(
        weeks: &[(&str, [bool; 7], Date, Date)],
        exceptions: &[(&str, Date, bool)],
    ) -> ServiceCalendar {
        let mut calendar = ServiceCalendar::default();
        for (service, days, begin, end) in weeks {
            calendar.weeks.entry((*service).to_owned()).or_default().push((*days, *begin, *end));
        }
        for (service, day, runs) in exceptions {
            calendar.exceptions.entry((*service).to_owned()).or_default().insert(*day, *runs);
        }
        calendar
    }

    #[test]
    fn the_busiest_day_is_found_however_long_a_calendar_is() {
        let (daily, begin) = ([true; 7], date(2026, 6, 1));
        let weeks = [
            ("placeholder", daily, date(2000, 1, 1), date(2099, 12, 31)),
            ("real", [true, true, true, true, true, false, false], begin, date(2026, 12, 31)),
        ];
        let trips = HashMap::from([("placeholder", 1), ("real", 500)]);
        assert_eq!(calendar(&weeks, &[]).busiest(&trips), Some(begin));
        // holidays on the first Monday and on the week after it, for which something runs besides on a Saturday later
        let off = [("real", begin, false), ("real", date(2026, 6, 2), false)];
        assert_eq!(calendar(&weeks, &off).busiest(&trips), Some(date(2026, 6, 3)));
        let on = [("real", date(2026, 5, 30), true)];
        assert_eq!(calendar(&weeks, &on).busiest(&trips), Some(date(2026, 5, 30)));
        assert_eq!(calendar(&weeks, &[]).busiest(&HashMap::from([("real", 0)])), None);
    }

    /// Against every day of the calendar, one after the other.
    #[test]
    fn days_that_are_looked_at_hold_the_first_of_the_busiest() {
        for seed in 0..200_u32 {
            let bit = |shift: u32| (seed.wrapping_mul(2_654_435_761) >> shift) & 1 == 1;
            let days = |shift: u32| std::array::from_fn(|day| bit(shift + u32::try_from(day).unwrap()));
            let start = date(2026, 1, 1);
            let later = |by: i64| start.checked_add(by.days()).unwrap();
            let weeks = [
                ("a", days(0), start, later(i64::from(seed % 40))),
                ("b", days(7), later(i64::from(seed % 11)), later(30)),
                ("a", days(14), later(20), later(45)),
            ];
            let exceptions: Vec<(&str, Date, bool)> = (0..6)
                .map(|n| (if bit(n) { "a" } else { "b" }, later(i64::from((seed + n * 7) % 46)), bit(n + 20)))
                .collect();
            let calendar = calendar(&weeks, &exceptions);
            let trips = HashMap::from([("a", 2), ("b", 3)]);
            let sum = |day: Date| -> u64 {
                trips.iter().filter(|(service, _)| calendar.runs(service, day)).map(|(_, trips)| *trips).sum()
            };
            let all: Vec<Date> = (0..60).map(later).collect();
            let most = all.iter().map(|day| sum(*day)).max().unwrap();
            let first = all.iter().find(|day| sum(**day) == most && most > 0).copied();
            assert_eq!(calendar.busiest(&trips), first, "seed {seed}");
        }
    }
}
