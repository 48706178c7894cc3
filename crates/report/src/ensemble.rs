//! The page and the words of an ensemble: what becomes of a plan when people do not all do as ordered and figures are not what they seem.

pub(crate) mod drawing;

use crate::clock::{TimeRounding, after_start};
use crate::html::{PageFrame, render};
use crate::number::{decimals, grouped, number};
use crate::{ReportError, standing_sentences};
use clearway_model::Settings;
use clearway_simulate::ensemble::report::EnsembleReport;
use clearway_simulate::ensemble::{Convergence, MemberRow, QuantileRow};
use clearway_simulate::member::MemberFigures;
use clearway_simulate::report::ArrivalTimes;
use serde::Serialize;

/// Failed members named on the page; the rest is in `ensemble.json`.
const MOST_FAILED: usize = 20;

/// What the template `ensemble.html` uses, beside the frame.
#[derive(Serialize)]
struct EnsembleContent {
    verdict: String,
    times: Vec<[String; 3]>,
    chart: String,
    chart_words: String,
    quantiles: Vec<[String; 8]>,
    convergence: Vec<[String; 4]>,
    drivers: Vec<[String; 2]>,
    behaviour: Vec<[String; 5]>,
    has_ranges: bool,
    failed: Vec<String>,
    missing: Vec<String>,
    seed: String,
    members: String,
}

/// The page. `settings` of the scenario, where it is at hand: for the attribution of its data.
///
/// # Errors
/// Only if the built-in template fails.
pub fn ensemble_page(
    report: &EnsembleReport,
    rows: &[MemberRow],
    settings: Option<&Settings>,
) -> Result<Vec<u8>, ReportError> {
    let head = &report.head;
    let standing = standing_sentences(head.context);
    let frame = PageFrame {
        attribution: settings.map_or(&[], |settings| settings.attribution.as_slice()),
        digest: &head.scenario,
        ..PageFrame::new(&head.name, "Orders under chance", &standing)
    };
    let content = EnsembleContent {
        verdict: verdict(report),
        times: times(report),
        chart: drawing::share_over_time(report, rows),
        chart_words: format!(
            "Share of {} members that have 90 % of their evacuees there by a time. {}",
            report.members,
            never_words(report, "t90_s", "90 % never arrive within the planning horizon")
        ),
        quantiles: quantiles(report),
        convergence: convergence(report),
        drivers: report
            .drivers
            .iter()
            .map(|driver| [driver.figure.clone(), decimals(driver.rank_correlation, 2)])
            .collect(),
        behaviour: behaviour(report),
        has_ranges: head.figures == MemberFigures::Ranges,
        failed: report
            .failed
            .iter()
            .take(MOST_FAILED)
            .map(|failed| format!("member {}: {}", failed.member, failed.why))
            .collect(),
        missing: report.missing.clone(),
        seed: head.seed.to_string(),
        members: grouped(i64::from(report.members)),
    };
    Ok(render("ensemble.html", &frame, &content)?.into_bytes())
}

/// What came of it, for a terminal.
pub fn ensemble_words(report: &EnsembleReport) -> String {
    let rows = times(report);
    let header = [String::new(), "90 % arrived".to_owned(), "all arrived".to_owned()];
    let width = |column: usize| {
        rows.iter().chain([&header]).map(|row| row[column].chars().count()).max().unwrap_or(0)
    };
    let widths = [width(0), width(1), width(2)];
    let mut lines = vec![verdict(report), String::new()];
    for [name, ninety, all] in [&header].into_iter().chain(&rows) {
        lines.push(format!("{name:<0$}  {ninety:>1$}  {all:>2$}", widths[0], widths[1], widths[2]));
    }
    lines.push(String::new());
    if let Some(last) = report.convergence.last() {
        lines.push(format!(
            "With 95 % confidence the 90th percentile of the 90 % time lies {}.",
            between(last)
        ));
    }
    if !report.drivers.is_empty() {
        let named: Vec<String> = report
            .drivers
            .iter()
            .take(3)
            .map(|driver| format!("{} ({})", driver.figure, decimals(driver.rank_correlation, 2)))
            .collect();
        lines.push(format!("Goes most with many person-hours (rank correlation): {}.", named.join(", ")));
    }
    for failed in report.failed.iter().take(MOST_FAILED) {
        lines.push(format!("Member {} could not be simulated: {}", failed.member, failed.why));
    }
    if !report.missing.is_empty() {
        lines.push(format!("Members {} are missing.", report.missing.join(", ")));
    }
    lines.extend(standing_sentences(report.head.context).into_iter().map(str::to_owned));
    lines.join("\n")
}

/// A time, or that it never comes.
fn time(seconds: Option<f64>, rounding: TimeRounding) -> String {
    seconds.map_or_else(|| "never".to_owned(), |seconds| after_start(seconds, rounding))
}

