//! The page of a plan. It can be read without its script, which only adds: moving the map, reading values off the chart, sorting tables.

mod figures;
mod fragment;
mod listing;

use crate::assumed::assumption_words;
use crate::clock::{ScenarioClock, TimeRounding};
use crate::early::ended_early;
use crate::html::{PageFrame, render};
use crate::lookup::RowLookup;
use crate::number::{counted, decimals, whole};
use crate::standing::{MAP_DISCLAIMER, standing_sentences};
use crate::words::{AnswerParagraph, STANDING_HEADING, evacuees, paragraphs};
use crate::{PlanReport, ReportError, chart, map, sources};
use clearway_model::number::{ceil, float, length};
use clearway_model::time::seconds;
use clearway_model::{Case, Context, CurvePoint, Mode};
use figures::{FigureLine, LargeFigure};
pub use fragment::plan_fragment;
use listing::PageListing;
use serde::Serialize;

const SCRIPT: &str = include_str!("pages/script.js");
/// Points of the curve that the script reads values from; more would not be seen.
const READOUT_POINTS: usize = 1_500;

/// What the template `plan.html` uses, beside the frame.
#[derive(Serialize)]
struct PlanPage<'a> {
    script: &'static str,
    description: &'a str,
    context: &'static str,
    ended_early: Vec<String>,
    facts: Vec<(&'static str, String)>,
    headlines: Vec<LargeFigure>,
    paragraphs: Vec<AnswerParagraph>,
    assumptions: Vec<String>,
    chart_wide: String,
    chart_narrow: String,
    chart_words: String,
    readout: String,
    time_zone: String,
    start_ms: String,
    map: Option<map::MapDrawing>,
    hazards: Vec<String>,
    map_disclaimer: &'static str,
    figures: Vec<FigureLine>,
    listings: Vec<PageListing>,
    sources: sources::SourceTable,
}

/// `index.html` of a plan folder, one file that loads nothing.
///
/// # Errors
/// Only if the built-in template fails.
pub fn index_html(
    report: &PlanReport<'_>,
    lookup: &RowLookup<'_>,
    clock: &ScenarioClock,
) -> Result<Vec<u8>, ReportError> {
    let settings = &report.scenario.settings;
    let page = PlanPage {
        script: SCRIPT,
        description: settings.description.trim(),
        context: context_words(settings.context),
        ended_early: ended_early(report),
        facts: facts(report, clock),
        headlines: figures::headlines(report, clock),
        paragraphs: page_paragraphs(report, lookup, clock),
        assumptions: report.summary.assumptions.iter().map(assumption_words).collect(),
        chart_wide: chart::draw(
            report.curve,
            &chart::PLAN_CURVES,
            evacuees(report),
            clock,
            chart::ChartFormat::Wide,
        ),
        chart_narrow: chart::draw(
            report.curve,
            &chart::PLAN_CURVES,
            evacuees(report),
            clock,
            chart::ChartFormat::Narrow,
        ),
        chart_words: chart_words(report, clock),
        readout: readout(report.curve),
        time_zone: clock.zone_name().map_or_else(|| "null".to_owned(), |name| format!("\"{name}\"")),
        start_ms: clock.start_ms().map_or_else(|| "null".to_owned(), |ms| ms.to_string()),
        map: map::draw(report, lookup),
        hazards: hazards(lookup, clock),
        map_disclaimer: MAP_DISCLAIMER,
        figures: figures::table(report, clock),
        listings: listing::all(report, lookup, clock),
        sources: sources::table(report.scenario),
    };
    let standing = standing_sentences(settings.context);
    let frame = PageFrame {
        script: true,
        attribution: &settings.attribution,
        digest: &report.plan.scenario,
        ..PageFrame::new(&settings.name, "Plan and bound", &standing)
    };
    Ok(render("plan.html", &frame, &page)?.into_bytes())
}

/// The answer without the standing sentences, which have a place of their own, and without the marks of plain text.
fn page_paragraphs(
    report: &PlanReport<'_>,
    lookup: &RowLookup<'_>,
    clock: &ScenarioClock,
) -> Vec<AnswerParagraph> {
    let mut all = paragraphs(report, lookup, clock);
    all.retain(|paragraph| paragraph.heading != STANDING_HEADING);
    for sentence in all.iter_mut().flat_map(|paragraph| &mut paragraph.sentences) {
        *sentence = sentence.replace('`', "");
    }
    all
}

fn context_words(context: Context) -> &'static str {
    match context {
        Context::Disaster => "Disaster",
        Context::ArmedConflict => "Armed conflict",
        Context::Exercise => "Exercise",
        Context::Other => "Planning",
    }
}

