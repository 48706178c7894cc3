//! Which services run on which day: `calendar.txt` and `calendar_dates.txt`.

use crate::gtfs::table::FeedArchive;
use clearway_model::Faults;
use jiff::ToSpan;
use jiff::civil::Date;
use std::collections::{BTreeMap, HashMap};

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
        /// A calendar is looked at for so many days: four years.
        const MOST_DAYS: usize = 1461;
        let (first, last) = self.span()?;
        let mut best: Option<(u64, Date)> = None;
        for date in first.series(1.day()).take(MOST_DAYS).take_while(|date| *date <= last) {
            let sum: u64 =
                trips.iter().filter(|(service, _)| self.runs(service, date)).map(|(_, trips)| *trips).sum();
            if best.is_none_or(|(most, _)| sum > most) {
                best = Some((sum, date));
            }
        }
        best.map(|(_, date)| date)
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