fn verdict(report: &EnsembleReport) -> String {
    if report.members == 0 {
        return "No member could be simulated.".to_owned();
    }
    let members = grouped(i64::from(report.members));
    let of = |share: fn(&QuantileRow) -> Option<f64>| report.quantiles_of("t90_s").and_then(share);
    let known = format!(
        "as ordered after {}, by the plan after {}",
        time(report.head.as_ordered.t90_s, TimeRounding::Up),
        time(report.head.plan.t90_s, TimeRounding::Up)
    );
    let people = |share: fn(&QuantileRow) -> Option<f64>| {
        let people = report.quantiles_of("not_arrived").and_then(share).unwrap_or(0.0);
        grouped(clearway_model::number::round(people))
    };
    match (of(|row| row.p50), of(|row| row.p90)) {
        (Some(half), Some(most)) => format!(
            "In half of {members} members 90 % have arrived after {}, in nine of ten after {}; {known}.",
            after_start(half, TimeRounding::Up),
            after_start(most, TimeRounding::Up)
        ),
        (half, _) => {
            let half = half.map_or_else(
                || format!("In half of {members} members {} people or more", people(|row| row.p50)),
                |half| {
                    format!(
                        "In half of {members} members 90 % have arrived after {}, in one of ten {} people or more",
                        after_start(half, TimeRounding::Up),
                        people(|row| row.p90)
                    )
                },
            );
            format!("{half} do not arrive within the planning horizon; 90 % have {known}.")
        }
    }
}

/// Bound, plan, as ordered, then members: what it is, when 90 % and all have arrived.
fn times(report: &EnsembleReport) -> Vec<[String; 3]> {
    let head = &report.head;
    let fixed = |name: &str, times: ArrivalTimes, rounding: TimeRounding| {
        [name.to_owned(), time(times.t90_s, rounding), time(times.t100_s, rounding)]
    };
    let as_ordered = ArrivalTimes { t90_s: head.as_ordered.t90_s, t100_s: head.as_ordered.t100_s };
    let member = |name: &str, share: fn(&QuantileRow) -> Option<f64>| {
        let of = |figure| time(report.quantiles_of(figure).and_then(share), TimeRounding::Up);
        [name.to_owned(), of("t90_s"), of("t100_s")]
    };
    vec![
        fixed("no plan before, by the figures of the plan", head.bound, TimeRounding::Down),
        fixed("by the plan, where queues take no space", head.plan, TimeRounding::Up),
        fixed("simulated as ordered", as_ordered, TimeRounding::Up),
        member("one member in ten has it by", |row| row.p10),
        member("half of the members by", |row| row.p50),
        member("nine of ten by", |row| row.p90),
    ]
}

fn never_words(report: &EnsembleReport, figure: &str, what: &str) -> String {
    match report.quantiles_of(figure).map_or(0, |row| row.never) {
        0 => String::new(),
        never => format!("In {never} of them {what}."),
    }
}

fn quantiles(report: &EnsembleReport) -> Vec<[String; 8]> {
    report
        .quantiles
        .iter()
        .map(|row| {
            let is_time = row.unit == "s";
            let word = |value: Option<f64>| match value {
                Some(value) if is_time => after_start(value, TimeRounding::Up),
                Some(value) => number(value),
                None => "never".to_owned(),
            };
            let unit = if is_time { "after the start" } else { row.unit.as_str() };
            [
                row.figure.clone(),
                unit.to_owned(),
                word(row.p5),
                word(row.p10),
                word(row.p50),
                word(row.p90),
                word(row.p95),
                row.never.to_string(),
            ]
        })
        .collect()
}

/// Between what the 90th percentile lies.
fn between(row: &Convergence) -> String {
    match (row.t90_p90_least_s, row.t90_p90_most_s) {
        (Some(least), Some(most)) => format!(
            "between {} and {}",
            after_start(least, TimeRounding::Down),
            after_start(most, TimeRounding::Up)
        ),
        (Some(least), None) => {
            format!("after {}, with no bound above", after_start(least, TimeRounding::Down))
        }
        (None, Some(most)) => format!("before {}", after_start(most, TimeRounding::Up)),
        (None, None) if row.t90_p90_s.is_none() => {
            "beyond the planning horizon, or there are too few members".to_owned()
        }
        (None, None) => "anywhere: there are too few members".to_owned(),
    }
}

fn convergence(report: &EnsembleReport) -> Vec<[String; 4]> {
    report
        .convergence
        .iter()
        .map(|row| {
            [
                row.members.to_string(),
                time(row.t90_p50_s, TimeRounding::Up),
                time(row.t90_p90_s, TimeRounding::Up),
                between(row),
            ]
        })
        .collect()
}

fn behaviour(report: &EnsembleReport) -> Vec<[String; 5]> {
    report
        .head
        .behaviour
        .figures()
        .into_iter()
        .map(|(name, figure, _, unit, what)| {
            [
                name.to_owned(),
                what.to_owned(),
                format!("{} ({} to {})", number(figure.value), number(figure.low), number(figure.high)),
                unit.to_owned(),
                figure.source.to_string(),
            ]
        })
        .collect()
}
