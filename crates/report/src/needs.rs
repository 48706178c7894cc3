//! The page of needs: people over time, what each site has of what it needs, what is short, convoys.

use crate::ReportError;
use crate::html::{PageFrame, render};
use clearway_formats::short;
use clearway_model::number::float;
use clearway_needs::report::{
    NeedStrip, NeedsReport, given_shortfalls, headline, hour_words, not_given_words, place_word, price_words,
    unmet_reasons,
};
use clearway_needs::{NeededTable, Occupancy, OccupancyKind, Rates, Shortfall, needed, site_name, with_unit};
use serde::Serialize;

/// Size of the drawing area.
const WIDTH: f64 = 1000.0;
const HEIGHT: f64 = 220.0;
/// Rows of the longer tables; the rest is in the files.
const ROWS: usize = 25;

/// One layer of the chart of people over time.
#[derive(Serialize)]
struct ChartArea {
    class: &'static str,
    points: String,
}

/// Hours in a row in which about the same share of a need is met.
#[derive(Serialize)]
struct StripCell {
    /// Left edge and width, px.
    x: f64,
    width: f64,
    /// `m0` to `m4`: none, some, half, three quarters, all of the need is met.
    class: &'static str,
}

/// One need of one site over all hours.
#[derive(Serialize)]
struct StripRow {
    site: String,
    item: String,
    cells: Vec<StripCell>,
    words: String,
}

/// What the template `needs.html` uses, beside the frame.
#[derive(Serialize)]
struct NeedsView<'a> {
    report: &'a NeedsReport,
    headline: String,
    price: String,
    areas: Vec<ChartArea>,
    most: String,
    ticks: Vec<(f64, String)>,
    strips: Vec<StripRow>,
    sites: Vec<[String; 5]>,
    needed: NeededTable,
    shortfalls: Vec<[String; 9]>,
    more_shortfalls: usize,
    not_given: Vec<String>,
    rest: Vec<[String; 7]>,
    more_rest: usize,
    longest_km: String,
    convoys: Vec<[String; 7]>,
    unmet: Vec<String>,
    sources: Vec<[String; 4]>,
}

/// The page of needs. `always` are sentences that every output carries.
///
/// # Errors
/// Only if the built-in template fails.
pub fn needs_page(
    report: &NeedsReport,
    presences: &[Occupancy],
    rates: &Rates,
    always: &[&str],
) -> Result<Vec<u8>, ReportError> {
    let hours = report.totals[0].len().max(1);
    let shortfalls = given_shortfalls(report);
    let most =
        (0..hours).map(|h| report.totals.iter().filter_map(|t| t.get(h)).sum::<i64>()).max().unwrap_or(0);
    let number = |n: i64| short(float(n));
    let view = NeedsView {
        headline: headline(report),
        price: report.price.as_ref().map_or_else(String::new, price_words),
        areas: areas(report, hours, most),
        most: number(most),
        ticks: ticks(hours),
        strips: strip_rows(report, presences, hours),
        sites: report
            .sites
            .iter()
            .take(ROWS)
            .map(|s| {
                [
                    site_name(report, &s.site_id),
                    number(s.most_people),
                    s.capacity_people.map_or_else(|| "no limit given".to_owned(), number),
                    s.full_from_h.map_or_else(|| "-".to_owned(), hour_words),
                    s.m2_a_person
                        .map_or_else(|| "no area given".to_owned(), |m2| format!("{} m2", short(m2))),
                ]
            })
            .collect(),
        more_shortfalls: shortfalls.len().saturating_sub(ROWS),
        needed: needed(report, presences, rates),
        shortfalls: shortfalls.iter().take(ROWS).map(|s| shortfall(report, s)).collect(),
        not_given: not_given_words(report),
        rest: report
            .rest_points
            .iter()
            .take(ROWS)
            .enumerate()
            .map(|(i, p)| {
                [
                    if p.node_id.is_empty() { format!("point {}", i + 1) } else { p.node_id.clone() },
                    format!("{} to {}", hour_words(p.first_h), hour_words(p.last_h)),
                    number(p.people),
                    format!("{} in {}", number(p.peak_people), hour_words(p.peak_h)),
                    // what is needed is rounded up, as everywhere
                    short((p.water_m3_day * 10.0).ceil() / 10.0),
                    number(p.taps),
                    number(p.toilets),
                ]
            })
            .collect(),
        more_rest: report.rest_points.len().saturating_sub(ROWS),
        longest_km: short((report.longest_way_m / 100.0).round() / 10.0),
        convoys: report
            .convoys
            .iter()
            .map(|c| {
                [
                    (c.day + 1).to_string(),
                    c.item.clone(),
                    number(c.loads),
                    short((c.amount * 10.0).round() / 10.0),
                    number(c.trucks),
                    short(c.fuel_l.round()),
                    short((c.unmet * 10.0).round() / 10.0),
                ]
            })
            .collect(),
        unmet: unmet_reasons(report)
            .iter()
            .map(|(why, amount)| format!("{why}: {}", short((amount * 10.0).round() / 10.0)))
            .collect(),
        sources: rates
            .0
            .iter()
            .map(|rate| {
                let verified = if rate.verified { "" } else { "source not verified" };
                [
                    with_unit(&rate.name, &rate.unit),
                    rate.rules.clone(),
                    rate.source.clone(),
                    verified.to_owned(),
                ]
            })
            .collect(),
        report,
    };
    Ok(render("needs.html", &PageFrame::new(&report.name, "Needs and supplies", always), &view)?.into_bytes())
}

