//! The gap between bound and road as a table and a waterfall: what each step from one to the other costs, and what would win it back.

use crate::clock::{TimeRounding, after_start};
use crate::map::escape;
use crate::number::{decimals, grouped};
use clearway_model::number::{float, length};
use clearway_simulate::gap::{GapPart, GapSplit};
use serde::Serialize;
use std::fmt::Write;

/// What the template shows.
#[derive(Debug, Serialize)]
pub(crate) struct GapContent {
    /// Name, 90 % arrived, all arrived, person-hours, people arrived, what would win it back.
    rows: Vec<[String; 6]>,
    /// The moment at which people are counted.
    at: String,
    /// Whether few routes, metered departures and windows are told apart.
    is_split: bool,
    /// Waterfalls as SVG, each with its name.
    pictures: Vec<[String; 2]>,
}

/// What a step is, and what would win back what it costs.
fn words(key: &str) -> (&'static str, &'static str) {
    match key {
        "bound" => ("bound: no plan before", ""),
        "unrestricted_routes" => (
            "the best flow with any number of routes, as vehicles",
            "nothing that orders can do: it is what vehicles and steps of time cost, and what the bound is too low",
        ),
        "few_routes" => (
            "few routes per zone, queues without space",
            "more routes per zone (--routes-per-zone), or smaller zones",
        ),
        "metered" => (
            "departures so that the way is free, in the windows that cost least",
            "more effort of the search (--effort); it buys orders that hold on the road",
        ),
        "plan" => (
            "the plan: few routes, metered departures in round windows",
            "more routes per zone (--routes-per-zone), shorter windows (--window), more effort (--effort)",
        ),
        "space" => (
            "simulated: queues take space and block the roads behind",
            "orders that are spill-free (--queues take-space), more effort of the search (--effort)",
        ),
        "vehicles" => ("simulated: whole vehicles, queues without space", "smaller vehicles; it is rounding"),
        "junctions" => (
            "junctions with a capacity of their own",
            "crossing movements held apart, junctions directed by hand",
        ),
        "behaviour" => ("people who do not follow orders", "warnings that reach people and are believed"),
        "chance" => ("bad luck: 9 of 10 drawn cases are no later", "tow trucks, and ways left in reserve"),
        _ => ("a further step", ""),
    }
}

/// Table and pictures.
pub(crate) fn gap_content(gap: &GapSplit) -> GapContent {
    let pictures = [
        ("90 % arrived", waterfall(&gap.parts, |part| part.t90_s)),
        ("all arrived", waterfall(&gap.parts, |part| part.t100_s)),
    ];
    GapContent {
        rows: gap.parts.iter().map(row).collect(),
        is_split: gap.parts.iter().any(|part| part.key == "few_routes"),
        at: after_start(gap.at_s, TimeRounding::Down),
        pictures: pictures
            .into_iter()
            .filter_map(|(name, picture)| Some([name.to_owned(), picture?]))
            .collect(),
    }
}

fn row(part: &GapPart) -> [String; 6] {
    let (name, wins_back) = words(&part.key);
    let is_bound = part.key == "bound";
    let rounding = if is_bound { TimeRounding::Down } else { TimeRounding::Up };
    let added = |added: Option<f64>, value: String| match added {
        Some(added) => format!("{value} ({}{})", if added < 0.0 { "-" } else { "+" }, difference(added)),
        None => value,
    };
    let never = || "not within the horizon".to_owned();
    let time = |time: Option<f64>, more: Option<f64>| {
        added(more, time.map_or_else(never, |time| after_start(time, rounding)))
    };
    let hours = part.person_hours.map_or_else(String::new, |hours| {
        let more = part.adds_person_hours.map_or_else(String::new, |more| {
            format!(" ({}{})", if more < 0.0 { "-" } else { "+" }, decimals(more.abs(), 0))
        });
        format!("{}{more}", grouped_number(hours))
    });
    [
        name.to_owned(),
        time(part.t90_s, part.adds_t90_s),
        time(part.t100_s, part.adds_t100_s),
        hours,
        part.arrived_people.map_or_else(String::new, grouped),
        wins_back.to_owned(),
    ]
}

