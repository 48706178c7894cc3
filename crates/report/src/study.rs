//! The page and the words of a study: how sure an answer is, which input matters most, which options are worth their cost.

mod drawing;
mod words;

pub use words::study_words;

use crate::clock::{TimeRounding, after_start};
use crate::html::{PageFrame, render};
use crate::number::{counted, decimals, grouped, listed, number, percent};
use crate::{ReportError, standing_sentences};
use clearway_study::report::{ElementaryEffect, FrontRow, SobolIndex, StudyQuantiles, StudyReport};
use clearway_study::spread::InputSpread;
use serde::Serialize;
use words::{failed, mattering_figure, set_name, verdict};

/// Times of which the first that is known stands for all.
const MAIN: [&str; 5] = ["simulated_t90_s", "t90_s", "clearance_s", "t90_bound_s", "clearance_bound_s"];

/// The figure that the page draws: when 90 % have arrived, where that is known.
pub fn main_figure(report: &StudyReport) -> Option<&'static str> {
    MAIN.into_iter().find(|name| report.figure(name).is_some())
}

/// What the template `study.html` uses, beside the frame.
#[derive(Serialize)]
struct StudyContent {
    verdict: Vec<String>,
    runs: String,
    seed: String,
    answer: &'static str,
    inputs: Vec<[String; 5]>,
    spread_chart: String,
    spread_words: String,
    quantiles: Vec<[String; 9]>,
    matter_chart: String,
    matter_words: String,
    indices: Vec<[String; 5]>,
    effects: Vec<[String; 6]>,
    front_chart: String,
    front_words: String,
    front_header: Vec<String>,
    front: Vec<FrontCells>,
    options: Vec<[String; 3]>,
    figures: Vec<[String; 3]>,
    failed: Vec<String>,
    missing: Vec<String>,
    methods: Vec<String>,
}

/// A row of the table of the front.
#[derive(Serialize)]
struct FrontCells {
    options: String,
    cells: Vec<String>,
    standing: &'static str,
}

/// The page. `drawn`: the figure of [`main_figure`] in each draw of the design, with its weight.
///
/// # Errors
/// Only if the built-in template fails.
pub fn study_page(report: &StudyReport, drawn: &[(Option<f64>, f64)]) -> Result<Vec<u8>, ReportError> {
    let standing = standing_sentences(report.context);
    let frame = PageFrame {
        attribution: &report.attribution,
        digest: &report.scenario,
        ..PageFrame::new(&report.name, "Study", &standing)
    };
    let mattering = mattering_figure(report);
    let content = StudyContent {
        verdict: verdict(report),
        runs: counted(i64::from(report.runs), "run", "runs"),
        seed: report.seed.to_string(),
        answer: answer_words(report),
        inputs: inputs(report),
        spread_chart: if drawn.is_empty() { String::new() } else { drawing::spread(drawn) },
        spread_words: spread_words(report, drawn.len()),
        quantiles: report.quantiles.iter().map(quantile_cells).collect(),
        matter_chart: mattering.map_or_else(String::new, |figure| drawing::mattering(report, figure)),
        matter_words: mattering.map_or_else(String::new, |figure| matter_words(report, figure)),
        indices: report.indices.iter().map(index_cells).collect(),
        effects: report.effects.iter().map(|effect| effect_cells(report, effect)).collect(),
        front_chart: drawing::front(report),
        front_words: front_words(report),
        front_header: front_header(report),
        front: report.front.iter().map(|row| front_cells(report, row)).collect(),
        options: report
            .options
            .iter()
            .map(|row| [row.option.clone(), cost(report, row.cost), source(&row.source)])
            .collect(),
        figures: report
            .figures
            .iter()
            .map(|row| [row.figure.clone(), row.unit.clone(), row.about.clone()])
            .collect(),
        failed: failed(report),
        missing: report.missing.clone(),
        methods: report.methods.clone(),
    };
    Ok(render("study.html", &frame, &content)?.into_bytes())
}

fn answer_words(report: &StudyReport) -> &'static str {
    match report.answer.as_str() {
        "bound" => {
            "Each run proves what no plan can beat; no orders are made, so that all times are those before which it cannot be done."
        }
        "plan" => {
            "Each run makes orders and proves what no plan can beat. By the plan queues take no space; orders are made so that they hardly need any."
        }
        _ => {
            "Each run makes orders, proves what no plan can beat, and moves the orders' vehicles over roads on which queues take space."
        }
    }
}

fn source(source: &str) -> String {
    if source.is_empty() { "assumed".to_owned() } else { source.to_owned() }
}

/// A figure with its unit where it is no time; times in words, bounds rounded down and all others up.
fn figure_words(figure: &str, unit: &str, value: Option<f64>) -> String {
    match value {
        None => "never".to_owned(),
        Some(value) if unit == "s" => after_start(value, rounding(figure)),
        Some(value) => number(value),
    }
}

fn rounding(figure: &str) -> TimeRounding {
    if is_bound(figure) { TimeRounding::Down } else { TimeRounding::Up }
}

fn is_bound(figure: &str) -> bool {
    figure.contains("bound")
}

fn cost(report: &StudyReport, value: f64) -> String {
    let unit = if report.cost_unit.is_empty() { String::new() } else { format!(" {}", report.cost_unit) };
    format!("{}{unit}", number(value))
}

