//! Alternatives side by side: figures, people arrived over time, zones and roads that differ.

use crate::ReportError;
use crate::clock::{TimeRounding, after_start};
use crate::geometry::{DegreeBox, Line};
use crate::html::{PageFrame, render};
use crate::map::escape;
use crate::number::{decimals, grouped, number_up};
use crate::path::{MapSheet, push_line};
use crate::scale::{AxisScale, count_step, minute_step};
use crate::standing_sentences;
use clearway_model::number::{ceil, float};
use clearway_model::{CurvePoint, PlanAndBound, Settings};
use serde::Serialize;
use std::fmt::Write;

/// Rows of tables on the page; all are in the files.
const ROWS: usize = 20;
/// Colours of lines; beyond these they come again.
const COLOURS: usize = 6;
const WIDTH: f64 = 1040.0;
const HEIGHT: f64 = 430.0;
const LEFT: f64 = 92.0;
const RIGHT: f64 = 24.0;
const TOP: f64 = 20.0;
const BOTTOM: f64 = 48.0;

/// The figures of one alternative.
#[derive(Debug, Clone, PartialEq)]
pub struct AlternativeFigures {
    /// What it is called.
    pub name: String,
    /// All people of its zones.
    pub people: i64,
    /// Those who arrive.
    pub arrived: i64,
    /// Those overtaken by a hazard.
    pub overtaken: i64,
    /// Those who neither arrive nor are overtaken.
    pub not_evacuated: i64,
    /// When 90 % have arrived, s.
    pub t90_s: PlanAndBound,
    /// When all have arrived, s.
    pub clearance_s: PlanAndBound,
    /// Time of people not yet arrived, person-hours.
    pub person_hours: PlanAndBound,
    /// Waiting after departure, person-hours.
    pub waiting_person_hours: f64,
    /// Simulated where queues take space: 90 % and all arrived, s; `None`: not simulated. Of the two nothing where it is not reached.
    pub simulated_s: Option<[Option<f64>; 2]>,
    /// People who arrive in the simulation; `None`: not simulated.
    pub simulated_arrived: Option<i64>,
    /// Routes of the plan.
    pub routes: u64,
    /// Orders of the plan.
    pub orders: u64,
    /// Parts of its scenario that differ from that of the first.
    pub differs_in: Vec<String>,
    /// Alternatives that are at least as good in every figure that counts, and better in one.
    pub dominated_by: Vec<String>,
    /// People over time.
    pub curve: Vec<CurvePoint>,
}

/// What becomes of a zone in an alternative.
#[derive(Debug, Clone, PartialEq)]
pub struct ZoneFigures {
    /// People there at the start.
    pub people: i64,
    /// Those who arrive.
    pub arrived: i64,
    /// When the last of them does, s; `None`: nobody does.
    pub last_arrival_s: Option<f64>,
    /// Where they are received.
    pub sites: String,
}

/// A zone in all alternatives, `None` where one has no such zone.
#[derive(Debug, Clone, PartialEq)]
pub struct ComparedZone {
    /// Its id.
    pub zone_id: String,
    /// Its name, may be empty.
    pub name: String,
    /// Per alternative.
    pub figures: Vec<Option<ZoneFigures>>,
}

/// A link in all alternatives, `None` where one has no such link.
#[derive(Debug, Clone, PartialEq)]
pub struct ComparedLink {
    /// Its id.
    pub link_id: String,
    /// Name of the road, may be empty.
    pub name: String,
    /// Where it is, degrees; may be empty.
    pub line: Line,
    /// Per alternative, people who use it, and waiting before it, person-hours.
    pub figures: Vec<Option<(i64, f64)>>,
}

/// Alternatives side by side; the first is what the others are compared with.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanComparison {
    /// Settings of the first.
    pub settings: Settings,
    /// The alternatives.
    pub alternatives: Vec<AlternativeFigures>,
    /// The zones of all.
    pub zones: Vec<ComparedZone>,
    /// Links that somebody uses in any of them.
    pub links: Vec<ComparedLink>,
}

/// What the template `comparison.html` uses, beside the frame.
#[derive(Serialize)]
struct ComparisonContent {
    names: Vec<String>,
    verdict: Vec<String>,
    figures: Vec<FigureRow>,
    differs: Vec<String>,
    chart: String,
    zones: Vec<[String; 6]>,
    more_zones: usize,
    maps: Vec<DifferenceMap>,
}

/// A figure of all alternatives.
#[derive(Serialize)]
struct FigureRow {
    name: String,
    /// Text, and whether it is the best of those that can be compared.
    cells: Vec<(String, bool)>,
}

