//! Numbers and moments as a language writes them. Units (h, min, s, km, %) stay.

use super::messages::Messages;
use crate::ReportError;
use crate::clock::{ClockParts, ScenarioClock, TimeRounding, after_start};
use crate::number::{decimals, grouped};

/// A letter without width that is written from left to right (U+200E).
const LEFT_TO_RIGHT: &str = "\u{200e}";

/// How a language writes numbers and moments of a scenario.
pub(crate) struct LocalFormat<'a> {
    messages: &'a Messages,
    clock: &'a ScenarioClock,
    group: String,
    decimal: String,
    /// What comes before a time with units, so that it keeps its order on a page from right to left.
    mark: &'static str,
}

impl<'a> LocalFormat<'a> {
    pub fn new(messages: &'a Messages, clock: &'a ScenarioClock) -> Result<Self, ReportError> {
        let text = |key: &str| messages.text(key).map(str::to_owned);
        Ok(Self {
            messages,
            clock,
            group: text("common.number.group")?,
            decimal: text("common.number.decimal")?,
            mark: if messages.text("common.direction")? == "rtl" { LEFT_TO_RIGHT } else { "" },
        })
    }

    /// A number as the rest of the house writes it (`1,234.5`), with the marks of the language.
    pub fn marked(&self, english: &str) -> String {
        let mark = |c: char| match c {
            ',' => self.group.clone(),
            '.' => self.decimal.clone(),
            c => c.to_string(),
        };
        english.chars().map(mark).collect()
    }

    /// A count, thousands apart.
    pub fn count(&self, value: i64) -> String {
        self.marked(&grouped(value))
    }

    /// A number with at most so many decimals.
    pub fn number(&self, value: f64, places: usize) -> String {
        let text = decimals(value, places);
        let (whole, rest) = text.split_once('.').unwrap_or((text.as_str(), ""));
        let whole = whole.parse::<i64>().map_or_else(|_| whole.to_owned(), grouped);
        self.marked(&if rest.is_empty() { whole } else { format!("{whole}.{rest}") })
    }

    /// A ratio in percent, one decimal.
    pub fn percent(&self, ratio: f64) -> String {
        self.marked(&crate::number::percent(ratio))
    }

    /// A time after the start in one piece: `6 h 30 min`.
    pub fn after(&self, seconds: f64, rounding: TimeRounding) -> String {
        format!("{}{}", self.mark, after_start(seconds, rounding).replace(' ', "\u{a0}"))
    }

    /// `Tue 7 May 2024, 14:30 (6 h 30 min after the start)`.
    pub fn moment(&self, seconds: f64, rounding: TimeRounding) -> Result<String, ReportError> {
        let time = self.after(seconds, rounding);
        let after = self.messages.plain("common.date.after", &[("time", &time)])?;
        match self.clock.parts(seconds, rounding) {
            Some(parts) => {
                let clock = self.written("common.date.long", &parts)?;
                self.messages.plain("common.date.moment", &[("clock", &clock), ("after", &after)])
            }
            None => Ok(after),
        }
    }

    /// `7 May 14:30`; time after the start where there is no clock.
    pub fn short(&self, seconds: f64, rounding: TimeRounding) -> Result<String, ReportError> {
        match self.clock.parts(seconds, rounding) {
            Some(parts) => self.written("common.date.short", &parts),
            None => Ok(self.after(seconds, rounding)),
        }
    }

    /// `7 May 08:00 to 19:00`, the date once if it is the same.
    pub fn interval(&self, from_s: f64, until_s: f64) -> Result<String, ReportError> {
        let from = self.short(from_s, TimeRounding::Down)?;
        let (first, last) =
            (self.clock.parts(from_s, TimeRounding::Down), self.clock.parts(until_s, TimeRounding::Up));
        let until = match (&first, &last) {
            (Some(first), Some(last)) if first.day() == last.day() => last.time.clone(),
            _ => self.short(until_s, TimeRounding::Up)?,
        };
        self.messages.plain("common.date.interval", &[("from", &from), ("until", &until)])
    }

    /// Clock time and day at some seconds after the start, for axes; `None` where there is no clock.
    pub fn axis(&self, seconds: f64) -> Result<Option<(String, String)>, ReportError> {
        let parts = self.clock.parts(seconds, TimeRounding::Down);
        let written = |parts: ClockParts| Ok((parts.time.clone(), self.written("common.date.day", &parts)?));
        parts.map(written).transpose()
    }

    /// A date such as `2026-11-30` in words; what is no date stays as it is.
    pub fn day(&self, date: &str) -> Result<String, ReportError> {
        match ClockParts::of_date(date) {
            Some(parts) => self.written("common.date.in_full", &parts),
            None => Ok(date.trim().to_owned()),
        }
    }

    fn written(&self, key: &str, parts: &ClockParts) -> Result<String, ReportError> {
        let weekday = self.messages.text(&format!("common.date.weekdays.{}", parts.weekday))?;
        let month = self.messages.text(&format!("common.date.months.{}", parts.month - 1))?;
        self.messages.plain(
            key,
            &[
                ("weekday", weekday),
                ("day", &parts.day.to_string()),
                ("month", month),
                ("year", &parts.year.to_string()),
                ("time", &parts.time),
            ],
        )
    }
}

#[cfg(test)]
mod tests {
    use super::super::messages::Language;
    use super::*;

    fn said(language: Language) -> [String; 5] {
        let settings = toml::from_str(
            "schema = \"clearway-scenario/2\"\nname = \"x\"\ncontext = \"other\"\nstart = \"2024-05-07T05:00:00Z\"\n\
             time_zone = \"Europe/Helsinki\"\nhorizon_ms = 1\nmargin_share = 0.25\nclass = []\n",
        );
        let clock = ScenarioClock::new(&settings.unwrap());
        let messages = Messages::new(language, &[]).unwrap();
        let local = LocalFormat::new(&messages, &clock).unwrap();
        [
            local.count(1_234_567),
            local.number(1234.5, 1),
            local.percent(0.031),
            local.moment(5400.0, TimeRounding::Up).unwrap(),
            local.interval(0.0, 39_600.0).unwrap(),
        ]
    }

    #[test]
    fn numbers_and_moments_are_written_as_each_language_does() {
        let english = said(Language::En);
        assert_eq!(english[0], "1,234,567");
        assert_eq!(english[3], "Tue 7 May 2024, 09:30 (1\u{a0}h\u{a0}30\u{a0}min after the start)");
        assert_eq!(english[4], "7 May 08:00 to 19:00");
        let french = said(Language::Fr);
        assert_eq!(french[..3], ["1\u{202f}234\u{202f}567", "1\u{202f}234,5", "3,1 %"]);
        assert_eq!(french[3], "mar. 7 mai 2024, 09:30 (1\u{a0}h\u{a0}30\u{a0}min après le début)");
        let spanish = said(Language::Es);
        assert_eq!(spanish[..2], ["1\u{a0}234\u{a0}567", "1\u{a0}234,5"]);
        assert_eq!(spanish[4], "7 may 08:00 a 19:00");
        let arabic = &said(Language::Ar)[3];
        assert!(arabic.contains("7 مايو 2024") && arabic.contains("\u{200e}1\u{a0}h"), "{arabic}");
    }
}
