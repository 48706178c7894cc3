//! The page's tables: bottlenecks, zones, sites, routes. Long ones are cut and name the file that has all.

use crate::bottleneck_words::{bound_words, label};
use crate::clock::{ScenarioClock, TimeRounding};
use crate::lookup::RowLookup;
use crate::map::{BOTTLENECKS_SHOWN, sites_by_people};
use crate::number::{grouped, number, percent, whole};
use crate::words::reason_words;
use crate::{PlanReport, routes};
use clearway_model::number::length;
use clearway_model::time::seconds;
use clearway_model::{Case, Figure, Outcome, ZoneOutcome};
use serde::Serialize;

/// Rows shown of a long table.
const ROWS: usize = 400;

/// A table of the page.
#[derive(Debug, Serialize)]
pub struct PageListing {
    /// Where links within the page lead to it.
    pub id: &'static str,
    /// What stands over it.
    pub title: &'static str,
    /// A sentence on what it shows and how to check it.
    pub note: String,
    /// Its columns from left to right.
    pub columns: Vec<ListingColumn>,
    /// Its rows, each with a cell per column.
    pub rows: Vec<Vec<ListingCell>>,
    /// What was left out, may be empty.
    pub left_out: String,
}

/// What stands over a column, and how the column is set.
#[derive(Debug, Serialize)]
pub struct ListingColumn {
    /// Text with the unit.
    pub name: &'static str,
    /// Whether the column is of numbers or times (right aligned).
    pub numeric: bool,
}

/// A cell below the header.
#[derive(Debug, Serialize)]
pub struct ListingCell {
    /// What is shown; may be empty.
    pub text: String,
    /// What sorting goes by, where it is not the text.
    pub key: Option<String>,
}

fn words(text: impl Into<String>) -> ListingCell {
    ListingCell { text: text.into(), key: None }
}

fn count(value: i64) -> ListingCell {
    ListingCell { text: grouped(value), key: Some(value.to_string()) }
}

fn time(seconds: Option<f64>, clock: &ScenarioClock, rounding: TimeRounding, missing: &str) -> ListingCell {
    match seconds {
        Some(s) => ListingCell { text: clock.short(s, rounding), key: Some(crate::number::decimals(s, 3)) },
        None => ListingCell { text: missing.to_owned(), key: Some("-1".to_owned()) },
    }
}