/// How the use of roads differs from the first.
#[derive(Serialize)]
struct DifferenceMap {
    title: String,
    svg: String,
    rows: Vec<[String; 4]>,
}

/// The page.
///
/// # Errors
/// Only if the built-in template fails.
pub fn comparison_page(comparison: &PlanComparison) -> Result<Vec<u8>, ReportError> {
    let settings = &comparison.settings;
    let standing = standing_sentences(settings.context);
    let frame = PageFrame {
        attribution: &settings.attribution,
        ..PageFrame::new(&settings.name, "Alternatives side by side", &standing)
    };
    let zones = changed_zones(comparison);
    let content = ComparisonContent {
        names: comparison.alternatives.iter().map(|one| one.name.clone()).collect(),
        verdict: comparison_words(comparison),
        figures: figure_rows(comparison),
        differs: comparison.alternatives.iter().skip(1).map(|one| differs_words(comparison, one)).collect(),
        chart: chart(&comparison.alternatives),
        more_zones: zones.len().saturating_sub(ROWS),
        zones: zones.into_iter().take(ROWS).collect(),
        maps: (1..comparison.alternatives.len()).filter_map(|at| difference_map(comparison, at)).collect(),
    };
    Ok(render("comparison.html", &frame, &content)?.into_bytes())
}

/// What the comparison comes to, a sentence per alternative that is dominated, or one that none is.
pub fn comparison_words(comparison: &PlanComparison) -> Vec<String> {
    let dominated = comparison.alternatives.iter().filter(|one| !one.dominated_by.is_empty());
    let mut words: Vec<String> = dominated
        .map(|one| {
            format!(
                "{} is dominated by {}: worse in at least one of the figures by which they are weighed, and better in none.",
                one.name,
                one.dominated_by.join(" and ")
            )
        })
        .collect();
    let first = comparison.alternatives.first().map_or(0, |one| one.people);
    if words.is_empty() && comparison.alternatives.iter().all(|one| one.people == first) {
        words.push(
            "No alternative is dominated: each is better than every other in some figure, or as good in all."
                .to_owned(),
        );
    }
    for other in comparison.alternatives.iter().filter(|one| one.people != first) {
        words.push(format!(
            "{} is of {} people and not of {}: its figures stand beside the others and are not weighed against them.",
            other.name,
            grouped(other.people),
            grouped(first)
        ));
    }
    words
}

fn differs_words(comparison: &PlanComparison, one: &AlternativeFigures) -> String {
    let first = comparison.alternatives.first().map_or("", |first| first.name.as_str());
    if one.differs_in.is_empty() {
        return format!("{} is another plan for the scenario of {first}.", one.name);
    }
    format!(
        "{} has a scenario of its own, which differs from that of {first} in {}.",
        one.name,
        one.differs_in.join(", ")
    )
}

/// Times as people read them; a plan's rounded up.
fn time(seconds: Option<f64>) -> String {
    seconds.map_or_else(|| "not within the horizon".to_owned(), |s| after_start(s, TimeRounding::Up))
}

fn time_down(seconds: Option<f64>) -> String {
    seconds.map_or_else(|| "not within the horizon".to_owned(), |s| after_start(s, TimeRounding::Down))
}

/// A figure by which alternatives are weighed, as a cost: less is better, infinite where it is never reached.
pub fn weighed_figures(one: &AlternativeFigures) -> Vec<(&'static str, f64)> {
    let time = |seconds: Option<f64>| seconds.unwrap_or(f64::INFINITY);
    let mut figures = vec![
        ("People arrived", -float(one.arrived)),
        ("People overtaken", float(one.overtaken)),
        ("90 % arrived, by the plan", time(one.t90_s.plan)),
        ("All arrived, by the plan", time(one.clearance_s.plan)),
        ("Person-hours until arrival", time(one.person_hours.plan)),
        ("Person-hours of waiting", one.waiting_person_hours),
    ];
    if let Some([t90, t100]) = one.simulated_s {
        figures.push(("90 % arrived, simulated", time(t90)));
        figures.push(("All arrived, simulated", time(t100)));
    }
    if let Some(arrived) = one.simulated_arrived {
        figures.push(("People arrived, simulated", -float(arrived)));
    }
    figures
}