/// What the whole page rests on, one line each.
fn facts(report: &PlanReport<'_>, clock: &ScenarioClock) -> Vec<(&'static str, String)> {
    let settings = &report.scenario.settings;
    let mut facts = Vec::new();
    if let Some(start) = clock.start_in_full() {
        facts.push(("Time 0", format!("{start}, {}", clock.zone_label())));
    }
    let end = seconds(settings.horizon_ms);
    facts.push(("End of horizon", clock.moment(end, TimeRounding::Down)));
    if let Some(class) = settings.class.first() {
        facts.push((
            "Travel mode",
            match (class.mode, class.people_per_vehicle) {
                (Mode::Walk, _) => format!("on foot (class {})", class.id),
                (Mode::Vehicle, Some(n)) => {
                    let people = if n == 1.0 { "person" } else { "people" };
                    format!("by vehicle, {} {people} in each (class {})", decimals(n, 2), class.id)
                }
                (Mode::Vehicle, None) => format!("by vehicle (class {})", class.id),
            },
        ));
    }
    facts.push((
        "Values used",
        match report.plan.case {
            Case::Central => "the central value of every range".to_owned(),
            Case::Optimistic => "the optimistic end of every range".to_owned(),
            Case::Pessimistic => "the pessimistic end of every range".to_owned(),
        },
    ));
    let window = counted(report.plan.window_ms / 60_000, "minute", "minutes");
    let per_zone = match report.plan.routes_per_zone {
        Some(n) => format!("at most {} per zone", counted(n.into(), "route", "routes")),
        None => "no limit on routes".to_owned(),
    };
    let convergent = if report.plan.convergent { ", one way out of each junction" } else { "" };
    facts.push((
        "Plan",
        format!(
            "{}, {}, {per_zone}{convergent}, departure windows of {window}",
            counted(length(report.plan.orders.len()), "movement order", "movement orders"),
            counted(length(report.plan.routes.len()), "route", "routes"),
        ),
    ));
    let size = &report.summary.network;
    facts.push((
        "Network",
        format!(
            "{}, {}",
            counted(whole(size.links), "link", "links"),
            counted(whole(size.nodes), "node", "nodes"),
        ),
    ));
    facts
}

/// The chart for those who cannot see it.
fn chart_words(report: &PlanReport<'_>, clock: &ScenarioClock) -> String {
    let Some(last) = report.curve.last() else { return "No curve was given.".to_owned() };
    let at = |share: f64| {
        let count = ceil(float(evacuees(report)) * share);
        let first =
            |value: fn(&CurvePoint) -> i64| report.curve.iter().find(|p| value(p) >= count && count > 0);
        let words = |point: Option<&CurvePoint>| match point {
            Some(p) => format!("by {}", clock.short(p.time_s, TimeRounding::Up)),
            None => "not within the horizon".to_owned(),
        };
        (words(first(|p| p.arrived_people)), words(first(|p| p.bound_people)))
    };
    let (half, half_bound) = at(0.5);
    format!(
        "People arrived over time. Half have arrived under this plan {half}; the bound allows half {half_bound}. At the end of the planning horizon {} have arrived; the bound is {}.",
        crate::number::grouped(last.arrived_people),
        crate::number::grouped(last.bound_people),
    )
}

/// `[time s, arrived, bound, departed]` of the part of the curve that is drawn, evenly thinned.
fn readout(curve: &[CurvePoint]) -> String {
    let until = chart::shown_until_s(curve);
    let shown: Vec<&CurvePoint> = curve.iter().filter(|p| p.time_s <= until + 1e-6).collect();
    // the last point stays whatever is thinned: the script shows it at the right edge
    let every = shown.len().div_ceil(READOUT_POINTS).max(1);
    let last = shown.len().saturating_sub(1);
    let rows: Vec<String> = shown
        .iter()
        .enumerate()
        .filter(|(i, _)| i % every == 0 || *i == last)
        .map(|(_, p)| {
            format!(
                "[{},{},{},{}]",
                decimals(p.time_s, 3),
                p.arrived_people,
                p.bound_people,
                p.departed_people
            )
        })
        .collect();
    format!("[{}]", rows.join(","))
}

/// Hazards in words, with their times as given.
fn hazards(lookup: &RowLookup<'_>, clock: &ScenarioClock) -> Vec<String> {
    let describe = |shape: &crate::geometry::MapShape| {
        let name = if shape.name.is_empty() { shape.id.clone() } else { shape.name.clone() };
        let time = |ms: &str, text: &str| {
            let property = |key: &str| shape.properties.get(key);
            property(ms)
                .and_then(serde_json::Value::as_f64)
                .map(|ms| clock.short(ms / 1000.0, TimeRounding::Down))
                .or_else(|| property(text).map(crate::geometry::text).filter(|t| !t.is_empty()))
        };
        let from = time("from_ms", "from").map(|t| format!(" from {t}")).unwrap_or_default();
        let until = time("until_ms", "until").map(|t| format!(" until {t}")).unwrap_or_default();
        format!("{name}{from}{until}")
    };
    lookup.hazards.iter().map(describe).collect()
}
