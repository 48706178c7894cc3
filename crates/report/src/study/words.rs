//! What came of a study in sentences.

use super::{about, cost, figure_words, is_bound, main_figure};
use crate::clock::{TimeRounding, after_start};
use crate::number::{grouped, listed, number, percent};
use crate::standing_sentences;
use clearway_study::report::{FrontRow, StudyQuantiles, StudyReport};

/// Failed runs named on the page and the terminal; the rest is in `study.json`.
const MOST_FAILED: usize = 20;
/// Inputs named in a sentence.
const MOST_NAMED: usize = 3;

/// What came of it, for a terminal.
pub fn study_words(report: &StudyReport) -> String {
    let mut lines = verdict(report);
    lines.extend(failed(report));
    if !report.missing.is_empty() {
        lines.push(format!("Runs {} are missing.", report.missing.join(", ")));
    }
    lines.extend(standing_sentences(report.context).into_iter().map(str::to_owned));
    lines.join("\n")
}

pub(super) fn verdict(report: &StudyReport) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(row) =
        main_figure(report).and_then(|main| report.quantiles.iter().find(|row| row.figure == main))
    {
        lines.push(spread_sentence(row));
    }
    if let Some(figure) = mattering_figure(report) {
        lines.push(matter_sentence(report, figure));
    }
    if !report.front.is_empty() {
        lines.push(front_sentence(report));
    }
    if lines.is_empty() {
        lines.push("No run has an answer.".to_owned());
    }
    lines
}

fn spread_sentence(row: &StudyQuantiles) -> String {
    let of = |value: Option<f64>| figure_words(&row.figure, &row.unit, value);
    let whom = if row.figure.contains("t90") { "90 % of the evacuees" } else { "all evacuees" };
    let (draws, never) = (grouped(i64::from(row.runs)), percent(row.never_share));
    let (done, not_done) = if is_bound(&row.figure) {
        (format!("no plan has {whom} there before {}", of(row.p50)), format!("no plan ever has {whom} there"))
    } else {
        (format!("{whom} have arrived after {}", of(row.p50)), format!("{whom} never arrive"))
    };
    match (row.p50, row.p95) {
        (None, _) => format!("In {never} of {draws} draws {not_done} within the planning horizon."),
        (Some(_), None) => format!(
            "In the median of {draws} draws {done}; in {never} of them {not_done} within the planning horizon."
        ),
        _ => format!(
            "In the median of {draws} draws {done}; in nine of ten draws it lies from {} to {}.",
            of(row.p5),
            of(row.p95)
        ),
    }
}

/// The figure by which inputs are ranked in words and picture: the main one, or, where it is not known often enough, person-hours.
pub(super) fn mattering_figure(report: &StudyReport) -> Option<&str> {
    let is_told = |figure: &str| {
        report.indices.iter().any(|row| row.figure == figure && row.left_out == 0)
            // of an input that decides whether a time is reached at all most steps have no effect that could be told
            || report.effects.iter().any(|row| row.figure == figure)
                && report.effects.iter().all(|row| row.figure != figure || row.left_out == 0)
    };
    let main = main_figure(report);
    let all = main.into_iter().chain(["person_hours", "person_hours_bound"]);
    let told = all.filter(|figure| is_told(figure)).find_map(|figure| report.figure(figure));
    told.map(|figure| figure.figure.as_str())
}

/// Inputs by how much they matter for a figure, most first, with that.
fn ranked<'a>(report: &'a StudyReport, figure: &str) -> Vec<(&'a str, f64)> {
    let indices = report.indices.iter().filter(|row| row.figure == figure);
    let effects = report.effects.iter().filter(|row| row.figure == figure);
    let mut ranked: Vec<(&str, f64)> = indices
        .map(|row| (row.input.as_str(), row.total))
        .chain(effects.filter_map(|row| Some((row.input.as_str(), row.mean_absolute?))))
        .collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
    ranked
}

fn matter_sentence(report: &StudyReport, figure: &str) -> String {
    let is_share = report.effects.is_empty();
    let unit = report.figure(figure).map_or("", |row| row.unit.as_str());
    let named: Vec<String> = ranked(report, figure)
        .into_iter()
        .take(MOST_NAMED)
        .map(|(input, value)| {
            let value = match (is_share, unit) {
                (true, _) => percent(value.clamp(0.0, 1.0)),
                (false, "s") => after_start(value, TimeRounding::Up),
                (false, unit) => format!("{} {unit}", number(value)),
            };
            format!("{input} ({value})")
        })
        .collect();
    let what = if is_share {
        "share of its variance that goes back to an input, alone and with others"
    } else {
        "mean change over the whole spread of an input"
    };
    format!("What matters most for {}, by the {what}: {}.", about(report, figure), listed(&named))
}

pub(super) fn set_name(row: &FrontRow) -> String {
    if row.options.is_empty() { "nothing done".to_owned() } else { row.options.join(" + ") }
}

fn front_sentence(report: &StudyReport) -> String {
    let mut rows: Vec<&FrontRow> = report.front.iter().filter(|row| row.on_front).collect();
    rows.sort_by(|a, b| a.cost.total_cmp(&b.cost));
    let on: Vec<String> =
        rows.into_iter().map(|row| format!("{} (cost {})", set_name(row), cost(report, row.cost))).collect();
    let count = |count: usize| grouped(i64::try_from(count).unwrap_or(i64::MAX));
    let (sets, judged) = (report.front.len(), report.front.iter().filter(|row| row.failed == 0).count());
    let of = if judged == sets {
        format!("Of {} sets of options", count(sets))
    } else {
        format!(
            "{} of {} sets of options could be judged, as all their runs are there. Of these",
            count(judged),
            count(sets)
        )
    };
    if on.is_empty() {
        format!("{of} none is left.")
    } else {
        format!("{of} these are not dominated: {}.", listed(&on))
    }
}

pub(super) fn failed(report: &StudyReport) -> Vec<String> {
    let mut lines: Vec<String> = report
        .failed
        .iter()
        .take(MOST_FAILED)
        .map(|failed| format!("Run {} could not be made: {}", failed.run, failed.why))
        .collect();
    let more = report.failed.len().saturating_sub(MOST_FAILED);
    if more > 0 {
        lines.push(format!("And {more} more that could not be made; study.json names all."));
    }
    lines
}