fn figure_rows(comparison: &PlanComparison) -> Vec<FigureRow> {
    let all = &comparison.alternatives;
    let first = all.first().map_or(0, |one| one.people);
    let weighed: Vec<Vec<(&str, f64)>> = all.iter().map(weighed_figures).collect();
    let row = |name: &str, text: &dyn Fn(&AlternativeFigures) -> String| {
        let cost = |at: usize| {
            let own = weighed[at].iter().find(|(figure, _)| *figure == name).map(|(_, cost)| *cost);
            own.filter(|_| all[at].people == first)
        };
        let least = (0..all.len()).filter_map(cost).fold(f64::INFINITY, f64::min);
        let differs = (0..all.len()).filter_map(cost).any(|cost| cost > least);
        let cell = |(at, one): (usize, &AlternativeFigures)| {
            (text(one), differs && cost(at).is_some_and(|cost| cost <= least))
        };
        FigureRow { name: name.to_owned(), cells: all.iter().enumerate().map(cell).collect() }
    };
    let mut rows = vec![
        row("People", &|one| grouped(one.people)),
        row("People arrived", &|one| grouped(one.arrived)),
        row("People overtaken", &|one| grouped(one.overtaken)),
        row("People not evacuated", &|one| grouped(one.not_evacuated)),
        row("90 % arrived, by the plan", &|one| time(one.t90_s.plan)),
        row("90 % arrived, no plan before", &|one| time_down(one.t90_s.bound)),
        row("All arrived, by the plan", &|one| time(one.clearance_s.plan)),
        row("All arrived, no plan before", &|one| time_down(one.clearance_s.bound)),
    ];
    if all.iter().any(|one| one.simulated_s.is_some()) {
        let simulated = |at: usize| {
            move |one: &AlternativeFigures| one.simulated_s.map_or(String::new(), |times| time(times[at]))
        };
        rows.push(row("90 % arrived, simulated", &simulated(0)));
        rows.push(row("All arrived, simulated", &simulated(1)));
        rows.push(row("People arrived, simulated", &|one| {
            one.simulated_arrived.map_or_else(String::new, grouped)
        }));
    }
    rows.extend([
        row("Person-hours until arrival", &|one| {
            one.person_hours
                .plan
                .map_or_else(|| "not within the horizon".to_owned(), |value| grouped(ceil(value)))
        }),
        row("Person-hours of waiting", &|one| number_up(one.waiting_person_hours)),
        row("Routes", &|one| grouped(i64::try_from(one.routes).unwrap_or(i64::MAX))),
        row("Orders", &|one| grouped(i64::try_from(one.orders).unwrap_or(i64::MAX))),
    ]);
    rows
}

