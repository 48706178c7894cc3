//! When hazards begin and end: since the start of the scenario, or by the clock.

use crate::record::NamedTexts;
use clearway_model::{Fault, Faults};
use clearway_text::{Moment, clock_text, excel_day, offset_text, span_text};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// A time of a hazard.
pub(crate) enum HazardTime {
    Missing,
    Faulty,
    At(i64),
}

/// The scenario's start, clocks and end.
pub(crate) struct HazardClock {
    pub(crate) start: Option<Timestamp>,
    pub(crate) zone: Option<TimeZone>,
    pub(crate) horizon_ms: i64,
}

impl HazardClock {
    /// A time after the start as the clocks of the place show it.
    fn text(&self, ms: i64) -> String {
        let at = self.start.and_then(|start| start.checked_add(SignedDuration::from_millis(ms)).ok());
        at.zip(self.zone.as_ref())
            .map_or_else(|| format!("{} after the start", span_text(ms)), |(at, zone)| clock_text(at, zone))
    }

    /// Times that could be right and most often are not, shown as what they mean.
    pub(crate) fn check(
        &self,
        record: &NamedTexts,
        from_ms: i64,
        until_ms: Option<i64>,
        faults: &mut Faults,
    ) {
        let found = until_ms.map_or_else(|| from_ms.to_string(), |until| format!("{from_ms} to {until}"));
        let lasts = until_ms.map(|until| until.saturating_sub(from_ms));
        let warning =
            |expected: &str| Fault::warning(&record.file, &record.place, expected).field("from_ms", &found);
        let seconds = "seconds taken for milliseconds? 1 min = 60000, 1 h = 3600000";
        if let (Some(first), Some(last), Some(..=3_660)) =
            (excel_day(from_ms), until_ms.and_then(excel_day), lasts)
        {
            faults.push(record.error("milliseconds since the start").field("from_ms", &found).hint(format!(
                "a spreadsheet counts {first} and {last} so; write from and until as 2026-06-01T08:00:00+03:00"
            )));
        } else if (1..MINUTE).contains(&from_ms) || lasts.is_some_and(|lasts| lasts < MINUTE) {
            let end = until_ms.map_or_else(|| "the end".to_owned(), |until| self.text(until));
            faults.push(
                warning(&format!("times in milliseconds; this is from {} to {end}", self.text(from_ms)))
                    .hint(seconds),
            );
        } else if from_ms < -DAY && until_ms.is_none_or(|until| until > 0) {
            let expected = format!(
                "a begin near the start; this is {} before it, at {}",
                span_text(from_ms),
                self.text(from_ms)
            );
            faults.push(
                warning(&expected).hint("closed from the start on; is the start of the scenario right?"),
            );
        } else if self.horizon_ms > 0 && from_ms >= self.horizon_ms {
            let expected = format!(
                "a begin before the end of the planning horizon; this is {} after the start, at {}",
                span_text(from_ms),
                self.text(from_ms)
            );
            faults.push(
                warning(&expected)
                    .hint("it closes nothing within the horizon; is the start of the scenario right?"),
            );
        }
    }
}

/// A minute and a day, ms.
const MINUTE: i64 = 60_000;
const DAY: i64 = 86_400_000;

/// A time by `NAME_ms`, `NAME_s`, `NAME_min`, `NAME_h` since the start, or by `NAME` as a clock shows it; of the begin also `arrival` with
/// the same endings. Several may be given if they agree.
pub(crate) fn read_time(
    record: &NamedTexts,
    name: &str,
    own: &HazardClock,
    faults: &mut Faults,
) -> HazardTime {
    let in_ms = format!("{name}_ms");
    let aliases: &[&str] = if name == "from" { &["from", "arrival"] } else { &["until"] };
    let number = match since_start(record, aliases, faults) {
        Ok(number) => number,
        Err(()) => return HazardTime::Faulty,
    };
    // arrival without a unit is a clock time or nothing that can be read
    let is_clock = |text: &str| text.parse::<f64>().is_err();
    let written = record
        .find(&[name])
        .or_else(|| record.find(&aliases[aliases.len() - 1..]).filter(|(_, text)| is_clock(text)));
    let other = record.find(&aliases[aliases.len() - 1..]).filter(|(key, text)| {
        is_clock(text)
            && written.is_some_and(|(first, said)| {
                first != *key
                    && Moment::read(said).ok().map(|m| m.at) != Moment::read(text).ok().map(|m| m.at)
            })
    });
    if let (Some((first, said)), Some((key, text))) = (written, other) {
        let fault = record.error(&format!("{first} and {key} to be the same time")).field(first, said);
        faults.push(fault.hint(format!("{key} is {text}")));
        return HazardTime::Faulty;
    }
    let clock = match written {
        None => None,
        Some((name, text)) => match Moment::read(text) {
            Ok(moment) => {
                if let Some((right, zone)) =
                    own.zone.as_ref().and_then(|zone| Some((moment.other_offset(zone)?, zone)))
                    && !zone.iana_name().is_some_and(|name| name.starts_with("Etc/") || name == "UTC")
                {
                    let expected = format!(
                        "the offset of the scenario's time zone at that time, {}",
                        offset_text(right)
                    );
                    faults.push(
                        Fault::warning(&record.file, &record.place, expected).field(name, text).hint(
                            format!(
                                "taken as written, which is {} there; was the clock changed?",
                                clock_text(moment.at, zone)
                            ),
                        ),
                    );
                }
                own.start.map(|start| moment.at.as_millisecond() - start.as_millisecond())
            }
            Err(hint) => {
                faults.push(record.error("an RFC 3339 time with offset").field(name, text).hint(hint));
                return HazardTime::Faulty;
            }
        },
    };
    match (number, clock) {
        (Some(a), Some(b)) if a != b => {
            faults.push(
                record
                    .error(&format!("{in_ms} and {name} to be the same time"))
                    .field(&in_ms, a)
                    .hint(format!("{name} is {b} ms")),
            );
            HazardTime::Faulty
        }
        (Some(time), _) | (None, Some(time)) => HazardTime::At(time),
        (None, None) => HazardTime::Missing,
    }
}