/// Place, item, from when, for how long, the worst hour with need, supply and shortfall, and people.
fn shortfall(report: &NeedsReport, s: &Shortfall) -> [String; 9] {
    let place = match s.kind {
        OccupancyKind::Site => site_name(report, &s.place_id),
        kind => format!("{} {}", place_word(kind), s.place_id),
    };
    [
        place,
        with_unit(&s.item.replace('_', " "), &s.unit),
        hour_words(s.first_h),
        short(float(s.hours)),
        hour_words(s.worst_h),
        short(s.needed),
        short(s.there),
        short(s.short),
        short(float(s.people)),
    ]
}

/// People at sites below, on the way on them, at the origin on top.
fn areas(report: &NeedsReport, hours: usize, most: i64) -> Vec<ChartArea> {
    let at = |hour: usize| float(hour) / float(hours) * WIDTH;
    let height = |people: i64| HEIGHT * (1.0 - float(people) / float(most.max(1)));
    let [origin, route, site] = &report.totals;
    let layers = [("at-site", site), ("on-route", route), ("origin", origin)];
    // each layer runs along its top to the right and along the one below back to the left
    let mut base = vec![0i64; hours];
    let mut all = Vec::new();
    for (class, layer) in layers {
        let top: Vec<i64> = base.iter().zip(layer).map(|(b, n)| b + n).collect();
        let mut points = String::new();
        for (hour, people) in top.iter().enumerate() {
            points.push_str(&format!("{:.1},{:.1} {:.1},{1:.1} ", at(hour), height(*people), at(hour + 1)));
        }
        for (hour, people) in base.iter().enumerate().rev() {
            points.push_str(&format!("{:.1},{:.1} {:.1},{1:.1} ", at(hour + 1), height(*people), at(hour)));
        }
        all.push(ChartArea { class, points });
        base = top;
    }
    all
}

fn ticks(hours: usize) -> Vec<(f64, String)> {
    let step =
        [1, 2, 3, 6, 12, 24, 48, 72, 168, 336].into_iter().find(|step| hours / step <= 12).unwrap_or(720);
    (0..=hours)
        .step_by(step)
        .map(|hour| {
            let text = if step >= 24 { format!("day {}", hour / 24 + 1) } else { format!("{hour} h") };
            (float(hour) / float(hours) * WIDTH, text)
        })
        // the last label would run over the edge
        .filter(|(x, _)| *x < WIDTH - 45.0)
        .collect()
}

/// A site's name stands at its first row only.
fn strip_rows(report: &NeedsReport, presences: &[Occupancy], hours: usize) -> Vec<StripRow> {
    let mut before = None;
    let row = |strip: &NeedStrip| {
        let id = presences.get(strip.site).map_or("", |p| p.place_id.as_str());
        let site = if before == Some(strip.site) { String::new() } else { site_name(report, id) };
        before = Some(strip.site);
        strip_row(strip, site, hours)
    };
    report.strips.iter().map(row).collect()
}

fn strip_row(strip: &NeedStrip, site: String, hours: usize) -> StripRow {
    let class = |met: &Option<f64>| match met {
        None => "",
        // all of it, but for the noise of a sum
        Some(met) if *met > 1.0 - 1e-9 => "m4",
        Some(met) if *met >= 0.75 => "m3",
        Some(met) if *met >= 0.5 => "m2",
        Some(met) if *met > 0.0 => "m1",
        Some(_) => "m0",
    };
    let x = |hour: usize| float(hour) / float(hours) * WIDTH;
    let mut cells: Vec<StripCell> = Vec::new();
    let mut from = 0;
    while from < strip.met.len() {
        let class_here = class(&strip.met[from]);
        let until =
            (from..strip.met.len()).find(|h| class(&strip.met[*h]) != class_here).unwrap_or(strip.met.len());
        if !class_here.is_empty() {
            cells.push(StripCell { x: x(from), width: x(until) - x(from), class: class_here });
        }
        from = until;
    }
    let least = strip.met.iter().flatten().copied().fold(1.0, f64::min);
    StripRow {
        site,
        item: strip.item.clone(),
        cells,
        words: format!("at the lowest {} %", short((least * 100.0).floor())),
    }
}
