//! People who were reported to have left, drawn beside the departures of a plan.

use crate::clock::ScenarioClock;
use crate::html::{PageFrame, render};
use crate::number::grouped;
use crate::scale::{AxisScale, count_step};
use crate::standing_sentences;
use clearway_model::number::{count, float};
use clearway_model::time::hours;
use clearway_model::{Fault, Faults, ObservedRow, Settings};
use serde::Serialize;
use std::fmt::Write;

const WIDTH: f64 = 1040.0;
const HEIGHT: f64 = 430.0;
const LEFT: f64 = 92.0;
const RIGHT: f64 = 24.0;
const TOP: f64 = 30.0;
const BOTTOM: f64 = 56.0;

/// What is said on every such page.
pub const NO_EVIDENCE: &str = "This is no evidence for or against a plan. What was reported are departures, not arrivals, as counted by the source named, under what \
     happened then; the plan is computed on the inputs given.";

/// A count with its place on the time axis, hours from time 0.
#[derive(Debug, Clone, PartialEq)]
pub struct ObservedCount {
    /// Begin and end of its day.
    pub hours: (f64, f64),
    /// The row of the table as it was given.
    pub row: ObservedRow,
}

/// Places counts in time. Every fault is named; `rows` come with what they are called in a fault.
pub fn observed(
    file: &str,
    rows: Vec<(String, ObservedRow)>,
    settings: &Settings,
    faults: &mut Faults,
) -> Vec<ObservedCount> {
    let clock = ScenarioClock::new(settings);
    let mut all: Vec<ObservedCount> = Vec::new();
    for (place, row) in rows {
        let mut fault = |field: &str, found: String, expected: &str| {
            faults.push(Fault::error(file, place.clone(), expected).field(field, found));
        };
        let (low, high) = (row.left_people_low, row.left_people_high);
        if low.is_some_and(|low| low > row.left_people) || high.is_some_and(|high| high < row.left_people) {
            fault("left_people", row.left_people.to_string(), "a number from the low to the high end");
        }
        match clock.day_ms(&row.date) {
            Some((from, until)) => {
                let day = (hours(from), hours(until));
                if all.last().is_some_and(|last| last.hours.0 >= day.0) {
                    fault("date", row.date.clone(), "days in ascending order, each once");
                }
                all.push(ObservedCount { hours: day, row });
            }
            None => fault("date", row.date.clone(), "a day as YYYY-MM-DD"),
        }
    }
    all
}

/// What the template `observed.html` uses, beside the frame.
#[derive(Serialize)]
struct ObservedContent {
    no_evidence: &'static str,
    chart: String,
    rows: Vec<[String; 4]>,
}

/// The page: `left` are the people who have left under the plan at the end of each hour.
pub fn observed_page(settings: &Settings, left: &[i64], counts: &[ObservedCount]) -> String {
    let rows: Vec<[String; 4]> = counts
        .iter()
        .map(|count| {
            let range = match (count.row.left_people_low, count.row.left_people_high) {
                (None, None) => String::new(),
                (low, high) => {
                    let of = |n: Option<i64>| grouped(n.unwrap_or(count.row.left_people));
                    format!(" ({} to {})", of(low), of(high))
                }
            };
            let planned = at(left, count.hours.1).map_or_else(|| "before the start".to_owned(), grouped);
            [
                count.row.date.clone(),
                format!("{}{range}", grouped(count.row.left_people)),
                planned,
                count.row.source.clone(),
            ]
        })
        .collect();
    let standing = standing_sentences(settings.context);
    let frame = PageFrame {
        attribution: &settings.attribution,
        ..PageFrame::new(&settings.name, "Departures, planned and reported", &standing)
    };
    let content = ObservedContent { no_evidence: NO_EVIDENCE, chart: draw(left, counts), rows };
    // the template is part of the program and tested
    render("observed.html", &frame, &content).unwrap_or_else(|error| format!("<p>{error}</p>"))
}

/// People who have left by an hour, which may be after the last one.
fn at(left: &[i64], hour: f64) -> Option<i64> {
    if hour <= 0.0 {
        return None;
    }
    let last = count(hour.ceil()).min(left.len());
    left.get(last.checked_sub(1)?).copied()
}

