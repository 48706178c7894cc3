//! The main things of a plan's page as a piece of HTML that stands in somebody else's page, e.g. in a notebook.

use super::{chart_words, figures};
use crate::clock::ScenarioClock;
use crate::early::ended_early;
use crate::html::{PageFrame, render};
use crate::lookup::RowLookup;
use crate::standing::{MAP_DISCLAIMER, standing_sentences};
use crate::words::evacuees;
use crate::{PlanReport, ReportError, chart, map};
use figures::LargeFigure;
use serde::Serialize;

/// What the template `fragment.html` uses, beside the frame.
#[derive(Serialize)]
struct PlanFragment {
    style: String,
    ended_early: Vec<String>,
    headlines: Vec<LargeFigure>,
    chart: String,
    chart_words: String,
    map: Option<map::MapDrawing>,
    map_disclaimer: &'static str,
}

/// Headline figures, curve and map of a plan as one element. It loads nothing and has no script; its style holds for it alone.
///
/// # Errors
/// Only if the built-in template fails.
pub fn plan_fragment(report: &PlanReport<'_>) -> Result<String, ReportError> {
    let lookup = RowLookup::new(report.scenario, report.shapes);
    let settings = &report.scenario.settings;
    let clock = ScenarioClock::new(settings);
    let standing = standing_sentences(settings.context);
    let frame = PageFrame {
        attribution: &settings.attribution,
        ..PageFrame::new(&settings.name, "Plan and bound", &standing)
    };
    let people = evacuees(report);
    let fragment = PlanFragment {
        // what holds for a page holds for the element; a wide drawing stands everywhere
        style: frame.style.replace(":root", ":scope").replace("svg.chart.narrow { display: none; }", ""),
        ended_early: ended_early(report),
        headlines: figures::headlines(report, &clock),
        chart: chart::draw(report.curve, &chart::PLAN_CURVES, people, &clock, chart::ChartFormat::Wide),
        chart_words: chart_words(report, &clock),
        map: map::draw(report, &lookup),
        map_disclaimer: MAP_DISCLAIMER,
    };
    render("fragment.html", &frame, &fragment)
}