/// People arrived over time, a line per alternative.
fn chart(all: &[AlternativeFigures]) -> String {
    let until = |one: &AlternativeFigures| {
        let all_there = one.curve.iter().find(|point| point.arrived_people >= one.arrived);
        all_there.or(one.curve.last()).map_or(0.0, |point| point.time_s)
    };
    let last = all.iter().map(until).fold(60.0, f64::max) * 1.02;
    let most = all.iter().map(|one| one.arrived).max().unwrap_or(1).max(1);
    let x = AxisScale::new((0.0, last), (LEFT, WIDTH - RIGHT));
    let y = AxisScale::new((0.0, float(most) * 1.05), (HEIGHT - BOTTOM, TOP));
    let mut svg = format!(
        "<svg class=\"drawn\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"People arrived over time, by alternative\">"
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
    let minutes = minute_step(last, 8.0);
    let mut minute = 0;
    while float(minute) * 60.0 <= last {
        let words = after_start(float(minute) * 60.0, TimeRounding::Down);
        let _ = write!(
            svg,
            "<text x=\"{:.1}\" y=\"{}\" text-anchor=\"middle\">{words}</text>",
            x.px(float(minute) * 60.0),
            HEIGHT - BOTTOM + 22.0
        );
        minute += minutes;
    }
    for (number, one) in all.iter().enumerate() {
        let mut path = String::new();
        for point in one.curve.iter().take_while(|point| point.time_s <= last) {
            let _ = write!(
                path,
                "{}{:.1},{:.1}",
                if path.is_empty() { "M" } else { "L" },
                x.px(point.time_s),
                y.px(float(point.arrived_people))
            );
        }
        // lines of the same colour are told apart by their dashes
        let dashes = if number >= COLOURS { " stroke-dasharray=\"7 4\"" } else { "" };
        let _ = write!(
            svg,
            "<path class=\"s{}\" fill=\"none\" stroke-width=\"2.5\"{dashes} d=\"{path}\"><title>{}</title></path>",
            number % COLOURS,
            escape(&one.name)
        );
    }
    svg.push_str("</svg>");
    svg
}

/// Zones whose figures differ from the first's, those with the largest change of the last arrival first: zone, alternative, arrived,
/// last arrival, change, sites.
fn changed_zones(comparison: &PlanComparison) -> Vec<[String; 6]> {
    let mut rows: Vec<(f64, [String; 6])> = Vec::new();
    for zone in &comparison.zones {
        let Some(Some(first)) = zone.figures.first() else { continue };
        for (one, figures) in comparison.alternatives.iter().zip(&zone.figures).skip(1) {
            let Some(figures) = figures.as_ref().filter(|figures| *figures != first) else { continue };
            let change = figures.last_arrival_s.zip(first.last_arrival_s).map(|(now, before)| now - before);
            let words = change.map_or_else(String::new, signed_time);
            let name = if zone.name.is_empty() { &zone.zone_id } else { &zone.name };
            let arrived = if figures.arrived == first.arrived {
                grouped(figures.arrived)
            } else {
                format!("{} (was {})", grouped(figures.arrived), grouped(first.arrived))
            };
            let sites = if figures.sites == first.sites {
                figures.sites.clone()
            } else {
                format!("{} (was {})", figures.sites, first.sites)
            };
            let last = figures.last_arrival_s.map_or_else(|| "nobody arrives".to_owned(), |s| time(Some(s)));
            rows.push((
                change.map_or(f64::INFINITY, f64::abs),
                [name.clone(), one.name.clone(), arrived, last, words, sites],
            ));
        }
    }
    rows.sort_by(|a, b| b.0.total_cmp(&a.0));
    rows.into_iter().map(|row| row.1).collect()
}

/// `12 min later`, `3 min sooner`.
fn signed_time(seconds: f64) -> String {
    let words = after_start(seconds.abs(), TimeRounding::Up);
    match seconds {
        s if s > 0.0 => format!("{words} later"),
        s if s < 0.0 => format!("{words} sooner"),
        _ => "the same".to_owned(),
    }
}

/// How many more people use each link in an alternative than in the first; `None` where no link differs.
fn difference_map(comparison: &PlanComparison, at: usize) -> Option<DifferenceMap> {
    let people = |link: &ComparedLink, at: usize| {
        link.figures.get(at).copied().flatten().map_or(0, |figures| figures.0)
    };
    let mut changed: Vec<(i64, &ComparedLink)> = comparison
        .links
        .iter()
        .map(|link| (people(link, at) - people(link, 0), link))
        .filter(|(change, _)| *change != 0)
        .collect();
    if changed.is_empty() {
        return None;
    }
    changed.sort_by_key(|(change, link)| (-change.abs(), link.link_id.clone()));
    let lines = comparison.links.iter().flat_map(|link| link.line.iter().copied());
    let sheet = MapSheet::fit(DegreeBox::around(lines)?);
    let most = float(changed.iter().map(|(change, _)| change.abs()).max().unwrap_or(1).max(1));
    let mut svg = format!(
        "<svg class=\"difference\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"Roads that more or fewer people use\">",
        sheet.size.0, sheet.size.1
    );
    let mut same = String::new();
    comparison.links.iter().for_each(|link| push_line(&mut same, &sheet.line(&link.line, 1.0)));
    let _ = write!(svg, "<path class=\"same\" d=\"{same}\"/>");
    // the largest last, over the others
    for (change, link) in changed.iter().rev().filter(|(_, link)| link.line.len() > 1) {
        let mut data = String::new();
        push_line(&mut data, &sheet.line(&link.line, 1.0));
        let class = if *change > 0 { "more" } else { "fewer" };
        let width = decimals(2.0 + 6.0 * (float(change.abs()) / most).sqrt(), 1);
        let _ = write!(
            svg,
            "<path class=\"{class}\" stroke-width=\"{width}\" d=\"{data}\"><title>{}: {} {class}</title></path>",
            escape(road(link)),
            grouped(change.abs())
        );
    }
    svg.push_str("</svg>");
    let rows = changed.iter().take(ROWS).map(|(change, link)| {
        let sign = if *change > 0 { "+" } else { "-" };
        [
            road(link).to_owned(),
            grouped(people(link, 0)),
            grouped(people(link, at)),
            format!("{sign}{}", grouped(change.abs())),
        ]
    });
    let (first, other) = (&comparison.alternatives.first()?.name, &comparison.alternatives.get(at)?.name);
    Some(DifferenceMap { title: format!("{other} beside {first}"), svg, rows: rows.collect() })
}

fn road(link: &ComparedLink) -> &str {
    if link.name.is_empty() { &link.link_id } else { &link.name }
}