/// The picture, as SVG with classes of the page's style sheet.
pub fn draw(left: &[i64], counts: &[ObservedCount]) -> String {
    let last = counts.iter().map(|count| count.hours.1).fold(float(left.len()), f64::max);
    let high = |count: &ObservedCount| count.row.left_people_high.unwrap_or(count.row.left_people);
    let most = left.iter().copied().chain(counts.iter().map(high)).max().unwrap_or(1).max(1);
    let first = counts.iter().map(|count| count.hours.0).fold(0.0, f64::min);
    let x = AxisScale::new((first, last), (LEFT, WIDTH - RIGHT));
    let y = AxisScale::new((0.0, float(most) * 1.08), (HEIGHT - BOTTOM, TOP));
    let mut svg = format!(
        "<svg class=\"drawn\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"People who have left under the plan, and as reported\">"
    );
    let step = count_step(most, 5);
    let mut value = 0;
    while value <= most {
        let py = y.px(float(value));
        let _ = write!(
            svg,
            "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{}\" y1=\"{py:.1}\" y2=\"{py:.1}\"/><text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            WIDTH - RIGHT,
            LEFT - 8.0,
            py + 4.5,
            grouped(value)
        );
        value += step;
    }
    let days = count(((last - first) / 24.0).ceil());
    let every = days.div_ceil(12).max(1);
    for day in (0..=days).step_by(every) {
        let px = x.px(float(day * 24));
        if px <= WIDTH - RIGHT {
            let _ = write!(
                svg,
                "<text x=\"{px:.1}\" y=\"{}\" text-anchor=\"middle\">day {}</text>",
                HEIGHT - BOTTOM + 22.0,
                day + 1
            );
        }
    }
    let mut path = format!("M{:.1},{:.1}", x.px(0.0), y.px(0.0));
    for (hour, people) in left.iter().enumerate() {
        let _ = write!(path, "L{:.1},{:.1}", x.px(float(hour) + 1.0), y.px(float(*people)));
    }
    let _ = write!(svg, "<path class=\"planned\" d=\"{path}\"/>");
    for count in counts {
        let (from, until) = (x.px(count.hours.0), x.px(count.hours.1));
        let py = y.px(float(count.row.left_people));
        let middle = (from + until) / 2.0;
        let low = y.px(float(count.row.left_people_low.unwrap_or(count.row.left_people)));
        let _ = write!(
            svg,
            "<g class=\"count\"><line x1=\"{from:.1}\" x2=\"{until:.1}\" y1=\"{py:.1}\" y2=\"{py:.1}\"/><line x1=\"{middle:.1}\" x2=\"{middle:.1}\" y1=\"{low:.1}\" y2=\"{:.1}\"/><circle cx=\"{middle:.1}\" cy=\"{py:.1}\" r=\"5\"/></g>",
            y.px(float(high(count)))
        );
    }
    svg.push_str("</svg>");
    svg
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> Settings {
        toml::from_str(
            "schema = \"clearway-scenario/2\"\nname = \"<b>\"\ncontext = \"other\"\nstart = \"2024-05-06T08:00:00+03:00\"\n\
             time_zone = \"Asia/Gaza\"\nhorizon_ms = 1000\nclass = []\n",
        )
        .unwrap()
    }

    fn row(date: &str, left: i64) -> (String, ObservedRow) {
        (date.to_owned(), ObservedRow { date: date.to_owned(), left_people: left, ..ObservedRow::default() })
    }

    #[test]
    fn a_day_lies_where_it_is_in_the_scenario() {
        let mut faults = Faults::default();
        let all =
            observed("x.csv", vec![row("2024-05-06", 0), row("2024-05-08", 5)], &settings(), &mut faults);
        assert!(faults.0.is_empty(), "{faults}");
        // the start is 8 o'clock on the first day
        assert_eq!((all[0].hours, all[1].hours), ((-8.0, 16.0), (40.0, 64.0)));
        let page = observed_page(&settings(), &[1, 2, 4], &all);
        assert!(
            page.contains("no evidence for or against")
                && page.contains("&lt;b&gt;")
                && !page.contains("<script")
        );
        assert_eq!(
            (at(&[1, 2, 4], 2.0), at(&[1, 2, 4], 99.0), at(&[1, 2, 4], -1.0)),
            (Some(2), Some(4), None)
        );
    }

    #[test]
    fn faults_are_all_named() {
        let mut faults = Faults::default();
        let mut odd = row("2024-05-05", 9);
        odd.1.left_people_high = Some(3);
        observed("x.csv", vec![row("2024-05-06", 0), odd, row("May", 1)], &settings(), &mut faults);
        let text = faults.to_string();
        for part in ["ascending", "low to the high", "date = 'May'"] {
            assert!(text.contains(part), "{part} in {text}");
        }
    }
}
