//! A table of movements, of whatever completeness, as figures.

use crate::figure::rows;
use crate::range::FigureRange;
use clearway_model::Faults;
use clearway_model::number::{float, floor};
use std::collections::BTreeMap;

/// Other names of columns, lower case.
const ALIASES: [(&str, &[&str]); 5] = [
    ("people", &["people", "persons", "number", "population"]),
    ("from", &["from", "origin", "zone", "zone_id", "area"]),
    ("to", &["to", "destination", "site", "site_id", "place"]),
    ("depart", &["depart", "departure", "start", "depart_from", "leave"]),
    ("arrive", &["arrive", "arrival", "end", "arrive_until"]),
];

/// A figure that follows from the table, and how.
pub type Computed = Vec<(&'static str, FigureRange, String)>;

/// Reads a table with a row per movement: `people`, and where known `from`, `to`, `depart`, `arrive`. Times are hours from time
/// 0 or dates with a time (`2024-05-06T08:00`); all in one table are of one kind. Every fault is named.
pub fn movements(file: &str, text: &str, faults: &mut Faults) -> Computed {
    let (header, rest) = text.split_once('\n').unwrap_or((text, ""));
    let renamed: Vec<String> =
        header.trim_start_matches('\u{feff}').trim().split(',').map(standard).collect();
    let text = format!("{}\n{rest}", renamed.join(","));
    let mut leave: Vec<(f64, f64)> = Vec::new();
    let mut arrive: Vec<(f64, f64)> = Vec::new();
    let mut by_site: BTreeMap<String, f64> = BTreeMap::new();
    let mut sum = 0.0;
    let (mut in_hours, mut in_dates) = (false, false);
    for row in rows(file, &text, &["people"], faults) {
        let Some(people) = row.number("people", faults) else { continue };
        if people < 0.0 {
            faults.push(row.fault("people", "a number from 0"));
            continue;
        }
        sum += people;
        if !row.cell("to").is_empty() {
            *by_site.entry(row.cell("to").to_owned()).or_default() += people;
        }
        for (name, list) in [("depart", &mut leave), ("arrive", &mut arrive)] {
            let cell = row.cell(name);
            if cell.is_empty() {
                continue;
            }
            if let Ok(hours) = cell.parse::<f64>()
                && hours.is_finite()
            {
                in_hours = true;
                list.push((hours, people));
            } else if let Some(hours) = date_hours(cell) {
                in_dates = true;
                list.push((hours, people));
            } else {
                faults
                    .push(row.fault(name, "hours from time 0, or a date and time such as 2024-05-06T08:00"));
            }
        }
        if in_hours && in_dates {
            faults.push(row.fault("depart", "times of one kind in the whole table: hours, or dates"));
            return Vec::new();
        }
    }
    figures(file, sum, &by_site, &leave, &arrive)
}

fn figures(
    file: &str,
    sum: f64,
    by_site: &BTreeMap<String, f64>,
    leave: &[(f64, f64)],
    arrive: &[(f64, f64)],
) -> Computed {
    let mut all = Computed::new();
    let mut add =
        |id, value: f64, how: &str| all.push((id, FigureRange::exact(value), format!("{file}: {how}")));
    if sum > 0.0 {
        add("people", sum, "sum of people");
    }
    if let Some(most) = by_site.values().copied().reduce(f64::max) {
        add("largest_site_people", most, "most people to one destination");
    }
    let first = leave.iter().map(|(t, _)| *t).reduce(f64::min);
    if let Some(first) = first {
        let at_start: f64 = leave.iter().filter(|(t, _)| *t < first + 1.0 / 60.0).map(|(_, n)| n).sum();
        let left: f64 = leave.iter().map(|(_, n)| n).sum();
        if left > 0.0 {
            add("share_at_start", at_start / left, "people who leave within the first minute");
        }
    }
    let last = arrive.iter().map(|(t, _)| *t).reduce(f64::max);
    if let (Some(first), Some(last)) = (first, last)
        && last > first
    {
        add("days", (last - first) / 24.0, "from the first departure to the last arrival");
        add("t100_h", last - first, "from the first departure to the last arrival");
        let arrived: f64 = arrive.iter().map(|(_, n)| n).sum();
        // 90 % of all in the table: those without an arrival never arrive
        let mut by_time = arrive.to_vec();
        by_time.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut so_far = 0.0;
        let t90 = by_time.iter().find(|(_, n)| {
            so_far += n;
            so_far >= 0.9 * sum
        });
        if let Some((t, _)) = t90.filter(|_| arrived >= 0.9 * sum) {
            add("t90_h", t - first, "when 90 % have arrived");
        }
        let mut by_hour: BTreeMap<i64, f64> = BTreeMap::new();
        for (t, n) in arrive {
            *by_hour.entry(floor(t - first)).or_default() += n;
        }
        if let Some(most) = by_hour.values().copied().reduce(f64::max) {
            add("peak_arrivals_h", most, "most people arriving within an hour");
        }
    }
    all
}

fn standard(name: &str) -> String {
    let plain = name.trim().trim_matches('"').to_lowercase().replace([' ', '-'], "_");
    let known = ALIASES.iter().find(|(_, names)| names.contains(&plain.as_str()));
    known.map_or(plain, |(standard, _)| (*standard).to_owned())
}

/// Hours since 1970 of a date with a time, local or with an offset.
fn date_hours(text: &str) -> Option<f64> {
    if let Ok(moment) = text.parse::<jiff::Timestamp>() {
        return Some(float(moment.as_second()) / 3600.0);
    }
    let local = text.parse::<jiff::civil::DateTime>().ok()?;
    let zoned = local.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(float(zoned.timestamp().as_second()) / 3600.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(computed: &Computed, id: &str) -> f64 {
        computed.iter().find(|(known, _, _)| *known == id).unwrap().1.central
    }

    #[test]
    fn figures_of_a_table_by_hand() {
        let text =
            "Origin,Destination,Persons,Departure,Arrival\nA,S,600,0,2\nB,S,300,1,2.5\nB,T,100,24,30\n";
        let mut faults = Faults::default();
        let found = movements("m.csv", text, &mut faults);
        assert!(faults.0.is_empty(), "{faults}");
        for (id, expected) in [
            ("people", 1_000.0),
            ("largest_site_people", 900.0),
            ("share_at_start", 0.6),
            ("t100_h", 30.0),
            ("days", 1.25),
            ("t90_h", 2.5),
            ("peak_arrivals_h", 900.0),
        ] {
            assert_eq!(value(&found, id), expected, "{id}");
        }
        let text = "people,depart,arrive\n10,2024-05-06T08:00,2024-05-06T20:00+00:00\n";
        assert_eq!(value(&movements("m.csv", text, &mut faults), "t100_h"), 12.0);
    }

    #[test]
    fn what_is_missing_gives_no_figure_and_faults_are_all_named() {
        let mut faults = Faults::default();
        let found = movements("m.csv", "people\n100\n", &mut faults);
        assert_eq!(found.len(), 1);
        let text = "people,depart\nmany,0\n-5,0\n10,noon\n10,1\n10,2024-05-06T08:00\n";
        movements("m.csv", text, &mut faults);
        let all = faults.to_string();
        for part in ["'many'", "'-5'", "'noon'", "of one kind"] {
            assert!(all.contains(part), "{part} in\n{all}");
        }
        let mut faults = Faults::default();
        movements("m.csv", "from,to\nA,B\n", &mut faults);
        assert!(faults.to_string().contains("a column 'people'"));
    }
}