/// What a figure is, within a sentence.
fn about(report: &StudyReport, figure: &str) -> String {
    report.figure(figure).map_or_else(|| figure.to_owned(), |row| format!("{} ({})", row.figure, row.about))
}

fn inputs(report: &StudyReport) -> Vec<[String; 5]> {
    let values = |spread: &InputSpread| match spread {
        InputSpread::Range([low, high]) => format!("{} to {}", decimals(*low, 4), decimals(*high, 4)),
        InputSpread::List(values) => {
            values.iter().map(|value| decimals(*value, 4)).collect::<Vec<_>>().join(", ")
        }
        InputSpread::Chance(chance) => format!("happens in {}", percent(*chance)),
    };
    let ids = |ids: &[String]| match ids {
        [] => String::new(),
        [all] if all == "*" => " of all".to_owned(),
        ids if ids.len() > 6 => format!(" of {} ids", ids.len()),
        ids => format!(" of {}", ids.join(", ")),
    };
    report
        .inputs
        .iter()
        .map(|row| {
            [
                row.input.clone(),
                format!("{}{}", row.vary, ids(&row.of)),
                values(&row.spread),
                row.unit.clone(),
                source(&row.source),
            ]
        })
        .collect()
}

fn spread_words(report: &StudyReport, drawn: usize) -> String {
    let Some(main) = main_figure(report) else { return String::new() };
    let draws = grouped(i64::try_from(drawn).unwrap_or(i64::MAX));
    format!(
        "Share of {draws} draws in which it has come by a time: {}. The share of draws is no probability of what will happen: it says what the spreads below would mean.",
        about(report, main)
    )
}

fn quantile_cells(row: &StudyQuantiles) -> [String; 9] {
    let of = |value: Option<f64>| figure_words(&row.figure, &row.unit, value);
    let unit = if row.unit == "s" { "after the start".to_owned() } else { row.unit.clone() };
    let [p5, p25, p50, p75, p90, p95] = [row.p5, row.p25, row.p50, row.p75, row.p90, row.p95].map(of);
    [row.figure.clone(), unit, p5, p25, p50, p75, p90, p95, percent(row.never_share)]
}

fn interval(value: f64, low: Option<f64>, high: Option<f64>) -> String {
    match (low, high) {
        (Some(low), Some(high)) => {
            format!("{} ({} to {})", decimals(value, 3), decimals(low, 3), decimals(high, 3))
        }
        _ => decimals(value, 3),
    }
}

fn index_cells(row: &SobolIndex) -> [String; 5] {
    let left_out = if row.left_out == 0 { String::new() } else { format!(", {} left out", row.left_out) };
    [
        row.figure.clone(),
        row.input.clone(),
        interval(row.first, row.first_low, row.first_high),
        interval(row.total, row.total_low, row.total_high),
        format!("{}{left_out}", row.rows),
    ]
}

fn effect_cells(report: &StudyReport, row: &ElementaryEffect) -> [String; 6] {
    let unit = report.figure(&row.figure).map_or("", |figure| figure.unit.as_str());
    let words = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), number);
    let left_out = if row.left_out == 0 { String::new() } else { format!(", {} left out", row.left_out) };
    [
        format!("{}, {unit}", row.figure),
        row.input.clone(),
        words(row.mean_absolute),
        words(row.mean),
        words(row.deviation),
        format!("{}{left_out}", row.steps),
    ]
}

fn matter_words(report: &StudyReport, figure: &str) -> String {
    let about = about(report, figure);
    if report.effects.is_empty() {
        let lines = if report.indices.iter().any(|row| row.total_low.is_some()) {
            " Lines are 95 % confidence of the latter. Where dark goes beyond light there are too few rows to tell the two apart."
        } else {
            ""
        };
        format!(
            "Share of the variance of {about}. Dark: goes back to the input alone; light: together with others as well.{lines}"
        )
    } else {
        format!(
            "What {about} changes over the whole spread of an input, mean of absolute effects. Lines are one standard deviation of the effects: long where the input acts with others or not in a straight line."
        )
    }
}

fn front_header(report: &StudyReport) -> Vec<String> {
    report.figures.iter().map(|figure| figure.figure.clone()).collect()
}

fn front_cells(report: &StudyReport, row: &FrontRow) -> FrontCells {
    let figures = report.figures.iter().zip(&row.figures);
    let words = figures.map(|(figure, value)| {
        if row.failed > 0 { "-".to_owned() } else { figure_words(&figure.figure, &figure.unit, *value) }
    });
    FrontCells {
        options: set_name(row),
        cells: std::iter::once(cost(report, row.cost)).chain(words).collect(),
        standing: match (row.failed, row.on_front) {
            (0, true) => "not dominated",
            (0, false) => "dominated",
            _ => "not judged: a run failed or is missing",
        },
    }
}

fn front_words(report: &StudyReport) -> String {
    if report.front.is_empty() {
        return String::new();
    }
    let with = match report.front_samples {
        0 => "with the central value of each input".to_owned(),
        draws => format!(
            "with the same {} of the inputs: of times what 90 of 100 draws do not exceed, of all else the mean",
            counted(i64::from(draws), "draw", "draws")
        ),
    };
    let mut by = vec!["cost".to_owned()];
    by.extend(report.front_by.iter().map(|name| about(report, name)));
    format!(
        "Each set of options {with}. A set is dominated where another is at least as good in {} and better in one of them. Filled: not dominated.",
        listed(&by)
    )
}
