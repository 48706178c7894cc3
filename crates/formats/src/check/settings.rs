//! `scenario.toml`: version, words, times, the class of road users.

use super::ScenarioCheck;
use clearway_model::{ClassOfUsers, Fault, Mode, Settings, Severity};
use clearway_text::{Moment, bundled_zone, clock_text, offset_text, span_text};
use std::fmt::Display;

const FILE: &str = "scenario.toml";
/// Longer is not a time of a movement: ten years, ms. A date in milliseconds since 1970 lies beyond.
const LONGEST_HORIZON: i64 = 10 * 366 * 86_400_000;
/// Shorter is most often seconds or minutes taken for milliseconds, ms: as seconds it would be ten days.
const SHORTEST_HORIZON: i64 = 15 * 60_000;
/// More people do not ride in one vehicle on a road.
const MOST_PEOPLE_PER_VEHICLE: f64 = 300.0;
/// No vehicle on a road is worth more passenger-car units.
const MOST_PCU_PER_VEHICLE: f64 = 20.0;

pub(super) fn check(check: &mut ScenarioCheck<'_>) {
    let settings = &check.scenario.settings;
    if check.origin.setting_lines.is_empty() && check.origin.settings_damaged {
        // nothing could be read, and that is the fault
        return;
    }
    if settings.schema != Settings::SCHEMA {
        let expected = format!("'{}'", Settings::SCHEMA);
        error(
            check,
            "schema",
            &settings.schema,
            &expected,
            "another kind of file, or written by another version",
        );
    }
    if settings.name.trim().is_empty() || settings.name.contains(['\n', '\r']) {
        error(check, "name", &settings.name, "one line of text", "");
    }
    start_and_zone(check);
    horizon(check);
    let margin = settings.margin_share;
    if !margin.is_finite() || margin < 0.0 {
        error(check, "margin_share", margin, "a number, at least 0", "0.25 means a quarter more time");
    } else if margin >= 5.0 {
        warning(check, "margin_share", margin, "a share, 0.25 for a quarter", "per cent? then divide by 100");
    }
    match settings.class.as_slice() {
        [class] => class_of_users(check, class),
        [] if check.origin.settings_damaged => {}
        classes => {
            let hint = "this version plans for one class of road users at a time";
            error(check, "class", classes.len(), "exactly one [[class]] section", hint);
        }
    }
}

fn error(check: &mut ScenarioCheck<'_>, key: &str, found: impl Display, expected: &str, hint: &str) {
    push(check, Severity::Error, key, found, expected, hint);
}

fn warning(check: &mut ScenarioCheck<'_>, key: &str, found: impl Display, expected: &str, hint: &str) {
    push(check, Severity::Warning, key, found, expected, hint);
}

fn push(
    check: &mut ScenarioCheck<'_>,
    severity: Severity,
    key: &str,
    found: impl Display,
    expected: &str,
    hint: &str,
) {
    let place = check.origin.setting_place(key);
    // a key that is not there was reported by the reader, or is a scenario in memory
    if place.is_empty() && !check.origin.setting_lines.is_empty() && key != "class.people_per_vehicle" {
        return;
    }
    let line = check.origin.setting_lines.get(key).copied().unwrap_or_default();
    let fault = Fault { severity, ..Fault::error(FILE, place, expected) };
    check.findings.push(line, fault.field(key, found).hint(hint));
}

fn start_and_zone(check: &mut ScenarioCheck<'_>) {
    let settings = &check.scenario.settings;
    let start = match Moment::read(&settings.start) {
        Ok(start) => Some(start),
        Err(hint) => {
            let expected = "a time with offset as RFC 3339 has it, such as 2026-06-01T08:00:00+03:00";
            error(check, "start", &settings.start, expected, &hint);
            None
        }
    };
    let zone = bundled_zone(&settings.time_zone);
    if zone.is_none() {
        let expected = "a time zone of the IANA list, such as Europe/Helsinki";
        error(
            check,
            "time_zone",
            &settings.time_zone,
            expected,
            "abbreviations and offsets are no names of the list",
        );
    }
    let (Some(start), Some(zone)) = (start, zone) else {
        return;
    };
    if let Some(right) = start.other_offset(&zone) {
        let expected = format!("the offset of {} at that time, {}", settings.time_zone, offset_text(right));
        let hint = format!(
            "one of the two is wrong, or summer time was forgotten: as it stands the start is {} there",
            clock_text(start.at, &zone)
        );
        warning(check, "start", &settings.start, &expected, &hint);
    }
}

fn horizon(check: &mut ScenarioCheck<'_>) {
    let horizon = check.scenario.settings.horizon_ms;
    let expected = format!("a whole number more than 0 and at most {LONGEST_HORIZON} (ten years)");
    let hint = "milliseconds since the start, not a date: 24 h = 86400000";
    if horizon <= 0 || horizon > LONGEST_HORIZON {
        error(check, "horizon_ms", horizon, &expected, hint);
    } else if horizon < SHORTEST_HORIZON {
        let expected = format!("at least 15 min, 900000; this ends {} after the start", span_text(horizon));
        warning(check, "horizon_ms", horizon, &expected, hint);
    }
}

fn class_of_users(check: &mut ScenarioCheck<'_>, class: &ClassOfUsers) {
    if class.id.trim().is_empty() {
        error(check, "class.id", &class.id, "an id, such as 'car'", "");
    }
    let expected = format!("a number, more than 0 and at most {MOST_PEOPLE_PER_VEHICLE}");
    let ends = [
        ("class.people_per_vehicle", class.people_per_vehicle),
        ("class.people_per_vehicle_low", class.people_per_vehicle_low),
        ("class.people_per_vehicle_high", class.people_per_vehicle_high),
    ];
    for (key, number) in ends {
        if let Some(number) = number.filter(|n| !(*n > 0.0 && *n <= MOST_PEOPLE_PER_VEHICLE)) {
            error(check, key, number, &expected, "mean number of people in a vehicle");
        }
    }
    let pcu = class.pcu_per_vehicle;
    if !(pcu > 0.0 && pcu <= MOST_PCU_PER_VEHICLE) {
        let expected = format!("a number, more than 0 and at most {MOST_PCU_PER_VEHICLE}");
        error(
            check,
            "class.pcu_per_vehicle",
            pcu,
            &expected,
            "passenger-car units of one vehicle: 1 for a car, about 2 for a bus",
        );
    }
    let Some(value) = class.people_per_vehicle.filter(|value| value.is_nan() || *value > 0.0) else {
        if class.people_per_vehicle.is_none() && class.mode == Mode::Vehicle && !check.origin.settings_damaged
        {
            error(check, "class.people_per_vehicle", "", "a number", "required where mode is 'vehicle'");
        }
        return;
    };
    if let Some(low) = class.people_per_vehicle_low.filter(|low| *low > value) {
        let expected = format!("at most people_per_vehicle ({value})");
        error(check, "class.people_per_vehicle_low", low, &expected, "the low end is above the figure");
    }
    if let Some(high) = class.people_per_vehicle_high.filter(|high| *high < value) {
        let expected = format!("at least people_per_vehicle ({value})");
        error(check, "class.people_per_vehicle_high", high, &expected, "the high end is below the figure");
    }
}