/// Endings of a name that say the unit of a time since the start, with its ms. A table of dBASE cuts `arrival_min` after ten letters.
const UNITS: [(&str, f64); 5] = [("_ms", 1.0), ("_s", 1e3), ("_min", 6e4), ("_mi", 6e4), ("_h", 3.6e6)];

/// A time since the start by a name that says its unit, ms.
fn since_start(record: &NamedTexts, names: &[&str], faults: &mut Faults) -> Result<Option<i64>, ()> {
    /// Longer than a scenario's time can be, ms: a thousand years.
    const MOST_MS: f64 = 3.2e13;
    let mut found: Option<(String, i64)> = None;
    for (name, (ending, unit_ms)) in names.iter().flat_map(|name| UNITS.map(|unit| (name, unit))) {
        let column = format!("{name}{ending}");
        let Some((_, text)) = record.find(&[&column]) else { continue };
        let time = if ending == "_ms" {
            text.parse::<i64>().ok()
        } else {
            let time = text.parse::<f64>().ok().map(|value| (value * unit_ms).round());
            #[allow(clippy::cast_possible_truncation)]
            time.filter(|time| time.abs() <= MOST_MS).map(|time| time as i64)
        };
        let Some(time) = time else {
            let expected = match ending {
                "_ms" => "whole milliseconds since the start",
                "_s" => "seconds since the start",
                "_h" => "hours since the start",
                _ => "minutes since the start",
            };
            faults.push(record.error(expected).field(&column, text));
            return Err(());
        };
        match &found {
            Some((before, other)) if *other != time => {
                let expected = format!("{column} and {before} to be the same time");
                faults.push(
                    record.error(&expected).field(&column, text).hint(format!("{before} is {other} ms")),
                );
                return Err(());
            }
            _ => found = Some((column, time)),
        }
    }
    Ok(found.map(|(_, time)| time))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(properties: serde_json::Value) -> (Option<i64>, Vec<String>) {
        let start: Timestamp = "2026-06-01T06:00:00Z".parse().unwrap();
        let clock = HazardClock { start: Some(start), zone: None, horizon_ms: 86_400_000 };
        let mut faults = Faults::default();
        let record = NamedTexts::from_properties("f", "feature 1", properties.as_object().unwrap());
        let time = match read_time(&record, "from", &clock, &mut faults) {
            HazardTime::At(time) => Some(time),
            HazardTime::Missing | HazardTime::Faulty => None,
        };
        (time, faults.0.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn the_name_of_a_column_says_the_unit_of_its_times() {
        for (properties, expected) in [
            (serde_json::json!({"from_ms": 90_000}), 90_000),
            (serde_json::json!({"arrival_s": 90}), 90_000),
            (serde_json::json!({"ARRIVAL_MI": "1.5"}), 90_000),
            (serde_json::json!({"arrival_min": 1.5, "from_ms": 90_000}), 90_000),
            (serde_json::json!({"from_h": 0.025}), 90_000),
            (serde_json::json!({"arrival": "2026-06-01T06:01:30Z"}), 90_000),
        ] {
            assert_eq!(read(properties.clone()), (Some(expected), Vec::new()), "{properties}");
        }
    }

    #[test]
    fn a_time_that_cannot_be_read_or_contradicts_another_is_a_fault() {
        for (properties, words) in [
            (
                serde_json::json!({"arrival_min": "soon"}),
                "arrival_min = 'soon': expected minutes since the start",
            ),
            (serde_json::json!({"arrival_min": "nan"}), "expected minutes since the start"),
            (serde_json::json!({"arrival_h": 2, "from_ms": 1}), "arrival_h and from_ms to be the same time"),
            (serde_json::json!({"arrival": "8 o'clock"}), "arrival = '8 o'clock': expected an RFC 3339 time"),
            (serde_json::json!({"from_ms": 1.5}), "whole milliseconds"),
        ] {
            let (time, faults) = read(properties.clone());
            assert_eq!(time, None, "{properties}");
            assert!(faults.len() == 1 && faults[0].contains(words), "{properties}: {faults:?}");
        }
        // a number alone has no unit: it is as if nothing stood there
        assert_eq!(read(serde_json::json!({"arrival": 30})), (None, Vec::new()));
    }
}