fn grouped_number(value: f64) -> String {
    grouped(clearway_model::number::round(value))
}

/// A stretch of time without its sign.
fn difference(seconds: f64) -> String {
    after_start(seconds.abs(), TimeRounding::Up)
}

const WIDTH: f64 = 760.0;
const NAMES: f64 = 330.0;
const VALUES: f64 = 110.0;
const ROW: f64 = 30.0;

/// Bars, each from where the one before ended; `None`: fewer than two of the times are known.
fn waterfall(parts: &[GapPart], time: fn(&GapPart) -> Option<f64>) -> Option<String> {
    let known: Vec<(&GapPart, f64)> = parts.iter().filter_map(|part| Some((part, time(part)?))).collect();
    let most = known.iter().map(|one| one.1).fold(0.0, f64::max);
    if known.len() < 2 || most <= 0.0 {
        return None;
    }
    let height = float(length(parts.len())) * ROW + 8.0;
    let x = |seconds: f64| NAMES + seconds / most * (WIDTH - NAMES - VALUES);
    let mut svg = format!("<svg class=\"drawn waterfall\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\">");
    let mut before: Option<f64> = None;
    for (place, part) in parts.iter().enumerate() {
        let top = float(length(place)) * ROW + 4.0;
        let _ = write!(
            svg,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            NAMES - 10.0,
            top + 18.0,
            escape(short_name(&part.key))
        );
        let Some(now) = time(part) else {
            let from = x(before.unwrap_or(0.0));
            let _ = write!(
                svg,
                "<text x=\"{:.1}\" y=\"{:.1}\">not known, or not all</text>",
                from + 6.0,
                top + 18.0
            );
            continue;
        };
        let (from, class, words) = match before {
            None => (0.0, "wf-bound", after_start(now, TimeRounding::Down)),
            Some(before) => {
                let (class, sign) = if now >= before { ("wf-more", "+") } else { ("wf-less", "-") };
                (before, class, format!("{sign}{}", difference(now - before)))
            }
        };
        let (left, right) = (x(from.min(now)), x(from.max(now)));
        let _ = write!(
            svg,
            "<rect class=\"{class}\" x=\"{left:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\"/><text x=\"{:.1}\" y=\"{:.1}\">{}</text>",
            top + 4.0,
            (right - left).max(1.5),
            ROW - 10.0,
            right + 6.0,
            top + 18.0,
            escape(&words)
        );
        before = Some(now);
    }
    svg.push_str("</svg>");
    Some(svg)
}

fn short_name(key: &str) -> &'static str {
    match key {
        "bound" => "bound",
        "unrestricted_routes" => "any number of routes, as vehicles",
        "few_routes" => "few routes",
        "metered" => "metered departures",
        "plan" => "the plan: few routes, round windows",
        "space" => "queues with space, simulated",
        "vehicles" => "whole vehicles, simulated",
        "junctions" => "junctions",
        "behaviour" => "behaviour",
        "chance" => "bad luck",
        _ => "a further step",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(key: &str, t90_s: Option<f64>) -> GapPart {
        let mut split: GapSplit = GapSplit::default();
        split.add(key, clearway_simulate::gap::PartFigures { t90_s, ..Default::default() });
        split.parts.remove(0)
    }

    #[test]
    fn bars_begin_where_the_one_before_ends() {
        let parts = [part("bound", Some(3600.0)), part("plan", Some(1800.0)), part("space", Some(7200.0))];
        let svg = waterfall(&parts, |part| part.t90_s).unwrap();
        // 320 px for two hours, from 330 on
        for bar in [
            "class=\"wf-bound\" x=\"330.0\" y=\"8.0\" width=\"160.0\"",
            "class=\"wf-less\" x=\"410.0\" y=\"38.0\" width=\"80.0\"",
            "class=\"wf-more\" x=\"410.0\" y=\"68.0\" width=\"240.0\"",
        ] {
            assert!(svg.contains(bar), "{bar}: {svg}");
        }
        assert!(svg.contains(">-30 min<") && svg.contains(">+1 h 30 min<"), "{svg}");
        assert_eq!(waterfall(&parts[..1], |part| part.t90_s), None);
    }
}