fn columns(names: &[(&'static str, bool)]) -> Vec<ListingColumn> {
    names.iter().map(|(name, numeric)| ListingColumn { name, numeric: *numeric }).collect()
}

fn left_out(all: usize, shown: usize, file: &str) -> String {
    if all > shown {
        format!("The first {} of {} are shown; {file} has all.", grouped(length(shown)), grouped(length(all)))
    } else {
        String::new()
    }
}

/// The tables that have rows.
pub fn all(report: &PlanReport<'_>, lookup: &RowLookup<'_>, clock: &ScenarioClock) -> Vec<PageListing> {
    let mut tables = vec![
        bottlenecks(report, lookup, clock),
        zones(report, lookup, clock),
        sites(report, lookup, clock),
        route_table(report, lookup, clock),
    ];
    tables.retain(|table| !table.rows.is_empty());
    tables
}

fn bottlenecks(report: &PlanReport<'_>, lookup: &RowLookup<'_>, clock: &ScenarioClock) -> PageListing {
    let rows = report
        .bottlenecks
        .iter()
        .take(BOTTLENECKS_SHOWN)
        .map(|b| {
            let name = label(b, lookup);
            let rate = if b.capacity_people_h.is_finite() && b.capacity_people_h > 0.0 {
                crate::number::at_most(b.capacity_people_h)
            } else {
                "unlimited".to_owned()
            };
            vec![
                count(whole(b.rank)),
                words(name.place),
                words(name.detail),
                words(rate),
                ListingCell {
                    text: crate::number::at_most(b.people),
                    key: Some(crate::number::decimals(b.people, 3)),
                },
                words(bound_words(b, report, lookup, clock)),
            ]
        })
        .collect();
    PageListing {
        id: "bottlenecks",
        title: "Bottlenecks",
        note: "What sets the bound, largest first; the numbers are those on the map. Each term is rate x open time in certificate.json; clearway verify recomputes the sum.".to_owned(),
        columns: columns(&[("Rank", true), ("Road or destination", false), ("Which", false), ("People/h at most", true), ("People at most", true), ("In words", false)]),
        rows,
        left_out: left_out(report.bottlenecks.len(), BOTTLENECKS_SHOWN, "bottlenecks.csv"),
    }
}

fn reasons(zone: &ZoneOutcome) -> String {
    let parts: Vec<String> = zone
        .not_moved
        .iter()
        .filter(|(_, _, n)| *n > 0)
        .map(|(outcome, reason, n)| {
            let overtaken = if *outcome == Outcome::Overtaken { " (overtaken by the hazard)" } else { "" };
            format!("{}: {}{overtaken}", grouped(*n), reason_words(*reason))
        })
        .collect();
    parts.join("; ")
}

fn zones(report: &PlanReport<'_>, lookup: &RowLookup<'_>, clock: &ScenarioClock) -> PageListing {
    let hazard = report.zones.iter().any(|z| z.hazard_s.is_some());
    let mut names = vec![
        ("Zone", false),
        ("People", true),
        ("Arrive", true),
        ("Not evacuated", true),
        ("Overtaken by hazard", true),
    ];
    if hazard {
        names.extend([("Hazard", true), ("Latest order, any plan", true), ("Latest order, this plan", true)]);
    }
    names.extend([
        ("First leave", true),
        ("Last leave", true),
        ("Last arrive", true),
        ("Why not all arrive", false),
    ]);
    let mut order: Vec<&ZoneOutcome> = report.zones.iter().collect();
    if order.len() > ROWS {
        // The largest zones matter most where not all are shown.
        order.sort_by_key(|z| std::cmp::Reverse(z.people));
    }
    let rows = order
        .into_iter()
        .take(ROWS)
        .map(|z| {
            let mut row = vec![words(lookup.zone_name(&z.zone_id))];
            row.extend([z.people, z.arrived, z.not_evacuated, z.overtaken].map(count));
            if hazard {
                let late = if z.hazard_s.is_some() { "too late at time 0" } else { "none" };
                row.push(time(z.hazard_s, clock, TimeRounding::Down, "none"));
                // "No plan later than" stays true rounded up, a deadline of this plan rounded down.
                let latest =
                    [(z.latest_order_bound_s, TimeRounding::Up), (z.latest_order_plan_s, TimeRounding::Down)];
                for (time_s, rounding) in latest {
                    row.push(time(time_s.filter(|_| z.hazard_s.is_some()), clock, rounding, late));
                }
            }
            row.push(time(z.first_departure_s, clock, TimeRounding::Down, ""));
            row.push(time(z.last_departure_s, clock, TimeRounding::Up, ""));
            row.push(time(z.last_arrival_s, clock, TimeRounding::Up, ""));
            row.push(words(reasons(z)));
            row
        })
        .collect();
    let margin = if hazard {
        format!(
            " Latest order times keep a margin of {} on the time needed (rule TIM-02).",
            percent(report.scenario.settings.margin_share)
        )
    } else {
        String::new()
    };
    PageListing {
        id: "zones",
        title: "Zones",
        note: format!(
            "Times in {}. From the replay of the orders; clearway verify recomputes them.{margin}",
            clock.zone_label()
        ),
        columns: columns(&names),
        rows,
        left_out: left_out(report.zones.len(), ROWS, "zones.csv"),
    }
}

fn sites(report: &PlanReport<'_>, lookup: &RowLookup<'_>, clock: &ScenarioClock) -> PageListing {
    let ranked = sites_by_people(report);
    let case = report.plan.case;
    let rows = ranked
        .iter()
        .take(ROWS)
        .filter_map(|(id, arriving)| {
            let site = lookup.sites.get(id)?;
            let held = site
                .capacity_people
                .map(|v| Figure::new(v, site.capacity_people_low, site.capacity_people_high));
            let admission = site
                .admission_people_h
                .map(|v| Figure::new(v, site.admission_people_h_low, site.admission_people_h_high));
            let ms = |t: Option<i64>| t.map(seconds);
            Some(vec![
                words(lookup.site_name(id)),
                count(*arriving),
                held.map_or_else(|| words("no limit given"), |f| count(f.more_is_better(case))),
                words(
                    admission.map_or_else(|| "no limit given".to_owned(), |f| number(f.more_is_better(case))),
                ),
                time(ms(site.open_from_ms).or(Some(0.0)), clock, TimeRounding::Up, ""),
                time(ms(site.open_until_ms), clock, TimeRounding::Down, "not given"),
            ])
        })
        .collect();
    let case_words = match case {
        Case::Central => "",
        Case::Optimistic => " Places and admission rates are at their optimistic end.",
        Case::Pessimistic => " Places and admission rates are at their pessimistic end.",
    };
    PageListing {
        id: "sites",
        title: "Destinations",
        note: format!(
            "Where people are received under this plan; arrivals are the sums of the orders, the other figures are given in sites.csv.{case_words} \"No limit given\" means that none was entered, not that there is none."
        ),
        columns: columns(&[
            ("Destination", false),
            ("People arriving", true),
            ("Places", true),
            ("Admission rate, people/h", true),
            ("Opens", true),
            ("Closes", true),
        ]),
        rows,
        left_out: left_out(ranked.len(), ROWS, "sites.csv"),
    }
}

fn route_table(report: &PlanReport<'_>, lookup: &RowLookup<'_>, clock: &ScenarioClock) -> PageListing {
    let mut list = routes::route_orders(report);
    let all = list.len();
    if all > ROWS {
        list.sort_by_key(|r| std::cmp::Reverse(r.people));
    }
    let rows = list
        .iter()
        .take(ROWS)
        .map(|r| {
            vec![
                words(lookup.zone_name(&r.route.zone_id)),
                words(lookup.site_name(&r.route.site_id)),
                words(routes::via(r.route, lookup).join(", ")),
                count(r.people),
                count(length(r.orders)),
                time(r.window_ms.map(|w| seconds(w.0)), clock, TimeRounding::Down, ""),
                time(r.window_ms.map(|w| seconds(w.1)), clock, TimeRounding::Up, ""),
            ]
        })
        .collect();
    PageListing {
        id: "routes",
        title: "Routes",
        note: "From which zone by which roads to which destination. An order is a line of this plan, not an instruction by an authority. Every order with its window is in orders.csv.".to_owned(),
        columns: columns(&[("From zone", false), ("To destination", false), ("By way of", false), ("People", true), ("Orders", true), ("First window opens", true), ("Last window closes", true)]),
        rows,
        left_out: left_out(all, ROWS, "orders.csv"),
    }
}
